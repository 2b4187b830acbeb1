/* SPDX-License-Identifier: BSD-3-Clause */
/* Realms: building, running, taking down. */
#include <stddef.h>

#include "scenario.h"

/* RMI_RTT_CREATE(rd, ipa, rtt, level), on a host where PA and IPA look alike. */
static void swap_address_and_ipa(struct world *w)
{
	struct small_realm r;
	uint64_t table;
	uint64_t ipa = 0;

	if (!create_realm(w, &r))
		return;
	table = take_delegated(w);
	if (w->broken)
		(void)rmi_rtt_create(w->smc, r.rd, ipa, table, 2);
	if (succeeded(rmi_rtt_create(w->smc, r.rd, table, ipa, 2).result))
		give_back(w, rmi_rtt_destroy(w->smc, r.rd, ipa, 2).rtt);
	destroy_realm(w, &r);
}

/* RMI_RTT_DATA_MAP_INIT(rd, ipa, data ...). */
static void swap_data_and_ipa(struct world *w)
{
	struct small_realm r;
	uint64_t page;
	uint64_t src = take_page(w);

	if (!create_realm(w, &r) || !create_tables(w, &r))
		return;
	page = take_delegated(w);
	if (w->broken)
		(void)rmi_rtt_data_map_init(w->smc, r.rd, RAM, page, src, 0);
	if (succeeded(rmi_rtt_data_map_init(w->smc, r.rd, page, RAM, src, 0).result))
		unmap_page(w, &r, RAM);
	destroy_tables(w, &r);
	destroy_realm(w, &r);
}

/* One page for two tables. */
static void reuse_table_page(struct world *w)
{
	struct small_realm r;

	if (!create_realm(w, &r) || !create_tables(w, &r))
		return;
	if (w->broken)
		(void)rmi_rtt_create(w->smc, r.rd, r.tables[3], RAM + (UINT64_C(2) << 20), 3);
	destroy_tables(w, &r);
	destroy_realm(w, &r);
}

/* Gives the RD back before the realm is gone. */
static void free_rd_first(struct world *w)
{
	struct small_realm r;

	if (!create_realm(w, &r))
		return;
	if (w->broken)
		give_back(w, r.rd);
	destroy_realm(w, &r);
}

/* Destroys the realm while a REC is left. */
static void destroy_realm_before_rec(struct world *w)
{
	struct small_realm r;

	if (!create_realm(w, &r) || !create_rec(w, &r))
		return;
	if (w->broken) {
		(void)rmi_realm_terminate(w->smc, r.rd);
		(void)rmi_realm_destroy(w->smc, r.rd);
	}
	destroy_rec(w, &r);
	destroy_realm(w, &r);
}

/* Forgets the data behind the tables, and with it the realm. */
static void forget_realm(struct world *w)
{
	struct small_realm r;

	if (!create_realm(w, &r) || !create_tables(w, &r) || !map_page(w, &r, RAM))
		return;
	if (w->broken)
		return;
	unmap_page(w, &r, RAM);
	destroy_tables(w, &r);
	destroy_realm(w, &r);
}

/* A realm that runs: four pages of RAM of which one is there, a REC, active. */
static bool running_realm(struct world *w, struct small_realm *r)
{
	return create_realm(w, r) && create_tables(w, r) &&
	       succeeded(rmi_rtt_init_ripas(w->smc, r->rd, RAM, RAM + 4 * PAGE).result) &&
	       map_page(w, r, RAM) && create_rec(w, r) &&
	       succeeded(rmi_realm_activate(w->smc, r->rd).result);
}

static void end_realm(struct world *w, struct small_realm *r)
{
	destroy_rec(w, r);
	unmap_page(w, r, RAM);
	destroy_tables(w, r);
	destroy_realm(w, r);
}

static bool enter(struct world *w, struct small_realm *r, uint64_t flags)
{
	(void)w->memory.write(w->memory.ctx, r->run, &flags, sizeof(flags));
	return succeeded(rmi_rec_enter(w->smc, r->rec, r->run).result);
}

static uint8_t exit_reason(struct world *w, struct small_realm *r)
{
	uint8_t reason = 0;

	(void)w->memory.read(w->memory.ctx, r->run + 0x800, &reason, sizeof(reason));
	return reason;
}

