/* SPDX-License-Identifier: BSD-3-Clause */
#include "unprivileged.h"

#include "decode.h"
#include "exception.h"
#include "register.h"
#include "resolve.h"
#include "stage1.h"
#include "view.h"

#define MAX_BYTES 8u

enum step {
	STEP_READY, /* every byte can be reached */
	STEP_TAKEN, /* the guest took an abort */
	STEP_ASKED, /* the event is for the RMM */
};

/* Where each byte is: two pages may be involved, and not next to each other. */
struct target {
	struct plain_access access;
	struct rmm_vcpu as; /* whose rights count */
	uint8_t *bytes[MAX_BYTES];
};

static enum step find_byte(struct a64_guest *guest, struct rmm_vcpu *vcpu, struct target *t,
			   unsigned int i, struct rmm_guest_event *event)
{
	const uint32_t right = t->access.write ? A64_WRITE : A64_READ;
	struct stage1 s1;

	/* The RMM is asked for the access as a whole, or for what lies in the second page. */
	guest->fault = (struct a64_fault){
		.va = t->access.va + i, .size = i ? 1 : t->access.size, .right = right};
	stage1_walk(guest, &t->as, guest->fault.va, &s1);
	if (s1.outcome == STAGE1_TABLE) {
		(void)resolve_table(&s1, event);
		return STEP_ASKED;
	}
	if (resolve_is_refused(guest, vcpu, &s1))
		return STEP_TAKEN;
	const struct a64_page *page = a64_table_find(&guest->pages, s1.ipa);
	if (!page || !(page->rights & right)) {
		(void)resolve_access(guest, vcpu, s1.ipa, event);
		return STEP_ASKED;
	}
	t->bytes[i] = page->bytes + (s1.ipa & A64_PAGE_MASK);
	return STEP_READY;
}

static enum step find_all(struct a64_guest *guest, struct rmm_vcpu *vcpu, struct target *t,
			  struct rmm_guest_event *event)
{
	enum step step = STEP_READY;

	for (unsigned int i = 0; i < t->access.size && step == STEP_READY; i++)
		step = find_byte(guest, vcpu, t, i, event);
	return step;
}

static uint64_t sign_extended(uint64_t value, unsigned int bytes)
{
	switch (bytes) {
	case 1:
		return (uint64_t)(int8_t)value;
	case 2:
		return (uint64_t)(int16_t)value;
	case 4:
		return (uint64_t)(int32_t)value;
	default:
		return value;
	}
}

static uint64_t load(const struct target *t)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < t->access.size; i++)
		value |= (uint64_t)*t->bytes[i] << 8 * i;
	if (t->access.sign_extend)
		value = sign_extended(value, t->access.size);
	return t->access.sixty_four ? value : value & UINT32_MAX;
}

static void store(struct a64_guest *guest, const struct target *t, uint64_t value)
{
	for (unsigned int i = 0; i < t->access.size; i++)
		*t->bytes[i] = (uint8_t)(value >> 8 * i);
	if (a64_view_bytes(guest, t->access.va, A64_EXEC))
		a64_forget_code(guest);
}

bool unprivileged_access(struct a64_guest *guest, struct rmm_vcpu *vcpu,
			 struct rmm_guest_event *event)
{
	const uint64_t sp = guest->sp[(vcpu->pstate & PSTATE_MODE) == PSTATE_EL1H];
	struct target t = {.as = *vcpu};

	if (!decode_plain_access(guest->word, vcpu, sp, &t.access)) {
		exception_take_undefined(vcpu);
		return false;
	}
	if (!(vcpu->pstate & PSTATE_UAO))
		t.as.pstate &= ~PSTATE_MODE;
	const enum step step = find_all(guest, vcpu, &t, event);
	if (step != STEP_READY)
		return step == STEP_ASKED;
	const uint8_t reg = t.access.reg;
	if (t.access.write)
		store(guest, &t, reg < RMM_NUM_GPRS ? vcpu->x[reg] : 0);
	else if (reg < RMM_NUM_GPRS)
		vcpu->x[reg] = load(&t);
	vcpu->pc += A64_INSTRUCTION_BYTES;
	event->instructions++;
	return false;
}
