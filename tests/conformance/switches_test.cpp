/* SPDX-License-Identifier: BSD-3-Clause */
/* Behaviour switches of memory and of stateful operations, each alone. */
#include <gtest/gtest.h>

#include "scene.h"

namespace conformance
{
namespace
{

Settings with(rmm_behaviour behaviour, bool on)
{
	Settings settings;
	settings.behaviours = {{behaviour, on}};
	return settings;
}

void bank_up_to_the_last_granule(rmm_config &config)
{
	config.pa_bits = 32;
	config.banks[config.num_banks++] = {0xffe00000, k2M, RMM_BANK_DRAM};
}

std::vector<rmm_version> versions()
{
	return {RMM_VERSION_2_0_BET0, RMM_VERSION_2_0_BET1, RMM_VERSION_2_0_BET2,
		RMM_VERSION_2_0_BET3};
}

struct Donation {
	Machine m;
	RealmPlan plan = Realm::plan(m);
	Answer begun;

	explicit Donation(bool continues, rmm_version version = RMM_VERSION_2_0_BET3)
		: m([continues, version] {
			  Settings s =
				  with(RMM_BEHAVIOUR_CONTINUE_AFTER_FAILED_TRANSFER, continues);
			  s.behaviours.emplace_back(RMM_BEHAVIOUR_REALM_CREATE_IS_STATEFUL, true);
			  s.version = version;
			  return s;
		  }()),
		  begun(m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr}))
	{
		const uint64_t not_delegated = m.host_pages();

		m.write_words(m.scratch(), {range_desc(m.version(), not_delegated)});
		m.call(RMM_CMD_RMI_OP_MEM_DONATE, {begun.x[1], m.scratch(), 1, 0});
	}
	Answer go_on()
	{
		return m.call(RMM_CMD_RMI_OP_CONTINUE, {begun.x[1], 0});
	}
};

TEST(ContinueAfterFailedTransfer, EndsTheOperation)
{
	for (rmm_version version : versions()) {
		Donation donation(true, version);
		const Answer answer = donation.m.finish(donation.go_on());

		EXPECT_EQ(RMI_ERROR_INPUT, answer.status());
		EXPECT_EQ(RMI_REALM_CREATE_DONATION, answer.condition);
		EXPECT_EQ(RMM_GRANULE_DELEGATED, donation.m.state_of(donation.plan.rd));
	}
}

TEST(ContinueAfterFailedTransfer, IsRefusedWithoutTheSwitch)
{
	Donation donation(false);
	const Answer answer = donation.go_on();

	EXPECT_EQ(RMI_OP_CONTINUE_MEM_REQ, answer.condition);
	EXPECT_EQ(RMM_GRANULE_PARTIAL, donation.m.state_of(donation.plan.rd));
}

class PartialObject : public testing::TestWithParam<bool>
{
};

TEST_P(PartialObject, IsBlockedOrInTheWrongState)
{
	Settings settings = with(RMM_BEHAVIOUR_PARTIAL_OBJECT_BLOCKED, GetParam());
	settings.version = RMM_VERSION_2_0_BET3;
	Machine m(settings);
	const RealmPlan plan = Realm::plan(m);

	m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr});
	const Answer answer = m.call(RMM_CMD_RMI_REALM_ACTIVATE, {plan.rd});

	EXPECT_EQ(GetParam() ? RMI_BLOCKED : RMI_ERROR_INPUT, answer.status());
}

INSTANTIATE_TEST_SUITE_P(Switch, PartialObject, testing::Bool());

class LastGranule : public testing::TestWithParam<bool>
{
};

