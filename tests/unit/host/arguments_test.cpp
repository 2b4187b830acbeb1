/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Pointers to nothing at the interface of the host library and the workbench:
 * an error with a sentence, or the value that says "nothing"; never a crash.
 */
#include <gmock/gmock.h>

#include "../../support/public_functions.h"
#include "model_machine.h"
#include "rmmsim/host/exhaustive.h"
#include "rmmsim/host/ledger_check.h"
#include "rmmsim/host/recorder.h"
#include "rmmsim/host/recorder_guests.h"
#include "rmmsim/host/workbench.h"
#include "rmmsim/host/workbench_main.h"

namespace
{

/* A pointer that cannot be one to a structure. */
template <typename T> T *odd()
{
	return reinterpret_cast<T *>(uintptr_t(0x1001));
}

class Arguments : public ModelMachine
{
protected:
	void SetUp() override
	{
		ModelMachine::SetUp();
		ASSERT_EQ(HOST_OK, host_create(&config_, &host_, &error_)) << error_.text;
		const host_realm_params params = host_realm_params_default(host_);
		ASSERT_EQ(HOST_OK, host_realm_build(host_, &params, &realm_, &error_))
			<< error_.text;
		conduit_ = *host_conduit(host_);
		pool_ = host_pool(host_);
		calls_.clear();
	}

	void TearDown() override
	{
		EXPECT_TRUE(calls_.empty()) << "nothing was done";
		EXPECT_EQ(HOST_OK, host_realm_destroy(realm_, &error_)) << error_.text;
		EXPECT_EQ(HOST_OK, host_destroy(host_, &error_)) << error_.text;
		ModelMachine::TearDown();
	}

	/* It failed, and the sentence names the function or the argument. */
	void refused(const char *what, host_status status, const std::string &word)
	{
		EXPECT_EQ(HOST_ERROR_CONFIG, status) << what;
		EXPECT_NE(std::string::npos, std::string(error_.text).find(word))
			<< what << " says: " << error_.text;
		error_ = {};
	}

	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	host_pages *pool_ = nullptr;
	smc_conduit conduit_{};
	host_error error_{};
};

#define REFUSED(word, call) refused(#call, call, word)

TEST_F(Arguments, OfAHost)
{
	host *out = nullptr;
	host_config config = config_;

	REFUSED("config is NULL", host_create(nullptr, &out, &error_));
	REFUSED("out is NULL", host_create(&config, nullptr, &error_));
	REFUSED("config is misaligned", host_create(odd<host_config>(), &out, &error_));
	config.conduit.call = nullptr;
	REFUSED("conduit.call", host_create(&config, &out, &error_));
	config = config_;
	config.memory.read = nullptr;
	REFUSED("memory", host_create(&config, &out, &error_));
	config = config_;
	config.pool_base += 8;
	config.ram_size = 0;
	REFUSED("page pool", host_create(&config, &out, &error_));
	config = config_;
	config.ram_base += 8;
	REFUSED("RAM", host_create(&config, &out, &error_));
	EXPECT_EQ(nullptr, out);
	EXPECT_EQ(HOST_OK, host_destroy(nullptr, &error_));
	EXPECT_EQ(0u, host_pages_out(nullptr));
	EXPECT_EQ(nullptr, host_capabilities(nullptr));
	EXPECT_EQ(nullptr, host_pool(nullptr));
	EXPECT_EQ(nullptr, host_memory(odd<host>()));
	EXPECT_EQ(nullptr, host_operations(nullptr));
	EXPECT_EQ(nullptr, host_conduit(nullptr));
	EXPECT_EQ(0u, host_realm_params_default(nullptr).ipa_width);
	EXPECT_EQ(HOST_ERROR_CONFIG, host_create(nullptr, &out, nullptr)) << "error may be NULL";
}

TEST_F(Arguments, OfDelegation)
{
	const uint64_t pa = config_.pool_base;
	uint64_t out = 0;

	REFUSED("conduit is NULL", host_delegate(nullptr, pool_, pa, 1, &error_));
	REFUSED("pages is NULL", host_delegate(&conduit_, nullptr, pa, 1, &error_));
	smc_conduit nowhere{};
	REFUSED("conduit.call is NULL", host_delegate(&nowhere, pool_, pa, 1, &error_));
	REFUSED("not a run", host_delegate(&conduit_, pool_, pa + 1, 1, &error_));
	REFUSED("conduit is NULL", host_undelegate(nullptr, pool_, pa, 1, &error_));
	REFUSED("pages is misaligned",
		host_undelegate(&conduit_, odd<host_pages>(), pa, 1, &error_));
	REFUSED("not a run", host_undelegate(&conduit_, pool_, pa + 8, 1, &error_));
	REFUSED("pages is NULL", host_take_delegated(&conduit_, nullptr, 1, 1, "x", &out, &error_));
	REFUSED("pa is NULL", host_take_delegated(&conduit_, pool_, 1, 1, "x", nullptr, &error_));
	REFUSED("for the host",
		host_take_delegated(&conduit_, pool_, 0, 1, nullptr, &out, &error_));
	REFUSED("pages is NULL", host_give_back(&conduit_, nullptr, pa, 1, &error_));
	REFUSED("not a run", host_give_back(&conduit_, pool_, pa + 0x10, 1, &error_));
	REFUSED("conduit is NULL", host_recover_lost(nullptr, pool_, &error_));
}

TEST_F(Arguments, OfThePool)
{
	uint64_t pa = 0, count = 0;
	host_pages *out = nullptr;

	REFUSED("out is NULL", host_pages_create(config_.pool_base, kPage, nullptr, &error_));
	REFUSED("multiples", host_pages_create(config_.pool_base + 1, kPage, &out, &error_));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_pages_alloc(nullptr, 1, 1, "x", &pa));
	EXPECT_EQ(HOST_ERROR_CONFIG, host_pages_alloc(pool_, 1, 1, "x", nullptr));
	EXPECT_EQ(3u, host_pages_free(nullptr, config_.pool_base, 3));
	EXPECT_FALSE(host_pages_contain(nullptr, config_.pool_base, 1));
	EXPECT_EQ(HOST_PAGE_FREE, host_pages_state(nullptr, config_.pool_base));
	EXPECT_STREQ("", host_pages_owner(nullptr, config_.pool_base));
	EXPECT_EQ(0u, host_pages_mark(nullptr, config_.pool_base, 1, HOST_PAGE_HELD));
	host_pages_set_owner(nullptr, config_.pool_base, 1, "x");
	EXPECT_FALSE(host_pages_find(pool_, HOST_PAGE_HELD, 0, nullptr, &count));
	EXPECT_FALSE(host_pages_find(nullptr, HOST_PAGE_HELD, 0, &pa, &count));
	EXPECT_EQ(0u, host_pages_usage(nullptr).total);
	host_pages_report(nullptr, nullptr, nullptr);
	host_pages_report(pool_, nullptr, nullptr);
	host_pages_destroy(nullptr);
}

