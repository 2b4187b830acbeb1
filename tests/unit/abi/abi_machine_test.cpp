/* SPDX-License-Identifier: BSD-3-Clause */
/* State machines: what is wrong with some. */
#include "command_text.h"
#include "description.h"

class AbiMachineCheck : public testing::TestWithParam<BadCase>
{
};

TEST_P(AbiMachineCheck, Reports)
{
	expect_one_error(GetParam());
}

#define MACHINE                                                     \
	"state_machines:\n  - name: m\n    doc: d\n    source: s\n" \
	"    states: [A, B]\n    transitions:\n"

static const BadCase machines[] = {
	{"StateThatTheMachineLacks",
	 COMMAND MACHINE "      - {from: A, to: B, by: [RMI_DO]}\n"
			 "      - {from: A, to: @C, by: [RMI_DO]}\n",
	 "'C' is no state of 'm'", "add it there"},
	{"TransitionToItself", COMMAND MACHINE "      - @{from: A, to: A, by: [RMI_DO]}\n",
	 "a transition from 'A' to itself", "remove it"},
	{"TransitionThatOccursTwice",
	 COMMAND MACHINE "      - {from: A, to: B, by: [RMI_DO]}\n"
			 "      - @{from: A, to: B, by: [RMI_DO], since: v3}\n",
	 "the transition from 'A' to 'B' occurs twice", "put the commands into one"},
	{"TransitionThatNobodyMakes", MACHINE "      - @{from: A, to: B, by: []}\n",
	 "nobody makes this transition", "name commands in 'by'"},
	{"UnknownCommand", COMMAND MACHINE "      - {from: A, to: B, by: [@RMI_MISSING]}\n",
	 "no version of this transition has a command 'RMI_MISSING'", "name a command of this set"},
	{"CommandOfOtherVersions",
	 COMMAND "  - {name: RMI_LATE, fid: 1, source: s, doc: d, since: v2, "
		 "outputs: [{name: result, reg: 0, type: Result}]}\n" MACHINE
		 "      - {from: A, to: B, by: [@RMI_LATE], until: v1}\n",
	 "no version of this transition has a command 'RMI_LATE'", "correct the versions"},
	{"NoTransitions",
	 "state_machines:\n  - @{name: m, doc: d, source: s, states: [A, B], transitions: []}\n",
	 "'m' has no states or no transitions", "list both"},
};

INSTANTIATE_TEST_SUITE_P(, AbiMachineCheck, testing::ValuesIn(machines), case_name);
