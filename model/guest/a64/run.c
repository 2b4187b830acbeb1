/* SPDX-License-Identifier: BSD-3-Clause */
#include "run.h"

#include <time.h>

#include "decode.h"
#include "engine.h"
#include "engine_guard.h"
#include "exception.h"
#include "machine.h"
#include "register.h"
#include "resolve.h"
#include "trap.h"
#include "view.h"

/* After so many instructions somebody else gets a chance. */
#define SLICE    20000u

/* Stretches in a row without a single instruction: pages that are mapped, aborts. */
#define MAX_IDLE 8u

/* The engine refuses an instruction. */
static void take_engine_exception(struct a64_guest *guest, struct rmm_vcpu *vcpu)
{
	const uint8_t *bytes = a64_view_bytes(guest, vcpu->pc, A64_EXEC);
	uint32_t word = 0;

	for (unsigned int i = 0; bytes && i < sizeof(word); i++)
		word |= (uint32_t)bytes[i] << 8 * i;
	if (guest->exception == ENGINE_EXC_DATA_ABORT)
		exception_take_abort(vcpu, EC_DABT_LOWER, FSC_ALIGNMENT, vcpu->pc);
	else if (guest->exception == ENGINE_EXC_UNDEFINED && decode_is_fp_or_simd(word) &&
		 engine_traps_fp(guest, a64_el(vcpu)))
		exception_take(vcpu, ESR_EC(EC_FP) | ESR_IL | UINT64_C(0x1e00000));
	else
		exception_take_undefined(vcpu);
}

static void take_pc_alignment(struct rmm_vcpu *vcpu)
{
	vcpu->far_el1 = vcpu->pc;
	exception_take(vcpu, ESR_EC(EC_PC_ALIGN) | ESR_IL);
}

/* One stretch of the engine. True: *event is complete. */
static bool stretch(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint64_t allowance,
		    struct rmm_guest_event *event)
{
	if (vcpu->pstate & PSTATE_IL) {
		exception_take(vcpu, ESR_EC(EC_ILLEGAL) | ESR_IL);
		return false;
	}
	if (!engine_open(guest, a64_el(vcpu) ? 1 : 0)) {
		event->kind = RMM_GUEST_END;
		return true;
	}
	event->instructions += engine_run(guest, vcpu, allowance - event->instructions);
	switch (guest->stop) {
	case A64_STOP_TRAP:
		return trap_execute(guest, vcpu, event);
	case A64_STOP_FAULT:
		return resolve_fault(guest, vcpu, event);
	case A64_STOP_EXCEPTION:
		take_engine_exception(guest, vcpu);
		return false;
	case A64_STOP_MISALIGNED:
		take_pc_alignment(vcpu);
		return false;
	default:
		return false;
	}
}

/* Ends early where there is no progress: in aborts of an abort handler, say. */
static void run_slice(struct a64_guest *guest, struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	const uint64_t allowance = machine_allowance(guest->machine, SLICE);
	unsigned int idle = 0;

	/* Out of instructions for good: only the host can do something. */
	event->kind = allowance ? RMM_GUEST_NOTHING : RMM_GUEST_WAIT;
	while (idle < MAX_IDLE && event->instructions < allowance) {
		const uint64_t before = event->instructions;

		if (stretch(guest, vcpu, allowance, event))
			return;
		idle = event->instructions == before ? idle + 1 : 0;
	}
}

static uint64_t nanoseconds(void)
{
	struct timespec now;

	clock_gettime(CLOCK_MONOTONIC, &now);
	return (uint64_t)now.tv_sec * UINT64_C(1000000000) + (uint64_t)now.tv_nsec;
}

struct turn {
	struct a64_guest *guest;
	struct rmm_vcpu *vcpu;
	struct rmm_guest_event *event;
};

static void take_turn(void *ctx)
{
	const struct turn *turn = ctx;

	machine_catch_up(turn->guest);
	turn->guest->interrupt = turn->vcpu->virq || turn->vcpu->vfiq;
	run_slice(turn->guest, turn->vcpu, turn->event);
}

static void run(void *opaque, struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	struct a64_guest *guest = opaque;
	struct turn turn = {guest, vcpu, event};
	const uint64_t start = nanoseconds();

	pthread_mutex_lock(&guest->lock);
	if (!engine_guarded(take_turn, &turn)) {
		engine_retire(guest);
		event->kind = RMM_GUEST_END;
	}
	pthread_mutex_unlock(&guest->lock);
	machine_account(guest->machine, event->instructions, nanoseconds() - start);
}

/* ---- memory, from the RMM ------------------------------------------------------ */

static void map(void *opaque, const struct rmm_guest_page *page)
{
	struct a64_guest *guest = opaque;
	const struct a64_page handed_out = {
		.key = page->ipa,
		.ipa = page->ipa,
		.bytes = page->bytes,
		.rights = A64_READ | (page->writable ? A64_WRITE : 0) |
			  (page->executable ? A64_EXEC : 0),
	};

	/* Without memory for it the guest asks again. */
	pthread_mutex_lock(&guest->lock);
	(void)a64_table_put(&guest->pages, &handed_out);
	pthread_mutex_unlock(&guest->lock);
}

static void invalidate(void *opaque, uint64_t ipa, uint64_t size)
{
	struct a64_guest *guest = opaque;

	if (!guest)
		return;
	pthread_mutex_lock(&guest->lock);
	a64_forget_ipa(guest, ipa, size);
	pthread_mutex_unlock(&guest->lock);
}

const struct rmm_guest_ops *a64_ops(void)
{
	static const struct rmm_guest_ops ops = {
		.attach = machine_attach,
		.detach = machine_detach,
		.run = run,
		.invalidate = invalidate,
		.map = map,
		.revoke = machine_revoke,
	};

	return &ops;
}
