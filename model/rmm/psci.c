/* SPDX-License-Identifier: BSD-3-Clause */
/* The PSCI calls of a realm. */
#include "rmm/psci.h"

#include "rmm/handlers.h"
#include "rmmsim/abi/introspect.h"

#define PSCI_MAJOR UINT64_C(1)
#define PSCI_MINOR UINT64_C(1)

/* RecIndex of an MPIDR in the layout of MPIDR_EL1. */
static uint64_t index_of(uint64_t mpidr)
{
	return rec_index_of((mpidr & 0xffffff) | (mpidr >> 32 & 0xff) << 24);
}

bool psci_names(const struct rmm_call *call, uint64_t mpidr, const struct rmm_rec *rec)
{
	if (call_behaves(call, RMM_BEHAVIOUR_PSCI_COMPARES_INDEX))
		return index_of(mpidr) == rec_index_of(rec->mpidr);
	return mpidr == ((rec->mpidr & 0xffffff) | (rec->mpidr >> 24 & 0xff) << 32);
}

uint64_t psci_find_rec(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t mpidr)
{
	uint64_t pa = realm->first_rec;

	while (pa && !psci_names(call, mpidr, rec_at(call, pa)))
		pa = rec_at(call, pa)->next;
	return pa;
}

bool psci_is_cpu_on(uint64_t x0)
{
	return psci_plain_fid(x0) == FID_PSCI_CPU_ON;
}

bool psci_is_lost(const struct rmm_call *call, uint64_t x0)
{
	return x0 >> 32 && call_behaves(call, RMM_BEHAVIOUR_PSCI_REGISTERS_64_BITS);
}

uint32_t psci_plain_fid(uint64_t x0)
{
	const uint32_t fid = (uint32_t)(x0 & UINT32_MAX & ~SMCCC_SVE_HINT);

	switch (fid | SMCCC_SMC64) {
	case FID_PSCI_CPU_SUSPEND:
	case FID_PSCI_CPU_ON:
	case FID_PSCI_AFFINITY_INFO:
		return fid | SMCCC_SMC64;
	default:
		return fid;
	}
}

/* The list of RECs changes while the RD is locked, and with it the realm's state. */
static void lock_realm(struct rmm_call *call)
{
	granule_lock(call, call->rec->owner);
}

/* The host is told the function and the arguments it needs. */
static void tell_host(struct rmm_call *call, unsigned int num_args)
{
	call->exit->exit_reason = RMI_EXIT_PSCI;
	call->exit->gprs[0] = call->in[0] & ~SMCCC_SVE_HINT;
	if (!call_behaves(call, RMM_BEHAVIOUR_PSCI_REGISTERS_64_BITS))
		call->exit->gprs[0] &= UINT32_MAX;
	for (unsigned int i = 1; i <= num_args; i++)
		call->exit->gprs[i] = call->in[i];
}

static uint64_t exit_to_host(struct rmm_call *call, unsigned int num_args)
{
	tell_host(call, num_args);
	call->outcome = CALL_EXITS;
	return PSCI_SUCCESS;
}

/* The realm's registers wait for RMI_PSCI_COMPLETE. */
static uint64_t exit_pending(struct rmm_call *call, unsigned int num_args)
{
	call->rec->pending = REC_PENDING_PSCI;
	tell_host(call, num_args);
	call->outcome = CALL_WAITS;
	return PSCI_SUCCESS;
}

uint64_t psci_version(struct rmm_call *call)
{
	(void)call;
	return PSCI_MAJOR << 16 | PSCI_MINOR;
}

