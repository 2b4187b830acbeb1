// SPDX-License-Identifier: BSD-3-Clause
// Mistakes in a trace: each is reported with its place and a remedy, all in one run.
#include <gtest/gtest.h>

#include "trace_text.h"

namespace
{

struct Mistake {
	const char *name;
	const char *text;
	const char *place;
	const char *what;
	const char *remedy;
};

class TraceMistake : public testing::TestWithParam<Mistake>
{
};

const Mistake mistakes[] = {
	{"no_yaml", "trace: [", "test.yaml:2:1:", "not YAML", "check indentation"},
	{"empty", "", "test.yaml:1:", "empty", "mapping"},
	{"no_mapping", "- a\n", "test.yaml:1:1:", "a trace must be a mapping", "docs/traces.md"},
	{"no_name", "steps: []\n", "test.yaml:1:1:", "no 'trace'", "add 'trace:'"},
	{"no_steps", "trace: t\n", "test.yaml:1:1:", "either 'steps' or 'actors'", "add 'steps:'"},
	{"unknown_key", "trace: t\nstepz: []\nsteps: []\n", "test.yaml:2:1:", "no key 'stepz'",
	 "did you mean 'steps'?"},
	{"unknown_version", "trace: t\nmachine: {version: 3.0}\nsteps: []\n",
	 "test.yaml:2:20:", "unknown version '3.0'", "2.0-bet1"},
	{"unknown_feature", "trace: t\nmachine: {features: {s3sz: 1}}\nsteps: []\n",
	 "test.yaml:2:22:", "no key 's3sz'", "did you mean 's2sz'?"},
	{"unknown_behaviour", "trace: t\nmachine: {behaviours: {rmm_state_gat: 1}}\nsteps: []\n",
	 "test.yaml:2:", "unknown behaviour", "did you mean 'rmm_state_gate'?"},
	{"too_many_pes", "trace: t\nmachine: {pes: 65}\nsteps: []\n",
	 "test.yaml:2:16:", "out of range", "0 to 64"},
	{"no_such_step", "trace: t\nsteps:\n  - cal: RMI_VERSION\n",
	 "test.yaml:3:5:", "no such step", "did you mean 'call'?"},
	{"two_steps", "trace: t\nsteps:\n  - {call: RMI_VERSION, say: x}\n",
	 "test.yaml:3:5:", "either 'call' or 'say'", "two steps"},
	{"unknown_first_version", "trace: t\nsteps:\n  - {since: 2.1, call: RMI_VERSION}\n",
	 "test.yaml:3:13:", "unknown version '2.1'", "2.0-bet1"},
	{"unknown_last_version", "trace: t\nguests:\n  g:\n    - {until: new, wfi: }\nsteps: []\n",
	 "test.yaml:4:15:", "unknown version 'new'", "2.0-bet1"},
	{"unknown_command", "trace: t\nsteps:\n  - call: RMI_VERSIO\n",
	 "test.yaml:3:11:", "no command 'RMI_VERSIO'", "did you mean 'RMI_VERSION'?"},
	{"command_elsewhere", "trace: t\nsteps:\n  - call: RMI_DATA_CREATE\n",
	 "test.yaml:3:11:", "2.0-bet1 has no command 'RMI_DATA_CREATE'", "1.0-rel0"},
	{"unknown_input", "trace: t\nsteps:\n  - {call: RMI_FEATURES, with: {idx: 1}}\n",
	 "test.yaml:3:33:", "no input 'idx'", "its inputs are: index"},
	{"unknown_output",
	 "trace: t\nsteps:\n  - {call: RMI_FEATURES, with: {index: 1}, expect: {values: 1}}\n",
	 "test.yaml:3:", "no output 'values'", "value"},
	{"unknown_condition",
	 "trace: t\nsteps:\n  - {call: RMI_FEATURES, expect: {condition: "
	 "RMI_RTT_CREATE_RTT_WALC}}\n",
	 "test.yaml:3:", "unknown condition", "did you mean 'RMI_RTT_CREATE_RTT_WALK'?"},
	{"unknown_field",
	 "trace: t\nsteps:\n  - write: {pa: 0, struct: RmiRealmParams, fields: {s2zs: 1}}\n",
	 "test.yaml:3:", "no field 's2zs'", "did you mean 's2sz'?"},
	{"unknown_struct", "trace: t\nsteps:\n  - write: {pa: 0, struct: RmiRealmParam}\n",
	 "test.yaml:3:", "no structure 'RmiRealmParam'", "did you mean 'RmiRealmParams'?"},
	{"field_too_large",
	 "trace: t\nsteps:\n  - write: {pa: 0, struct: RmiRealmParams, fields: {s2sz: 256}}\n",
	 "test.yaml:3:", "does not fit s2sz, which has 8 bits", "smaller"},
	{"array_too_long",
	 "trace: t\nsteps:\n  - write: {pa: 0, struct: RmiRecParams, fields: {gprs: "
	 "[1,2,3,4,5,6,7,8,9]}}\n",
	 "test.yaml:3:", "8 elements", "shorten"},
	{"two_contents", "trace: t\nsteps:\n  - write: {pa: 0, u64: [1], text: x}\n",
	 "test.yaml:3:", "several ways", "one of"},
	{"range_of_no_range",
	 "trace: t\nsteps:\n  - {call: RMI_FEATURES, with: {index: 0}, range: true}\n",
	 "test.yaml:3:", "does not work on a range", "remove 'range'"},
	{"unknown_guest", "trace: t\nsteps:\n  - bind: {guest: a, rd: 0, mpidr: 0}\n",
	 "test.yaml:3:", "no guest 'a'", "guests"},
	{"unknown_fault", "trace: t\nsteps:\n  - read: {pa: 0, u64: [0], fault: GTF}\n",
	 "test.yaml:3:", "unknown fault", "GPF"},
	{"empty_check", "trace: t\nsteps:\n  - check: {realm: {rd: 0}}\n",
	 "test.yaml:3:", "nothing is checked", "add 'state:'"},
	{"label_as_name", "trace: t\nlet: {RMI_SUCCESS: 1}\nsteps: []\n",
	 "test.yaml:2:7:", "is a label", "another name"},
	{"no_such_pe", "trace: t\nmachine: {pes: 1}\nsteps:\n  - {call: RMI_VERSION, pe: 1}\n",
	 "test.yaml:4:", "out of range", "0 to 0"},
	{"two_actors_on_a_pe",
	 "trace: t\nactors:\n  - {pe: 1, steps: []}\n  - {pe: 1, steps: []}\n",
	 "test.yaml:4:", "two actors on PE 1", "own 'pe'"},
	{"no_earlier_actor", "trace: t\nactors:\n  - {steps_of: 0}\n",
	 "test.yaml:3:", "no earlier actor", "first actor"},
	{"guest_jump_nowhere", "trace: t\nguests: {g: [{jump: away}]}\nsteps: []\n",
	 "test.yaml:2:21:", "no label 'away'", "label: away"},
	{"guest_odd_size", "trace: t\nguests: {g: [{load: {ipa: 0, size: 3}}]}\nsteps: []\n",
	 "test.yaml:2:", "3 bytes", "1, 2, 4 or 8"},
	{"unknown_sysreg",
	 "trace: t\nguests:\n  g:\n    - mrs: {sysreg: ICC_IAR2_EL1}\nsteps: []\n",
	 "test.yaml:4:21:", "unknown system register", "did you mean 'ICC_IAR"},
	{"sysreg_in_numbers",
	 "trace: t\nguests:\n  g:\n    - msr: {sysreg: S3_0_C99_C0_0}\nsteps: []\n",
	 "test.yaml:4:21:", "unknown system register", ""},
	{"timer_too_far", "trace: t\nguests:\n  g:\n    - timer: {after: 1 << 40}\nsteps: []\n",
	 "test.yaml:4:22:", "out of range", "2147483647"},
	{"wfit_without_end", "trace: t\nguests:\n  g:\n    - wfit: {}\nsteps: []\n",
	 "test.yaml:4:", "no 'until'", "add 'until:'"},
	{"odd_register", "trace: t\nguests:\n  g:\n    - load: {ipa: 0, bits: 16}\nsteps: []\n",
	 "test.yaml:4:", "a register of 16 bits", "32 or 64"},
	{"unknown_list_register", "trace: t\nsteps:\n  - ich: {LR16: 0}\n",
	 "test.yaml:3:11:", "no register 'LR16'", "did you mean 'LR1"},
	{"read_only_ich", "trace: t\nsteps:\n  - ich: {MISR: 0}\n",
	 "test.yaml:3:11:", "MISR is read-only", "check"},
	{"unknown_ich_check", "trace: t\nsteps:\n  - check: {ich: {HRC: 0}}\n",
	 "test.yaml:3:19:", "no register 'HRC'", "did you mean 'HCR'?"},
	{"serror_without_syndrome", "trace: t\nsteps:\n  - serror: {}\n",
	 "test.yaml:3:", "no 'esr'", "add 'esr:'"},
};

} // namespace

