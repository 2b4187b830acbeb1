/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands that came, went, or changed FID, registers or conditions. */
#include <inttypes.h>
#include <string.h>

#include "diff_parts.h"
#include "ident.h"
#include "index.h"

/* ---- registers -------------------------------------------------------------- */

static void w_place(struct writer *w, const struct abi_param *p)
{
	w_printf(w, "X%u", p->reg);
	if (p->width != 64 || p->lsb != 0)
		w_printf(w, "[%u:%u]", p->lsb + p->width - 1, p->lsb);
	w_printf(w, " %s", p->type_name.s);
}

static bool same_place(const struct abi_param *a, const struct abi_param *b)
{
	return a->reg == b->reg && a->lsb == b->lsb && a->width == b->width && a->type == b->type;
}

static const struct abi_param *find_param(const struct abi_param *v, size_t n, const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(v[i].name.s, name) == 0)
			return &v[i];
	return NULL;
}

static void diff_param(const char *side, const struct abi_param *a, const struct abi_param *b,
		       struct writer *out)
{
	if (a != NULL && b != NULL && same_place(a, b))
		return;
	w_printf(out, "      %s %s: ", side, a != NULL ? a->name.s : b->name.s);
	if (a == NULL)
		w_text(out, "added in ");
	else
		w_place(out, a);
	if (b != NULL) {
		w_text(out, a != NULL ? " -> " : "");
		w_place(out, b);
	} else {
		w_text(out, " removed");
	}
	w_char(out, '\n');
}

static void diff_params(const char *side, const struct abi_param *a, size_t num_a,
			const struct abi_param *b, size_t num_b, struct writer *out)
{
	for (size_t i = 0; i < num_a; i++)
		diff_param(side, &a[i], find_param(b, num_b, a[i].name.s), out);
	for (size_t i = 0; i < num_b; i++)
		if (find_param(a, num_a, b[i].name.s) == NULL)
			diff_param(side, NULL, &b[i], out);
}

/* ---- forms ------------------------------------------------------------------ */

static void diff_identity(const struct abi_command *a, const struct abi_command *b,
			  struct writer *out)
{
	if (a->fid != b->fid)
		w_printf(out, "      FID: 0x%08" PRIX32 " -> 0x%08" PRIX32 "\n", a->fid, b->fid);
	if (a->sro_may != b->sro_may)
		w_printf(out, "      %s a stateful operation\n",
			 b->sro_may ? "may become" : "is no longer");
	if (a->transfers_memory != b->transfers_memory)
		w_printf(out, "      the operation %s memory\n",
			 b->transfers_memory ? "may transfer" : "no longer transfers");
}

static void diff_form(const struct diff *d, const struct abi_command *a,
		      const struct abi_command *b)
{
	struct writer changes;

	writer_init(&changes);
	if (a != b) {
		diff_identity(a, b, &changes);
		diff_params("input", a->inputs.v, a->inputs.n, b->inputs.v, b->inputs.n, &changes);
		diff_params("output", a->outputs.v, a->outputs.n, b->outputs.v, b->outputs.n,
			    &changes);
	}
	diff_conditions(d, a, b, &changes);
	if (changes.len > 0) {
		w_printf(d->w, "  changed %s\n", a->name.s);
		w_bytes(d->w, changes.data, changes.len);
	}
	d->w->failed = d->w->failed || changes.failed;
	writer_free(&changes);
}

/* The command that had this FID in a version, or NULL. */
static const struct abi_command *fid_owner(const struct abi *abi, size_t version, uint32_t fid)
{
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *cmd = &abi->commands.v[i];

		if (cmd->has_fid && cmd->fid == fid && in_version(cmd->versions, version))
			return cmd;
	}
	return NULL;
}

/* Says whose number it was, or is now: often the same command, renamed. */
static void w_other_name(const struct diff *d, const struct abi_command *cmd, bool added)
{
	const struct abi_command *other =
		cmd->has_fid ? fid_owner(d->abi, added ? d->from : d->to, cmd->fid) : NULL;

	if (other == NULL)
		return;
	w_printf(d->w, added ? ", the FID of %s" : ", now the FID of %s", other->name.s);
}

static void diff_presence(const struct diff *d, const struct abi_command *cmd, bool added)
{
	w_printf(d->w, "  %s %s", added ? "added  " : "removed", cmd->name.s);
	if (cmd->has_fid)
		w_printf(d->w, " (0x%08" PRIX32, cmd->fid);
	w_other_name(d, cmd, added);
	w_text(d->w, cmd->has_fid ? ")\n" : "\n");
}

static void diff_command(const struct diff *d, const char *name)
{
	const struct abi_command *a = abi_form(d->abi, d->from, name);
	const struct abi_command *b = abi_form(d->abi, d->to, name);

	if (a != NULL && b != NULL)
		diff_form(d, a, b);
	else if (a != NULL || b != NULL)
		diff_presence(d, a != NULL ? a : b, a == NULL);
}

void diff_commands(const struct diff *d)
{
	const size_t start = d->w->len;
	const size_t heading = strlen("\nCommands\n");

	w_text(d->w, "\nCommands\n");
	for (size_t i = 0; i < d->abi->commands.n; i++)
		if (command_is_first_form(d->abi, i))
			diff_command(d, d->abi->commands.v[i].name.s);
	if (d->w->len == start + heading)
		d->w->len = start;
}
