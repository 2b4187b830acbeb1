/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_REALM_CREATE. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

void base(Scene &s)
{
	s.realm_plan = Realm::plan(s.m);
	s.call(RMM_CMD_RMI_REALM_CREATE, {s.realm_plan.rd, s.realm_plan.params_ptr});
}

/* A row whose parameters differ. */
Violation params_row(const char *when, rmm_condition condition,
		     std::function<void(Scene &, rmi_realm_params &)> change)
{
	return {when, condition, [=](Scene &s) {
			change(s, s.realm_plan.params);
			s.rewrite_params();
		}};
}

Violation shape_row(const char *when, uint64_t s2sz, int64_t level, uint64_t num)
{
	return params_row(when, RMI_REALM_CREATE_RTT_NUM_LEVEL, [=](Scene &, rmi_realm_params &p) {
		p.s2sz = s2sz;
		p.rtt_level_start = level;
		p.rtt_num_start = num;
	});
}

Violation flags0_row(const char *when, rmm_condition condition,
		     uint64_t (*with)(rmm_version, uint64_t, uint64_t), uint64_t value)
{
	return params_row(when, condition,
			  [=](Scene &s, rmi_realm_params &p) {
				  p.flags0 = with(s.version(), p.flags0, value);
			  })
		.since_2_0();
}

/* 1.0 has another name for the same word. */
Violation flags_row(const char *when, rmm_condition condition,
		    uint64_t (*with)(rmm_version, uint64_t, uint64_t), uint64_t value)
{
	return params_row(when, condition,
			  [=](Scene &s, rmi_realm_params &p) {
				  p.flags = with(s.version(), p.flags, value);
			  })
		.until_1_0();
}

Violation flags1_row(const char *when, rmm_condition condition,
		     uint64_t (*with)(rmm_version, uint64_t, uint64_t), uint64_t value)
{
	return params_row(when, condition,
			  [=](Scene &s, rmi_realm_params &p) {
				  p.flags1 = with(s.version(), p.flags1, value);
			  })
		.since_2_0();
}

/* ---- planes ------------------------------------------------------------------------- */

void tree_per_plane(rmm_config &config)
{
	config.features.max_num_aux_planes = 3;
	config.features.rtt_plane = RMI_RTT_PLANE_AUX;
}

void single_tree(rmm_config &config)
{
	config.features.max_num_aux_planes = 3;
	config.features.rtt_plane = RMI_RTT_PLANE_SINGLE;
	config.features.rtt_s2ap_indirect = true;
}

/* One more plane with a tree of its own. */
void add_tree(Scene &s, rmi_realm_params &p)
{
	p.num_aux_planes = 1;
	p.flags1 = rmi_realm_flags1_with_rtt_tree_per_plane(s.version(), p.flags1, 1);
	p.aux_rtt_base[0] = s.m.granules(2, 2 * kPage);
}

Violation tree_row(const char *when, rmm_condition condition,
		   std::function<void(Scene &, rmi_realm_params &)> change)
{
	return params_row(when, condition,
			  [=](Scene &s, rmi_realm_params &p) {
				  add_tree(s, p);
				  change(s, p);
			  })
		.on_machine(tree_per_plane)
		.since_2_0();
}

/* ---- the machine's limits ------------------------------------------------------------- */

void eight_vmid_bits(rmm_config &config)
{
	config.vmid_bits = 8;
}

void no_shared_hash(rmm_config &config)
{
	config.features.sha_384 = false;
	config.features.sha_512 = false;
}

void one_private_mecid(rmm_config &config)
{
	config.features.mec_count = 1;
}

void small_pa_space(rmm_config &config)
{
	config.pa_bits = 42;
}

/* 64 realms of four VMIDs use up the 256. */
void use_up_vmids(Scene &s)
{
	for (int i = 0; i < 256; i++)
		s.other_realm();
}

