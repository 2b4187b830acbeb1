/* SPDX-License-Identifier: BSD-3-Clause */
/* What public headers declare, for tests that have to reach all of it. */
#ifndef TESTS_SUPPORT_PUBLIC_FUNCTIONS_H
#define TESTS_SUPPORT_PUBLIC_FUNCTIONS_H

#include <set>
#include <string>

/* Names of the functions with a pointer among their arguments, in every header below a folder. */
std::set<std::string> functions_with_pointers(const std::string &folder);

/* Those of them that a source file never calls. */
std::set<std::string> never_called(const std::set<std::string> &functions, const std::string &file);

#endif
