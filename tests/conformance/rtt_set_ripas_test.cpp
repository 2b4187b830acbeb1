/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_SET_RIPAS. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

constexpr uint64_t kIpa = k1G;

/* The realm asks for RIPAS `value` of [from, to). */
void ask(Rec &rec, uint64_t from, uint64_t to, uint64_t value, uint64_t flags = 0)
{
	rec.calls({FID_RSI_IPA_STATE_SET, from, to, value, flags});
}

void activate_and_ask(Scene &s)
{
	if (s.realm->view().state != RMM_REALM_NEW)
		return;
	s.realm->activate();
	ask(*s.rec, s.request[0], s.request[1], s.request[2], s.request[3]);
}

void base(Scene &s)
{
	s.add_realm();
	s.realm->tables_to(kIpa, 3);
	s.add_rec();
	s.request = {kIpa, kIpa + 16 * kPage, RSI_RIPAS_RAM, 0};
	s.last_touches.push_back(activate_and_ask);
	s.call(RMM_CMD_RMI_RTT_SET_RIPAS, {s.realm->rd(), s.rec->pa(), kIpa, kIpa + 16 * kPage});
}

/* The realm asks for RAM, and the host does what it is asked for. */
void request_ram(Scene &s, uint64_t from, uint64_t to)
{
	s.request = {from, to, RSI_RIPAS_RAM, 0};
	s.x[3] = from;
	s.x[4] = to;
}

