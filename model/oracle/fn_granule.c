/* SPDX-License-Identifier: BSD-3-Clause */
/* Granules, tracking, protection tables (2.0-bet0 B3.36 to B3.70, B3.216 to B3.220). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/oracle.h"
#include "oracle/set.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

#define REGION_SIZE (UINT64_C(1) << 30)

static uint64_t gpt_label(enum rmm_gpi gpi)
{
	switch (gpi) {
	case RMM_GPI_NS:
		return ORACLE_GPT_NS;
	case RMM_GPI_REALM:
		return ORACLE_GPT_REALM;
	case RMM_GPI_ROOT:
		return ORACLE_GPT_ROOT;
	case RMM_GPI_SECURE:
		return ORACLE_GPT_SECURE;
	default:
		return ORACLE_GPT_AAP;
	}
}

const struct oracle_RmmGranule *oracle_fn_GranuleAt(struct oracle_env *env, uint64_t addr_)
{
	struct oracle_RmmGranule *granule = oracle_alloc(env, sizeof(*granule));
	enum rmm_granule_state state;
	enum rmm_gpi gpi = RMM_GPI_NS;

	if (!granule)
		return oracle_nothing;
	if (addr_ % VIEW_GRANULE || !rmm_granule_state_at(env->sys, addr_, &state)) {
		oracle_ill_formed(env);
		return granule;
	}
	granule->pa = addr_;
	granule->state = view_granule_state(env->sys, state);
	if (env->version == RMM_VERSION_1_0_REL0 && rmm_gpi_at(env->sys, addr_, &gpi))
		granule->gpt = gpt_label(gpi);
	return granule;
}

/* All of [base, base + size); memory that does not exist has no state. */
static bool all_in_state(const struct oracle_env *env, uint64_t base, oracle_int size,
			 uint64_t wanted)
{
	for (oracle_int at = 0; at < size; at += (oracle_int)VIEW_GRANULE) {
		enum rmm_granule_state state;

		if (!rmm_granule_state_at(env->sys, base + (uint64_t)at, &state) ||
		    view_granule_state(env->sys, state) != wanted)
			return false;
	}
	return true;
}

bool oracle_fn_GranulesAllState_Address_Address_RmmGranuleState(struct oracle_env *env,
								uint64_t base_, uint64_t top_,
								uint64_t state_)
{
	return all_in_state(env, base_, (oracle_int)top_ - (oracle_int)base_, state_);
}

bool oracle_fn_GranulesAllState_Address_Int_RmmGranuleState(struct oracle_env *env, uint64_t base_,
							    oracle_int size_, uint64_t state_)
{
	return all_in_state(env, base_, size_, state_);
}

uint64_t oracle_fn_GranulesStateEnd(struct oracle_env *env, uint64_t base_, uint64_t top_,
				    uint64_t state_)
{
	uint64_t end = base_;

	while (end < top_ && all_in_state(env, end, VIEW_GRANULE, state_))
		end += VIEW_GRANULE;
	return end;
}

bool oracle_fn_RttsStateEqual(struct oracle_env *env, uint64_t rtt_base_, oracle_int num_start_,
			      uint64_t state_)
{
	/* No IPA space needs more than 16 tables: the rest is refused for its number. */
	if (num_start_ > 16)
		return oracle_ill_formed(env);
	return all_in_state(env, rtt_base_, num_start_ * (oracle_int)VIEW_GRANULE, state_);
}

/* ---- contents ------------------------------------------------------------------ */

static bool is_wiped(const struct oracle_env *env, uint64_t pa)
{
	const uint8_t *bytes = view_bytes(env->sys, pa);

	return bytes && memcmp(bytes, oracle_nothing_bytes, VIEW_GRANULE) == 0;
}

/* Every granule when the oracle looks deep, else the first and the last one. */
bool oracle_range_is_wiped(const struct oracle_env *env, uint64_t base, uint64_t size)
{
	if (!size)
		return true;
	if (!env->deep)
		return is_wiped(env, base) && is_wiped(env, base + size - VIEW_GRANULE);
	for (uint64_t at = 0; at < size; at += VIEW_GRANULE)
		if (!is_wiped(env, base + at))
			return false;
	return true;
}

bool oracle_fn_GranulesWiped(struct oracle_env *env, uint64_t base_, uint64_t top_)
{
	return top_ > base_ && oracle_range_is_wiped(env, base_, top_ - base_);
}

