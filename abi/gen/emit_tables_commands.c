/* SPDX-License-Identifier: BSD-3-Clause */
/* tables_commands.c: the forms of commands and their conditions at run time. */
#include "emit_tables.h"

#include <inttypes.h>
#include <string.h>

#include "emit.h"
#include "ident.h"
#include "index.h"

size_t first_condition(const struct abi *abi, size_t form)
{
	size_t n = 0;

	for (size_t i = 0; i < form; i++)
		n += abi->commands.v[i].fail.n;
	return n;
}

static void emit_condition(const struct abi_command *c, const struct abi_condition *f,
			   struct writer *w)
{
	w_printf(w, "\t{%s, ", f->constant);
	w_table_string(w, f->id);
	w_printf(w, "\"%s\",\n\t ", f->constant);
	w_table_string(w, f->when);
	w_table_string(w, f->then);
	w_printf(w, "UINT64_C(0x%" PRIX64 "),\n\t ", f->status);
	w_table_string(w, f->says);
	w_printf(w, "0x%X},\n", f->versions & c->versions);
}

/* A last record without versions keeps the array from being empty. */
static void emit_conditions(const struct abi *abi, struct writer *w)
{
	w_text(w, "const struct rmm_abi_condition rmm_abi_conditions[] = {\n");
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];

		for (size_t k = 0; k < c->fail.n; k++)
			emit_condition(c, &c->fail.v[k], w);
	}
	w_text(w, "\t{RMM_CONDITION_NONE, \"\", \"\", \"\", \"\", 0, \"\", 0},\n};\n\n");
}

static void emit_param(const struct abi_param *p, struct writer *w)
{
	w_text(w, "\t{");
	w_table_string(w, p->name);
	w_type_reference(w, p->type);
	w_text(w, ", ");
	w_c_string(w, p->type_name.s ? p->type_name.s : "UInt64");
	w_printf(w, ", %u, %u, %u, ", p->reg, p->lsb, p->width);
	w_c_string(w, p->doc.s);
	w_text(w, "},\n");
}

static void emit_params(const char *name, size_t id, const struct abi_param *v, size_t n,
			struct writer *w)
{
	if (n == 0)
		return;
	w_printf(w, "static const struct rmm_abi_param %s_%zu[] = {\n", name, id);
	for (size_t i = 0; i < n; i++)
		emit_param(&v[i], w);
	w_text(w, "};\n\n");
}

static void emit_order(const struct abi_command *c, size_t id, struct writer *w)
{
	if (c->order.n == 0)
		return;
	w_printf(w, "static const struct rmm_abi_order order_%zu[] = {", id);
	for (size_t i = 0; i < c->order.n; i++)
		w_printf(w, "%s{%zu, %zu},", i % 8 ? " " : "\n\t", c->order.v[i].before,
			 c->order.v[i].after);
	w_text(w, "\n};\n\n");
}

static void emit_ok(const struct abi_command *c, size_t id, struct writer *w)
{
	if (c->ok.n == 0)
		return;
	w_printf(w, "static const struct rmm_abi_ok ok_%zu[] = {\n", id);
	for (size_t i = 0; i < c->ok.n; i++) {
		w_text(w, "\t{");
		w_table_string(w, c->ok.v[i].id);
		w_table_string(w, c->ok.v[i].when);
		w_c_string(w, c->ok.v[i].then.s);
		w_text(w, "},\n");
	}
	w_text(w, "};\n\n");
}

static void emit_footprint(const struct abi_command *c, size_t id, struct writer *w)
{
	if (c->footprint.n == 0)
		return;
	w_printf(w, "static const char *const footprint_%zu[] = {\n", id);
	for (size_t i = 0; i < c->footprint.n; i++) {
		w_char(w, '\t');
		w_c_string(w, c->footprint.v[i].text.s);
		w_text(w, ",\n");
	}
	w_text(w, "};\n\n");
}

static void emit_form_arrays(const struct abi_command *c, size_t id, struct writer *w)
{
	emit_params("inputs", id, c->inputs.v, c->inputs.n, w);
	emit_params("outputs", id, c->outputs.v, c->outputs.n, w);
	emit_order(c, id, w);
	emit_ok(c, id, w);
	emit_footprint(c, id, w);
}

static const char *boolean(bool b)
{
	return b ? "true" : "false";
}

static void emit_form(const struct abi *abi, size_t id, struct writer *w)
{
	const struct abi_command *c = &abi->commands.v[id];

	w_printf(w, "\t{RMM_CMD_%s, ", ident_upper(c->name.s).s);
	w_table_string(w, c->name);
	w_table_string(w, c->interface);
	w_table_string(w, c->section);
	w_table_string(w, c->group);
	w_text(w, "\n\t ");
	w_table_string(w, c->doc);
	w_printf(w, "\n\t UINT32_C(0x%08X), 0x%X, %s, %s, %s,\n\t ", c->has_fid ? c->fid : 0,
		 c->versions, boolean(c->sro_may), boolean(c->transfers_memory),
		 boolean(c->handler));
	w_array_reference(w, "inputs", id, c->inputs.n);
	w_text(w, ", ");
	w_array_reference(w, "outputs", id, c->outputs.n);
	w_printf(w, ",\n\t &rmm_abi_conditions[%zu], %zu, ", first_condition(abi, id), c->fail.n);
	w_array_reference(w, "order", id, c->order.n);
	w_text(w, ", ");
	w_array_reference(w, "ok", id, c->ok.n);
	w_text(w, ", ");
	w_array_reference(w, "footprint", id, c->footprint.n);
	w_text(w, "},\n");
}

void emit_tables_commands(const struct abi *abi, struct writer *w)
{
	w_notice(w);
	w_text(w, "#include \"tables.h\"\n\n");
	w_type_declarations(w, abi);
	emit_conditions(abi, w);
	for (size_t i = 0; i < abi->commands.n; i++)
		emit_form_arrays(&abi->commands.v[i], i, w);
	w_text(w, "const struct rmm_abi_command rmm_abi_commands[] = {\n");
	for (size_t i = 0; i < abi->commands.n; i++)
		emit_form(abi, i, w);
	w_printf(w, "};\n\nconst size_t rmm_abi_num_commands = %zu;\n", abi->commands.n);
}
