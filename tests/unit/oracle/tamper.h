/* SPDX-License-Identifier: BSD-3-Clause */
/* Breaks a machine on purpose, behind its back. */
#ifndef RMM_TESTS_ORACLE_TAMPER_H
#define RMM_TESTS_ORACLE_TAMPER_H

#include "rmmsim/system.h"

#ifdef __cplusplus
extern "C" {
#endif

void tamper_state(struct rmm_system *sys, uint64_t pa, enum rmm_granule_state state);
void tamper_gpi(struct rmm_system *sys, uint64_t pa, enum rmm_gpi gpi);
void tamper_word(struct rmm_system *sys, uint64_t pa, uint64_t value);
uint64_t tamper_read(const struct rmm_system *sys, uint64_t pa);
void tamper_live(struct rmm_system *sys, uint64_t rtt, int change);
void tamper_num_realms(struct rmm_system *sys, int change);
void tamper_realm_state(struct rmm_system *sys, uint64_t rd, enum rmm_realm_state state);
void tamper_rim(struct rmm_system *sys, uint64_t rd);
void tamper_num_recs(struct rmm_system *sys, uint64_t rd, int change);
void tamper_vmid(struct rmm_system *sys, uint64_t rd, uint16_t vmid);
void tamper_running(struct rmm_system *sys, uint64_t rec, int on);

/* What a handler would do that writes a descriptor and forgets to invalidate what was cached of it.
 */
void tamper_forgetful_write(struct rmm_system *sys, enum rmm_command command, uint64_t table,
			    unsigned int index, uint64_t desc);

/* What it does to an IPA when it does not forget. */
void tamper_invalidate(struct rmm_system *sys, uint64_t rd, uint64_t ipa, uint64_t size);

/* A handler that gives a granule back. */
void tamper_free(struct rmm_system *sys, enum rmm_command command, uint64_t pa);

/* A handler that reads the host's memory, in the middle of a call; the first word of it. */
uint64_t tamper_fetch(struct rmm_system *sys, uint64_t pa, uint64_t size);

#ifdef __cplusplus
}
#endif

#endif
