/* SPDX-License-Identifier: BSD-3-Clause */
#include "rtt.h"
#include "arguments.h"

#include "fail.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"

#define PAGE_SHIFT         12u
#define TABLE_SHIFT        9u
#define MAX_ROOT_RTTS      16u

#define MIN_IPA_WIDTH      32u
#define MAX_IPA_WIDTH      48u
#define MAX_IPA_WIDTH_LPA2 52u

/* ---- geometry -------------------------------------------------------------------- */

static unsigned int span_shift(int level)
{
	return PAGE_SHIFT + TABLE_SHIFT * (unsigned int)(RTT_PAGE_LEVEL - level);
}

uint64_t rtt_entry_span(int level)
{
	return UINT64_C(1) << span_shift(level);
}

uint64_t rtt_entry_end(uint64_t ipa, int level)
{
	uint64_t span = rtt_entry_span(level);

	return (ipa & ~(span - 1)) + span;
}

/* Root tables that an IPA width needs at a level; 0: more than the architecture has. */
static uint32_t root_tables(unsigned int ipa_width, int level)
{
	unsigned int table_bits = span_shift(level) + TABLE_SHIFT;
	uint64_t tables = ipa_width > table_bits ? UINT64_C(1) << (ipa_width - table_bits) : 1;

	/* Level -1 tables have four bits and are not concatenated. */
	if (tables > MAX_ROOT_RTTS || (level < 0 && tables > 1))
		return 0;
	return (uint32_t)tables;
}

/* An IPA space that does not fill one entry of the root could start a level below. */
static bool level_is_possible(unsigned int ipa_width, bool lpa2, int level)
{
	if (level < (lpa2 ? -1 : 0) || level >= RTT_PAGE_LEVEL)
		return false;
	return ipa_width > span_shift(level) && root_tables(ipa_width, level) > 0;
}

bool host_rtt_geometry(uint8_t ipa_width, bool lpa2, int8_t level, int8_t *level_start,
		       uint32_t *num_tables)
{
	if (!level_start || !num_tables)
		return false;

	int at = level;

	if (ipa_width < MIN_IPA_WIDTH || ipa_width > (lpa2 ? MAX_IPA_WIDTH_LPA2 : MAX_IPA_WIDTH))
		return false;
	if (level == HOST_RTT_LEVEL_AUTO) {
		at = RTT_PAGE_LEVEL - 1;
		while (at >= 0 && !level_is_possible(ipa_width, lpa2, at))
			at--;
	}
	if (!level_is_possible(ipa_width, lpa2, at))
		return false;
	*level_start = (int8_t)at;
	*num_tables = root_tables(ipa_width, at);
	return true;
}

/* ---- growing ------------------------------------------------------------------------ */

bool rtt_may_grow(const struct rtt_growth *growth, uint64_t x0)
{
	int level = rmi_answer_level(x0);

	return rmi_answer_is(x0, RMI_ERROR_RTT) && level > growth->deepest &&
	       level < RTT_PAGE_LEVEL;
}

enum host_status rtt_grow(struct host_realm *realm, uint64_t ipa, uint64_t x0,
			  struct rtt_growth *growth, struct host_error *error)
{
	struct host *host = realm->host;
	int parent = rmi_answer_level(x0);
	uint64_t base = ipa & ~(rtt_entry_span(parent) - 1);
	enum host_status status;
	uint64_t answer;
	uint64_t rtt;

	growth->deepest = parent;
	status = host_take(host, 1, 1, "realm translation table", &rtt, error);
	if (status != HOST_OK)
		return status;
	answer = rmi_rtt_create(&host->top, realm->rd, rtt, base, parent + 1).result;
	if (rmi_answer_is(answer, RMI_SUCCESS)) {
		host_pages_mark(host->pages, rtt, 1, HOST_PAGE_HELD);
		return HOST_OK;
	}
	(void)host_give(host, rtt, 1, NULL);
	/* Another thread of the host has been faster. */
	if (rmi_answer_is(answer, RMI_ERROR_RTT) && rmi_answer_level(answer) == parent)
		return HOST_OK;
	return host_fail_call(error, "RMI_RTT_CREATE", answer, "level %d at IPA 0x%llx", parent + 1,
			      (unsigned long long)base);
}

/* ---- destroying ------------------------------------------------------------------------ */

struct rtt_cursor {
	struct host_realm *realm;
	uint64_t top; /* end of the range at this level */
	int level;    /* of the tables to destroy */
	uint64_t ipa;
};

