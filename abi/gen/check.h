/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Whether a loaded description makes sense as a whole. The steps fill in what
 * the loader had to leave open: types, expressions, statuses, order.
 */
#ifndef RMM_ABI_GEN_CHECK_H
#define RMM_ABI_GEN_CHECK_H

#include "abi.h"
#include "diag.h"

/* All checks, in an order in which each finds what it needs. */
void abi_check(struct abi *abi, struct abi_diag *diag);

/* check_names.c: names unique per version */
void check_names(struct abi *abi, struct abi_diag *diag);

/* check_types.c: types of fields exist and fit; enumeration values */
void check_types(struct abi *abi, struct abi_diag *diag);

/* check_layout.c: the sum rule */
void check_layouts(struct abi *abi, struct abi_diag *diag);

/* check_state.c: constants, functions */
void check_state(struct abi *abi, struct abi_diag *diag);

/* check_commands.c: FIDs, forms, registers */
void check_commands(struct abi *abi, struct abi_diag *diag);

/* check_conditions.c: statuses, payloads, expressions */
void check_conditions(struct abi *abi, struct abi_diag *diag);

/* check_machines.c: commands of transitions exist, each transition once */
void check_machines(struct abi *abi, struct abi_diag *diag);

/* check_order.c */
void check_orders(struct abi *abi, struct abi_diag *diag);

/*
 * Reports a reference to something that lacks versions of the item that refers
 * to it. True when all are there.
 */
bool check_reference_versions(struct abi *abi, struct abi_diag *diag, struct abi_loc loc,
			      const char *name, abi_versions has, abi_versions needs);

#endif
