/* SPDX-License-Identifier: BSD-3-Clause */
/* RSI_ATTESTATION_TOKEN_INIT and _CONTINUE as a realm calls them. */
#include <cstring>

#include "realm_with_token.h"

namespace
{

constexpr uint64_t kInput = RSI_ERROR_INPUT;

class TokenCall : public RealmWithToken
{
protected:
	/* Conditions reached so far. */
	uint64_t count(const char *constant)
	{
		rmm_condition condition;

		EXPECT_TRUE(rmm_abi_condition_find(constant, &condition)) << constant;
		return rmm_condition_counts(sys_)[condition];
	}

	static bool verifies(const std::vector<uint8_t> &bytes)
	{
		rmm_token token{};
		rmm_token_result result{};
		rmm_error error{};

		EXPECT_EQ(0, rmm_token_decode(bytes.data(), bytes.size(), &token, &error))
			<< error.text;
		return rmm_token_verify(&token, {nullptr, 0}, &result);
	}
};

TEST_F(TokenCall, OneCallGivesAWholeToken)
{
	const std::vector<uint8_t> token = make_token();

	EXPECT_TRUE(verifies(token));
}

TEST_F(TokenCall, InitSaysHowLongItCanBe)
{
	run({init_step(), expect_step(0, RSI_SUCCESS), keep_length_step(), expect_step(2, 0),
	     expect_step(3, 0), continue_step(kBuffer, 0, kPage), keep_length_step(1)});
	EXPECT_EQ(kPage, length(0));
	EXPECT_LE(length(1), length(0));
}

TEST_F(TokenCall, GoesOnInTheNextGranule)
{
	run({init_step(), continue_step(kBuffer, 0xe00, 0x200), expect_step(0, RSI_INCOMPLETE),
	     expect_step(1, 0x200), continue_step(kBuffer + kPage, 0, kPage),
	     expect_step(0, RSI_SUCCESS), keep_length_step()});
	EXPECT_TRUE(verifies(peek(kBuffer + 0xe00, 0x200 + length())));
	EXPECT_EQ(std::vector<uint8_t>(0xe00), peek(kBuffer, 0xe00));
}

TEST_F(TokenCall, PiecesOfAnySizeMakeTheSameToken)
{
	const std::vector<uint8_t> whole = make_token();
	Steps steps{init_step()};

	TearDown();
	SetUp();
	for (size_t at = 0; at < whole.size(); at += 100) {
		const bool last = at + 100 >= whole.size();
		steps.push_back(continue_step(kBuffer, at, 100));
		steps.push_back(expect_step(0, last ? RSI_SUCCESS : RSI_INCOMPLETE));
		steps.push_back(expect_step(1, last ? whole.size() - at : 100));
	}
	run(steps);
	EXPECT_EQ(whole, peek(kBuffer, whole.size()));
}

TEST_F(TokenCall, NoRoomNoBytes)
{
	run({init_step(), continue_step(kBuffer, 0, 0), expect_step(0, RSI_INCOMPLETE),
	     expect_step(1, 0), continue_step(kBuffer, 0, 1), expect_step(0, RSI_INCOMPLETE),
	     expect_step(1, 1)});
	EXPECT_EQ(0xd9, peek(kBuffer, 1)[0]);
}

TEST_F(TokenCall, WithoutInitThereIsNothingToContinue)
{
	run({continue_step(kBuffer, 0, kPage), expect_step(0, RSI_ERROR_STATE), expect_step(1, 0),
	     init_step(), continue_step(kBuffer, 0, kPage), expect_step(0, RSI_SUCCESS),
	     continue_step(kBuffer, 0, kPage), expect_step(0, RSI_ERROR_STATE)});
	EXPECT_EQ(2u, count("RSI_ATTESTATION_TOKEN_CONTINUE_STATE"));
}

TEST_F(TokenCall, TheSecondInitWins)
{
	run({init_step(), continue_step(kBuffer, 0, 700), init_step(0x99),
	     continue_step(kBuffer, 0, kPage), expect_step(0, RSI_SUCCESS), keep_length_step()});
	const std::vector<uint8_t> bytes = peek(kBuffer, length());
	rmm_token token{};

	EXPECT_TRUE(verifies(bytes));
	ASSERT_EQ(0, rmm_token_decode(bytes.data(), bytes.size(), &token, nullptr));
	const rmm_claim *challenge = rmm_token_claim(&token.realm, RMM_CLAIM_CHALLENGE);
	ASSERT_NE(nullptr, challenge);
	EXPECT_EQ(0x99, challenge->bytes.data[0]);
}

TEST_F(TokenCall, MeasurementsAreThoseOfInit)
{
	run({init_step(), smc_step({kFidMeasurementExtend, 1, 8, 0x55}),
	     continue_step(kBuffer, 0, kPage), keep_length_step(0), init_step(),
	     continue_step(kBuffer + kPage, 0, kPage), keep_length_step(1)});
	const std::vector<uint8_t> before = peek(kBuffer, length(0));
	const std::vector<uint8_t> after = peek(kBuffer + kPage, length(1));
	rmm_token token{};

	ASSERT_EQ(0, rmm_token_decode(before.data(), before.size(), &token, nullptr));
	EXPECT_EQ(std::vector<uint8_t>(32),
		  std::vector<uint8_t>(token.rems[0].data, token.rems[0].data + 32));
	ASSERT_EQ(0, rmm_token_decode(after.data(), after.size(), &token, nullptr));
	EXPECT_NE(0, memcmp(token.rems[0].data, std::vector<uint8_t>(32).data(), 32));
	EXPECT_TRUE(verifies(before));
	EXPECT_TRUE(verifies(after));
}

/* ---- conditions ------------------------------------------------------------------ */

struct Failure {
	const char *name;
	const char *condition;
	uint64_t addr, offset, size;
};

void PrintTo(const Failure &failure, std::ostream *out)
{
	*out << failure.name;
}

class TokenFailure : public TokenCall, public ::testing::WithParamInterface<Failure>
{
};

TEST_P(TokenFailure, IsAnInputErrorAndLosesNothing)
{
	const Failure &f = GetParam();

	run({init_step(), continue_step(f.addr, f.offset, f.size), expect_step(0, kInput),
	     expect_step(1, 0), continue_step(kBuffer, 0, kPage), expect_step(0, RSI_SUCCESS),
	     keep_length_step()});
	EXPECT_EQ(1u, count(f.condition));
	EXPECT_TRUE(verifies(peek(kBuffer, length())));
}

#define CONDITION(id) "RSI_ATTESTATION_TOKEN_CONTINUE_" id

INSTANTIATE_TEST_SUITE_P(
	Conditions, TokenFailure,
	::testing::Values(
		Failure{"addr_align", CONDITION("ADDR_ALIGN"), kBuffer + 8, 0, 64},
		Failure{"offset_bound", CONDITION("OFFSET_BOUND"), kBuffer, kPage, 0},
		Failure{"size_overflow", CONDITION("SIZE_OVERFLOW"), kBuffer, 8, UINT64_MAX - 7},
		Failure{"size_bound", CONDITION("SIZE_BOUND"), kBuffer, 8, kPage - 7},
		Failure{"addr_bound", CONDITION("ADDR_BOUND"), UINT64_C(1) << 38, 0, kPage},
		Failure{"addr_empty", CONDITION("ADDR_EMPTY"), kRam + 64 * kPage, 0, kPage}),
	[](const auto &row) { return std::string(row.param.name); });

class NoKey : public TokenCall
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.no_attestation_key = true;
	}
};

