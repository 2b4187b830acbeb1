/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LINUX_SHIM_BUILD_BUG_H
#define LINUX_SHIM_BUILD_BUG_H

/* The text is optional in the kernel, as in C++17. */
#ifndef __cplusplus
#define static_assert(condition) _Static_assert(condition, #condition)
#endif

#endif
