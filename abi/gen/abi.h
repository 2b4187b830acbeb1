/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ABI description in memory: what the loader builds, the checker verifies
 * and the emitters print. One `struct abi` is one description set; it owns all
 * of its memory (arena), which lives until abi_free().
 *
 * Lists keep the order of the files. Version sets are bit masks: bit n stands
 * for versions.v[n].
 */
#ifndef RMM_ABI_GEN_ABI_H
#define RMM_ABI_GEN_ABI_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define ABI_MAX_VERSIONS 32

/* Where a piece of text stands; line and column count from 1. */
struct abi_loc {
	const char *file;
	uint32_t line;
	uint32_t column;
};

/* A scalar of the YAML with its place; s is NULL when the key is absent. */
struct abi_text {
	const char *s;
	struct abi_loc loc; /* of the first character, inside quotes */
	bool verbatim;      /* character n of s stands n columns behind loc */
};

typedef uint32_t abi_versions;

#define ABI_LIST(type)    \
	struct {          \
		type *v;  \
		size_t n; \
	}

struct abi_version {
	struct abi_text name; /* "2.0-bet1" */
	struct abi_text ns;   /* "rmm2_0b1" */
	struct abi_text rmi;  /* interface revision "2.0" */
	struct abi_text rsi;
	struct abi_text doc;
	struct abi_text source;
};

/* ---- types ------------------------------------------------------------ */

enum abi_type_kind {
	ABI_TYPE_BOOL,
	ABI_TYPE_INT,     /* unbounded; width 0 */
	ABI_TYPE_UINT,    /* UIntN: width bits */
	ABI_TYPE_SINT,    /* IntN */
	ABI_TYPE_ADDRESS, /* 64 bits */
	ABI_TYPE_BITS,    /* BitsN */
	ABI_TYPE_ENUM,    /* concrete or abstract */
	ABI_TYPE_BITFIELD,
	ABI_TYPE_STRUCT, /* concrete or abstract */
	ABI_TYPE_ARRAY,  /* of element, count */
	ABI_TYPE_ANY,    /* parameter of a polymorphic function */
	ABI_TYPE_ERROR,  /* a reported error: silences follow-ups */
};

struct abi_enum_value {
	struct abi_text name;
	struct abi_text doc;
	uint64_t value; /* undefined for abstract enums: the position */
	abi_versions versions;
	bool unknown; /* while loading: the value was bad, and reported */
};

enum abi_reserved { ABI_NOT_RESERVED, ABI_SBZ, ABI_MBZ };

/* A field of a bit field (bit positions) or of a struct (byte offset). */
struct abi_field {
	struct abi_text name; /* s NULL when reserved */
	struct abi_text doc;
	struct abi_text type_name;   /* s NULL: unsigned integer */
	const struct abi_type *type; /* resolved; never NULL once checked */
	enum abi_reserved reserved;
	uint64_t offset; /* bytes; structs only */
	uint32_t lsb;    /* bits; bit fields only */
	uint32_t width;  /* bits of one element */
	uint64_t count;  /* elements; 1 for scalars. Reserved range of a struct: bytes */
	bool is_signed;
	abi_versions versions;
	struct abi_loc loc;
};

struct abi_type {
	enum abi_type_kind kind;
	bool abstract; /* no encoding */
	struct abi_text name;
	struct abi_text doc;
	struct abi_text source;
	struct abi_text direction; /* concrete structs */
	uint32_t width;            /* bits: scalars, enums, bit fields */
	uint64_t size;             /* bytes: concrete structs */
	abi_versions versions;
	ABI_LIST(struct abi_enum_value) values;
	ABI_LIST(struct abi_field) fields;
	const struct abi_type *element; /* arrays */
	uint64_t count;
	bool broken; /* while loading: the layout could not be read, and was reported */
};

/* ---- expressions ------------------------------------------------------ */

enum abi_expr_kind {
	ABI_EXPR_INT,
	ABI_EXPR_NAME,   /* text; resolves to one of enum abi_name_kind */
	ABI_EXPR_CALL,   /* text(args) */
	ABI_EXPR_MEMBER, /* arg[0].text */
	ABI_EXPR_INDEX,  /* arg[0][arg[1]] */
	ABI_EXPR_SLICE,  /* arg[0][arg[1] .. arg[2]] */
	ABI_EXPR_UNARY,  /* op arg[0] */
	ABI_EXPR_BINARY, /* arg[0] op arg[1] */
};

enum abi_op {
	ABI_OP_NONE,
	ABI_OP_NOT,
	ABI_OP_NEG,
	ABI_OP_OR,
	ABI_OP_AND,
	ABI_OP_EQ,
	ABI_OP_NE,
	ABI_OP_LT,
	ABI_OP_LE,
	ABI_OP_GT,
	ABI_OP_GE,
	ABI_OP_ADD,
	ABI_OP_SUB,
	ABI_OP_MUL,
	ABI_OP_POW,
};

enum abi_name_kind {
	ABI_NAME_UNRESOLVED,
	ABI_NAME_CONTEXT,  /* ref.context */
	ABI_NAME_INPUT,    /* ref.param */
	ABI_NAME_OUTPUT,   /* ref.param */
	ABI_NAME_CONSTANT, /* ref.constant */
	ABI_NAME_LABEL,    /* ref.value, of type `type` */
};

