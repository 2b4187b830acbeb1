/* SPDX-License-Identifier: BSD-3-Clause */
/* abi-reference.md: the description for people. */
#include "emit_markdown.h"

#include <inttypes.h>
#include <string.h>

#include "emit.h"
#include "ident.h"
#include "index.h"

void md_cell(struct writer *w, const char *s)
{
	w_char(w, ' ');
	w_markdown_cell(w, s);
	w_text(w, " |");
}

/* Bars end a cell even in code, so they are escaped there too; nothing else is. */
void md_code_cell(struct writer *w, const char *s)
{
	if (!s || !*s) {
		w_text(w, " |");
		return;
	}
	w_text(w, " `");
	for (; *s; s++) {
		if (*s == '|')
			w_char(w, '\\');
		w_char(w, *s == '\n' ? ' ' : *s);
	}
	w_text(w, "` |");
}

static bool is_run(abi_versions versions)
{
	abi_versions low = versions & (~versions + 1);

	return ((versions + low) & versions) == 0;
}

static const char *version_name(const struct abi *abi, size_t v)
{
	return abi->versions.v[v].name.s;
}

static void md_version_list(struct writer *w, const struct abi *abi, abi_versions versions)
{
	const char *separator = "";

	for (size_t v = 0; v < abi->versions.n; v++) {
		if (!in_version(versions, v))
			continue;
		w_printf(w, "%s%s", separator, version_name(abi, v));
		separator = ", ";
	}
}

void md_versions(struct writer *w, const struct abi *abi, abi_versions versions)
{
	size_t first = 0;
	size_t last = abi->versions.n - 1;

	versions &= abi_all_versions(abi);
	if (versions == abi_all_versions(abi)) {
		w_text(w, "all");
		return;
	}
	if (!versions || !is_run(versions)) {
		md_version_list(w, abi, versions);
		return;
	}
	while (!in_version(versions, first))
		first++;
	while (!in_version(versions, last))
		last--;
	if (first == last)
		w_text(w, version_name(abi, first));
	else if (first == 0)
		w_printf(w, "until %s", version_name(abi, last));
	else if (last == abi->versions.n - 1)
		w_printf(w, "since %s", version_name(abi, first));
	else
		w_printf(w, "%s to %s", version_name(abi, first), version_name(abi, last));
}

void md_type(struct writer *w, const struct abi_type *type, struct abi_text name)
{
	if (type_is_declared(type) && !type->abstract)
		w_printf(w, "[%s](#%s)", type->name.s, ident_lower(type->name.s).s);
	else
		w_text(w, name.s ? name.s : "");
}

static void emit_versions(const struct abi *abi, struct writer *w)
{
	w_text(w, "## Versions\n\n| version | prefix | RMI | RSI | what it is | source |\n"
		  "|---|---|---|---|---|---|\n");
	for (size_t i = 0; i < abi->versions.n; i++) {
		const struct abi_version *v = &abi->versions.v[i];

		w_char(w, '|');
		md_cell(w, v->name.s);
		md_code_cell(w, v->ns.s);
		md_cell(w, v->rmi.s);
		md_cell(w, v->rsi.s);
		md_cell(w, v->doc.s);
		md_cell(w, v->source.s);
		w_char(w, '\n');
	}
}

/* The cell of one version: its FID's number, or a dot. */
static void emit_matrix_cell(const struct abi *abi, size_t v, const char *name, struct writer *w)
{
	const struct abi_command *form = abi_form(abi, v, name);

	if (!form)
		w_text(w, " . |");
	else
		w_text(w, form->handler ? " + |" : " o |");
}

static void emit_matrix_row(const struct abi *abi, const struct abi_command *c, struct writer *w)
{
	w_printf(w, "| [%s](#%s) | 0x%08X |", c->name.s, ident_lower(c->name.s).s, c->fid);
	for (size_t v = 0; v < abi->versions.n; v++)
		emit_matrix_cell(abi, v, c->name.s, w);
	md_cell(w, c->group.s);
	md_cell(w, c->doc.s);
	w_char(w, '\n');
}

static void emit_matrix(const struct abi *abi, const struct abi_index *index, const char *interface,
			struct writer *w)
{
	w_text(w,
	       "\n`+`: in the version. `o`: in the version, but the model answers that it is not "
	       "supported. `.`: not in the version.\n\n| command | FID |");
	for (size_t v = 0; v < abi->versions.n; v++)
		md_cell(w, version_name(abi, v));
	w_text(w, " group | what it does |\n|---|---|");
	for (size_t v = 0; v < abi->versions.n; v++)
		w_text(w, "---|");
	w_text(w, "---|---|\n");
	for (size_t i = 0; i < index->num_commands; i++) {
		const struct abi_command *c = index->commands[i];

		if (c->has_fid && strcmp(text_or_empty(c->interface), interface) == 0)
			emit_matrix_row(abi, c, w);
	}
}

