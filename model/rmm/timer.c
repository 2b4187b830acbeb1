/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/timer.h"

#include "rmm/sysreg.h"

/* CNTx_CTL_EL0 (Arm ARM). */
#define CTL_ENABLE  UINT64_C(1)
#define CTL_IMASK   UINT64_C(2)
#define CTL_ISTATUS UINT64_C(4)

uint64_t timer_now(const struct rmm_system *sys, unsigned int pe)
{
	const struct rmm_port *port = &sys->config.port;
	uint64_t now = 0;

	if (port->now)
		return port->now(port->ctx, pe);
	for (unsigned int i = 0; i < sys->config.num_pes; i++)
		now += __atomic_load_n(&sys->pes[i].ticks, __ATOMIC_RELAXED);
	return now;
}

uint64_t timer_ctl(uint64_t ctl, uint64_t cval, uint64_t now)
{
	ctl &= CTL_ENABLE | CTL_IMASK;
	return ctl & CTL_ENABLE && now >= cval ? ctl | CTL_ISTATUS : ctl;
}

static bool is_asserted(uint64_t ctl, uint64_t cval, uint64_t now)
{
	return timer_ctl(ctl, cval, now) == (CTL_ENABLE | CTL_ISTATUS);
}

unsigned int timer_outputs(const struct rmm_vcpu *vcpu, uint64_t now)
{
	unsigned int outputs = 0;

	if (is_asserted(vcpu->cntv_ctl, vcpu->cntv_cval, now))
		outputs |= TIMER_VIRTUAL;
	if (is_asserted(vcpu->cntp_ctl, vcpu->cntp_cval, now))
		outputs |= TIMER_PHYSICAL;
	return outputs;
}

static uint64_t deadline_of(uint64_t ctl, uint64_t cval, uint64_t now)
{
	return (ctl & (CTL_ENABLE | CTL_IMASK)) == CTL_ENABLE && cval > now ? cval : UINT64_MAX;
}

uint64_t timer_deadline(const struct rmm_vcpu *vcpu, uint64_t now)
{
	const uint64_t v = deadline_of(vcpu->cntv_ctl, vcpu->cntv_cval, now);
	const uint64_t p = deadline_of(vcpu->cntp_ctl, vcpu->cntp_cval, now);

	return v < p ? v : p;
}

/* ---- registers ---------------------------------------------------------------------- */

static void access_ctl(uint64_t *ctl, uint64_t cval, bool write, uint64_t *value, uint64_t now)
{
	if (write)
		*ctl = *value & (CTL_ENABLE | CTL_IMASK);
	else
		*value = timer_ctl(*ctl, cval, now);
}

static void access_cval(uint64_t *cval, bool write, uint64_t *value)
{
	if (write)
		*cval = *value;
	else
		*value = *cval;
}

/* TimerValue: 32 bits, signed, counted from now. */
static void access_tval(uint64_t *cval, bool write, uint64_t *value, uint64_t now)
{
	if (write)
		*cval = now + (uint64_t)(int64_t)(int32_t)(uint32_t)*value;
	else
		*value = (*cval - now) & UINT32_MAX;
}

/* Counters are read-only at EL1. */
static bool access_counter(uint32_t sysreg, bool write, uint64_t *value, uint64_t now)
{
	if (write)
		return false;
	switch (sysreg) {
	case SYSREG_CNTFRQ:
		*value = TIMER_FREQUENCY;
		return true;
	case SYSREG_CNTPCT:
	case SYSREG_CNTVCT:
		*value = now;
		return true;
	default:
		return false;
	}
}

bool timer_access(struct rmm_vcpu *vcpu, uint32_t sysreg, bool write, uint64_t *value, uint64_t now)
{
	switch (sysreg) {
	case SYSREG_CNTV_CTL:
		access_ctl(&vcpu->cntv_ctl, vcpu->cntv_cval, write, value, now);
		return true;
	case SYSREG_CNTV_CVAL:
		access_cval(&vcpu->cntv_cval, write, value);
		return true;
	case SYSREG_CNTV_TVAL:
		access_tval(&vcpu->cntv_cval, write, value, now);
		return true;
	case SYSREG_CNTP_CTL:
		access_ctl(&vcpu->cntp_ctl, vcpu->cntp_cval, write, value, now);
		return true;
	case SYSREG_CNTP_CVAL:
		access_cval(&vcpu->cntp_cval, write, value);
		return true;
	case SYSREG_CNTP_TVAL:
		access_tval(&vcpu->cntp_cval, write, value, now);
		return true;
	default:
		return access_counter(sysreg, write, value, now);
	}
}
