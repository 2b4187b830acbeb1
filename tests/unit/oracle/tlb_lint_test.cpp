// SPDX-License-Identifier: BSD-3-Clause
// Handlers that forget what the architecture wants of a changed descriptor, and those that do not.
#include <gtest/gtest.h>

#include "broken_machine.hpp"
#include "rmmsim/guest.h"
#include "rmmsim/tlb_lint.h"

namespace
{

class TlbLint : public BrokenMachine
{
protected:
	static constexpr unsigned int level2 = 0, level3 = 1; /* of `tables` */

	void configure(rmm_config *config) override
	{
		ASSERT_EQ(rmm_scripts_create(&scripts), 0);
		config->guest = rmm_scripts_ops();
		config->guest_machine = scripts;
	}

	/* A realm whose REC reads IPA 0 whenever it is entered. */
	void SetUp() override
	{
		BrokenMachine::SetUp();
		ASSERT_TRUE(call(FID_RMI_REALM_ACTIVATE, {rd})) << text();
		rmm_script_step load = {}, again = {}, wait = {};
		load.op = RMM_SCRIPT_LOAD;
		load.size = 8;
		wait.op = RMM_SCRIPT_WAIT;
		again.op = RMM_SCRIPT_JUMP;
		steps = {load, wait, again};
		script = {steps.data(), steps.size()};
		ASSERT_EQ(rmm_scripts_bind(scripts, rd, 0, &script), 0);
		ASSERT_EQ(rmm_tlb_lint_begin(sys, note, this), 0);
	}

	void TearDown() override
	{
		BrokenMachine::TearDown();
		rmm_scripts_destroy(scripts);
	}

	/* The realm reads IPA 0. */
	void read_page()
	{
		const uint64_t before = rmm_tlb_lint_tally(sys).accesses;
		const rmm_vcpu nothing = {};
		std::vector<uint8_t> image(RMI_REC_ENTER_SIZE);
		(void)nothing;

		rmm_host_write(sys, host + 2 * page, image.data(), image.size(), nullptr);
		memset(&regs, 0, sizeof(regs));
		regs.x[0] = FID_RMI_REC_ENTER;
		regs.x[1] = rec;
		regs.x[2] = host + 2 * page;
		rmm_smc(sys, 0, &regs);
		ASSERT_EQ(regs.x[0], 0u);
		ASSERT_GT(rmm_tlb_lint_tally(sys).accesses, before);
	}

	void forget(enum rmm_command command, unsigned int table, uint64_t desc)
	{
		tamper_forgetful_write(sys, command, tables + table * page, 0, desc);
	}

	uint64_t descriptor(unsigned int table) const
	{
		return tamper_read(sys, entry(tables + table * page, 0));
	}

	static void note(void *ctx, const rmm_tlb_finding *finding)
	{
		static_cast<TlbLint *>(ctx)->findings.push_back(*finding);
	}

	std::vector<rmm_tlb_finding> findings;
	rmm_scripts *scripts = nullptr;

private:
	std::vector<rmm_script_step> steps;
	rmm_script script = {};
};

constexpr uint64_t destroyed = 2 << 1; /* VOID, RIPAS DESTROYED */
constexpr uint64_t valid = 1;
constexpr uint64_t non_secure = UINT64_C(1) << 55;

} // namespace

TEST_F(TlbLint, IsSilentWhileNothingChanges)
{
	read_page();
	read_page();

	EXPECT_TRUE(findings.empty());
	EXPECT_EQ(rmm_tlb_lint_tally(sys).hits, 1u);
}

