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
#include "../grave.h"
#include "observed.h"

#define WORDS        (HOST_PAGE_SIZE / sizeof(uint64_t))
#define INPUTS       7u /* X1..X7 are recorded */
#define OUTPUTS      5u /* X0..X4 */
#define EXIT_RECORD  0x800u

#define ESR_ISS      UINT64_C(0x1ffffff)

/* Output address of a stage 2 descriptor, without LPA2. */
#define DESC_ADDRESS UINT64_C(0x0000fffffffff000)

/* What ends an entry from outside: numbers of M lines. */
#define MODE_FIQ     0
#define MODE_IRQ     1
#define MODE_NONE    2

/* A page as the replaying machine has it. */
struct shadow {
	uint64_t pa;
	bool shared; /* realms can reach it at any time while they run */
	uint64_t words[WORDS];
};

struct host_recorder {
	enum rmm_version version;
	struct host_memory_ops memory;
	FILE *out;
	uint64_t lines;
	uint64_t call_line; /* of the last call */
	struct shadow *shadows;
	size_t num_shadows;
	size_t capacity;
	int mode; /* of the last M line; -1: none yet */
	struct host_recorder_platform platform;
	uint64_t ich[HOST_RECORDER_ICH]; /* as the replaying machine has them */
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
	if (!memory->read || !observed_version_exists(version))
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
	if (!host_is_argument(recorder))
		return;
	free(recorder->shadows);
	grave_bury(recorder);
}

uint64_t host_recorder_line(const struct host_recorder *recorder)
{
	if (!host_is_argument(recorder))
		return 0;

	return recorder->call_line;
}

static void end_line(struct host_recorder *r)
{
	(void)fputc('\n', r->out);
	r->lines++;
}

void host_recorder_add(struct host_recorder *recorder, const char *line)
{
	if (!host_is_argument(recorder) || !line)
		return;
	(void)fputs(line, recorder->out);
	end_line(recorder);
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
		(void)fprintf(r->out, "W %" PRIx64 " %" PRIx64, pa + i * sizeof(words[0]),
			      words[i]);
		end_line(r);
		shadow->words[i] = words[i];
	}
}

