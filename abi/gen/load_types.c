/* SPDX-License-Identifier: BSD-3-Clause */
/* Concrete types: enumerations, bit fields, structures. */
#include <string.h>

#include "keys.h"
#include "load.h"
#include "versions.h"

#define MAX_WIDTH        64u
#define MAX_STRUCT_BYTES (1u << 20)

static const char *const reserved_words[] = {"sbz", "mbz", NULL};
static const char *const directions[] = {"host-to-rmm", "rmm-to-host", "both", "internal", NULL};

static struct abi_type *begin_type(struct abi_loader *ld, struct key_reader *r,
				   enum abi_type_kind kind)
{
	struct abi_type *type = abi_arena_alloc(ld->arena, 1, sizeof(*type));

	type->kind = kind;
	type->name = keys_name(r, "name", KEY_REQUIRED);
	type->doc = keys_text(r, "doc", KEY_OPTIONAL);
	type->source = keys_text(r, "source", KEY_REQUIRED);
	type->versions = versions_read(r, ld->abi, abi_all_versions(ld->abi));
	return type;
}

static void end_type(struct abi_loader *ld, struct key_reader *r, struct abi_type *type)
{
	keys_end(r);
	if (type->name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &ld->abi->types) = type;
}

/* A width in bits, 1 to 64; 0 when it is absent or bad (reported). */
static uint32_t read_width(struct key_reader *r, enum key_need need)
{
	const struct yaml_node *node = keys_node(r, "width", need);
	uint64_t width = 0;

	if (node == NULL || !node_uint(r->diag, node, "width", MAX_WIDTH, &width))
		return 0;
	if (width == 0) {
		abi_error(r->diag, node->loc, "a width of 0 bits");
		abi_remedy(r->diag, "use a width from 1 to %u", MAX_WIDTH);
	}
	return (uint32_t)width;
}

/* ---- enumerations ------------------------------------------------------ */

static void load_enum_value(struct abi_loader *ld, struct abi_type *type, struct yaml_node *node)
{
	struct abi_enum_value value = {.value = 0};
	const struct yaml_node *number;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "an enumeration value")) {
		type->broken = true;
		return;
	}
	value.name = keys_name(&r, "name", KEY_REQUIRED);
	value.doc = keys_text(&r, "doc", KEY_OPTIONAL);
	number = keys_node(&r, "value", KEY_REQUIRED);
	value.versions = versions_read(&r, ld->abi, type->versions);
	keys_end(&r);
	if (number == NULL || !node_int(ld->diag, number, "value", type->width, &value.value))
		value.unknown = true;
	if (value.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &type->values) = value;
	else
		type->broken = true;
}

static void load_enum(struct abi_loader *ld, struct yaml_node *node)
{
	const struct yaml_node *values;
	struct abi_type *type;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "an enumeration"))
		return;
	type = begin_type(ld, &r, ABI_TYPE_ENUM);
	type->width = read_width(&r, KEY_REQUIRED);
	if (type->width == 0)
		type->width = MAX_WIDTH;
	values = keys_list(&r, "values", KEY_REQUIRED);
	type->broken = values == NULL;
	for (size_t i = 0; values != NULL && i < values->items.n; i++)
		load_enum_value(ld, type, values->items.v[i]);
	end_type(ld, &r, type);
}

void load_enums(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_enum(ld, list->items.v[i]);
}

/* ---- fields ------------------------------------------------------------ */

static bool has_key(const struct yaml_node *map, const char *key)
{
	for (size_t i = 0; i < map->pairs.n; i++)
		if (strcmp(map->pairs.v[i].key.s, key) == 0)
			return true;
	return false;
}

/* What fields of bit fields and of structures have in common. */
static void read_field(struct abi_loader *ld, struct key_reader *r, struct abi_type *type,
		       struct abi_field *field)
{
	field->loc = r->map->loc;
	field->count = 1;
	if (has_key(r->map, "reserved")) {
		int word = keys_word(r, "reserved", reserved_words, 0);

		field->reserved = word == 1 ? ABI_MBZ : ABI_SBZ;
	} else {
		field->name = keys_name(r, "name", KEY_REQUIRED);
		field->type_name = keys_text(r, "type", KEY_OPTIONAL);
		field->is_signed = keys_bool(r, "signed", false);
	}
	field->doc = keys_text(r, "doc", KEY_OPTIONAL);
	field->versions = versions_read(r, ld->abi, type->versions);
}