/* Looks at the exit before the status. */
static void read_exit_of_failure(struct world *w)
{
	struct small_realm r;
	bool entered;

	if (!running_realm(w, &r))
		return;
	(void)rmi_realm_terminate(w->smc, r.rd);
	entered = enter(w, &r, 0);
	if (w->broken || entered)
		(void)exit_reason(w, &r);
	end_realm(w, &r);
}

/* The answer to an emulated access is still there at the next entry. */
static void keep_entry_flags(struct world *w)
{
	uint64_t sea = rmi_rec_enter_flags_set_inject_sea(0, 1);
	struct small_realm r;
	bool ok;

	if (!running_realm(w, &r))
		return;
	ok = enter(w, &r, 0); /* a load from a device that is not there */
	ok = ok && enter(w, &r, sea);
	if (ok)
		(void)enter(w, &r, w->broken ? sea : 0);
	end_realm(w, &r);
}

/* Rejects a RIPAS change that nobody asked for. */
static void answer_nothing(struct world *w)
{
	struct small_realm r;

	if (!running_realm(w, &r))
		return;
	(void)enter(w, &r,
		    w->broken ? rmi_rec_enter_flags_set_ripas_response(0, RMI_RESPONSE_REJECT) : 0);
	end_realm(w, &r);
}

/* Enters again and again without resolving the fault. */
static void fault_for_ever(struct world *w)
{
	struct small_realm r;

	if (!running_realm(w, &r))
		return;
	for (unsigned int tries = 0; w->broken || tries < 50; tries++)
		if (!enter(w, &r, 0))
			break;
	end_realm(w, &r);
}

/* Maps shared memory, then gives the page another use without unmapping it. */
static void delegate_shared_page(struct world *w)
{
	const uint64_t ipa = UINT64_C(1) << 38;
	uint64_t flags = rmi_rtt_unprot_map_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	struct small_realm r;
	uint64_t tables[2];
	uint64_t page;
	uint64_t desc;

	if (!create_realm(w, &r))
		return;
	for (int level = 2; level <= 3; level++) {
		tables[level - 2] = take_delegated(w);
		(void)rmi_rtt_create(w->smc, r.rd, tables[level - 2], ipa, level);
	}
	page = take_page(w);
	desc = rmi_addr_range_desc_set_addr(rmi_addr_range_desc_set_count(0, 1), page / PAGE);
	desc = rmi_addr_range_desc_set_state(desc, RMI_OP_MEM_UNDELEGATED);
	flags = rmi_rtt_unprot_map_flags_set_memattr(flags, 6);
	flags = rmi_rtt_unprot_map_flags_set_s2ap(flags, 3);
	(void)rmi_rtt_unprot_map(w->smc, r.rd, ipa, ipa + PAGE, flags, desc);
	if (!w->broken)
		(void)rmi_rtt_unprot_unmap(w->smc, r.rd, ipa, ipa + PAGE, 0, 0);
	(void)delegate(w, page, page + PAGE);
	give_back(w, page);
	for (int level = 3; level >= 2; level--)
		give_back(w, rmi_rtt_destroy(w->smc, r.rd, ipa, level).rtt);
	destroy_realm(w, &r);
}

/* Forgets that the REC is gone. */
static void enter_destroyed_rec(struct world *w)
{
	struct small_realm r;

	if (!running_realm(w, &r))
		return;
	destroy_rec(w, &r);
	if (w->broken)
		(void)enter(w, &r, 0);
	unmap_page(w, &r, RAM);
	destroy_tables(w, &r);
	destroy_realm(w, &r);
}

/* Two owners of one REC, each of which destroys it. */
static void destroy_rec_twice(struct world *w)
{
	struct small_realm r;

	if (!create_realm(w, &r) || !create_rec(w, &r))
		return;
	destroy_rec(w, &r);
	if (w->broken)
		(void)rmi_rec_destroy(w->smc, r.rec);
	destroy_realm(w, &r);
}

