/* SPDX-License-Identifier: BSD-3-Clause */
/* RmiRealmParams: what RMI_REALM_CREATE is asked for, and whether it can be had. */
#ifndef RMM_RMM_REALM_PARAMS_H
#define RMM_RMM_REALM_PARAMS_H

#include "rmm/call.h"

/* RmiRealmParams with its flags taken apart. */
struct realm_params {
	struct rmi_realm_params raw;
	uint8_t image[RMI_REALM_PARAMS_SIZE];
	bool lpa2, sve, pmu, da, ats;
	uint64_t mec_policy, lfa_policy;
	bool tree_per_plane, s2ap_indirect;
};

/*
 * Reads the parameters at `ptr` once and checks all that does not depend on the
 * state of granules.
 */
enum rmm_condition realm_params_take(struct rmm_call *call, uint64_t ptr, struct realm_params *p);

/* Stage 2 trees of the realm: 1, or one for each plane. */
unsigned int realm_params_num_trees(const struct realm_params *p);

/* First starting-level table of a tree. */
uint64_t realm_params_tree_base(const struct realm_params *p, unsigned int tree);

#endif
