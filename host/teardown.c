/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Taking a realm down. Every step looks at what is there rather than at how far
 * the build came, does as much as it can, and leaves the rest for a second call.
 */
#include "arguments.h"
#include "fail.h"
#include "host_state.h"
#include "rec.h"
#include "result.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rtt.h"

/* Keeps the first error of several independent steps. */
static void keep_first(enum host_status *first, struct host_error *error, enum host_status status,
		       const struct host_error *why)
{
	if (status == HOST_OK || *first != HOST_OK)
		return;
	*first = status;
	if (error)
		*error = *why;
}

/* Whether commands on the realm make sense; UNCERTAIN ones have nothing in their tables. */
static bool realm_exists(const struct host_realm *realm)
{
	return realm->state == REALM_NEW || realm->state == REALM_ACTIVE ||
	       realm->state == REALM_ZOMBIE;
}

/* Operations that are still open may yet create or destroy what is UNCERTAIN. */
static bool must_wait(const struct host_realm *realm)
{
	return realm->host->sro.num_suspended > 0;
}

/* ---- RECs -------------------------------------------------------------------------- */

static enum host_status destroy_rec(struct host_realm *realm, struct rec *rec,
				    struct host_error *error)
{
	struct host *host = realm->host;
	uint64_t x0;

	if (rec->state == REC_PAGE)
		return HOST_OK;
	x0 = rmi_rec_destroy(&host->top, rec->pa).result;
	/* ERROR_INPUT: the creation that was suspended or cancelled has come to nothing. */
	if (host_succeeded(host, x0) ||
	    (rec->state == REC_UNCERTAIN && rmi_answer_is(x0, RMI_ERROR_INPUT))) {
		rec_mark(host, rec, HOST_PAGE_DELEGATED);
		rec->state = REC_PAGE;
		return HOST_OK;
	}
	if (host_is_uncertain(x0))
		rec->state = REC_UNCERTAIN;
	return host_fail_operation(host, error, "RMI_REC_DESTROY", x0, "a REC");
}

static void give_rec_pages(struct host *host, struct rec *rec)
{
	(void)host_give(host, rec->pa, 1, NULL);
	for (unsigned int i = 0; i < rec->num_aux; i++)
		(void)host_give(host, rec->aux[i], 1, NULL);
	(void)host_pages_free(host->pages, rec->run_pa, 1);
	*rec = (struct rec){.state = REC_GONE};
}

static enum host_status destroy_recs(struct host_realm *realm, struct host_error *error)
{
	for (size_t i = realm->num_recs; i-- > 0;) {
		struct rec *rec = &realm->recs[i];
		enum host_status status;

		if (rec->state == REC_GONE || (rec->state == REC_UNCERTAIN && must_wait(realm)))
			continue;
		status = destroy_rec(realm, rec, error);
		if (status != HOST_OK)
			return status;
		give_rec_pages(realm->host, rec);
	}
	return HOST_OK;
}

/* ---- memory and tables ---------------------------------------------------------------- */

static enum host_status unmap_private(struct host_realm *realm, struct host_error *error)
{
	return realm_exists(realm)
		       ? host_realm_unmap(realm, 0, host_realm_shared_base(realm), error)
		       : HOST_OK;
}

static enum host_status destroy_tables(struct host_realm *realm, struct host_error *error)
{
	return realm_exists(realm) ? rtt_destroy_all(realm, error) : HOST_OK;
}

/* Only after the tables: until then the realm could reach these pages. */
static void give_windows(struct host_realm *realm)
{
	while (realm->num_windows > 0) {
		const struct window *w = &realm->windows[--realm->num_windows];

		(void)host_pages_free(realm->host->pages, w->pa, w->pages);
	}
}

/* ---- the realm ---------------------------------------------------------------------------- */

static enum host_status terminate(struct host_realm *realm, struct host_error *error)
{
	if (realm->state == REALM_NONE || (realm->state == REALM_UNCERTAIN && must_wait(realm)))
		return HOST_OK;
	return host_realm_terminate(realm, error);
}

static bool has_uncertain(const struct host_realm *realm)
{
	for (size_t i = 0; i < realm->num_recs; i++) {
		if (realm->recs[i].state == REC_UNCERTAIN)
			return true;
	}
	return realm->state == REALM_UNCERTAIN;
}

/* Operations of other realms may stay open. */
static enum host_status finish_operations(struct host_realm *realm, struct host_error *error)
{
	enum host_status status = host_sro_resume(&realm->host->sro, error);

	return has_uncertain(realm) ? status : HOST_OK;
}

static enum host_status destroy_realm(struct host_realm *realm, struct host_error *error)
{
	struct host *host = realm->host;
	uint64_t x0;

	if (realm->state == REALM_NONE)
		return HOST_OK;
	x0 = rmi_realm_destroy(&host->top, realm->rd).result;
	if (host_succeeded(host, x0) ||
	    (realm->state == REALM_UNCERTAIN && rmi_answer_is(x0, RMI_ERROR_INPUT))) {
		realm->state = REALM_NONE;
		return HOST_OK;
	}
	if (host_is_uncertain(x0))
		realm->state = REALM_UNCERTAIN;
	return host_fail_operation(host, error, "RMI_REALM_DESTROY", x0, "the realm");
}

static enum host_status give_pages(struct host_realm *realm, struct host_error *error)
{
	struct host *host = realm->host;

	if (realm->has_root)
		(void)host_give(host, realm->root, realm->num_root, NULL);
	if (realm->has_rd)
		(void)host_give(host, realm->rd, 1, NULL);
	realm->has_root = false;
	realm->has_rd = false;
	return host_recover_lost(&host->top, host->pages, error);
}

typedef enum host_status teardown_step(struct host_realm *realm, struct host_error *error);

/*
 * What can be done in any case, in the order in which references go away. An
 * operation that waits for memory gets what the first four have set free; in a
 * realm that is terminated it creates nothing any more.
 */
static teardown_step *const steps[] = {
	destroy_recs,      terminate,    unmap_private, destroy_tables,
	finish_operations, destroy_recs, terminate,
};

enum host_status host_realm_destroy(struct host_realm *realm, struct host_error *error)
{
	enum host_status first = HOST_OK;
	struct host_error why;

	if (!realm)
		return HOST_OK;
	HOST_REQUIRE_REALM(realm, error);
	/* Most operations that were suspended end at once, whatever stopped them is over. */
	(void)host_sro_resume(&realm->host->sro, NULL);
	for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++)
		keep_first(&first, error, steps[i](realm, &why), &why);
	if (first == HOST_OK) {
		give_windows(realm);
		keep_first(&first, error, destroy_realm(realm, &why), &why);
	}
	if (first == HOST_OK)
		keep_first(&first, error, give_pages(realm, &why), &why);
	if (first == HOST_OK)
		host_realm_forget(realm);
	return first;
}