void request_destroyed_page(Scene &s)
{
	s.realm->map_init(kIpa);
	s.realm->unmap(kIpa);
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RTT_SET_RIPAS,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_RTT_SET_RIPAS_RD_ALIGN,
				       RMI_RTT_SET_RIPAS_RD_BOUND, RMI_RTT_SET_RIPAS_RD_STATE),
			object_granule(2, RMM_GRANULE_REC, RMI_RTT_SET_RIPAS_REC_ALIGN,
				       RMI_RTT_SET_RIPAS_REC_BOUND,
				       RMI_RTT_SET_RIPAS_REC_GRAN_STATE),
			{
				{"WhenItIsEmpty", RMI_RTT_SET_RIPAS_SIZE_VALID,
				 [](Scene &s) { s.x[4] = s.x[3]; }},
				{"WhenItIsReversed", RMI_RTT_SET_RIPAS_SIZE_VALID,
				 [](Scene &s) { std::swap(s.x[3], s.x[4]); }},
				{"WhenTheTopIsZero", RMI_RTT_SET_RIPAS_SIZE_VALID,
				 [](Scene &s) { s.x[4] = 0; }},
				{"WhenItWrapsAround", RMI_RTT_SET_RIPAS_SIZE_VALID,
				 [](Scene &s) {
					 s.x[3] = kLastPage;
					 s.x[4] = 0;
				 }},
				{"WhenItIsOffByOne", RMI_RTT_SET_RIPAS_TOP_GRAN_ALIGN,
				 [](Scene &s) { s.x[4] -= 1; }},
				{"WhenItIsOffByHalf", RMI_RTT_SET_RIPAS_TOP_GRAN_ALIGN,
				 [](Scene &s) { s.x[4] -= kPage / 2; }},
				{"WhenItIsTheGreatestNumber", RMI_RTT_SET_RIPAS_TOP_GRAN_ALIGN,
				 [](Scene &s) { s.x[4] = UINT64_MAX; }},
				Violation("WhenItRuns", RMI_RTT_SET_RIPAS_REC_STATE,
					  [](Scene &s) { s.while_running(*s.rec); }),
				{"WhenItIsAnotherRealms", RMI_RTT_SET_RIPAS_REC_OWNER,
				 [](Scene &s) { s.x[1] = s.other_realm().rd(); }},
				{"WhenItIsBehindTheRequestsBase", RMI_RTT_SET_RIPAS_BASE_BOUND,
				 [](Scene &s) { s.x[3] += kPage; }},
				{"WhenItIsBelowTheRequestsBase", RMI_RTT_SET_RIPAS_BASE_BOUND,
				 [](Scene &s) { s.x[3] -= kPage; }},
				{"WhenItIsOffByOne", RMI_RTT_SET_RIPAS_BASE_BOUND,
				 [](Scene &s) { s.x[3] += 1; }},
				{"WhenNothingIsAskedFor", RMI_RTT_SET_RIPAS_BASE_BOUND,
				 [](Scene &s) { s.last_touches.clear(); }},
				{"WhenItIsOnePageBeyondTheRequest", RMI_RTT_SET_RIPAS_TOP_BOUND,
				 [](Scene &s) { s.x[4] += kPage; }},
				{"WhenItIsTheLastPageOfAll", RMI_RTT_SET_RIPAS_TOP_BOUND,
				 [](Scene &s) { s.x[4] = kLastPage; }},
				{"WhenNothingIsAskedForAndBaseIsZero", RMI_RTT_SET_RIPAS_TOP_BOUND,
				 [](Scene &s) {
					 s.last_touches.clear();
					 s.x[3] = 0;
				 }},
				Violation("WhenItIsInsideAnEmptyEntry",
					  RMI_RTT_SET_RIPAS_BASE_ALIGN,
					  [](Scene &s) {
						  request_ram(s, kIpa + k2M + kPage,
							      kIpa + k2M + 3 * kPage);
					  })
					.at_level(2),
				Violation("WhenItIsInsideABlock", RMI_RTT_SET_RIPAS_BASE_ALIGN,
					  [](Scene &s) {
						  s.realm->map(kIpa + k2M, 2);
						  request_ram(s, kIpa + k2M + kPage,
							      kIpa + 2 * k2M);
					  })
					.at_level(2),
				Violation("WhenItIsInsideAnEmptyEntry",
					  RMI_RTT_SET_RIPAS_BASE_ALIGN_TF,
					  [](Scene &s) {
						  request_ram(s, kIpa + k2M + kPage,
							      kIpa + k2M + 3 * kPage);
					  })
					.with(RMM_BEHAVIOUR_SET_RIPAS_NOOP_NEEDS_NO_ALIGNMENT,
					      false)
					.at_level(2),
				Violation("WhenTheEntryIsLargerThanTheRange",
					  RMI_RTT_SET_RIPAS_NO_PROGRESS,
					  [](Scene &s) {
						  request_ram(s, kIpa + k2M, kIpa + k2M + kPage);
					  })
					.at_level(2),
				Violation("WhenNoTableIsThere", RMI_RTT_SET_RIPAS_NO_PROGRESS,
					  [](Scene &s) { request_ram(s, 3 * k1G, 3 * k1G + k2M); })
					.at_level(1),
				Violation("WhenThePageWasDestroyed", RMI_RTT_SET_RIPAS_NO_PROGRESS,
					  request_destroyed_page)
					.at_level(3),
				Violation("WhenTheEntryIsLargerThanTheRange",
					  RMI_RTT_SET_RIPAS_NO_PROGRESS_TF,
					  [](Scene &s) {
						  request_ram(s, kIpa + k2M, kIpa + k2M + kPage);
					  })
					.with(RMM_BEHAVIOUR_SET_RIPAS_NOOP_NEEDS_NO_ALIGNMENT,
					      false)
					.at_level(2),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RttSetRipas, table());

/* ---- effects ------------------------------------------------------------------ */

class RipasRequest
{
public:
	explicit RipasRequest(Machine &m) : m_(m), realm(m), rec(m, realm)
	{
		realm.tables_to(kIpa, 3);
	}

	Answer set(uint64_t from, uint64_t to)
	{
		return m_.call(RMM_CMD_RMI_RTT_SET_RIPAS, {realm.rd(), rec.pa(), from, to});
	}

private:
	Machine &m_;

public:
	Realm realm;
	Rec rec;
};

