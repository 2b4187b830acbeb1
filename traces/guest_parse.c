/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest programs: what a realm does, as steps of the scripted guest. */
#include <string.h>

#include "guest_parse.h"
#include "near.h"

void guest_add(struct guest_parser *g, struct rmm_script_step step)
{
	step.line = g->line;
	*ABI_LIST_ADD(g->p->arena, &g->steps) = step;
}

bool guest_constant_key(struct guest_parser *g, struct key_reader *keys, const char *key,
			enum key_need need, uint64_t max, uint64_t *out)
{
	const struct yaml_node *node = need == KEY_REQUIRED ? trace_required(g->p, keys, key)
							    : keys_node(keys, key, KEY_OPTIONAL);

	if (node == NULL)
		return need == KEY_OPTIONAL;
	return trace_parse_constant(g->p, node, max, out);
}

void guest_add_expect(struct guest_parser *g, uint64_t reg, uint64_t value, uint64_t mask)
{
	guest_add(g, (struct rmm_script_step){
			     .op = RMM_SCRIPT_EXPECT_REG,
			     .reg = (uint8_t)reg,
			     .value = value & mask,
			     .mask = mask,
		     });
}

/* ---- memory ------------------------------------------------------------------ */

struct guest_access {
	uint64_t ipa, size, reg, bits, value, syndrome, is_signed;
	bool has_value;
};

static uint64_t size_mask(uint64_t size)
{
	return size >= 8 ? UINT64_MAX : (UINT64_C(1) << (size * 8)) - 1;
}

static bool read_access(struct guest_parser *g, struct key_reader *keys, const char *value_key,
			struct guest_access *a)
{
	const struct yaml_node *value = keys_node(keys, value_key, KEY_OPTIONAL);
	bool ok = true;

	*a = (struct guest_access){.size = 8, .reg = 1, .bits = 64, .syndrome = 1};
	ok &= guest_constant_key(g, keys, "ipa", KEY_REQUIRED, UINT64_MAX, &a->ipa);
	ok &= guest_constant_key(g, keys, "size", KEY_OPTIONAL, 8, &a->size);
	ok &= guest_constant_key(g, keys, "reg", KEY_OPTIONAL, RMM_NUM_GPRS, &a->reg);
	ok &= guest_constant_key(g, keys, "bits", KEY_OPTIONAL, 64, &a->bits);
	ok &= guest_constant_key(g, keys, "syndrome", KEY_OPTIONAL, 1, &a->syndrome);
	if (ok && a->bits != 32 && a->bits != 64) {
		abi_error(g->p->diag, keys->map->loc, "a register of %llu bits",
			  (unsigned long long)a->bits);
		abi_remedy(g->p->diag, "a register has 32 or 64 bits");
		ok = false;
	}
	if (ok && (a->size == 0 || (a->size & (a->size - 1)) != 0)) {
		abi_error(g->p->diag, keys->map->loc, "an access of %llu bytes",
			  (unsigned long long)a->size);
		abi_remedy(g->p->diag, "the size is 1, 2, 4 or 8");
		ok = false;
	}
	a->has_value = value != NULL;
	if (ok && value != NULL)
		ok = trace_parse_constant(g->p, value, size_mask(a->size), &a->value);
	return ok;
}

static bool parse_store(struct guest_parser *g, struct yaml_node *node)
{
	struct guest_access a;
	struct key_reader keys;

	if (!trace_keys_begin(g->p, &keys, node, "'store'"))
		return false;
	if (!read_access(g, &keys, "value", &a))
		return false;
	keys_end(&keys);
	guest_add(g, (struct rmm_script_step){
			     .op = a.has_value ? RMM_SCRIPT_STORE_VALUE : RMM_SCRIPT_STORE,
			     .reg = (uint8_t)a.reg,
			     .size = (uint8_t)a.size,
			     .no_syndrome = a.syndrome == 0,
			     .narrow = a.bits == 32,
			     .ipa = a.ipa,
			     .value = a.value,
		     });
	return true;
}

static bool parse_load(struct guest_parser *g, struct yaml_node *node)
{
	struct guest_access a;
	struct key_reader keys;
	uint64_t is_signed = 0;

	if (!trace_keys_begin(g->p, &keys, node, "'load'"))
		return false;
	if (!read_access(g, &keys, "expect", &a) ||
	    !guest_constant_key(g, &keys, "signed", KEY_OPTIONAL, 1, &is_signed))
		return false;
	keys_end(&keys);
	guest_add(g, (struct rmm_script_step){
			     .op = RMM_SCRIPT_LOAD,
			     .reg = (uint8_t)a.reg,
			     .size = (uint8_t)a.size,
			     .sign_extend = is_signed != 0,
			     .no_syndrome = a.syndrome == 0,
			     .narrow = a.bits == 32,
			     .ipa = a.ipa,
		     });
	if (a.has_value)
		guest_add_expect(g, a.reg, a.value, size_mask(a.size));
	return true;
}