TEST_F(TlbLint, ReportsAUseOfAnUnmappedPageThatWasNotInvalidated)
{
	read_page();
	const uint64_t old = descriptor(level3);
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	const uint64_t changed_by = rmm_last_call(sys, 0)->calls;
	EXPECT_TRUE(findings.empty()) << "nobody has used it yet";
	read_page();

	ASSERT_EQ(findings.size(), 1u);
	const rmm_tlb_finding &f = findings[0];
	EXPECT_EQ(f.rule, RMM_TLB_STALE_USE);
	EXPECT_EQ(f.pe, 0u);
	EXPECT_EQ(f.vmid, 0u);
	EXPECT_EQ(f.ipa, 0u);
	EXPECT_EQ(f.size, page);
	EXPECT_EQ(f.level, 3);
	EXPECT_EQ(f.entry, tables + page);
	EXPECT_EQ(f.old_desc, old);
	EXPECT_EQ(f.new_desc, destroyed);
	EXPECT_EQ(f.command, RMM_CMD_RMI_RTT_DATA_UNMAP);
	EXPECT_EQ(f.call, changed_by);
	EXPECT_EQ(rmm_tlb_lint_tally(sys).findings, 1u);
}

TEST_F(TlbLint, SaysInOneLineWhoForgotWhat)
{
	char line[512];

	read_page();
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	read_page();

	ASSERT_EQ(findings.size(), 1u);
	rmm_tlb_finding_text(&findings[0], line, sizeof(line));
	const std::string said = line;
	for (const char *part :
	     {"stale-use", "VMID 0", "IPA 0x0", "became 0x4", "level 3", "by RMI_RTT_DATA_UNMAP"})
		EXPECT_NE(said.find(part), std::string::npos) << part << " in: " << said;
	EXPECT_EQ(said.find('\n'), std::string::npos);
}

TEST_F(TlbLint, IsSilentWhenTheInvalidationComes)
{
	read_page();
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	tamper_invalidate(sys, rd, 0, page);
	read_page();

	EXPECT_TRUE(findings.empty());
	EXPECT_EQ(rmm_tlb_lint_tally(sys).invalidations, 1u);
}

TEST_F(TlbLint, IsNotContentWithTheInvalidationOfAnotherPage)
{
	read_page();
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	tamper_invalidate(sys, rd, page, page);
	read_page();

	ASSERT_EQ(findings.size(), 1u);
}

TEST_F(TlbLint, IsSilentWhenNobodyUsesTheTranslation)
{
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	read_page();

	EXPECT_TRUE(findings.empty());
}

TEST_F(TlbLint, AcceptsADescriptorThatIsPutBack)
{
	read_page();
	const uint64_t old = descriptor(level3);
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	forget(RMM_CMD_RMI_RTT_DATA_MAP, level3, old);
	read_page();

	EXPECT_TRUE(findings.empty());
}

TEST_F(TlbLint, ReportsATableThatWasTakenOutWithoutInvalidation)
{
	read_page();
	forget(RMM_CMD_RMI_RTT_DESTROY, level2, destroyed);
	read_page();

	ASSERT_EQ(findings.size(), 1u);
	EXPECT_EQ(findings[0].rule, RMM_TLB_STALE_USE);
	EXPECT_EQ(findings[0].level, 2);
	EXPECT_EQ(findings[0].command, RMM_CMD_RMI_RTT_DESTROY);
}

TEST_F(TlbLint, RemembersTablesOfWalksThatFailed)
{
	tamper_word(sys, entry(tables + page, 0), destroyed);
	read_page(); /* gets as far as the level 2 descriptor */
	forget(RMM_CMD_RMI_RTT_DESTROY, level2, destroyed);
	read_page();

	ASSERT_EQ(findings.size(), 1u);
	EXPECT_EQ(findings[0].size, 512 * page);
	EXPECT_EQ(findings[0].level, 2);
}

TEST_F(TlbLint, ReportsAPageThatIsReplacedWithoutBreak)
{
	read_page();
	const uint64_t old = descriptor(level3);
	forget(RMM_CMD_RMI_RTT_DATA_MAP, level3, old + page);

	ASSERT_EQ(findings.size(), 1u);
	EXPECT_EQ(findings[0].rule, RMM_TLB_NO_BREAK_BEFORE_MAKE);
	EXPECT_EQ(findings[0].old_desc, old);
	EXPECT_EQ(findings[0].new_desc, old + page);
}

