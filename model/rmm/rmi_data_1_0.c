/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_DATA_CREATE, RMI_DATA_CREATE_UNKNOWN, RMI_DATA_DESTROY: one page at a time. */
#include "rmm/call.h"
#include "rmm/data_page.h"
#include "rmm/handlers.h"

/* ---- create --------------------------------------------------------------------- */

/* How the two commands name what they have in common. */
struct create_conditions {
	struct granule_conditions rd;
	struct granule_conditions data;
	enum rmm_condition realm_state; /* NONE: any will do */
	enum rmm_condition ipa_bound, ipa_align, data_bound2;
	enum rmm_condition walk, rtte_state;
};

#define CREATE_CONDITIONS(command)                                                  \
	.rd = {command##_RD_ALIGN, command##_RD_BOUND, command##_RD_STATE},         \
	.data = {command##_DATA_ALIGN, command##_DATA_BOUND, command##_DATA_STATE}, \
	.ipa_bound = command##_IPA_BOUND, .ipa_align = command##_IPA_ALIGN,         \
	.data_bound2 = command##_DATA_BOUND2, .walk = command##_RTT_WALK,           \
	.rtte_state = command##_RTTE_STATE

struct new_page {
	uint64_t data;
	uint64_t ipa;
	struct rmm_realm *realm;
	struct rtt_walk walk;
};

static enum rmm_condition check_ipa(const struct new_page *page, const struct create_conditions *c)
{
	if (!realm_is_protected(page->realm, page->ipa))
		return c->ipa_bound;
	if (!is_granule_aligned(page->ipa))
		return c->ipa_align;
	return RMM_CONDITION_NONE;
}

static enum rmm_condition check_inputs(struct rmm_call *call, struct new_page *page,
				       const struct create_conditions *c)
{
	enum rmm_condition failed = realm_take(call, call->in[1], &c->rd, &page->realm);

	if (failed == RMM_CONDITION_NONE && c->realm_state != RMM_CONDITION_NONE &&
	    realm_state(page->realm) != RMM_REALM_NEW)
		failed = c->realm_state;
	if (failed == RMM_CONDITION_NONE)
		failed = check_ipa(page, c);
	if (failed == RMM_CONDITION_NONE)
		failed = granule_take(call, page->data, RMM_GRANULE_DELEGATED, &c->data);
	if (failed != RMM_CONDITION_NONE)
		return failed;
	if (!rtte_can_hold(page->data, page->realm->lpa2))
		return c->data_bound2;
	return RMM_CONDITION_NONE;
}

/* Finds the void entry for the page. Returns X0. */
static uint64_t find_place(struct rmm_call *call, struct new_page *page,
			   const struct create_conditions *c)
{
	const enum rmm_condition failed = check_inputs(call, page, c);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	rtt_walk(call, page->realm, page->ipa, RTT_PAGE_LEVEL, &page->walk);
	if (page->walk.level < RTT_PAGE_LEVEL)
		return rmm_fail_level(call, c->walk, page->walk.level);
	if (page->walk.state != RTTE_VOID)
		return rmm_fail_level(call, c->rtte_state, page->walk.level);
	return RMI_SUCCESS;
}

static enum rmm_condition read_source(struct rmm_call *call, uint64_t src, uint64_t flags,
				      uint8_t content[RMM_GRANULE_SIZE])
{
	if (flags > RMI_MEASURE_CONTENT && call_behaves(call, RMM_BEHAVIOUR_DATA_FLAGS_CHECKED))
		return RMI_DATA_CREATE_FLAGS_TF;
	if (!is_granule_aligned(src))
		return RMI_DATA_CREATE_SRC_ALIGN;
	if (ns_out_of_bounds(call, src))
		return RMI_DATA_CREATE_SRC_BOUND;
	if (!ns_read(call, src, content, RMM_GRANULE_SIZE))
		return RMI_DATA_CREATE_SRC_PAS;
	return RMM_CONDITION_NONE;
}

uint64_t rmi_data_create(struct rmm_call *call)
{
	static const struct create_conditions conditions = {
		CREATE_CONDITIONS(RMI_DATA_CREATE),
		.realm_state = RMI_DATA_CREATE_REALM_STATE,
	};
	struct new_page page = {.data = call->in[2], .ipa = call->in[3]};
	const uint64_t flags = call->in[5];
	uint8_t content[RMM_GRANULE_SIZE];

	const enum rmm_condition failed = read_source(call, call->in[4], flags, content);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	const uint64_t x0 = find_place(call, &page, &conditions);
	if (x0 == RMI_SUCCESS)
		data_page_enter_init(call, page.realm, &page.walk, page.data, page.ipa, flags,
				     content);
	return x0;
}

uint64_t rmi_data_create_unknown(struct rmm_call *call)
{
	static const struct create_conditions conditions = {
		CREATE_CONDITIONS(RMI_DATA_CREATE_UNKNOWN),
		.realm_state = RMM_CONDITION_NONE,
	};
	struct new_page page = {.data = call->in[2], .ipa = call->in[3]};

	const uint64_t x0 = find_place(call, &page, &conditions);
	if (x0 != RMI_SUCCESS)
		return x0;
	granule_claim(call, page.data);
	data_page_enter(call, page.realm, &page.walk, page.data, rtte_ripas(page.walk.desc));
	return RMI_SUCCESS;
}

/* ---- destroy ---------------------------------------------------------------------- */

static uint64_t take_out(struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
			 const struct rtt_walk *walk)
{
	const uint64_t data = rtte_addr(walk->desc, realm->lpa2);

	rtt_write(call, walk, walk->index, data_entry_after(walk->desc));
	if (walk->desc & RTTE_VALID)
		rtt_invalidate(call, realm, ipa, RMM_GRANULE_SIZE);
	--*rtt_live_count(call, walk->rtt);
	data_granules_leave(call, data, 1);
	return data;
}

uint64_t rmi_data_destroy(struct rmm_call *call)
{
	static const struct granule_conditions rd = GRANULE_CONDITIONS(RMI_DATA_DESTROY, RD);
	const uint64_t ipa = call->in[2];
	struct rmm_realm *realm;
	struct rtt_walk walk;

	const enum rmm_condition failed = realm_take(call, call->in[1], &rd, &realm);
	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (!realm_is_protected(realm, ipa))
		return rmm_fail(call, RMI_DATA_DESTROY_IPA_BOUND);
	if (!is_granule_aligned(ipa))
		return rmm_fail(call, RMI_DATA_DESTROY_IPA_ALIGN);
	rtt_walk(call, realm, ipa, RTT_PAGE_LEVEL, &walk);
	call->out[2] = rtt_skip_non_live(&walk, ipa);
	if (walk.level < RTT_PAGE_LEVEL)
		return rmm_fail_level(call, RMI_DATA_DESTROY_RTT_WALK, walk.level);
	if (walk.state != RTTE_DATA)
		return rmm_fail_level(call, RMI_DATA_DESTROY_RTTE_STATE, walk.level);
	call->out[1] = take_out(call, realm, ipa, &walk);
	call->out[2] = rtt_skip_non_live(&walk, ipa);
	return RMI_SUCCESS;
}
