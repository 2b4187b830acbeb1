/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads the keys of one mapping. Each keys_*() call says that a key exists in
 * the language; keys_end() reports the keys nobody asked for. Absent optional
 * keys give the default; a bad value is reported and gives the default too.
 */
#ifndef RMM_ABI_GEN_KEYS_H
#define RMM_ABI_GEN_KEYS_H

#include "diag.h"
#include "yaml_node.h"

#define KEYS_MAX 24

struct key_reader {
	struct abi_arena *arena;
	struct abi_diag *diag;
	struct yaml_node *map; /* NULL: the node was no mapping (reported) */
	const char *what;      /* "enumeration": for messages */
	const char *known[KEYS_MAX];
	size_t num_known;
};

enum key_need { KEY_OPTIONAL, KEY_REQUIRED };

/* False (and reported) when the node is no mapping. */
bool keys_begin(struct key_reader *r, struct abi_arena *arena, struct abi_diag *diag,
		struct yaml_node *node, const char *what);
void keys_end(struct key_reader *r);

/* The value of a key, or NULL. */
struct yaml_node *keys_node(struct key_reader *r, const char *key, enum key_need need);

/* Text that is not empty; s is NULL when absent. */
struct abi_text keys_text(struct key_reader *r, const char *key, enum key_need need);

/* An identifier of C. */
struct abi_text keys_name(struct key_reader *r, const char *key, enum key_need need);

/* One of a NULL-terminated list of words: its index, or `otherwise`. */
int keys_word(struct key_reader *r, const char *key, const char *const *words, int otherwise);

/* An integer of at most max; *out is left alone when it is absent or bad. */
bool keys_uint(struct key_reader *r, const char *key, enum key_need need, uint64_t max,
	       uint64_t *out);
bool keys_u32(struct key_reader *r, const char *key, enum key_need need, uint32_t max,
	      uint32_t *out);

bool keys_bool(struct key_reader *r, const char *key, bool otherwise);

/* A list, or NULL when absent or no list. */
struct yaml_node *keys_list(struct key_reader *r, const char *key, enum key_need need);

/* The same for single nodes. */
bool node_is(struct abi_diag *diag, const struct yaml_node *node, enum yaml_kind kind,
	     const char *what);
bool node_uint(struct abi_diag *diag, const struct yaml_node *node, const char *what, uint64_t max,
	       uint64_t *out);
/* An integer that may be negative: two's complement of `width` bits. */
bool node_int(struct abi_diag *diag, const struct yaml_node *node, const char *what, uint32_t width,
	      uint64_t *out);
bool node_bool(struct abi_diag *diag, const struct yaml_node *node, const char *what, bool *out);
bool text_is_name(struct abi_diag *diag, struct abi_text text, const char *what);

#endif
