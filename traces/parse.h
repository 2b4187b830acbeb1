/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * What the parts of the trace reader share: one function per part of the
 * language. Each reports its errors and returns false or NULL then.
 */
#ifndef RMM_TRACES_PARSE_H
#define RMM_TRACES_PARSE_H

#include "keys.h"
#include "program.h"

struct trace_parser {
	struct abi_arena *arena;
	struct abi_diag *diag;
	struct rmm_trace *trace;
	enum rmm_version version;
	struct trace_scope globals;
	struct trace_scope *scope; /* in force: globals or an actor's */
	unsigned int pe;           /* of the actor being read */
};

/* False (and reported) when the node is of another kind. */
bool trace_node_is(struct trace_parser *p, const struct yaml_node *node, enum yaml_kind kind,
		   const char *what);

/* Begins a mapping; false (and reported) when it is none. */
bool trace_keys_begin(struct trace_parser *p, struct key_reader *keys, struct yaml_node *node,
		      const char *what);

/* The value of a key that must be there; NULL (and reported) when it is not. */
struct yaml_node *trace_required(struct trace_parser *p, struct key_reader *keys, const char *key);

/* ---- numbers and typed values -------------------------------------------- */

struct trace_expr_context trace_parser_context(const struct trace_parser *p);

/* The number in a scalar node, or NULL. */
const struct trace_expr *trace_parse_expr(struct trace_parser *p, const struct yaml_node *node,
					  const struct rmm_abi_type *type);

/* The same for a key; NULL when it is absent (reported if required) or bad. */
const struct trace_expr *trace_parse_key(struct trace_parser *p, struct key_reader *keys,
					 const char *key, enum key_need need);

/* A number known while reading, at most max. */
bool trace_parse_constant(struct trace_parser *p, const struct yaml_node *node, uint64_t max,
			  uint64_t *out);

/* Fields of a structure, or a value of any type, at `base` bits of an image. */
struct trace_place {
	const struct rmm_abi_type *type; /* NULL: plain integer */
	const char *type_name;
	uint32_t bit;
	uint8_t width; /* of scalars */
	bool is_signed;
	const char *path;
};
bool trace_parse_value(struct trace_parser *p, const struct yaml_node *node,
		       struct trace_place place, struct trace_terms *terms);

/* Reads the names of `let` into the scope in force. */
void trace_parse_let(struct trace_parser *p, struct yaml_node *node);

/* ---- calls, shared by steps and guests ------------------------------------- */

/* The command of a name or number; name "RMI", "RSI" ... limits the interface. */
bool trace_parse_command(struct trace_parser *p, const struct yaml_node *node,
			 const struct rmm_abi_command **command, uint64_t *fid);
bool trace_parse_inputs(struct trace_parser *p, struct yaml_node *node,
			const struct rmm_abi_command *command, struct trace_terms *terms);
bool trace_parse_expectation(struct trace_parser *p, struct yaml_node *node,
			     const struct rmm_abi_command *command,
			     struct trace_expectation *expect);

/* An output by name or register; reported when there is none. */
bool trace_find_output(struct trace_parser *p, const struct abi_text name,
		       const struct rmm_abi_command *command, struct trace_place *place);

/* ---- versions ----------------------------------------------------------------- */

/* Their names, for messages. */
const char *trace_version_names(struct trace_parser *p);

/*
 * Whether the step belongs to the version of the machine: 'since' and 'until'
 * beside it name the first and the last one that have it.
 */
bool trace_version_has_step(struct trace_parser *p, struct key_reader *keys);

/* ---- parts ------------------------------------------------------------------ */

void trace_parse_machine(struct trace_parser *p, struct yaml_node *node,
			 const struct rmm_trace_overrides *overrides);
void trace_parse_guests(struct trace_parser *p, struct yaml_node *node);

/* A list of steps into an actor. */
void trace_parse_steps(struct trace_parser *p, struct yaml_node *list, struct trace_actor *actor);

/* One step each; `keys` stands in the step's mapping. */
bool trace_parse_call_step(struct trace_parser *p, struct key_reader *keys,
			   struct trace_step *step);
bool trace_parse_operation_step(struct trace_parser *p, struct key_reader *keys,
				struct trace_step *step);
bool trace_parse_write_step(struct trace_parser *p, struct key_reader *keys,
			    struct trace_step *step);
bool trace_parse_read_step(struct trace_parser *p, struct key_reader *keys,
			   struct trace_step *step);
bool trace_parse_bind_step(struct trace_parser *p, struct key_reader *keys,
			   struct trace_step *step);
bool trace_parse_check_step(struct trace_parser *p, struct key_reader *keys,
			    struct trace_step *step);
bool trace_parse_line_step(struct trace_parser *p, struct key_reader *keys,
			   struct trace_step *step);
bool trace_parse_assign_step(struct trace_parser *p, struct key_reader *keys,
			     struct trace_step *step);
bool trace_parse_ich_step(struct trace_parser *p, struct key_reader *keys, struct trace_step *step);
bool trace_parse_serror_step(struct trace_parser *p, struct key_reader *keys,
			     struct trace_step *step);

/* Facts about virtual GIC registers, for a 'check' step. */
bool trace_parse_ich_check(struct trace_parser *p, struct yaml_node *node, struct trace_step *step);

/* A name that gets its value when the step has been played. */
bool trace_parse_slot(struct trace_parser *p, struct abi_text name, size_t *slot);

#endif
