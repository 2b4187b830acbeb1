/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Faults on guarded windows. The action of a signal belongs to the process, so
 * what the handler knows does as well: the only state outside of a system.
 */
#include <execinfo.h>
#include <inttypes.h>
#include <signal.h>
#include <stdio.h>
#include <ucontext.h>
#include <unistd.h>

#include "platform/window.h"
#include "rmm/rmm.h"

#define MAX_WINDOWS 64u
#define ESR_WNR     (UINT64_C(1) << 6)

static struct rmm_window *windows[MAX_WINDOWS];

static struct {
	bool installed;
	struct sigaction former;
	void (*report)(void *ctx, const struct rmm_window_fault *fault);
	void *ctx;
} handler;

static bool replace(struct rmm_window *was, struct rmm_window *is)
{
	for (unsigned int i = 0; i < MAX_WINDOWS; i++) {
		struct rmm_window *expected = was;

		if (__atomic_compare_exchange_n(&windows[i], &expected, is, false, __ATOMIC_ACQ_REL,
						__ATOMIC_RELAXED))
			return true;
	}
	return false;
}

/* One that does not fit faults as any other memory does. */
void window_register(struct rmm_window *window)
{
	(void)replace(NULL, window);
}

void window_unregister(struct rmm_window *window)
{
	(void)replace(window, NULL);
}

/* ---- in the handler: nothing but what is safe there --------------------------------- */

static struct rmm_window *find(const void *address, uint64_t *pa)
{
	for (unsigned int i = 0; i < MAX_WINDOWS; i++) {
		struct rmm_window *window = __atomic_load_n(&windows[i], __ATOMIC_ACQUIRE);

		if (window && rmm_window_pa(window, address, pa))
			return window;
	}
	return NULL;
}

static bool is_write(const void *context)
{
#if defined(__x86_64__)
	const ucontext_t *u = context;

	return u->uc_mcontext.gregs[REG_ERR] & 2; /* W of the page fault error code */
#else
	(void)context;
	return false;
#endif
}

static void write_default(const struct rmm_window_fault *f)
{
	char text[256];
	const int n = snprintf(text, sizeof(text),
			       "granule protection fault: %s of PA 0x%" PRIx64
			       " (at %p), a granule in state %s\n",
			       f->write ? "write" : "access", f->fault.pa, f->address,
			       rmm_granule_state_name(f->state));

	if (n > 0)
		(void)!write(STDERR_FILENO, text, (size_t)n);
	backtrace_symbols_fd(f->frames, (int)f->num_frames, STDERR_FILENO);
}

static void report(struct rmm_window *window, uint64_t pa, const void *address, bool write)
{
	void *frames[RMM_WINDOW_FRAMES];
	struct rmm_window_fault f = {.address = address, .write = write, .frames = frames};
	uint8_t byte;

	/* A granule that may be read was not guarded: an ordinary fault. */
	if (rmm_host_read(window->sys, pa, &byte, 1, &f.fault))
		return;
	if (write)
		f.fault.esr |= ESR_WNR;
	(void)rmm_granule_state_at(window->sys, pa, &f.state);
	f.num_frames = (size_t)backtrace(frames, RMM_WINDOW_FRAMES);
	if (handler.report)
		handler.report(handler.ctx, &f);
	else
		write_default(&f);
}

static void on_fault(int number, siginfo_t *info, void *context)
{
	uint64_t pa;
	struct rmm_window *window = find(info->si_addr, &pa);

	if (window)
		report(window, pa, info->si_addr, is_write(context));
	/* The access is made again, and ends as it would have without this handler. */
	(void)sigaction(number, &handler.former, NULL);
	handler.installed = false;
}

/* ---- installing ------------------------------------------------------------------------ */

int rmm_window_catch_faults(void (*report_to)(void *ctx, const struct rmm_window_fault *fault),
			    void *ctx)
{
	struct sigaction action = {.sa_sigaction = on_fault, .sa_flags = SA_SIGINFO | SA_NODEFER};
	void *warm_up[1];

	handler.report = report_to;
	handler.ctx = ctx;
	/* The first backtrace loads a library, which a handler must not do. */
	(void)backtrace(warm_up, 1);
	if (handler.installed)
		return 0;
	sigemptyset(&action.sa_mask);
	if (sigaction(SIGSEGV, &action, &handler.former))
		return -1;
	handler.installed = true;
	return 0;
}

void rmm_window_release_faults(void)
{
	if (handler.installed)
		(void)sigaction(SIGSEGV, &handler.former, NULL);
	handler.installed = false;
}
