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

#ifdef __cplusplus
}
#endif

#endif