TEST_P(LastGranule, CannotBeDelegatedWithLastGranuleFixed)
{
	Settings settings = with(RMM_BEHAVIOUR_LAST_GRANULE_FIXED, GetParam());
	settings.changes.push_back(bank_up_to_the_last_granule);
	Machine m(settings);
	const uint64_t top = UINT64_C(1) << 32;

	const Answer range = m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {top - 2 * kPage, top});
	const Answer last = m.call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {top - kPage, top});

	EXPECT_EQ(RMI_SUCCESS, range.x[0]);
	EXPECT_EQ(GetParam() ? top - kPage : top, range.x[1]);
	EXPECT_EQ(RMI_ERROR_INPUT, last.status());
	EXPECT_EQ(GetParam() ? RMI_GRANULE_RANGE_DELEGATE_PAS : RMI_GRANULE_RANGE_DELEGATE_STATE,
		  last.condition);
}

INSTANTIATE_TEST_SUITE_P(Switch, LastGranule, testing::Bool());

/* ---- the front door ------------------------------------------------------------------- */

class UnknownCommands : public testing::TestWithParam<bool>
{
};

TEST_P(UnknownCommands, AreThoseThatTfRmmLacksWithOnlyTfRmmCommands)
{
	Machine m(with(RMM_BEHAVIOUR_ONLY_TF_RMM_COMMANDS, GetParam()));
	const uint64_t region = UINT64_C(1) << 30;

	const Answer set = m.call(RMM_CMD_RMI_GRANULE_TRACKING_SET, {1, 0, 0});
	const Answer create = m.call(RMM_CMD_RMI_GPT_L1_CREATE, {region + 1});

	EXPECT_EQ(GetParam() ? UINT64_MAX : RMI_ERROR_INPUT, set.x[0]);
	EXPECT_EQ(RMI_ERROR_INPUT, create.x[0]);
}

TEST_P(UnknownCommands, AreThoseOfDevicesWithDeviceCommandsUnknown)
{
	Machine m(with(RMM_BEHAVIOUR_DEVICE_COMMANDS_UNKNOWN, GetParam()));

	const Answer answer = m.call(RMM_CMD_RMI_PDEV_CREATE, {1, 2});

	EXPECT_EQ(GetParam() ? UINT64_MAX : RMI_ERROR_NOT_SUPPORTED, answer.x[0]);
}

INSTANTIATE_TEST_SUITE_P(Switch, UnknownCommands, testing::Bool());

class HostBuffer : public testing::TestWithParam<bool>
{
};

TEST_P(HostBuffer, MustBeConventionalMemoryWithHostBuffersInDram)
{
	Machine m(with(RMM_BEHAVIOUR_HOST_BUFFERS_IN_DRAM, GetParam()));

	EXPECT_EQ(GetParam() ? RMI_RMM_CONFIG_GET_CFG_PAS : RMM_CONDITION_NONE,
		  m.call(RMM_CMD_RMI_RMM_CONFIG_GET, {kDeviceBase}).condition);
	EXPECT_EQ(RMM_CONDITION_NONE,
		  m.call(RMM_CMD_RMI_RMM_CONFIG_GET, {m.host_pages()}).condition);
}

INSTANTIATE_TEST_SUITE_P(Switch, HostBuffer, testing::Bool());

/* ---- realm parameters ------------------------------------------------------------------- */

/* Parameters that one of the two settings of a behaviour refuses. */
struct ParamsRow {
	const char *name;
	rmm_behaviour behaviour;
	bool succeeds_with; /* with the behaviour; without it the opposite */
	std::function<void(Machine &, RealmPlan &)> change;
};

void PrintTo(const ParamsRow &row, std::ostream *os)
{
	*os << row.name;
}

uint64_t params_offset(const Machine &m, const char *field)
{
	return rmm_abi_field_find(rmm_abi_type_find("RmiRealmParams"), m.version(), field)->offset;
}

class RealmParams : public testing::TestWithParam<ParamsRow>
{
protected:
	static Answer create(const ParamsRow &row, bool on)
	{
		Settings settings = with(row.behaviour, on);

		settings.changes.push_back([](rmm_config &config) {
			config.features.pmu = true;
			config.features.pmu_num_ctrs = 4;
		});
		Machine m(settings);
		RealmPlan plan = Realm::plan(m);
		row.change(m, plan);
		return m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr});
	}
};

