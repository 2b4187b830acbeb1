/* SPDX-License-Identifier: BSD-3-Clause */
#include "arena.h"

#include <stdalign.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define BLOCK_SIZE 65536u

struct arena_block {
	struct arena_block *next;
	size_t used;
	size_t size;
	alignas(max_align_t) unsigned char bytes[];
};

struct abi_arena {
	struct arena_block *blocks;
};

static void *must(void *p)
{
	if (p == NULL) {
		fputs("rmm-abi: error: out of memory\n", stderr);
		exit(1);
	}
	return p;
}

struct abi_arena *abi_arena_new(void)
{
	return must(calloc(1, sizeof(struct abi_arena)));
}

void abi_arena_free(struct abi_arena *arena)
{
	if (arena == NULL)
		return;
	for (struct arena_block *b = arena->blocks; b != NULL;) {
		struct arena_block *next = b->next;

		free(b);
		b = next;
	}
	free(arena);
}

static struct arena_block *add_block(struct abi_arena *arena, size_t need)
{
	size_t size = need > BLOCK_SIZE ? need : BLOCK_SIZE;
	struct arena_block *b = must(calloc(1, sizeof(*b) + size));

	b->size = size;
	b->next = arena->blocks;
	arena->blocks = b;
	return b;
}

void *abi_arena_alloc(struct abi_arena *arena, size_t count, size_t size)
{
	const size_t align = alignof(max_align_t);
	struct arena_block *b = arena->blocks;
	size_t bytes;
	void *p;

	if (size != 0 && count > (SIZE_MAX / 2) / size)
		must(NULL);
	bytes = (count * size + align - 1) / align * align;
	if (b == NULL || b->size - b->used < bytes)
		b = add_block(arena, bytes);
	p = b->bytes + b->used;
	b->used += bytes;
	return p;
}

char *abi_arena_strndup(struct abi_arena *arena, const char *s, size_t len)
{
	char *copy = abi_arena_alloc(arena, len + 1, 1);

	memcpy(copy, s, len);
	return copy;
}

char *abi_arena_vprintf(struct abi_arena *arena, const char *format, va_list args)
{
	va_list again;
	char *s;
	int len;

	va_copy(again, args);
	len = vsnprintf(NULL, 0, format, again);
	va_end(again);
	if (len < 0)
		return abi_arena_strndup(arena, "", 0);
	s = abi_arena_alloc(arena, (size_t)len + 1, 1);
	vsnprintf(s, (size_t)len + 1, format, args);
	return s;
}

char *abi_arena_printf(struct abi_arena *arena, const char *format, ...)
{
	va_list args;
	char *s;

	va_start(args, format);
	s = abi_arena_vprintf(arena, format, args);
	va_end(args);
	return s;
}

void *abi_arena_grow(struct abi_arena *arena, void *v, size_t n, size_t size)
{
	void *larger;

	if (n != 0 && (n & (n - 1)) != 0)
		return v;
	larger = abi_arena_alloc(arena, n == 0 ? 1 : n * 2, size);
	if (n != 0)
		memcpy(larger, v, n * size);
	return larger;
}