std::vector<Violation> support_rows()
{
	constexpr auto supp = RMI_REALM_CREATE_PARAMS_SUPP;

	return {
		params_row("WhenTheIpaSpaceIsLargerThanSupported", supp,
			   [](Scene &, rmi_realm_params &p) { p.s2sz = 49; }),
		params_row("WhenTheIpaSpaceIsHuge", supp,
			   [](Scene &, rmi_realm_params &p) { p.s2sz = 255; }),
		params_row("WhenThereIsNoBreakpoint", supp,
			   [](Scene &, rmi_realm_params &p) { p.num_bps = 0; }),
		params_row("WhenThereAreTooManyBreakpoints", supp,
			   [](Scene &, rmi_realm_params &p) { p.num_bps = 6; }),
		params_row("WhenThereIsNoWatchpoint", supp,
			   [](Scene &, rmi_realm_params &p) { p.num_wps = 0; }),
		params_row("WhenThereAreTooManyWatchpoints", supp,
			   [](Scene &, rmi_realm_params &p) { p.num_wps = 4; }),
		params_row("WhenTheVectorLengthIsNotSupported", supp,
			   [](Scene &, rmi_realm_params &p) { p.sve_vl = 1; }),
		params_row("WhenThereAreTooManyCounters", supp,
			   [](Scene &, rmi_realm_params &p) { p.pmu_num_ctrs = 1; }),
		params_row("WhenSha512IsNotSupported", supp,
			   [](Scene &, rmi_realm_params &p) { p.hash_algo = RMI_HASH_SHA_512; })
			.on_machine(no_shared_hash),
		params_row("WhenSha384IsNotSupported", supp,
			   [](Scene &, rmi_realm_params &p) { p.hash_algo = RMI_HASH_SHA_384; })
			.on_machine(no_shared_hash)
			.since_2_0(),
		params_row("WhenThereAreTooManyPlanes", supp,
			   [](Scene &, rmi_realm_params &p) { p.num_aux_planes = 1; })
			.since_2_0(),
		flags_row("WhenSveIsNotSupportedIn1", supp, rmi_realm_flags_with_sve, 1),
		flags_row("WhenThePmuIsNotSupportedIn1", supp, rmi_realm_flags_with_pmu, 1)
			.with(RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED, false),
		flags0_row("WhenSveIsNotSupported", supp, rmi_realm_flags0_with_sve, 1),
		flags0_row("WhenThePmuIsNotSupported", supp, rmi_realm_flags0_with_pmu, 1)
			.with(RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED, false),
		flags0_row("WhenDevicesAreNotSupported", supp, rmi_realm_flags0_with_da, 1),
		flags1_row("WhenAtsIsNotSupported", supp, rmi_realm_flags1_with_ats, 1),
		flags1_row("WhenIndirectPermissionsAreNotSupported", supp,
			   rmi_realm_flags1_with_rtt_s2ap_encoding, 1),
		params_row("WhenPlanesNeedTreesOfTheirOwn", supp,
			   [](Scene &, rmi_realm_params &p) { p.num_aux_planes = 1; })
			.on_machine(tree_per_plane)
			.since_2_0()
			.does_not_combine(),
		params_row("WhenPlanesMustShareTheTree", supp, add_tree)
			.on_machine(single_tree)
			.since_2_0()
			.does_not_combine(),
		params_row("WhenASharedTreeHasDirectPermissions", supp,
			   [](Scene &, rmi_realm_params &p) { p.num_aux_planes = 1; })
			.on_machine(single_tree)
			.since_2_0()
			.does_not_combine(),
	};
}

