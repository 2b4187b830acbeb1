/* SPDX-License-Identifier: BSD-3-Clause */
/* Look-ups in the generated tables; introspect_value.c reads and prints values. */
#include "rmmsim/abi/introspect.h"

#include <string.h>

#include "rmmsim/abi/dispatch.h"
#include "tables.h"

static bool has_version(rmm_versions versions, enum rmm_version version)
{
	return (versions >> version) & 1u;
}

bool rmm_abi_version_find(const char *name, enum rmm_version *out)
{
	for (unsigned i = 0; name && out && i < RMM_VERSION_COUNT; i++) {
		if (strcmp(rmm_abi_versions[i].name, name) != 0)
			continue;
		*out = (enum rmm_version)i;
		return true;
	}
	return false;
}

bool rmm_abi_behaviour_find(const char *name, enum rmm_behaviour *out)
{
	for (unsigned i = 0; name && out && i < RMM_BEHAVIOUR_COUNT; i++) {
		if (strcmp(rmm_abi_behaviours[i].name, name) != 0)
			continue;
		*out = (enum rmm_behaviour)i;
		return true;
	}
	return false;
}

/* rmm_abi_conditions_by_name[0] is RMM_CONDITION_NONE, whose name "" sorts first. */
bool rmm_abi_condition_find(const char *constant, enum rmm_condition *out)
{
	size_t low = 1;
	size_t high = constant && out ? RMM_CONDITION_COUNT : 0;

	while (low < high) {
		size_t middle = (low + high) / 2;
		uint16_t id = rmm_abi_conditions_by_name[middle];
		int order = strcmp(rmm_abi_condition_ids[id].constant, constant);

		if (order == 0) {
			*out = (enum rmm_condition)id;
			return true;
		}
		if (order < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return false;
}

const struct rmm_abi_type *rmm_abi_type_find(const char *name)
{
	for (size_t i = 0; name && i < rmm_abi_num_types; i++) {
		if (strcmp(rmm_abi_types[i]->name, name) == 0)
			return rmm_abi_types[i];
	}
	return NULL;
}

const struct rmm_abi_command *rmm_abi_command_find(enum rmm_version version, const char *name)
{
	for (size_t i = 0; name && i < rmm_abi_num_commands; i++) {
		const struct rmm_abi_command *c = &rmm_abi_commands[i];

		if (has_version(c->versions, version) && strcmp(c->name, name) == 0)
			return c;
	}
	return NULL;
}

const struct rmm_abi_command *rmm_abi_command_by_fid(enum rmm_version version, uint32_t fid)
{
	uint16_t id = rmm_fid_find(version, fid);

	return id == RMM_FID_NONE ? NULL : rmm_abi_command_by_id(version, (enum rmm_command)id);
}

const struct rmm_abi_command *rmm_abi_command_by_id(enum rmm_version version, enum rmm_command id)
{
	uint16_t form;

	if ((unsigned)id >= RMM_CMD_COUNT)
		return NULL;
	form = rmm_abi_form_index[version][id];
	return form == RMM_ABI_INDEX_NONE ? NULL : &rmm_abi_commands[form];
}

const struct rmm_abi_condition *rmm_abi_condition(enum rmm_version version, enum rmm_condition id)
{
	uint16_t place;

	if ((unsigned)id >= RMM_CONDITION_COUNT)
		return NULL;
	place = rmm_abi_condition_index[version][id];
	return place == RMM_ABI_INDEX_NONE ? NULL : &rmm_abi_conditions[place];
}

const char *rmm_abi_condition_name(enum rmm_condition id)
{
	return (unsigned)id < RMM_CONDITION_COUNT ? rmm_abi_condition_ids[id].constant : "";
}

enum rmm_command rmm_abi_condition_command(enum rmm_condition id)
{
	if ((unsigned)id >= RMM_CONDITION_COUNT)
		return RMM_CMD_COUNT;
	return (enum rmm_command)rmm_abi_condition_ids[id].command;
}

const struct rmm_abi_field *rmm_abi_field_find(const struct rmm_abi_type *type,
					       enum rmm_version version, const char *name)
{
	for (size_t i = 0; type && name && i < type->num_fields; i++) {
		const struct rmm_abi_field *f = &type->fields[i];

		if (has_version(f->versions, version) && strcmp(f->name, name) == 0)
			return f;
	}
	return NULL;
}

bool rmm_abi_label_value(const struct rmm_abi_type *type, enum rmm_version version,
			 const char *label, uint64_t *value)
{
	for (size_t i = 0; type && label && value && i < type->num_values; i++) {
		const struct rmm_abi_value *v = &type->values[i];

		if (!has_version(v->versions, version) || strcmp(v->name, label) != 0)
			continue;
		*value = v->value;
		return true;
	}
	return false;
}

/* The first entry that does not sort before the label. */
static size_t label_place(const char *label)
{
	size_t low = 0;
	size_t high = rmm_abi_num_labels;

	while (low < high) {
		size_t middle = (low + high) / 2;

		if (strcmp(rmm_abi_labels[middle].name, label) < 0)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

bool rmm_abi_label_find(enum rmm_version version, const char *label, uint64_t *value)
{
	for (size_t i = label && value ? label_place(label) : rmm_abi_num_labels;
	     i < rmm_abi_num_labels; i++) {
		const struct rmm_abi_label *l = &rmm_abi_labels[i];

		if (strcmp(l->name, label) != 0)
			return false;
		if (has_version(l->versions, version)) {
			*value = l->value;
			return true;
		}
	}
	return false;
}

const char *rmm_abi_value_label(const struct rmm_abi_type *type, enum rmm_version version,
				uint64_t value)
{
	for (size_t i = 0; type && i < type->num_values; i++) {
		const struct rmm_abi_value *v = &type->values[i];

		if (has_version(v->versions, version) && v->value == value)
			return v->name;
	}
	return NULL;
}
