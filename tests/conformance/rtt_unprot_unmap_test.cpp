/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_UNPROT_UNMAP. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = kUnprotected + k1G;
constexpr uint64_t kBlock = kIpa + k2M;

void base(Scene &s)
{
	s.add_realm();
	s.realm->map_unprotected(kIpa, s.m.host_pages());
	s.call(RMM_CMD_RMI_RTT_UNPROT_UNMAP, {s.realm->rd(), kIpa, kIpa + kPage,
					      unmap_flags(s.version(), RMI_ADDR_TYPE_SINGLE), 0});
}

void aim(Scene &s, uint64_t from, uint64_t size)
{
	s.x[2] = from;
	s.x[3] = from + size;
}

std::vector<Violation> list_rows()
{
	std::vector<Violation> all = host_structure(5, 8, RMI_RTT_UNPROT_UNMAP_OADDR_ALIGN,
						    RMI_RTT_UNPROT_UNMAP_OADDR_LIST_PAS);

	for (Violation &row : all) {
		auto spoil = row.arrange;
		row.arrange = [spoil](Scene &s) {
			s.x[4] = unmap_flags(s.version(), RMI_ADDR_TYPE_LIST, 1);
			s.x[5] = s.m.host_pages();
			spoil(s);
		};
	}
	return all;
}

Violation checked(const char *when, rmm_condition condition, std::function<void(Scene &)> f)
{
	return Violation(when, condition, std::move(f)).with(RMM_BEHAVIOUR_UNMAP_REGISTERS_CHECKED);
}

Violation span_row(const char *when, rmm_condition condition, uint64_t from, uint64_t size,
		   int level)
{
	return Violation(when, condition, [=](Scene &s) { aim(s, from, size); })
		.with(RMM_BEHAVIOUR_UNMAP_EMPTY_SPAN_CHECKED)
		.with(RMM_BEHAVIOUR_UNMAP_SKIPS_UNMAPPED)
		.at_level(level);
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_UNPROT_UNMAP,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_UNPROT_UNMAP_RD_ALIGN,
				       RMI_RTT_UNPROT_UNMAP_RD_BOUND,
				       RMI_RTT_UNPROT_UNMAP_RD_STATE),
			granule_range(2, 3, RMI_RTT_UNPROT_UNMAP_BASE_ALIGN,
				      RMI_RTT_UNPROT_UNMAP_TOP_ALIGN,
				      RMI_RTT_UNPROT_UNMAP_SIZE_VALID),
			list_rows(),
			{
				{"WhenTheRangeIsProtected", RMI_RTT_UNPROT_UNMAP_IPA_BOUND,
				 [](Scene &s) { aim(s, k1G, kPage); }},
				{"WhenTheRangeBeginsProtected", RMI_RTT_UNPROT_UNMAP_IPA_BOUND,
				 [](Scene &s) { aim(s, kUnprotected - kPage, 2 * kPage); }},
				{"WhenTheRangeEndsOnePageTooFar", RMI_RTT_UNPROT_UNMAP_IPA_WIDTH,
				 [](Scene &s) { aim(s, kIpaEnd - kPage, 2 * kPage); }},
				{"WhenTheRangeEndsWithTheLastPageOfAll",
				 RMI_RTT_UNPROT_UNMAP_IPA_WIDTH,
				 [](Scene &s) { s.x[3] = kLastPage; }},
				{"WhenItIsReserved", RMI_RTT_UNPROT_UNMAP_OADDR_TYPE,
				 [](Scene &s) { s.x[4] = unmap_flags(s.version(), 3); }},
				checked("WhenAnAddressIsGivenWithoutAList",
					RMI_RTT_UNPROT_UNMAP_OADDR_ZERO_TF,
					[](Scene &s) { s.x[5] = s.m.host_pages(); }),
				checked("WhenTheListIsToHaveNoEntry",
					RMI_RTT_UNPROT_UNMAP_LIST_COUNT_TF,
					[](Scene &s) {
						s.x[4] = unmap_flags(s.version(),
								     RMI_ADDR_TYPE_LIST, 0);
						s.x[5] = s.m.host_pages();
					}),
				Violation("WhenItIsInsideABlock",
					  RMI_RTT_UNPROT_UNMAP_BASE_ENTRY_ALIGN,
					  [](Scene &s) {
						  s.realm->map_unprotected(kBlock, k2M, 2);
						  aim(s, kBlock + kPage, kPage);
					  })
					.at_level(2),
				span_row("WhenItIsInsideAnEmptyEntry",
					 RMI_RTT_UNPROT_UNMAP_VOID_ALIGN_TF, kBlock + kPage, k2M,
					 2),
				span_row("WhenTheEmptyEntryIsLargerThanTheRange",
					 RMI_RTT_UNPROT_UNMAP_VOID_SIZE_TF, kBlock, kPage, 2),
				span_row("WhenNoTableIsThere", RMI_RTT_UNPROT_UNMAP_VOID_SIZE_TF,
					 kUnprotected, k2M, 1),
				Violation("WhenNothingIsMapped", RMI_RTT_UNPROT_UNMAP_RTTE_STATE,
					  [](Scene &s) { aim(s, kIpa + kPage, kPage); })
					.with(RMM_BEHAVIOUR_UNMAP_SKIPS_UNMAPPED, false)
					.at_level(3),
				Violation("WhenNoTableIsThere", RMI_RTT_UNPROT_UNMAP_RTTE_STATE,
					  [](Scene &s) { aim(s, kUnprotected, kPage); })
					.with(RMM_BEHAVIOUR_UNMAP_SKIPS_UNMAPPED, false)
					.at_level(1),
				Violation("WhenNothingIsMappedInTheFirstDraft",
					  RMI_RTT_UNPROT_UNMAP_RTTE_STATE,
					  [](Scene &s) { aim(s, kIpa + kPage, kPage); })
					.until(RMM_VERSION_2_0_BET0)
					.at_level(3)
					.does_not_combine(),
				Violation("WhenTheBlockIsLargerThanTheRange",
					  RMI_RTT_UNPROT_UNMAP_RTTE_SIZE,
					  [](Scene &s) {
						  s.realm->map_unprotected(kBlock, k2M, 2);
						  aim(s, kBlock, kPage);
					  })
					.at_level(2),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttUnprotUnmap, table());

