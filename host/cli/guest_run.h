/* SPDX-License-Identifier: BSD-3-Clause */
/* A realm around a bare-metal guest, run to its end. */
#ifndef RMM_CLI_GUEST_RUN_H
#define RMM_CLI_GUEST_RUN_H

#include <signal.h>

#include "guest_console.h"
#include "guest_image.h"
#include "rmmsim/a64.h"
#include "rmmsim/system.h"

struct guest_options {
	enum rmm_version version;
	enum rmm_profile profile;
	uint64_t mem;  /* bytes of RAM */
	uint64_t base; /* IPA of RAM */
	uint64_t entry;
	uint64_t shared;         /* bytes of the shared window */
	uint64_t console_offset; /* of the device, from the first unprotected IPA */
	unsigned int recs;
	uint64_t max_exits;        /* 0: no bound */
	uint64_t max_instructions; /* 0: no bound */
	double timeout;            /* seconds; 0: no bound */
	FILE *out;                 /* of the console */
	FILE *dump;                /* NULL: none */
	FILE *record;              /* a recording; NULL: none */
	FILE *lint;                /* where the TLB lint reports; NULL: off */
	const volatile sig_atomic_t *interrupt;
};

/* Exits as the table tells them apart. */
enum guest_exit {
	GUEST_EXIT_MMIO,
	GUEST_EXIT_FAULT,
	GUEST_EXIT_WFX,
	GUEST_EXIT_SYSREG,
	GUEST_EXIT_SYNC,
	GUEST_EXIT_IRQ,
	GUEST_EXIT_FIQ,
	GUEST_EXIT_PSCI,
	GUEST_EXIT_RIPAS,
	GUEST_EXIT_HOST_CALL,
	GUEST_EXIT_SERROR,
	GUEST_EXIT_OTHER,
	GUEST_EXIT_COUNT,
};

enum guest_end {
	GUEST_END_OFF,
	GUEST_END_RESET,
	GUEST_END_ALL_OFF, /* no REC is runnable any more */
	GUEST_END_EXITS,   /* limits */
	GUEST_END_INSTRUCTIONS,
	GUEST_END_TIME,
	GUEST_END_INTERRUPTED, /* Ctrl-C */
	GUEST_END_ERROR,       /* of the host or the RMM: `error` */
};

struct guest_rec_state {
	bool on;
	struct rmm_vcpu vcpu;
};

#define GUEST_MAX_RECS 64

struct guest_report {
	enum guest_end end;
	unsigned int last_rec;
	uint64_t exits[GUEST_EXIT_COUNT];
	uint64_t num_exits;
	uint64_t pages_mapped;
	uint64_t console_bytes;
	uint64_t dumped;
	uint64_t refused;
	uint64_t stale_translations; /* as the lint found them */
	struct rmm_a64_stats guest;
	double seconds; /* of the loop */
	struct guest_rec_state recs[GUEST_MAX_RECS];
	char error[512];
};

/*
 * False: there was no realm to run, and report->error says why. True: it ran,
 * and was taken down again.
 */
bool guest_run(const struct guest_image *image, const struct guest_options *options,
	       struct guest_report *report);

#endif
