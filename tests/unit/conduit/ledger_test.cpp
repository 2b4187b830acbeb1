/* SPDX-License-Identifier: BSD-3-Clause */
/* What the ledger knows, call by call. */
#include "bench_machine.h"

namespace
{

class Ledger : public Bench
{
protected:
	Ledger()
	{
		machine_.config.active_at_boot = true;
	}

	void adjust(host_workbench_config &config) override
	{
		config.backtrace = true;
	}

	host_ledger *ledger()
	{
		return host_workbench_ledger(bench_);
	}

	host_held_entry at(uint64_t pa)
	{
		host_held_entry entry{};

		EXPECT_TRUE(host_ledger_at(ledger(), pa, &entry)) << std::hex << pa;
		return entry;
	}

	void delegate(uint64_t pa, uint64_t pages)
	{
		ASSERT_EQ(uint64_t(RMI_SUCCESS),
			  rmi_granule_range_delegate(&conduit_, pa, pa + pages * kPage).result);
	}
};

TEST_F(Ledger, KnowsWhoDelegated)
{
	delegate(kDram, 4);
	delegate(kDram + 8 * kPage, 1);

	host_held_entry run = at(kDram + kPage);
	EXPECT_EQ(HOST_HELD_DELEGATED, run.kind);
	EXPECT_EQ(kDram, run.base);
	EXPECT_EQ(4 * kPage, run.size);
	EXPECT_EQ(1u, run.taken.call);
	EXPECT_STREQ("RMI_GRANULE_RANGE_DELEGATE", run.taken.command);
	EXPECT_EQ(2u, at(kDram + 8 * kPage).taken.call);
	EXPECT_FALSE(host_ledger_at(ledger(), kDram + 4 * kPage, nullptr));
	EXPECT_EQ(5u, host_ledger_granules(ledger()));

	void *const *frames = nullptr;
	EXPECT_LT(0u, host_ledger_backtrace(ledger(), &run.taken, &frames));
	expect_agreement();
}

TEST_F(Ledger, SplitsAndForgets)
{
	delegate(kDram, 8);
	rmi_granule_range_undelegate(&conduit_, kDram + 2 * kPage, kDram + 5 * kPage);
	EXPECT_EQ(5u, host_ledger_granules(ledger()));
	EXPECT_FALSE(host_ledger_at(ledger(), kDram + 3 * kPage, nullptr));
	EXPECT_EQ(2 * kPage, at(kDram).size);
	EXPECT_EQ(3 * kPage, at(kDram + 5 * kPage).size);
	expect_agreement();
}

TEST_F(Ledger, FollowsARealmThroughItsLife)
{
	WholeLife life(machine_);
	struct Watch {
		Ledger *test;
		smc_conduit next;
	} watch{this, conduit_};

	/* Between any two calls of a whole life the model says the same. */
	conduit_ = {[](void *ctx, smc_regs *regs) {
			    auto *w = static_cast<Watch *>(ctx);
			    smc_call(&w->next, regs);
			    w->test->expect_agreement();
		    },
		    &watch};
	host_config config = host_on(machine_, bench_);
	config.conduit = conduit_;
	host *host = nullptr;
	host_error why{};
	ASSERT_EQ(HOST_OK, host_create(&config, &host, &why)) << why.text;
	const host_ipa_range ram = {HOST_DEFAULT_RAM_IPA, 600 * kPage};
	const host_ipa_range shared = {UINT64_C(1) << 38, 3 * kPage};
	const host_rec_params cpu{};
	host_realm_params params = host_realm_params_default(host);
	host_realm *realm = nullptr;
	params.ram = &ram, params.num_ram = 1;
	params.shared = &shared, params.num_shared = 1;
	params.recs = &cpu, params.num_recs = 1;
	ASSERT_EQ(HOST_OK, host_realm_build(host, &params, &realm, &why)) << why.text;
	ASSERT_EQ(HOST_OK, host_realm_map(realm, ram.ipa, ram.size, &why)) << why.text;

	EXPECT_EQ(HOST_HELD_RD, at(host_realm_rd(realm)).kind);
	EXPECT_EQ(HOST_HELD_REC, at(host_realm_rec(realm, 0)).kind);
	EXPECT_EQ(host_realm_rd(realm), at(host_realm_rec(realm, 0)).realm);
	uint64_t mappings = 0;
	host_ledger_each(
		ledger(),
		[](void *ctx, const host_held_entry *e) {
			*static_cast<uint64_t *>(ctx) +=
				e->kind == HOST_HELD_NS_MAPPING ? e->size / kPage : 0;
		},
		&mappings);
	EXPECT_EQ(3u, mappings);

	ASSERT_EQ(HOST_OK, host_realm_unmap(realm, ram.ipa, 100 * kPage, &why)) << why.text;
	ASSERT_EQ(HOST_OK, host_realm_destroy(realm, &why)) << why.text;
	ASSERT_EQ(HOST_OK, host_destroy(host, &why)) << why.text;
	EXPECT_EQ(0u, host_ledger_granules(ledger()));
	EXPECT_EQ(0u, host_workbench_finish(bench_)) << all_findings();
}

TEST_F(Ledger, FollowsOperations)
{
	open("RMI_REC_CREATE=yield:2");
	delegate(kDram, 2);
	smc_regs regs = {{FID_RMI_REC_CREATE, kDram, kDram + kPage, kDram + 0x10000}};

	smc_call(&conduit_, &regs);
	ASSERT_EQ(uint64_t(RMI_INCOMPLETE), rmi_result_get_status(regs.x[0]));
	EXPECT_EQ(1u, host_ledger_operations(ledger()));
	EXPECT_EQ(HOST_HELD_PARTIAL, at(kDram + kPage).kind);
	host_workbench_finish(bench_);
	EXPECT_EQ(1u, found(HOST_FINDING_OPERATION_ABANDONED));

	/* There is no realm: the operation fails, and the page is as it was. */
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE),
		  rmi_result_get_status(rmi_op_continue(&conduit_, regs.x[1], 0).result));
	EXPECT_EQ(uint64_t(RMI_ERROR_INPUT), rmi_op_continue(&conduit_, regs.x[1], 0).result);
	EXPECT_EQ(0u, host_ledger_operations(ledger()));
	EXPECT_EQ(HOST_HELD_DELEGATED, at(kDram + kPage).kind);
	expect_agreement();
}

TEST_F(Ledger, SaysWhatWouldFreeIt)
{
	delegate(kDram, 1);
	host_held_entry entry = at(kDram);
	char text[256];

	host_held_remedy(&entry, text, sizeof(text));
	EXPECT_STREQ("RMI_GRANULE_RANGE_UNDELEGATE (1.0: RMI_GRANULE_UNDELEGATE) of "
		     "[0x80000000, 0x80001000)",
		     text);
	host_held_describe(&entry, text, sizeof(text));
	EXPECT_STREQ("1 granule at 0x80000000: DELEGATED, delegated by call 1 "
		     "(RMI_GRANULE_RANGE_DELEGATE)",
		     text);

	char *table = nullptr;
	size_t size = 0;
	FILE *out = open_memstream(&table, &size);
	host_ledger_print(ledger(), out);
	fclose(out);
	EXPECT_NE(nullptr, strstr(table, "1 granules, 0 operations")) << table;
	EXPECT_NE(nullptr, strstr(table, "freed by: RMI_GRANULE_RANGE_UNDELEGATE")) << table;
	free(table);
}

} /* namespace */
