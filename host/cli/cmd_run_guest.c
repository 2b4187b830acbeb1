/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim run-guest: a bare-metal A64 program in a realm. */
#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "cli_args.h"
#include "commands.h"
#include "esr.h"
#include "guest_run.h"

#define PAGE           UINT64_C(4096)
#define MIB            (UINT64_C(1) << 20)
#define MAX_MEM        (UINT64_C(4096) * MIB)
#define MAX_SHARED     (64 * MIB)
#define DEFAULT_BASE   UINT64_C(0x10000000)
#define CONSOLE_OFFSET UINT64_C(0x09000000)
#define MAX_OFFSET     UINT64_C(0x0fff0000) /* below the shared window */

struct texts {
	const char *version, *profile;
	const char *mem, *base, *entry, *shared, *console, *recs;
	const char *max_exits, *max_instructions, *timeout, *dump, *record;
	bool quiet;
	bool lint;
};

/* ---- options ---------------------------------------------------------------------- */

/* A number with an optional K, M or G behind it. NULL text: the default stays. */
static bool parse(const char *option, const char *text, uint64_t least, uint64_t most,
		  uint64_t *out)
{
	char digits[32];
	size_t n = text ? strlen(text) : 0;
	unsigned long long value = 0;
	unsigned int shift = 0;

	if (!text)
		return true;
	if (n && strchr("KMG", text[n - 1]))
		shift = text[--n] == 'K' ? 10 : text[n] == 'M' ? 20 : 30;
	if (n && n < sizeof(digits)) {
		memcpy(digits, text, n);
		digits[n] = '\0';
		if (cli_number(digits, &value) && value <= UINT64_MAX >> shift &&
		    value << shift >= least && value << shift <= most) {
			*out = value << shift;
			return true;
		}
	}
	snprintf(digits, sizeof(digits), "0x%" PRIx64, most);
	cli_error("run-guest", "give a number, or one with K, M or G behind it",
		  "%s is '%s', not a number from %" PRIu64 " to %s", option, text, least, digits);
	return false;
}

static bool parse_page(const char *option, const char *text, uint64_t least, uint64_t most,
		       uint64_t *out)
{
	if (!parse(option, text, least, most, out))
		return false;
	if (*out % PAGE == 0)
		return true;
	cli_error("run-guest", "use a multiple of 4096", "%s is no multiple of a page", option);
	return false;
}

static bool parse_numbers(const struct texts *t, struct guest_options *o)
{
	uint64_t recs = o->recs;
	uint64_t timeout = (uint64_t)o->timeout;

	if (!parse_page("--mem", t->mem, PAGE, MAX_MEM, &o->mem) ||
	    !parse_page("--base", t->base, 0, UINT64_C(1) << 37, &o->base) ||
	    !parse_page("--shared", t->shared, 0, MAX_SHARED, &o->shared) ||
	    !parse_page("--console", t->console, 0, MAX_OFFSET, &o->console_offset) ||
	    !parse("--recs", t->recs, 1, GUEST_MAX_RECS, &recs) ||
	    !parse("--max-exits", t->max_exits, 0, UINT64_MAX, &o->max_exits) ||
	    !parse("--max-instructions", t->max_instructions, 0, UINT64_MAX,
		   &o->max_instructions) ||
	    !parse("--timeout", t->timeout, 0, 1000000, &timeout))
		return false;
	o->recs = (unsigned int)recs;
	o->timeout = (double)timeout;
	return true;
}

/* ---- the image against the memory ------------------------------------------------------ */

static bool is_in_ram(const struct guest_options *o, uint64_t ipa, uint64_t size)
{
	return size <= o->mem && ipa >= o->base && ipa - o->base <= o->mem - size;
}

static bool place(const char *path, const struct texts *t, const struct guest_image *image,
		  struct guest_options *o)
{
	if (image->elf && !t->base)
		o->base = image->segments[0].ipa;
	for (size_t i = 0; i < image->num_segments; i++) {
		const struct guest_segment *s = &image->segments[i];

		if (is_in_ram(o, s->ipa, s->mem_size))
			continue;
		cli_error("run-guest", "give more --mem, or another --base",
			  "%s: 0x%" PRIx64 " bytes at 0x%" PRIx64 " are not in RAM, 0x%" PRIx64
			  " bytes at 0x%" PRIx64,
			  path, s->mem_size, s->ipa, o->mem, o->base);
		return false;
	}
	o->entry = image->elf ? image->entry : o->base;
	if (!parse("--entry", t->entry, 0, UINT64_MAX, &o->entry))
		return false;
	if (is_in_ram(o, o->entry, 4) && o->entry % 4 == 0)
		return true;
	cli_error("run-guest", "correct --entry, or the program's own entry point",
		  "%s: the entry point 0x%" PRIx64 " is %s", path, o->entry,
		  o->entry % 4 ? "no multiple of 4" : "outside of RAM");
	return false;
}

