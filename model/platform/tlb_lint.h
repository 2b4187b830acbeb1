/* SPDX-License-Identifier: BSD-3-Clause */
/* What the core tells the TLB lint (rmmsim/tlb_lint.h). Off: one branch each. */
#ifndef RMM_PLATFORM_TLB_LINT_H
#define RMM_PLATFORM_TLB_LINT_H

#include "rmm/call.h"
#include "rmmsim/tlb_lint.h"

void tlb_lint_access(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa);
void tlb_lint_keep(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa);
void tlb_lint_resume(const struct rmm_call *call, const struct rmm_realm *realm);
void tlb_lint_write(const struct rmm_call *call, uint64_t entry, uint64_t desc);
void tlb_lint_invalidate(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
			 uint64_t size);
void tlb_lint_free_granule(const struct rmm_call *call, uint64_t pa);
void tlb_lint_free_vmid(const struct rmm_call *call, uint16_t vmid);
void tlb_lint_call_ends(const struct rmm_call *call);

/* A realm accesses `ipa`: the translation is used, and cached. */
static inline void tlb_access(const struct rmm_call *call, const struct rmm_realm *realm,
			      uint64_t ipa)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_access(call, realm, ipa);
}

/* The guest has the page of `ipa` now, and uses it without further events. */
static inline void tlb_keep(const struct rmm_call *call, const struct rmm_realm *realm,
			    uint64_t ipa)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_keep(call, realm, ipa);
}

/* A REC of the realm begins to run: pages that guests have may be used. */
static inline void tlb_resume(const struct rmm_call *call, const struct rmm_realm *realm)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_resume(call, realm);
}

/* The descriptor at `entry` (PA) has just been written. */
static inline void tlb_write(const struct rmm_call *call, uint64_t entry, uint64_t desc)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_write(call, entry, desc);
}

/* The TLBI and its barrier are over, on all PEs. */
static inline void tlb_invalidate(const struct rmm_call *call, const struct rmm_realm *realm,
				  uint64_t ipa, uint64_t size)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_invalidate(call, realm, ipa, size);
}

/* Before its state changes: the granule at `pa` is the host's again, or can be given to somebody
 * else. */
static inline void tlb_free_granule(const struct rmm_call *call, uint64_t pa)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_free_granule(call, pa);
}

static inline void tlb_free_vmid(const struct rmm_call *call, uint16_t vmid)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_free_vmid(call, vmid);
}

/* What the call changed counts from now on. */
static inline void tlb_call_ends(const struct rmm_call *call)
{
	if (__builtin_expect(call->sys->tlb_lint != NULL, 0))
		tlb_lint_call_ends(call);
}

#endif
