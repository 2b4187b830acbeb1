/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim: the table of commands and their help. */
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "commands.h"
#include "near.h"

#ifndef RMMSIM_PACKAGE_VERSION
#define RMMSIM_PACKAGE_VERSION "0"
#endif

struct command {
	const char *name;
	int (*run)(int argc, char **argv);
	const char *about;
	const char *help;
};

static const struct command commands[] = {
	{"run", cmd_run, "plays a trace",
	 "rmmsim run TRACE... [options]\n"
	 "\n"
	 "Plays traces (docs/traces.md) and prints every call with its decoded answer and,\n"
	 "where an expectation does not hold, the condition that failed, in words.\n"
	 "\n"
	 "  --version V     play it against another version of the specification\n"
	 "  --profile P     spec or tf-rmm\n"
	 "  --timed         every actor on a simulated PE; prints where the cycles went\n"
	 "  --timing FILE   with --timed: costs from this profile\n"
	 "  --oracle        judge every call by the conditions of the ABI description, and the "
	 "whole\n"
	 "                  machine by its invariants; report translations that are used\n"
	 "                  although they should have been invalidated; findings go to stderr\n"
	 "  --stop          end at the first expectation that does not hold\n"
	 "  --quiet         print failures and the summary only\n"
	 "  --no-color      no colours (so does NO_COLOR in the environment)\n"
	 "\n"
	 "Exit status: 0 all expectations hold, 1 some do not, 2 bad input.\n"},
	{"run-guest", cmd_run_guest, "runs a bare-metal A64 program in a realm",
	 "rmmsim run-guest IMAGE.elf|IMAGE.bin [options]\n"
	 "\n"
	 "Builds a realm around a program (docs/guests.md), runs it and prints what it writes to\n"
	 "its console, then how often it left the realm and why.\n"
	 "\n"
	 "  --mem N               RAM, default 16M; N may end in K, M, G\n"
	 "  --base IPA            where RAM starts: of an ELF its first segment, else 0x10000000;\n"
	 "                        raw images go there\n"
	 "  --entry IPA           where REC 0 starts: of an ELF its entry point, else the base\n"
	 "  --recs N              RECs, default 1; the others wait for PSCI CPU_ON\n"
	 "  --shared N            Non-secure memory shared with the host, default 64K\n"
	 "  --console OFFSET      console device, from the first unprotected IPA; 0x9000000\n"
	 "  --dump FILE           what the guest hands over by host call 3\n"
	 "  --record FILE         a recording, for rmmsim replay\n"
	 "  --max-exits N         stop after so many exits\n"
	 "  --max-instructions N  stop after so many instructions\n"
	 "  --timeout S           stop after S seconds, default 60; 0: never\n"
	 "  --version V           version of the specification\n"
	 "  --profile P           spec or tf-rmm\n"
	 "  --lint                report translations that are used although they should have\n"
	 "                        been invalidated, on stderr; the exit status is 1 then\n"
	 "  --quiet               print what the guest prints, and errors\n"
	 "\n"
	 "Exit status: 0 the guest ended by PSCI SYSTEM_OFF, 1 it did not, 2 bad input.\n"},
	{"replay", cmd_replay, "compares with recorded answers of another implementation",
	 "rmmsim replay LOG [--version V] [--profile spec|tf-rmm] [--json] [--oracle]\n"
	 "\n"
	 "Plays a recording (docs/traces.md) against a fresh machine and prints, per command,\n"
	 "how many answers agree, and the first ones that do not. Under profile spec a\n"
	 "difference is explained when profile tf-rmm answers as recorded. With --oracle every\n"
	 "call is also judged by the conditions of the ABI description.\n"
	 "\n"
	 "Exit status: 0 everything agrees or is explained, 1 something is not, 2 bad input.\n"},
	{"abi", cmd_abi, "the ABI: check it, print headers, JSON, differences, status",
	 "rmmsim abi check FILE...                    checks descriptions of the ABI\n"
	 "rmmsim abi header --style portable|linux --version V [-o FILE]\n"
	 "                                            prints a C header\n"
	 "rmmsim abi json [-o FILE]                   prints everything as JSON\n"
	 "rmmsim abi diff V1 V2 [-o FILE]             prints what changed between versions\n"
	 "rmmsim abi status [--version V]             what the model implements\n"
	 "rmmsim abi quirks                           behaviours that versions and tf-rmm differ "
	 "in\n"
	 "\n"
	 "header, json and diff use the descriptions inside the program;\n"
	 "  --from DIR      takes those in a directory instead\n"},
	{"explain", cmd_explain, "a condition, command or type in words",
	 "rmmsim explain CONDITION|COMMAND|TYPE [--version V]\n"
	 "\n"
	 "A condition: when it holds, what is answered, what is reported rather than it.\n"
	 "A command: registers, conditions in order, what holds after success.\n"},
	{"decode", cmd_decode, "the fields of a value",
	 "rmmsim decode TYPE VALUE [--version V]\n"
	 "\n"
	 "TYPE is a bit field or enumeration (RmiResult, RmiAddrRangeDesc ...), the name of a\n"
	 "command (VALUE is its X0), or esr.\n"},
	{"rim", cmd_rim, "predicts the initial measurement of a realm",
	 "rmmsim rim DESCRIPTION.yaml [--version V] [--profile spec|tf-rmm] [--json]\n"
	 "rmmsim rim --image FILE@IPA --entry PC [--x0 VALUE] [--hash sha-256|sha-384|sha-512]\n"
	 "           [--version V] [--profile spec|tf-rmm] [--json]\n"
	 "\n"
	 "Prints the Realm Initial Measurement that a verifier has to expect, computed\n"
	 "without a machine. Descriptions: docs/attestation.md.\n"
	 "\n"
	 "Exit status: 0, or 2 bad input.\n"},
	{"token", cmd_token, "decodes and verifies an attestation token",
	 "rmmsim token FILE [--key PEM] [--challenge HEX] [--rim HEX] [--json] [--no-color]\n"
	 "\n"
	 "Prints the claims of a CCA attestation token (1.0 or 2.0), and checks the claims,\n"
	 "both signatures and that the platform vouches for the realm's key.\n"
	 "\n"
	 "  --key PEM        public key of the platform; without it the test key of rmmsim\n"
	 "  --challenge HEX  the realm token must hold this challenge\n"
	 "  --rim HEX        the realm token must hold this RIM (see rmmsim rim)\n"
	 "\n"
	 "Exit status: 0 it verifies, 1 it does not, 2 it is no token.\n"},
	{"bench", cmd_bench, "measures the model's own speed",
	 "rmmsim bench [--json] [--seconds S] [--only NAME]\n"
	 "\n"
	 "Nanoseconds of the usual operations on this computer, with a reference loop in the\n"
	 "same run. 'rmmsim bench --only ?' lists the operations.\n"},
};

