/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_OP_CONTINUE, RMI_OP_MEM_DONATE, RMI_OP_MEM_RECLAIM, RMI_OP_CANCEL. */
#include "granule_rows.h"
#include "rtt_rows.h"

namespace conformance
{
namespace
{

/* An operation that waits for two granules. */
uint64_t begin_create(Scene &s)
{
	const Realm &realm = s.other_realm();

	s.rec_plan = Rec::plan(s.m);
	return s.m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), s.rec_plan.rec, s.rec_plan.params_ptr})
		.x[1];
}

/* One that offers two. */
uint64_t begin_destroy(Scene &s)
{
	if (!s.realm)
		s.add_realm();
	s.add_rec();
	return s.m.call(RMM_CMD_RMI_REC_DESTROY, {s.rec->pa()}).x[1];
}

/* One that has all it needs. */
uint64_t begin_and_donate(Scene &s)
{
	const uint64_t handle = begin_create(s);
	const uint64_t list = address_list(s.m, {range_desc(s.version(), s.m.granules(2), 2)});

	s.m.call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, list, 1, 0});
	return handle;
}

/* Handles that name no operation. */
std::vector<Violation> handle_rows(rmm_condition condition)
{
	return {
		{"WhenItIsOffByOne", condition, [](Scene &s) { s.x[1] += 1; }},
		{"WhenItIsOfAnotherGeneration", condition, [](Scene &s) { s.x[1] += 0x10000; }},
		{"WhenItIsZero", condition, [](Scene &s) { s.x[1] = 0; }},
		{"WhenAllBitsAreSet", condition, [](Scene &s) { s.x[1] = UINT64_MAX; }},
		{"WhenItsHighestBitIsAnother", condition,
		 [](Scene &s) { s.x[1] ^= UINT64_C(1) << 63; }},
		{"WhenTheOperationIsOver", condition,
		 [](Scene &s) {
			 s.x[1] = s.m.must(RMM_CMD_RMI_REC_DESTROY,
					   {s.other_rec(s.other_realm()).pa()})
					  .x[1];
		 }},
	};
}

Violation index_row(const char *when, rmm_condition condition, uint64_t index)
{
	return Violation(when, condition, [=](Scene &s) { s.x[1] = index; })
		.with(RMM_BEHAVIOUR_HANDLE_IS_POOL_INDEX)
		.does_not_combine();
}

constexpr uint64_t kTablePages = 32; /* of a level 1 GPT, contiguous and undelegated */

/* One that waits for contiguous memory gets `make`'s list. */
Violation contiguous_row(const char *when, rmm_condition condition,
			 std::function<std::vector<uint64_t>(Scene &)> make)
{
	return Violation(when, condition,
			 [=](Scene &s) {
				 const std::vector<uint64_t> descs = make(s);
				 s.x[1] = s.m.call(RMM_CMD_RMI_GPT_L1_CREATE, {kSpareRegion}).x[1];
				 s.x[2] = s.m.host_pages();
				 s.m.write(s.x[2], descs.data(), descs.size() * sizeof(uint64_t));
				 s.x[3] = descs.size();
			 })
		.with(RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT, false)
		.on_machine(region_without_gpt)
		.does_not_combine();
}

uint64_t table_pages(Scene &s)
{
	return s.m.host_pages(2 * kTablePages, 2 * kTablePages * kPage);
}

uint64_t undelegated(Scene &s, uint64_t pa, uint64_t count)
{
	return range_desc(s.version(), pa, count, 3, RMI_OP_MEM_UNDELEGATED);
}

/* The call is made by another PE while this one executes the operation. */
void while_executing(Scene &s)
{
	s.perform = [](Scene &t) {
		Answer answer;
		auto regs = t.x;
		const uint64_t handle = begin_and_donate(t);

		regs[0] = t.m.fid(t.command);
		regs[1] = handle;
		t.m.on_lock = [&] { answer = t.m.call_raw(regs, 1); };
		t.m.call(RMM_CMD_RMI_OP_CONTINUE, {handle, 0});
		return answer;
	};
}

/* ---- continue -------------------------------------------------------------------------- */

void continue_base(Scene &s)
{
	s.call(RMM_CMD_RMI_OP_CONTINUE, {begin_and_donate(s), 0});
}

