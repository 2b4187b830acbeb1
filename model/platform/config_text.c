/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/config_text.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rmmsim/abi/introspect.h"

#define MAX_LINE  128
#define MAX_WORDS 4

/* ---- members ------------------------------------------------------------------------ */

#define BANK_MASK ((UINT64_C(1) << RMM_MAX_BANKS) - 1)

#define MEMBER(text, path, limit, of)                          \
	{                                                      \
		.name = (text), .max = (limit), .part = (of),  \
		.offset = offsetof(struct rmm_config, path),   \
		.size = sizeof(((struct rmm_config *)0)->path) \
	}

static const struct rmm_config_member members[] = {
	MEMBER("pes", num_pes, RMM_MAX_PES, RMM_CONFIG_MACHINE),
	MEMBER("pa_bits", pa_bits, 52, RMM_CONFIG_MACHINE),
	MEMBER("root_base", root_base, UINT64_MAX, RMM_CONFIG_MACHINE),
	MEMBER("rec_aux_granules", rec_aux_granules, 16, RMM_CONFIG_MACHINE),
	MEMBER("rd_aux_granules", rd_aux_granules, 16, RMM_CONFIG_MACHINE),
	MEMBER("sro_contexts", sro_contexts, 4096, RMM_CONFIG_MACHINE),
	MEMBER("vmid_bits", vmid_bits, 16, RMM_CONFIG_MACHINE),
	MEMBER("seed", seed, UINT64_MAX, RMM_CONFIG_MACHINE),
	MEMBER("active_at_boot", active_at_boot, 1, RMM_CONFIG_MACHINE),
	MEMBER("gpt_prebuilt", gpt_prebuilt, 1, RMM_CONFIG_MACHINE),
	MEMBER("gpt_host_banks", gpt_host_banks, BANK_MASK, RMM_CONFIG_BANKS),
	MEMBER("gpt_max_block", gpt_max_block, 512, RMM_CONFIG_MACHINE),
	MEMBER("tracking_host_banks", tracking_host_banks, BANK_MASK, RMM_CONFIG_BANKS),
	MEMBER("tracking_granules", tracking_granules, 512, RMM_CONFIG_MACHINE),
	MEMBER("range_budget", range_budget, UINT64_MAX, RMM_CONFIG_MACHINE),
	MEMBER("no_attestation_key", no_attestation_key, 1, RMM_CONFIG_MACHINE),
	MEMBER("no_randomness", no_randomness, 1, RMM_CONFIG_MACHINE),
	MEMBER("pat_out_of_date", pat_out_of_date, 1, RMM_CONFIG_MACHINE),
	MEMBER("tracked_at_boot", tracked_at_boot, 1, RMM_CONFIG_MACHINE),
	MEMBER("aux_contiguous", aux_contiguous, 1, RMM_CONFIG_MACHINE),
	MEMBER("s2sz", features.s2sz, 255, RMM_CONFIG_FEATURES),
	MEMBER("lpa2", features.lpa2, 1, RMM_CONFIG_FEATURES),
	MEMBER("sve", features.sve, 1, RMM_CONFIG_FEATURES),
	MEMBER("sve_vl", features.sve_vl, 15, RMM_CONFIG_FEATURES),
	MEMBER("num_bps", features.num_bps, 63, RMM_CONFIG_FEATURES),
	MEMBER("num_wps", features.num_wps, 63, RMM_CONFIG_FEATURES),
	MEMBER("pmu", features.pmu, 1, RMM_CONFIG_FEATURES),
	MEMBER("pmu_num_ctrs", features.pmu_num_ctrs, 31, RMM_CONFIG_FEATURES),
	MEMBER("sha_256", features.sha_256, 1, RMM_CONFIG_FEATURES),
	MEMBER("sha_384", features.sha_384, 1, RMM_CONFIG_FEATURES),
	MEMBER("sha_512", features.sha_512, 1, RMM_CONFIG_FEATURES),
	MEMBER("max_recs_order", features.max_recs_order, 15, RMM_CONFIG_FEATURES),
	MEMBER("da", features.da, 1, RMM_CONFIG_FEATURES),
	MEMBER("max_vdevs_order", features.max_vdevs_order, 15, RMM_CONFIG_FEATURES),
	MEMBER("max_num_aux_planes", features.max_num_aux_planes, 15, RMM_CONFIG_FEATURES),
	MEMBER("rtt_plane", features.rtt_plane, 3, RMM_CONFIG_FEATURES),
	MEMBER("rtt_s2ap_indirect", features.rtt_s2ap_indirect, 1, RMM_CONFIG_FEATURES),
	MEMBER("mec_count", features.mec_count, UINT64_MAX, RMM_CONFIG_FEATURES),
	MEMBER("l0gpt_block_delegate", features.l0gpt_block_delegate, 1, RMM_CONFIG_FEATURES),
};

