/* SPDX-License-Identifier: BSD-3-Clause */
/* rmmsim bench: how fast the model answers on this computer. Wall-clock time, no simulated time. */
#include "cmd_bench.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "bench.h"
#include "bench_call.h"
#include "bench_scaling.h"

#define DEFAULT_SECONDS 0.5
#define MAX_SECONDS     3600.0
#define PEER            "TF-RMM fake host"
#define SCALING         "scaling" /* to be named as an operation is */

struct options {
	bool json;
	double seconds; /* per operation */
	const char *only;
};

static int usage(FILE *out)
{
	fprintf(out, "usage: rmmsim bench [--json] [--seconds S] [--only NAME]\n"
		     "  --json        one JSON object instead of a table\n"
		     "  --seconds S   time for each operation, default 0.5\n"
		     "  --only NAME   this operation and the reference; one of\n");
	for (size_t i = 0; i < bench_num_operations; i++)
		fprintf(out, "      %-17s %s\n", bench_operations[i].name,
			bench_operations[i].what);
	fprintf(out, "      %-17s %s\n", SCALING, "several threads as PEs of one machine");
	return out == stdout ? 0 : 2;
}

static const struct bench_operation *operation_named(const char *name)
{
	for (size_t i = 0; i < bench_num_operations; i++)
		if (strcmp(bench_operations[i].name, name) == 0)
			return &bench_operations[i];
	return NULL;
}

static bool is_operation(const char *name)
{
	return strcmp(name, SCALING) == 0 || operation_named(name);
}

static bool parse_seconds(const char *text, double *out)
{
	char *end;

	*out = strtod(text, &end);
	if (end != text && *end == '\0' && *out > 0.0 && *out <= MAX_SECONDS)
		return true;
	fprintf(stderr, "rmmsim bench: --seconds needs a number above 0 and up to 3600\n");
	return false;
}

static bool parse_value(const char *option, const char *value, struct options *out)
{
	if (strcmp(option, "--seconds") == 0)
		return parse_seconds(value, &out->seconds);
	out->only = value;
	if (is_operation(value))
		return true;
	fprintf(stderr, "rmmsim bench: there is no operation '%s': see rmmsim bench --help\n",
		value);
	return false;
}

/* Returns -1 to go on, or the exit status. */
static int parse_options(int argc, char **argv, struct options *out)
{
	for (int i = 1; i < argc; i++) {
		if (strcmp(argv[i], "--help") == 0)
			return usage(stdout);
		if (strcmp(argv[i], "--json") == 0) {
			out->json = true;
			continue;
		}
		if (strcmp(argv[i], "--seconds") != 0 && strcmp(argv[i], "--only") != 0)
			return usage(stderr);
		if (i + 1 == argc) {
			fprintf(stderr, "rmmsim bench: %s needs a value\n", argv[i]);
			return 2;
		}
		if (!parse_value(argv[i], argv[i + 1], out))
			return 2;
		i++;
	}
	return -1;
}

/* ---- output ---------------------------------------------------------------------- */

static void print_text_head(void)
{
	printf("ns an operation: median, least and most of %d repetitions; reference = 1\n",
	       BENCH_REPETITIONS);
	printf("%-17s %11s %11s %11s %9s  %s\n", "operation", "median", "min", "max", "ratio",
	       PEER " (recorded elsewhere)");
}

static void print_text(const struct bench_operation *op, const struct bench_result *r,
		       double reference, double bare)
{
	printf("%-17s %11.1f %11.1f %11.1f %9.4f", op->name, r->median, r->min, r->max,
	       r->median / reference);
	if (op->bare)
		printf("  %.1f times %s", r->median / bare, op->bare);
	if (op->peer_ns > 0.0)
		printf("  %.0f ns", op->peer_ns);
	if (op->rate)
		printf("  here: %.1f million a second", 1e3 / r->median);
	putchar('\n');
	(void)fflush(stdout);
}

static void print_json_head(const struct options *options)
{
	printf("{\n  \"unit\": \"ns\",\n  \"seconds\": %g,\n  \"repetitions\": %d,\n",
	       options->seconds, BENCH_REPETITIONS);
	printf("  \"peer\": \"" PEER ", recorded elsewhere\",\n  \"operations\": [");
}

static void print_json(const struct bench_operation *op, const struct bench_result *r,
		       double reference, double bare)
{
	printf("%s\n    {\"name\": \"%s\", \"what\": \"%s\", \"median\": %.2f, \"min\": %.2f, "
	       "\"max\": %.2f, \"ratio\": %.6f, \"ops\": %" PRIu64,
	       op == bench_operations ? "" : ",", op->name, op->what, r->median, r->min, r->max,
	       r->median / reference, r->ops);
	if (op->peer_ns > 0.0)
		printf(", \"peer\": %.0f", op->peer_ns);
	if (op->bare)
		printf(", \"bare\": \"%s\", \"times_bare\": %.2f", op->bare, r->median / bare);
	if (op->rate)
		printf(", \"per_second\": %.0f", 1e9 / r->median);
	putchar('}');
}

/* ---- scaling --------------------------------------------------------------------- */

struct scaling {
	double rates[BENCH_NUM_STEPS][BENCH_NUM_LOADS];
};

