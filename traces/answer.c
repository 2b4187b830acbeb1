/* SPDX-License-Identifier: BSD-3-Clause */
/* Calls and answers as text. */
#include <inttypes.h>
#include <stdarg.h>
#include <string.h>

#include "bits.h"
#include "rmmsim/trace.h"

/* Numbers of at most this width count something: they are printed in decimal. */
#define SMALL_BITS 32

/* Text that grows in a fixed buffer and is cut at its end. */
struct line {
	char *buf;
	size_t len;
	size_t used;
};

/* Empty text; false when there is no room for any. */
static bool begin_line(const struct line *l)
{
	if (l->buf == NULL || l->len == 0)
		return false;
	l->buf[0] = '\0';
	return true;
}

static void add(struct line *l, const char *format, ...) __attribute__((format(printf, 2, 3)));

static void add(struct line *l, const char *format, ...)
{
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(l->buf + l->used, l->len - l->used, format, args);
	va_end(args);
	if (n > 0)
		l->used += (size_t)n < l->len - l->used ? (size_t)n : l->len - l->used - 1;
}

static const char *space(const struct line *l)
{
	return l->used > 0 ? " " : "";
}

static uint64_t param_value(const struct rmm_abi_param *param, const struct smc_regs *regs)
{
	return regs->x[param->reg] >> param->lsb & trace_bits_mask(param->width);
}

static bool is_range_descriptor(const struct rmm_abi_type *type)
{
	return strncmp(type->name, "RmiAddrRangeDesc", strlen("RmiAddrRangeDesc")) == 0;
}

static void add_field(struct line *l, enum rmm_version version, const struct rmm_abi_type *type,
		      const struct rmm_abi_field *field, uint64_t value)
{
	char text[96];

	if (is_range_descriptor(type) && strcmp(field->name, "addr") == 0)
		snprintf(text, sizeof(text), "%#" PRIx64, value << field->lsb);
	else if (field->type == NULL && field->width <= SMALL_BITS)
		snprintf(text, sizeof(text), "%" PRIu64, value);
	else
		rmm_abi_format(text, sizeof(text), version, field->type, NULL, value);
	add(l, "%s%s=%s", l->buf[l->used - 1] == '{' ? "" : " ", field->name, text);
}

/* "{count=16}": fields that are zero say nothing and are left out. */
static void add_fields(struct line *l, enum rmm_version version, const struct rmm_abi_type *type,
		       uint64_t value)
{
	if (value == 0) {
		add(l, "0");
		return;
	}
	add(l, "{");
	for (size_t i = 0; i < type->num_fields; i++) {
		const struct rmm_abi_field *field = &type->fields[i];
		uint64_t bits = rmm_abi_bits_get(field, value);

		if ((field->versions >> version & 1) != 0 && bits != 0)
			add_field(l, version, type, field, bits);
	}
	add(l, "}");
}

static void add_value(struct line *l, enum rmm_version version, const struct rmm_abi_type *type,
		      const char *type_name, uint64_t value)
{
	char text[160];

	if (type != NULL && type->kind == RMM_ABI_BITFIELD) {
		add_fields(l, version, type, value);
		return;
	}
	rmm_abi_format(text, sizeof(text), version, type, type_name, value);
	add(l, "%s", text);
}

void rmm_trace_format_value(char *buf, size_t len, enum rmm_version version,
			    const struct rmm_abi_type *type, unsigned int width, uint64_t value)
{
	struct line l = {.buf = buf, .len = len};

	if (!begin_line(&l))
		return;
	if (type == NULL && width <= SMALL_BITS)
		add(&l, "%" PRIu64, value);
	else if (type == NULL)
		add(&l, "%#" PRIx64, value);
	else
		add_value(&l, version, type, NULL, value);
}

static void add_param(struct line *l, enum rmm_version version, const struct rmm_abi_param *param,
		      const struct rmm_abi_type *type, const struct smc_regs *regs)
{
	add(l, "%s%s=", space(l), param->name);
	add_value(l, version, type, param->type_name, param_value(param, regs));
}

/* What an address set is depends on the flags beside it. */
static const struct rmm_abi_type *set_type(enum rmm_version version,
					   const struct rmm_abi_command *command,
					   const struct smc_regs *in)
{
	for (size_t i = 0; i < command->num_inputs; i++) {
		const struct rmm_abi_param *p = &command->inputs[i];
		const struct rmm_abi_field *f =
			p->type != NULL && p->type->kind == RMM_ABI_BITFIELD
				? rmm_abi_field_find(p->type, version, "oaddr_type")
				: NULL;
		uint64_t single;

		if (f != NULL && rmm_abi_label_find(version, "RMI_ADDR_TYPE_SINGLE", &single) &&
		    rmm_abi_bits_get(f, param_value(p, in)) == single)
			return rmm_abi_type_find("RmiAddrRangeDesc");
	}
	return NULL;
}

