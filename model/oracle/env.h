/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Where the conditions of one call are evaluated: its registers, the machine,
 * and the context values sampled so far. Evaluation is lazy and leaves a mark
 * when a value does not exist: everything that follows then yields zero until
 * the mark is taken away.
 */
#ifndef RMM_ORACLE_ENV_H
#define RMM_ORACLE_ENV_H

#include <stddef.h>

#include "oracle/generated/types.h"
#include "oracle/value.h"
#include "rmmsim/abi/ids.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/smc.h"
#include "rmmsim/system.h"

#define ORACLE_MAX_SLOTS    16
#define ORACLE_MAX_FAILURES 64
#define ORACLE_ARENA_BYTES  (96u * 1024u)
#define ORACLE_MAX_IMAGES   4
#define ORACLE_MAX_TABLES   8

struct rmm_oracle;
struct oracle_change;
struct oracle_operation;

/* Why an expression has no value. */
enum oracle_fault {
	ORACLE_NO_FAULT,
	ORACLE_ILL_FORMED, /* it looks at something that does not exist: not observed */
	ORACLE_UNKNOWN,    /* an implementation may choose, or the oracle cannot tell */
};

/* What became of a condition. */
enum oracle_truth { ORACLE_FALSE, ORACLE_TRUE, ORACLE_NOT_OBSERVED, ORACLE_ANYTHING };

enum oracle_phase { ORACLE_BEFORE, ORACLE_AFTER };

struct oracle_slot {
	uint64_t stamp;
	enum oracle_fault fault;
	union {
		uint64_t u;
		oracle_int i;
		const void *p;
	};
};

/* A structure of the host that a condition looked at. */
struct oracle_image {
	uint64_t pa;
	const uint8_t *bytes;
};

/* A table that a walk has reached: where it stands in its tree. */
struct oracle_table {
	uint64_t pa;
	int level;
	bool lpa2;
};

/* A table as it was before the call. */
struct oracle_kept_table {
	uint64_t pa;
	int level;
	bool lpa2;
	uint64_t ipa; /* of entry 0 */
	uint64_t entries[512];
};

/* An address set: the descriptors, in order. */
struct oracle_set {
	uint64_t stamp;
	uint64_t oaddr;
	uint64_t type;
	enum oracle_fault fault;
	unsigned int count;
	uint64_t entries[512];
};

struct oracle_env {
	struct oracle_env *next; /* in the list of those that nobody uses */
	const struct rmm_oracle *oracle;
	struct rmm_system *sys;
	enum rmm_version version;
	const struct rmm_abi_command *form;
	const struct oracle_operation *operation; /* that the call resumes; NULL: none */
	unsigned int pe;
	struct smc_regs in;
	struct smc_regs out;
	bool deep; /* look at every byte */

	enum oracle_phase phase;
	enum oracle_fault fault;
	uint64_t stamp[2]; /* of the slots of a phase */
	struct oracle_slot slots[2][ORACLE_MAX_SLOTS];
	enum oracle_truth truth[ORACLE_MAX_FAILURES];

	unsigned int num_images;
	struct oracle_image images[ORACLE_MAX_IMAGES];
	bool images_kept; /* copies: the host may have changed the originals */
	unsigned int num_tables;
	struct oracle_table tables[ORACLE_MAX_TABLES];
	struct oracle_kept_table kept;
	struct oracle_set set;

	/* Where footprint expressions say what may change; NULL: nobody asks. */
	struct oracle_change *allowed;

	size_t used; /* of the arena */
	_Alignas(16) uint8_t arena[ORACLE_ARENA_BYTES];
};

/* ---- marks ------------------------------------------------------------------ */

extern const uint8_t oracle_nothing_bytes[4096];
#define oracle_nothing ((const void *)oracle_nothing_bytes)

static inline uint64_t oracle_mark(struct oracle_env *env, enum oracle_fault fault)
{
	if (env->fault == ORACLE_NO_FAULT)
		env->fault = fault;
	return 0;
}