bool oracle_fn_GranuleContentsEqual(struct oracle_env *env, uint64_t addr1_, uint64_t addr2_)
{
	const uint8_t *a = view_bytes(env->sys, addr1_);
	const uint8_t *b = view_bytes(env->sys, addr2_);

	if (!a || !b)
		return oracle_ill_formed(env);
	return memcmp(a, b, VIEW_GRANULE) == 0;
}

/* ---- kinds of memory ---------------------------------------------------------------- */

bool oracle_fn_NonSecureAccessPermitted(struct oracle_env *env, uint64_t addr_)
{
	return view_ns_accessible(env->sys, addr_);
}

bool oracle_fn_GranuleAccessPermitted(struct oracle_env *env, uint64_t addr_, uint64_t pas_)
{
	enum rmm_gpi gpi;

	if (pas_ != ORACLE_PAS_NS)
		return oracle_unknown(env);
	return view_bank(env->sys, addr_) && rmm_gpi_at(env->sys, addr_, &gpi) &&
	       (gpi == RMM_GPI_NS || gpi == RMM_GPI_ANY);
}

bool oracle_fn_PaIsDram(struct oracle_env *env, uint64_t addr_)
{
	return view_is_dram(env->sys, addr_);
}

/* The state of the region, RmiTrackingRegionState, where memory is; RESERVED: none. */
static uint64_t tracking_of(const struct rmm_system *sys, uint64_t pa)
{
	const struct tracking *tracking = &sys->tracking;
	const uint64_t region = pa / REGION_SIZE;

	return region < tracking->num_regions ? tracking->state[region] : RMI_TRACKING_RESERVED;
}

static bool is_fine(const struct rmm_system *sys, uint64_t pa)
{
	return tracking_of(sys, pa) == RMI_TRACKING_FINE;
}

static bool is_tracked(const struct rmm_system *sys, uint64_t pa)
{
	return is_fine(sys, pa) || tracking_of(sys, pa) == RMI_TRACKING_COARSE;
}

bool oracle_fn_PaIsTracked(struct oracle_env *env, uint64_t addr_)
{
	return view_bank(env->sys, addr_) && is_tracked(env->sys, addr_);
}

bool oracle_fn_PaIsTrackedFine(struct oracle_env *env, uint64_t addr_)
{
	return view_bank(env->sys, addr_) && is_fine(env->sys, addr_);
}

bool oracle_fn_PaIsDelegable(struct oracle_env *env, uint64_t addr_)
{
	return view_is_dram(env->sys, addr_) && is_fine(env->sys, addr_);
}

bool oracle_fn_PaIsDelegableConventional(struct oracle_env *env, uint64_t addr_)
{
	return view_is_dram(env->sys, addr_) && is_tracked(env->sys, addr_);
}

bool oracle_fn_PaIsDelegableConventionalFine(struct oracle_env *env, uint64_t addr_)
{
	return view_is_dram(env->sys, addr_) && is_fine(env->sys, addr_);
}

static uint64_t category_of(const struct memory_bank *bank)
{
	switch (bank->kind) {
	case RMM_BANK_DRAM:
		return ORACLE_MEM_CATEGORY_CONVENTIONAL;
	case RMM_BANK_DEV_COH:
		return ORACLE_MEM_CATEGORY_DEV_COH;
	default:
		return ORACLE_MEM_CATEGORY_DEV_NCOH;
	}
}

static uint64_t tracking_label(uint64_t state)
{
	switch (state) {
	case RMI_TRACKING_FINE:
		return ORACLE_TRACKING_FINE;
	case RMI_TRACKING_COARSE:
		return ORACLE_TRACKING_COARSE;
	case RMI_TRACKING_NONE:
		return ORACLE_TRACKING_NONE;
	default:
		return ORACLE_TRACKING_RESERVED;
	}
}

const struct oracle_RmmTrackingRegion *oracle_fn_TrackingRegionAt(struct oracle_env *env,
								  uint64_t addr_)
{
	struct oracle_RmmTrackingRegion *region = oracle_alloc(env, sizeof(*region));
	const struct memory_bank *bank = view_bank(env->sys, addr_);
	const bool reserved = rmm_behaves(env->sys, RMM_BEHAVIOUR_HOLE_REPORTED_AS_NONE_RESERVED);

	if (!region)
		return oracle_nothing;
	region->pa = addr_;
	region->state = reserved ? ORACLE_TRACKING_RESERVED : ORACLE_TRACKING_NONE;
	region->category = reserved ? ORACLE_MEM_CATEGORY_NONE : ORACLE_MEM_CATEGORY_CONVENTIONAL;
	/* What RMI_GRANULE_TRACKING_GET says of a hole is no state that could be changed. */
	if (bank || env->form->id == RMM_CMD_RMI_GRANULE_TRACKING_SET)
		region->state = tracking_label(tracking_of(env->sys, addr_));
	if (bank)
		region->category = category_of(bank);
	return region;
}

