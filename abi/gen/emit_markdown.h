/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of abi-reference.md. */
#ifndef RMM_ABI_GEN_EMIT_MARKDOWN_H
#define RMM_ABI_GEN_EMIT_MARKDOWN_H

#include "abi.h"
#include "writer.h"

/* "2.0-bet0 to 2.0-bet2", "all" */
void md_versions(struct writer *w, const struct abi *abi, abi_versions versions);

/* " cell |": text in a table row. */
void md_cell(struct writer *w, const char *s);
void md_code_cell(struct writer *w, const char *s);

/* A link to a type of this document, or its bare name. */
void md_type(struct writer *w, const struct abi_type *type, struct abi_text name);

void md_commands(struct writer *w, const struct abi *abi, const char *interface);
void md_types(struct writer *w, const struct abi *abi);

#endif
