/* SPDX-License-Identifier: BSD-3-Clause */
#include "facts.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "oracle/functions.h"
#include "oracle/image.h"
#include "oracle/objects.h"
#include "oracle/oracle.h"
#include "oracle/rtt.h"
#include "oracle/set.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/memory.h"
#include "tamper.h"

#define DRAM     UINT64_C(0x80000000)
#define DRAM_TOP (DRAM + (64 << 20))
#define COHERENT UINT64_C(0x40000000)
#define DEVICE   UINT64_C(0x50000000)
#define HOLE     UINT64_C(0x60000000)
#define FAR      UINT64_C(0x200000000) /* in the physical address space, without memory */
#define TABLE    (DRAM + 0x100000)
#define RECORD   (DRAM + 0x200000)
#define HOST     (DRAM + 0x300000)

static void note(struct facts *f, bool holds, const char *says, int line)
{
	const size_t len = strlen(f->wrong);

	f->num++;
	if (!holds && len < sizeof(f->wrong))
		snprintf(f->wrong + len, sizeof(f->wrong) - len, "facts.c:%d: %s\n", line, says);
}

/* The expression is true, and it is known to be. */
#define FACT(expression)                                                                       \
	do {                                                                                   \
		env->fault = ORACLE_NO_FAULT;                                                  \
		note(f, (expression) && env->fault == ORACLE_NO_FAULT, #expression, __LINE__); \
	} while (0)
/* It has no value: it looks at what is not there, or the text leaves it open. */
#define NO_VALUE(why, expression)                                             \
	do {                                                                  \
		env->fault = ORACLE_NO_FAULT;                                 \
		(void)(expression);                                           \
		note(f, env->fault == (why), #expression " " #why, __LINE__); \
		env->fault = ORACLE_NO_FAULT;                                 \
	} while (0)
#define ILL_FORMED(expression) NO_VALUE(ORACLE_ILL_FORMED, expression)
#define UNKNOWN(expression)    NO_VALUE(ORACLE_UNKNOWN, expression)

static void behave(struct facts *f, enum rmm_behaviour behaviour, bool on)
{
	const uint64_t bit = UINT64_C(1) << (unsigned int)behaviour % 64;

	if (on)
		f->sys->behaviours[(unsigned int)behaviour / 64] |= bit;
	else
		f->sys->behaviours[(unsigned int)behaviour / 64] &= ~bit;
}

static void form(struct facts *f, enum rmm_command command)
{
	f->env->form = rmm_abi_command_by_id(f->env->version, command);
}

/* ---- numbers ------------------------------------------------------------------------ */

static void granule_sizes(struct facts *f)
{
	struct oracle_env *const env = f->env;

	FACT(oracle_fn_GranuleSizeFromRmi(env, RMI_GRANULE_SIZE_4KB) == 4096);
	FACT(oracle_fn_GranuleSizeFromRmi(env, RMI_GRANULE_SIZE_16KB) == 16384);
	FACT(oracle_fn_GranuleSizeFromRmi(env, RMI_GRANULE_SIZE_64KB) == 65536);
	ILL_FORMED(oracle_fn_GranuleSizeFromRmi(env, 3));
	FACT(oracle_fn_GranuleSizeToRmi(env, 4096) == RMI_GRANULE_SIZE_4KB);
	FACT(oracle_fn_GranuleSizeToRmi(env, 16384) == RMI_GRANULE_SIZE_16KB);
	FACT(oracle_fn_GranuleSizeToRmi(env, 65536) == RMI_GRANULE_SIZE_64KB);
	ILL_FORMED(oracle_fn_GranuleSizeToRmi(env, 8192));
	FACT(oracle_fn_TrackingRegionSizeFromRmi(env, RMI_GRANULE_SIZE_4KB, 0) == 1 << 30);
	FACT(oracle_fn_TrackingRegionSizeFromRmi(env, RMI_GRANULE_SIZE_16KB, 0) == 1 << 25);
	FACT(oracle_fn_TrackingRegionSizeFromRmi(env, RMI_GRANULE_SIZE_64KB, 1) == (oracle_int)1
											   << 42);
	FACT(oracle_fn_TrackingRegionSizeFromRmi(env, RMI_GRANULE_SIZE_4KB, 1) == 0);
	FACT(oracle_fn_TrackingRegionSizeToRmi(env, 16384, (oracle_int)1 << 36) == 1);
	FACT(oracle_fn_TrackingRegionSizeToRmi(env, 65536, 1 << 29) == 0);
	ILL_FORMED(oracle_fn_TrackingRegionSizeToRmi(env, 4096, 4096));
}

static void powers_and_words(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8};

	FACT(oracle_power(2, 70) == (oracle_int)1 << 70);
	FACT(oracle_power(2, 4096) == (oracle_int)1 << 120);
	FACT(oracle_power(2, -1) == 1);
	FACT(oracle_power(10, 3) == 1000);
	FACT(oracle_power(10, 1000) >= (oracle_int)1 << 100);
	FACT(oracle_signed(0xff, 8) == -1);
	FACT(oracle_signed(0x7f, 8) == 127);
	FACT(oracle_signed(UINT64_MAX, 64) == -1);
	FACT(oracle_bits(UINT64_MAX, 60, 64) == 0xf);
	FACT(oracle_load(bytes, 3) == 0x030201);
	FACT(oracle_load(bytes, 8) == UINT64_C(0x0807060504030201));
	FACT(oracle_index(env, 3, 4) == 3);
	ILL_FORMED(oracle_index(env, 4, 4));
	ILL_FORMED(oracle_index(env, -1, 4));
}

static void levels(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const struct oracle_RmmRealm realm = {.rtt_level_start = 1};
	const struct oracle_RmmRealm high = {.rtt_level_start = 0};

	FACT(oracle_fn_RttLevelSize(env, 3) == 4096);
	FACT(oracle_fn_RttLevelSize(env, -1) == (oracle_int)1 << 48);
	ILL_FORMED(oracle_fn_RttLevelSize(env, 4));
	ILL_FORMED(oracle_fn_RttLevelSize(env, -2));
	FACT(oracle_fn_RttEntryIndex(env, 0x5000, 3) == 5);
	ILL_FORMED(oracle_fn_RttEntryIndex(env, 0x5000, 4));
	FACT(oracle_fn_RttLevelHasBlocks(env, 2));
	FACT(!oracle_fn_RttLevelHasBlocks(env, 0));
	FACT(!oracle_fn_RttLevelHasBlocks(env, 4));
	FACT(oracle_fn_RttLevelIsBlockOrPage(env, &realm, 3));
	FACT(!oracle_fn_RttLevelIsBlockOrPage(env, &high, 0));
	FACT(!oracle_fn_RttLevelIsBlockOrPage(env, &realm, 4));
	FACT(oracle_fn_RttLevelIsStarting(env, &realm, 1));
}

static void versions(struct facts *f)
{
	struct oracle_env *const env = f->env;

	FACT(oracle_fn_RmiVersionIsSupported(env, oracle_fn_RmiVersionHighest(env)));
	FACT(oracle_fn_RmiVersionLowerIsSupported(env, UINT64_C(0x30000)));
	FACT(!oracle_fn_RmiVersionLowerIsSupported(env, UINT64_C(0x10000)));
	FACT(oracle_fn_RmiVersionHigherIsSupported(env, UINT64_C(0x10000)));
	FACT(!oracle_fn_RmiVersionHigherIsSupported(env, UINT64_C(0x20000)));
	FACT(!oracle_fn_RmiVersionLowerIsSupported(env, UINT64_C(0x20000)));
	UNKNOWN(oracle_fn_RmiFeatureRegisterEncode(env, 2));
	FACT(oracle_fn_RmiFeatureRegisterEncode(env, 5) == 0);
}

/* ---- memory ------------------------------------------------------------------------- */

static void granules(struct facts *f)
{
	struct oracle_env *const env = f->env;
	static const struct {
		enum rmm_gpi gpi;
		uint64_t label;
	} labels[] = {
		{RMM_GPI_NS, ORACLE_GPT_NS},         {RMM_GPI_REALM, ORACLE_GPT_REALM},
		{RMM_GPI_ROOT, ORACLE_GPT_ROOT},     {RMM_GPI_SECURE, ORACLE_GPT_SECURE},
		{RMM_GPI_NO_ACCESS, ORACLE_GPT_AAP},
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++) {
		tamper_gpi(f->sys, RECORD, labels[i].gpi);
		FACT(oracle_fn_GranuleAt(env, RECORD)->gpt == labels[i].label);
	}
	FACT(oracle_fn_GranuleAt(env, HOST)->state == ORACLE_GRAN_UNDELEGATED);
	ILL_FORMED(oracle_fn_GranuleAt(env, HOST + 8));
	ILL_FORMED(oracle_fn_GranuleAt(env, FAR));
	tamper_state(f->sys, RECORD, RMM_GRANULE_INTERNAL);
	FACT(oracle_fn_GranuleAt(env, RECORD)->state == ORACLE_GRAN_REC_AUX);
}

static void states_of_granules(struct facts *f)
{
	struct oracle_env *const env = f->env;
	static const struct {
		enum rmm_granule_state state;
		uint64_t label;
	} labels[] = {
		{RMM_GRANULE_RD, ORACLE_GRAN_RD},
		{RMM_GRANULE_REC, ORACLE_GRAN_REC},
		{RMM_GRANULE_RTT, ORACLE_GRAN_RTT},
		{RMM_GRANULE_DATA, ORACLE_GRAN_DATA},
		{RMM_GRANULE_DEV, ORACLE_GRAN_DEV},
		{RMM_GRANULE_PDEV, ORACLE_GRAN_PDEV},
		{RMM_GRANULE_VDEV, ORACLE_GRAN_VDEV},
		{RMM_GRANULE_VSMMU, ORACLE_GRAN_VSMMU},
		{RMM_GRANULE_INTERNAL, ORACLE_GRAN_INTERNAL},
	};

	for (size_t i = 0; i < sizeof(labels) / sizeof(labels[0]); i++)
		FACT(view_granule_state(f->sys, labels[i].state) == labels[i].label);
	FACT(oracle_fn_RttsStateEqual(env, HOST, 16, ORACLE_GRAN_UNDELEGATED));
	FACT(!oracle_fn_RttsStateEqual(env, DRAM_TOP - 4096, 2, ORACLE_GRAN_UNDELEGATED));
	ILL_FORMED(oracle_fn_RttsStateEqual(env, HOST, 17, ORACLE_GRAN_UNDELEGATED));
}

static void contents(struct facts *f)
{
	struct oracle_env *const env = f->env;

	FACT(oracle_range_is_wiped(env, HOST, 0));
	FACT(oracle_fn_GranulesWiped(env, HOST, HOST + 0x3000));
	FACT(!oracle_fn_GranulesWiped(env, HOST, HOST));
	tamper_word(f->sys, HOST + 0x1000, 1);
	FACT(oracle_fn_GranulesWiped(env, HOST, HOST + 0x3000)); /* its ends are looked at */
	env->deep = true;
	FACT(!oracle_fn_GranulesWiped(env, HOST, HOST + 0x3000));
	env->deep = false;
	FACT(!oracle_fn_GranulesWiped(env, HOST + 0x1000, HOST + 0x3000));
	FACT(!oracle_fn_GranulesWiped(env, HOST, HOST + 0x2000));
	FACT(!oracle_fn_GranulesWiped(env, FAR, FAR + 0x1000));
	FACT(!oracle_fn_GranuleContentsEqual(env, HOST, HOST + 0x1000));
	FACT(oracle_fn_GranuleContentsEqual(env, HOST, HOST + 0x2000));
	ILL_FORMED(oracle_fn_GranuleContentsEqual(env, HOST, FAR));
	ILL_FORMED(oracle_fn_GranuleContentsEqual(env, FAR, HOST));
}

static void kinds_of_memory(struct facts *f)
{
	struct oracle_env *const env = f->env;

	FACT(oracle_fn_GranuleAccessPermitted(env, HOST, ORACLE_PAS_NS));
	FACT(!oracle_fn_GranuleAccessPermitted(env, HOLE, ORACLE_PAS_NS));
	UNKNOWN(oracle_fn_GranuleAccessPermitted(env, HOST, ORACLE_PAS_REALM));
	tamper_gpi(f->sys, RECORD, RMM_GPI_ANY);
	FACT(oracle_fn_GranuleAccessPermitted(env, RECORD, ORACLE_PAS_NS));
	FACT(oracle_fn_NonSecureAccessPermitted(env, RECORD));
	tamper_gpi(f->sys, RECORD, RMM_GPI_REALM);
	FACT(!oracle_fn_GranuleAccessPermitted(env, RECORD, ORACLE_PAS_NS));
	FACT(!oracle_fn_NonSecureAccessPermitted(env, RECORD));
	FACT(oracle_fn_NonSecureAccessPermitted(env, DEVICE));
	behave(f, RMM_BEHAVIOUR_HOST_BUFFERS_IN_DRAM, true);
	FACT(!oracle_fn_NonSecureAccessPermitted(env, DEVICE));
	FACT(oracle_fn_NonSecureAccessPermitted(env, HOST));
	FACT(oracle_fn_PaIsDram(env, HOST));
	FACT(!oracle_fn_PaIsDram(env, DEVICE));
	FACT(oracle_fn_PaIsTracked(env, HOST));
	FACT(!oracle_fn_PaIsTracked(env, HOLE));
	FACT(oracle_fn_PaIsTrackedFine(env, HOST));
	FACT(!oracle_fn_PaIsTrackedFine(env, HOLE));
	FACT(oracle_fn_PaIsDelegable(env, HOST));
	FACT(!oracle_fn_PaIsDelegable(env, DEVICE));
	FACT(oracle_fn_PaIsDelegableConventional(env, HOST));
	FACT(!oracle_fn_PaIsDelegableConventional(env, DEVICE));
	FACT(oracle_fn_PaIsDelegableConventionalFine(env, HOST));
	FACT(!oracle_fn_PaIsDelegableConventionalFine(env, HOLE));
	f->sys->tracking.state[HOST >> 30] = RMI_TRACKING_COARSE;
	FACT(oracle_fn_PaIsTracked(env, HOST));
	FACT(!oracle_fn_PaIsTrackedFine(env, HOST));
	FACT(!oracle_fn_PaIsDelegable(env, HOST));
	FACT(oracle_fn_PaIsDelegableConventional(env, HOST));
	FACT(!oracle_fn_PaIsDelegableConventionalFine(env, HOST));
	f->sys->tracking.state[HOST >> 30] = RMI_TRACKING_NONE;
	FACT(!oracle_fn_PaIsTracked(env, HOST));
	FACT(!oracle_fn_PaIsDelegableConventional(env, HOST));
}

static void tracking_regions(struct facts *f)
{
	struct oracle_env *const env = f->env;
	struct oracle_RmmTrackingRegion region = {0};

	form(f, RMM_CMD_RMI_GRANULE_TRACKING_GET);
	FACT(oracle_fn_TrackingRegionAt(env, HOST)->category == ORACLE_MEM_CATEGORY_CONVENTIONAL);
	FACT(oracle_fn_TrackingRegionAt(env, COHERENT)->category == ORACLE_MEM_CATEGORY_DEV_COH);
	FACT(oracle_fn_TrackingRegionAt(env, DEVICE)->category == ORACLE_MEM_CATEGORY_DEV_NCOH);
	behave(f, RMM_BEHAVIOUR_HOLE_REPORTED_AS_NONE_RESERVED, true);
	FACT(oracle_fn_TrackingRegionAt(env, FAR)->state == ORACLE_TRACKING_RESERVED);
	FACT(oracle_fn_TrackingRegionAt(env, FAR)->category == ORACLE_MEM_CATEGORY_NONE);
	behave(f, RMM_BEHAVIOUR_HOLE_REPORTED_AS_NONE_RESERVED, false);
	FACT(oracle_fn_TrackingRegionAt(env, FAR)->state == ORACLE_TRACKING_NONE);
	form(f, RMM_CMD_RMI_GRANULE_TRACKING_SET);
	FACT(oracle_fn_TrackingRegionAt(env, UINT64_MAX << 30)->state == ORACLE_TRACKING_RESERVED);
	region.state = ORACLE_TRACKING_FINE;
	FACT(oracle_fn_TrackingRegionGranularity(env, &region) == 4096);
	region.state = ORACLE_TRACKING_COARSE;
	FACT(oracle_fn_TrackingRegionGranularity(env, &region) == 1 << 30);
	region.state = ORACLE_TRACKING_NONE;
	ILL_FORMED(oracle_fn_TrackingRegionGranularity(env, &region));
	FACT(oracle_fn_TrackingRegionIsDiverse(env, HOST));
	FACT(oracle_fn_TrackingRegionIsDiverse(env, FAR));
	FACT(oracle_fn_AddrIsTrackingRegionAligned(env, DRAM));
}

static void uniform_ranges(struct facts *f)
{
	struct oracle_env *const env = f->env;

	FACT(oracle_fn_TrackingIsUniform(env, HOST, HOST + 4096));
	FACT(!oracle_fn_TrackingIsUniform(env, HOST, DRAM_TOP + 4096));
	FACT(!oracle_fn_TrackingIsUniform(env, COHERENT, HOST));
	FACT(!oracle_fn_TrackingIsUniform(env, DEVICE, HOLE));
	FACT(oracle_fn_TrackingIsUniform(env, HOLE, HOLE + 4096));
	f->sys->tracking.state[FAR >> 30] = RMI_TRACKING_COARSE;
	behave(f, RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY, true);
	FACT(oracle_fn_TrackingIsUniform(env, COHERENT, HOST));
}

static void moving_ranges(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const uint64_t region = DRAM;

	form(f, RMM_CMD_RMI_GRANULE_RANGE_DELEGATE);
	FACT(!oracle_fn_GranuleRangeStopsUnpopulated(env, HOST, HOST + 4096));
	FACT(oracle_fn_GranuleRangeStopsUnpopulated(env, HOLE, HOLE + 4096));
	UNKNOWN(oracle_fn_GranuleRangeStopsUnpopulated(env, DEVICE, DEVICE + 4096));
	FACT(!oracle_fn_GranuleRangeStopsAtTracking(env, HOST, HOST + 4096));
	UNKNOWN(oracle_fn_GranuleRangeStopsAtTracking(env, DEVICE, DEVICE + 4096));
	FACT(oracle_fn_GranuleRangeStopsAtTracking(env, FAR, FAR + 4096));
	f->sys->tracking.state[HOST >> 30] = RMI_TRACKING_COARSE;
	UNKNOWN(oracle_fn_GranuleRangeStopsAtTracking(env, region, region + (1 << 30)));
	FACT(oracle_fn_GranuleRangeStopsAtTracking(env, region, region + 4096));
	FACT(oracle_fn_GranuleRangeStopsAtTracking(env, HOST, HOST + (1 << 30)));
	UNKNOWN(oracle_fn_GranuleRangeStopsAtState(env, HOST, HOST + 4096,
						   ORACLE_GRAN_UNDELEGATED));
	f->sys->tracking.state[HOST >> 30] = RMI_TRACKING_FINE;
	FACT(!oracle_fn_GranuleRangeStopsAtState(env, HOST, HOST + 4096, ORACLE_GRAN_UNDELEGATED));
	FACT(oracle_fn_GranuleRangeStopsAtState(env, HOST, HOST + 4096, ORACLE_GRAN_RTT));
	ILL_FORMED(oracle_fn_GranuleRangeStopsAtState(env, FAR, FAR + 4096, ORACLE_GRAN_RTT));
	tamper_state(f->sys, RECORD, RMM_GRANULE_DELEGATED);
	behave(f, RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS, true);
	FACT(!oracle_fn_GranuleRangeStopsAtState(env, RECORD, RECORD + 4096,
						 ORACLE_GRAN_UNDELEGATED));
	behave(f, RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS, false);
	FACT(oracle_fn_GranuleRangeStopsAtState(env, RECORD, RECORD + 4096,
						ORACLE_GRAN_UNDELEGATED));
	FACT(!oracle_fn_GranuleRangeStopsAtPas(env, RECORD, RECORD + 4096));
	FACT(!oracle_fn_GranuleRangeStopsAtPas(env, HOST, HOST + 4096));
	tamper_gpi(f->sys, HOST, RMM_GPI_SECURE);
	FACT(oracle_fn_GranuleRangeStopsAtPas(env, HOST, HOST + 4096));
	ILL_FORMED(oracle_fn_GranuleRangeStopsAtGpt(env, FAR, FAR + 4096));
}

static void protection_tables(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const uint64_t end = f->sys->memory.pa_size;

	behave(f, RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT, false);
	FACT(oracle_fn_GptL0Walk(env, DRAM)->state == ORACLE_GPT_L0_ENTRY_TABLE);
	FACT(oracle_fn_GptL0Walk(env, FAR)->state == ORACLE_GPT_L0_ENTRY_BLOCK);
	ILL_FORMED(oracle_fn_GptL0Walk(env, end));
	FACT(oracle_fn_GptParState(env, DRAM, DRAM) == RMI_GPT_PAR_PLAT);
	FACT(oracle_fn_GptParState(env, FAR, FAR) == RMI_GPT_PAR_RESERVED);
	ILL_FORMED(oracle_fn_GptParState(env, end, end));
	ILL_FORMED(oracle_fn_GptL0UnfoldDenied(env, end));
	ILL_FORMED(oracle_fn_GptL0FoldDenied(env, end));
	FACT(oracle_fn_GptL0UnfoldDenied(env, FAR));
	FACT(oracle_fn_GptL0FoldDenied(env, DRAM));
	behave(f, RMM_BEHAVIOUR_PLATFORM_GPT_DENIED, true);
	FACT(oracle_fn_GptL0UnfoldDenied(env, DRAM));
	FACT(oracle_fn_GptL0FoldDenied(env, FAR));
	behave(f, RMM_BEHAVIOUR_GPT_L1_ALWAYS_PRESENT, true);
	FACT(!oracle_fn_GptL0UnfoldDenied(env, FAR));
	FACT(oracle_fn_GptL0Walk(env, FAR)->state == ORACLE_GPT_L0_ENTRY_TABLE);
	ILL_FORMED(oracle_fn_GptL1IsHomogeneous(env, end));
	ILL_FORMED(oracle_fn_GptL1IsHomogeneous(env, FAR));
}

/* ---- realms ------------------------------------------------------------------------- */

static bool supports(struct facts *f, const struct rmi_realm_params *params)
{
	uint8_t image[RMI_REALM_PARAMS_SIZE] = {0};

	rmi_realm_params_encode(f->env->version, params, image);
	return oracle_fn_RealmParamsSupported(f->env, image);
}

static const struct rmi_realm_params modest = {.s2sz = 40, .num_bps = 1, .num_wps = 1};

/* Whether the parameters are supported with one of them changed. */
#define WITH(field, value)                                \
	({                                                \
		struct rmi_realm_params changed = modest; \
		changed.field = (value);                  \
		supports(f, &changed);                    \
	})

static void options_of_realms(struct facts *f)
{
	struct oracle_env *const env = f->env;
	struct rmm_features *const has = &f->sys->config.features;
	const enum rmm_version v = env->version;
	const uint64_t sve = rmi_realm_flags0_with_sve(v, 0, 1);
	const uint64_t pmu = rmi_realm_flags0_with_pmu(v, 0, 1);

	*has = (struct rmm_features){.s2sz = 48, .num_bps = 2, .num_wps = 2, .sha_256 = true};
	behave(f, RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED, false);
	behave(f, RMM_BEHAVIOUR_SHA_384_ACCEPTED_UNADVERTISED, false);
	behave(f, RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED, false);
	behave(f, RMM_BEHAVIOUR_PMU_WITHOUT_COUNTERS_REFUSED, false);
	behave(f, RMM_BEHAVIOUR_ATS_FLAG_IGNORED, false);
	FACT(supports(f, &modest));
	FACT(!WITH(s2sz, 49));
	FACT(!WITH(num_bps, 0));
	FACT(!WITH(num_bps, 3));
	FACT(!WITH(num_wps, 0));
	FACT(!WITH(num_wps, 3));
	FACT(!WITH(flags0, rmi_realm_flags0_with_lpa2(v, 0, 1)));
	FACT(!WITH(flags0, rmi_realm_flags0_with_da(v, 0, 1)));
	FACT(!WITH(flags1, rmi_realm_flags1_with_ats(v, 0, 1)));
	behave(f, RMM_BEHAVIOUR_ATS_FLAG_IGNORED, true);
	FACT(WITH(flags1, rmi_realm_flags1_with_ats(v, 0, 1)));

	FACT(!WITH(flags0, sve));
	FACT(!WITH(sve_vl, 1));
	has->sve = true;
	FACT(WITH(flags0, sve));
	behave(f, RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED, true);
	FACT(WITH(sve_vl, 1));
	FACT(WITH(pmu_num_ctrs, 1));
	behave(f, RMM_BEHAVIOUR_UNUSED_PARAMS_IGNORED, false);
	FACT(!WITH(pmu_num_ctrs, 1));

	FACT(!WITH(flags0, pmu));
	behave(f, RMM_BEHAVIOUR_PMU_FEATURE_UNCHECKED, true);
	FACT(WITH(flags0, pmu));
	has->pmu = true;
	behave(f, RMM_BEHAVIOUR_PMU_WITHOUT_COUNTERS_REFUSED, true);
	FACT(!WITH(flags0, pmu));

	FACT(!WITH(hash_algo, RMI_HASH_SHA_384));
	FACT(!WITH(hash_algo, RMI_HASH_SHA_512));
	FACT(!WITH(hash_algo, 77));
	behave(f, RMM_BEHAVIOUR_SHA_384_ACCEPTED_UNADVERTISED, true);
	FACT(WITH(hash_algo, RMI_HASH_SHA_384));
	has->sha_384 = has->sha_512 = true;
	FACT(WITH(hash_algo, RMI_HASH_SHA_384));
	FACT(WITH(hash_algo, RMI_HASH_SHA_512));
}

/* Rows 14 to 18 of B3.101: planes by the encoding of permissions, and by trees. */
static void planes_of_realms(struct facts *f)
{
	struct oracle_env *const env = f->env;
	struct rmm_features *const has = &f->sys->config.features;
	const enum rmm_version v = env->version;
	const uint64_t trees = rmi_realm_flags1_with_rtt_tree_per_plane(v, 0, 1);
	const uint64_t indirect = rmi_realm_flags1_with_rtt_s2ap_encoding(v, 0, 1);
	const struct {
		uint64_t planes, flags;
		uint8_t offered; /* RmiRttPlaneFeature */
		bool supported;
	} rows[] = {
		{4, trees, RMI_RTT_PLANE_AUX_SINGLE, false},
		{0, indirect, RMI_RTT_PLANE_AUX_SINGLE, true},
		{1, trees, RMI_RTT_PLANE_AUX, true},
		{1, trees, RMI_RTT_PLANE_AUX_SINGLE, true},
		{1, trees, RMI_RTT_PLANE_SINGLE, false},
		{1, trees | indirect, RMI_RTT_PLANE_AUX, false},
		{1, indirect, RMI_RTT_PLANE_SINGLE, true},
		{1, indirect, RMI_RTT_PLANE_AUX, false},
		{1, 0, RMI_RTT_PLANE_SINGLE, false},
	};

	has->max_num_aux_planes = 3;
	has->rtt_s2ap_indirect = true;
	has->num_bps = has->num_wps = 1;
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct rmi_realm_params params = modest;

		params.num_aux_planes = rows[i].planes;
		params.flags1 = rows[i].flags;
		has->rtt_plane = rows[i].offered;
		FACT(supports(f, &params) == rows[i].supported);
	}
	has->rtt_s2ap_indirect = false;
	FACT(!WITH(flags1, indirect));
}