TEST(RttSetRipas, GoesOnWhereItStopped)
{
	in_every_version_since_1_0([](Machine &m) {
		RipasRequest r(m);
		r.realm.activate();
		ask(r.rec, kIpa, kIpa + 8 * kPage, RSI_RIPAS_RAM);

		EXPECT_EQ(kIpa + 3 * kPage, r.set(kIpa, kIpa + 3 * kPage).x[1]);
		EXPECT_EQ(RMI_RTT_SET_RIPAS_BASE_BOUND, r.set(kIpa, kIpa + 8 * kPage).condition);
		EXPECT_EQ(kIpa + 8 * kPage, r.set(kIpa + 3 * kPage, kIpa + 8 * kPage).x[1]);
		EXPECT_EQ(RMI_RIPAS_RAM, r.realm.entry(kIpa + 7 * kPage).ripas);
		EXPECT_EQ(RMI_RIPAS_EMPTY, r.realm.entry(kIpa + 8 * kPage).ripas);
	});
}

TEST(RttSetRipas, TellsTheRealmHowFarItGot)
{
	in_every_version_since_1_0([](Machine &m) {
		RipasRequest r(m);
		r.realm.activate();
		ask(r.rec, kIpa, kIpa + 8 * kPage, RSI_RIPAS_RAM);
		r.set(kIpa, kIpa + 3 * kPage);
		r.rec.run();

		EXPECT_EQ(RSI_SUCCESS, r.rec.x(0));
		EXPECT_EQ(kIpa + 3 * kPage, r.rec.x(1));
		EXPECT_EQ(RSI_RESPONSE_ACCEPT, r.rec.x(2));
		EXPECT_EQ(RMI_RTT_SET_RIPAS_BASE_BOUND,
			  r.set(kIpa + 3 * kPage, kIpa + 8 * kPage).condition)
			<< "the request is over";
	});
}

TEST(RttSetRipas, CanBeRejectedForRamOnly)
{
	in_every_version_since_1_0([](Machine &m) {
		const uint64_t reject = rmi_rec_enter_flags_with_ripas_response(m.version(), 0, 1);
		RipasRequest r(m);
		r.realm.activate();
		for (uint64_t value : {RSI_RIPAS_RAM, RSI_RIPAS_EMPTY}) {
			ask(r.rec, kIpa, kIpa + kPage, value);
			r.rec.run(reject);
			EXPECT_EQ(kIpa, r.rec.x(1));
			EXPECT_EQ(value == RSI_RIPAS_RAM ? RSI_RESPONSE_REJECT
							 : RSI_RESPONSE_ACCEPT,
				  r.rec.x(2));
		}
	});
}

TEST(RttSetRipas, AWholeRequestCannotBeRejected)
{
	in_every_version_since_1_0([](Machine &m) {
		RipasRequest r(m);
		r.realm.activate();
		ask(r.rec, kIpa, kIpa + kPage, RSI_RIPAS_RAM);
		r.set(kIpa, kIpa + kPage);
		r.rec.run(rmi_rec_enter_flags_with_ripas_response(m.version(), 0, 1));
		EXPECT_EQ(RSI_RESPONSE_ACCEPT, r.rec.x(2));
	});
}

TEST(RttSetRipas, ToEmptyKeepsTheMemory)
{
	in_every_version_since_1_0([](Machine &m) {
		RipasRequest r(m);
		const uint64_t pa = r.realm.map_init(kIpa);
		r.realm.activate();
		ask(r.rec, kIpa, kIpa + kPage, RSI_RIPAS_EMPTY);
		r.set(kIpa, kIpa + kPage);
		const Realm::Entry entry = r.realm.entry(kIpa);

		EXPECT_EQ(RMI_RTTE_DATA, entry.state);
		EXPECT_EQ(RMI_RIPAS_EMPTY, entry.ripas);
		EXPECT_EQ(pa, entry.desc);
		EXPECT_EQ(RMM_GRANULE_DATA, m.state_of(pa));
	});
}