TEST_F(TlbLint, ReportsABreakWithoutInvalidationBeforeTheMake)
{
	read_page();
	const uint64_t old = descriptor(level3);
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	forget(RMM_CMD_RMI_RTT_DATA_MAP, level3, old + page);

	ASSERT_EQ(findings.size(), 1u);
	EXPECT_EQ(findings[0].rule, RMM_TLB_NO_BREAK_BEFORE_MAKE);
	EXPECT_EQ(findings[0].command, RMM_CMD_RMI_RTT_DATA_MAP);
}

TEST_F(TlbLint, LetsPermissionsChangeInPlaceIfAnInvalidationFollows)
{
	read_page();
	const uint64_t old = descriptor(level3);
	forget(RMM_CMD_RMI_RTT_SET_RIPAS, level3, old & ~(UINT64_C(1) << 7)); /* S2AP[1] */
	EXPECT_TRUE(findings.empty());
	read_page();

	ASSERT_EQ(findings.size(), 1u);
	EXPECT_EQ(findings[0].rule, RMM_TLB_STALE_USE);
	EXPECT_EQ(findings[0].new_desc & valid, valid);
}

TEST_F(TlbLint, ReportsAGranuleThatLeavesWhileItIsCached)
{
	read_page();
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);
	tamper_free(sys, RMM_CMD_RMI_RTT_DATA_UNMAP, rd + 4 * page);

	ASSERT_EQ(findings.size(), 1u);
	EXPECT_EQ(findings[0].rule, RMM_TLB_GRANULE_FREED);
	EXPECT_EQ(findings[0].new_desc, destroyed);
}

/* The host mapped the page as its own once: the granule protection check guards it since. */
TEST_F(TlbLint, IsSilentAboutANonSecureMappingOfAGranuleThatLeaves)
{
	tamper_word(sys, entry(tables + page, 0), descriptor(level3) | non_secure);
	read_page();
	tamper_free(sys, RMM_CMD_RMI_RTT_DATA_UNMAP, rd + 4 * page);

	EXPECT_TRUE(findings.empty());
}

TEST_F(TlbLint, ReportsATableThatLeavesWhileItIsCached)
{
	read_page();
	tamper_free(sys, RMM_CMD_RMI_RTT_DESTROY, tables + page);

	ASSERT_EQ(findings.size(), 1u);
	EXPECT_EQ(findings[0].rule, RMM_TLB_GRANULE_FREED);
	EXPECT_EQ(findings[0].command, RMM_CMD_RMI_RTT_DESTROY);
	EXPECT_EQ(findings[0].old_desc, findings[0].new_desc);
}

TEST_F(TlbLint, IsSilentOverAWholeTeardown)
{
	const uint64_t flags = 0;

	read_page();
	for (const auto &made : std::vector<std::pair<uint32_t, std::vector<uint64_t>>>{
		     {FID_RMI_RTT_DATA_UNMAP, {rd, 0, page, flags, 0}},
		     {FID_RMI_RTT_DESTROY, {rd, 0, 3}},
		     {FID_RMI_RTT_DESTROY, {rd, 0, 2}}}) {
		memset(&regs, 0, sizeof(regs));
		regs.x[0] = made.first;
		std::copy(made.second.begin(), made.second.end(), &regs.x[1]);
		rmm_smc(sys, 0, &regs);
		ASSERT_EQ(regs.x[0], 0u);
		read_page();
	}
	EXPECT_TRUE(findings.empty());
	EXPECT_EQ(rmm_tlb_lint_tally(sys).invalidations, 3u);
}

TEST_F(TlbLint, SaysNothingWhenItIsOff)
{
	rmm_tlb_lint_end(sys);
	forget(RMM_CMD_RMI_RTT_DATA_UNMAP, level3, destroyed);

	EXPECT_TRUE(findings.empty());
	EXPECT_EQ(rmm_tlb_lint_tally(sys).accesses, 0u);
	EXPECT_EQ(rmm_tlb_lint_begin(sys, nullptr, nullptr), 0);
	EXPECT_EQ(rmm_tlb_lint_begin(sys, nullptr, nullptr), -1) << "it is on already";
}
