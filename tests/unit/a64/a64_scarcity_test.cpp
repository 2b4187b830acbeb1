/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Engines that cannot be had, lose their memory, or give up in the middle of the guest's code as
 * Unicorn's assertions do: the vCPU ends at most, and nothing else does.
 */
#include "a64_vcpu.h"
#include "scarcity.h"

#include <cstdlib>

extern "C" {
#include "machine.h"
#include "run.h"
}

namespace
{

/* To EL0 and back, with a block of zeroes on the way and everything forgotten in between. */
const std::vector<uint32_t> program = {
	0xd508871f,                                     /* TLBI VMALLE1 */
	0xd50b7420,                                     /* DC ZVA, X0 */
	0xf9400020,                                     /* LDR X0, [X1] */
	0xd5184027,                                     /* MSR ELR_EL1, X7 */
	0xd5184008,                                     /* MSR SPSR_EL1, X8 */
	0xd69f03e0,                                     /* ERET */
	0xd503201f, 0xd503201f, 0xd503201f, 0xd42000a0, /* BRK #5, at EL0 */
};

class A64Scarcity : public A64Vcpu
{
protected:
	/* Everything from the machine on; true: the program came to its end. */
	bool run_program()
	{
		void *machine = nullptr;
		rmm_error error{};
		bool ended = false;

		if (machine_create(&machine, &error)) {
			EXPECT_STRNE("", error.text);
			return false;
		}
		ops_ = a64_ops();
		guest_ = ops_->attach(machine, 0, 0, 0);
		if (guest_ != nullptr) {
			reset();
			endless_ = false;
			vcpu_.x[0] = vcpu_.x[1] = kData;
			vcpu_.x[7] = kCode + 6 * 4;
			vcpu_.x[8] = kEl0;
			run(program);
			ended = event_.kind == RMM_GUEST_SMC && event_.imm == kInVector;
			/* Where there is no room for a page, it asks for it again. */
			EXPECT_TRUE(ended || event_.kind == RMM_GUEST_END || endless_)
				<< event_.kind;
			ops_->revoke(machine, &ram_[kData], kPage);
			ops_->invalidate(guest_, 0, kRam);
		}
		machine_destroy(machine);
		return ended;
	}
};

TEST_F(A64Scarcity, EndsTheVcpuAtMost)
{
	for (bool lasting : {false, true}) {
		for (unsigned int nth = 1;; nth++) {
			scarcity_refuse(nth, lasting);
			const bool ended = run_program();
			const bool refused = scarcity_end();

			EXPECT_TRUE(ended || refused) << nth;
			if (!refused) {
				EXPECT_LT(10u, nth);
				break;
			}
			ASSERT_FALSE(HasFailure()) << nth;
		}
	}
}

TEST_F(A64Scarcity, NothingIsDestroyedOfNothing)
{
	machine_destroy(nullptr);
	scarcity_refuse(1, false);
	void *machine = nullptr;
	EXPECT_EQ(-1, machine_create(&machine, nullptr));
	scarcity_end();
}

} // namespace

/* ---- Unicorn, which is a shared library -------------------------------------------------- */

extern "C" {
#define REFUSABLE(name, parameters, arguments)                                      \
	uc_err __real_##name parameters;                                            \
	uc_err __wrap_##name parameters;                                            \
	uc_err __wrap_##name parameters                                             \
	{                                                                           \
		return scarcity_refuses() ? UC_ERR_NOMEM : __real_##name arguments; \
	}

REFUSABLE(uc_open, (uc_arch arch, uc_mode mode, uc_engine **uc), (arch, mode, uc))
REFUSABLE(uc_mem_map, (uc_engine * uc, uint64_t at, size_t size, uint32_t rights),
	  (uc, at, size, rights))
REFUSABLE(uc_mem_map_ptr, (uc_engine * uc, uint64_t at, size_t size, uint32_t rights, void *bytes),
	  (uc, at, size, rights, bytes))
REFUSABLE(uc_mem_write, (uc_engine * uc, uint64_t at, const void *bytes, size_t size),
	  (uc, at, bytes, size))

/* The guest's own code only: an engine that dies while it is opened takes its memory along. */
uc_err __real_uc_emu_start(uc_engine *uc, uint64_t begin, uint64_t until, uint64_t timeout,
			   size_t n);
uc_err __wrap_uc_emu_start(uc_engine *uc, uint64_t begin, uint64_t until, uint64_t timeout,
			   size_t n);
uc_err __wrap_uc_emu_start(uc_engine *uc, uint64_t begin, uint64_t until, uint64_t timeout,
			   size_t n)
{
	if (begin < 0x10000 && scarcity_refuses())
		abort();
	return __real_uc_emu_start(uc, begin, until, timeout, n);
}
}
