/* SPDX-License-Identifier: BSD-3-Clause */
/* The SMCCC calls of a realm (Arm DEN0028). */
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmmsim/abi/introspect.h"

#define SMCCC_1_2 UINT64_C(0x10002)

uint64_t smccc_version(struct rmm_call *call)
{
	(void)call;
	return SMCCC_1_2;
}

uint64_t smccc_arch_features(struct rmm_call *call)
{
	const struct rmm_abi_command *form =
		rmm_abi_command_by_fid(call_version(call), (uint32_t)call->in[1]);

	if (form && form->handler && rmm_command_interface[form->id] == RMM_INTERFACE_SMCCC)
		return (uint64_t)SMCCC_SUCCESS;
	return UINT64_MAX;
}
