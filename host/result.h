/* SPDX-License-Identifier: BSD-3-Clause */
/* The result word of a command, X0, taken apart (DEN0137 2.0, RmiResult). */
#ifndef RMMHOST_RESULT_H
#define RMMHOST_RESULT_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/smc.h"

/* A function identifier that nobody implements: all 64 bits are one. */
#define RMI_ANSWER_NOT_SUPPORTED SMC_NOT_SUPPORTED

static inline uint64_t rmi_answer_status(uint64_t x0)
{
	return rmi_result_get_status(x0);
}

static inline bool rmi_answer_is(uint64_t x0, uint64_t status)
{
	return x0 != RMI_ANSWER_NOT_SUPPORTED && rmi_answer_status(x0) == status;
}

static inline bool rmi_answer_has_level(uint64_t x0)
{
	return rmi_answer_is(x0, RMI_ERROR_RTT) || rmi_answer_is(x0, RMI_ERROR_RTT_AUX);
}

/* Level where the walk ended; level -1 is packed into eight bits. */
static inline int rmi_answer_level(uint64_t x0)
{
	return (int8_t)rmi_result_data_level_get_level(rmi_result_get_data(x0));
}

static inline uint64_t rmi_answer_mem(uint64_t x0)
{
	return rmi_result_data_incomplete_get_mem(rmi_result_get_data(x0));
}

static inline bool rmi_answer_can_cancel(uint64_t x0)
{
	return rmi_result_data_incomplete_get_cancel(rmi_result_get_data(x0)) == RMI_OP_CAN_CANCEL;
}

#endif
