/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * arm_smccc_1_2_invoke() and page allocation over the model. The kernel sees
 * DRAM through a linear map; what it wrote is in memory when an SMC begins, and
 * what the RMM wrote is in the map when it ends. Pages that are out of the
 * kernel's reach read as poison.
 */
#include "machine.h"

#include <string.h>

#include <rmmsim/abi/introspect.h>
#include <rmmsim/abi/rmm2_0b1_plain.h>
#include <rmmsim/memory.h>
#include <rmmsim/system.h>

#include <asm/memory.h>
#include <asm/page.h>
#include <linux/arm-smccc.h>
#include <linux/gfp.h>

#define NUM_PAGES 256
#define POISON    0xdb

_Static_assert(sizeof(struct arm_smccc_1_2_regs) == sizeof(struct smc_regs), "X0 to X17");

static _Alignas(PAGE_SIZE) u8 linear_map[NUM_PAGES][PAGE_SIZE];
static bool in_use[NUM_PAGES];
static struct rmm_system *sys;
static struct rmm_scripts *scripts;
static struct rmm_script_step steps[3];
static const struct rmm_script program = {steps, 3};

phys_addr_t virt_to_phys(const volatile void *virt)
{
	return MACHINE_DRAM_BASE + (u64)((const volatile u8 *)virt - &linear_map[0][0]);
}

void *phys_to_virt(phys_addr_t phys)
{
	return &linear_map[0][0] + (phys - MACHINE_DRAM_BASE);
}

unsigned long get_zeroed_page(unsigned int gfp)
{
	(void)gfp;
	for (unsigned int i = 0; i < NUM_PAGES; i++) {
		if (!in_use[i]) {
			in_use[i] = true;
			memset(linear_map[i], 0, PAGE_SIZE);
			return (unsigned long)linear_map[i];
		}
	}
	return 0;
}

void free_page(unsigned long addr)
{
	in_use[(addr - (unsigned long)linear_map) / PAGE_SIZE] = false;
}

void arm_smccc_1_2_invoke(const struct arm_smccc_1_2_regs *args, struct arm_smccc_1_2_regs *res)
{
	struct smc_regs regs;

	for (unsigned int i = 0; i < NUM_PAGES; i++) {
		if (in_use[i])
			(void)rmm_host_write(sys, virt_to_phys(linear_map[i]), linear_map[i],
					     PAGE_SIZE, NULL);
	}
	memcpy(&regs, args, sizeof(regs));
	rmm_smc(sys, 0, &regs);
	memcpy(res, &regs, sizeof(regs));
	for (unsigned int i = 0; i < NUM_PAGES; i++) {
		if (in_use[i] && !rmm_host_read(sys, virt_to_phys(linear_map[i]), linear_map[i],
						PAGE_SIZE, NULL))
			memset(linear_map[i], POISON, PAGE_SIZE);
	}
}

bool machine_start(void)
{
	struct rmm_config config = rmm_config_default();

	if (rmm_scripts_create(&scripts) != 0)
		return false;
	config.guest = rmm_scripts_ops();
	config.guest_machine = scripts;
	return rmm_system_create(&config, &sys, NULL) == 0;
}

void machine_stop(void)
{
	rmm_system_destroy(sys);
	rmm_scripts_destroy(scripts);
}

bool machine_load_program(phys_addr_t rd, u64 store_to, u64 load_from)
{
	steps[0] = (struct rmm_script_step){
		.op = RMM_SCRIPT_STORE_VALUE, .ipa = store_to, .size = 8, .value = 42};
	steps[1] = (struct rmm_script_step){
		.op = RMM_SCRIPT_LOAD, .reg = 1, .ipa = load_from, .size = 8};
	steps[2] = (struct rmm_script_step){
		.op = RMM_SCRIPT_SMC, .num_args = 1, .args = {FID_PSCI_SYSTEM_OFF}};
	return rmm_scripts_bind(scripts, rd, 0, &program) == 0;
}

const char *machine_reason(void)
{
	const struct rmm_call_report *report = rmm_last_call(sys, 0);
	const struct rmm_abi_condition *condition =
		rmm_abi_condition(rmm_system_config(sys)->version, report->condition);

	return condition ? condition->says : "";
}

u64 machine_granules_out(void)
{
	return rmm_num_delegated(sys);
}

unsigned int machine_pages_out(void)
{
	unsigned int count = 0;

	for (unsigned int i = 0; i < NUM_PAGES; i++)
		count += in_use[i];
	return count;
}