/*
 * A field whose place cannot be read would be followed by complaints about the
 * gap it leaves: its type's layout is not checked then.
 */
static void end_field(struct abi_loader *ld, struct key_reader *r, struct abi_type *type,
		      const struct abi_field *field, bool has_place)
{
	keys_end(r);
	type->broken = type->broken || !has_place;
	*ABI_LIST_ADD(ld->arena, &type->fields) = *field;
}

static void load_bit(struct abi_loader *ld, struct abi_type *type, struct yaml_node *node)
{
	struct abi_field field = {.offset = 0};
	struct key_reader r;
	bool placed;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a field")) {
		type->broken = true;
		return;
	}
	read_field(ld, &r, type, &field);
	placed = keys_u32(&r, "lsb", KEY_REQUIRED, MAX_WIDTH - 1, &field.lsb);
	field.width = read_width(&r, KEY_REQUIRED);
	end_field(ld, &r, type, &field, placed && field.width != 0);
}

static void load_bitfield(struct abi_loader *ld, struct yaml_node *node)
{
	const struct yaml_node *fields;
	struct abi_type *type;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a bit field"))
		return;
	type = begin_type(ld, &r, ABI_TYPE_BITFIELD);
	type->width = read_width(&r, KEY_REQUIRED);
	fields = keys_list(&r, "fields", KEY_REQUIRED);
	type->broken = type->width == 0 || fields == NULL;
	for (size_t i = 0; fields != NULL && i < fields->items.n; i++)
		load_bit(ld, type, fields->items.v[i]);
	end_type(ld, &r, type);
}

void load_bitfields(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_bitfield(ld, list->items.v[i]);
}

static bool read_count(struct key_reader *r, const char *key, enum key_need need, uint64_t *count)
{
	const struct yaml_node *node = keys_node(r, key, need);

	if (node == NULL)
		return need == KEY_OPTIONAL;
	if (!node_uint(r->diag, node, key, MAX_STRUCT_BYTES, count))
		return false;
	if (*count == 0) {
		abi_error(r->diag, node->loc, "'%s' is 0", key);
		abi_remedy(r->diag, "use at least 1, or remove the field");
	}
	return *count != 0;
}

static void load_member(struct abi_loader *ld, struct abi_type *type, struct yaml_node *node)
{
	struct abi_field field = {.lsb = 0};
	struct key_reader r;
	bool placed;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a field")) {
		type->broken = true;
		return;
	}
	read_field(ld, &r, type, &field);
	placed = keys_uint(&r, "offset", KEY_REQUIRED, MAX_STRUCT_BYTES, &field.offset);
	if (field.reserved != ABI_NOT_RESERVED) {
		field.width = 8;
		placed = read_count(&r, "size", KEY_REQUIRED, &field.count) && placed;
	} else {
		/* Whether a width is needed depends on the type, which is not known yet. */
		field.width = read_width(&r, KEY_OPTIONAL);
		placed = read_count(&r, "count", KEY_OPTIONAL, &field.count) && placed;
	}
	end_field(ld, &r, type, &field, placed);
}

static void load_struct(struct abi_loader *ld, struct yaml_node *node)
{
	const struct yaml_node *fields;
	struct abi_type *type;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a structure"))
		return;
	type = begin_type(ld, &r, ABI_TYPE_STRUCT);
	type->broken = !read_count(&r, "size", KEY_REQUIRED, &type->size);
	type->direction = keys_text(&r, "direction", KEY_REQUIRED);
	if (type->direction.s != NULL)
		keys_word(&r, "direction", directions, 0);
	fields = keys_list(&r, "fields", KEY_REQUIRED);
	type->broken = type->broken || fields == NULL;
	for (size_t i = 0; fields != NULL && i < fields->items.n; i++)
		load_member(ld, type, fields->items.v[i]);
	end_type(ld, &r, type);
}

void load_structs(struct abi_loader *ld, const struct yaml_node *list)
{
	for (size_t i = 0; i < list->items.n; i++)
		load_struct(ld, list->items.v[i]);
}
