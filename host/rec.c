/* SPDX-License-Identifier: BSD-3-Clause */
/* RECs: identity, creation, one entry. */
#include <string.h>

#include "arguments.h"
#include "fail.h"
#include "host_state.h"
#include "rec.h"
#include "result.h"
#include "rmi_1_0.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/host/run.h"

/* ---- identity: index = aff0 + 16 * (aff1 + 256 * (aff2 + 256 * aff3)) ----------------- */

#define AFF0_BITS 4u
#define AFF_BITS  8u
#define AFF_MASK  UINT64_C(0xff)

uint64_t host_rec_mpidr(size_t index)
{
	uint64_t n = index;
	uint64_t mpidr = 0;

	mpidr = rmi_rec_mpidr_set_aff0(mpidr, n & 0xf);
	mpidr = rmi_rec_mpidr_set_aff1(mpidr, (n >> AFF0_BITS) & AFF_MASK);
	mpidr = rmi_rec_mpidr_set_aff2(mpidr, (n >> (AFF0_BITS + AFF_BITS)) & AFF_MASK);
	return rmi_rec_mpidr_set_aff3(mpidr, (n >> (AFF0_BITS + 2 * AFF_BITS)) & AFF_MASK);
}

/* Affinity level 3 stands at [39:32] of MPIDR_EL1, and bit 31 reads as one. */
bool rec_by_mpidr_el1(const struct host_realm *realm, uint64_t mpidr_el1, size_t *index)
{
	uint64_t aff3 = (mpidr_el1 >> 32) & AFF_MASK;
	uint64_t n = (mpidr_el1 & 0xf) | ((mpidr_el1 >> 8) & AFF_MASK) << AFF0_BITS |
		     ((mpidr_el1 >> 16) & AFF_MASK) << (AFF0_BITS + AFF_BITS) |
		     aff3 << (AFF0_BITS + 2 * AFF_BITS);

	*index = (size_t)n;
	return n < realm->num_recs;
}

/* ---- creation --------------------------------------------------------------------------- */

static enum host_status write_params(const struct host_realm *realm, size_t index,
				     const struct host_rec_params *params, struct host_error *error)
{
	struct host *host = realm->host;
	struct rmi_rec_params page = {0};

	page.flags = rmi_rec_create_flags_set_runnable(0, params->runnable ? RMI_RUNNABLE
									   : RMI_NOT_RUNNABLE);
	page.mpidr = host_rec_mpidr(index);
	page.pc = params->pc;
	memcpy(page.gprs, params->gprs, sizeof(page.gprs));
	if (host_is_rmi_1_0(host))
		rmi_1_0_name_aux(&realm->recs[index], &page);
	return host_write_page(host, host->scratch_pa, &page, error);
}

/* The pages of the next REC; in the ledger of the realm from here on. */
static enum host_status take_pages(struct host_realm *realm, struct host_error *error)
{
	struct host *host = realm->host;
	void *array = realm->recs;
	struct rec rec = {.state = REC_PAGE};
	enum host_status status;

	if (!host_grow_array(&array, realm->num_recs, sizeof(rec)))
		return host_fail(error, HOST_ERROR_NO_MEMORY, "REC: out of memory");
	realm->recs = array;
	status = host_take_plain(host, 1, "REC run page", &rec.run_pa, error);
	if (status != HOST_OK)
		return status;
	status = host_take(host, 1, 1, "REC", &rec.pa, error);
	if (status == HOST_OK && host_is_rmi_1_0(host)) {
		status = rmi_1_0_take_aux(realm, &rec, error);
		if (status != HOST_OK)
			(void)host_give(host, rec.pa, 1, NULL);
	}
	if (status == HOST_OK)
		realm->recs[realm->num_recs++] = rec;
	else
		(void)host_pages_free(host->pages, rec.run_pa, 1);
	return status;
}

