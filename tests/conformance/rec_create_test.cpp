/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REC_CREATE. */
#include <algorithm>

#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

void base(Scene &s)
{
	s.add_realm();
	s.rec_plan = Rec::plan(s.m);
	s.call(RMM_CMD_RMI_REC_CREATE, {s.realm->rd(), s.rec_plan.rec, s.rec_plan.params_ptr});
}

Violation mpidr_row(const char *when, rmm_condition condition, uint64_t mpidr)
{
	return {when, condition, [=](Scene &s) {
			s.rec_plan.params.mpidr = mpidr;
			s.rewrite_params();
		}};
}

void one_rec(rmm_config &config)
{
	config.features.max_recs_order = 1;
}

std::vector<Violation> realm_states()
{
	return {
		{"WhenItIsActive", RMI_REC_CREATE_REALM_STATE,
		 [](Scene &s) { s.realm->activate(); }},
		Violation("WhenItIsTerminated", RMI_REC_CREATE_REALM_STATE,
			  [](Scene &s) { s.realm->terminate(); })
			.since_2_0(),
	};
}

/* ---- auxiliary granules of 1.0 ---------------------------------------------------- */

Violation aux_row(const char *when, rmm_condition condition,
		  std::function<void(Scene &, rmi_rec_params &)> change)
{
	return {when, condition, [=](Scene &s) {
			change(s, s.rec_plan.params);
			s.rewrite_params();
		}};
}

Violation aux_at_row(const char *when, rmm_condition condition, uint64_t pa)
{
	return aux_row(when, condition, [=](Scene &, rmi_rec_params &p) { p.aux[1] = pa; });
}

std::vector<Violation> aux_rows()
{
	return {
		aux_row("WhenOneIsMissing", RMI_REC_CREATE_NUM_AUX,
			[](Scene &, rmi_rec_params &p) { p.num_aux--; }),
		aux_row("WhenThereIsOneTooMany", RMI_REC_CREATE_NUM_AUX,
			[](Scene &s, rmi_rec_params &p) {
				p.aux[2] = s.m.granules();
				p.num_aux++;
			}),
		aux_row("WhenThereAreMoreThanTheListHolds", RMI_REC_CREATE_NUM_AUX,
			[](Scene &, rmi_rec_params &p) { p.num_aux = 17; }),
		aux_row("WhenTheNumberIsTheGreatest", RMI_REC_CREATE_NUM_AUX,
			[](Scene &, rmi_rec_params &p) { p.num_aux = UINT64_MAX; }),
		aux_row("WhenItIsOffByOne", RMI_REC_CREATE_AUX_ALIGN,
			[](Scene &, rmi_rec_params &p) { p.aux[0]++; }),
		aux_row("WhenTheLastIsOffByHalf", RMI_REC_CREATE_AUX_ALIGN,
			[](Scene &, rmi_rec_params &p) { p.aux[1] += kPage / 2; }),
		aux_row("WhenOneIsThereTwice", RMI_REC_CREATE_AUX_ALIAS,
			[](Scene &, rmi_rec_params &p) { p.aux[1] = p.aux[0]; }),
		aux_row("WhenOneIsTheRec", RMI_REC_CREATE_AUX_ALIAS,
			[](Scene &s, rmi_rec_params &p) { p.aux[1] = s.rec_plan.rec; }),
		aux_row("WhenTheFirstIsUndelegated", RMI_REC_CREATE_AUX_STATE,
			[](Scene &s, rmi_rec_params &p) { p.aux[0] = s.m.host_pages(); }),
		aux_row("WhenTheLastIsUndelegated", RMI_REC_CREATE_AUX_STATE,
			[](Scene &s, rmi_rec_params &p) { p.aux[1] = s.m.host_pages(); }),
		aux_row("WhenOneIsAnotherRecs", RMI_REC_CREATE_AUX_STATE,
			[](Scene &s, rmi_rec_params &p) {
				p.aux[1] = s.other_rec(s.other_realm()).aux(0);
			}),
		aux_row("WhenOneIsTheRd", RMI_REC_CREATE_AUX_STATE,
			[](Scene &s, rmi_rec_params &p) { p.aux[1] = s.realm->rd(); }),
		aux_at_row("WhenOneIsInAHole", RMI_REC_CREATE_AUX_STATE, kHole),
		aux_at_row("WhenOneIsDeviceMemory", RMI_REC_CREATE_AUX_STATE, kDeviceBase),
		aux_at_row("WhenOneIsTheLastPageOfAll", RMI_REC_CREATE_AUX_STATE, kLastPage),
	};
}

