/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stateful operations from the first call to the final status: what a host
 * does when a command answers RMI_INCOMPLETE. Memory comes from the step's
 * pool and is delegated on the way; what the RMM gives back is undelegated.
 */
#include <inttypes.h>
#include <string.h>

#include "bits.h"
#include "session.h"

/* No operation needs this many steps; one that does is stuck. */
#define MAX_ROUNDS  4096u
#define MAX_ENTRIES (RMM_GRANULE_SIZE / 8)
#define MAX_POOL    (1u << 20)

struct operation {
	struct trace_turn *turn;
	const struct trace_call *call;
	uint64_t handle;
	uint64_t list;
	uint64_t pool_base;
	uint64_t pool_count;
	struct smc_regs last; /* the latest answer */
	bool failed;
};

/* ---- the ABI by name -------------------------------------------------------------- */

static enum rmm_version version_of(const struct operation *op)
{
	return op->turn->session->trace->config.version;
}

static const struct rmm_abi_field *field_of(const struct operation *op, const char *type_name,
					    const char *field)
{
	const struct rmm_abi_type *type = rmm_abi_type_find(type_name);

	return type != NULL ? rmm_abi_field_find(type, version_of(op), field) : NULL;
}

static uint64_t bits_of(const struct operation *op, const char *type, const char *field,
			uint64_t word)
{
	const struct rmm_abi_field *f = field_of(op, type, field);

	return f != NULL ? rmm_abi_bits_get(f, word) : 0;
}

static uint64_t label(const struct operation *op, const char *name)
{
	uint64_t value = 0;

	rmm_abi_label_find(version_of(op), name, &value);
	return value;
}

/* ---- inner calls -------------------------------------------------------------------- */

static void give_up(struct operation *op, const char *came)
{
	struct rmm_trace_mismatch *m = trace_turn_mismatch(op->turn, "operation");

	op->failed = true;
	snprintf(m->expected, sizeof(m->expected), "an operation that ends");
	snprintf(m->came, sizeof(m->came), "%s", came);
}

/* One call on the way, with an event of its own. */
static struct smc_regs inner_call(struct operation *op, const char *name, uint64_t x1, uint64_t x2,
				  uint64_t x3)
{
	const struct rmm_abi_command *command = rmm_abi_command_find(version_of(op), name);
	struct trace_turn turn;

	trace_turn_begin(&turn, op->turn->session, op->turn->actor, op->turn->step);
	turn.event.inner = true;
	turn.event.in = (struct smc_regs){.x = {command != NULL ? command->fid : 0, x1, x2, x3}};
	trace_issue(&turn);
	trace_turn_end(&turn);
	return turn.event.out;
}

/* Delegates or undelegates all of [base, top). */
static bool move_range(struct operation *op, const char *command, uint64_t base, uint64_t top)
{
	for (unsigned int round = 0; base < top && round < MAX_POOL; round++) {
		struct smc_regs out = inner_call(op, command, base, top, 0);

		if (out.x[0] != 0 || out.x[1] <= base)
			return false;
		base = out.x[1];
	}
	return base >= top;
}

/* ---- donating ---------------------------------------------------------------------------- */

static uint64_t block_bytes(uint64_t size)
{
	return (uint64_t)RMM_GRANULE_SIZE << (9 * size);
}

static uint64_t describe_block(const struct operation *op, uint64_t pa, uint64_t size,
			       uint64_t count, uint64_t state)
{
	static const char *const type = "RmiAddrRangeDesc";
	uint64_t word = 0;

	word = rmm_abi_bits_set(field_of(op, type, "size"), word, size);
	word = rmm_abi_bits_set(field_of(op, type, "count"), word, count);
	word = rmm_abi_bits_set(field_of(op, type, "addr"), word, pa >> RMM_GRANULE_SHIFT);
	return rmm_abi_bits_set(field_of(op, type, "state"), word, state);
}

static bool block_is_free(const struct operation *op, uint64_t pa, uint64_t bytes)
{
	for (uint64_t at = pa; at < pa + bytes; at += RMM_GRANULE_SIZE) {
		enum rmm_granule_state state;

		if (!rmm_granule_state_at(op->turn->session->sys, at, &state) ||
		    state != RMM_GRANULE_UNDELEGATED)
			return false;
	}
	return true;
}

