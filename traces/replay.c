/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A recording against machines: the one under test, and under profile spec
 * a second one with profile tf-rmm, which must know better where they differ.
 */
#include "rmmsim/replay.h"

#include <stdlib.h>
#include <string.h>

#include "rmmsim/guest_record.h"
#include "rmmsim/memory.h"

/* Different handles of a recording; those beyond are passed as they are. */
#define MAX_HANDLES 8192

/* Handles are opaque: those of the recording stand for those of the machine. */
struct handle {
	uint64_t logged;
	uint64_t ours;
};

/* Values of RMM_REPLAY_MODE. */
#define MODE_FIQ 0
#define MODE_IRQ 1

struct replay_machine {
	struct rmm_system *sys;
	enum rmm_version version;
	uint64_t mode; /* of RMM_REPLAY_MODE: what an entered realm meets */
	bool has_serror;
	uint64_t serror; /* ... or rather this one */

	/* What the realm does that is entered next: events, which may have others between them. */
	struct rmm_guest_player *player;
	const struct rmm_replay_event *action;
	const struct rmm_replay_event *last_action;
	struct handle handles[MAX_HANDLES];
	size_t num_handles;
	struct smc_regs in;
	struct smc_regs out;
	bool agrees;                            /* with the last event */
	const struct rmm_replay_options *judge; /* whose smc carries calls out; may be NULL */
};

/* ---- what a realm does and meets ------------------------------------------------------ */

/* Interrupts are pending while a realm runs and at no other time. */
static void set_line(struct replay_machine *m, bool level)
{
	if (m->mode == MODE_IRQ)
		rmm_set_irq(m->sys, 0, level);
	else if (m->mode == MODE_FIQ)
		rmm_set_fiq(m->sys, 0, level);
}

/* What ends the entry, when the realm has done all that it did before. */
static void disturb(struct replay_machine *m)
{
	if (m->has_serror)
		rmm_set_serror(m->sys, 0, m->serror);
	else
		set_line(m, true);
	m->has_serror = false;
}

/* The source of struct rmm_guest_player. */
static bool next_action(void *ctx, struct rmm_guest_action *action)
{
	struct replay_machine *m = ctx;
	const struct rmm_replay_event *e = m->action;

	if (e == NULL)
		return false;
	action->kind = (enum rmm_guest_action_kind)e->value;
	memcpy(action->word, e->in, sizeof(action->word));
	m->action = NULL;
	for (const struct rmm_replay_event *next = e + 1; next <= m->last_action; next++) {
		if (next->kind != RMM_REPLAY_GUEST)
			continue;
		m->action = next;
		return true;
	}
	disturb(m);
	return true;
}

/* ---- the machine of the recordings ------------------------------------------------- */

static struct rmm_config usual_config(void)
{
	struct rmm_config config = rmm_config_default();

	config.num_pes = 1;
	config.num_banks = 2;
	config.banks[0] =
		(struct rmm_bank){.base = 0x880000000, .size = 0x20000000, .kind = RMM_BANK_DRAM};
	config.banks[1] =
		(struct rmm_bank){.base = 0x60000000, .size = 0xa000, .kind = RMM_BANK_DEV_NCOH};
	config.pa_bits = 48;
	config.features = (struct rmm_features){
		.s2sz = 48,
		.lpa2 = true,
		.num_bps = 1,
		.num_wps = 1,
		.sha_256 = true,
		.sha_512 = true,
		.max_recs_order = 10,
		.da = true,
		.max_vdevs_order = 10,
		.max_num_aux_planes = 3,
		.mec_count = 0xfffe,
	};
	config.rec_aux_granules = 16;
	config.sro_contexts = 160;
	config.active_at_boot = true;
	config.gpt_prebuilt = true;
	return config;
}

static struct rmm_config recorded_config(const struct rmm_replay_log *log,
					 const struct rmm_replay_options *options)
{
	struct rmm_config config = log->has_machine ? log->machine : usual_config();

	config.version = options->version;
	config.profile = options->profile;
	return config;
}

static void machine_destroy(struct replay_machine *m)
{
	if (m == NULL)
		return;
	rmm_system_destroy(m->sys);
	rmm_guest_player_destroy(m->player);
	free(m);
}

