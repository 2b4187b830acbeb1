/* SPDX-License-Identifier: BSD-3-Clause */
/* The ways in which a granule argument can be wrong, for every command alike. */
#ifndef TESTS_SUPPORT_GRANULE_ROWS_H
#define TESTS_SUPPORT_GRANULE_ROWS_H

#include "command_table.h"

namespace conformance
{

/* A granule in a state, made for the purpose. */
uint64_t granule_in(Scene &s, rmm_granule_state state);

/* A granule that the command takes from the host: DELEGATED DRAM. */
std::vector<Violation> consumed_granule(int reg, rmm_condition align, rmm_condition bound,
					rmm_condition state);

/* A granule of DRAM in whatever state. */
std::vector<Violation> granule_in_dram(int reg, rmm_condition align, rmm_condition bound);

/* A granule that holds an object: an RD or a REC, in tracked memory. */
std::vector<Violation> object_granule(int reg, rmm_granule_state wanted, rmm_condition align,
				      rmm_condition bound, rmm_condition state);

/* What 1.0 calls out of bounds for an object that 2.0 calls untracked. */
std::vector<Violation> places_in_1_0(int reg, rmm_condition bound);

/* A structure or list of the host in Non-secure memory; `bound_1_0` where 1.0 has a name for other
 * places. */
std::vector<Violation> host_structure(int reg, uint64_t alignment, rmm_condition align,
				      rmm_condition pas,
				      rmm_condition bound_1_0 = RMM_CONDITION_NONE);

/* Rows but those of these names. */
std::vector<Violation> without(std::vector<Violation> all,
			       std::initializer_list<const char *> names);

/* PAs that need more than 48 bits: some commands name them before they look for memory. */
constexpr std::initializer_list<const char *> kBeyond48Bits = {"WhenItIsBeyondThePaSpace",
							       "WhenItIsTheLastPageOfAll"};

/* Concatenation of rows. */
std::vector<Violation> rows(std::initializer_list<std::vector<Violation>> parts);

} // namespace conformance

#endif
