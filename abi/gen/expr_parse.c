/* SPDX-License-Identifier: BSD-3-Clause */
#include "expr.h"

#include <ctype.h>
#include <string.h>

#define MAX_DEPTH 64
#define MAX_NODES 1000
#define MAX_ARGS  16

enum token_kind { TOKEN_END, TOKEN_INT, TOKEN_NAME, TOKEN_MARK, TOKEN_BAD };

struct token {
	enum token_kind kind;
	const char *start;
	size_t len;
	uint64_t number;
};

struct expr_parser {
	struct abi_text text;
	struct abi_arena *arena;
	struct abi_diag *diag;
	const char *next; /* behind the token */
	struct token token;
	unsigned int depth;
	unsigned int nodes;
	bool failed;
};

struct binary_op {
	const char *mark;
	enum abi_op op;
};

/* From the weakest to the strongest. Comparisons do not chain. */
static const struct binary_op or_ops[] = {{"||", ABI_OP_OR}, {NULL, ABI_OP_NONE}};
static const struct binary_op and_ops[] = {{"&&", ABI_OP_AND}, {NULL, ABI_OP_NONE}};
static const struct binary_op compare_ops[] = {
	{"==", ABI_OP_EQ}, {"!=", ABI_OP_NE}, {"<=", ABI_OP_LE},   {">=", ABI_OP_GE},
	{"<", ABI_OP_LT},  {">", ABI_OP_GT},  {NULL, ABI_OP_NONE},
};
static const struct binary_op add_ops[] = {
	{"+", ABI_OP_ADD}, {"-", ABI_OP_SUB}, {NULL, ABI_OP_NONE}};
static const struct binary_op mul_ops[] = {{"*", ABI_OP_MUL}, {NULL, ABI_OP_NONE}};
static const struct binary_op pow_ops[] = {{"^", ABI_OP_POW}, {NULL, ABI_OP_NONE}};

static const struct binary_op *const levels[] = {
	or_ops, and_ops, compare_ops, add_ops, mul_ops, pow_ops,
};

enum { LEVEL_COMPARE = 2, LEVEL_POW = 5, NUM_LEVELS = 6 };

static const char *const marks[] = {"||", "&&", "==", "!=", "<=", ">=", "..", "<", ">", "+", "-",
				    "*",  "^",  "!",  ".",  ",",  "(",  ")",  "[", "]", NULL};

static struct abi_expr *parse_level(struct expr_parser *p, size_t level);

const char *expr_op_text(enum abi_op op)
{
	static const char *const texts[] = {
		[ABI_OP_NONE] = "",  [ABI_OP_NOT] = "!", [ABI_OP_NEG] = "-", [ABI_OP_OR] = "||",
		[ABI_OP_AND] = "&&", [ABI_OP_EQ] = "==", [ABI_OP_NE] = "!=", [ABI_OP_LT] = "<",
		[ABI_OP_LE] = "<=",  [ABI_OP_GT] = ">",  [ABI_OP_GE] = ">=", [ABI_OP_ADD] = "+",
		[ABI_OP_SUB] = "-",  [ABI_OP_MUL] = "*", [ABI_OP_POW] = "^",
	};

	return texts[op];
}

/* ---- tokens --------------------------------------------------------------- */

static struct abi_loc place(const struct expr_parser *p, const char *at)
{
	struct abi_loc loc = p->text.loc;

	if (p->text.verbatim)
		loc.column += (uint32_t)(at - p->text.s);
	return loc;
}

static struct abi_expr *fail(struct expr_parser *p, const char *what, const char *remedy)
{
	if (!p->failed) {
		abi_error(p->diag, place(p, p->token.start), "%s", what);
		abi_remedy(p->diag, "%s", remedy);
	}
	p->failed = true;
	return NULL;
}

static void read_number(struct expr_parser *p)
{
	const char *s = p->token.start;
	bool hex = s[0] == '0' && (s[1] == 'x' || s[1] == 'X');
	uint64_t base = hex ? 16 : 10;
	const char *end = s + (hex ? 2 : 0);
	uint64_t value = 0;
	bool ok;

	for (; hex ? isxdigit((unsigned char)*end) : isdigit((unsigned char)*end); end++) {
		uint64_t digit = isdigit((unsigned char)*end)
					 ? (uint64_t)(*end - '0')
					 : (uint64_t)(tolower((unsigned char)*end) - 'a' + 10);

		if (value > (UINT64_MAX - digit) / base)
			fail(p, "the number does not fit in 64 bits", "write a power as 2^n");
		value = value * base + digit;
	}
	ok = end != s + (hex ? 2 : 0) && !isalnum((unsigned char)*end) && *end != '_';
	p->token.kind = ok ? TOKEN_INT : TOKEN_BAD;
	p->token.number = value;
	p->token.len = (size_t)(end - s);
}