TEST_F(Arguments, OfARealm)
{
	host_realm *const none = nullptr;
	const host_realm_params params = host_realm_params_default(host_);
	host_realm_params odd_params = params;
	host_realm *out = nullptr;
	host_image image = {HOST_DEFAULT_RAM_IPA, nullptr, 8, false};
	const host_rec_params cpu{};
	uint64_t pa = 0;

	REFUSED("host is NULL", host_realm_build(nullptr, &params, &out, &error_));
	REFUSED("params is NULL", host_realm_build(host_, nullptr, &out, &error_));
	REFUSED("out is NULL", host_realm_build(host_, &params, nullptr, &error_));
	REFUSED("host is misaligned", host_realm_create(odd<host>(), &params, &out, &error_));
	REFUSED("params is NULL", host_realm_create(host_, nullptr, &out, &error_));
	odd_params.num_images = 2;
	REFUSED("params.images is NULL", host_realm_build(host_, &odd_params, &out, &error_));
	odd_params = params;
	odd_params.ram = odd<const host_ipa_range>();
	odd_params.num_ram = 1;
	REFUSED("params.ram is misaligned", host_realm_build(host_, &odd_params, &out, &error_));
	EXPECT_EQ(nullptr, out);

	REFUSED("realm is NULL", host_realm_init_ripas(none, kPage, kPage, &error_));
	REFUSED("whole pages", host_realm_init_ripas(realm_, kPage + 1, kPage, &error_));
	REFUSED("realm is NULL", host_realm_populate(none, &image, &error_));
	REFUSED("image is NULL", host_realm_populate(realm_, nullptr, &error_));
	REFUSED("data is NULL", host_realm_populate(realm_, &image, &error_));
	REFUSED("done is NULL", host_realm_populate_from(realm_, &image, nullptr, &error_));
	size_t done = 8;
	image.data = &image;
	REFUSED("first of a page", host_realm_populate_from(realm_, &image, &done, &error_));
	REFUSED("realm is NULL", host_realm_map(none, kPage, kPage, &error_));
	REFUSED("realm is misaligned", host_realm_map(odd<host_realm>(), kPage, kPage, &error_));
	REFUSED("realm is NULL", host_realm_fault(none, kPage, true, nullptr, &error_));
	REFUSED("realm is NULL", host_realm_unmap(none, kPage, kPage, &error_));
	REFUSED("realm is NULL", host_realm_fold(none, kPage, kPage, nullptr, &error_));
	REFUSED("whole pages", host_realm_fold(realm_, kPage + 8, kPage, nullptr, &error_));
	REFUSED("realm is NULL", host_realm_share(none, kPage, kPage, &pa, &error_));
	REFUSED("realm is NULL", host_realm_unshare(none, kPage, &error_));
	REFUSED("realm is NULL", host_realm_add_rec(none, &cpu, nullptr, &error_));
	REFUSED("params is NULL", host_realm_add_rec(realm_, nullptr, nullptr, &error_));
	REFUSED("realm is NULL", host_realm_activate(none, &error_));
	REFUSED("realm is NULL", host_realm_terminate(none, &error_));
	EXPECT_EQ(HOST_OK, host_realm_destroy(none, &error_));
	EXPECT_EQ(0u, host_realm_rd(none));
	EXPECT_EQ(0u, host_realm_rec(none, 0));
	EXPECT_EQ(0u, host_realm_num_recs(none));
	EXPECT_EQ(0u, host_realm_shared_base(none));
	EXPECT_FALSE(host_realm_shared_pa(none, 0, &pa));
	EXPECT_FALSE(host_realm_shared_pa(realm_, 0, nullptr));
	EXPECT_EQ(nullptr, host_realm_host(none));
	EXPECT_FALSE(host_rtt_geometry(39, false, 1, nullptr, nullptr));
}

