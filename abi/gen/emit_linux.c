/* SPDX-License-Identifier: BSD-3-Clause */
/* linux/<ns>_rmi.h: one version in the style and with the names of the Linux kernel. */
#include "emit_linux.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit.h"
#include "ident.h"
#include "index.h"

#define VALUE_COLUMN 56

struct output {
	const struct abi *abi;
	const struct linux_names *names;
	size_t version;
	struct writer *w;
};

void w_kernel_define(struct writer *w, const char *name, const char *format, ...)
{
	size_t column = strlen("#define ") + strlen(name);
	char value[512];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(value, sizeof(value), format, args);
	va_end(args);
	w_printf(w, "#define %s", name);
	do {
		w_char(w, '\t');
		column = column / 8 * 8 + 8;
	} while (column < VALUE_COLUMN);
	w_printf(w, "%s\n", value);
}

static const char *joined(const struct output *o, const char *a, const char *b)
{
	return abi_arena_printf(o->abi->arena, "%s%s", a, b);
}

static bool is_present(const struct output *o, abi_versions versions)
{
	return in_version(versions, o->version);
}

/* ---- commands ---------------------------------------------------------- */

static void emit_commands(const struct output *o)
{
	const char *interface = text_or_empty(o->names->interface);
	const char *prefix = text_or_empty(o->names->prefix);
	const char *call = abi_arena_printf(o->abi->arena, "%s%s_CALL", prefix, interface);
	struct form_list forms = abi_forms_by_fid(o->abi, o->version);

	w_printf(o->w,
		 "#define %s(func) \\\n\tARM_SMCCC_CALL_VAL(ARM_SMCCC_FAST_CALL, "
		 "ARM_SMCCC_SMC_64, \\\n\t\t\t   ARM_SMCCC_OWNER_STANDARD, (func))\n\n",
		 call);
	for (size_t i = 0; i < forms.n; i++) {
		const struct abi_command *c = forms.v[i];

		if (strcmp(text_or_empty(c->interface), interface) == 0)
			w_kernel_define(o->w, joined(o, prefix, ident_upper(c->name.s).s),
					"%s(0x%04x)", call, c->fid & 0xFFFF);
	}
	w_char(o->w, '\n');
}

