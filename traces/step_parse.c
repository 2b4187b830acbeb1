/* SPDX-License-Identifier: BSD-3-Clause */
/* The list of steps, and the steps that are too small for a file of their own. */
#include <string.h>

#include "near.h"
#include "parse.h"

bool trace_parse_bind_step(struct trace_parser *p, struct key_reader *step_keys,
			   struct trace_step *step)
{
	struct yaml_node *body = trace_required(p, step_keys, "bind");
	struct yaml_node *guest;
	struct key_reader keys;
	struct abi_near near;

	step->kind = TRACE_STEP_BIND;
	if (body == NULL || !trace_keys_begin(p, &keys, body, "a 'bind' step"))
		return false;
	guest = trace_required(p, &keys, "guest");
	step->u.bind.rd = trace_parse_key(p, &keys, "rd", KEY_REQUIRED);
	step->u.bind.mpidr = trace_parse_key(p, &keys, "mpidr", KEY_REQUIRED);
	keys_end(&keys);
	if (guest == NULL || step->u.bind.rd == NULL || step->u.bind.mpidr == NULL ||
	    !trace_node_is(p, guest, YAML_KIND_SCALAR, "'guest'"))
		return false;
	abi_near_begin(&near, guest->text.s);
	for (size_t i = 0; i < p->trace->guests.n; i++) {
		abi_near_try(&near, p->trace->guests.v[i].name);
		step->u.bind.guest = i;
		if (strcmp(p->trace->guests.v[i].name, guest->text.s) == 0)
			return true;
	}
	abi_error(p->diag, guest->loc, "there is no guest '%s'", guest->text.s);
	if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "write its program under 'guests'");
	return false;
}

static bool parse_pe(struct trace_parser *p, const struct yaml_node *node, unsigned int *pe)
{
	uint64_t n;

	if (node == NULL)
		return true;
	if (!trace_parse_constant(p, node, p->trace->config.num_pes - 1, &n))
		return false;
	*pe = (unsigned int)n;
	return true;
}

bool trace_parse_line_step(struct trace_parser *p, struct key_reader *step_keys,
			   struct trace_step *step)
{
	struct yaml_node *irq = keys_node(step_keys, "irq", KEY_OPTIONAL);
	struct yaml_node *fiq = keys_node(step_keys, "fiq", KEY_OPTIONAL);
	struct yaml_node *body = irq != NULL ? irq : fiq;
	const struct yaml_node *level;
	struct key_reader keys;
	uint64_t on;
	bool ok;

	step->kind = TRACE_STEP_LINE;
	step->u.line.fiq = irq == NULL;
	if (!trace_keys_begin(p, &keys, body, irq != NULL ? "an 'irq' step" : "a 'fiq' step"))
		return false;
	ok = parse_pe(p, keys_node(&keys, "pe", KEY_OPTIONAL), &step->pe);
	level = trace_required(p, &keys, "level");
	keys_end(&keys);
	if (!ok || level == NULL || !trace_parse_constant(p, level, 1, &on))
		return false;
	step->u.line.level = on != 0;
	return true;
}

static bool find_gpi(struct trace_parser *p, const struct yaml_node *node, enum rmm_gpi *gpi)
{
	static const struct {
		const char *name;
		enum rmm_gpi gpi;
	} names[] = {
		{"SECURE", RMM_GPI_SECURE}, {"NS", RMM_GPI_NS},   {"ROOT", RMM_GPI_ROOT},
		{"REALM", RMM_GPI_REALM},   {"ANY", RMM_GPI_ANY}, {"NO_ACCESS", RMM_GPI_NO_ACCESS},
	};

	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "'gpi'"))
		return false;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		if (strcmp(node->text.s, names[i].name) == 0) {
			*gpi = names[i].gpi;
			return true;
		}
	}
	abi_error(p->diag, node->loc, "unknown GPI '%s'", node->text.s);
	abi_remedy(p->diag, "write SECURE, NS, ROOT, REALM, ANY or NO_ACCESS");
	return false;
}

bool trace_parse_assign_step(struct trace_parser *p, struct key_reader *step_keys,
			     struct trace_step *step)
{
	struct yaml_node *body = trace_required(p, step_keys, "assign");
	struct yaml_node *gpi;
	struct key_reader keys;

