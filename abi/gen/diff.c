/* SPDX-License-Identifier: BSD-3-Clause */
#include "diff.h"

#include <string.h>

#include "diff_parts.h"

bool diff_same_text(const char *a, const char *b)
{
	return a == b || (a != NULL && b != NULL && strcmp(a, b) == 0);
}

void diff_behaviours(const struct diff *d)
{
	bool any = false;

	for (size_t i = 0; i < d->abi->behaviours.n; i++) {
		const struct abi_behaviour *b = &d->abi->behaviours.v[i];
		const bool was = diff_in_from(d, b->spec);

		if (was == diff_in_to(d, b->spec))
			continue;
		if (!any)
			w_text(d->w, "\nBehaviours\n");
		any = true;
		w_printf(d->w, "  %s %s: %s\n", was ? "ends  " : "begins", b->name.s,
			 b->doc.s != NULL ? b->doc.s : "");
	}
}

void abi_diff(const struct abi *abi, size_t from, size_t to, struct writer *w)
{
	const struct diff d = {.abi = abi, .from = from, .to = to, .w = w};
	size_t before;

	w_printf(w, "From %s to %s\n", abi->versions.v[from].name.s, abi->versions.v[to].name.s);
	before = w->len;
	diff_commands(&d);
	diff_types(&d);
	diff_behaviours(&d);
	if (w->len == before)
		w_text(w, "no difference\n");
}
