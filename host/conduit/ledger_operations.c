/* SPDX-License-Identifier: BSD-3-Clause */
/* Stateful operations as the ledger follows them, from their first call to their last. */
#include "ledger_state.h"
#include "object_commands.h"

/* ---- beginning ------------------------------------------------------------------------ */

/* What the donated memory of an operation will belong to. */
static uint64_t beneficiary(const struct ledger_operation *op)
{
	if (op->object != 0)
		return op->object;
	return observed_in(&op->start, "addr"); /* level 1 GPTs: their region */
}

static void hold_partial(struct host_ledger *ledger, struct ledger_operation *op,
			 const struct object_command *of)
{
	const struct span *was;

	if (of == NULL || !observed_has_in(&op->start, of->granule))
		return;
	op->object = object_granule(of, &op->start) & ~PAGE_MASK;
	was = span_at(&ledger->granules, LEDGER_PA_SPACE, op->object);
	op->was = was != NULL ? was->kind : HOST_HELD_DELEGATED;
	op->was_realm = was != NULL ? was->realm : 0;
	ledger_hold(
		ledger, op->object, op->object + HOST_PAGE_SIZE,
		&(struct holding){
			.kind = HOST_HELD_PARTIAL,
			.realm = op->was_realm != 0 ? op->was_realm : object_realm(of, &op->start),
			.operation = op->id,
		});
}

void ledger_begin_operation(struct host_ledger *ledger, const struct observed *o,
			    const struct realm_sample *sample)
{
	void *array = ledger->operations;
	struct ledger_operation *op;

	if (!ledger_grow(ledger, &array, ledger->num_operations, sizeof(*op)))
		return;
	ledger->operations = array;
	op = &ledger->operations[ledger->num_operations++];
	*op = (struct ledger_operation){
		.id = ++ledger->operations_begun,
		.handle = o->out.x[1],
		.start = *o,
		.sample = *sample,
		.origin = ledger->now,
		.x0 = o->out.x[0],
		.request = o->out.x[2],
		.was = HOST_HELD_DELEGATED,
	};
	hold_partial(ledger, op, object_command(o->id));
}

/* ---- memory --------------------------------------------------------------------------- */

/* The first `count` granules of the list have changed hands. */
static void donated(struct host_ledger *ledger, const struct ledger_operation *op,
		    const struct observed *o)
{
	const struct holding holding = {
		.kind = HOST_HELD_DONATED,
		.realm = observed_in(&op->start, "rd"),
		.object = beneficiary(op),
		.operation = op->id,
	};
	uint64_t left = observed_out(o, "donated_count") * HOST_PAGE_SIZE;
	uint64_t list[LIST_ENTRIES];
	const uint64_t n = read_list(&ledger->config.memory, observed_in(o, "list_addr"),
				     observed_in(o, "list_count"), list);

	for (uint64_t i = 0; i < n && left > 0; i++) {
		const struct pa_range range = pa_range_decode(o->version, list[i]);
		const uint64_t size = range.size < left ? range.size : left;

		ledger_hold(ledger, range.base, range.base + size, &holding);
		left -= size;
	}
}

static void reclaimed(struct host_ledger *ledger, const struct observed *o)
{
	const struct holding delegated = {.kind = HOST_HELD_DELEGATED};
	uint64_t list[LIST_ENTRIES];
	const uint64_t n = read_list(&ledger->config.memory, observed_in(o, "list_addr"),
				     observed_out(o, "reclaim_count"), list);

	for (uint64_t i = 0; i < n; i++) {
		const struct pa_range range = pa_range_decode(o->version, list[i]);

		if (range.state == RMI_OP_MEM_UNDELEGATED)
			ledger_release(ledger, range.base, range.base + range.size);
		else
			ledger_hold(ledger, range.base, range.base + range.size, &delegated);
	}
}

/* ---- the end --------------------------------------------------------------------------- */

/* Granules of the operation that are still donated. */
static uint64_t outstanding(const struct host_ledger *ledger, uint64_t id)
{
	uint64_t granules = 0;

	for (size_t i = 0; i < ledger->granules.num; i++) {
		const struct span *span = &ledger->granules.spans[i];

		if (span->kind == HOST_HELD_DONATED && span->operation == id)
			granules += (span->top - span->base) / HOST_PAGE_SIZE;
	}
	return granules;
}

static bool is_success(const struct ledger_operation *op, const struct observed *end)
{
	return observed_succeeded(end) && !op->cancelled && end->id != RMM_CMD_RMI_OP_CANCEL;
}

static void settle_object(struct host_ledger *ledger, const struct ledger_operation *op)
{
	if (op->object == 0)
		return;
	ledger_hold(ledger, op->object, op->object + HOST_PAGE_SIZE,
		    &(struct holding){
			    .kind = op->was,
			    .realm = op->was_realm,
		    });
}

/* Whatever the operation still holds belongs to its object from now on. */
static void forget_operation(struct host_ledger *ledger, uint64_t id)
{
	for (size_t i = 0; i < ledger->granules.num; i++)
		if (ledger->granules.spans[i].operation == id)
			ledger->granules.spans[i].operation = 0;
}

static void ended(struct host_ledger *ledger, struct ledger_operation *op,
		  const struct observed *end)
{
	struct observed whole = op->start;
	const struct ledger_operation over = *op;

	*op = ledger->operations[--ledger->num_operations];
	settle_object(ledger, &over);
	whole.out = end->out;
	if (is_success(&over, end))
		ledger_apply(ledger, &whole, &over.sample);
	forget_operation(ledger, over.id);
}

/*
 * Whether an error in answer to RMI_OP_CONTINUE was meant for this call rather
 * than for the operation: a creation returns its memory before it fails.
 */
static bool is_rejection(const struct host_ledger *ledger, const struct ledger_operation *op,
			 const struct observed *o)
{
	const uint64_t mem =
		rmi_result_data_incomplete_mem(o->version, rmi_result_data(o->version, op->x0));

	if (observed_succeeded(o))
		return false;
	return mem != RMI_OP_MEM_REQ_NONE || outstanding(ledger, op->id) > 0;
}

static bool is_end(const struct host_ledger *ledger, const struct ledger_operation *op,
		   const struct observed *o)
{
	if (o->id == RMM_CMD_RMI_OP_CANCEL)
		return observed_succeeded(o);
	return o->id == RMM_CMD_RMI_OP_CONTINUE && !observed_asks_to_repeat(o) &&
	       !is_rejection(ledger, op, o);
}

void ledger_step(struct host_ledger *ledger, const struct observed *o)
{
	struct ledger_operation *op = ledger_operation(ledger, observed_in(o, "handle"));

	if (op == NULL || o->out.x[0] == OBSERVED_NOT_SUPPORTED)
		return;
	if (o->id == RMM_CMD_RMI_OP_MEM_DONATE)
		donated(ledger, op, o);
	if (o->id == RMM_CMD_RMI_OP_MEM_RECLAIM && observed_incomplete(o))
		reclaimed(ledger, o);
	if (observed_incomplete(o)) {
		op->x0 = o->out.x[0];
		op->request = o->out.x[2];
		op->cancelled |= o->id == RMM_CMD_RMI_OP_CANCEL;
	} else if (is_end(ledger, op, o)) {
		ended(ledger, op, o);
	}
}
