/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What runs in a REC. The RMM knows a guest only through struct
 * rmm_guest_ops: it asks for the next thing that the guest does which the RMM
 * or the memory system must see, performs it, and asks again. A guest never
 * touches the machine by itself.
 */
#ifndef RMMSIM_GUEST_H
#define RMMSIM_GUEST_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define RMM_NUM_GPRS 31

/*
 * The architectural state of a vCPU, as far as the RMM and guests share it.
 * Owned by the REC; valid while the REC exists.
 */
struct rmm_vcpu {
	uint64_t x[RMM_NUM_GPRS];
	uint64_t pc;
	uint64_t pstate;
	uint64_t mpidr; /* as the guest reads MPIDR_EL1 */
	uint64_t sctlr_el1;
	uint64_t vbar_el1;
	uint64_t esr_el1;
	uint64_t far_el1;
	uint64_t elr_el1;
	uint64_t spsr_el1;
	uint64_t cntp_ctl, cntp_cval;
	uint64_t cntv_ctl, cntv_cval;
	/*
	 * Lines of the virtual interrupt controller, as of the last call of
	 * run. Those that PSTATE does not mask have been taken by then.
	 */
	bool virq, vfiq;
};

enum rmm_guest_event_kind {
	RMM_GUEST_ACCESS, /* load or store at an IPA */
	RMM_GUEST_FETCH,  /* instruction fetch at an IPA: asks whether it succeeds */
	RMM_GUEST_SMC,    /* SMC #0: X0.. are in the vCPU */
	RMM_GUEST_HVC,    /* HVC #imm */
	RMM_GUEST_WFI,
	RMM_GUEST_WFE,
	RMM_GUEST_SYSREG,         /* MRS or MSR of a register that is not the guest's own affair */
	RMM_GUEST_EXTERNAL_ABORT, /* the memory system answered with an error: `esr` says how */
	RMM_GUEST_NOTHING,        /* executed `instructions` and has nothing to report */
	RMM_GUEST_WAIT,           /* spins until an interrupt arrives */
	RMM_GUEST_END,            /* the program is over: it has nothing left to execute */
};

struct rmm_guest_event {
	enum rmm_guest_event_kind kind;
	uint64_t instructions; /* executed since the previous event, at least 0 */

	/* ACCESS and FETCH. The range must not cross a 4 KiB boundary. */
	uint64_t ipa;
	uint64_t va;  /* what FAR_EL1 would hold */
	uint8_t size; /* bytes: 1, 2, 4 or 8 */
	bool write;
	bool syndrome;    /* ISV: a plain load or store of one register */
	bool sign_extend; /* SSE */
	bool sixty_four;  /* SF: 64-bit destination */
	uint8_t reg;      /* SRT; 31 = XZR */
	uint16_t imm;     /* HVC */

	bool timed;      /* WFI, WFE: WFIT, WFET, until the counter reaches x[reg] */
	uint32_t sysreg; /* SYSREG: as in rmmsim/sysreg.h, `reg` and `write` (MSR) beside it */
	uint64_t
		esr; /* EXTERNAL_ABORT: syndrome with EC 0x20 or 0x24, recoverable or restartable */
};

/* A page of a realm, handed out for a guest to use directly. */
struct rmm_guest_page {
	uint64_t ipa; /* 4 KiB aligned */
	void *bytes;  /* 4 KiB, readable */
	bool writable;
	bool executable;
};

/*
 * One implementation of guests. `machine` is what was given with the ops;
 * `guest` is what attach returned. No member may call back into the system.
 *
 * Completion: when an event has been performed, the RMM changes the vCPU as
 * the instruction would (PC + 4, destination register) and calls run again.
 * When it has not (an abort that exits to the host, say), the vCPU is
 * unchanged and run must return the same event again. When an exception was
 * injected, the PC is in the vector table (VBAR_EL1) and ESR_EL1, FAR_EL1,
 * ELR_EL1 and SPSR_EL1 say why.
 */
struct rmm_guest_ops {
	/*
	 * A REC was created. Returns the guest of this REC (may be NULL).
	 * `rd` and `rec` are PAs, mpidr is in the form of RmiRecMpidr.
	 */
	void *(*attach)(void *machine, uint64_t rd, uint64_t rec, uint64_t mpidr);
	void (*detach)(void *machine, void *guest);

	/* The next event. Must return in bounded time. */
	void (*run)(void *guest, struct rmm_vcpu *vcpu, struct rmm_guest_event *event);

	/*
	 * The translation of [ipa, ipa + size) may have changed: whatever the
	 * guest cached for it is invalid. May be NULL.
	 */
	void (*invalidate)(void *guest, uint64_t ipa, uint64_t size);

