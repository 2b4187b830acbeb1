/* SPDX-License-Identifier: BSD-3-Clause */
/* One call as it passes a link: registers, and what the ABI tables say of them. */
#ifndef RMMCONDUIT_OBSERVED_H
#define RMMCONDUIT_OBSERVED_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/host/memory.h"
#include "rmmsim/smc.h"

#define OBSERVED_NOT_SUPPORTED UINT64_MAX /* SMCCC: all 64 bits are one */
#define PAGE_MASK              (HOST_PAGE_SIZE - 1)
#define LIST_ENTRIES           (HOST_PAGE_SIZE / sizeof(uint64_t))

struct observed {
	enum rmm_version version;
	const struct rmm_abi_command *command; /* NULL: no command of this version */
	enum rmm_command id;                   /* RMM_CMD_COUNT when there is none */
	uint64_t number;                       /* from 1 */
	struct smc_regs in;
	struct smc_regs out;
};

static inline bool observed_version_exists(enum rmm_version version)
{
	return (unsigned int)version < RMM_VERSION_COUNT;
}

/* What is known before the call is forwarded. */
struct observed observed_call(enum rmm_version version, uint64_t number,
			      const struct smc_regs *regs);

const char *observed_name(const struct observed *o);

/* The parameter, or NULL. Names that differ between versions: "rec_ptr|rec". */
const struct rmm_abi_param *observed_input(const struct observed *o, const char *name);
const struct rmm_abi_param *observed_output(const struct observed *o, const char *name);

/* Its value; 0 when the command has no such parameter. */
uint64_t observed_in(const struct observed *o, const char *name);
uint64_t observed_out(const struct observed *o, const char *name);
bool observed_has_in(const struct observed *o, const char *name);
bool observed_has_out(const struct observed *o, const char *name);

/* Bits [7:0] of the result; UINT64_MAX when the call is not supported. */
uint64_t observed_status(uint64_t x0);
bool observed_succeeded(const struct observed *o);
bool observed_incomplete(const struct observed *o);
bool observed_asks_to_repeat(const struct observed *o); /* BUSY, BLOCKED */

/* RMI_OP_*: a step of an operation that another command began. */
bool observed_is_step(const struct observed *o);

/* [base, top) in, out_top out. */
bool observed_is_range(const struct observed *o);

/* What the oaddr_type of the flags says: RmiRttAddrType. */
uint64_t observed_addr_type(const struct observed *o);

/* A range of PAs as an RmiAddrRangeDesc has it. */
struct pa_range {
	uint64_t base;
	uint64_t size; /* bytes */
	uint64_t state;
};
struct pa_range pa_range_decode(enum rmm_version version, uint64_t desc);

/* Bytes that one entry of an RTT at `level` covers; 0 when there is no such level. */
uint64_t rtt_span_bytes(int64_t level);

/* Copies `count` entries of a list, clipped at the end of its page (at most LIST_ENTRIES). */
uint64_t read_list(const struct host_memory_ops *memory, uint64_t pa, uint64_t count,
		   uint64_t *entries);

/* A field of a structure in memory; 0 when it cannot be read or does not exist. */
uint64_t read_field(const struct host_memory_ops *memory, enum rmm_version version,
		    const char *type, const char *field, uint32_t index, uint64_t pa);

#endif
