/* SPDX-License-Identifier: BSD-3-Clause */
/* Registers between struct rmm_vcpu and the engine of the level that runs. */
#ifndef RMM_A64_ENGINE_STATE_H
#define RMM_A64_ENGINE_STATE_H

#include "guest.h"

/* Chooses the view by vcpu->pstate, whose engine must be open, and fills it. */
void engine_load(struct a64_guest *guest, const struct rmm_vcpu *vcpu);
void engine_save(struct a64_guest *guest, struct rmm_vcpu *vcpu);

/* Everything that the vCPU does not hold, from one engine of a level to another. */
void engine_copy(uc_engine *from, uc_engine *to, unsigned int el);

#endif
