/* SPDX-License-Identifier: BSD-3-Clause */
/* Synchronous exits: memory that is missing, devices, system registers, WFI and WFE. */
#include "fail.h"
#include "runner.h"

/* ESR_EL2 (Arm ARM D19): exception class, and the syndrome of a data abort. */
#define ESR_EC_SHIFT     26u
#define ESR_EC_MASK      UINT64_C(0x3f)
#define ESR_EC_WFX       UINT64_C(0x01)
#define ESR_EC_SYSREG    UINT64_C(0x18)
#define ESR_EC_IABT      UINT64_C(0x20)
#define ESR_EC_DABT      UINT64_C(0x24)
#define ESR_ISV          (UINT64_C(1) << 24)
#define ESR_SAS_SHIFT    22u
#define ESR_SAS_MASK     UINT64_C(3)
#define ESR_WNR          (UINT64_C(1) << 6)
#define ESR_WFX_TI       UINT64_C(1)
#define ESR_ISS_MASK     UINT64_C(0x1ffffff)
#define ESR_SYSREG_READ  UINT64_C(1) /* direction: MRS */

/* HPFAR_EL2.FIPA holds IPA[51:12] from bit 4 on. */
#define HPFAR_FIPA_SHIFT 4u
#define HPFAR_FIPA_MASK  ((UINT64_C(1) << 40) - 1)
#define PAGE_SHIFT       12u
#define PAGE_OFFSET      UINT64_C(0xfff)

static uint64_t fault_page(const struct runner *r)
{
	return ((r->exit.hpfar >> HPFAR_FIPA_SHIFT) & HPFAR_FIPA_MASK) << PAGE_SHIFT;
}

/* ---- protected memory -------------------------------------------------------------- */

static enum run_next map_page(struct runner *r, uint64_t ipa)
{
	enum host_status status;
	uint64_t pages = 1;

	/* The memory is there and the realm cannot have it: only the realm can help. */
	if (ipa == r->last_fault)
		return run_end(r, HOST_RUN_UNHANDLED);
	if (r->ops->fault)
		status = r->ops->fault(r->ops->ctx, r->realm, ipa, r->error);
	else
		status = host_realm_fault(r->realm, ipa, r->ops->fault_blocks, &pages, r->error);
	r->last_fault = ipa;
	if (status != HOST_OK) {
		r->status = status;
		return RUN_END;
	}
	r->result->pages_mapped += pages;
	return RUN_ENTER;
}

/* ---- devices ------------------------------------------------------------------------ */

static enum run_next inject_sea(struct runner *r)
{
	r->enter.flags = rmi_rec_enter_flags_set_inject_sea(r->enter.flags, RMI_INJECT_SEA);
	return RUN_ENTER;
}

static enum run_next emulate(struct runner *r, uint64_t page)
{
	struct host_mmio access = {
		.ipa = page | (r->exit.far & PAGE_OFFSET),
		.size = (uint8_t)(1u << ((r->exit.esr >> ESR_SAS_SHIFT) & ESR_SAS_MASK)),
		.write = (r->exit.esr & ESR_WNR) != 0,
	};

	access.value = access.write ? r->exit.gprs[0] : 0;
	if (!r->ops->mmio || !r->ops->mmio(r->ops->ctx, &access))
		return inject_sea(r);
	r->enter.flags = rmi_rec_enter_flags_set_emul_mmio(r->enter.flags, RMI_EMULATED_MMIO);
	if (!access.write)
		r->enter.gprs[0] = access.value;
	return RUN_ENTER;
}

/* Asked once for an access: what faults again after it was mapped is no memory. */
static bool share_page(struct runner *r, uint64_t page)
{
	if (!r->ops->shared_fault || page == r->last_fault)
		return false;
	r->last_fault = page;
	return r->ops->shared_fault(r->ops->ctx, r->realm, page);
}

static enum run_next on_data_abort(struct runner *r)
{
	uint64_t page = fault_page(r);

	if (page < host_realm_shared_base(r->realm))
		return map_page(r, page);
	if (share_page(r, page))
		return RUN_ENTER;
	/* Without a syndrome nobody can tell what the access was. */
	return r->exit.esr & ESR_ISV ? emulate(r, page) : inject_sea(r);
}

static enum run_next on_sysreg(struct runner *r)
{
	struct host_sysreg access = {
		.iss = r->exit.esr & ESR_ISS_MASK,
		.write = (r->exit.esr & ESR_SYSREG_READ) == 0,
	};

	access.value = access.write ? r->exit.gprs[0] : 0;
	if (r->ops->sysreg)
		r->ops->sysreg(r->ops->ctx, &access);
	if (!access.write)
		r->enter.gprs[0] = access.value;
	return RUN_ENTER;
}

static enum run_next on_wait(struct runner *r)
{
	if (!r->ops->wait)
		return RUN_ENTER;
	return run_verdict(r, r->ops->wait(r->ops->ctx, (r->exit.esr & ESR_WFX_TI) != 0));
}

enum run_next run_on_sync(struct runner *r)
{
	switch ((r->exit.esr >> ESR_EC_SHIFT) & ESR_EC_MASK) {
	case ESR_EC_DABT:
		return on_data_abort(r);
	case ESR_EC_IABT:
		return map_page(r, fault_page(r));
	case ESR_EC_WFX:
		return on_wait(r);
	case ESR_EC_SYSREG:
		return on_sysreg(r);
	default:
		return run_on_other(r);
	}
}
