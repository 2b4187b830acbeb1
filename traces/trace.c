/* SPDX-License-Identifier: BSD-3-Clause */
/* A trace as a whole: its sections, in the order in which they need each other. */
#include <stdlib.h>
#include <string.h>

#include "parse.h"
#include "source.h"

static const char *text_of(struct trace_parser *p, const struct yaml_node *node, const char *what)
{
	if (node == NULL || !trace_node_is(p, node, YAML_KIND_SCALAR, what))
		return "";
	return node->text.s;
}

static struct trace_actor *add_actor(struct trace_parser *p)
{
	struct trace_actor *actor = ABI_LIST_ADD(p->arena, &p->trace->actors);

	actor->pe = p->pe;
	return actor;
}

static void parse_scoped_steps(struct trace_parser *p, struct yaml_node *let,
			       struct yaml_node *steps)
{
	struct trace_scope scope;
	struct trace_actor *actor = add_actor(p);

	trace_scope_init(&scope, &p->globals, p->arena);
	p->scope = &scope;
	if (let != NULL)
		trace_parse_let(p, let);
	if (steps != NULL)
		trace_parse_steps(p, steps, actor);
	actor->num_slots = scope.num_slots;
	p->scope = &p->globals;
}

/* The steps of an actor: its own, or those of an earlier one. */
static struct yaml_node *find_steps(struct trace_parser *p, struct key_reader *keys,
				    struct yaml_node *const *earlier, size_t n)
{
	struct yaml_node *steps = keys_node(keys, "steps", KEY_OPTIONAL);
	const struct yaml_node *of = keys_node(keys, "steps_of", KEY_OPTIONAL);
	uint64_t index;

	if ((steps == NULL) == (of == NULL)) {
		abi_error(p->diag, keys->map->loc, "an actor has either 'steps' or 'steps_of'");
		abi_remedy(p->diag, "write its steps, or the position of an earlier actor");
		return NULL;
	}
	if (steps != NULL)
		return steps;
	if (n == 0) {
		abi_error(p->diag, of->loc, "there is no earlier actor");
		abi_remedy(p->diag, "write the steps of the first actor");
		return NULL;
	}
	return trace_parse_constant(p, of, n - 1, &index) ? earlier[index] : NULL;
}

static void parse_actor(struct trace_parser *p, struct yaml_node *node, struct yaml_node **steps,
			size_t index)
{
	struct key_reader keys;
	const struct yaml_node *pe;
	struct yaml_node *let;
	uint64_t number = index;

	if (!trace_keys_begin(p, &keys, node, "an actor"))
		return;
	pe = keys_node(&keys, "pe", KEY_OPTIONAL);
	let = keys_node(&keys, "let", KEY_OPTIONAL);
	steps[index] = find_steps(p, &keys, steps, index);
	keys_end(&keys);
	if (pe != NULL && !trace_parse_constant(p, pe, p->trace->config.num_pes - 1, &number))
		return;
	if (number >= p->trace->config.num_pes) {
		abi_error(p->diag, node->loc, "the machine has no PE %llu",
			  (unsigned long long)number);
		abi_remedy(p->diag, "raise 'pes' of the machine, or name a 'pe'");
		return;
	}
	for (size_t i = 0; i < p->trace->actors.n; i++) {
		if (p->trace->actors.v[i].pe != number)
			continue;
		abi_error(p->diag, node->loc, "two actors on PE %llu", (unsigned long long)number);
		abi_remedy(p->diag, "give each actor its own 'pe'");
		return;
	}
	p->pe = (unsigned int)number;
	parse_scoped_steps(p, let, steps[index]);
}

static void parse_actors(struct trace_parser *p, struct yaml_node *list)
{
	struct yaml_node *steps[TRACE_MAX_ACTORS] = {0};

	if (!trace_node_is(p, list, YAML_KIND_SEQUENCE, "'actors'"))
		return;
	if (list->items.n == 0 || list->items.n > TRACE_MAX_ACTORS) {
		abi_error(p->diag, list->loc, "%zu actors", list->items.n);
		abi_remedy(p->diag, "a trace has 1 to %d actors", TRACE_MAX_ACTORS);
		return;
	}
	for (size_t i = 0; i < list->items.n; i++)
		parse_actor(p, list->items.v[i], steps, i);
}

static void parse_body(struct trace_parser *p, struct key_reader *keys)
{
	struct yaml_node *steps = keys_node(keys, "steps", KEY_OPTIONAL);
	struct yaml_node *actors = keys_node(keys, "actors", KEY_OPTIONAL);

	if ((steps == NULL) == (actors == NULL)) {
		abi_error(p->diag, keys->map->loc, "a trace has either 'steps' or 'actors'");
		abi_remedy(p->diag, steps == NULL ? "add 'steps:' with at least one step"
						  : "move the steps into an actor");
		return;
	}
	if (steps != NULL)
		parse_scoped_steps(p, NULL, steps);
	else
		parse_actors(p, actors);
}