/* A donated granule turns out not to be delegated. */
void donate_badly(Scene &s)
{
	s.perform = [](Scene &t) {
		Answer a = t.m.call(RMM_CMD_RMI_REC_CREATE, {t.x[1], t.x[2], t.x[3]});
		const uint64_t handle = a.x[1];
		const uint64_t list =
			address_list(t.m, {range_desc(t.version(), t.m.host_pages())});

		a = t.m.call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, list, 1, 0});
		a.x[1] = handle;
		return t.m.finish(a);
	};
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REC_CREATE,
		base,
		rows({
			object_granule(1, RMM_GRANULE_RD, RMI_REC_CREATE_RD_ALIGN,
				       RMI_REC_CREATE_RD_BOUND, RMI_REC_CREATE_RD_STATE),
			consumed_granule(2, RMI_REC_CREATE_REC_ALIGN, RMI_REC_CREATE_REC_BOUND,
					 RMI_REC_CREATE_REC_STATE),
			host_structure(3, kPage, RMI_REC_CREATE_PARAMS_ALIGN,
				       RMI_REC_CREATE_PARAMS_PAS, RMI_REC_CREATE_PARAMS_BOUND),
			realm_states(),
			aux_rows(),
			{
				{"WhenItIsTheRd", RMI_REC_CREATE_REC_STATE,
				 [](Scene &s) { s.x[2] = s.x[1]; }},
				Violation("WhenTheRealmHasAllItMayHave", RMI_REC_CREATE_NUM_RECS,
					  [](Scene &s) {
						  s.other_rec(*s.realm);
						  s.rec_plan.params.mpidr = 1;
						  s.rewrite_params();
					  })
					.on_machine(one_rec),
				mpidr_row("WhenItIsOneAhead", RMI_REC_CREATE_MPIDR_INDEX, 1),
				mpidr_row("WhenItsAff1IsSet", RMI_REC_CREATE_MPIDR_INDEX, 0x100),
				mpidr_row("WhenItsAff2IsSet", RMI_REC_CREATE_MPIDR_INDEX, 0x10000),
				mpidr_row("WhenItsAff3IsSet", RMI_REC_CREATE_MPIDR_INDEX,
					  0x1000000),
				mpidr_row("WhenAReservedBitIsSet", RMI_REC_CREATE_MPIDR_SBZ_TF,
					  0x10)
					.with(RMM_BEHAVIOUR_REC_MPIDR_SBZ_CHECKED),
				mpidr_row("WhenTheHighestBitIsSet", RMI_REC_CREATE_MPIDR_SBZ_TF,
					  UINT64_C(1) << 63)
					.with(RMM_BEHAVIOUR_REC_MPIDR_SBZ_CHECKED),
				Violation("WhenItIsNotDelegated", RMI_REC_CREATE_DONATION,
					  donate_badly)
					.with(RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION)
					.does_not_combine(),
				Violation("WhenTheRealmIsActiveAtTheEnd",
					  RMI_REC_CREATE_REALM_STATE,
					  [](Scene &s) { s.realm->activate(); })
					.with(RMM_BEHAVIOUR_REC_CREATE_CHECKS_DEFERRED)
					.since_2_0()
					.does_not_combine(),
				Violation("WhenTheyAreNotTheHostsAtTheEnd",
					  RMI_REC_CREATE_PARAMS_PAS,
					  [](Scene &s) { s.x[3] = s.m.secure_page(); })
					.with(RMM_BEHAVIOUR_REC_CREATE_CHECKS_DEFERRED)
					.since_2_0()
					.does_not_combine(),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RecCreate, table());

const CommandTable &aux_count_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REC_AUX_COUNT,
		[](Scene &s) {
			s.add_realm();
			s.call(RMM_CMD_RMI_REC_AUX_COUNT, {s.realm->rd()});
		},
		object_granule(1, RMM_GRANULE_RD, RMI_REC_AUX_COUNT_RD_ALIGN,
			       RMI_REC_AUX_COUNT_RD_BOUND, RMI_REC_AUX_COUNT_RD_STATE),
	};

	return all;
}