std::vector<Violation> shape_rows()
{
	return {
		shape_row("WhenOneTableIsMissing", 40, 1, 1),
		shape_row("WhenThereIsOneTableTooMany", 40, 1, 3),
		shape_row("WhenThereIsNoTable", 40, 1, 0),
		shape_row("WhenTheNumberOfTablesIsHuge", 40, 1, UINT64_C(1) << 32),
		shape_row("WhenTheIpaSpaceIsTooSmallForTheLevel", 39, 0, 1),
		shape_row("WhenTheIpaSpaceIsTooLargeForLevel1", 44, 1, 32),
		shape_row("WhenTheIpaSpaceIsTooLargeForLevel2", 35, 2, 32),
		shape_row("WhenTheLevelIsThree", 32, 3, 1),
		shape_row("WhenTheLevelIsFour", 40, 4, 1),
		shape_row("WhenTheLevelIsMinusOneWithoutLpa2", 48, -1, 1),
		shape_row("WhenTheLevelIsMinusTwo", 48, -2, 1),
		shape_row("WhenTheLevelIsTheMostNegativeNumber", 40, INT64_MIN, 2),
		shape_row("WhenTheLevelIsRightModulo256", 40, 0x101, 2),
		shape_row("WhenTheIpaSpaceIsSmallerThan32Bits", 31, 1, 1),
		shape_row("WhenThePaSpaceIsTooSmallForLevel0", 48, 0, 1)
			.on_machine(small_pa_space)
			.does_not_combine(),
	};
}

std::function<void(Scene &)> rd_is_starting_table(uint64_t offset)
{
	return [=](Scene &s) { s.x[1] = s.realm_plan.params.rtt_base + offset; };
}

std::vector<Violation> tree_rows()
{
	return {
		tree_row("WhenItIsOffByOnePage", RMI_REALM_CREATE_AUX_RTT_ALIGN_TF,
			 [](Scene &, rmi_realm_params &p) { p.aux_rtt_base[0] += kPage; }),
		tree_row("WhenItIsUndelegated", RMI_REALM_CREATE_AUX_RTT_STATE_TF,
			 [](Scene &s, rmi_realm_params &p) {
				 p.aux_rtt_base[0] = s.m.host_pages(2, 2 * kPage);
			 }),
		tree_row("WhenTheLastTableIsUndelegated", RMI_REALM_CREATE_AUX_RTT_STATE_TF,
			 [](Scene &s, rmi_realm_params &p) {
				 p.aux_rtt_base[0] = s.m.host_pages(2, 2 * kPage);
				 s.m.delegate(p.aux_rtt_base[0], 1);
			 }),
		tree_row("WhenTheTreesAreTheSame", RMI_REALM_CREATE_AUX_ALIAS_TF,
			 [](Scene &, rmi_realm_params &p) { p.aux_rtt_base[0] = p.rtt_base; }),
		tree_row("WhenTheRdIsInATree", RMI_REALM_CREATE_AUX_ALIAS_TF,
			 [](Scene &s, rmi_realm_params &p) { s.x[1] = p.aux_rtt_base[0]; })
			.with(RMM_BEHAVIOUR_REALM_CREATE_IS_STATEFUL, false),
	};
}