static void parse_root(struct trace_parser *p, struct yaml_node *root,
		       const struct rmm_trace_overrides *overrides)
{
	struct key_reader keys;
	struct yaml_node *let;

	if (!trace_keys_begin(p, &keys, root, "a trace"))
		return;
	p->trace->name = text_of(p, trace_required(p, &keys, "trace"), "'trace'");
	p->trace->about = text_of(p, keys_node(&keys, "about", KEY_OPTIONAL), "'about'");
	trace_parse_machine(p, keys_node(&keys, "machine", KEY_OPTIONAL), overrides);
	let = keys_node(&keys, "let", KEY_OPTIONAL);
	if (let != NULL)
		trace_parse_let(p, let);
	trace_parse_guests(p, keys_node(&keys, "guests", KEY_OPTIONAL));
	parse_body(p, &keys);
	keys_end(&keys);
}

/* `source` is already known to diag; NULL text: it could not be read. */
static void parse_source(struct rmm_trace *trace, struct abi_source source,
			 const struct rmm_trace_overrides *overrides, struct abi_diag *diag)
{
	struct trace_parser p = {.arena = trace->arena, .diag = diag, .trace = trace};
	struct yaml_node *root = yaml_node_parse(trace->file, source, trace->arena, diag);

	if (root == NULL)
		return;
	trace->config = rmm_config_default();
	trace_scope_init(&p.globals, NULL, trace->arena);
	p.scope = &p.globals;
	parse_root(&p, root, overrides);
}

static struct rmm_trace *begin(const char *file)
{
	struct abi_arena *arena = abi_arena_new();
	struct rmm_trace *trace = abi_arena_alloc(arena, 1, sizeof(*trace));

	trace->arena = arena;
	trace->file = file ? abi_arena_strndup(arena, file, strlen(file)) : "";
	return trace;
}

/* Prints what went wrong; the trace, or NULL when something did. */
static struct rmm_trace *finish(struct rmm_trace *trace, struct abi_diag *diag, FILE *errors)
{
	bool ok = abi_diag_errors(diag) == 0;

	if (errors != NULL)
		abi_diag_print(diag, errors);
	abi_diag_free(diag);
	if (ok)
		return trace;
	rmm_trace_free(trace);
	return NULL;
}

struct rmm_trace *rmm_trace_load(const char *path, const struct rmm_trace_overrides *overrides,
				 FILE *errors)
{
	struct rmm_trace *trace = begin(path);
	struct abi_diag *diag = abi_diag_new();
	struct abi_source source = {0};
	enum abi_source_status status = abi_source_read(trace->file, trace->arena, diag, &source);

	if (status == ABI_SOURCE_UNREADABLE) {
		abi_io_error(diag, trace->file, "cannot read it: %s", source.why);
		abi_remedy(diag, "name a trace file; traces/scenarios has examples");
	} else if (status == ABI_SOURCE_OK) {
		parse_source(trace, source, overrides, diag);
	}
	return finish(trace, diag, errors);
}

struct rmm_trace *rmm_trace_parse(const char *name, const char *text, size_t len,
				  const struct rmm_trace_overrides *overrides, FILE *errors)
{
	struct rmm_trace *trace = begin(name);
	struct abi_diag *diag = abi_diag_new();
	struct abi_source source = {.text = text ? text : "", .len = text ? len : 0};

	abi_diag_add_source(diag, trace->file, source.text, source.len);
	if (abi_source_check(trace->file, source, diag) == ABI_SOURCE_OK)
		parse_source(trace, source, overrides, diag);
	return finish(trace, diag, errors);
}

void rmm_trace_free(struct rmm_trace *trace)
{
	if (trace != NULL)
		abi_arena_free(trace->arena);
}

const char *rmm_trace_name(const struct rmm_trace *trace)
{
	return trace ? trace->name : "";
}

const char *rmm_trace_file(const struct rmm_trace *trace)
{
	return trace ? trace->file : "";
}

const char *rmm_trace_about(const struct rmm_trace *trace)
{
	return trace ? trace->about : "";
}

const struct rmm_config *rmm_trace_config(const struct rmm_trace *trace)
{
	return trace ? &trace->config : NULL;
}

unsigned int rmm_trace_num_actors(const struct rmm_trace *trace)
{
	return trace ? (unsigned int)trace->actors.n : 0;
}

unsigned int rmm_trace_actor_pe(const struct rmm_trace *trace, unsigned int actor)
{
	return trace && actor < trace->actors.n ? trace->actors.v[actor].pe : 0;
}
