/* SPDX-License-Identifier: BSD-3-Clause */
/* <ns>_plain.h and <ns>_plain_calls.h: the names of one version without their prefix. */
#include "emit.h"
#include "emit_portable.h"
#include "ident.h"
#include "index.h"

struct plain {
	const struct abi *abi;
	size_t version;
	const char *ns;
	struct ident prefix;
	struct writer *w;
};

static struct plain plain_of(const struct abi *abi, size_t version, struct writer *w)
{
	const char *ns = abi->versions.v[version].ns.s;

	return (struct plain){abi, version, ns, ident_upper(ns), w};
}

static void w_macro(const struct plain *p, const char *name)
{
	w_printf(p->w, "#define %s %s_%s\n", name, p->prefix.s, name);
}

static void w_macro_part(const struct plain *p, const char *name, const char *suffix)
{
	w_printf(p->w, "#define %s%s %s_%s%s\n", name, suffix, p->prefix.s, name, suffix);
}

static void emit_fids(const struct plain *p)
{
	struct form_list forms = abi_forms_by_fid(p->abi, p->version);

	for (size_t i = 0; i < forms.n; i++) {
		struct ident name = ident_upper(forms.v[i]->name.s);

		w_printf(p->w, "#define FID_%s %s_FID_%s\n", name.s, p->prefix.s, name.s);
	}
}

static void emit_labels(const struct plain *p, const struct abi_type *type)
{
	for (size_t i = 0; i < type->values.n; i++) {
		if (in_version(type->values.v[i].versions, p->version))
			w_macro(p, type->values.v[i].name.s);
	}
}

static void emit_bitfield(const struct plain *p, const struct abi_type *type)
{
	struct ident name = ident_snake(type->name.s);
	struct ident macro = ident_upper(name.s);

	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];
		struct ident field;

		if (f->reserved != ABI_NOT_RESERVED || !in_version(f->versions, p->version))
			continue;
		field = ident_lower(f->name.s);
		w_printf(p->w, "#define %s_%s_MASK %s_%s_%s_MASK\n", macro.s,
			 ident_upper(field.s).s, p->prefix.s, macro.s, ident_upper(field.s).s);
		w_printf(p->w, "#define %s_%s_SHIFT %s_%s_%s_SHIFT\n", macro.s,
			 ident_upper(field.s).s, p->prefix.s, macro.s, ident_upper(field.s).s);
		w_printf(p->w, "#define %s_get_%s %s_%s_get_%s\n", name.s, field.s, p->ns, name.s,
			 field.s);
		w_printf(p->w, "#define %s_set_%s %s_%s_set_%s\n", name.s, field.s, p->ns, name.s,
			 field.s);
	}
}

static void emit_struct(const struct plain *p, const struct abi_type *type)
{
	struct ident name = ident_snake(type->name.s);

	w_printf(p->w, "#define %s %s_%s\n", name.s, p->ns, name.s);
	w_macro_part(p, ident_upper(name.s).s, "_SIZE");
}

static void emit_type(const struct plain *p, const struct abi_type *type)
{
	if (type->kind == ABI_TYPE_ENUM)
		emit_labels(p, type);
	else if (type->kind == ABI_TYPE_BITFIELD)
		emit_bitfield(p, type);
	else
		emit_struct(p, type);
}

void emit_plain_header(const struct abi *abi, size_t version, struct writer *w)
{
	struct plain p = plain_of(abi, version, w);

	w_version_guard(w, abi, version, "_PLAIN", "One version of the ABI: short names.");
	w_text(w, "#if defined(RMMSIM_ABI_PLAIN)\n"
		  "#error \"the plain headers of two versions cannot be used together\"\n"
		  "#elif defined(RMMSIM_ABI_ENCODING_H)\n"
		  "#error \"rmmsim/abi/encoding.h and a plain header define the same names\"\n"
		  "#endif\n");
	w_printf(w, "#define RMMSIM_ABI_PLAIN %zu\n\n#include \"rmmsim/abi/%s.h\"\n\n", version,
		 p.ns);
	emit_fids(&p);
	for (size_t i = 0; i < abi->types.n; i++) {
		if (in_version(abi->types.v[i]->versions, version))
			emit_type(&p, abi->types.v[i]);
	}
	w_close_header(w);
}

static void emit_call(const struct plain *p, const struct abi_command *c)
{
	static const char *const suffixes[] = {"", "_regs", "_from", "_result"};
	struct ident name = ident_lower(c->name.s);

	for (size_t i = 0; i < sizeof(suffixes) / sizeof(suffixes[0]); i++)
		w_printf(p->w, "#define %s%s %s_%s%s\n", name.s, suffixes[i], p->ns, name.s,
			 suffixes[i]);
}

void emit_plain_calls_header(const struct abi *abi, size_t version, struct writer *w)
{
	struct plain p = plain_of(abi, version, w);
	struct form_list forms = abi_forms_by_fid(abi, version);

	w_version_guard(w, abi, version, "_PLAIN_CALLS",
			"One version of the ABI: the calls by their short names.");
	w_printf(w, "#include \"rmmsim/abi/%s_calls.h\"\n#include \"rmmsim/abi/%s_plain.h\"\n\n",
		 p.ns, p.ns);
	for (size_t i = 0; i < forms.n; i++)
		emit_call(&p, forms.v[i]);
	w_close_header(w);
}