CONFORMANCE_TESTS(RecAuxCount, aux_count_table());

TEST(RecAuxCount, IsWhatTheMachineWasConfiguredWith)
{
	for (unsigned count : {0u, 5u, 16u}) {
		Settings settings;
		settings.version = RMM_VERSION_1_0_REL0;
		settings.changes = {count == 0   ? [](rmm_config &c) { c.rec_aux_granules = 0; }
				    : count == 5 ? [](rmm_config &c) { c.rec_aux_granules = 5; }
						 : [](rmm_config &c) { c.rec_aux_granules = 16; }};
		Machine m(settings);
		Realm realm(m);
		EXPECT_EQ(count, m.must(RMM_CMD_RMI_REC_AUX_COUNT, {realm.rd()}).x[1]);
		Rec rec(m, realm);
	}
}

/* ---- effects ------------------------------------------------------------------ */

TEST(RecCreate, StartsWithTheGivenRegisters)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		RecPlan plan = Rec::plan(m);
		rmm_rec_view view{};

		for (uint64_t i = 0; i < 8; i++)
			plan.params.gprs[i] = 100 + i;
		plan.params.pc = 0x4000;
		Rec::write_params(m, plan);
		m.must(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr});
		ASSERT_TRUE(rmm_rec_at(m.sys(), plan.rec, &view));
		EXPECT_EQ(realm.rd(), view.owner);
		EXPECT_TRUE(view.runnable);
		EXPECT_FALSE(view.running);
		EXPECT_EQ(0x4000u, view.vcpu.pc);
		for (uint64_t i = 0; i < RMM_NUM_GPRS; i++)
			EXPECT_EQ(i < 8 ? 100 + i : 0, view.vcpu.x[i]);
		EXPECT_EQ(1u, realm.view().num_recs);
	});
}

TEST(RecCreate, MeasuresRunnableRecsOnly)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const rmm_realm_view fresh = realm.view();
		Rec sleeping(m, realm, 0, false);
		EXPECT_TRUE(std::equal(fresh.rim, fresh.rim + 64, realm.view().rim));
		Rec runnable(m, realm, 1, true);
		EXPECT_FALSE(std::equal(fresh.rim, fresh.rim + 64, realm.view().rim));
	});
}

TEST(RecCreate, CountsAff0To15AndThenAff1)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);

		for (uint64_t i = 0; i < 16; i++)
			Rec(m, realm, i);
		Rec last(m, realm, 0x100);
		EXPECT_EQ(0x100u, last.view().mpidr);
	});
}

TEST(RecCreate, NeverUsesAnIndexAgain)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		Rec rec(m, realm, 0);

		m.must(RMM_CMD_RMI_REC_DESTROY, {rec.pa()});
		const RecPlan again = Rec::plan(m, 0);
		EXPECT_EQ(RMI_REC_CREATE_MPIDR_INDEX,
			  m.finish(m.call(RMM_CMD_RMI_REC_CREATE,
					  {realm.rd(), again.rec, again.params_ptr}))
				  .condition);
		Rec next(m, realm, 1);
	});
}

TEST(RecCreate, NeedsNoOperationWhenARecNeedsNoMemory)
{
	Settings settings;

	settings.changes = {[](rmm_config &config) { config.rec_aux_granules = 0; }};
	in_every_version_since_1_0(
		[](Machine &m) {
			Realm realm(m);
			const RecPlan plan = Rec::plan(m);
			EXPECT_EQ(0u, m.call(RMM_CMD_RMI_REC_CREATE,
					     {realm.rd(), plan.rec, plan.params_ptr})
					      .x[0]);
		},
		settings);
}

