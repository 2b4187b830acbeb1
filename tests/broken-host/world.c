/* SPDX-License-Identifier: BSD-3-Clause */
#include <stddef.h>
#include <string.h>

#include "scenario.h"

#define MAX_TRIES 100u
#define IPA_WIDTH 39u

uint64_t take_page(struct world *w)
{
	uint64_t pa = w->next_page;

	w->next_page += PAGE;
	return pa;
}

uint64_t status_of(uint64_t x0)
{
	return rmi_result_get_status(x0);
}

bool succeeded(uint64_t x0)
{
	return x0 != UINT64_MAX && status_of(x0) == RMI_SUCCESS;
}

/* ---- pages ------------------------------------------------------------------------------ */

uint64_t delegate(struct world *w, uint64_t base, uint64_t top)
{
	for (unsigned int tries = 0; base < top && tries < MAX_TRIES; tries++) {
		struct rmi_granule_range_delegate_result r =
			rmi_granule_range_delegate(w->smc, base, top);

		if (!succeeded(r.result))
			break;
		base = r.out_top;
	}
	return base;
}

void undelegate(struct world *w, uint64_t base, uint64_t top)
{
	for (unsigned int tries = 0; base < top && tries < MAX_TRIES; tries++) {
		struct rmi_granule_range_undelegate_result r =
			rmi_granule_range_undelegate(w->smc, base, top);

		if (!succeeded(r.result))
			return;
		base = r.out_top;
	}
}

uint64_t take_delegated(struct world *w)
{
	uint64_t pa = take_page(w);

	(void)delegate(w, pa, pa + PAGE);
	return pa;
}

void give_back(struct world *w, uint64_t pa)
{
	undelegate(w, pa, pa + PAGE);
}

void write_page(struct world *w, uint64_t pa, const void *page)
{
	(void)w->memory.write(w->memory.ctx, pa, page, PAGE);
}

/* ---- operations ----------------------------------------------------------------------------- */

static uint64_t wait_of(uint64_t x0)
{
	return rmi_result_data_incomplete_get_mem(rmi_result_get_data(x0));
}

static struct rmi_op_mem_donate_result donate(struct world *w, uint64_t handle, uint64_t request)
{
	uint64_t list = take_page(w);
	uint64_t entries[512];
	uint64_t n = rmi_op_mem_donate_req_get_count(request);

	if (n > 512)
		n = 512;
	for (uint64_t i = 0; i < n; i++)
		entries[i] = rmi_addr_range_desc_set_addr(rmi_addr_range_desc_set_count(0, 1),
							  take_delegated(w) / PAGE);
	(void)w->memory.write(w->memory.ctx, list, entries, n * sizeof(entries[0]));
	return rmi_op_mem_donate(w->smc, handle, list, n);
}

static uint64_t reclaim(struct world *w, uint64_t handle)
{
	uint64_t list = take_page(w);
	struct rmi_op_mem_reclaim_result r = rmi_op_mem_reclaim(w->smc, handle, list, 512);
	uint64_t entries[512];

	if (r.reclaim_count > 512 ||
	    !w->memory.read(w->memory.ctx, list, entries, r.reclaim_count * sizeof(entries[0])))
		return r.result;
	for (uint64_t i = 0; i < r.reclaim_count; i++) {
		uint64_t pa = rmi_addr_range_desc_get_addr(entries[i]) * PAGE;

		undelegate(w, pa, pa + rmi_addr_range_desc_get_count(entries[i]) * PAGE);
	}
	return r.result;
}

uint64_t finish_operation(struct world *w, uint64_t x0, uint64_t handle, uint64_t request)
{
	for (unsigned int i = 0; status_of(x0) == RMI_INCOMPLETE && i < MAX_TRIES; i++) {
		if (wait_of(x0) == RMI_OP_MEM_REQ_DONATE) {
			struct rmi_op_mem_donate_result r = donate(w, handle, request);

			x0 = r.result;
			request = r.donate_req;
		} else if (wait_of(x0) == RMI_OP_MEM_REQ_RECLAIM) {
			x0 = reclaim(w, handle);
		} else {
			struct rmi_op_continue_result r = rmi_op_continue(w->smc, handle, 0);

			x0 = r.result;
			request = r.donate_req;
		}
	}
	return x0;
}

/* ---- realms ------------------------------------------------------------------------------------
 */

bool create_realm(struct world *w, struct small_realm *r)
{
	struct rmi_realm_params params = {0};

	r->rd = take_delegated(w);
	r->root = take_delegated(w);
	r->params = take_page(w);
	params.s2sz = IPA_WIDTH;
	params.num_bps = 1;
	params.num_wps = 1;
	params.rtt_base = r->root;
	params.rtt_level_start = 1;
	params.rtt_num_start = 1;
	write_page(w, r->params, &params);
	return succeeded(rmi_realm_create(w->smc, r->rd, r->params).result);
}

bool create_tables(struct world *w, struct small_realm *r)
{
	for (int level = 2; level <= 3; level++) {
		r->tables[level] = take_delegated(w);
		if (!succeeded(rmi_rtt_create(w->smc, r->rd, r->tables[level],
					      level == 2 ? RAM & ~UINT64_C(0x3fffffff) : RAM, level)
				       .result))
			return false;
	}
	return true;
}

bool map_page(struct world *w, struct small_realm *r, uint64_t ipa)
{
	uint64_t pa = take_delegated(w);

	return succeeded(rmi_rtt_data_map_init(w->smc, r->rd, pa, ipa, take_page(w), 0).result);
}

bool create_rec(struct world *w, struct small_realm *r)
{
	struct rmi_rec_params params = {0};
	struct smc_regs regs;

	r->rec = take_delegated(w);
	r->run = take_page(w);
	params.flags = rmi_rec_create_flags_set_runnable(0, RMI_RUNNABLE);
	params.pc = RAM;
	write_page(w, r->params, &params);
	regs = (struct smc_regs){.x = {FID_RMI_REC_CREATE, r->rd, r->rec, r->params}};
	smc_call(w->smc, &regs);
	return succeeded(finish_operation(w, regs.x[0], regs.x[1], regs.x[2]));
}

void unmap_page(struct world *w, struct small_realm *r, uint64_t ipa)
{
	struct rmi_rtt_data_unmap_result d =
		rmi_rtt_data_unmap(w->smc, r->rd, ipa, ipa + PAGE,
				   rmi_rtt_unmap_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE), 0);

	if (succeeded(d.result))
		give_back(w, rmi_addr_range_desc_get_addr(d.out_range) * PAGE);
}

void destroy_rec(struct world *w, struct small_realm *r)
{
	struct smc_regs regs = {.x = {FID_RMI_REC_DESTROY, r->rec}};

	smc_call(w->smc, &regs);
	if (succeeded(finish_operation(w, regs.x[0], regs.x[1], regs.x[2])))
		give_back(w, r->rec);
}

void destroy_tables(struct world *w, struct small_realm *r)
{
	for (int level = 3; level >= 2; level--) {
		struct rmi_rtt_destroy_result d = rmi_rtt_destroy(
			w->smc, r->rd, level == 2 ? RAM & ~UINT64_C(0x3fffffff) : RAM, level);

		if (succeeded(d.result))
			give_back(w, d.rtt);
	}
}

void destroy_realm(struct world *w, struct small_realm *r)
{
	(void)rmi_realm_terminate(w->smc, r->rd);
	if (!succeeded(rmi_realm_destroy(w->smc, r->rd).result))
		return;
	give_back(w, r->root);
	give_back(w, r->rd);
}
