/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What guests do, taken down, and done again without them. A recorder stands
 * between a machine and its guests, whatever they are, and reports every action
 * that the machine sees. A player is a guest that takes such actions from a
 * source. Since nothing else of a guest reaches the machine, a machine that is
 * given the same calls behaves the same.
 *
 *	rmm_guest_recorder_create(inner_ops, inner_machine, &recorder);
 *	config.guest = rmm_guest_recorder_ops(recorder);
 *	config.guest_machine = recorder;
 *
 * Both belong to the system that they are given to, by its rules for threads;
 * with several PEs at a time the order of their actions is nobody's.
 */
#ifndef RMMSIM_GUEST_RECORD_H
#define RMMSIM_GUEST_RECORD_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/guest.h"

#ifdef __cplusplus
extern "C" {
#endif

enum rmm_guest_action_kind {
	/* word[0] is the IPA of a page that the guest may use directly from now on. */
	RMM_GUEST_TAKES_PAGE,
	/* The guest has written word[1], 8 bytes, at the IPA word[0], 8-byte aligned. */
	RMM_GUEST_STORES,
	/* Register word[0] of the vCPU, counted in struct rmm_vcpu, is now word[1]. */
	RMM_GUEST_SETS_REGISTER,
	/* What ends a call of `run`: a struct rmm_guest_event in seven words. */
	RMM_GUEST_ACTS,
};

#define RMM_GUEST_ACTION_WORDS 7

struct rmm_guest_action {
	enum rmm_guest_action_kind kind;
	uint64_t word[RMM_GUEST_ACTION_WORDS]; /* unused ones are 0 */
};

struct rmm_guest_recorder;

/*
 * Around `ops`, which are given `machine`; both must outlive the recorder, and
 * the recorder the system. Returns 0, or -1 when out of memory or an argument is
 * missing.
 */
int rmm_guest_recorder_create(const struct rmm_guest_ops *ops, void *machine,
			      struct rmm_guest_recorder **out);
void rmm_guest_recorder_destroy(struct rmm_guest_recorder *recorder);

/* For struct rmm_config; NULL without a recorder. Valid as long as the recorder. */
const struct rmm_guest_ops *rmm_guest_recorder_ops(const struct rmm_guest_recorder *recorder);

/* Who hears of actions from now on, while guests run; NULL: nobody. */
void rmm_guest_recorder_listen(struct rmm_guest_recorder *recorder,
			       void (*heard)(void *ctx, const struct rmm_guest_action *action),
			       void *ctx);

struct rmm_guest_player;

/*
 * A guest for every REC, whose actions come from `next`: false when there is none
 * left, which ends the program. Returns 0, or -1.
 */
int rmm_guest_player_create(bool (*next)(void *ctx, struct rmm_guest_action *action), void *ctx,
			    struct rmm_guest_player **out);
void rmm_guest_player_destroy(struct rmm_guest_player *player);

/* `takes_pages`: those that were recorded did; `machine` of these is the player. */
const struct rmm_guest_ops *rmm_guest_player_ops(bool takes_pages);

#ifdef __cplusplus
}
#endif

#endif
