/* SPDX-License-Identifier: BSD-3-Clause */
#include "trap.h"

#include <string.h>

#include "engine.h"
#include "exception.h"
#include "machine.h"
#include "register.h"
#include "resolve.h"
#include "stage1.h"
#include "sysreg.h"
#include "unprivileged.h"
#include "view.h"

#define INSN_WFE     0xd503205fu
#define INSN_WFI     0xd503207fu
#define INSN_ERET    0xd69f03e0u

/* MSR (immediate) to PSTATE. */
#define MSR_IMM_MASK 0xfffff0ffu
#define MSR_PAN      0xd500409fu
#define MSR_DAIFCLR  0xd50340ffu

#define WFX_ALWAYS   UINT64_C(0x1e00000) /* CV; COND: always */

#define ZVA_BYTES    64u /* as DCZID_EL0 says */

/* MSR and MRS; SYS and SYSL. */
static bool is_register_move(uint32_t word)
{
	return (word & 0xffd00000) == 0xd5100000;
}

static bool is_sys(uint32_t word)
{
	return (word & 0xffd80000) == 0xd5080000;
}

static uint32_t op1_of(uint32_t word)
{
	return word >> 16 & 7;
}

static uint32_t crn_of(uint32_t word)
{
	return word >> 12 & 15;
}

static uint32_t crm_of(uint32_t word)
{
	return word >> 8 & 15;
}

enum sys_kind { SYS_OTHER, SYS_IC, SYS_ZERO, SYS_AT, SYS_TLBI };

static enum sys_kind sys_kind(uint32_t word)
{
	const uint32_t op1 = op1_of(word);
	const uint32_t op2 = word >> 5 & 7;

	if (crn_of(word) == 8 && op1 == 0)
		return SYS_TLBI;
	if (crn_of(word) != 7)
		return SYS_OTHER;
	switch (crm_of(word)) {
	case 1:
	case 5:
		return SYS_IC;
	case 4:
		return op1 == 3 && op2 == 1 ? SYS_ZERO : SYS_OTHER;
	case 8:
	case 9:
		return op1 == 0 ? SYS_AT : SYS_OTHER;
	default:
		return SYS_OTHER;
	}
}

/* Writes to exception registers are the engine's, but the vCPU has to hear of them. */
static bool changes_shared(uint32_t word)
{
	const uint32_t crn = crn_of(word);

	return !sysreg_is_read(word) && (crn == 4 || crn == 5 || crn == 6 || crn == 12);
}

static bool takes_register_move(struct a64_guest *guest, uint32_t word)
{
	const uint32_t sysreg = sysreg_of(word);

	guest->sysregs_changed |= changes_shared(word);
	return sysreg_is_for_rmm(sysreg) || sysreg_is_translation(sysreg) ||
	       (guest->interrupt && sysreg == SYSREG_DAIF && !sysreg_is_read(word));
}

bool trap_takes(struct a64_guest *guest, uint32_t word)
{
	if (decode_is_unprivileged(word))
		return guest->view == &guest->views[1];
	if (word >> 24 == 0xd4)
		return true; /* SVC, HVC, SMC, BRK, HLT */
	if (word == INSN_ERET || word == INSN_WFI || word == INSN_WFE)
		return true;
	if (is_register_move(word))
		return takes_register_move(guest, word);
	if (is_sys(word))
		return sys_kind(word) != SYS_OTHER;
	return (word & MSR_IMM_MASK) == MSR_PAN ||
	       (guest->interrupt && (word & MSR_IMM_MASK) == MSR_DAIFCLR);
}

/* ---- helpers ---------------------------------------------------------------------- */

static bool done(struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	vcpu->pc += A64_INSTRUCTION_BYTES;
	event->instructions++;
	return false;
}

static bool undefined(struct rmm_vcpu *vcpu)
{
	exception_take_undefined(vcpu);
	return false;
}

static uint64_t read_rt(const struct rmm_vcpu *vcpu, uint32_t word)
{
	const uint32_t rt = word & 31;

	return rt < RMM_NUM_GPRS ? vcpu->x[rt] : 0;
}

static void write_rt(struct rmm_vcpu *vcpu, uint32_t word, uint64_t value)
{
	const uint32_t rt = word & 31;

	if (rt < RMM_NUM_GPRS)
		vcpu->x[rt] = value;
}

