/* SPDX-License-Identifier: BSD-3-Clause */
/* A module of another version of rmmsim, which differs in one number. */
#include "module.h"

extern const struct rmm_a64_module rmmsim_a64_module;

const struct rmm_a64_module rmmsim_a64_module = {
	.interface = RMM_A64_MODULE_INTERFACE + OTHER_INTERFACE,
	.vcpu_size = sizeof(struct rmm_vcpu) + OTHER_VCPU,
};
