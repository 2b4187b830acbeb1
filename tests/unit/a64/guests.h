/* SPDX-License-Identifier: BSD-3-Clause */
/* Guests run to their end, with what they printed. */
#ifndef TESTS_UNIT_A64_GUESTS_H
#define TESTS_UNIT_A64_GUESTS_H

#include <gtest/gtest.h>

#include <cstdio>
#include <cstdlib>
#include <string>
#include <vector>

extern "C" {
#include "guest_image.h"
#include "guest_run.h"
}

struct Outcome {
	bool ran = false;
	std::string console;
	std::string dump;
	guest_report report{};
};

/* What a FILE got. */
class Sink
{
public:
	Sink() : file_(open_memstream(&text_, &size_))
	{
	}
	~Sink()
	{
		fclose(file_);
		free(text_);
	}
	Sink(const Sink &) = delete;
	Sink &operator=(const Sink &) = delete;
	FILE *file()
	{
		return file_;
	}
	std::string text()
	{
		fflush(file_);
		return std::string(text_, size_);
	}

private:
	char *text_ = nullptr;
	size_t size_ = 0;
	FILE *file_;
};

inline guest_options default_guest_options()
{
	guest_options o{};

	setenv("RMMSIM_A64_MODULE", MODULE, 1);
	o.version = rmm_config_default().version;
	o.profile = RMM_PROFILE_SPEC;
	o.mem = UINT64_C(1) << 20;
	o.base = 0x10000000;
	o.entry = o.base;
	o.shared = 65536;
	o.console_offset = 0x9000000;
	o.recs = 1;
	o.timeout = 60;
	return o;
}

inline Outcome run_image(const guest_image &image, guest_options o)
{
	Outcome outcome;
	Sink console;
	Sink dump;

	o.entry = image.entry;
	o.out = console.file();
	o.dump = dump.file();
	o.lint = stderr;
	outcome.ran = guest_run(&image, &o, &outcome.report);
	outcome.console = console.text();
	outcome.dump = dump.text();
	EXPECT_EQ(0u, outcome.report.stale_translations);
	return outcome;
}

inline Outcome run_guest(const std::string &name, const guest_options &o = default_guest_options())
{
	guest_image image;
	char why[128] = "";
	const std::string path = std::string(GUESTS) + "/" + name + ".elf";

	EXPECT_TRUE(guest_image_load(path.c_str(), o.base, &image, why, sizeof(why))) << why;
	Outcome outcome = run_image(image, o);
	guest_image_free(&image);
	EXPECT_TRUE(outcome.ran) << outcome.report.error;
	return outcome;
}

/* Instructions at the start of RAM. */
inline Outcome run_words(const std::vector<uint32_t> &words,
			 const guest_options &o = default_guest_options())
{
	guest_image image;
	char why[128] = "";

	EXPECT_TRUE(guest_image_parse(reinterpret_cast<const uint8_t *>(words.data()),
				      words.size() * 4, o.base, &image, why, sizeof(why)))
		<< why;
	Outcome outcome = run_image(image, o);
	guest_image_free(&image);
	return outcome;
}

#endif