/* The ISS of a trapped MSR, MRS or SYS. */
static uint32_t trapped_iss(uint32_t word)
{
	const uint32_t op0 = word >> 19 & 3;
	const uint32_t encoding =
		RMM_SYSREG(op0, op1_of(word), crn_of(word), crm_of(word), word >> 5 & 7);

	return encoding | (word & 31) << 5 | sysreg_is_read(word);
}

static bool trap_to_el1(struct rmm_vcpu *vcpu, uint32_t word)
{
	exception_take(vcpu, ESR_EC(EC_SYSREG) | ESR_IL | trapped_iss(word));
	return false;
}

/* ---- exception generation ------------------------------------------------------------ */

static bool generate_exception(struct rmm_vcpu *vcpu, uint32_t word, struct rmm_guest_event *event)
{
	const uint16_t imm = (uint16_t)(word >> 5);

	switch (word & 0xffe0001f) {
	case 0xd4000001:
		vcpu->pc += A64_INSTRUCTION_BYTES;
		event->instructions++;
		exception_take(vcpu, ESR_EC(EC_SVC64) | ESR_IL | imm);
		return false;
	case 0xd4000002:
		if (a64_el(vcpu) == 0)
			return undefined(vcpu);
		event->kind = RMM_GUEST_HVC;
		event->imm = imm;
		return true;
	case 0xd4000003:
		if (a64_el(vcpu) == 0)
			return undefined(vcpu);
		event->kind = RMM_GUEST_SMC;
		event->imm = imm;
		return true;
	case 0xd4200000:
		exception_take(vcpu, ESR_EC(EC_BRK64) | ESR_IL | imm);
		return false;
	default:
		return undefined(vcpu);
	}
}

static bool wait_for(struct rmm_vcpu *vcpu, uint32_t word, struct rmm_guest_event *event)
{
	const bool wfe = word == INSN_WFE;
	const uint64_t permitted = vcpu->sctlr_el1 & (wfe ? SCTLR_NTWE : SCTLR_NTWI);

	if (a64_el(vcpu) == 0 && !permitted) {
		exception_take(vcpu, ESR_EC(EC_WFX) | ESR_IL | WFX_ALWAYS | wfe);
		return false;
	}
	event->kind = wfe ? RMM_GUEST_WFE : RMM_GUEST_WFI;
	return true;
}

static bool return_from_exception(struct a64_guest *guest, struct rmm_vcpu *vcpu,
				  struct rmm_guest_event *event)
{
	if (a64_el(vcpu) == 0)
		return undefined(vcpu);
	const uint64_t before = vcpu->pstate;

	exception_return(vcpu);
	if ((before ^ vcpu->pstate) & PSTATE_PAN)
		a64_forget_views(guest);
	event->instructions++;
	if (guest->interrupt)
		event->kind = RMM_GUEST_NOTHING;
	return guest->interrupt;
}

/* ---- system instructions ----------------------------------------------------------------- */

static bool ask_rmm(uint32_t word, struct rmm_guest_event *event)
{
	event->kind = RMM_GUEST_SYSREG;
	event->sysreg = sysreg_of(word);
	event->write = !sysreg_is_read(word);
	event->reg = word & 31;
	return true;
}

/* An interrupt may be due now: the RMM looks before the next instruction. */
static bool set_masks(struct rmm_vcpu *vcpu, uint64_t masks, struct rmm_guest_event *event)
{
	vcpu->pstate = (vcpu->pstate & ~PSTATE_DAIF) | (masks & PSTATE_DAIF);
	done(vcpu, event);
	event->kind = RMM_GUEST_NOTHING;
	return true;
}

static bool move_register(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint32_t word,
			  struct rmm_guest_event *event)
{
	const uint32_t sysreg = sysreg_of(word);

	if (a64_el(vcpu) == 0) {
		if (sysreg_el0_may_use(guest, sysreg))
			return ask_rmm(word, event);
		return op1_of(word) == 3 ? trap_to_el1(vcpu, word) : undefined(vcpu);
	}
	if (sysreg == SYSREG_DAIF)
		return set_masks(vcpu, read_rt(vcpu, word), event);
	if (!sysreg_is_translation(sysreg))
		return ask_rmm(word, event);
	if (sysreg_is_read(word))
		write_rt(vcpu, word, sysreg_read_translation(guest, vcpu, sysreg));
	else
		sysreg_write_translation(guest, vcpu, sysreg, read_rt(vcpu, word));
	return done(vcpu, event);
}