const CommandTable &table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_REALM_CREATE,
		base,
		rows({
			host_structure(2, kPage, RMI_REALM_CREATE_PARAMS_ALIGN,
				       RMI_REALM_CREATE_PARAMS_PAS, RMI_REALM_CREATE_PARAMS_BOUND),
			consumed_granule(1, RMI_REALM_CREATE_RD_ALIGN, RMI_REALM_CREATE_RD_BOUND,
					 RMI_REALM_CREATE_RD_STATE),
			support_rows(),
			shape_rows(),
			tree_rows(),
			{
				params_row("WhenTheHashIsReserved", RMI_REALM_CREATE_PARAMS_VALID,
					   [](Scene &, rmi_realm_params &p) { p.hash_algo = 3; }),
				params_row("WhenTheHashIsTheGreatestNumber",
					   RMI_REALM_CREATE_PARAMS_VALID,
					   [](Scene &, rmi_realm_params &p) { p.hash_algo = 255; }),
				params_row("WhenTheHashIsOneOf2", RMI_REALM_CREATE_PARAMS_VALID,
					   [](Scene &, rmi_realm_params &p) {
						   p.hash_algo = RMI_HASH_SHA_384;
					   })
					.until_1_0(),
				params_row("WhenItIsAnotherRealms", RMI_REALM_CREATE_VMID_VALID,
					   [](Scene &s, rmi_realm_params &p) {
						   p.vmid = s.other_realm().params().vmid;
					   }),
				params_row("WhenItNeedsMoreThanEightBits",
					   RMI_REALM_CREATE_VMID_VALID,
					   [](Scene &, rmi_realm_params &p) { p.vmid = 256; })
					.on_machine(eight_vmid_bits),
				flags0_row("WhenTheMecPolicyIsReserved",
					   RMI_REALM_CREATE_PARAMS_VALID,
					   rmi_realm_flags0_with_mec_policy, 2),
				flags0_row("WhenTheLfaPolicyIsReserved",
					   RMI_REALM_CREATE_PARAMS_VALID,
					   rmi_realm_flags0_with_lfa_policy, 3)
					.with(RMM_BEHAVIOUR_LFA_POLICY_IGNORED, false),
				params_row("WhenItNamesNoPlane", RMI_REALM_CREATE_ATS_PLANE,
					   [](Scene &, rmi_realm_params &p) { p.ats_plane = 1; }),
				params_row(
					"WhenTheyAreOffByOnePage", RMI_REALM_CREATE_RTT_ALIGN,
					[](Scene &, rmi_realm_params &p) { p.rtt_base += kPage; }),
				params_row("WhenTheyAreOffByOne", RMI_REALM_CREATE_RTT_ALIGN,
					   [](Scene &, rmi_realm_params &p) { p.rtt_base += 1; }),
				Violation("WhenAllAreInUse", RMI_REALM_CREATE_VMID, use_up_vmids)
					.on_machine(eight_vmid_bits)
					.does_not_combine(),
				flags0_row("WhenThePlatformHasNone", RMI_REALM_CREATE_MEC_POLICY,
					   rmi_realm_flags0_with_mec_policy, 1)
					.with(RMM_BEHAVIOUR_MEC_PRIVATE_WITHOUT_FEATURE, false),
				params_row("WhenTheOnlyOneIsInUse", RMI_REALM_CREATE_MEC_POLICY,
					   [](Scene &s, rmi_realm_params &p) {
						   p.flags0 = rmi_realm_flags0_with_mec_policy(
							   s.version(), p.flags0, 1);
						   rmi_realm_params other = RealmPlan::usual();
						   other.flags0 = p.flags0;
						   s.realms.emplace_back(s.m,
									 Realm::plan(s.m, other));
					   })
					.on_machine(one_private_mecid)
					.does_not_combine(),
				params_row("WhenTheyAreUndelegated", RMI_REALM_CREATE_RTT_STATE,
					   [](Scene &s, rmi_realm_params &p) {
						   p.rtt_base = s.m.host_pages(2, 2 * kPage);
					   }),
				params_row("WhenOnlyTheFirstIsDelegated",
					   RMI_REALM_CREATE_RTT_STATE,
					   [](Scene &s, rmi_realm_params &p) {
						   p.rtt_base = s.m.host_pages(2, 2 * kPage);
						   s.m.delegate(p.rtt_base, 1);
					   }),
				params_row("WhenTheyAreAnotherRealms", RMI_REALM_CREATE_RTT_STATE,
					   [](Scene &s, rmi_realm_params &p) {
						   p.rtt_base = s.other_realm().params().rtt_base;
					   }),
				params_row(
					"WhenTheyAreInAHole", RMI_REALM_CREATE_RTT_STATE,
					[](Scene &, rmi_realm_params &p) { p.rtt_base = kHole; }),
				params_row("WhenTheyBeginWithTheLastPageOfAll",
					   RMI_REALM_CREATE_RTT_STATE,
					   [](Scene &, rmi_realm_params &p) {
						   p.rtt_base = kLastPage - kPage;
					   }),
				params_row("WhenTheyReachBehindDram", RMI_REALM_CREATE_RTT_STATE,
					   [](Scene &s, rmi_realm_params &p) {
						   p.s2sz = 41;
						   p.rtt_num_start = 4;
						   p.rtt_base = kDramBase + kDramSize;
						   (void)s;
					   }),
				Violation("WhenItIsTheFirstStartingTable", RMI_REALM_CREATE_ALIAS,
					  rd_is_starting_table(0))
					.with(RMM_BEHAVIOUR_REALM_CREATE_IS_STATEFUL, false),
				Violation("WhenItIsTheLastStartingTable", RMI_REALM_CREATE_ALIAS,
					  rd_is_starting_table(kPage))
					.with(RMM_BEHAVIOUR_REALM_CREATE_IS_STATEFUL, false),
				/* The operation holds the RD by then. */
				Violation("WhenTheRdIsOneOfThem", RMI_REALM_CREATE_RTT_STATE,
					  rd_is_starting_table(kPage))
					.with(RMM_BEHAVIOUR_REALM_CREATE_IS_STATEFUL)
					.since_2_0()
					.does_not_combine(),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RealmCreate, table());

/* ---- effects ------------------------------------------------------------------ */

TEST(RealmCreate, MakesANewRealmOfTheGranules)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);
		const rmm_realm_view view = realm.view();

		EXPECT_EQ(RMM_GRANULE_RD, m.state_of(realm.rd()));
		EXPECT_EQ(RMM_GRANULE_RTT, m.state_of(realm.params().rtt_base));
		EXPECT_EQ(RMM_GRANULE_RTT, m.state_of(realm.params().rtt_base + kPage));
		EXPECT_EQ(RMM_REALM_NEW, view.state);
		EXPECT_EQ(40, view.ipa_width);
		EXPECT_EQ(1, view.rtt_level_start);
		EXPECT_EQ(2u, view.rtt_num_start);
		EXPECT_EQ(0u, view.num_recs);
	});
}