static void trees_of_planes(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const uint64_t bases[] = {RECORD, RECORD + 0x2000, RECORD + 0x4000};
	const uint64_t close[] = {RECORD, RECORD + 0x1000};
	struct oracle_RmmRealm realm = {.rtt_base = {TABLE, RECORD, RECORD + 0x2000}};

	FACT(oracle_fn_RttBasesAligned(env, bases, 3, 2));
	FACT(!oracle_fn_RttBasesAligned(env, close, 2, 2));
	FACT(!oracle_fn_RttBasesAligned(env, bases, 3, 0));
	ILL_FORMED(oracle_fn_RttBasesAligned(env, bases, 4, 1));
	ILL_FORMED(oracle_fn_RttBasesAligned(env, bases, -1, 1));
	ILL_FORMED(oracle_fn_RttBasesAligned(env, bases, 1, 17));
	ILL_FORMED(oracle_fn_RttBasesAligned(env, bases, 1, -1));
	FACT(oracle_fn_RttBasesStateEqual(env, bases, 3, 2, ORACLE_GRAN_UNDELEGATED));
	FACT(!oracle_fn_RttBasesStateEqual(env, bases, 3, 2, ORACLE_GRAN_DELEGATED));
	ILL_FORMED(oracle_fn_RttBasesStateEqual(env, bases, 4, 2, ORACLE_GRAN_DELEGATED));
	FACT(!oracle_fn_RttBasesOverlap(env, HOST, TABLE, bases, 3, 2));
	FACT(oracle_fn_RttBasesOverlap(env, RECORD, TABLE, bases, 3, 2));
	FACT(oracle_fn_RttBasesOverlap(env, HOST, RECORD + 0x1000, bases, 3, 2));
	FACT(oracle_fn_RttBasesOverlap(env, HOST, TABLE, close, 2, 2));
	ILL_FORMED(oracle_fn_RttBasesOverlap(env, HOST, TABLE, bases, 4, 2));

	FACT(oracle_fn_RealmRttBaseEqual(env, &realm, TABLE, bases));
	FACT(!oracle_fn_RealmRttBaseEqual(env, &realm, HOST, bases));
	realm.rtt_tree_per_plane = ORACLE_FEATURE_TRUE;
	realm.num_aux_planes = 2;
	FACT(oracle_fn_RealmRttBaseEqual(env, &realm, TABLE, bases));
	FACT(!oracle_fn_RealmRttBaseEqual(env, &realm, TABLE, close));
	UNKNOWN(oracle_fn_AddrIsAuxRef(env, 0, &realm));
	UNKNOWN(oracle_fn_AddrRangeIsAuxLive(env, 0, 4096, &realm));
}

