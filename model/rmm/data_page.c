/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmm/data_page.h"

#include <string.h>

#include "rmm/measurement.h"

void data_page_enter(struct rmm_call *call, const struct rmm_realm *realm,
		     const struct rtt_walk *walk, uint64_t pa, enum ripas ripas)
{
	call_granule_set(call, pa, RMM_GRANULE_DATA);
	rtt_write(call, walk, walk->index, rtte_make_data(pa, ripas, RTT_PAGE_LEVEL, realm->lpa2));
	++*rtt_live_count(call, walk->rtt);
}

void data_page_enter_init(struct rmm_call *call, struct rmm_realm *realm,
			  const struct rtt_walk *walk, uint64_t pa, uint64_t ipa, uint64_t flags,
			  const uint8_t content[RMM_GRANULE_SIZE])
{
	granule_claim(call, pa);
	memcpy(granule_bytes(call, pa), content, RMM_GRANULE_SIZE);
	charge(call, RMM_COST_COPY, RMM_GRANULE_SIZE, pa);
	measurement_extend_data(call, realm, ipa, flags, content);
	data_page_enter(call, realm, walk, pa, RIPAS_RAM);
}

uint64_t data_entry_after(uint64_t old)
{
	const enum ripas ripas = rtte_ripas(old);

	return rtte_make_void(ripas == RIPAS_RAM ? RIPAS_DESTROYED : ripas);
}

void data_granules_leave(struct rmm_call *call, uint64_t pa, uint64_t count)
{
	if (call_behaves(call, RMM_BEHAVIOUR_WIPE_ON_UNMAP))
		granules_wipe(call, pa, count);
	for (uint64_t i = 0; i < count; i++)
		call_granule_set(call, pa + i * RMM_GRANULE_SIZE, RMM_GRANULE_DELEGATED);
}
