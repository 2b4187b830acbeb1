/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks: facts about the machine that no host could look up. */
#include <inttypes.h>
#include <string.h>

#include "session.h"

static void compare_word(struct trace_turn *turn, const char *what, const char *expected,
			 const char *came)
{
	struct rmm_trace_mismatch *m;

	trace_turn_expect(turn);
	if (strcmp(expected, came) == 0)
		return;
	m = trace_turn_mismatch(turn, what);
	snprintf(m->expected, sizeof(m->expected), "%s", expected);
	snprintf(m->came, sizeof(m->came), "%s", came);
}

static void compare_number(struct trace_turn *turn, const struct trace_check *check,
			   const char *what, uint64_t came)
{
	struct rmm_trace_mismatch *m;
	uint64_t expected;

	trace_turn_expect(turn);
	if (!trace_turn_eval(turn, check->value, &expected) || expected == came)
		return;
	m = trace_turn_mismatch(turn, what);
	snprintf(m->expected, sizeof(m->expected), "%#" PRIx64, expected);
	snprintf(m->came, sizeof(m->came), "%#" PRIx64, came);
}

/* "check realm 0x88000000 state NEW, open operations 0": what the log shows. */
static void describe(struct trace_turn *turn, const char *object, const struct trace_check *check)
{
	size_t len = strlen(turn->text);

	snprintf(turn->text + len, sizeof(turn->text) - len, "%s%s %s", len == 0 ? "check " : ", ",
		 object, check->word != NULL ? check->word : check->value->text.s);
}

static void check_granule(struct trace_turn *turn, const struct trace_check *check, uint64_t pa)
{
	enum rmm_granule_state state;
	const char *came = "no memory";

	if (rmm_granule_state_at(turn->session->sys, pa, &state))
		came = rmm_granule_state_name(state);
	compare_word(turn, "granule state", check->word, came);
}

static void check_gpi(struct trace_turn *turn, const struct trace_check *check, uint64_t pa)
{
	enum rmm_gpi gpi;

	compare_word(turn, "GPI", check->word,
		     rmm_gpi_at(turn->session->sys, pa, &gpi) ? trace_gpi_name(gpi) : "no entry");
}

static void check_realm(struct trace_turn *turn, const struct trace_check *check, uint64_t rd)
{
	struct rmm_realm_view view;
	const char *f = check->field;

	if (!rmm_realm_at(turn->session->sys, rd, &view)) {
		compare_word(turn, "realm", "a realm", "none at this address");
		return;
	}
	if (check->word != NULL)
		compare_word(turn, "realm state", check->word, rmm_realm_state_name(view.state));
	else if (strcmp(f, "ipa_width") == 0)
		compare_number(turn, check, f, view.ipa_width);
	else if (strcmp(f, "num_recs") == 0)
		compare_number(turn, check, f, view.num_recs);
	else if (strcmp(f, "rtt_base") == 0)
		compare_number(turn, check, f, view.rtt_base);
	else if (strcmp(f, "rtt_level_start") == 0)
		compare_number(turn, check, f, (uint64_t)(int64_t)view.rtt_level_start);
	else
		compare_number(turn, check, f, view.rtt_num_start);
}

static void check_rec(struct trace_turn *turn, const struct trace_check *check, uint64_t rec)
{
	struct rmm_rec_view view;
	const char *f = check->field;

	if (!rmm_rec_at(turn->session->sys, rec, &view)) {
		compare_word(turn, "REC", "a REC", "none at this address");
		return;
	}
	if (strcmp(f, "owner") == 0)
		compare_number(turn, check, f, view.owner);
	else if (strcmp(f, "mpidr") == 0)
		compare_number(turn, check, f, view.mpidr);
	else if (strcmp(f, "running") == 0)
		compare_number(turn, check, f, view.running);
	else if (strcmp(f, "runnable") == 0)
		compare_number(turn, check, f, view.runnable);
	else
		compare_number(turn, check, f, view.vcpu.pc);
}

