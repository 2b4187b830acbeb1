/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * RSI_MEM_GET_PERM_VALUE, RSI_MEM_SET_PERM_VALUE, RSI_MEM_SET_PERM_INDEX,
 * RSI_PLANE_*, in realms without auxiliary planes: these have the primary one,
 * whose permissions nobody can restrict and whose registers are its own affair.
 */
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/realm_memory.h"

#define NUM_OVERLAY_INDICES 15 /* RMM_NUM_PERM_OVERLAY_INDICES */
#define LABEL_RW_UPX        15 /* read, write, and execute at EL0 and EL1 */
#define LABEL_NO_ACCESS     0
#define NO_HANDLE           0 /* of a change that begins, and of one that is over */

/* What the model cannot do for a realm that has planes: as for an unknown function. */
#define NOT_MODELLED        UINT64_MAX

static bool is_plane(const struct rmm_call *call, uint64_t plane)
{
	return plane <= call->realm->num_aux_planes;
}

static bool is_aux_plane(const struct rmm_call *call, uint64_t plane)
{
	return plane != 0 && is_plane(call, plane);
}

uint64_t rsi_mem_get_perm_value(struct rmm_call *call)
{
	if (!is_plane(call, call->in[1]))
		return rmm_fail(call, RSI_MEM_GET_PERM_VALUE_PLANE_BOUND);
	if (call->in[2] >= NUM_OVERLAY_INDICES)
		return rmm_fail(call, RSI_MEM_GET_PERM_VALUE_PERM_BOUND);
	call->out[1] = call->in[1] ? LABEL_NO_ACCESS : LABEL_RW_UPX;
	return RSI_SUCCESS;
}

uint64_t rsi_mem_set_perm_value(struct rmm_call *call)
{
	if (!is_aux_plane(call, call->in[1]))
		return rmm_fail(call, RSI_MEM_SET_PERM_VALUE_PLANE_BOUND);
	return NOT_MODELLED;
}

static enum rmm_condition check_range(const struct rmm_call *call)
{
	const uint64_t base = call->in[1];
	const uint64_t top = call->in[2];

	if (!is_aligned(base, RSI_GRANULE_BYTES))
		return RSI_MEM_SET_PERM_INDEX_BASE_ALIGN;
	if (!is_aligned(top, RSI_GRANULE_BYTES))
		return RSI_MEM_SET_PERM_INDEX_TOP_ALIGN;
	if (top <= base)
		return RSI_MEM_SET_PERM_INDEX_SIZE_VALID;
	if (!realm_range_is_protected(call->realm, base, top))
		return RSI_MEM_SET_PERM_INDEX_RGN_BOUND;
	return RMM_CONDITION_NONE;
}

/* The host is asked; REC_ENTER completes the call. */
uint64_t rsi_mem_set_perm_index(struct rmm_call *call)
{
	const enum rmm_condition failed = check_range(call);

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (call->in[3] >= NUM_OVERLAY_INDICES)
		return rmm_fail(call, RSI_MEM_SET_PERM_INDEX_PERM_BOUND);
	if (call->in[4] != NO_HANDLE)
		return rmm_fail(call, RSI_MEM_SET_PERM_INDEX_HANDLE);
	call->rec->s2ap_pending = true;
	call->rec->s2ap_addr = call->in[1];
	call->rec->s2ap_top = call->in[2];
	call->exit->exit_reason = RMI_EXIT_S2AP_CHANGE;
	call->exit->s2ap_base = call->in[1];
	call->exit->s2ap_top = call->in[2];
	call->outcome = CALL_EXITS;
	return RSI_SUCCESS;
}

uint64_t rsi_plane_enter(struct rmm_call *call)
{
	if (!is_aux_plane(call, call->in[1]))
		return rmm_fail(call, RSI_PLANE_ENTER_IDX_BOUND);
	return NOT_MODELLED;
}

uint64_t rsi_plane_sysreg_read(struct rmm_call *call)
{
	if (!is_plane(call, call->in[1]))
		return rmm_fail(call, RSI_PLANE_SYSREG_READ_IDX_BOUND);
	return call->in[1] ? NOT_MODELLED : rmm_fail(call, RSI_PLANE_SYSREG_READ_SYSREG_VALID);
}

uint64_t rsi_plane_sysreg_write(struct rmm_call *call)
{
	if (!is_plane(call, call->in[1]))
		return rmm_fail(call, RSI_PLANE_SYSREG_WRITE_IDX_BOUND);
	return call->in[1] ? NOT_MODELLED : rmm_fail(call, RSI_PLANE_SYSREG_WRITE_SYSREG_VALID);
}
