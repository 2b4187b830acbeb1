/* SPDX-License-Identifier: BSD-3-Clause */
/* A second mapping of a bank, and its protection as the GPT has it. */
#include "platform/window.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>

#include "platform/gpt.h"
#include "rmm/rmm.h"

#if defined(__SANITIZE_ADDRESS__)
#define WITH_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WITH_ASAN
#endif
#endif

#ifdef WITH_ASAN
#include <sanitizer/asan_interface.h>
#else
#define ASAN_POISON_MEMORY_REGION(at, size)   ((void)(at), (void)(size))
#define ASAN_UNPOISON_MEMORY_REGION(at, size) ((void)(at), (void)(size))
#endif

/* ---- protection ----------------------------------------------------------------------- */

static void protect(struct rmm_window *window, uint64_t base, uint64_t size, bool open)
{
	uint8_t *at = window->bytes + (base - window->pa);

	if (open)
		ASAN_UNPOISON_MEMORY_REGION(at, size);
	if (mprotect(at, size, open ? PROT_READ | PROT_WRITE : PROT_NONE))
		window->unguarded++;
	if (!open)
		ASAN_POISON_MEMORY_REGION(at, size);
}

/* The host may write there without anybody noticing. */
static void count_as_written(struct rmm_window *window, uint64_t base, uint64_t size)
{
	const struct memory_bank *bank = memory_bank_at(&window->sys->memory, base);

	memset(&window->sys->memory.written[bank_granule(bank, base)], 1,
	       size >> RMM_GRANULE_SHIFT);
}

static void set_part(struct rmm_window *window, uint64_t base, uint64_t size, bool open)
{
	if (open)
		count_as_written(window, base, size);
	if (window->guard)
		protect(window, base, size, open);
}

static bool is_open(enum rmm_gpi gpi)
{
	return gpi == RMM_GPI_NS || gpi == RMM_GPI_ANY;
}

void window_gpi_changed(struct rmm_window *window, uint64_t base, uint64_t size, enum rmm_gpi gpi)
{
	const uint64_t window_top = window->pa + window->size;
	const uint64_t top = base + size < window_top ? base + size : window_top;

	if (base < window->pa)
		base = window->pa;
	if (base < top)
		set_part(window, base, top - base, is_open(gpi));
}

/* Everything as the GPT has it now. */
static void set_all(struct rmm_window *window)
{
	const struct memory *mem = &window->sys->memory;
	const uint64_t top = window->pa + window->size;

	for (uint64_t at = window->pa; at < top;) {
		const uint64_t left = (top - at) >> RMM_GRANULE_SHIFT;
		const uint64_t open = gpt_run(mem, at, left, RMM_GPI_NS);
		const uint64_t n = open ? open : 1;

		set_part(window, at, n * RMM_GRANULE_SIZE, open != 0);
		at += n * RMM_GRANULE_SIZE;
	}
}

/* ---- opening ------------------------------------------------------------------------------ */

static int reject(struct rmm_error *error, const char *what)
{
	if (error)
		snprintf(error->text, sizeof(error->text), "window: %s", what);
	return -1;
}

static int check(const struct rmm_system *sys, const struct rmm_window_config *config,
		 struct rmm_error *error)
{
	const struct memory_bank *bank = memory_bank_at(&sys->memory, config->pa);

	if (!sys->config.windows)
		return reject(error, "set `windows` in the configuration of the system");
	if (sys->memory.window)
		return reject(error, "the system has a window already; close it first");
	if ((config->pa | config->size) & GRANULE_MASK || !config->size)
		return reject(error, "pa and size must be multiples of 4096, and size not 0");
	if (!bank || config->size > bank->base + bank->size - config->pa)
		return reject(error, "[pa, pa + size) must lie in one memory bank");
	return 0;
}

static int map(struct rmm_window *window, const struct rmm_window_config *config,
	       struct rmm_error *error)
{
	const struct memory_bank *bank = memory_bank_at(&window->sys->memory, config->pa);
	void *wanted = config->identity ? (void *)(uintptr_t)config->pa : config->address;
	void *at = mmap(wanted, config->size, PROT_READ | PROT_WRITE,
			MAP_SHARED | MAP_NORESERVE | (wanted ? MAP_FIXED_NOREPLACE : 0), bank->fd,
			(off_t)(config->pa - bank->base));

	if (at != MAP_FAILED && wanted && at != wanted) {
		/* An old kernel took the address for a wish. */
		munmap(at, config->size);
		at = MAP_FAILED;
		errno = EEXIST;
	}
	if (at == MAP_FAILED) {
		if (error)
			snprintf(error->text, sizeof(error->text),
				 "window: cannot map %" PRIu64
				 " bytes at %p: %s; choose another address, or none",
				 config->size, wanted, strerror(errno));
		return -1;
	}
	window->bytes = at;
	return 0;
}

int rmm_window_open(struct rmm_system *sys, const struct rmm_window_config *config,
		    struct rmm_window **out, struct rmm_error *error)
{
	struct rmm_window *window;

	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || !config || !out)
		return reject(error, "rmm_window_open needs a system, a configuration and a place "
				     "for the window");
	if (check(sys, config, error))
		return -1;
	window = calloc(1, sizeof(*window));
	if (!window)
		return reject(error, "out of memory");
	window->sys = sys;
	window->pa = config->pa;
	window->size = config->size;
	window->guard = config->guard;
	if (map(window, config, error)) {
		free(window);
		return -1;
	}
	set_all(window);
	sys->memory.window = window;
	window_register(window);
	*out = window;
	return 0;
}

void rmm_window_close(struct rmm_window *window)
{
	if (!window)
		return;
	window_unregister(window);
	window->sys->memory.window = NULL;
	ASAN_UNPOISON_MEMORY_REGION(window->bytes, window->size);
	munmap(window->bytes, window->size);
	free(window);
}

/* ---- addresses ------------------------------------------------------------------------------- */

void *rmm_window_address(const struct rmm_window *window)
{
	if (!window)
		return NULL;
	return window->bytes;
}

void *rmm_window_pointer(const struct rmm_window *window, uint64_t pa)
{
	return window && pa - window->pa < window->size ? window->bytes + (pa - window->pa) : NULL;
}

bool rmm_window_pa(const struct rmm_window *window, const void *pointer, uint64_t *pa)
{
	uintptr_t offset;

	if (!window || !pa)
		return false;
	offset = (uintptr_t)pointer - (uintptr_t)window->bytes;
	if (offset >= window->size)
		return false;
	*pa = window->pa + offset;
	return true;
}

uint64_t rmm_window_unguarded(const struct rmm_window *window)
{
	return window ? window->unguarded : 0;
}
