/* SPDX-License-Identifier: BSD-3-Clause */
/* tables_index.c and tables.h: versions, behaviours, and the ways into the other tables. */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arena.h"
#include "emit.h"
#include "emit_tables.h"
#include "ident.h"
#include "index.h"

static const char tables_header[] =
	"#include \"rmmsim/abi/introspect.h\"\n\n" W_EXTERN_C_OPEN
	"#define RMM_ABI_INDEX_NONE 0xFFFFU\n\n"
	"/* Failure conditions of all forms, one form after the other. */\n"
	"extern const struct rmm_abi_condition rmm_abi_conditions[];\n\n"
	"/* Indices into rmm_abi_commands[] and rmm_abi_conditions[], or RMM_ABI_INDEX_NONE. */\n"
	"extern const uint16_t rmm_abi_form_index[RMM_VERSION_COUNT][RMM_CMD_COUNT];\n"
	"extern const uint16_t rmm_abi_condition_index[RMM_VERSION_COUNT][RMM_CONDITION_COUNT];\n\n"
	"struct rmm_abi_condition_id {\n\tconst char *constant;\n\tuint16_t command;\n};\n\n"
	"extern const struct rmm_abi_condition_id rmm_abi_condition_ids[RMM_CONDITION_COUNT];\n\n"
	"/* Conditions sorted by constant. */\n"
	"extern const uint16_t rmm_abi_conditions_by_name[RMM_CONDITION_COUNT];\n\n"
	"/* Labels of all enumerations, sorted. */\n"
	"struct rmm_abi_label {\n\tconst char *name;\n\tuint64_t value;\n"
	"\trmm_versions versions;\n};\n\n"
	"extern const struct rmm_abi_label rmm_abi_labels[];\n"
	"extern const size_t rmm_abi_num_labels;\n" W_EXTERN_C_CLOSE;

void emit_tables_header(struct writer *w)
{
	w_open_header(w, "RMMSIM_ABI_TABLES_H", "What the tables share with introspect.c.");
	w_text(w, tables_header);
	w_close_header(w);
}

/* "2.1" as "2, 1". */
static void w_revision(struct writer *w, const char *text)
{
	char *end = NULL;
	unsigned long major = strtoul(text, &end, 10);
	unsigned long minor = *end == '.' ? strtoul(end + 1, NULL, 10) : 0;

	w_printf(w, "%lu, %lu, ", major, minor);
}

static void emit_versions(const struct abi *abi, struct writer *w)
{
	w_text(w, "const struct rmm_abi_version rmm_abi_versions[RMM_VERSION_COUNT] = {\n");
	for (size_t i = 0; i < abi->versions.n; i++) {
		const struct abi_version *v = &abi->versions.v[i];

		w_text(w, "\t{");
		w_table_string(w, v->name);
		w_table_string(w, v->ns);
		w_revision(w, text_or_empty(v->rmi));
		w_revision(w, text_or_empty(v->rsi));
		w_c_string(w, v->doc.s);
		w_text(w, "},\n");
	}
	w_text(w, "};\n\n");
}

static void emit_behaviours(const struct abi *abi, struct writer *w)
{
	w_text(w, "const struct rmm_abi_behaviour rmm_abi_behaviours[RMM_BEHAVIOUR_COUNT] = {\n");
	for (size_t i = 0; i < abi->behaviours.n; i++) {
		const struct abi_behaviour *b = &abi->behaviours.v[i];

		w_text(w, "\t{");
		w_table_string(w, b->name);
		w_table_string(w, b->doc);
		w_table_string(w, b->source);
		w_printf(w, "0x%X, 0x%X, %s},\n", b->spec, b->tf_rmm,
			 b->modelled ? "true" : "false");
	}
	w_text(w, "};\n\n");
}

/* Twelve numbers a line. */
static void w_number(struct writer *w, size_t position, size_t number)
{
	w_text(w, position % 12 ? " " : "\n\t\t");
	if (number == INDEX_NONE)
		w_text(w, "0xFFFF,");
	else
		w_printf(w, "%zu,", number);
}

static size_t form_number(const struct abi *abi, size_t version, const char *name)
{
	const struct abi_command *form = abi_form(abi, version, name);

	return form ? (size_t)(form - abi->commands.v) : INDEX_NONE;
}

static void emit_form_index(const struct abi *abi, const struct abi_index *index, struct writer *w)
{
	w_text(w, "const uint16_t rmm_abi_form_index[RMM_VERSION_COUNT][RMM_CMD_COUNT] = {\n");
	for (size_t v = 0; v < abi->versions.n; v++) {
		w_text(w, "\t{");
		for (size_t i = 0; i < index->num_commands; i++)
			w_number(w, i, form_number(abi, v, index->commands[i]->name.s));
		w_text(w, "\n\t},\n");
	}
	w_text(w, "};\n\n");
}

/* The place of a constant's record among the conditions of all forms. */
static size_t condition_number(const struct abi *abi, size_t version, const char *constant)
{
	const struct abi_condition *record = abi_condition_record(abi, version, constant);

	for (size_t i = 0; record && i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];

		for (size_t k = 0; k < c->fail.n; k++) {
			if (&c->fail.v[k] == record)
				return first_condition(abi, i) + k;
		}
	}
	return INDEX_NONE;
}

