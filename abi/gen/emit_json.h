/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of rmm-abi.json. */
#ifndef RMM_ABI_GEN_EMIT_JSON_H
#define RMM_ABI_GEN_EMIT_JSON_H

#include "json_out.h"

void json_versions(struct json *j, const struct abi *abi, const char *key, abi_versions versions);
void json_commands(struct json *j, const struct abi *abi);
void json_expr(struct json *j, const char *key, const struct abi_expr *expr);

#endif
