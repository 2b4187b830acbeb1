/* SPDX-License-Identifier: BSD-3-Clause */
/* Stateful operations: the RMM asks for pages, gets them, and hands them back. */
#include <asm/memory.h>
#include <linux/errno.h>
#include <linux/gfp.h>

#include "rmi_cmds.h"

#define LIST_ENTRIES (PAGE_SIZE / sizeof(u64))

/* ---- granules -------------------------------------------------------------- */

/* The RMM may do less than it was asked for in one call. */
int delegate_range(phys_addr_t base, phys_addr_t top)
{
	while (base < top) {
		phys_addr_t out_top;

		if (rmi_granule_range_delegate(base, top, &out_top))
			return -EINVAL;
		base = out_top;
	}
	return 0;
}

int undelegate_range(phys_addr_t base, phys_addr_t top)
{
	while (base < top) {
		phys_addr_t out_top;

		if (rmi_granule_range_undelegate(base, top, &out_top))
			return -EBUSY;
		base = out_top;
	}
	return 0;
}

phys_addr_t alloc_delegated_page(void)
{
	unsigned long virt = get_zeroed_page(GFP_KERNEL);
	phys_addr_t phys;

	if (!virt)
		return 0;
	phys = virt_to_phys((void *)virt);
	if (delegate_range(phys, phys + PAGE_SIZE)) {
		free_page(virt);
		return 0;
	}
	return phys;
}

/* A page that does not come back is leaked: nobody may touch it. */
void free_delegated_page(phys_addr_t phys)
{
	if (!undelegate_range(phys, phys + PAGE_SIZE))
		free_page((unsigned long)phys_to_virt(phys));
}

/* ---- operations ------------------------------------------------------------- */

/* A list of single pages, as many as the request wants and there are. */
static unsigned long fill_list(u64 *list, u64 request)
{
	unsigned long wanted = RMI_DONATE_COUNT(request);
	unsigned long n = 0;

	while (n < wanted && n < LIST_ENTRIES) {
		phys_addr_t page = alloc_delegated_page();

		if (!page)
			break;
		list[n++] = FIELD_PREP(RMI_ADDR_RANGE_COUNT_MASK, 1) | RMI_ADDR_RANGE_ADDR(page);
	}
	return n;
}

static int donate(unsigned long handle, struct arm_smccc_1_2_regs *regs, u64 *list)
{
	u64 request = regs->a2;
	unsigned long n;

	if (RMI_DONATE_SIZE(request) || RMI_DONATE_CONTIG(request) == RMI_OP_MEM_CONTIG ||
	    RMI_DONATE_STATE(request) != RMI_OP_MEM_DELEGATED)
		return -EOPNOTSUPP;
	n = fill_list(list, request);
	if (!n)
		return -ENOMEM;
	*regs = (struct arm_smccc_1_2_regs){
		.a0 = SMC_RMI_OP_MEM_DONATE, .a1 = handle, .a2 = virt_to_phys(list), .a3 = n};
	arm_smccc_1_2_invoke(regs, regs);
	while (n > regs->a1)
		free_delegated_page(RMI_ADDR_RANGE_ADDR(list[--n]));
	return 0;
}

static void take_back(u64 entry)
{
	phys_addr_t page = RMI_ADDR_RANGE_ADDR(entry);

	for (unsigned long i = 0; i < RMI_ADDR_RANGE_COUNT(entry); i++, page += PAGE_SIZE) {
		if (RMI_ADDR_RANGE_STATE(entry) == RMI_OP_MEM_DELEGATED)
			free_delegated_page(page);
		else
			free_page((unsigned long)phys_to_virt(page));
	}
}

static int reclaim(unsigned long handle, struct arm_smccc_1_2_regs *regs, u64 *list)
{
	*regs = (struct arm_smccc_1_2_regs){.a0 = SMC_RMI_OP_MEM_RECLAIM,
					    .a1 = handle,
					    .a2 = virt_to_phys(list),
					    .a3 = LIST_ENTRIES};
	arm_smccc_1_2_invoke(regs, regs);
	for (unsigned long i = 0; i < regs->a1; i++)
		take_back(list[i]);
	return 0;
}

static int step(unsigned long handle, struct arm_smccc_1_2_regs *regs, u64 *list)
{
	switch (RMI_RETURN_MEMREQ(regs->a0)) {
	case RMI_OP_MEM_REQ_DONATE:
		return donate(handle, regs, list);
	case RMI_OP_MEM_REQ_RECLAIM:
		return reclaim(handle, regs, list);
	default:
		*regs = (struct arm_smccc_1_2_regs){.a0 = SMC_RMI_OP_CONTINUE, .a1 = handle};
		arm_smccc_1_2_invoke(regs, regs);
		return 0;
	}
}

unsigned long rmi_sro_call(struct arm_smccc_1_2_regs *regs)
{
	unsigned long handle;
	u64 *list;

	arm_smccc_1_2_invoke(regs, regs);
	if (RMI_RETURN_STATUS(regs->a0) != RMI_INCOMPLETE)
		return regs->a0;
	handle = regs->a1;
	list = (u64 *)get_zeroed_page(GFP_KERNEL);
	while (list && RMI_RETURN_STATUS(regs->a0) == RMI_INCOMPLETE) {
		if (step(handle, regs, list)) {
			*regs = (struct arm_smccc_1_2_regs){.a0 = SMC_RMI_OP_CANCEL, .a1 = handle};
			arm_smccc_1_2_invoke(regs, regs);
		}
	}
	if (list)
		free_page((unsigned long)list);
	return regs->a0;
}
