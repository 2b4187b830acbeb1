/* SPDX-License-Identifier: BSD-3-Clause */
/* The ways in which a command can fail, for those who want to try them all. */
#include "injector_state.h"

static bool carries_level(const struct rmm_abi_condition *condition)
{
	const uint64_t status = observed_status(condition->status_value);

	return status == RMI_ERROR_RTT || status == RMI_ERROR_RTT_AUX;
}

/* The first condition in this version with its status. */
static bool is_new(const struct rmm_abi_command *command, enum rmm_version version, size_t at)
{
	for (size_t i = 0; i < at; i++)
		if (command->fail[i].versions >> version & 1 &&
		    command->fail[i].status_value == command->fail[at].status_value)
			return false;
	return true;
}

static bool is_choice(const struct rmm_abi_command *command, enum rmm_version version, size_t at)
{
	const struct rmm_abi_condition *condition = &command->fail[at];

	return condition->versions >> version & 1 && !carries_level(condition) &&
	       is_new(command, version, at);
}

static bool is_step(enum rmm_command id)
{
	return id == RMM_CMD_RMI_OP_CONTINUE || id == RMM_CMD_RMI_OP_MEM_DONATE ||
	       id == RMM_CMD_RMI_OP_MEM_RECLAIM || id == RMM_CMD_RMI_OP_CANCEL;
}

uint64_t host_injection_choices(enum rmm_version version, enum rmm_command command)
{
	const struct rmm_abi_command *of = rmm_abi_command_by_id(version, command);
	uint64_t choices = 0;

	for (size_t i = 0; of != NULL && !is_step(command) && i < of->num_fail; i++)
		choices += is_choice(of, version, i);
	return choices ? choices : 1;
}

enum rmm_condition injector_choice(const struct rmm_abi_command *of, enum rmm_version version,
				   uint64_t choice)
{
	for (size_t i = 0; !is_step(of->id) && i < of->num_fail; i++)
		if (is_choice(of, version, i) && choice-- == 0)
			return of->fail[i].id;
	return RMI_ANY_BUSY;
}