const CommandTable &continue_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_OP_CONTINUE,
		continue_base,
		rows({
			handle_rows(RMI_OP_CONTINUE_COMPLETE),
			{
				index_row("WhenItIsAnUnusedIndex", RMI_OP_CONTINUE_COMPLETE, 1),
				index_row("WhenItIsTheNumberOfContexts", RMI_OP_CONTINUE_COMPLETE,
					  4),
				Violation("WhenAnotherPeExecutesIt", RMI_OP_CONTINUE_RUNNING,
					  while_executing)
					.does_not_combine(),
				{"WhenItWaitsForMemory", RMI_OP_CONTINUE_MEM_REQ,
				 [](Scene &s) { s.x[1] = begin_create(s); }},
				{"WhenItOffersMemory", RMI_OP_CONTINUE_MEM_REQ,
				 [](Scene &s) { s.x[1] = begin_destroy(s); }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(OpContinue, continue_table());

TEST(OpContinue, WorksOnAnyPe)
{
	in_every_version([](Machine &m) {
		Settings settings;
		Realm realm(m);
		const RecPlan plan = Rec::plan(m);
		const uint64_t list = address_list(m, {range_desc(m.version(), m.granules(2), 2)});
		const uint64_t handle =
			m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr})
				.x[1];

		m.call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, list, 1, 0}, 1);
		EXPECT_EQ(0u, m.call(RMM_CMD_RMI_OP_CONTINUE, {handle, 0}, 1).x[0]);
		EXPECT_EQ(RMM_GRANULE_REC, m.state_of(plan.rec));
	});
}

/* ---- donate ---------------------------------------------------------------------------- */

void donate_base(Scene &s)
{
	const uint64_t handle = begin_create(s);
	const uint64_t list = address_list(s.m, {range_desc(s.version(), s.m.granules(2), 2)});

	s.call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, list, 1, 0});
	s.perform = [](Scene &t) {
		auto regs = t.x;
		regs[0] = t.m.fid(t.command);
		return t.m.call_raw(regs);
	};
}

Violation list_row(const char *when, rmm_condition condition,
		   std::function<std::vector<uint64_t>(Scene &)> make)
{
	return {when, condition, [=](Scene &s) {
			const std::vector<uint64_t> descs = make(s);
			s.x[2] = s.m.host_pages();
			s.m.write(s.x[2], descs.data(), descs.size() * sizeof(uint64_t));
			s.x[3] = descs.size();
		}};
}

