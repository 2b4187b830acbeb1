/* SPDX-License-Identifier: BSD-3-Clause */
/* Identity of commands and their registers. */
#include <string.h>

#include "arena.h"
#include "check.h"
#include "names.h"
#include "unique.h"
#include "versions.h"

static bool is_any(const struct abi_command *cmd)
{
	return strcmp(cmd->name.s, "RMI_ANY") == 0;
}

/* ---- names and FIDs ------------------------------------------------------- */

static void check_forms(struct abi *abi, struct abi_diag *diag)
{
	struct unique_names names;

	unique_begin(&names, abi->arena);
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *cmd = &abi->commands.v[i];
		const struct unique_name *other =
			unique_add(&names, cmd->name, cmd->versions, NULL);

		if (other == NULL)
			continue;
		abi_error(diag, cmd->name.loc,
			  "two forms of '%s' (first in %s line %u) exist in %s", cmd->name.s,
			  other->name.loc.file, other->name.loc.line,
			  versions_text(abi->arena, abi, other->versions & cmd->versions));
		abi_remedy(diag, "limit the forms to different versions");
	}
}

static void check_fids(struct abi *abi, struct abi_diag *diag)
{
	struct unique_names fids;

	unique_begin(&fids, abi->arena);
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *cmd = &abi->commands.v[i];
		struct abi_text fid = {.loc = cmd->name.loc};
		const struct unique_name *other;

		if (!cmd->has_fid)
			continue;
		fid.s = abi_arena_printf(abi->arena, "0x%08X", cmd->fid);
		other = unique_add(&fids, fid, cmd->versions, cmd->name.s);
		if (other == NULL || strcmp(other->owner, cmd->name.s) == 0)
			continue; /* two forms of one command: reported as such */
		abi_error(diag, cmd->name.loc, "'%s' has the FID %s of '%s' (%s line %u) in %s",
			  cmd->name.s, fid.s, (const char *)other->owner, other->name.loc.file,
			  other->name.loc.line,
			  versions_text(abi->arena, abi, other->versions & cmd->versions));
		abi_remedy(diag, "correct one of the FIDs, or the versions");
	}
}

/* ---- registers ------------------------------------------------------------ */

struct register_check {
	struct abi *abi;
	struct abi_diag *diag;
	const struct abi_command *cmd;
	const char *side; /* "input" or "output" */
};

static void check_labels_fit(const struct register_check *c, const struct abi_param *p)
{
	for (size_t i = 0; i < p->type->values.n && p->width < 64; i++) {
		const struct abi_enum_value *v = &p->type->values.v[i];

		if ((v->versions & c->cmd->versions) == 0 || v->value >> p->width == 0)
			continue;
		abi_error(c->diag, p->type_name.loc, "%u bits are too few for %s (%llu)", p->width,
			  v->name.s, (unsigned long long)v->value);
		abi_remedy(c->diag, "correct the width of '%s'", p->name.s);
	}
}

static void check_param_type(const struct register_check *c, const struct abi_param *p)
{
	switch (p->type->kind) {
	case ABI_TYPE_ERROR:
		return;
	case ABI_TYPE_ENUM:
		if (p->type->abstract)
			break;
		check_labels_fit(c, p);
		return;
	case ABI_TYPE_UINT:
	case ABI_TYPE_SINT:
	case ABI_TYPE_BITS:
	case ABI_TYPE_ADDRESS:
	case ABI_TYPE_BITFIELD:
		if (p->type->width <= p->width)
			return;
		abi_error(c->diag, p->type_name.loc, "'%s' needs %u bits, but '%s' has %u",
			  p->type_name.s, p->type->width, p->name.s, p->width);
		abi_remedy(c->diag, "correct the type or the part of the register");
		return;
	default:
		break;
	}
	abi_error(c->diag, p->type_name.loc, "a register cannot hold '%s'", p->type_name.s);
	abi_remedy(c->diag, "use an enumeration, a bit field, Address, UIntN, IntN or BitsN");
}

