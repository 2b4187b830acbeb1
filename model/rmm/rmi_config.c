/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RMM_CONFIG_SET, RMI_RMM_CONFIG_GET. */
#include <string.h>

#include "rmm/call.h"
#include "rmm/handlers.h"

/* 4 KiB granules have one size of tracking region, 1 GiB, with code 0. */
static bool config_is_supported(const struct rmi_rmm_config *config)
{
	return config->rmi_granule_size == RMI_GRANULE_SIZE_4KB &&
	       config->tracking_region_size == 0;
}

uint64_t rmi_rmm_config_set(struct rmm_call *call)
{
	const uint64_t cfg_ptr = call->in[1];
	uint8_t image[RMI_RMM_CONFIG_SIZE];
	struct rmi_rmm_config config;

	if (state_of_rmm(call->sys) != RMM_STATE_INIT)
		return rmm_fail(call, RMI_RMM_CONFIG_SET_RMM_STATE);
	if (!is_granule_aligned(cfg_ptr))
		return rmm_fail(call, RMI_RMM_CONFIG_SET_CFG_ALIGN);
	if (!ns_read(call, cfg_ptr, image, sizeof(image)))
		return rmm_fail(call, RMI_RMM_CONFIG_SET_CFG_PAS);
	rmi_rmm_config_decode(call_version(call), image, &config);
	if (!config_is_supported(&config))
		return rmm_fail(call, RMI_RMM_CONFIG_SET_CFG_SUPP);
	if (call->sys->tracking.num_tracked &&
	    call_behaves(call, RMM_BEHAVIOUR_CONFIG_SET_TRACKED_CHECKED))
		return rmm_fail(call, RMI_RMM_CONFIG_SET_TRACKED);
	return RMI_SUCCESS;
}

uint64_t rmi_rmm_config_get(struct rmm_call *call)
{
	const uint64_t cfg_ptr = call->in[1];
	const struct rmi_rmm_config config = {.rmi_granule_size = RMI_GRANULE_SIZE_4KB};
	uint8_t image[RMI_RMM_CONFIG_SIZE] = {0};

	if (state_of_rmm(call->sys) != RMM_STATE_ACTIVE &&
	    !call_behaves(call, RMM_BEHAVIOUR_CONFIG_GET_ANY_STATE))
		return rmm_fail(call, RMI_RMM_CONFIG_GET_RMM_STATE);
	if (!is_granule_aligned(cfg_ptr))
		return rmm_fail(call, RMI_RMM_CONFIG_GET_CFG_ALIGN);
	rmi_rmm_config_encode(call_version(call), &config, image);
	if (!ns_write(call, cfg_ptr, image, sizeof(image)))
		return rmm_fail(call, RMI_RMM_CONFIG_GET_CFG_PAS);
	return RMI_SUCCESS;
}
