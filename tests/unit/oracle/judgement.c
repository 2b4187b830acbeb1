/* SPDX-License-Identifier: BSD-3-Clause */
#include "judgement.h"

#include <stdlib.h>

#include "oracle/judge.h"
#include "rmmsim/abi/encoding.h"

#define VERSIONS  (~(rmm_versions)0)
#define WALK      0 /* index of the failure that has data */
#define ALIGN     1 /* index of the one that comes before it */
#define NUM_FAILS 2

struct judgement_scene {
	struct rmm_system *sys;
	struct rmm_oracle oracle;
	struct oracle_env env, resumed, first;
	struct oracle_datum data[2];
	struct oracle_failure failures[NUM_FAILS];
	struct oracle_success success;
	struct oracle_command command;
	struct oracle_command transfer; /* RMI_OP_CONTINUE */
	struct oracle_operation operation;
	struct oracle_verdict verdict;
};

/* ---- expressions ---------------------------------------------------------------------- */

static bool holds(struct oracle_env *env)
{
	(void)env;
	return true;
}

static bool does_not_hold(struct oracle_env *env)
{
	(void)env;
	return false;
}

static bool looks_at_nothing(struct oracle_env *env)
{
	return oracle_ill_formed(env);
}

static bool is_open(struct oracle_env *env)
{
	return oracle_unknown(env);
}

static bool holds_of_first(struct oracle_env *env)
{
	return env->in.x[7] == 1;
}

static bool first_is_open(struct oracle_env *env)
{
	return env->in.x[7] == 1 && oracle_unknown(env);
}

static uint64_t three(struct oracle_env *env)
{
	(void)env;
	return 3;
}

static uint64_t open_number(struct oracle_env *env)
{
	return oracle_unknown(env);
}

static void nothing(struct oracle_env *env)
{
	(void)env;
}

/* ---- answers ---------------------------------------------------------------------------- */

static void succeed(struct judgement_scene *s)
{
	s->env.out.x[0] = RMI_SUCCESS;
}

static void fail(struct judgement_scene *s, enum rmm_condition condition)
{
	s->verdict.reported = condition;
	s->env.out.x[0] = rmm_condition_status_word(s->env.version, condition);
}

static void walk_fails(struct judgement_scene *s)
{
	fail(s, RMI_RTT_CREATE_RTT_WALK);
	s->env.truth[WALK] = ORACLE_TRUE;
	s->env.out.x[0] |= UINT64_C(3) << 8;
}

/* The call ends an operation, whose command is that of the scene. */
static void end_operation(struct judgement_scene *s)
{
	s->operation.open = true;
	s->operation.command = &s->command;
	s->operation.first = &s->first;
	s->first.in.x[7] = 1;
	s->verdict.operation = &s->operation;
	s->verdict.command = &s->transfer;
	s->verdict.resumed = &s->resumed;
	s->verdict.resumed_command = &s->command;
	s->env.form = rmm_abi_command_by_id(s->env.version, RMM_CMD_RMI_OP_CONTINUE);
	succeed(s);
}

static void no_status_without_condition(struct judgement_scene *s)
{
	s->env.out.x[0] = RMI_ERROR_INPUT;
}

static void no_silence(struct judgement_scene *s)
{
	s->verdict.command = NULL;
}

static void foreign_condition(struct judgement_scene *s)
{
	fail(s, RMI_RTT_FOLD_RTT_WALK);
}

static void unlisted_condition(struct judgement_scene *s)
{
	fail(s, RMI_RTT_CREATE_RD_STATE);
}

static void condition_of_another_version(struct judgement_scene *s)
{
	walk_fails(s);
	s->failures[WALK].versions = 1u << RMM_VERSION_2_0_BET3;
}

static void condition_that_does_not_hold(struct judgement_scene *s)
{
	walk_fails(s);
	s->env.truth[WALK] = ORACLE_FALSE;
}

static void condition_without_meaning(struct judgement_scene *s)
{
	walk_fails(s);
	s->env.truth[WALK] = ORACLE_NOT_OBSERVED;
}

static void condition_that_may_hold(struct judgement_scene *s)
{
	walk_fails(s);
	s->env.truth[WALK] = ORACLE_ANYTHING;
}

