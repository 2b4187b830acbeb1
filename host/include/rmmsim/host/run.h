/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Running a REC: RMI_REC_ENTER in a loop, each exit handled as a host must
 * handle it before the next entry (DEN0137 2.0 A4.3). Every decision that is a
 * policy is a callback; a callback that is NULL has the default in its comment.
 */
#ifndef RMMSIM_HOST_RUN_H
#define RMMSIM_HOST_RUN_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/abi/rmm2_0b1.h"
#include "rmmsim/host/error.h"
#include "rmmsim/host/realm.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HOST_REC_NUM_GPRS 31u

enum host_verdict {
	HOST_CONTINUE, /* enter again */
	HOST_STOP,     /* return to the caller, with HOST_RUN_STOPPED; may be entered again */
};

/* An access that the host may emulate. */
struct host_mmio {
	uint64_t ipa; /* unprotected */
	uint8_t size; /* bytes: 1, 2, 4 or 8 */
	bool write;
	uint64_t value; /* of a write; of a read: to be filled in */
};

/* An access of the realm to a system register that the host emulates. */
struct host_sysreg {
	uint64_t iss; /* ISS of ESR_EL2: which register (Arm ARM, EC 0x18); Rt is not told */
	bool write;
	uint64_t value; /* of a write; of a read: to be filled in */
};

/* `ctx` is passed to all. No callback may destroy the realm. */
struct host_run_ops {
	void *ctx;

	/*
	 * Last word before every entry: interrupts to inject are written to the
	 * list registers of the PE here, and WFI or WFE trapped in `enter`. The
	 * answer to the last exit is in `enter` already. Pairs with `exit`, so that
	 * what a host loads for a REC can be put away again.
	 */
	void (*enter)(void *ctx, struct rmm2_0b1_rmi_rec_enter *enter);

	/* Sees every exit first, with the timers and the virtual GIC. Default: goes on. */
	enum host_verdict (*exit)(void *ctx, const struct rmm2_0b1_rmi_rec_exit *exit);

	/* RSI_HOST_CALL; may change the registers. Default: returns them as they are. */
	enum host_verdict (*host_call)(void *ctx, uint16_t imm, uint64_t gprs[HOST_REC_NUM_GPRS]);

	/* Accept the change of [base, top) to `ripas` (RmiRipas)? Default: yes. */
	bool (*ripas_change)(void *ctx, uint64_t base, uint64_t top, uint8_t ripas);

	/*
	 * Protected page without memory. Default: host_realm_fault(), with blocks
	 * if `fault_blocks` is set.
	 */
	bool fault_blocks;
	enum host_status (*fault)(void *ctx, struct host_realm *realm, uint64_t ipa,
				  struct host_error *error);

	/*
	 * Unprotected page without a mapping: true when there is one now
	 * (host_realm_share), and the realm tries again. Default: none, what
	 * follows is a device. Asked first, and once for an access.
	 */
	bool (*shared_fault)(void *ctx, struct host_realm *realm, uint64_t ipa);

	/* false: there is no device, the realm gets an SEA. Default: no device. */
	bool (*mmio)(void *ctx, struct host_mmio *access);

	/* A trapped system register. Default: reads are 0, writes are ignored. */
	void (*sysreg)(void *ctx, struct host_sysreg *access);

	/* IRQ or FIQ (RmiRecExitReason). Default: goes on. */
	enum host_verdict (*interrupt)(void *ctx, uint8_t reason);

	/* WFI or WFE. Default: goes on. */
	enum host_verdict (*wait)(void *ctx, bool wfe);

	/* PSCI CPU_ON: may it start? `index` is a REC of this realm. Default: yes. */
	bool (*cpu_on)(void *ctx, size_t index);

	/* An SError interrupt of this REC. Default: HOST_RUN_SERROR. */
	enum host_verdict (*serror)(void *ctx, uint64_t esr);

	/*
	 * Exits that have no callback above (S2AP changes, devices). What the next
	 * entry has to say is written to `enter`. Default: HOST_RUN_UNHANDLED.
	 */
	enum host_verdict (*other)(void *ctx, const struct rmm2_0b1_rmi_rec_exit *exit,
				   struct rmm2_0b1_rmi_rec_enter *enter);
};

/* Why the loop ended. */
enum host_run_end {
	HOST_RUN_STOPPED,      /* a callback said so */
	HOST_RUN_SYSTEM_OFF,   /* PSCI SYSTEM_OFF by this REC */
	HOST_RUN_SYSTEM_RESET, /* PSCI SYSTEM_RESET by this REC */
	HOST_RUN_CPU_OFF,      /* PSCI CPU_OFF */
	HOST_RUN_SUSPENDED,    /* PSCI CPU_SUSPEND: enter again after an event */
	HOST_RUN_REALM_GONE,   /* REC_ENTER answered RMI_ERROR_REALM: off, or terminated */
	HOST_RUN_NOT_RUNNABLE, /* REC_ENTER answered RMI_ERROR_REC */
	HOST_RUN_UNHANDLED,    /* an exit that this library does not handle: see `last` */
	HOST_RUN_LIMIT,        /* max_exits reached */
	HOST_RUN_SERROR,       /* an SError that nobody took: fatal for the realm */
};

/* "HOST_RUN_SYSTEM_OFF" ... Never NULL. */
const char *host_run_end_name(enum host_run_end end);

#define HOST_NUM_EXIT_REASONS 16u

struct host_run_result {
	enum host_run_end end;
	uint64_t exits;
	uint64_t by_reason[HOST_NUM_EXIT_REASONS]; /* RmiRecExitReason; larger ones in the last */
	uint64_t pages_mapped;                     /* on demand */
	struct rmm2_0b1_rmi_rec_exit last;         /* zero when no entry succeeded */
};

/*
 * Enters REC `index` until something ends the loop. `ops` may be NULL: all
 * defaults. max_exits 0: no bound. HOST_OK means that *result says how it
 * ended; anything else is an error of the host or the RMM, and *result says how
 * far it got.
 */
enum host_status host_rec_run(struct host_realm *realm, size_t index,
			      const struct host_run_ops *ops, uint64_t max_exits,
			      struct host_run_result *result, struct host_error *error);

/*
 * One entry: copies `enter` in, calls RMI_REC_ENTER, copies the exit out. *exit
 * is written on HOST_OK only.
 */
enum host_status host_rec_enter(struct host_realm *realm, size_t index,
				const struct rmm2_0b1_rmi_rec_enter *enter,
				struct rmm2_0b1_rmi_rec_exit *exit, struct host_error *error);

#ifdef __cplusplus
}
#endif

#endif
