/* SPDX-License-Identifier: BSD-3-Clause */
/* SMCs: single calls, and range calls repeated until their top is reached. */
#include <inttypes.h>
#include <string.h>

#include "bits.h"
#include "session.h"

/* A range of this many granules is as large as any machine's memory. */
#define MAX_ROUNDS (1u << 20)

/* ---- registers as an image ------------------------------------------------------ */

static void image_of(const struct smc_regs *regs, uint8_t *image)
{
	for (size_t i = 0; i < SMC_NUM_REGS; i++)
		trace_bits_set(image, (uint32_t)i * 64, 64, regs->x[i]);
}

static void regs_of(const uint8_t *image, struct smc_regs *regs)
{
	for (size_t i = 0; i < SMC_NUM_REGS; i++)
		regs->x[i] = trace_bits_get(image, (uint32_t)i * 64, 64);
}

/* ---- the exit of a REC ------------------------------------------------------------ */

static uint64_t exit_field(const struct rmm_trace_session *s, const uint8_t *page, const char *name,
			   const struct rmm_abi_type **type)
{
	enum rmm_version version = s->trace->config.version;
	const struct rmm_abi_type *run = rmm_abi_type_find("RmiRecRun");
	const struct rmm_abi_field *exit =
		run != NULL ? rmm_abi_field_find(run, version, "exit") : NULL;
	const struct rmm_abi_field *field = exit != NULL && exit->type != NULL
						    ? rmm_abi_field_find(exit->type, version, name)
						    : NULL;

	*type = NULL;
	if (field == NULL || field->width == 0)
		return 0;
	*type = field->type;
	return trace_bits_get(page, (exit->offset + field->offset) * 8, field->width);
}

static void describe_exit(struct trace_turn *turn, const uint8_t *page)
{
	const struct rmm_trace_session *s = turn->session;
	enum rmm_version version = s->trace->config.version;
	const struct rmm_abi_type *type;
	uint64_t reason = exit_field(s, page, "exit_reason", &type);
	const char *label = type != NULL ? rmm_abi_value_label(type, version, reason) : NULL;
	const struct rmm_abi_type *unused;

	if (label == NULL)
		snprintf(turn->event.exit, sizeof(turn->event.exit), "exit reason %" PRIu64,
			 reason);
	else if (strcmp(label, "RMI_EXIT_HOST_CALL") == 0)
		snprintf(turn->event.exit, sizeof(turn->event.exit), "%s imm=%#" PRIx64, label,
			 exit_field(s, page, "imm", &unused));
	else if (strcmp(label, "RMI_EXIT_RIPAS_CHANGE") == 0)
		snprintf(turn->event.exit, sizeof(turn->event.exit),
			 "%s [%#" PRIx64 ", %#" PRIx64 ")", label,
			 exit_field(s, page, "ripas_base", &unused),
			 exit_field(s, page, "ripas_top", &unused));
	else if (strcmp(label, "RMI_EXIT_SYNC") == 0)
		snprintf(turn->event.exit, sizeof(turn->event.exit),
			 "%s esr=%#" PRIx64 " ipa=%#" PRIx64, label,
			 exit_field(s, page, "esr", &unused),
			 exit_field(s, page, "hpfar", &unused) >> 4 << 12);
	else
		snprintf(turn->event.exit, sizeof(turn->event.exit), "%s", label);
}

/* The run page is the host's own: reading it changes nothing. */
static void note_exit(struct trace_turn *turn, const struct rmm_call_report *report)
{
	uint8_t page[RMM_GRANULE_SIZE];

	if (report->command != RMM_CMD_RMI_REC_ENTER || turn->event.out.x[0] != 0)
		return;
	turn->event.guest_command = report->guest_command;
	turn->event.guest_condition = report->guest_condition;
	if (!rmm_host_read(turn->session->sys, turn->event.in.x[2], page, sizeof(page), NULL))
		return;
	turn->event.rec_exited = true;
	describe_exit(turn, page);
}

/* ---- issuing ------------------------------------------------------------------------ */

void trace_issue(struct trace_turn *turn)
{
	struct rmm_trace_session *s = turn->session;
	const struct rmm_trace_options *options = &s->options;
	struct rmm_trace_event *event = &turn->event;
	const struct rmm_call_report *report;
	enum rmm_command id;

	event->kind = RMM_TRACE_CALL;
	event->command = rmm_abi_command_by_fid(s->trace->config.version,
						(uint32_t)event->in.x[0] & ~(1u << 16));
	id = event->command != NULL ? event->command->id : RMM_CMD_COUNT;
	event->out = event->in;
	s->summary.calls++;
	if (options->call_begin != NULL)
		options->call_begin(options->call_ctx, event->pe, id);
	if (options->smc != NULL)
		options->smc(options->smc_ctx, s->sys, event->pe, &event->out);
	else
		rmm_smc(s->sys, event->pe, &event->out);
	if (options->call_end != NULL)
		options->call_end(options->call_ctx, event->pe, id);
	report = rmm_last_call(s->sys, event->pe);
	event->condition = report->condition;
	note_exit(turn, report);
}

