/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/rec_run.h"

#include "rmm/realm_memory.h"
#include "rmm/rec_exit.h"

/*
 * A guest that never exits still gives the PE back: the host's own interrupts
 * would end the entry sooner or later.
 */
#define MAX_EVENTS        1000000u

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

/* The fault that the realm itself takes, or 0. */
static uint64_t realm_fsc(const struct rec_run *run, enum ipa_outcome outcome)
{
	switch (outcome) {
	case IPA_EMPTY:
	case IPA_NOT_EXECUTABLE:
		return FSC_EXTERNAL | ESR_EA;
	case IPA_OUTSIDE:
		return call_behaves(run->call, RMM_BEHAVIOUR_IPA_OUT_OF_SPACE_GIVES_SEA)
			       ? FSC_EXTERNAL | ESR_EA
			       : FSC_ADDRESS_SIZE;
	case IPA_PROTECTION:
		return FSC_PROTECTION;
	default:
		return 0;
	}
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
	if (event_is_well_formed(event))
		ipa_translate(run->call, run->realm, event->ipa,
			      event->write ? IPA_WRITE : IPA_READ, &at);
	if (reaches_realm(at.outcome)) {
		inject_abort(vcpu,
			     ESR_EC_DABT_LOW | ESR_IL | (event->write ? ESR_WNR : 0) |
				     realm_fsc(run, at.outcome),
			     event->va);
		return false;
	}
	if (at.outcome != IPA_OK) {
		exit_data_abort(&run->exit, run->rec, event, &at);
		return true;
	}
	if (event->write)
		store(run, event, &at);
	else
		load(run, event, &at);
	vcpu->pc += INSTRUCTION_BYTES;
	return false;
}

static bool do_fetch(struct rec_run *run, const struct rmm_guest_event *event)
{
	struct rmm_vcpu *vcpu = &run->rec->vcpu;
	struct ipa_result at;

	ipa_translate(run->call, run->realm, event->ipa, IPA_FETCH, &at);
	if (reaches_realm(at.outcome)) {
		inject_abort(vcpu, ESR_EC_IABT_LOW | ESR_IL | realm_fsc(run, at.outcome),
			     event->va);
		return false;
	}
	if (at.outcome != IPA_OK) {
		exit_instruction_abort(&run->exit, run->rec, event, &at);
		return true;
	}
	vcpu->pc += INSTRUCTION_BYTES;
	return false;
}

/* ---- waiting --------------------------------------------------------------------- */

static bool interrupted(struct rec_run *run)
{
	const struct pe *pe = &run->call->sys->pes[run->call->pe];

	if (pe->fiq)
		exit_fiq(&run->exit);
	else if (pe->irq)
		exit_irq(&run->exit);
	return pe->fiq || pe->irq;
}

static bool do_wfi(struct rec_run *run)
{
	run->rec->vcpu.pc += INSTRUCTION_BYTES;
	if (run->trap_wfi)
		exit_wfx(&run->exit, false);
	else
		exit_irq(&run->exit); /* the interrupt that ends the wait is the host's */
	return true;
}

static bool do_wfe(struct rec_run *run)
{
	run->rec->vcpu.pc += INSTRUCTION_BYTES;
	if (run->trap_wfe)
		exit_wfx(&run->exit, true);
	return run->trap_wfe;
}

static bool do_wait(struct rec_run *run)
{
	const struct rmm_port *port = &run->call->sys->config.port;

	if (port->guest_slice)
		port->guest_slice(port->ctx, run->call->pe);
	if (!interrupted(run))
		exit_irq(&run->exit); /* nobody else runs: the host's tick */
	return true;
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
		return rec_smc(run);
	case RMM_GUEST_HVC:
		inject_undefined(&run->rec->vcpu);
		return false;
	case RMM_GUEST_WFI:
		return do_wfi(run);
	case RMM_GUEST_WFE:
		return do_wfe(run);
	case RMM_GUEST_NOTHING:
		return false;
	default:
		return do_wait(run);
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
	run->call->sys->pes[run->call->pe].ticks += event->instructions + 1;
}

void rec_run(struct rec_run *run)
{
	struct rmm_guest_event event;

	charge(run->call, RMM_COST_CONTEXT_RESTORE, RMM_NUM_GPRS, 0);
	charge(run->call, RMM_COST_EXCEPTION, 1, 0);
	for (unsigned int i = 0; i < MAX_EVENTS; i++) {
		if (interrupted(run))
			goto out;
		next_event(run, &event);
		charge(run->call, RMM_COST_EXCEPTION, 2, 0);
		if (handle(run, &event))
			goto out;
	}
	exit_irq(&run->exit);
out:
	charge(run->call, RMM_COST_CONTEXT_SAVE, RMM_NUM_GPRS, 0);
}