/* Somewhere at or behind the end of the entry, where the RMM says that something may be. */
static uint64_t next_from(const struct rtt_cursor *at, uint64_t hint)
{
	uint64_t end = rtt_entry_end(at->ipa, at->level - 1);
	uint64_t span = rtt_entry_span(at->level - 1);

	if (hint <= end)
		return end;
	return hint >= at->top ? at->top : hint & ~(span - 1);
}

/* A table that the RMM gave back. A refusal is in the ledger; the rest must still go. */
static enum host_status give_table(struct host *host, const char *command, uint64_t rtt,
				   struct host_error *error)
{
	if (host_pages_state(host->pages, rtt) != HOST_PAGE_HELD)
		return host_fail(error, HOST_ERROR_PROTOCOL,
				 "%s returned 0x%llx, which is no table of this host", command,
				 (unsigned long long)rtt);
	host_pages_mark(host->pages, rtt, 1, HOST_PAGE_DELEGATED);
	(void)host_give(host, rtt, 1, NULL);
	return HOST_OK;
}

static enum host_status destroyed(struct rtt_cursor *at, uint64_t rtt, uint64_t hint,
				  struct host_error *error)
{
	at->ipa = next_from(at, hint);
	return give_table(at->realm->host, "RMI_RTT_DESTROY", rtt, error);
}

static enum host_status destroy_level(struct host_realm *realm, uint64_t base, uint64_t top,
				      int level, struct host_error *error);

/* One call at the cursor: `below` says that the tables underneath are gone already. */
static enum host_status destroy_at(struct rtt_cursor *at, bool below, struct host_error *error)
{
	struct rmi_rtt_destroy_result r =
		rmi_rtt_destroy(&at->realm->host->top, at->realm->rd, at->ipa, at->level);
	uint64_t end = rtt_entry_end(at->ipa, at->level - 1);
	enum host_status status;

	if (rmi_answer_is(r.result, RMI_SUCCESS))
		return destroyed(at, r.rtt, r.top, error);
	if (rmi_answer_is(r.result, RMI_ERROR_RTT) && rmi_answer_level(r.result) < at->level) {
		at->ipa = next_from(at, r.top);
		return HOST_OK;
	}
	if (below || !rmi_answer_is(r.result, RMI_ERROR_RTT) || at->level == RTT_PAGE_LEVEL)
		return host_fail_call(error, "RMI_RTT_DESTROY", r.result, "level %d at IPA 0x%llx",
				      at->level, (unsigned long long)at->ipa);
	status = destroy_level(at->realm, at->ipa, end, at->level + 1, error);
	return status == HOST_OK ? destroy_at(at, true, error) : status;
}

/* Tables of `level` in [base, top); recursion is as deep as the tree, at most 4. */
static enum host_status destroy_level(struct host_realm *realm, uint64_t base, uint64_t top,
				      int level, struct host_error *error)
{
	struct rtt_cursor at = {.realm = realm, .top = top, .level = level, .ipa = base};

	while (at.ipa < top) {
		enum host_status status = destroy_at(&at, false, error);

		if (status != HOST_OK)
			return status;
	}
	return HOST_OK;
}

enum host_status rtt_destroy_all(struct host_realm *realm, struct host_error *error)
{
	return destroy_level(realm, 0, UINT64_C(1) << realm->ipa_width, realm->level_start + 1,
			     error);
}

/* ---- folding ---------------------------------------------------------------------------- */

/* The table of `level` below the entry at base, if there is one whose entries are alike. */
static enum host_status fold_at(struct host_realm *realm, uint64_t base, int level,
				uint64_t *folded, struct host_error *error)
{
	const struct rmi_rtt_fold_result r =
		rmi_rtt_fold(&realm->host->top, realm->rd, base, level);

	/* No such table, or it has to stay. */
	if (rmi_answer_is(r.result, RMI_ERROR_RTT))
		return HOST_OK;
	if (!rmi_answer_is(r.result, RMI_SUCCESS))
		return host_fail_call(error, "RMI_RTT_FOLD", r.result, "level %d at IPA 0x%llx",
				      level, (unsigned long long)base);
	++*folded;
	return give_table(realm->host, "RMI_RTT_FOLD", r.rtt, error);
}

enum host_status rtt_fold_level(struct host_realm *realm, uint64_t ipa, uint64_t top, int level,
				uint64_t *folded, struct host_error *error)
{
	const uint64_t span = rtt_entry_span(level - 1);
	enum host_status status = HOST_OK;

	for (uint64_t base = (ipa + span - 1) & ~(span - 1);
	     status == HOST_OK && base < top && top - base >= span; base += span)
		status = fold_at(realm, base, level, folded, error);
	return status;
}
