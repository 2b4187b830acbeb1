/* SPDX-License-Identifier: BSD-3-Clause */
/* One Unicorn engine per exception level: opening it, state in and out, running. */
#ifndef RMM_A64_ENGINE_H
#define RMM_A64_ENGINE_H

#include "guest.h"

/* Exceptions of the engine (QEMU's numbers). */
#define ENGINE_EXC_UNDEFINED  1u
#define ENGINE_EXC_DATA_ABORT 4u

/* Opens the engine of EL1 (el = 1) or EL0, if that has not happened. False: no memory, or too many
 * failures. */
bool engine_open(struct a64_guest *guest, unsigned int el);
void engine_close(struct a64_view *view);

/* The guest executes nothing any more: its engines cannot be trusted. */
void engine_retire(struct a64_guest *guest);

/*
 * Runs at vcpu->pc, at the exception level of vcpu->pstate, until something
 * stops it: guest->stop says what. The vCPU holds the state before the
 * instruction that stopped it. Returns instructions executed.
 */
uint64_t engine_run(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint64_t max_instructions);

/* What CPACR_EL1.FPEN says about FP and SIMD at an exception level. */
bool engine_traps_fp(const struct a64_guest *guest, unsigned int el);

/*
 * System registers that only the engine keeps, by their encoding
 * (op0, op1, CRn, CRm, op2 as in the ISS of a trapped MRS).
 */
uint64_t engine_read_sysreg(const struct a64_guest *guest, uint32_t iss);
void engine_write_sysreg(const struct a64_guest *guest, uint32_t iss, uint64_t value);

#endif
