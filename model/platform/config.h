/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef RMM_PLATFORM_CONFIG_H
#define RMM_PLATFORM_CONFIG_H

#include "rmmsim/system.h"

/* Returns 0, or -1 with what to change. */
int config_check(const struct rmm_config *config, struct rmm_error *error);

#endif
