/* SPDX-License-Identifier: BSD-3-Clause */
#include "near.h"

#include <ctype.h>
#include <string.h>

#define MAX_LENGTH 64

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

static size_t min_size(size_t a, size_t b)
{
	return a < b ? a : b;
}

static size_t substitution_cost(char a, char b)
{
	return tolower((unsigned char)a) == tolower((unsigned char)b) ? 0 : 1;
}

/* Insertions, deletions, substitutions and swaps of neighbours; case is free. */
static size_t edit_distance(const char *a, size_t len_a, const char *b, size_t len_b)
{
	size_t rows[3][MAX_LENGTH + 1];
	size_t *before = rows[0];
	size_t *last = rows[1];
	size_t *row = rows[2];

	memset(rows, 0, sizeof(rows));
	for (size_t j = 0; j <= len_b; j++)
		last[j] = j;
	for (size_t i = 1; i <= len_a; i++) {
		size_t *spare = before;

		row[0] = i;
		for (size_t j = 1; j <= len_b; j++) {
			row[j] = last[j - 1] + substitution_cost(a[i - 1], b[j - 1]);
			row[j] = min_size(row[j], min_size(last[j], row[j - 1]) + 1);
			if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
				row[j] = min_size(row[j], before[j - 2] + 1);
		}
		before = last;
		last = row;
		row = spare;
	}
	return last[len_b];
}

void abi_near_try(struct abi_near *near, const char *candidate)
{
	size_t len = strlen(near->wanted);
	size_t len_c = strlen(candidate);
	size_t difference = len > len_c ? len - len_c : len_c - len;
	size_t distance;

	if (near->distance == 0 || difference >= near->distance || len_c > MAX_LENGTH)
		return;
	distance = edit_distance(near->wanted, len, candidate, len_c);
	if (distance < near->distance) {
		near->distance = distance;
		near->best = candidate;
	}
}
