/* SPDX-License-Identifier: BSD-3-Clause */
/* The parts of linux/<ns>_rmi.h. */
#ifndef RMM_ABI_GEN_EMIT_LINUX_H
#define RMM_ABI_GEN_EMIT_LINUX_H

#include "abi.h"
#include "linux_names.h"
#include "writer.h"

/* "#define NAME", tabs up to the column of values, the value. */
void w_kernel_define(struct writer *w, const char *name, const char *format, ...)
	__attribute__((format(printf, 3, 4)));

/* A structure as anonymous unions of its members and of bytes that size them. */
void emit_linux_struct(const struct abi *abi, const struct linux_names *names,
		       const struct linux_item *item, size_t version, struct writer *w);

#endif