static bool parse_fetch(struct guest_parser *g, struct yaml_node *node)
{
	struct rmm_script_step step = {.op = RMM_SCRIPT_FETCH, .size = 4};
	struct key_reader keys;

	if (!trace_keys_begin(g->p, &keys, node, "'fetch'") ||
	    !guest_constant_key(g, &keys, "ipa", KEY_REQUIRED, UINT64_MAX, &step.ipa))
		return false;
	keys_end(&keys);
	guest_add(g, step);
	return true;
}

static bool parse_external_abort(struct guest_parser *g, struct yaml_node *node)
{
	struct rmm_script_step step = {.op = RMM_SCRIPT_EXTERNAL_ABORT};
	struct key_reader keys;
	bool ok;

	if (!trace_keys_begin(g->p, &keys, node, "'external_abort'"))
		return false;
	ok = guest_constant_key(g, &keys, "ipa", KEY_REQUIRED, UINT64_MAX, &step.ipa);
	ok &= guest_constant_key(g, &keys, "esr", KEY_REQUIRED, UINT32_MAX, &step.value);
	keys_end(&keys);
	if (ok)
		guest_add(g, step);
	return ok;
}

/* ---- calls -------------------------------------------------------------------- */

/* Every number of a guest is known before it runs. */
static bool constant_term(struct guest_parser *g, const struct trace_term *term, uint64_t *value)
{
	if (!term->expr->constant) {
		abi_error(g->p->diag, term->expr->text.loc,
			  "'%s' is known only while the trace plays", term->expr->text.s);
		abi_remedy(g->p->diag, "a guest uses numbers and names of 'let'");
		return false;
	}
	*value = (uint64_t)(term->expr->value >> term->shift);
	return true;
}

static uint64_t term_mask(const struct trace_term *term)
{
	uint64_t low = term->width >= 64 ? UINT64_MAX : (UINT64_C(1) << term->width) - 1;

	return low << (term->bit % 64);
}

static bool place_args(struct guest_parser *g, const struct trace_terms *terms,
		       struct rmm_script_step *step)
{
	for (size_t i = 0; i < terms->terms.n; i++) {
		const struct trace_term *term = &terms->terms.v[i];
		size_t reg = term->bit / 64;
		uint64_t value;

		if (!constant_term(g, term, &value))
			return false;
		step->args[reg] = (step->args[reg] & ~term_mask(term)) |
				  (value << (term->bit % 64) & term_mask(term));
		if (reg >= step->num_args)
			step->num_args = (uint8_t)(reg + 1);
	}
	return true;
}

static bool expect_term(struct guest_parser *g, const struct trace_term *term)
{
	uint64_t value;

	if (!constant_term(g, term, &value))
		return false;
	guest_add_expect(g, term->bit / 64, value << (term->bit % 64), term_mask(term));
	return true;
}

static bool add_expectation(struct guest_parser *g, const struct trace_expectation *expect)
{
	bool ok = true;

	if (expect->has_condition) {
		abi_error(g->p->diag, (struct abi_loc){.file = g->p->trace->file, .line = g->line},
			  "a guest does not see conditions");
		abi_remedy(g->p->diag, "expect a status and outputs");
		return false;
	}
	if (expect->has_status)
		ok = expect_term(g, &expect->status);
	else if (!expect->any)
		guest_add_expect(g, 0, 0, UINT64_MAX);
	for (size_t i = 0; i < expect->terms.terms.n; i++)
		ok &= expect_term(g, &expect->terms.terms.v[i]);
	return ok;
}

static bool parse_call(struct guest_parser *g, struct key_reader *keys, const char *key)
{
	struct trace_expectation expect = {0};
	struct trace_terms inputs = {0};
	struct rmm_script_step step = {.op = RMM_SCRIPT_SMC, .num_args = 1};
	const struct rmm_abi_command *command;
	struct yaml_node *with = keys_node(keys, "with", KEY_OPTIONAL);
	struct yaml_node *wanted = keys_node(keys, "expect", KEY_OPTIONAL);
	const struct yaml_node *name = keys_node(keys, key, KEY_OPTIONAL);

	if (!trace_parse_command(g->p, name, &command, &step.args[0]) ||
	    !trace_parse_inputs(g->p, with, command, &inputs) || !place_args(g, &inputs, &step) ||
	    !trace_parse_expectation(g->p, wanted, command, &expect))
		return false;
	guest_add(g, step);
	return add_expectation(g, &expect);
}

