/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Realms and RECs. Both are typed objects that live in the bytes of their own
 * granule, where no other world can reach them; they hold no pointers.
 */
#ifndef RMM_RMM_REALM_H
#define RMM_RMM_REALM_H

#include <stdbool.h>
#include <stdint.h>

#include "attestation/rim.h"
#include "rmmsim/system.h"

#define MAX_AUX_GRANULES 16
#define MAX_RTT_TREES    4

/* RmmRealm, 2.0-bet0 C2.49. */
struct rmm_realm {
	enum rmm_realm_state state;
	uint8_t ipa_width; /* bits */
	uint8_t hash_algo; /* RmiHashAlgorithm */
	bool lpa2;
	bool pmu;
	uint8_t rim[MEASUREMENT_BYTES];
	uint8_t rem[4][MEASUREMENT_BYTES];
	uint8_t rpv[64];
	uint64_t rec_index; /* of the next REC to be created */
	uint64_t num_recs;
	uint64_t num_running; /* RECs that are inside RMI_REC_ENTER */
	uint64_t first_rec;   /* PA; the list goes on in the RECs. 0: empty */
	uint64_t rtt_base[MAX_RTT_TREES];
	int8_t rtt_level_start;
	uint32_t rtt_num_start;
	uint64_t num_aux_planes;
	uint64_t ats_plane;
	uint32_t num_trees;
	uint16_t vmids[MAX_RTT_TREES]; /* one per plane */
	uint16_t mecid;
	uint8_t mec_policy;
	uint8_t lfa_policy;
	unsigned int num_aux;
	uint64_t aux[MAX_AUX_GRANULES]; /* donated to RMI_REALM_CREATE */
	uint64_t instance; /* number of this realm among all that the machine has had */
};

enum rec_pending { REC_PENDING_NONE, REC_PENDING_PSCI, REC_PENDING_HOST_CALL };

/* What the last exit left behind for the next entry. */
enum rec_abort {
	REC_ABORT_NONE,
	REC_ABORT_EMULATABLE,  /* data abort, host may emulate or inject */
	REC_ABORT_UNPROTECTED, /* data abort at an Unprotected IPA, not emulatable */
	REC_ABORT_OTHER,
};

/* What the token that is being generated is made of, as RSI_ATTESTATION_TOKEN_INIT found it. */
struct rec_attestation {
	bool in_progress;
	uint8_t steps_done; /* of signing */
	uint32_t offset;    /* bytes of the token that the realm has */
	uint8_t challenge[64];
	uint8_t rem[4][MEASUREMENT_BYTES];
	uint8_t signature[96]; /* valid after the last step */
};

/* RmmRec, 2.0-bet0 C2.52. */
struct rmm_rec {
	uint64_t owner; /* PA of the RD */
	uint64_t next;  /* PA of the next REC of the realm, 0: last */
	uint64_t mpidr; /* form of RmiRecMpidr */
	bool runnable;
	bool running;
	enum rec_pending pending;

	enum rec_abort abort;
	uint64_t abort_esr; /* full syndrome and address, kept from the host */
	uint64_t abort_far;
	bool abort_write;
	bool abort_sign_extend;
	bool abort_sixty_four;
	uint8_t abort_size; /* bytes */
	uint8_t abort_reg;

	/* RIPAS change: the request and how far it got. */
	uint64_t ripas_base;
	uint64_t ripas_addr;
	uint64_t ripas_top;
	uint8_t ripas_value;
	bool ripas_destroyed; /* CHANGE_DESTROYED */
	bool ripas_pending;

	/* Change of permissions: as for RIPAS. */
	uint64_t s2ap_addr;
	uint64_t s2ap_top;
	bool s2ap_pending;

	uint64_t host_call_ipa;

	/* Timer outputs as the host saw them at the last exit (TIMER_VIRTUAL ...). */
	uint8_t timer_outputs;

	/* A trapped MRS waits for the host's value. */
	bool sysreg_read;
	uint8_t sysreg_reg;

	/* An SError that the realm has to take, too. */
	bool vserror;
	uint64_t vserror_esr;

	uint64_t ich_vmcr; /* 1.0-rel0: the realm's own, kept between entries */

	struct rec_attestation attestation;

	unsigned int num_aux;
	uint64_t aux[MAX_AUX_GRANULES];

	struct rmm_vcpu vcpu;
};

_Static_assert(sizeof(struct rmm_realm) <= RMM_GRANULE_SIZE, "an RD is one granule");
_Static_assert(sizeof(struct rmm_rec) <= RMM_GRANULE_SIZE, "a REC is one granule");

/* Changed while the RD is locked; RECs enter without its lock. */
static inline enum rmm_realm_state realm_state(const struct rmm_realm *realm)
{
	return __atomic_load_n(&realm->state, __ATOMIC_ACQUIRE);
}

static inline void realm_set_state(struct rmm_realm *realm, enum rmm_realm_state state)
{
	__atomic_store_n(&realm->state, state, __ATOMIC_RELEASE);
}

/*
 * RECs enter and leave a realm without its lock, which is why their number also
 * says that nobody may enter while RMI_REALM_TERMINATE changes the state.
 */
#define REALM_CLOSED UINT64_MAX

static inline void realm_leave(struct rmm_realm *realm)
{
	__atomic_sub_fetch(&realm->num_running, 1, __ATOMIC_RELEASE);
}

/* False: the realm is not active, or about to end. */
static inline bool realm_enter(struct rmm_realm *realm)
{
	uint64_t n = __atomic_load_n(&realm->num_running, __ATOMIC_RELAXED);

	do {
		if (n == REALM_CLOSED)
			return false;
	} while (!__atomic_compare_exchange_n(&realm->num_running, &n, n + 1, true,
					      __ATOMIC_ACQUIRE, __ATOMIC_RELAXED));
	if (realm_state(realm) == RMM_REALM_ACTIVE)
		return true;
	realm_leave(realm);
	return false;
}

/* False: a REC runs. Otherwise none can begin to until realm_reopen. */
static inline bool realm_close(struct rmm_realm *realm)
{
	uint64_t none = 0;

	return __atomic_compare_exchange_n(&realm->num_running, &none, REALM_CLOSED, false,
					   __ATOMIC_ACQUIRE, __ATOMIC_RELAXED);
}

static inline void realm_reopen(struct rmm_realm *realm)
{
	__atomic_store_n(&realm->num_running, 0, __ATOMIC_RELEASE);
}

/* Protected IPAs are the lower half of the IPA space. */
static inline uint64_t realm_protected_size(const struct rmm_realm *realm)
{
	return UINT64_C(1) << (realm->ipa_width - 1);
}

static inline uint64_t realm_ipa_size(const struct rmm_realm *realm)
{
	return UINT64_C(1) << realm->ipa_width;
}

static inline bool realm_is_protected(const struct rmm_realm *realm, uint64_t ipa)
{
	return ipa < realm_protected_size(realm);
}

/* AddrRangeIsProtected, 2.0-bet0 B3.12: [base, top) not empty and all Protected. */
static inline bool realm_range_is_protected(const struct rmm_realm *realm, uint64_t base,
					    uint64_t top)
{
	return base < top && top <= realm_protected_size(realm);
}

#endif
