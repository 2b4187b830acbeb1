/* SPDX-License-Identifier: BSD-3-Clause */
#include "expr.h"

#include <ctype.h>
#include <string.h>

#include "near.h"

#define WIDE_MIN (-((trace_wide)1 << 63))
#define WIDE_MAX (((trace_wide)1 << 64) - 1)

struct expr_parser {
	const struct trace_expr_context *context;
	const struct rmm_abi_type *type;
	struct trace_expr *expr;
	const char *at;
	unsigned int depth;
	bool failed;
};

/* ---- scopes --------------------------------------------------------------- */

void trace_scope_init(struct trace_scope *scope, const struct trace_scope *outer,
		      struct abi_arena *arena)
{
	*scope = (struct trace_scope){
		.outer = outer,
		.names = name_map_new(arena),
		.arena = arena,
	};
}

const struct trace_name *trace_scope_find(const struct trace_scope *scope, const char *name)
{
	for (; scope != NULL; scope = scope->outer) {
		const struct trace_name *found = name_map_find(scope->names, name);

		if (found != NULL)
			return found;
	}
	return NULL;
}

struct trace_name *trace_scope_add(struct trace_scope *scope, struct abi_text name)
{
	const struct name_entry *entry = name_map_entries(scope->names, name.s);
	struct trace_name *added;

	if (entry != NULL)
		return (struct trace_name *)(uintptr_t)entry->thing;
	added = abi_arena_alloc(scope->arena, 1, sizeof(*added));
	added->name = name.s;
	added->loc = name.loc;
	name_map_add(scope->names, name.s, added);
	*ABI_LIST_ADD(scope->arena, &scope->order) = name.s;
	return added;
}

/* ---- errors --------------------------------------------------------------- */

static struct abi_loc place(const struct expr_parser *p, const char *at)
{
	struct abi_loc loc = p->expr->text.loc;

	if (p->expr->text.verbatim)
		loc.column += (uint32_t)(at - p->expr->text.s);
	return loc;
}

static void fail(struct expr_parser *p, const char *at, const char *what, const char *remedy)
{
	if (p->failed)
		return;
	p->failed = true;
	abi_error(p->context->diag, place(p, at), "%s in '%s'", what, p->expr->text.s);
	abi_remedy(p->context->diag, "%s", remedy);
}

static void suggest_from_scope(const struct trace_scope *scope, struct abi_near *near)
{
	for (; scope != NULL; scope = scope->outer)
		for (size_t i = 0; i < scope->order.n; i++)
			abi_near_try(near, scope->order.v[i]);
}