/* The step of one thread on a machine with locks is what the others are compared with. */
static double speedup(const struct scaling *s, size_t step, size_t load)
{
	return s->rates[step][load] / s->rates[BENCH_ONE_THREAD][load];
}

static void print_scaling_text(const struct scaling *s, long cpus)
{
	printf("\nthreads as PEs of one machine, on %ld CPUs: operations a second of all, and as "
	       "a multiple\nof one thread (without locks: a machine for one thread only)\n%-14s",
	       cpus, "threads");
	for (size_t load = 0; load < BENCH_NUM_LOADS; load++)
		printf("%13s %7s", bench_loads[load].name, "ratio");
	putchar('\n');
	for (size_t step = 0; step < BENCH_NUM_STEPS; step++) {
		if (bench_steps[step])
			printf("%-14u", bench_steps[step]);
		else
			printf("%-14s", "without locks");
		for (size_t load = 0; load < BENCH_NUM_LOADS; load++)
			printf("%13.0f %7.2f", s->rates[step][load], speedup(s, step, load));
		putchar('\n');
	}
}

static void print_scaling_json(const struct scaling *s, long cpus)
{
	printf("\n  ],\n  \"cpus\": %ld,\n  \"scaling\": [", cpus);
	for (size_t step = 0; step < BENCH_NUM_STEPS; step++) {
		const unsigned int threads = bench_steps[step];

		printf("%s\n    {\"threads\": %u, \"locks\": %s", step ? "," : "",
		       threads ? threads : 1, threads ? "true" : "false");
		for (size_t load = 0; load < BENCH_NUM_LOADS; load++)
			printf(", \"%s\": %.0f, \"%s_ratio\": %.3f", bench_loads[load].name,
			       s->rates[step][load], bench_loads[load].name,
			       speedup(s, step, load));
		putchar('}');
	}
}

static int measure_scaling(const struct options *options)
{
	const long cpus = sysconf(_SC_NPROCESSORS_ONLN);
	struct scaling s;
	struct rmm_error error;

	for (size_t step = 0; step < BENCH_NUM_STEPS; step++) {
		for (size_t load = 0; load < BENCH_NUM_LOADS; load++) {
			if (bench_scale(load, bench_steps[step], options->seconds / 2,
					&s.rates[step][load], &error) == 0)
				continue;
			fprintf(stderr, "rmmsim bench: %s: %s\n", SCALING, error.text);
			return 1;
		}
	}
	if (options->json)
		print_scaling_json(&s, cpus);
	else
		print_scaling_text(&s, cpus);
	return 0;
}

/* ---- the run ----------------------------------------------------------------------- */

/* The one that is named, and what it is compared with. */
static bool is_wanted(const struct options *options, const struct bench_operation *op)
{
	const struct bench_operation *only = options->only ? operation_named(options->only) : NULL;

	return !options->only || op == bench_operations || op == only ||
	       (only && only->bare && strcmp(only->bare, op->name) == 0);
}

static int complain(const struct bench_machine *m, const struct bench_operation *op)
{
	fprintf(stderr, "rmmsim bench: %s: %s answered 0x%" PRIx64 "\n", op->name,
		bench_fid_name(m, m->failed_fid), m->failed_result);
	return 1;
}

/* Medians, by the place of the operation. */
static int measure_each(const struct options *options, struct bench_machine *m, double *medians)
{
	struct rmm_error error;

	for (size_t i = 0; i < bench_num_operations; i++) {
		const struct bench_operation *op = &bench_operations[i];
		struct bench_result result;

		if (!is_wanted(options, op))
			continue;
		if (op->available && !op->available(m, &error)) {
			fprintf(stderr, "rmmsim bench: %s is left out: %s\n", op->name, error.text);
			continue;
		}
		if (!bench_measure(op, m, options->seconds, &result))
			return complain(m, op);
		medians[i] = result.median;
		const double bare =
			op->bare ? medians[operation_named(op->bare) - bench_operations] : 1.0;
		if (options->json)
			print_json(op, &result, medians[0], bare);
		else
			print_text(op, &result, medians[0], bare);
	}
	return 0;
}

static int measure_all(const struct options *options, struct bench_machine *m)
{
	double *medians = calloc(bench_num_operations, sizeof(*medians));

	if (!medians) {
		fprintf(stderr, "rmmsim bench: out of memory\n");
		return 1;
	}
	const int status = measure_each(options, m, medians);
	free(medians);
	return status;
}

int cmd_bench(int argc, char **argv)
{
	struct options options = {.seconds = DEFAULT_SECONDS};
	struct bench_machine machine;
	struct rmm_error error;
	int status = parse_options(argc, argv, &options);

	if (status >= 0)
		return status;
	if (bench_machine_create(&machine, &error) != 0) {
		fprintf(stderr, "rmmsim bench: %s\n", error.text);
		return 1;
	}
	if (options.json)
		print_json_head(&options);
	else
		print_text_head();
	status = measure_all(&options, &machine);
	if (status == 0 && (!options.only || strcmp(options.only, SCALING) == 0))
		status = measure_scaling(&options);
	if (options.json && status == 0)
		printf("\n  ]\n}\n");
	bench_machine_destroy(&machine);
	return status;
}
