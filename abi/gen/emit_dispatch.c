/* SPDX-License-Identifier: BSD-3-Clause */
/* dispatch.h and dispatch.c: from FID to command to handler, by version. */
#include "emit.h"
#include "ident.h"
#include "index.h"

/* FIDs from here on are close together; the rest is found by search. */
#define FID_FIRST 0xC4000150U
#define FID_LIMIT 0xC4001000U

static bool fid_is_dense(const struct abi_command *c)
{
	return c->has_fid && c->fid >= FID_FIRST && c->fid < FID_LIMIT;
}

static uint32_t fid_span(const struct abi *abi)
{
	uint32_t span = 1;

	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];

		if (fid_is_dense(c) && c->fid - FID_FIRST + 1 > span)
			span = c->fid - FID_FIRST + 1;
	}
	return span;
}

static void emit_prototypes(const struct abi *abi, const struct abi_index *index, struct writer *w)
{
	for (size_t i = 0; i < index->num_commands; i++) {
		const char *name = index->commands[i]->name.s;

		if (command_has_handler(abi, name))
			w_printf(w, "uint64_t %s(struct rmm_call *call);\n", ident_lower(name).s);
	}
}

static const char dispatch_tables[] =
	"\n/* NULL: the version has no such command, or the model does not implement it. */\n"
	"extern const rmm_handler rmm_dispatch[RMM_VERSION_COUNT][RMM_CMD_COUNT];\n\n"
	"/* The enum rmm_command of FID RMM_FID_FIRST + i, or RMM_FID_NONE. */\n"
	"#define RMM_FID_NONE 0xFFFFU\n"
	"extern const uint16_t rmm_fid_index[RMM_VERSION_COUNT][RMM_FID_SPAN];\n\n"
	"/* The same for every other FID: PSCI and SMCCC calls. */\n"
	"uint16_t rmm_fid_find_sparse(enum rmm_version version, uint32_t fid);\n\n"
	"/* The enum rmm_command of a FID in a version, or RMM_FID_NONE. */\n"
	"static inline uint16_t rmm_fid_find(enum rmm_version version, uint32_t fid)\n"
	"{\n"
	"\tuint32_t i = fid - RMM_FID_FIRST;\n\n"
	"\treturn i < RMM_FID_SPAN ? rmm_fid_index[version][i] :\n"
	"\t\t\t\t  rmm_fid_find_sparse(version, fid);\n"
	"}\n";

void emit_dispatch_header(const struct abi *abi, struct writer *w)
{
	struct abi_index index = abi_index_build(abi);

	w_open_header(w, "RMMSIM_ABI_DISPATCH_H", "Handlers, and how a FID finds its own.");
	w_text(w, "#include <stdint.h>\n\n#include \"rmmsim/abi/ids.h\"\n\n" W_EXTERN_C_OPEN);
	w_text(w, "struct rmm_call;\n\n/* Returns the result for X0. */\n"
		  "typedef uint64_t (*rmm_handler)(struct rmm_call *call);\n\n");
	w_text(w, W_ALLOW_SHADOW);
	emit_prototypes(abi, &index, w);
	w_text(w, W_END_ALLOW_SHADOW);
	w_printf(w, "\n#define RMM_FID_FIRST UINT32_C(0x%X)\n#define RMM_FID_SPAN  %uU\n",
		 FID_FIRST, fid_span(abi));
	w_text(w, dispatch_tables);
	w_text(w, W_EXTERN_C_CLOSE);
	w_close_header(w);
}

static void emit_handlers(const struct abi *abi, const struct abi_index *index, size_t version,
			  struct writer *w)
{
	w_printf(w, "\t[RMM_VERSION_%s] = {\n", ident_version(abi->versions.v[version].name.s).s);
	for (size_t i = 0; i < index->num_commands; i++) {
		const char *name = index->commands[i]->name.s;
		const struct abi_command *form = abi_form(abi, version, name);

		if (form && form->handler && form->has_fid)
			w_printf(w, "\t\t[RMM_CMD_%s] = %s,\n", ident_upper(name).s,
				 ident_lower(name).s);
	}
	w_text(w, "\t},\n");
}

