/* SPDX-License-Identifier: BSD-3-Clause */
/* Transitions: each is said once, and made by commands that exist where it does. */
#include <string.h>

#include "check.h"
#include "versions.h"

static abi_versions versions_of_command(const struct abi *abi, const char *name)
{
	abi_versions set = 0;

	for (size_t i = 0; i < abi->commands.n; i++)
		if (strcmp(abi->commands.v[i].name.s, name) == 0)
			set |= abi->commands.v[i].versions;
	return set;
}

static void check_commands_of(const struct abi *abi, struct abi_diag *diag,
			      const struct abi_transition *transition)
{
	if (transition->by.n == 0) {
		abi_error(diag, transition->loc, "nobody makes this transition");
		abi_remedy(diag, "name commands in 'by'");
	}
	for (size_t i = 0; i < transition->by.n; i++) {
		const struct abi_text name = transition->by.v[i];

		if (versions_of_command(abi, name.s) & transition->versions)
			continue;
		abi_error(diag, name.loc, "no version of this transition has a command '%s'",
			  name.s);
		abi_remedy(diag, "name a command of this set, or correct the versions");
	}
}

static void check_machine(const struct abi *abi, struct abi_diag *diag,
			  const struct abi_machine *machine)
{
	if (machine->states.n == 0 || machine->transitions.n == 0) {
		abi_error(diag, machine->loc, "'%s' has no states or no transitions",
			  machine->name.s);
		abi_remedy(diag, "list both");
		return;
	}
	for (size_t i = 0; i < machine->transitions.n; i++) {
		const struct abi_transition *t = &machine->transitions.v[i];

		check_commands_of(abi, diag, t);
		if (t->from == t->to) {
			abi_error(diag, t->loc, "a transition from '%s' to itself",
				  machine->states.v[t->from].s);
			abi_remedy(diag, "remove it: what stays as it is needs no transition");
		}
		for (size_t k = 0; k < i; k++) {
			const struct abi_transition *other = &machine->transitions.v[k];

			if (other->from != t->from || other->to != t->to ||
			    !(other->versions & t->versions))
				continue;
			abi_error(diag, t->loc, "the transition from '%s' to '%s' occurs twice",
				  machine->states.v[t->from].s, machine->states.v[t->to].s);
			abi_remedy(diag, "put the commands into one, or limit the versions");
		}
	}
}

void check_machines(struct abi *abi, struct abi_diag *diag)
{
	for (size_t i = 0; i < abi->machines.n; i++)
		check_machine(abi, diag, &abi->machines.v[i]);
}