struct abi_expr {
	enum abi_expr_kind kind;
	enum abi_op op;
	const char *text;
	uint64_t number;
	struct abi_expr **args;
	size_t num_args;
	const struct abi_type *type; /* set by the checker */
	enum abi_name_kind name_kind;
	union {
		const struct abi_context *context;
		const struct abi_param *param;
		const struct abi_constant *constant;
		const struct abi_enum_value *value;
		const struct abi_function *function; /* ABI_EXPR_CALL; NULL: the built-in UInt */
		const struct abi_field *field;       /* ABI_EXPR_MEMBER */
	} ref;
	struct abi_loc loc;
};

/* ---- commands --------------------------------------------------------- */

struct abi_param {
	struct abi_text name;
	struct abi_text doc;
	struct abi_text type_name;
	const struct abi_type *type;
	uint32_t reg;   /* 0..17 */
	uint32_t lsb;   /* part of the register */
	uint32_t width; /* 64 by default */
	bool broken;    /* while loading: the place was bad, and reported */
	struct abi_loc loc;
};

struct abi_context {
	struct abi_text name;
	struct abi_text text; /* the expression as written */
	struct abi_expr *value;
	bool after; /* at: after */
};

struct abi_datum {
	struct abi_text name; /* payload field of the result, or an output */
	struct abi_text text;
	struct abi_expr *value;
};

struct abi_condition {
	struct abi_text id;   /* "rtt_walk" */
	const char *constant; /* "RMI_RTT_CREATE_RTT_WALK" */
	struct abi_text when; /* as written; s NULL = always (success conditions) */
	struct abi_expr *when_expr;
	struct abi_text then;       /* fail: status name; ok: expression as written */
	struct abi_expr *then_expr; /* ok only */
	uint64_t status;            /* fail only: value of `then` */
	struct abi_text says;
	ABI_LIST(struct abi_datum) data;
	abi_versions versions;
	struct abi_loc loc;
};

/* before is reported rather than after; indices into command.fail. */
struct abi_order_pair {
	size_t before;
	size_t after;
	struct abi_loc loc;
};

struct abi_footprint {
	struct abi_text text;
	struct abi_expr *expr;
};

/* One form of a command. */
struct abi_command {
	struct abi_text name;
	struct abi_text interface; /* "RMI" ... */
	struct abi_text section;
	struct abi_text source;
	struct abi_text doc;
	struct abi_text notes;
	struct abi_text group; /* core, device, planes, attestation */
	bool has_fid;
	uint32_t fid;
	bool sro_may;
	bool transfers_memory;
	bool handler;
	abi_versions versions;
	ABI_LIST(struct abi_param) inputs;
	ABI_LIST(struct abi_param) outputs;
	ABI_LIST(struct abi_context) context;
	ABI_LIST(struct abi_condition) fail;
	ABI_LIST(struct abi_text) order_text;
	ABI_LIST(struct abi_order_pair) order; /* as written, not closed */
	ABI_LIST(struct abi_condition) ok;
	ABI_LIST(struct abi_footprint) footprint;
	struct abi_loc loc;
};

/* ---- abstract state, behaviours ---------------------------------------- */

struct abi_constant {
	struct abi_text name;
	struct abi_text type_name;
	const struct abi_type *type;
	struct abi_text doc;
	struct abi_text source;
	uint64_t value;
	abi_versions versions;
};

enum abi_function_kind { ABI_FN_PURE, ABI_FN_STATE, ABI_FN_CHOICE };

struct abi_function {
	struct abi_text name;
	struct abi_text doc;
	struct abi_text source;
	enum abi_function_kind kind;
	ABI_LIST(struct abi_param) params;
	struct abi_text result_name;
	const struct abi_type *result;
	abi_versions versions;
	struct abi_loc loc;
};

struct abi_behaviour {
	struct abi_text name;
	struct abi_text doc;
	struct abi_text source;
	abi_versions spec;   /* versions in which the specification has it */
	abi_versions tf_rmm; /* versions in which the tf-rmm profile has it */
	bool modelled;       /* else described only: the switch has no effect yet */
	struct abi_loc loc;
};

struct abi_text_list {
	struct abi_text *v;
	size_t n;
};

struct abi_transition {
	size_t from; /* indices into the states */
	size_t to;
	struct abi_text_list by; /* commands */
	abi_versions versions;
	struct abi_loc loc;
};

/* Objects of one kind, and how they may change from one call to the next. */
struct abi_machine {
	struct abi_text name;
	struct abi_text doc;
	struct abi_text source;
	struct abi_text_list states;
	ABI_LIST(struct abi_transition) transitions;
	struct abi_loc loc;
};

struct abi {
	ABI_LIST(struct abi_version) versions;
	ABI_LIST(struct abi_type *) types; /* concrete, in file order */
	ABI_LIST(struct abi_type *) state_types;
	ABI_LIST(struct abi_command) commands; /* forms, in file order */
	ABI_LIST(struct abi_constant) constants;
	ABI_LIST(struct abi_function) functions;
	ABI_LIST(struct abi_behaviour) behaviours;
	ABI_LIST(struct abi_machine) machines;
	ABI_LIST(const char *) files;
	struct abi_names *names; /* see names.h */
	struct abi_arena *arena;
};

/* All versions of the set. */
abi_versions abi_all_versions(const struct abi *abi);

/* The index of a version by name, or -1. */
int abi_version_index(const struct abi *abi, const char *name);

/* The concrete or abstract type of that name, or NULL. */
const struct abi_type *abi_type_find(const struct abi *abi, const char *name);

/*
 * Loads the files and everything they use, then checks the whole set.
 * Diagnostics go to `diag`. Returns the description, or NULL when there was an
 * error (all of them have been reported).
 */
struct abi_diag;
struct abi *abi_load(const char *const *files, size_t num_files, struct abi_diag *diag);
void abi_free(struct abi *abi);

#endif
