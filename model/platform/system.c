/* SPDX-License-Identifier: BSD-3-Clause */
/* The life of a machine. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "platform/config.h"
#include "platform/gpt.h"
#include "platform/tlb_lint.h"
#include "rmm/attestation.h"
#include "rmm/measurement.h"
#include "rmm/rmm.h"

/* ---- behaviour switches ---------------------------------------------------------- */

static void set_behaviour(struct rmm_system *sys, enum rmm_behaviour behaviour, bool on)
{
	const uint64_t bit = UINT64_C(1) << ((unsigned int)behaviour % 64);
	uint64_t *word = &sys->behaviours[(unsigned int)behaviour / 64];

	*word = on ? *word | bit : *word & ~bit;
}

static void init_behaviours(struct rmm_system *sys)
{
	const struct rmm_config *config = &sys->config;

	for (unsigned int i = 0; i < RMM_BEHAVIOUR_COUNT; i++) {
		const struct rmm_abi_behaviour *row = &rmm_abi_behaviours[i];
		const rmm_versions in =
			config->profile == RMM_PROFILE_TF_RMM ? row->tf_rmm : row->spec;

		set_behaviour(sys, (enum rmm_behaviour)i, in >> config->version & 1);
	}
	for (unsigned int i = 0; i < config->num_overrides; i++)
		set_behaviour(sys, config->overrides[i].behaviour, config->overrides[i].on);
}

/* ---- creation ------------------------------------------------------------------------ */

static int number_pool_create(struct number_pool *pool, uint32_t count, bool threads)
{
	pool->count = count;
	pool->threads = threads;
	pool->bits = calloc((count + 63) / 64 + 1, sizeof(uint64_t));
	return pool->bits ? 0 : -1;
}

static int create_tables(struct rmm_system *sys)
{
	const struct rmm_config *config = &sys->config;
	const bool threads = config->threads;

	if (granule_table_create(&sys->granules, sys->memory.num_granules, threads) ||
	    tracking_create(&sys->tracking, &sys->memory) ||
	    number_pool_create(&sys->vmids, UINT32_C(1) << config->vmid_bits, threads) ||
	    number_pool_create(&sys->mecids, (uint32_t)config->features.mec_count, threads) ||
	    operation_pool_create(&sys->operations, config))
		return -1;
	sys->guests = memory_reserve(sys->memory.num_granules * sizeof(*sys->guests));
	sys->measurement = measurement_create(config->num_pes);
	sys->attestation = attestation_create();
	return sys->guests && sys->measurement && sys->attestation ? 0 : -1;
}

static int create(struct rmm_system *sys, struct rmm_error *error)
{
	if (memory_create(&sys->memory, &sys->config, gpt_root_size(&sys->config), error))
		return -1;
	if (create_tables(sys)) {
		snprintf(error->text, sizeof(error->text),
			 "out of memory for the tables of the machine");
		return -1;
	}
	gpt_create(&sys->memory);
	init_behaviours(sys);
	sys->state = sys->config.active_at_boot ? RMM_STATE_ACTIVE : RMM_STATE_INIT;
	if (sys->config.active_at_boot || sys->config.tracked_at_boot)
		tracking_begin(&sys->tracking, &sys->memory);
	return 0;
}

static void detach_guests(struct rmm_system *sys)
{
	const struct rmm_guest_ops *ops = sys->config.guest;
	const struct memory *mem = &sys->memory;

	if (!ops || !ops->detach || !sys->guests)
		return;
	for (unsigned int b = 0; b < mem->num_banks; b++) {
		const struct memory_bank *bank = &mem->banks[b];
		uint64_t i = bank->first_granule;
		const uint64_t end = i + (bank->size >> RMM_GRANULE_SHIFT);

		/* A REC is the only granule of its state: uniform chunks have no guest. */
		for (; i < end; i++)
			if (granule_state(&sys->granules, i) == RMM_GRANULE_REC && sys->guests[i])
				ops->detach(sys->config.guest_machine, sys->guests[i]);
	}
}

static void release(struct rmm_system *sys)
{
	detach_guests(sys);
	rmm_tlb_lint_end(sys);
	attestation_destroy(sys->attestation);
	measurement_destroy(sys->measurement);
	if (sys->guests)
		memory_release(sys->guests, sys->memory.num_granules * sizeof(*sys->guests));
	operation_pool_destroy(&sys->operations);
	free(sys->vmids.bits);
	free(sys->mecids.bits);
	granule_table_destroy(&sys->granules);
	tracking_destroy(&sys->tracking);
	memory_destroy(&sys->memory);
}

/* Before 2.0 the host could neither activate the RMM nor give it tables. */
static void leave_nothing_to_prepare(struct rmm_config *config)
{
	if (rmm_abi_command_by_id(config->version, RMM_CMD_RMI_RMM_ACTIVATE))
		return;
	config->active_at_boot = true;
	config->gpt_prebuilt = true;
	config->gpt_host_banks = 0;
	config->tracking_host_banks = 0;
}

int rmm_system_create(const struct rmm_config *config, struct rmm_system **out,
		      struct rmm_error *error)
{
	struct rmm_error ignored;

	if (!error)
		error = &ignored;
	if (!config || !out) {
		snprintf(error->text, sizeof(error->text),
			 "rmm_system_create needs a configuration and a place for the system");
		return -1;
	}
	if (config_check(config, error))
		return -1;
	struct rmm_system *sys = aligned_alloc(CACHE_LINE_BYTES, sizeof(*sys));
	if (!sys) {
		snprintf(error->text, sizeof(error->text), "out of memory for a system");
		return -1;
	}
	memset(sys, 0, sizeof(*sys));
	sys->config = *config;
	leave_nothing_to_prepare(&sys->config);
	if (create(sys, error)) {
		release(sys);
		free(sys);
		return -1;
	}
	handle_born(sys);
	*out = sys;
	return 0;
}

void rmm_system_destroy(struct rmm_system *sys)
{
	if (!sys)
		return;
	handle_check(sys, HANDLE_NO_PE, __func__);
	release(sys);
	handle_bury(sys);
}
