/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RTT_INIT_RIPAS, RMI_RTT_SET_RIPAS. */
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/measurement.h"
#include "rmm/rtt.h"

/*
 * Sets the RIPAS of the entries from the walk's entry on that fit below top
 * and that `may_change` accepts. Returns the first IPA not processed.
 */
struct ripas_sweep {
	struct rmm_realm *realm;
	enum ripas ripas;
	/* From DESTROYED, too. */
	bool from_destroyed;
	/* Only entries that map nothing. */
	bool only_void;
	/* The RIM says what is done. */
	bool measured;
};

static bool stops(const struct ripas_sweep *sweep, uint64_t desc, int level)
{
	const enum rtte_state state = rtte_state(desc, level);

	if (state != RTTE_VOID && (state != RTTE_DATA || sweep->only_void))
		return true;
	return rtte_ripas(desc) == RIPAS_DESTROYED && !sweep->from_destroyed;
}

static void set_ripas(struct rmm_call *call, const struct ripas_sweep *sweep,
		      const struct rtt_walk *walk, unsigned int index, uint64_t ipa)
{
	const uint64_t desc = rtte_load(&walk->table[index]);

	if (rtte_ripas(desc) == sweep->ripas)
		return;
	rtt_write(call, walk, index,
		  rtte_with_ripas(desc, sweep->ripas, walk->level, sweep->realm->lpa2));
	if (desc & RTTE_VALID)
		rtt_invalidate(call, sweep->realm, ipa, rtt_span(walk->level));
}

static uint64_t sweep_ripas(struct rmm_call *call, const struct ripas_sweep *sweep,
			    const struct rtt_walk *walk, uint64_t base, uint64_t top)
{
	const uint64_t span = rtt_span(walk->level);
	uint64_t ipa = base;

	for (unsigned int i = walk->index; i < RTT_ENTRIES && top - ipa >= span; i++) {
		if (stops(sweep, rtte_load(&walk->table[i]), walk->level))
			break;
		set_ripas(call, sweep, walk, i, ipa);
		if (sweep->measured)
			measurement_extend_ripas(call, sweep->realm, ipa, ipa + span);
		ipa += span;
	}
	return ipa;
}

/* ---- before activation -------------------------------------------------------- */

static enum rmm_condition check_init_range(const struct rmm_call *call,
					   const struct rmm_realm *realm, uint64_t base,
					   uint64_t top)
{
	if (!is_granule_aligned(base) && call_behaves(call, RMM_BEHAVIOUR_INIT_RIPAS_BASE_CHECKED))
		return RMI_RTT_INIT_RIPAS_BASE_GRAN_ALIGN_TF;
	if (!is_granule_aligned(top))
		return RMI_RTT_INIT_RIPAS_TOP_GRAN_ALIGN;
	if (!realm_is_protected(realm, top - RMM_GRANULE_SIZE))
		return RMI_RTT_INIT_RIPAS_TOP_BOUND;
	if (realm_state(realm) != RMM_REALM_NEW)
		return RMI_RTT_INIT_RIPAS_REALM_STATE;
	return RMM_CONDITION_NONE;
}

/* Until 1.0-rel0 the first entry may not be data. */
static bool init_refuses(const struct rmm_call *call, const struct rtt_walk *walk)
{
	return walk->state != RTTE_VOID && (walk->state != RTTE_DATA || call_is_rmi_1(call));
}

/* Why a sweep from base made no progress. */
static enum rmm_condition init_obstacle(const struct ripas_sweep *sweep,
					const struct rtt_walk *walk)
{
	if (rtte_ripas(walk->desc) == RIPAS_DESTROYED && !sweep->from_destroyed)
		return RMI_RTT_INIT_RIPAS_RIPAS_DESTROYED_TF;
	return RMI_RTT_INIT_RIPAS_NO_PROGRESS;
}

uint64_t rmi_rtt_init_ripas(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_INIT_RIPAS, RD);
	const uint64_t base = call->in[2];
	const uint64_t top = call->in[3];
	struct ripas_sweep sweep = {
		.ripas = RIPAS_RAM,
		.from_destroyed = !call_behaves(call, RMM_BEHAVIOUR_INIT_RIPAS_STOPS_AT_DESTROYED),
		.only_void = call_behaves(call, RMM_BEHAVIOUR_INIT_RIPAS_STOPS_AT_DATA),
		.measured = call_behaves(call, RMM_BEHAVIOUR_INIT_RIPAS_MEASURED),
	};
	struct rmm_realm *realm;
	struct rtt_walk walk;

	if (top <= base)
		return rmm_fail(call, RMI_RTT_INIT_RIPAS_SIZE_VALID);
	enum rmm_condition failed = realm_take(call, call->in[1], &rd, &realm);
	if (failed == RMM_CONDITION_NONE)
		failed = check_init_range(call, realm, base, top);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rtt_walk(call, realm, base, RTT_PAGE_LEVEL, &walk);
	if (!is_aligned(base, rtt_span(walk.level)))
		return rmm_fail_level(call, RMI_RTT_INIT_RIPAS_BASE_ALIGN, walk.level);
	if (init_refuses(call, &walk))
		return rmm_fail_level(call, RMI_RTT_INIT_RIPAS_RTTE_STATE, walk.level);
	sweep.realm = realm;
	const uint64_t end = sweep_ripas(call, &sweep, &walk, base, top);
	if (end == base)
		return rmm_fail_level(call, init_obstacle(&sweep, &walk), walk.level);
	call->out[1] = end;
	return RMI_SUCCESS;
}