static void geometry(struct facts *f)
{
	struct oracle_env *const env = f->env;

	env->num_images = 0;
	FACT(oracle_fn_RttConfigIsValid(env, 40, 1, 2));
	FACT(!oracle_fn_RttConfigIsValid(env, 40, 1, 1));
	FACT(oracle_fn_RttConfigIsValid(env, 33, 1, 1));
	FACT(!oracle_fn_RttConfigIsValid(env, 31, 1, 1));
	FACT(!oracle_fn_RttConfigIsValid(env, 44, 1, 32));
	FACT(!oracle_fn_RttConfigIsValid(env, 30, 2, 1));
	FACT(!oracle_fn_RttConfigIsValid(env, 40, -1, 1));
	f->sys->config.pa_bits = 42;
	FACT(!oracle_fn_RttConfigIsValid(env, 42, 0, 1));
	f->sys->config.pa_bits = 48;
	FACT(oracle_fn_RttConfigIsValid(env, 42, 0, 1));
}

static void numbers_of_realms(struct facts *f)
{
	struct oracle_env *const env = f->env;
	struct rmm_features *const has = &f->sys->config.features;

	FACT(oracle_fn_VmidIsFree(env, 1));
	FACT(!oracle_fn_VmidIsValid(env, 1 << 16));
	ILL_FORMED(oracle_fn_VmidIsFree(env, 1 << 16));
	ILL_FORMED(oracle_fn_VmidIsFree(env, -1));
	FACT(oracle_fn_MecidAvailable(env, RMI_MEC_POLICY_SHARED));
	has->mec_count = 0;
	behave(f, RMM_BEHAVIOUR_MEC_PRIVATE_WITHOUT_FEATURE, true);
	FACT(oracle_fn_MecidAvailable(env, RMI_MEC_POLICY_PRIVATE));
	behave(f, RMM_BEHAVIOUR_MEC_PRIVATE_WITHOUT_FEATURE, false);
	FACT(!oracle_fn_MecidAvailable(env, RMI_MEC_POLICY_PRIVATE));
	FACT(oracle_fn_RealmInstanceIdAvailable(env));
}

