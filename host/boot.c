/* SPDX-License-Identifier: BSD-3-Clause */
/* From reset to an RMM that accepts realms (DEN0137 2.0 A2; host-side order as in Linux). */
#include <string.h>

#include "fail.h"
#include "host_state.h"
#include "result.h"
#include "rmi_1_0.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"

/* The interface version that the generated wrappers speak, and the older one. */
#define RMI_MAJOR             2u
#define RMI_MINOR             0u
#define RMI_MAJOR_1           1u

#define NUM_FEATURE_REGISTERS 5u

/* GPCCR_EL3.L0GPTSZ counts from here: 0 is 1 GiB. */
#define L0GPTSZ_BASE          30u

/* With granules of 4 KiB there is one tracking region size, 1 GiB. */
#define TRACKING_REGION_1GB   0u

static struct rmi_version_result ask_for(struct host *host, uint16_t major, uint16_t minor)
{
	struct rmi_version_result r = rmi_version(
		&host->top,
		rmi_interface_version_set_minor(rmi_interface_version_set_major(0, major), minor));

	if (rmi_answer_is(r.result, RMI_SUCCESS)) {
		host->caps.version_major = major;
		host->caps.version_minor = minor;
	}
	return r;
}

/* The RMM is one of 1.0: its calls are made by another link of the chain. */
static bool fall_back(struct host *host, const struct rmi_version_result *offered)
{
	if (rmi_interface_version_get_major(offered->lower) != RMI_MAJOR_1 ||
	    !rmi_answer_is(ask_for(host, RMI_MAJOR_1, 0).result, RMI_SUCCESS))
		return false;
	host->translated = rmi_1_0_conduit(&host->machine);
	host->retry.next = &host->translated;
	host->sro.version = RMM_VERSION_1_0_REL0;
	return true;
}

static enum host_status negotiate(struct host *host, struct host_error *error)
{
	struct rmi_version_result r = ask_for(host, RMI_MAJOR, RMI_MINOR);

	if (rmi_answer_is(r.result, RMI_SUCCESS))
		return HOST_OK;
	if (r.result == RMI_ANSWER_NOT_SUPPORTED)
		return host_fail(error, HOST_ERROR_NOT_SUPPORTED,
				 "there is no RMM: RMI_VERSION is not implemented");
	if (fall_back(host, &r))
		return HOST_OK;
	return host_fail(error, HOST_ERROR_NOT_SUPPORTED,
			 "the RMM offers RMI %u.%u to %u.%u, this host speaks %u.%u and 1.0",
			 (unsigned int)rmi_interface_version_get_major(r.lower),
			 (unsigned int)rmi_interface_version_get_minor(r.lower),
			 (unsigned int)rmi_interface_version_get_major(r.higher),
			 (unsigned int)rmi_interface_version_get_minor(r.higher), RMI_MAJOR,
			 RMI_MINOR);
}

static void decode_features(struct host_caps *caps)
{
	uint64_t fr0 = caps->features[0];
	uint64_t fr1 = caps->features[1];

	caps->s2sz = (uint8_t)rmi_feature_register0_get_s2sz(fr0);
	caps->lpa2 = rmi_feature_register0_get_lpa2(fr0) == RMI_FEATURE_TRUE;
	caps->sve = rmi_feature_register0_get_sve(fr0) == RMI_FEATURE_TRUE;
	caps->sve_vl = (uint8_t)rmi_feature_register0_get_sve_vl(fr0);
	caps->num_bps = (uint8_t)rmi_feature_register0_get_num_bps(fr0);
	caps->num_wps = (uint8_t)rmi_feature_register0_get_num_wps(fr0);
	caps->pmu = rmi_feature_register0_get_pmu(fr0) == RMI_FEATURE_TRUE;
	caps->pmu_num_ctrs = (uint8_t)rmi_feature_register0_get_pmu_num_ctrs(fr0);
	caps->sha_256 = rmi_feature_register1_get_hash_sha_256(fr1) == RMI_FEATURE_TRUE;
	caps->sha_384 = rmi_feature_register1_get_hash_sha_384(fr1) == RMI_FEATURE_TRUE;
	caps->sha_512 = rmi_feature_register1_get_hash_sha_512(fr1) == RMI_FEATURE_TRUE;
	caps->max_recs = (1u << rmi_feature_register1_get_max_recs_order(fr1)) - 1;
	caps->l0gpt_shift = (uint8_t)(L0GPTSZ_BASE + rmi_feature_register1_get_l0gptsz(fr1));
}

