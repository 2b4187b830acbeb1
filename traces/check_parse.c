/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks: looks at the machine from outside, as no host can. */
#include <string.h>

#include "near.h"
#include "parse.h"

/* Which facts an object has, and how it is found. */
struct check_form {
	const char *object;
	enum trace_check_kind kind;
	const char *key;
	const char *key2;
	const char *const *fields; /* NULL-terminated; a leading '=' marks a word */
};

static const char *const granule_fields[] = {"=state", NULL};
static const char *const gpi_fields[] = {"=is", NULL};
static const char *const realm_fields[] = {
	"=state", "ipa_width", "num_recs", "rtt_base", "rtt_level_start", "rtt_num_start", NULL};
static const char *const rec_fields[] = {"owner", "mpidr", "running", "runnable", "pc", NULL};
static const char *const guest_fields[] = {"ended",    "failed",   "aborts",     "next_step",
					   "last_esr", "last_far", "interrupts", NULL};

static const struct check_form forms[] = {
	{"granule", TRACE_CHECK_GRANULE, "pa", NULL, granule_fields},
	{"gpi", TRACE_CHECK_GPI, "pa", NULL, gpi_fields},
	{"realm", TRACE_CHECK_REALM, "rd", NULL, realm_fields},
	{"rec", TRACE_CHECK_REC, "rec", NULL, rec_fields},
	{"guest", TRACE_CHECK_GUEST, "rd", "mpidr", guest_fields},
};

static bool parse_field(struct trace_parser *p, const struct yaml_node *node,
			struct trace_check check, struct trace_step *step, bool word)
{
	if (word) {
		if (!trace_node_is(p, node, YAML_KIND_SCALAR, "a state"))
			return false;
		check.word = node->text.s;
	} else {
		check.value = trace_parse_expr(p, node, NULL);
		if (check.value == NULL)
			return false;
	}
	*ABI_LIST_ADD(p->arena, &step->u.checks) = check;
	return true;
}

static bool parse_object(struct trace_parser *p, struct yaml_node *node,
			 const struct check_form *form, struct trace_step *step)
{
	struct trace_check check = {.kind = form->kind};
	struct key_reader keys;
	size_t before = step->u.checks.n;
	bool ok = true;

	if (!trace_keys_begin(p, &keys, node, form->object))
		return false;
	check.key = trace_parse_key(p, &keys, form->key, KEY_REQUIRED);
	if (form->key2 != NULL)
		check.key2 = trace_parse_key(p, &keys, form->key2, KEY_REQUIRED);
	if (check.key == NULL || (form->key2 != NULL && check.key2 == NULL))
		return false;
	for (const char *const *f = form->fields; *f != NULL; f++) {
		bool word = (*f)[0] == '=';
		const struct yaml_node *value = keys_node(&keys, *f + word, KEY_OPTIONAL);

		check.field = *f + word;
		if (value != NULL)
			ok &= parse_field(p, value, check, step, word);
	}
	keys_end(&keys);
	if (ok && step->u.checks.n == before) {
		abi_error(p->diag, node->loc, "nothing is checked of this %s", form->object);
		abi_remedy(p->diag, "add '%s:'", form->fields[0] + (form->fields[0][0] == '='));
		return false;
	}
	return ok;
}

static bool parse_count(struct trace_parser *p, const struct yaml_node *node,
			enum trace_check_kind kind, const char *name, struct trace_step *step)
{
	struct trace_check check = {.kind = kind, .field = name};

	return parse_field(p, node, check, step, kind == TRACE_CHECK_RMM);
}

bool trace_parse_check_step(struct trace_parser *p, struct key_reader *step_keys,
			    struct trace_step *step)
{
	struct yaml_node *body = trace_required(p, step_keys, "check");
	static const struct {
		const char *name;
		enum trace_check_kind kind;
	} plain[] = {
		{"rmm", TRACE_CHECK_RMM},
		{"delegated", TRACE_CHECK_DELEGATED},
		{"operations", TRACE_CHECK_OPERATIONS},
	};
	struct key_reader keys;
	struct yaml_node *ich;
	bool ok = true;

	step->kind = TRACE_STEP_CHECK;
	if (body == NULL || !trace_keys_begin(p, &keys, body, "a 'check' step"))
		return false;
	ich = keys_node(&keys, "ich", KEY_OPTIONAL);
	for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
		struct yaml_node *node = keys_node(&keys, forms[i].object, KEY_OPTIONAL);

		if (node != NULL)
			ok &= parse_object(p, node, &forms[i], step);
	}
	if (ich != NULL)
		ok &= trace_parse_ich_check(p, ich, step);
	for (size_t i = 0; i < sizeof(plain) / sizeof(plain[0]); i++) {
		const struct yaml_node *node = keys_node(&keys, plain[i].name, KEY_OPTIONAL);

		if (node != NULL)
			ok &= parse_count(p, node, plain[i].kind, plain[i].name, step);
	}
	keys_end(&keys);
	return ok;
}
