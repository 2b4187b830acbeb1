/* SPDX-License-Identifier: BSD-3-Clause */
/* RSI_VERSION, RSI_FEATURES, RSI_REALM_CONFIG, RSI_MEASUREMENT_READ and _EXTEND. */
#include <string.h>

#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/measurement.h"
#include "rmm/realm_memory.h"

uint64_t rsi_version(struct rmm_call *call)
{
	const enum rmm_version v = call_version(call);
	const uint64_t req = call->in[1];
	const uint64_t have_major = rmm_abi_versions[v].rsi_major;
	const uint64_t have_minor = rmm_abi_versions[v].rsi_minor;
	const uint64_t have = have_major << 16 | have_minor;
	const uint64_t major = rsi_interface_version_major(v, req);

	call->out[1] = have;
	call->out[2] = have;
	if (major == have_major && rsi_interface_version_minor(v, req) <= have_minor) {
		call->out[1] = req & (UINT64_MAX >> 33);
		return RSI_SUCCESS;
	}
	return rmm_fail(call, major >= have_major ? RSI_VERSION_INCOMPAT_LOWER
						  : RSI_VERSION_INCOMPAT_HIGHER);
}

uint64_t rsi_features(struct rmm_call *call)
{
	/* No device assignment, no ATS, no overlay permissions: every register is 0. */
	call->out[1] = 0;
	return RSI_SUCCESS;
}

uint64_t rsi_realm_config(struct rmm_call *call)
{
	const struct rmm_realm *realm = call->realm;
	const uint64_t addr = call->in[1];
	struct rsi_realm_config config = {
		.ipa_width = realm->ipa_width,
		.hash_algo = realm->hash_algo,
		.num_aux_planes = realm->num_aux_planes,
		.ats_plane = realm->ats_plane,
	};
	uint8_t image[RSI_REALM_CONFIG_SIZE] = {0};
	struct ipa_result at;
	uint64_t x0;

	if (!is_granule_aligned(addr))
		return rmm_fail(call, RSI_REALM_CONFIG_ADDR_ALIGN);
	if (!realm_is_protected(realm, addr))
		return rmm_fail(call, RSI_REALM_CONFIG_ADDR_BOUND);
	if (!realm_buffer(call, addr, RSI_REALM_CONFIG_ADDR_EMPTY, &at, &x0))
		return x0;
	memcpy(config.rpv, realm->rpv, sizeof(config.rpv));
	rsi_realm_config_encode(call_version(call), &config, image);
	ipa_write(call, &at, image, sizeof(image));
	return RSI_SUCCESS;
}

uint64_t rsi_measurement_read(struct rmm_call *call)
{
	const uint64_t index = call->in[1];

	if (index > 4)
		return rmm_fail(call, RSI_MEASUREMENT_READ_INDEX_BOUND);
	memcpy(&call->out[1], index ? call->realm->rem[index - 1] : call->realm->rim,
	       MEASUREMENT_BYTES);
	return RSI_SUCCESS;
}

uint64_t rsi_measurement_extend(struct rmm_call *call)
{
	const uint64_t index = call->in[1];
	const uint64_t size = call->in[2];
	uint8_t value[MEASUREMENT_BYTES];

	if (index < 1 || index > 4)
		return rmm_fail(call, RSI_MEASUREMENT_EXTEND_INDEX_BOUND);
	if (size > MEASUREMENT_BYTES)
		return rmm_fail(call, RSI_MEASUREMENT_EXTEND_SIZE_BOUND);
	/* X3 to X10: more registers than struct rmm_call keeps. */
	memcpy(value, &call->rec->vcpu.x[3], sizeof(value));
	measurement_extend_rem(call, call->realm, (unsigned int)index - 1, value, size);
	return RSI_SUCCESS;
}
