/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"

#include <ctype.h>
#include <string.h>

#include "diag.h"

#define MAX_LENGTH      64
#define MAX_SUGGESTIONS 100

static size_t allowed_errors(size_t len)
{
	if (len < 2)
		return 0;
	return len < 5 ? 1 : len < 9 ? 2 : 3;
}

void abi_near_begin(struct abi_near *near, const char *wanted)
{
	size_t len = strlen(wanted);

	near->wanted = wanted;
	near->best = NULL;
	near->distance = len > MAX_LENGTH ? 0 : 1 + allowed_errors(len);
}

void abi_near_begin_for(struct abi_near *near, const struct abi_diag *diag, const char *wanted)
{
	abi_near_begin(near, wanted);
	if (abi_diag_errors(diag) > MAX_SUGGESTIONS)
		near->distance = 0;
}

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t substitution_cost(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b) ? 0 : 1;
}

struct distance_rows {
	size_t before[MAX_LENGTH + 2];
	size_t last[MAX_LENGTH + 2];
	size_t row[MAX_LENGTH + 2];
};

/* Cell (i, j): the first i characters of a made into the first j of b. */
static size_t distance_cell(const struct distance_rows *r, const char *a, size_t i, const char *b,
			    size_t j)
{
	size_t cell = r->last[j - 1] + substitution_cost(a[i - 1], b[j - 1]);

	cell = min_size(cell, min_size(r->last[j], r->row[j - 1]) + 1);
	if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
		cell = min_size(cell, r->before[j - 2] + 1);
	return cell;
}

/* Row i, near the diagonal only: further off, cells cannot be below the limit. */
static size_t distance_row(struct distance_rows *r, const char *a, size_t i, const char *b,
			   size_t len_b, size_t limit)
{
	size_t from = i > limit ? i - limit : 1;
	size_t to = min_size(i + limit, len_b);
	size_t least = limit;

	r->row[from - 1] = from == 1 ? i : limit;
	for (size_t j = from; j <= to; j++) {
		r->row[j] = distance_cell(r, a, i, b, j);
		least = min_size(least, r->row[j]);
	}
	r->row[to + 1] = limit;
	return least;
}

/*
 * Insertions, deletions, substitutions and swaps of neighbours; case is free.
 * Gives up with `limit` as soon as no way can stay below it.
 */
static size_t edit_distance(const char *a, size_t len_a, const char *b, size_t len_b, size_t limit)
{
	struct distance_rows r;
	size_t least_before = 0;

	for (size_t j = 0; j <= len_b + 1; j++)
		r.last[j] = j;
	memcpy(r.before, r.last, sizeof(r.before));
	for (size_t i = 1; i <= len_a; i++) {
		size_t least = distance_row(&r, a, i, b, len_b, limit);

		/* A swap reaches over one row. */
		if (least >= limit && least_before >= limit)
			return limit;
		least_before = least;
		memcpy(r.before, r.last, (len_b + 2) * sizeof(r.last[0]));
		memcpy(r.last, r.row, (len_b + 2) * sizeof(r.row[0]));
	}
	return r.last[len_b];
}

void abi_near_try(struct abi_near *near, const char *candidate)
{
	size_t len;
	size_t len_c;
	size_t distance;

	if (near->distance == 0)
		return;
	len = strlen(near->wanted);
	len_c = strlen(candidate);
	if ((len > len_c ? len - len_c : len_c - len) >= near->distance || len_c > MAX_LENGTH)
		return;
	distance = edit_distance(near->wanted, len, candidate, len_c, near->distance);
	if (distance < near->distance) {
		near->distance = distance;
		near->best = candidate;
	}
}