/* ---- the report -------------------------------------------------------------------------- */

static const char *const exit_names[GUEST_EXIT_COUNT] = {
	[GUEST_EXIT_MMIO] = "data abort, emulated device",
	[GUEST_EXIT_FAULT] = "fault",
	[GUEST_EXIT_WFX] = "WFI, WFE",
	[GUEST_EXIT_SYSREG] = "system register",
	[GUEST_EXIT_SYNC] = "other synchronous",
	[GUEST_EXIT_IRQ] = "IRQ",
	[GUEST_EXIT_FIQ] = "FIQ",
	[GUEST_EXIT_PSCI] = "PSCI",
	[GUEST_EXIT_RIPAS] = "RIPAS change",
	[GUEST_EXIT_HOST_CALL] = "host call",
	[GUEST_EXIT_SERROR] = "SError",
	[GUEST_EXIT_OTHER] = "other",
};

static const char *end_text(enum guest_end end)
{
	switch (end) {
	case GUEST_END_OFF:
		return "the guest switched the system off";
	case GUEST_END_RESET:
		return "the guest asked for a reset";
	case GUEST_END_ALL_OFF:
		return "no REC is runnable any more";
	case GUEST_END_EXITS:
		return "stopped: --max-exits reached";
	case GUEST_END_INSTRUCTIONS:
		return "stopped: --max-instructions reached";
	case GUEST_END_TIME:
		return "stopped: --timeout reached";
	case GUEST_END_INTERRUPTED:
		return "stopped by Ctrl-C";
	default:
		return "stopped by an error";
	}
}

static void print_exits(const struct guest_report *report)
{
	printf("%-28s %12s\n", "exit", "count");
	for (int i = 0; i < GUEST_EXIT_COUNT; i++)
		if (report->exits[i])
			printf("%-28s %12" PRIu64 "\n", exit_names[i], report->exits[i]);
	printf("%-28s %12" PRIu64 "\n", "all", report->num_exits);
}

static void print_speed(const struct guest_report *report)
{
	const double inside = (double)report->guest.nanoseconds;
	const double outside = report->seconds * 1e9 - inside;

	printf("\ninstructions    %" PRIu64 "\n", report->guest.instructions);
	if (inside > 0)
		printf("speed           %.1f MIPS between exits\n",
		       (double)report->guest.instructions * 1e3 / inside);
	if (report->num_exits)
		printf("round trip      %.0f ns an exit, outside of the guest\n",
		       outside / (double)report->num_exits);
	printf("pages mapped    %" PRIu64 " on demand\n", report->pages_mapped);
	if (report->dumped)
		printf("handed over     %" PRIu64 " bytes\n", report->dumped);
	if (report->refused)
		printf("refused         %" PRIu64 " host calls that make no sense\n",
		       report->refused);
}

/* The handler of the exception has the same exception. */
static bool is_lost(const struct rmm_vcpu *v, const struct guest_options *o)
{
	return v->elr_el1 == v->pc && !is_in_ram(o, v->pc, 4);
}

static void print_exception(const struct rmm_vcpu *v, const struct guest_options *o)
{
	char text[128];

	esr_describe(v->esr_el1, text, sizeof(text));
	printf("       last exception: ESR 0x%" PRIx64 ", ELR 0x%" PRIx64 ", FAR 0x%" PRIx64
	       ", VBAR 0x%" PRIx64 "\n       %s\n",
	       v->esr_el1, v->elr_el1, v->far_el1, v->vbar_el1, text);
	if (is_lost(v, o))
		printf("       It takes this again and again: its vectors are not in RAM, "
		       "0x%" PRIx64 " bytes at 0x%" PRIx64 ".\n",
		       o->mem, o->base);
}

/* Where the vCPUs are: only of interest when the guest did not end by itself. */
static void print_vcpus(const struct guest_report *report, const struct guest_options *o)
{
	for (unsigned int i = 0; i < o->recs; i++) {
		const struct rmm_vcpu *v = &report->recs[i].vcpu;

		if (!report->recs[i].on && i != report->last_rec)
			continue;
		printf("\nREC %u: PC 0x%" PRIx64 ", PSTATE 0x%" PRIx64 "\n", i, v->pc, v->pstate);
		if (v->esr_el1 || v->elr_el1)
			print_exception(v, o);
	}
}