TEST_F(Arguments, OfARun)
{
	rmm2_0b1_rmi_rec_enter enter{};
	rmm2_0b1_rmi_rec_exit exit{};
	host_run_result result{};

	REFUSED("realm is NULL", host_rec_run(nullptr, 0, nullptr, 1, &result, &error_));
	REFUSED("result is NULL", host_rec_run(realm_, 0, nullptr, 1, nullptr, &error_));
	REFUSED("realm is NULL", host_rec_enter(nullptr, 0, &enter, &exit, &error_));
	REFUSED("enter is NULL", host_rec_enter(realm_, 0, nullptr, &exit, &error_));
	REFUSED("exit is misaligned",
		host_rec_enter(realm_, 0, &enter, odd<rmm2_0b1_rmi_rec_exit>(), &error_));
}

/* ---- links ------------------------------------------------------------------------------- */

uint64_t answer_of(smc_conduit conduit)
{
	smc_regs regs = {{FID_RMI_VERSION, 0x20000}};

	smc_call(&conduit, &regs);
	return regs.x[0];
}

TEST_F(Arguments, LinksThatLeadNowhereAnswerNotSupported)
{
	host_smc_retry retry{};
	host_smc_stats stats{};
	host_sro sro{};
	host_checker_link checker{};
	host_ledger_link ledger{};
	host_injector_link injector{};
	host_recorder_link recorder{};

	for (const smc_conduit &conduit :
	     {host_smc_retry_conduit(nullptr), host_smc_retry_conduit(&retry),
	      host_smc_stats_conduit(nullptr), host_smc_stats_conduit(&stats),
	      host_sro_conduit(nullptr), host_sro_conduit(&sro), host_checker_conduit(nullptr),
	      host_checker_conduit(&checker), host_ledger_conduit(nullptr),
	      host_ledger_conduit(&ledger), host_injector_conduit(nullptr),
	      host_injector_conduit(&injector), host_recorder_conduit(nullptr),
	      host_recorder_conduit(&recorder), host_workbench_conduit(nullptr)})
		EXPECT_EQ(UINT64_MAX, answer_of(conduit));
	EXPECT_EQ(0u, host_smc_stats_calls(nullptr, FID_RMI_VERSION));
	REFUSED("sro is NULL", host_sro_resume(nullptr, &error_));
}

/* An operation that wants memory, and a runner that has neither pool nor window. */
TEST_F(Arguments, ARunnerWithoutAPoolKeepsTheOperation)
{
	smc_conduit asks = {
		[](void *, smc_regs *regs) {
			const uint64_t data =
				rmi_result_data_incomplete_set_mem(0, RMI_OP_MEM_REQ_DONATE);
			*regs = {{rmi_result_set_data(RMI_INCOMPLETE, data), 1, 1 << 2}};
		},
		nullptr};
	host_sro sro{};
	smc_regs regs = {{FID_RMI_REC_CREATE}};

	sro.next = &asks;
	smc_conduit conduit = host_sro_conduit(&sro);
	smc_call(&conduit, &regs);
	EXPECT_EQ(uint64_t(RMI_INCOMPLETE), rmi_result_get_status(regs.x[0]));
	EXPECT_EQ(1u, sro.num_suspended);
	EXPECT_EQ(HOST_ERROR_CONFIG, sro.last.status) << sro.last.text;
}