#define NUM_MEMBERS (sizeof(members) / sizeof(members[0]))

static const char *const bank_kinds[] = {
	[RMM_BANK_DRAM] = "dram",
	[RMM_BANK_DEV_NCOH] = "dev_ncoh",
	[RMM_BANK_DEV_COH] = "dev_coh",
};

#define NUM_BANK_KINDS (sizeof(bank_kinds) / sizeof(bank_kinds[0]))

const struct rmm_config_member *rmm_config_member_at(size_t i)
{
	return i < NUM_MEMBERS ? &members[i] : NULL;
}

/* Members are unsigned numbers of one, four or eight bytes. */
uint64_t rmm_config_get(const struct rmm_config *config, const struct rmm_config_member *m)
{
	const uint8_t *const at = config && m ? (const uint8_t *)config + m->offset : NULL;
	uint64_t value = 0;
	uint32_t number;

	if (!at)
		return 0;
	if (m->size == sizeof(uint8_t))
		return *at;
	if (m->size == sizeof(number)) {
		memcpy(&number, at, sizeof(number));
		return number;
	}
	memcpy(&value, at, sizeof(value));
	return value;
}

int rmm_config_set(struct rmm_config *config, const struct rmm_config_member *m, uint64_t value)
{
	uint8_t *const at = config && m ? (uint8_t *)config + m->offset : NULL;
	const uint32_t number = (uint32_t)value;

	if (!at || value > m->max)
		return -1;
	if (m->size == sizeof(uint8_t))
		*at = (uint8_t)value;
	else if (m->size == sizeof(number))
		memcpy(at, &number, sizeof(number));
	else
		memcpy(at, &value, sizeof(value));
	return 0;
}

/* ---- describing ------------------------------------------------------------------------ */

struct describer {
	void (*line)(void *ctx, const char *text);
	void *ctx;
};