static void check_param(const struct register_check *c, struct abi_param *p)
{
	p->type = abi_type_resolve(c->abi, c->diag, p->type_name);
	if (p->type_name.s == NULL || p->name.s == NULL)
		return;
	check_reference_versions(c->abi, c->diag, p->type_name.loc, p->type_name.s,
				 p->type->versions, c->cmd->versions);
	if (p->width == 0 || p->lsb + p->width > 64) {
		abi_error(c->diag, p->loc, "bits %u to %u of X%u: a register has bits 0 to 63",
			  p->lsb, p->lsb + p->width - 1, p->reg);
		abi_remedy(c->diag, "correct lsb or width");
		return;
	}
	check_param_type(c, p);
}

static bool params_overlap(const struct abi_param *a, const struct abi_param *b)
{
	return !a->broken && !b->broken && a->reg == b->reg && a->lsb < b->lsb + b->width &&
	       b->lsb < a->lsb + a->width;
}

static void check_param_pair(const struct register_check *c, const struct abi_param *a,
			     const struct abi_param *b)
{
	if (a->name.s == NULL || b->name.s == NULL)
		return;
	if (strcmp(a->name.s, b->name.s) == 0) {
		abi_error(c->diag, b->name.loc, "two %ss are called '%s'", c->side, b->name.s);
		abi_remedy(c->diag, "rename one of the two");
	} else if (params_overlap(a, b)) {
		abi_error(c->diag, b->loc, "'%s' shares bits of X%u with '%s'", b->name.s, b->reg,
			  a->name.s);
		abi_remedy(c->diag, "correct reg, lsb or width of one of the two");
	}
}

#define MAX_PARAMS 256

static void check_params(const struct register_check *c, struct abi_param *v, size_t n)
{
	if (n > MAX_PARAMS) {
		abi_error(c->diag, c->cmd->loc, "more than %d %ss", MAX_PARAMS, c->side);
		abi_remedy(c->diag, "a call has 18 registers");
		n = MAX_PARAMS;
	}
	for (size_t i = 0; i < n; i++) {
		check_param(c, &v[i]);
		for (size_t k = 0; k < i; k++)
			check_param_pair(c, &v[k], &v[i]);
	}
}

static void check_fid_register(const struct register_check *c)
{
	for (size_t i = 0; i < c->cmd->inputs.n; i++) {
		const struct abi_param *p = &c->cmd->inputs.v[i];

		if (p->reg != 0 || p->broken || p->name.s == NULL)
			continue;
		abi_error(c->diag, p->loc, "the input '%s' is in X0, which holds the FID",
			  p->name.s);
		abi_remedy(c->diag, "inputs are in X1 and above");
	}
}

static void check_result(const struct register_check *c)
{
	for (size_t i = 0; i < c->cmd->outputs.n; i++) {
		const struct abi_param *p = &c->cmd->outputs.v[i];

		if (p->name.s != NULL && strcmp(p->name.s, "result") == 0 &&
		    (p->reg == 0 || p->broken))
			return;
	}
	if (is_any(c->cmd))
		return;
	abi_error(c->diag, c->cmd->name.loc, "'%s' has no output 'result' in register 0",
		  c->cmd->name.s);
	abi_remedy(c->diag, "add {name: result, reg: 0, type: ...} to the outputs");
}

/* Tables and decoders print the result first. */
static void put_result_first(struct abi_command *cmd)
{
	for (size_t i = 0; i < cmd->outputs.n; i++) {
		struct abi_param p = cmd->outputs.v[i];

		if (p.name.s == NULL || strcmp(p.name.s, "result") != 0)
			continue;
		memmove(&cmd->outputs.v[1], &cmd->outputs.v[0], i * sizeof(p));
		cmd->outputs.v[0] = p;
		return;
	}
}

void check_commands(struct abi *abi, struct abi_diag *diag)
{
	check_forms(abi, diag);
	check_fids(abi, diag);
	for (size_t i = 0; i < abi->commands.n; i++) {
		struct abi_command *cmd = &abi->commands.v[i];
		struct register_check c = {.abi = abi, .diag = diag, .cmd = cmd};

		put_result_first(cmd);
		c.side = "input";
		check_params(&c, cmd->inputs.v, cmd->inputs.n);
		check_fid_register(&c);
		c.side = "output";
		check_params(&c, cmd->outputs.v, cmd->outputs.n);
		check_result(&c);
	}
}
