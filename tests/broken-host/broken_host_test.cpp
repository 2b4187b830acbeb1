/* SPDX-License-Identifier: BSD-3-Clause */
/* Every seeded bug is named by its detector, and its correction by none. */
#include <map>

#include "../unit/conduit/bench_machine.h"
#include "scenario.h"

namespace
{

/* Programs of the realm, by name. */
std::vector<rmm_script_step> program(const char *name)
{
	rmm_script_step step{};
	std::vector<rmm_script_step> steps;

	step.op = RMM_SCRIPT_LOAD;
	step.reg = 1;
	step.size = 8;
	step.ipa = std::string(name) == "hole" ? RAM + 0x1000 : (UINT64_C(1) << 38) + 0x1000;
	if (std::string(name) != "off")
		steps.push_back(step);
	for (int i = 0; i < 3; i++) {
		step = rmm_script_step{};
		step.op = RMM_SCRIPT_SMC;
		step.num_args = 2;
		step.args[0] = FID_PSCI_CPU_SUSPEND;
		steps.push_back(step);
	}
	return steps;
}

struct Case {
	const scenario *what;
	bool broken;
};

std::vector<Case> all_cases()
{
	std::vector<Case> cases;

	for (const scenario *list : {page_scenarios, operation_scenarios, realm_scenarios})
		for (const scenario *s = list; s->name; s++)
			for (bool broken : {true, false})
				cases.push_back({s, broken});
	return cases;
}

class BrokenHost : public Bench, public ::testing::WithParamInterface<Case>
{
protected:
	void SetUp() override
	{
		machine_.config.active_at_boot = true;
		Bench::SetUp();
	}

	void adjust(host_workbench_config &config) override
	{
		config.busy_limit = 500;
		config.repeat_limit = 500;
	}

	void play(const scenario &s, bool broken)
	{
		restart(s.inject ? s.inject : "");
		if (s.guest) {
			steps_ = program(s.guest);
			script_ = {steps_.data(), steps_.size()};
			/* The RD is the first page that is taken. */
			ASSERT_EQ(0, rmm_scripts_bind(machine_.scripts(), kDram, 0, &script_));
		}
		world w{};
		w.smc = &conduit_;
		w.memory = memory_;
		w.next_page = kDram;
		w.broken = broken;
		s.run(&w);
		host_workbench_finish(bench_);
	}

	std::vector<rmm_script_step> steps_;
	rmm_script script_{};
};

TEST_P(BrokenHost, IsNamed)
{
	const scenario &s = *GetParam().what;

	play(s, GetParam().broken);
	if (GetParam().broken)
		EXPECT_LE(1u, found(s.expected))
			<< s.mistake << ": expected " << host_finding_id(s.expected) << ", found:\n"
			<< all_findings();
	else
		EXPECT_EQ("", all_findings()) << s.mistake;
}

std::string case_name(const ::testing::TestParamInfo<Case> &info)
{
	std::string name = info.param.what->name;

	for (char &c : name)
		c = c == '-' ? '_' : c;
	return name + (info.param.broken ? "_broken" : "_corrected");
}

INSTANTIATE_TEST_SUITE_P(All, BrokenHost, ::testing::ValuesIn(all_cases()), case_name);

/* The issue asks for twelve kinds of bugs; these are all different detectors. */
TEST(BrokenHostList, CoversManyDetectors)
{
	std::map<int, int> kinds;

	for (const Case &c : all_cases())
		kinds[c.what->expected]++;
	EXPECT_LE(12u, kinds.size());
}

} /* namespace */
