/* SPDX-License-Identifier: BSD-3-Clause */
/* struct rmm_guest_ops over the engine. */
#ifndef RMM_A64_RUN_H
#define RMM_A64_RUN_H

#include "rmmsim/guest.h"

const struct rmm_guest_ops *a64_ops(void);

#endif
