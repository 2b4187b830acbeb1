/* SPDX-License-Identifier: BSD-3-Clause */
/* Exhaustive mode names the call whose failure a host does not survive. */
#include <map>

#include "bench_machine.h"

namespace
{

/* Two pages are delegated and given back; what fails is handled by `on_failure`. */
struct Host {
	Machine machine;
	std::map<uint64_t, host_attempt> bad;
	void (*on_failure)(Host *host, host_workbench *bench) = nullptr;

	Host()
	{
		machine.config.active_at_boot = true;
	}

	static int setup(void *ctx, host_workbench_config *bench)
	{
		auto *self = static_cast<Host *>(ctx);
		if (!self->machine.start())
			return -1;
		const host_workbench_config given = *bench;
		*bench = self->machine.bench();
		bench->stuck = given.stuck;
		bench->stuck_ctx = given.stuck_ctx;
		bench->busy_limit = 100;
		bench->repeat_limit = 100;
		return 0;
	}

	static void run(void *ctx, host_workbench *bench)
	{
		auto *self = static_cast<Host *>(ctx);
		smc_conduit smc = host_workbench_conduit(bench);

		if (rmi_granule_range_delegate(&smc, kDram, kDram + kPage).result != RMI_SUCCESS)
			return;
		if (rmi_granule_range_delegate(&smc, kDram + kPage, kDram + 2 * kPage).result !=
		    RMI_SUCCESS)
			return self->on_failure(self, bench);
		rmi_granule_range_undelegate(&smc, kDram, kDram + 2 * kPage);
		rmi_granule_range_undelegate(&smc, kDram, kDram + 2 * kPage);
	}

	static void report(void *ctx, const host_attempt *attempt)
	{
		if (attempt->call == 2)
			static_cast<Host *>(ctx)->bad[attempt->call] = *attempt;
	}

	host_attempt second_call_fails(uint32_t timeout_ms)
	{
		host_exhaustive_config config{};
		host_exhaustive_result result{};

		config.ctx = this;
		config.setup = setup;
		config.run = run;
		config.report = report;
		config.timeout_ms = timeout_ms;
		EXPECT_EQ(0, host_exhaustive(&config, &result));
		EXPECT_EQ(4u, result.calls);
		EXPECT_EQ(5u, result.attempts);
		return bad[2];
	}
};

void undo(Host *, host_workbench *bench)
{
	smc_conduit smc = host_workbench_conduit(bench);
	rmi_granule_range_undelegate(&smc, kDram, kDram + kPage);
}

void forget(Host *, host_workbench *)
{
}

void spin(Host *, host_workbench *bench)
{
	smc_conduit smc = host_workbench_conduit(bench);
	while (rmi_granule_range_delegate(&smc, kDram, kDram + kPage).result != RMI_SUCCESS)
		;
}

void crash(Host *, host_workbench *)
{
	abort();
}

TEST(ExhaustiveMode, SeesACleanErrorPath)
{
	Host host;
	host.on_failure = undo;
	for (uint32_t timeout : {0u, 10000u})
		EXPECT_EQ(HOST_OUTCOME_CLEAN, host.second_call_fails(timeout).outcome);
}

TEST(ExhaustiveMode, NamesALeak)
{
	Host host;
	host.on_failure = forget;
	for (uint32_t timeout : {0u, 10000u}) {
		host_attempt attempt = host.second_call_fails(timeout);
		EXPECT_EQ(HOST_OUTCOME_FINDINGS, attempt.outcome);
		EXPECT_STREQ("RMI_GRANULE_RANGE_DELEGATE", attempt.command);
		ASSERT_EQ(1u, attempt.num_findings);
		EXPECT_EQ(HOST_FINDING_PAGE_LEAKED, attempt.findings[0].kind);
		EXPECT_EQ(kDram, attempt.findings[0].address);
		EXPECT_EQ(1u, attempt.findings[0].origin);
	}
}

TEST(ExhaustiveMode, NamesAHangAndACrash)
{
	Host host;
	host.on_failure = spin;
	EXPECT_EQ(HOST_OUTCOME_HANG, host.second_call_fails(10000).outcome);
	host.on_failure = crash;
	host_attempt attempt = host.second_call_fails(10000);
	EXPECT_EQ(HOST_OUTCOME_CRASH, attempt.outcome);
	EXPECT_EQ(SIGABRT, attempt.signal);
}

} /* namespace */
