// SPDX-License-Identifier: BSD-3-Clause
// Isolation by taint: what the Realm and Root worlds write carries marks, and no mark is ever seen
// where it does not belong. What the specification shows of a realm (arguments of its host and PSCI
// calls, the value of an emulated store, its measurements) is made without marks.
#include <string>

#include "random_walk.hpp"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/memory.h"
#include "sabotage.h"
#include "walk_layout.hpp"

using namespace walk;

/* Memory that no realm sees holds secrets, too: what is donated, and the rest of RDs and RECs. */
void Walk::taint()
{
	static const rmm_granule_state states[] = {RMM_GRANULE_DELEGATED, RMM_GRANULE_INTERNAL,
						   RMM_GRANULE_RD, RMM_GRANULE_REC};
	const uint64_t pa = granule_in(states[random.below(4)]);

	sabotage_taint(sys, pa, mark | rmm_serial << 32 | (random.next() & 0xffffffff));
}

/* The host reads [base, top), where it may: no mark is there. */
void Walk::check_host_memory(uint64_t base, uint64_t top)
{
	uint64_t words[page_size / 8];

	for (uint64_t pa = base; pa < top; pa += page_size) {
		if (!rmm_host_read(sys, pa, words, sizeof(words), nullptr))
			continue;
		for (uint64_t word : words)
			if (is_mark(word))
				fail("the host can read what the Realm world wrote");
	}
}

/* Memory that came back is readable, and clean. */
void Walk::check_returned(uint64_t base, uint64_t top)
{
	uint64_t word;

	for (uint64_t pa = base; pa < top; pa += page_size)
		if (!rmm_host_read(sys, pa, &word, sizeof(word), nullptr)) {
			fail("the host cannot read memory that it got back");
			return;
		}
	check_host_memory(base, top);
}

/* Outputs of a call; what was handed in comes back. */
void Walk::check_outputs(const smc_regs &in, const smc_regs &out)
{
	for (unsigned int i = 0; i < SMC_NUM_REGS; i++)
		if (is_mark(out.x[i]) && out.x[i] != in.x[i])
			fail("X" + std::to_string(i) + " shows what the Realm world wrote");
}

/* A realm never holds the mark of another one, nor of the RMM. */
void Walk::check_registers(const Rec &r)
{
	rmm_rec_view view;
	uint64_t serial = 0;

	for (const auto &realm : realms)
		if (realm->rd == r.rd)
			serial = realm->serial;
	if (!serial || !rmm_rec_at(sys, r.pa, &view) || view.owner != r.rd)
		return;
	for (uint64_t x : view.vcpu.x)
		if (is_mark(x) && serial_of(x) != serial)
			fail("a realm reads what another realm wrote");
}

/* Neither the Realm world's granules nor root memory can be read by the host at all. */
void Walk::check_worlds()
{
	uint64_t root_base, root_size, word;

	for (uint64_t pa = dram; pa < walk::end; pa += page_size) {
		rmm_granule_state state;

		if (rmm_granule_state_at(sys, pa, &state) && state != RMM_GRANULE_UNDELEGATED &&
		    rmm_host_read(sys, pa, &word, sizeof(word), nullptr))
			fail("the host can read a granule of the Realm world");
	}
	sabotage_root(sys, &root_base, &root_size);
	for (int i = 0; i < 64; i++) {
		const uint64_t at = random.below(root_size / sizeof(word)) * sizeof(word);

		if (rmm_host_read(sys, root_base + at, &word, sizeof(word), nullptr))
			fail("the host can read root memory");
	}
}

void Walk::check_isolation()
{
	check_host_memory(dram, walk::end);
	check_worlds();
}

/* What a broken machine does, so that it can be seen that these checks see it. */
void Walk::sabotage(const smc_regs &in)
{
	const uint32_t fid = static_cast<uint32_t>(in.x[0]);

	switch (options.sabotage) {
	case Sabotage::undelegate_without_wipe:
		if (fid == FID_RMI_GRANULE_RANGE_UNDELEGATE)
			sabotage_wipes(sys, window, walk::end, false);
		break;
	case Sabotage::map_without_wipe:
		if (fid == FID_RMI_RTT_DATA_MAP)
			sabotage_wipes(sys, window, walk::end, false);
		break;
	default:
		break;
	}
}

/* Likewise, when the call is about to return. */
void Walk::sabotage_exit(const smc_regs &in, smc_regs *out)
{
	rmm_rec_view view;

	if (options.sabotage == Sabotage::undelegate_without_wipe ||
	    options.sabotage == Sabotage::map_without_wipe)
		sabotage_wipes(sys, window, walk::end, true);
	if (static_cast<uint32_t>(in.x[0]) != FID_RMI_REC_ENTER || !rmm_rec_at(sys, in.x[1], &view))
		return;
	const uint64_t secret = view.vcpu.x[first_secret_register];
	if (options.sabotage == Sabotage::register_in_exit)
		rmm_host_write(sys, in.x[2] + 0x800 + 0x200, &secret, sizeof(secret), nullptr);
	else if (options.sabotage == Sabotage::register_in_output)
		out->x[3] = secret;
}
