/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What public functions do about pointers that point to nothing: an error with
 * a sentence, or the value that says "nothing". In debug builds (without NDEBUG)
 * this goes for what was destroyed, too, and for a host that another thread uses.
 */
#ifndef RMMHOST_ARGUMENTS_H
#define RMMHOST_ARGUMENTS_H

#include <stdbool.h>
#include <stddef.h>

#include "rmmsim/host/error.h"
#include "rmmsim/smc.h"

struct host;
struct host_realm;

/* Not NULL, aligned as every structure of the interface is, and not known to be destroyed. */
bool host_is_argument(const void *pointer);

/* HOST_OK, or HOST_ERROR_CONFIG: "host_create: config is NULL". */
enum host_status host_check_argument(const void *pointer, const char *function, const char *name,
				     struct host_error *error);

/* The same for a realm; HOST_ERROR_STATE if it is known to be destroyed. */
enum host_status host_check_realm(const struct host_realm *realm, const char *function,
				  struct host_error *error);

/* The same for a conduit; HOST_ERROR_CONFIG, too, if it leads nowhere. */
enum host_status host_check_conduit(const struct smc_conduit *conduit, const char *function,
				    struct host_error *error);

/* Where a link that was not made leads: smc_call() answers SMC_NOT_SUPPORTED. */
static inline struct smc_conduit host_nowhere(void)
{
	return (struct smc_conduit){.call = NULL};
}

#define HOST_REQUIRE(pointer, error)                                             \
	do {                                                                     \
		const enum host_status status_ =                                 \
			host_check_argument(pointer, __func__, #pointer, error); \
		if (status_ != HOST_OK)                                          \
			return status_;                                          \
	} while (0)

#define HOST_REQUIRE_CONDUIT(conduit, error)                                                   \
	do {                                                                                   \
		const enum host_status status_ = host_check_conduit(conduit, __func__, error); \
		if (status_ != HOST_OK)                                                        \
			return status_;                                                        \
	} while (0)

#ifdef NDEBUG
#define HOST_USE(used, error) ((void)(used))
#else
/* HOST_ERROR_STATE while another thread is between begin and end. */
enum host_status host_use_begin(struct host *host, const char *function, struct host **guard,
				struct host_error *error);
void host_use_end(struct host **guard);

/* Until the function that says so returns. */
#define HOST_USE(used, error)                                                                    \
	struct host *guard_ __attribute__((cleanup(host_use_end))) = NULL;                       \
	do {                                                                                     \
		const enum host_status status_ = host_use_begin(used, __func__, &guard_, error); \
		if (status_ != HOST_OK)                                                          \
			return status_;                                                          \
	} while (0)
#endif

#define HOST_REQUIRE_HOST(host, error) \
	HOST_REQUIRE(host, error);     \
	HOST_USE(host, error)

#define HOST_REQUIRE_REALM(realm, error)                                                   \
	do {                                                                               \
		const enum host_status status_ = host_check_realm(realm, __func__, error); \
		if (status_ != HOST_OK)                                                    \
			return status_;                                                    \
	} while (0);                                                                       \
	HOST_USE((realm)->host, error)

#endif
