// SPDX-License-Identifier: BSD-3-Clause
// Each invariant notices the damage that it is there for.
#include <algorithm>

#include "broken_machine.hpp"

class Invariants : public BrokenMachine
{
protected:
	void expect(const char *name)
	{
		const std::vector<std::string> names = violated();

		EXPECT_NE(std::find(names.begin(), names.end(), name), names.end())
			<< name << " is not violated";
	}
};

TEST_F(Invariants, HoldForARealm)
{
	EXPECT_EQ(violated(), std::vector<std::string>());
}

TEST_F(Invariants, EachHasItsWords)
{
	for (size_t i = 0; i < rmm_num_invariants; i++) {
		EXPECT_NE(rmm_invariants[i].name, nullptr) << i;
		EXPECT_NE(rmm_invariants[i].source, nullptr) << i;
		EXPECT_NE(rmm_invariants[i].says, nullptr) << i;
	}
}

TEST_F(Invariants, RealmMemoryInTheHostWorld)
{
	tamper_gpi(sys, rd + 4 * page, RMM_GPI_NS);
	expect("gpi-of-realm-world");
}

TEST_F(Invariants, HostMemoryInTheRealmWorld)
{
	tamper_gpi(sys, host, RMM_GPI_REALM);
	expect("gpi-of-host-world");
}

TEST_F(Invariants, TableInTwoPlaces)
{
	tamper_word(sys, entry(root, 1), tamper_read(sys, entry(root, 0)));
	expect("rtt-once");
}

TEST_F(Invariants, TableInNoPlace)
{
	tamper_word(sys, entry(root, 0), 0);
	expect("rtt-once");
	expect("data-once");
}

TEST_F(Invariants, TableEntryToSomethingElse)
{
	tamper_word(sys, entry(root, 1), spare | 3);
	expect("table-entry");
}

TEST_F(Invariants, PageMappedTwice)
{
	tamper_word(sys, entry(tables + page, 1), tamper_read(sys, entry(tables + page, 0)));
	expect("data-once");
	expect("live-count");
}

TEST_F(Invariants, PageMappedThatIsNotData)
{
	tamper_state(sys, rd + 4 * page, RMM_GRANULE_DELEGATED);
	expect("data-once");
}

TEST_F(Invariants, EntryOfTheOtherHalf)
{
	tamper_word(sys, entry(tables + page, 2), UINT64_C(1) << 55);
	expect("halves");
}

TEST_F(Invariants, BlockThatIsNotAligned)
{
	const uint64_t desc = (tamper_read(sys, entry(tables + page, 0)) & ~UINT64_C(2)) + page;

	tamper_word(sys, entry(tables, 1), desc);
	expect("leaf");
}

TEST_F(Invariants, WrongCounts)
{
	tamper_live(sys, tables, 1);
	expect("live-count");
	tamper_num_realms(sys, 1);
	expect("realm-count");
	tamper_num_recs(sys, rd, 1);
	expect("rec-list");
}

TEST_F(Invariants, RecsAndTheirMemory)
{
	tamper_running(sys, rec, 1);
	expect("rec-idle");
	tamper_state(sys, aux, RMM_GRANULE_DELEGATED);
	expect("aux-held");
	tamper_state(sys, spare, RMM_GRANULE_INTERNAL);
	expect("internal-once");
	tamper_state(sys, spare + page, RMM_GRANULE_PARTIAL);
	expect("partial-once");
}

TEST_F(Invariants, TablesAndUnits)
{
	tamper_state(sys, spare, RMM_GRANULE_GPT_L1);
	expect("gpt-once");
	expect("gpi-of-realm-world");
}

TEST_F(Invariants, Vmid)
{
	tamper_vmid(sys, rd, 77);
	expect("vmid");
}