/* ---- tables of realms --------------------------------------------------------------- */

#define NS         (UINT64_C(1) << 55)
#define ASSIGNED   UINT64_C(0x8)  /* invalid, with an address */
#define DEVICE_OLD UINT64_C(0x18) /* the same for a device */
#define PAGE(pa)   ((pa) | 3 | 6 << 2 | 3 << 6)

static void put(struct facts *f, unsigned int i, uint64_t desc)
{
	tamper_word(f->sys, TABLE + 8 * i, desc);
}

static void fill(struct facts *f, uint64_t desc)
{
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++)
		put(f, i, desc);
}

static void know_table(struct facts *f, int level)
{
	f->env->num_tables = 1;
	f->env->tables[0] = (struct oracle_table){TABLE, level, false};
}

static void descriptors(struct facts *f)
{
	struct oracle_env *const env = f->env;

	FACT(view_decode(NS, 3, false).state == ORACLE_RTTE_UNMAPPED_NS);
	FACT(view_decode(DEVICE_OLD | HOST, 3, false).state == ORACLE_RTTE_NARCH_DEV);
	FACT(view_decode(DEVICE_OLD | HOST, 3, false).memattr == 0);
	FACT(view_decode(ASSIGNED | HOST, 3, false).memattr == 6);
	FACT(view_decode(ASSIGNED | HOST, 3, false).addr == HOST);
	FACT(view_decode(HOST | 3, 3, false).state == ORACLE_RTTE_NARCH_DEV);
	FACT(view_decode(HOST | 3, 2, false).state == ORACLE_RTTE_TABLE);
	FACT(view_decode(PAGE(HOST) | UINT64_C(2) << 8, 3, false).outer);
	FACT(view_decode(PAGE(HOST) | UINT64_C(1) << 8, 3, true).addr ==
	     (HOST | UINT64_C(1) << 50));
	FACT(oracle_fn_RttEntryStateToRmi(env, ORACLE_RTTE_MAPPED_NS) == RMI_RTTE_DATA);
	UNKNOWN(oracle_fn_RttEntryStateToRmi(env, ORACLE_RTTE_AUX_DESTROYED));
	FACT(oracle_fn_RipasToRmi(env, ORACLE_RIPAS_DESTROYED) == RMI_RIPAS_DESTROYED);
	UNKNOWN(oracle_fn_RipasToRmi(env, ORACLE_RIPAS_DEV));
	UNKNOWN(oracle_fn_RttDescriptorDecode(env, HOST, ORACLE_S2AP_INDIRECT));
	ILL_FORMED(oracle_fn_RttDescriptorIsValidForUnprotected(env, HOST));
	FACT(oracle_fn_MemAttrIsValid(env, 6));
	FACT(!oracle_fn_MemAttrIsValid(env, 4));
	FACT(oracle_fn_S2APIsValidForUnprotected(env, 3, ORACLE_S2AP_DIRECT));
	FACT(!oracle_fn_S2APIsValidForUnprotected(env, 4, ORACLE_S2AP_DIRECT));
	FACT(!oracle_fn_S2APIsValidForUnprotected(env, -1, ORACLE_S2AP_DIRECT));
}