TEST_P(RealmParams, AreAcceptedByOneSettingOnly)
{
	const ParamsRow &row = GetParam();

	for (bool on : {false, true}) {
		const Answer answer = create(row, on);

		EXPECT_EQ(on == row.succeeds_with ? RMM_CONDITION_NONE
						  : RMI_REALM_CREATE_PARAMS_SUPP,
			  answer.condition)
			<< (on ? "with" : "without");
	}
}

std::string params_row_name(const testing::TestParamInfo<ParamsRow> &row)
{
	return row.param.name;
}

INSTANTIATE_TEST_SUITE_P(
	Switch, RealmParams,
	testing::Values(
		ParamsRow{"CountersWithoutPmu", RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED, true,
			  [](Machine &m, RealmPlan &plan) {
				  plan.params.pmu_num_ctrs = 5;
				  Realm::write_params(m, plan);
			  }},
		ParamsRow{"VectorLengthWithoutSve", RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED, true,
			  [](Machine &m, RealmPlan &plan) {
				  plan.params.sve_vl = 1;
				  Realm::write_params(m, plan);
			  }},
		ParamsRow{"PmuWithoutCounters", RMM_BEHAVIOUR_PMU_WITHOUT_COUNTERS_REFUSED, false,
			  [](Machine &m, RealmPlan &plan) {
				  plan.params.flags0 = rmi_realm_flags0_with_pmu(
					  m.version(), plan.params.flags0, 1);
				  Realm::write_params(m, plan);
			  }},
		ParamsRow{"Ats", RMM_BEHAVIOUR_ATS_FLAG_IGNORED, true,
			  [](Machine &m, RealmPlan &plan) {
				  plan.params.flags1 = rmi_realm_flags1_with_ats(
					  m.version(), plan.params.flags1, 1);
				  Realm::write_params(m, plan);
			  }},
		ParamsRow{"BreakpointsBeyondTheField", RMM_BEHAVIOUR_REALM_PARAMS_32_BITS, false,
			  [](Machine &m, RealmPlan &plan) {
				  m.write_words(plan.params_ptr + params_offset(m, "num_bps"),
						{0x101});
			  }},
		ParamsRow{"PlanesBeyond32Bits", RMM_BEHAVIOUR_REALM_PARAMS_32_BITS, true,
			  [](Machine &m, RealmPlan &plan) {
				  m.write_words(plan.params_ptr +
							params_offset(m, "num_aux_planes"),
						{UINT64_C(1) << 32});
			  }}),
	params_row_name);

/* ---- returning memory ----------------------------------------------------------------------- */

/* Granules that a REC asks for. */
uint64_t rec_memory(const Machine &m)
{
	return rmm_system_config(m.sys())->rec_aux_granules;
}

class Reclaim : public testing::TestWithParam<bool>
{
};

TEST_P(Reclaim, ReturnsMemoryBeforeItLooksAtTheListWithReclaimReturnsMemoryFirst)
{
	Machine m(with(RMM_BEHAVIOUR_RECLAIM_RETURNS_MEMORY_FIRST, GetParam()));
	Realm realm(m);
	Rec rec(m, realm);
	const uint64_t all = rec_memory(m);
	const uint64_t handle = m.call(RMM_CMD_RMI_REC_DESTROY, {rec.pa()}).x[1];

	const Answer refused = m.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {handle, m.secure_page(), 1});
	const Answer next = m.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {handle, m.scratch(), all});
	const uint64_t desc = m.read_word(m.scratch());

	EXPECT_EQ(RMI_OP_MEM_RECLAIM_LIST_PAS, refused.condition);
	EXPECT_EQ(1u, next.x[1]);
	EXPECT_EQ(GetParam() ? 1u : all, rmi_addr_range_desc_count(m.version(), desc));
	EXPECT_EQ(GetParam() ? RMI_OP_MEM_REQ_RECLAIM : RMI_OP_MEM_REQ_NONE,
		  rmi_result_data_incomplete_mem(m.version(),
						 rmi_result_data(m.version(), next.x[0])));
}

