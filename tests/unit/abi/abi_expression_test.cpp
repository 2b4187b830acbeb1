/* SPDX-License-Identifier: BSD-3-Clause */
/* The language of conditions: grammar, names, overloads, types. */
#include "command_text.h"
#include "description.h"

class AbiExpressionCheck : public testing::TestWithParam<BadCase>
{
};

TEST_P(AbiExpressionCheck, Reports)
{
	expect_one_error(GetParam());
}

static const BadCase grammar[] = {
	{"NothingBehindAnOperator", FAILURE("level ==@"), "ends too early", "complete it"},
	{"TwoValuesInARow", FAILURE("level @level"), "should end here", "join parts"},
	{"ChainedComparison", FAILURE("1 < level @< 3"), "should end here", "do not chain"},
	{"OpenBracket", FAILURE("(level == 1@"), "')' expected", "close the bracket"},
	{"MissingComma", FAILURE("IsAligned(rd @16)"), "',' or ')' expected", "close the bracket"},
	{"UnknownCharacter", FAILURE("level == 1 @# 2"), "no meaning", "abi/schema.md"},
	{"AssignmentForEquality", FAILURE("level @= 1"), "no meaning", "abi/schema.md"},
	{"NumberTooLarge", FAILURE("level == @18446744073709551616"), "does not fit in 64 bits",
	 "2^n"},
	{"DotWithoutField", FAILURE("GranuleAt(rd). @== USED"), "a field name expected", "field"},
	{"ElementWithoutIndex", FAILURE("GranuleAt(rd).regs[@] == 1"), "a value expected",
	 "number"},
};

INSTANTIATE_TEST_SUITE_P(Grammar, AbiExpressionCheck, testing::ValuesIn(grammar), case_name);

static const BadCase names[] = {
	{"UnknownName", FAILURE("@levle == 1"), "unknown name 'levle'", "did you mean 'level'?"},
	{"UnknownLabel", FAILURE("ripas == @RMA"), "unknown name 'RMA'", "did you mean 'RAM'?"},
	{"UnknownFunction", FAILURE("@GranulAt(rd).state == USED"), "unknown function 'GranulAt'",
	 "did you mean 'GranuleAt'?"},
	{"FunctionWithoutCall", FAILURE("@Later"), "unknown name 'Later'", "'Later(...)'"},
	{"UnknownField", FAILURE("GranuleAt(rd).@stat == USED"), "'Granule' has no field 'stat'",
	 "did you mean 'state'?"},
	{"FieldOfAnInteger", FAILURE("level.@x == 1"), "'Int64' has no field 'x'",
	 "only bit fields and structures"},
	{"FieldThatAVersionLacks", FAILURE("ParamsAt(rd).@late == 1"),
	 "'late' does not exist in v1, v2", "limit this item to v3"},
	{"FunctionThatAVersionLacks", FAILURE("@Later()"), "'Later' does not exist in v1",
	 "limit this item to v2, v3"},
	{"LabelThatAVersionLacks", FAILURE("result.status == @RTT"), "'RTT' does not exist in v1",
	 "limit this item to v2, v3"},
	{"ContextValueUsedBeforeItsTurn",
	 COMMAND "    context:\n"
		 "      - {name: a, value: @b}\n"
		 "      - {name: b, value: GranuleAt(rd)}\n",
	 "unknown name 'b'", "move the context value 'b'"},
};

INSTANTIATE_TEST_SUITE_P(Names, AbiExpressionCheck, testing::ValuesIn(names), case_name);

