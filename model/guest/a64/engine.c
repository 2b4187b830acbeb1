/* SPDX-License-Identifier: BSD-3-Clause */
#include "engine.h"

#include "engine_guard.h"
#include "engine_hooks.h"
#include "engine_state.h"
#include "register.h"
#include "sysreg.h"

/* Never the address of an instruction. */
#define NO_END           UINT64_C(1)

#define STUB_VA          UINT64_C(0x10000)

#define CPACR_FPEN_SHIFT 20
#define CPACR_FP_FREE    (UINT64_C(3) << CPACR_FPEN_SHIFT)

/* After an engine gave up: more instructions than a block has in practice. */
#define CAREFUL_STEPS    256u
#define MAX_FAILURES     1000u

/*
 * What only code of the guest can do to an engine: CPACR_EL1 and the exception
 * level take effect with the instructions that change them.
 */
static const uint32_t stub[] = {
	0xd5181040, /* msr cpacr_el1, x0 */
	0xd5184021, /* msr elr_el1, x1: behind the stub */
	0xd69f03e0, /* eret; SPSR_EL1 is 0: EL0t */
};

static bool run_stub(uc_engine *uc, uint64_t cpacr, size_t instructions)
{
	const uint64_t end = STUB_VA + instructions * sizeof(stub[0]);
	bool ok = uc_mem_map(uc, STUB_VA, A64_PAGE_SIZE, UC_PROT_ALL) == UC_ERR_OK &&
		  uc_mem_write(uc, STUB_VA, stub, sizeof(stub)) == UC_ERR_OK;

	uc_reg_write(uc, UC_ARM64_REG_X0, &cpacr);
	uc_reg_write(uc, UC_ARM64_REG_X1, &end);
	ok = ok && uc_emu_start(uc, STUB_VA, end, 0, 0) == UC_ERR_OK;
	(void)uc_ctl_remove_cache(uc, STUB_VA, STUB_VA + A64_PAGE_MASK);
	return ok && uc_mem_unmap(uc, STUB_VA, A64_PAGE_SIZE) == UC_ERR_OK;
}

struct opening {
	struct a64_guest *guest;
	unsigned int el;
	uint64_t cpacr;
	uc_engine *uc; /* NULL: it failed */
};

static void open_engine(void *ctx)
{
	struct opening *o = ctx;
	uc_engine *uc;

	if (uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &uc) != UC_ERR_OK)
		return;
	if (uc_ctl_set_cpu_model(uc, UC_CPU_ARM64_MAX) == UC_ERR_OK &&
	    run_stub(uc, o->cpacr, o->el == 1 ? 1 : 3) && engine_add_hooks(o->guest, uc))
		o->uc = uc;
	else
		(void)uc_close(uc);
}

/* A new engine of EL1, or of EL0, which traps no FP and SIMD by itself. */
static uc_engine *open_at(struct a64_guest *guest, unsigned int el, uint64_t cpacr)
{
	struct opening o = {.guest = guest, .el = el, .cpacr = el == 1 ? cpacr : CPACR_FP_FREE};

	return engine_guarded(open_engine, &o) ? o.uc : NULL;
}

bool engine_open(struct a64_guest *guest, unsigned int el)
{
	struct a64_view *view = &guest->views[el];

	if (guest->failures > MAX_FAILURES)
		return false;
	if (!view->uc)
		view->uc = open_at(guest, el, 0);
	return view->uc;
}

static void close_engine(void *uc)
{
	(void)uc_close(uc);
}

void engine_close(struct a64_view *view)
{
	if (view->uc)
		(void)engine_guarded(close_engine, view->uc);
	view->uc = NULL;
	a64_table_free(&view->pages);
}

void engine_retire(struct a64_guest *guest)
{
	guest->failures = MAX_FAILURES + 1;
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

/* ---- engines that gave up ------------------------------------------------------ */

static bool map_pages(const struct a64_view *view, uc_engine *uc)
{
	for (size_t i = 0; i < view->pages.capacity; i++) {
		const struct a64_page *page = &view->pages.pages[i];

		if (page->bytes && uc_mem_map_ptr(uc, page->key, A64_PAGE_SIZE, page->rights,
						  page->bytes) != UC_ERR_OK)
			return false;
	}
	return true;
}

/* The state, which has been saved as far as the vCPU holds it, moves to a new engine. */
static void replace(struct a64_guest *guest)
{
	struct a64_view *view = guest->view;
	const unsigned int el = view == &guest->views[1];
	uc_engine *old = view->uc;
	uc_engine *fresh = open_at(guest, el, engine_read_sysreg(guest, SYSREG_CPACR_EL1));

	if (!fresh || !map_pages(view, fresh)) {
		engine_retire(guest);
		if (fresh)
			(void)uc_close(fresh);
		return;
	}
	engine_copy(old, fresh, el);
	view->uc = fresh;
	/* Cut off in the middle of something, it may not even be able to end. */
	(void)engine_guarded(close_engine, old);
}

static void recover(struct a64_guest *guest, bool stuck)
{
	guest->failures++;
	guest->stop = stuck ? A64_STOP_EXCEPTION : A64_STOP_SLICE;
	guest->exception = ENGINE_EXC_UNDEFINED;
	guest->careful = stuck ? 0 : CAREFUL_STEPS;
	replace(guest);
}

struct start {
	uc_engine *uc;
	uint64_t begin;
	uint64_t end;
};

static void start_engine(void *ctx)
{
	const struct start *start = ctx;

	(void)uc_emu_start(start->uc, start->begin, start->end, 0, 0);
}

uint64_t engine_run(struct a64_guest *guest, struct rmm_vcpu *vcpu, uint64_t max_instructions)
{
	const bool careful = guest->careful > 0;
	const uint64_t max = careful && max_instructions ? 1 : max_instructions;

	guest->stop = A64_STOP_NONE;
	guest->left = max;
	engine_load(guest, vcpu);
	struct start start = {.uc = guest->view->uc,
			      .begin = vcpu->pc,
			      .end = careful ? vcpu->pc + A64_INSTRUCTION_BYTES : NO_END};
	const bool survived = engine_guarded(start_engine, &start);
	engine_save(guest, vcpu);
	if (!survived) {
		recover(guest, careful && guest->left == max);
		return max - guest->left;
	}
	if (careful)
		guest->careful--;
	return executed(guest, max);
}

/* ---- FP and SIMD ------------------------------------------------------------------- */

bool engine_traps_fp(const struct a64_guest *guest, unsigned int el)
{
	const uint64_t fpen = engine_read_sysreg(guest, SYSREG_CPACR_EL1) >> CPACR_FPEN_SHIFT & 3;

	return el ? !(fpen & 1) : fpen != 3;
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
