/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine of a trace: what differs from rmm_config_default(). */
#include <string.h>

#include "rmmsim/config_text.h"

#include "near.h"
#include "parse.h"

/* ---- version, profile --------------------------------------------------------- */

static struct abi_text override_text(const struct yaml_node *node, const char *override)
{
	if (override != NULL)
		return (struct abi_text){.s = override, .loc = {.file = "command line"}};
	return node != NULL ? node->text : (struct abi_text){0};
}

static void set_version(struct trace_parser *p, const struct yaml_node *node, const char *override)
{
	struct abi_text text;

	if (override == NULL && node != NULL &&
	    !trace_node_is(p, node, YAML_KIND_SCALAR, "'version'"))
		return;
	text = override_text(node, override);
	if (text.s == NULL || rmm_abi_version_find(text.s, &p->trace->config.version))
		return;
	abi_error(p->diag, text.loc, "unknown version '%s'", text.s);
	abi_remedy(p->diag, "use one of: %s", trace_version_names(p));
}

static void set_profile(struct trace_parser *p, const struct yaml_node *node, const char *override)
{
	struct abi_text text;

	if (override == NULL && node != NULL &&
	    !trace_node_is(p, node, YAML_KIND_SCALAR, "'profile'"))
		return;
	text = override_text(node, override);
	if (text.s == NULL)
		return;
	if (strcmp(text.s, "spec") == 0) {
		p->trace->config.profile = RMM_PROFILE_SPEC;
	} else if (strcmp(text.s, "tf-rmm") == 0) {
		p->trace->config.profile = RMM_PROFILE_TF_RMM;
	} else {
		abi_error(p->diag, text.loc, "unknown profile '%s'", text.s);
		abi_remedy(p->diag, "use spec or tf-rmm");
	}
}

/* ---- memory -------------------------------------------------------------------- */

/* Who provides something of a bank: `firmware`, as a rule, or `host`. */
static bool is_hosts(struct trace_parser *p, const struct yaml_node *node, const char *key)
{
	if (node == NULL || !trace_node_is(p, node, YAML_KIND_SCALAR, key))
		return false;
	if (strcmp(node->text.s, "host") == 0)
		return true;
	if (strcmp(node->text.s, "firmware") != 0) {
		abi_error(p->diag, node->text.loc, "unknown provider '%s'", node->text.s);
		abi_remedy(p->diag, "use firmware or host");
	}
	return false;
}

static void add_bank(struct trace_parser *p, struct yaml_node *node, enum rmm_bank_kind kind)
{
	struct rmm_config *config = &p->trace->config;
	struct rmm_bank bank = {.kind = kind};
	bool host_gpt;
	bool host_tracking;
	struct key_reader keys;
	const struct yaml_node *base;
	const struct yaml_node *size;

	if (!trace_keys_begin(p, &keys, node, "a memory bank"))
		return;
	base = trace_required(p, &keys, "base");
	size = trace_required(p, &keys, "size");
	host_gpt = is_hosts(p, keys_node(&keys, "gpt", KEY_OPTIONAL), "'gpt'");
	host_tracking = is_hosts(p, keys_node(&keys, "tracking", KEY_OPTIONAL), "'tracking'");
	keys_end(&keys);
	if (base == NULL || size == NULL ||
	    !trace_parse_constant(p, base, UINT64_MAX, &bank.base) ||
	    !trace_parse_constant(p, size, UINT64_MAX, &bank.size))
		return;
	if (config->num_banks == RMM_MAX_BANKS) {
		abi_error(p->diag, node->loc, "more than %d memory banks", RMM_MAX_BANKS);
		abi_remedy(p->diag, "join neighbouring banks");
		return;
	}
	config->gpt_host_banks |= (uint32_t)host_gpt << config->num_banks;
	config->tracking_host_banks |= (uint32_t)host_tracking << config->num_banks;
	config->banks[config->num_banks++] = bank;
}

static void add_banks(struct trace_parser *p, struct yaml_node *list, enum rmm_bank_kind kind)
{
	if (list == NULL || !trace_node_is(p, list, YAML_KIND_SEQUENCE, "a list of memory banks"))
		return;
	for (size_t i = 0; i < list->items.n; i++)
		add_bank(p, list->items.v[i], kind);
}