static bool function_is_supported(const struct rmm_call *call, uint32_t fid)
{
	if (fid == FID_SMCCC_VERSION)
		return call_behaves(call, RMM_BEHAVIOUR_PSCI_FEATURES_KNOWS_SMCCC);
	if (fid == FID_PSCI_VERSION)
		return !call_behaves(call, RMM_BEHAVIOUR_PSCI_FEATURES_DENIES_VERSION);
	if (fid & SMCCC_SVE_HINT)
		return false;
	if (call_behaves(call, RMM_BEHAVIOUR_PSCI_SMC32_ACCEPTED))
		fid = psci_plain_fid(fid);
	const struct rmm_abi_command *form = rmm_abi_command_by_fid(call_version(call), fid);
	return form && form->handler && rmm_command_interface[form->id] == RMM_INTERFACE_PSCI;
}

uint64_t psci_features(struct rmm_call *call)
{
	return function_is_supported(call, (uint32_t)call->in[1]) ? PSCI_SUCCESS
								  : PSCI_NOT_SUPPORTED;
}

/* Its arguments tell how deep, and where and with what it would wake up from a power down. */
uint64_t psci_cpu_suspend(struct rmm_call *call)
{
	return exit_to_host(call,
			    call_behaves(call, RMM_BEHAVIOUR_PSCI_EXIT_HIDES_ARGUMENTS) ? 0 : 3);
}

uint64_t psci_cpu_off(struct rmm_call *call)
{
	call->rec->runnable = false;
	return exit_to_host(call, 0);
}

/* How many arguments the host sees: the text says three, TF-RMM passes one. */
static unsigned int visible_args(const struct rmm_call *call)
{
	return call_behaves(call, RMM_BEHAVIOUR_PSCI_EXIT_HIDES_ARGUMENTS) ? 1 : 3;
}

/* MpidrIsUsed. TF-RMM takes every index that was ever created for one in use. */
static bool mpidr_is_used(const struct rmm_call *call, uint64_t target)
{
	return target || (call_behaves(call, RMM_BEHAVIOUR_CPU_ON_COUNTS_DESTROYED_RECS) &&
			  index_of(call->in[1]) < call->realm->rec_index);
}

uint64_t psci_cpu_on(struct rmm_call *call)
{
	uint64_t target;

	if (!realm_is_protected(call->realm, call->in[2]))
		return rmm_fail(call, PSCI_CPU_ON_ENTRY);
	lock_realm(call);
	target = psci_find_rec(call, call->realm, call->in[1]);
	if (!mpidr_is_used(call, target))
		return rmm_fail(call, PSCI_CPU_ON_MPIDR);
	if (target == call->rec_pa)
		return rmm_fail(call, PSCI_CPU_ON_RUNNABLE);
	return exit_pending(call, visible_args(call));
}

static uint64_t lowest_affinity_level(const struct rmm_call *call)
{
	if (call_behaves(call, RMM_BEHAVIOUR_PSCI_REGISTERS_64_BITS))
		return call->in[2];
	return call->in[2] & UINT32_MAX;
}

uint64_t psci_affinity_info(struct rmm_call *call)
{
	uint64_t target;

	if (lowest_affinity_level(call))
		return rmm_fail(call, PSCI_AFFINITY_INFO_TARGET_BOUND);
	lock_realm(call);
	target = psci_find_rec(call, call->realm, call->in[1]);
	if (!mpidr_is_used(call, target))
		return rmm_fail(call, PSCI_AFFINITY_INFO_TARGET_MATCH);
	if (target == call->rec_pa)
		return PSCI_SUCCESS;
	if (target && call_behaves(call, RMM_BEHAVIOUR_AFFINITY_INFO_ANSWERED_BY_RMM)) {
		granule_lock(call, target);
		return psci_is_on(rec_at(call, target)) ? PSCI_SUCCESS : PSCI_OFF;
	}
	return exit_pending(call, visible_args(call) == 1 ? 1 : 2);
}

uint64_t psci_system_off(struct rmm_call *call)
{
	lock_realm(call);
	realm_set_state(call->realm, RMM_REALM_SYSTEM_OFF);
	return exit_to_host(call, 0);
}

uint64_t psci_system_reset(struct rmm_call *call)
{
	return psci_system_off(call);
}