/* The RMM or a realm has written to the page: a replaying machine has to do the same. */
static void refresh_page(struct host_recorder *r, uint64_t pa)
{
	struct shadow *shadow = find_shadow(r, pa & ~PAGE_MASK);
	uint64_t words[WORDS];

	if (shadow == NULL || !read_page(r, shadow->pa, words))
		return;
	for (size_t i = 0; i < WORDS; i++) {
		if (words[i] == shadow->words[i])
			continue;
		(void)fprintf(r->out, "R %" PRIx64 " %" PRIx64, shadow->pa + i * sizeof(words[0]),
			      words[i]);
		end_line(r);
	}
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

/* What an entry names: all that the realm shares with the host. */
static void for_each_shared(struct host_recorder *r, const struct observed *o,
			    void (*work)(struct host_recorder *r, uint64_t pa))
{
	if (o->id != RMM_CMD_RMI_REC_ENTER)
		return;
	for (size_t i = 0; i < r->num_shadows; i++)
		if (r->shadows[i].shared)
			work(r, r->shadows[i].pa);
}

/* Of a larger block only so much is watched. */
#define MOST_SHARED (UINT64_C(2) << 20)

static void share_range(struct host_recorder *r, struct pa_range range)
{
	const uint64_t size = range.size < MOST_SHARED ? range.size : MOST_SHARED;

	for (uint64_t pa = range.base; pa - range.base < size; pa += HOST_PAGE_SIZE) {
		struct shadow *shadow = shadow_of(r, pa);

		if (shadow == NULL)
			return;
		shadow->shared = true;
	}
}

static void share_set(struct host_recorder *r, const struct observed *o)
{
	uint64_t list[LIST_ENTRIES] = {observed_in(o, "oaddr")};
	uint64_t bytes = observed_out(o, "out_top") - observed_in(o, "base");
	uint64_t n = 1;

	if (observed_addr_type(o) == RMI_ADDR_TYPE_LIST)
		n = read_list(&r->memory, list[0], LIST_ENTRIES, list);
	for (uint64_t i = 0; i < n && bytes > 0; i++) {
		struct pa_range range = pa_range_decode(r->version, list[i]);

		if (range.size > bytes)
			range.size = bytes;
		share_range(r, range);
		bytes -= range.size;
	}
}

/* Pages that a realm can reach from now on. */
static void note_shared(struct host_recorder *r, const struct observed *o)
{
	if (!observed_succeeded(o))
		return;
	if (o->id == RMM_CMD_RMI_RTT_UNPROT_MAP)
		share_set(r, o);
	else if (o->id == RMM_CMD_RMI_RTT_MAP_UNPROTECTED)
		share_range(r, (struct pa_range){
				       .base = observed_in(o, "desc") & DESC_ADDRESS,
				       .size = rtt_span_bytes((int64_t)observed_in(o, "level"))});
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

static uint64_t exit_field(const struct host_recorder *r, const struct observed *o,
			   const char *field)
{
	return read_field(&r->memory, r->version, "RmiRecExit", field, 0,
			  observed_in(o, "run_ptr") + EXIT_RECORD);
}

static void record_mode(struct host_recorder *r, int mode)
{
	if (mode == r->mode)
		return;
	(void)fprintf(r->out, "M %d", mode);
	end_line(r);
	r->mode = mode;
}

void host_recorder_watch(struct host_recorder *recorder,
			 const struct host_recorder_platform *platform)
{
	if (host_is_argument(recorder) && host_is_argument(platform))
		recorder->platform = *platform;
}

/* An interrupt that nobody can see now came from the machine itself: a timer, the virtual GIC. */
static int mode_of(const struct host_recorder *r, bool (*is_up)(void *ctx), int mode)
{
	return is_up == NULL || is_up(r->platform.ctx) ? mode : MODE_NONE;
}

/* The list registers since the last entry: what the host wrote, or what became of them. */
static void look_at_ich(struct host_recorder *r, const struct observed *o, bool record)
{
	uint64_t value;

	if (o->id != RMM_CMD_RMI_REC_ENTER || r->platform.read_ich == NULL)
		return;
	for (unsigned int i = 0; i < HOST_RECORDER_ICH; i++) {
		if (!r->platform.read_ich(r->platform.ctx, i, &value) || value == r->ich[i])
			continue;
		r->ich[i] = value;
		if (!record)
			continue;
		(void)fprintf(r->out, "H %x %" PRIx64, i, value);
		end_line(r);
	}
}

/* What ended an entry stands before it. */
static void record_end(struct host_recorder *r, const struct observed *o)
{
	switch (exit_field(r, o, "exit_reason")) {
	case RMI_EXIT_IRQ:
		record_mode(r, mode_of(r, r->platform.irq_is_up, MODE_IRQ));
		break;
	case RMI_EXIT_FIQ:
		record_mode(r, mode_of(r, r->platform.fiq_is_up, MODE_FIQ));
		break;
	case RMI_EXIT_SERROR:
		record_mode(r, MODE_NONE);
		(void)fprintf(r->out, "E %" PRIx64, exit_field(r, o, "esr") & ESR_ISS);
		end_line(r);
		break;
	default:
		record_mode(r, MODE_NONE);
		break;
	}
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
	end_line(r);
	r->call_line = r->lines;
}

static void recorder_call(void *ctx, struct smc_regs *regs)
{
	const struct host_recorder_link *link = ctx;
	struct host_recorder *r = link->recorder;

	if (!host_is_argument(r)) {
		regs->x[0] = SMC_NOT_SUPPORTED;
		return;
	}

	struct observed o = observed_call(r->version, 0, regs);

	for_each_page(r, &o, record_page);
	for_each_shared(r, &o, record_page);
	look_at_ich(r, &o, true);
	smc_call(link->next, regs);
	look_at_ich(r, &o, false);
	o.out = *regs;
	if (o.id == RMM_CMD_RMI_REC_ENTER && observed_succeeded(&o))
		record_end(r, &o);
	record_call(r, &o);
	for_each_page(r, &o, refresh_page);
	for_each_shared(r, &o, refresh_page);
	note_shared(r, &o);
	forget_moved(r, &o);
}

struct smc_conduit host_recorder_conduit(struct host_recorder_link *link)
{
	if (!(link && link->recorder))
		return host_nowhere();
	return (struct smc_conduit){.call = recorder_call, .ctx = link};
}