/* ---- the workbench -------------------------------------------------------------------------- */

TEST_F(Arguments, OfTheWorkbench)
{
	host_workbench_config config{};
	host_workbench *out = nullptr;
	host_findings *findings = nullptr;
	host_ledger *ledger = nullptr;
	host_held_entry entry{};
	host_origin origin{};
	host_finding finding{};
	host_attempt attempt{};
	host_exhaustive_config all{};
	host_exhaustive_result result{};
	char text[8] = "";

	REFUSED("config is NULL", host_workbench_create(nullptr, &out, &error_));
	REFUSED("out is NULL", host_workbench_create(&config, nullptr, &error_));
	REFUSED("machine.call is NULL", host_workbench_create(&config, &out, &error_));
	config.machine = conduit_;
	REFUSED("read and write", host_workbench_create(&config, &out, &error_));
	config.version = static_cast<rmm_version>(77);
	REFUSED("not a version", host_workbench_create(&config, &out, &error_));
	host_workbench_destroy(nullptr);
	EXPECT_EQ(nullptr, host_workbench_memory(nullptr).read);
	EXPECT_EQ(nullptr, host_workbench_checker(nullptr));
	EXPECT_EQ(nullptr, host_workbench_ledger(nullptr));
	EXPECT_EQ(nullptr, host_workbench_injector(nullptr));
	EXPECT_EQ(nullptr, host_workbench_findings(nullptr));
	EXPECT_EQ(0u, host_workbench_finish(nullptr));

	EXPECT_EQ(-1, host_findings_create(nullptr));
	ASSERT_EQ(0, host_findings_create(&findings));
	host_findings_listen(nullptr, nullptr, nullptr);
	host_findings_add(nullptr, &finding);
	host_findings_add(findings, nullptr);
	host_findings_clear(nullptr);
	EXPECT_EQ(0u, host_findings_count(findings) + host_findings_count(nullptr));
	EXPECT_EQ(0u, host_findings_count_of(nullptr, HOST_FINDING_LIVELOCK));
	EXPECT_EQ(nullptr, host_findings_get(nullptr, 0));
	host_finding_print(nullptr, stderr);
	host_finding_print(&finding, nullptr);
	host_findings_print(nullptr, stderr);
	host_findings_print(findings, nullptr);

	EXPECT_EQ(-1, host_ledger_create(nullptr, &ledger));
	host_ledger_config wrong{};
	wrong.version = static_cast<rmm_version>(77);
	wrong.memory.read = [](void *, uint64_t, void *, uint64_t) { return true; };
	EXPECT_EQ(-1, host_ledger_create(&wrong, &ledger));
	EXPECT_EQ(0u, host_ledger_calls(nullptr) + host_ledger_granules(nullptr));
	EXPECT_EQ(0u, host_ledger_operations(nullptr));
	EXPECT_FALSE(host_ledger_at(nullptr, 0, &entry));
	host_ledger_each(nullptr, nullptr, nullptr);
	host_held_remedy(nullptr, text, sizeof(text));
	host_held_remedy(&entry, nullptr, 8);
	host_held_describe(nullptr, text, sizeof(text));
	host_held_describe(&entry, nullptr, 0);
	EXPECT_STREQ("", text);
	host_ledger_print(nullptr, stderr);
	EXPECT_EQ(0u, host_ledger_backtrace(nullptr, &origin, nullptr));
	EXPECT_EQ(0u, host_ledger_leaks(nullptr, findings));
	EXPECT_FALSE(host_ledger_is_incomplete(nullptr));
	REFUSED("ledger is NULL", host_ledger_compare(nullptr, sys_, &error_));
	host_ledger_destroy(nullptr);

	EXPECT_EQ(-1, host_exhaustive(nullptr, &result));
	EXPECT_EQ(-1, host_exhaustive(&all, &result)) << "no test to run";
	EXPECT_EQ(-1, host_exhaustive(&all, nullptr));
	host_attempt_print(nullptr, stderr);
	host_attempt_print(&attempt, nullptr);
	host_findings_destroy(findings);
	host_findings_destroy(nullptr);
}

