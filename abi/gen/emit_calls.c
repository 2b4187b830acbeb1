/* SPDX-License-Identifier: BSD-3-Clause */
/* <ns>_calls.h: one typed function for each command of a version. */
#include <inttypes.h>

#include "emit.h"
#include "emit_portable.h"
#include "ident.h"
#include "index.h"

static const char *c_type(const struct abi_param *p)
{
	return p->type && p->type->kind == ABI_TYPE_SINT ? "int64_t" : "uint64_t";
}

static void emit_result_struct(const char *ns, const struct abi_command *c, struct writer *w)
{
	w_printf(w, "struct %s_%s_result {\n", ns, ident_lower(c->name.s).s);
	for (size_t i = 0; i < c->outputs.n; i++)
		w_printf(w, "\t%s %s;\n", c_type(&c->outputs.v[i]),
			 ident_local(c->outputs.v[i].name.s).s);
	w_text(w, "};\n\n");
}

/* ", uint64_t rd, int64_t level" */
static void w_parameters(struct writer *w, const struct abi_command *c, const char *separator)
{
	for (size_t i = 0; i < c->inputs.n; i++) {
		w_printf(w, "%s%s %s", separator, c_type(&c->inputs.v[i]),
			 ident_local(c->inputs.v[i].name.s).s);
		separator = ", ";
	}
}

static void emit_input(const struct abi_param *p, struct writer *w)
{
	struct ident name = ident_local(p->name.s);
	const char *cast = p->type && p->type->kind == ABI_TYPE_SINT ? "(uint64_t)" : "";

	if (p->width >= 64)
		w_printf(w, "\tregs.x[%u] = %s%s;\n", p->reg, cast, name.s);
	else
		w_printf(w, "\tregs.x[%u] |= (%s%s & UINT64_C(0x%" PRIX64 ")) << %u;\n", p->reg,
			 cast, name.s, bit_mask(p->width), p->lsb);
}

static void emit_registers(const char *prefix, const char *ns, const struct abi_command *c,
			   struct writer *w)
{
	struct ident name = ident_lower(c->name.s);

	w_printf(w, "static inline struct smc_regs %s_%s_regs(", ns, name.s);
	w_parameters(w, c, "");
	w_printf(w, "%s)\n{\n\tstruct smc_regs regs = {{0}};\n\n\tregs.x[0] = %s_FID_%s;\n",
		 c->inputs.n ? "" : "void", prefix, ident_upper(name.s).s);
	for (size_t i = 0; i < c->inputs.n; i++)
		emit_input(&c->inputs.v[i], w);
	w_text(w, "\treturn regs;\n}\n\n");
}

static void emit_output(const struct abi_param *p, struct writer *w)
{
	w_printf(w, "\tout.%s = ", ident_local(p->name.s).s);
	if (p->type && p->type->kind == ABI_TYPE_SINT)
		w_text(w, "(int64_t)");
	if (p->width >= 64)
		w_printf(w, "regs->x[%u];\n", p->reg);
	else
		w_printf(w, "((regs->x[%u] >> %u) & UINT64_C(0x%" PRIX64 "));\n", p->reg, p->lsb,
			 bit_mask(p->width));
}

static void emit_results(const char *ns, const struct abi_command *c, struct writer *w)
{
	struct ident name = ident_lower(c->name.s);

	w_printf(w,
		 "static inline struct %s_%s_result\n%s_%s_from(const struct smc_regs *regs)\n"
		 "{\n\tstruct %s_%s_result out;\n\n",
		 ns, name.s, ns, name.s, ns, name.s);
	for (size_t i = 0; i < c->outputs.n; i++)
		emit_output(&c->outputs.v[i], w);
	w_text(w, "\treturn out;\n}\n\n");
}

static void emit_wrapper(const char *ns, const struct abi_command *c, struct writer *w)
{
	struct ident name = ident_lower(c->name.s);
	const char *separator = "";

	w_text(w, "/* ");
	w_comment(w, text_or_empty(c->doc));
	w_printf(w, " */\nstatic inline struct %s_%s_result\n%s_%s(struct smc_conduit *conduit", ns,
		 name.s, ns, name.s);
	w_parameters(w, c, ", ");
	w_printf(w, ")\n{\n\tstruct smc_regs regs = %s_%s_regs(", ns, name.s);
	for (size_t i = 0; i < c->inputs.n; i++) {
		w_printf(w, "%s%s", separator, ident_local(c->inputs.v[i].name.s).s);
		separator = ", ";
	}
	w_printf(w, ");\n\n\tsmc_call(conduit, &regs);\n\treturn %s_%s_from(&regs);\n}\n\n", ns,
		 name.s);
}

static const char calls_about[] =
	"/*\n"
	" * For each command:\n"
	" *   <command>_regs(inputs)           the registers of the call\n"
	" *   <command>_from(registers)        the outputs after the call\n"
	" *   <command>(conduit, inputs)       both, with the call between them\n"
	" * A command that may answer RMI_INCOMPLETE has its handle and request in the\n"
	" * registers: use the first two where these matter.\n"
	" */\n\n";

void emit_calls_header(const struct abi *abi, size_t version, struct writer *w)
{
	const char *ns = abi->versions.v[version].ns.s;
	struct ident prefix = ident_upper(ns);
	struct form_list forms = abi_forms_by_fid(abi, version);

	w_version_guard(w, abi, version, "_CALLS", "One version of the ABI: the calls.");
	w_printf(w, "#include \"rmmsim/abi/%s.h\"\n#include \"rmmsim/smc.h\"\n\n", ns);
	w_text(w, calls_about);
	w_text(w, W_ALLOW_SHADOW);
	for (size_t i = 0; i < forms.n; i++) {
		const struct abi_command *c = forms.v[i];

		emit_result_struct(ns, c, w);
		emit_registers(prefix.s, ns, c, w);
		emit_results(ns, c, w);
		emit_wrapper(ns, c, w);
	}
	w_text(w, W_END_ALLOW_SHADOW);
	w_close_header(w);
}
