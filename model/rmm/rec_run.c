/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rec_run.h"

#include "platform/tlb_lint.h"
#include "rmm/guest_page.h"
#include "rmm/realm_memory.h"
#include "rmm/rec_exception.h"
#include "rmm/rec_exit.h"
#include "rmm/sysreg.h"
#include "rmm/timer.h"

/*
 * A guest that never exits still gives the PE back: the host's own interrupts
 * would end the entry sooner or later.
 */
#define MAX_EVENTS        1000000u
#define MAX_INSTRUCTIONS  10000000u
#define EVENT_COST        1000u /* in instructions, for this bound */

/* What a guest that waits costs a slice, at most; in instructions. */
#define WAIT_SLICE        UINT64_C(100000)

#define INSTRUCTION_BYTES 4

static uint64_t sign_extend(uint64_t value, unsigned int bytes)
{
	const unsigned int shift = 64 - 8 * bytes;

	return (uint64_t)((int64_t)(value << shift) >> shift);
}

/* ---- accesses ------------------------------------------------------------------ */

static void load(struct rec_run *run, const struct rmm_guest_event *event,
		 const struct ipa_result *at)
{
	uint8_t bytes[8] = {0};
	uint64_t value = 0;

	ipa_read(run->call, at, bytes, event->size);
	for (unsigned int i = 0; i < event->size; i++)
		value |= (uint64_t)bytes[i] << (8 * i);
	if (event->sign_extend)
		value = sign_extend(value, event->size);
	if (!event->sixty_four)
		value &= UINT32_MAX;
	if (event->reg < RMM_NUM_GPRS)
		run->rec->vcpu.x[event->reg] = value;
}

