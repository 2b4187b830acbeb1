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
	const bool whole = call_behaves(call, RMM_BEHAVIOUR_VERSION_MATCHES_WHOLE_REGISTER);

	call->out[1] = have;
	call->out[2] = have;
	if (major == have_major && rsi_interface_version_minor(v, req) <= have_minor &&
	    !(whole && req >> 31)) {
		call->out[1] = req & (UINT64_MAX >> 33);
		return RSI_SUCCESS;
	}
	return rmm_fail(call, major >= have_major ? RSI_VERSION_INCOMPAT_LOWER
						  : RSI_VERSION_INCOMPAT_HIGHER);
}

uint64_t rsi_features(struct rmm_call *call)
{
	/* No device assignment, no ATS, no overlay permissions: every register is 0, as X1 is. */
	(void)call;
	return RSI_SUCCESS;
}

static uint8_t reported_hash(const struct rmm_call *call)
{
	const uint8_t algo = call->realm->hash_algo;

	if (algo == RSI_HASH_SHA_384 &&
	    call_behaves(call, RMM_BEHAVIOUR_REALM_CONFIG_SHA_384_AS_512))
		return RSI_HASH_SHA_512;
	return algo;
}

uint64_t rsi_realm_config(struct rmm_call *call)
{
	const struct rmm_realm *realm = call->realm;
	const uint64_t addr = call->in[1];
	struct rsi_realm_config config = {
		.ipa_width = realm->ipa_width,
		.hash_algo = reported_hash(call),
		.num_aux_planes = realm->num_aux_planes,
		.gicv3_vtr = ICH_VTR,
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
	if (call_behaves(call, RMM_BEHAVIOUR_REALM_CONFIG_PADDING_KEPT))
		ipa_read(call, &at, image, sizeof(image));
	rsi_realm_config_encode(call_version(call), &config, image);
	ipa_write(call, &at, image, sizeof(image));
	return RSI_SUCCESS;
}

/* X5 to X7, which TF-RMM does not write behind a hash that ends before them. */
#define STALE_FIRST 5
#define STALE_LAST  7

static unsigned int hash_words(const struct rmm_realm *realm)
{
	switch (realm->hash_algo) {
	case RSI_HASH_SHA_256:
		return 4;
	case RSI_HASH_SHA_384:
		return 6;
	default:
		return 8;
	}
}

uint64_t rsi_measurement_read(struct rmm_call *call)
{
	const uint64_t index = call->in[1];

	if (index > 4)
		return rmm_fail(call, RSI_MEASUREMENT_READ_INDEX_BOUND);
	/* Another REC may be extending it. */
	granule_lock(call, call->rec->owner);
	memcpy(&call->out[1], index ? call->realm->rem[index - 1] : call->realm->rim,
	       MEASUREMENT_BYTES);
	if (call_behaves(call, RMM_BEHAVIOUR_MEASUREMENT_READ_STALE_REGISTERS))
		for (unsigned int i = STALE_FIRST; i <= STALE_LAST; i++)
			if (i > hash_words(call->realm))
				call->out[i] = call->in[i];
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
	memcpy(value, &call->in[3], sizeof(value));
	granule_lock(call, call->rec->owner);
	measurement_extend_rem(call, call->realm, (unsigned int)index - 1, value, size);
	return RSI_SUCCESS;
}
