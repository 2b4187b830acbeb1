/* SPDX-License-Identifier: BSD-3-Clause */
/* The hardware side of interrupts: virtual GIC registers and SErrors. */
#include <string.h>

#include "near.h"
#include "parse.h"

static bool find_register(struct trace_parser *p, const struct abi_text name,
			  enum rmm_ich_register *reg)
{
	struct abi_near near;

	abi_near_begin(&near, name.s);
	for (int i = 0; i < RMM_ICH_COUNT; i++) {
		*reg = (enum rmm_ich_register)i;
		if (strcmp(rmm_ich_name(*reg), name.s) == 0)
			return true;
		abi_near_try(&near, rmm_ich_name(*reg));
	}
	abi_error(p->diag, name.loc, "no register '%s'", name.s);
	if (near.best != NULL)
		abi_remedy(p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(p->diag, "the registers are LR0 to LR15, HCR, VMCR and MISR");
	return false;
}

static bool parse_write(struct trace_parser *p, struct yaml_pair *pair, struct trace_step *step)
{
	struct trace_ich_write write;

	pair->asked = true;
	if (!find_register(p, pair->key, &write.reg))
		return false;
	if (write.reg == RMM_ICH_MISR) {
		abi_error(p->diag, pair->key.loc, "MISR is read-only");
		abi_remedy(p->diag, "look at it with 'check: {ich: {MISR: ...}}'");
		return false;
	}
	write.value = trace_parse_expr(p, pair->value, NULL);
	if (write.value != NULL)
		*ABI_LIST_ADD(p->arena, &step->u.ich) = write;
	return write.value != NULL;
}

bool trace_parse_ich_step(struct trace_parser *p, struct key_reader *step_keys,
			  struct trace_step *step)
{
	struct yaml_node *body = trace_required(p, step_keys, "ich");
	bool ok = true;

	step->kind = TRACE_STEP_ICH;
	if (body == NULL || !trace_node_is(p, body, YAML_KIND_MAPPING, "an 'ich' step"))
		return false;
	for (size_t i = 0; i < body->pairs.n; i++)
		ok &= parse_write(p, &body->pairs.v[i], step);
	return ok;
}

bool trace_parse_ich_check(struct trace_parser *p, struct yaml_node *node, struct trace_step *step)
{
	bool ok = true;

	if (!trace_node_is(p, node, YAML_KIND_MAPPING, "'ich'"))
		return false;
	for (size_t i = 0; i < node->pairs.n; i++) {
		struct trace_check check = {.kind = TRACE_CHECK_ICH};

		node->pairs.v[i].asked = true;
		if (!find_register(p, node->pairs.v[i].key, &check.ich)) {
			ok = false;
			continue;
		}
		check.value = trace_parse_expr(p, node->pairs.v[i].value, NULL);
		if (check.value != NULL)
			*ABI_LIST_ADD(p->arena, &step->u.checks) = check;
		ok &= check.value != NULL;
	}
	return ok;
}

bool trace_parse_serror_step(struct trace_parser *p, struct key_reader *step_keys,
			     struct trace_step *step)
{
	struct yaml_node *body = trace_required(p, step_keys, "serror");
	struct key_reader keys;

	step->kind = TRACE_STEP_SERROR;
	if (body == NULL || !trace_keys_begin(p, &keys, body, "an 'serror' step"))
		return false;
	step->u.serror = trace_parse_key(p, &keys, "esr", KEY_REQUIRED);
	keys_end(&keys);
	return step->u.serror != NULL;
}
