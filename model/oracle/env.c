/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/env.h"

#include <string.h>

const uint8_t oracle_nothing_bytes[4096] __attribute__((aligned(16)));

void *oracle_alloc(struct oracle_env *env, size_t size)
{
	const size_t rounded = (size + 15u) & ~(size_t)15u;
	void *memory = &env->arena[env->used];

	if (rounded > sizeof(env->arena) - env->used) {
		oracle_unknown(env);
		return NULL;
	}
	env->used += rounded;
	return memset(memory, 0, size);
}

const struct oracle_wide *oracle_keep_wide(struct oracle_env *env, struct oracle_wide value)
{
	struct oracle_wide *copy = oracle_alloc(env, sizeof(*copy));

	if (!copy)
		return oracle_nothing;
	*copy = value;
	return copy;
}
