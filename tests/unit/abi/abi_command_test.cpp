/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands: identity, registers, statuses, order of conditions. */
#include "command_text.h"
#include "description.h"

class AbiCommandCheck : public testing::TestWithParam<BadCase>
{
};

TEST_P(AbiCommandCheck, Reports)
{
	expect_one_error(GetParam());
}

#define SECOND(name, fid, more)                                               \
	COMMAND "  - {name: " name ", fid: " fid ", source: s, doc: d, " more \
		"outputs: [{name: result, reg: 0, type: Result}]}\n"

static const BadCase identities[] = {
	{"TwoCommandsOfOneFid", SECOND("@RMI_OTHER", "0xC4000150", ""),
	 "'RMI_OTHER' has the FID 0xC4000150 of 'RMI_DO'", "correct one of the FIDs"},
	{"TwoCommandsOfOneFidInAVersion", SECOND("@RMI_OTHER", "0xC4000150", "since: v3, "),
	 "in v3", "or the versions"},
	{"TwoFormsInOneVersion", SECOND("@RMI_DO", "0xC4000151", ""), "two forms of 'RMI_DO'",
	 "different versions"},
	{"CommandWithoutFid",
	 COMMAND
	 "  - @{name: RMI_X, source: s, doc: d, outputs: [{name: result, reg: 0, type: Result}]}\n",
	 "a command has no 'fid'", "add 'fid:'"},
	{"FidThatIsTooLarge", SECOND("RMI_X", "@0x1C4000151", ""), "out of range", "from 0 to"},
	{"CommandWithoutResult",
	 COMMAND "  - {name: @RMI_X, fid: 1, source: s, doc: d, outputs: [{name: x, reg: 1, type: "
		 "UInt8}]}\n",
	 "has no output 'result' in register 0", "add {name: result"},
	{"CommandsWithoutInterface", "commands:\n  @- {name: RMI_ANY, source: s}\n",
	 "without 'interface'", "interface: RMI"},
	{"NameThatIsNoIdentifier", SECOND("'@RMI DO'", "1", ""), "is not a name",
	 "letters, digits"},
};

INSTANTIATE_TEST_SUITE_P(Identity, AbiCommandCheck, testing::ValuesIn(identities), case_name);

#define INPUTS(list)                                                        \
	TYPES "commands:\n"                                                 \
	      "  - {name: RMI_X, fid: 1, source: s, doc: d, inputs: [" list \
	      "], outputs: [{name: result, reg: 0, type: Result}]}\n"

static const BadCase registers[] = {
	{"RegisterOutOfRange", INPUTS("{name: a, reg: @18, type: Address}"), "out of range",
	 "from 0 to 17"},
	{"PartOutsideOfTheRegister", INPUTS("@{name: a, reg: 1, lsb: 60, width: 8, type: UInt8}"),
	 "bits 60 to 67 of X1", "correct lsb or width"},
	{"InputsThatShareBits",
	 INPUTS("{name: a, reg: 1, lsb: 0, width: 8, type: UInt8}, "
		"@{name: b, reg: 1, lsb: 7, width: 8, type: UInt8}"),
	 "'b' shares bits of X1 with 'a'", "correct reg, lsb or width"},
	{"InputsOfOneName",
	 INPUTS("{name: a, reg: 1, type: Address}, {name: @a, reg: 2, type: Address}"),
	 "two inputs are called 'a'", "rename"},
	{"InputInTheRegisterOfTheFid", INPUTS("@{name: a, reg: 0, type: Address}"),
	 "which holds the FID", "X1 and above"},
	{"StructureInARegister", INPUTS("{name: a, reg: 1, type: @Params}"),
	 "a register cannot hold 'Params'", "an enumeration, a bit field"},
	{"TypeWiderThanItsPart", INPUTS("{name: a, reg: 1, lsb: 0, width: 8, type: @UInt16}"),
	 "'UInt16' needs 16 bits, but 'a' has 8", "correct the type"},
	{"LabelsThatDoNotFit", INPUTS("{name: a, reg: 1, lsb: 0, width: 2, type: @Status}"),
	 "2 bits are too few for RTT (4)", "width of 'a'"},
	{"UnknownTypeOfARegister", INPUTS("{name: a, reg: 1, type: @Addres}"),
	 "unknown type 'Addres'", "did you mean 'Address'?"},
};