TEST_P(TraceMistake, IsReported)
{
	const Mistake &mistake = GetParam();
	Loaded loaded = load_trace(mistake.text);

	EXPECT_EQ(loaded.trace, nullptr);
	EXPECT_NE(loaded.errors.find(mistake.place), std::string::npos) << loaded.errors;
	EXPECT_NE(loaded.errors.find(mistake.what), std::string::npos) << loaded.errors;
	EXPECT_NE(loaded.errors.find(mistake.remedy), std::string::npos) << loaded.errors;
}

INSTANTIATE_TEST_SUITE_P(All, TraceMistake, testing::ValuesIn(mistakes),
			 [](const auto &mistake) { return std::string(mistake.param.name); });

TEST(TraceErrors, AllAreReportedInOneRun)
{
	Loaded loaded = load_trace("trace: t\n"
				   "steps:\n"
				   "  - call: RMI_NOTHING\n"
				   "  - call: RMI_FEATURES\n"
				   "    with: {index: nobody}\n");

	EXPECT_NE(loaded.errors.find("test.yaml:3:"), std::string::npos) << loaded.errors;
	EXPECT_NE(loaded.errors.find("test.yaml:5:"), std::string::npos) << loaded.errors;
}

TEST(TraceErrors, AFileThatIsNotThereIsNamed)
{
	char *text = nullptr;
	size_t len = 0;
	FILE *errors = open_memstream(&text, &len);

	EXPECT_EQ(rmm_trace_load("/no/such/trace.yaml", nullptr, errors), nullptr);
	fclose(errors);
	EXPECT_NE(std::string(text, len).find("/no/such/trace.yaml: error: cannot read it"),
		  std::string::npos);
	free(text);
}