TEST(RecCreate, TakesTheGranulesThatTheParametersNameIn1)
{
	Settings settings;

	settings.version = RMM_VERSION_1_0_REL0;
	Machine m(settings);
	Realm realm(m);
	Rec rec(m, realm);
	for (unsigned i = 0; i < m.rec_aux_granules(); i++)
		EXPECT_EQ(RMM_GRANULE_INTERNAL, m.state_of(rec.aux(i)));
	m.must(RMM_CMD_RMI_REC_DESTROY, {rec.pa()});
	for (unsigned i = 0; i < m.rec_aux_granules(); i++)
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(rec.aux(i)));
}

TEST(RecCreate, AsksForMemoryAndHoldsTheGranuleMeanwhile)
{
	in_every_version([](Machine &m) {
		const rmm_version v = m.version();
		Realm realm(m);
		const RecPlan plan = Rec::plan(m);
		const Answer a =
			m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr});

		EXPECT_EQ(RMI_INCOMPLETE, a.status());
		EXPECT_EQ(RMI_OP_MEM_REQ_DONATE,
			  rmi_result_data_incomplete_mem(v, rmi_result_data(v, a.x[0])));
		EXPECT_EQ(RMI_PAGE_L3, rmi_op_mem_donate_req_size(v, a.x[2]));
		EXPECT_EQ(2u, rmi_op_mem_donate_req_count(v, a.x[2]));
		EXPECT_EQ(RMI_OP_MEM_NON_CONTIG, rmi_op_mem_donate_req_contig(v, a.x[2]));
		EXPECT_EQ(RMI_OP_MEM_DELEGATED, rmi_op_mem_donate_req_state(v, a.x[2]));
		EXPECT_EQ(RMM_GRANULE_PARTIAL, m.state_of(plan.rec));
		EXPECT_EQ(1u, rmm_num_operations(m.sys()));
		EXPECT_EQ(0u, realm.view().num_recs);
	});
}

TEST(RecCreate, ChecksTheRealmAgainAtTheEnd)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		const RecPlan plan = Rec::plan(m);
		const Answer begun =
			m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr});
		realm.activate();
		const Answer a = m.finish(begun);

		EXPECT_EQ(RMI_REC_CREATE_REALM_STATE, a.condition);
		EXPECT_EQ(RMI_ERROR_REALM, a.x[0]);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.rec));
		EXPECT_EQ(0u, rmm_num_operations(m.sys()));
	});
}

TEST(RecCreate, ReadsItsParametersAtTheEndWhereTheBehaviourSaysSo)
{
	for (bool deferred : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_REC_CREATE_CHECKS_DEFERRED, deferred}};
		in_every_version(
			[=](Machine &m) {
				Realm realm(m);
				RecPlan plan = Rec::plan(m);
				const Answer begun =
					m.call(RMM_CMD_RMI_REC_CREATE,
					       {realm.rd(), plan.rec, plan.params_ptr});
				rmm_rec_view view{};

				plan.params.pc = 0x7000;
				Rec::write_params(m, plan);
				EXPECT_EQ(0u, m.finish(begun).x[0]);
				ASSERT_TRUE(rmm_rec_at(m.sys(), plan.rec, &view));
				EXPECT_EQ(deferred ? 0x7000u : 0x10000u, view.vcpu.pc);
			},
			settings);
	}
}

TEST(RecCreate, IsBlockedWhenAllContextsWaitForTheirHosts)
{
	Settings settings;

	settings.changes = {[](rmm_config &config) { config.sro_contexts = 1; }};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			const RecPlan a = Rec::plan(m);
			const RecPlan b = Rec::plan(m);
			const Answer begun =
				m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), a.rec, a.params_ptr});
			const Answer blocked =
				m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), b.rec, b.params_ptr});

			EXPECT_EQ(RMI_ANY_BLOCKED, blocked.condition);
			EXPECT_EQ(RMI_BLOCKED, blocked.x[0]);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(b.rec));
			EXPECT_EQ(0u, m.finish(begun).x[0]);
		},
		settings);
}

} // namespace
} // namespace conformance
