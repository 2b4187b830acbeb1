/* SPDX-License-Identifier: BSD-3-Clause */
/* Guest steps about the hardware of a PE: system registers, timers, interrupts. */
#include <string.h>

#include "guest_parse.h"
#include "near.h"
#include "rmmsim/sysreg.h"

/* Steps that stand for several instructions compute in here. */
#define SCRATCH_REG 30

static bool sysreg_key(struct guest_parser *g, struct key_reader *keys, uint32_t *sysreg)
{
	const struct yaml_node *node = trace_required(g->p, keys, "sysreg");
	struct abi_near near;
	const char *name;

	if (node == NULL || !trace_node_is(g->p, node, YAML_KIND_SCALAR, "'sysreg'"))
		return false;
	if (rmm_sysreg_find(node->text.s, sysreg))
		return true;
	abi_near_begin(&near, node->text.s);
	for (unsigned int i = 0; (name = rmm_sysreg_name(i)) != NULL; i++)
		abi_near_try(&near, name);
	abi_error(g->p->diag, node->loc, "unknown system register '%s'", node->text.s);
	if (near.best != NULL)
		abi_remedy(g->p->diag, "did you mean '%s'?", near.best);
	else
		abi_remedy(g->p->diag, "any register can be written like S3_0_C12_C11_5");
	return false;
}

static bool parse_mrs(struct guest_parser *g, struct yaml_node *node)
{
	struct rmm_script_step step = {.op = RMM_SCRIPT_MRS};
	const struct yaml_node *expect;
	struct key_reader keys;
	uint64_t mask = UINT64_MAX;
	uint64_t value = 0;
	uint64_t reg = 1;
	bool ok;

	if (!trace_keys_begin(g->p, &keys, node, "'mrs'"))
		return false;
	ok = sysreg_key(g, &keys, &step.sysreg);
	ok &= guest_constant_key(g, &keys, "reg", KEY_OPTIONAL, RMM_NUM_GPRS, &reg);
	ok &= guest_constant_key(g, &keys, "mask", KEY_OPTIONAL, UINT64_MAX, &mask);
	expect = keys_node(&keys, "expect", KEY_OPTIONAL);
	if (expect != NULL)
		ok &= trace_parse_constant(g->p, expect, UINT64_MAX, &value);
	keys_end(&keys);
	if (!ok)
		return false;
	step.reg = (uint8_t)reg;
	guest_add(g, step);
	if (expect != NULL)
		guest_add_expect(g, reg, value, mask);
	return true;
}

static bool parse_msr(struct guest_parser *g, struct yaml_node *node)
{
	struct rmm_script_step step = {.op = RMM_SCRIPT_MSR};
	const struct yaml_node *value;
	struct key_reader keys;
	uint64_t reg = 1;
	bool ok;

	if (!trace_keys_begin(g->p, &keys, node, "'msr'"))
		return false;
	ok = sysreg_key(g, &keys, &step.sysreg);
	ok &= guest_constant_key(g, &keys, "reg", KEY_OPTIONAL, RMM_NUM_GPRS, &reg);
	value = keys_node(&keys, "value", KEY_OPTIONAL);
	if (value != NULL) {
		step.op = RMM_SCRIPT_MSR_VALUE;
		ok &= trace_parse_constant(g->p, value, UINT64_MAX, &step.value);
	}
	keys_end(&keys);
	step.reg = (uint8_t)reg;
	if (ok)
		guest_add(g, step);
	return ok;
}

static void add_msr(struct guest_parser *g, const char *name, uint64_t value)
{
	struct rmm_script_step step = {
		.op = RMM_SCRIPT_MSR_VALUE,
		.reg = SCRATCH_REG,
		.value = value,
	};

	rmm_sysreg_find(name, &step.sysreg);
	guest_add(g, step);
}

/* CVAL or TVAL, then CTL. */
static bool parse_timer(struct guest_parser *g, struct yaml_node *node)
{
	const struct yaml_node *after;
	struct key_reader keys;
	uint64_t physical = 0;
	uint64_t enable = 1;
	uint64_t mask = 0;
	uint64_t at = 0;
	bool ok;

	if (!trace_keys_begin(g->p, &keys, node, "'timer'"))
		return false;
	after = keys_node(&keys, "after", KEY_OPTIONAL);
	ok = guest_constant_key(g, &keys, "physical", KEY_OPTIONAL, 1, &physical);
	ok &= guest_constant_key(g, &keys, "enable", KEY_OPTIONAL, 1, &enable);
	ok &= guest_constant_key(g, &keys, "mask", KEY_OPTIONAL, 1, &mask);
	if (after != NULL)
		ok &= trace_parse_constant(g->p, after, INT32_MAX, &at);
	else
		ok &= guest_constant_key(g, &keys, "at", KEY_OPTIONAL, UINT64_MAX, &at);
	keys_end(&keys);
	if (!ok)
		return false;
	if (after != NULL)
		add_msr(g, physical ? "CNTP_TVAL_EL0" : "CNTV_TVAL_EL0", at);
	else
		add_msr(g, physical ? "CNTP_CVAL_EL0" : "CNTV_CVAL_EL0", at);
	add_msr(g, physical ? "CNTP_CTL_EL0" : "CNTV_CTL_EL0", enable | mask << 1);
	return true;
}

#define INTID_NONE 1023

/* The line, and which interrupt it is for. */
static bool parse_expect_virq(struct guest_parser *g, const struct yaml_node *node)
{
	struct rmm_script_step mrs = {.op = RMM_SCRIPT_MRS, .reg = SCRATCH_REG};
	uint64_t intid;

	if (!trace_parse_constant(g->p, node, UINT16_MAX, &intid))
		return false;
	guest_add(g, (struct rmm_script_step){
			     .op = RMM_SCRIPT_EXPECT_VIRQ,
			     .value = intid != INTID_NONE,
		     });
	if (intid == INTID_NONE)
		return true;
	rmm_sysreg_find("ICC_HPPIR1_EL1", &mrs.sysreg);
	guest_add(g, mrs);
	guest_add_expect(g, SCRATCH_REG, intid, UINT64_MAX);
	return true;
}

static bool parse_timed_wait(struct guest_parser *g, struct yaml_node *node, enum rmm_script_op op)
{
	struct rmm_script_step step = {.op = op, .reg = SCRATCH_REG};
	struct key_reader keys;

	if (!trace_keys_begin(g->p, &keys, node, op == RMM_SCRIPT_WFIT ? "'wfit'" : "'wfet'") ||
	    !guest_constant_key(g, &keys, "until", KEY_REQUIRED, UINT64_MAX, &step.value))
		return false;
	keys_end(&keys);
	guest_add(g, step);
	return true;
}

bool guest_parse_hardware(struct guest_parser *g, struct yaml_node *node, const char *key)
{
	if (strcmp(key, "mrs") == 0)
		return parse_mrs(g, node);
	if (strcmp(key, "msr") == 0)
		return parse_msr(g, node);
	if (strcmp(key, "timer") == 0)
		return parse_timer(g, node);
	if (strcmp(key, "wfit") == 0)
		return parse_timed_wait(g, node, RMM_SCRIPT_WFIT);
	if (strcmp(key, "wfet") == 0)
		return parse_timed_wait(g, node, RMM_SCRIPT_WFET);
	if (strcmp(key, "expect_virq") == 0)
		return parse_expect_virq(g, node);
	return false;
}