static void attributes(struct facts *f)
{
	struct oracle_env *const env = f->env;
	struct oracle_RmmRttEntry a = {.attr_prot = 1, .attr_unprot = 2};
	struct oracle_RmmRttEntry b = {.attr_prot = 1, .attr_unprot = 3};

	FACT(oracle_fn_RttMemAttrEqual(env, &a, &b, ORACLE_RTT_PROTECTED));
	FACT(!oracle_fn_RttMemAttrEqual(env, &a, &b, ORACLE_RTT_UNPROTECTED));
	FACT(oracle_fn_RttS2APEqual(env, &a, &b, ORACLE_S2AP_DIRECT));
	b.s2ap_direct.write = ORACLE_RMM_TRUE;
	FACT(!oracle_fn_RttS2APEqual(env, &a, &b, ORACLE_S2AP_DIRECT));
	b.s2ap_direct.read = ORACLE_RMM_TRUE;
	FACT(!oracle_fn_RttS2APEqual(env, &a, &b, ORACLE_S2AP_DIRECT));
	FACT(oracle_fn_RttS2APEqual(env, &a, &b, ORACLE_S2AP_INDIRECT));
	b.s2ap_indirect.overlay_index = 1;
	FACT(!oracle_fn_RttS2APEqual(env, &a, &b, ORACLE_S2AP_INDIRECT));
	b.s2ap_indirect.base_index = a.s2ap_indirect.base_index + 1;
	FACT(!oracle_fn_RttS2APEqual(env, &a, &b, ORACLE_S2AP_INDIRECT));
	UNKNOWN(oracle_fn_RttEntryAttrsEqual(env, &a, 2, 0, ORACLE_S2AP_INDIRECT));
	FACT(oracle_fn_RttEntryAttrsEqual(env, &a, 2, 0, ORACLE_S2AP_DIRECT));
	FACT(!oracle_fn_RttEntryAttrsEqual(env, &a, 3, 0, ORACLE_S2AP_DIRECT));
	FACT(!oracle_fn_RttEntryAttrsEqual(env, &a, 2, 1, ORACLE_S2AP_DIRECT));
}