bool oracle_fn_TrackingRegionIsTracked(struct oracle_env *env,
				       const struct oracle_RmmTrackingRegion *region_)
{
	(void)env;
	return region_->state == ORACLE_TRACKING_COARSE || region_->state == ORACLE_TRACKING_FINE;
}

oracle_int oracle_fn_TrackingRegionGranularity(struct oracle_env *env,
					       const struct oracle_RmmTrackingRegion *region_)
{
	if (!oracle_fn_TrackingRegionIsTracked(env, region_))
		return (oracle_int)oracle_ill_formed(env);
	return (oracle_int)(region_->state == ORACLE_TRACKING_FINE ? VIEW_GRANULE : REGION_SIZE);
}

oracle_int oracle_fn_GranuleSizeFromRmi(struct oracle_env *env, uint64_t size_)
{
	switch (size_) {
	case RMI_GRANULE_SIZE_4KB:
		return 4096;
	case RMI_GRANULE_SIZE_16KB:
		return 16384;
	case RMI_GRANULE_SIZE_64KB:
		return 65536;
	default:
		return (oracle_int)oracle_ill_formed(env);
	}
}

uint64_t oracle_fn_GranuleSizeToRmi(struct oracle_env *env, oracle_int size_)
{
	if (size_ == 4096)
		return RMI_GRANULE_SIZE_4KB;
	if (size_ == 16384)
		return RMI_GRANULE_SIZE_16KB;
	return size_ == 65536 ? RMI_GRANULE_SIZE_64KB : oracle_ill_formed(env);
}

static const struct {
	uint64_t granule, code, size;
} region_sizes[] = {
	{4096, 0, UINT64_C(1) << 30},  {16384, 0, UINT64_C(1) << 25}, {16384, 1, UINT64_C(1) << 36},
	{65536, 0, UINT64_C(1) << 29}, {65536, 1, UINT64_C(1) << 42},
};

oracle_int oracle_fn_TrackingRegionSizeFromRmi(struct oracle_env *env, uint64_t granule_size_,
					       oracle_int code_)
{
	const oracle_int granule = oracle_fn_GranuleSizeFromRmi(env, granule_size_);

	for (size_t i = 0; i < sizeof(region_sizes) / sizeof(region_sizes[0]); i++)
		if ((oracle_int)region_sizes[i].granule == granule &&
		    (oracle_int)region_sizes[i].code == code_)
			return (oracle_int)region_sizes[i].size;
	return 0;
}

oracle_int oracle_fn_TrackingRegionSizeToRmi(struct oracle_env *env, oracle_int granule_size_,
					     oracle_int size_)
{
	for (size_t i = 0; i < sizeof(region_sizes) / sizeof(region_sizes[0]); i++)
		if ((oracle_int)region_sizes[i].granule == granule_size_ &&
		    (oracle_int)region_sizes[i].size == size_)
			return (oracle_int)region_sizes[i].code;
	return (oracle_int)oracle_ill_formed(env);
}

static bool kinds_are_equal(const struct memory_bank *a, const struct memory_bank *b)
{
	return a && b ? a->kind == b->kind : a == b;
}

/* Whether the regions in which the bank meets [base, top) are all tracked alike. */
static bool regions_are_alike(const struct rmm_system *sys, const struct memory_bank *bank,
			      uint64_t base, uint64_t top)
{
	const uint64_t first = bank->base > base ? bank->base : base;
	const uint64_t end = bank->base + bank->size < top ? bank->base + bank->size : top;

	for (uint64_t at = first; at < end; at = at - at % REGION_SIZE + REGION_SIZE)
		if (tracking_of(sys, at) != tracking_of(sys, base))
			return false;
	return true;
}

