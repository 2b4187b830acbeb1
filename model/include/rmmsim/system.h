/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A machine: physical memory with its GPT, PEs, the monitor and the RMM.
 *
 * Everything hangs on one struct rmm_system; there is no other state, so any
 * number of systems can live in one process.
 *
 * Threads. Without `threads` in its configuration a system is used by one
 * thread at a time, whatever the function. With it:
 *  - rmm_smc() and all that names a PE may be called for different PEs at the
 *    same time; one PE is used by one thread at a time, as a CPU is. A thread
 *    may drive any number of PEs.
 *  - rmm_set_irq(), rmm_set_fiq(), rmm_irq_is_up(), rmm_fiq_is_up() and
 *    rmm_set_serror() may be called from any thread at any time, for any PE: so
 *    does one make a realm leave its PE.
 *  - rmm_host_read(), rmm_host_write(), rmm_memory_read(), rmm_memory_write(),
 *    rmm_granule_state_at(), rmm_gpi_at(), rmm_system_state(), rmm_counter(),
 *    rmm_num_delegated() and rmm_num_operations() may be called from any
 *    thread at any time. What they report may have changed when they return.
 *  - rmm_realm_at(), rmm_rec_at() and rmm_realm_peek() need the realm at rest:
 *    no call in progress that names it.
 *  - rmm_system_config(), rmm_behaves(): always.
 *  - rmm_system_create(), rmm_system_destroy(), rmm_platform_assign(), windows
 *    and the oracle need the system at rest: no other call in progress. So does
 *    RMI_GPT_L1_DESTROY as far as accesses to memory are concerned.
 * The host's own pointers into memory (windows, pages of A64 guests) are as free
 * as on hardware: what they read while others write is theirs to order.
 *
 * Debug builds (RMMSIM_CHECKED, on with CMAKE_BUILD_TYPE=Debug and sanitizers)
 * end the process with a sentence when a system is used by two threads against
 * these rules, or after rmm_system_destroy().
 */
#ifndef RMMSIM_SYSTEM_H
#define RMMSIM_SYSTEM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/error.h"
#include "rmmsim/guest.h"
#include "rmmsim/port.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

/* The only RMI granule size of this model, and its log2. */
#define RMM_GRANULE_SIZE  4096u
#define RMM_GRANULE_SHIFT 12

/* Numbers as the architecture encodes a PAS in two bits (Arm ARM, RME). */
enum rmm_pas {
	RMM_PAS_SECURE = 0,
	RMM_PAS_NS = 1,
	RMM_PAS_ROOT = 2,
	RMM_PAS_REALM = 3,
};

/* Granule protection information: the 4-bit encodings of the GPT. */
enum rmm_gpi {
	RMM_GPI_NO_ACCESS = 0x0,
	RMM_GPI_SECURE = 0x8,
	RMM_GPI_NS = 0x9,
	RMM_GPI_ROOT = 0xa,
	RMM_GPI_REALM = 0xb,
	RMM_GPI_ANY = 0xf,
};

/* ---- configuration ----------------------------------------------------- */

enum rmm_profile {
	RMM_PROFILE_SPEC,   /* the text of the chosen version */
	RMM_PROFILE_TF_RMM, /* TF-RMM of July 2026 with its quirks */
};

enum rmm_bank_kind {
	RMM_BANK_DRAM,
	RMM_BANK_DEV_NCOH, /* device memory, non-coherent */
	RMM_BANK_DEV_COH,
};

#define RMM_MAX_BANKS 16

/* A range of physical addresses backed by memory; granule aligned. */
struct rmm_bank {
	uint64_t base; /* PA */
	uint64_t size; /* bytes, > 0 */
	enum rmm_bank_kind kind;
};

/* What RMI_FEATURES reports; field meanings as in RmiFeatureRegister0..4. */
struct rmm_features {
	uint8_t s2sz; /* bits, 32..52 */
	bool lpa2;
	bool sve;
	uint8_t sve_vl;
	uint8_t num_bps; /* as reported: breakpoints - 1, 1..63 */
	uint8_t num_wps;
	bool pmu;
	uint8_t pmu_num_ctrs;
	bool sha_256, sha_384, sha_512;
	uint8_t max_recs_order; /* 2^n - 1 RECs a realm, 0..15 */
	bool da;
	uint8_t max_vdevs_order;
	uint8_t max_num_aux_planes;
	uint8_t rtt_plane; /* RmiRttPlaneFeature */
	bool rtt_s2ap_indirect;
	uint64_t mec_count;
	bool l0gpt_block_delegate; /* 1 GiB without level 1 GPT can be delegated as a whole */
};

struct rmm_config {
	enum rmm_version version;
	enum rmm_profile profile;
	unsigned int num_pes; /* 1..RMM_MAX_PES */

	struct rmm_bank banks[RMM_MAX_BANKS]; /* must not overlap; any order */
	unsigned int num_banks;
	uint8_t pa_bits; /* size of the physical address space: 32, 36, 40, 42, 44, 48 or 52 */
	uint64_t
		root_base; /* PA of the root memory that holds the GPT; 0: chosen above the banks */

