/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Footprint expressions: each names state that a success may change. They are
 * evaluated before and after the call; the union counts. A HAS_ line says that
 * the oracle knows the function or the object.
 */
#ifndef RMM_ORACLE_FOOTPRINT_H
#define RMM_ORACLE_FOOTPRINT_H

#include "oracle/env.h"

void oracle_fp_anything(struct oracle_env *env);

#define HAS_oracle_fp_GranuleAt
void oracle_fp_GranuleAt(struct oracle_env *env, uint64_t addr);
#define HAS_oracle_fp_GranuleStates
void oracle_fp_GranuleStates(struct oracle_env *env, uint64_t base, uint64_t top);
#define HAS_oracle_fp_RttsGranuleState
void oracle_fp_RttsGranuleState(struct oracle_env *env, uint64_t base, oracle_int num_start);
#define HAS_oracle_fp_AuxStates
void oracle_fp_AuxStates(struct oracle_env *env, const uint64_t *aux, oracle_int count);
#define HAS_oracle_fp_AddrSetGranuleStates
void oracle_fp_AddrSetGranuleStates(struct oracle_env *env, uint64_t oaddr, uint64_t type,
				    oracle_int size);
#define HAS_oracle_fp_RttAt
void oracle_fp_RttAt(struct oracle_env *env, uint64_t addr);
#define HAS_oracle_fp_RttEntryAt
void oracle_fp_RttEntryAt(struct oracle_env *env, const struct oracle_RmmRtt *rtt,
			  oracle_int index);
#define HAS_oracle_fp_RttTreeRange
void oracle_fp_RttTreeRange(struct oracle_env *env, const struct oracle_RmmRealm *realm,
			    oracle_int tree, uint64_t base, uint64_t top);
#define HAS_oracle_fp_RttTreeRangeGranuleStates
void oracle_fp_RttTreeRangeGranuleStates(struct oracle_env *env,
					 const struct oracle_RmmRealm *realm, oracle_int tree,
					 uint64_t base, uint64_t top);

/* Fields of objects. */
#define HAS_oracle_fp_RmmRealm
void oracle_fp_RmmRealm(struct oracle_env *env, const struct oracle_RmmRealm *realm, size_t offset,
			size_t size);
#define HAS_oracle_fp_RmmRec
void oracle_fp_RmmRec(struct oracle_env *env, const struct oracle_RmmRec *rec, size_t offset,
		      size_t size);
#define HAS_oracle_fp_RmmGlobal
void oracle_fp_RmmGlobal(struct oracle_env *env, const struct oracle_RmmGlobal *global,
			 size_t offset, size_t size);

#endif
