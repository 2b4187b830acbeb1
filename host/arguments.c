/* SPDX-License-Identifier: BSD-3-Clause */
#include "arguments.h"

#include <stddef.h>
#include <stdint.h>

#include "fail.h"
#include "host_state.h"
#include "result.h"

bool host_is_argument(const void *pointer)
{
	return pointer && (uintptr_t)pointer % _Alignof(uint64_t) == 0;
}

enum host_status host_check_argument(const void *pointer, const char *function, const char *name,
				     struct host_error *error)
{
	if (host_is_argument(pointer))
		return HOST_OK;
	return host_fail(error, HOST_ERROR_CONFIG, "%s: %s is %s", function, name,
			 pointer ? "misaligned" : "NULL");
}

enum host_status host_check_realm(const struct host_realm *realm, const char *function,
				  struct host_error *error)
{
	enum host_status status = host_check_argument(realm, function, "realm", error);

	if (status == HOST_OK && realm->destroyed)
		return host_fail(error, HOST_ERROR_STATE,
				 "%s: the realm was destroyed: forget a handle when "
				 "host_realm_destroy() says HOST_OK",
				 function);
	return status;
}

static void answer_nothing(void *ctx, struct smc_regs *regs)
{
	(void)ctx;
	regs->x[0] = RMI_ANSWER_NOT_SUPPORTED;
}

struct smc_conduit host_nowhere(void)
{
	return (struct smc_conduit){.call = answer_nothing};
}

void host_forward(struct smc_conduit *next, struct smc_regs *regs)
{
	if (next && next->call)
		smc_call(next, regs);
	else
		answer_nothing(NULL, regs);
}
