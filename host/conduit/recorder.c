/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Recordings. Memory is recorded by what it holds when a call names it: words
 * that differ from what a machine that replays the recording would have.
 */
#include "rmmsim/host/recorder.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "../arguments.h"
#include "observed.h"

#define WORDS       (HOST_PAGE_SIZE / sizeof(uint64_t))
#define INPUTS      7u /* X1..X7 are recorded */
#define OUTPUTS     5u /* X0..X4 */
#define EXIT_REASON 0x800u

/* A page as the replaying machine has it. */
struct shadow {
	uint64_t pa;
	uint64_t words[WORDS];
};

struct host_recorder {
	enum rmm_version version;
	struct host_memory_ops memory;
	FILE *out;
	uint64_t lines;
	struct shadow *shadows;
	size_t num_shadows;
	size_t capacity;
	int mode; /* of the last M line: 0 FIQ, 1 IRQ; -1: none yet */
};

static void write_head(struct host_recorder *r, const char *head)
{
	(void)fputs(head, r->out);
	for (; *head != '\0'; head++)
		r->lines += *head == '\n';
}

int host_recorder_create(enum rmm_version version, const struct host_memory_ops *memory, FILE *out,
			 const char *head, struct host_recorder **recorder)
{
	if (!(host_is_argument(memory) && host_is_argument(out) && host_is_argument(recorder)))
		return -1;
	if (!memory->read)
		return -1;

	struct host_recorder *r = calloc(1, sizeof(*r));

	*recorder = r;
	if (r == NULL)
		return -1;
	*r = (struct host_recorder){.version = version, .memory = *memory, .out = out, .mode = -1};
	if (head != NULL)
		write_head(r, head);
	return 0;
}

void host_recorder_destroy(struct host_recorder *recorder)
{
	if (recorder == NULL)
		return;
	free(recorder->shadows);
	free(recorder);
}

uint64_t host_recorder_lines(const struct host_recorder *recorder)
{
	if (!host_is_argument(recorder))
		return 0;

	return recorder->lines;
}

/* ---- memory --------------------------------------------------------------------------- */

static struct shadow *find_shadow(const struct host_recorder *r, uint64_t pa)
{
	for (size_t i = 0; i < r->num_shadows; i++)
		if (r->shadows[i].pa == pa)
			return &r->shadows[i];
	return NULL;
}

/* Memory that was never named is zero on a fresh machine. */
static struct shadow *shadow_of(struct host_recorder *r, uint64_t pa)
{
	struct shadow *shadow = find_shadow(r, pa);

	if (shadow != NULL)
		return shadow;
	if (r->num_shadows == r->capacity) {
		const size_t capacity = r->capacity ? 2 * r->capacity : 16;
		struct shadow *more = realloc(r->shadows, capacity * sizeof(*more));

		if (more == NULL)
			return NULL;
		r->shadows = more;
		r->capacity = capacity;
	}
	shadow = &r->shadows[r->num_shadows++];
	memset(shadow, 0, sizeof(*shadow));
	shadow->pa = pa;
	return shadow;
}

/* Pages that change hands are wiped on the way back. */
static void drop_shadows(struct host_recorder *r, uint64_t base, uint64_t top)
{
	for (size_t i = r->num_shadows; i-- > 0;)
		if (r->shadows[i].pa >= base && r->shadows[i].pa < top)
			r->shadows[i] = r->shadows[--r->num_shadows];
}

static bool read_page(const struct host_recorder *r, uint64_t pa, uint64_t words[WORDS])
{
	return r->memory.read(r->memory.ctx, pa, words, HOST_PAGE_SIZE);
}

/* The host's writes to a page since it was last looked at. */
static void record_page(struct host_recorder *r, uint64_t pa)
{
	uint64_t words[WORDS];
	struct shadow *shadow;

	pa &= ~PAGE_MASK;
	if (!read_page(r, pa, words) || (shadow = shadow_of(r, pa)) == NULL)
		return;
	for (size_t i = 0; i < WORDS; i++) {
		if (words[i] == shadow->words[i])
			continue;
		(void)fprintf(r->out, "W %" PRIx64 " %" PRIx64 "\n", pa + i * sizeof(words[0]),
			      words[i]);
		r->lines++;
		shadow->words[i] = words[i];
	}
}