static void wrong_order(struct judgement_scene *s)
{
	walk_fails(s);
	s->env.truth[ALIGN] = ORACLE_TRUE;
}

static void earlier_quirk(struct judgement_scene *s)
{
	wrong_order(s);
	s->failures[ALIGN].quirk = true;
}

static void earlier_of_another_version(struct judgement_scene *s)
{
	wrong_order(s);
	s->failures[ALIGN].versions = 1u << RMM_VERSION_2_0_BET3;
}

static void wrong_status(struct judgement_scene *s)
{
	walk_fails(s);
	s->env.out.x[0] = RMI_ERROR_INPUT;
}

static void wrong_level(struct judgement_scene *s)
{
	walk_fails(s);
	s->env.out.x[0] ^= UINT64_C(1) << 8;
}

static void wrong_datum(struct judgement_scene *s)
{
	walk_fails(s);
	s->failures[WALK].num_data = 2;
	s->env.out.x[2] = 4;
}

static void open_status(struct judgement_scene *s)
{
	wrong_level(s);
	s->data[0].value = open_number;
}

static void open_datum(struct judgement_scene *s)
{
	wrong_datum(s);
	s->data[1].value = open_number;
}

static void state_of_the_rmm(struct judgement_scene *s)
{
	fail(s, RMI_ANY_RMM_STATE);
}

static void state_of_an_inactive_rmm(struct judgement_scene *s)
{
	fail(s, RMI_ANY_RMM_STATE);
	s->sys->state = RMM_STATE_INIT;
}

static void not_implemented(struct judgement_scene *s)
{
	fail(s, RMI_ANY_NOT_IMPLEMENTED);
}

static void busy(struct judgement_scene *s)
{
	fail(s, RMI_ANY_BUSY);
}

static void status_of_another_failure(struct judgement_scene *s)
{
	state_of_an_inactive_rmm(s);
	s->env.out.x[0] ^= 1;
}

static void operation_fails_for_nothing(struct judgement_scene *s)
{
	end_operation(s);
	fail(s, RMI_RTT_CREATE_RTT_WALK);
}

static void operation_fails_for_what_held(struct judgement_scene *s)
{
	operation_fails_for_nothing(s);
	s->operation.held = 1u << WALK;
}

static void operation_fails_as_another_command(struct judgement_scene *s)
{
	end_operation(s);
	fail(s, RMI_RTT_FOLD_RTT_WALK);
}

static void success_in_spite(struct judgement_scene *s)
{
	succeed(s);
	s->env.truth[WALK] = ORACLE_TRUE;
}

static void success_in_spite_of_a_quirk(struct judgement_scene *s)
{
	success_in_spite(s);
	s->failures[WALK].quirk = true;
}

static void success_without_effect(struct judgement_scene *s)
{
	succeed(s);
	s->success.then = does_not_hold;
}

static void effect_without_meaning(struct judgement_scene *s)
{
	succeed(s);
	s->success.then = looks_at_nothing;
}

static void open_effect(struct judgement_scene *s)
{
	succeed(s);
	s->success.then = is_open;
}

static void effect_of_another_case(struct judgement_scene *s)
{
	success_without_effect(s);
	s->success.when = does_not_hold;
}

static void effect_of_an_open_case(struct judgement_scene *s)
{
	success_without_effect(s);
	s->success.when = is_open;
}

static void effect_of_another_version(struct judgement_scene *s)
{
	success_without_effect(s);
	s->success.versions = 1u << RMM_VERSION_2_0_BET3;
}

static void never_incomplete(struct judgement_scene *s)
{
	s->env.form = rmm_abi_command_by_id(s->env.version, RMM_CMD_RMI_VERSION);
	s->env.out.x[0] = RMI_INCOMPLETE;
}

static void incomplete_without_meaning(struct judgement_scene *s)
{
	s->env.out.x[0] = RMI_INCOMPLETE | 3u << 8;
}

static void incomplete_with_more_bits(struct judgement_scene *s)
{
	s->env.out.x[0] = RMI_INCOMPLETE | 1u << 11;
}

static void operation_succeeds_in_spite(struct judgement_scene *s)
{
	end_operation(s);
	s->first.truth[WALK] = s->resumed.truth[WALK] = ORACLE_TRUE;
}