TEST_F(Arguments, OfTheLinksOfTheWorkbench)
{
	host_checker_config checker{};
	host_checker *checker_out = nullptr;
	host_injector *injector_out = nullptr;
	host_injector_config injector{};
	host_recorder *recorder_out = nullptr;
	host_memory_ops memory{};
	host_injection_rule rule = host_injection_rule_default();
	rmm_command command{};
	rmm_condition condition{};
	rmm_conduit_ctx pe{};
	uint64_t call = 0;

	EXPECT_EQ(-1, host_checker_create(nullptr, &checker_out));
	EXPECT_EQ(-1, host_checker_create(&checker, &checker_out)) << "no ledger, no findings";
	EXPECT_EQ(nullptr, host_checker_memory(nullptr).write);
	host_checker_touch(nullptr, 0, 1, true);
	EXPECT_FALSE(host_checker_gave_up(nullptr));
	EXPECT_EQ(0u, host_checker_finish(nullptr));
	host_checker_destroy(nullptr);

	EXPECT_EQ(-1, host_injector_create(nullptr, &injector_out));
	EXPECT_EQ(-1, host_injector_create(&injector, nullptr));
	EXPECT_EQ(-1, host_injector_add(nullptr, &rule));
	EXPECT_EQ(-1, host_injector_refuse(nullptr, 0, kPage));
	EXPECT_EQ(-1, host_injector_miss_gpt(nullptr, 0, kPage));
	host_injector_limit_contexts(nullptr, 1);
	host_injector_poison(nullptr, true);
	EXPECT_FALSE(host_poison_call(0, nullptr));
	EXPECT_FALSE(host_poison_call(0, &call));
	REFUSED("injector is NULL", host_injector_parse(nullptr, "poison", &error_));
	ASSERT_EQ(0, host_injector_create(&injector, &injector_out));
	REFUSED("text is NULL", host_injector_parse(injector_out, nullptr, &error_));
	EXPECT_EQ(-1, host_injector_add(injector_out, nullptr));
	host_injector_destroy(injector_out);
	host_injector_destroy(nullptr);
	EXPECT_EQ(0u, host_injector_calls(nullptr) + host_injector_injected(nullptr));
	EXPECT_EQ(0u, host_injector_calls_of(nullptr, RMM_CMD_RMI_VERSION));
	EXPECT_FALSE(host_injector_last(nullptr, &command, &condition));

	EXPECT_EQ(-1, host_recorder_create(RMM_VERSION_2_0_BET1, nullptr, stderr, nullptr,
					   &recorder_out));
	EXPECT_EQ(-1, host_recorder_create(RMM_VERSION_2_0_BET1, &memory, stderr, nullptr,
					   &recorder_out));
	EXPECT_EQ(0u, host_recorder_line(nullptr));
	host_recorder_add(nullptr, "line");
	host_recorder_watch(nullptr, nullptr);
	memory = host_model_memory(sys_);
	ASSERT_EQ(0, host_recorder_create(RMM_VERSION_2_0_BET1, &memory, stderr, nullptr,
					  &recorder_out));
	host_recorder_add(recorder_out, nullptr);
	host_recorder_watch(recorder_out, nullptr);
	EXPECT_EQ(-1, host_recorder_listen(recorder_out, nullptr, &pe));
	EXPECT_EQ(-1, host_recorder_listen(nullptr, nullptr, nullptr));
	host_recorder_destroy(recorder_out);
	EXPECT_EQ(nullptr, host_workbench_recorder(nullptr));
	host_recorder_destroy(nullptr);

	host_test test{};
	char name[] = "program";
	char *words[] = {name, nullptr};
	EXPECT_EQ(2, host_workbench_main(1, words, nullptr));
	EXPECT_EQ(2, host_workbench_main(1, words, &test)) << "no test to run";
	EXPECT_EQ(2, host_workbench_main(0, nullptr, &test));
	char *text = host_model_recording(nullptr);
	EXPECT_STREQ("", text);
	free(text);
	EXPECT_EQ(nullptr, host_model_config(nullptr, 0, 0, &pe).conduit.call);
	EXPECT_EQ(nullptr, host_model_config(sys_, 0, 0, nullptr).conduit.call);
	EXPECT_FALSE(host_model_memory(nullptr).read(nullptr, 0, &call, 8));
}

/* ---- completeness ------------------------------------------------------------------------ */

using ::testing::IsEmpty;

/* Every function of the public headers that takes a pointer is called above. */
TEST(ArgumentsOfAllFunctions, AreTested)
{
	const std::set<std::string> functions = functions_with_pointers(HOST_HEADERS);

	EXPECT_LT(100u, functions.size());
	EXPECT_THAT(never_called(functions, ARGUMENTS_TEST), IsEmpty());
}

} /* namespace */
