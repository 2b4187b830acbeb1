/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Memory that is released all at once. A description is built from many small
 * pieces that live equally long; none of them is freed alone.
 *
 * Running out of memory ends the program with a sentence and status 1: the
 * generator holds nothing that could be saved.
 */
#ifndef RMM_ABI_GEN_ARENA_H
#define RMM_ABI_GEN_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct abi_arena;

struct abi_arena *abi_arena_new(void);
void abi_arena_free(struct abi_arena *arena);

/* Zeroed memory for `count` elements of `size` bytes, aligned for any type. */
void *abi_arena_alloc(struct abi_arena *arena, size_t count, size_t size);

char *abi_arena_strndup(struct abi_arena *arena, const char *s, size_t len);
char *abi_arena_vprintf(struct abi_arena *arena, const char *format, va_list args);
char *abi_arena_printf(struct abi_arena *arena, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Room for one more element behind the n of array v: returns v, or a larger
 * copy when n has reached a power of two.
 */
void *abi_arena_grow(struct abi_arena *arena, void *v, size_t n, size_t size);

/* Appends one zeroed element to an ABI_LIST and returns its address. */
#define ABI_LIST_ADD(arena, list)                                                       \
	((list)->v = abi_arena_grow((arena), (list)->v, (list)->n, sizeof(*(list)->v)), \
	 &(list)->v[(list)->n++])

#endif
