/* SPDX-License-Identifier: BSD-3-Clause */
/* Structures in encoding.h and encoding.c: a superset of all versions, and its codec. */
#include "emit_encoding.h"

#include <inttypes.h>
#include <string.h>

#include "arena.h"
#include "ident.h"
#include "index.h"

static void add_struct(const struct abi_type *type, size_t version, struct struct_order *order)
{
	for (size_t i = 0; i < order->n; i++) {
		if (order->v[i] == type)
			return;
	}
	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (f->reserved == ABI_NOT_RESERVED && f->type->kind == ABI_TYPE_STRUCT &&
		    (version == ABI_MAX_VERSIONS || in_version(f->versions, version)))
			add_struct(f->type, version, order);
	}
	order->v[order->n++] = type;
}

struct struct_order structs_in_order(const struct abi *abi, size_t version)
{
	struct struct_order order = {
		abi_arena_alloc(abi->arena, abi->types.n + 1, sizeof(struct abi_type *)), 0};
	bool all = version == abi->versions.n;

	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		if (type->kind == ABI_TYPE_STRUCT && (all || in_version(type->versions, version)))
			add_struct(type, all ? ABI_MAX_VERSIONS : version, &order);
	}
	return order;
}

struct member member_of(const struct abi_type *type, const char *name)
{
	struct member m = {.name = name, .bytes = true};

	for (size_t i = 0; i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (!field_is_named(f, name))
			continue;
		if (f->count > m.count) {
			m.count = f->count;
			m.versions = 0;
		}
		if (f->count == m.count)
			m.versions |= f->versions & type->versions;
		m.nested = f->type->kind == ABI_TYPE_STRUCT ? f->type : m.nested;
		m.is_signed |= field_is_signed(f);
		m.bytes &= field_is_byte_array(f);
	}
	return m;
}

static void emit_member(const struct member *m, struct writer *w)
{
	w_char(w, '\t');
	if (m->nested)
		w_printf(w, "struct %s ", ident_snake(m->nested->name.s).s);
	else if (m->bytes)
		w_text(w, "uint8_t ");
	else
		w_text(w, m->is_signed ? "int64_t " : "uint64_t ");
	w_text(w, ident_lower(m->name).s);
	if (m->count > 1)
		w_printf(w, "[%" PRIu64 "]", m->count);
	w_text(w, ";\n");
}

void emit_encoding_struct(const struct abi_type *type, struct writer *w)
{
	struct ident name = ident_snake(type->name.s);

	w_printf(w, "\n/* %s: ", type->name.s);
	w_comment(w, text_or_empty(type->doc));
	w_printf(w, " */\n#define %s_SIZE UINT32_C(0x%" PRIX64 ")\n\nstruct %s {\n",
		 ident_upper(name.s).s, type->size, name.s);
	for (size_t i = 0; i < type->fields.n; i++) {
		if (!field_is_first(type, i))
			continue;
		struct member m = member_of(type, type->fields.v[i].name.s);

		emit_member(&m, w);
	}
	w_printf(w,
		 "};\n\nvoid %s_decode(enum rmm_version v, const void *image, struct %s *out);\n"
		 "void %s_encode(enum rmm_version v, const struct %s *in, void *image);\n",
		 name.s, name.s, name.s, name.s);
}

/* Prints the statements of a codec, those for some versions only in "if" blocks. */
struct codec {
	const struct abi_type *type;
	struct writer *w;
	abi_versions guard; /* of the open block; 0: none is open */
};

static void close_guard(struct codec *c)
{
	if (c->guard)
		w_text(c->w, "\t}\n");
	c->guard = 0;
}

static void move_guard(struct codec *c, const struct abi_field *f)
{
	abi_versions versions = f->versions & c->type->versions;

	if (versions == c->type->versions)
		versions = 0;
	if (versions == c->guard)
		return;
	close_guard(c);
	if (versions)
		w_printf(c->w, "\tif (has(v, UINT32_C(0x%X))) {\n", versions);
	c->guard = versions;
}

static void indent(const struct codec *c)
{
	w_text(c->w, c->guard ? "\t\t" : "\t");
}

/* Begins a statement, with an element loop where the member is an array. */
static const char *begin_statement(struct codec *c, const struct abi_field *f,
				   const struct member *m)
{
	indent(c);
	if (m->count <= 1)
		return "";
	w_printf(c->w, "for (size_t i = 0; i < %" PRIu64 "; i++)\n\t", f->count);
	indent(c);
	return "[i]";
}

/* Where element i of the field lies. */
static void w_place(struct writer *w, const struct abi_field *f, const struct member *m)
{
	w_printf(w, "p + 0x%" PRIX64, f->offset);
	if (m->count > 1)
		w_printf(w, " + %" PRIu64 " * i", field_element_bytes(f));
}

