/* SPDX-License-Identifier: BSD-3-Clause */
/* Versions in a trace: steps that only some of them have. */
#include "parse.h"

const char *trace_version_names(struct trace_parser *p)
{
	const char *list = "";

	for (size_t i = 0; i < RMM_VERSION_COUNT; i++)
		list = abi_arena_printf(p->arena, "%s%s%s", list, i == 0 ? "" : ", ",
					rmm_abi_versions[i].name);
	return list;
}

static bool find_version(struct trace_parser *p, const struct yaml_node *node,
			 enum rmm_version *version)
{
	if (!trace_node_is(p, node, YAML_KIND_SCALAR, "a version"))
		return false;
	if (rmm_abi_version_find(node->text.s, version))
		return true;
	abi_error(p->diag, node->loc, "unknown version '%s'", node->text.s);
	abi_remedy(p->diag, "use one of: %s", trace_version_names(p));
	return false;
}

bool trace_version_has_step(struct trace_parser *p, struct key_reader *keys)
{
	const struct yaml_node *since = keys_node(keys, "since", KEY_OPTIONAL);
	const struct yaml_node *until = keys_node(keys, "until", KEY_OPTIONAL);
	enum rmm_version first = p->version;
	enum rmm_version last = p->version;

	if ((since != NULL && !find_version(p, since, &first)) ||
	    (until != NULL && !find_version(p, until, &last)))
		return false;
	return first <= p->version && p->version <= last;
}
