/* SPDX-License-Identifier: BSD-3-Clause */
#include "object_commands.h"

static const struct object_command commands[] = {
	{RMM_CMD_RMI_REALM_CREATE, HOST_HELD_RD, "rd", "rd", false},
	{RMM_CMD_RMI_REALM_DESTROY, HOST_HELD_RD, "rd", "rd", true},
	{RMM_CMD_RMI_REC_CREATE, HOST_HELD_REC, "rec_ptr|rec", "rd", false},
	{RMM_CMD_RMI_REC_DESTROY, HOST_HELD_REC, "rec_ptr|rec", NULL, true},
	{RMM_CMD_RMI_RTT_CREATE, HOST_HELD_RTT, "rtt", "rd", false},
	{RMM_CMD_RMI_RTT_DESTROY, HOST_HELD_RTT, "rtt", "rd", true},
	{RMM_CMD_RMI_RTT_FOLD, HOST_HELD_RTT, "rtt", "rd", true},
	{RMM_CMD_RMI_RTT_AUX_CREATE, HOST_HELD_RTT, "rtt", "rd", false},
	{RMM_CMD_RMI_RTT_AUX_DESTROY, HOST_HELD_RTT, "rtt", "rd", true},
	{RMM_CMD_RMI_RTT_AUX_FOLD, HOST_HELD_RTT, "rtt", "rd", true},
	{RMM_CMD_RMI_RTT_DATA_MAP_INIT, HOST_HELD_DATA, "data", "rd", false},
	{RMM_CMD_RMI_DATA_CREATE, HOST_HELD_DATA, "data", "rd", false},
	{RMM_CMD_RMI_DATA_CREATE_UNKNOWN, HOST_HELD_DATA, "data", "rd", false},
	{RMM_CMD_RMI_DATA_DESTROY, HOST_HELD_DATA, "data", "rd", true},
	{RMM_CMD_RMI_PDEV_CREATE, HOST_HELD_DEVICE, "pdev_ptr", NULL, false},
	{RMM_CMD_RMI_PDEV_DESTROY, HOST_HELD_DEVICE, "pdev_ptr", NULL, true},
	{RMM_CMD_RMI_VDEV_CREATE, HOST_HELD_DEVICE, "vdev_ptr", "rd", false},
	{RMM_CMD_RMI_VDEV_DESTROY, HOST_HELD_DEVICE, "vdev_ptr", "rd", true},
	{RMM_CMD_RMI_VSMMU_CREATE, HOST_HELD_DEVICE, "vsmmu_ptr", "rd", false},
	{RMM_CMD_RMI_VSMMU_DESTROY, HOST_HELD_DEVICE, "vsmmu_ptr", "rd", true},
	{RMM_CMD_RMI_CMEM_CREATE, HOST_HELD_DEVICE, "cmem_ptr", NULL, false},
	{RMM_CMD_RMI_CMEM_DESTROY, HOST_HELD_DEVICE, "cmem_ptr", NULL, true},
};

const struct object_command *object_command(enum rmm_command id)
{
	for (size_t i = 0; i < sizeof(commands) / sizeof(commands[0]); i++)
		if (commands[i].id == id)
			return &commands[i];
	return NULL;
}

uint64_t object_granule(const struct object_command *of, const struct observed *o)
{
	if (observed_has_in(o, of->granule))
		return observed_in(o, of->granule);
	return observed_out(o, of->granule);
}

uint64_t object_realm(const struct object_command *of, const struct observed *o)
{
	return of->realm != NULL ? observed_in(o, of->realm) : 0;
}