static void store(struct rec_run *run, const struct rmm_guest_event *event,
		  const struct ipa_result *at)
{
	const uint64_t value = event->reg < RMM_NUM_GPRS ? run->rec->vcpu.x[event->reg] : 0;
	uint8_t bytes[8];

	for (unsigned int i = 0; i < event->size; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
	ipa_write(run->call, at, bytes, event->size);
}

/* The realm itself takes the fault that it caused, with syndrome `esr` at EL2. */
static void fault_to_realm(struct rec_run *run, enum ipa_outcome outcome, uint64_t esr, uint64_t va)
{
	const uint64_t stage_1 = esr & (ESR_EC | ESR_IL | ESR_WNR);
	struct rmm_vcpu *vcpu = &run->rec->vcpu;

	run->trapped = true;
	if (outcome == IPA_PROTECTION)
		inject_abort(vcpu, stage_1 | FSC_PROTECTION, va);
	else if (outcome == IPA_OUTSIDE &&
		 !call_behaves(run->call, RMM_BEHAVIOUR_IPA_OUT_OF_SPACE_GIVES_SEA))
		inject_abort(vcpu, stage_1 | FSC_ADDRESS_SIZE, va);
	else
		inject_sea(vcpu, esr, va);
}

static bool reaches_realm(enum ipa_outcome outcome)
{
	return outcome != IPA_OK && outcome != IPA_FAULT && outcome != IPA_PERMISSION;
}

static bool event_is_well_formed(const struct rmm_guest_event *event)
{
	const bool size_ok =
		event->size == 1 || event->size == 2 || event->size == 4 || event->size == 8;

	return size_ok && (event->ipa & GRANULE_MASK) + event->size <= RMM_GRANULE_SIZE;
}

static bool do_access(struct rec_run *run, const struct rmm_guest_event *event)
{
	struct rmm_vcpu *vcpu = &run->rec->vcpu;
	struct ipa_result at = {.outcome = IPA_EMPTY};

	/* A guest implementation that breaks its contract gets an abort, too. */
	if (event_is_well_formed(event)) {
		tlb_access(run->call, run->realm, event->ipa);
		ipa_translate(run->call, run->realm, event->ipa,
			      event->write ? IPA_WRITE : IPA_READ, &at);
	}
	if (reaches_realm(at.outcome)) {
		fault_to_realm(run, at.outcome, data_abort_esr(event, 0), event->va);
		return false;
	}
	if (at.outcome != IPA_OK) {
		exit_data_abort(run->call, &run->exit, run->rec, event, &at);
		return true;
	}
	if (!guest_page_hand_out(run, event, &at)) {
		if (event->write)
			store(run, event, &at);
		else
			load(run, event, &at);
		vcpu->pc += INSTRUCTION_BYTES;
	}
	ipa_release(run->call, &at);
	return false;
}

static bool do_fetch(struct rec_run *run, const struct rmm_guest_event *event)
{
	struct rmm_vcpu *vcpu = &run->rec->vcpu;
	struct ipa_result at;

	tlb_access(run->call, run->realm, event->ipa);
	ipa_translate(run->call, run->realm, event->ipa, IPA_FETCH, &at);
	if (reaches_realm(at.outcome)) {
		fault_to_realm(run, at.outcome, ESR_EC_IABT_LOW | ESR_IL, event->va);
		return false;
	}
	if (at.outcome != IPA_OK) {
		exit_instruction_abort(run->call, &run->exit, run->rec, event, &at);
		return true;
	}
	if (!guest_page_hand_out(run, event, &at))
		vcpu->pc += INSTRUCTION_BYTES;
	ipa_release(run->call, &at);
	return false;
}

static bool do_external_abort(struct rec_run *run, const struct rmm_guest_event *event)
{
	exit_external_abort(run->call, &run->exit, run->rec, event);
	return true;
}

/* ---- system registers -------------------------------------------------------------- */

static bool do_sysreg(struct rec_run *run, const struct rmm_guest_event *event)
{
	const enum sysreg_outcome outcome = sysreg_access(run, event);

	run->trapped = outcome != SYSREG_DIRECT;
	if (outcome == SYSREG_UNDEFINED || outcome == SYSREG_UNKNOWN) {
		inject_undefined(&run->rec->vcpu);
		return false;
	}
	if (outcome == SYSREG_EXITS)
		exit_sysreg(run->call, &run->exit, run->rec, event);
	run->rec->vcpu.pc += INSTRUCTION_BYTES;
	return outcome == SYSREG_EXITS;
}

/* ---- interrupts and timers ------------------------------------------------------------ */

static struct pe *this_pe(const struct rec_run *run)
{
	return &run->call->sys->pes[run->call->pe];
}

/* Something of the host's arrived: it runs. */
static bool interrupted(struct rec_run *run)
{
	struct pe *pe = this_pe(run);

	if (line_is_up(&pe->serror)) {
		__atomic_store_n(&pe->serror, false, __ATOMIC_RELAXED);
		exit_serror(&run->exit, run->rec,
			    __atomic_load_n(&pe->serror_esr, __ATOMIC_RELAXED));
	} else if (line_is_up(&pe->fiq)) {
		exit_fiq(&run->exit);
	} else if (line_is_up(&pe->irq) || vgic_misr(&pe->vgic)) {
		exit_irq(&run->exit);
	} else {
		return false;
	}
	return true;
}

/*
 * The timers differ from what the host saw last. While the realm runs, only an
 * output that rises interrupts it; one that falls is noticed at the next trap.
 */
static bool timers_changed(struct rec_run *run)
{
	const struct rmm_rec *rec = run->rec;
	const unsigned int seen = rec->timer_outputs;

	if (!seen && !timer_is_armed(&rec->vcpu))
		return false;
	const unsigned int now =
		timer_outputs(&rec->vcpu, timer_now(run->call->sys, run->call->pe));
	if (run->trapped ? now == seen : !(now & ~seen))
		return false;
	exit_irq(&run->exit);
	return true;
}

/* Virtual interrupts, as far as the realm does not mask them. */
static void deliver_interrupts(struct rec_run *run)
{
	const struct vgic *vgic = &this_pe(run)->vgic;
	struct rmm_rec *rec = run->rec;
	struct rmm_vcpu *vcpu = &rec->vcpu;

	vcpu->virq = vgic_irq(vgic);
	vcpu->vfiq = vgic_fiq(vgic);
	if (rec->vserror && !(vcpu->pstate & PSTATE_A)) {
		rec->vserror = false;
		inject_serror(vcpu, rec->vserror_esr);
	} else if (vcpu->vfiq && !(vcpu->pstate & PSTATE_F)) {
		inject_fiq(vcpu);
	} else if (vcpu->virq && !(vcpu->pstate & PSTATE_I)) {
		inject_irq(vcpu);
	}
}

/* ---- waiting --------------------------------------------------------------------- */

/* Lets time pass, at most until `deadline`; false when the machine has no time that could. */
static bool let_time_pass(struct rec_run *run, uint64_t now, uint64_t deadline)
{
	const struct rmm_port *port = &run->call->sys->config.port;
	const uint64_t left = deadline - now;

	if (deadline == UINT64_MAX || (port->now && !port->guest_slice))
		return false;
	if (port->now)
		charge(run->call, RMM_COST_GUEST, left < WAIT_SLICE ? left : WAIT_SLICE, 0);
	else
		timer_pass(run->call->sys, run->call->pe, left);
	return true;
}

/*
 * Waits for an interrupt, or for the counter to reach `until`. True: the host
 * runs. Where nothing can happen that is the host's own tick.
 */
static bool wait(struct rec_run *run, uint64_t until)
{
	const struct rmm_port *port = &run->call->sys->config.port;
	const struct rmm_vcpu *vcpu = &run->rec->vcpu;

	for (unsigned int i = 0; i < MAX_EVENTS; i++) {
		const uint64_t now = timer_now(run->call->sys, run->call->pe);
		const uint64_t deadline = timer_deadline(vcpu, now);

		if (now >= until)
			return false;
		if (port->guest_slice)
			port->guest_slice(port->ctx, run->call->pe);
		if (interrupted(run) || timers_changed(run))
			return true;
		if (!let_time_pass(run, now, deadline < until ? deadline : until))
			break;
	}
	exit_irq(&run->exit);
	return true;
}

/* The counter value that ends a WFIT or WFET. */
static uint64_t timeout_of(const struct rec_run *run, const struct rmm_guest_event *event)
{
	if (!event->timed)
		return UINT64_MAX;
	return event->reg < RMM_NUM_GPRS ? run->rec->vcpu.x[event->reg] : 0;
}

static bool do_wfi(struct rec_run *run, const struct rmm_guest_event *event)
{
	const struct rmm_vcpu *vcpu = &run->rec->vcpu;
	const uint64_t until = timeout_of(run, event);

	run->rec->vcpu.pc += INSTRUCTION_BYTES;
	/* An instruction that would not wait does not trap either. */
	if (vcpu->virq || vcpu->vfiq || run->rec->vserror ||
	    timer_now(run->call->sys, run->call->pe) >= until)
		return false;
	if (!run->trap_wfi)
		return wait(run, until);
	exit_wfx(run->call, &run->exit, run->rec, event);
	return true;
}

static bool do_wfe(struct rec_run *run, const struct rmm_guest_event *event)
{
	run->rec->vcpu.pc += INSTRUCTION_BYTES;
	if (run->trap_wfe)
		exit_wfx(run->call, &run->exit, run->rec, event);
	return run->trap_wfe;
}

/* ---- the loop ------------------------------------------------------------------------ */

static bool handle(struct rec_run *run, const struct rmm_guest_event *event)
{
	switch (event->kind) {
	case RMM_GUEST_ACCESS:
		return do_access(run, event);
	case RMM_GUEST_FETCH:
		return do_fetch(run, event);
	case RMM_GUEST_SMC:
		run->trapped = true;
		return rec_smc(run);
	case RMM_GUEST_HVC:
		run->trapped = true;
		inject_undefined(&run->rec->vcpu);
		return false;
	case RMM_GUEST_WFI:
		return do_wfi(run, event);
	case RMM_GUEST_WFE:
		return do_wfe(run, event);
	case RMM_GUEST_SYSREG:
		return do_sysreg(run, event);
	case RMM_GUEST_EXTERNAL_ABORT:
		return do_external_abort(run, event);
	case RMM_GUEST_NOTHING:
		return false;
	default:
		return wait(run, UINT64_MAX);
	}
}

static void next_event(struct rec_run *run, struct rmm_guest_event *event)
{
	const struct rmm_guest_ops *ops = run->call->sys->config.guest;
	void *guest = *guest_slot(run->call, run->rec_pa);

	*event = (struct rmm_guest_event){.kind = RMM_GUEST_END};
	if (ops && ops->run && guest)
		ops->run(guest, &run->rec->vcpu, event);
	charge(run->call, RMM_COST_GUEST, event->instructions, 0);
	timer_pass(run->call->sys, run->call->pe, event->instructions + 1);
}

/* Every exit tells the host of the timers: their interrupts are its own to inject. */
static void report_timers(struct rec_run *run)
{
	const uint64_t now = timer_now(run->call->sys, run->call->pe);
	const struct rmm_vcpu *vcpu = &run->rec->vcpu;

	run->rec->timer_outputs = (uint8_t)timer_outputs(vcpu, now);
	run->exit.cntv_ctl = timer_ctl(vcpu->cntv_ctl, vcpu->cntv_cval, now);
	run->exit.cntv_cval = vcpu->cntv_cval;
	run->exit.cntp_ctl = timer_ctl(vcpu->cntp_ctl, vcpu->cntp_cval, now);
	run->exit.cntp_cval = vcpu->cntp_cval;
}

static void loop(struct rec_run *run)
{
	struct rmm_guest_event event;

	uint64_t executed = 0;

	run->trapped = true;
	for (unsigned int i = 0; i < MAX_EVENTS && executed < MAX_INSTRUCTIONS; i++) {
		if (interrupted(run) || timers_changed(run))
			return;
		run->trapped = false;
		deliver_interrupts(run);
		next_event(run, &event);
		executed += event.instructions + EVENT_COST;
		charge(run->call, RMM_COST_EXCEPTION, 2, 0);
		if (handle(run, &event))
			return;
	}
	exit_irq(&run->exit);
}

void rec_run(struct rec_run *run)
{
	charge(run->call, RMM_COST_CONTEXT_RESTORE, RMM_NUM_GPRS, 0);
	charge(run->call, RMM_COST_EXCEPTION, 1, 0);
	tlb_resume(run->call, run->realm);
	loop(run);
	report_timers(run);
	charge(run->call, RMM_COST_CONTEXT_SAVE, RMM_NUM_GPRS, 0);
}