	struct rmm_features features;

	unsigned int rec_aux_granules; /* memory a REC asks for, 0..16 */
	unsigned int rd_aux_granules;  /* memory a stateful RMI_REALM_CREATE asks for, 0..16 */
	uint64_t range_budget;         /* granules that one call on a range moves; 0: all */
	unsigned int sro_contexts;     /* stateful operations at a time, 1..4096 */
	unsigned int vmid_bits;        /* 8 or 16 */
	uint64_t seed;                 /* of handles and wipe patterns */

	bool active_at_boot; /* skip RMI_RMM_ACTIVATE: the RMM is ACTIVE at reset */
	/*
	 * Level 1 GPTs: firmware has built those of every region with memory, or
	 * of none; bit n of gpt_host_banks takes the regions of banks[n] out. What
	 * firmware leaves out the host creates with RMI_GPT_L1_CREATE.
	 */
	bool gpt_prebuilt;
	uint32_t gpt_host_banks;
	/*
	 * Tracking: firmware has memory for the states of all granules, but those of
	 * banks[n] when bit n is set. Tracking 1 GiB of them finely takes this many
	 * granules of the host, 1..512.
	 */
	uint32_t tracking_host_banks;
	unsigned int tracking_granules;
	/* MiB of the largest contiguous entry: 0, 2, 32 or 512. One granule less in a large one
	 * rewrites all of it. */
	unsigned int gpt_max_block;
	bool windows; /* memory can be mapped into the host's address space: window.h */
	bool threads; /* PEs are driven by several threads at a time, with real locks */

	bool no_attestation_key; /* the platform gave the RMM no RAK: no token can be signed */
	bool no_randomness;      /* there is no random number for a new realm */
	bool pat_out_of_date;    /* the platform attestation token is */
	bool tracked_at_boot;    /* memory is tracked before the RMM is activated */
	bool aux_contiguous;     /* donated memory must be contiguous */

	/* Behaviour switches that differ from what version and profile say. */
	struct {
		enum rmm_behaviour behaviour;
		bool on;
	} overrides[RMM_BEHAVIOUR_COUNT];
	unsigned int num_overrides;

	/*
	 * All zero: untimed. With `threads` its members are called on several threads at
	 * a time, and lock and unlock must be NULL: the machine has locks of its own.
	 */
	struct rmm_port port;

	const struct rmm_guest_ops *guest; /* NULL: a REC has nothing to execute */
	void *guest_machine;
};

#define RMM_MAX_PES 64

/*
 * A complete configuration: 2.0-bet1, profile spec, 4 PEs, 1 GiB of DRAM at
 * 0x80000000, 48-bit PAs, features of a usual machine.
 */
struct rmm_config rmm_config_default(void);

/* ---- life cycle --------------------------------------------------------- */

struct rmm_system;

/*
 * Builds a machine at reset. The configuration is copied. Returns 0 and the
 * system, which the caller destroys; or -1 with a sentence in `error`.
 */
int rmm_system_create(const struct rmm_config *config, struct rmm_system **out,
		      struct rmm_error *error);
void rmm_system_destroy(struct rmm_system *sys);

/* The configuration in force. */
const struct rmm_config *rmm_system_config(const struct rmm_system *sys);

/* Whether a behaviour switch is on in this system. */
bool rmm_behaves(const struct rmm_system *sys, enum rmm_behaviour behaviour);

/* ---- the machine's one interface ---------------------------------------- */

/*
 * An SMC by the host on `pe`, with the function identifier in x[0]. Always
 * answers, whatever the registers hold. A `pe` that does not exist answers
 * SMCCC_NOT_SUPPORTED.
 */
void rmm_smc(struct rmm_system *sys, unsigned int pe, struct smc_regs *regs);

/*
 * A conduit whose calls are rmm_smc(sys, pe, ...). The caller owns both
 * structures; they must outlive the use of the conduit.
 */
struct rmm_conduit_ctx {
	struct rmm_system *sys;
	unsigned int pe;
};
struct smc_conduit rmm_conduit(struct rmm_conduit_ctx *ctx);

/* Physical interrupt lines of a PE, as the host's interrupt controller drives them. */
void rmm_set_irq(struct rmm_system *sys, unsigned int pe, bool level);
void rmm_set_fiq(struct rmm_system *sys, unsigned int pe, bool level);
bool rmm_irq_is_up(const struct rmm_system *sys, unsigned int pe);
bool rmm_fiq_is_up(const struct rmm_system *sys, unsigned int pe);

/*
 * An SError arrives at `pe`; a REC that runs there exits. `esr` is its ISS.
 * False, and nothing happens, when it is one that no RMM survives: of an
 * implementation defined syndrome, or with an error that is not contained.
 */
bool rmm_set_serror(struct rmm_system *sys, unsigned int pe, uint64_t esr);

