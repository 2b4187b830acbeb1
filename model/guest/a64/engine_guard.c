/* SPDX-License-Identifier: BSD-3-Clause */
#include "engine_guard.h"

#include <setjmp.h>
#include <signal.h>
#include <stddef.h>

/*
 * State of the process and of its threads, as signal handlers are: installed
 * while the module is loaded, and of no effect outside of the engine.
 */
static struct sigaction previous;
static _Thread_local sigjmp_buf *volatile way_out;

static void on_abort(int number)
{
	if (way_out)
		siglongjmp(*way_out, 1);
	if (previous.sa_handler != SIG_DFL && previous.sa_handler != SIG_IGN &&
	    !(previous.sa_flags & SA_SIGINFO))
		previous.sa_handler(number);
}

__attribute__((constructor)) static void install(void)
{
	/* Nobody returns from the handler, so that the signal must not stay blocked. */
	struct sigaction action = {.sa_handler = on_abort, .sa_flags = SA_NODEFER};

	(void)sigemptyset(&action.sa_mask);
	(void)sigaction(SIGABRT, &action, &previous);
}

__attribute__((destructor)) static void restore(void)
{
	(void)sigaction(SIGABRT, &previous, NULL);
}

bool engine_guarded(void (*action)(void *ctx), void *ctx)
{
	sigjmp_buf *const outer = way_out;
	sigjmp_buf here;

	if (sigsetjmp(here, 0) != 0) {
		way_out = outer;
		return false;
	}
	way_out = &here;
	action(ctx);
	way_out = outer;
	return true;
}