static bool clear_masks(struct rmm_vcpu *vcpu, uint32_t word, struct rmm_guest_event *event)
{
	const uint64_t cleared = (uint64_t)crm_of(word) << PSTATE_DAIF_SHIFT;

	if (a64_el(vcpu) == 0)
		return trap_to_el1(vcpu, word);
	return set_masks(vcpu, vcpu->pstate & ~cleared, event);
}

static bool set_pan(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint32_t word,
		    struct rmm_guest_event *event)
{
	const uint64_t before = vcpu->pstate;

	if (a64_el(vcpu) == 0)
		return undefined(vcpu);
	vcpu->pstate = (before & ~PSTATE_PAN) | (crm_of(word) & 1 ? PSTATE_PAN : 0);
	if (before != vcpu->pstate)
		a64_forget_views(guest);
	return done(vcpu, event);
}

/* Address translation into PAR_EL1. False with a page request when tables are missing. */
static bool translate_address(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint32_t word,
			      struct rmm_guest_event *event)
{
	const uint32_t op2 = word >> 5 & 7;
	const uint64_t va = read_rt(vcpu, word);
	const uint32_t wanted = op2 & 1 ? A64_WRITE : A64_READ;
	struct rmm_vcpu as = *vcpu;
	struct stage1 s1;

	if (a64_el(vcpu) == 0 || op2 > 3)
		return undefined(vcpu);
	if (op2 & 2)
		as.pstate &= ~PSTATE_MODE;
	stage1_walk(guest, &as, va, &s1);
	if (s1.outcome == STAGE1_TABLE)
		return resolve_table(&s1, event);
	if (s1.outcome == STAGE1_OK && !(s1.rights & wanted)) {
		s1.outcome = STAGE1_FAULT;
		s1.fsc = (uint8_t)(FSC_PERMISSION + s1.level);
	}
	if (s1.outcome == STAGE1_FAULT)
		guest->par = UINT64_C(1) << 11 | (uint64_t)s1.fsc << 1 | 1;
	else
		guest->par = UINT64_C(0xff) << 56 | UINT64_C(1) << 11 | UINT64_C(3) << 7 |
			     (s1.ipa & ~A64_PAGE_MASK);
	return done(vcpu, event);
}

static bool zero_block(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint32_t word,
		       struct rmm_guest_event *event)
{
	const uint64_t va = read_rt(vcpu, word) & ~((uint64_t)ZVA_BYTES - 1);
	uint8_t *bytes = a64_view_bytes(guest, va, A64_WRITE);

	if (a64_el(vcpu) == 0 && !(vcpu->sctlr_el1 & SCTLR_DZE))
		return trap_to_el1(vcpu, word);
	if (!bytes) {
		guest->fault = (struct a64_fault){.va = va, .size = 1, .right = A64_WRITE};
		return resolve_fault(guest, vcpu, event);
	}
	memset(bytes, 0, ZVA_BYTES);
	if (a64_view_bytes(guest, va, A64_EXEC))
		a64_forget_code(guest);
	return done(vcpu, event);
}

static bool system_instruction(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint32_t word,
			       struct rmm_guest_event *event)
{
	const enum sys_kind kind = sys_kind(word);

	switch (kind) {
	case SYS_ZERO:
		return zero_block(guest, vcpu, word, event);
	case SYS_AT:
		return translate_address(guest, vcpu, word, event);
	case SYS_IC:
		if (a64_el(vcpu) == 0 && !(vcpu->sctlr_el1 & SCTLR_UCI))
			return trap_to_el1(vcpu, word);
		machine_forget(guest, false);
		return done(vcpu, event);
	default:
		if (a64_el(vcpu) == 0)
			return undefined(vcpu);
		machine_forget(guest, true);
		return done(vcpu, event);
	}
}

bool trap_execute(struct a64_guest *guest, struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	const uint32_t word = guest->word;

	if (decode_is_unprivileged(word))
		return unprivileged_access(guest, vcpu, event);
	if (word >> 24 == 0xd4)
		return generate_exception(vcpu, word, event);
	if (word == INSN_ERET)
		return return_from_exception(guest, vcpu, event);
	if (word == INSN_WFI || word == INSN_WFE)
		return wait_for(vcpu, word, event);
	if (is_register_move(word))
		return move_register(guest, vcpu, word, event);
	if (is_sys(word))
		return system_instruction(guest, vcpu, word, event);
	if ((word & MSR_IMM_MASK) == MSR_DAIFCLR)
		return clear_masks(vcpu, word, event);
	return set_pan(guest, vcpu, word, event);
}
