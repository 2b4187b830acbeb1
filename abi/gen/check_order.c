/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The order that the specification demands between failure conditions, and that
 * the list in which the model evaluates them keeps it. Since the list is kept,
 * there can be no cycle; one that is written down is reported as such.
 */
#include <ctype.h>
#include <string.h>

#include "arena.h"
#include "check.h"
#include "near.h"

#define MAX_GROUP 64

struct order_check {
	struct abi *abi;
	struct abi_diag *diag;
	struct abi_command *cmd;
	struct abi_text text;
	const char *next;
};

/* Conditions of one id (in different versions) named at one side of '<'. */
struct group {
	size_t members[MAX_GROUP];
	size_t n;
};

static struct abi_loc place(const struct order_check *c, const char *at)
{
	struct abi_loc loc = c->text.loc;

	if (c->text.verbatim)
		loc.column += (uint32_t)(at - c->text.s);
	return loc;
}

static void skip_space(struct order_check *c)
{
	while (isspace((unsigned char)*c->next))
		c->next++;
}

static void report_unknown(struct order_check *c, const char *at, const char *id)
{
	struct abi_near near;

	abi_error(c->diag, place(c, at), "'%s' has no failure condition '%s'", c->cmd->name.s, id);
	abi_near_begin_for(&near, c->diag, id);
	for (size_t i = 0; i < c->cmd->fail.n; i++)
		abi_near_try(&near, c->cmd->fail.v[i].id.s);
	if (near.best != NULL)
		abi_remedy(c->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(c->diag, "name ids of 'fail'");
}

static void add_members(struct order_check *c, struct group *group, const char *at, const char *id)
{
	bool found = false;

	for (size_t i = 0; i < c->cmd->fail.n; i++) {
		if (strcmp(c->cmd->fail.v[i].id.s, id) != 0)
			continue;
		found = true;
		if (group->n < MAX_GROUP)
			group->members[group->n++] = i;
	}
	if (!found)
		report_unknown(c, at, id);
}

static bool report_syntax(struct order_check *c)
{
	abi_error(c->diag, place(c, c->next), "a condition's id expected");
	abi_remedy(c->diag, "write an order as \"a, b < c\"");
	return false;
}

/* "a, b" up to '<' or the end. */
static bool read_group(struct order_check *c, struct group *group)
{
	group->n = 0;
	for (;;) {
		const char *start;

		skip_space(c);
		start = c->next;
		while (isalnum((unsigned char)*c->next) || *c->next == '_')
			c->next++;
		if (c->next == start)
			return report_syntax(c);
		add_members(c, group, start,
			    abi_arena_strndup(c->abi->arena, start, (size_t)(c->next - start)));
		skip_space(c);
		if (*c->next != ',')
			return true;
		c->next++;
	}
}

static void add_pair(struct order_check *c, size_t before, size_t after)
{
	const struct abi_condition *a = &c->cmd->fail.v[before];
	const struct abi_condition *b = &c->cmd->fail.v[after];

	if ((a->versions & b->versions) == 0)
		return;
	*ABI_LIST_ADD(c->abi->arena, &c->cmd->order) =
		(struct abi_order_pair){.before = before, .after = after, .loc = c->text.loc};
	if (before < after)
		return;
	if (before == after) {
		abi_error(c->diag, c->text.loc, "'%s' is ordered before itself", a->id.s);
		abi_remedy(c->diag, "remove it from one side");
	} else {
		abi_error(c->diag, a->id.loc,
			  "'%s' is listed behind '%s', which it must precede (line %u)", a->id.s,
			  b->id.s, c->text.loc.line);
		abi_remedy(c->diag, "move it up in 'fail', or correct 'order'");
	}
}

/* "a, b < c < d": each group precedes the next. */
static void read_order(struct order_check *c)
{
	struct group left;
	struct group right;

	if (!read_group(c, &left))
		return;
	if (*c->next != '<') {
		abi_error(c->diag, place(c, c->next), "'<' expected");
		abi_remedy(c->diag, "write an order as \"a, b < c\"");
		return;
	}
	while (*c->next == '<') {
		c->next++;
		if (!read_group(c, &right))
			return;
		for (size_t i = 0; i < left.n; i++)
			for (size_t k = 0; k < right.n; k++)
				add_pair(c, left.members[i], right.members[k]);
		left = right;
	}
	if (*c->next != '\0')
		report_syntax(c);
}

/* Marks the conditions that are preceded by one that is left. */
static void mark_held(const struct abi_command *cmd, const bool *gone, bool *held)
{
	memset(held, 0, cmd->fail.n * sizeof(*held));
	for (size_t k = 0; k < cmd->order.n; k++)
		if (!gone[cmd->order.v[k].before])
			held[cmd->order.v[k].after] = true;
}

/* Finds a cycle by taking away conditions that nothing left precedes. */
static bool has_cycle(const struct abi_command *cmd, struct abi_arena *arena)
{
	bool *gone = abi_arena_alloc(arena, cmd->fail.n, sizeof(*gone));
	bool *held = abi_arena_alloc(arena, cmd->fail.n, sizeof(*held));
	size_t left = cmd->fail.n;
	bool moved = true;

	while (moved) {
		moved = false;
		mark_held(cmd, gone, held);
		for (size_t i = 0; i < cmd->fail.n; i++) {
			if (gone[i] || held[i])
				continue;
			gone[i] = true;
			moved = true;
			left--;
		}
	}
	return left > 0;
}

void check_orders(struct abi *abi, struct abi_diag *diag)
{
	for (size_t i = 0; i < abi->commands.n; i++) {
		struct abi_command *cmd = &abi->commands.v[i];

		for (size_t k = 0; k < cmd->order_text.n; k++) {
			struct order_check c = {.abi = abi, .diag = diag, .cmd = cmd};

			c.text = cmd->order_text.v[k];
			c.next = c.text.s;
			read_order(&c);
		}
		if (cmd->order.n == 0 || !has_cycle(cmd, abi->arena))
			continue;
		abi_error(diag, cmd->order_text.v[0].loc, "the order of '%s' contains a cycle",
			  cmd->name.s);
		abi_remedy(diag, "of two conditions, only one can be reported before the other");
	}
}
