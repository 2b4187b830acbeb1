/* SPDX-License-Identifier: BSD-3-Clause */
/* State machines: which states follow which. */
#include <string.h>

#include "keys.h"
#include "load.h"
#include "versions.h"

static void load_names(struct abi_loader *ld, const struct yaml_node *list,
		       struct abi_text_list *to, const char *what)
{
	for (size_t i = 0; list != NULL && i < list->items.n; i++) {
		const struct yaml_node *node = list->items.v[i];

		if (!node_is(ld->diag, node, YAML_KIND_SCALAR, what) ||
		    !text_is_name(ld->diag, node->text, what))
			continue;
		*ABI_LIST_ADD(ld->arena, to) = node->text;
	}
}

static bool find_state(struct abi_loader *ld, const struct abi_machine *machine,
		       struct abi_text name, size_t *index)
{
	for (size_t i = 0; i < machine->states.n; i++) {
		if (strcmp(machine->states.v[i].s, name.s) == 0) {
			*index = i;
			return true;
		}
	}
	abi_error(ld->diag, name.loc, "'%s' is no state of '%s'", name.s, machine->name.s);
	abi_remedy(ld->diag, "use one of its 'states', or add it there");
	return false;
}

static void load_transition(struct abi_loader *ld, struct abi_machine *machine,
			    struct yaml_node *node)
{
	struct abi_transition transition = {.loc = node->loc};
	struct abi_text from;
	struct abi_text to;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a transition"))
		return;
	from = keys_name(&r, "from", KEY_REQUIRED);
	to = keys_name(&r, "to", KEY_REQUIRED);
	load_names(ld, keys_list(&r, "by", KEY_REQUIRED), &transition.by, "the command");
	transition.versions = versions_read(&r, ld->abi, abi_all_versions(ld->abi));
	keys_end(&r);
	if (from.s == NULL || to.s == NULL || machine->name.s == NULL)
		return;
	if (find_state(ld, machine, from, &transition.from) &&
	    find_state(ld, machine, to, &transition.to))
		*ABI_LIST_ADD(ld->arena, &machine->transitions) = transition;
}

static void load_machine(struct abi_loader *ld, struct yaml_node *node)
{
	struct abi_machine machine = {.loc = node->loc};
	const struct yaml_node *transitions;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a state machine"))
		return;
	machine.name = keys_text(&r, "name", KEY_REQUIRED);
	machine.doc = keys_text(&r, "doc", KEY_REQUIRED);
	machine.source = keys_text(&r, "source", KEY_REQUIRED);
	load_names(ld, keys_list(&r, "states", KEY_REQUIRED), &machine.states, "the state");
	transitions = keys_list(&r, "transitions", KEY_REQUIRED);
	for (size_t i = 0; transitions != NULL && i < transitions->items.n; i++)
		load_transition(ld, &machine, transitions->items.v[i]);
	keys_end(&r);
	if (machine.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &ld->abi->machines) = machine;
}

void load_machines(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_machine(ld, list->items.v[i]);
}
