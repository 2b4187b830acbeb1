/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef TESTS_UNIT_THREADS_PES_H
#define TESTS_UNIT_THREADS_PES_H

#include <functional>

namespace threads
{

/* Runs body(pe) on `count` threads, which begin together; returns when all are done. */
void on_pes(unsigned count, const std::function<void(unsigned pe)> &body);

} // namespace threads

#endif
