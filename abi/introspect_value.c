/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads, writes and prints values by their description. */
#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "rmmsim/abi/introspect.h"

static uint64_t low_bits(unsigned width)
{
	return width >= 64 ? UINT64_MAX : (UINT64_C(1) << width) - 1;
}

static uint64_t sign_extend(uint64_t value, unsigned width)
{
	uint64_t sign = UINT64_C(1) << (width - 1);

	return ((value & low_bits(width)) ^ sign) - sign;
}

/* Where element `index` of the field begins in the image. */
static size_t element_place(const struct rmm_abi_field *field, uint32_t index)
{
	return field->offset + (size_t)index * (field->width / 8u);
}

uint64_t rmm_abi_field_get(const struct rmm_abi_field *field, const void *image, uint32_t index)
{
	uint64_t value = 0;

	if (!field || !image)
		return 0;

	const uint8_t *p = (const uint8_t *)image + element_place(field, index);

	for (unsigned i = 0; i < field->width / 8u; i++)
		value |= (uint64_t)p[i] << (8 * i);
	if (field->is_signed && field->width > 0 && field->width < 64)
		value = sign_extend(value, field->width);
	return value;
}

void rmm_abi_field_set(const struct rmm_abi_field *field, void *image, uint32_t index,
		       uint64_t value)
{
	if (!field || !image)
		return;

	uint8_t *p = (uint8_t *)image + element_place(field, index);

	for (unsigned i = 0; i < field->width / 8u; i++)
		p[i] = (uint8_t)(value >> (8 * i));
}

uint64_t rmm_abi_bits_get(const struct rmm_abi_field *field, uint64_t word)
{
	return field ? (word >> field->lsb) & low_bits(field->width) : 0;
}

uint64_t rmm_abi_bits_set(const struct rmm_abi_field *field, uint64_t word, uint64_t value)
{
	if (!field)
		return word;

	uint64_t mask = low_bits(field->width);

	return (word & ~(mask << field->lsb)) | (value & mask) << field->lsb;
}

/* A bounded buffer that counts what it would have held, as snprintf() does. */
struct text {
	char *buf;
	size_t len;
	size_t wanted;
};

__attribute__((format(printf, 2, 3))) static void add(struct text *t, const char *format, ...)
{
	size_t room = t->wanted < t->len ? t->len - t->wanted : 0;
	va_list args;
	int n;

	va_start(args, format);
	n = vsnprintf(room ? t->buf + t->wanted : NULL, room, format, args);
	va_end(args);
	if (n > 0)
		t->wanted += (size_t)n;
}

static void add_number(struct text *t, uint64_t value)
{
	add(t, value < 10 ? "%" PRIu64 : "0x%" PRIx64, value);
}

static void add_label(struct text *t, enum rmm_version version, const struct rmm_abi_type *type,
		      uint64_t value)
{
	const char *label = rmm_abi_value_label(type, version, value);

	if (label)
		add(t, "%s", label);
	else
		add_number(t, value);
}

/* A bit field inside a bit field is printed as a number: one level is readable. */
static void add_field(struct text *t, enum rmm_version version, const struct rmm_abi_field *field,
		      uint64_t value)
{
	if (field->type && field->type->kind == RMM_ABI_ENUM)
		add_label(t, version, field->type, value);
	else if (value < 0x10000)
		add(t, "%" PRIu64, value);
	else
		add(t, "0x%" PRIx64, value);
}

/* The bits that no field of the version covers. */
static uint64_t uncovered(const struct rmm_abi_type *type, enum rmm_version version)
{
	uint64_t covered = 0;

	for (size_t i = 0; i < type->num_fields; i++) {
		const struct rmm_abi_field *f = &type->fields[i];

		if ((f->versions >> version) & 1u)
			covered |= low_bits(f->width) << f->lsb;
	}
	return low_bits(type->width) & ~covered;
}