const CommandTable &donate_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_OP_MEM_DONATE,
		donate_base,
		rows({
			handle_rows(RMI_OP_MEM_DONATE_COMPLETE),
			host_structure(2, 8, RMI_OP_MEM_DONATE_LIST_ALIGN,
				       RMI_OP_MEM_DONATE_LIST_PAS),
			{
				contiguous_row("WhenItIsTwoRanges", RMI_OP_MEM_DONATE_MEM_CONTIG,
					       [](Scene &s) {
						       const uint64_t pa = table_pages(s);
						       return std::vector<uint64_t>{
							       undelegated(s, pa, 16),
							       undelegated(s, pa + 16 * kPage, 16)};
					       }),
				contiguous_row("WhenTheTableIsNotAlignedToItsSize",
					       RMI_OP_MEM_DONATE_MEM_ALIGN,
					       [](Scene &s) {
						       return std::vector<uint64_t>{undelegated(
							       s, table_pages(s) + kPage,
							       kTablePages)};
					       }),
				contiguous_row(
					"WhenTheTableIsDelegated", RMI_OP_MEM_DONATE_DESC_STATE,
					[](Scene &s) {
						return std::vector<uint64_t>{range_desc(
							s.version(), table_pages(s), kTablePages)};
					}),
				contiguous_row("WhenAPageOfTheTableIsDelegated",
					       RMI_OP_MEM_DONATE_MEM_STATE,
					       [](Scene &s) {
						       const uint64_t pa = table_pages(s);
						       s.m.delegate(pa + 31 * kPage, 1);
						       return std::vector<uint64_t>{
							       undelegated(s, pa, kTablePages)};
					       })
					.with(RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION, false),
				contiguous_row("WhenItIsMoreThanATable", RMI_OP_MEM_DONATE_MEM_GT,
					       [](Scene &s) {
						       return std::vector<uint64_t>{undelegated(
							       s, table_pages(s), kTablePages + 1)};
					       }),
				contiguous_row("WhenItIsAPartOfATable",
					       RMI_OP_MEM_DONATE_MEM_PARTIAL_TF,
					       [](Scene &s) {
						       return std::vector<uint64_t>{
							       undelegated(s, table_pages(s), 16)};
					       })
					.with(RMM_BEHAVIOUR_DONATE_CONTIGUOUS_WHOLE),
				Violation("WhenAnotherPeExecutesIt", RMI_OP_MEM_DONATE_RUNNING,
					  while_executing)
					.does_not_combine(),
				{"WhenItHasAllItNeeds", RMI_OP_MEM_DONATE_MEM_REQ,
				 [](Scene &s) { s.x[1] = begin_and_donate(s); }},
				{"WhenItOffersMemory", RMI_OP_MEM_DONATE_MEM_REQ,
				 [](Scene &s) { s.x[1] = begin_destroy(s); }},
				list_row("WhenABlockIsNotAlignedToItsSize",
					 RMI_OP_MEM_DONATE_MEM_ALIGN,
					 [](Scene &s) {
						 return std::vector<uint64_t>{range_desc(
							 s.version(),
							 s.m.granules(513, k2M) + kPage, 1, 2)};
					 }),
				list_row("WhenOneSaysUndelegated", RMI_OP_MEM_DONATE_DESC_STATE,
					 [](Scene &s) {
						 const uint64_t pa = s.m.granules(2);
						 return std::vector<uint64_t>{
							 range_desc(s.version(), pa),
							 range_desc(s.version(), pa + kPage, 1, 3,
								    RMI_OP_MEM_UNDELEGATED)};
					 }),
				list_row("WhenItIsOneGranule", RMI_OP_MEM_DONATE_MEM_GT,
					 [](Scene &s) {
						 return std::vector<uint64_t>{range_desc(
							 s.version(), s.m.granules(3), 3)};
					 }),
				list_row("WhenItIs1023BlocksOf512GiB", RMI_OP_MEM_DONATE_MEM_GT,
					 [](Scene &s) {
						 return std::vector<uint64_t>(
							 512, range_desc(s.version(), 0, 1023, 0));
					 }),
				Violation(list_row("WhenTheFirstIsUndelegated",
						   RMI_OP_MEM_DONATE_MEM_STATE,
						   [](Scene &s) {
							   return std::vector<uint64_t>{range_desc(
								   s.version(), s.m.host_pages())};
						   }))
					.with(RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION, false),
				Violation(list_row("WhenTheSecondIsTheFirstAgain",
						   RMI_OP_MEM_DONATE_MEM_STATE,
						   [](Scene &s) {
							   return std::vector<uint64_t>(
								   2, range_desc(s.version(),
										 s.m.granules()));
						   }))
					.with(RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION, false),
				Violation(list_row("WhenItIsInAHole", RMI_OP_MEM_DONATE_MEM_STATE,
						   [](Scene &s) {
							   return std::vector<uint64_t>{
								   range_desc(s.version(), kHole)};
						   }))
					.with(RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION, false),
				Violation(list_row("WhenItIsTheRecItself",
						   RMI_OP_MEM_DONATE_MEM_STATE,
						   [](Scene &s) {
							   return std::vector<uint64_t>{range_desc(
								   s.version(), s.rec_plan.rec)};
						   }))
					.with(RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION, false),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(OpMemDonate, donate_table());

uint64_t begin_create(Machine &m, Realm &realm, RecPlan *plan)
{
	*plan = Rec::plan(m);
	return m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan->rec, plan->params_ptr}).x[1];
}

uint64_t mem_request(const Machine &m, const Answer &a)
{
	return rmi_result_data_incomplete_mem(m.version(), rmi_result_data(m.version(), a.x[0]));
}

TEST(OpMemDonate, MayBeDoneInParts)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		RecPlan plan;
		const uint64_t pa = m.granules(2);
		const uint64_t handle = begin_create(m, realm, &plan);
		Answer a = m.call(RMM_CMD_RMI_OP_MEM_DONATE,
				  {handle, address_list(m, {range_desc(m.version(), pa)}), 1, 0});

		EXPECT_EQ(RMI_OP_MEM_REQ_DONATE, mem_request(m, a));
		EXPECT_EQ(1u, a.x[1]);
		EXPECT_EQ(1u, rmi_op_mem_donate_req_count(m.version(), a.x[2]));
		EXPECT_EQ(RMM_GRANULE_INTERNAL, m.state_of(pa));
		a = m.call(RMM_CMD_RMI_OP_MEM_DONATE,
			   {handle, address_list(m, {range_desc(m.version(), pa + kPage)}), 1, 0});
		EXPECT_EQ(RMI_OP_MEM_REQ_NONE, mem_request(m, a));
		EXPECT_EQ(1u, a.x[1]);
		EXPECT_EQ(0u, a.x[2]);
	});
}