INSTANTIATE_TEST_SUITE_P(Registers, AbiCommandCheck, testing::ValuesIn(registers), case_name);

static const BadCase conditions[] = {
	{"FailureWithoutWords",
	 COMMAND "    fail:\n      - @{id: c, when: 'level == 1', then: INPUT}\n",
	 "a failure condition has no 'says'", "add 'says:'"},
	{"StatusThatDoesNotExist",
	 COMMAND "    fail:\n      - {id: c, when: 'level == 1', then: @INPTU, says: x}\n",
	 "'INPTU' is no value of 'Status'", "did you mean 'INPUT'?"},
	{"StatusThatAVersionLacks",
	 COMMAND "    fail:\n      - {id: c, when: 'level == 1', then: @RTT, says: x}\n",
	 "'RTT' does not exist in v1", "limit this item to v2, v3"},
	{"TwoConditionsOfOneId",
	 COMMAND "    fail:\n"
		 "      - {id: c, when: 'level == 1', then: INPUT, says: x}\n"
		 "      - {id: @c, when: 'level == 2', then: INPUT, says: x}\n",
	 "the condition 'c' occurs twice", "an id of its own"},
	{"PayloadThatDoesNotExist",
	 COMMAND
	 "    fail:\n"
	 "      - {id: c, when: 'level == 1', then: INPUT, says: x, data: {@levle: level}}\n",
	 "'levle' is neither an output nor a field of the result", "name an output"},
	{"PayloadOfAnotherType",
	 COMMAND
	 "    fail:\n"
	 "      - {id: c, when: 'level == 1', then: INPUT, says: x, data: {index: @ripas}}\n",
	 "'index' holds UInt8, not Ripas", "right type"},
	{"TwoContextValuesOfOneName",
	 COMMAND
	 "    context: [{name: g, value: GranuleAt(rd)}, {name: @g, value: GranuleAt(rd)}]\n",
	 "two context values are called 'g'", "rename"},
	{"ConstantsThatCollide",
	 COMMAND "    fail:\n      - {id: a_b, when: 'level == 1', then: INPUT, says: x}\n"
		 "  - name: RMI_DO_A\n"
		 "    fid: 2\n"
		 "    source: s\n"
		 "    doc: d\n"
		 "    outputs: [{name: result, reg: 0, type: Result}]\n"
		 "    fail: [{id: @b, when: 1 == 1, then: INPUT, says: x}]\n",
	 "both generate RMI_DO_A_B", "rename one"},
	{"FailuresOfACommandWithoutStatus",
	 TYPES "commands:\n"
	       "  - name: RMI_X\n"
	       "    fid: 1\n"
	       "    source: s\n"
	       "    doc: d\n"
	       "    outputs: [{name: result, reg: 0, type: Address}]\n"
	       "    fail: [@{id: c, when: 1 == 1, then: INPUT, says: x}]\n",
	 "'RMI_X' has no status", "a field 'status'"},
};

INSTANTIATE_TEST_SUITE_P(Conditions, AbiCommandCheck, testing::ValuesIn(conditions), case_name);

#define ORDER(text)                                                              \
	COMMAND "    fail:\n"                                                    \
		"      - {id: first, when: level == 1, then: INPUT, says: x}\n"  \
		"      - {id: second, when: level == 2, then: INPUT, says: x}\n" \
		"    order:\n"                                                   \
		"      - \"" text "\"\n"