static int machine_create(const struct rmm_replay_log *log, struct rmm_config config,
			  struct replay_machine **out, struct rmm_error *error)
{
	struct replay_machine *m = calloc(1, sizeof(*m));

	if (m == NULL ||
	    (log->has_guests && rmm_guest_player_create(next_action, m, &m->player) != 0)) {
		if (error != NULL)
			snprintf(error->text, sizeof(error->text), "out of memory");
		free(m);
		return -1;
	}
	if (log->has_guests) {
		config.guest = rmm_guest_player_ops(log->guests_take_pages);
		config.guest_machine = m->player;
	}
	m->version = config.version;
	if (rmm_system_create(&config, &m->sys, error) != 0) {
		machine_destroy(m);
		return -1;
	}
	*out = m;
	return 0;
}

/* ---- handles -------------------------------------------------------------------------- */

static const struct rmm_abi_command *command_of(const struct replay_machine *m, uint64_t fid)
{
	if (fid > UINT32_MAX)
		return NULL;
	return rmm_abi_command_by_fid(m->version, (uint32_t)fid & ~(1u << 16));
}

static bool is_operation_command(const struct rmm_abi_command *command)
{
	return command != NULL && strncmp(command->name, "RMI_OP_", strlen("RMI_OP_")) == 0;
}

static struct handle *find_handle(struct replay_machine *m, uint64_t logged)
{
	for (size_t i = 0; i < m->num_handles; i++)
		if (m->handles[i].logged == logged)
			return &m->handles[i];
	return NULL;
}

static bool is_incomplete(const struct replay_machine *m, uint64_t x0)
{
	uint64_t incomplete;

	return rmm_abi_label_find(m->version, "RMI_INCOMPLETE", &incomplete) &&
	       (x0 & 0xff) == incomplete;
}

/*
 * An operation that both have begun makes a pair, in place of an older one of
 * the same handle. Pairs of operations that are over do no harm.
 */
static void follow_handles(struct replay_machine *m, const struct rmm_abi_command *command,
			   const struct rmm_replay_event *e)
{
	struct handle *handle;

	if (is_operation_command(command) || !is_incomplete(m, e->out[0]))
		return;
	handle = find_handle(m, e->out[1]);
	if (is_incomplete(m, m->out.x[0])) {
		if (handle == NULL && m->num_handles < MAX_HANDLES)
			handle = &m->handles[m->num_handles++];
		if (handle != NULL)
			*handle = (struct handle){.logged = e->out[1], .ours = m->out.x[1]};
	} else if (handle != NULL) {
		*handle = m->handles[--m->num_handles];
	}
}

/* ---- events ------------------------------------------------------------------------------ */

/*
 * The recordings were taken behind the register interface: a register that the
 * command does not name reads 0 there, and is preserved by a whole machine.
 */
static bool register_agrees(const struct replay_machine *m, const struct rmm_abi_command *command,
			    unsigned int reg, uint64_t logged)
{
	if (m->out.x[reg] == logged)
		return true;
	if (reg < 4 || logged != 0 || m->out.x[reg] != m->in.x[reg])
		return false;
	for (size_t i = 0; command != NULL && i < command->num_outputs; i++)
		if (command->outputs[i].reg == reg)
			return false;
	return true;
}

static bool answer_agrees(const struct replay_machine *m, const struct rmm_abi_command *command,
			  const struct rmm_replay_event *e)
{
	bool opens = !is_operation_command(command) && is_incomplete(m, e->out[0]) &&
		     is_incomplete(m, m->out.x[0]);

	for (unsigned int i = 0; i < RMM_REPLAY_OUTPUTS; i++)
		if (!(i == 1 && opens) && !register_agrees(m, command, i, e->out[i]))
			return false;
	return true;
}

static void play_call(struct replay_machine *m, const struct rmm_replay_event *e)
{
	const struct rmm_abi_command *command = command_of(m, e->fid);
	bool enters = command != NULL && strcmp(command->name, "RMI_REC_ENTER") == 0;
	const struct handle *handle;

	m->in = (struct smc_regs){.x = {e->fid}};
	memcpy(&m->in.x[1], e->in, sizeof(e->in));
	handle = is_operation_command(command) ? find_handle(m, e->in[0]) : NULL;
	if (handle != NULL)
		m->in.x[1] = handle->ours;
	m->out = m->in;
	if (enters && m->action == NULL)
		disturb(m);
	if (m->judge != NULL && m->judge->smc != NULL)
		m->judge->smc(m->judge->smc_ctx, m->sys, 0, &m->out);
	else
		rmm_smc(m->sys, 0, &m->out);
	if (enters)
		set_line(m, false);
	m->agrees = answer_agrees(m, command, e) && m->action == NULL;
	m->action = NULL;
	follow_handles(m, command, e);
}

