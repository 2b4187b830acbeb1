/* SPDX-License-Identifier: BSD-3-Clause */
#include "scarcity.h"

#include <errno.h>
#include <openssl/crypto.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/types.h>

static uint64_t left; /* requests until one is refused; 0: none is */
static bool lasts, refused;

void scarcity_refuse(uint64_t nth, bool lasting)
{
	left = nth;
	lasts = lasting;
	refused = false;
}

bool scarcity_end(void)
{
	left = 0;
	return refused;
}

bool scarcity_refuses(void)
{
	if (!left || --left)
		return false;
	if (lasts)
		left = 1;
	refused = true;
	errno = ENOMEM;
	return true;
}

/* ---- what the linker puts in the way ------------------------------------------------ */

void *__real_malloc(size_t size);
void *__real_calloc(size_t count, size_t size);
void *__real_realloc(void *memory, size_t size);
void *__real_aligned_alloc(size_t alignment, size_t size);
void *__real_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __real_mprotect(void *at, size_t size, int protection);

void *__wrap_malloc(size_t size);
void *__wrap_calloc(size_t count, size_t size);
void *__wrap_realloc(void *memory, size_t size);
void *__wrap_aligned_alloc(size_t alignment, size_t size);
void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset);
int __wrap_mprotect(void *at, size_t size, int protection);

void *__wrap_malloc(size_t size)
{
	return scarcity_refuses() ? NULL : __real_malloc(size);
}

void *__wrap_calloc(size_t count, size_t size)
{
	return scarcity_refuses() ? NULL : __real_calloc(count, size);
}

void *__wrap_realloc(void *memory, size_t size)
{
	return scarcity_refuses() ? NULL : __real_realloc(memory, size);
}

void *__wrap_aligned_alloc(size_t alignment, size_t size)
{
	return scarcity_refuses() ? NULL : __real_aligned_alloc(alignment, size);
}

void *__wrap_mmap(void *at, size_t size, int protection, int flags, int fd, off_t offset)
{
	return scarcity_refuses() ? MAP_FAILED
				  : __real_mmap(at, size, protection, flags, fd, offset);
}

int __wrap_mprotect(void *at, size_t size, int protection)
{
	return scarcity_refuses() ? -1 : __real_mprotect(at, size, protection);
}

/* ---- OpenSSL, which is a shared library --------------------------------------------- */

static void *ssl_malloc(size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return scarcity_refuses() ? NULL : __real_malloc(size);
}

static void *ssl_realloc(void *memory, size_t size, const char *file, int line)
{
	(void)file;
	(void)line;
	return scarcity_refuses() ? NULL : __real_realloc(memory, size);
}

static void ssl_free(void *memory, const char *file, int line)
{
	(void)file;
	(void)line;
	free(memory);
}

void scarcity_begin(void)
{
	CRYPTO_set_mem_functions(ssl_malloc, ssl_realloc, ssl_free);
}
