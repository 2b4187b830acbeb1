/* SPDX-License-Identifier: BSD-3-Clause */
/* Fault injection: the text form, and what each means does. */
#include "bench_machine.h"

namespace
{

class Injection : public Bench
{
protected:
	Injection()
	{
		machine_.config.active_at_boot = true;
	}

	uint64_t status(uint64_t x0)
	{
		return rmi_result_get_status(x0);
	}

	rmi_granule_range_delegate_result delegate(uint64_t page, uint64_t pages)
	{
		return rmi_granule_range_delegate(&conduit_, kDram + page * kPage,
						  kDram + (page + pages) * kPage);
	}

	std::string rejected(const char *text)
	{
		host_error why{};
		host_injector *injector = nullptr;
		host_injector_config config{};
		config.version = RMM_VERSION_2_0_BET1;
		EXPECT_EQ(0, host_injector_create(&config, &injector));
		EXPECT_EQ(HOST_ERROR_CONFIG, host_injector_parse(injector, text, &why)) << text;
		host_injector_destroy(injector);
		return why.text;
	}
};

TEST_F(Injection, FailsTheNthCall)
{
	open("RMI_GRANULE_RANGE_DELEGATE@2=RMI_GRANULE_RANGE_DELEGATE_STATE");
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(0, 1).result);
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), delegate(1, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(1, 1).result);
	EXPECT_EQ(1u, host_injector_injected(host_workbench_injector(bench_)));
	EXPECT_EQ(3u, host_injector_calls_of(host_workbench_injector(bench_),
					     RMM_CMD_RMI_GRANULE_RANGE_DELEGATE));
}

TEST_F(Injection, SchedulesBusy)
{
	open("RMI_GRANULE_RANGE_DELEGATE@2x2=RMI_BUSY; RMI_VERSION/2=NOT_SUPPORTED");
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(0, 1).result);
	EXPECT_EQ(uint64_t(RMI_BUSY), delegate(1, 1).result);
	EXPECT_EQ(uint64_t(RMI_BUSY), delegate(1, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(1, 1).result);
	EXPECT_EQ(UINT64_MAX, rmi_version(&conduit_, 0x20000).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), rmi_version(&conduit_, 0x20000).result);
	EXPECT_EQ(UINT64_MAX, rmi_version(&conduit_, 0x20000).result);
}

TEST_F(Injection, LevelOfAWalk)
{
	open("RMI_RTT_CREATE=RMI_RTT_CREATE_RTT_WALK:1");
	EXPECT_EQ(uint64_t(RMI_ERROR_RTT | 1 << 8), rmi_rtt_create(&conduit_, 0, 0, 0, 3).result);
}

TEST_F(Injection, SameSeedSameChoices)
{
	std::string first;

	for (int run = 0; run < 2; run++) {
		std::string choices;
		restart("seed=5; *%300=RMI_BUSY");
		for (uint64_t i = 0; i < 64; i++)
			choices += delegate(i, 1).result == RMI_BUSY ? 'b' : '-';
		EXPECT_NE(std::string::npos, choices.find('b'));
		EXPECT_NE(std::string::npos, choices.find('-'));
		first = run ? first : choices;
		EXPECT_EQ(first, choices);
	}
}

TEST_F(Injection, ShortProgress)
{
	open("RMI_GRANULE_RANGE_DELEGATE@1=progress:3; RMI_GRANULE_RANGE_DELEGATE@2=progress:0");
	EXPECT_EQ(kDram + 3 * kPage, delegate(0, 8).out_top);
	EXPECT_EQ(kDram + 3 * kPage, delegate(3, 5).out_top);
	EXPECT_EQ(kDram + 8 * kPage, delegate(3, 5).out_top);
	EXPECT_EQ(8u, rmm_num_delegated(machine_.sys()));
}

TEST_F(Injection, El3KeepsMemory)
{
	open("refuse=0x80002000+4K");
	EXPECT_EQ(kDram + 2 * kPage, delegate(0, 4).out_top);
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), delegate(2, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(3, 1).result);
	EXPECT_EQ(3u, rmm_num_delegated(machine_.sys()));
}

