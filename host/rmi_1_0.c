/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmi_1_0.h"

#include <string.h>

#include "addr_range.h"
#include "fail.h"
#include "function_id.h"
#include "result.h"
#include "rmmsim/abi/rmm1_0_calls.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"

#define PAGE_LEVEL 3

/* The version of the calls that are translated. */
#define SPOKEN     RMM_VERSION_2_0_BET1

/* ---- calls ------------------------------------------------------------------------- */

static void answer(struct smc_regs *regs, uint64_t x0)
{
	memset(regs, 0, sizeof(*regs));
	regs->x[0] = x0;
}

/* One page of a range command: X1 is where the range goes on. */
static void answer_page(struct smc_regs *regs, uint64_t x0, uint64_t base)
{
	answer(regs, x0);
	if (rmi_answer_is(x0, RMI_SUCCESS))
		regs->x[1] = base + HOST_PAGE_SIZE;
}

/* RMI_GRANULE_RANGE_DELEGATE(base, top). */
static void delegate(struct smc_conduit *machine, struct smc_regs *regs)
{
	const uint64_t base = regs->x[1];

	answer_page(regs, rmm1_0_rmi_granule_delegate(machine, base).result, base);
}

/* RMI_GRANULE_RANGE_UNDELEGATE(base, top). */
static void undelegate(struct smc_conduit *machine, struct smc_regs *regs)
{
	const uint64_t base = regs->x[1];

	answer_page(regs, rmm1_0_rmi_granule_undelegate(machine, base).result, base);
}

/* RMI_RTT_DATA_MAP(rd, base, top, flags, oaddr): one descriptor. */
static void data_map(struct smc_conduit *machine, struct smc_regs *regs)
{
	const uint64_t base = regs->x[2];
	const struct addr_range from = addr_range_decode(SPOKEN, regs->x[5]);

	answer_page(regs, rmm1_0_rmi_data_create_unknown(machine, regs->x[1], from.pa, base).result,
		    base);
}

static uint64_t end_of(uint64_t next, uint64_t top)
{
	return next < top ? next : top;
}

/*
 * RMI_RTT_DATA_UNMAP(rd, base, top, flags, oaddr). Where nothing is, `top` of
 * 1.0 says how far: 2.0 passes that and succeeds.
 */
static void data_unmap(struct smc_conduit *machine, struct smc_regs *regs)
{
	const uint64_t base = regs->x[2];
	const uint64_t top = regs->x[3];
	const struct rmm1_0_rmi_data_destroy_result r =
		rmm1_0_rmi_data_destroy(machine, regs->x[1], base);
	const bool unmapped = rmi_answer_is(r.result, RMI_SUCCESS);

	if (!unmapped && !(rmi_answer_is(r.result, RMI_ERROR_RTT) && r.top > base)) {
		answer(regs, r.result);
		return;
	}
	answer(regs, RMI_SUCCESS);
	regs->x[1] = end_of(r.top, top);
	if (unmapped)
		regs->x[2] =
			addr_range_encode(SPOKEN, r.data, 1, RMI_PAGE_L3, RMI_OP_MEM_DELEGATED);
}

/* Stage 2: MemAttr at [4:2], S2AP at [7:6] with read below write. */
static uint64_t stage_2_desc(uint64_t pa, uint64_t flags)
{
	const uint64_t memattr = rmi_rtt_unprot_map_flags_get_memattr(flags);
	const uint64_t s2ap = rmi_rtt_unprot_map_flags_get_s2ap(flags);

	return pa | memattr << 2 | rmi_rtt_s2ap_direct_get_read(s2ap) << 6 |
	       rmi_rtt_s2ap_direct_get_write(s2ap) << 7;
}

/* RMI_RTT_UNPROT_MAP(rd, base, top, flags, oaddr): one descriptor. */
static void unprot_map(struct smc_conduit *machine, struct smc_regs *regs)
{
	const uint64_t base = regs->x[2];
	const struct addr_range from = addr_range_decode(SPOKEN, regs->x[5]);
	const uint64_t desc = stage_2_desc(from.pa, regs->x[4]);

	answer_page(
		regs,
		rmm1_0_rmi_rtt_map_unprotected(machine, regs->x[1], base, PAGE_LEVEL, desc).result,
		base);
}

/* RMI_REALM_TERMINATE(rd): 1.0 destroys realms of every state. */
static void terminate(struct smc_conduit *machine, struct smc_regs *regs)
{
	(void)machine;
	answer(regs, RMI_SUCCESS);
}

static const struct {
	uint64_t fid;
	void (*translate)(struct smc_conduit *machine, struct smc_regs *regs);
} translated[] = {
	{FID_RMI_GRANULE_RANGE_DELEGATE, delegate}, {FID_RMI_GRANULE_RANGE_UNDELEGATE, undelegate},
	{FID_RMI_RTT_DATA_MAP, data_map},           {FID_RMI_RTT_DATA_UNMAP, data_unmap},
	{FID_RMI_RTT_UNPROT_MAP, unprot_map},       {FID_RMI_REALM_TERMINATE, terminate},
};

