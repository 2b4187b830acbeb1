/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * REC exits: what the host is told, and what it is not. Syndromes are masked
 * per kind of exit (1.0-rel0 A4.3.4, TF-RMM runtime/core/exit.c).
 */
#ifndef RMM_RMM_REC_EXIT_H
#define RMM_RMM_REC_EXIT_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/realm_memory.h"
#include "rmmsim/abi/encoding.h"

/* ESR_ELx fields (Arm ARM). */
#define ESR_EC              (UINT64_C(0x3f) << 26)
#define ESR_EC_WFX          (UINT64_C(0x01) << 26)
#define ESR_EC_SYSREG       (UINT64_C(0x18) << 26)
#define ESR_EC_SERROR       (UINT64_C(0x2f) << 26)
#define ESR_EC_UNKNOWN      UINT64_C(0)
#define ESR_EC_IABT_LOW     (UINT64_C(0x20) << 26)
#define ESR_EC_DABT_LOW     (UINT64_C(0x24) << 26)
#define ESR_EC_SAME_EL      (UINT64_C(1) << 26) /* added to either of the two */
#define ESR_IL              (UINT64_C(1) << 25)
#define ESR_ISV             (UINT64_C(1) << 24)
#define ESR_SAS_SHIFT       22
#define ESR_SSE             (UINT64_C(1) << 21)
#define ESR_SRT_SHIFT       16
#define ESR_SF              (UINT64_C(1) << 15)
#define ESR_EA              (UINT64_C(1) << 9)
#define ESR_WNR             (UINT64_C(1) << 6)
#define ESR_FNV             (UINT64_C(1) << 10)
#define ESR_S1PTW           (UINT64_C(1) << 7)
#define ESR_FSC             UINT64_C(0x3f)
#define ESR_WFX_TI_WFE      UINT64_C(1)
#define ESR_WFX_TI_TIMED    UINT64_C(2)
#define ESR_WFX_RV          UINT64_C(4)
#define ESR_SYSREG_READ     UINT64_C(1)
#define ESR_SYSREG_RT_SHIFT 5
#define FSC_TRANSLATION     UINT64_C(0x04) /* plus the level */
#define FSC_TRANSLATION_M1  UINT64_C(0x2b) /* level -1 */
#define FSC_PERMISSION      UINT64_C(0x0c)
#define FSC_ADDRESS_SIZE    UINT64_C(0x00)
#define FSC_EXTERNAL        UINT64_C(0x10)
#define FSC_PROTECTION      UINT64_C(0x28)

void exit_irq(struct rmi_rec_exit *exit);
void exit_fiq(struct rmi_rec_exit *exit);

/* A WFI or WFE that the host wants to see. */
void exit_wfx(const struct rmm_call *call, struct rmi_rec_exit *exit, const struct rmm_rec *rec,
	      const struct rmm_guest_event *event);

/* A data access of the realm that the host has to resolve; fills in the REC, too. */
void exit_data_abort(const struct rmm_call *call, struct rmi_rec_exit *exit, struct rmm_rec *rec,
		     const struct rmm_guest_event *event, const struct ipa_result *at);

/* Likewise for an instruction fetch. */
void exit_instruction_abort(const struct rmm_call *call, struct rmi_rec_exit *exit,
			    struct rmm_rec *rec, const struct rmm_guest_event *event,
			    const struct ipa_result *at);

/* A synchronous external abort. The realm takes it, too, when the access cannot be repeated. */
void exit_external_abort(const struct rmm_call *call, struct rmi_rec_exit *exit,
			 struct rmm_rec *rec, const struct rmm_guest_event *event);

/* The RMM could not access a buffer on behalf of the realm. */
void exit_buffer_fault(const struct rmm_call *call, struct rmi_rec_exit *exit, uint64_t ipa,
		       int level);

/* A system register that the host emulates; a read is completed by the next entry. */
void exit_sysreg(const struct rmm_call *call, struct rmi_rec_exit *exit, struct rmm_rec *rec,
		 const struct rmm_guest_event *event);

/* An SError. The realm takes it, too, when its state may have been lost. */
void exit_serror(struct rmi_rec_exit *exit, struct rmm_rec *rec, uint64_t esr);

/* Whether an RMM survives an SError with this ISS. */
bool serror_is_contained(uint64_t esr);

/* The syndrome of a data access, complete. */
uint64_t data_abort_esr(const struct rmm_guest_event *event, uint64_t fsc);

#endif