TEST(RttSetRipas, OfADestroyedPageToRamNeedsTheFlag)
{
	in_every_version_since_1_0([](Machine &m) {
		RipasRequest r(m);
		r.realm.map_init(kIpa);
		r.realm.unmap(kIpa);
		r.realm.activate();
		ask(r.rec, kIpa, kIpa + kPage, RSI_RIPAS_RAM, 0);
		EXPECT_EQ(RMI_RTT_SET_RIPAS_NO_PROGRESS, r.set(kIpa, kIpa + kPage).condition);
		ask(r.rec, kIpa, kIpa + kPage, RSI_RIPAS_RAM, 1);
		EXPECT_EQ(kIpa + kPage, r.set(kIpa, kIpa + kPage).x[1]);
		EXPECT_EQ(RMI_RIPAS_RAM, r.realm.entry(kIpa).ripas);
	});
}

TEST(RttSetRipas, OfADestroyedPageToEmptyNeedsTheFlagByBehaviourOnly)
{
	for (bool needs_flag : {false, true}) {
		Settings settings;
		settings.behaviours = {
			{RMM_BEHAVIOUR_SET_RIPAS_EMPTY_NEEDS_DESTROYED_FLAG, needs_flag}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				RipasRequest r(m);
				r.realm.map_init(kIpa);
				r.realm.unmap(kIpa);
				r.realm.activate();
				ask(r.rec, kIpa, kIpa + kPage, RSI_RIPAS_EMPTY, 0);
				r.set(kIpa, kIpa + kPage);
				EXPECT_EQ(needs_flag ? RMI_RIPAS_DESTROYED : RMI_RIPAS_EMPTY,
					  r.realm.entry(kIpa).ripas);
				ask(r.rec, kIpa, kIpa + kPage, RSI_RIPAS_EMPTY, 1);
				r.set(kIpa, kIpa + kPage);
				EXPECT_EQ(RMI_RIPAS_EMPTY, r.realm.entry(kIpa).ripas);
			},
			settings);
	}
}

TEST(RttSetRipas, StopsBeforeADestroyedPage)
{
	in_every_version_since_1_0([](Machine &m) {
		RipasRequest r(m);
		r.realm.map_init(kIpa + 2 * kPage);
		r.realm.unmap(kIpa + 2 * kPage);
		r.realm.activate();
		ask(r.rec, kIpa, kIpa + 4 * kPage, RSI_RIPAS_RAM);
		EXPECT_EQ(kIpa + 2 * kPage, r.set(kIpa, kIpa + 4 * kPage).x[1]);
	});
}

/* An entry that has the RIPAS already is passed, also in its middle. */
TEST(RttSetRipas, PassesPartOfAnEntryThatHasTheRipasAlready)
{
	for (bool lenient : {true, false}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_SET_RIPAS_NOOP_NEEDS_NO_ALIGNMENT, lenient}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				constexpr uint64_t block = kIpa + k2M;
				RipasRequest r(m);
				r.realm.activate();
				ask(r.rec, block + kPage, block + 2 * kPage, RSI_RIPAS_EMPTY);
				const Answer a = r.set(block + kPage, block + 2 * kPage);
				EXPECT_EQ(lenient ? RMM_CONDITION_NONE
						  : RMI_RTT_SET_RIPAS_BASE_ALIGN_TF,
					  a.condition);
				EXPECT_EQ(lenient ? block + 2 * kPage : 0, a.x[1]);
			},
			settings);
	}
}

TEST(RttSetRipas, IsAllowedForATerminatedRealm)
{
	in_every_version_since_1_0([](Machine &m) {
		RipasRequest r(m);
		r.realm.activate();
		ask(r.rec, kIpa, kIpa + kPage, RSI_RIPAS_RAM);
		r.realm.terminate();
		EXPECT_EQ(kIpa + kPage, r.set(kIpa, kIpa + kPage).x[1]);
	});
}

} // namespace
} // namespace conformance