/*
 * The virtual GIC registers of a PE, which the host owns between entries and
 * the realm changes while it runs. Until 1.0-rel0 they travel in RmiRecRun and
 * what is written here is lost.
 */
#define RMM_NUM_LRS 16
enum rmm_ich_register {
	RMM_ICH_LR0, /* list register n is RMM_ICH_LR0 + n */
	RMM_ICH_HCR = RMM_ICH_LR0 + RMM_NUM_LRS,
	RMM_ICH_VMCR,
	RMM_ICH_MISR, /* read-only */
	RMM_ICH_COUNT,
};

/* False: no such PE or register, or it cannot be written. */
bool rmm_write_ich(struct rmm_system *sys, unsigned int pe, enum rmm_ich_register reg,
		   uint64_t value);
bool rmm_read_ich(const struct rmm_system *sys, unsigned int pe, enum rmm_ich_register reg,
		  uint64_t *value);

/* "LR0" ... "HCR", "VMCR", "MISR". Never NULL. */
const char *rmm_ich_name(enum rmm_ich_register reg);

/* The system counter: what a realm would read from CNTVCT_EL0 on `pe`. */
uint64_t rmm_counter(const struct rmm_system *sys, unsigned int pe);

/* ---- what the last call did ---------------------------------------------- */

/* Valid until the next call on that PE. */
struct rmm_call_report {
	enum rmm_command command;     /* RMM_CMD_COUNT: no such command */
	enum rmm_condition condition; /* why it failed; RMM_CONDITION_NONE: it did not */
	uint64_t calls;               /* calls on this PE so far, this one included */
	/* The realm's last call or event inside RMI_REC_ENTER, for logs. */
	enum rmm_command guest_command;
	enum rmm_condition guest_condition;
};
const struct rmm_call_report *rmm_last_call(const struct rmm_system *sys, unsigned int pe);

/*
 * Coverage: how often each condition has been reported by this system.
 * An array of RMM_CONDITION_COUNT counters, valid as long as the system.
 */
const uint64_t *rmm_condition_counts(const struct rmm_system *sys);

/* ---- looking at the machine ----------------------------------------------- */

/* Superset of RmmGranuleState over all versions (2.0-bet0 C2.23). */
enum rmm_granule_state {
	RMM_GRANULE_UNDELEGATED,
	RMM_GRANULE_DELEGATED,
	RMM_GRANULE_RD,
	RMM_GRANULE_REC,
	RMM_GRANULE_RTT,
	RMM_GRANULE_DATA,
	RMM_GRANULE_DEV,
	RMM_GRANULE_PDEV,
	RMM_GRANULE_VDEV,
	RMM_GRANULE_VSMMU,
	RMM_GRANULE_INTERNAL, /* the RMM's own use: donated memory */
	RMM_GRANULE_PARTIAL,  /* held by a stateful operation that is not finished */
	RMM_GRANULE_GPT_L1,   /* a level 1 GPT in memory of the host: in the Root PAS */
	RMM_GRANULE_STATE_COUNT,
};

/* "DELEGATED" ... Never NULL. */
const char *rmm_granule_state_name(enum rmm_granule_state state);

/* The state of the granule that holds pa; false when no bank does. */
bool rmm_granule_state_at(const struct rmm_system *sys, uint64_t pa, enum rmm_granule_state *state);

/* What the GPT says of pa, read from the tables in root memory. */
bool rmm_gpi_at(const struct rmm_system *sys, uint64_t pa, enum rmm_gpi *gpi);

enum rmm_state { RMM_STATE_INIT, RMM_STATE_INTERMEDIATE, RMM_STATE_ACTIVE };
enum rmm_state rmm_system_state(const struct rmm_system *sys);

enum rmm_realm_state {
	RMM_REALM_NEW,
	RMM_REALM_ACTIVE,
	RMM_REALM_SYSTEM_OFF,
	RMM_REALM_ZOMBIE,
};
const char *rmm_realm_state_name(enum rmm_realm_state state);

struct rmm_realm_view {
	enum rmm_realm_state state;
	uint8_t ipa_width;
	uint64_t num_recs;
	uint64_t rtt_base; /* PA */
	int8_t rtt_level_start;
	uint32_t rtt_num_start;
	uint16_t vmid;
	uint8_t rim[64];
};
bool rmm_realm_at(const struct rmm_system *sys, uint64_t rd, struct rmm_realm_view *view);

struct rmm_rec_view {
	uint64_t owner; /* PA of the RD */
	uint64_t mpidr;
	bool running;
	bool runnable;
	struct rmm_vcpu vcpu;
};
bool rmm_rec_at(const struct rmm_system *sys, uint64_t rec, struct rmm_rec_view *view);

/* Open stateful operations. */
unsigned int rmm_num_operations(const struct rmm_system *sys);

/* Granules that are not UNDELEGATED: 0 when everything was given back. */
uint64_t rmm_num_delegated(const struct rmm_system *sys);

#ifdef __cplusplus
}
#endif

#endif
