// SPDX-License-Identifier: BSD-3-Clause
// Numbers: a value that a trace writes to memory is the value that it reads there.
#include <gtest/gtest.h>

#include "trace_text.h"

namespace
{

void expect_equal(const std::string &expression, const std::string &number,
		  const std::string &let = "")
{
	Played played = play_text(steps("  - write: {pa: 0x80000000, u64: ['" + expression +
						"']}\n"
						"  - read: {pa: 0x80000000, u64: [" +
						number + "]}\n",
					let));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << expression << ": " << played.log;
}

std::string errors_of(const std::string &expression)
{
	return load_trace(steps("  - write: {pa: 0, u64: ['" + expression + "']}\n")).errors;
}

} // namespace

TEST(TraceExpression, LiteralsAreDecimalHexadecimalOrSizes)
{
	expect_equal("17", "0x11");
	expect_equal("0x8_8000_0000", "0x880000000");
	expect_equal("4K", "4096");
	expect_equal("2M", "0x200000");
	expect_equal("1G", "0x40000000");
	expect_equal("0xffffffffffffffff", "18446744073709551615");
}

TEST(TraceExpression, OperatorsBindAsInC)
{
	expect_equal("2 + 3 * 4", "14");
	expect_equal("(2 + 3) * 4", "20");
	expect_equal("1 << 3 + 1", "16");
	expect_equal("1 | 2 << 2", "9");
	expect_equal("10 - 3 - 2", "5");
	expect_equal("-1", "0xffffffffffffffff");
}

TEST(TraceExpression, NamesAndLabelsAreNumbers)
{
	expect_equal("page + 1", "0x80001001", "page: 0x80001000");
	expect_equal("RMI_ERROR_RTT", "4");
	expect_equal("true", "1");
}

TEST(TraceExpression, SavedOutputsAreNumbers)
{
	Played played = play_text(steps("  - call: RMI_FEATURES\n"
					"    with: {index: 1}\n"
					"    save: {first: value}\n"
					"  - call: RMI_FEATURES\n"
					"    with: {index: 1}\n"
					"    expect: {value: first}\n"));

	EXPECT_EQ(played.status, RMM_TRACE_OK) << played.log;
}

TEST(TraceExpression, MistakesNameTheirPlace)
{
	EXPECT_NE(errors_of("12 +").find("a number is missing"), std::string::npos);
	EXPECT_NE(errors_of("12 12").find("unexpected text"), std::string::npos);
	EXPECT_NE(errors_of("0x").find("malformed number"), std::string::npos);
	EXPECT_NE(errors_of("1.5").find("malformed number"), std::string::npos);
	EXPECT_NE(errors_of("(1").find("missing ')'"), std::string::npos);
	EXPECT_NE(errors_of("nobody").find("unknown name 'nobody'"), std::string::npos);
	EXPECT_NE(errors_of("0x10000000000000000").find("more than 64 bits"), std::string::npos);
	EXPECT_NE(errors_of("0xffffffffffffffff + 1").find("does not fit 64 bits"),
		  std::string::npos);
	EXPECT_NE(errors_of("1 << 64").find("does not fit 64 bits"), std::string::npos);
	EXPECT_NE(errors_of("1 + nobody").find("test.yaml:4:31:"), std::string::npos)
		<< errors_of("1 + nobody");
}

TEST(TraceExpression, DeepBracketsAreRefused)
{
	const std::string deep = std::string(5000, '(') + "1" + std::string(5000, ')');

	EXPECT_NE(errors_of(deep).find("nested too deeply"), std::string::npos);
}
