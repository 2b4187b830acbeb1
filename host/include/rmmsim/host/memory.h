/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The host's window on physical memory. The library touches memory through
 * these two functions only, always through the Non-secure PAS.
 */
#ifndef RMMSIM_HOST_MEMORY_H
#define RMMSIM_HOST_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

/* Bytes of a page: the only RMI granule size that this library configures. */
#define HOST_PAGE_SIZE  UINT64_C(4096)

/* Bytes of a block: what one entry of a level 2 table maps. */
#define HOST_BLOCK_SIZE (512 * HOST_PAGE_SIZE)

/*
 * Filled in by the user. `pa` is a physical address, `len` bytes may cross
 * pages. Both return false when any byte may not be accessed, and then transfer
 * nothing; a granule protection fault is such a refusal, not a crash.
 */
struct host_memory_ops {
	bool (*read)(void *ctx, uint64_t pa, void *buf, size_t len);
	bool (*write)(void *ctx, uint64_t pa, const void *buf, size_t len);
	void *ctx; /* passed as it is */
};

#ifdef __cplusplus
}
#endif

#endif
