/* SPDX-License-Identifier: BSD-3-Clause */
/* Forms of commands: identity, registers, context, footprint. */
#include <string.h>

#include "keys.h"
#include "load.h"
#include "load_conditions.h"
#include "versions.h"

#define MAX_REGISTER 17u

static const char *const sro_words[] = {"no", "may", NULL};
static const char *const groups[] = {"core", "device", "planes", "attestation", NULL};
static const char *const moments[] = {"before", "after", NULL};

static void load_param(struct abi_loader *ld, struct abi_param *param, struct yaml_node *node)
{
	struct key_reader r;

	param->loc = node->loc;
	param->width = 64;
	if (!keys_begin(&r, ld->arena, ld->diag, node, "a register"))
		return;
	param->name = keys_name(&r, "name", KEY_REQUIRED);
	param->type_name = keys_text(&r, "type", KEY_REQUIRED);
	param->doc = keys_text(&r, "doc", KEY_OPTIONAL);
	param->broken = !keys_u32(&r, "reg", KEY_REQUIRED, MAX_REGISTER, &param->reg);
	if (keys_u32(&r, "lsb", KEY_OPTIONAL, 63, &param->lsb))
		param->width = 64 - param->lsb;
	keys_u32(&r, "width", KEY_OPTIONAL, 64, &param->width);
	keys_end(&r);
}

static void load_context(struct abi_loader *ld, struct abi_command *cmd, struct yaml_node *node)
{
	struct abi_context context = {.value = NULL};
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a context value"))
		return;
	context.name = keys_name(&r, "name", KEY_REQUIRED);
	context.text = keys_text(&r, "value", KEY_REQUIRED);
	context.after = keys_word(&r, "at", moments, 0) == 1;
	keys_end(&r);
	if (context.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &cmd->context) = context;
}

static void load_place(struct abi_loader *ld, struct abi_command *cmd, const struct yaml_node *node)
{
	if (!node_is(ld->diag, node, YAML_KIND_SCALAR, "a footprint entry"))
		return;
	*ABI_LIST_ADD(ld->arena, &cmd->footprint) = (struct abi_footprint){.text = node->text};
}

static void load_order(struct abi_loader *ld, struct abi_command *cmd, const struct yaml_node *node)
{
	if (node_is(ld->diag, node, YAML_KIND_SCALAR, "an order"))
		*ABI_LIST_ADD(ld->arena, &cmd->order_text) = node->text;
}

static struct abi_text word_text(struct key_reader *r, const char *key, const char *const *words)
{
	int i = keys_word(r, key, words, 0);

	return (struct abi_text){.s = words[i], .loc = r->map->loc};
}

static void read_identity(struct abi_loader *ld, struct key_reader *r, struct abi_command *cmd)
{
	enum key_need need;

	cmd->loc = r->map->loc;
	cmd->interface = ld->interface;
	cmd->name = keys_name(r, "name", KEY_REQUIRED);
	need = cmd->name.s != NULL && strcmp(cmd->name.s, "RMI_ANY") == 0 ? KEY_OPTIONAL
									  : KEY_REQUIRED;
	cmd->has_fid = keys_u32(r, "fid", need, UINT32_MAX, &cmd->fid);
	cmd->versions = versions_read(r, ld->abi, abi_all_versions(ld->abi));
	cmd->section = keys_text(r, "section", KEY_OPTIONAL);
	cmd->source = keys_text(r, "source", KEY_REQUIRED);
	cmd->doc = keys_text(r, "doc", need);
	cmd->notes = keys_text(r, "notes", KEY_OPTIONAL);
	cmd->group = word_text(r, "group", groups);
	cmd->sro_may = keys_word(r, "sro", sro_words, 0) == 1;
	cmd->transfers_memory = keys_bool(r, "transfers_memory", false);
	cmd->handler = keys_bool(r, "handler", false);
}

static void read_registers(struct abi_loader *ld, struct key_reader *r, struct abi_command *cmd)
{
	const struct yaml_node *inputs = keys_list(r, "inputs", KEY_OPTIONAL);
	const struct yaml_node *outputs = keys_list(r, "outputs", KEY_OPTIONAL);

	for (size_t i = 0; inputs != NULL && i < inputs->items.n; i++)
		load_param(ld, ABI_LIST_ADD(ld->arena, &cmd->inputs), inputs->items.v[i]);
	for (size_t i = 0; outputs != NULL && i < outputs->items.n; i++)
		load_param(ld, ABI_LIST_ADD(ld->arena, &cmd->outputs), outputs->items.v[i]);
}

static void read_lists(struct abi_loader *ld, struct key_reader *r, struct abi_command *cmd)
{
	const struct yaml_node *context = keys_list(r, "context", KEY_OPTIONAL);
	const struct yaml_node *fail = keys_list(r, "fail", KEY_OPTIONAL);
	const struct yaml_node *order = keys_list(r, "order", KEY_OPTIONAL);
	const struct yaml_node *ok = keys_list(r, "ok", KEY_OPTIONAL);
	const struct yaml_node *footprint = keys_list(r, "footprint", KEY_OPTIONAL);

	for (size_t i = 0; context != NULL && i < context->items.n; i++)
		load_context(ld, cmd, context->items.v[i]);
	for (size_t i = 0; fail != NULL && i < fail->items.n; i++)
		load_failure(ld, cmd, fail->items.v[i]);
	for (size_t i = 0; order != NULL && i < order->items.n; i++)
		load_order(ld, cmd, order->items.v[i]);
	for (size_t i = 0; ok != NULL && i < ok->items.n; i++)
		load_success(ld, cmd, ok->items.v[i]);
	for (size_t i = 0; footprint != NULL && i < footprint->items.n; i++)
		load_place(ld, cmd, footprint->items.v[i]);
}

static void load_command(struct abi_loader *ld, struct yaml_node *node)
{
	struct abi_command cmd = {.has_fid = false};
	struct key_reader r;

	if (!keys_begin(&r, ld->arena, ld->diag, node, "a command"))
		return;
	read_identity(ld, &r, &cmd);
	read_registers(ld, &r, &cmd);
	read_lists(ld, &r, &cmd);
	keys_end(&r);
	if (cmd.name.s != NULL)
		*ABI_LIST_ADD(ld->arena, &ld->abi->commands) = cmd;
}

void load_commands(struct abi_loader *ld, const struct yaml_node *list)
{
	if (ld->interface.s == NULL) {
		abi_error(ld->diag, list->loc, "commands in a file without 'interface'");
		abi_remedy(ld->diag, "add 'interface: RMI' (or RSI, PSCI, SMCCC) to the file");
	}
	for (size_t i = 0; i < list->items.n; i++)
		load_command(ld, list->items.v[i]);
}
