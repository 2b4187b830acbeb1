/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/guest_page.h"

#include "platform/tlb_lint.h"
static bool is_same(const struct ipa_result *a, const struct ipa_result *b)
{
	return a->outcome == b->outcome && a->pa == b->pa;
}

static bool is_writable(struct rec_run *run, uint64_t ipa, const struct ipa_result *at)
{
	struct ipa_result written;

	if (at->is_protected)
		return true;
	ipa_translate(run->call, run->realm, ipa, IPA_WRITE, &written);
	return written.outcome == IPA_OK;
}

/*
 * The table may have changed on another PE since it was walked, before the
 * guest had anything to invalidate: look again.
 */
static void check_again(struct rec_run *run, void *guest, uint64_t ipa,
			const struct ipa_result *page)
{
	const struct rmm_guest_ops *ops = run->call->sys->config.guest;
	struct ipa_result now;

	if (!run->call->sys->config.port.lock)
		return;
	ipa_translate(run->call, run->realm, ipa, IPA_READ, &now);
	if (!is_same(&now, page))
		ops->invalidate(guest, ipa, RMM_GRANULE_SIZE);
}

bool guest_page_hand_out(struct rec_run *run, const struct rmm_guest_event *event,
			 const struct ipa_result *at)
{
	struct rmm_system *sys = run->call->sys;
	const struct rmm_guest_ops *ops = sys->config.guest;
	void *guest = *guest_slot(run->call, run->rec_pa);

	if (!ops->map)
		return false;
	const uint64_t offset = event->ipa & GRANULE_MASK;
	const struct ipa_result first = {.outcome = IPA_OK, .pa = at->pa - offset};
	const struct rmm_guest_page page = {
		.ipa = event->ipa - offset,
		.bytes = granule_bytes(run->call, first.pa),
		.writable = is_writable(run, event->ipa, at),
		.executable = at->is_protected,
	};

	if (page.writable)
		sys->memory.written[bank_granule(memory_bank_at(&sys->memory, at->pa), at->pa)] = 1;
	if (!at->is_protected)
		sys->ns_pages_handed_out = true;
	ops->map(guest, &page);
	tlb_keep(run->call, run->realm, page.ipa);
	check_again(run, guest, page.ipa, &first);
	return true;
}

void guest_pages_revoke(struct rmm_system *sys, uint64_t pa, uint64_t size)
{
	const struct rmm_guest_ops *ops = sys->config.guest;

	if (!sys->ns_pages_handed_out || !ops || !ops->revoke)
		return;
	while (size) {
		const struct memory_bank *bank = memory_bank_at(&sys->memory, pa);
		const uint64_t in_bank = bank->base + bank->size - pa;
		const uint64_t piece = size < in_bank ? size : in_bank;

		ops->revoke(sys->config.guest_machine, bank_bytes(bank, pa), piece);
		pa += piece;
		size -= piece;
	}
}