TEST(OpMemDonate, OfNothingRepeatsTheRequest)
{
	in_every_version([](Machine &m) {
		Realm realm(m);
		RecPlan plan;
		const uint64_t handle = begin_create(m, realm, &plan);
		const uint64_t none = range_desc(m.version(), 0, 0);

		for (uint64_t count : {0, 2}) {
			const Answer a = m.call(RMM_CMD_RMI_OP_MEM_DONATE,
						{handle, address_list(m, {none, none}), count, 0});
			EXPECT_EQ(RMI_OP_MEM_REQ_DONATE, mem_request(m, a));
			EXPECT_EQ(0u, a.x[1]);
			EXPECT_EQ(2u, rmi_op_mem_donate_req_count(m.version(), a.x[2]));
		}
	});
}

TEST(OpMemDonate, ReadsNoEntryBehindTheEndOfTheListsGranuleWhereItIsClipped)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE, true}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			RecPlan plan;
			const uint64_t handle = begin_create(m, realm, &plan);
			const uint64_t list = m.host_pages(2) + kPage - 8;

			m.write_words(list, {range_desc(m.version(), m.granules()),
					     range_desc(m.version(), m.granules())});
			EXPECT_EQ(1u,
				  m.call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, list, UINT64_MAX, 0})
					  .x[1]);
		},
		settings);
}

TEST(OpMemDonate, EndsTheOperationAtABadGranuleWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_DONATE_STATE_FAILS_OPERATION, true}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			RecPlan plan;
			const rmm_version v = m.version();
			const uint64_t handle = begin_create(m, realm, &plan);
			const uint64_t good = m.granules();
			const uint64_t bad = m.host_pages();
			Answer a = m.call(
				RMM_CMD_RMI_OP_MEM_DONATE,
				{handle, address_list(m, {range_desc(v, good), range_desc(v, bad)}),
				 2, 0});
			EXPECT_EQ(RMI_OP_MEM_REQ_DONATE, mem_request(m, a));
			EXPECT_EQ(1u, a.x[1]);
			a = m.call(RMM_CMD_RMI_OP_MEM_DONATE,
				   {handle, address_list(m, {range_desc(v, bad)}), 1, 0});
			EXPECT_EQ(RMI_OP_MEM_REQ_RECLAIM, mem_request(m, a));
			EXPECT_EQ(0u, a.x[1]);
			a.x[1] = handle;
			EXPECT_EQ(RMI_REC_CREATE_DONATION, m.finish(a).condition);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(good));
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.rec));
		},
		settings);
}

/* ---- reclaim --------------------------------------------------------------------------- */

void reclaim_base(Scene &s)
{
	s.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {begin_destroy(s), s.m.host_pages(), 16});
	s.perform = [](Scene &t) {
		auto regs = t.x;
		regs[0] = t.m.fid(t.command);
		return t.m.call_raw(regs);
	};
}

