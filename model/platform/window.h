/* SPDX-License-Identifier: BSD-3-Clause */
/* What a window is made of; shared by window.c and window_fault.c. */
#ifndef RMM_PLATFORM_WINDOW_H
#define RMM_PLATFORM_WINDOW_H

#include "rmmsim/window.h"

struct rmm_window {
	struct rmm_system *sys;
	uint64_t pa;
	uint64_t size;
	uint8_t *bytes;
	bool guard;
	uint64_t unguarded;
};

/* Windows that the signal handler knows; all of the process. */
void window_register(struct rmm_window *window);
void window_unregister(struct rmm_window *window);

#endif