static inline uint64_t oracle_unknown(struct oracle_env *env)
{
	return oracle_mark(env, ORACLE_UNKNOWN);
}

static inline uint64_t oracle_ill_formed(struct oracle_env *env)
{
	return oracle_mark(env, ORACLE_ILL_FORMED);
}

static inline unsigned int oracle_index(struct oracle_env *env, oracle_int i, unsigned int count)
{
	if (i >= 0 && i < count)
		return (unsigned int)i;
	return (unsigned int)oracle_ill_formed(env);
}

/* ---- registers ---------------------------------------------------------------- */

static inline uint64_t oracle_in(const struct oracle_env *env, unsigned int reg, unsigned int lsb,
				 unsigned int width)
{
	return oracle_bits(env->in.x[reg], lsb, width);
}

static inline uint64_t oracle_out(const struct oracle_env *env, unsigned int reg, unsigned int lsb,
				  unsigned int width)
{
	return oracle_bits(env->out.x[reg], lsb, width);
}

/* ---- context values -------------------------------------------------------------- */

/* Where the value of now, or of before the call, is kept; NULL: it has none. */
static inline struct oracle_slot *oracle_slot(struct oracle_env *env, unsigned int i, bool after)
{
	const enum oracle_phase phase = after ? env->phase : ORACLE_BEFORE;
	struct oracle_slot *slot = &env->slots[phase][i];

	if (env->fault != ORACLE_NO_FAULT)
		return NULL;
	if (slot->stamp == env->stamp[phase]) {
		env->fault = slot->fault;
		return slot;
	}
	if (phase != env->phase) {
		oracle_unknown(env);
		return NULL;
	}
	return slot;
}

static inline bool oracle_slot_known(const struct oracle_env *env, const struct oracle_slot *slot)
{
	return slot->stamp == env->stamp[0] || slot->stamp == env->stamp[1];
}

static inline void oracle_slot_done(struct oracle_env *env, struct oracle_slot *slot)
{
	slot->stamp = env->stamp[env->phase];
	slot->fault = env->fault;
}

/* Zeroed memory that lives as long as the values of this call; NULL: none left. */
void *oracle_alloc(struct oracle_env *env, size_t size);

/* A copy of the value that lives as long. Never NULL. */
const struct oracle_wide *oracle_keep_wide(struct oracle_env *env, struct oracle_wide value);

/* Keeps the tables that functions may ask for once the call has changed them. */
void oracle_keep_tables(struct oracle_env *env);

/* ---- generated tables -------------------------------------------------------------- */

struct oracle_datum {
	const char *name;
	uint8_t reg, lsb, width;
	uint64_t (*value)(struct oracle_env *env);
};

struct oracle_failure {
	enum rmm_condition condition;
	const char *name;
	rmm_versions versions;
	bool (*when)(struct oracle_env *env);
	uint64_t before; /* set of failures that are reported rather than this one */
	bool quirk;      /* of an implementation: may hold without being reported */
	const struct oracle_datum *data;
	unsigned int num_data;
	const uint16_t *uses; /* functions, closed by the number of functions */
};

struct oracle_success {
	const char *name;
	rmm_versions versions;
	bool (*when)(struct oracle_env *env); /* NULL: always */
	bool (*then)(struct oracle_env *env);
	const char *text;
	const uint16_t *uses;
};

struct oracle_command {
	enum rmm_command command;
	rmm_versions versions;
	void (*capture)(struct oracle_env *env);
	void (*footprint)(struct oracle_env *env);
	const struct oracle_failure *failures;
	unsigned int num_failures;
	const struct oracle_success *successes;
	unsigned int num_successes;
};

extern const struct oracle_command oracle_commands[];
extern const unsigned int oracle_num_commands;

/* A function that conditions use, and whether this oracle can answer it. */
struct oracle_function {
	const char *name;
	bool known;
};
extern const struct oracle_function oracle_functions[];

#endif
