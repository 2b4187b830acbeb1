/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands in abi-reference.md. */
#include <inttypes.h>
#include <string.h>

#include "emit_markdown.h"
#include "ident.h"

static void emit_param(struct writer *w, const struct abi_param *p, char direction)
{
	w_printf(w, "| %c%u", direction, p->reg);
	if (p->width < 64)
		w_printf(w, "[%u:%u]", p->lsb + p->width - 1, p->lsb);
	w_text(w, " |");
	md_code_cell(w, p->name.s);
	w_char(w, ' ');
	md_type(w, p->type, p->type_name);
	w_text(w, " |");
	md_cell(w, p->doc.s);
	w_char(w, '\n');
}

static void emit_registers(struct writer *w, const struct abi_command *c)
{
	w_text(w, "| register | name | type | meaning |\n|---|---|---|---|\n");
	for (size_t i = 0; i < c->inputs.n; i++)
		emit_param(w, &c->inputs.v[i], 'x');
	for (size_t i = 0; i < c->outputs.n; i++)
		emit_param(w, &c->outputs.v[i], 'X');
	w_char(w, '\n');
}

static void emit_context(struct writer *w, const struct abi_command *c)
{
	if (c->context.n == 0)
		return;
	w_text(w, "| where | is | sampled |\n|---|---|---|\n");
	for (size_t i = 0; i < c->context.n; i++) {
		w_char(w, '|');
		md_code_cell(w, c->context.v[i].name.s);
		md_code_cell(w, c->context.v[i].text.s);
		w_text(w, c->context.v[i].after ? " after |\n" : " before |\n");
	}
	w_char(w, '\n');
}

static void emit_data(struct writer *w, const struct abi_condition *f)
{
	for (size_t i = 0; i < f->data.n; i++)
		w_printf(w, "%s %s = %s", i ? "," : ";", f->data.v[i].name.s,
			 text_or_empty(f->data.v[i].text));
}

static void emit_failure(struct writer *w, const struct abi *abi, const struct abi_command *c,
			 const struct abi_condition *f)
{
	w_char(w, '|');
	md_code_cell(w, f->id.s);
	md_cell(w, f->says.s);
	md_code_cell(w, f->when.s);
	w_printf(w, " %s", text_or_empty(f->then));
	emit_data(w, f);
	w_text(w, " | ");
	md_versions(w, abi, f->versions & c->versions);
	w_text(w, " |\n");
}

static void emit_failures(struct writer *w, const struct abi *abi, const struct abi_command *c)
{
	if (c->fail.n == 0) {
		w_text(w, "No failure conditions of its own.\n\n");
		return;
	}
	w_text(w, "| fails as | because | when | result | versions |\n|---|---|---|---|---|\n");
	for (size_t i = 0; i < c->fail.n; i++)
		emit_failure(w, abi, c, &c->fail.v[i]);
	w_char(w, '\n');
}

static void emit_order(struct writer *w, const struct abi_command *c)
{
	if (c->order_text.n == 0)
		return;
	w_text(w, "Reported first: ");
	for (size_t i = 0; i < c->order_text.n; i++)
		w_printf(w, "%s`%s`", i ? "; " : "", c->order_text.v[i].s);
	w_text(w, ".\n\n");
}

static void emit_ok(struct writer *w, const struct abi *abi, const struct abi_command *c)
{
	if (c->ok.n == 0)
		return;
	w_text(w, "| on success | if | then | versions |\n|---|---|---|---|\n");
	for (size_t i = 0; i < c->ok.n; i++) {
		const struct abi_condition *k = &c->ok.v[i];

		w_char(w, '|');
		md_code_cell(w, k->id.s);
		md_code_cell(w, k->when.s);
		md_code_cell(w, k->then.s);
		w_char(w, ' ');
		md_versions(w, abi, k->versions & c->versions);
		w_text(w, " |\n");
	}
	w_char(w, '\n');
}

static void emit_footprint(struct writer *w, const struct abi_command *c)
{
	if (c->footprint.n == 0)
		return;
	w_text(w, "Changes nothing but ");
	for (size_t i = 0; i < c->footprint.n; i++)
		w_printf(w, "%s`%s`", i ? ", " : "", c->footprint.v[i].text.s);
	w_text(w, ".\n\n");
}

static void emit_form(struct writer *w, const struct abi *abi, const struct abi_command *c)
{
	w_text(w, "Versions: ");
	md_versions(w, abi, c->versions);
	w_printf(w, ". Section: %s.", text_or_empty(c->section));
	if (c->sro_may)
		w_printf(w, " May answer RMI_INCOMPLETE%s.",
			 c->transfers_memory ? " and transfer memory" : "");
	w_text(w, "\n\n");
	emit_registers(w, c);
	emit_context(w, c);
	emit_failures(w, abi, c);
	emit_order(w, c);
	emit_ok(w, abi, c);
	emit_footprint(w, c);
	if (c->notes.s)
		w_printf(w, "%s\n\n", c->notes.s);
	w_printf(w, "Source: %s.\n", text_or_empty(c->source));
}

/* All forms of a command stand below one heading. */
static void emit_command(struct writer *w, const struct abi *abi, size_t first)
{
	const struct abi_command *c = &abi->commands.v[first];

	w_printf(w, "\n### %s\n\n", c->name.s);
	if (c->has_fid)
		w_printf(w, "FID 0x%08X: ", c->fid);
	w_printf(w, "%s.\n", text_or_empty(c->doc));
	for (size_t i = first; i < abi->commands.n; i++) {
		if (strcmp(abi->commands.v[i].name.s, c->name.s) != 0)
			continue;
		w_char(w, '\n');
		emit_form(w, abi, &abi->commands.v[i]);
	}
}

void md_commands(struct writer *w, const struct abi *abi, const char *interface)
{
	for (size_t i = 0; i < abi->commands.n; i++) {
		if (command_is_first_form(abi, i) &&
		    strcmp(text_or_empty(abi->commands.v[i].interface), interface) == 0)
			emit_command(w, abi, i);
	}
}