static const BadCase types[] = {
	{"ConditionThatIsNoTruth", FAILURE("@level"),
	 "a condition must be true or false, not Int64", "compare the value"},
	{"NegatedNumber", FAILURE("!@level == 1"), "'!' works on Bool, not on Int64", "operator"},
	{"AndOfNumbers", FAILURE("@level && Equal(1, 1)"), "'&&' works on Bool, not on Int64",
	 "compare the value"},
	{"SumOfAddresses", FAILURE("@rd + 1 == 2"), "'+' works on Int, not on Address",
	 "UInt(...)"},
	{"MinusOfATruth", FAILURE("-@Equal(1, 1) == 1"), "'-' works on Int, not on Bool",
	 "operator"},
	{"EnumerationComparedWithANumber", FAILURE("ripas @== 1"), "'==' compares Ripas with Int",
	 "of one type"},
	{"LabelsOfTwoEnumerations", FAILURE("ripas @!= OK"), "'!=' compares Ripas with Status",
	 "of one type"},
	{"AbstractLabelAndConcreteLabel", FAILURE("GranuleAt(rd).state @== RAM"),
	 "'==' compares State with Ripas", "Equal(a, b)"},
	{"RelationOfAddressAndNumber", FAILURE("rd @< 4096"), "'<' compares Address with Int",
	 "both sides must be Int"},
	{"IndexOfAScalar", FAILURE("level@[0] == 1"), "only arrays have elements", "before '['"},
	{"IndexBehindTheEnd", FAILURE("ParamsAt(rd).gprs[@8] == 1"), "behind the end",
	 "begin at 0"},
	{"IndexThatIsNoInteger", FAILURE("ParamsAt(rd).gprs[@rd] == 1"),
	 "an index must be an integer", "UInt()"},
	{"SliceBehindTheEnd", FAILURE("ParamsAt(rd).gprs@[4..8] == 0"), "not within the array",
	 "begin at 0"},
	{"SliceThatIsReversed", FAILURE("ParamsAt(rd).gprs@[4..3] == 0"), "not within the array",
	 "both bounds"},
	{"SliceOfUnknownLength", FAILURE("ParamsAt(rd).gprs@[0..level] == 0"), "must be numbers",
	 "declare a function"},
	{"SlicesOfDifferentLength", FAILURE("ParamsAt(rd).gprs[0..1] @== ParamsAt(rd).gprs[0..2]"),
	 "compares UInt64[2] with UInt64[3]", "of one type"},
	{"WrongArgument", FAILURE("@IsAligned(level, 16)"), "no 'IsAligned' takes (Int64, Int)",
	 "IsAligned(Address, Int)"},
	{"WrongNumberOfArguments", FAILURE("@IsAligned(rd)"), "no 'IsAligned' takes (Address)",
	 "IsAligned(Address, Int)"},
	{"NoOverloadFits", FAILURE("@Size(ripas) == 1"), "no 'Size' takes (Ripas)",
	 "Size(Address), Size(Granule)"},
	{"NumberOfAnEnumeration", FAILURE("UInt(@ripas) == 1"), "UInt takes an Address or BitsN",
	 "remove UInt"},
};

INSTANTIATE_TEST_SUITE_P(Types, AbiExpressionCheck, testing::ValuesIn(types), case_name);

static const BadCase functions[] = {
	{"FunctionDeclaredTwice",
	 TYPES
	 "  - {name: @Size, params: [{name: x, type: Address}], result: Int, doc: d, source: s}\n",
	 "'Size' is declared twice with the same parameters", "different versions"},
	{"AmbiguousCall",
	 TYPES
	 "  - {name: Two, params: [{name: a, type: UInt8}], result: Bool, doc: d, source: s}\n"
	 "  - {name: Two, params: [{name: a, type: UInt16}], result: Bool, doc: d, source: s}\n"
	 "commands:\n"
	 "  - name: RMI_X\n"
	 "    fid: 1\n"
	 "    source: s\n"
	 "    doc: d\n"
	 "    outputs: [{name: result, reg: 0, type: Result}]\n"
	 "    fail: [{id: c, when: @Two(1), then: INPUT, says: x}]\n",
	 "the call of 'Two' is ambiguous", "Two(UInt"},
	{"FunctionWithoutResult", TYPES "  - @{name: F, params: [], doc: d, source: s}\n",
	 "a function has no 'result'", "add 'result:'"},
	{"UnknownTypeOfAParameter",
	 TYPES
	 "  - {name: F, params: [{name: x, type: @Granul}], result: Int, doc: d, source: s}\n",
	 "unknown type 'Granul'", "did you mean 'Granule'?"},
};

INSTANTIATE_TEST_SUITE_P(Functions, AbiExpressionCheck, testing::ValuesIn(functions), case_name);

class AbiExpressionAccept : public testing::TestWithParam<const char *>
{
};

TEST_P(AbiExpressionAccept, Accepts)
{
	const Checked checked(std::string("uses: [versions.yaml]\n" COMMAND "    fail:\n"
					  "      - id: c\n"
					  "        when: \"") +
			      GetParam() + "\"\n        then: INPUT\n        says: x\n");

	EXPECT_NE(checked.abi(), nullptr) << checked.errors();
}

static const char *const good[] = {
	"level == 1",
	"level < PAGE_LEVEL - 1 || level > 2 ^ 3 * 2",
	"!IsAligned(rd, 4096)",
	"GranuleAt(rd).state != USED",
	"rd == 0 || rd == 0x1000",
	"rd < ParamsAt(rd).base",
	"UInt(rd) >= 2 ^ 48",
	"UInt(ParamsAt(rd).hash) == 1",
	"ParamsAt(rd).base == ParamsAt(rd).hash",
	"ParamsAt(rd).gprs[0..7] == GranuleAt(rd).regs[0..7]",
	"ParamsAt(rd).gprs[1..7] == 0",
	"ParamsAt(rd).gprs[PAGE_LEVEL] == level",
	"ParamsAt(rd).level < -1",
	"Equal(ripas, RAM)",
	"Size(rd) + Size(GranuleAt(rd)) > 1",
	"IsAligned(0x1000, level)",
	"ripas == RAM && (level == 1 || level == 2)",
	"result.status == OK",
};

INSTANTIATE_TEST_SUITE_P(Good, AbiExpressionAccept, testing::ValuesIn(good));

static const struct abi_expr *when_of(const Checked &checked)
{
	return checked.abi() != nullptr ? checked.abi()->commands.v[0].fail.v[0].when_expr
					: nullptr;
}