static void bytes_of(uint64_t value, uint8_t *bytes)
{
	for (unsigned int i = 0; i < 8; i++)
		bytes[i] = (uint8_t)(value >> (8 * i));
}

static void play_event(struct replay_machine *m, const struct rmm_replay_event *e)
{
	uint8_t logged[8];
	uint8_t bytes[8];

	m->agrees = true;
	switch (e->kind) {
	case RMM_REPLAY_WRITE:
		bytes_of(e->value, bytes);
		rmm_host_write(m->sys, e->pa, bytes, sizeof(bytes), NULL);
		break;
	case RMM_REPLAY_READ:
		bytes_of(e->value, logged);
		m->agrees = rmm_host_read(m->sys, e->pa, bytes, sizeof(bytes), NULL) &&
			    memcmp(bytes, logged, sizeof(bytes)) == 0;
		break;
	case RMM_REPLAY_MODE:
		m->mode = e->value;
		break;
	case RMM_REPLAY_SERROR:
		m->has_serror = true;
		m->serror = e->value;
		break;
	case RMM_REPLAY_ICH:
		rmm_write_ich(m->sys, 0, (enum rmm_ich_register)e->pa, e->value);
		break;
	case RMM_REPLAY_GUEST:
		if (m->action == NULL)
			m->action = e;
		m->last_action = e;
		break;
	case RMM_REPLAY_CALL:
		play_call(m, e);
		break;
	}
}

/* ---- counting ------------------------------------------------------------------------------ */

static struct rmm_replay_row *row_of(struct rmm_replay_result *r,
				     const struct rmm_abi_command *command, uint64_t fid)
{
	struct rmm_replay_row *row;

	for (size_t i = 0; i < r->num_rows; i++)
		if (r->rows[i].fid == fid || (command != NULL && r->rows[i].command == command))
			return &r->rows[i];
	if (r->num_rows == RMM_REPLAY_MAX_ROWS)
		return &r->rows[RMM_REPLAY_MAX_ROWS - 1];
	row = &r->rows[r->num_rows++];
	row->command = command;
	row->fid = fid;
	return row;
}

static void count(struct rmm_replay_counts *c, bool agrees, bool explained)
{
	c->calls++;
	if (agrees)
		c->agree++;
	else if (explained)
		c->explained++;
	else
		c->unexplained++;
}

static void note_difference(struct rmm_replay_difference *d, const struct replay_machine *m,
			    const struct rmm_replay_event *e, uint64_t calls_before)
{
	if (d->line != 0)
		return;
	d->line = e->line;
	d->command = command_of(m, e->fid);
	d->in = m->in;
	d->logged = (struct smc_regs){{0}};
	memcpy(d->logged.x, e->out, sizeof(e->out));
	d->ours = m->out;
	d->condition = rmm_last_call(m->sys, 0)->condition;
	d->calls_before = calls_before;
}

static void judge_call(struct rmm_replay_result *r, const struct replay_machine *m,
		       const struct rmm_replay_event *e, bool explained)
{
	struct rmm_replay_row *row = row_of(r, command_of(m, e->fid), e->fid);
	struct rmm_replay_difference *d = explained ? &r->first_explained : &r->first_unexplained;

	if (!m->agrees)
		note_difference(d, m, e, r->total.calls);
	count(&row->counts, m->agrees, explained);
	count(&r->total, m->agrees, explained);
}

/* ---- naming behaviours ------------------------------------------------------------------------
 */

static bool is_quirk(enum rmm_behaviour b, enum rmm_version version)
{
	const struct rmm_abi_behaviour *row = &rmm_abi_behaviours[b];

	return ((row->spec ^ row->tf_rmm) >> version & 1) != 0;
}

static bool wants_to_stop(const struct rmm_replay_options *options)
{
	return options->interrupt != NULL && *options->interrupt != 0;
}