static void emit_load(const struct abi_field *f, struct writer *w, const struct member *m)
{
	if (!m->is_signed)
		w_printf(w, "load%u(", f->width);
	else if (f->width < 64 && field_is_signed(f))
		w_printf(w, "(int%u_t)load%u(", f->width, f->width);
	else
		w_printf(w, "(int64_t)load%u(", f->width);
	w_place(w, f, m);
	w_text(w, ")");
}

static void emit_decode_field(struct codec *c, const struct abi_field *f)
{
	struct member m = member_of(c->type, f->name.s);
	struct ident name = ident_lower(f->name.s);
	const char *element;

	move_guard(c, f);
	if (m.bytes) {
		indent(c);
		w_printf(c->w, "memcpy(out->%s, p + 0x%" PRIX64 ", %" PRIu64 ");\n", name.s,
			 f->offset, f->count);
		return;
	}
	element = begin_statement(c, f, &m);
	if (m.nested) {
		w_printf(c->w, "%s_decode(v, ", ident_snake(m.nested->name.s).s);
		w_place(c->w, f, &m);
		w_printf(c->w, ", &out->%s%s);\n", name.s, element);
		return;
	}
	w_printf(c->w, "out->%s%s = ", name.s, element);
	emit_load(f, c->w, &m);
	w_text(c->w, ";\n");
}

static void emit_encode_field(struct codec *c, const struct abi_field *f)
{
	struct member m = member_of(c->type, f->name.s);
	struct ident name = ident_lower(f->name.s);
	const char *element;

	move_guard(c, f);
	if (m.bytes) {
		indent(c);
		w_printf(c->w, "memcpy(p + 0x%" PRIX64 ", in->%s, %" PRIu64 ");\n", f->offset,
			 name.s, f->count);
		return;
	}
	element = begin_statement(c, f, &m);
	if (m.nested) {
		w_printf(c->w, "%s_encode(v, &in->%s%s, ", ident_snake(m.nested->name.s).s, name.s,
			 element);
		w_place(c->w, f, &m);
		w_text(c->w, ");\n");
		return;
	}
	w_printf(c->w, "store%u(", f->width);
	w_place(c->w, f, &m);
	w_printf(c->w, m.is_signed ? ", (uint64_t)in->%s%s);\n" : ", in->%s%s);\n", name.s,
		 element);
}

static void emit_fields(const struct abi_type *type, struct writer *w,
			void (*emit)(struct codec *c, const struct abi_field *f))
{
	struct codec c = {type, w, 0};

	for (size_t i = 0; i < type->fields.n; i++) {
		if (type->fields.v[i].reserved == ABI_NOT_RESERVED)
			emit(&c, &type->fields.v[i]);
	}
	close_guard(&c);
}

/* Members that some version lacks, wholly or in part, start as zero. */
static void emit_zeroes(const struct abi_type *type, struct writer *w)
{
	for (size_t i = 0; i < type->fields.n; i++) {
		struct member m;

		if (!field_is_first(type, i))
			continue;
		m = member_of(type, type->fields.v[i].name.s);
		if (m.versions == type->versions)
			continue;
		if (m.nested || m.count > 1)
			w_printf(w, "\tmemset(&out->%s, 0, sizeof(out->%s));\n",
				 ident_lower(m.name).s, ident_lower(m.name).s);
		else
			w_printf(w, "\tout->%s = 0;\n", ident_lower(m.name).s);
	}
}

/* Nothing to read, or nowhere to write. */
static void emit_absent_pointers(const char *structure, struct writer *w)
{
	w_printf(w, "\tif (!image || !%s)\n\t\treturn;\n", structure);
}

static void emit_absent_version(const struct abi *abi, const struct abi_type *type,
				const char *action, struct writer *w)
{
	if (type->versions == abi_all_versions(abi))
		w_text(w, "\t(void)v;\n");
	else
		w_printf(w, "\tif (!has(v, UINT32_C(0x%X))) {\n%s\t\treturn;\n\t}\n",
			 type->versions, action);
}

void emit_encoding_codec(const struct abi *abi, const struct abi_type *type, struct writer *w)
{
	struct ident name = ident_snake(type->name.s);

	w_printf(w,
		 "\nvoid %s_decode(enum rmm_version v, const void *image, struct %s *out)\n{\n"
		 "\tconst uint8_t *p = (const uint8_t *)image;\n\n",
		 name.s, name.s);
	emit_absent_pointers("out", w);
	emit_absent_version(abi, type, "\t\tmemset(out, 0, sizeof(*out));\n", w);
	emit_zeroes(type, w);
	emit_fields(type, w, emit_decode_field);
	w_printf(w,
		 "}\n\nvoid %s_encode(enum rmm_version v, const struct %s *in, void *image)\n{\n"
		 "\tuint8_t *p = (uint8_t *)image;\n\n",
		 name.s, name.s);
	emit_absent_pointers("in", w);
	emit_absent_version(abi, type, "", w);
	emit_fields(type, w, emit_encode_field);
	w_text(w, "}\n");
}