/* ---- on request of the realm ----------------------------------------------------- */

static enum rmm_condition check_request(const struct rmm_call *call, const struct rmm_rec *rec)
{
	const uint64_t base = call->in[3];
	const uint64_t top = call->in[4];

	if (rec->running)
		return RMI_RTT_SET_RIPAS_REC_STATE;
	if (rec->owner != call->in[1])
		return RMI_RTT_SET_RIPAS_REC_OWNER;
	if (base != rec->ripas_addr)
		return RMI_RTT_SET_RIPAS_BASE_BOUND;
	if (top > rec->ripas_top)
		return RMI_RTT_SET_RIPAS_TOP_BOUND;
	return RMM_CONDITION_NONE;
}

/*
 * An entry that already has the wanted RIPAS may be entered in its middle, or
 * reach beyond top, without failing.
 */
static uint64_t set_partial_entry(struct rmm_call *call, const struct rmm_rec *rec,
				  const struct rtt_walk *walk, uint64_t base, uint64_t top,
				  uint64_t *end)
{
	const bool unaligned = !is_aligned(base, rtt_span(walk->level));
	const bool strict = !call_behaves(call, RMM_BEHAVIOUR_SET_RIPAS_NOOP_NEEDS_NO_ALIGNMENT);
	const bool satisfied = (walk->state == RTTE_VOID || walk->state == RTTE_DATA) &&
			       (uint8_t)rtte_ripas(walk->desc) == rec->ripas_value;
	const uint64_t next = rtt_next(base, walk->level);

	if (satisfied && !strict) {
		*end = next < top ? next : top;
		return RMI_SUCCESS;
	}
	if (unaligned)
		return rmm_fail_level(call,
				      strict ? RMI_RTT_SET_RIPAS_BASE_ALIGN_TF
					     : RMI_RTT_SET_RIPAS_BASE_ALIGN,
				      walk->level);
	if (rec->ripas_value == RIPAS_RAM && walk->state != RTTE_VOID && walk->state != RTTE_DATA)
		return rmm_fail_level(call, RMI_RTT_SET_RIPAS_RAM_INVALID, walk->level);
	return rmm_fail_level(
		call, strict ? RMI_RTT_SET_RIPAS_NO_PROGRESS_TF : RMI_RTT_SET_RIPAS_NO_PROGRESS,
		walk->level);
}

/* May the request change entries whose RIPAS is DESTROYED? */
static bool request_covers_destroyed(const struct rmm_call *call, const struct rmm_rec *rec)
{
	if (rec->ripas_destroyed)
		return true;
	return rec->ripas_value != RIPAS_RAM &&
	       !call_behaves(call, RMM_BEHAVIOUR_SET_RIPAS_EMPTY_NEEDS_DESTROYED_FLAG);
}

uint64_t rmi_rtt_set_ripas(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_RTT_SET_RIPAS, RD);
	static const struct granule_conditions rec_conditions = {
		RMI_RTT_SET_RIPAS_REC_ALIGN,
		RMI_RTT_SET_RIPAS_REC_BOUND,
		RMI_RTT_SET_RIPAS_REC_GRAN_STATE,
	};
	const uint64_t base = call->in[3];
	const uint64_t top = call->in[4];
	struct rmm_realm *realm;
	struct rmm_rec *rec;
	struct rtt_walk walk;

	if (top <= base)
		return rmm_fail(call, RMI_RTT_SET_RIPAS_SIZE_VALID);
	if (!is_granule_aligned(top))
		return rmm_fail(call, RMI_RTT_SET_RIPAS_TOP_GRAN_ALIGN);
	enum rmm_condition failed = realm_take(call, call->in[1], &rd, &realm);
	if (failed == RMM_CONDITION_NONE)
		failed = rec_take(call, call->in[2], &rec_conditions, &rec);
	if (failed == RMM_CONDITION_NONE)
		failed = check_request(call, rec);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rtt_walk(call, realm, base, RTT_PAGE_LEVEL, &walk);
	const struct ripas_sweep sweep = {
		.realm = realm,
		.ripas = (enum ripas)rec->ripas_value,
		.from_destroyed = request_covers_destroyed(call, rec),
	};
	uint64_t end = base;
	if (is_aligned(base, rtt_span(walk.level)))
		end = sweep_ripas(call, &sweep, &walk, base, top);
	if (end == base) {
		const uint64_t x0 = set_partial_entry(call, rec, &walk, base, top, &end);

		if (x0 != RMI_SUCCESS)
			return x0;
	}
	rec->ripas_addr = end;
	call->out[1] = end;
	return RMI_SUCCESS;
}