static void add_input(struct line *l, enum rmm_version version,
		      const struct rmm_abi_command *command, const struct rmm_abi_param *param,
		      const struct smc_regs *in)
{
	const struct rmm_abi_type *type = param->type;

	if (type != NULL && strcmp(type->name, "RmiAddrSetDesc") == 0)
		type = set_type(version, command, in);
	add_param(l, version, param, type, in);
}

void rmm_trace_format_inputs(char *buf, size_t len, enum rmm_version version,
			     const struct rmm_abi_command *command, const struct smc_regs *in)
{
	struct line l = {.buf = buf, .len = len};

	if (!begin_line(&l) || in == NULL)
		return;
	if (command != NULL) {
		for (size_t i = 0; i < command->num_inputs; i++)
			add_input(&l, version, command, &command->inputs[i], in);
		return;
	}
	for (unsigned int i = 1; i < SMC_NUM_REGS; i++)
		if (in->x[i] != 0)
			add(&l, "%sx%u=%#" PRIx64, space(&l), i, in->x[i]);
}

/* Fields of the word behind RmiResult.data that the status gives a meaning. */
static void add_payload(struct line *l, enum rmm_version version, const char *status, uint64_t data)
{
	bool incomplete = strcmp(status, "RMI_INCOMPLETE") == 0;
	const struct rmm_abi_type *type =
		rmm_abi_type_find(incomplete ? "RmiResultDataIncomplete" : "RmiResultDataLevel");
	const struct rmm_abi_field *field;
	char text[64];

	if (type == NULL)
		return;
	if (!incomplete) {
		field = rmm_abi_field_find(type, version, "level");
		if (field != NULL)
			add(l, " level=%d", (int8_t)rmm_abi_bits_get(field, data));
		return;
	}
	field = rmm_abi_field_find(type, version, "mem");
	if (field == NULL)
		return;
	rmm_abi_format(text, sizeof(text), version, field->type, NULL,
		       rmm_abi_bits_get(field, data));
	add(l, " mem=%s", text);
}

static bool has_level(const char *status)
{
	static const char *const names[] = {"RMI_ERROR_RTT", "RMI_ERROR_RTT_AUX", "RMI_ERROR_DPT",
					    "RMI_ERROR_PSMMU_ST", "RMI_INCOMPLETE"};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (strcmp(status, names[i]) == 0)
			return true;
	return false;
}

/* The result word: status by name, then what the status gives a meaning. */
static void add_result(struct line *l, enum rmm_version version, const struct rmm_abi_param *param,
		       uint64_t value)
{
	const struct rmm_abi_type *type = param->type;
	const struct rmm_abi_field *status = type != NULL && type->kind == RMM_ABI_BITFIELD
						     ? rmm_abi_field_find(type, version, "status")
						     : NULL;
	const char *label;
	char text[96];

	if (value == UINT64_MAX) {
		add(l, "SMCCC_NOT_SUPPORTED");
		return;
	}
	if (status == NULL) {
		rmm_abi_format(text, sizeof(text), version, type, param->type_name, value);
		add(l, "%s", text);
		return;
	}
	label = rmm_abi_value_label(status->type, version, rmm_abi_bits_get(status, value));
	if (label == NULL) {
		add(l, "%#" PRIx64, value);
		return;
	}
	add(l, "%s", label);
	if (strcmp(type->name, "RmiResult") == 0 && has_level(label))
		add_payload(l, version, label, value >> 8);
	else if (value >> 8 != 0)
		add(l, " index=%" PRIu64, value >> 8);
}

/* A command that begins an operation answers with the operation's registers, not its own. */
static bool is_incomplete(enum rmm_version version, const struct smc_regs *out)
{
	uint64_t value;

	return rmm_abi_label_find(version, "RMI_INCOMPLETE", &value) && (out->x[0] & 0xff) == value;
}

static void add_operation(struct line *l, enum rmm_version version, const struct smc_regs *out)
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiOpMemDonateReq");

	add(l, " handle=%#" PRIx64, out->x[1]);
	if (out->x[2] == 0 || type == NULL)
		return;
	add(l, " request=");
	add_fields(l, version, type, out->x[2]);
}

void rmm_trace_format_answer(char *buf, size_t len, enum rmm_version version,
			     const struct rmm_abi_command *command, const struct smc_regs *out)
{
	struct line l = {.buf = buf, .len = len};

	if (!begin_line(&l) || out == NULL)
		return;
	if (command == NULL || command->num_outputs == 0) {
		if (out->x[0] == UINT64_MAX)
			add(&l, "SMCCC_NOT_SUPPORTED");
		else
			add(&l, "x0=%#" PRIx64, out->x[0]);
		return;
	}
	add_result(&l, version, &command->outputs[0], param_value(&command->outputs[0], out));
	if (is_incomplete(version, out) && strncmp(command->name, "RMI_OP_", 7) != 0) {
		add_operation(&l, version, out);
		return;
	}
	for (size_t i = 1; i < command->num_outputs; i++)
		if (out->x[0] == 0 || param_value(&command->outputs[i], out) != 0)
			add_param(&l, version, &command->outputs[i], command->outputs[i].type, out);
}