/* DRAM that is given replaces the default bank. */
static void set_banks(struct trace_parser *p, struct key_reader *keys)
{
	struct yaml_node *dram = keys_node(keys, "dram", KEY_OPTIONAL);

	if (dram != NULL)
		p->trace->config.num_banks = 0;
	add_banks(p, dram, RMM_BANK_DRAM);
	add_banks(p, keys_node(keys, "dev_ncoh", KEY_OPTIONAL), RMM_BANK_DEV_NCOH);
	add_banks(p, keys_node(keys, "dev_coh", KEY_OPTIONAL), RMM_BANK_DEV_COH);
}

/* ---- numbers --------------------------------------------------------------------- */

static void set_numbers(struct trace_parser *p, struct key_reader *keys, enum rmm_config_part part)
{
	const struct rmm_config_member *m;

	for (size_t i = 0; (m = rmm_config_member_at(i)) != NULL; i++) {
		const struct yaml_node *node;
		uint64_t value;

		if (m->part != part)
			continue;
		node = keys_node(keys, m->name, KEY_OPTIONAL);
		if (node != NULL && trace_parse_constant(p, node, m->max, &value))
			(void)rmm_config_set(&p->trace->config, m, value);
	}
}

static void set_features(struct trace_parser *p, struct yaml_node *node)
{
	struct key_reader keys;

	if (node == NULL || !trace_keys_begin(p, &keys, node, "'features'"))
		return;
	set_numbers(p, &keys, RMM_CONFIG_FEATURES);
	keys_end(&keys);
}

static void add_override(struct trace_parser *p, const struct yaml_pair *pair)
{
	struct rmm_config *config = &p->trace->config;
	enum rmm_behaviour behaviour;
	struct abi_near near;
	uint64_t on;

	if (rmm_abi_behaviour_find(pair->key.s, &behaviour)) {
		if (!trace_parse_constant(p, pair->value, 1, &on))
			return;
		if (!rmm_abi_behaviours[behaviour].modelled) {
			abi_error(p->diag, pair->key.loc, "'%s' is not modelled yet", pair->key.s);
			abi_remedy(p->diag, "leave it out: it would have no effect");
			return;
		}
		config->overrides[config->num_overrides].behaviour = behaviour;
		config->overrides[config->num_overrides++].on = on != 0;
		return;
	}
	abi_near_begin(&near, pair->key.s);
	for (size_t i = 0; i < RMM_BEHAVIOUR_COUNT; i++)
		abi_near_try(&near, rmm_abi_behaviours[i].name);
	abi_error(p->diag, pair->key.loc, "unknown behaviour '%s'", pair->key.s);
	if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "'rmmsim abi quirks' lists the behaviours");
}

static void set_behaviours(struct trace_parser *p, struct yaml_node *node)
{
	if (node == NULL || !trace_node_is(p, node, YAML_KIND_MAPPING, "'behaviours'"))
		return;
	for (size_t i = 0; i < node->pairs.n && i < RMM_BEHAVIOUR_COUNT; i++) {
		node->pairs.v[i].asked = true;
		add_override(p, &node->pairs.v[i]);
	}
}

void trace_parse_machine(struct trace_parser *p, struct yaml_node *node,
			 const struct rmm_trace_overrides *overrides)
{
	static const struct rmm_trace_overrides none = {0};
	struct key_reader keys = {0};

	if (overrides == NULL)
		overrides = &none;
	if (node == NULL || !trace_keys_begin(p, &keys, node, "'machine'")) {
		set_version(p, NULL, overrides->version);
		set_profile(p, NULL, overrides->profile);
		p->version = p->trace->config.version;
		return;
	}
	set_version(p, keys_node(&keys, "version", KEY_OPTIONAL), overrides->version);
	set_profile(p, keys_node(&keys, "profile", KEY_OPTIONAL), overrides->profile);
	p->version = p->trace->config.version;
	set_numbers(p, &keys, RMM_CONFIG_MACHINE);
	if (p->trace->config.num_pes == 0)
		p->trace->config.num_pes = 1;
	set_banks(p, &keys);
	set_features(p, keys_node(&keys, "features", KEY_OPTIONAL));
	set_behaviours(p, keys_node(&keys, "behaviours", KEY_OPTIONAL));
	keys_end(&keys);
}