/* The next free, aligned block of the pool at or after *at. */
static bool take_block(const struct operation *op, uint64_t bytes, uint64_t *at, uint64_t *pa)
{
	uint64_t end = op->pool_base + op->pool_count * RMM_GRANULE_SIZE;

	*at = (*at + bytes - 1) / bytes * bytes;
	for (; *at < end && end - *at >= bytes; *at += bytes) {
		if (!block_is_free(op, *at, bytes))
			continue;
		*pa = *at;
		*at += bytes;
		return true;
	}
	return false;
}

static bool write_list(struct operation *op, const uint64_t *words, size_t n)
{
	uint8_t bytes[RMM_GRANULE_SIZE] = {0};

	for (size_t i = 0; i < n; i++)
		trace_bits_set(bytes, (uint32_t)i * 64, 64, words[i]);
	return rmm_host_write(op->turn->session->sys, op->list, bytes, n * 8, NULL);
}

static bool donation_fits(const struct operation *op, uint64_t size, uint64_t blocks)
{
	return op->pool_count > 0 && blocks > 0 &&
	       blocks <= op->pool_count * RMM_GRANULE_SIZE / block_bytes(size);
}

/* What the RMM asks for. */
struct request {
	uint64_t size;      /* of a block, as encoded */
	uint64_t count;     /* of blocks */
	uint64_t per_entry; /* blocks an entry of the list */
	uint64_t state;
	bool delegated;
};

/* A contiguous request is one aligned range; any other is one block an entry. */
static struct request read_request(const struct operation *op, uint64_t word)
{
	static const char *const type = "RmiOpMemDonateReq";
	struct request r = {
		.size = bits_of(op, type, "size", word),
		.count = bits_of(op, type, "count", word),
		.state = bits_of(op, type, "state", word),
	};

	r.per_entry = bits_of(op, type, "contig", word) != 0 ? r.count : 1;
	r.delegated = r.state == label(op, "RMI_OP_MEM_DELEGATED");
	return r;
}

/* Finds memory in the pool; returns the number of ranges, all of the same size. */
static size_t take_memory(const struct operation *op, const struct request *r, uint64_t *bases)
{
	uint64_t at = op->pool_base;
	size_t n = 0;

	if (!donation_fits(op, r->size, r->count))
		return 0;
	for (uint64_t left = r->count; left > 0 && n < MAX_ENTRIES; left -= r->per_entry)
		if (take_block(op, block_bytes(r->size) * r->per_entry, &at, &bases[n]))
			n++;
		else
			break;
	return n;
}

/* Neighbouring ranges are delegated together. */
static bool delegate_all(struct operation *op, const uint64_t *bases, size_t n, uint64_t bytes)
{
	for (size_t i = 0; i < n;) {
		size_t first = i;

		for (i++; i < n && bases[i] == bases[i - 1] + bytes; i++)
			;
		if (!move_range(op, "RMI_GRANULE_RANGE_DELEGATE", bases[first],
				bases[i - 1] + bytes))
			return false;
	}
	return true;
}

static size_t fill_list(struct operation *op, uint64_t request, uint64_t *words)
{
	struct request r = read_request(op, request);
	uint64_t bases[MAX_ENTRIES];
	size_t n = take_memory(op, &r, bases);

	if (r.delegated && !delegate_all(op, bases, n, block_bytes(r.size) * r.per_entry))
		return 0;
	for (size_t i = 0; i < n; i++)
		words[i] = describe_block(op, bases[i], r.size, r.per_entry, r.state);
	return n;
}

static void donate(struct operation *op)
{
	uint64_t words[MAX_ENTRIES];
	size_t n = fill_list(op, op->last.x[2], words);

	if (n == 0) {
		give_up(op, "a request for more memory than the pool has");
		return;
	}
	if (!write_list(op, words, n)) {
		give_up(op, "an address list that the host cannot write");
		return;
	}
	op->last = inner_call(op, "RMI_OP_MEM_DONATE", op->handle, op->list, n);
}

/* ---- reclaiming ------------------------------------------------------------------------------ */