/* ---- everything else ------------------------------------------------------------ */

static bool parse_set(struct guest_parser *g, struct yaml_node *node, enum rmm_script_op op)
{
	struct key_reader keys;
	uint64_t reg = 0;
	uint64_t value = 0;
	uint64_t mask = UINT64_MAX;
	bool ok;

	if (!trace_keys_begin(g->p, &keys, node, op == RMM_SCRIPT_SET_REG ? "'set'" : "'expect'"))
		return false;
	ok = guest_constant_key(g, &keys, "reg", KEY_REQUIRED, RMM_NUM_GPRS - 1, &reg);
	ok &= guest_constant_key(g, &keys, "value", KEY_REQUIRED, UINT64_MAX, &value);
	if (op == RMM_SCRIPT_EXPECT_REG)
		ok &= guest_constant_key(g, &keys, "mask", KEY_OPTIONAL, UINT64_MAX, &mask);
	keys_end(&keys);
	if (!ok)
		return false;
	if (op == RMM_SCRIPT_EXPECT_REG)
		guest_add_expect(g, reg, value, mask);
	else
		guest_add(g,
			  (struct rmm_script_step){.op = op, .reg = (uint8_t)reg, .value = value});
	return true;
}

static bool parse_label(struct guest_parser *g, const struct yaml_node *node)
{
	size_t *at;

	if (!trace_node_is(g->p, node, YAML_KIND_SCALAR, "'label'"))
		return false;
	if (name_map_find(g->labels, node->text.s) != NULL) {
		abi_error(g->p->diag, node->loc, "the label '%s' is there twice", node->text.s);
		abi_remedy(g->p->diag, "rename one of the two");
		return false;
	}
	at = abi_arena_alloc(g->p->arena, 1, sizeof(*at));
	*at = g->steps.n;
	name_map_add(g->labels, node->text.s, at);
	return true;
}

static bool parse_jump(struct guest_parser *g, const struct yaml_node *node)
{
	if (!trace_node_is(g->p, node, YAML_KIND_SCALAR, "'jump'"))
		return false;
	*ABI_LIST_ADD(g->p->arena, &g->jumps) =
		(struct guest_jump){.step = g->steps.n, .label = node->text};
	guest_add(g, (struct rmm_script_step){.op = RMM_SCRIPT_JUMP});
	return true;
}

/* Steps that hold a single number, or nothing at all. */
static bool parse_simple(struct guest_parser *g, const struct yaml_node *node, const char *key)
{
	static const struct {
		const char *key;
		enum rmm_script_op op;
		uint64_t max; /* 0: no number */
	} forms[] = {
		{"wfi", RMM_SCRIPT_WFI, 0},
		{"wfe", RMM_SCRIPT_WFE, 0},
		{"wait", RMM_SCRIPT_WAIT, 0},
		{"hvc", RMM_SCRIPT_HVC, UINT16_MAX},
		{"work", RMM_SCRIPT_WORK, 1000000000000},
	};

	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct rmm_script_step step = {.op = forms[i].op};

		if (strcmp(forms[i].key, key) != 0)
			continue;
		if (forms[i].max != 0 &&
		    !trace_parse_constant(g->p, node, forms[i].max, &step.value))
			return false;
		step.imm = (uint16_t)(step.op == RMM_SCRIPT_HVC ? step.value : 0);
		guest_add(g, step);
		return true;
	}
	return false;
}

static const char *const step_keys[] = {
	"store",          "load", "rsi",   "psci", "smc", "set",   "expect",
	"label",          "jump", "fetch", "wfi",  "wfe", "wfit",  "wfet",
	"wait",           "hvc",  "work",  "mrs",  "msr", "timer", "expect_virq",
	"external_abort",
};

#define NUM_STEP_KEYS (sizeof(step_keys) / sizeof(step_keys[0]))