	/*
	 * For guests that access memory by themselves; else both are NULL. An
	 * ACCESS or FETCH that would succeed is not performed then: its page is
	 * handed out, the vCPU stays as it is, and run repeats the instruction.
	 * The guest keeps the page until invalidate covers its IPA, or revoke
	 * (machine-wide) the memory behind it.
	 */
	void (*map)(void *guest, const struct rmm_guest_page *page);
	void (*revoke)(void *machine, const void *bytes, uint64_t size);
};

/* ---- the scripted guest ------------------------------------------------ */

/*
 * A scripted guest executes a list of steps. Its program counter is real:
 * step n stands at (entry PC) + 4 n, so that aborts, re-execution and injected
 * exceptions behave as for code.
 */
enum rmm_script_op {
	RMM_SCRIPT_SET_REG,     /* x[reg] = value */
	RMM_SCRIPT_LOAD,        /* x[reg] = memory at ipa, `size` bytes */
	RMM_SCRIPT_STORE,       /* memory at ipa = x[reg] */
	RMM_SCRIPT_STORE_VALUE, /* x[reg] = value, then as STORE */
	RMM_SCRIPT_FETCH,       /* instruction fetch at ipa */
	RMM_SCRIPT_SMC,         /* x[0..num_args) = args, then SMC */
	RMM_SCRIPT_HVC,
	RMM_SCRIPT_WFI,
	RMM_SCRIPT_WFE,
	RMM_SCRIPT_WAIT,       /* until an interrupt exits to the host */
	RMM_SCRIPT_WORK,       /* `value` instructions that touch nothing */
	RMM_SCRIPT_EXPECT_REG, /* fails the script unless x[reg] & mask == value */
	RMM_SCRIPT_JUMP,       /* next step is `value` */
	RMM_SCRIPT_MRS,        /* x[reg] = sysreg */
	RMM_SCRIPT_MSR,        /* sysreg = x[reg] */
	RMM_SCRIPT_MSR_VALUE,  /* x[reg] = value, then as MSR */
	RMM_SCRIPT_WFIT,       /* x[reg] = value, then until the counter reaches it */
	RMM_SCRIPT_WFET,
	RMM_SCRIPT_EXPECT_VIRQ,    /* fails the script unless the virtual IRQ line is `value` */
	RMM_SCRIPT_EXTERNAL_ABORT, /* an access at ipa aborts with syndrome `value` */
};

#define RMM_SCRIPT_MAX_ARGS 18

struct rmm_script_step {
	enum rmm_script_op op;
	uint8_t reg;
	uint8_t size;
	bool sign_extend;
	bool no_syndrome; /* an access without ISV, such as a load pair */
	bool narrow;      /* the register is W, not X */
	uint8_t num_args;
	uint16_t imm;
	uint32_t sysreg; /* as in rmmsim/sysreg.h */
	uint64_t ipa;
	uint64_t value;
	uint64_t mask;
	uint64_t args[RMM_SCRIPT_MAX_ARGS];
	uint32_t line; /* the user's: echoed in failures */
};

/* A program. The steps stay the caller's and must outlive every use. */
struct rmm_script {
	const struct rmm_script_step *steps;
	size_t num_steps;
};

/* What a scripted guest has seen so far. */
struct rmm_script_status {
	size_t next_step; /* the step that it executes next */
	bool ended;
	uint64_t aborts;     /* synchronous exceptions injected into it */
	uint64_t interrupts; /* virtual interrupts and SErrors that it took */
	bool failed;         /* an EXPECT_REG or EXPECT_VIRQ did not hold */
	size_t failed_step;
	uint64_t failed_value;
	uint64_t last_esr; /* of the last injected exception */
	uint64_t last_far;
};

/*
 * The programs of one machine: which script a REC gets is decided by RD and
 * MPIDR at creation time. Thread-safe for different RECs.
 */
struct rmm_scripts;

int rmm_scripts_create(struct rmm_scripts **out);
void rmm_scripts_destroy(struct rmm_scripts *scripts);

/*
 * The REC of realm `rd` with `mpidr` (form of RmiRecMpidr) runs `script`, from
 * its creation on; also replaces the program of a REC that exists and starts
 * it at the first step. Returns 0, or -1 when out of memory.
 */
int rmm_scripts_bind(struct rmm_scripts *scripts, uint64_t rd, uint64_t mpidr,
		     const struct rmm_script *script);

/* The status of the guest of a REC (by RD and MPIDR); false: unknown. */
bool rmm_scripts_status(const struct rmm_scripts *scripts, uint64_t rd, uint64_t mpidr,
			struct rmm_script_status *status);

/* Its guest implementation; `machine` is the struct rmm_scripts. */
const struct rmm_guest_ops *rmm_scripts_ops(void);

#ifdef __cplusplus
}
#endif

#endif