TEST(RealmCreate, BeginsWithVoidAndUnmappedEntries)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm realm(m);

		for (uint64_t ipa :
		     {UINT64_C(0), kUnprotected - k1G, kUnprotected, kIpaEnd - k1G}) {
			const Realm::Entry entry = realm.entry(ipa, 1);
			EXPECT_EQ(RMI_RTTE_VOID, entry.state);
			EXPECT_EQ(RMI_RIPAS_EMPTY, entry.ripas);
		}
		realm.map_unprotected(kIpaEnd - k1G, k1G, 1);
	});
}

TEST(RealmCreate, StartsTheMeasurementAtZeroOrFromTheParameters)
{
	for (bool from_params : {false, true}) {
		Settings settings;
		settings.behaviours = {{RMM_BEHAVIOUR_RIM_STARTS_FROM_PARAMS, from_params}};
		in_every_version_since_1_0(
			[=](Machine &m) {
				const rmm_realm_view view = Realm(m).view();
				const bool zero = std::all_of(view.rim, view.rim + 64,
							      [](uint8_t b) { return b == 0; });
				EXPECT_EQ(!from_params, zero);
			},
			settings);
	}
}

TEST(RealmCreate, GivesEveryRealmAVmidOfItsOwn)
{
	in_every_version_since_1_0([](Machine &m) {
		Realm a(m);
		Realm b(m);
		EXPECT_NE(a.view().vmid, b.view().vmid);
	});
}

