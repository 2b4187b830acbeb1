/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LINUX_SHIM_STDDEF_H
#define LINUX_SHIM_STDDEF_H

#include <stddef.h>

#endif