static const char *condition_name(enum rmm_condition condition)
{
	return condition == RMM_CONDITION_NONE ? "none" : rmm_abi_condition_name(condition);
}

static void compare_condition(struct trace_turn *turn, const struct trace_expectation *expect)
{
	struct rmm_trace_mismatch *m;

	trace_turn_expect(turn);
	if (turn->event.condition == expect->condition)
		return;
	m = trace_turn_mismatch(turn, "condition");
	snprintf(m->expected, sizeof(m->expected), "%s", condition_name(expect->condition));
	snprintf(m->came, sizeof(m->came), "%s", condition_name(turn->event.condition));
}

/* Success is the status 0 of every interface; of a call by number, nothing is known. */
static void compare_success(struct trace_turn *turn)
{
	struct rmm_abi_command result = {0};
	struct rmm_trace_mismatch *m;

	trace_turn_expect(turn);
	if (turn->event.out.x[0] == 0)
		return;
	m = trace_turn_mismatch(turn, "status");
	snprintf(m->expected, sizeof(m->expected), "success");
	if (turn->event.command != NULL) {
		result = *turn->event.command;
		result.num_outputs = 1;
	}
	rmm_trace_format_answer(m->came, sizeof(m->came), turn->session->trace->config.version,
				&result, &turn->event.out);
}

static void compare_answer(struct trace_turn *turn, const struct trace_expectation *expect)
{
	uint8_t image[SMC_NUM_REGS * 8];

	image_of(&turn->event.out, image);
	if (expect->has_status)
		trace_turn_compare_term(turn, &expect->status, image);
	else if (!expect->any)
		compare_success(turn);
	trace_turn_compare(turn, &expect->terms, image);
	if (expect->has_condition)
		compare_condition(turn, expect);
}

static void save_outputs(struct trace_turn *turn, const struct trace_call *call)
{
	uint8_t image[SMC_NUM_REGS * 8];
	uint64_t *slots = trace_turn_slots(turn);

	image_of(&turn->event.out, image);
	for (size_t i = 0; i < call->saves.n; i++)
		slots[call->saves.v[i].slot] = trace_bits_get(image, call->saves.v[i].bits.bit,
							      call->saves.v[i].bits.width);
}

bool trace_prepare_call(struct trace_turn *turn, const struct trace_call *call)
{
	uint8_t image[SMC_NUM_REGS * 8] = {0};

	turn->event.kind = RMM_TRACE_CALL;
	turn->event.command = call->command;
	trace_bits_set(image, 0, 64, call->fid);
	if (!trace_turn_store(turn, &call->inputs, image))
		return false;
	regs_of(image, &turn->event.in);
	return true;
}

void trace_finish_call(struct trace_turn *turn, const struct trace_call *call)
{
	compare_answer(turn, &call->expect);
	save_outputs(turn, call);
}

/* ---- ranges ------------------------------------------------------------------------------ */

static const struct rmm_abi_param *find(const struct rmm_abi_param *params, size_t n,
					const char *name)
{
	for (size_t i = 0; i < n; i++)
		if (strcmp(params[i].name, name) == 0)
			return &params[i];
	return NULL;
}

/* Calls again from where the last call stopped, for as long as it gets further. */
static void continue_range(struct trace_turn *turn, const struct rmm_abi_command *command)
{
	unsigned int base = find(command->inputs, command->num_inputs, "base")->reg;
	unsigned int top = find(command->inputs, command->num_inputs, "top")->reg;
	unsigned int out_top = find(command->outputs, command->num_outputs, "out_top")->reg;
	uint64_t first = turn->event.in.x[base];

	for (unsigned int round = 0; round < MAX_ROUNDS; round++) {
		uint64_t reached = turn->event.out.x[out_top];

		if (turn->event.out.x[0] != 0 || reached >= turn->event.in.x[top] ||
		    reached <= turn->event.in.x[base] || trace_session_interrupted(turn->session))
			break;
		turn->event.in.x[base] = reached;
		trace_issue(turn);
	}
	turn->event.in.x[base] = first;
}

void trace_play_call(struct trace_turn *turn)
{
	const struct trace_call *call = turn->step->u.call;

	if (!trace_prepare_call(turn, call))
		return;
	trace_issue(turn);
	if (call->range)
		continue_range(turn, call->command);
	trace_finish_call(turn, call);
}