TEST_P(Reclaim, OfNothingNeedsNoListWithReclaimReturnsMemoryFirst)
{
	Machine m(with(RMM_BEHAVIOUR_RECLAIM_RETURNS_MEMORY_FIRST, GetParam()));
	Realm realm(m);
	Rec rec(m, realm);
	const uint64_t handle = m.call(RMM_CMD_RMI_REC_DESTROY, {rec.pa()}).x[1];

	const Answer answer = m.call(RMM_CMD_RMI_OP_MEM_RECLAIM, {handle, m.secure_page(), 0});

	EXPECT_EQ(GetParam() ? RMI_INCOMPLETE : RMI_ERROR_INPUT, answer.status());
}

INSTANTIATE_TEST_SUITE_P(Switch, Reclaim, testing::Bool());

/* ---- what the platform may lack ----------------------------------------------------------- */

class Platform : public testing::TestWithParam<bool>
{
protected:
	static Settings lacking(rmm_behaviour behaviour, void (*change)(rmm_config &))
	{
		Settings settings = with(behaviour, GetParam());

		settings.changes.push_back(change);
		return settings;
	}
	static Answer create_realm(Machine &m)
	{
		const RealmPlan plan = Realm::plan(m);

		return m.finish(m.call(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr}));
	}
};

TEST_P(Platform, TokenOutOfDateFailsRealmCreateWithPatValidChecked)
{
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(GetParam() ? RMI_REALM_CREATE_PAT_VALID : RMM_CONDITION_NONE,
				  create_realm(m).condition);
		},
		lacking(RMM_BEHAVIOUR_PAT_VALID_CHECKED,
			[](rmm_config &config) { config.pat_out_of_date = true; }));
}

TEST_P(Platform, WithoutRandomNumbersFailsRealmCreateWithRealmInstanceIdCanFail)
{
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(GetParam() ? RMI_REALM_CREATE_INSTANCE_ID_TF : RMM_CONDITION_NONE,
				  create_realm(m).condition);
		},
		lacking(RMM_BEHAVIOUR_REALM_INSTANCE_ID_CAN_FAIL,
			[](rmm_config &config) { config.no_randomness = true; }));
}

TEST_P(Platform, TrackingMemoryAtBootFailsConfigSetWithConfigSetTrackedChecked)
{
	Settings settings = lacking(RMM_BEHAVIOUR_CONFIG_SET_TRACKED_CHECKED,
				    [](rmm_config &config) { config.tracked_at_boot = true; });
	settings.activate = false;
	in_every_version(
		[](Machine &m) {
			EXPECT_EQ(GetParam() ? RMI_RMM_CONFIG_SET_TRACKED : RMM_CONDITION_NONE,
				  m.call(RMM_CMD_RMI_RMM_CONFIG_SET, {m.host_pages()}).condition);
		},
		settings);
}

INSTANTIATE_TEST_SUITE_P(Switch, Platform, testing::Bool());

/* ---- lists and contiguous memory ------------------------------------------------------------ */

void contiguous_memory(rmm_config &config)
{
	config.aux_contiguous = true;
}

struct Creation {
	RecPlan plan;
	Answer begun;
	uint64_t size;
	uint64_t memory;

	Creation(Machine &m, const Realm &realm)
		: plan(Rec::plan(m)),
		  begun(m.call(RMM_CMD_RMI_REC_CREATE, {realm.rd(), plan.rec, plan.params_ptr})),
		  size(rec_memory(m)), memory(m.granules(size, size * kPage))
	{
	}
	Answer donate(Machine &m, std::initializer_list<uint64_t> list) const
	{
		m.write_words(m.scratch(), list);
		return m.call(RMM_CMD_RMI_OP_MEM_DONATE, {begun.x[1], m.scratch(), list.size(), 0});
	}
};

class Contiguous : public testing::TestWithParam<bool>
{
};