static void operation_outlives_a_failure(struct judgement_scene *s)
{
	end_operation(s);
	s->first.truth[WALK] = ORACLE_TRUE;
}

static void operation_meets_a_failure_late(struct judgement_scene *s)
{
	end_operation(s);
	s->resumed.truth[WALK] = ORACLE_TRUE;
}

static void operation_without_effect(struct judgement_scene *s)
{
	end_operation(s);
	s->success.then = does_not_hold;
}

static void effect_as_the_first_call_saw_it(struct judgement_scene *s)
{
	end_operation(s);
	s->success.then = holds_of_first;
}

static void effect_open_to_the_first_call(struct judgement_scene *s)
{
	end_operation(s);
	s->success.then = first_is_open;
}

static void effect_open_to_the_last_call(struct judgement_scene *s)
{
	end_operation(s);
	s->success.then = is_open;
}

static void effect_of_an_earlier_call(struct judgement_scene *s)
{
	operation_without_effect(s);
	s->operation.established = 1;
}

static void cancelled_operation(struct judgement_scene *s)
{
	operation_without_effect(s);
	s->operation.cancelled = true;
}

static void changed_register(struct judgement_scene *s)
{
	succeed(s);
	s->env.out.x[9] = 1;
}

static void register_that_is_not_cleared(struct judgement_scene *s)
{
	succeed(s);
	s->env.in.x[2] = s->env.out.x[2] = 1;
}

const struct judgement judgements[] = {
	{"Success", succeed, NULL},
	{"StatusWithoutCondition", no_status_without_condition, "came without a condition"},
	{"NoReasonAtAll", no_silence, "a command that is not implemented gave no reason"},
	{"ForeignCondition", foreign_condition, "RMI_RTT_FOLD_RTT_WALK belongs to another command"},
	{"UnlistedCondition", unlisted_condition, "is no condition of this command"},
	{"ConditionOfAnotherVersion", condition_of_another_version,
	 "is no condition of this command"},
	{"Failure", walk_fails, NULL},
	{"FailureThatDidNotHold", condition_that_does_not_hold, "was reported and did not hold"},
	{"FailureWithoutMeaning", condition_without_meaning, "was reported and had no meaning"},
	{"FailureThatMayHold", condition_that_may_hold, NULL},
	{"WrongOrder", wrong_order,
	 "RMI_RTT_CREATE_RTT_WALK was reported although RMI_RTT_CREATE_RTT_ALIGN held, which comes "
	 "before it"},
	{"QuirkThatComesBefore", earlier_quirk, NULL},
	{"AnotherVersionThatComesBefore", earlier_of_another_version, NULL},
	{"WrongStatus", wrong_status, "X0 is 0x1, the condition gives 0x304"},
	{"WrongIndex", wrong_level, "X0 is 0x204, the condition gives 0x304"},
	{"WrongDatum", wrong_datum, "number is 0x4, the description says 0x3"},
	{"OpenStatus", open_status, NULL},
	{"OpenDatum", open_datum, NULL},
	{"StateOfTheRmm", state_of_the_rmm, "RMI_ANY_RMM_STATE was reported without reason"},
	{"StateOfAnInactiveRmm", state_of_an_inactive_rmm, NULL},
	{"NotImplemented", not_implemented, "was reported without reason"},
	{"Busy", busy, "RMI_ANY_BUSY was reported without reason"},
	{"StatusOfAnotherFailure", status_of_another_failure,
	 "which is not the status of RMI_ANY_RMM_STATE"},
	{"OperationFailsForNothing", operation_fails_for_nothing,
	 "ended the operation and held in none of its calls"},
	{"OperationFailsForWhatHeld", operation_fails_for_what_held, NULL},
	{"OperationFailsAsAnotherCommand", operation_fails_as_another_command,
	 "is no condition of the command that the operation began"},
	{"SuccessInSpite", success_in_spite, "it succeeded although RMI_RTT_CREATE_RTT_WALK held"},
	{"SuccessInSpiteOfAQuirk", success_in_spite_of_a_quirk, NULL},
	{"SuccessWithoutEffect", success_without_effect,
	 "it succeeded and effect did not hold afterwards: its text"},
	{"EffectWithoutMeaning", effect_without_meaning, "effect had no meaning afterwards"},
	{"OpenEffect", open_effect, NULL},
	{"EffectOfAnotherCase", effect_of_another_case, NULL},
	{"EffectOfAnOpenCase", effect_of_an_open_case, NULL},
	{"EffectOfAnotherVersion", effect_of_another_version, NULL},
	{"NeverIncomplete", never_incomplete, "this command is never incomplete"},
	{"IncompleteWithoutMeaning", incomplete_without_meaning, "no encoding of RMI_INCOMPLETE"},
	{"IncompleteWithMoreBits", incomplete_with_more_bits, "no encoding of RMI_INCOMPLETE"},
	{"Operation", end_operation, NULL},
	{"OperationSucceedsInSpite", operation_succeeds_in_spite,
	 "the operation succeeded although RMI_RTT_CREATE_RTT_WALK held"},
	{"OperationOutlivesAFailure", operation_outlives_a_failure, NULL},
	{"OperationMeetsAFailureLate", operation_meets_a_failure_late, NULL},
	{"OperationWithoutEffect", operation_without_effect, "effect did not hold afterwards"},
	{"EffectAsTheFirstCallSawIt", effect_as_the_first_call_saw_it, NULL},
	{"EffectOpenToTheFirstCall", effect_open_to_the_first_call, NULL},
	{"EffectOpenToTheLastCall", effect_open_to_the_last_call, NULL},
	{"EffectOfAnEarlierCall", effect_of_an_earlier_call, NULL},
	{"CancelledOperation", cancelled_operation, NULL},
	{"ChangedRegister", changed_register, "X9 is 0x1 and should be as it was"},
	{"RegisterThatIsNotCleared", register_that_is_not_cleared, "X2 is 0x1 and should be zero"},
};
const size_t num_judgements = sizeof(judgements) / sizeof(judgements[0]);

