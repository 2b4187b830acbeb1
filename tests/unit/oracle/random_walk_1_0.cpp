// SPDX-License-Identifier: BSD-3-Clause
// What a host of 1.0 does where one of 2.0 has ranges and operations: pages, one by one.
#include "random_walk.hpp"
#include "rmmsim/abi/encoding.h"
#include "walk_layout.hpp"

using namespace walk;

bool Walk::is_rmi_1() const
{
	return config.version == RMM_VERSION_1_0_REL0;
}

void Walk::delegate_pages(uint64_t base, uint64_t size)
{
	for (uint64_t at = 0; at < size; at += page_size)
		call(FID_RMI_GRANULE_DELEGATE, {spoil(base + at)});
}

void Walk::undelegate_page()
{
	const uint64_t pa = spoil(granule_in(RMM_GRANULE_DELEGATED));

	if (call(FID_RMI_GRANULE_UNDELEGATE, {pa}).x[0] == RMI_SUCCESS)
		check_returned(pa, pa + page_size);
}

/* The auxiliary granules of a REC; now and then not what the RMM wants. */
void Walk::name_aux(rmi_rec_params *params)
{
	params->num_aux = random.once_in(24) ? random.below(20) : config.rec_aux_granules;
	for (uint64_t i = 0; i < params->num_aux && i < 16; i++)
		params->aux[i] = spoil(granule_in(RMM_GRANULE_DELEGATED));
}

/* List registers that fit, mostly. */
void Walk::fill_list_registers(rmi_rec_enter *enter)
{
	for (uint64_t i = random.below(3); i > 0; i--) {
		uint64_t lr = random.below(4) << 62 | UINT64_C(1) << 60;

		lr |= 32 + random.below(8);
		if (random.once_in(12))
			lr |= UINT64_C(1) << (32 + random.below(30));
		enter->gicv3_lrs[random.below(16)] = lr;
	}
	if (random.once_in(12))
		enter->gicv3_hcr = UINT64_C(1) << random.below(18);
}

void Walk::create_unknown(const Realm *r, uint64_t ipa)
{
	call(FID_RMI_DATA_CREATE_UNKNOWN,
	     {spoil(rd_of(r)), spoil(granule_in(RMM_GRANULE_DELEGATED)), spoil(ipa)});
}

void Walk::destroy_data(const Realm *r, uint64_t ipa)
{
	call(FID_RMI_DATA_DESTROY, {spoil(rd_of(r)), spoil(ipa)});
}

/* As far as RMI_DATA_DESTROY says that something may be. */
void Walk::destroy_data_range(uint64_t rd, uint64_t base, uint64_t top)
{
	while (base < top) {
		const smc_regs out = call(FID_RMI_DATA_DESTROY, {rd, base});

		base = out.x[2] > base ? out.x[2] : top;
	}
}

void Walk::map_unprotected()
{
	const Realm *r = realm();
	const uint64_t level = random.once_in(6) ? 2 : 3;
	const uint64_t pa = level == 2 ? dram + 0x800000 : scratch + random.below(4) * page_size;
	uint64_t desc = pa | (5 + random.below(3)) << 2;

	desc |= random.below(4) << 6;
	call(FID_RMI_RTT_MAP_UNPROTECTED,
	     {spoil(rd_of(r)), spoil(ipa(r, (int)level, false)), spoil(level), spoil(desc)});
}

void Walk::unmap_unprotected()
{
	const Realm *r = realm();
	const uint64_t level = random.once_in(6) ? 2 : 3;

	call(FID_RMI_RTT_UNMAP_UNPROTECTED,
	     {spoil(rd_of(r)), spoil(ipa(r, (int)level, false)), spoil(level)});
}

/* A table of pages that are neighbours, so that it can be folded: many calls, so not often. */
void Walk::fill_table_by_page(const Realm &r, uint64_t base, uint64_t pa)
{
	if (!random.once_in(4))
		return;
	for (uint64_t at = 0; at < block_size; at += page_size) {
		call(FID_RMI_GRANULE_DELEGATE, {pa + at});
		call(FID_RMI_DATA_CREATE_UNKNOWN, {r.rd, pa + at, base + at});
	}
	call(FID_RMI_RTT_FOLD, {r.rd, base, 3});
}