static const BadCase orders[] = {
	{"OrderOfAnUnknownCondition", ORDER("first < @secnod"),
	 "'RMI_DO' has no failure condition 'secnod'", "did you mean 'second'?"},
	{"OrderWithoutRelation", ORDER("first, second@"), "'<' expected", "a, b < c"},
	{"OrderWithoutId", ORDER("first, @< second"), "a condition's id expected", "a, b < c"},
	{"OrderWithSomethingElse", ORDER("first < second @> first"), "a condition's id expected",
	 "a, b < c"},
	{"ListThatContradictsTheOrder",
	 COMMAND "    fail:\n"
		 "      - {id: second, when: level == 2, then: INPUT, says: x}\n"
		 "      - {id: @first, when: level == 1, then: INPUT, says: x}\n"
		 "    order: [first < second]\n",
	 "'first' is listed behind 'second', which it must precede", "move it up"},
};

INSTANTIATE_TEST_SUITE_P(Order, AbiCommandCheck, testing::ValuesIn(orders), case_name);

TEST(AbiCommands, ACycleInTheOrderIsReported)
{
	const Checked checked("uses: [versions.yaml]\n" COMMAND "    fail:\n"
			      "      - {id: a, when: level == 1, then: INPUT, says: x}\n"
			      "      - {id: b, when: level == 2, then: INPUT, says: x}\n"
			      "    order: [a < b, b < a]\n");

	EXPECT_NE(checked.errors().find("the order of 'RMI_DO' contains a cycle"),
		  std::string::npos)
		<< checked.errors();
}

TEST(AbiCommands, OrderGroupsAndChainsBecomePairs)
{
	const Checked checked("uses: [versions.yaml]\n" COMMAND "    fail:\n"
			      "      - {id: a, when: level == 1, then: INPUT, says: x}\n"
			      "      - {id: b, when: level == 2, then: INPUT, says: x}\n"
			      "      - {id: c, when: level == 3, then: INPUT, says: x}\n"
			      "      - {id: d, when: level == 4, then: INPUT, says: x}\n"
			      "    order: ['a, b < c < d']\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	const struct abi_command &cmd = checked.abi()->commands.v[0];
	ASSERT_EQ(cmd.order.n, 3u);
	EXPECT_EQ(cmd.order.v[0].before, 0u);
	EXPECT_EQ(cmd.order.v[0].after, 2u);
	EXPECT_EQ(cmd.order.v[2].before, 2u);
	EXPECT_EQ(cmd.order.v[2].after, 3u);
}

TEST(AbiCommands, AConditionHasItsStatusAndItsConstant)
{
	const Checked checked("uses: [versions.yaml]\n" COMMAND "    fail:\n"
			      "      - {id: walk, when: level == 1, then: RTT, says: x, since: v2, "
			      "data: {index: level + 1, top: rd}}\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	const struct abi_condition &c = checked.abi()->commands.v[0].fail.v[0];
	EXPECT_EQ(c.status, 4u);
	EXPECT_STREQ(c.constant, "RMI_DO_WALK");
	EXPECT_EQ(c.versions, 6u);
	EXPECT_EQ(c.data.n, 2u);
}

TEST(AbiCommands, TheResultComesFirst)
{
	const Checked checked("uses: [versions.yaml]\n" TYPES "commands:\n"
			      "  - name: RMI_X\n"
			      "    fid: 1\n"
			      "    source: s\n"
			      "    doc: d\n"
			      "    outputs:\n"
			      "      - {name: top, reg: 1, type: Address}\n"
			      "      - {name: result, reg: 0, type: Result}\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	EXPECT_STREQ(checked.abi()->commands.v[0].outputs.v[0].name.s, "result");
}

TEST(AbiCommands, ConditionsOfAnyCommandNeedNoFid)
{
	const Checked checked(
		"uses: [versions.yaml]\n" TYPES "commands:\n"
		"  - name: RMI_ANY\n"
		"    source: s\n"
		"    fail: [{id: c, when: Later(), then: RTT, says: x, since: v2}]\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	EXPECT_FALSE(checked.abi()->commands.v[0].has_fid);
	EXPECT_EQ(checked.abi()->commands.v[0].fail.v[0].status, 4u);
}
