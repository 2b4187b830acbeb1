/* SPDX-License-Identifier: BSD-3-Clause */
/* tables_machines.c: states and transitions. */
#include "emit.h"
#include "emit_tables.h"
#include "ident.h"

static void emit_names(struct writer *w, const char *what, size_t id, const struct abi_text *names,
		       size_t n)
{
	w_printf(w, "static const char *const %s_%zu[] = {", what, id);
	for (size_t i = 0; i < n; i++)
		w_table_string(w, names[i]);
	w_text(w, "};\n");
}

static void emit_commands_of(const struct abi_machine *machine, size_t first, struct writer *w)
{
	for (size_t i = 0; i < machine->transitions.n; i++) {
		const struct abi_transition *t = &machine->transitions.v[i];

		w_printf(w, "static const enum rmm_command by_%zu[] = {", first + i);
		for (size_t k = 0; k < t->by.n; k++)
			w_printf(w, "RMM_CMD_%s, ", t->by.v[k].s);
		w_text(w, "};\n");
	}
}

static void emit_transitions(const struct abi_machine *machine, size_t id, size_t first,
			     struct writer *w)
{
	w_printf(w, "static const struct rmm_abi_transition transitions_%zu[] = {\n", id);
	for (size_t i = 0; i < machine->transitions.n; i++) {
		const struct abi_transition *t = &machine->transitions.v[i];

		w_printf(w, "\t{%zu, %zu, 0x%X, by_%zu, %zu},\n", t->from, t->to, t->versions,
			 first + i, t->by.n);
	}
	w_text(w, "};\n\n");
}

void emit_tables_machines(const struct abi *abi, struct writer *w)
{
	size_t first = 0;

	w_notice(w);
	w_text(w, "#include \"rmmsim/abi/introspect.h\"\n\n");
	for (size_t i = 0; i < abi->machines.n; i++) {
		const struct abi_machine *m = &abi->machines.v[i];

		emit_names(w, "states", i, m->states.v, m->states.n);
		emit_commands_of(m, first, w);
		emit_transitions(m, i, first, w);
		first += m->transitions.n;
	}
	w_text(w, "const struct rmm_abi_state_machine rmm_abi_state_machines[] = {\n");
	for (size_t i = 0; i < abi->machines.n; i++) {
		const struct abi_machine *m = &abi->machines.v[i];

		w_text(w, "\t{");
		w_table_string(w, m->name);
		w_table_string(w, m->doc);
		w_table_string(w, m->source);
		w_printf(w, "states_%zu, %zu, transitions_%zu, %zu},\n", i, m->states.n, i,
			 m->transitions.n);
	}
	w_printf(w,
		 "\t{NULL, NULL, NULL, NULL, 0, NULL, 0},\n};\n\n"
		 "const size_t rmm_abi_num_state_machines = %zu;\n",
		 abi->machines.n);
}