static bool give_back(struct operation *op, uint64_t word)
{
	static const char *const type = "RmiAddrRangeDesc";
	uint64_t base = bits_of(op, type, "addr", word) << RMM_GRANULE_SHIFT;
	uint64_t bytes =
		bits_of(op, type, "count", word) * block_bytes(bits_of(op, type, "size", word));

	if (bits_of(op, type, "state", word) == label(op, "RMI_OP_MEM_UNDELEGATED"))
		return true;
	return move_range(op, "RMI_GRANULE_RANGE_UNDELEGATE", base, base + bytes);
}

static void reclaim(struct operation *op)
{
	uint8_t bytes[RMM_GRANULE_SIZE];
	uint64_t n;

	op->last = inner_call(op, "RMI_OP_MEM_RECLAIM", op->handle, op->list, MAX_ENTRIES);
	n = op->last.x[1] < MAX_ENTRIES ? op->last.x[1] : MAX_ENTRIES;
	if (n == 0)
		return;
	if (!rmm_host_read(op->turn->session->sys, op->list, bytes, n * 8, NULL)) {
		give_up(op, "an address list that the host cannot read");
		return;
	}
	for (uint64_t i = 0; i < n && !op->failed; i++)
		if (!give_back(op, trace_bits_get(bytes, (uint32_t)i * 64, 64)))
			give_up(op, "reclaimed memory that cannot be undelegated");
}

/* ---- the whole
 * ----------------------------------------------------------------------------------- */

static uint64_t status_of(const struct operation *op)
{
	return bits_of(op, "RmiResult", "status", op->last.x[0]);
}

static void advance(struct operation *op)
{
	uint64_t data = bits_of(op, "RmiResult", "data", op->last.x[0]);
	uint64_t mem = bits_of(op, "RmiResultDataIncomplete", "mem", data);

	if (mem == label(op, "RMI_OP_MEM_REQ_DONATE"))
		donate(op);
	else if (mem == label(op, "RMI_OP_MEM_REQ_RECLAIM"))
		reclaim(op);
	else
		op->last = inner_call(op, "RMI_OP_CONTINUE", op->handle, 0, 0);
}

static bool begin(struct operation *op)
{
	const struct trace_call *call = op->call;
	struct trace_turn *turn = op->turn;

	if (!trace_turn_eval(turn, call->list, &op->list))
		return false;
	if (call->pool_base == NULL)
		return true;
	if (!trace_turn_eval(turn, call->pool_base, &op->pool_base) ||
	    !trace_turn_eval(turn, call->pool_count, &op->pool_count))
		return false;
	if (op->pool_count <= MAX_POOL && op->pool_base < UINT64_C(1) << 52 &&
	    op->pool_base % RMM_GRANULE_SIZE == 0)
		return true;
	give_up(op, "a pool that is not aligned or too large");
	return false;
}

/* The call that begins the operation shows its own answer, before the way is gone. */
static void publish_beginning(struct trace_turn *turn)
{
	const struct rmm_trace_options *options = &turn->session->options;

	if (options->event != NULL)
		options->event(options->ctx, &turn->event);
	turn->event.completes = true;
}

static void play_out(struct operation *op)
{
	struct trace_turn *turn = op->turn;
	uint64_t incomplete = label(op, "RMI_INCOMPLETE");

	op->handle = op->last.x[1];
	for (unsigned int round = 0; status_of(op) == incomplete && !op->failed; round++) {
		if (round == MAX_ROUNDS || trace_session_interrupted(turn->session))
			give_up(op, "no end after many steps");
		else
			advance(op);
	}
	turn->event.out = op->last;
	turn->event.condition = rmm_last_call(turn->session->sys, turn->event.pe)->condition;
}

void trace_play_operation(struct trace_turn *turn)
{
	struct operation op = {.turn = turn, .call = turn->step->u.call};

	if (!trace_prepare_call(turn, op.call) || !begin(&op))
		return;
	trace_issue(turn);
	op.last = turn->event.out;
	if (status_of(&op) == label(&op, "RMI_INCOMPLETE")) {
		publish_beginning(turn);
		play_out(&op);
	}
	trace_finish_call(turn, op.call);
}
