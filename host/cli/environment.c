/* SPDX-License-Identifier: BSD-3-Clause */
/* What commands take from their surroundings: signals, the terminal, common options. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "cli_args.h"
#include "commands.h"

static volatile sig_atomic_t interrupted;

static void on_interrupt(int number)
{
	interrupted = 1;
	signal(number, SIG_DFL);
}

const volatile sig_atomic_t *cli_catch_interrupt(void)
{
	signal(SIGINT, on_interrupt);
	return &interrupted;
}

bool cli_colour(bool no_colour)
{
	const char *wish = getenv("NO_COLOR");
	const char *terminal = getenv("TERM");

	if (no_colour || (wish != NULL && wish[0] != '\0'))
		return false;
	if (terminal != NULL && strcmp(terminal, "dumb") == 0)
		return false;
	return isatty(STDOUT_FILENO) != 0;
}

bool cli_version(const char *command, const char *name, enum rmm_version *version)
{
	char list[160] = "use one of:";

	if (name == NULL || rmm_abi_version_find(name, version))
		return true;
	for (size_t i = 0; i < RMM_VERSION_COUNT; i++) {
		size_t len = strlen(list);

		snprintf(list + len, sizeof(list) - len, "%s %s", i == 0 ? "" : ",",
			 rmm_abi_versions[i].name);
	}
	cli_error(command, list, "unknown version '%s'", name);
	return false;
}

bool cli_profile(const char *command, const char *name, enum rmm_profile *profile)
{
	if (name == NULL)
		return true;
	if (strcmp(name, "spec") == 0) {
		*profile = RMM_PROFILE_SPEC;
		return true;
	}
	if (strcmp(name, "tf-rmm") == 0) {
		*profile = RMM_PROFILE_TF_RMM;
		return true;
	}
	cli_error(command, "use spec or tf-rmm", "unknown profile '%s'", name);
	return false;
}

#define WIDTH 100u

void cli_print_wrapped(unsigned int indent, const char *text)
{
	const size_t room = WIDTH - indent;

	while (*text != '\0') {
		size_t n = strlen(text);

		if (n > room)
			for (n = room; n > 0 && text[n] != ' '; n--)
				;
		if (n == 0)
			n = strcspn(text, " ");
		printf("%*s%.*s\n", (int)indent, "", (int)n, text);
		text += n;
		text += strspn(text, " ");
	}
}