static void emit_revision(const struct output *o)
{
	char *end = NULL;
	unsigned long major = strtoul(text_or_empty(o->abi->versions.v[o->version].rmi), &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	w_kernel_define(o->w, text_or_empty(o->names->major), "%lu", major);
	w_kernel_define(o->w, text_or_empty(o->names->minor), "%lu", minor);
	w_char(o->w, '\n');
}

/* ---- enumerations ------------------------------------------------------ */

/* The kernel's name of a label, or NULL when it has none. */
static const char *label_name(const struct output *o, const struct linux_item *item,
			      const struct abi_enum_value *value)
{
	const struct linux_part *part = linux_part_find(item, o->version, value->name.s);

	if (item->parts.n == 0)
		return value->name.s;
	return part ? part->name.s : NULL;
}

static void emit_label(const struct output *o, const struct linux_item *item, const char *name,
		       uint64_t value)
{
	if (item->name.s)
		w_printf(o->w, "\t%s = %" PRIu64 ",\n", name, value);
	else
		w_kernel_define(o->w, name, "%" PRIu64, value);
}

static void emit_enum(const struct output *o, const struct linux_item *item)
{
	if (item->name.s)
		w_printf(o->w, "enum %s {\n", item->name.s);
	for (size_t i = 0; i < item->type->values.n; i++) {
		const struct abi_enum_value *v = &item->type->values.v[i];
		const char *name = label_name(o, item, v);

		if (is_present(o, v->versions) && name)
			emit_label(o, item, name, v->value);
	}
	w_text(o->w, item->name.s ? "};\n\n" : "\n");
}

/* ---- bit fields -------------------------------------------------------- */

/* "GENMASK(15, 2)", "BIT_ULL(63)" */
static const char *mask_text(const struct output *o, const struct linux_item *item,
			     const struct abi_field *f, const struct linux_part *part)
{
	uint32_t lsb = f->lsb + item->at;
	uint32_t msb = lsb + f->width - 1;
	const char *ull = msb >= 32 ? "_ULL" : "";

	if (part && (part->msb.s || part->lsb.s))
		return abi_arena_printf(
			o->abi->arena, "GENMASK_ULL(%s, %s)",
			part->msb.s ? part->msb.s : abi_arena_printf(o->abi->arena, "%u", msb),
			part->lsb.s ? part->lsb.s : abi_arena_printf(o->abi->arena, "%u", lsb));
	if (f->width == 1)
		return abi_arena_printf(o->abi->arena, "BIT%s(%u)", ull, lsb);
	return abi_arena_printf(o->abi->arena, "GENMASK%s(%u, %u)", ull, msb, lsb);
}

static void emit_bit_macros(const struct output *o, const struct linux_part *part, const char *name,
			    const char *mask)
{
	if (name)
		w_kernel_define(o->w, name, "%s", mask);
	if (part && part->get.s)
		w_kernel_define(o->w, joined(o, part->get.s, "(x)"), "FIELD_GET(%s, (x))",
				name ? name : mask);
	if (part && part->select.s)
		w_kernel_define(o->w, joined(o, part->select.s, "(x)"), "((x) & %s)",
				name ? name : mask);
}

static void emit_bit(const struct output *o, const struct linux_item *item,
		     const struct abi_field *f)
{
	const struct linux_part *part = linux_part_find(item, o->version, f->name.s);
	const char *name = part ? part->name.s : NULL;

	if (!part && item->prefix.s)
		name = joined(o, item->prefix.s, ident_upper(f->name.s).s);
	emit_bit_macros(o, part, name, mask_text(o, item, f, part));
}

static bool is_bit(const struct output *o, const struct abi_field *f)
{
	return f->reserved == ABI_NOT_RESERVED && is_present(o, f->versions);
}

/* Fields from the most significant down, as their values are spoken: major, minor. */
static void emit_make(const struct output *o, const struct linux_item *item)
{
	const char *params = "";
	const char *value = "";
	const char *separator = "";

	for (size_t i = item->type->fields.n; i-- > 0;) {
		const struct abi_field *f = &item->type->fields.v[i];

		if (!is_bit(o, f))
			continue;
		params = abi_arena_printf(o->abi->arena, "%s%s%s", params, *separator ? ", " : "",
					  f->name.s);
		value = abi_arena_printf(o->abi->arena, "%s%sFIELD_PREP(%s, (%s))", value,
					 separator, mask_text(o, item, f, NULL), f->name.s);
		separator = " | ";
	}
	w_kernel_define(o->w, abi_arena_printf(o->abi->arena, "%s(%s)", item->make.s, params),
			"(%s)", value);
}

static void emit_bits(const struct output *o, const struct linux_item *item)
{
	for (size_t i = 0; i < item->type->fields.n; i++) {
		if (is_bit(o, &item->type->fields.v[i]))
			emit_bit(o, item, &item->type->fields.v[i]);
	}
	if (item->make.s)
		emit_make(o, item);
	w_char(o->w, '\n');
}

static void emit_macros(const struct output *o)
{
	for (size_t i = 0; i < o->names->macros.n; i++) {
		const struct linux_macro *m = &o->names->macros.v[i];

		if (is_present(o, m->versions))
			w_kernel_define(o->w, m->name.s, "%s", m->value.s);
	}
	w_char(o->w, '\n');
}

static bool item_is_present(const struct output *o, const struct linux_item *item)
{
	return is_present(o, item->versions & item->type->versions);
}

static void emit_items(const struct output *o, const struct linux_items *items,
		       void (*emit)(const struct output *o, const struct linux_item *item))
{
	for (size_t i = 0; i < items->n; i++) {
		if (item_is_present(o, &items->v[i]))
			emit(o, &items->v[i]);
	}
}

static void emit_struct(const struct output *o, const struct linux_item *item)
{
	emit_linux_struct(o->abi, o->names, item, o->version, o->w);
}

static const char includes[] =
	"#ifdef RMMSIM_LINUX_RMI\n"
	"#error \"headers of two versions define the same names\"\n"
	"#endif\n"
	"#define RMMSIM_LINUX_RMI\n\n"
	"#include <linux/arm-smccc.h>\n#include <linux/bitfield.h>\n#include <linux/bits.h>\n"
	"#include <linux/build_bug.h>\n#include <linux/sizes.h>\n#include <linux/stddef.h>\n"
	"#include <linux/types.h>\n\n#include <asm/page.h>\n\n";

void emit_linux_header(const struct abi *abi, const struct linux_names *names, size_t version,
		       struct writer *w)
{
	const struct output o = {abi, names, version, w};
	char guard[2 * IDENT_MAX];

	(void)snprintf(guard, sizeof(guard), "RMMSIM_LINUX_%s_RMI_H",
		       ident_upper(abi->versions.v[version].ns.s).s);
	w_open_header(w, guard, "One version of the RMI with the names of the Linux kernel.");
	w_text(w, includes);
	emit_commands(&o);
	emit_revision(&o);
	emit_items(&o, &names->enums, emit_enum);
	emit_items(&o, &names->bits, emit_bits);
	emit_macros(&o);
	emit_items(&o, &names->structs, emit_struct);
	w_close_header(w);
}
