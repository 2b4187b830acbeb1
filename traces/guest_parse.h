/* SPDX-License-Identifier: BSD-3-Clause */
/* What the readers of guest steps share. */
#ifndef RMM_TRACES_GUEST_PARSE_H
#define RMM_TRACES_GUEST_PARSE_H

#include "parse.h"

/* A jump whose label may come later. */
struct guest_jump {
	size_t step;
	struct abi_text label;
};

struct guest_parser {
	struct trace_parser *p;
	ABI_LIST(struct rmm_script_step) steps;
	struct name_map *labels;
	ABI_LIST(struct guest_jump) jumps;
	uint32_t line;
};

void guest_add(struct guest_parser *g, struct rmm_script_step step);

/* Fails the script unless x[reg] & mask == value. */
void guest_add_expect(struct guest_parser *g, uint64_t reg, uint64_t value, uint64_t mask);

/* A number of at most max that is known before the guest runs; false (and reported) otherwise. */
bool guest_constant_key(struct guest_parser *g, struct key_reader *keys, const char *key,
			enum key_need need, uint64_t max, uint64_t *out);

/* System registers, timers, interrupts. */
bool guest_parse_hardware(struct guest_parser *g, struct yaml_node *node, const char *key);

#endif
