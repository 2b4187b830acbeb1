/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Windows: simulated DRAM in the address space of the host under test, at an
 * address of its choice, for hosts that reach memory by pointer. With `guard`
 * the granule protection check is done by the MMU of this machine: a touch of a
 * granule that is not Non-secure faults at once, on the instruction that made it.
 *
 * A system whose configuration has `windows` set can have one window at a time.
 */
#ifndef RMMSIM_WINDOW_H
#define RMMSIM_WINDOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/error.h"
#include "rmmsim/memory.h"
#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

struct rmm_window;

struct rmm_window_config {
	uint64_t pa;   /* granule aligned, in one bank */
	uint64_t size; /* bytes, granule multiple, > 0; the host's pages must be 4 KiB */

	/*
	 * Where the memory appears. NULL: anywhere. `identity`: at the address
	 * that equals `pa`, for hosts whose PA is a pointer. Addresses that are
	 * taken are refused; under AddressSanitizer many low ones are.
	 */
	void *address;
	bool identity;

	bool guard;
};

/*
 * Opens a window. Returns 0 and the window, which the caller closes before the
 * system is destroyed; or -1 with a sentence.
 *
 * What the host writes by pointer is seen by nobody: from here on every
 * Non-secure granule of the window counts as written, which makes wiping slower.
 */
int rmm_window_open(struct rmm_system *sys, const struct rmm_window_config *config,
		    struct rmm_window **out, struct rmm_error *error);
void rmm_window_close(struct rmm_window *window);

/* First byte of the window. */
void *rmm_window_address(const struct rmm_window *window);

/* The pointer to a PA; NULL outside the window. And the other way round. */
void *rmm_window_pointer(const struct rmm_window *window, uint64_t pa);
bool rmm_window_pa(const struct rmm_window *window, const void *pointer, uint64_t *pa);

/*
 * Changes of protection that the operating system refused, as it does when a
 * process has too many mappings: so often a granule is less guarded than it should be.
 */
uint64_t rmm_window_unguarded(const struct rmm_window *window);

/* ---- faults ------------------------------------------------------------------ */

#define RMM_WINDOW_FRAMES 32u

/* A touch of guarded memory. */
struct rmm_window_fault {
	const void *address;    /* that was accessed */
	bool write;             /* where this machine tells; else false */
	struct rmm_fault fault; /* pa, level, syndrome */
	enum rmm_granule_state state;
	void *const *frames; /* return addresses, innermost first */
	size_t num_frames;
};

/*
 * Catches SIGSEGV of windows, process-wide: `report` is called in the signal
 * handler (it may siglongjmp out of it); NULL writes fault and backtrace to
 * stderr. Afterwards the former action is in force again, so that the access
 * ends as it would have without. Signals of other addresses go there too.
 * Returns 0, or -1 when the handler cannot be installed.
 *
 * Under AddressSanitizer the granules are poisoned as well, and its report comes
 * first, with a backtrace of its own.
 */
int rmm_window_catch_faults(void (*report)(void *ctx, const struct rmm_window_fault *fault),
			    void *ctx);

/* Puts the former action back. */
void rmm_window_release_faults(void);

#ifdef __cplusplus
}
#endif

#endif