TEST_F(NoKey, ContinueFails)
{
	run({init_step(), expect_step(0, RSI_SUCCESS), continue_step(kBuffer, 0, kPage),
	     expect_step(0, RSI_ERROR_UNKNOWN)});
	EXPECT_EQ(1u, count(CONDITION("UNKNOWN")));
}

class NoKeyTfRmm : public NoKey
{
protected:
	void adjust(rmm_config &machine) override
	{
		NoKey::adjust(machine);
		machine.overrides[0] = {RMM_BEHAVIOUR_ATTESTATION_INIT_CAN_FAIL, true};
		machine.num_overrides = 1;
	}
};

TEST_F(NoKeyTfRmm, InitFails)
{
	run({init_step(), expect_step(0, RSI_ERROR_UNKNOWN), expect_step(1, 0),
	     continue_step(kBuffer, 0, kPage), expect_step(0, RSI_ERROR_STATE)});
	EXPECT_EQ(1u, count("RSI_ATTESTATION_TOKEN_INIT_UNKNOWN_TF"));
}

/* ---- exits ------------------------------------------------------------------------- */

class UnmappedBuffer : public TokenCall
{
protected:
	UnmappedBuffer()
	{
		map_buffer_ = false;
	}
};

TEST_F(UnmappedBuffer, TheHostMapsItAndTheCallIsMadeAgain)
{
	run({init_step(), continue_step(kBuffer, 0, kPage), expect_step(0, RSI_SUCCESS),
	     keep_length_step()});
	EXPECT_EQ(2u, result_.pages_mapped) << "the buffer, and the page of the length";
	EXPECT_TRUE(verifies(peek(kBuffer, length())));
}

/* An interrupt comes in while the PE signs, every time. */
class Interrupted : public TokenCall
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.port.ctx = this;
		machine.port.guest_slice = raise;
	}

	static void raise(void *ctx, unsigned int pe)
	{
		rmm_set_irq(static_cast<Interrupted *>(ctx)->sys_, pe, true);
	}

	static host_verdict handle(void *ctx, uint8_t)
	{
		rmm_set_irq(static_cast<Interrupted *>(ctx)->sys_, 0, false);
		return HOST_CONTINUE;
	}
};

TEST_F(Interrupted, EachStepOfSigningMayBeTheLastForAWhile)
{
	host_run_ops ops{};
	Steps steps{init_step()};

	ops.ctx = this;
	ops.interrupt = handle;
	for (unsigned int i = 0; i < 4; i++) {
		steps.push_back(continue_step(kBuffer, 0, kPage));
		steps.push_back(expect_step(0, RSI_INCOMPLETE));
		steps.push_back(expect_step(1, 0));
	}
	steps.push_back(continue_step(kBuffer, 0, kPage));
	steps.push_back(expect_step(0, RSI_SUCCESS));
	steps.push_back(keep_length_step());
	run(steps, &ops);
	EXPECT_EQ(4u, result_.by_reason[RMI_EXIT_IRQ]);
	EXPECT_TRUE(verifies(peek(kBuffer, length())));
}

class Charged : public TokenCall
{
protected:
	void adjust(rmm_config &machine) override
	{
		machine.port.ctx = this;
		machine.port.charge = count;
	}

	static void count(void *ctx, unsigned int, rmm_cost cost, uint64_t units, uint64_t)
	{
		if (cost == RMM_COST_SIGN)
			static_cast<Charged *>(ctx)->quarters_ += units;
	}

	uint64_t quarters_ = 0;
};

TEST_F(Charged, ATokenCostsOneSignatureHoweverItIsFetched)
{
	Steps steps{init_step()};

	for (unsigned int i = 0; i < 3; i++)
		steps.push_back(continue_step(kBuffer, 0, 100));
	run(steps);
	EXPECT_EQ(4u, quarters_);
}

} /* namespace */