TEST_P(Contiguous, MemoryComesAsAWholeWithDonateContiguousWhole)
{
	Settings settings = with(RMM_BEHAVIOUR_DONATE_CONTIGUOUS_WHOLE, GetParam());
	settings.changes.push_back(contiguous_memory);
	Machine m(settings);
	const Realm realm(m);
	const Creation creation(m, realm);

	const Answer half =
		creation.donate(m, {range_desc(m.version(), creation.memory, creation.size / 2)});
	const Answer none = creation.donate(m, {0});

	EXPECT_EQ(GetParam() ? RMI_OP_MEM_DONATE_MEM_PARTIAL_TF : RMM_CONDITION_NONE,
		  half.condition);
	EXPECT_EQ(GetParam() ? 0u : creation.size / 2, half.x[1]);
	EXPECT_EQ(RMI_INCOMPLETE, none.status());
}

INSTANTIATE_TEST_SUITE_P(Switch, Contiguous, testing::Bool());

TEST(ContiguousMemory, IsAskedForAndComesInOneRange)
{
	Settings settings;
	settings.changes.push_back(contiguous_memory);
	Machine m(settings);
	const Realm realm(m);
	const Creation creation(m, realm);
	const rmm_version v = m.version();

	const uint64_t half = creation.size / 2;

	const Answer two =
		creation.donate(m, {range_desc(v, creation.memory, half),
				    range_desc(v, creation.memory + half * kPage, half)});
	const Answer one = creation.donate(m, {range_desc(v, creation.memory, creation.size)});

	EXPECT_EQ(RMI_OP_MEM_CONTIG, rmi_op_mem_donate_req_contig(v, creation.begun.x[2]));
	EXPECT_EQ(RMI_OP_MEM_DONATE_MEM_CONTIG, two.condition);
	EXPECT_EQ(creation.size, one.x[1]);
}

class List : public testing::TestWithParam<bool>
{
protected:
	static Settings settings()
	{
		return with(RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE, GetParam());
	}
	/* The last entry of a granule; what follows is in the next one. */
	static uint64_t at_the_end_of(uint64_t page)
	{
		return page + kPage - sizeof(uint64_t);
	}
};

TEST_P(List, OfMemoryToDonateEndsWithItsGranuleWithListClippedToGranule)
{
	Machine m(settings());
	const Realm realm(m);
	const Creation creation(m, realm);
	const uint64_t list = at_the_end_of(m.host_pages(2));

	m.write_words(list, {range_desc(m.version(), creation.memory)});
	m.write_words(list + sizeof(uint64_t), {range_desc(m.version(), creation.memory + kPage)});
	const Answer answer = m.call(RMM_CMD_RMI_OP_MEM_DONATE, {creation.begun.x[1], list, 2, 0});

	EXPECT_EQ(GetParam() ? 1u : 2u, answer.x[1]);
}

TEST_P(List, ThatGoesOnInMemoryOfRealmsIsRefusedUnlessItIsClipped)
{
	Machine m(settings());
	const Realm realm(m);
	const Creation creation(m, realm);
	const uint64_t pages = m.host_pages(2);

	m.delegate(pages + kPage, 1);
	m.write_words(at_the_end_of(pages), {0});
	const Answer answer = m.call(RMM_CMD_RMI_OP_MEM_DONATE,
				     {creation.begun.x[1], at_the_end_of(pages), 2, 0});

	EXPECT_EQ(GetParam() ? RMM_CONDITION_NONE : RMI_OP_MEM_DONATE_LIST_PAS, answer.condition);
}

TEST_P(List, OfUnmappedMemoryEndsWithItsGranuleWithListClippedToGranule)
{
	Machine m(settings());
	Realm realm(m);
	const uint64_t list = at_the_end_of(m.host_pages(2));
	uint64_t flags = rmi_rtt_unmap_flags_with_oaddr_type(m.version(), 0, RMI_ADDR_TYPE_LIST);

	flags = rmi_rtt_unmap_flags_with_list_count(m.version(), flags, 2);
	realm.tables_to(0, 3);
	const uint64_t memory = m.granules(3);
	realm.map_at(0, memory);
	realm.map_at(kPage, memory + 2 * kPage);
	const Answer answer =
		m.call(RMM_CMD_RMI_RTT_DATA_UNMAP, {realm.rd(), 0, 2 * kPage, flags, list});

	EXPECT_EQ(GetParam() ? 1u : 2u, answer.x[3]);
}

