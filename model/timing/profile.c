/* SPDX-License-Identifier: BSD-3-Clause */
/* Profiles: what a machine's costs are, read from YAML with the source of every number. */
#include <errno.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <yaml.h>

#include "builtin_profile.h"
#include "rmm_timing.h"

/* Keeps sums far from 64 bits: 10^9 cycles for one unit is most of a second. */
#define MAX_CYCLES 1000000000u

struct string {
	struct string *next;
	char text[];
};

struct loader {
	const char *file;
	yaml_document_t doc;
	struct rmm_timing_profile *profile;
	struct rmm_error *error;
};

const char *rmm_timing_kind_name(enum rmm_timing_kind kind)
{
	static const char *const names[RMM_TIMING_KIND_COUNT] = {"assumption", "literature",
								 "measured"};

	return (unsigned int)kind < RMM_TIMING_KIND_COUNT ? names[kind] : "unknown";
}

const char *rmm_resource_name(enum rmm_resource resource)
{
	static const char *const names[RMM_RESOURCE_COUNT] = {"interconnect", "dram", "dvm",
							      "lock-transfer"};

	return (unsigned int)resource < RMM_RESOURCE_COUNT ? names[resource] : "unknown";
}

static const char *cost_name(size_t i)
{
	return rmm_cost_name((enum rmm_cost)i);
}

static const char *resource_name(size_t i)
{
	return rmm_resource_name((enum rmm_resource)i);
}

/* ---- errors --------------------------------------------------------------- */

/* A sentence without a place. */
__attribute__((format(printf, 2, 3))) static int fail(const struct loader *l, const char *format,
						      ...)
{
	va_list args;

	if (l->error == NULL)
		return -1;
	va_start(args, format);
	(void)vsnprintf(l->error->text, sizeof(l->error->text), format, args);
	va_end(args);
	return -1;
}

/* A sentence at a place; libyaml counts from 0. */
__attribute__((format(printf, 3, 4))) static int fail_at(const struct loader *l, yaml_mark_t at,
							 const char *format, ...)
{
	char sentence[200];
	va_list args;

	va_start(args, format);
	(void)vsnprintf(sentence, sizeof(sentence), format, args);
	va_end(args);
	return fail(l, "%s:%zu:%zu: %s", l->file, at.line + 1, at.column + 1, sentence);
}

/* ---- nodes ---------------------------------------------------------------- */

static const char *text_of(const yaml_node_t *node)
{
	return (const char *)node->data.scalar.value;
}

static yaml_node_t *node_at(struct loader *l, int index)
{
	return yaml_document_get_node(&l->doc, index);
}

static int expect(const struct loader *l, const yaml_node_t *node, yaml_node_type_t type,
		  const char *what)
{
	if (node->type == type)
		return 0;
	return fail_at(l, node->start_mark, "%s must be a %s", what,
		       type == YAML_MAPPING_NODE ? "mapping (key: value)" : "plain value");
}

/* The value of `key` in a mapping, or NULL. */
static yaml_node_t *find(struct loader *l, const yaml_node_t *map, const char *key)
{
	for (yaml_node_pair_t *p = map->data.mapping.pairs.start; p < map->data.mapping.pairs.top;
	     p++) {
		const yaml_node_t *k = node_at(l, p->key);

		if (k->type == YAML_SCALAR_NODE && strcmp(text_of(k), key) == 0)
			return node_at(l, p->value);
	}
	return NULL;
}

static bool listed(const char *name, const char *(*name_of)(size_t), size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (strcmp(name, name_of(i)) == 0)
			return true;
	return false;
}

/* Refuses keys that are not known or that occur twice. */
static int check_keys(struct loader *l, const yaml_node_t *map, const char *where,
		      const char *(*name_of)(size_t), size_t count)
{
	const yaml_node_pair_t *start = map->data.mapping.pairs.start;

	for (const yaml_node_pair_t *p = start; p < map->data.mapping.pairs.top; p++) {
		const yaml_node_t *key = node_at(l, p->key);

		if (expect(l, key, YAML_SCALAR_NODE, "a key") != 0)
			return -1;
		if (!listed(text_of(key), name_of, count))
			return fail_at(
				l, key->start_mark,
				"unknown key '%.40s' in %s: remove it or correct it (such as "
				"'%s')",
				text_of(key), where, name_of(0));
		for (const yaml_node_pair_t *q = start; q < p; q++)
			if (strcmp(text_of(node_at(l, q->key)), text_of(key)) == 0)
				return fail_at(l, key->start_mark,
					       "'%.40s' occurs twice: remove one", text_of(key));
	}
	return 0;
}

