/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RMM_PLATFORM_MONITOR_H
#define RMM_PLATFORM_MONITOR_H

#include <stdbool.h>

#include "rmmsim/system.h"

/*
 * Does this machine answer a command of the RMI like an unknown function? So do
 * commands that TF-RMM lacks (`only_tf_rmm_commands`), and those of devices
 * where there are none (`device_commands_unknown`).
 */
bool monitor_hides(const struct rmm_system *sys, enum rmm_command command);

#endif
