/* SPDX-License-Identifier: BSD-3-Clause */
/* What the host does to memory while a guest uses it. */
#include <functional>

#include "guests.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/realm.h"
#include "rmmsim/memory.h"
#include "rmmsim/tlb_lint.h"

namespace
{

constexpr uint64_t kRam = 0x10000000;
constexpr uint64_t kMem = UINT64_C(1) << 20;

/* A realm around the guest "lost", whose host does something at its first host call. */
class A64Memory : public ::testing::Test
{
protected:
	void SetUp() override
	{
		rmm_error why{};
		host_error error{};
		rmm_config machine = rmm_config_default();

		(void)default_guest_options();
		ASSERT_EQ(0, rmm_a64_load(nullptr, &a64_, &why)) << why.text;
		machine.guest = rmm_a64_ops(a64_);
		machine.guest_machine = rmm_a64_machine(a64_);
		ASSERT_EQ(0, rmm_system_create(&machine, &sys_, &why)) << why.text;
		ASSERT_EQ(0, rmm_tlb_lint_begin(sys_, nullptr, nullptr));
		host_config config = host_model_config(sys_, 0, 0, &pe_);
		ASSERT_EQ(HOST_OK, host_create(&config, &host_, &error)) << error.text;
	}

	void TearDown() override
	{
		host_error error{};

		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &error)) << error.text;
		EXPECT_EQ(HOST_OK, host_destroy(host_, &error)) << error.text;
		EXPECT_EQ(0u, rmm_num_delegated(sys_));
		EXPECT_GT(rmm_tlb_lint_tally(sys_).accesses, 0u);
		EXPECT_EQ(0u, rmm_tlb_lint_tally(sys_).findings);
		rmm_system_destroy(sys_);
		rmm_a64_unload(a64_);
	}

	void build()
	{
		guest_image image;
		char why[128];
		host_error error{};
		host_realm_params params = host_realm_params_default(host_);
		const host_ipa_range ram = {kRam, kMem};
		const host_ipa_range shared = {UINT64_C(1) << (params.ipa_width - 1), 4096};
		host_image images[GUEST_IMAGE_MAX_SEGMENTS];
		host_rec_params rec{};

		shared_ipa_ = shared.ipa;
		rec.pc = kRam;
		rec.runnable = true;
		rec.gprs[1] = shared.ipa;
		ASSERT_TRUE(guest_image_load(GUESTS "/lost.elf", kRam, &image, why, sizeof(why)));
		params.num_images = 0;
		for (size_t i = 0; i < image.num_segments; i++)
			if (image.segments[i].size)
				images[params.num_images++] = {image.segments[i].ipa,
							       image.segments[i].data,
							       image.segments[i].size, true};
		params.images = images;
		params.ram = &ram;
		params.num_ram = 1;
		params.shared = &shared;
		params.num_shared = 1;
		params.recs = &rec;
		params.num_recs = 1;
		params.activate = true;
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error)) << error.text;
		ASSERT_TRUE(host_realm_shared_pa(realm_, shared.ipa, &shared_pa_));
		guest_image_free(&image);
	}

	void run()
	{
		host_run_ops ops{};
		host_run_result result{};
		host_error error{};

		ops.ctx = this;
		ops.host_call = on_host_call;
		ASSERT_EQ(HOST_OK, host_rec_run(realm_, 0, &ops, 1000, &result, &error))
			<< error.text;
		EXPECT_EQ(HOST_RUN_SYSTEM_OFF, result.end);
	}

	static host_verdict on_host_call(void *ctx, uint16_t, uint64_t gprs[HOST_REC_NUM_GPRS])
	{
		auto *self = static_cast<A64Memory *>(ctx);

		if (self->console_.empty() && self->meanwhile_)
			self->meanwhile_();
		self->console_ += static_cast<char>(gprs[0]);
		return HOST_CONTINUE;
	}

	rmm_a64 *a64_ = nullptr;
	rmm_system *sys_ = nullptr;
	rmm_conduit_ctx pe_{};
	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	uint64_t shared_ipa_ = 0;
	uint64_t shared_pa_ = 0;
	std::string console_;
	std::function<void()> meanwhile_;
};

} // namespace

TEST_F(A64Memory, ReadsSharedMemory)
{
	build();
	run();
	EXPECT_EQ("read\nread again\n", console_);
}

TEST_F(A64Memory, ASharedPageThatIsDelegatedFaults)
{
	build();
	meanwhile_ = [this] {
		smc_regs regs{};

		regs.x[0] = FID_RMI_GRANULE_RANGE_DELEGATE;
		regs.x[1] = shared_pa_;
		regs.x[2] = shared_pa_ + 4096;
		rmm_smc(sys_, 0, &regs);
		EXPECT_EQ(0u, regs.x[0]);
	};
	run();
	/* Granule protection fault, not on a table walk: FSC 0x28. */
	EXPECT_EQ(0u, console_.find("read\nunexpected exception: ESR 0000000096000028"))
		<< console_;

	smc_regs regs{};
	regs.x[0] = FID_RMI_GRANULE_RANGE_UNDELEGATE;
	regs.x[1] = shared_pa_;
	regs.x[2] = shared_pa_ + 4096;
	rmm_smc(sys_, 0, &regs);
	EXPECT_EQ(0u, regs.x[0]);
}

TEST_F(A64Memory, CodeThatTheHostUnmapsIsMissed)
{
	build();
	meanwhile_ = [this] {
		host_error error{};

		EXPECT_EQ(HOST_OK, host_realm_unmap(realm_, kRam, 4096, &error)) << error.text;
	};
	host_run_ops ops{};
	host_run_result result{};
	host_error error{};
	ops.ctx = this;
	ops.host_call = on_host_call;
	/* The page was destroyed, which the realm never accepted: there is no way on. */
	const host_status status = host_rec_run(realm_, 0, &ops, 50, &result, &error);
	EXPECT_NE(HOST_RUN_SYSTEM_OFF, status == HOST_OK ? result.end : HOST_RUN_UNHANDLED);
	EXPECT_GT(10u, console_.size());
}