/* All that a fold looks at, in a table whose entries are alike but for one. */
static void tables(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const struct oracle_RmmRtt rtt = {.pa = TABLE, .addr = TABLE};
	const struct oracle_RmmRtt none = {.pa = HOST, .addr = HOST};
	struct oracle_RmmRttEntry entry;

	ILL_FORMED(oracle_fn_RttIsLive(env, &none));
	ILL_FORMED(oracle_fn_RttAt(env, HOST));
	tamper_state(f->sys, TABLE, RMM_GRANULE_RTT);
	UNKNOWN(oracle_fn_RttIsLive(env, &rtt)); /* nobody has said where it stands */
	know_table(f, 3);
	FACT(oracle_fn_RttAt(env, TABLE)->addr == TABLE);
	FACT(!oracle_fn_RttIsLive(env, &rtt));
	FACT(oracle_fn_RttIsHomogeneous(env, &rtt));
	FACT(oracle_fn_RttAllEntriesState(env, &rtt, ORACLE_RTTE_VOID));
	FACT(oracle_fn_RttAllEntriesRipas(env, &rtt, ORACLE_RIPAS_EMPTY));
	FACT(oracle_fn_RttEntriesInRangeRipas(env, &rtt, 3, 0, 4 * 4096, ORACLE_RIPAS_EMPTY));
	entry = *oracle_fn_RttFold(env, &rtt);
	FACT(oracle_fn_RttAllEntriesMemAttr(env, &rtt, &entry));
	FACT(oracle_fn_RttAllEntriesS2AP(env, &rtt, &entry));
	FACT(!oracle_fn_RttFoldsAboveBlockLevel(env, &rtt, 2));

	put(f, 7, PAGE(HOST));
	FACT(oracle_fn_RttIsLive(env, &rtt));
	FACT(!oracle_fn_RttIsHomogeneous(env, &rtt));
	FACT(!oracle_fn_RttAllEntriesState(env, &rtt, ORACLE_RTTE_VOID));
	FACT(!oracle_fn_RttAllEntriesRipas(env, &rtt, ORACLE_RIPAS_EMPTY));
	FACT(!oracle_fn_RttAllEntriesContiguous(env, &rtt, 0, 3));
	FACT(!oracle_fn_RttEntriesInRangeRipas(env, &rtt, 3, 0, 8 * 4096, ORACLE_RIPAS_EMPTY));
	put(f, 7, NS | PAGE(HOST));
	FACT(!oracle_fn_RttIsLive(env, &rtt));
	FACT(!oracle_fn_RttAllEntriesMemAttr(env, &rtt, &entry));
	FACT(!oracle_fn_RttAllEntriesS2AP(env, &rtt, &entry));
	put(f, 7, DEVICE_OLD | HOST);
	FACT(!oracle_fn_RttAllEntriesMemAttr(env, &rtt, &entry));

	fill(f, NS | HOST | 3 | 3 << 6);
	FACT(!oracle_fn_RttIsHomogeneous(env, &rtt)); /* one address, 512 times */
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++)
		put(f, i, NS | (DRAM + i * 4096) | 3 | 3 << 6);
	FACT(oracle_fn_RttIsHomogeneous(env, &rtt));
	FACT(oracle_fn_RttAllEntriesContiguous(env, &rtt, DRAM, 3));
	put(f, 9, NS | (DRAM + 9 * 4096) | 3 | 1 << 6);
	FACT(!oracle_fn_RttIsHomogeneous(env, &rtt)); /* one of them cannot be written */
	put(f, 9, NS | (DRAM + 9 * 4096) | 3 | 2 << 6);
	FACT(!oracle_fn_RttIsHomogeneous(env, &rtt)); /* one of them cannot be read */
	know_table(f, 1);
	FACT(oracle_fn_RttFoldsAboveBlockLevel(env, &rtt, 1));
	fill(f, DRAM | 1 | 6 << 2);
	FACT(!oracle_fn_RttIsHomogeneous(env, &rtt)); /* too large for a block */
}

/* Nothing is asked of a table that nobody can see. */
static void no_tables(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const struct oracle_RmmRtt none = {.pa = HOST, .addr = HOST};
	const struct oracle_RmmRttEntry entry = {0};

	ILL_FORMED(oracle_fn_RttIsHomogeneous(env, &none));
	ILL_FORMED(oracle_fn_RttFold(env, &none));
	ILL_FORMED(oracle_fn_RttFoldsAboveBlockLevel(env, &none, 3));
	ILL_FORMED(oracle_fn_RttAllEntriesState(env, &none, ORACLE_RTTE_VOID));
	ILL_FORMED(oracle_fn_RttAllEntriesRipas(env, &none, ORACLE_RIPAS_RAM));
	ILL_FORMED(oracle_fn_RttAllEntriesContiguous(env, &none, 0, 3));
	ILL_FORMED(oracle_fn_RttAllEntriesMemAttr(env, &none, &entry));
	ILL_FORMED(oracle_fn_RttAllEntriesS2AP(env, &none, &entry));
	ILL_FORMED(oracle_fn_RttEntriesInRangeRipas(env, &none, 3, 0, 1, ORACLE_RIPAS_RAM));
	ILL_FORMED(oracle_fn_RipasScanBlocked(env, &none, 3, 0, 1));
	ILL_FORMED(oracle_fn_RttSkipEntriesUnlessVoidOrData(env, &none, 3, 0, 1));
	ILL_FORMED(oracle_fn_RttSkipEntriesWithRipas_RmmRtt_Int_Address_Address_Bool(env, &none, 3,
										     0, 1, true));
	ILL_FORMED(oracle_fn_RttSkipNonLiveEntries(env, &none, 3, 0));
}

static void scans(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const struct oracle_RmmRtt rtt = {.pa = TABLE, .addr = TABLE};

	tamper_state(f->sys, TABLE, RMM_GRANULE_RTT);
	know_table(f, 3);
	ILL_FORMED(oracle_fn_RipasScanBlocked(env, &rtt, 2, 0, 4096));
	put(f, 4, DEVICE_OLD | HOST);
	FACT(!oracle_fn_RipasScanBlocked(env, &rtt, 3, 0, 4 * 4096));
	FACT(oracle_fn_RipasScanBlocked(env, &rtt, 3, 4 * 4096, 5 * 4096));
	UNKNOWN(oracle_fn_RipasScanBlocked(env, &rtt, 3, 0, 5 * 4096));
	FACT(oracle_fn_RttSkipNonLiveEntries(env, &rtt, 3, 0) == 4 * 4096);
	FACT(oracle_fn_RttSkipNonLiveEntries(env, &rtt, 3, 0x4000) == 0x4000);
	FACT(oracle_fn_RttSkipNonLiveEntries(env, &rtt, 3, 0x5000) == 512 * 4096);
	put(f, 2, UINT64_C(2) << 1); /* RIPAS DESTROYED */
	FACT(oracle_fn_RttSkipEntriesWithRipas_RmmRtt_Int_Address_Address_Bool(
		     env, &rtt, 3, 0, 8 * 4096, true) == 2 * 4096);
	FACT(oracle_fn_RttSkipEntriesWithRipas_RmmRtt_Int_Address_Address_Bool(
		     env, &rtt, 3, 0, 8 * 4096, false) == 4 * 4096);
	FACT(oracle_fn_RttSkipEntriesWithRipas_RmmRtt_Int_Address_Address_Bool(
		     env, &rtt, 3, 0, 2 * 4096, true) == 2 * 4096);
}

static void walks(struct facts *f)
{
	struct oracle_env *const env = f->env;
	struct oracle_RmmRealm realm = {
		.rtt_base = {TABLE}, .rtt_level_start = 1, .rtt_num_start = 1, .ipa_width = 39};

	form(f, RMM_CMD_RMI_RTT_READ_ENTRY);
	ILL_FORMED(oracle_fn_RttWalk(env, &realm, 0, 3, 0)); /* there is no table */
	tamper_state(f->sys, TABLE, RMM_GRANULE_RTT);
	FACT(oracle_fn_RttWalk(env, &realm, 0, 3, 0)->level == 1);
	ILL_FORMED(oracle_fn_RttWalk(env, &realm, 0, 4, 0));
	ILL_FORMED(oracle_fn_RttWalk(env, &realm, 0, -2, 0));
	ILL_FORMED(oracle_fn_RttWalk(env, &realm, UINT64_C(1) << 39, 3, 0));
	ILL_FORMED(oracle_fn_RttWalk(env, &realm, 0, 3, 4));
	put(f, 0, RECORD | 3);
	ILL_FORMED(oracle_fn_RttWalk(env, &realm, 0, 3, 0)); /* the table of level 2 is none */
	FACT(oracle_fn_RttWalk(env, &realm, 0, 1, 0)->rtte.state == ORACLE_RTTE_TABLE);
	/* The tables that walks have seen are as many as there is room for. */
	for (unsigned int i = 0; i < 2 * ORACLE_MAX_TABLES; i++) {
		put(f, 1, (RECORD + i * 4096) | 3);
		FACT(oracle_fn_RttWalk(env, &realm, UINT64_C(1) << 30, 1, 0)->level == 1);
	}
	FACT(env->num_tables == ORACLE_MAX_TABLES);
}