static void read_mark(struct expr_parser *p)
{
	p->token.kind = TOKEN_BAD;
	p->token.len = 1;
	for (size_t i = 0; marks[i] != NULL; i++) {
		size_t len = strlen(marks[i]);

		if (strncmp(p->token.start, marks[i], len) == 0) {
			p->token.kind = TOKEN_MARK;
			p->token.len = len;
			return;
		}
	}
}

static void advance(struct expr_parser *p)
{
	const char *s = p->next;

	while (isspace((unsigned char)*s))
		s++;
	p->token = (struct token){.start = s};
	if (*s == '\0') {
		p->token.kind = TOKEN_END;
	} else if (isdigit((unsigned char)*s)) {
		read_number(p);
	} else if (isalpha((unsigned char)*s) || *s == '_') {
		p->token.kind = TOKEN_NAME;
		while (isalnum((unsigned char)s[p->token.len]) || s[p->token.len] == '_')
			p->token.len++;
	} else {
		read_mark(p);
	}
	p->next = s + p->token.len;
}

static bool at_mark(const struct expr_parser *p, const char *mark)
{
	return p->token.kind == TOKEN_MARK && strlen(mark) == p->token.len &&
	       memcmp(p->token.start, mark, p->token.len) == 0;
}

static bool accept(struct expr_parser *p, const char *mark)
{
	if (!at_mark(p, mark))
		return false;
	advance(p);
	return true;
}

static bool expect(struct expr_parser *p, const char *mark, const char *what)
{
	if (accept(p, mark))
		return true;
	fail(p, what, "close the bracket, or remove what stands before its end");
	return false;
}

/* ---- nodes ---------------------------------------------------------------- */

static struct abi_expr *new_expr(struct expr_parser *p, enum abi_expr_kind kind, const char *at)
{
	struct abi_expr *e;

	if (++p->nodes > MAX_NODES)
		return fail(p, "the expression is too long", "split it, or declare a function");
	e = abi_arena_alloc(p->arena, 1, sizeof(*e));
	e->kind = kind;
	e->loc = place(p, at);
	return e;
}

static void set_args(struct expr_parser *p, struct abi_expr *e, struct abi_expr *const *args,
		     size_t n)
{
	e->args = abi_arena_alloc(p->arena, n, sizeof(struct abi_expr *));
	e->num_args = n;
	for (size_t i = 0; i < n; i++)
		e->args[i] = args[i];
}

static struct abi_expr *new_operation(struct expr_parser *p, enum abi_op op, const char *at,
				      struct abi_expr *left, struct abi_expr *right)
{
	struct abi_expr *args[2] = {left, right};
	struct abi_expr *e = new_expr(p, right == NULL ? ABI_EXPR_UNARY : ABI_EXPR_BINARY, at);

	if (e == NULL)
		return NULL;
	e->op = op;
	set_args(p, e, args, right == NULL ? 1 : 2);
	return e;
}

static struct abi_expr *parse_expr(struct expr_parser *p)
{
	struct abi_expr *e;

	if (p->depth == MAX_DEPTH)
		return fail(p, "the expression is nested too deeply",
			    "split it into context values");
	p->depth++;
	e = parse_level(p, 0);
	p->depth--;
	return e;
}

/* ---- grammar -------------------------------------------------------------- */

static struct abi_expr *parse_arguments(struct expr_parser *p, struct abi_expr *call)
{
	struct abi_expr *args[MAX_ARGS];
	size_t n = 0;

	while (!at_mark(p, ")")) {
		if (n == MAX_ARGS)
			return fail(p, "too many arguments", "functions have at most 16");
		args[n] = parse_expr(p);
		if (args[n++] == NULL)
			return NULL;
		if (!at_mark(p, ")") && !expect(p, ",", "',' or ')' expected"))
			return NULL;
	}
	advance(p);
	set_args(p, call, args, n);
	return call;
}

static struct abi_expr *parse_name(struct expr_parser *p)
{
	struct abi_expr *e = new_expr(p, ABI_EXPR_NAME, p->token.start);

	if (e == NULL)
		return NULL;
	e->text = abi_arena_strndup(p->arena, p->token.start, p->token.len);
	advance(p);
	if (!accept(p, "("))
		return e;
	e->kind = ABI_EXPR_CALL;
	return parse_arguments(p, e);
}

static struct abi_expr *parse_primary(struct expr_parser *p)
{
	struct abi_expr *e;

