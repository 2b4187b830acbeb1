/* SPDX-License-Identifier: BSD-3-Clause */
/* How much of the description this oracle checks. */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/rmm_oracle.h"

struct tally {
	unsigned int full;
	unsigned int partly;
};

static bool all_known(const uint16_t *uses)
{
	for (; *uses != ORACLE_NUM_FUNCTIONS; uses++)
		if (!oracle_functions[*uses].known)
			return false;
	return true;
}

static void count(struct tally *tally, const uint16_t *uses)
{
	if (all_known(uses))
		tally->full++;
	else
		tally->partly++;
}

static void print_command(const struct oracle_command *c, enum rmm_version version, FILE *out,
			  struct tally total[2])
{
	const struct rmm_abi_command *form = rmm_abi_command_by_id(version, c->command);
	struct tally fail = {0}, ok = {0};

	for (unsigned int i = 0; i < c->num_failures; i++)
		if (c->failures[i].versions >> version & 1)
			count(&fail, c->failures[i].uses);
	for (unsigned int i = 0; i < c->num_successes; i++)
		if (c->successes[i].versions >> version & 1)
			count(&ok, c->successes[i].uses);
	fprintf(out, "%-32s %4u %6u %8u %6u\n", form ? form->name : "?", fail.full, fail.partly,
		ok.full, ok.partly);
	total[0].full += fail.full;
	total[0].partly += fail.partly;
	total[1].full += ok.full;
	total[1].partly += ok.partly;
}

/* What realms call is not judged: it happens inside of RMI_REC_ENTER. */
static bool is_judged(const struct oracle_command *c, enum rmm_version version)
{
	return c->versions >> version & 1 && rmm_command_interface[c->command] == RMM_INTERFACE_RMI;
}

static bool is_used(const struct oracle_command *c, unsigned int function)
{
	for (unsigned int i = 0; i < c->num_failures; i++)
		for (const uint16_t *use = c->failures[i].uses; *use != ORACLE_NUM_FUNCTIONS; use++)
			if (*use == function)
				return true;
	for (unsigned int i = 0; i < c->num_successes; i++)
		for (const uint16_t *use = c->successes[i].uses; *use != ORACLE_NUM_FUNCTIONS;
		     use++)
			if (*use == function)
				return true;
	return false;
}

static void print_unknown(enum rmm_version version, FILE *out)
{
	fprintf(out, "functions without an answer:");
	for (unsigned int f = 0; f < ORACLE_NUM_FUNCTIONS; f++) {
		bool used = false;

		for (unsigned int i = 0; i < oracle_num_commands; i++)
			used |= is_judged(&oracle_commands[i], version) &&
				is_used(&oracle_commands[i], f);
		if (used && !oracle_functions[f].known)
			fprintf(out, " %s", oracle_functions[f].name);
	}
	fprintf(out, "\n");
}

void rmm_oracle_coverage(enum rmm_version version, FILE *out)
{
	struct tally total[2] = {{0}, {0}};

	fprintf(out, "%-32s %4s %6s %8s %6s\n", "", "fail", "partly", "success", "partly");
	for (unsigned int i = 0; i < oracle_num_commands; i++)
		if (is_judged(&oracle_commands[i], version))
			print_command(&oracle_commands[i], version, out, total);
	fprintf(out, "%-32s %4u %6u %8u %6u\n", "all", total[0].full, total[0].partly,
		total[1].full, total[1].partly);
	print_unknown(version, out);
}
