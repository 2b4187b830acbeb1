/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The ABI at run time: the generated tables behind decoding, tracing,
 * explaining and fuzzing. All tables are constant and live as long as the
 * program; every function is thread-safe and never allocates. What is NULL has
 * no entry, no field and no bits: look-ups find nothing, values are 0.
 *
 * `rmmsim/abi/ids.h` (generated) holds the enumerations used here: enum
 * rmm_version, enum rmm_command, enum rmm_condition, enum rmm_behaviour.
 */
#ifndef RMMSIM_ABI_INTROSPECT_H
#define RMMSIM_ABI_INTROSPECT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"

#ifdef __cplusplus
extern "C" {
#endif

/* Set of versions: bit n stands for (enum rmm_version)n. */
typedef uint32_t rmm_versions;

enum rmm_abi_kind {
	RMM_ABI_UINT, /* plain unsigned integer or bits */
	RMM_ABI_SINT,
	RMM_ABI_ADDRESS,
	RMM_ABI_ENUM,
	RMM_ABI_BITFIELD,
	RMM_ABI_STRUCT,
};

struct rmm_abi_type;

struct rmm_abi_value {
	const char *name;
	uint64_t value;
	rmm_versions versions;
	const char *doc; /* "" when there is none */
};

/* A field; reserved ranges are not listed. */
struct rmm_abi_field {
	const char *name;
	const struct rmm_abi_type *type; /* NULL: unsigned integer of `width` */
	uint32_t offset;                 /* bytes; structs */
	uint8_t lsb;                     /* bits; bit fields */
	uint8_t width;                   /* bits of one element; 0 for a nested struct */
	bool is_signed;
	uint32_t count; /* elements */
	rmm_versions versions;
	const char *doc;
};

struct rmm_abi_type {
	const char *name; /* "RmiRealmParams" */
	enum rmm_abi_kind kind;
	uint32_t width; /* bits; not structs */
	uint32_t size;  /* bytes; structs */
	rmm_versions versions;
	const struct rmm_abi_value *values;
	size_t num_values;
	const struct rmm_abi_field *fields;
	size_t num_fields;
	const char *doc;
	const char *source;
};

struct rmm_abi_param {
	const char *name;
	const struct rmm_abi_type *type; /* NULL: plain 64-bit word */
	const char *type_name;           /* "Address", "UInt64", "RmiResult" ... */
	uint8_t reg;                     /* 0..17 */
	uint8_t lsb;
	uint8_t width;
	const char *doc;
};

struct rmm_abi_condition {
	enum rmm_condition id;
	const char *name;     /* "rtt_walk" */
	const char *constant; /* "RMI_RTT_CREATE_RTT_WALK" */
	const char *when;     /* the expression */
	const char *status;   /* "RMI_ERROR_RTT" */
	uint64_t status_value;
	const char *says; /* in words */
	rmm_versions versions;
};

/* Indices into `fail`: `before` is reported rather than `after`. */
struct rmm_abi_order {
	uint16_t before;
	uint16_t after;
};

struct rmm_abi_ok {
	const char *name;
	const char *when; /* "" when it always holds */
	const char *then;
};

/* One form of a command: valid in `versions`. */
struct rmm_abi_command {
	enum rmm_command id;
	const char *name;
	const char *interface;
	const char *section;
	const char *group;
	const char *doc;
	uint32_t fid; /* 0 for RMI_ANY */
	rmm_versions versions;
	bool sro_may;
	bool transfers_memory;
	bool handler; /* the model implements it */
	const struct rmm_abi_param *inputs;
	size_t num_inputs;
	const struct rmm_abi_param *outputs; /* [0] is the result in X0 */
	size_t num_outputs;
	const struct rmm_abi_condition *fail;
	size_t num_fail;
	const struct rmm_abi_order *order;
	size_t num_order;
	const struct rmm_abi_ok *ok;
	size_t num_ok;
	const char *const *footprint;
	size_t num_footprint;
};

struct rmm_abi_version {
	const char *name; /* "2.0-bet1" */
	const char *ns;   /* "rmm2_0b1" */
	uint16_t rmi_major, rmi_minor;
	uint16_t rsi_major, rsi_minor;
	const char *doc;
};

struct rmm_abi_behaviour {
	const char *name;
	const char *doc;
	const char *source;
	rmm_versions spec;
	rmm_versions tf_rmm;
	bool modelled; /* else described only: it cannot be switched */
};

/* From one state to another by a call of one of the commands. */
struct rmm_abi_transition {
	uint16_t from; /* indices into the states of the machine */
	uint16_t to;
	rmm_versions versions;
	const enum rmm_command *by;
	size_t num_by;
};

/* Objects of one kind. A transition that is not listed does not exist. */
struct rmm_abi_state_machine {
	const char *name; /* "granule" */
	const char *doc;
	const char *source;
	const char *const *states;
	size_t num_states;
	const struct rmm_abi_transition *transitions;
	size_t num_transitions;
};

extern const struct rmm_abi_state_machine rmm_abi_state_machines[];
extern const size_t rmm_abi_num_state_machines;

extern const struct rmm_abi_version rmm_abi_versions[RMM_VERSION_COUNT];
extern const struct rmm_abi_behaviour rmm_abi_behaviours[RMM_BEHAVIOUR_COUNT];
extern const struct rmm_abi_command rmm_abi_commands[];
extern const size_t rmm_abi_num_commands;
extern const struct rmm_abi_type *const rmm_abi_types[];
extern const size_t rmm_abi_num_types;

/* By name; NULL or false when there is none. Case-sensitive. */
bool rmm_abi_version_find(const char *name, enum rmm_version *out);
bool rmm_abi_behaviour_find(const char *name, enum rmm_behaviour *out);
bool rmm_abi_condition_find(const char *constant, enum rmm_condition *out);
const struct rmm_abi_type *rmm_abi_type_find(const char *name);
const struct rmm_abi_command *rmm_abi_command_find(enum rmm_version version, const char *name);

/*
 * The form of the command with this FID in this version, or NULL. O(1). The
 * SVE hint (bit 16) is not part of the identifier: strip it before the call.
 */
const struct rmm_abi_command *rmm_abi_command_by_fid(enum rmm_version version, uint32_t fid);

/* The form of a command in a version, or NULL when the version lacks it. O(1). */
const struct rmm_abi_command *rmm_abi_command_by_id(enum rmm_version version, enum rmm_command id);

/* The function below shares its name with the struct: legal, but -Wshadow of g++ minds. */
#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wshadow"
#endif

/* The record of a condition in a version, or NULL. O(1). */
const struct rmm_abi_condition *rmm_abi_condition(enum rmm_version version, enum rmm_condition id);

#if defined(__cplusplus) && defined(__GNUC__)
#pragma GCC diagnostic pop
#endif

/* Its command and name whatever the version: "RMI_RTT_CREATE_RTT_WALK". */
const char *rmm_abi_condition_name(enum rmm_condition id);
enum rmm_command rmm_abi_condition_command(enum rmm_condition id);

/* The field valid in a version, or NULL. */
const struct rmm_abi_field *rmm_abi_field_find(const struct rmm_abi_type *type,
					       enum rmm_version version, const char *name);

/* The value of an enumeration label in a version; false when it has none. */
bool rmm_abi_label_value(const struct rmm_abi_type *type, enum rmm_version version,
			 const char *label, uint64_t *value);

/* A label of any enumeration, by name alone ("RMI_HASH_SHA_256"). */
bool rmm_abi_label_find(enum rmm_version version, const char *label, uint64_t *value);

/* The label of a value, or NULL. */
const char *rmm_abi_value_label(const struct rmm_abi_type *type, enum rmm_version version,
				uint64_t value);

/*
 * Reads or writes element `index` of a field in the little-endian image of a
 * structure, or (kind BITFIELD) in a 64-bit word. The image must be at least
 * type->size bytes. Writing truncates to the width.
 */
uint64_t rmm_abi_field_get(const struct rmm_abi_field *field, const void *image, uint32_t index);
void rmm_abi_field_set(const struct rmm_abi_field *field, void *image, uint32_t index,
		       uint64_t value);
uint64_t rmm_abi_bits_get(const struct rmm_abi_field *field, uint64_t word);
uint64_t rmm_abi_bits_set(const struct rmm_abi_field *field, uint64_t word, uint64_t value);

/*
 * Prints a value of a type into buf ("RMI_ERROR_RTT", "{size=0 count=16 ...}",
 * "0x88000000") and always terminates it. Returns the length it wanted.
 */
int rmm_abi_format(char *buf, size_t len, enum rmm_version version, const struct rmm_abi_type *type,
		   const char *type_name, uint64_t value);

#ifdef __cplusplus
}
#endif

#endif
