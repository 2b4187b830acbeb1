/* SPDX-License-Identifier: BSD-3-Clause */
/* Commands that turn one granule into an object, or back. */
#ifndef RMMCONDUIT_OBJECT_COMMANDS_H
#define RMMCONDUIT_OBJECT_COMMANDS_H

#include "observed.h"
#include "rmmsim/host/ledger.h"

struct object_command {
	enum rmm_command id;
	enum host_held kind;
	const char *granule; /* input; or output of a command that destroys and says where */
	const char *realm;   /* input with the RD; NULL: the object belongs to no realm */
	bool destroys;
};

/* NULL: the command is none of them. */
const struct object_command *object_command(enum rmm_command id);

/* PA of the granule, from the inputs or, for a call that has succeeded, the outputs. */
uint64_t object_granule(const struct object_command *of, const struct observed *o);
uint64_t object_realm(const struct object_command *of, const struct observed *o);

#endif
