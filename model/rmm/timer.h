/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Time, and the two EL1 timers of a REC. Offsets are zero: the realm's virtual
 * and physical counters are the machine's (TF-RMM runtime/core/timers.c).
 */
#ifndef RMM_RMM_TIMER_H
#define RMM_RMM_TIMER_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/rmm.h"

#define TIMER_FREQUENCY UINT64_C(1000000000) /* ticks a second */

/* Timer outputs, as a set. */
#define TIMER_VIRTUAL   1u
#define TIMER_PHYSICAL  2u

/* The system counter. All PEs see the same one, and it never runs backwards. */
uint64_t timer_now(const struct rmm_system *sys, unsigned int pe);

/* Something took `ticks` on `pe`; counts only where the port has no time of its own. */
static inline void timer_pass(struct rmm_system *sys, unsigned int pe, uint64_t ticks)
{
	uint64_t *const count = &sys->pes[pe].ticks;

	/* Other PEs read it; only this one writes. */
	__atomic_store_n(count, *count + ticks, __ATOMIC_RELAXED);
}

/* The outputs that are asserted: enabled, not masked, condition met. */
unsigned int timer_outputs(const struct rmm_vcpu *vcpu, uint64_t now);

/* True when some timer could assert its output sooner or later. */
static inline bool timer_is_armed(const struct rmm_vcpu *vcpu)
{
	return ((vcpu->cntv_ctl | vcpu->cntp_ctl) & 1) != 0;
}

/* When the next output will be asserted that is not yet; UINT64_MAX: never. */
uint64_t timer_deadline(const struct rmm_vcpu *vcpu, uint64_t now);

/* CNTx_CTL_EL0 as it reads, with ISTATUS. */
uint64_t timer_ctl(uint64_t ctl, uint64_t cval, uint64_t now);

/* An access to a register of the timers or counters; false: it is none. */
bool timer_access(struct rmm_vcpu *vcpu, uint32_t sysreg, bool write, uint64_t *value,
		  uint64_t now);

#endif
