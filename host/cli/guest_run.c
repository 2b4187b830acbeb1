/* SPDX-License-Identifier: BSD-3-Clause */
#include "guest_run.h"

#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "guest_recording.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/realm.h"
#include "rmmsim/host/run.h"
#include "rmmsim/tlb_lint.h"

#define MIB           (UINT64_C(1) << 20)
#define DRAM_BASE     UINT64_C(0x80000000)
#define OVERHEAD      (32 * MIB) /* tables, RECs, the host's own pages */
#define SHARED_OFFSET UINT64_C(0x10000000)

/* RmiRecExitReason: the same in all versions. */
#define EXIT_SYNC     0u
#define ESR_EC(esr)   ((esr) >> 26 & 0x3f)
#define ESR_ISV       (UINT64_C(1) << 24)

struct session {
	const struct guest_options *options;
	struct guest_report *report;
	struct rmm_a64 *a64;
	struct rmm_system *sys;
	struct rmm_conduit_ctx pe;
	struct host *host;
	struct host_realm *realm;
	struct guest_console console;
	struct guest_recording recording;
	bool on[GUEST_MAX_RECS];
	unsigned int num_on;
	bool over; /* a limit was reached: report->end says which */
	double start;
};

static double seconds(void)
{
	struct timespec now;

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

static bool fail(struct session *s, const char *what, const char *why)
{
	s->report->end = GUEST_END_ERROR;
	snprintf(s->report->error, sizeof(s->report->error), "%s: %s", what, why);
	return false;
}

/* ---- the machine ------------------------------------------------------------------------ */

static uint64_t round_up(uint64_t value, uint64_t unit)
{
	return (value + unit - 1) & ~(unit - 1);
}

static bool create_machine(struct session *s)
{
	const struct guest_options *o = s->options;
	struct rmm_config config = rmm_config_default();
	struct rmm_error error;

	if (rmm_a64_load(NULL, &s->a64, &error) != 0)
		return fail(s, "A64 guests", error.text);
	rmm_a64_limit(s->a64, o->max_instructions);
	config.version = o->version;
	config.profile = o->profile;
	config.guest = rmm_a64_ops(s->a64);
	config.guest_machine = rmm_a64_machine(s->a64);
	config.banks[0].base = DRAM_BASE;
	config.banks[0].size = round_up(o->mem + o->shared + OVERHEAD, 1024 * MIB);
	config.num_banks = 1;
	if (o->record && !guest_recording_prepare(&s->recording, &config))
		return fail(s, "the recording", "out of memory");
	if (rmm_system_create(&config, &s->sys, &error) != 0)
		return fail(s, "the machine", error.text);
	return true;
}

static bool create_host(struct session *s)
{
	const struct guest_options *o = s->options;
	const uint64_t pool = round_up(o->mem + o->shared + OVERHEAD, MIB);
	struct host_config config = host_model_config(s->sys, 0, pool, &s->pe);
	struct host_error error;

	s->console.memory = config.memory;
	if (o->record && !guest_recording_begin(&s->recording, o->record, &s->pe, &config))
		return fail(s, "the recording", "out of memory");
	if (host_create(&config, &s->host, &error) != HOST_OK)
		return fail(s, "the host", error.text);
	return true;
}

/* Translations that are used although they should have been invalidated. */
static void print_finding(void *ctx, const struct rmm_tlb_finding *finding)
{
	struct session *s = ctx;
	char text[512];

	rmm_tlb_finding_text(finding, text, sizeof(text));
	fprintf(s->options->lint, "lint: %s\n", text);
	s->report->stale_translations++;
}

static bool begin_lint(struct session *s)
{
	if (s->options->lint && rmm_tlb_lint_begin(s->sys, print_finding, s) != 0)
		return fail(s, "the lint", "out of memory");
	return true;
}

/* ---- the realm ---------------------------------------------------------------------------- */

/* What a guest finds in its registers: docs/guests.md. */
static void describe_to_guest(const struct session *s, uint64_t shared_ipa,
			      struct host_rec_params *rec)
{
	const struct guest_options *o = s->options;

	rec->gprs[0] = s->console.ipa;
	rec->gprs[1] = shared_ipa;
	rec->gprs[2] = o->shared;
	rec->gprs[3] = o->base;
	rec->gprs[4] = o->mem;
	rec->gprs[5] = o->recs;
}

static size_t list_images(const struct guest_image *image,
			  struct host_image list[GUEST_IMAGE_MAX_SEGMENTS])
{
	size_t n = 0;

	for (size_t i = 0; i < image->num_segments; i++)
		if (image->segments[i].size)
			list[n++] = (struct host_image){
				.ipa = image->segments[i].ipa,
				.data = image->segments[i].data,
				.size = image->segments[i].size,
				.measure = true,
			};
	return n;
}

static bool build_realm(struct session *s, const struct guest_image *image)
{
	const struct guest_options *o = s->options;
	struct host_realm_params params = host_realm_params_default(s->host);
	const uint64_t unprotected = UINT64_C(1) << (params.ipa_width - 1);
	const struct host_ipa_range ram = {o->base, o->mem};
	const struct host_ipa_range shared = {unprotected + SHARED_OFFSET, o->shared};
	struct host_image images[GUEST_IMAGE_MAX_SEGMENTS];
	struct host_rec_params recs[GUEST_MAX_RECS] = {{0}};
	struct host_error error;

	s->console.ipa = unprotected + o->console_offset;
	for (unsigned int i = 0; i < o->recs; i++) {
		recs[i].pc = o->entry;
		recs[i].runnable = i == 0;
		describe_to_guest(s, shared.ipa, &recs[i]);
	}
	params.ram = &ram;
	params.num_ram = 1;
	params.images = images;
	params.num_images = list_images(image, images);
	params.shared = &shared;
	params.num_shared = o->shared ? 1 : 0;
	params.recs = recs;
	params.num_recs = o->recs;
	params.activate = true;
	if (host_realm_build(s->host, &params, &s->realm, &error) != HOST_OK)
		return fail(s, "the realm", error.text);
	if (o->shared && !host_realm_shared_pa(s->realm, shared.ipa, &s->console.shared_pa))
		return fail(s, "the realm", "its shared window is not mapped");
	s->console.shared_size = o->shared;
	return true;
}

/* ---- exits -------------------------------------------------------------------------------- */

static enum guest_exit kind_of_sync(uint64_t esr)
{
	switch (ESR_EC(esr)) {
	case 0x01:
		return GUEST_EXIT_WFX;
	case 0x18:
		return GUEST_EXIT_SYSREG;
	case 0x20:
		return GUEST_EXIT_FAULT;
	case 0x24:
		return esr & ESR_ISV ? GUEST_EXIT_MMIO : GUEST_EXIT_FAULT;
	default:
		return GUEST_EXIT_SYNC;
	}
}

static enum guest_exit kind_of(const struct rmm2_0b1_rmi_rec_exit *exit)
{
	static const enum guest_exit kinds[] = {
		[1] = GUEST_EXIT_IRQ,   [2] = GUEST_EXIT_FIQ,       [3] = GUEST_EXIT_PSCI,
		[4] = GUEST_EXIT_RIPAS, [5] = GUEST_EXIT_HOST_CALL, [6] = GUEST_EXIT_SERROR,
	};

	if (exit->exit_reason == EXIT_SYNC)
		return kind_of_sync(exit->esr);
	return exit->exit_reason < sizeof(kinds) / sizeof(kinds[0]) ? kinds[exit->exit_reason]
								    : GUEST_EXIT_OTHER;
}

static bool stop(struct session *s, enum guest_end end)
{
	s->over = true;
	s->report->end = end;
	return true;
}

static bool limit_reached(struct session *s)
{
	const struct guest_options *o = s->options;
	struct rmm_a64_stats stats;

	rmm_a64_read_stats(s->a64, &stats);
	if (o->max_exits && s->report->num_exits >= o->max_exits)
		return stop(s, GUEST_END_EXITS);
	if (o->max_instructions && stats.instructions >= o->max_instructions)
		return stop(s, GUEST_END_INSTRUCTIONS);
	if (o->timeout > 0 && seconds() - s->start >= o->timeout)
		return stop(s, GUEST_END_TIME);
	if (o->interrupt && *o->interrupt)
		return stop(s, GUEST_END_INTERRUPTED);
	return false;
}

static enum host_verdict on_exit(void *ctx, const struct rmm2_0b1_rmi_rec_exit *exit)
{
	struct session *s = ctx;

	s->report->exits[kind_of(exit)]++;
	s->report->num_exits++;
	return limit_reached(s) ? HOST_STOP : HOST_CONTINUE;
}

static enum host_verdict on_host_call(void *ctx, uint16_t imm, uint64_t gprs[HOST_REC_NUM_GPRS])
{
	struct session *s = ctx;

	guest_console_call(&s->console, imm, gprs);
	return HOST_CONTINUE;
}

static bool on_mmio(void *ctx, struct host_mmio *access)
{
	struct session *s = ctx;

	return guest_console_mmio(&s->console, access);
}

/* Waiting, and the tick of the host: another REC may run. */
static enum host_verdict give_way(const struct session *s)
{
	return s->num_on > 1 ? HOST_STOP : HOST_CONTINUE;
}

static enum host_verdict on_interrupt(void *ctx, uint8_t reason)
{
	(void)reason;
	return give_way(ctx);
}

static enum host_verdict on_wait(void *ctx, bool wfe)
{
	(void)wfe;
	return give_way(ctx);
}

static bool on_cpu_on(void *ctx, size_t index)
{
	struct session *s = ctx;

	if (!s->on[index])
		s->num_on++;
	s->on[index] = true;
	return true;
}

/* ---- running -------------------------------------------------------------------------------- */

static void switch_off(struct session *s, unsigned int rec)
{
	s->on[rec] = false;
	s->num_on--;
	if (s->num_on == 0)
		(void)stop(s, GUEST_END_ALL_OFF);
}

static void after_run(struct session *s, unsigned int rec, const struct host_run_result *result)
{
	char why[96];

	switch (result->end) {
	case HOST_RUN_SYSTEM_OFF:
		(void)stop(s, GUEST_END_OFF);
		break;
	case HOST_RUN_SYSTEM_RESET:
		(void)stop(s, GUEST_END_RESET);
		break;
	case HOST_RUN_CPU_OFF:
	case HOST_RUN_NOT_RUNNABLE:
		switch_off(s, rec);
		break;
	case HOST_RUN_STOPPED:
	case HOST_RUN_SUSPENDED:
	case HOST_RUN_LIMIT:
		break;
	default:
		snprintf(why, sizeof(why), "REC %u: %s, exit reason %u, ESR 0x%llx", rec,
			 host_run_end_name(result->end), (unsigned int)result->last.exit_reason,
			 (unsigned long long)result->last.esr);
		s->over = true;
		(void)fail(s, "running", why);
		break;
	}
}

static void run_rec(struct session *s, unsigned int rec)
{
	const struct host_run_ops ops = {
		.ctx = s,
		.exit = on_exit,
		.host_call = on_host_call,
		.mmio = on_mmio,
		.interrupt = on_interrupt,
		.wait = on_wait,
		.cpu_on = on_cpu_on,
	};
	struct host_run_result result;
	struct host_error error;

	s->report->last_rec = rec;
	const enum host_status status = host_rec_run(s->realm, rec, &ops, 0, &result, &error);
	s->report->pages_mapped += result.pages_mapped;
	if (status != HOST_OK) {
		s->over = true;
		(void)fail(s, "running", error.text);
		return;
	}
	if (!s->over)
		after_run(s, rec, &result);
}

static void run_all(struct session *s)
{
	s->on[0] = true;
	s->num_on = 1;
	s->start = seconds();
	while (!s->over)
		for (unsigned int rec = 0; rec < s->options->recs && !s->over; rec++)
			if (s->on[rec])
				run_rec(s, rec);
	s->report->seconds = seconds() - s->start;
}

static void report_state(struct session *s)
{
	struct guest_report *report = s->report;

	rmm_a64_read_stats(s->a64, &report->guest);
	report->console_bytes = s->console.bytes;
	report->dumped = s->console.dumped;
	report->refused = s->console.refused;
	for (unsigned int i = 0; i < s->options->recs; i++) {
		struct rmm_rec_view view;

		report->recs[i].on = s->on[i];
		if (rmm_rec_at(s->sys, host_realm_rec(s->realm, i), &view))
			report->recs[i].vcpu = view.vcpu;
	}
}

static void tear_down(struct session *s)
{
	struct host_error error;

	if (host_realm_destroy(s->realm, &error) != HOST_OK ||
	    host_destroy(s->host, &error) != HOST_OK)
		(void)fail(s, "taking the realm down", error.text);
	rmm_system_destroy(s->sys);
	guest_recording_end(&s->recording);
	rmm_a64_unload(s->a64);
}

bool guest_run(const struct guest_image *image, const struct guest_options *options,
	       struct guest_report *report)
{
	struct session s = {
		.options = options,
		.report = report,
		.console = {.out = options->out, .dump = options->dump},
	};
	bool ran = false;

	*report = (struct guest_report){.end = GUEST_END_ERROR};
	if (create_machine(&s) && begin_lint(&s) && create_host(&s) && build_realm(&s, image)) {
		run_all(&s);
		report_state(&s);
		ran = true;
	}
	tear_down(&s);
	return ran;
}
