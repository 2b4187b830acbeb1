/* SPDX-License-Identifier: BSD-3-Clause */
#include "load_conditions.h"

#include <ctype.h>
#include <string.h>

#include "keys.h"
#include "versions.h"

/* "RMI_RTT_CREATE" and "rtt_walk": "RMI_RTT_CREATE_RTT_WALK" */
static const char *constant_name(struct abi_loader *ld, const char *command, const char *id)
{
	char *name = abi_arena_printf(ld->arena, "%s_%s", command, id);

	for (char *p = name; *p != '\0'; p++)
		*p = (char)toupper((unsigned char)*p);
	return name;
}

static void load_data(struct abi_loader *ld, struct abi_condition *c, const struct yaml_node *map)
{
	for (size_t i = 0; i < map->pairs.n; i++) {
		const struct yaml_pair *pair = &map->pairs.v[i];

		if (!node_is(ld->diag, pair->value, YAML_KIND_SCALAR, "a value of 'data'"))
			continue;
		*ABI_LIST_ADD(ld->arena, &c->data) =
			(struct abi_datum){.name = pair->key, .text = pair->value->text};
	}
}

static void read_head(struct abi_loader *ld, struct key_reader *r, const struct abi_command *cmd,
		      struct abi_condition *c)
{
	c->loc = r->map->loc;
	c->id = keys_name(r, "id", KEY_REQUIRED);
	c->then = keys_text(r, "then", KEY_REQUIRED);
	c->versions = versions_read(r, ld->abi, cmd->versions);
	if (c->id.s != NULL && cmd->name.s != NULL)
		c->constant = constant_name(ld, cmd->name.s, c->id.s);
}

void load_failure(struct abi_loader *ld, struct abi_command *cmd, struct yaml_node *node)
{
	struct abi_condition c = {.status = 0};
	const struct yaml_node *data;
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a failure condition"))
		return;
	read_head(ld, &r, cmd, &c);
	c.when = keys_text(&r, "when", KEY_REQUIRED);
	c.says = keys_text(&r, "says", KEY_REQUIRED);
	data = keys_node(&r, "data", KEY_OPTIONAL);
	if (data != NULL && node_is(ld->diag, data, YAML_KIND_MAPPING, "data"))
		load_data(ld, &c, data);
	keys_end(&r);
	if (c.id.s != NULL)
		*ABI_LIST_ADD(ld->arena, &cmd->fail) = c;
}

void load_success(struct abi_loader *ld, struct abi_command *cmd, struct yaml_node *node)
{
	struct abi_condition c = {.status = 0};
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a success condition"))
		return;
	read_head(ld, &r, cmd, &c);
	c.when = keys_text(&r, "when", KEY_OPTIONAL);
	c.says = keys_text(&r, "says", KEY_OPTIONAL);
	keys_end(&r);
	if (c.id.s != NULL)
		*ABI_LIST_ADD(ld->arena, &cmd->ok) = c;
}
