/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Not a test by itself: leaves what others look at. In RMM_TOKEN_DIRECTORY,
 * a token of each form that realms of the model received, and their image.
 */
#include <fstream>

#include "realm_with_token.h"

namespace
{

struct Form {
	const char *name;
	uint8_t hash_algo;
	bool is_1_0;
};

class TokenFiles : public RealmWithToken, public ::testing::WithParamInterface<Form>
{
protected:
	void adjust(rmm_config &machine) override
	{
		if (!GetParam().is_1_0)
			return;
		machine.overrides[0] = {RMM_BEHAVIOUR_TOKEN_IS_CMW_COLLECTION, false};
		machine.overrides[1] = {RMM_BEHAVIOUR_TOKEN_HAS_2_0_CLAIMS, false};
		machine.num_overrides = 2;
	}

	static void write(const std::string &name, const void *data, size_t len)
	{
		std::ofstream out(std::string(RMM_TOKEN_DIRECTORY "/") + name, std::ios::binary);

		out.write(static_cast<const char *>(data), std::streamsize(len));
		out.close();
		ASSERT_FALSE(out.fail()) << name;
	}
};

TEST_P(TokenFiles, Write)
{
	hash_algo_ = GetParam().hash_algo;
	const std::vector<uint8_t> token = make_token();

	ASSERT_FALSE(token.empty());
	write(std::string(GetParam().name) + ".cbor", token.data(), token.size());
	write("image.bin", image_, sizeof(image_));
}

INSTANTIATE_TEST_SUITE_P(Forms, TokenFiles,
			 ::testing::Values(Form{"2.0-sha-256", RMI_HASH_SHA_256, false},
					   Form{"2.0-sha-384", RMI_HASH_SHA_384, false},
					   Form{"2.0-sha-512", RMI_HASH_SHA_512, false},
					   Form{"1.0-sha-256", RMI_HASH_SHA_256, true}));

} /* namespace */