TEST_F(Injection, YieldsThenExecutes)
{
	open("RMI_GRANULE_RANGE_UNDELEGATE=yield:2");
	delegate(0, 2);
	smc_regs regs = {{FID_RMI_GRANULE_RANGE_UNDELEGATE, kDram, kDram + 2 * kPage}};
	smc_call(&conduit_, &regs);
	ASSERT_EQ(uint64_t(RMI_INCOMPLETE), status(regs.x[0]));
	const uint64_t handle = regs.x[1];

	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), status(rmi_op_continue(&conduit_, handle, 0).result));
	EXPECT_EQ(2u, rmm_num_delegated(machine_.sys()));
	regs = {{FID_RMI_OP_CONTINUE, handle, 0}};
	smc_call(&conduit_, &regs);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), status(regs.x[0]));
	EXPECT_EQ(kDram + 2 * kPage, regs.x[1]);
	EXPECT_EQ(0u, rmm_num_delegated(machine_.sys()));
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), rmi_op_continue(&conduit_, handle, 0).result);
	EXPECT_EQ(1u, found(HOST_FINDING_HANDLE_STALE));
}

TEST_F(Injection, LimitsContexts)
{
	open("RMI_GRANULE_RANGE_UNDELEGATE@1=yield:1; contexts=1");
	delegate(0, 2);
	auto first = rmi_granule_range_undelegate(&conduit_, kDram, kDram + kPage);
	ASSERT_EQ(uint64_t(RMI_INCOMPLETE), status(first.result));
	EXPECT_EQ(uint64_t(RMI_BLOCKED), status(delegate(4, 1).result));
	rmi_op_continue(&conduit_, first.out_top, 0);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), status(delegate(4, 1).result));
}

TEST_F(Injection, PoisonsUndefinedOutputs)
{
	open("poison");
	auto r = delegate(0, 0);
	uint64_t call = 0;

	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), r.result);
	EXPECT_TRUE(host_poison_call(r.out_top, &call));
	EXPECT_EQ(1u, call);
	EXPECT_TRUE(host_poison_call(r.out_top + 17 * kPage, &call));
	EXPECT_EQ(1u, call);
	EXPECT_FALSE(host_poison_call(kDram, &call));
	/* What a failure defines stays. */
	EXPECT_NE(uint64_t(RMI_SUCCESS), rmi_version(&conduit_, 0x10000).result);
	EXPECT_EQ(0x20000u, rmi_version(&conduit_, 0x10000).higher);
}

/* A whole life up to an active realm with one REC, by hand. */
class InjectionOnARealm : public Injection
{
protected:
	void build(const std::string &inject, host_rec_params cpu = {})
	{
		restart(inject);
		ASSERT_EQ(HOST_OK, host_create_on_bench()) << error_.text;
		host_realm_params params = host_realm_params_default(host_);
		const host_ipa_range ram = {kRam, 4 * HOST_BLOCK_SIZE};
		cpu.runnable = true;
		params.ram = &ram, params.num_ram = 1;
		params.recs = &cpu, params.num_recs = 1;
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_))
			<< error_.text;
	}

	host_status host_create_on_bench()
	{
		host_config config = host_on(machine_, bench_);

		config.pool_size = 64 << 20;
		return host_create(&config, &host_, &error_);
	}

	void TearDown() override
	{
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
		EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
		EXPECT_EQ(0u, rmm_num_delegated(machine_.sys()));
		Injection::TearDown();
	}

	/* One word of the exit record of the only REC. */
	uint64_t exit_word(size_t offset)
	{
		uint64_t word = 0;
		const uint64_t run = run_page();

		EXPECT_TRUE(rmm_host_read(machine_.sys(), run + 0x800 + offset, &word, 8, nullptr));
		return word;
	}

	uint64_t run_page()
	{
		uint64_t pa = 0;

		host_pages_report(
			host_pool(host_),
			[](void *ctx, const host_pages_line *line) {
				if (std::string(line->owner) == "REC run page")
					*static_cast<uint64_t *>(ctx) = line->first_pa;
			},
			&pa);
		return pa;
	}

	static constexpr uint64_t kRam = 0x40000000;
	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_error error_{};
};

