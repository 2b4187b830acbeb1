/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The parts of RMI_REC_CREATE and RMI_REC_DESTROY. 2.0 puts a stateful
 * operation around them, 1.0 does them in one call; `op` is then a draft that
 * belongs to no pool.
 */
#ifndef RMM_RMM_REC_CREATE_H
#define RMM_RMM_REC_CREATE_H

#include "rmm/call.h"
#include "rmm/operation.h"

/* Reads RmiRecParams once, into `op`. */
enum rmm_condition rec_create_read_params(struct rmm_call *call, struct operation *op);

/* The locks of the realm and of what is to be the REC, in their order. */
void rec_create_lock(struct rmm_call *call, const struct operation *op);

/* Everything about the realm; it may change while the operation is open. */
enum rmm_condition rec_create_check_realm(struct rmm_call *call, const struct operation *op);

/* op->partial becomes a REC that holds the granules of `op`. */
void rec_create_add(struct rmm_call *call, const struct operation *op);

/* The realm and the guests forget a REC; its granule stays as it is. */
void rec_destroy_remove(struct rmm_call *call, uint64_t rec_pa, const struct rmm_rec *rec);

/* Both commands as they are in 1.0. */
uint64_t rec_create_at_once(struct rmm_call *call, struct operation *draft);
uint64_t rec_destroy_at_once(struct rmm_call *call, const struct rmm_rec *rec);

#endif
