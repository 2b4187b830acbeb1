/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/log.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

#define NUM_IN  8
#define NUM_OUT 5

struct line {
	bool write;
	uint64_t in[NUM_IN]; /* of a write: PA, value */
	uint64_t out[NUM_OUT];
};

struct oracle_log {
	struct line *lines;
	size_t n;
	size_t capacity;
	bool truncated;
};

struct oracle_log *oracle_log_create(void)
{
	return calloc(1, sizeof(struct oracle_log));
}

void oracle_log_destroy(struct oracle_log *log)
{
	if (log)
		free(log->lines);
	free(log);
}

static struct line *add(struct oracle_log *log)
{
	if (!log || log->truncated)
		return NULL;
	if (log->n == log->capacity) {
		const size_t wanted = log->capacity ? 2 * log->capacity : 1024;
		struct line *larger = realloc(log->lines, wanted * sizeof(*larger));

		if (!larger) {
			log->truncated = true;
			return NULL;
		}
		log->lines = larger;
		log->capacity = wanted;
	}
	log->lines[log->n] = (struct line){0};
	return &log->lines[log->n++];
}

void oracle_log_call(struct oracle_log *log, unsigned int pe, const struct smc_regs *in,
		     const struct smc_regs *out)
{
	struct line *line = add(log);

	(void)pe;
	for (unsigned int i = 0; line && i < NUM_IN; i++)
		line->in[i] = in->x[i];
	for (unsigned int i = 0; line && i < NUM_OUT; i++)
		line->out[i] = out->x[i];
}

void oracle_log_write(struct oracle_log *log, uint64_t pa, uint64_t value)
{
	struct line *line = add(log);

	if (!line)
		return;
	line->write = true;
	line->in[0] = pa;
	line->in[1] = value;
}

static void print_line(const struct line *line, FILE *out)
{
	unsigned int last = NUM_IN - 1;

	if (line->write) {
		fprintf(out, "W %" PRIx64 " %" PRIx64 "\n", line->in[0], line->in[1]);
		return;
	}
	while (last > 0 && line->in[last] == 0)
		last--;
	fprintf(out, "S");
	for (unsigned int i = 0; i <= last; i++)
		fprintf(out, " %" PRIx64, line->in[i]);
	fprintf(out, " ->");
	for (unsigned int i = 0; i < NUM_OUT; i++)
		fprintf(out, " %" PRIx64, line->out[i]);
	fprintf(out, "\n");
}

bool oracle_log_save(const struct oracle_log *log, const char *path)
{
	FILE *out = log ? fopen(path, "w") : NULL;

	if (!out)
		return false;
	for (size_t i = 0; i < log->n; i++)
		print_line(&log->lines[i], out);
	return fclose(out) == 0;
}
