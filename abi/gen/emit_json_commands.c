/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands, conditions and expression trees in rmm-abi.json. */
#include "emit_json.h"

#include "ident.h"

static const char *op_text(enum abi_op op)
{
	static const char *const texts[] = {
		[ABI_OP_NONE] = "",  [ABI_OP_NOT] = "!", [ABI_OP_NEG] = "-", [ABI_OP_OR] = "||",
		[ABI_OP_AND] = "&&", [ABI_OP_EQ] = "==", [ABI_OP_NE] = "!=", [ABI_OP_LT] = "<",
		[ABI_OP_LE] = "<=",  [ABI_OP_GT] = ">",  [ABI_OP_GE] = ">=", [ABI_OP_ADD] = "+",
		[ABI_OP_SUB] = "-",  [ABI_OP_MUL] = "*", [ABI_OP_POW] = "^",
	};

	return texts[op];
}

static const char *expr_kind(enum abi_expr_kind kind)
{
	static const char *const names[] = {
		[ABI_EXPR_INT] = "int",     [ABI_EXPR_NAME] = "name",
		[ABI_EXPR_CALL] = "call",   [ABI_EXPR_MEMBER] = "member",
		[ABI_EXPR_INDEX] = "index", [ABI_EXPR_SLICE] = "slice",
		[ABI_EXPR_UNARY] = "unary", [ABI_EXPR_BINARY] = "binary",
	};

	return names[kind];
}

static const char *name_kind(enum abi_name_kind kind)
{
	static const char *const names[] = {
		[ABI_NAME_UNRESOLVED] = "unresolved", [ABI_NAME_CONTEXT] = "context",
		[ABI_NAME_INPUT] = "input",           [ABI_NAME_OUTPUT] = "output",
		[ABI_NAME_CONSTANT] = "constant",     [ABI_NAME_LABEL] = "label",
	};

	return names[kind];
}

void json_expr(struct json *j, const char *key, const struct abi_expr *expr)
{
	if (!expr)
		return;
	json_one_line(j);
	json_object(j, key);
	json_string(j, "kind", expr_kind(expr->kind));
	if (expr->kind == ABI_EXPR_INT)
		json_number(j, "value", expr->number);
	if (expr->text)
		json_string(j, "text", expr->text);
	if (expr->kind == ABI_EXPR_NAME)
		json_string(j, "names", name_kind(expr->name_kind));
	if (expr->op != ABI_OP_NONE)
		json_string(j, "op", op_text(expr->op));
	if (expr->type && expr->type->name.s)
		json_string(j, "type", expr->type->name.s);
	if (expr->num_args) {
		json_array(j, "args");
		for (size_t i = 0; i < expr->num_args; i++)
			json_expr(j, NULL, expr->args[i]);
		json_end_array(j);
	}
	json_end_object(j);
}

static void emit_params(struct json *j, const char *key, const struct abi_param *v, size_t n)
{
	json_array(j, key);
	for (size_t i = 0; i < n; i++) {
		json_one_line(j);
		json_object(j, NULL);
		json_text(j, "name", v[i].name);
		json_number(j, "reg", v[i].reg);
		json_number(j, "lsb", v[i].lsb);
		json_number(j, "width", v[i].width);
		json_text(j, "type", v[i].type_name);
		json_text(j, "doc", v[i].doc);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_context(struct json *j, const struct abi_command *c)
{
	json_array(j, "context");
	for (size_t i = 0; i < c->context.n; i++) {
		json_object(j, NULL);
		json_text(j, "name", c->context.v[i].name);
		json_string(j, "at", c->context.v[i].after ? "after" : "before");
		json_text(j, "value", c->context.v[i].text);
		json_expr(j, "tree", c->context.v[i].value);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_data(struct json *j, const struct abi_condition *f)
{
	if (f->data.n == 0)
		return;
	json_array(j, "data");
	for (size_t i = 0; i < f->data.n; i++) {
		json_object(j, NULL);
		json_text(j, "name", f->data.v[i].name);
		json_text(j, "value", f->data.v[i].text);
		json_expr(j, "tree", f->data.v[i].value);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_failure(struct json *j, const struct abi *abi, const struct abi_command *c,
			 const struct abi_condition *f)
{
	json_object(j, NULL);
	json_text(j, "id", f->id);
	json_string(j, "constant", f->constant);
	json_text(j, "when", f->when);
	json_expr(j, "when_tree", f->when_expr);
	json_text(j, "then", f->then);
	json_number(j, "status", f->status);
	emit_data(j, f);
	json_text(j, "says", f->says);
	json_versions(j, abi, "versions", f->versions & c->versions);
	json_end_object(j);
}

static void emit_order(struct json *j, const struct abi_command *c)
{
	json_array(j, "order");
	for (size_t i = 0; i < c->order.n; i++) {
		json_one_line(j);
		json_array(j, NULL);
		json_text(j, NULL, c->fail.v[c->order.v[i].before].id);
		json_text(j, NULL, c->fail.v[c->order.v[i].after].id);
		json_end_array(j);
	}
	json_end_array(j);
}

static void emit_ok(struct json *j, const struct abi *abi, const struct abi_command *c)
{
	json_array(j, "ok");
	for (size_t i = 0; i < c->ok.n; i++) {
		const struct abi_condition *k = &c->ok.v[i];

		json_object(j, NULL);
		json_text(j, "id", k->id);
		json_text(j, "when", k->when);
		json_expr(j, "when_tree", k->when_expr);
		json_text(j, "then", k->then);
		json_expr(j, "then_tree", k->then_expr);
		json_versions(j, abi, "versions", k->versions & c->versions);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_footprint(struct json *j, const struct abi_command *c)
{
	json_array(j, "footprint");
	for (size_t i = 0; i < c->footprint.n; i++) {
		json_object(j, NULL);
		json_text(j, "path", c->footprint.v[i].text);
		json_expr(j, "tree", c->footprint.v[i].expr);
		json_end_object(j);
	}
	json_end_array(j);
}

static void emit_head(struct json *j, const struct abi *abi, const struct abi_command *c)
{
	json_text(j, "name", c->name);
	json_text(j, "interface", c->interface);
	if (c->has_fid)
		json_number(j, "fid", c->fid);
	json_versions(j, abi, "versions", c->versions);
	json_text(j, "section", c->section);
	json_text(j, "group", c->group);
	json_string(j, "sro", c->sro_may ? "may" : "no");
	json_bool(j, "transfers_memory", c->transfers_memory);
	json_bool(j, "handler", c->handler);
	json_text(j, "doc", c->doc);
	json_text(j, "source", c->source);
	json_text(j, "notes", c->notes);
}

static void emit_command(struct json *j, const struct abi *abi, const struct abi_command *c)
{
	json_object(j, NULL);
	emit_head(j, abi, c);
	emit_params(j, "inputs", c->inputs.v, c->inputs.n);
	emit_params(j, "outputs", c->outputs.v, c->outputs.n);
	emit_context(j, c);
	json_array(j, "fail");
	for (size_t i = 0; i < c->fail.n; i++)
		emit_failure(j, abi, c, &c->fail.v[i]);
	json_end_array(j);
	emit_order(j, c);
	emit_ok(j, abi, c);
	emit_footprint(j, c);
	json_end_object(j);
}

void json_commands(struct json *j, const struct abi *abi)
{
	json_array(j, "commands");
	for (size_t i = 0; i < abi->commands.n; i++)
		emit_command(j, abi, &abi->commands.v[i]);
	json_end_array(j);
}
