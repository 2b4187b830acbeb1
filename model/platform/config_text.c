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

struct member {
	const char *name;
	size_t offset;
	size_t size;
};

#define MEMBER(text, path)                                                                      \
	{                                                                                       \
		text, offsetof(struct rmm_config, path), sizeof(((struct rmm_config *)0)->path) \
	}

static const struct member members[] = {
	MEMBER("pes", num_pes),
	MEMBER("pa_bits", pa_bits),
	MEMBER("root_base", root_base),
	MEMBER("rec_aux_granules", rec_aux_granules),
	MEMBER("rd_aux_granules", rd_aux_granules),
	MEMBER("sro_contexts", sro_contexts),
	MEMBER("vmid_bits", vmid_bits),
	MEMBER("seed", seed),
	MEMBER("active_at_boot", active_at_boot),
	MEMBER("gpt_prebuilt", gpt_prebuilt),
	MEMBER("s2sz", features.s2sz),
	MEMBER("lpa2", features.lpa2),
	MEMBER("sve", features.sve),
	MEMBER("sve_vl", features.sve_vl),
	MEMBER("num_bps", features.num_bps),
	MEMBER("num_wps", features.num_wps),
	MEMBER("pmu", features.pmu),
	MEMBER("pmu_num_ctrs", features.pmu_num_ctrs),
	MEMBER("sha_256", features.sha_256),
	MEMBER("sha_384", features.sha_384),
	MEMBER("sha_512", features.sha_512),
	MEMBER("max_recs_order", features.max_recs_order),
	MEMBER("da", features.da),
	MEMBER("max_vdevs_order", features.max_vdevs_order),
	MEMBER("max_num_aux_planes", features.max_num_aux_planes),
	MEMBER("rtt_plane", features.rtt_plane),
	MEMBER("rtt_s2ap_indirect", features.rtt_s2ap_indirect),
	MEMBER("mec_count", features.mec_count),
};

#define NUM_MEMBERS (sizeof(members) / sizeof(members[0]))

static const char *const bank_kinds[] = {
	[RMM_BANK_DRAM] = "dram",
	[RMM_BANK_DEV_NCOH] = "dev_ncoh",
	[RMM_BANK_DEV_COH] = "dev_coh",
};

#define NUM_BANK_KINDS (sizeof(bank_kinds) / sizeof(bank_kinds[0]))

/* Members are unsigned numbers of one, four or eight bytes. */
static uint64_t load(const struct rmm_config *config, const struct member *m)
{
	const uint8_t *const at = (const uint8_t *)config + m->offset;
	uint64_t value = 0;
	unsigned int number;

	if (m->size == sizeof(uint8_t))
		return *at;
	if (m->size == sizeof(number)) {
		memcpy(&number, at, sizeof(number));
		return number;
	}
	memcpy(&value, at, sizeof(value));
	return value;
}

static bool store(struct rmm_config *config, const struct member *m, uint64_t value)
{
	uint8_t *const at = (uint8_t *)config + m->offset;
	const unsigned int number = (unsigned int)value;

	if (m->size < sizeof(value) && value >> (8 * m->size) != 0)
		return false;
	if (m->size == sizeof(uint8_t))
		*at = (uint8_t)value;
	else if (m->size == sizeof(number))
		memcpy(at, &number, sizeof(number));
	else
		memcpy(at, &value, sizeof(value));
	return true;
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
		say(&to, "%s %" PRIx64, members[i].name, load(config, &members[i]));
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
			return number(w->at[1], &value) && store(config, &members[i], value);
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
