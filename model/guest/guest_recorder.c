/* SPDX-License-Identifier: BSD-3-Clause */
/* Between a machine and its guests: what they do is reported, and done. */
#include <stdlib.h>
#include <string.h>

#include "guest/guest_action.h"

/* One guest behind the recorder. */
struct recorded_guest {
	struct page_holder holder;
	struct rmm_guest_recorder *recorder;
	void *inner;
};

struct rmm_guest_recorder {
	const struct rmm_guest_ops *inner;
	void *machine;
	struct rmm_guest_ops ops;
	struct page_holder *guests;
	void (*heard)(void *ctx, const struct rmm_guest_action *action);
	void *ctx;
};

static void report(const struct rmm_guest_recorder *r, enum rmm_guest_action_kind kind, uint64_t a,
		   uint64_t b)
{
	const struct rmm_guest_action action = {.kind = kind, .word = {a, b}};

	if (r->heard)
		r->heard(r->ctx, &action);
}

/* ---- guests ------------------------------------------------------------------------------ */

static void *attach(void *machine, uint64_t rd, uint64_t rec, uint64_t mpidr)
{
	struct rmm_guest_recorder *r = machine;
	void *inner = r->inner->attach ? r->inner->attach(r->machine, rd, rec, mpidr) : NULL;
	struct recorded_guest *guest = inner ? calloc(1, sizeof(*guest)) : NULL;

	if (!guest) {
		if (inner && r->inner->detach)
			r->inner->detach(r->machine, inner);
		return NULL;
	}
	guest->recorder = r;
	guest->inner = inner;
	page_holder_add(&r->guests, &guest->holder);
	return guest;
}

static void detach(void *machine, void *opaque)
{
	struct rmm_guest_recorder *r = machine;
	struct recorded_guest *guest = opaque;

	if (r->inner->detach)
		r->inner->detach(r->machine, guest->inner);
	page_holder_remove(&r->guests, &guest->holder);
}

/* ---- pages ------------------------------------------------------------------------------- */

static void map(void *opaque, const struct rmm_guest_page *page)
{
	struct recorded_guest *guest = opaque;

	if (held_pages_add(&guest->holder.pages, page))
		report(guest->recorder, RMM_GUEST_TAKES_PAGE, page->ipa, 0);
	guest->recorder->inner->map(guest->inner, page);
}

static void invalidate(void *opaque, uint64_t ipa, uint64_t size)
{
	struct recorded_guest *guest = opaque;

	held_pages_drop(&guest->holder.pages, ipa, size);
	if (guest->recorder->inner->invalidate)
		guest->recorder->inner->invalidate(guest->inner, ipa, size);
}

static void revoke(void *machine, const void *bytes, uint64_t size)
{
	struct rmm_guest_recorder *r = machine;

	page_holders_revoke(r->guests, bytes, size);
	if (r->inner->revoke)
		r->inner->revoke(r->machine, bytes, size);
}

/* Others write to these pages, too: what counts is the difference that one run makes. */
static void look_at_pages(struct held_pages *pages)
{
	for (size_t i = 0; i < pages->num; i++)
		if (pages->page[i].writable)
			memcpy(pages->page[i].before, pages->page[i].bytes, GUEST_PAGE_SIZE);
}

static void report_page(const struct rmm_guest_recorder *r, const struct held_page *page)
{
	uint64_t words[GUEST_PAGE_SIZE / sizeof(uint64_t)];

	memcpy(words, page->bytes, sizeof(words));
	for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
		if (words[i] != page->before[i])
			report(r, RMM_GUEST_STORES, page->ipa + i * sizeof(words[0]), words[i]);
}

/* ---- runs -------------------------------------------------------------------------------- */

static void report_registers(const struct rmm_guest_recorder *r, const struct rmm_vcpu *before,
			     const struct rmm_vcpu *after)
{
	uint64_t old[VCPU_REGISTERS];
	uint64_t now[VCPU_REGISTERS];

	memcpy(old, before, sizeof(old));
	memcpy(now, after, sizeof(now));
	for (size_t i = 0; i < VCPU_REGISTERS; i++)
		if (now[i] != old[i])
			report(r, RMM_GUEST_SETS_REGISTER, i, now[i]);
}

static void run_and_report(struct recorded_guest *guest, struct rmm_vcpu *vcpu,
			   struct rmm_guest_event *event)
{
	const struct rmm_guest_recorder *r = guest->recorder;
	struct held_pages *pages = &guest->holder.pages;
	const struct rmm_vcpu before = *vcpu;
	struct rmm_guest_action action;

	look_at_pages(pages);
	r->inner->run(guest->inner, vcpu, event);
	for (size_t i = 0; i < pages->num; i++)
		if (pages->page[i].writable)
			report_page(r, &pages->page[i]);
	report_registers(r, &before, vcpu);
	guest_action_of_event(event, &action);
	r->heard(r->ctx, &action);
}

static void run(void *opaque, struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	struct recorded_guest *guest = opaque;

	if (guest->recorder->heard)
		run_and_report(guest, vcpu, event);
	else
		guest->recorder->inner->run(guest->inner, vcpu, event);
}

/* ---- life -------------------------------------------------------------------------------- */

int rmm_guest_recorder_create(const struct rmm_guest_ops *ops, void *machine,
			      struct rmm_guest_recorder **out)
{
	struct rmm_guest_recorder *r;

	if (!ops || !ops->run || !out)
		return -1;
	r = calloc(1, sizeof(*r));
	*out = r;
	if (!r)
		return -1;
	r->inner = ops;
	r->machine = machine;
	r->ops = (struct rmm_guest_ops){
		.attach = attach,
		.detach = detach,
		.run = run,
		.invalidate = invalidate,
		.map = ops->map ? map : NULL,
		.revoke = ops->map ? revoke : NULL,
	};
	return 0;
}

void rmm_guest_recorder_destroy(struct rmm_guest_recorder *recorder)
{
	if (!recorder)
		return;
	page_holders_free(recorder->guests);
	free(recorder);
}

const struct rmm_guest_ops *rmm_guest_recorder_ops(const struct rmm_guest_recorder *recorder)
{
	return recorder ? &recorder->ops : NULL;
}

void rmm_guest_recorder_listen(struct rmm_guest_recorder *recorder,
			       void (*heard)(void *ctx, const struct rmm_guest_action *action),
			       void *ctx)
{
	if (!recorder)
		return;
	recorder->heard = heard;
	recorder->ctx = ctx;
}