INSTANTIATE_TEST_SUITE_P(Switch, List, testing::Bool());

/* ---- interrupts of the host -------------------------------------------------------------- */

/* Three pages that are mapped while an interrupt is pending. */
struct Mapping {
	static constexpr uint64_t kTop = 3 * kPage;

	Machine m;
	Realm realm;
	uint64_t memory;
	uint64_t flags;
	bool interrupted = true;

	explicit Mapping(const Settings &settings)
		: m(settings), realm(m), memory(m.granules(3)),
		  flags(rmi_rtt_prot_map_flags_with_oaddr_type(m.version(), 0,
							       RMI_ADDR_TYPE_SINGLE))
	{
		realm.tables_to(0, 3);
	}
	/* The line is up during one call. */
	Answer call(rmm_command command, const Arguments &arguments)
	{
		rmm_set_irq(m.sys(), 0, interrupted);
		return m.call(command, arguments);
	}
	Answer begin()
	{
		return call(RMM_CMD_RMI_RTT_DATA_MAP,
			    {realm.rd(), 0, kTop, flags, range_desc(m.version(), memory, 3)});
	}
	Answer go_on(const Answer &begun, uint64_t beyond)
	{
		return call(RMM_CMD_RMI_OP_CONTINUE,
			    {begun.x[1], rmi_continue_flags_with_beyond(m.version(), 0, beyond)});
	}
};

class Interrupt : public testing::TestWithParam<bool>
{
};

TEST_P(Interrupt, StopsDataMapWithMapYieldsToInterrupts)
{
	Mapping mapping(with(RMM_BEHAVIOUR_MAP_YIELDS_TO_INTERRUPTS, GetParam()));

	const Answer answer = mapping.begin();

	EXPECT_EQ(GetParam() ? RMI_INCOMPLETE : RMI_SUCCESS, answer.status());
	EXPECT_EQ(RMI_RTTE_DATA, mapping.realm.entry(0).state);
	EXPECT_EQ(GetParam() ? RMI_RTTE_VOID : RMI_RTTE_DATA, mapping.realm.entry(kPage).state);
}

TEST_P(Interrupt, StopsDataUnmapWithMapYieldsToInterrupts)
{
	Mapping mapping(with(RMM_BEHAVIOUR_MAP_YIELDS_TO_INTERRUPTS, GetParam()));

	mapping.interrupted = false;
	mapping.begin();
	rmm_set_fiq(mapping.m.sys(), 0, true);
	const Answer answer = mapping.m.call(RMM_CMD_RMI_RTT_DATA_UNMAP,
					     {mapping.realm.rd(), 0, Mapping::kTop, 0, 0});

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(GetParam() ? kPage : Mapping::kTop, answer.x[1]);
}

TEST_P(Interrupt, StopsUnprotectedMappingsWithMapYieldsToInterrupts)
{
	Mapping mapping(with(RMM_BEHAVIOUR_MAP_YIELDS_TO_INTERRUPTS, GetParam()));
	const uint64_t base = kUnprotected;

	mapping.realm.tables_to(base, 3);
	const Answer answer =
		mapping.call(RMM_CMD_RMI_RTT_UNPROT_MAP,
			     {mapping.realm.rd(), base, base + Mapping::kTop,
			      rmi_rtt_unprot_map_flags_with_oaddr_type(mapping.m.version(), 0,
								       RMI_ADDR_TYPE_SINGLE),
			      range_desc(mapping.m.version(), mapping.m.host_pages(3), 3)});

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(base + (GetParam() ? kPage : Mapping::kTop), answer.x[1]);
}