const CommandTable &reclaim_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_OP_MEM_RECLAIM,
		reclaim_base,
		rows({
			handle_rows(RMI_OP_MEM_RECLAIM_COMPLETE),
			host_structure(2, 8, RMI_OP_MEM_RECLAIM_LIST_ALIGN,
				       RMI_OP_MEM_RECLAIM_LIST_PAS),
			{
				Violation("WhenAnotherPeExecutesIt", RMI_OP_MEM_RECLAIM_RUNNING,
					  while_executing)
					.does_not_combine(),
				{"WhenItWaitsForMemory", RMI_OP_MEM_RECLAIM_MEM_REQ,
				 [](Scene &s) { s.x[1] = begin_create(s); }},
				{"WhenItHasAllItNeeds", RMI_OP_MEM_RECLAIM_MEM_REQ,
				 [](Scene &s) { s.x[1] = begin_and_donate(s); }},
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(OpMemReclaim, reclaim_table());

TEST(OpMemReclaim, GivesBackAsMuchAsTheListHolds)
{
	Settings settings;

	settings.changes = {[](rmm_config &config) { config.rec_aux_granules = 3; }};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			RecPlan plan;
			const rmm_version v = m.version();
			const uint64_t pa = m.granules(6);
			const uint64_t handle = begin_create(m, realm, &plan);
			const uint64_t list = m.host_pages();
			m.call(RMM_CMD_RMI_OP_MEM_DONATE,
			       {handle,
				address_list(m, {range_desc(v, pa), range_desc(v, pa + 2 * kPage),
						 range_desc(v, pa + 4 * kPage)}),
				3, 0});
			m.call(RMM_CMD_RMI_OP_CONTINUE, {handle, 0});
			const uint64_t destroy = m.call(RMM_CMD_RMI_REC_DESTROY, {plan.rec}).x[1];
			Answer a = m.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {destroy, list, 0});
			EXPECT_EQ(RMI_OP_MEM_REQ_RECLAIM, mem_request(m, a));
			EXPECT_EQ(0u, a.x[1]);
			a = m.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {destroy, list, 2});
			EXPECT_EQ(RMI_OP_MEM_REQ_RECLAIM, mem_request(m, a));
			EXPECT_EQ(2u, a.x[1]);
			EXPECT_EQ(0u, m.read_word(list + 16));
			a = m.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {destroy, list, 512});
			EXPECT_EQ(RMI_OP_MEM_REQ_NONE, mem_request(m, a));
			EXPECT_EQ(1u, a.x[1]);
			EXPECT_EQ(0u, m.call(RMM_CMD_RMI_OP_CONTINUE, {destroy, 0}).x[0]);
		},
		settings);
}

/* ---- cancel ----------------------------------------------------------------------------- */

void cancel_base(Scene &s)
{
	s.call(RMM_CMD_RMI_OP_CANCEL, {begin_create(s)});
}

const CommandTable &cancel_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_OP_CANCEL,
		cancel_base,
		rows({
			handle_rows(RMI_OP_CANCEL_COMPLETE),
			{
				Violation("WhenAnotherPeExecutesIt", RMI_OP_CANCEL_RUNNING,
					  while_executing)
					.does_not_combine(),
				{"WhenItDestroys", RMI_OP_CANCEL_CAN_CANCEL,
				 [](Scene &s) { s.x[1] = begin_destroy(s); }},
				Violation("WhenNoOperationCanBeCancelled", RMI_OP_CANCEL_CAN_CANCEL,
					  [](Scene &s) { s.x[1] = begin_create(s); })
					.with(RMM_BEHAVIOUR_OPERATIONS_CANNOT_CANCEL),
			},
		}),
		kFirst,
		kLast,
	};

	return all;
}

INSTANTIATE_TEST_SUITE_P(OpCancel, Fails, ::testing::ValuesIn(failures(cancel_table())),
			 failure_name);

TEST(OpCancel, GivesBackWhatWasDonated)
{
	Settings settings;

	settings.behaviours = {{RMM_BEHAVIOUR_OPERATIONS_CANNOT_CANCEL, false}};
	in_every_version(
		[](Machine &m) {
			Realm realm(m);
			RecPlan plan;
			const uint64_t pa = m.granules();
			const uint64_t handle = begin_create(m, realm, &plan);
			m.call(RMM_CMD_RMI_OP_MEM_DONATE,
			       {handle, address_list(m, {range_desc(m.version(), pa)}), 1, 0});
			Answer a = m.call(RMM_CMD_RMI_OP_CANCEL, {handle});
			EXPECT_EQ(RMI_OP_MEM_REQ_RECLAIM, mem_request(m, a));
			a.x[1] = handle;
			m.finish(a);
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(pa));
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.rec));
			EXPECT_EQ(0u, rmm_num_operations(m.sys()));
			EXPECT_EQ(0u, realm.view().num_recs);
		},
		settings);
}

} // namespace
} // namespace conformance