/* The RMM has written to the page: a replaying machine does the same. */
static void refresh_page(struct host_recorder *r, uint64_t pa)
{
	struct shadow *shadow = find_shadow(r, pa & ~PAGE_MASK);
	uint64_t words[WORDS];

	if (shadow != NULL && read_page(r, pa & ~PAGE_MASK, words))
		memcpy(shadow->words, words, sizeof(words));
}

/* Inputs that point to pages of the host. */
static const char *const pointers[] = {
	"params_ptr", "run_ptr", "cfg_ptr", "src", "list_addr", "data_ptr",
};

static void for_each_page(struct host_recorder *r, const struct observed *o,
			  void (*work)(struct host_recorder *r, uint64_t pa))
{
	for (size_t i = 0; i < sizeof(pointers) / sizeof(pointers[0]); i++)
		if (observed_has_in(o, pointers[i]))
			work(r, observed_in(o, pointers[i]));
	if (observed_has_in(o, "oaddr") && observed_addr_type(o) == RMI_ADDR_TYPE_LIST)
		work(r, observed_in(o, "oaddr"));
}

static void forget_moved(struct host_recorder *r, const struct observed *o)
{
	switch (o->id) {
	case RMM_CMD_RMI_GRANULE_DELEGATE:
	case RMM_CMD_RMI_GRANULE_UNDELEGATE:
		drop_shadows(r, observed_in(o, "addr"), observed_in(o, "addr") + HOST_PAGE_SIZE);
		break;
	case RMM_CMD_RMI_GRANULE_RANGE_DELEGATE:
	case RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE:
		drop_shadows(r, observed_in(o, "base"), observed_in(o, "top"));
		break;
	default:
		break;
	}
}

/* ---- lines ------------------------------------------------------------------------------- */

/* What the realm met stands before the entry that it ended. */
static void record_mode(struct host_recorder *r, const struct observed *o)
{
	const uint64_t reason = read_field(&r->memory, r->version, "RmiRecExit", "exit_reason", 0,
					   observed_in(o, "run_ptr") + EXIT_REASON);
	const int mode = reason == RMI_EXIT_IRQ;

	if ((reason != RMI_EXIT_IRQ && reason != RMI_EXIT_FIQ) || mode == r->mode)
		return;
	(void)fprintf(r->out, "M %d\n", mode);
	r->lines++;
	r->mode = mode;
}

static void record_call(struct host_recorder *r, const struct observed *o)
{
	unsigned int n = INPUTS;

	while (n > 0 && o->in.x[n] == 0)
		n--;
	(void)fprintf(r->out, "S %" PRIx64, o->in.x[0]);
	for (unsigned int i = 1; i <= n; i++)
		(void)fprintf(r->out, " %" PRIx64, o->in.x[i]);
	(void)fputs(" ->", r->out);
	for (unsigned int i = 0; i < OUTPUTS; i++)
		(void)fprintf(r->out, " %" PRIx64, o->out.x[i]);
	(void)fputc('\n', r->out);
	r->lines++;
}

static void recorder_call(void *ctx, struct smc_regs *regs)
{
	const struct host_recorder_link *link = ctx;
	struct host_recorder *r = link->recorder;
	struct observed o = observed_call(r->version, 0, regs);

	for_each_page(r, &o, record_page);
	smc_call(link->next, regs);
	o.out = *regs;
	if (o.id == RMM_CMD_RMI_REC_ENTER && observed_succeeded(&o))
		record_mode(r, &o);
	record_call(r, &o);
	for_each_page(r, &o, refresh_page);
	forget_moved(r, &o);
}

struct smc_conduit host_recorder_conduit(struct host_recorder_link *link)
{
	if (!(link && link->recorder))
		return host_nowhere();
	return (struct smc_conduit){.call = recorder_call, .ctx = link};
}