/* Prints all fields of the version but `skip`, and what no field covers. */
static void add_bits(struct text *t, enum rmm_version version, const struct rmm_abi_type *type,
		     uint64_t word, const struct rmm_abi_field *skip)
{
	const char *separator = "";
	uint64_t rest = word & uncovered(type, version);

	add(t, "{");
	for (size_t i = 0; i < type->num_fields; i++) {
		const struct rmm_abi_field *f = &type->fields[i];

		if (f == skip || !((f->versions >> version) & 1u))
			continue;
		add(t, "%s%s=", separator, f->name);
		add_field(t, version, f, rmm_abi_bits_get(f, word));
		separator = " ";
	}
	if (rest)
		add(t, "%sreserved=0x%" PRIx64, separator, rest);
	add(t, "}");
}

static bool begins_with(const char *s, const char *start)
{
	return s && strncmp(s, start, strlen(start)) == 0;
}

static void add_plain(struct text *t, const char *type_name, uint64_t value)
{
	if (begins_with(type_name, "Int"))
		add(t, "%" PRId64, (int64_t)value);
	else if (begins_with(type_name, "UInt") && value < 0x10000)
		add(t, "%" PRIu64, value);
	else
		add(t, "0x%" PRIx64, value);
}

/* What the data of an RmiResult is, which the status says; NULL: nothing known. */
static const struct rmm_abi_type *data_type(const char *status)
{
	static const char *const level[] = {"RMI_ERROR_RTT", "RMI_ERROR_RTT_AUX", "RMI_ERROR_DPT",
					    "RMI_ERROR_PSMMU_ST"};

	if (strcmp(status, "RMI_INCOMPLETE") == 0)
		return rmm_abi_type_find("RmiResultDataIncomplete");
	for (size_t i = 0; i < sizeof(level) / sizeof(level[0]); i++) {
		if (strcmp(status, level[i]) == 0)
			return rmm_abi_type_find("RmiResultDataLevel");
	}
	return NULL;
}

/*
 * Results read "RMI_SUCCESS", "RMI_ERROR_RTT {level=2}": the status, and what
 * else the word holds if it is not zero.
 */
static void add_result(struct text *t, enum rmm_version version, const struct rmm_abi_type *type,
		       uint64_t word, const struct rmm_abi_field *status)
{
	const struct rmm_abi_field *data = rmm_abi_field_find(type, version, "data");
	uint64_t rest = rmm_abi_bits_set(status, word, 0);
	uint64_t value = rmm_abi_bits_get(status, word);
	const char *label = rmm_abi_value_label(status->type, version, value);
	const struct rmm_abi_type *inner = label && data ? data_type(label) : NULL;

	add_label(t, version, status->type, value);
	if (rest == 0)
		return;
	add(t, " ");
	if (inner)
		add_bits(t, version, inner, rmm_abi_bits_get(data, word), NULL);
	else
		add_bits(t, version, type, word, status);
}

/* The status of a result type, or NULL: other bit fields have none. */
static const struct rmm_abi_field *status_field(enum rmm_version version,
						const struct rmm_abi_type *type)
{
	const struct rmm_abi_field *status = rmm_abi_field_find(type, version, "status");

	return status && status->type && status->type->kind == RMM_ABI_ENUM ? status : NULL;
}

int rmm_abi_format(char *buf, size_t len, enum rmm_version version, const struct rmm_abi_type *type,
		   const char *type_name, uint64_t value)
{
	struct text t = {buf, buf ? len : 0, 0};
	const struct rmm_abi_field *status =
		type && type->kind == RMM_ABI_BITFIELD ? status_field(version, type) : NULL;

	if (t.len)
		buf[0] = '\0';
	if (!type)
		add_plain(&t, type_name, value);
	else if (type->kind == RMM_ABI_ENUM)
		add_label(&t, version, type, value);
	else if (status)
		add_result(&t, version, type, value, status);
	else if (type->kind == RMM_ABI_BITFIELD)
		add_bits(&t, version, type, value, NULL);
	else
		add_plain(&t, type->name, value);
	return (int)t.wanted;
}
