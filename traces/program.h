/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A trace after it has been read: steps with resolved names and types. All of
 * it lives in the trace's arena.
 */
#ifndef RMM_TRACES_PROGRAM_H
#define RMM_TRACES_PROGRAM_H

#include "abi.h"
#include "arena.h"
#include "expr.h"
#include "rmmsim/memory.h"
#include "rmmsim/trace.h"

/* Bounds that keep a hostile trace small. */
#define TRACE_MAX_STEPS       100000u
#define TRACE_MAX_GUEST_STEPS 65536u
#define TRACE_MAX_ACTORS      RMM_MAX_PES
#define TRACE_MAX_SLOTS       4096u
#define TRACE_MAX_BYTES       65536u /* of one read or write */

/*
 * One number at a bit position of a little-endian image (a register is an
 * image of 8 bytes): to be stored there, or expected there.
 */
struct trace_term {
	const struct trace_expr *expr;
	uint32_t bit;
	uint8_t width; /* 1..64 */
	uint8_t shift; /* stands for value >> shift: addresses in descriptors */
	bool is_signed;
	const struct rmm_abi_type *type; /* for printing; may be NULL */
	const char *type_name;           /* "Address" ...; may be NULL */
	const char *path;                /* "exit.imm" */
	const char *bytes; /* text that stands for many bytes: in its first one; "" in the others */
};

struct trace_terms {
	ABI_LIST(struct trace_term) terms;
};

/* Bits of a little-endian image. */
struct trace_bits {
	uint32_t bit;
	uint8_t width; /* 1..64 */
};

/* Bits of an answer, or of memory, that become a name. */
struct trace_save {
	size_t slot;
	struct trace_bits bits;
};

struct trace_expectation {
	bool any;        /* nothing is expected, not even success */
	bool has_status; /* status below, else success is expected */
	struct trace_term status;
	struct trace_terms terms; /* in the image of x0..x17 */
	enum rmm_condition condition;
	bool has_condition;
	uint32_t line;
};

struct trace_call {
	const struct rmm_abi_command *command; /* NULL: only a number */
	uint64_t fid;
	struct trace_terms inputs; /* in the image of x0..x17 */
	struct trace_expectation expect;
	ABI_LIST(struct trace_save) saves;
	bool range; /* repeat from out_top until top */

	/* sro: the whole operation */
	bool operation;
	const struct trace_expr *list; /* PA of the page for address lists */
	const struct trace_expr *pool_base;
	const struct trace_expr *pool_count;
};

struct trace_access {
	const struct trace_expr *pa;
	const struct rmm_abi_type *type; /* NULL: raw */
	uint32_t size;                   /* bytes */
	struct trace_terms terms;        /* stored or expected */
	const char *text;                /* raw text to write */
	bool fault;                      /* the access is expected to fail ... */
	enum rmm_fault_kind fault_kind;  /* ... like this */
	ABI_LIST(struct trace_save) saves;
};

enum trace_check_kind {
	TRACE_CHECK_GRANULE,
	TRACE_CHECK_GPI,
	TRACE_CHECK_REALM,
	TRACE_CHECK_REC,
	TRACE_CHECK_GUEST,
	TRACE_CHECK_ICH,
	TRACE_CHECK_RMM,
	TRACE_CHECK_DELEGATED,
	TRACE_CHECK_OPERATIONS,
};

/* One fact; `field` selects it where the object has several. */
struct trace_check {
	enum trace_check_kind kind;
	const char *field;
	const struct trace_expr *key;  /* pa, rd, rec */
	const struct trace_expr *key2; /* mpidr */
	const struct trace_expr *value;
	const char *word; /* expected word instead of value */
	enum rmm_ich_register ich;
};

/* A virtual GIC register that the host writes. */
struct trace_ich_write {
	enum rmm_ich_register reg;
	const struct trace_expr *value;
};

struct trace_bind {
	size_t guest;
	const struct trace_expr *rd;
	const struct trace_expr *mpidr;
};

enum trace_step_kind {
	TRACE_STEP_SAY,
	TRACE_STEP_CALL,
	TRACE_STEP_WRITE,
	TRACE_STEP_READ,
	TRACE_STEP_BIND,
	TRACE_STEP_CHECK,
	TRACE_STEP_LINE,
	TRACE_STEP_ASSIGN,
	TRACE_STEP_ICH,
	TRACE_STEP_SERROR,
};

struct trace_step {
	enum trace_step_kind kind;
	struct abi_loc loc;
	unsigned int pe;
	union {
		const char *say;
		struct trace_call *call;
		struct trace_access *access;
		struct trace_bind bind;
		ABI_LIST(struct trace_check) checks;
		ABI_LIST(struct trace_ich_write) ich;
		const struct trace_expr *serror;
		struct {
			bool fiq;
			bool level;
		} line;
		struct {
			const struct trace_expr *base;
			const struct trace_expr *size;
			enum rmm_gpi gpi;
		} assign;
	} u;
};

struct trace_guest {
	const char *name;
	struct rmm_script script;
	struct abi_loc loc;
};

struct trace_actor {
	unsigned int pe;
	ABI_LIST(struct trace_step) steps;
	size_t num_slots;
};

struct rmm_trace {
	struct abi_arena *arena;
	const char *file;
	const char *name;
	const char *about;
	struct rmm_config config;
	ABI_LIST(struct trace_guest) guests;
	ABI_LIST(struct trace_actor) actors;
	size_t num_steps;
	size_t num_guest_steps;
};

#endif
