/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The generator's C interface as C++ sees it. The C++ runtime has a namespace
 * `abi`, so the description's type is called abi_set here.
 */
#ifndef RMM_TESTS_ABI_GENERATOR_H
#define RMM_TESTS_ABI_GENERATOR_H

#define abi abi_set
extern "C" {
#include "abi.h"
#include "cli.h"
#include "diag.h"
#include "diff.h"
#include "writer.h"
}
#undef abi

#endif
