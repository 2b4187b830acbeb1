/* SPDX-License-Identifier: BSD-3-Clause */
/* Conditions of a command's form: how it fails, what holds when it succeeds. */
#ifndef RMM_ABI_GEN_LOAD_CONDITIONS_H
#define RMM_ABI_GEN_LOAD_CONDITIONS_H

#include "load.h"

void load_failure(struct abi_loader *ld, struct abi_command *cmd, struct yaml_node *node);
void load_success(struct abi_loader *ld, struct abi_command *cmd, struct yaml_node *node);

#endif