/* RMI_REC_ENTER(run, rec). */
static void swap_rec_and_run(struct world *w)
{
	struct small_realm r;

	if (!running_realm(w, &r))
		return;
	if (w->broken)
		(void)rmi_rec_enter(w->smc, r.run, r.rec);
	end_realm(w, &r);
}

/* The page for entries and exits is given away, and used all the same. */
static void delegate_run_page(struct world *w)
{
	struct small_realm r;

	if (!running_realm(w, &r))
		return;
	if (w->broken) {
		(void)delegate(w, r.run, r.run + PAGE);
		(void)rmi_rec_enter(w->smc, r.rec, r.run);
		undelegate(w, r.run, r.run + PAGE);
	}
	end_realm(w, &r);
}

/* RIPAS of the first part only; the realm starts with a hole in its RAM. */
static void init_ripas_once(struct world *w)
{
	struct small_realm r;
	uint64_t base = RAM;
	const uint64_t top = RAM + 4 * PAGE;

	if (!create_realm(w, &r) || !create_tables(w, &r))
		return;
	do {
		struct rmi_rtt_init_ripas_result i = rmi_rtt_init_ripas(w->smc, r.rd, base, top);

		if (!succeeded(i.result))
			break;
		base = i.out_top;
	} while (base < top && !w->broken);
	(void)rmi_realm_activate(w->smc, r.rd);
	destroy_tables(w, &r);
	destroy_realm(w, &r);
}

const struct scenario realm_scenarios[] = {
	{"swap-address-and-ipa", "address and IPA swapped", NULL, NULL,
	 HOST_FINDING_ADDRESS_SWAPPED, swap_address_and_ipa},
	{"swap-data-and-ipa", "data and IPA swapped", NULL, NULL, HOST_FINDING_ADDRESS_SWAPPED,
	 swap_data_and_ipa},
	{"reuse-table-page", "one page for two tables", NULL, NULL, HOST_FINDING_PAGE_IN_USE,
	 reuse_table_page},
	{"free-rd-first", "RD undelegated before the realm is destroyed", NULL, NULL,
	 HOST_FINDING_UNDELEGATE_IN_USE, free_rd_first},
	{"destroy-realm-before-rec", "teardown order", NULL, NULL, HOST_FINDING_TEARDOWN_ORDER,
	 destroy_realm_before_rec},
	{"forget-realm", "realm never destroyed", NULL, NULL, HOST_FINDING_REALM_LEAKED,
	 forget_realm},
	{"read-exit-of-failure", "exit record read after a failed entry", "poison", NULL,
	 HOST_FINDING_EXIT_AFTER_ERROR, read_exit_of_failure},
	{"keep-entry-flags", "stale flags on re-entry", NULL, "device",
	 HOST_FINDING_STALE_ENTRY_FLAGS, keep_entry_flags},
	{"answer-nothing", "response without a request", NULL, "off",
	 HOST_FINDING_STALE_ENTRY_FLAGS, answer_nothing},
	{"fault-for-ever", "re-entry without handling the fault", NULL, "hole",
	 HOST_FINDING_LIVELOCK, fault_for_ever},
	{"delegate-shared-page", "shared page reused while mapped", NULL, NULL,
	 HOST_FINDING_DELEGATE_MAPPED, delegate_shared_page},
	{"init-ripas-once", "RIPAS progress ignored", "RMI_RTT_INIT_RIPAS=progress:1", NULL,
	 HOST_FINDING_PROGRESS_IGNORED, init_ripas_once},
	{"enter-destroyed-rec", "REC entered after its end", NULL, NULL,
	 HOST_FINDING_NO_SUCH_OBJECT, enter_destroyed_rec},
	{"destroy-rec-twice", "REC destroyed twice", NULL, NULL, HOST_FINDING_NO_SUCH_OBJECT,
	 destroy_rec_twice},
	{"swap-rec-and-run", "REC and run page swapped", NULL, NULL, HOST_FINDING_NO_SUCH_OBJECT,
	 swap_rec_and_run},
	{"delegate-run-page", "run page delegated", NULL, NULL, HOST_FINDING_PAGE_IN_USE,
	 delegate_run_page},
	{NULL, NULL, NULL, NULL, HOST_FINDING_COUNT, NULL},
};
