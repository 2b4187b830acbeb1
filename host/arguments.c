/* SPDX-License-Identifier: BSD-3-Clause */
#include "arguments.h"

#include <stdint.h>

#include "fail.h"
#include "grave.h"
#include "host_state.h"

bool host_is_argument(const void *pointer)
{
	return smc_is_argument(pointer) && !grave_holds(pointer);
}

enum host_status host_check_argument(const void *pointer, const char *function, const char *name,
				     struct host_error *error)
{
	if (host_is_argument(pointer))
		return HOST_OK;
	if (grave_holds(pointer))
		return host_fail(error, HOST_ERROR_STATE, "%s: %s was destroyed", function, name);
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

#ifndef NDEBUG

/* The address of something that every thread has of its own. */
static uintptr_t this_thread(void)
{
	static _Thread_local char own;

	return (uintptr_t)&own;
}

enum host_status host_use_begin(struct host *host, const char *function, struct host **guard,
				struct host_error *error)
{
	const uintptr_t me = this_thread();
	uintptr_t inside = 0;

	if (!__atomic_compare_exchange_n(&host->used_by, &inside, me, false, __ATOMIC_RELAXED,
					 __ATOMIC_RELAXED) &&
	    inside != me)
		return host_fail(error, HOST_ERROR_STATE,
				 "%s: two threads use one host at a time: a host and all that was "
				 "made from it belong to one (rmmsim/host/host.h)",
				 function);
	host->use_depth++;
	*guard = host;
	return HOST_OK;
}

void host_use_end(struct host **guard)
{
	struct host *const host = *guard;

	if (host && --host->use_depth == 0)
		__atomic_store_n(&host->used_by, 0, __ATOMIC_RELAXED);
}

#endif
