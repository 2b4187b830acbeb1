/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim decode: the fields of a value. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "commands.h"
#include "esr.h"
#include "near.h"
#include "rmmsim/trace.h"

#define TEXT_MAX 256

static void print_fields(const struct rmm_abi_type *type, enum rmm_version version, uint64_t value)
{
	uint64_t known = 0;

	for (size_t i = 0; i < type->num_fields; i++) {
		const struct rmm_abi_field *f = &type->fields[i];
		uint64_t bits = rmm_abi_bits_get(f, value);
		char place[16];
		char text[TEXT_MAX];

		if ((f->versions >> version & 1) == 0)
			continue;
		known |= rmm_abi_bits_set(f, 0, UINT64_MAX);
		rmm_abi_format(text, sizeof(text), version, f->type, NULL, bits);
		snprintf(place, sizeof(place), "[%u:%u]", f->lsb + f->width - 1u, f->lsb);
		printf("  %-8s %-14s %-30s %s\n", place, f->name, text, f->doc);
	}
	if ((value & ~known) != 0)
		printf("  reserved bits that are not zero: 0x%" PRIx64 "\n", value & ~known);
}

static int decode_type(const struct rmm_abi_type *type, enum rmm_version version, uint64_t value)
{
	char text[TEXT_MAX];

	if (type->kind == RMM_ABI_STRUCT)
		return cli_error("decode", "'rmmsim explain' prints its layout",
				 "%s is a structure in memory, not a value", type->name);
	rmm_abi_format(text, sizeof(text), version, type, type->name, value);
	printf("%s 0x%" PRIx64 " = %s\n", type->name, value, text);
	if (type->kind == RMM_ABI_BITFIELD)
		print_fields(type, version, value);
	return CLI_OK;
}

static int decode_answer(const struct rmm_abi_command *command, enum rmm_version version,
			 uint64_t value)
{
	const struct smc_regs out = {.x = {value}};
	char text[TEXT_MAX];

	rmm_trace_format_answer(text, sizeof(text), version, command, &out);
	printf("%s answered %s\n", command->name, text);
	return CLI_OK;
}

/* ---- ESR_EL2, as REC exits report it ------------------------------------------------ */

static int decode_esr(uint64_t esr)
{
	unsigned int ec = (unsigned int)(esr >> 26 & 0x3f);
	bool data = ec == 0x24 || ec == 0x25;
	char text[64];

	printf("ESR 0x%" PRIx64 "\n  EC   0x%02x  %s\n  IL   %u\n  ISS  0x%07" PRIx64 "\n", esr, ec,
	       esr_class_name(ec), (unsigned int)(esr >> 25 & 1), esr & 0x1ffffff);
	if (!data && ec != 0x20 && ec != 0x21)
		return CLI_OK;
	esr_fault_status((unsigned int)(esr & 0x3f), text, sizeof(text));
	printf("  FSC  0x%02x  %s\n", (unsigned int)(esr & 0x3f), text);
	if (!data)
		return CLI_OK;
	printf("  WnR  %u  %s\n  ISV  %u  %s\n", (unsigned int)(esr >> 6 & 1),
	       (esr >> 6 & 1) != 0 ? "write" : "read", (unsigned int)(esr >> 24 & 1),
	       (esr >> 24 & 1) != 0 ? "one register, see SAS and SRT" : "no syndrome");
	if ((esr >> 24 & 1) != 0)
		printf("  SAS  %u  %u bytes\n  SSE  %u\n  SRT  x%u\n  SF   %u\n",
		       (unsigned int)(esr >> 22 & 3), 1u << (esr >> 22 & 3),
		       (unsigned int)(esr >> 21 & 1), (unsigned int)(esr >> 16 & 0x1f),
		       (unsigned int)(esr >> 15 & 1));
	return CLI_OK;
}

/* ---- anything -------------------------------------------------------------------------- */

static int report_unknown(const char *name)
{
	struct abi_near near;
	char remedy[128] = "name a type such as RmiResult, a command, or esr";

	abi_near_begin(&near, name);
	for (size_t i = 0; i < rmm_abi_num_types; i++)
		abi_near_try(&near, rmm_abi_types[i]->name);
	if (near.best != NULL)
		snprintf(remedy, sizeof(remedy), "did you mean '%s'?", near.best);
	return cli_error("decode", remedy, "unknown type '%s'", name);
}

int cmd_decode(int argc, char **argv)
{
	enum rmm_version version = rmm_config_default().version;
	const char *name = NULL;
	const struct cli_option known[] = {{"--version", NULL, &name, NULL}, {0}};
	const struct rmm_abi_command *command;
	const struct rmm_abi_type *type;
	struct cli_words words;
	unsigned long long value;

	if (!cli_parse(argc, argv, known, &words, 2, 2) || !cli_version(argv[0], name, &version))
		return CLI_BAD_INPUT;
	if (!cli_number(words.v[1], &value))
		return cli_error(argv[0], "write decimal digits, or 0x and hexadecimal digits",
				 "'%s' is no 64-bit number", words.v[1]);
	if (strcmp(words.v[0], "esr") == 0)
		return decode_esr(value);
	type = rmm_abi_type_find(words.v[0]);
	if (type != NULL)
		return decode_type(type, version, value);
	command = rmm_abi_command_find(version, words.v[0]);
	if (command != NULL)
		return decode_answer(command, version, value);
	return report_unknown(words.v[0]);
}
