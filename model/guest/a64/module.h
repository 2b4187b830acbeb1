/* SPDX-License-Identifier: BSD-3-Clause */
/* The boundary of the module rmmsim-a64.so: what its loader finds in it. */
#ifndef RMM_A64_MODULE_H
#define RMM_A64_MODULE_H

#include <stdint.h>

#include "rmmsim/a64.h"

#define RMM_A64_MODULE_SYMBOL    "rmmsim_a64_module"

/* Goes up when anything below changes, or what it is made of. */
#define RMM_A64_MODULE_INTERFACE 1u

struct rmm_a64_module {
	uint32_t interface;
	uint32_t vcpu_size; /* of struct rmm_vcpu: both sides must agree */
	int (*create)(void **machine, struct rmm_error *error);
	void (*destroy)(void *machine);
	void (*limit)(void *machine, uint64_t instructions);
	void (*stats)(void *machine, struct rmm_a64_stats *stats);
	const struct rmm_guest_ops *(*ops)(void);
};

#endif
