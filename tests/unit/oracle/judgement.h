/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Answers to a command that exists for this purpose only: each kind of judgement, of an answer that
 * is right and of one that is not.
 */
#ifndef RMM_TESTS_ORACLE_JUDGEMENT_H
#define RMM_TESTS_ORACLE_JUDGEMENT_H

#include <stddef.h>

#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

struct judgement_scene;

struct judgement {
	const char *name;
	void (*answer)(struct judgement_scene *scene);
	const char *verdict; /* a part of what the oracle says; NULL: the answer is right */
};

extern const struct judgement judgements[];
extern const size_t num_judgements;

/* What the oracle says, in `text`; empty: nothing. Returns 0, or -1: there is no machine. */
int judgement_make(const struct judgement *judgement, char *text, size_t size);

#ifdef __cplusplus
}
#endif

#endif
