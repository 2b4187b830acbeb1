/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the host offers to a bare-metal guest (docs/guests.md): a console as a
 * device, as a host call, and as a ring in shared memory; a file for results.
 */
#ifndef RMM_CLI_GUEST_CONSOLE_H
#define RMM_CLI_GUEST_CONSOLE_H

#include <stdio.h>

#include "rmmsim/host/memory.h"
#include "rmmsim/host/run.h"

/* Host calls, by their immediate. */
enum guest_call {
	GUEST_CALL_PUT = 1,  /* X0: a byte for the console */
	GUEST_CALL_RING = 2, /* the ring has bytes: X0 is its offset in the shared window */
	GUEST_CALL_DUMP = 3, /* X0: offset in the shared window, X1: bytes, into the file */
};

/* Offsets of the device's registers: data (write) and flags (read; always ready). */
#define GUEST_CONSOLE_DATA  0x00u
#define GUEST_CONSOLE_FLAGS 0x18u
#define GUEST_CONSOLE_SIZE  0x1000u

struct guest_console {
	FILE *out;
	FILE *dump;   /* NULL: nothing is kept */
	uint64_t ipa; /* of the device */
	uint64_t shared_pa;
	uint64_t shared_size;
	struct host_memory_ops memory;
	uint64_t bytes;   /* printed */
	uint64_t dumped;  /* bytes */
	uint64_t refused; /* calls and rings that made no sense */
};

/* An access to the device; false: it is somewhere else. */
bool guest_console_mmio(struct guest_console *console, struct host_mmio *access);

/* X0 becomes 0, or ~0 when the call makes no sense. */
void guest_console_call(struct guest_console *console, uint16_t imm,
			uint64_t gprs[HOST_REC_NUM_GPRS]);

#endif
