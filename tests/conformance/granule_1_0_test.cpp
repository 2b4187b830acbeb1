/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_GRANULE_DELEGATE, RMI_GRANULE_UNDELEGATE: 1.0 moves granules one by one. */
#include <algorithm>

#include "granule_rows.h"

namespace conformance
{
namespace
{

Settings version_1_0()
{
	Settings settings;

	settings.version = RMM_VERSION_1_0_REL0;
	return settings;
}

void delegate_base(Scene &s)
{
	s.call(RMM_CMD_RMI_GRANULE_DELEGATE, {s.m.host_pages()});
}

void undelegate_base(Scene &s)
{
	s.call(RMM_CMD_RMI_GRANULE_UNDELEGATE, {s.m.granules()});
}

/* DRAM that ends where physical addresses do. */
void bank_up_to_the_last_granule(rmm_config &config)
{
	config.pa_bits = 32;
	config.banks[config.num_banks++] = {0xffe00000, k2M, RMM_BANK_DRAM};
}

std::vector<Violation> not_undelegated(rmm_condition condition)
{
	std::vector<Violation> all;

	for (rmm_granule_state state : {RMM_GRANULE_DELEGATED, RMM_GRANULE_RD, RMM_GRANULE_REC,
					RMM_GRANULE_RTT, RMM_GRANULE_DATA, RMM_GRANULE_INTERNAL})
		all.push_back({std::string("WhenItIs") + rmm_granule_state_name(state), condition,
			       [=](Scene &s) { s.x[1] = granule_in(s, state); }});
	return all;
}

const CommandTable &delegate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GRANULE_DELEGATE,
		delegate_base,
		rows({
			granule_in_dram(1, RMI_GRANULE_DELEGATE_GRAN_ALIGN,
					RMI_GRANULE_DELEGATE_GRAN_BOUND),
			not_undelegated(RMI_GRANULE_DELEGATE_GRAN_STATE),
			{
				{"WhenItIsSecure", RMI_GRANULE_DELEGATE_GRAN_GPT,
				 [](Scene &s) { s.x[1] = s.m.secure_page(); }},
				Violation("WhenTheLastGranuleOfAllIsFixed",
					  RMI_GRANULE_DELEGATE_GRAN_GPT,
					  [](Scene &s) { s.x[1] = 0xfffff000; })
					.on_machine(bank_up_to_the_last_granule)
					.with(RMM_BEHAVIOUR_LAST_GRANULE_FIXED)
					.does_not_combine(),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(GranuleDelegate, delegate_table());

const CommandTable &undelegate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_GRANULE_UNDELEGATE,
		undelegate_base,
		consumed_granule(1, RMI_GRANULE_UNDELEGATE_GRAN_ALIGN,
				 RMI_GRANULE_UNDELEGATE_GRAN_BOUND,
				 RMI_GRANULE_UNDELEGATE_GRAN_STATE),
	};

	return all;
}

CONFORMANCE_TESTS(GranuleUndelegate, undelegate_table());

/* ---- effects ------------------------------------------------------------------ */

TEST(GranuleDelegate, MovesOneGranuleToTheRealmPas)
{
	Machine m(version_1_0());
	const uint64_t page = m.host_pages(2);

	m.must(RMM_CMD_RMI_GRANULE_DELEGATE, {page});
	EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(page));
	EXPECT_EQ(RMM_GPI_REALM, m.gpi_of(page));
	EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(page + kPage));
	EXPECT_EQ(RMM_GPI_NS, m.gpi_of(page + kPage));
}

TEST(GranuleUndelegate, GivesAWipedGranuleBack)
{
	Machine m(version_1_0());
	const uint64_t page = m.host_pages();

	m.write_words(page, {1, 2, 3});
	m.must(RMM_CMD_RMI_GRANULE_DELEGATE, {page});
	m.must(RMM_CMD_RMI_GRANULE_UNDELEGATE, {page});
	EXPECT_EQ(RMM_GRANULE_UNDELEGATED, m.state_of(page));
	EXPECT_EQ(RMM_GPI_NS, m.gpi_of(page));
	const std::vector<uint8_t> bytes = m.read(page, kPage);
	EXPECT_TRUE(std::all_of(bytes.begin(), bytes.end(), [](uint8_t b) { return b == 0; }));
}

/* No command makes the RMM active: it is so from the start. */
TEST(Boot, LeavesAnActiveRmmIn1)
{
	Machine m(version_1_0());

	EXPECT_EQ(RMM_STATE_ACTIVE, rmm_system_state(m.sys()));
}

} // namespace
} // namespace conformance