static void emit_condition_index(const struct abi *abi, const struct abi_index *index,
				 struct writer *w)
{
	w_text(w, "const uint16_t\n"
		  "rmm_abi_condition_index[RMM_VERSION_COUNT][RMM_CONDITION_COUNT] = {\n");
	for (size_t v = 0; v < abi->versions.n; v++) {
		w_text(w, "\t{");
		w_number(w, 0, INDEX_NONE);
		for (size_t i = 0; i < index->num_conditions; i++)
			w_number(w, i + 1,
				 condition_number(abi, v, index->conditions[i].first->constant));
		w_text(w, "\n\t},\n");
	}
	w_text(w, "};\n\n");
}

static void emit_status_row(const struct abi *abi, const struct abi_index *index, size_t version,
			    struct writer *w)
{
	w_text(w, "\t{\n\t\t0xFF,");
	for (size_t i = 0; i < index->num_conditions; i++) {
		const struct abi_condition *record =
			abi_condition_record(abi, version, index->conditions[i].first->constant);

		w_text(w, (i + 1) % 12 ? " " : "\n\t\t");
		w_printf(w, "0x%02X,", record ? (unsigned)(record->status & 0xFF) : 0xFFU);
	}
	w_text(w, "\n\t},\n");
}

static void emit_condition_status(const struct abi *abi, const struct abi_index *index,
				  struct writer *w)
{
	w_text(w,
	       "const uint8_t rmm_condition_status[RMM_VERSION_COUNT][RMM_CONDITION_COUNT] = {\n");
	for (size_t v = 0; v < abi->versions.n; v++)
		emit_status_row(abi, index, v, w);
	w_text(w, "};\n\n");
}

static void emit_interfaces(const struct abi_index *index, struct writer *w)
{
	w_text(w, "const uint8_t rmm_command_interface[RMM_CMD_COUNT] = {\n");
	for (size_t i = 0; i < index->num_commands; i++)
		w_printf(w, "\tRMM_INTERFACE_%s,\n",
			 ident_upper(index->commands[i]->interface.s).s);
	w_text(w, "};\n\n");
}

static void emit_condition_ids(const struct abi_index *index, struct writer *w)
{
	w_text(w, "const struct rmm_abi_condition_id rmm_abi_condition_ids[RMM_CONDITION_COUNT] = "
		  "{\n\t{\"\", RMM_CMD_COUNT},\n");
	for (size_t i = 0; i < index->num_conditions; i++) {
		const struct indexed_condition *c = &index->conditions[i];

		w_printf(w, "\t{\"%s\", RMM_CMD_%s},\n", c->first->constant,
			 ident_upper(index->commands[c->command]->name.s).s);
	}
	w_text(w, "};\n\n");
}

static int compare_constants(const void *a, const void *b)
{
	const struct abi_condition *const *x = a;
	const struct abi_condition *const *y = b;

	return strcmp((*x)->constant, (*y)->constant);
}

static void emit_conditions_by_name(const struct abi *abi, const struct abi_index *index,
				    struct writer *w)
{
	const struct abi_condition **sorted =
		abi_arena_alloc(abi->arena, index->num_conditions + 1, sizeof(*sorted));

	for (size_t i = 0; i < index->num_conditions; i++)
		sorted[i] = index->conditions[i].first;
	qsort(sorted, index->num_conditions, sizeof(*sorted), compare_constants);
	w_text(w, "const uint16_t rmm_abi_conditions_by_name[RMM_CONDITION_COUNT] = {\n"
		  "\tRMM_CONDITION_NONE,\n");
	for (size_t i = 0; i < index->num_conditions; i++)
		w_printf(w, "\t%s,\n", sorted[i]->constant);
	w_text(w, "};\n\n");
}

struct table_label {
	const struct abi_type *type;
	const struct abi_enum_value *value;
	size_t position; /* makes the order of equal names stable */
};

static int compare_labels(const void *a, const void *b)
{
	const struct table_label *x = a;
	const struct table_label *y = b;
	int order = strcmp(x->value->name.s, y->value->name.s);

	if (order)
		return order;
	return (x->position > y->position) - (x->position < y->position);
}

static size_t collect_labels(const struct abi *abi, struct table_label *labels)
{
	size_t n = 0;

	for (size_t i = 0; i < abi->types.n; i++) {
		const struct abi_type *type = abi->types.v[i];

		for (size_t k = 0; k < type->values.n; k++, n++) {
			if (labels)
				labels[n] = (struct table_label){type, &type->values.v[k], n};
		}
	}
	return n;
}

static void emit_labels(const struct abi *abi, struct writer *w)
{
	size_t n = collect_labels(abi, NULL);
	struct table_label *labels = abi_arena_alloc(abi->arena, n + 1, sizeof(*labels));

	(void)collect_labels(abi, labels);
	qsort(labels, n, sizeof(*labels), compare_labels);
	w_text(w, "const struct rmm_abi_label rmm_abi_labels[] = {\n");
	for (size_t i = 0; i < n; i++)
		w_printf(w, "\t{\"%s\", UINT64_C(0x%" PRIX64 "), 0x%X},\n", labels[i].value->name.s,
			 labels[i].value->value,
			 labels[i].value->versions & labels[i].type->versions);
	w_printf(w, "\t{NULL, 0, 0},\n};\n\nconst size_t rmm_abi_num_labels = %zu;\n", n);
}

void emit_tables_index(const struct abi *abi, struct writer *w)
{
	struct abi_index index = abi_index_build(abi);

	w_notice(w);
	w_text(w, "#include \"tables.h\"\n\n");
	emit_versions(abi, w);
	emit_behaviours(abi, w);
	emit_form_index(abi, &index, w);
	emit_condition_index(abi, &index, w);
	emit_condition_status(abi, &index, w);
	emit_interfaces(&index, w);
	emit_condition_ids(&index, w);
	emit_conditions_by_name(abi, &index, w);
	emit_labels(abi, w);
}