	step->kind = TRACE_STEP_ASSIGN;
	if (body == NULL || !trace_keys_begin(p, &keys, body, "an 'assign' step"))
		return false;
	step->u.assign.base = trace_parse_key(p, &keys, "base", KEY_REQUIRED);
	step->u.assign.size = trace_parse_key(p, &keys, "size", KEY_REQUIRED);
	gpi = trace_required(p, &keys, "gpi");
	keys_end(&keys);
	return gpi != NULL && find_gpi(p, gpi, &step->u.assign.gpi) &&
	       step->u.assign.base != NULL && step->u.assign.size != NULL;
}

static bool parse_say_step(struct trace_parser *p, struct key_reader *keys, struct trace_step *step)
{
	struct yaml_node *text = trace_required(p, keys, "say");

	step->kind = TRACE_STEP_SAY;
	if (text == NULL || !trace_node_is(p, text, YAML_KIND_SCALAR, "'say'"))
		return false;
	step->u.say = text->text.s;
	return true;
}

static const struct step_form {
	const char *key;
	const char *what;
	bool (*parse)(struct trace_parser *p, struct key_reader *keys, struct trace_step *step);
} step_forms[] = {
	{"call", "a 'call' step", trace_parse_call_step},
	{"sro", "an 'sro' step", trace_parse_operation_step},
	{"write", "a 'write' step", trace_parse_write_step},
	{"read", "a 'read' step", trace_parse_read_step},
	{"check", "a 'check' step", trace_parse_check_step},
	{"bind", "a 'bind' step", trace_parse_bind_step},
	{"say", "a 'say' step", parse_say_step},
	{"irq", "an 'irq' step", trace_parse_line_step},
	{"fiq", "a 'fiq' step", trace_parse_line_step},
	{"assign", "an 'assign' step", trace_parse_assign_step},
	{"ich", "an 'ich' step", trace_parse_ich_step},
	{"serror", "an 'serror' step", trace_parse_serror_step},
};

#define NUM_STEP_FORMS (sizeof(step_forms) / sizeof(step_forms[0]))

static bool has_key(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->pairs.n; i++)
		if (strcmp(map->pairs.v[i].key.s, key) == 0)
			return true;
	return false;
}

/* The one kind of step that the mapping is; NULL (and reported) otherwise. */
static const struct step_form *find_form(struct trace_parser *p, const struct yaml_node *node)
{
	const struct step_form *found = NULL;
	struct abi_near near;

	for (size_t i = 0; i < NUM_STEP_FORMS; i++) {
		if (!has_key(node, step_forms[i].key))
			continue;
		if (found != NULL) {
			abi_error(p->diag, node->loc, "a step is either '%s' or '%s'", found->key,
				  step_forms[i].key);
			abi_remedy(p->diag, "write two steps");
			return NULL;
		}
		found = &step_forms[i];
	}
	if (found != NULL)
		return found;
	abi_near_begin(&near, node->pairs.n > 0 ? node->pairs.v[0].key.s : "");
	for (size_t i = 0; i < NUM_STEP_FORMS; i++)
		abi_near_try(&near, step_forms[i].key);
	abi_error(p->diag, node->loc, "no such step");
	if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "a step is call, sro, write, read, check, bind, say, irq, fiq, "
				    "serror, ich or assign");
	return NULL;
}

/* A step of another version is left out, and its names are not looked at. */
static void parse_step(struct trace_parser *p, struct yaml_node *node, struct trace_actor *actor)
{
	const struct step_form *form;
	struct trace_step *step;
	struct key_reader keys;

	if (!trace_node_is(p, node, YAML_KIND_MAPPING, "a step"))
		return;
	form = find_form(p, node);
	if (form == NULL || !trace_keys_begin(p, &keys, node, form->what) ||
	    !trace_version_has_step(p, &keys))
		return;
	step = ABI_LIST_ADD(p->arena, &actor->steps);
	step->loc = node->loc;
	step->pe = p->pe;
	(void)parse_pe(p, keys_node(&keys, "pe", KEY_OPTIONAL), &step->pe);
	(void)form->parse(p, &keys, step);
	keys_end(&keys);
}

void trace_parse_steps(struct trace_parser *p, struct yaml_node *list, struct trace_actor *actor)
{
	if (!trace_node_is(p, list, YAML_KIND_SEQUENCE, "'steps'"))
		return;
	for (size_t i = 0; i < list->items.n; i++) {
		if (++p->trace->num_steps > TRACE_MAX_STEPS) {
			abi_error(p->diag, list->items.v[i]->loc, "more than %u steps",
				  TRACE_MAX_STEPS);
			abi_remedy(p->diag, "split the trace");
			return;
		}
		parse_step(p, list->items.v[i], actor);
	}
}
