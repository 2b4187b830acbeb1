/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sum rule: in every version, the fields and reserved ranges of a bit field
 * or structure cover it exactly once.
 */
#include <inttypes.h>
#include <stdlib.h>

#include "arena.h"
#include "check.h"
#include "versions.h"

#define MAX_PROBLEMS 32

enum problem_kind { PROBLEM_GAP, PROBLEM_OVERLAP, PROBLEM_OUTSIDE };

/* The same problem in several versions is reported once. */
struct problem {
	enum problem_kind kind;
	const struct abi_field *field; /* NULL: the gap at the end */
	const struct abi_field *other; /* overlap */
	uint64_t from;
	uint64_t to; /* excluded */
	abi_versions versions;
};

struct layout {
	struct abi *abi;
	struct abi_diag *diag;
	const struct abi_type *type;
	uint64_t total;
	const struct abi_field **sorted;
	size_t num_sorted;
	struct problem problems[MAX_PROBLEMS];
	size_t num_problems;
};

static bool is_bits(const struct abi_type *type)
{
	return type->kind == ABI_TYPE_BITFIELD;
}

static uint64_t field_start(const struct abi_type *type, const struct abi_field *f)
{
	return is_bits(type) ? f->lsb : f->offset;
}

static uint64_t field_end(const struct abi_type *type, const struct abi_field *f)
{
	if (is_bits(type))
		return (uint64_t)f->lsb + f->width;
	if (f->reserved != ABI_NOT_RESERVED)
		return f->offset + f->count;
	if (f->type->kind == ABI_TYPE_STRUCT)
		return f->offset + f->type->size * f->count;
	return f->offset + f->width / 8 * f->count;
}

static int compare_fields(const void *a, const void *b)
{
	const struct abi_field *x = *(const struct abi_field *const *)a;
	const struct abi_field *y = *(const struct abi_field *const *)b;

	/* Within one type only one of the two is used; the other is 0. */
	if (x->offset != y->offset)
		return x->offset < y->offset ? -1 : 1;
	if (x->lsb != y->lsb)
		return x->lsb < y->lsb ? -1 : 1;
	return x < y ? -1 : x > y;
}

static void sort_fields(struct layout *l)
{
	const struct abi_type *type = l->type;

	l->sorted = abi_arena_alloc(l->abi->arena, type->fields.n, sizeof(struct abi_field *));
	l->num_sorted = type->fields.n;
	for (size_t i = 0; i < type->fields.n; i++)
		l->sorted[i] = &type->fields.v[i];
	qsort(l->sorted, l->num_sorted, sizeof(struct abi_field *), compare_fields);
}

static bool same_problem(const struct problem *a, const struct problem *b)
{
	return a->kind == b->kind && a->field == b->field && a->other == b->other &&
	       a->from == b->from && a->to == b->to;
}

static void add_problem(struct layout *l, struct problem p)
{
	for (size_t i = 0; i < l->num_problems; i++) {
		if (same_problem(&l->problems[i], &p)) {
			l->problems[i].versions |= p.versions;
			return;
		}
	}
	if (l->num_problems < MAX_PROBLEMS)
		l->problems[l->num_problems++] = p;
}

static void sweep_version(struct layout *l, abi_versions version)
{
	const struct abi_field *last = NULL; /* reaches furthest */
	uint64_t covered = 0;

	for (size_t i = 0; i < l->num_sorted; i++) {
		const struct abi_field *f = l->sorted[i];
		struct problem p = {.field = f, .other = last, .versions = version};
		uint64_t end = field_end(l->type, f);

		if ((f->versions & version) == 0)
			continue;
		p.from = field_start(l->type, f);
		p.to = end;
		p.kind = PROBLEM_OVERLAP;
		if (p.from < covered)
			add_problem(l, p);
		if (p.from > covered)
			add_problem(l, (struct problem){PROBLEM_GAP, f, NULL, covered, p.from,
							version});
		if (end > l->total)
			add_problem(l, (struct problem){PROBLEM_OUTSIDE, f, NULL, p.from, end,
							version});
		if (end > covered) {
			covered = end;
			last = f;
		}
	}
	if (covered < l->total)
		add_problem(l,
			    (struct problem){PROBLEM_GAP, NULL, NULL, covered, l->total, version});
}

static const char *field_name(const struct abi_field *f)
{
	return f->name.s != NULL ? f->name.s : "a reserved range";
}

/* "bits 3 to 7", "bytes 0x8 to 0xf" */
static const char *range_text(const struct layout *l, uint64_t from, uint64_t to)
{
	if (is_bits(l->type))
		return abi_arena_printf(l->abi->arena, "bits %" PRIu64 " to %" PRIu64, from,
					to - 1);
	return abi_arena_printf(l->abi->arena, "bytes 0x%" PRIx64 " to 0x%" PRIx64, from, to - 1);
}

static void report_gap(const struct layout *l, const struct problem *p, const char *versions)
{
	uint64_t size = p->to - p->from;

	abi_error(l->diag, p->field != NULL ? p->field->loc : l->type->name.loc,
		  "%s of '%s' are neither a field nor reserved in %s",
		  range_text(l, p->from, p->to), l->type->name.s, versions);
	if (is_bits(l->type))
		abi_remedy(l->diag,
			   "describe them, or add {reserved: sbz, lsb: %" PRIu64 ", width: %" PRIu64
			   "}",
			   p->from, size);
	else
		abi_remedy(l->diag,
			   "describe them, or add {reserved: sbz, offset: 0x%" PRIx64
			   ", size: 0x%" PRIx64 "}",
			   p->from, size);
}

static void report_problem(const struct layout *l, const struct problem *p)
{
	const char *versions = versions_text(l->abi->arena, l->abi, p->versions);

	switch (p->kind) {
	case PROBLEM_GAP:
		report_gap(l, p, versions);
		break;
	case PROBLEM_OVERLAP:
		abi_error(
			l->diag, p->field->loc, "'%s' (%s) overlaps '%s' (%s, line %u) in %s",
			field_name(p->field), range_text(l, p->from, p->to), field_name(p->other),
			range_text(l, field_start(l->type, p->other), field_end(l->type, p->other)),
			p->other->loc.line, versions);
		abi_remedy(l->diag,
			   "move or shrink one of them, or limit them to different versions");
		break;
	case PROBLEM_OUTSIDE:
		abi_error(l->diag, p->field->loc, "'%s' (%s) is outside of '%s' (%s) in %s",
			  field_name(p->field), range_text(l, p->from, p->to), l->type->name.s,
			  range_text(l, 0, l->total), versions);
		abi_remedy(l->diag, "move or shrink the field, or enlarge '%s'", l->type->name.s);
		break;
	}
}

static void check_layout(struct abi *abi, struct abi_diag *diag, const struct abi_type *type)
{
	struct layout l = {.abi = abi, .diag = diag, .type = type};

	l.total = is_bits(type) ? type->width : type->size;
	sort_fields(&l);
	for (unsigned int v = 0; v < abi->versions.n; v++)
		if ((type->versions >> v & 1) != 0)
			sweep_version(&l, 1u << v);
	for (size_t i = 0; i < l.num_problems; i++)
		report_problem(&l, &l.problems[i]);
}

void check_layouts(struct abi *abi, struct abi_diag *diag)
{
	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		if (!type->broken && type->kind != ABI_TYPE_ENUM)
			check_layout(abi, diag, type);
	}
}
