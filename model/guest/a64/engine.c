/* SPDX-License-Identifier: BSD-3-Clause */
#include "engine.h"

#include "engine_hooks.h"
#include "engine_state.h"
#include "register.h"
#include "view.h"

/* Never the address of an instruction. */
#define NO_END    UINT64_C(1)

#define ENTRY_VA  UINT64_C(0x10000)
#define ENTRY_END (ENTRY_VA + 12)

/*
 * The level of an engine follows from the exception returns that it executed,
 * so this takes a new one to EL0, with FP and SIMD enabled on the way.
 */
static const uint32_t entry_code[] = {
	0xd5181040, /* msr cpacr_el1, x0 */
	0xd5184021, /* msr elr_el1, x1: ENTRY_END */
	0xd69f03e0, /* eret; SPSR_EL1 is 0: EL0t */
	0xd503201f, /* nop */
};

static bool descend(uc_engine *uc)
{
	const uint64_t cpacr = UINT64_C(3) << 20;
	const uint64_t target = ENTRY_END;
	bool ok = uc_mem_map(uc, ENTRY_VA, A64_PAGE_SIZE, UC_PROT_ALL) == UC_ERR_OK &&
		  uc_mem_write(uc, ENTRY_VA, entry_code, sizeof(entry_code)) == UC_ERR_OK;

	uc_reg_write(uc, UC_ARM64_REG_X0, &cpacr);
	uc_reg_write(uc, UC_ARM64_REG_X1, &target);
	ok = ok && uc_emu_start(uc, ENTRY_VA, ENTRY_END, 0, 0) == UC_ERR_OK;
	(void)uc_ctl_remove_cache(uc, ENTRY_VA, ENTRY_VA + A64_PAGE_MASK);
	return ok && uc_mem_unmap(uc, ENTRY_VA, A64_PAGE_SIZE) == UC_ERR_OK;
}

bool engine_open(struct a64_guest *guest, unsigned int el)
{
	struct a64_view *view = &guest->views[el];

	if (view->uc)
		return true;
	if (uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &view->uc) != UC_ERR_OK) {
		view->uc = NULL;
		return false;
	}
	if (uc_ctl_set_cpu_model(view->uc, UC_CPU_ARM64_MAX) == UC_ERR_OK &&
	    (el == 1 || descend(view->uc)) && engine_add_hooks(guest, view->uc))
		return true;
	engine_close(view);
	return false;
}

void engine_close(struct a64_view *view)
{
	if (view->uc)
		(void)uc_close(view->uc);
	view->uc = NULL;
	a64_table_free(&view->pages);
}

/* The instruction that stopped the engine was counted, but not executed. */
static uint64_t executed(const struct a64_guest *guest, uint64_t max)
{
	const uint64_t counted = max - guest->left;

	switch (guest->stop) {
	case A64_STOP_TRAP:
	case A64_STOP_EXCEPTION:
		return counted ? counted - 1 : 0;
	case A64_STOP_FAULT:
		return counted && guest->fault.right != A64_EXEC ? counted - 1 : counted;
	default:
		return counted;
	}
}

uint64_t engine_run(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint64_t max_instructions)
{
	guest->stop = A64_STOP_NONE;
	guest->left = max_instructions;
	engine_load(guest, vcpu);
	(void)uc_emu_start(guest->view->uc, vcpu->pc, NO_END, 0, 0);
	engine_save(guest, vcpu);
	return executed(guest, max_instructions);
}

/* ---- system registers ----------------------------------------------------------- */

static uc_arm64_cp_reg encoding_of(uint32_t iss)
{
	return (uc_arm64_cp_reg){
		.op0 = iss >> 20 & 3,
		.op1 = iss >> 14 & 7,
		.crn = iss >> 10 & 15,
		.crm = iss >> 1 & 15,
		.op2 = iss >> 17 & 7,
	};
}

uint64_t engine_read_sysreg(const struct a64_guest *guest, uint32_t iss)
{
	uc_arm64_cp_reg reg = encoding_of(iss);

	(void)uc_reg_read(guest->views[1].uc, UC_ARM64_REG_CP_REG, &reg);
	return reg.val;
}

void engine_write_sysreg(const struct a64_guest *guest, uint32_t iss, uint64_t value)
{
	uc_arm64_cp_reg reg = encoding_of(iss);

	reg.val = value;
	(void)uc_reg_write(guest->views[1].uc, UC_ARM64_REG_CP_REG, &reg);
}
