/* SPDX-License-Identifier: BSD-3-Clause */
/* ids.h: the enumerations that stand for versions, commands, conditions and behaviours. */
#include "emit.h"
#include "ident.h"
#include "index.h"

static void emit_versions(const struct abi *abi, struct writer *w)
{
	w_text(w, "enum rmm_version {\n");
	for (size_t i = 0; i < abi->versions.n; i++)
		w_printf(w, "\tRMM_VERSION_%s,\n", ident_version(abi->versions.v[i].name.s).s);
	w_text(w, "\tRMM_VERSION_COUNT\n};\n\n");
}

static void emit_commands(const struct abi_index *index, struct writer *w)
{
	w_text(w, "enum rmm_command {\n");
	for (size_t i = 0; i < index->num_commands; i++)
		w_printf(w, "\tRMM_CMD_%s,\n", ident_upper(index->commands[i]->name.s).s);
	w_text(w, "\tRMM_CMD_COUNT\n};\n\n");
}

static void emit_conditions(const struct abi_index *index, struct writer *w)
{
	w_text(w, "/* Failure conditions. The name says which command has it. */\n"
		  "enum rmm_condition {\n\tRMM_CONDITION_NONE = 0,\n");
	for (size_t i = 0; i < index->num_conditions; i++)
		w_printf(w, "\t%s,\n", index->conditions[i].first->constant);
	w_text(w, "\tRMM_CONDITION_COUNT\n};\n\n");
}

static void emit_behaviours(const struct abi *abi, struct writer *w)
{
	w_text(w, "enum rmm_behaviour {\n");
	for (size_t i = 0; i < abi->behaviours.n; i++) {
		const struct abi_behaviour *b = &abi->behaviours.v[i];

		w_text(w, "\t/* ");
		w_comment(w, text_or_empty(b->doc));
		w_printf(w, " */\n\tRMM_BEHAVIOUR_%s,\n", ident_upper(b->name.s).s);
	}
	w_text(w, "\tRMM_BEHAVIOUR_COUNT\n};\n\n");
}

static const char status_table[] = W_EXTERN_C_OPEN
	"enum rmm_interface {\n"
	"\tRMM_INTERFACE_RMI,\n"
	"\tRMM_INTERFACE_RSI,\n"
	"\tRMM_INTERFACE_PSCI,\n"
	"\tRMM_INTERFACE_SMCCC,\n"
	"};\n\n"
	"/* The interface of each command: enum rmm_interface. */\n"
	"extern const uint8_t rmm_command_interface[RMM_CMD_COUNT];\n\n"
	"/* The low byte of a condition's status, or RMM_STATUS_ABSENT. */\n"
	"#define RMM_STATUS_ABSENT 0xFFU\n"
	"extern const uint8_t rmm_condition_status[RMM_VERSION_COUNT][RMM_CONDITION_COUNT];\n\n"
	"/* The whole status: PSCI has negative ones. */\n"
	"static inline uint64_t rmm_condition_status_word(enum rmm_version version,\n"
	"\t\t\t\t\t\t enum rmm_condition condition)\n"
	"{\n"
	"\tuint8_t low = rmm_condition_status[version][condition];\n\n"
	"\treturn low < 0x80U ? low : UINT64_C(0xFFFFFFFFFFFFFF00) | low;\n"
	"}\n" W_EXTERN_C_CLOSE;

void emit_ids_header(const struct abi *abi, struct writer *w)
{
	struct abi_index index = abi_index_build(abi);

	w_open_header(w, "RMMSIM_ABI_IDS_H", "Identifiers shared by all versions.");
	w_text(w, "#include <stdint.h>\n\n");
	emit_versions(abi, w);
	emit_commands(&index, w);
	emit_conditions(&index, w);
	emit_behaviours(abi, w);
	w_text(w, status_table);
	w_close_header(w);
}