static void print_report(const struct guest_report *report, const struct guest_options *o)
{
	printf("\n%s", end_text(report->end));
	if (report->end == GUEST_END_ERROR)
		printf(": %s", report->error);
	printf("\n\n");
	print_exits(report);
	print_speed(report);
	if (report->end != GUEST_END_OFF)
		print_vcpus(report, o);
}

/* ---- the command ---------------------------------------------------------------------------- */

static int run_image(const char *path, const struct guest_image *image,
		     const struct guest_options *o, bool quiet)
{
	struct guest_report report;

	if (!guest_run(image, o, &report))
		return cli_error("run-guest", "see 'rmmsim help run-guest'", "%s: %s", path,
				 report.error);
	(void)fflush(stdout);
	if (!quiet)
		print_report(&report, o);
	else if (report.end != GUEST_END_OFF)
		fprintf(stderr, "rmmsim run-guest: %s%s%s\n", end_text(report.end),
			report.end == GUEST_END_ERROR ? ": " : "", report.error);
	return report.end == GUEST_END_OFF && report.stale_translations == 0 ? CLI_OK : CLI_FAILED;
}

static int load_and_run(const char *path, const struct texts *t, struct guest_options *o)
{
	struct guest_image image;
	char why[128];
	int status = CLI_BAD_INPUT;

	if (!guest_image_load(path, o->base, &image, why, sizeof(why)))
		return cli_error("run-guest", "give a bare-metal A64 program, ELF or raw", "%s: %s",
				 path, why);
	if (place(path, t, &image, o))
		status = run_image(path, &image, o, t->quiet);
	guest_image_free(&image);
	return status;
}

static struct guest_options default_options(void)
{
	const struct rmm_config machine = rmm_config_default();

	return (struct guest_options){
		.version = machine.version,
		.profile = machine.profile,
		.mem = 16 * MIB,
		.base = DEFAULT_BASE,
		.shared = 65536,
		.console_offset = CONSOLE_OFFSET,
		.recs = 1,
		.timeout = 60,
		.out = stdout,
	};
}

static bool read_options(int argc, char **argv, struct texts *t, struct cli_words *words,
			 struct guest_options *o)
{
	const struct cli_option known[] = {
		{"--version", NULL, &t->version, NULL},
		{"--profile", NULL, &t->profile, NULL},
		{"--mem", NULL, &t->mem, NULL},
		{"--base", NULL, &t->base, NULL},
		{"--entry", NULL, &t->entry, NULL},
		{"--shared", NULL, &t->shared, NULL},
		{"--console", NULL, &t->console, NULL},
		{"--recs", NULL, &t->recs, NULL},
		{"--max-exits", NULL, &t->max_exits, NULL},
		{"--max-instructions", NULL, &t->max_instructions, NULL},
		{"--timeout", NULL, &t->timeout, NULL},
		{"--dump", NULL, &t->dump, NULL},
		{"--record", NULL, &t->record, NULL},
		{"--quiet", "-q", NULL, &t->quiet},
		{"--lint", NULL, NULL, &t->lint},
		{0},
	};

	return cli_parse(argc, argv, known, words, 1, 1) &&
	       cli_version(argv[0], t->version, &o->version) &&
	       cli_profile(argv[0], t->profile, &o->profile) && parse_numbers(t, o);
}

/* A path that is NULL: no file. */
static bool open_file(const char *command, const char *path, FILE **file)
{
	*file = path ? fopen(path, "wb") : NULL;
	if (path && !*file)
		cli_error(command, "name a file that can be written", "%s: %s", path,
			  strerror(errno));
	return !path || *file;
}

static int close_file(const char *command, const char *path, FILE *file, int status)
{
	if (file && fclose(file) != 0 && status == CLI_OK)
		return cli_error(command, "make room where it goes", "cannot write %s", path);
	return status;
}

int cmd_run_guest(int argc, char **argv)
{
	struct guest_options o = default_options();
	struct texts t = {0};
	struct cli_words words;
	int status;

	if (!read_options(argc, argv, &t, &words, &o))
		return CLI_BAD_INPUT;
	if (!open_file(argv[0], t.dump, &o.dump) || !open_file(argv[0], t.record, &o.record)) {
		(void)close_file(argv[0], t.dump, o.dump, CLI_BAD_INPUT);
		return CLI_BAD_INPUT;
	}
	o.interrupt = cli_catch_interrupt();
	o.lint = t.lint ? stderr : NULL;
	status = load_and_run(words.v[0], &t, &o);
	status = close_file(argv[0], t.record, o.record, status);
	return close_file(argv[0], t.dump, o.dump, status);
}
