/* SPDX-License-Identifier: BSD-3-Clause */
/* Reading profiles: what is accepted, and the sentences for what is not. */
#include <cstdio>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <unistd.h>

#include "rmm_timing.h"

namespace
{

std::string shipped_text()
{
	std::ifstream in(RMM_TEST_PROFILE);

	return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

class scratch_profile
{
public:
	explicit scratch_profile(const std::string &text)
	{
		const int fd = mkstemp(m_path);

		EXPECT_GE(fd, 0);
		EXPECT_EQ(write(fd, text.data(), text.size()), static_cast<ssize_t>(text.size()));
		(void)close(fd);
	}

	~scratch_profile()
	{
		(void)std::remove(m_path);
	}

	/* The sentence, without the path; "" when the profile is accepted. */
	std::string complaint() const
	{
		rmm_timing_profile *profile = nullptr;
		rmm_error error = {};

		if (rmm_profile_load(m_path, &profile, &error) == 0) {
			rmm_profile_free(profile);
			return "";
		}
		const std::string text = error.text;
		EXPECT_EQ(text.rfind(m_path, 0), 0u) << text;
		return text.substr(std::string(m_path).size());
	}

private:
	char m_path[32] = "timing-profile-XXXXXX";
};

/* The shipped profile with its first `from` replaced. */
std::string complaint_after(const std::string &from, const std::string &to)
{
	std::string text = shipped_text();
	const std::size_t at = text.find(from);

	EXPECT_NE(at, std::string::npos) << from;
	return scratch_profile(text.replace(at, from.size(), to)).complaint();
}

void expect_says(const std::string &complaint, const std::string &what)
{
	EXPECT_NE(complaint.find(what), std::string::npos) << complaint;
}

} /* namespace */

TEST(Profile, BuiltInIsTheShippedFile)
{
	rmm_timing_profile *builtin = nullptr;
	rmm_timing_profile *file = nullptr;
	rmm_error error = {};

	ASSERT_EQ(rmm_profile_load(nullptr, &builtin, &error), 0) << error.text;
	ASSERT_EQ(rmm_profile_load(RMM_TEST_PROFILE, &file, &error), 0) << error.text;
	EXPECT_STREQ(builtin->name, "generic-server");
	EXPECT_STREQ(builtin->name, file->name);
	EXPECT_EQ(builtin->clock_mhz, file->clock_mhz);
	for (unsigned int c = 0; c < RMM_COST_COUNT; c++) {
		EXPECT_EQ(builtin->costs[c].cycles, file->costs[c].cycles);
		EXPECT_EQ(builtin->costs[c].once, file->costs[c].once);
		EXPECT_EQ(builtin->costs[c].per, file->costs[c].per);
		EXPECT_STREQ(builtin->costs[c].source, file->costs[c].source);
	}
	rmm_profile_free(builtin);
	rmm_profile_free(file);
}

TEST(Profile, EveryNumberHasASource)
{
	rmm_timing_profile *profile = nullptr;

	ASSERT_EQ(rmm_profile_load(nullptr, &profile, nullptr), 0);
	for (const rmm_rate &rate : profile->costs)
		EXPECT_GT(std::string(rate.source).size(), 5u);
	for (const rmm_rate &rate : profile->resources)
		EXPECT_GT(std::string(rate.source).size(), 5u);
	rmm_profile_free(profile);
}

TEST(Profile, AcceptsTheShippedText)
{
	EXPECT_EQ(scratch_profile(shipped_text()).complaint(), "");
}

TEST(Profile, NamesPlaceAndRemedy)
{
	const std::string complaint = complaint_after("  smc:\n", "  smcc:\n");

	expect_says(complaint, ":18:3: unknown key 'smcc' in costs");
	expect_says(complaint, "remove it or correct it");
}

TEST(Profile, RefusesUnknownKeysEverywhere)
{
	expect_says(complaint_after("profile:", "profil:"), "unknown key 'profil'");
	expect_says(complaint_after("  mhz:", "  ghz:"), "unknown key 'ghz' in clock");
	expect_says(complaint_after("    per: 64\n", "    each: 64\n"), "unknown key 'each'");
	expect_says(complaint_after("  dvm:", "  noc:"), "unknown key 'noc' in resources");
}

TEST(Profile, RefusesWhatIsMissing)
{
	expect_says(complaint_after("profile: generic-server\n", ""), "'profile' is missing");
	expect_says(complaint_after("  mhz: 2500\n", ""), "'mhz' is missing");
	expect_says(complaint_after("    kind: assumption\n", ""), "'kind' is missing");
	expect_says(complaint_after("    cycles: 560\n", ""), "'cycles' is missing");
	expect_says(complaint_after("    source: as smc\n", ""), "'source' is missing");
	expect_says(complaint_after("  smc-return:\n    cycles: 560\n    kind: assumption\n"
				    "    source: as smc\n",
				    ""),
		    "'smc-return' is missing in costs");
}

TEST(Profile, RefusesWrongValues)
{
	expect_says(complaint_after("mhz: 2500", "mhz: 2.5e3"), "is not a whole number");
	expect_says(complaint_after("mhz: 2500", "mhz: 2500000000"), "is not a whole number");
	expect_says(complaint_after("mhz: 2500", "mhz: 200000"), "it is in MHz");
	expect_says(complaint_after("mhz: 2500", "mhz: 0"), "is not a whole number");
	expect_says(complaint_after("per: 64", "per: 0"), "is not a whole number from 1");
	expect_says(complaint_after("cycles: 560", "cycles: -1"), "is not a whole number");
	expect_says(complaint_after("cycles: 560", "cycles: [1]"), "cycles must be a plain value");
	expect_says(complaint_after("cycles: 560", "cycles: 5x"), "is not a whole number");
	expect_says(complaint_after("cycles: 560", "cycles: 99999999999999999999"),
		    "is not a whole number");
	expect_says(complaint_after("kind: assumption", "kind: [a]"), "kind must be a plain value");
	expect_says(complaint_after("source: as smc", "source: {a: b}"),
		    "source must be a plain value");
	expect_says(complaint_after("profile: generic-server", "profile: [a]"),
		    "profile must be a plain value");
	expect_says(complaint_after("    per: 64\n", "    per: many\n"), "is not a whole number");
	expect_says(complaint_after("kind: assumption", "kind: guess"), "'guess' is none of");
	expect_says(complaint_after("source: as smc", "source: ''"), "'source' is empty");
}

/* All but one of the sections, in place of which there is something else. */
TEST(Profile, RefusesWhatIsNoSection)
{
	static const char *const next[] = {"\ncosts:", "\nresources:", "\nend"};
	unsigned int i = 0;

	for (const char *section : {"clock", "costs", "resources"}) {
		const std::string head = std::string("\n") + section + ":";
		std::string text = shipped_text();
		const std::size_t at = text.find(head);

		ASSERT_NE(at, std::string::npos) << section;
		const std::size_t end = text.find(next[i++], at + 1);
		text.erase(at + 1, end == std::string::npos ? end : end - at);
		expect_says(scratch_profile(text).complaint(),
			    std::string("'") + section + "' is missing");
		text.insert(at + 1, std::string(section) + ": 1\n");
		expect_says(scratch_profile(text).complaint(),
			    std::string(section) + " must be a mapping");
	}
}

TEST(Profile, RefusesARateThatIsANumber)
{
	expect_says(complaint_after("  smc-return:\n    cycles: 560\n    kind: assumption\n"
				    "    source: as smc\n",
				    "  smc-return: 560\n"),
		    "smc-return must be a mapping");
}

TEST(Profile, NamesWhatItKnowsAndNothingElse)
{
	EXPECT_STREQ("unknown", rmm_timing_kind_name(RMM_TIMING_KIND_COUNT));
	EXPECT_STREQ("unknown", rmm_resource_name(RMM_RESOURCE_COUNT));
	rmm_profile_free(nullptr);
}

TEST(Profile, RefusesDuplicates)
{
	expect_says(complaint_after("    cycles: 560\n", "    cycles: 560\n    cycles: 560\n"),
		    "'cycles' occurs twice");
}

TEST(Profile, RefusesWhatIsNoProfile)
{
	expect_says(scratch_profile("").complaint(), "empty");
	expect_says(scratch_profile("- a\n- b\n").complaint(), ":1:1: a profile must be a mapping");
	expect_says(scratch_profile("a: [\n").complaint(), "not YAML");
	expect_says(scratch_profile("? [a]\n: b\n").complaint(), "a key must be a plain value");
}

TEST(Profile, RefusesAFileThatIsNotThere)
{
	rmm_timing_profile *profile = nullptr;
	rmm_error error = {};

	EXPECT_EQ(rmm_profile_load("no/such/profile.yaml", &profile, &error), -1);
	expect_says(error.text, "no/such/profile.yaml: No such file");
	EXPECT_EQ(rmm_profile_load("no/such/profile.yaml", &profile, nullptr), -1);
}
