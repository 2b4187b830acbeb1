/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Livelocks: the same call gets the same answer again and again, and nothing in
 * the RMM has changed in between, so it will get it for ever.
 */
#include <inttypes.h>

#include "checker_state.h"

#define FNV_BASIS   UINT64_C(0xcbf29ce484222325)
#define FNV_PRIME   UINT64_C(0x100000001b3)

#define ESR_EC(esr) ((esr) >> 26 & 0x3f)
#define ESR_EC_IABT 0x20u
#define ESR_EC_DABT 0x24u
#define EXIT_OFFSET 0x800u

enum change {
	CHANGE_NONE,   /* may be repeated for ever */
	CHANGE_STATE,  /* what comes now may have another answer */
	CHANGE_IGNORE, /* a question without consequences */
};

static uint64_t hash(uint64_t h, uint64_t word)
{
	return (h ^ word) * FNV_PRIME;
}

/* ---- did anything change? --------------------------------------------------------------- */

static bool is_question(enum rmm_command id)
{
	switch (id) {
	case RMM_CMD_RMI_VERSION:
	case RMM_CMD_RMI_FEATURES:
	case RMM_CMD_RMI_RMM_CONFIG_GET:
	case RMM_CMD_RMI_RMM_STATE_GET:
	case RMM_CMD_RMI_GRANULE_TRACKING_GET:
	case RMM_CMD_RMI_GPT_INFO:
	case RMM_CMD_RMI_REC_AUX_COUNT:
	case RMM_CMD_RMI_PDEV_GET_STATE:
	case RMM_CMD_RMI_VDEV_GET_STATE:
		return true;
	default:
		return false;
	}
}

/* A fault that nobody resolved: the realm meets it again at once. */
static bool is_fault(const struct host_checker *c, const struct observed *o)
{
	const struct host_memory_ops *memory = &c->config.memory;
	const uint64_t at = observed_in(o, "run_ptr") + EXIT_OFFSET;
	const uint64_t ec = ESR_EC(read_field(memory, o->version, "RmiRecExit", "esr", 0, at));
	const uint64_t reason = read_field(memory, o->version, "RmiRecExit", "exit_reason", 0, at);

	return reason == RMI_EXIT_SYNC && (ec == ESR_EC_IABT || ec == ESR_EC_DABT) &&
	       !rmi_rec_enter_flags_emul_mmio(o->version, c->enter_flags) &&
	       !rmi_rec_enter_flags_inject_sea(o->version, c->enter_flags);
}

static bool moved_nothing(const struct observed *o)
{
	switch (o->id) {
	case RMM_CMD_RMI_OP_MEM_DONATE:
		return observed_out(o, "donated_count") == 0;
	case RMM_CMD_RMI_OP_MEM_RECLAIM:
		return observed_out(o, "reclaim_count") == 0;
	default:
		return false;
	}
}

static enum change change_of(const struct host_checker *c, const struct observed *o)
{
	if (is_question(o->id))
		return CHANGE_IGNORE;
	if (observed_incomplete(o))
		return moved_nothing(o) ? CHANGE_NONE : CHANGE_STATE;
	if (!observed_succeeded(o) || o->id == RMM_CMD_RMI_RTT_READ_ENTRY)
		return CHANGE_NONE;
	if (o->id == RMM_CMD_RMI_REC_ENTER)
		return is_fault(c, o) ? CHANGE_NONE : CHANGE_STATE;
	if (observed_is_range(o) && observed_out(o, "out_top") == observed_in(o, "base"))
		return CHANGE_NONE;
	return CHANGE_STATE;
}

/* ---- the same again? --------------------------------------------------------------------- */

static uint64_t key_of(const struct host_checker *c, const struct observed *o)
{
	uint64_t key = hash(FNV_BASIS, o->in.x[0]);

	for (size_t i = 0; i < o->command->num_inputs; i++)
		key = hash(key, o->in.x[o->command->inputs[i].reg]);
	key = hash(key, o->out.x[0]);
	/* Other outputs of a failure may be undefined. */
	if (observed_succeeded(o))
		for (size_t i = 0; i < o->command->num_outputs; i++)
			key = hash(key, o->out.x[o->command->outputs[i].reg]);
	if (o->id == RMM_CMD_RMI_REC_ENTER && observed_succeeded(o))
		key = hash(key, read_field(&c->config.memory, o->version, "RmiRecExit", "hpfar", 0,
					   observed_in(o, "run_ptr") + EXIT_OFFSET));
	return key ? key : 1;
}

/* The slot of the key, in place of one that says nothing any more. */
static struct repeat *slot_of(struct host_checker *c, const struct observed *o)
{
	const uint64_t key = key_of(c, o);
	struct repeat *slot = &c->repeats[key % CHECK_MAX_REPEATS];

	if (slot->key != key || slot->epoch != c->epoch)
		*slot = (struct repeat){.key = key, .epoch = c->epoch, .first = o->number};
	return slot;
}

static void livelock(struct host_checker *c, const struct observed *o, const struct repeat *slot)
{
	c->gave_up = true;
	checker_note(c,
		     &(struct note){
			     .kind = HOST_FINDING_LIVELOCK,
			     .o = o,
			     .origin = {.call = slot->first},
			     .remedy = "bound the loop, and treat an answer that does not change "
				       "as a failure",
		     },
		     "the same call got the same answer (X0 = 0x%" PRIx64 ") %" PRIu32
		     " times since call %" PRIu64
		     " and nothing changed in between: no further call gets through",
		     o->out.x[0], slot->count, slot->first);
}

void check_repeat_after(struct host_checker *c, const struct observed *o)
{
	const uint32_t limit =
		observed_asks_to_repeat(o) ? c->config.busy_limit : c->config.repeat_limit;
	struct repeat *slot;

	switch (change_of(c, o)) {
	case CHANGE_IGNORE:
		return;
	case CHANGE_STATE:
		c->epoch++;
		return;
	case CHANGE_NONE:
		break;
	}
	slot = slot_of(c, o);
	if (++slot->count >= limit)
		livelock(c, o, slot);
}