static void fail_name(struct expr_parser *p, const char *at, const char *name)
{
	struct abi_near near;
	const struct rmm_abi_type *type = p->type;

	if (p->failed)
		return;
	p->failed = true;
	abi_near_begin(&near, name);
	suggest_from_scope(p->context->scope, &near);
	for (size_t i = 0; type != NULL && i < type->num_values; i++)
		abi_near_try(&near, type->values[i].name);
	abi_error(p->context->diag, place(p, at), "unknown name '%s'", name);
	if (near.best != NULL)
		abi_remedy(p->context->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(
			p->context->diag,
			"declare it under 'let', save it in an earlier step, or use a label of %s",
			rmm_abi_versions[p->context->version].name);
}

/* ---- reading ---------------------------------------------------------------- */

static void emit(struct expr_parser *p, struct trace_expr_token token)
{
	*ABI_LIST_ADD(p->context->arena, &p->expr->tokens) = token;
}

static void emit_number(struct expr_parser *p, trace_wide number)
{
	emit(p, (struct trace_expr_token){.op = TRACE_EXPR_NUMBER, .number = number});
}

static void skip_space(struct expr_parser *p)
{
	while (isspace((unsigned char)*p->at))
		p->at++;
}

static int digit_value(char c)
{
	if (c >= '0' && c <= '9')
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return 99;
}

static unsigned int size_shift(char c)
{
	switch (c) {
	case 'K':
		return 10;
	case 'M':
		return 20;
	case 'G':
		return 30;
	case 'T':
		return 40;
	default:
		return 0;
	}
}

/* 4096, 0x1000, 0x8_8000_0000, 4K, 1G */
static void read_number(struct expr_parser *p)
{
	const char *start = p->at;
	int base = 10;
	trace_wide number = 0;
	bool digits = false;

	if (p->at[0] == '0' && (p->at[1] == 'x' || p->at[1] == 'X')) {
		base = 16;
		p->at += 2;
	}
	for (; *p->at == '_' || digit_value(*p->at) < base; p->at++) {
		if (*p->at == '_')
			continue;
		digits = true;
		number = number * base + digit_value(*p->at);
		if (number > WIDE_MAX) {
			fail(p, start, "number of more than 64 bits", "write a smaller number");
			return;
		}
	}
	if (size_shift(*p->at) != 0)
		number <<= size_shift(*p->at++);
	if (!digits || isalnum((unsigned char)*p->at) || *p->at == '_' || *p->at == '.')
		fail(p, start, "malformed number",
		     "write decimal digits, 0x and hexadecimal digits, or a size such as 4K");
	else if (number > WIDE_MAX)
		fail(p, start, "number of more than 64 bits", "write a smaller number");
	emit_number(p, number);
}

static bool find_label(const struct expr_parser *p, const char *name, uint64_t *value)
{
	enum rmm_version version = p->context->version;

	if (p->type != NULL && rmm_abi_label_value(p->type, version, name, value))
		return true;
	return rmm_abi_label_find(version, name, value);
}

static void read_name(struct expr_parser *p)
{
	const char *start = p->at;
	const struct trace_name *found;
	const char *name;
	uint64_t value;

	while (isalnum((unsigned char)*p->at) || *p->at == '_')
		p->at++;
	name = abi_arena_strndup(p->context->arena, start, (size_t)(p->at - start));
	found = trace_scope_find(p->context->scope, name);
	if (found != NULL && found->constant) {
		emit_number(p, found->value);
	} else if (found != NULL) {
		p->expr->constant = false;
		emit(p, (struct trace_expr_token){.op = TRACE_EXPR_SLOT, .slot = found->slot});
	} else if (strcmp(name, "true") == 0 || strcmp(name, "false") == 0) {
		emit_number(p, name[0] == 't');
	} else if (find_label(p, name, &value)) {
		emit_number(p, value);
	} else {
		fail_name(p, start, name);
	}
}

static void read_or(struct expr_parser *p);

static void read_primary(struct expr_parser *p)
{
	skip_space(p);
	if (isdigit((unsigned char)*p->at)) {
		read_number(p);
	} else if (isalpha((unsigned char)*p->at) || *p->at == '_') {
		read_name(p);
	} else if (*p->at == '(') {
		p->at++;
		read_or(p);
		skip_space(p);
		if (*p->at != ')')
			fail(p, p->at, "missing ')'", "close the bracket");
		else
			p->at++;
	} else {
		fail(p, p->at, *p->at == '\0' ? "a number is missing" : "unexpected character",
		     "write a number, a name, or an expression with + - * | << and brackets");
	}
}

static void read_unary(struct expr_parser *p)
{
	bool negative;

	if (++p->depth > TRACE_EXPR_DEPTH / 2) {
		fail(p, p->at, "brackets nested too deeply", "give a part a name under 'let'");
		p->depth--;
		return;
	}
	skip_space(p);
	negative = *p->at == '-';
	if (negative)
		p->at++;
	read_primary(p);
	if (negative)
		emit(p, (struct trace_expr_token){.op = TRACE_EXPR_NEG});
	p->depth--;
}

static void read_product(struct expr_parser *p)
{
	read_unary(p);
	for (skip_space(p); !p->failed && *p->at == '*'; skip_space(p)) {
		p->at++;
		read_unary(p);
		emit(p, (struct trace_expr_token){.op = TRACE_EXPR_MUL});
	}
}

static void read_sum(struct expr_parser *p)
{
	read_product(p);
	for (skip_space(p); !p->failed && (*p->at == '+' || *p->at == '-'); skip_space(p)) {
		enum trace_expr_op op = *p->at == '+' ? TRACE_EXPR_ADD : TRACE_EXPR_SUB;

		p->at++;
		read_product(p);
		emit(p, (struct trace_expr_token){.op = op});
	}
}

static void read_shift(struct expr_parser *p)
{
	read_sum(p);
	for (skip_space(p); !p->failed && p->at[0] == '<' && p->at[1] == '<'; skip_space(p)) {
		p->at += 2;
		read_sum(p);
		emit(p, (struct trace_expr_token){.op = TRACE_EXPR_SHL});
	}
}

static void read_or(struct expr_parser *p)
{
	read_shift(p);
	for (skip_space(p); !p->failed && *p->at == '|'; skip_space(p)) {
		p->at++;
		read_shift(p);
		emit(p, (struct trace_expr_token){.op = TRACE_EXPR_OR});
	}
}

const struct trace_expr *trace_expr_parse(const struct trace_expr_context *context,
					  struct abi_text text, const struct rmm_abi_type *type)
{
	struct trace_expr *expr = abi_arena_alloc(context->arena, 1, sizeof(*expr));
	struct expr_parser p = {.context = context, .type = type, .expr = expr, .at = text.s};

	expr->text = text;
	expr->constant = true;
	read_or(&p);
	skip_space(&p);
	if (!p.failed && *p.at != '\0')
		fail(&p, p.at, "unexpected text", "join numbers with + - * | or <<");
	if (!p.failed && expr->constant && !trace_expr_eval(expr, NULL, &expr->value))
		fail(&p, text.s, "a result that does not fit 64 bits", "check the numbers");
	return p.failed ? NULL : expr;
}

/* ---- evaluation --------------------------------------------------------------- */

static bool apply(enum trace_expr_op op, trace_wide a, trace_wide b, trace_wide *out)
{
	switch (op) {
	case TRACE_EXPR_ADD:
		*out = a + b;
		break;
	case TRACE_EXPR_SUB:
		*out = a - b;
		break;
	case TRACE_EXPR_MUL:
		if (__builtin_mul_overflow(a, b, out))
			return false;
		break;
	case TRACE_EXPR_OR:
		*out = a | b;
		break;
	case TRACE_EXPR_SHL:
		if (b < 0 || b > 63 || a < 0)
			return false;
		*out = a << b;
		break;
	default:
		return false;
	}
	return *out >= WIDE_MIN && *out <= WIDE_MAX;
}

bool trace_expr_eval(const struct trace_expr *expr, const uint64_t *slots, trace_wide *out)
{
	trace_wide stack[TRACE_EXPR_DEPTH * 4];
	size_t n = 0;

	for (size_t i = 0; i < expr->tokens.n; i++) {
		const struct trace_expr_token *t = &expr->tokens.v[i];

		if (t->op == TRACE_EXPR_NUMBER || t->op == TRACE_EXPR_SLOT) {
			if (n == sizeof(stack) / sizeof(stack[0]) ||
			    (t->op == TRACE_EXPR_SLOT && slots == NULL))
				return false;
			stack[n++] =
				t->op == TRACE_EXPR_NUMBER ? t->number : (trace_wide)slots[t->slot];
		} else if (t->op == TRACE_EXPR_NEG) {
			if (n < 1 || !apply(TRACE_EXPR_SUB, 0, stack[n - 1], &stack[n - 1]))
				return false;
		} else {
			if (n < 2 || !apply(t->op, stack[n - 2], stack[n - 1], &stack[n - 2]))
				return false;
			n--;
		}
	}
	if (n != 1)
		return false;
	*out = stack[0];
	return true;
}

bool trace_wide_fits(trace_wide value, unsigned int width, bool is_signed)
{
	trace_wide least = is_signed ? -((trace_wide)1 << (width - 1)) : 0;

	return value >= least && value < (trace_wide)1 << width;
}
