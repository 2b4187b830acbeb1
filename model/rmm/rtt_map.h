/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The sweep behind RMI_RTT_DATA_MAP and RMI_RTT_UNPROT_MAP, and the one behind
 * RMI_RTT_DATA_UNMAP and RMI_RTT_UNPROT_UNMAP. Both work forward from base in
 * the one table where the walk lands and stop at the first obstacle: an error
 * if it is the first entry, success with the progress made otherwise.
 */
#ifndef RMM_RMM_RTT_MAP_H
#define RMM_RMM_RTT_MAP_H

#include "rmm/addr_set.h"
#include "rmm/rtt.h"

struct map_conditions {
	enum rmm_condition size_valid, oaddr_type, oaddr_align, oaddr_list_pas, oaddr_empty;
	enum rmm_condition desc_state, base_align, top_align, desc_level, base_level_align,
		desc_align;
	enum rmm_condition size_block, walk, table, rtte_state, base_entry_align, rtte_size;
	enum rmm_condition desc_span, oaddr_single_align, oaddr_entry_align, oaddr_bound;
	enum rmm_condition other_half; /* the entry is one of the other half of the IPA space */
};

struct map_sweep;

/* What differs between Protected and Unprotected mappings. */
struct map_kind {
	struct map_conditions conditions;
	enum rtte_state from; /* RTTE_VOID or RTTE_UNMAPPED_NS */
	uint64_t desc_state;  /* RmiOpMemState that descriptors must have */
	bool checks_desc_state;
	enum rmm_behaviour remap_succeeds; /* on an entry that maps the same already */

	/* Which half of the IPA space the range must lie in. */
	enum rmm_condition (*check_range)(const struct rmm_call *call,
					  const struct map_sweep *sweep);
	/* Further inputs, checked before the walk. NULL: none. */
	enum rmm_condition (*check_flags)(const struct rmm_call *call,
					  const struct map_sweep *sweep);
	/* Likewise, after the walk. NULL: none. */
	enum rmm_condition (*check_attributes)(const struct rmm_call *call,
					       const struct map_sweep *sweep);
	/* The descriptor that maps pa over an entry. */
	uint64_t (*compose)(const struct rmm_call *call, const struct map_sweep *sweep, uint64_t pa,
			    uint64_t old);
	/* Takes the memory; a condition stops the sweep. NULL: nothing to take. */
	enum rmm_condition (*take)(struct rmm_call *call, const struct map_sweep *sweep,
				   uint64_t pa);
};

struct map_sweep {
	const struct map_kind *kind;
	struct rmm_realm *realm;
	uint64_t base;
	uint64_t top;
	uint64_t flags;
	uint64_t done;    /* bytes that earlier calls of the same operation have mapped */
	bool interrupted; /* stopped for an interrupt of the host, with some progress */
	int level;        /* of the entries that are written */
	struct addr_set set;
	struct rtt_walk walk;
};

/* The realm has been taken; `flags` are split by the caller. Returns X0. */
uint64_t map_range(struct rmm_call *call, struct map_sweep *sweep, uint64_t oaddr_type,
		   uint64_t list_count, uint64_t oaddr);

struct unmap_conditions {
	enum rmm_condition base_align, top_align, size_valid;
	enum rmm_condition oaddr_type, oaddr_zero, list_count, oaddr_align, oaddr_list_pas;
	enum rmm_condition base_entry_align, void_align, void_size, rtte_state, rtte_size;
	enum rmm_condition trk_gran; /* NONE: the memory is not the RMM's */
};

struct unmap_sweep;

struct unmap_kind {
	struct unmap_conditions conditions;
	enum rtte_state from;  /* RTTE_DATA or RTTE_MAPPED_NS */
	uint64_t desc_state;   /* RmiOpMemState of the descriptors that are returned */
	bool rejects_unmapped; /* an unmapped first entry is an error */
	enum rmm_condition (*check_range)(const struct rmm_call *call,
					  const struct unmap_sweep *sweep);
	/* The entry that takes the place of `old`. */
	uint64_t (*replace)(uint64_t old);
	/* Gives the memory back. NULL: nothing to give. */
	void (*give)(struct rmm_call *call, const struct unmap_sweep *sweep, uint64_t pa);
};

struct unmap_sweep {
	const struct unmap_kind *kind;
	struct rmm_realm *realm;
	uint64_t base;
	uint64_t top;
	struct rtt_walk walk;
	struct addr_out out;
};

uint64_t unmap_range(struct rmm_call *call, struct unmap_sweep *sweep, uint64_t flags,
		     uint64_t oaddr);

/* Has the host an interrupt to serve, and does a sweep stop for it? */
bool sweep_yields(const struct rmm_call *call);

/*
 * Commands that may yield reserve a context before they look at anything
 * (`sro_reserved_first`): the condition when none is free.
 */
enum rmm_condition check_context_free(struct rmm_call *call);

#endif
