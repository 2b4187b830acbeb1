/* SPDX-License-Identifier: BSD-3-Clause */
/* A realm in YAML, as far as its RIM depends on it (docs/attestation.md). */
#ifndef RMM_CLI_RIM_DESCRIPTION_H
#define RMM_CLI_RIM_DESCRIPTION_H

#include "rmmsim/attestation.h"

/* What the command line says in place of the description; NULL: nothing. */
struct rim_overrides {
	const char *version;
	const char *profile;
};

struct rim_prediction {
	enum rmm_version version;
	enum rmm_profile profile;
	struct rmm_rim rim;
};

/* Returns an exit status; errors have been reported with file, line and column. */
int rim_describe(const char *path, const struct rim_overrides *overrides,
		 struct rim_prediction *out);

#endif