#define NUM_COMMANDS (sizeof(commands) / sizeof(commands[0]))

static void print_overview(FILE *out)
{
	fputs("rmmsim: a software model of Arm CCA's Realm Management Monitor\n"
	      "\n"
	      "usage: rmmsim COMMAND ...\n"
	      "\n",
	      out);
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		fprintf(out, "  %-9s  %s\n", commands[i].name, commands[i].about);
	fputs("  help       this, or how a command is used: rmmsim help COMMAND\n"
	      "\n"
	      "Start with: rmmsim run traces/scenarios/realm-lifecycle.yaml\n",
	      out);
}

static const struct command *find(const char *name)
{
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		if (strcmp(commands[i].name, name) == 0)
			return &commands[i];
	return NULL;
}

static int report_unknown(const char *name)
{
	struct abi_near near;
	char remedy[96];

	abi_near_begin(&near, name);
	for (size_t i = 0; i < NUM_COMMANDS; i++)
		abi_near_try(&near, commands[i].name);
	if (near.best != NULL)
		snprintf(remedy, sizeof(remedy), "did you mean '%s'?", near.best);
	else
		snprintf(remedy, sizeof(remedy), "'rmmsim help' lists the commands");
	return cli_error("", remedy, "unknown command '%s'", name);
}

static int help(int argc, char **argv)
{
	const struct command *command;

	if (argc < 2) {
		print_overview(stdout);
		return CLI_OK;
	}
	command = find(argv[1]);
	if (command == NULL)
		return report_unknown(argv[1]);
	fputs(command->help, stdout);
	return CLI_OK;
}

static int print_version(void)
{
	printf("rmmsim %s (", RMMSIM_PACKAGE_VERSION);
	for (size_t i = 0; i < RMM_VERSION_COUNT; i++)
		printf("%s%s", i == 0 ? "RMM " : ", ", rmm_abi_versions[i].name);
	puts(")");
	return CLI_OK;
}

static int dispatch(int argc, char **argv)
{
	const struct command *command;

	if (strcmp(argv[0], "help") == 0 || strcmp(argv[0], "--help") == 0 ||
	    strcmp(argv[0], "-h") == 0)
		return help(argc, argv);
	if (strcmp(argv[0], "--version") == 0)
		return print_version();
	command = find(argv[0]);
	if (command == NULL)
		return report_unknown(argv[0]);
	for (int i = 1; i < argc && strcmp(argv[i], "--") != 0; i++) {
		if (strcmp(argv[i], "--help") == 0 || strcmp(argv[i], "-h") == 0) {
			fputs(command->help, stdout);
			return CLI_OK;
		}
	}
	return command->run(argc, argv);
}

int main(int argc, char **argv)
{
	int status;

	if (argc < 2) {
		print_overview(stderr);
		return CLI_BAD_INPUT;
	}
	status = dispatch(argc - 1, argv + 1);
	if ((fflush(stdout) != 0 || ferror(stdout) != 0) && status == CLI_OK)
		return cli_error("", "make room where the output goes", "cannot write the output");
	return status;
}