/* ---- the scene ---------------------------------------------------------------------------- */

static void arrange(struct judgement_scene *s, enum rmm_version version)
{
	struct oracle_env *const envs[] = {&s->env, &s->resumed, &s->first};

	s->data[0] = (struct oracle_datum){"index", 0, 8, 8, three};
	s->data[1] = (struct oracle_datum){"number", 2, 0, 64, three};
	s->failures[WALK] = (struct oracle_failure){
		.condition = RMI_RTT_CREATE_RTT_WALK,
		.versions = VERSIONS,
		.when = holds,
		.before = 1u << ALIGN,
		.data = s->data,
		.num_data = 1,
	};
	s->failures[ALIGN] = (struct oracle_failure){
		.condition = RMI_RTT_CREATE_RTT_ALIGN, .versions = VERSIONS, .when = holds};
	s->success = (struct oracle_success){
		.name = "effect", .versions = VERSIONS, .then = holds, .text = "its text"};
	s->command = (struct oracle_command){
		.command = RMM_CMD_RMI_RTT_CREATE,
		.versions = VERSIONS,
		.capture = nothing,
		.footprint = nothing,
		.failures = s->failures,
		.num_failures = NUM_FAILS,
		.successes = &s->success,
		.num_successes = 1,
	};
	s->transfer = (struct oracle_command){.command = RMM_CMD_RMI_OP_CONTINUE};
	for (size_t i = 0; i < sizeof(envs) / sizeof(envs[0]); i++) {
		envs[i]->sys = s->sys;
		envs[i]->oracle = &s->oracle;
		envs[i]->version = version;
		envs[i]->phase = ORACLE_AFTER;
		envs[i]->form = rmm_abi_command_by_id(version, RMM_CMD_RMI_RTT_CREATE);
	}
	s->oracle.sys = s->sys;
	s->verdict.oracle = &s->oracle;
	s->verdict.env = &s->env;
	s->verdict.command = &s->command;
}

int judgement_make(const struct judgement *judgement, char *text, size_t size)
{
	struct rmm_config config = rmm_config_default();
	struct judgement_scene *s = calloc(1, sizeof(*s));

	config.active_at_boot = true;
	if (!s || rmm_system_create(&config, &s->sys, NULL)) {
		free(s);
		return -1;
	}
	arrange(s, config.version);
	text[0] = '\0';
	s->verdict.why = (struct oracle_text){.s = text, .size = size};
	judgement->answer(s);
	oracle_judge(&s->verdict);
	rmm_system_destroy(s->sys);
	free(s);
	return 0;
}
