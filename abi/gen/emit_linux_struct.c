/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Structures as the kernel writes them: anonymous unions of members and of
 * bytes that give the block its size. A long reserved range ends a block, a
 * short one becomes padding between members.
 */
#include <inttypes.h>
#include <string.h>

#include "arena.h"
#include "emit_linux.h"
#include "emit_portable.h"
#include "ident.h"

#define LONG_RANGE 64

struct printer {
	const struct abi *abi;
	const struct linux_names *names;
	const struct linux_item *item;
	size_t version;
	struct writer *w;
	unsigned sizers; /* numbers them: names of anonymous members are shared */
};

static const char *member_name(const struct printer *p, const struct abi_field *f)
{
	const struct linux_part *part = linux_part_find(p->item, p->version, f->name.s);

	return part && part->name.s ? part->name.s : f->name.s;
}

static const char *tag_of(const struct printer *p, const struct abi_type *type)
{
	for (size_t i = 0; i < p->names->structs.n; i++) {
		const struct linux_item *item = &p->names->structs.v[i];

		if (item->type == type && in_version(item->versions, p->version))
			return item->name.s;
	}
	return abi_arena_printf(p->abi->arena, "%s", ident_snake(type->name.s).s);
}

static void indent(struct printer *p, unsigned depth)
{
	for (unsigned i = 0; i < depth; i++)
		w_char(p->w, '\t');
}

static void emit_sizer(struct printer *p, uint64_t bytes, unsigned depth)
{
	indent(p, depth);
	w_printf(p->w, "u8 sizer%u[0x%" PRIx64 "];\n", p->sizers++, bytes);
}

static void emit_count(struct printer *p, const struct abi_field *f)
{
	const struct linux_part *part = linux_part_find(p->item, p->version, f->name.s);

	if (f->count <= 1)
		return;
	if (part && part->count.s)
		w_printf(p->w, "[%s]", part->count.s);
	else
		w_printf(p->w, "[%" PRIu64 "]", f->count);
}

static void emit_member(struct printer *p, const struct abi_field *f, unsigned depth)
{
	if (f->reserved != ABI_NOT_RESERVED) {
		emit_sizer(p, f->count, depth);
		return;
	}
	indent(p, depth);
	if (f->type->kind == ABI_TYPE_STRUCT)
		w_printf(p->w, "struct %s ", tag_of(p, f->type));
	else
		w_printf(p->w, "%c%u ", field_is_signed(f) ? 's' : 'u', f->width);
	w_text(p->w, member_name(p, f));
	emit_count(p, f);
	w_text(p->w, ";\n");
}

static bool ends_block(const struct abi_field *f)
{
	return f->reserved != ABI_NOT_RESERVED && f->count >= LONG_RANGE;
}

/* Members [first, last) and the range up to `end`. */
static void emit_block(struct printer *p, const struct layout *layout, size_t first, size_t last,
		       uint64_t end)
{
	uint64_t start = layout->v[first]->offset;
	bool several = last - first > 1;

	w_printf(p->w, "\tunion { /* 0x%" PRIx64 " */\n", start);
	if (several)
		w_text(p->w, "\t\tstruct {\n");
	for (size_t i = first; i < last; i++)
		emit_member(p, layout->v[i], several ? 3 : 2);
	if (several)
		w_text(p->w, "\t\t};\n");
	emit_sizer(p, end - start, 2);
	w_text(p->w, "\t};\n");
}

static void emit_blocks(struct printer *p, const struct layout *layout)
{
	size_t first = 0;

	while (first < layout->n) {
		size_t last = first;
		uint64_t end;

		while (last < layout->n && !ends_block(layout->v[last]))
			last++;
		end = last + 1 < layout->n ? layout->v[last + 1]->offset : p->item->type->size;
		if (last == first)
			emit_sizer(p, layout->v[first]->count, 1);
		else if (last == layout->n)
			for (size_t i = first; i < last; i++)
				emit_member(p, layout->v[i], 1);
		else
			emit_block(p, layout, first, last, end);
		first = last + 1;
	}
}

static void emit_counts(struct printer *p, const struct layout *layout)
{
	for (size_t i = 0; i < layout->n; i++) {
		const struct abi_field *f = layout->v[i];
		const struct linux_part *part;

		if (f->reserved != ABI_NOT_RESERVED || f->count <= 1)
			continue;
		part = linux_part_find(p->item, p->version, f->name.s);
		if (!part || !part->count.s)
			continue;
		w_printf(p->w, "#ifndef %s\n", part->count.s);
		w_kernel_define(p->w, part->count.s, "%" PRIu64, f->count);
		w_text(p->w, "#endif\n\n");
	}
}

static const char *size_text(struct printer *p, uint64_t size)
{
	switch (size) {
	case 0x1000:
		return "SZ_4K";
	case 0x800:
		return "SZ_2K";
	default:
		return abi_arena_printf(p->abi->arena, "0x%" PRIx64, size);
	}
}

static void emit_assertions(struct printer *p, const struct layout *layout)
{
	for (size_t i = 0; i < layout->n; i++) {
		const struct abi_field *f = layout->v[i];

		if (f->reserved == ABI_NOT_RESERVED)
			w_printf(p->w, "static_assert(offsetof(struct %s, %s) == 0x%" PRIx64 ");\n",
				 p->item->name.s, member_name(p, f), f->offset);
	}
	w_printf(p->w, "static_assert(sizeof(struct %s) == %s);\n\n", p->item->name.s,
		 size_text(p, p->item->type->size));
}

void emit_linux_struct(const struct abi *abi, const struct linux_names *names,
		       const struct linux_item *item, size_t version, struct writer *w)
{
	struct printer p = {abi, names, item, version, w, 0};
	struct layout layout = layout_of(abi, item->type, version);

	emit_counts(&p, &layout);
	w_printf(w, "struct %s {\n", item->name.s);
	emit_blocks(&p, &layout);
	w_text(w, "};\n\n");
	emit_assertions(&p, &layout);
}
