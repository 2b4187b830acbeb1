/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef SHIM_LINUX_STDDEF_H
#define SHIM_LINUX_STDDEF_H

#include <stddef.h>

#endif