/* "expect" is a step of its own or a part of a call: calls are looked for first. */
static const char *find_step_key(struct guest_parser *g, const struct yaml_node *node)
{
	struct abi_near near;

	for (size_t i = 0; i < NUM_STEP_KEYS; i++)
		for (size_t k = 0; k < node->pairs.n; k++)
			if (strcmp(node->pairs.v[k].key.s, step_keys[i]) == 0)
				return step_keys[i];
	abi_near_begin(&near, node->pairs.n > 0 ? node->pairs.v[0].key.s : "");
	for (size_t i = 0; i < NUM_STEP_KEYS; i++)
		abi_near_try(&near, step_keys[i]);
	abi_error(g->p->diag, node->loc, "no such guest step");
	if (near.best != NULL)
		abi_remedy(g->p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(g->p->diag, "a guest step is store, load, fetch, rsi, psci, smc, hvc, "
				       "wfi, wfe, wfit, wfet, wait, work, mrs, msr, timer, "
				       "expect_virq, external_abort, set, expect, label or jump");
	return NULL;
}

static bool parse_body(struct guest_parser *g, struct key_reader *keys, const char *key)
{
	struct yaml_node *node = keys_node(keys, key, KEY_OPTIONAL);

	if (strcmp(key, "rsi") == 0 || strcmp(key, "psci") == 0 || strcmp(key, "smc") == 0)
		return parse_call(g, keys, key);
	if (strcmp(key, "store") == 0)
		return parse_store(g, node);
	if (strcmp(key, "load") == 0)
		return parse_load(g, node);
	if (strcmp(key, "fetch") == 0)
		return parse_fetch(g, node);
	if (strcmp(key, "set") == 0)
		return parse_set(g, node, RMM_SCRIPT_SET_REG);
	if (strcmp(key, "expect") == 0)
		return parse_set(g, node, RMM_SCRIPT_EXPECT_REG);
	if (strcmp(key, "external_abort") == 0)
		return parse_external_abort(g, node);
	if (strcmp(key, "label") == 0)
		return parse_label(g, node);
	if (strcmp(key, "jump") == 0)
		return parse_jump(g, node);
	return parse_simple(g, node, key) || guest_parse_hardware(g, node, key);
}

static void parse_guest_step(struct guest_parser *g, struct yaml_node *node)
{
	struct key_reader keys;
	const char *key;

	if (!trace_node_is(g->p, node, YAML_KIND_MAPPING, "a guest step"))
		return;
	key = find_step_key(g, node);
	if (key == NULL || !trace_keys_begin(g->p, &keys, node, "a guest step") ||
	    !trace_version_has_step(g->p, &keys))
		return;
	g->line = node->loc.line;
	parse_body(g, &keys, key);
	keys_end(&keys);
}

static void resolve_jumps(struct guest_parser *g)
{
	for (size_t i = 0; i < g->jumps.n; i++) {
		const struct guest_jump *jump = &g->jumps.v[i];
		const size_t *at = name_map_find(g->labels, jump->label.s);

		if (at != NULL) {
			g->steps.v[jump->step].value = *at;
			continue;
		}
		abi_error(g->p->diag, jump->label.loc, "there is no label '%s'", jump->label.s);
		abi_remedy(g->p->diag, "write 'label: %s' before a step", jump->label.s);
	}
}

static void parse_guest(struct trace_parser *p, struct abi_text name, struct yaml_node *list)
{
	struct guest_parser g = {.p = p, .labels = name_map_new(p->arena)};

	if (!trace_node_is(p, list, YAML_KIND_SEQUENCE, "a guest program"))
		return;
	for (size_t i = 0; i < list->items.n; i++) {
		if (++p->trace->num_guest_steps > TRACE_MAX_GUEST_STEPS) {
			abi_error(p->diag, list->items.v[i]->loc, "more than %u guest steps",
				  TRACE_MAX_GUEST_STEPS);
			abi_remedy(p->diag, "use 'jump' to repeat steps");
			return;
		}
		parse_guest_step(&g, list->items.v[i]);
	}
	resolve_jumps(&g);
	*ABI_LIST_ADD(p->arena, &p->trace->guests) = (struct trace_guest){
		.name = name.s,
		.script = {.steps = g.steps.v, .num_steps = g.steps.n},
		.loc = name.loc,
	};
}

void trace_parse_guests(struct trace_parser *p, struct yaml_node *node)
{
	if (node == NULL || !trace_node_is(p, node, YAML_KIND_MAPPING, "'guests'"))
		return;
	for (size_t i = 0; i < node->pairs.n; i++) {
		node->pairs.v[i].asked = true;
		parse_guest(p, node->pairs.v[i].key, node->pairs.v[i].value);
	}
}