/* ---- RECs --------------------------------------------------------------------------- */

static void auxiliary_granules(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const uint64_t aux[] = {HOST, HOST + 0x1000, HOST + 0x2000};
	const uint64_t odd[] = {HOST, HOST + 8};
	const uint64_t twice[] = {HOST, HOST};

	FACT(oracle_fn_AuxAligned(env, aux, 3));
	FACT(!oracle_fn_AuxAligned(env, odd, 2));
	ILL_FORMED(oracle_fn_AuxAligned(env, aux, 17));
	ILL_FORMED(oracle_fn_AuxAligned(env, aux, -1));
	FACT(!oracle_fn_AuxAlias(env, RECORD, aux, 3));
	FACT(oracle_fn_AuxAlias(env, HOST, aux, 3));
	FACT(oracle_fn_AuxAlias(env, RECORD, twice, 2));
	ILL_FORMED(oracle_fn_AuxAlias(env, RECORD, aux, 17));
	FACT(oracle_fn_AuxEqual(env, aux, aux, 3));
	FACT(!oracle_fn_AuxEqual(env, aux, twice, 2));
	ILL_FORMED(oracle_fn_AuxEqual(env, aux, aux, 17));
	FACT(oracle_fn_AuxStateEqual(env, aux, 3, ORACLE_GRAN_UNDELEGATED));
	FACT(!oracle_fn_AuxStateEqual(env, aux, 3, ORACLE_GRAN_DELEGATED));
	ILL_FORMED(oracle_fn_AuxStateEqual(env, aux, 17, ORACLE_GRAN_DELEGATED));
}

/* ICH_LR<n>_EL2 with an INTID that is pending. */
static uint64_t pending(uint64_t intid)
{
	return UINT64_C(1) << 62 | intid;
}

static void interrupts(struct facts *f)
{
	struct oracle_env *const env = f->env;
	static const struct {
		uint64_t intid;
		bool valid;
	} rows[] = {
		{0, true},     {1019, true},  {1020, false}, {1055, false},  {1056, true},
		{1119, true},  {1120, false}, {4096, true},  {5119, true},   {5120, false},
		{8191, false}, {8192, true},  {65535, true}, {65536, false},
	};
	uint64_t lrs[16] = {0};

	FACT(oracle_fn_Gicv3ConfigIsValid_Int_UInt64_16_(env, 0, lrs));
	FACT(!oracle_fn_Gicv3ConfigIsValid_Int_UInt64_16_(env, 1, lrs));
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		lrs[3] = pending(rows[i].intid);
		FACT(oracle_fn_Gicv3ConfigIsValid_Int_UInt64_16_(env, 0, lrs) == rows[i].valid);
	}
	lrs[3] = pending(40) | UINT64_C(1) << 61;
	FACT(!oracle_fn_Gicv3ConfigIsValid_Int_UInt64_16_(env, 0, lrs));
	lrs[3] = lrs[1] = pending(40);
	FACT(!oracle_fn_Gicv3ConfigIsValid_Int_UInt64_16_(env, 0, lrs));
	lrs[1] = 40;
	FACT(oracle_fn_Gicv3ConfigIsValid_Int_UInt64_16_(env, 0, lrs));
	f->sys->pes[0].vgic.lr[0] = UINT64_C(1) << 61;
	UNKNOWN(oracle_fn_Gicv3ConfigIsValid(env));
	f->sys->pes[0].vgic.lr[0] |= pending(40);
	FACT(!oracle_fn_Gicv3ConfigIsValid(env));
	FACT(!oracle_fn_Gicv3ListHasDuplicates(env));
	f->sys->pes[0].vgic.lr[2] = pending(40);
	FACT(oracle_fn_Gicv3ListHasDuplicates(env));
}

static void exits(struct facts *f)
{
	struct oracle_env *const env = f->env;
	uint8_t image[RMI_REC_EXIT_SIZE] = {0};
	struct oracle_RmmRec rec = {.ripas_addr = 0x1000, .ripas_top = 0x3000};
	struct rmi_rec_exit exit = {.exit_reason = RMI_EXIT_SYNC};

#define RECORDED                                                 \
	({                                                       \
		rmi_rec_exit_encode(env->version, &exit, image); \
		oracle_fn_RecExitIsRecorded(env, image, &rec);   \
	})
	FACT(RECORDED);
	FACT(!oracle_fn_RecExitIsEmulatable(env, image));
	exit.exit_reason = RMI_EXIT_PSCI;
	FACT(!RECORDED);
	exit.gprs[0] = 0x84000008;
	FACT(RECORDED);
	rec.pending = ORACLE_REC_PENDING_HOST_CALL;
	exit.exit_reason = RMI_EXIT_HOST_CALL;
	FACT(RECORDED);
	exit.exit_reason = RMI_EXIT_RIPAS_CHANGE;
	exit.ripas_base = 0x1000;
	exit.ripas_top = 0x1000;
	FACT(!RECORDED);
	exit.ripas_top = 0x2000;
	FACT(!RECORDED);
	exit.ripas_top = 0x3000;
	FACT(RECORDED);
	exit.ripas_base = 0x2000;
	FACT(!RECORDED);
	exit.exit_reason = 0xff;
	UNKNOWN(RECORDED);
#undef RECORDED
	env->fault = ORACLE_ILL_FORMED; /* there is no such image */
	note(f, !oracle_fn_RecExitIsRecorded(env, image, &rec), "no image, no exit", __LINE__);
	note(f, !oracle_fn_RecExitIsEmulatable(env, image), "no image, no abort", __LINE__);
}

static void psci(struct facts *f)
{
	struct oracle_env *const env = f->env;
	struct oracle_RmmRec caller = {.gprs = {UINT64_C(0xc4000003)}};
	struct oracle_RmmRec target = {.flags.runnable = ORACLE_NOT_RUNNABLE};

	FACT(oracle_fn_PsciReturnCodePermitted(env, &caller, &target, PSCI_SUCCESS));
	FACT(oracle_fn_PsciReturnCodePermitted(env, &caller, &target, PSCI_DENIED));
	FACT(!oracle_fn_PsciReturnCodePermitted(env, &caller, &target, PSCI_NOT_SUPPORTED));
	target.flags.runnable = ORACLE_RUNNABLE;
	FACT(!oracle_fn_PsciReturnCodePermitted(env, &caller, &target, PSCI_DENIED));
	target.flags.runnable = ORACLE_NOT_RUNNABLE;
	caller.gprs[0] = UINT64_C(0x84000003);
	behave(f, RMM_BEHAVIOUR_PSCI_SMC32_ACCEPTED, false);
	FACT(!oracle_fn_PsciReturnCodePermitted(env, &caller, &target, PSCI_DENIED));
	behave(f, RMM_BEHAVIOUR_PSCI_SMC32_ACCEPTED, true);
	FACT(oracle_fn_PsciReturnCodePermitted(env, &caller, &target, PSCI_DENIED));
	UNKNOWN(oracle_fn_PsciTargetRec(env, &caller));
}

/* ---- sets and lists ----------------------------------------------------------------- */

