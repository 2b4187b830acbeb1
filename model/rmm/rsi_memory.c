/* SPDX-License-Identifier: BSD-3-Clause */
/* RSI_IPA_STATE_GET, RSI_IPA_STATE_SET, RSI_HOST_CALL. */
#include <string.h>

#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/realm_memory.h"
#include "rmm/rtt.h"

#define HOST_CALL_ALIGN 256u
#define IMM_HIGH_OFFSET 2 /* of RsiHostCall: behind its 16-bit immediate */

/* ---- RIPAS -------------------------------------------------------------------- */

struct range_conditions {
	enum rmm_condition base_align, top_align, size, bound;
};

static enum rmm_condition check_range(const struct rmm_call *call,
				      const struct range_conditions *conditions)
{
	const uint64_t base = call->in[1];
	const uint64_t top = call->in[2];

	if (!is_granule_aligned(base))
		return conditions->base_align;
	if (!is_granule_aligned(top))
		return conditions->top_align;
	if (top <= base)
		return conditions->size;
	if (!realm_range_is_protected(call->realm, base, top))
		return conditions->bound;
	return RMM_CONDITION_NONE;
}

uint64_t rsi_ipa_state_get(struct rmm_call *call)
{
	static const struct range_conditions conditions = {
		RSI_IPA_STATE_GET_BASE_ALIGN,
		RSI_IPA_STATE_GET_END_ALIGN,
		RSI_IPA_STATE_GET_SIZE_VALID,
		RSI_IPA_STATE_GET_RGN_BOUND,
	};
	const enum rmm_condition failed = check_range(call, &conditions);
	const uint64_t top = call->in[2];
	struct rtt_walk walk;

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rtt_walk(call, call->realm, call->in[1], RTT_PAGE_LEVEL, &walk);
	const enum ripas ripas = rtte_ripas(walk.desc);
	uint64_t end = rtt_next(call->in[1], walk.level);
	for (unsigned int i = walk.index + 1; i < RTT_ENTRIES && end < top; i++) {
		const uint64_t desc = rtte_load(&walk.table[i]);

		if (rtte_state(desc, walk.level) == RTTE_TABLE || rtte_ripas(desc) != ripas)
			break;
		end = rtt_next(end, walk.level);
	}
	call->out[1] = end < top ? end : top;
	call->out[2] = ripas;
	return RSI_SUCCESS;
}

static uint64_t asked_ripas(const struct rmm_call *call)
{
	const bool wide = call_behaves(call, RMM_BEHAVIOUR_IPA_STATE_SET_WIDE_FIELDS);

	return call->in[3] & (wide ? UINT32_MAX : UINT8_MAX);
}

static bool may_change_destroyed(const struct rmm_call *call)
{
	if (call_behaves(call, RMM_BEHAVIOUR_IPA_STATE_SET_WIDE_FIELDS))
		return (uint32_t)call->in[4] == RSI_CHANGE_DESTROYED;
	return rsi_ripas_change_flags_destroyed(call_version(call), call->in[4]);
}

uint64_t rsi_ipa_state_set(struct rmm_call *call)
{
	static const struct range_conditions conditions = {
		RSI_IPA_STATE_SET_BASE_ALIGN,
		RSI_IPA_STATE_SET_TOP_ALIGN,
		RSI_IPA_STATE_SET_SIZE_VALID,
		RSI_IPA_STATE_SET_RGN_BOUND,
	};
	const uint64_t ripas = asked_ripas(call);
	struct rmm_rec *rec = call->rec;

	if (ripas != RIPAS_EMPTY && ripas != RIPAS_RAM)
		return rmm_fail(call, RSI_IPA_STATE_SET_RIPAS_VALID);
	const enum rmm_condition failed = check_range(call, &conditions);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rec->ripas_pending = true;
	rec->ripas_base = call->in[1];
	rec->ripas_addr = call->in[1];
	rec->ripas_top = call->in[2];
	rec->ripas_value = (uint8_t)ripas;
	rec->ripas_destroyed = may_change_destroyed(call);
	call->exit->exit_reason = RMI_EXIT_RIPAS_CHANGE;
	call->exit->ripas_base = rec->ripas_base;
	call->exit->ripas_top = rec->ripas_top;
	call->exit->ripas_value = rec->ripas_value;
	call->outcome = CALL_EXITS;
	return RSI_SUCCESS;
}

/* ---- host call ------------------------------------------------------------------ */

uint64_t rsi_host_call(struct rmm_call *call)
{
	const uint64_t addr = call->in[1];
	uint8_t image[RSI_HOST_CALL_SIZE];
	struct rsi_host_call host_call;
	struct ipa_result at;
	uint64_t x0;

	if (!is_aligned(addr, HOST_CALL_ALIGN))
		return rmm_fail(call, RSI_HOST_CALL_ADDR_ALIGN);
	if (!realm_is_protected(call->realm, addr))
		return rmm_fail(call, RSI_HOST_CALL_ADDR_BOUND);
	if (!realm_buffer(call, addr, RSI_HOST_CALL_ADDR_EMPTY, &at, &x0))
		return x0;
	ipa_read(call, &at, image, sizeof(image));
	rsi_host_call_decode(call_version(call), image, &host_call);
	call->exit->exit_reason = RMI_EXIT_HOST_CALL;
	call->exit->imm = host_call.imm;
	if (call_behaves(call, RMM_BEHAVIOUR_HOST_CALL_IMM_32_BITS))
		memcpy(call->exit_imm_high, &image[IMM_HIGH_OFFSET], sizeof(*call->exit_imm_high));
	memcpy(call->exit->gprs, host_call.gprs, sizeof(call->exit->gprs));
	call->rec->pending = REC_PENDING_HOST_CALL;
	call->rec->host_call_ipa = addr;
	call->outcome = CALL_WAITS;
	return RSI_SUCCESS;
}