TEST(RealmCreate, TakesEveryShapeOfTheStartingTables)
{
	static const struct {
		uint64_t s2sz;
		int64_t level;
		uint64_t num;
	} shapes[] = {{32, 1, 1}, {39, 1, 1},  {40, 1, 2}, {43, 1, 16}, {32, 2, 4},
		      {33, 2, 8}, {34, 2, 16}, {40, 0, 1}, {48, 0, 1}};

	in_every_version_since_1_0([](Machine &m) {
		for (const auto &shape : shapes) {
			rmi_realm_params params = RealmPlan::usual();
			params.s2sz = shape.s2sz;
			params.rtt_level_start = shape.level;
			params.rtt_num_start = shape.num;
			Realm realm(m, Realm::plan(m, params));
			EXPECT_EQ(shape.level, realm.entry(0, 3).level);
		}
	});
}

TEST(RealmCreate, TakesATreeOfEachPlane)
{
	Settings settings;

	settings.changes = {tree_per_plane};
	in_every_version(
		[](Machine &m) {
			RealmPlan plan = Realm::plan(m);
			plan.params.num_aux_planes = 1;
			plan.params.flags1 =
				rmi_realm_flags1_with_rtt_tree_per_plane(m.version(), 0, 1);
			plan.params.aux_rtt_base[0] = m.granules(2, 2 * kPage);
			Realm::write_params(m, plan);
			Realm realm(m, plan);
			EXPECT_EQ(RMM_GRANULE_RTT, m.state_of(plan.params.aux_rtt_base[0]));
			realm.terminate();
			m.must(RMM_CMD_RMI_REALM_DESTROY, {realm.rd()});
			EXPECT_EQ(RMM_GRANULE_DELEGATED, m.state_of(plan.params.aux_rtt_base[0]));
		},
		settings);
}

TEST(RealmCreate, AcceptsWhatIsNotOfferedWhereTheBehaviourSaysSo)
{
	Settings settings;

	settings.changes = {no_shared_hash};
	settings.behaviours = {{RMM_BEHAVIOUR_SHA_384_ACCEPTED_UNADVERTISED, true},
			       {RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED, true},
			       {RMM_BEHAVIOUR_MEC_PRIVATE_WITHOUT_FEATURE, true},
			       {RMM_BEHAVIOUR_LFA_POLICY_IGNORED, true}};
	in_every_version(
		[](Machine &m) {
			const rmm_version v = m.version();
			rmi_realm_params params = RealmPlan::usual();
			params.hash_algo = RMI_HASH_SHA_384;
			params.flags0 = rmi_realm_flags0_with_pmu(v, params.flags0, 1);
			params.flags0 = rmi_realm_flags0_with_mec_policy(v, params.flags0, 1);
			params.flags0 = rmi_realm_flags0_with_lfa_policy(v, params.flags0, 3);
			Realm realm(m, Realm::plan(m, params));
		},
		settings);
}

TEST(RealmCreate, GivesTheRealmTheVmidThatTheHostChoseIn1)
{
	Settings settings;

	settings.version = RMM_VERSION_1_0_REL0;
	Machine m(settings);
	rmi_realm_params params = RealmPlan::usual();
	RealmPlan plan = Realm::plan(m, params);
	plan.params.vmid = 0x1234;
	Realm::write_params(m, plan);
	Realm realm(m, plan);
	EXPECT_EQ(0x1234, realm.view().vmid);
	m.must(RMM_CMD_RMI_REALM_DESTROY, {realm.rd()});
	Realm again(m, plan);
	EXPECT_EQ(0x1234, again.view().vmid);
}

TEST(RealmCreate, TakesNoVmidWhenItFails)
{
	Settings settings;

	settings.changes = {eight_vmid_bits};
	in_every_version_since_1_0(
		[](Machine &m) {
			const RealmPlan plan = Realm::plan(m);
			for (int i = 0; i < 300; i++)
				m.finish(m.call(RMM_CMD_RMI_REALM_CREATE,
						{plan.rd + 1, plan.params_ptr}));
			Realm realm(m, plan);
		},
		settings);
}

} // namespace
} // namespace conformance