/* ---- values --------------------------------------------------------------- */

static int get_text(struct loader *l, const yaml_node_t *map, const char *key, const char **out)
{
	const yaml_node_t *node = find(l, map, key);
	struct string *s;
	size_t len;

	if (node == NULL)
		return fail_at(l, map->start_mark, "'%s' is missing: add it", key);
	if (expect(l, node, YAML_SCALAR_NODE, key) != 0)
		return -1;
	len = strlen(text_of(node));
	if (len == 0)
		return fail_at(l, node->start_mark, "'%s' is empty: say something", key);
	s = malloc(sizeof(*s) + len + 1);
	if (s == NULL)
		return fail(l, "out of memory");
	memcpy(s->text, text_of(node), len + 1);
	s->next = l->profile->memory;
	l->profile->memory = s;
	*out = s->text;
	return 0;
}

/* An absent key leaves *out as it is. */
static int get_number(struct loader *l, const yaml_node_t *map, const char *key, uint64_t min,
		      uint64_t *out)
{
	const yaml_node_t *node = find(l, map, key);
	unsigned long long value;
	char *end;

	if (node == NULL)
		return 0;
	if (expect(l, node, YAML_SCALAR_NODE, key) != 0)
		return -1;
	errno = 0;
	value = strtoull(text_of(node), &end, 10);
	if (text_of(node)[0] < '0' || text_of(node)[0] > '9' || *end != '\0' || errno != 0 ||
	    value < min || value > MAX_CYCLES)
		return fail_at(l, node->start_mark,
			       "%s: '%.40s' is not a whole number from %llu to %u", key,
			       text_of(node), (unsigned long long)min, MAX_CYCLES);
	*out = value;
	return 0;
}

static int need_number(struct loader *l, const yaml_node_t *map, const char *key, uint64_t min,
		       uint64_t *out)
{
	if (find(l, map, key) == NULL)
		return fail_at(l, map->start_mark, "'%s' is missing: add it", key);
	return get_number(l, map, key, min, out);
}

static int get_kind(struct loader *l, const yaml_node_t *map, enum rmm_timing_kind *out)
{
	const yaml_node_t *node = find(l, map, "kind");

	if (node == NULL)
		return fail_at(l, map->start_mark,
			       "'kind' is missing: add measured, literature or assumption");
	if (expect(l, node, YAML_SCALAR_NODE, "kind") != 0)
		return -1;
	for (unsigned int i = 0; i < RMM_TIMING_KIND_COUNT; i++) {
		*out = (enum rmm_timing_kind)i;
		if (strcmp(text_of(node), rmm_timing_kind_name(*out)) == 0)
			return 0;
	}
	return fail_at(l, node->start_mark,
		       "kind: '%.40s' is none of measured, literature and assumption",
		       text_of(node));
}

static const char *rate_key(size_t i)
{
	static const char *const keys[] = {"cycles", "per", "once", "kind", "source"};

	return keys[i];
}

static int get_rate(struct loader *l, yaml_node_t *node, const char *name, struct rmm_rate *rate)
{
	rate->per = 1;
	if (expect(l, node, YAML_MAPPING_NODE, name) != 0 ||
	    check_keys(l, node, name, rate_key, 5) != 0)
		return -1;
	if (need_number(l, node, "cycles", 0, &rate->cycles) != 0 ||
	    get_number(l, node, "per", 1, &rate->per) != 0 ||
	    get_number(l, node, "once", 0, &rate->once) != 0)
		return -1;
	if (get_kind(l, node, &rate->kind) != 0)
		return -1;
	return get_text(l, node, "source", &rate->source);
}

/* Every one of `count` names must have a rate: nothing is free by accident. */
static int get_rates(struct loader *l, const yaml_node_t *root, const char *section,
		     const char *(*name_of)(size_t), size_t count, struct rmm_rate *rates)
{
	yaml_node_t *map = find(l, root, section);

	if (map == NULL)
		return fail_at(l, root->start_mark, "'%s' is missing: add it", section);
	if (expect(l, map, YAML_MAPPING_NODE, section) != 0 ||
	    check_keys(l, map, section, name_of, count) != 0)
		return -1;
	for (size_t i = 0; i < count; i++) {
		yaml_node_t *node = find(l, map, name_of(i));

		if (node == NULL)
			return fail_at(l, map->start_mark,
				       "'%s' is missing in %s: add it (cycles: 0 if it is free)",
				       name_of(i), section);
		if (get_rate(l, node, name_of(i), &rates[i]) != 0)
			return -1;
	}
	return 0;
}

