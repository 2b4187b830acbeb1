/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where a behaviour of the machine takes a condition back, as the notes of its
 * command say. Conditions that end in _tf are quirks and need no line.
 */
#include <string.h>

#include "oracle/judge.h"
#include "rmmsim/abi/encoding.h"

struct exemption {
	enum rmm_condition condition;
	enum rmm_behaviour behaviour;
	bool on; /* exempt with the behaviour, or without it */
};

#define WITH(condition, behaviour)                         \
	{                                                  \
		condition, RMM_BEHAVIOUR_##behaviour, true \
	}
#define WITHOUT(condition, behaviour)                       \
	{                                                   \
		condition, RMM_BEHAVIOUR_##behaviour, false \
	}

static const struct exemption exemptions[] = {
	WITHOUT(RMI_RMM_CONFIG_SET_TRACKED, CONFIG_SET_TRACKED_CHECKED),
	WITH(RMI_RMM_CONFIG_GET_RMM_STATE, CONFIG_GET_ANY_STATE),
	WITHOUT(RMI_REALM_CREATE_PAT_VALID, PAT_VALID_CHECKED),
	WITH(RMI_GPT_L1_CREATE_ADDR_BOUND, GPT_L1_ALWAYS_PRESENT),
	WITH(RMI_REC_ENTER_REC_MMIO, INJECT_SEA_OVER_EMUL_MMIO),
	WITH(RMI_PSCI_COMPLETE_TARGET, PSCI_COMPARES_INDEX),
	WITH(RMI_OP_CONTINUE_MEM_REQ, CONTINUE_AFTER_FAILED_TRANSFER),
	WITH(RMI_OP_MEM_RECLAIM_LIST_PAS, RECLAIM_RETURNS_MEMORY_FIRST),
	WITH(RMI_OP_MEM_DONATE_MEM_STATE, DONATE_STATE_FAILS_OPERATION),
	WITH(RMI_RTT_DATA_MAP_TRK_UNTRACKED, RTT_TRACKING_UNCHECKED),
	WITH(RMI_RTT_DATA_MAP_TRK_GRAN, RTT_TRACKING_UNCHECKED),
	WITH(RMI_RTT_DATA_MAP_DPT_GRAN, RTT_TRACKING_UNCHECKED),
	WITH(RMI_RTT_DATA_UNMAP_TRK_GRAN, RTT_TRACKING_UNCHECKED),
	WITH(RMI_RTT_DATA_UNMAP_DPT_GRAN, RTT_TRACKING_UNCHECKED),
	WITH(RMI_RTT_UNPROT_MAP_DESC_STATE, UNPROT_DESC_STATE_IGNORED),
	WITH(RMI_RTT_UNPROT_MAP_IPA_BOUND, UNPROT_STRADDLE_FAILS_AS_RTT),
	WITH(RMI_RTT_UNPROT_UNMAP_RTTE_STATE, UNMAP_SKIPS_UNMAPPED),
};

/* What a stateful command looks at only when the host has given it its memory. */
static const struct exemption deferred[] = {
	WITH(RMI_REC_CREATE_PARAMS_ALIGN, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REC_CREATE_PARAMS_PAS, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REC_CREATE_RD_ALIGN, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REC_CREATE_RD_BOUND, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REC_CREATE_RD_STATE, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REC_CREATE_NUM_RECS, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REC_CREATE_REALM_STATE, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REC_CREATE_MPIDR_INDEX, REC_CREATE_CHECKS_DEFERRED),
	WITH(RMI_REALM_CREATE_PARAMS_ALIGN, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_PARAMS_PAS, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_PARAMS_VALID, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_PARAMS_SUPP, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_RTT_NUM_LEVEL, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_ATS_PLANE, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_RTT_ALIGN, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_VMID, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_MEC_POLICY, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_RTT_STATE, REALM_CREATE_IS_STATEFUL),
	WITH(RMI_REALM_CREATE_ALIAS, REALM_CREATE_IS_STATEFUL),
};

static bool listed(const struct rmm_system *sys, const struct exemption *list, size_t n,
		   enum rmm_condition condition)
{
	for (size_t i = 0; i < n; i++)
		if (list[i].condition == condition &&
		    rmm_behaves(sys, list[i].behaviour) == list[i].on)
			return true;
	return false;
}

#define COUNT(list) (sizeof(list) / sizeof((list)[0]))

bool oracle_is_deferred(const struct rmm_system *sys, enum rmm_condition condition)
{
	return listed(sys, deferred, COUNT(deferred), condition);
}

/* The first text knows no second mapping of the same memory; a behaviour may. */
static bool is_remapping(const struct rmm_system *sys, enum rmm_condition condition)
{
	if (sys->config.version != RMM_VERSION_2_0_BET0)
		return false;
	return (condition == RMI_RTT_UNPROT_MAP_RTTE_STATE &&
		rmm_behaves(sys, RMM_BEHAVIOUR_UNPROT_REMAP_SUCCEEDS)) ||
	       ((condition == RMI_RTT_DATA_MAP_RTTE_STATE ||
		 condition == RMI_RTT_DATA_MAP_GRAN_STATE) &&
		rmm_behaves(sys, RMM_BEHAVIOUR_MAP_SAME_PA_SUCCEEDS));
}

bool oracle_is_exempt(const struct rmm_system *sys, enum rmm_condition condition)
{
	return is_remapping(sys, condition) ||
	       listed(sys, exemptions, COUNT(exemptions), condition);
}

/* State that the machine does not keep, or keeps where nobody else can see it. */
static const struct {
	enum rmm_command command;
	const char *success;
} blind[] = {
	{RMM_CMD_RMI_REALM_CREATE, "da"},
	{RMM_CMD_RMI_REALM_CREATE, "ats"},
	{RMM_CMD_RMI_REALM_CREATE, "rtt_s2ap_encoding"},
};

bool oracle_is_blind(const struct rmm_system *sys, enum rmm_command command, const char *success)
{
	if (command == RMM_CMD_RMI_REALM_CREATE && strcmp(success, "rim") == 0)
		return sys->config.version != RMM_VERSION_1_0_REL0 &&
		       rmm_behaves(sys, RMM_BEHAVIOUR_RIM_STARTS_FROM_PARAMS);
	if (command == RMM_CMD_RMI_REALM_CREATE && strcmp(success, "lfa_policy") == 0)
		return rmm_behaves(sys, RMM_BEHAVIOUR_LFA_POLICY_IGNORED);
	if (command == RMM_CMD_RMI_RTT_READ_ENTRY && strcmp(success, "state_prot") == 0)
		return rmm_behaves(sys, RMM_BEHAVIOUR_READ_ENTRY_HIDES_DESTROYED_DATA);
	if (command == RMM_CMD_RMI_PSCI_COMPLETE && strcmp(success, "on_success") == 0)
		return rmm_behaves(sys, RMM_BEHAVIOUR_CPU_ON_KEEPS_TARGET_GPRS);
	for (size_t i = 0; i < COUNT(blind); i++)
		if (blind[i].command == command && strcmp(blind[i].success, success) == 0)
			return true;
	return false;
}
