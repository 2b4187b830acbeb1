/* SPDX-License-Identifier: BSD-3-Clause */
/* encoding.h and encoding.c: what code that serves all versions at once includes. */
#include "emit_encoding.h"

#include <inttypes.h>
#include <string.h>

#include "emit.h"
#include "ident.h"
#include "index.h"
#include "labels.h"

static bool fid_never_changes(const struct abi *abi, const struct abi_command *first)
{
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct abi_command *c = &abi->commands.v[i];

		if (strcmp(c->name.s, first->name.s) == 0 && c->fid != first->fid)
			return false;
	}
	return first->has_fid;
}

static void emit_fids(const struct abi *abi, struct writer *w)
{
	struct abi_index index = abi_index_build(abi);

	w_text(w, "/* ---- function identifiers ---- */\n\n");
	for (size_t i = 0; i < index.num_commands; i++) {
		const struct abi_command *c = index.commands[i];

		if (fid_never_changes(abi, c))
			w_printf(w, "#define FID_%s UINT32_C(0x%08X)\n", ident_upper(c->name.s).s,
				 c->fid);
		else if (c->has_fid)
			w_printf(w, "/* FID_%s: its number depends on the version */\n",
				 ident_upper(c->name.s).s);
	}
}

static void emit_constant_labels(const struct label_list *labels, struct writer *w)
{
	const struct abi_type *last = NULL;

	for (size_t i = 0; i < labels->n; i++) {
		const struct label *l = &labels->v[i];

		if (l->type != last)
			w_printf(w, "\n/* %s */\n", l->type->name.s);
		last = l->type;
		if (l->varies) {
			w_printf(w, "/* %s: its value depends on the version, see %s_in() */\n",
				 l->name, ident_lower(l->name).s);
			continue;
		}
		w_printf(w, "#define %s ", l->name);
		w_label_constant(w, l->type, l->value->value);
		w_char(w, '\n');
	}
}

static void emit_varying_label(const struct abi *abi, const struct label *label, struct writer *w)
{
	uint64_t value;

	w_printf(w, "\nstatic inline uint64_t %s_in(enum rmm_version v)\n{\n\tswitch (v) {\n",
		 ident_lower(label->name).s);
	for (size_t v = 0; v < abi->versions.n; v++) {
		if (!label_value(abi, v, label->name, &value))
			continue;
		w_printf(w, "\tcase RMM_VERSION_%s:\n\t\treturn UINT64_C(%" PRIu64 ");\n",
			 ident_version(abi->versions.v[v].name.s).s, value);
	}
	w_text(w, "\tdefault:\n\t\treturn UINT64_MAX;\n\t}\n}\n");
}

static void emit_labels(const struct abi *abi, struct writer *w)
{
	struct label_list labels = labels_collect(abi);

	w_text(w, "\n/* ---- labels whose value no version changes ---- */\n");
	emit_constant_labels(&labels, w);
	w_text(w, "\n/* ---- labels by version; UINT64_MAX where there is none ---- */\n");
	for (size_t i = 0; i < labels.n; i++) {
		if (labels.v[i].varies)
			emit_varying_label(abi, &labels.v[i], w);
	}
}

static void emit_structs(const struct abi *abi, struct writer *w)
{
	struct struct_order order = structs_in_order(abi, abi->versions.n);

	w_text(w,
	       "\n/*\n"
	       " * ---- structures ----\n"
	       " *\n"
	       " * Each has every member of any version. Decoding gives 0 for members that the\n"
	       " * version lacks. Encoding writes the members that the version has and leaves\n"
	       " * all other bytes of the image alone. Images are little-endian, of _SIZE bytes,\n"
	       " * at any alignment. Where one of the two is NULL nothing happens.\n"
	       " */\n");
	for (size_t i = 0; i < order.n; i++)
		emit_encoding_struct(order.v[i], w);
}

static const char bits_about[] =
	"\n/*\n"
	" * ---- bit fields ----\n"
	" *\n"
	" * _MASK covers the field in its place; both macros exist where no version moves\n"
	" * the field. Accessors: 0, or the unchanged word, where the version lacks it.\n"
	" */\n";

void emit_encoding_header(const struct abi *abi, struct writer *w)
{
	w_open_header(w, "RMMSIM_ABI_ENCODING_H", "The encodings of all versions at once.");
	w_text(w, "#ifdef RMMSIM_ABI_PLAIN\n"
		  "#error \"rmmsim/abi/encoding.h and a plain header define the same names\"\n"
		  "#endif\n\n#include <stdint.h>\n\n#include \"rmmsim/abi/ids.h\"\n\n");
	w_text(w, W_EXTERN_C_OPEN);
	emit_fids(abi, w);
	emit_labels(abi, w);
	w_text(w, bits_about);
	for (size_t i = 0; i < abi->types.n; i++) {
		if (abi->types.v[i]->kind == ABI_TYPE_BITFIELD)
			emit_encoding_bitfield(abi->types.v[i], w);
	}
	emit_structs(abi, w);
	w_text(w, W_EXTERN_C_CLOSE);
	w_close_header(w);
}

static const char codec_helpers[] =
	"#include \"rmmsim/abi/encoding.h\"\n\n#include <stddef.h>\n#include <string.h>\n\n"
	"static inline int has(enum rmm_version v, uint32_t versions)\n"
	"{\n\treturn (int)((versions >> v) & 1u);\n}\n\n"
	"static inline uint64_t load8(const uint8_t *p)\n{\n\treturn p[0];\n}\n\n"
	"static inline uint64_t load16(const uint8_t *p)\n"
	"{\n\treturn p[0] | (uint64_t)p[1] << 8;\n}\n\n"
	"static inline uint64_t load32(const uint8_t *p)\n"
	"{\n\treturn load16(p) | load16(p + 2) << 16;\n}\n\n"
	"static inline uint64_t load64(const uint8_t *p)\n"
	"{\n\treturn load32(p) | load32(p + 4) << 32;\n}\n\n"
	"static inline void store8(uint8_t *p, uint64_t x)\n{\n\tp[0] = (uint8_t)x;\n}\n\n"
	"static inline void store16(uint8_t *p, uint64_t x)\n"
	"{\n\tp[0] = (uint8_t)x;\n\tp[1] = (uint8_t)(x >> 8);\n}\n\n"
	"static inline void store32(uint8_t *p, uint64_t x)\n"
	"{\n\tstore16(p, x);\n\tstore16(p + 2, x >> 16);\n}\n\n"
	"static inline void store64(uint8_t *p, uint64_t x)\n"
	"{\n\tstore32(p, x);\n\tstore32(p + 4, x >> 32);\n}\n";

/* Which of the helpers are used depends on the description. */
static const char codec_pragma[] =
	"\n#ifdef __clang__\n#pragma clang diagnostic ignored \"-Wunused-function\"\n#endif\n\n";

void emit_encoding_source(const struct abi *abi, struct writer *w)
{
	struct struct_order order = structs_in_order(abi, abi->versions.n);

	w_notice(w);
	w_text(w, codec_pragma);
	w_text(w, codec_helpers);
	for (size_t i = 0; i < order.n; i++)
		emit_encoding_codec(abi, order.v[i], w);
}