static void emit_interfaces(const struct abi *abi, struct writer *w)
{
	static const char *const interfaces[] = {"RMI", "RSI", "PSCI", "SMCCC"};
	struct abi_index index = abi_index_build(abi);

	for (size_t i = 0; i < sizeof(interfaces) / sizeof(interfaces[0]); i++) {
		w_printf(w, "\n## %s commands\n", interfaces[i]);
		emit_matrix(abi, &index, interfaces[i], w);
		md_commands(w, abi, interfaces[i]);
	}
}

static void emit_function(const struct abi *abi, const struct abi_function *f, struct writer *w)
{
	static const char *const kinds[] = {[ABI_FN_PURE] = "computed",
					    [ABI_FN_STATE] = "reads the machine",
					    [ABI_FN_CHOICE] = "implementation defined"};

	w_printf(w, "| `%s(", f->name.s);
	for (size_t i = 0; i < f->params.n; i++)
		w_printf(w, "%s%s: %s", i ? ", " : "", f->params.v[i].name.s,
			 text_or_empty(f->params.v[i].type_name));
	w_printf(w, ")` | %s |", text_or_empty(f->result_name));
	md_cell(w, kinds[f->kind]);
	md_cell(w, f->doc.s);
	w_char(w, ' ');
	md_versions(w, abi, f->versions);
	w_text(w, " |\n");
}

static void emit_functions(const struct abi *abi, struct writer *w)
{
	w_text(w, "\n## Functions that conditions use\n\n"
		  "| function | result | kind | meaning | versions |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < abi->functions.n; i++)
		emit_function(abi, &abi->functions.v[i], w);
}

static void emit_behaviours(const struct abi *abi, struct writer *w)
{
	w_text(w, "\n## Behaviours\n\n"
		  "| behaviour | what it is | specification | TF-RMM | source |\n"
		  "|---|---|---|---|---|\n");
	for (size_t i = 0; i < abi->behaviours.n; i++) {
		const struct abi_behaviour *b = &abi->behaviours.v[i];

		w_char(w, '|');
		md_code_cell(w, b->name.s);
		md_cell(w, b->doc.s);
		if (!b->modelled)
			w_text(w, " (not modelled yet)");
		w_char(w, ' ');
		md_versions(w, abi, b->spec);
		w_text(w, " | ");
		md_versions(w, abi, b->tf_rmm);
		w_text(w, " |");
		md_cell(w, b->source.s);
		w_char(w, '\n');
	}
}

static void emit_machine(const struct abi *abi, const struct abi_machine *m, struct writer *w)
{
	w_printf(w, "\n### %s\n\n%s (%s)\n\n| from | to | by | versions |\n|---|---|---|---|\n",
		 m->name.s, m->doc.s, m->source.s);
	for (size_t i = 0; i < m->transitions.n; i++) {
		const struct abi_transition *t = &m->transitions.v[i];

		w_printf(w, "| %s | %s |", m->states.v[t->from].s, m->states.v[t->to].s);
		for (size_t k = 0; k < t->by.n; k++)
			w_printf(w, "%s %s", k ? "," : "", t->by.v[k].s);
		w_text(w, " | ");
		md_versions(w, abi, t->versions);
		w_text(w, " |\n");
	}
}

static void emit_machines(const struct abi *abi, struct writer *w)
{
	w_text(w, "\n## State machines\n");
	for (size_t i = 0; i < abi->machines.n; i++)
		emit_machine(abi, &abi->machines.v[i], w);
}

void emit_markdown(const struct abi *abi, struct writer *w)
{
	w_text(w, "<!-- SPDX-License-Identifier: BSD-3-Clause -->\n"
		  "<!-- generated by rmm-abi from abi/*.yaml; do not edit -->\n\n"
		  "# ABI reference\n\n"
		  "Every command with its registers and conditions, and every type with its "
		  "encoding. Failure conditions stand in the order in which the model evaluates "
		  "them; \"reported first\" is the order that the specification demands.\n\n");
	emit_versions(abi, w);
	emit_interfaces(abi, w);
	md_types(w, abi);
	emit_functions(abi, w);
	emit_behaviours(abi, w);
	emit_machines(abi, w);
}
