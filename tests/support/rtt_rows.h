/* SPDX-License-Identifier: BSD-3-Clause */
/* Rows about IPAs, levels and address sets that RTT commands share. */
#ifndef TESTS_SUPPORT_RTT_ROWS_H
#define TESTS_SUPPORT_RTT_ROWS_H

#include "command_table.h"

namespace conformance
{

/* Levels that are not below the starting level of the usual realm. */
std::vector<Violation> inner_level(int reg, rmm_condition condition);

/* Levels that the usual realm does not have. */
std::vector<Violation> any_level(int reg, rmm_condition condition);

/* IPAs outside the IPA space, aligned to every entry of the usual realm. */
std::vector<Violation> ipa_in_realm(int reg, rmm_condition condition);

/* [base, top) of a range command: alignment of both ends, and its size. */
std::vector<Violation> granule_range(int base, int top, rmm_condition base_align,
				     rmm_condition top_align, rmm_condition size);

/* The realm is ACTIVE, SYSTEM_OFF or ZOMBIE instead of NEW. */
std::vector<Violation> realm_not_new(rmm_condition condition);

/* The realm is none that takes mappings: SYSTEM_OFF or ZOMBIE. */
std::vector<Violation> realm_over(rmm_condition condition);

/* Switches the realm off from inside. */
void switch_off(Scene &s);

/*
 * A realm of 48-bit IPAs with four levels of tables replaces the usual one;
 * registers get its RD, an IPA and a level.
 */
void aim_at_deep_realm(Scene &s, size_t rd_reg, size_t ipa_reg, size_t level_reg, uint64_t ipa,
		       uint64_t level);
Realm &use_deep_realm(Scene &s, size_t rd_reg = 1);

/* A page of the host with a list of descriptors, `offset` bytes into it. */
uint64_t address_list(Machine &m, std::initializer_list<uint64_t> descs, uint64_t offset = 0);

/* Flags with an address type and a number of list entries. */
uint64_t map_flags(rmm_version v, uint64_t type, uint64_t list_count = 0);
uint64_t unprot_flags(rmm_version v, uint64_t type, uint64_t list_count = 0, uint64_t memattr = 6,
		      uint64_t s2ap = 3);
uint64_t unmap_flags(rmm_version v, uint64_t type, uint64_t list_count = 0);

} // namespace conformance

#endif