/* Kinds change where banks begin and end. */
bool oracle_fn_TrackingIsUniform(struct oracle_env *env, uint64_t base_, uint64_t top_)
{
	const struct rmm_system *sys = env->sys;
	const struct memory_bank *first = view_bank(sys, base_);

	if (rmm_behaves(sys, RMM_BEHAVIOUR_TRACKING_GET_BASE_ONLY))
		return true;
	for (unsigned int i = 0; i < sys->memory.num_banks; i++) {
		const uint64_t edges[] = {
			sys->memory.banks[i].base,
			sys->memory.banks[i].base + sys->memory.banks[i].size,
		};

		if (first && !regions_are_alike(sys, &sys->memory.banks[i], base_, top_))
			return false;
		for (unsigned int k = 0; k < 2; k++)
			if (edges[k] > base_ && edges[k] < top_ &&
			    !kinds_are_equal(first, view_bank(sys, edges[k])))
				return false;
	}
	return true;
}

/* ---- delegation -------------------------------------------------------------------------- */

bool oracle_fn_GranuleRangeStopsUnpopulated(struct oracle_env *env, uint64_t base_, uint64_t top_)
{
	const struct memory_bank *bank = view_bank(env->sys, base_);

	(void)top_;
	if (bank && bank->kind != RMM_BANK_DRAM)
		return oracle_unknown(env); /* whether a device has been verified */
	return !bank;
}

bool oracle_fn_GranuleRangeStopsAtTracking(struct oracle_env *env, uint64_t base_, uint64_t top_)
{
	const struct memory_bank *bank = view_bank(env->sys, base_);

	if (bank && bank->kind != RMM_BANK_DRAM)
		return oracle_unknown(env);
	if (bank && is_fine(env->sys, base_))
		return false;
	/* A region that is tracked as one unit moves as one. */
	if (bank && is_tracked(env->sys, base_) && base_ % REGION_SIZE == 0 &&
	    top_ - base_ >= REGION_SIZE)
		return oracle_unknown(env);
	return true;
}

bool oracle_fn_GranuleRangeStopsAtPas(struct oracle_env *env, uint64_t base_, uint64_t top_)
{
	enum rmm_gpi gpi;

	(void)top_;
	return view_state_is(env->sys, base_, RMM_GRANULE_UNDELEGATED) &&
	       rmm_gpi_at(env->sys, base_, &gpi) && gpi != RMM_GPI_NS;
}

bool oracle_fn_GranuleRangeStopsAtState(struct oracle_env *env, uint64_t base_, uint64_t top_,
					uint64_t state_)
{
	const uint64_t target =
		state_ == ORACLE_GRAN_DELEGATED ? ORACLE_GRAN_UNDELEGATED : ORACLE_GRAN_DELEGATED;
	enum rmm_granule_state found;

	(void)top_;
	if (!rmm_granule_state_at(env->sys, base_, &found))
		return oracle_ill_formed(env);
	if (!is_fine(env->sys, base_))
		return oracle_unknown(env);
	const uint64_t state = view_granule_state(env->sys, found);
	if (state == target && rmm_behaves(env->sys, RMM_BEHAVIOUR_REDELEGATE_SUCCEEDS))
		return false;
	return state != state_;
}

bool oracle_fn_GranulesAllUndelegated(struct oracle_env *env)
{
	return rmm_num_delegated(env->sys) == 0;
}

/* ---- transitions of regions -------------------------------------------------------------- */

/* The operation that is being judged does not stand in its own way. */
bool oracle_fn_TrackingTransitionPending(struct oracle_env *env, uint64_t addr_)
{
	const struct rmm_oracle *oracle = env->oracle;

	for (unsigned int i = 0; i < oracle->num_operations; i++) {
		const struct oracle_operation *op = &oracle->operations[i];

		if (op->open && op != env->operation &&
		    op->command->command == RMM_CMD_RMI_GRANULE_TRACKING_SET &&
		    op->first->in.x[1] == addr_)
			return true;
	}
	return oracle->begun_late && oracle_unknown(env);
}

bool oracle_fn_TrackingRegionIsDiverse(struct oracle_env *env, uint64_t addr_)
{
	const uint64_t base = addr_ - addr_ % REGION_SIZE;
	const struct memory_bank *bank = view_bank(env->sys, base);

	return !bank || bank->base + bank->size - base < REGION_SIZE;
}

bool oracle_fn_AddrIsTrackingRegionAligned(struct oracle_env *env, uint64_t addr_)
{
	(void)env;
	return addr_ % REGION_SIZE == 0;
}

bool oracle_fn_OtherCommandRunning(struct oracle_env *env)
{
	(void)env;
	return false;
}
