/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host: what stands between a hypervisor and an RMM. It knows the machine
 * through two things that the user gives: a conduit for SMCs and a window on
 * memory. There is no other state, so a process can have any number of hosts.
 *
 * A host and everything created from it belongs to one thread at a time.
 */
#ifndef RMMSIM_HOST_HOST_H
#define RMMSIM_HOST_HOST_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/host/delegate.h"
#include "rmmsim/host/error.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/host/pages.h"
#include "rmmsim/host/smc.h"
#include "rmmsim/host/sro.h"
#include "rmmsim/smc.h"

#ifdef __cplusplus
extern "C" {
#endif

enum host_boot_mode {
	/* Negotiate, configure, activate, track memory by granule, create level 1 GPTs. */
	HOST_BOOT_ACTIVATE,
	/* The RMM is ACTIVE already (another host activated it): all but configure and activate. */
	HOST_BOOT_ATTACH,
};

struct host_config {
	struct smc_conduit conduit;    /* copied; what its ctx points to must outlive the host */
	struct host_memory_ops memory; /* likewise */

	/*
	 * The pages that the host may give away: a granule aligned PA range of
	 * conventional memory that nobody else uses. 16 MiB carry several realms.
	 */
	uint64_t pool_base;
	uint64_t pool_size; /* bytes */

	/*
	 * The memory that is to be tracked at granule granularity and described
	 * by level 1 GPTs; granule aligned. Where firmware has not seen to that
	 * the RMM is given memory of the pool for it. ram_size 0: the pool.
	 */
	uint64_t ram_base;
	uint64_t ram_size; /* bytes */

	enum host_boot_mode boot;

	/*
	 * The text that an RMM follows which offers 2.0. All betas call themselves
	 * that, and differ in some calls and encodings: 2.0-bet1 to 2.0-bet3.
	 */
	enum rmm_version version;

	/*
	 * What the caller knows of its CPUs and no SMC tells: without FEAT_RME
	 * (ID_AA64PFR0_EL1.RME is 0), or with a hypervisor that does not run at EL2
	 * with VHE (whose virtual GIC registers an RMM would overwrite), there are
	 * no realms, and no call is made.
	 */
	bool without_rme;
	bool without_vhe;

	/* 1.0, where the host chooses VMIDs: the lowest one. Hosts that share an RMM share no
	 * VMIDs. */
	uint16_t first_vmid;

	uint32_t busy_retries;                    /* bound of struct host_smc_retry */
	int (*wait)(void *ctx, uint32_t attempt); /* as in struct host_smc_retry; may be NULL */
	void *wait_ctx;
};

/* Everything but conduit, memory and pool: activate, 2.0-bet1, 100000 retries. */
struct host_config host_config_default(void);

/* What the RMM offers: RMI_FEATURES, decoded (DEN0137 2.0, RmiFeatureRegister0..4). */
struct host_caps {
	uint16_t version_major, version_minor; /* negotiated: 2.0, else 1.0 */
	uint64_t features[5];                  /* the registers as read; 1.0 has one */
	uint8_t s2sz;                          /* bits of the widest IPA space */
	bool lpa2;
	bool sve;
	uint8_t sve_vl;           /* vector length is (sve_vl + 1) * 128 bits */
	uint8_t num_bps, num_wps; /* breakpoints and watchpoints, minus 1 */
	bool pmu;
	uint8_t pmu_num_ctrs;
	bool sha_256, sha_384, sha_512;
	uint32_t max_recs;   /* of one realm */
	uint8_t l0gpt_shift; /* log2 of the bytes of a level 0 GPT entry */
};

struct host;

/*
 * Boots the host side of CCA (host-side order of DEN0137 2.0 A2): version,
 * features, configuration (4 KiB granules), activation, tracking and GPTs, first
 * those of the pool, whose memory the others may need. An RMM
 * of 1.0 only has the first two. Returns HOST_OK and the host, which the caller
 * destroys.
 */
enum host_status host_create(const struct host_config *config, struct host **out,
			     struct host_error *error);

/*
 * Resumes what is suspended, tries LOST pages again, takes back what host_create
 * did for tracking and destroys the level 1 GPTs that it created (if the RMM
 * allows it), and frees the host with all
 * its realm objects; call host_realm_destroy for each realm before. The host is
 * gone afterwards even on failure: HOST_ERROR_STATE says that pages are still
 * out. NULL is accepted.
 */
enum host_status host_destroy(struct host *host, struct host_error *error);

/* Pages other than the host's own that are not back in the pool: 0 when idle. */
uint64_t host_pages_out(const struct host *host);

/* Valid as long as the host. */
const struct host_caps *host_capabilities(const struct host *host);
struct host_pages *host_pool(struct host *host);
const struct host_memory_ops *host_memory(const struct host *host);
const struct host_sro *host_operations(const struct host *host);

/*
 * The top of the host's chain: finishes stateful operations, repeats on
 * RMI_BUSY. For calls of the user's own through the generated wrappers.
 */
struct smc_conduit *host_conduit(struct host *host);

#ifdef __cplusplus
}
#endif

#endif