	if (p->token.kind == TOKEN_NAME)
		return parse_name(p);
	if (p->token.kind == TOKEN_INT) {
		e = new_expr(p, ABI_EXPR_INT, p->token.start);
		if (e != NULL)
			e->number = p->token.number;
		advance(p);
		return e;
	}
	if (accept(p, "(")) {
		e = parse_expr(p);
		return e != NULL && expect(p, ")", "')' expected") ? e : NULL;
	}
	if (p->token.kind == TOKEN_END)
		return fail(p, "the expression ends too early", "complete it");
	return fail(p, "a value expected", "write a number, a name, a call or '(' here");
}

static struct abi_expr *parse_member(struct expr_parser *p, struct abi_expr *object)
{
	struct abi_expr *e;

	if (p->token.kind != TOKEN_NAME)
		return fail(p, "a field name expected behind '.'", "write the name of a field");
	e = new_expr(p, ABI_EXPR_MEMBER, p->token.start);
	if (e == NULL)
		return NULL;
	e->text = abi_arena_strndup(p->arena, p->token.start, p->token.len);
	set_args(p, e, &object, 1);
	advance(p);
	return e;
}

static struct abi_expr *parse_index(struct expr_parser *p, struct abi_expr *object, const char *at)
{
	struct abi_expr *args[3] = {object};
	struct abi_expr *e = new_expr(p, ABI_EXPR_INDEX, at);
	size_t n = 2;

	if (e == NULL)
		return NULL;
	args[1] = parse_expr(p);
	if (args[1] != NULL && accept(p, "..")) {
		e->kind = ABI_EXPR_SLICE;
		args[2] = parse_expr(p);
		n = 3;
	}
	if (args[n - 1] == NULL || !expect(p, "]", "']' expected"))
		return NULL;
	set_args(p, e, args, n);
	return e;
}

static struct abi_expr *parse_postfix(struct expr_parser *p)
{
	struct abi_expr *e = parse_primary(p);

	while (e != NULL) {
		const char *at = p->token.start;

		if (accept(p, "."))
			e = parse_member(p, e);
		else if (accept(p, "["))
			e = parse_index(p, e, at);
		else
			break;
	}
	return e;
}

static struct abi_expr *parse_unary(struct expr_parser *p)
{
	const char *at = p->token.start;
	enum abi_op op = at_mark(p, "!") ? ABI_OP_NOT : at_mark(p, "-") ? ABI_OP_NEG : ABI_OP_NONE;
	struct abi_expr *operand;

	if (op == ABI_OP_NONE)
		return parse_postfix(p);
	if (p->depth == MAX_DEPTH)
		return fail(p, "the expression is nested too deeply",
			    "split it into context values");
	advance(p);
	p->depth++;
	operand = parse_unary(p);
	p->depth--;
	return operand != NULL ? new_operation(p, op, at, operand, NULL) : NULL;
}

static enum abi_op operator_at(const struct expr_parser *p, const struct binary_op *ops)
{
	for (; ops->mark != NULL; ops++)
		if (at_mark(p, ops->mark))
			return ops->op;
	return ABI_OP_NONE;
}

/* pow := unary [ "^" unary ], cmp := add [ op add ]; the others repeat. */
static struct abi_expr *parse_level(struct expr_parser *p, size_t level)
{
	struct abi_expr *left = level == NUM_LEVELS ? parse_unary(p) : parse_level(p, level + 1);

	if (level == NUM_LEVELS)
		return left;
	while (left != NULL) {
		const char *at = p->token.start;
		enum abi_op op = operator_at(p, levels[level]);
		struct abi_expr *right;

		if (op == ABI_OP_NONE)
			break;
		advance(p);
		right = parse_level(p, level + 1);
		left = right != NULL ? new_operation(p, op, at, left, right) : NULL;
		if (level == LEVEL_COMPARE || level == LEVEL_POW)
			break;
	}
	return left;
}

struct abi_expr *expr_parse(struct abi_text text, struct abi_arena *arena, struct abi_diag *diag)
{
	struct expr_parser p = {.text = text, .arena = arena, .diag = diag, .next = text.s};
	struct abi_expr *e;

	advance(&p);
	e = parse_expr(&p);
	if (e != NULL && p.token.kind == TOKEN_BAD)
		e = fail(&p, "a character that has no meaning in conditions",
			 "see the grammar in abi/schema.md, section 4");
	else if (e != NULL && p.token.kind != TOKEN_END)
		e = fail(&p, "the expression should end here",
			 "join parts with && or ||; comparisons and ^ do not chain");
	return p.failed ? NULL : e;
}