/* ---- effects ------------------------------------------------------------------ */

Answer unmap(Machine &m, const Realm &realm, uint64_t from, uint64_t to, uint64_t type,
	     uint64_t list = 0, uint64_t count = 0)
{
	return m.call(RMM_CMD_RMI_RTT_UNPROT_UNMAP,
		      {realm.rd(), from, to, unmap_flags(m.version(), type, count), list});
}

TEST(RttUnprotUnmap, DescribesTheMemoryAsUndelegated)
{
	for (bool without_state : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_UNMAP_RANGE_WITHOUT_STATE, without_state}};
		in_every_version(
			[=](Machine &m) {
				Realm realm(m);
				const uint64_t pa = m.host_pages(2);
				realm.map_unprotected(kIpa, pa);
				realm.map_unprotected(kIpa + kPage, pa + kPage);
				const Answer a = unmap(m, realm, kIpa, kIpa + 2 * kPage,
						       RMI_ADDR_TYPE_SINGLE);

				EXPECT_EQ(kIpa + 2 * kPage, a.x[1]);
				EXPECT_EQ(range_desc(m.version(), pa, 2, 3,
						     without_state ? RMI_OP_MEM_DELEGATED
								   : RMI_OP_MEM_UNDELEGATED),
					  a.x[2]);
				EXPECT_EQ(RMI_RTTE_VOID, realm.entry(kIpa).state);
			},
			settings);
	}
}

TEST(RttUnprotUnmap, ListsBlocksWithTheirSize)
{
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const uint64_t list = m.host_pages();
			realm.map_unprotected(kBlock, 4 * k2M, 2);
			const Answer a =
				unmap(m, realm, kBlock, kBlock + k2M, RMI_ADDR_TYPE_LIST, list, 4);

			EXPECT_EQ(1u, a.x[3]);
			EXPECT_EQ(range_desc(m.version(), 4 * k2M, 1, 2, RMI_OP_MEM_UNDELEGATED),
				  m.read_word(list));
		},
		{}, RMM_VERSION_2_0_BET1);
}

TEST(RttUnprotUnmap, SkipsWhatIsNotMappedWhereTheBehaviourSaysSo)
{
	for (bool skips : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_UNMAP_SKIPS_UNMAPPED, skips}};
		in_every_version(
			[=](Machine &m) {
				Realm realm(m);
				realm.map_unprotected(kIpa + 2 * kPage, m.host_pages());
				const Answer a =
					unmap(m, realm, kIpa, kIpa + 4 * kPage, RMI_ADDR_TYPE_NONE);
				EXPECT_EQ(skips ? kIpa + 4 * kPage : 0, a.x[1]);
				EXPECT_EQ(skips ? RMM_CONDITION_NONE
						: RMI_RTT_UNPROT_UNMAP_RTTE_STATE,
					  a.condition);
			},
			settings);
	}
}

TEST(RttUnprotUnmap, WorksOnTheLastPageOfTheIpaSpace)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		realm.map_unprotected(kIpaEnd - kPage, m.host_pages());
		EXPECT_EQ(kIpaEnd,
			  unmap(m, realm, kIpaEnd - kPage, kIpaEnd, RMI_ADDR_TYPE_NONE).x[1]);
	});
}

} // namespace
} // namespace conformance
