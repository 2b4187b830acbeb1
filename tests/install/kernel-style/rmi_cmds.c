/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmi_cmds.h"

static unsigned long invoke(struct arm_smccc_1_2_regs *regs)
{
	arm_smccc_1_2_invoke(regs, regs);
	return regs->a0;
}

unsigned long rmi_version(unsigned long wanted)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_VERSION, .a1 = wanted};

	return invoke(&regs);
}

unsigned long rmi_features(unsigned long index, unsigned long *value)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_FEATURES, .a1 = index};

	invoke(&regs);
	*value = regs.a1;
	return regs.a0;
}

unsigned long rmi_rmm_config_set(phys_addr_t config)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_RMM_CONFIG_SET, .a1 = config};

	return invoke(&regs);
}

unsigned long rmi_rmm_activate(void)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_RMM_ACTIVATE};

	return rmi_sro_call(&regs);
}

unsigned long rmi_gpt_l1_create(phys_addr_t region)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_GPT_L1_CREATE, .a1 = region};

	return rmi_sro_call(&regs);
}

unsigned long rmi_granule_range_delegate(phys_addr_t base, phys_addr_t top, phys_addr_t *out_top)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = SMC_RMI_GRANULE_RANGE_DELEGATE, .a1 = base, .a2 = top};

	invoke(&regs);
	*out_top = regs.a1;
	return regs.a0;
}

unsigned long rmi_granule_range_undelegate(phys_addr_t base, phys_addr_t top, phys_addr_t *out_top)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = SMC_RMI_GRANULE_RANGE_UNDELEGATE, .a1 = base, .a2 = top};

	invoke(&regs);
	*out_top = regs.a1;
	return regs.a0;
}

unsigned long rmi_realm_create(phys_addr_t rd, phys_addr_t params)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_REALM_CREATE, .a1 = rd, .a2 = params};

	return rmi_sro_call(&regs);
}

unsigned long rmi_realm_activate(phys_addr_t rd)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_REALM_ACTIVATE, .a1 = rd};

	return invoke(&regs);
}

unsigned long rmi_realm_terminate(phys_addr_t rd)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_REALM_TERMINATE, .a1 = rd};

	return rmi_sro_call(&regs);
}

unsigned long rmi_realm_destroy(phys_addr_t rd)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_REALM_DESTROY, .a1 = rd};

	return rmi_sro_call(&regs);
}

unsigned long rmi_rec_create(phys_addr_t rd, phys_addr_t rec, phys_addr_t params)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = SMC_RMI_REC_CREATE, .a1 = rd, .a2 = rec, .a3 = params};

	return rmi_sro_call(&regs);
}

unsigned long rmi_rec_destroy(phys_addr_t rec)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_REC_DESTROY, .a1 = rec};

	return rmi_sro_call(&regs);
}

unsigned long rmi_rec_enter(phys_addr_t rec, phys_addr_t run)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_REC_ENTER, .a1 = rec, .a2 = run};

	return invoke(&regs);
}

unsigned long rmi_rtt_create(phys_addr_t rd, phys_addr_t rtt, unsigned long ipa, long level)
{
	struct arm_smccc_1_2_regs regs = {.a0 = SMC_RMI_RTT_CREATE,
					  .a1 = rd,
					  .a2 = rtt,
					  .a3 = ipa,
					  .a4 = (unsigned long)level};

	return invoke(&regs);
}

unsigned long rmi_rtt_destroy(phys_addr_t rd, unsigned long ipa, long level, phys_addr_t *rtt)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = SMC_RMI_RTT_DESTROY, .a1 = rd, .a2 = ipa, .a3 = (unsigned long)level};

	invoke(&regs);
	*rtt = regs.a1;
	return regs.a0;
}

unsigned long rmi_rtt_init_ripas(phys_addr_t rd, unsigned long base, unsigned long top,
				 unsigned long *out_top)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = SMC_RMI_RTT_INIT_RIPAS, .a1 = rd, .a2 = base, .a3 = top};

	invoke(&regs);
	*out_top = regs.a1;
	return regs.a0;
}

unsigned long rmi_rtt_data_map(phys_addr_t rd, unsigned long ipa, phys_addr_t page)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = SMC_RMI_RTT_DATA_MAP,
		.a1 = rd,
		.a2 = ipa,
		.a3 = ipa + PAGE_SIZE,
		.a4 = FIELD_PREP(RMI_RTT_PROT_MAP_FLAGS_OADDR_TYPE, RMI_ADDR_TYPE_SINGLE),
		.a5 = FIELD_PREP(RMI_ADDR_RANGE_COUNT_MASK, 1) | RMI_ADDR_RANGE_ADDR(page),
	};

	return invoke(&regs);
}

unsigned long rmi_rtt_data_unmap(phys_addr_t rd, unsigned long ipa, phys_addr_t *page)
{
	struct arm_smccc_1_2_regs regs = {
		.a0 = SMC_RMI_RTT_DATA_UNMAP,
		.a1 = rd,
		.a2 = ipa,
		.a3 = ipa + PAGE_SIZE,
		.a4 = FIELD_PREP(RMI_RTT_PROT_MAP_FLAGS_OADDR_TYPE, RMI_ADDR_TYPE_SINGLE),
	};

	invoke(&regs);
	*page = RMI_ADDR_RANGE_ADDR(regs.a2);
	return regs.a0;
}