TEST_F(InjectionOnARealm, PoisonsWhatAnExitDoesNotDefine)
{
	struct rmm2_0b1_rmi_rec_enter enter {
	};
	struct rmm2_0b1_rmi_rec_exit exit {
	};
	uint64_t call = 0;

	build("poison; RMI_REC_ENTER@2=RMI_ERROR_REC");
	rmm_set_irq(machine_.sys(), 0, true);
	ASSERT_EQ(HOST_OK, host_rec_enter(realm_, 0, &enter, &exit, &error_)) << error_.text;
	EXPECT_EQ(uint8_t(RMI_EXIT_IRQ), exit.exit_reason);
	EXPECT_TRUE(host_poison_call(exit_word(0x7f8), &call)) << "padding";
	EXPECT_FALSE(host_poison_call(exit.gprs[0], &call));

	/* Of an entry that failed nothing is defined. */
	EXPECT_EQ(HOST_ERROR_RMI, host_rec_enter(realm_, 0, &enter, &exit, &error_));
	for (size_t offset : {size_t(0), offsetof(rmm2_0b1_rmi_rec_exit, gprs), size_t(0x7f8)})
		EXPECT_TRUE(host_poison_call(exit_word(offset), &call)) << offset;
	EXPECT_EQ(host_injector_calls(host_workbench_injector(bench_)), call);
}

TEST_F(InjectionOnARealm, ProgressDoesNotCutBlocks)
{
	build("RMI_RTT_DATA_MAP=progress:1; RMI_RTT_DATA_UNMAP@1x20=progress:1");
	ASSERT_EQ(HOST_OK, host_realm_map(realm_, kRam, HOST_BLOCK_SIZE + 2 * kPage, &error_))
		<< error_.text;
	const auto entry = rmi_rtt_read_entry(&conduit_, host_realm_rd(realm_), kRam, 3);
	EXPECT_EQ(2u, entry.walk_level);
	EXPECT_EQ(uint64_t(RMI_RTTE_DATA), entry.state);
	const uint64_t maps =
		host_injector_calls_of(host_workbench_injector(bench_), RMM_CMD_RMI_RTT_DATA_MAP);
	EXPECT_LE(4u, maps) << "a block, a page, a page, and what grows the tree";
	ASSERT_EQ(HOST_OK, host_realm_unmap(realm_, kRam, 2 * HOST_BLOCK_SIZE, &error_))
		<< error_.text;
	EXPECT_EQ(0u, host_workbench_finish(bench_) -
			      host_findings_count_of(host_workbench_findings(bench_),
						     HOST_FINDING_REALM_LEAKED) -
			      host_findings_count_of(host_workbench_findings(bench_),
						     HOST_FINDING_PAGE_LEAKED))
		<< all_findings();
}

TEST_F(InjectionOnARealm, AsksForMoreAndGivesItBack)
{
	build("RMI_REC_CREATE=ask:5");
	const host_sro *operations = host_operations(host_);

	EXPECT_LT(0u, operations->operations);
	EXPECT_EQ(0u, operations->num_suspended);
	EXPECT_LT(0u, host_injector_injected(host_workbench_injector(bench_)));
}

TEST_F(InjectionOnARealm, TakesLessThanIsOffered)
{
	build("RMI_OP_MEM_DONATE=consume:3");
	/* 16 granules, three at a time. */
	EXPECT_EQ(6u, host_injector_calls_of(host_workbench_injector(bench_),
					     RMM_CMD_RMI_OP_MEM_DONATE));
}

TEST_F(Injection, AMachineThatWasNotReset)
{
	machine_.config.active_at_boot = false;
	restart("second-boot");
	EXPECT_EQ(uint64_t(RMI_ERROR_GLOBAL), rmi_rmm_config_set(&conduit_, kDram).result);
	EXPECT_EQ(uint64_t(RMI_ERROR_GLOBAL), rmi_rmm_activate(&conduit_).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), rmi_version(&conduit_, 0x20000).result);
}