void rec_mark(struct host *host, const struct rec *rec, enum host_page_state state)
{
	host_pages_mark(host->pages, rec->pa, 1, state);
	for (unsigned int i = 0; i < rec->num_aux; i++)
		host_pages_mark(host->pages, rec->aux[i], 1, state);
}

static enum host_status create(struct host_realm *realm, struct rec *rec, struct host_error *error)
{
	struct host *host = realm->host;
	uint64_t x0 = rmi_rec_create(&host->top, realm->rd, rec->pa, host->scratch_pa).result;

	if (host_succeeded(host, x0))
		rec->state = REC_READY;
	else if (host_is_uncertain(x0))
		rec->state = REC_UNCERTAIN;
	if (rec->state != REC_PAGE)
		rec_mark(host, rec, HOST_PAGE_HELD);
	if (rec->state == REC_READY)
		return HOST_OK;
	return host_fail_operation(host, error, "RMI_REC_CREATE", x0, "a REC");
}

/* There is certainly no REC: the next one has its index, and other pages. */
static void give_pages_back(struct host_realm *realm)
{
	const struct rec *rec = &realm->recs[realm->num_recs - 1];
	struct host *host = realm->host;

	if (rec->state != REC_PAGE)
		return;
	for (unsigned int i = 0; i < rec->num_aux; i++)
		(void)host_give(host, rec->aux[i], 1, NULL);
	(void)host_give(host, rec->pa, 1, NULL);
	(void)host_pages_free(host->pages, rec->run_pa, 1);
	realm->num_recs--;
}

enum host_status host_realm_add_rec(struct host_realm *realm, const struct host_rec_params *params,
				    size_t *index, struct host_error *error)
{
	enum host_status status;
	struct rec *rec;

	HOST_REQUIRE_REALM(realm, error);
	HOST_REQUIRE(params, error);
	if (realm->state != REALM_NEW)
		return host_fail(error, HOST_ERROR_STATE,
				 "the realm is not NEW: no REC can be added");
	status = take_pages(realm, error);
	if (status != HOST_OK)
		return status;
	rec = &realm->recs[realm->num_recs - 1];
	status = write_params(realm, realm->num_recs - 1, params, error);
	if (status == HOST_OK)
		status = create(realm, rec, error);
	rec->on = status == HOST_OK && params->runnable;
	if (status != HOST_OK)
		give_pages_back(realm);
	else if (index)
		*index = realm->num_recs - 1;
	return status;
}

/* ---- entry --------------------------------------------------------------------------------- */

enum host_status host_rec_enter(struct host_realm *realm, size_t index,
				const struct rmi_rec_enter *enter, struct rmi_rec_exit *exit,
				struct host_error *error)
{
	HOST_REQUIRE_REALM(realm, error);
	HOST_REQUIRE(enter, error);
	HOST_REQUIRE(exit, error);

	struct host *host = realm->host;
	const struct host_memory_ops *memory = &host->memory;
	struct rec *rec;
	uint64_t x0;

	if (index >= realm->num_recs || realm->recs[index].state != REC_READY)
		return host_fail(error, HOST_ERROR_STATE, "the realm has no REC %zu", index);
	rec = &realm->recs[index];
	if (!memory->write(memory->ctx, rec->run_pa + offsetof(struct rmi_rec_run, enter), enter,
			   sizeof(*enter)))
		return host_fail(error, HOST_ERROR_FAULT, "cannot write the run page of REC %zu",
				 index);
	x0 = rmi_rec_enter(&host->top, rec->pa, rec->run_pa).result;
	if (!rmi_answer_is(x0, RMI_SUCCESS))
		return host_fail_call(error, "RMI_REC_ENTER", x0, "REC %zu", index);
	if (!memory->read(memory->ctx, rec->run_pa + offsetof(struct rmi_rec_run, exit), exit,
			  sizeof(*exit)))
		return host_fail(error, HOST_ERROR_FAULT, "cannot read the run page of REC %zu",
				 index);
	return HOST_OK;
}