/* With one entry a call, however long the interrupt stays. */
TEST(InterruptedDataMap, GoesOnUntilItsRangeIsMapped)
{
	Mapping mapping(with(RMM_BEHAVIOUR_CONTINUE_FLAGS_IGNORED, false));

	const Answer begun = mapping.begin();
	const Answer second = mapping.go_on(begun, RMI_CONTINUE_KEEP_GOING);
	const Answer third = mapping.go_on(begun, RMI_CONTINUE_KEEP_GOING);

	EXPECT_EQ(RMI_INCOMPLETE, begun.status());
	EXPECT_EQ(RMI_INCOMPLETE, second.status());
	EXPECT_EQ(0u, second.x[1]);
	EXPECT_EQ(RMI_SUCCESS, third.x[0]);
	EXPECT_EQ(+Mapping::kTop, third.x[1]);
	EXPECT_EQ(mapping.memory + 2 * kPage, mapping.realm.entry(2 * kPage).desc);
	EXPECT_EQ(0u, rmm_num_operations(mapping.m.sys()));
}

TEST(InterruptedDataMap, LeavesWhatTheHostUnmappedMeanwhile)
{
	Mapping mapping(with(RMM_BEHAVIOUR_CONTINUE_FLAGS_IGNORED, false));

	const Answer begun = mapping.begin();
	mapping.interrupted = false;
	mapping.realm.unmap(0);
	const Answer answer = mapping.go_on(begun, RMI_CONTINUE_KEEP_GOING);

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(+Mapping::kTop, answer.x[1]);
	EXPECT_EQ(RMI_RTTE_VOID, mapping.realm.entry(0).state);
}

TEST(InterruptedDataMap, EndsWithSuccessWhereNoContextIsFree)
{
	Settings settings = with(RMM_BEHAVIOUR_MAP_YIELDS_TO_INTERRUPTS, true);
	settings.changes.push_back([](rmm_config &config) { config.sro_contexts = 1; });
	Mapping mapping(settings);
	const Creation creation(mapping.m, mapping.realm);

	const Answer answer = mapping.begin();

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(kPage, answer.x[1]);
}

TEST_P(Interrupt, EndsADataMapThatIsContinuedWithContinueFlagsIgnored)
{
	Mapping mapping(with(RMM_BEHAVIOUR_CONTINUE_FLAGS_IGNORED, GetParam()));

	const Answer begun = mapping.begin();
	mapping.interrupted = false;
	const Answer answer = mapping.go_on(begun, RMI_CONTINUE_KEEP_GOING);

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(GetParam() ? kPage : Mapping::kTop, answer.x[1]);
}

TEST_P(Interrupt, EndsADataMapThatIsToStopWithAndWithoutContinueFlagsIgnored)
{
	Mapping mapping(with(RMM_BEHAVIOUR_CONTINUE_FLAGS_IGNORED, GetParam()));

	const Answer begun = mapping.begin();
	const Answer answer = mapping.go_on(begun, RMI_CONTINUE_STOP);

	EXPECT_EQ(RMI_SUCCESS, answer.x[0]);
	EXPECT_EQ(kPage, answer.x[1]);
}

INSTANTIATE_TEST_SUITE_P(Switch, Interrupt, testing::Bool());

/* ---- reading entries ------------------------------------------------------------------------ */

class DestroyedData : public testing::TestWithParam<bool>
{
};

TEST_P(DestroyedData, HasNoAddressWithReadEntryHidesDestroyedData)
{
	Machine m(with(RMM_BEHAVIOUR_READ_ENTRY_HIDES_DESTROYED_DATA, GetParam()));
	Realm realm(m);

	realm.tables_to(0, 3);
	realm.map_init(0);
	realm.unmap(0);
	const uint64_t memory = realm.map(0);
	const Realm::Entry entry = realm.entry(0);

	EXPECT_EQ(RMI_RTTE_DATA, entry.state);
	EXPECT_EQ(RMI_RIPAS_DESTROYED, entry.ripas);
	EXPECT_EQ(GetParam() ? 0u : memory, entry.desc);
}

INSTANTIATE_TEST_SUITE_P(Switch, DestroyedData, testing::Bool());

} // namespace
} // namespace conformance
