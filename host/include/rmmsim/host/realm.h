/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Realms. host_realm_build() takes a description and makes all of it;
 * the functions below it are its steps, for hosts that go their own way.
 *
 * IPAs are given as the realm sees them. The upper half of the IPA space,
 * [2^(ipa_width - 1), 2^ipa_width), is unprotected (shared with the host). No
 * relation between IPA and PA is assumed or kept anywhere.
 */
#ifndef RMMSIM_HOST_REALM_H
#define RMMSIM_HOST_REALM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/host/error.h"
#include "rmmsim/host/host.h"

#ifdef __cplusplus
extern "C" {
#endif

#define HOST_RPV_SIZE        64u
#define HOST_REC_NUM_ARGS    8u

/* For rtt_level_start: the deepest level that needs at most 16 tables. */
#define HOST_RTT_LEVEL_AUTO  INT8_MIN

/* Where host_realm_params_default puts RAM: IPA, away from usual PAs of DRAM. */
#define HOST_DEFAULT_RAM_IPA UINT64_C(0x10000000)

struct host_ipa_range {
	uint64_t ipa;  /* page aligned */
	uint64_t size; /* bytes, multiple of a page, > 0 */
};

/* Initial content of protected memory; the last page is padded with zeros. */
struct host_image {
	uint64_t ipa;     /* page aligned, protected */
	const void *data; /* `size` bytes; read during the call only */
	size_t size;      /* bytes, > 0 */
	bool measure;     /* the content goes into the Realm Initial Measurement */
};

struct host_rec_params {
	uint64_t pc;
	uint64_t gprs[HOST_REC_NUM_ARGS]; /* X0..X7 */
	bool runnable;
};

struct host_realm_params {
	uint8_t ipa_width;      /* bits, 32..caps.s2sz */
	int8_t rtt_level_start; /* HOST_RTT_LEVEL_AUTO, or -1..2 */
	bool lpa2;
	uint8_t hash_algo; /* RmiHashAlgorithm */
	bool sve;
	uint8_t sve_vl;
	bool pmu;
	uint8_t pmu_num_ctrs;
	uint8_t num_bps, num_wps; /* minus 1, 1..caps */
	uint8_t rpv[HOST_RPV_SIZE];

	/* In this order, as the measurement depends on it. Read during the call only. */
	const struct host_ipa_range *ram; /* protected, RIPAS becomes RAM */
	size_t num_ram;
	const struct host_image *images;
	size_t num_images;
	const struct host_ipa_range *shared; /* unprotected, backed by zeroed pages of the pool */
	size_t num_shared;
	const struct host_rec_params *recs; /* REC n gets the MPIDR of index n */
	size_t num_recs;

	bool activate; /* make it ACTIVE at the end */
};

/*
 * Small and valid on this host: 39-bit IPAs (or what the RMM has), SHA-256 (or
 * the first that it has), no RAM, image, window or REC yet, activated at the end.
 */
struct host_realm_params host_realm_params_default(const struct host *host);

struct host_realm;

/*
 * Builds a realm. *out is set on failure too (NULL only if there was no heap
 * memory): it then holds what was built so far. The caller passes it to
 * host_realm_destroy in any case.
 */
enum host_status host_realm_build(struct host *host, const struct host_realm_params *params,
				  struct host_realm **out, struct host_error *error);

/*
 * Takes the realm down from whatever state it is in and gives every page back
 * to the pool: unmap, RECs, tables, terminate, destroy. On HOST_OK the realm is
 * gone. Otherwise it is still there, with what could not be taken down, and the
 * call may be repeated. NULL is accepted.
 */
enum host_status host_realm_destroy(struct host_realm *realm, struct host_error *error);

/* ---- the steps -------------------------------------------------------------- */

/*
 * RD, root tables, RMI_REALM_CREATE. Only the scalar members of `params` are
 * used. *out as in host_realm_build.
 */
enum host_status host_realm_create(struct host *host, const struct host_realm_params *params,
				   struct host_realm **out, struct host_error *error);

/* RIPAS of [ipa, ipa + size) becomes RAM. Realm NEW. */
enum host_status host_realm_init_ripas(struct host_realm *realm, uint64_t ipa, uint64_t size,
				       struct host_error *error);

/* Copies an image into the realm, page by page in ascending order. Realm NEW. */
enum host_status host_realm_populate(struct host_realm *realm, const struct host_image *image,
				     struct host_error *error);

/*
 * The same from byte *done of the image on (a multiple of a page), and as far as
 * it goes: *done is where it came to, on failure too, and where to go on.
 */
enum host_status host_realm_populate_from(struct host_realm *realm, const struct host_image *image,
					  size_t *done, struct host_error *error);

/*
 * Maps zeroed private memory at [ipa, ipa + size): in blocks of HOST_BLOCK_SIZE
 * where alignment, pool and tables allow it, else in pages. What was mapped
 * before a failure stays mapped.
 */
enum host_status host_realm_map(struct host_realm *realm, uint64_t ipa, uint64_t size,
				struct host_error *error);

/*
 * What a fault at a protected IPA (any byte of a page) needs: with `block` the
 * block around it, if no part of it is mapped and pool and tables allow one;
 * else the page. *pages (may be NULL) says how many pages were mapped.
 */
enum host_status host_realm_fault(struct host_realm *realm, uint64_t ipa, bool block,
				  uint64_t *pages, struct host_error *error);

/*
 * Folds (RMI_RTT_FOLD) every table that maps a part of [ipa, ipa + size), in
 * either half of the IPA space, and nothing else, and whose entries are alike:
 * nothing mapped and one RIPAS, or adjacent memory in one state. Tables of pages
 * first, so that whole trees may go. The tables are back in the pool; *folded
 * (may be NULL) counts them. What cannot be folded is left as it is.
 */
enum host_status host_realm_fold(struct host_realm *realm, uint64_t ipa, uint64_t size,
				 uint64_t *folded, struct host_error *error);

/* Unmaps whatever is mapped in the protected [ipa, ipa + size), back to the pool. */
enum host_status host_realm_unmap(struct host_realm *realm, uint64_t ipa, uint64_t size,
				  struct host_error *error);

/*
 * Maps `size` bytes of pool memory, zeroed and adjacent, at an unprotected IPA,
 * readable and writable, write-back. *pa (may be NULL) is their address.
 */
enum host_status host_realm_share(struct host_realm *realm, uint64_t ipa, uint64_t size,
				  uint64_t *pa, struct host_error *error);

/*
 * The window that host_realm_share() made at `ipa`, unmapped as a whole and back
 * to the pool. After a failure it is still there, and the call may be repeated.
 */
enum host_status host_realm_unshare(struct host_realm *realm, uint64_t ipa,
				    struct host_error *error);

/*
 * Adds the next REC. *index (may be NULL) is its index. Realm NEW. After a
 * failure that leaves no doubt (no operation is suspended or was cancelled) the
 * call may be repeated.
 */
enum host_status host_realm_add_rec(struct host_realm *realm, const struct host_rec_params *params,
				    size_t *index, struct host_error *error);

enum host_status host_realm_activate(struct host_realm *realm, struct host_error *error);
enum host_status host_realm_terminate(struct host_realm *realm, struct host_error *error);

/* ---- looking at it ----------------------------------------------------------- */

/* PA of the RD and of a REC; 0 when there is none. */
uint64_t host_realm_rd(const struct host_realm *realm);
uint64_t host_realm_rec(const struct host_realm *realm, size_t index);
size_t host_realm_num_recs(const struct host_realm *realm);

/* RmiRecMpidr and the realm's MPIDR_EL1 (without bit 31) of a REC index. */
uint64_t host_rec_mpidr(size_t index);

/* First unprotected IPA: 2^(ipa_width - 1). */
uint64_t host_realm_shared_base(const struct host_realm *realm);

/* PA behind an IPA of a shared window; false when no window has it. */
bool host_realm_shared_pa(const struct host_realm *realm, uint64_t ipa, uint64_t *pa);

/* The host that the realm was created on. */
struct host *host_realm_host(struct host_realm *realm);

/*
 * Starting level and number of root tables for an IPA width (2.0 A5.1; Arm ARM,
 * concatenated translation tables): `level` is HOST_RTT_LEVEL_AUTO or the wanted
 * one. false when the pair is not possible.
 */
bool host_rtt_geometry(uint8_t ipa_width, bool lpa2, int8_t level, int8_t *level_start,
		       uint32_t *num_tables);

#ifdef __cplusplus
}
#endif

#endif