void emit_dispatch_source(const struct abi *abi, struct writer *w)
{
	struct abi_index index = abi_index_build(abi);

	w_notice(w);
	w_text(w, "#include \"rmmsim/abi/dispatch.h\"\n\n"
		  "const rmm_handler rmm_dispatch[RMM_VERSION_COUNT][RMM_CMD_COUNT] = {\n");
	for (size_t v = 0; v < abi->versions.n; v++)
		emit_handlers(abi, &index, v, w);
	w_text(w, "};\n");
}

static void emit_dense_row(const struct abi *abi, const struct abi_index *index, size_t version,
			   struct writer *w)
{
	uint32_t span = fid_span(abi);

	w_text(w, "\t{");
	for (uint32_t i = 0; i < span; i++) {
		size_t command = INDEX_NONE;

		for (size_t k = 0; k < abi->commands.n && command == INDEX_NONE; k++) {
			const struct abi_command *c = &abi->commands.v[k];

			if (fid_is_dense(c) && c->fid == FID_FIRST + i &&
			    in_version(c->versions, version))
				command = abi_index_command(index, c->name.s);
		}
		w_text(w, i % 12 ? " " : "\n\t\t");
		if (command == INDEX_NONE)
			w_text(w, "0xFFFF,");
		else
			w_printf(w, "%zu,", command);
	}
	w_text(w, "\n\t},\n");
}

/* The next larger sparse FID after `fid` (or from 0 on), or NULL. */
static const struct abi_command *next_sparse(const struct abi *abi, const struct abi_command *after)
{
	const struct abi_command *best = NULL;

	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];
		bool later;

		if (!c->has_fid || fid_is_dense(c))
			continue;
		later = !after || c->fid > after->fid || (c->fid == after->fid && c > after);
		if (later && (!best || c->fid < best->fid))
			best = c;
	}
	return best;
}

static const char find_sparse[] =
	"\nuint16_t rmm_fid_find_sparse(enum rmm_version version, uint32_t fid)\n"
	"{\n"
	"\tsize_t low = 0;\n"
	"\tsize_t high = NUM_SPARSE;\n\n"
	"\twhile (low < high) {\n"
	"\t\tsize_t middle = (low + high) / 2;\n\n"
	"\t\tif (sparse[middle].fid < fid)\n"
	"\t\t\tlow = middle + 1;\n"
	"\t\telse\n"
	"\t\t\thigh = middle;\n"
	"\t}\n"
	"\tfor (; low < NUM_SPARSE && sparse[low].fid == fid; low++) {\n"
	"\t\tif ((sparse[low].versions >> version) & 1u)\n"
	"\t\t\treturn sparse[low].command;\n"
	"\t}\n"
	"\treturn RMM_FID_NONE;\n"
	"}\n";

/* A last row without versions keeps the array from being empty. */
static void emit_sparse(const struct abi *abi, const struct abi_index *index, struct writer *w)
{
	const struct abi_command *c = NULL;
	size_t n = 0;

	w_text(w, "\nstruct sparse_fid {\n\tuint32_t fid;\n\tuint32_t versions;\n"
		  "\tuint16_t command;\n};\n\n"
		  "static const struct sparse_fid sparse[] = {\n");
	while ((c = next_sparse(abi, c)) != NULL) {
		w_printf(w, "\t{UINT32_C(0x%08X), UINT32_C(0x%X), %zu},\n", c->fid, c->versions,
			 abi_index_command(index, c->name.s));
		n++;
	}
	w_printf(w, "\t{UINT32_MAX, 0, 0xFFFF},\n};\n\n#define NUM_SPARSE ((size_t)%zu)\n", n);
	w_text(w, find_sparse);
}

void emit_fid_index(const struct abi *abi, struct writer *w)
{
	struct abi_index index = abi_index_build(abi);

	w_notice(w);
	w_text(w, "#include <stddef.h>\n\n#include \"rmmsim/abi/dispatch.h\"\n\n"
		  "const uint16_t rmm_fid_index[RMM_VERSION_COUNT][RMM_FID_SPAN] = {\n");
	for (size_t v = 0; v < abi->versions.n; v++)
		emit_dense_row(abi, &index, v, w);
	w_text(w, "};\n");
	emit_sparse(abi, &index, w);
}