static enum host_status read_features(struct host *host, struct host_error *error)
{
	for (uint64_t i = 0; i < NUM_FEATURE_REGISTERS; i++) {
		struct rmi_features_result r = rmi_features(&host->top, i);

		if (!rmi_answer_is(r.result, RMI_SUCCESS))
			return host_fail_call(error, "RMI_FEATURES", r.result, "register %u",
					      (unsigned int)i);
		host->caps.features[i] = r.value;
	}
	decode_features(&host->caps);
	if (rmi_feature_register1_get_rmi_gran_sz_4kb(host->caps.features[1]) != RMI_FEATURE_TRUE)
		return host_fail(error, HOST_ERROR_NOT_SUPPORTED,
				 "the RMM has no granules of 4 KiB");
	return HOST_OK;
}

static enum host_status activate(struct host *host, struct host_error *error)
{
	struct rmi_rmm_config config = {0};
	enum host_status status;
	uint64_t x0;

	config.tracking_region_size = TRACKING_REGION_1GB;
	config.rmi_granule_size = RMI_GRANULE_SIZE_4KB;
	status = host_write_page(host, host->scratch_pa, &config, error);
	if (status != HOST_OK)
		return status;
	x0 = rmi_rmm_config_set(&host->top, host->scratch_pa).result;
	if (!rmi_answer_is(x0, RMI_SUCCESS))
		return host_fail_call(error, "RMI_RMM_CONFIG_SET", x0, "granules of 4 KiB");
	x0 = rmi_rmm_activate(&host->top).result;
	if (!host_succeeded(host, x0))
		return host_fail_operation(host, error, "RMI_RMM_ACTIVATE", x0, "the RMM");
	return HOST_OK;
}

static enum host_status check_cpu(const struct host_config *config, struct host_error *error)
{
	if (config->without_rme)
		return host_fail(error, HOST_ERROR_NOT_SUPPORTED,
				 "host: the CPUs have no FEAT_RME: there are no realms");
	if (config->without_vhe)
		return host_fail(error, HOST_ERROR_NOT_SUPPORTED,
				 "host: realms need a hypervisor at EL2 with VHE");
	return HOST_OK;
}

static enum host_status check_ram(uint64_t base, uint64_t size, struct host_error *error)
{
	if (size && base % HOST_PAGE_SIZE == 0 && size % HOST_PAGE_SIZE == 0 && base + size > base)
		return HOST_OK;
	return host_fail(error, HOST_ERROR_CONFIG,
			 "host: RAM [0x%llx, +0x%llx) must be a range of whole pages",
			 (unsigned long long)base, (unsigned long long)size);
}

/* States of granules, and level 1 GPTs: both may take memory of the pool. */
static enum host_status describe_memory(struct host *host, const struct host_config *config,
					uint64_t base, uint64_t top, struct host_error *error)
{
	bool left = false;
	enum host_status status =
		host_track(host, config, base, top, TRACKING_OF_POOL, &left, error);

	if (status == HOST_OK)
		status = host_create_gpts(host, base, top, error);
	if (status == HOST_OK && left)
		status = host_track(host, config, base, top, TRACKING_OF_OTHERS, &left, error);
	if (status == HOST_OK && host->num_tracked > 0)
		status = host_check_tracking(host, base, top, error);
	return status;
}

/* What 2.0 has to be told before it takes realms; 1.0 is ready. */
static enum host_status prepare(struct host *host, const struct host_config *config, uint64_t base,
				uint64_t size, struct host_error *error)
{
	enum host_status status = read_features(host, error);

	if (status == HOST_OK && config->boot == HOST_BOOT_ACTIVATE)
		status = activate(host, error);
	return status == HOST_OK ? describe_memory(host, config, base, base + size, error) : status;
}

void host_unboot(struct host *host)
{
	/* What fails once may do so for a reason that has gone by: twice is a refusal. */
	for (int tries = 0; tries < 2; tries++) {
		host_untrack(host);
		(void)host_recover_lost(&host->top, host->pages, NULL);
		host_destroy_gpts(host);
		(void)host_recover_lost(&host->top, host->pages, NULL);
	}
}

enum host_status host_boot(struct host *host, const struct host_config *config,
			   struct host_error *error)
{
	uint64_t base = config->ram_size ? config->ram_base : config->pool_base;
	uint64_t size = config->ram_size ? config->ram_size : config->pool_size;
	enum host_status status = check_cpu(config, error);

	if (status == HOST_OK)
		status = check_ram(base, size, error);
	if (status == HOST_OK)
		status = negotiate(host, error);
	if (status != HOST_OK)
		return status;
	return host_is_rmi_1_0(host) ? rmi_1_0_read_features(host, error)
				     : prepare(host, config, base, size, error);
}
