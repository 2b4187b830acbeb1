/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Errors of the host library: a status to decide on, the call that caused it
 * and a sentence to print.
 */
#ifndef RMMSIM_HOST_ERROR_H
#define RMMSIM_HOST_ERROR_H

#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

enum host_status {
	HOST_OK = 0,
	HOST_ERROR_CONFIG,        /* an argument of the caller is wrong; nothing was done */
	HOST_ERROR_STATE,         /* the object is not in the state that the call needs */
	HOST_ERROR_NO_MEMORY,     /* the page pool, or the process, has no memory left */
	HOST_ERROR_FAULT,         /* the memory window refused an access of the host */
	HOST_ERROR_NOT_SUPPORTED, /* the RMM lacks what was asked for, or there is no RMM */
	HOST_ERROR_BUSY,          /* RMI_BUSY or RMI_BLOCKED beyond the bound on retries */
	HOST_ERROR_RMI,           /* a command failed: `x0` says how */
	HOST_ERROR_PROTOCOL,      /* the RMM answered something that the ABI does not allow */
	HOST_ERROR_SUSPENDED,     /* a stateful operation could not be finished and is still open */
};

/*
 * Functions that take a `struct host_error *` accept NULL and write it only
 * when they fail. Owned by the caller; plain data.
 */
struct host_error {
	enum host_status status;
	uint64_t x0;      /* result word of the command; 0 when no command failed */
	const char *call; /* name of the command, static; NULL when no command failed */
	char text[256];   /* what is wrong, where, and what to do; one sentence */
};

/* "HOST_ERROR_NO_MEMORY" ... Never NULL. */
const char *host_status_name(enum host_status status);

/* The label of the status in a result word: "RMI_ERROR_RTT" ... Never NULL. */
const char *host_rmi_status_name(uint64_t x0);

#ifdef __cplusplus
}
#endif

#endif