static void address_sets(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const uint64_t two = rmi_addr_range_desc_with_count(env->version, HOST, 2);

	form(f, RMM_CMD_RMI_RTT_DATA_MAP);
	env->stamp[0] = 1;
	FACT(oracle_fn_AddrTypeIsValid(env, RMI_ADDR_TYPE_LIST));
	FACT(!oracle_fn_AddrTypeIsValid(env, 3));
	ILL_FORMED(oracle_fn_AddrSetEntry(env, 0, RMI_ADDR_TYPE_NONE, 0));
	ILL_FORMED(oracle_fn_AddrSetLevel(env, 0, RMI_ADDR_TYPE_NONE));
	ILL_FORMED(oracle_fn_AddrSetStateIs(env, 0, RMI_ADDR_TYPE_NONE, 0));
	FACT(oracle_fn_AddrSetEntry(env, 0, RMI_ADDR_TYPE_SINGLE, 0) == 0);
	ILL_FORMED(oracle_fn_AddrSetEntry(env, 0, RMI_ADDR_TYPE_SINGLE, 4096));
	FACT(oracle_fn_AddrSetIsEmpty(env, 0, RMI_ADDR_TYPE_SINGLE, 0));
	FACT(!oracle_fn_AddrSetIsEmpty(env, two, RMI_ADDR_TYPE_SINGLE, 0));
	ILL_FORMED(oracle_fn_AddrSetIsEmpty(env, HOST + 4, RMI_ADDR_TYPE_LIST, 1));
	ILL_FORMED(oracle_fn_AddrSetIsEmpty(env, FAR, RMI_ADDR_TYPE_LIST, 1));
	/* A list that goes on where the host has no memory. */
	env->in.x[4] = rmi_rtt_prot_map_flags_with_list_count(env->version, 0, 8);
	ILL_FORMED(oracle_fn_AddrSetIsEmpty(env, DRAM_TOP - 8, RMI_ADDR_TYPE_LIST, 8));
	behave(f, RMM_BEHAVIOUR_LIST_CLIPPED_TO_GRANULE, true);
	FACT(oracle_fn_AddrSetIsEmpty(env, DRAM_TOP - 16, RMI_ADDR_TYPE_LIST, 8));
}

/* A value that finds no room is one that nobody knows. */
static void no_room(struct facts *f)
{
	struct oracle_env *const env = f->env;
	const struct oracle_RmmRtt rtt = {.pa = TABLE, .addr = TABLE};
	const struct oracle_RmmRealm realm = {.ipa_width = 39};
	const struct oracle_wide wide = {{1}};

	form(f, RMM_CMD_RMI_RTT_READ_ENTRY);
	FACT(oracle_keep_wide(env, wide)->w[0] == 1);
	env->used = sizeof(env->arena);
	UNKNOWN(oracle_keep_wide(env, wide));
	UNKNOWN(oracle_fn_GranuleAt(env, HOST));
	UNKNOWN(oracle_fn_TrackingRegionAt(env, HOST));
	UNKNOWN(oracle_fn_RealmAt(env, HOST));
	UNKNOWN(oracle_fn_RecAt(env, HOST));
	UNKNOWN(oracle_fn_RttAt(env, HOST));
	UNKNOWN(oracle_fn_RttFold(env, &rtt));
	UNKNOWN(oracle_fn_RttWalk(env, &realm, 0, 3, 0));
	UNKNOWN(oracle_fn_RttDescriptorDecode(env, HOST, ORACLE_S2AP_DIRECT));
	UNKNOWN(oracle_fn_RmiAddrRangeDescDecode(env, HOST));
	UNKNOWN(oracle_fn_GptL0Walk(env, HOST));
	UNKNOWN(oracle_fn_Rmm(env));
}

static void images(struct facts *f)
{
	struct oracle_env *const env = f->env;

	ILL_FORMED(oracle_image(env, HOST + 8));
	ILL_FORMED(oracle_image(env, FAR));
	for (unsigned int i = 0; i < ORACLE_MAX_IMAGES + 2; i++)
		FACT(oracle_image(env, HOST + i * 4096) != NULL);
	FACT(env->num_images == ORACLE_MAX_IMAGES);
	tamper_word(f->sys, HOST, 1);
	env->used = sizeof(env->arena) - 2 * VIEW_GRANULE; /* room for two copies */
	oracle_images_keep(env);
	tamper_word(f->sys, HOST, 2);
	FACT(oracle_image(env, HOST)[0] == 1);
	oracle_images_keep(env);
	FACT(oracle_image(env, HOST)[0] == 1);
	FACT(oracle_image_is_valid(env, oracle_image(env, HOST), "RmiNothing"));
}

const struct fact_sheet fact_sheets[] = {
	{"GranuleSizes", RMM_VERSION_2_0_BET1, granule_sizes},
	{"PowersAndWords", RMM_VERSION_2_0_BET1, powers_and_words},
	{"Levels", RMM_VERSION_2_0_BET1, levels},
	{"Versions", RMM_VERSION_2_0_BET1, versions},
	{"GranulesOfTheReleasedVersion", RMM_VERSION_1_0_REL0, granules},
	{"StatesOfGranules", RMM_VERSION_2_0_BET1, states_of_granules},
	{"Contents", RMM_VERSION_2_0_BET1, contents},
	{"KindsOfMemory", RMM_VERSION_2_0_BET1, kinds_of_memory},
	{"TrackingRegions", RMM_VERSION_2_0_BET1, tracking_regions},
	{"UniformRanges", RMM_VERSION_2_0_BET1, uniform_ranges},
	{"MovingRanges", RMM_VERSION_2_0_BET1, moving_ranges},
	{"ProtectionTables", RMM_VERSION_2_0_BET1, protection_tables},
	{"OptionsOfRealms", RMM_VERSION_2_0_BET1, options_of_realms},
	{"PlanesOfRealms", RMM_VERSION_2_0_BET1, planes_of_realms},
	{"TreesOfPlanes", RMM_VERSION_2_0_BET1, trees_of_planes},
	{"Geometry", RMM_VERSION_2_0_BET1, geometry},
	{"NumbersOfRealms", RMM_VERSION_2_0_BET1, numbers_of_realms},
	{"Descriptors", RMM_VERSION_2_0_BET1, descriptors},
	{"Attributes", RMM_VERSION_2_0_BET1, attributes},
	{"Tables", RMM_VERSION_2_0_BET1, tables},
	{"NoTables", RMM_VERSION_2_0_BET1, no_tables},
	{"Scans", RMM_VERSION_2_0_BET1, scans},
	{"Walks", RMM_VERSION_2_0_BET1, walks},
	{"AuxiliaryGranules", RMM_VERSION_1_0_REL0, auxiliary_granules},
	{"Interrupts", RMM_VERSION_1_0_REL0, interrupts},
	{"Exits", RMM_VERSION_2_0_BET1, exits},
	{"Psci", RMM_VERSION_2_0_BET1, psci},
	{"AddressSets", RMM_VERSION_2_0_BET1, address_sets},
	{"NoRoom", RMM_VERSION_2_0_BET1, no_room},
	{"Images", RMM_VERSION_2_0_BET1, images},
};
const size_t num_fact_sheets = sizeof(fact_sheets) / sizeof(fact_sheets[0]);

int facts_check(const struct fact_sheet *sheet, struct facts *f)
{
	struct rmm_config config = rmm_config_default();

	config.version = sheet->version;
	config.active_at_boot = true;
	config.pa_bits = 40;
	config.banks[0] = (struct rmm_bank){DRAM, DRAM_TOP - DRAM, RMM_BANK_DRAM};
	config.banks[1] = (struct rmm_bank){COHERENT, 64 * 4096, RMM_BANK_DEV_COH};
	config.banks[2] = (struct rmm_bank){DEVICE, 64 * 4096, RMM_BANK_DEV_NCOH};
	config.num_banks = 3;
	*f = (struct facts){0};
	f->env = calloc(1, sizeof(*f->env));
	if (!f->env || rmm_system_create(&config, &f->sys, NULL)) {
		free(f->env);
		return -1;
	}
	f->env->sys = f->sys;
	f->env->version = sheet->version;
	f->env->form = rmm_abi_command_by_id(sheet->version, RMM_CMD_RMI_VERSION);
	f->env->stamp[ORACLE_BEFORE] = 1;
	f->env->stamp[ORACLE_AFTER] = 2;
	sheet->facts(f);
	rmm_system_destroy(f->sys);
	free(f->env);
	return 0;
}
