/* SPDX-License-Identifier: BSD-3-Clause */
/* Configurations: the default one, and what is wrong with another. */
#include "platform/config.h"

#include "rmmsim/abi/introspect.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>

#include "platform/memory.h"

#define MAX_OPERATIONS 4096u
#define MAX_RECS_ORDER 15u

struct rmm_config rmm_config_default(void)
{
	return (struct rmm_config){
		.version = RMM_VERSION_2_0_BET1,
		.profile = RMM_PROFILE_SPEC,
		.num_pes = 4,
		.banks = {{.base = 0x80000000, .size = UINT64_C(1) << 30, .kind = RMM_BANK_DRAM}},
		.num_banks = 1,
		.pa_bits = 48,
		.features =
			{
				.s2sz = 48,
				.lpa2 = true,
				.num_bps = 5,
				.num_wps = 3,
				.sha_256 = true,
				.sha_384 = true,
				.sha_512 = true,
				.max_recs_order = 10,
			},
		.rec_aux_granules = 16,
		.rd_aux_granules = 4,
		.sro_contexts = 64,
		.vmid_bits = 16,
		.seed = 1,
		.gpt_prebuilt = true,
		.gpt_max_block = 2,
		.tracking_granules = 256,
	};
}

__attribute__((format(printf, 2, 3))) static int reject(struct rmm_error *error, const char *format,
							...)
{
	va_list args;

	va_start(args, format);
	vsnprintf(error->text, sizeof(error->text), format, args);
	va_end(args);
	return -1;
}

static bool pa_bits_are_valid(uint8_t bits)
{
	return bits == 32 || bits == 36 || bits == 40 || bits == 42 || bits == 44 || bits == 48 ||
	       bits == 52;
}

static bool banks_overlap(const struct rmm_bank *a, const struct rmm_bank *b)
{
	return a->base < b->base + b->size && b->base < a->base + a->size;
}

static int check_bank(const struct rmm_config *config, unsigned int i, struct rmm_error *error)
{
	const uint64_t pa_size = UINT64_C(1) << config->pa_bits;
	const struct rmm_bank *bank = &config->banks[i];

	if ((bank->base | bank->size) & GRANULE_MASK || !bank->size)
		return reject(error,
			      "bank %u (0x%" PRIx64 "+0x%" PRIx64
			      ") must begin and end at multiples of 4096 and hold something",
			      i, bank->base, bank->size);
	if (bank->base >= pa_size || bank->size > pa_size - bank->base)
		return reject(error,
			      "bank %u (0x%" PRIx64 "+0x%" PRIx64
			      ") does not fit %u-bit physical addresses: move it or raise pa_bits",
			      i, bank->base, bank->size, config->pa_bits);
	if ((unsigned int)bank->kind > RMM_BANK_DEV_COH)
		return reject(error, "bank %u has an unknown kind", i);
	for (unsigned int k = 0; k < i; k++)
		if (banks_overlap(bank, &config->banks[k]))
			return reject(error, "banks %u and %u overlap", k, i);
	return 0;
}

static int check_banks(const struct rmm_config *config, struct rmm_error *error)
{
	if (!config->num_banks || config->num_banks > RMM_MAX_BANKS)
		return reject(error, "a machine has 1 to %u memory banks, not %u", RMM_MAX_BANKS,
			      config->num_banks);
	if (!pa_bits_are_valid(config->pa_bits))
		return reject(error, "pa_bits is 32, 36, 40, 42, 44, 48 or 52, not %u",
			      config->pa_bits);
	for (unsigned int i = 0; i < config->num_banks; i++)
		if (check_bank(config, i, error))
			return -1;
	if (config->root_base & GRANULE_MASK)
		return reject(error, "root_base must be a multiple of 4096");
	return 0;
}

static int check_features(const struct rmm_features *f, struct rmm_error *error)
{
	if (f->s2sz < 32 || f->s2sz > 52 || (f->s2sz > 48 && !f->lpa2))
		return reject(error, "s2sz is 32 to 48, with lpa2 up to 52, not %u", f->s2sz);
	if (f->num_bps < 1 || f->num_bps > 63 || f->num_wps < 1 || f->num_wps > 63)
		return reject(error, "num_bps and num_wps (numbers minus 1) are 1 to 63");
	if (f->sve_vl > 15 || f->pmu_num_ctrs > 31)
		return reject(error, "sve_vl is 0 to 15 and pmu_num_ctrs 0 to 31");
	if (f->max_recs_order > MAX_RECS_ORDER || f->max_vdevs_order > 15)
		return reject(error, "max_recs_order and max_vdevs_order are 0 to 15");
	if (f->max_num_aux_planes > 3 || f->rtt_plane > 2)
		return reject(error, "max_num_aux_planes is 0 to 3 and rtt_plane 0 to 2");
	if (f->mec_count > UINT16_MAX - 1)
		return reject(error, "mec_count is 0 to %u", UINT16_MAX - 1);
	return 0;
}

static int check_overrides(const struct rmm_config *config, struct rmm_error *error)
{
	if (config->num_overrides > RMM_BEHAVIOUR_COUNT)
		return reject(error, "more overrides than behaviours");
	for (unsigned int i = 0; i < config->num_overrides; i++) {
		const unsigned int behaviour = (unsigned int)config->overrides[i].behaviour;

		if (behaviour >= RMM_BEHAVIOUR_COUNT)
			return reject(error, "override %u names no behaviour", i);
		if (!rmm_abi_behaviours[behaviour].modelled)
			return reject(error, "the behaviour %s is not modelled yet",
				      rmm_abi_behaviours[behaviour].name);
	}
	return 0;
}

int config_check(const struct rmm_config *config, struct rmm_error *error)
{
	if ((unsigned int)config->version >= RMM_VERSION_COUNT)
		return reject(error, "unknown specification version");
	if ((unsigned int)config->profile > RMM_PROFILE_TF_RMM)
		return reject(error, "unknown profile");
	if (!config->num_pes || config->num_pes > RMM_MAX_PES)
		return reject(error, "a machine has 1 to %u PEs, not %u", RMM_MAX_PES,
			      config->num_pes);
	if (config->rec_aux_granules > 16)
		return reject(error, "rec_aux_granules is 0 to 16, not %u",
			      config->rec_aux_granules);
	if (config->rd_aux_granules > 16)
		return reject(error, "rd_aux_granules is 0 to 16, not %u", config->rd_aux_granules);
	if (config->tracking_host_banks &&
	    (!config->tracking_granules || config->tracking_granules > 512))
		return reject(error, "tracking_granules is 1 to 512, not %u",
			      config->tracking_granules);
	if (!config->sro_contexts || config->sro_contexts > MAX_OPERATIONS)
		return reject(error, "sro_contexts is 1 to %u, not %u", MAX_OPERATIONS,
			      config->sro_contexts);
	if (config->vmid_bits != 8 && config->vmid_bits != 16)
		return reject(error, "vmid_bits is 8 or 16, not %u", config->vmid_bits);
	if (config->threads && (config->port.lock || config->port.unlock))
		return reject(error, "threads have locks of their own: leave port.lock and "
				     "port.unlock NULL, or threads off");
	if (check_overrides(config, error))
		return -1;
	if (config->gpt_max_block != 0 && config->gpt_max_block != 2 &&
	    config->gpt_max_block != 32 && config->gpt_max_block != 512)
		return reject(error, "gpt_max_block is 0, 2, 32 or 512 (MiB), not %u",
			      config->gpt_max_block);
	return check_banks(config, error) ? -1 : check_features(&config->features, error);
}
