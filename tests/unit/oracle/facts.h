/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Facts about the functions that conditions are made of (B3 of the specification), one expression
 * each: what they answer, and when they have no answer.
 */
#ifndef RMM_TESTS_ORACLE_FACTS_H
#define RMM_TESTS_ORACLE_FACTS_H

#include <stddef.h>

#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

struct facts {
	struct rmm_system *sys;
	struct oracle_env *env; /* of a call that has not been made */
	size_t num;
	char wrong[4096]; /* expressions that should have been true */
};

/* Each looks at a machine of its own: its version, its configuration. */
struct fact_sheet {
	const char *name;
	enum rmm_version version;
	void (*facts)(struct facts *f);
};

extern const struct fact_sheet fact_sheets[];
extern const size_t num_fact_sheets;

/* Fills in what is wrong. Returns 0, or -1: there is no machine. */
int facts_check(const struct fact_sheet *sheet, struct facts *f);

#ifdef __cplusplus
}
#endif

#endif
