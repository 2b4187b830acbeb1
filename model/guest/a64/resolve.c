/* SPDX-License-Identifier: BSD-3-Clause */
#include "resolve.h"

#include <string.h>

#include "decode.h"
#include "engine.h"
#include "exception.h"
#include "register.h"
#include "sysreg.h"
#include "view.h"

#define DESCRIPTOR_BYTES 8u
#define MAX_ACCESS_BYTES 8u

/* An attribute of MAIR_EL1 without these bits is Device memory. */
#define MAIR_NOT_DEVICE  UINT64_C(0xf2)

bool resolve_table(const struct stage1 *s1, struct rmm_guest_event *event)
{
	event->kind = RMM_GUEST_ACCESS;
	event->ipa = s1->ipa;
	event->va = s1->ipa;
	event->size = DESCRIPTOR_BYTES;
	return true;
}

static void take_stage1_abort(struct rmm_vcpu *vcpu, const struct a64_fault *fault, uint64_t fsc)
{
	if (fault->right == A64_EXEC)
		exception_take_abort(vcpu, EC_IABT_LOWER, fsc, fault->va);
	else
		exception_take_abort(vcpu, EC_DABT_LOWER,
				     fsc | (fault->right == A64_WRITE ? ESR_WNR : 0), fault->va);
}

/* The instruction at vcpu->pc: it was fetched, so its page is there. */
static bool fetch_word(const struct a64_guest *guest, const struct rmm_vcpu *vcpu, uint32_t *word)
{
	const uint8_t *bytes = a64_view_bytes(guest, vcpu->pc, A64_EXEC);

	if (bytes)
		memcpy(word, bytes, sizeof(*word));
	return bytes;
}

/* The syndrome, if this is the kind of access that has one. */
static void describe_access(const struct a64_guest *guest, const struct rmm_vcpu *vcpu,
			    struct rmm_guest_event *event)
{
	const uint64_t sp = guest->sp[(vcpu->pstate & PSTATE_MODE) == PSTATE_EL1H];
	struct plain_access access;
	uint32_t word;

	if (!fetch_word(guest, vcpu, &word) || !decode_plain_access(word, vcpu, sp, &access))
		return;
	/* The second half of an access over a page boundary is none of its own. */
	if (access.va != event->va || access.size != event->size || access.write != event->write)
		return;
	event->syndrome = true;
	event->sign_extend = access.sign_extend;
	event->sixty_four = access.sixty_four;
	event->reg = access.reg;
}

bool resolve_access(const struct a64_guest *guest, const struct rmm_vcpu *vcpu, uint64_t ipa,
		    struct rmm_guest_event *event)
{
	const struct a64_fault *fault = &guest->fault;
	const uint64_t room = A64_PAGE_SIZE - (ipa & A64_PAGE_MASK);
	const bool whole = fault->size <= MAX_ACCESS_BYTES && fault->size <= room &&
			   (fault->size & (fault->size - 1)) == 0;

	event->kind = RMM_GUEST_ACCESS;
	event->ipa = ipa;
	event->va = fault->va;
	event->size = whole ? (uint8_t)fault->size : 1;
	event->write = fault->right == A64_WRITE;
	if (whole)
		describe_access(guest, vcpu, event);
	return true;
}

static bool ask_for_code(const struct a64_guest *guest, uint64_t ipa, struct rmm_guest_event *event)
{
	event->kind = RMM_GUEST_FETCH;
	event->ipa = ipa & ~UINT64_C(3);
	event->va = guest->fault.va;
	event->size = A64_INSTRUCTION_BYTES;
	return true;
}

/* Everything permits it: the page enters the view. */
static bool map(struct a64_guest *guest, const struct a64_page *page, uint32_t rights,
		struct rmm_guest_event *event)
{
	const struct a64_page mapped = {.key = guest->fault.va & ~A64_PAGE_MASK,
					.ipa = page->ipa,
					.bytes = page->bytes,
					.rights = page->rights & rights};

	if (a64_view_map(guest, &mapped))
		return false;
	event->kind = RMM_GUEST_END; /* no memory left in this process */
	return true;
}

/* With the MMU off nothing is checked: what is Device then the RMM's stage 2 makes Normal. */
static bool is_device(const struct a64_guest *guest, const struct rmm_vcpu *vcpu,
		      const struct stage1 *s1)
{
	const uint64_t mair = engine_read_sysreg(guest, SYSREG_MAIR_EL1);

	return stage1_is_on(vcpu) && !(mair >> 8 * s1->attr & MAIR_NOT_DEVICE);
}

static bool is_unaligned(const struct a64_fault *fault)
{
	return fault->right != A64_EXEC && fault->size <= MAX_ACCESS_BYTES &&
	       fault->va & (fault->size - 1);
}

bool resolve_is_refused(const struct a64_guest *guest, struct rmm_vcpu *vcpu,
			const struct stage1 *s1)
{
	const struct a64_fault *fault = &guest->fault;

	if (s1->outcome == STAGE1_FAULT)
		take_stage1_abort(vcpu, fault, s1->fsc);
	else if (!(s1->rights & fault->right))
		take_stage1_abort(vcpu, fault, FSC_PERMISSION + s1->level);
	else if (is_unaligned(fault) && is_device(guest, vcpu, s1))
		take_stage1_abort(vcpu, fault, FSC_ALIGNMENT);
	else
		return false;
	return true;
}

bool resolve_fault(struct a64_guest *guest, struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	const struct a64_fault *fault = &guest->fault;
	struct stage1 s1;

	stage1_walk(guest, vcpu, fault->va, &s1);
	if (s1.outcome == STAGE1_TABLE)
		return resolve_table(&s1, event);
	if (resolve_is_refused(guest, vcpu, &s1))
		return false;
	const struct a64_page *page = a64_table_find(&guest->pages, s1.ipa);

	if (page && (page->rights & fault->right))
		return map(guest, page, s1.rights, event);
	return fault->right == A64_EXEC ? ask_for_code(guest, s1.ipa, event)
					: resolve_access(guest, vcpu, s1.ipa, event);
}