static void say(const struct describer *to, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

static void say(const struct describer *to, const char *format, ...)
{
	char text[MAX_LINE];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(text, sizeof(text), format, args);
	va_end(args);
	to->line(to->ctx, text);
}

static void say_banks(const struct rmm_config *config, const struct describer *to)
{
	for (unsigned int i = 0; i < config->num_banks; i++)
		say(to, "bank %s %" PRIx64 " %" PRIx64, bank_kinds[config->banks[i].kind],
		    config->banks[i].base, config->banks[i].size);
}

static void say_overrides(const struct rmm_config *config, const struct describer *to)
{
	for (unsigned int i = 0; i < config->num_overrides; i++)
		say(to, "behaviour %s %x", rmm_abi_behaviours[config->overrides[i].behaviour].name,
		    config->overrides[i].on);
}

void rmm_config_describe(const struct rmm_config *config, void (*line)(void *ctx, const char *text),
			 void *ctx)
{
	const struct describer to = {line, ctx};

	if (!config || !line)
		return;
	say(&to, "version %s", rmm_abi_versions[config->version].name);
	say(&to, "profile %s", config->profile == RMM_PROFILE_TF_RMM ? "tf-rmm" : "spec");
	say_banks(config, &to);
	for (size_t i = 0; i < NUM_MEMBERS; i++)
		say(&to, "%s %" PRIx64, members[i].name, rmm_config_get(config, &members[i]));
	say_overrides(config, &to);
}

/* ---- applying ----------------------------------------------------------------------------- */

struct words {
	char text[MAX_LINE];
	const char *at[MAX_WORDS];
	size_t num;
};

static bool split(const char *line, struct words *words)
{
	const size_t len = strlen(line);
	char *rest = words->text;

	words->num = 0;
	if (len >= sizeof(words->text))
		return false;
	memcpy(words->text, line, len + 1);
	for (char *word; (word = strtok_r(rest, " \t\r", &rest)) != NULL;) {
		if (words->num == MAX_WORDS)
			return false;
		words->at[words->num++] = word;
	}
	return words->num > 0;
}

static bool number(const char *word, uint64_t *value)
{
	const size_t len = strlen(word);

	*value = strtoull(word, NULL, 16);
	return len > 0 && len <= 16 && strspn(word, "0123456789abcdefABCDEF") == len;
}

static bool apply_bank(struct rmm_config *config, const struct words *w)
{
	struct rmm_bank bank;

	if (w->num != 4 || config->num_banks == RMM_MAX_BANKS || !number(w->at[2], &bank.base) ||
	    !number(w->at[3], &bank.size))
		return false;
	for (size_t kind = 0; kind < NUM_BANK_KINDS; kind++) {
		if (strcmp(w->at[1], bank_kinds[kind]) != 0)
			continue;
		bank.kind = (enum rmm_bank_kind)kind;
		config->banks[config->num_banks++] = bank;
		return true;
	}
	return false;
}

static bool apply_behaviour(struct rmm_config *config, const struct words *w)
{
	enum rmm_behaviour behaviour;
	uint64_t on;

	if (w->num != 3 || config->num_overrides == RMM_BEHAVIOUR_COUNT ||
	    !rmm_abi_behaviour_find(w->at[1], &behaviour) || !number(w->at[2], &on) || on > 1)
		return false;
	config->overrides[config->num_overrides].behaviour = behaviour;
	config->overrides[config->num_overrides++].on = on != 0;
	return true;
}

static bool apply_profile(struct rmm_config *config, const char *name)
{
	if (strcmp(name, "spec") != 0 && strcmp(name, "tf-rmm") != 0)
		return false;
	config->profile = strcmp(name, "spec") == 0 ? RMM_PROFILE_SPEC : RMM_PROFILE_TF_RMM;
	return true;
}

static bool apply_member(struct rmm_config *config, const struct words *w)
{
	uint64_t value;

	for (size_t i = 0; i < NUM_MEMBERS; i++)
		if (strcmp(w->at[0], members[i].name) == 0)
			return number(w->at[1], &value) &&
			       !rmm_config_set(config, &members[i], value);
	return false;
}

static bool apply(struct rmm_config *config, const struct words *w)
{
	if (strcmp(w->at[0], "bank") == 0)
		return apply_bank(config, w);
	if (strcmp(w->at[0], "behaviour") == 0)
		return apply_behaviour(config, w);
	if (w->num != 2)
		return false;
	if (strcmp(w->at[0], "version") == 0)
		return rmm_abi_version_find(w->at[1], &config->version);
	if (strcmp(w->at[0], "profile") == 0)
		return apply_profile(config, w->at[1]);
	return apply_member(config, w);
}

int rmm_config_apply(struct rmm_config *config, const char *line, struct rmm_error *error)
{
	struct words words;

	if (config && line && split(line, &words) && apply(config, &words))
		return 0;
	if (error)
		(void)snprintf(error->text, sizeof(error->text),
			       "'%.60s' says nothing about a machine", line ? line : "");
	return -1;
}