TEST_F(Injection, MemoryWithoutAGptCannotBeDelegated)
{
	open("no-gpt=0x80000000+1G");
	EXPECT_NE(uint64_t(RMI_SUCCESS), delegate(0, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), rmi_gpt_l1_create(&conduit_, kDram).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), delegate(0, 1).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS),
		  rmi_granule_range_undelegate(&conduit_, kDram, kDram + kPage).result);
	EXPECT_EQ(uint64_t(RMI_SUCCESS), rmi_gpt_l1_destroy(&conduit_, kDram).result);
	EXPECT_NE(uint64_t(RMI_SUCCESS), delegate(0, 1).result);
}

/* One place where each item of the list is used, so that none is words only. */
TEST_F(Injection, EveryItemOfTheTextIsUnderstood)
{
	for (const char *text :
	     {"RMI_RTT_CREATE@3=RMI_RTT_CREATE_RTT_STATE",
	      "RMI_RTT_CREATE=RMI_RTT_CREATE_RTT_WALK:1", "*/3=RMI_BUSY",
	      "RMI_REC_ENTER@2x5=RMI_BUSY", "RMI_REC_ENTER@2+=RMI_BLOCKED", "*%20=RMI_BUSY; seed=7",
	      "RMI_VERSION=NOT_SUPPORTED", "RMI_REC_ENTER!3=RMI_ERROR_REC",
	      "RMI_GRANULE_RANGE_DELEGATE=progress:1", "RMI_GRANULE_RANGE_DELEGATE=progress:0",
	      "RMI_RTT_DATA_MAP=yield:3", "RMI_REC_CREATE=ask:5", "RMI_OP_MEM_DONATE=consume:2",
	      "contexts=1", "refuse=0x80002000+4K", "no-gpt=0x80000000+1G", "second-boot",
	      "poison"})
		open(text);
}

TEST_F(Injection, TextErrorsNameTheItem)
{
	EXPECT_NE(std::string::npos, rejected("RMI_NONE=RMI_BUSY").find("no such command"));
	EXPECT_NE(std::string::npos, rejected("RMI_VERSION@0=RMI_BUSY").find("@N"));
	EXPECT_NE(std::string::npos, rejected("RMI_VERSION=RMI_MAYBE").find("RMI_MAYBE"));
	EXPECT_NE(std::string::npos,
		  rejected("RMI_VERSION=RMI_RTT_CREATE_RTT_WALK").find("another command"));
	for (const char *never :
	     {"RMI_RTT_CREATE=RMI_SUCCESS", "RMI_RTT_DESTROY=RMI_INCOMPLETE",
	      "RMI_RTT_CREATE=RMI_ERROR_REC", "RMI_RTT_CREATE=progress:1", "RMI_REC_ENTER=yield:1",
	      "RMI_REC_CREATE=consume:2", "RMI_RTT_DATA_MAP=ask:2", "RMI_REC_CREATE=ask:100000"})
		EXPECT_NE(std::string::npos, rejected(never).find("cannot happen")) << never;
	for (const char *level : {"9", "-2", "", "1x"})
		EXPECT_NE(std::string::npos,
			  rejected((std::string("RMI_RTT_CREATE=RMI_RTT_CREATE_RTT_WALK:") + level)
					   .c_str())
				  .find("the action is"))
			<< level;
	EXPECT_NE(std::string::npos, rejected("RMI_VERSION").find("COMMAND=ACTION"));
	EXPECT_NE(std::string::npos, rejected("poison; refuse=12+4K").find("refuse=12+4K"));
	EXPECT_NE(std::string::npos, rejected("contexts").find("number"));
	EXPECT_NE(std::string::npos, rejected(std::string(500, 'A').c_str()).find("too long"));
	/* From 1.0: the same text means nothing there. */
	EXPECT_NE(std::string::npos, rejected("RMI_DATA_CREATE=RMI_BUSY").find("no such command"));
}

} /* namespace */
