/* SPDX-License-Identifier: BSD-3-Clause */
/* Conditions that came, went or changed. */
#include <string.h>

#include "diff_parts.h"
#include "ident.h"

static const struct abi_condition *find(const struct abi_condition *v, size_t n, size_t version,
					const char *id)
{
	for (size_t i = 0; i < n; i++)
		if (in_version(v[i].versions, version) && strcmp(v[i].id.s, id) == 0)
			return &v[i];
	return NULL;
}

static const char *or_always(const char *when)
{
	return when != NULL ? when : "always";
}

static void w_condition(struct writer *out, const char *kind, const char *change,
			const struct abi_condition *c)
{
	w_printf(out, "      %s %s %s: %s => %s\n", kind, c->id.s, change, or_always(c->when.s),
		 c->then.s);
}

static void diff_pair(const char *kind, const struct abi_condition *a,
		      const struct abi_condition *b, struct writer *out)
{
	if (diff_same_text(a->when.s, b->when.s) && diff_same_text(a->then.s, b->then.s))
		return;
	w_condition(out, kind, "was", a);
	w_condition(out, kind, "is", b);
}

static void diff_list(const struct diff *d, const char *kind, const struct abi_condition *a,
		      size_t num_a, const struct abi_condition *b, size_t num_b, struct writer *out)
{
	for (size_t i = 0; i < num_a; i++) {
		const struct abi_condition *other = find(b, num_b, d->to, a[i].id.s);

		if (!in_version(a[i].versions, d->from))
			continue;
		if (other == NULL)
			w_condition(out, kind, "removed", &a[i]);
		else
			diff_pair(kind, &a[i], other, out);
	}
	for (size_t i = 0; i < num_b; i++)
		if (in_version(b[i].versions, d->to) && find(a, num_a, d->from, b[i].id.s) == NULL)
			w_condition(out, kind, "added", &b[i]);
}

void diff_conditions(const struct diff *d, const struct abi_command *a, const struct abi_command *b,
		     struct writer *out)
{
	diff_list(d, "failure", a->fail.v, a->fail.n, b->fail.v, b->fail.n, out);
	diff_list(d, "success", a->ok.v, a->ok.n, b->ok.v, b->ok.n, out);
}