/*
 * The tf-rmm machine with one behaviour as the specification has it: calls on
 * which it no longer answers as logged depend on that behaviour.
 */
static void try_without(const struct rmm_replay_log *log, const struct rmm_replay_options *options,
			enum rmm_behaviour behaviour, uint8_t *differing, uint64_t *calls)
{
	struct rmm_config config = recorded_config(log, options);
	struct replay_machine *m;

	config.profile = RMM_PROFILE_TF_RMM;
	if (config.num_overrides == RMM_BEHAVIOUR_COUNT)
		return;
	config.overrides[config.num_overrides].behaviour = behaviour;
	config.overrides[config.num_overrides++].on =
		(rmm_abi_behaviours[behaviour].spec >> options->version & 1) != 0;
	if (machine_create(log, config, &m, NULL) != 0)
		return;
	for (size_t i = 0; i < log->num_events && !wants_to_stop(options); i++) {
		play_event(m, &log->events[i]);
		if (m->agrees || differing[i] == 0)
			continue;
		differing[i] = 2;
		(*calls)++;
	}
	machine_destroy(m);
}

/* `differing`: 0 the call agrees or is unexplained, 1 explained, 2 by one behaviour alone. */
static void name_behaviours(const struct rmm_replay_log *log,
			    const struct rmm_replay_options *options, uint8_t *differing,
			    struct rmm_replay_result *r)
{
	if (r->total.explained == 0)
		return;
	for (size_t b = 0; b < RMM_BEHAVIOUR_COUNT; b++)
		if (is_quirk((enum rmm_behaviour)b, options->version))
			try_without(log, options, (enum rmm_behaviour)b, differing,
				    &r->by_behaviour[b]);
	for (size_t i = 0; i < log->num_events; i++)
		r->by_several += differing[i] == 1;
}

/* ---- runs
 * ---------------------------------------------------------------------------------------- */

static void play_both(const struct rmm_replay_log *log, const struct rmm_replay_options *options,
		      struct replay_machine *m, struct replay_machine *peer, uint8_t *differing,
		      struct rmm_replay_result *r)
{
	for (size_t i = 0; i < log->num_events; i++) {
		const struct rmm_replay_event *e = &log->events[i];
		bool explained;

		if (wants_to_stop(options)) {
			r->interrupted = true;
			return;
		}
		play_event(m, e);
		if (peer != NULL)
			play_event(peer, e);
		explained = !m->agrees && peer != NULL && peer->agrees;
		if (e->kind == RMM_REPLAY_READ)
			count(&r->reads, m->agrees, explained);
		if (e->kind != RMM_REPLAY_CALL)
			continue;
		judge_call(r, m, e, explained);
		differing[i] = explained;
	}
}

static int run_machines(const struct rmm_replay_log *log, const struct rmm_replay_options *options,
			uint8_t *differing, struct rmm_replay_result *r, struct rmm_error *error)
{
	struct rmm_config config = recorded_config(log, options);
	struct replay_machine *m = NULL;
	struct replay_machine *peer = NULL;
	int status = machine_create(log, config, &m, error);

	config.profile = RMM_PROFILE_TF_RMM;
	if (status == 0 && options->profile == RMM_PROFILE_SPEC)
		status = machine_create(log, config, &peer, error);
	if (status == 0) {
		m->judge = options;
		play_both(log, options, m, peer, differing, r);
	}
	machine_destroy(m);
	machine_destroy(peer);
	return status;
}

int rmm_replay_run(const struct rmm_replay_log *log, const struct rmm_replay_options *options,
		   struct rmm_replay_result *result, struct rmm_error *error)
{
	if (log == NULL || options == NULL || result == NULL) {
		if (error != NULL)
			snprintf(error->text, sizeof(error->text),
				 "rmm_replay_run: log, options or result is NULL");
		return -1;
	}

	uint8_t *differing = calloc(log->num_events, 1);
	int status;

	memset(result, 0, sizeof(*result));
	if (differing == NULL) {
		if (error != NULL)
			snprintf(error->text, sizeof(error->text), "out of memory");
		return -1;
	}
	status = run_machines(log, options, differing, result, error);
	if (status == 0 && options->profile == RMM_PROFILE_SPEC && !result->interrupted)
		name_behaviours(log, options, differing, result);
	free(differing);
	return status;
}