static void call(void *ctx, struct smc_regs *regs)
{
	const uint64_t fid = fid_plain(regs->x[0]);

	for (size_t i = 0; i < sizeof(translated) / sizeof(translated[0]); i++) {
		if (translated[i].fid == fid) {
			translated[i].translate(ctx, regs);
			return;
		}
	}
	smc_call(ctx, regs);
}

struct smc_conduit rmi_1_0_conduit(struct smc_conduit *machine)
{
	return (struct smc_conduit){.call = call, .ctx = machine};
}

/* ---- features ------------------------------------------------------------------------ */

static void decode_features(struct host_caps *caps, uint64_t fr0)
{
	caps->features[0] = fr0;
	caps->s2sz = (uint8_t)rmm1_0_rmi_feature_register0_get_s2sz(fr0);
	caps->lpa2 = rmm1_0_rmi_feature_register0_get_lpa2(fr0);
	caps->sve = rmm1_0_rmi_feature_register0_get_sve_en(fr0);
	caps->sve_vl = (uint8_t)rmm1_0_rmi_feature_register0_get_sve_vl(fr0);
	caps->num_bps = (uint8_t)rmm1_0_rmi_feature_register0_get_num_bps(fr0);
	caps->num_wps = (uint8_t)rmm1_0_rmi_feature_register0_get_num_wps(fr0);
	caps->pmu = rmm1_0_rmi_feature_register0_get_pmu_en(fr0);
	caps->pmu_num_ctrs = (uint8_t)rmm1_0_rmi_feature_register0_get_pmu_num_ctrs(fr0);
	caps->sha_256 = rmm1_0_rmi_feature_register0_get_hash_sha_256(fr0);
	caps->sha_512 = rmm1_0_rmi_feature_register0_get_hash_sha_512(fr0);
	caps->max_recs = (1u << rmm1_0_rmi_feature_register0_get_max_recs_order(fr0)) - 1;
}

enum host_status rmi_1_0_read_features(struct host *host, struct host_error *error)
{
	const struct rmm1_0_rmi_features_result r = rmm1_0_rmi_features(&host->top, 0);

	if (!rmi_answer_is(r.result, RMI_SUCCESS))
		return host_fail_call(error, "RMI_FEATURES", r.result, "register 0");
	decode_features(&host->caps, r.value);
	return HOST_OK;
}

/* ---- realms ---------------------------------------------------------------------------- */

static bool vmid_is_free(const struct host_realm *realm, uint16_t vmid)
{
	for (const struct host_realm *other = realm->host->realms; other; other = other->next) {
		if (other != realm && other->state != REALM_NONE && other->vmid == vmid)
			return false;
	}
	return true;
}

void rmi_1_0_choose_vmid(struct host_realm *realm, struct rmm2_0b1_rmi_realm_params *page)
{
	struct rmm1_0_rmi_realm_params params;

	realm->vmid = realm->host->first_vmid;
	while (realm->vmid < UINT16_MAX && !vmid_is_free(realm, realm->vmid))
		realm->vmid++;
	/* Both are one page, and what both have stands at the same place. */
	memcpy(&params, page, sizeof(params));
	params.vmid = realm->vmid;
	memcpy(page, &params, sizeof(params));
}

/* ---- RECs ------------------------------------------------------------------------------ */

enum host_status rmi_1_0_take_aux(const struct host_realm *realm, struct rec *rec,
				  struct host_error *error)
{
	struct host *host = realm->host;
	const struct rmm1_0_rmi_rec_aux_count_result r =
		rmm1_0_rmi_rec_aux_count(&host->top, realm->rd);
	enum host_status status = HOST_OK;

	if (!rmi_answer_is(r.result, RMI_SUCCESS))
		return host_fail_call(error, "RMI_REC_AUX_COUNT", r.result, "the realm");
	if (r.aux_count > HOST_MAX_REC_AUX)
		return host_fail(error, HOST_ERROR_PROTOCOL,
				 "RMI_REC_AUX_COUNT wants %llu granules, and a REC names %u",
				 (unsigned long long)r.aux_count, HOST_MAX_REC_AUX);
	while (status == HOST_OK && rec->num_aux < r.aux_count) {
		status = host_take(host, 1, 1, "REC memory", &rec->aux[rec->num_aux], error);
		rec->num_aux += status == HOST_OK;
	}
	while (status != HOST_OK && rec->num_aux > 0)
		(void)host_give(host, rec->aux[--rec->num_aux], 1, NULL);
	return status;
}

void rmi_1_0_name_aux(const struct rec *rec, struct rmm2_0b1_rmi_rec_params *page)
{
	struct rmm1_0_rmi_rec_params params;

	memcpy(&params, page, sizeof(params));
	params.num_aux = rec->num_aux;
	memcpy(params.aux, rec->aux, sizeof(params.aux));
	memcpy(page, &params, sizeof(params));
}
