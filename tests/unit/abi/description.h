/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Descriptions written into a test, and what the checker says about them. In a
 * text that is expected to be wrong, '@' marks where the error belongs; it is
 * removed before the text is checked.
 */
#ifndef RMM_TESTS_ABI_DESCRIPTION_H
#define RMM_TESTS_ABI_DESCRIPTION_H

#include <gtest/gtest.h>

#include <string>
#include <vector>

#include "generator.h"

/* A directory of its own, removed with everything in it. */
class TemporaryDirectory
{
public:
	TemporaryDirectory();
	~TemporaryDirectory();
	TemporaryDirectory(const TemporaryDirectory &) = delete;
	TemporaryDirectory &operator=(const TemporaryDirectory &) = delete;

	std::string path(const std::string &name) const;
	std::string write(const std::string &name, const std::string &text) const;

private:
	std::string directory;
};

/* A loaded description set, and the diagnostics that loading it gave. */
class Loaded
{
public:
	explicit Loaded(const std::vector<std::string> &files);
	~Loaded();
	Loaded(const Loaded &) = delete;
	Loaded &operator=(const Loaded &) = delete;

	const struct abi_set *abi() const
	{
		return description;
	}
	const std::string &errors() const
	{
		return text;
	}
	size_t count() const
	{
		return number;
	}
	int status() const
	{
		return exit_status;
	}

private:
	struct abi_set *description;
	std::string text;
	size_t number;
	int exit_status;
};

/* Versions v1, v2 and v3, for texts that begin with "uses: [versions.yaml]". */
extern const char *const three_versions;

/* Writes versions.yaml and the text as set.yaml, and loads the latter. */
class Checked
{
public:
	explicit Checked(const std::string &text);

	const struct abi_set *abi() const
	{
		return loaded.abi();
	}
	const std::string &errors() const
	{
		return loaded.errors();
	}
	size_t count() const
	{
		return loaded.count();
	}

private:
	TemporaryDirectory directory;
	Loaded loaded;
};

/* One wrong description. */
struct BadCase {
	const char *name;
	const char *text;    /* with '@' at the place of the error */
	const char *message; /* part of it */
	const char *remedy;  /* part of it */
};

void PrintTo(const BadCase &bad, std::ostream *out);

/* Expects exactly one error: there, with that message and remedy. */
void expect_one_error(const BadCase &bad);

std::string case_name(const testing::TestParamInfo<BadCase> &info);

/* "line:column" of the mark, which is removed. */
std::string take_mark(std::string &text);

#endif
