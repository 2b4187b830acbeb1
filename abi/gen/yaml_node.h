/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A YAML document as a tree that knows where each piece stands. Only the plain
 * part of YAML is accepted: mappings with scalar keys, sequences and scalars,
 * one document, no anchors, aliases or tags.
 */
#ifndef RMM_ABI_GEN_YAML_NODE_H
#define RMM_ABI_GEN_YAML_NODE_H

#include "arena.h"
#include "diag.h"
#include "source.h"

enum yaml_kind { YAML_KIND_SCALAR, YAML_KIND_SEQUENCE, YAML_KIND_MAPPING };

struct yaml_pair {
	struct abi_text key;
	struct yaml_node *value;
	bool asked; /* someone knows this key */
};

struct yaml_node {
	enum yaml_kind kind;
	struct abi_loc loc;
	struct abi_text text; /* scalars */
	bool plain;           /* a scalar without quotes */
	ABI_LIST(struct yaml_node *) items;
	ABI_LIST(struct yaml_pair) pairs;
};

/* The root of the document, or NULL when the text is no YAML (reported). */
struct yaml_node *yaml_node_parse(const char *file, struct abi_source source,
				  struct abi_arena *arena, struct abi_diag *diag);

/* "a mapping", "a list", "a value" */
const char *yaml_kind_name(enum yaml_kind kind);

#endif
