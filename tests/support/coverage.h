/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What a test process covered: conditions that machines reported, order pairs
 * that were tested, state transitions that were seen. Appended at the end of the process to a file
 * of its own below the directory in RMMSIM_COVERAGE_DIR; nothing without that.
 */
#ifndef TESTS_SUPPORT_COVERAGE_H
#define TESTS_SUPPORT_COVERAGE_H

#include "oracle/rmm_oracle.h"
#include "rmmsim/system.h"

namespace conformance
{

/* Everything that the machine reported so far. */
void cover_machine(const rmm_system *sys);

/* State transitions that were seen. */
void cover_transitions(const rmm_system *sys, const rmm_transitions *transitions);

/* A test saw that `before` is reported rather than `after`. */
void cover_order(const rmm_system *sys, rmm_condition before, rmm_condition after);

} // namespace conformance

#endif