static void check_guest(struct trace_turn *turn, const struct trace_check *check, uint64_t rd)
{
	struct rmm_script_status status;
	const char *f = check->field;
	uint64_t mpidr;

	if (!trace_turn_eval(turn, check->key2, &mpidr))
		return;
	if (!rmm_scripts_status(turn->session->scripts, rd, mpidr, &status)) {
		compare_word(turn, "guest", "a guest", "none for this REC");
		return;
	}
	if (strcmp(f, "ended") == 0)
		compare_number(turn, check, f, status.ended);
	else if (strcmp(f, "failed") == 0)
		compare_number(turn, check, f, status.failed);
	else if (strcmp(f, "aborts") == 0)
		compare_number(turn, check, f, status.aborts);
	else if (strcmp(f, "next_step") == 0)
		compare_number(turn, check, f, status.next_step);
	else if (strcmp(f, "interrupts") == 0)
		compare_number(turn, check, f, status.interrupts);
	else if (strcmp(f, "last_esr") == 0)
		compare_number(turn, check, f, status.last_esr);
	else
		compare_number(turn, check, f, status.last_far);
}

static void check_rmm(struct trace_turn *turn, const struct trace_check *check)
{
	static const char *const names[] = {
		[RMM_STATE_INIT] = "INIT",
		[RMM_STATE_INTERMEDIATE] = "INTERMEDIATE",
		[RMM_STATE_ACTIVE] = "ACTIVE",
	};

	compare_word(turn, "RMM state", check->word, names[rmm_system_state(turn->session->sys)]);
}

static void check_ich(struct trace_turn *turn, const struct trace_check *check)
{
	char what[32];
	uint64_t came = 0;

	snprintf(what, sizeof(what), "ICH_%s_EL2", rmm_ich_name(check->ich));
	describe(turn, what, check);
	rmm_read_ich(turn->session->sys, turn->step->pe, check->ich, &came);
	compare_number(turn, check, what, came);
}

/* Facts about an object; the name of the object comes first in the log. */
static void check_object(struct trace_turn *turn, const struct trace_check *check)
{
	static const struct {
		const char *name;
		void (*compare)(struct trace_turn *turn, const struct trace_check *check,
				uint64_t key);
	} objects[] = {
		[TRACE_CHECK_GRANULE] = {"granule", check_granule},
		[TRACE_CHECK_GPI] = {"GPI of", check_gpi},
		[TRACE_CHECK_REALM] = {"realm", check_realm},
		[TRACE_CHECK_REC] = {"REC", check_rec},
		[TRACE_CHECK_GUEST] = {"guest of realm", check_guest},
	};
	char object[96];
	uint64_t key;

	if (!trace_turn_eval(turn, check->key, &key))
		return;
	snprintf(object, sizeof(object), "%s %#" PRIx64 "%s%s", objects[check->kind].name, key,
		 check->word == NULL ? " " : "", check->word == NULL ? check->field : "");
	describe(turn, object, check);
	objects[check->kind].compare(turn, check, key);
}

void trace_play_check(struct trace_turn *turn)
{
	const struct rmm_system *sys = turn->session->sys;

	for (size_t i = 0; i < turn->step->u.checks.n; i++) {
		const struct trace_check *check = &turn->step->u.checks.v[i];

		switch (check->kind) {
		case TRACE_CHECK_RMM:
			describe(turn, "RMM", check);
			check_rmm(turn, check);
			break;
		case TRACE_CHECK_DELEGATED:
			describe(turn, "delegated granules", check);
			compare_number(turn, check, "delegated", rmm_num_delegated(sys));
			break;
		case TRACE_CHECK_OPERATIONS:
			describe(turn, "open operations", check);
			compare_number(turn, check, "operations", rmm_num_operations(sys));
			break;
		case TRACE_CHECK_ICH:
			check_ich(turn, check);
			break;
		default:
			check_object(turn, check);
			break;
		}
	}
}
