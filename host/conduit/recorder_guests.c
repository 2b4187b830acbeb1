/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/recorder_guests.h"

#include <inttypes.h>

/* A letter, and seven words of 16 digits. */
#define MAX_LINE (2 + RMM_GUEST_ACTION_WORDS * 17)

static void write_action(void *ctx, const struct rmm_guest_action *action)
{
	static const char letters[] = {
		[RMM_GUEST_TAKES_PAGE] = 'P',
		[RMM_GUEST_STORES] = 'D',
		[RMM_GUEST_SETS_REGISTER] = 'V',
		[RMM_GUEST_ACTS] = 'G',
	};
	/* Those at the end that are zero are left out, down to what the letter needs. */
	static const unsigned int least[] = {
		[RMM_GUEST_TAKES_PAGE] = 1,
		[RMM_GUEST_STORES] = 2,
		[RMM_GUEST_SETS_REGISTER] = 2,
		[RMM_GUEST_ACTS] = 1,
	};
	unsigned int n = RMM_GUEST_ACTION_WORDS;
	char line[MAX_LINE];
	size_t at = 1;

	while (n > least[action->kind] && action->word[n - 1] == 0)
		n--;
	line[0] = letters[action->kind];
	for (unsigned int i = 0; i < n; i++)
		at += (size_t)snprintf(line + at, sizeof(line) - at, " %" PRIx64, action->word[i]);
	host_recorder_add(ctx, line);
}

_Static_assert(HOST_RECORDER_ICH == RMM_ICH_MISR, "all registers that a host writes");

static bool irq_is_up(void *ctx)
{
	const struct rmm_conduit_ctx *pe = ctx;

	return rmm_irq_is_up(pe->sys, pe->pe);
}

static bool fiq_is_up(void *ctx)
{
	const struct rmm_conduit_ctx *pe = ctx;

	return rmm_fiq_is_up(pe->sys, pe->pe);
}

static bool read_ich(void *ctx, unsigned int reg, uint64_t *value)
{
	const struct rmm_conduit_ctx *pe = ctx;

	return rmm_read_ich(pe->sys, pe->pe, (enum rmm_ich_register)reg, value);
}

int host_recorder_listen(struct host_recorder *recorder, struct rmm_guest_recorder *guests,
			 struct rmm_conduit_ctx *pe)
{
	const struct host_recorder_platform platform = {
		.ctx = pe, .irq_is_up = irq_is_up, .fiq_is_up = fiq_is_up, .read_ich = read_ich};

	if (!smc_is_argument(recorder) || !smc_is_argument(guests) || !smc_is_argument(pe))
		return -1;
	host_recorder_watch(recorder, &platform);
	rmm_guest_recorder_listen(guests, write_action, recorder);
	return 0;
}
