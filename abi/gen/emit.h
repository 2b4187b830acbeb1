/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The emitters: every artefact printed from a checked `struct abi`. Output is
 * a function of the description alone, byte for byte.
 *
 * emit_all() writes below `out_dir` (an include directory and the sources that
 * belong to it):
 *
 *   rmmsim/abi/ids.h            identifiers shared by all versions
 *   rmmsim/abi/encoding.h       one encoding interface for all versions
 *   rmmsim/abi/dispatch.h       handlers and the FID index
 *   rmmsim/abi/<ns>.h           per version: FIDs, labels, bit fields, layouts
 *   rmmsim/abi/<ns>_calls.h     per version: typed call wrappers
 *   rmmsim/abi/<ns>_plain.h     per version: un-prefixed aliases of <ns>.h
 *   rmmsim/abi/<ns>_plain_calls.h         ... and of <ns>_calls.h
 *   linux/<ns>_rmi.h            per version: in the style of the Linux kernel
 *   tables_types.c tables_commands.c tables_index.c fid_index.c encoding.c
 *   tables.h                    what these share with introspect.c
 *   dispatch.c                  refers to every handler: compiled into the model
 *   oracle/generated/...        conditions as C, for the oracle: see emit_oracle.h
 *   rmm-abi.json abi-reference.md
 */
#ifndef RMM_ABI_GEN_EMIT_H
#define RMM_ABI_GEN_EMIT_H

#include "abi.h"
#include "writer.h"

struct abi_diag;

/*
 * Writes every artefact. A file whose content would not change is left alone,
 * so that builds stay incremental. Returns 0, or -1 when a file could not be
 * written or the description cannot be printed (reported to diag).
 */
int emit_all(const struct abi *abi, const char *out_dir, struct abi_diag *diag);

/* Properties that only the generated C needs; -1 when diag got an error. */
int emit_check(const struct abi *abi, struct abi_diag *diag);

void emit_ids_header(const struct abi *abi, struct writer *w);
void emit_encoding_header(const struct abi *abi, struct writer *w);
void emit_encoding_source(const struct abi *abi, struct writer *w);
void emit_dispatch_header(const struct abi *abi, struct writer *w);
void emit_dispatch_source(const struct abi *abi, struct writer *w);
void emit_fid_index(const struct abi *abi, struct writer *w);

void emit_portable_header(const struct abi *abi, size_t version, struct writer *w);
void emit_calls_header(const struct abi *abi, size_t version, struct writer *w);
void emit_plain_header(const struct abi *abi, size_t version, struct writer *w);
void emit_plain_calls_header(const struct abi *abi, size_t version, struct writer *w);

void emit_tables_header(struct writer *w);
void emit_tables_types(const struct abi *abi, struct writer *w);
void emit_tables_commands(const struct abi *abi, struct writer *w);
void emit_tables_index(const struct abi *abi, struct writer *w);
void emit_tables_machines(const struct abi *abi, struct writer *w);

void emit_json(const struct abi *abi, struct writer *w);
void emit_markdown(const struct abi *abi, struct writer *w);

/* The names that one version of Linux uses: see linux_names.h. */
struct linux_names;
void emit_linux_header(const struct abi *abi, const struct linux_names *names, size_t version,
		       struct writer *w);

#endif