static const char *clock_key(size_t i)
{
	static const char *const keys[] = {"mhz", "kind", "source"};

	return keys[i];
}

static int get_clock(struct loader *l, const yaml_node_t *root)
{
	yaml_node_t *clock = find(l, root, "clock");
	uint64_t mhz = 0;

	if (clock == NULL)
		return fail_at(l, root->start_mark, "'clock' is missing: add it");
	if (expect(l, clock, YAML_MAPPING_NODE, "clock") != 0 ||
	    check_keys(l, clock, "clock", clock_key, 3) != 0)
		return -1;
	if (need_number(l, clock, "mhz", 1, &mhz) != 0)
		return -1;
	if (mhz > 100000)
		return fail_at(l, clock->start_mark, "mhz: %llu is above 100000: it is in MHz",
			       (unsigned long long)mhz);
	l->profile->clock_mhz = (uint32_t)mhz;
	if (get_kind(l, clock, &l->profile->clock_kind) != 0)
		return -1;
	return get_text(l, clock, "source", &l->profile->clock_source);
}

/* ---- the whole ------------------------------------------------------------ */

static const char *top_key(size_t i)
{
	static const char *const keys[] = {"profile", "about", "clock", "costs", "resources"};

	return keys[i];
}

static int get_profile(struct loader *l)
{
	const yaml_node_t *root = yaml_document_get_root_node(&l->doc);
	struct rmm_timing_profile *p = l->profile;

	if (root == NULL)
		return fail(l, "%s: the file is empty: a profile starts with 'profile: NAME'",
			    l->file);
	if (expect(l, root, YAML_MAPPING_NODE, "a profile") != 0 ||
	    check_keys(l, root, "the profile", top_key, 5) != 0)
		return -1;
	if (get_text(l, root, "profile", &p->name) != 0 ||
	    get_text(l, root, "about", &p->about) != 0 || get_clock(l, root) != 0)
		return -1;
	if (get_rates(l, root, "costs", cost_name, RMM_COST_COUNT, p->costs) != 0)
		return -1;
	return get_rates(l, root, "resources", resource_name, RMM_RESOURCE_COUNT, p->resources);
}

static int parse(struct loader *l, yaml_parser_t *parser)
{
	int result;

	if (!yaml_parser_load(parser, &l->doc))
		return fail_at(l, parser->problem_mark, "not YAML: %s",
			       parser->problem != NULL ? parser->problem : "unreadable");
	result = get_profile(l);
	yaml_document_delete(&l->doc);
	return result;
}

static int parse_builtin(struct loader *l, yaml_parser_t *parser)
{
	const char *text = rmm_builtin_profile();

	l->file = "built-in profile";
	yaml_parser_set_input_string(parser, (const unsigned char *)text, strlen(text));
	return parse(l, parser);
}

static int parse_file(struct loader *l, yaml_parser_t *parser)
{
	FILE *in = fopen(l->file, "rb");
	int result;

	if (in == NULL)
		return fail(l, "%s: %s: give the path of a profile", l->file, strerror(errno));
	yaml_parser_set_input_file(parser, in);
	result = parse(l, parser);
	(void)fclose(in);
	return result;
}

int rmm_profile_load(const char *path, struct rmm_timing_profile **out, struct rmm_error *error)
{
	struct loader l = {.file = path, .error = error};
	yaml_parser_t parser;
	int result;

	l.profile = calloc(1, sizeof(*l.profile));
	if (l.profile == NULL || !yaml_parser_initialize(&parser)) {
		free(l.profile);
		return fail(&l, "out of memory");
	}
	result = path != NULL ? parse_file(&l, &parser) : parse_builtin(&l, &parser);
	yaml_parser_delete(&parser);
	if (result != 0) {
		rmm_profile_free(l.profile);
		return result;
	}
	*out = l.profile;
	return 0;
}

void rmm_profile_free(struct rmm_timing_profile *profile)
{
	struct string *s;

	if (profile == NULL)
		return;
	s = profile->memory;
	while (s != NULL) {
		struct string *next = s->next;

		free(s);
		s = next;
	}
	free(profile);
}
