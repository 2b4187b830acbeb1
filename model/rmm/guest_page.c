/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/guest_page.h"

#include "platform/tlb_lint.h"

bool guest_page_hand_out(struct rec_run *run, const struct rmm_guest_event *event,
			 const struct ipa_result *at)
{
	struct rmm_system *sys = run->call->sys;
	const struct rmm_guest_ops *ops = sys->config.guest;
	void *guest = *guest_slot(run->call, run->rec_pa);

	if (!ops->map)
		return false;
	const uint64_t offset = event->ipa & GRANULE_MASK;
	const struct rmm_guest_page page = {
		.ipa = event->ipa - offset,
		.bytes = granule_bytes(run->call, at->pa),
		.writable = at->is_writable,
		.executable = at->is_protected,
	};

	if (page.writable)
		sys->memory.written[bank_granule(memory_bank_at(&sys->memory, at->pa), at->pa)] = 1;
	if (!at->is_protected)
		__atomic_store_n(&sys->ns_pages_handed_out, true, __ATOMIC_RELAXED);
	/* The table and the granule are locked: whoever changes them comes to invalidate. */
	ops->map(guest, &page);
	tlb_keep(run->call, run->realm, page.ipa);
	return true;
}

void guest_pages_revoke(struct rmm_system *sys, uint64_t pa, uint64_t size)
{
	const struct rmm_guest_ops *ops = sys->config.guest;

	if (!__atomic_load_n(&sys->ns_pages_handed_out, __ATOMIC_RELAXED) || !ops || !ops->revoke)
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