TEST(AbiExpressions, OperatorsBindAsTheGrammarSays)
{
	const Checked checked("uses: [versions.yaml]\n" FAILURE(
		"level == 1 || level + 2 * 3 ^ 2 == 4 && !Equal(1, 1)"));
	const struct abi_expr *e = when_of(checked);

	ASSERT_NE(e, nullptr) << checked.errors();
	ASSERT_EQ(e->op, ABI_OP_OR);
	ASSERT_EQ(e->args[1]->op, ABI_OP_AND);
	const struct abi_expr *equal = e->args[1]->args[0];
	ASSERT_EQ(equal->op, ABI_OP_EQ);
	ASSERT_EQ(equal->args[0]->op, ABI_OP_ADD);
	ASSERT_EQ(equal->args[0]->args[1]->op, ABI_OP_MUL);
	EXPECT_EQ(equal->args[0]->args[1]->args[1]->op, ABI_OP_POW);
	EXPECT_EQ(e->args[1]->args[1]->op, ABI_OP_NOT);
}

TEST(AbiExpressions, DifferencesAssociateToTheLeft)
{
	const Checked checked("uses: [versions.yaml]\n" FAILURE("level - 2 - 1 == 0"));
	const struct abi_expr *e = when_of(checked);

	ASSERT_NE(e, nullptr) << checked.errors();
	EXPECT_EQ(e->args[0]->args[0]->op, ABI_OP_SUB);
	EXPECT_EQ(e->args[0]->args[1]->number, 1u);
}

TEST(AbiExpressions, NamesKnowWhatTheyReferTo)
{
	const Checked checked("uses: [versions.yaml]\n" FAILURE("GranuleAt(rd).state == USED"));
	const struct abi_expr *e = when_of(checked);

	ASSERT_NE(e, nullptr) << checked.errors();
	EXPECT_EQ(e->type->kind, ABI_TYPE_BOOL);
	EXPECT_EQ(e->args[1]->name_kind, ABI_NAME_LABEL);
	EXPECT_STREQ(e->args[1]->ref.value->name.s, "USED");
	const struct abi_expr *call = e->args[0]->args[0];
	EXPECT_STREQ(call->ref.function->name.s, "GranuleAt");
	EXPECT_EQ(call->args[0]->name_kind, ABI_NAME_INPUT);
	EXPECT_EQ(call->args[0]->ref.param->reg, 1u);
}

TEST(AbiExpressions, ContextHidesInputs)
{
	const Checked checked(
		"uses: [versions.yaml]\n" COMMAND
		"    context: [{name: level, value: GranuleAt(rd)}]\n"
		"    fail: [{id: c, when: level.state == FREE, then: INPUT, says: x}]\n");
	const struct abi_expr *e = when_of(checked);

	ASSERT_NE(e, nullptr) << checked.errors();
	EXPECT_EQ(e->args[0]->args[0]->name_kind, ABI_NAME_CONTEXT);
}

TEST(AbiExpressions, ThePlaceInAFoldedTextIsThatOfTheText)
{
	std::string text = "uses: [versions.yaml]\n" COMMAND "    fail:\n"
			   "      - id: c\n"
			   "        when: @>-\n"
			   "          level == 1 &&\n"
			   "          nowhere == 2\n"
			   "        then: INPUT\n"
			   "        says: x\n";
	const std::string place = take_mark(text);
	const Checked checked(text);

	EXPECT_NE(checked.errors().find("set.yaml:" + place + ": error: unknown name 'nowhere'"),
		  std::string::npos)
		<< checked.errors();
}

TEST(AbiExpressions, OneUnknownNameGivesOneError)
{
	const Checked checked("uses: [versions.yaml]\n" FAILURE(
		"GranuleAt(nowhere).state == USED && IsAligned(nowhere2, 1) && nowhere3 + 1 == 2"));

	EXPECT_EQ(checked.count(), 3u) << checked.errors();
}

TEST(AbiExpressions, EndlessNestingIsRefused)
{
	for (const char *piece : {"(", "!", "-", "UInt(", "GranuleAt(rd).regs["}) {
		std::string when;

		for (int i = 0; i < 5000; i++)
			when += piece;
		const Checked checked("uses: [versions.yaml]\n" COMMAND "    fail:\n"
				      "      - {id: c, when: \"" +
				      when + "\", then: INPUT, says: x}\n");

		EXPECT_EQ(checked.abi(), nullptr);
		EXPECT_EQ(checked.count(), 1u) << checked.errors();
	}
}

TEST(AbiExpressions, EndlessLengthIsRefused)
{
	std::string when = "level == 1";

	for (int i = 0; i < 5000; i++)
		when += " || level == 1";
	const Checked checked("uses: [versions.yaml]\n" COMMAND "    fail:\n"
			      "      - {id: c, when: \"" +
			      when + "\", then: INPUT, says: x}\n");

	EXPECT_EQ(checked.count(), 1u) << checked.errors();
	EXPECT_NE(checked.errors().find("too long"), std::string::npos);
}
