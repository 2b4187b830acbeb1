/* SPDX-License-Identifier: BSD-3-Clause */
#include "arguments.h"

#include "fail.h"
#include "host_state.h"

bool host_is_argument(const void *pointer)
{
	return smc_is_argument(pointer);
}

enum host_status host_check_argument(const void *pointer, const char *function, const char *name,
				     struct host_error *error)
{
	if (host_is_argument(pointer))
		return HOST_OK;
	return host_fail(error, HOST_ERROR_CONFIG, "%s: %s is %s", function, name,
			 pointer ? "misaligned" : "NULL");
}

enum host_status host_check_conduit(const struct smc_conduit *conduit, const char *function,
				    struct host_error *error)
{
	enum host_status status = host_check_argument(conduit, function, "conduit", error);

	if (status == HOST_OK && !smc_leads(conduit))
		return host_fail(error, HOST_ERROR_CONFIG, "%s: conduit.call is NULL", function);
	return status;
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
