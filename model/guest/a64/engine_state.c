/* SPDX-License-Identifier: BSD-3-Clause */
#include "engine_state.h"

#include "engine.h"
#include "register.h"
#include "sysreg.h"

#define NUM_VECTORS 32
#define NUM_COMMON  (RMM_NUM_GPRS + 4)

/* X0 to X30, SP, the two banked SPs, PSTATE. */
static void list_common(struct a64_guest *guest, uint64_t x[RMM_NUM_GPRS], uint64_t *sp,
			uint64_t *pstate, int ids[NUM_COMMON], void *values[NUM_COMMON])
{
	unsigned int n = 0;

	for (; n < RMM_NUM_GPRS; n++) {
		ids[n] = n < 29 ? UC_ARM64_REG_X0 + (int)n : UC_ARM64_REG_X29 + (int)n - 29;
		values[n] = &x[n];
	}
	ids[n] = UC_ARM64_REG_SP_EL0;
	values[n++] = &guest->sp[0];
	ids[n] = UC_ARM64_REG_SP_EL1;
	values[n++] = &guest->sp[1];
	ids[n] = UC_ARM64_REG_SP;
	values[n++] = sp;
	ids[n] = UC_ARM64_REG_PSTATE;
	values[n] = pstate;
}

/* ---- registers of EL1 that the vCPU shares ----------------------------------------- */

struct shared_register {
	uint32_t iss;
	size_t offset; /* in struct rmm_vcpu */
};

static const struct shared_register shared_registers[] = {
	{SYSREG_VBAR_EL1, offsetof(struct rmm_vcpu, vbar_el1)},
	{SYSREG_ESR_EL1, offsetof(struct rmm_vcpu, esr_el1)},
	{SYSREG_FAR_EL1, offsetof(struct rmm_vcpu, far_el1)},
	{SYSREG_ELR_EL1, offsetof(struct rmm_vcpu, elr_el1)},
	{SYSREG_SPSR_EL1, offsetof(struct rmm_vcpu, spsr_el1)},
};

#define NUM_SHARED (sizeof(shared_registers) / sizeof(shared_registers[0]))

static uint64_t *shared_field(struct rmm_vcpu *vcpu, size_t i)
{
	return (uint64_t *)((char *)vcpu + shared_registers[i].offset);
}

static void load_shared(struct a64_guest *guest, const struct rmm_vcpu *vcpu)
{
	struct rmm_vcpu now = *vcpu;

	for (size_t i = 0; i < NUM_SHARED; i++) {
		const uint64_t value = *shared_field(&now, i);

		if (*shared_field(&guest->shared, i) == value)
			continue;
		*shared_field(&guest->shared, i) = value;
		engine_write_sysreg(guest, shared_registers[i].iss, value);
	}
}

static void save_shared(struct a64_guest *guest, struct rmm_vcpu *vcpu)
{
	if (!guest->sysregs_changed)
		return;
	guest->sysregs_changed = false;
	for (size_t i = 0; i < NUM_SHARED; i++) {
		*shared_field(vcpu, i) = engine_read_sysreg(guest, shared_registers[i].iss);
		*shared_field(&guest->shared, i) = *shared_field(vcpu, i);
	}
}

/* ---- changing the level --------------------------------------------------------------- */

/* What both levels see and struct rmm_vcpu does not hold. */
static void copy_user_state(uc_engine *from, uc_engine *to)
{
	static const int scalars[] = {UC_ARM64_REG_FPCR, UC_ARM64_REG_FPSR, UC_ARM64_REG_TPIDR_EL0,
				      UC_ARM64_REG_TPIDRRO_EL0};

	for (int i = 0; i < NUM_VECTORS; i++) {
		uint64_t value[2] = {0};

		uc_reg_read(from, UC_ARM64_REG_Q0 + i, value);
		uc_reg_write(to, UC_ARM64_REG_Q0 + i, value);
	}
	for (size_t i = 0; i < sizeof(scalars) / sizeof(scalars[0]); i++) {
		uint64_t value = 0;

		uc_reg_read(from, scalars[i], &value);
		uc_reg_write(to, scalars[i], &value);
	}
}

void engine_copy(uc_engine *from, uc_engine *to, unsigned int el)
{
	/*
	 * MAIR, AMAIR, CONTEXTIDR, TPIDR, AFSR0 and AFSR1, CNTKCTL, ESR, FAR,
	 * SPSR, ELR, VBAR of EL1.
	 */
	static const uc_arm64_cp_reg registers[] = {
		{.op0 = 3, .crn = 10, .crm = 2},
		{.op0 = 3, .crn = 10, .crm = 3},
		{.op0 = 3, .crn = 13, .op2 = 1},
		{.op0 = 3, .crn = 13, .op2 = 4},
		{.op0 = 3, .crn = 5, .crm = 1},
		{.op0 = 3, .crn = 5, .crm = 1, .op2 = 1},
		{.op0 = 3, .crn = 14, .crm = 1},
		{.op0 = 3, .crn = 5, .crm = 2},
		{.op0 = 3, .crn = 6},
		{.op0 = 3, .crn = 4},
		{.op0 = 3, .crn = 4, .op2 = 1},
		{.op0 = 3, .crn = 12},
	};

	copy_user_state(from, to);
	for (size_t i = 0; el == 1 && i < sizeof(registers) / sizeof(registers[0]); i++) {
		uc_arm64_cp_reg reg = registers[i];

		if (uc_reg_read(from, UC_ARM64_REG_CP_REG, &reg) == UC_ERR_OK)
			(void)uc_reg_write(to, UC_ARM64_REG_CP_REG, &reg);
	}
}

static void choose_view(struct a64_guest *guest, const struct rmm_vcpu *vcpu)
{
	struct a64_view *wanted = &guest->views[a64_el(vcpu) ? 1 : 0];

	if (guest->view == wanted)
		return;
	copy_user_state(guest->view->uc, wanted->uc);
	guest->view = wanted;
	guest->code_page = 1;
	/* The engine of EL1 has CPACR_EL1; that of EL0 has none that counts. */
	guest->trap_fp = wanted == &guest->views[0] && engine_traps_fp(guest, 0);
}

/* ---- both ways --------------------------------------------------------------------------- */

/* SP_EL1 is the current stack pointer in EL1h only. */
static unsigned int sp_index(const struct rmm_vcpu *vcpu)
{
	return (vcpu->pstate & PSTATE_MODE) == PSTATE_EL1H;
}

void engine_load(struct a64_guest *guest, const struct rmm_vcpu *vcpu)
{
	struct rmm_vcpu now = *vcpu;
	uint64_t sp = guest->sp[sp_index(vcpu)];
	int ids[NUM_COMMON];
	void *values[NUM_COMMON];

	choose_view(guest, vcpu);
	list_common(guest, now.x, &sp, &now.pstate, ids, values);
	(void)uc_reg_write_batch(guest->view->uc, ids, values, NUM_COMMON);
	load_shared(guest, vcpu);
}

void engine_save(struct a64_guest *guest, struct rmm_vcpu *vcpu)
{
	uint64_t pstate = 0;
	uint64_t sp = 0;
	int ids[NUM_COMMON];
	void *values[NUM_COMMON];

	list_common(guest, vcpu->x, &sp, &pstate, ids, values);
	(void)uc_reg_read_batch(guest->view->uc, ids, values, NUM_COMMON);
	(void)uc_reg_read(guest->view->uc, UC_ARM64_REG_PC, &vcpu->pc);
	vcpu->pstate = (uint32_t)pstate;
	guest->sp[sp_index(vcpu)] = sp;
	save_shared(guest, vcpu);
}
