/* SPDX-License-Identifier: BSD-3-Clause */
/* The conditions of every implemented command: functions and the tables over them. */
#include <string.h>

#include "arena.h"
#include "emit_oracle.h"
#include "ident.h"
#include "labels.h"

struct form {
	const struct abi *abi;
	const struct abi_command *command;
	size_t number;
	struct writer *w;
};

/* The body of a function that yields an expression, in every version of `versions`. */
static void emit_return(const struct form *f, const struct abi_expr *e, abi_versions versions,
			const char *before, const char *after)
{
	const char *common = NULL;
	bool varies = false;

	for (size_t v = 0; v < f->abi->versions.n; v++) {
		const char *text =
			in_version(versions, v) ? oracle_expr(f->abi, f->number, e, v) : NULL;

		if (text && common && strcmp(text, common) != 0)
			varies = true;
		if (text)
			common = text;
	}
	for (size_t v = 0; varies && v < f->abi->versions.n; v++)
		if (in_version(versions, v))
			w_printf(f->w, "\tif (env->version == RMM_VERSION_%s)\n\t\t%s%s%s\n",
				 ident_version(f->abi->versions.v[v].name.s).s, before,
				 oracle_expr(f->abi, f->number, e, v), after);
	w_printf(f->w, "\t%s%s%s\n", before, common ? common : "0", after);
}

/* ---- context values --------------------------------------------------------------- */

static const char *slot_member(const struct abi_type *type)
{
	switch (type->kind) {
	case ABI_TYPE_INT:
	case ABI_TYPE_SINT:
		return "i";
	case ABI_TYPE_STRUCT:
	case ABI_TYPE_ARRAY:
		return "p";
	default:
		return "u";
	}
}

static const char *nothing_of(const struct abi *abi, const struct abi_type *type)
{
	if (type->kind == ABI_TYPE_STRUCT && type->abstract)
		return abi_arena_printf(abi->arena, "&nothing_%s", type->name.s);
	if (type->kind == ABI_TYPE_STRUCT || type->kind == ABI_TYPE_ARRAY)
		return "oracle_nothing";
	return type->kind == ABI_TYPE_BITS && type->width > 64 ? "(struct oracle_wide){{0}}" : "0";
}

static void emit_context(const struct form *f, size_t i)
{
	const struct abi_context *c = &f->command->context.v[i];
	const struct abi_type *type = c->value->type;
	const char *c_type = oracle_c_type(f->abi, type);
	const char *name = ident_lower(c->name.s).s;
	char *function = abi_arena_printf(f->abi->arena, "%zu_%s", f->number, name);
	const bool wide = type->kind == ABI_TYPE_BITS && type->width > 64;

	w_printf(f->w, "static %svalue_%s(struct oracle_env *env)\n{\n\t(void)env;\n", c_type,
		 function);
	emit_return(f, c->value, f->command->versions, "return ", ";");
	w_printf(f->w,
		 "}\n\nstatic __attribute__((unused)) %sctx_%s(struct oracle_env *env)\n{\n"
		 "\tstruct oracle_slot *slot = oracle_slot(env, %zuU, %s);\n\n"
		 "\tif (!slot)\n\t\treturn %s;\n"
		 "\tif (!oracle_slot_known(env, slot)) {\n",
		 c_type, function, i, c->after ? "true" : "false", nothing_of(f->abi, type));
	if (wide)
		w_printf(f->w, "\t\tslot->p = oracle_keep_wide(env, value_%s(env));\n", function);
	else
		w_printf(f->w, "\t\tslot->%s = value_%s(env);\n", slot_member(type), function);
	w_printf(f->w, "\t\toracle_slot_done(env, slot);\n\t}\n\treturn slot->fault ? %s : ",
		 nothing_of(f->abi, type));
	if (wide)
		w_text(f->w, "*(const struct oracle_wide *)slot->p;\n}\n\n");
	else
		w_printf(f->w, "(%s)slot->%s;\n}\n\n", c_type, slot_member(type));
}

/* Whether the value before the call is needed when a success is judged. */
static bool uses_before(const struct abi_expr *e, const struct abi_context *c)
{
	if (!e)
		return false;
	if (e->kind == ABI_EXPR_NAME && e->name_kind == ABI_NAME_CONTEXT) {
		if (e->ref.context == c)
			return true;
		/* What a value before the call is made of is sampled with it. */
		return e->ref.context->after && uses_before(e->ref.context->value, c);
	}
	for (size_t i = 0; i < e->num_args; i++)
		if (uses_before(e->args[i], c))
			return true;
	return false;
}

static bool is_captured(const struct abi_command *command, const struct abi_context *c)
{
	if (c->after)
		return false;
	for (size_t i = 0; i < command->ok.n; i++)
		if (uses_before(command->ok.v[i].when_expr, c) ||
		    uses_before(command->ok.v[i].then_expr, c))
			return true;
	return false;
}

/* A call that gets a structure from before the call may look at what it names. */
static bool looks_back(const struct abi_expr *e)
{
	if (!e)
		return false;
	for (size_t i = 0; i < e->num_args; i++) {
		const struct abi_expr *arg = e->args[i];

		if (e->kind == ABI_EXPR_CALL && arg->kind == ABI_EXPR_NAME &&
		    arg->name_kind == ABI_NAME_CONTEXT && !arg->ref.context->after &&
		    arg->type->kind == ABI_TYPE_STRUCT && arg->type->abstract)
			return true;
		if (looks_back(arg))
			return true;
	}
	return false;
}

static void emit_capture(const struct form *f)
{
	bool back = false;

	w_printf(f->w, "static void capture_%zu(struct oracle_env *env)\n{\n\t(void)env;\n",
		 f->number);
	for (size_t i = 0; i < f->command->context.n; i++) {
		const struct abi_context *c = &f->command->context.v[i];

		if (is_captured(f->command, c))
			w_printf(f->w,
				 "\t(void)ctx_%zu_%s(env);\n\tenv->fault = ORACLE_NO_FAULT;\n",
				 f->number, ident_lower(c->name.s).s);
	}
	for (size_t i = 0; i < f->command->ok.n; i++)
		back = back || looks_back(f->command->ok.v[i].then_expr);
	if (back)
		w_text(f->w, "\toracle_keep_tables(env);\n");
	w_text(f->w, "}\n\n");
}

/* ---- truth -------------------------------------------------------------------------- */

static void emit_truth(const struct form *f, const char *kind, size_t i, const struct abi_expr *e,
		       abi_versions versions)
{
	if (!e)
		return;
	w_printf(f->w, "static bool %s_%zu_%zu(struct oracle_env *env)\n{\n\t(void)env;\n", kind,
		 f->number, i);
	emit_return(f, e, versions, "return ", ";");
	w_text(f->w, "}\n\n");
}

static void emit_data(const struct form *f, size_t i)
{
	const struct abi_condition *c = &f->command->fail.v[i];

	for (size_t k = 0; k < c->data.n; k++) {
		w_printf(f->w,
			 "static uint64_t datum_%zu_%zu_%zu(struct oracle_env *env)\n{\n"
			 "\t(void)env;\n",
			 f->number, i, k);
		emit_return(f, c->data.v[k].value, c->versions, "return (uint64_t)(", ");");
		w_text(f->w, "}\n\n");
	}
}

/* ---- footprint ------------------------------------------------------------------------ */

static void emit_footprint_call(const struct form *f, const struct abi_expr *e, size_t version)
{
	w_printf(f->w, "#ifdef HAS_oracle_fp_%s\n\toracle_fp_%s(env", e->text, e->text);
	for (size_t i = 0; i < e->num_args; i++)
		w_printf(f->w, ", %s", oracle_expr(f->abi, f->number, e->args[i], version));
	w_text(f->w, ");\n#else\n\toracle_fp_anything(env);\n#endif\n");
}

/* "realm.rim": a field of an object that the abstract view holds as a whole. */
static void emit_footprint_field(const struct form *f, const struct abi_expr *e, size_t version)
{
	const struct abi_expr *object = e;
	char *path = NULL;

	while (object->kind == ABI_EXPR_MEMBER) {
		path = abi_arena_printf(f->abi->arena, "%s%s%s", ident_local(object->text).s,
					path ? "." : "", path ? path : "");
		object = object->args[0];
	}
	if (object->kind == ABI_EXPR_CALL && strcmp(object->text, "GranuleAt") == 0) {
		emit_footprint_call(f, object, version);
		return;
	}
	w_printf(f->w,
		 "#ifdef HAS_oracle_fp_%s\n\toracle_fp_%s(env, %s,\n"
		 "\t\toffsetof(struct oracle_%s, %s), sizeof(((struct oracle_%s *)0)->%s));\n"
		 "#else\n\toracle_fp_anything(env);\n#endif\n",
		 object->type->name.s, object->type->name.s,
		 oracle_expr(f->abi, f->number, object, version), object->type->name.s, path,
		 object->type->name.s, path);
}

static size_t first_version(const struct form *f)
{
	for (size_t v = 0; v < f->abi->versions.n; v++)
		if (in_version(f->command->versions, v))
			return v;
	return 0;
}

static void emit_footprint(const struct form *f)
{
	w_printf(f->w, "static void footprint_%zu(struct oracle_env *env)\n{\n\t(void)env;\n",
		 f->number);
	for (size_t i = 0; i < f->command->footprint.n; i++) {
		const struct abi_expr *e = f->command->footprint.v[i].expr;

		if (e->kind == ABI_EXPR_CALL)
			emit_footprint_call(f, e, first_version(f));
		else
			emit_footprint_field(f, e, first_version(f));
		w_text(f->w, "\tenv->fault = ORACLE_NO_FAULT;\n");
	}
	w_text(f->w, "}\n\n");
}

/* ---- tables ----------------------------------------------------------------------------- */

/* Where a datum is: an output, a field of the result, or of a payload of the result. */
struct place {
	uint32_t reg, lsb, width;
};

static bool field_place(const struct abi_type *type, const char *name, struct place *place)
{
	for (size_t i = 0; type && i < type->fields.n; i++) {
		const struct abi_field *f = &type->fields.v[i];

		if (!f->name.s || strcmp(f->name.s, name) != 0)
			continue;
		*place = (struct place){0, f->lsb, f->width};
		return true;
	}
	return false;
}

static struct place payload_place(const struct form *f, const struct abi_type *result,
				  const char *name)
{
	struct place data = {0, 0, 0};
	struct place place = {0, 0, 64};

	if (field_place(result, name, &place) || !field_place(result, "data", &data))
		return place;
	for (size_t i = 0; i < f->abi->types.n; i++) {
		const struct abi_type *t = f->abi->types.v[i];

		if (strncmp(t->name.s, result->name.s, strlen(result->name.s)) == 0 &&
		    t != result && field_place(t, name, &place)) {
			place.lsb += data.lsb;
			return place;
		}
	}
	return place;
}

static struct place datum_place(const struct form *f, const char *name)
{
	const struct abi_type *result = NULL;

	for (size_t i = 0; i < f->command->outputs.n; i++) {
		const struct abi_param *p = &f->command->outputs.v[i];

		if (strcmp(p->name.s, name) == 0)
			return (struct place){p->reg, p->lsb, p->width};
		if (strcmp(p->name.s, "result") == 0)
			result = p->type;
	}
	return payload_place(f, result, name);
}

static void emit_datum_table(const struct form *f, size_t i)
{
	const struct abi_condition *c = &f->command->fail.v[i];

	if (!c->data.n)
		return;
	w_printf(f->w, "static const struct oracle_datum data_%zu_%zu[] = {\n", f->number, i);
	for (size_t k = 0; k < c->data.n; k++) {
		const struct place p = datum_place(f, c->data.v[k].name.s);

		w_printf(f->w, "\t{\"%s\", %u, %u, %u, datum_%zu_%zu_%zu},\n", c->data.v[k].name.s,
			 p.reg, p.lsb, p.width, f->number, i, k);
	}
	w_text(f->w, "};\n\n");
}

/* The declared order, closed: bit b says that condition b is reported rather than i. */
static uint64_t predecessors(const struct abi_command *c, size_t i)
{
	uint64_t set = 0;
	bool grown = true;

	while (grown) {
		grown = false;
		for (size_t k = 0; k < c->order.n; k++) {
			const struct abi_order_pair *pair = &c->order.v[k];
			const bool applies =
				pair->after == i || (pair->after < 64 && (set >> pair->after & 1));

			if (!applies || pair->before >= 64 || set >> pair->before & 1)
				continue;
			set |= UINT64_C(1) << pair->before;
			grown = true;
		}
	}
	return set;
}

static void emit_uses(const struct form *f, const char *kind, size_t i, const struct abi_expr *a,
		      const struct abi_expr *b, const struct oracle_functions *all)
{
	struct oracle_functions used = {0};

	oracle_functions_add(f->abi, &used, a);
	oracle_functions_add(f->abi, &used, b);
	w_printf(f->w, "static const uint16_t uses_%s_%zu_%zu[] = {", kind, f->number, i);
	for (size_t k = 0; k < used.n; k++)
		for (size_t n = 0; n < all->n; n++)
			if (all->v[n] == used.v[k])
				w_printf(f->w, "%zu, ", n);
	w_text(f->w, "ORACLE_NUM_FUNCTIONS};\n");
}

static bool ends_with(const char *s, const char *tail)
{
	const size_t n = strlen(s);
	const size_t m = strlen(tail);

	return n >= m && strcmp(s + n - m, tail) == 0;
}

static void emit_fail_table(const struct form *f, const struct oracle_functions *all)
{
	const struct abi_command *c = f->command;

	for (size_t i = 0; i < c->fail.n; i++) {
		emit_datum_table(f, i);
		emit_uses(f, "fail", i, c->fail.v[i].when_expr, NULL, all);
	}
	w_printf(f->w, "static const struct oracle_failure failures_%zu[] = {\n", f->number);
	for (size_t i = 0; i < c->fail.n; i++) {
		const struct abi_condition *cond = &c->fail.v[i];

		w_printf(f->w, "\t{%s, \"%s\", UINT32_C(0x%x), fail_%zu_%zu,\n", cond->constant,
			 cond->id.s, cond->versions, f->number, i);
		w_printf(f->w, "\t\tUINT64_C(0x%llx), %s, ", (unsigned long long)predecessors(c, i),
			 ends_with(cond->id.s, "_tf") ? "true" : "false");
		if (cond->data.n)
			w_printf(f->w, "data_%zu_%zu, %zu, ", f->number, i, cond->data.n);
		else
			w_text(f->w, "0, 0, ");
		w_printf(f->w, "uses_fail_%zu_%zu},\n", f->number, i);
	}
	w_text(f->w, "\t{0},\n};\n\n");
}

static void emit_ok_table(const struct form *f, const struct oracle_functions *all)
{
	const struct abi_command *c = f->command;

	for (size_t i = 0; i < c->ok.n; i++)
		emit_uses(f, "ok", i, c->ok.v[i].when_expr, c->ok.v[i].then_expr, all);
	w_printf(f->w, "static const struct oracle_success successes_%zu[] = {\n", f->number);
	for (size_t i = 0; i < c->ok.n; i++) {
		const struct abi_condition *cond = &c->ok.v[i];

		w_printf(f->w, "\t{\"%s\", UINT32_C(0x%x), ", cond->id.s, cond->versions);
		if (cond->when_expr)
			w_printf(f->w, "when_%zu_%zu, ", f->number, i);
		else
			w_text(f->w, "0, ");
		w_printf(f->w, "then_%zu_%zu, ", f->number, i);
		w_c_string(f->w, cond->then.s);
		w_printf(f->w, ", uses_ok_%zu_%zu},\n", f->number, i);
	}
	w_text(f->w, "\t{0},\n};\n\n");
}

static void emit_form(const struct form *f, const struct oracle_functions *all)
{
	const struct abi_command *c = f->command;

	w_printf(f->w,
		 "/* ---- %s ---- */\n\n"
		 "_Static_assert(%zu <= ORACLE_MAX_SLOTS && %zu <= ORACLE_MAX_FAILURES,\n"
		 "\t       \"the environment has room for the command\");\n\n",
		 c->name.s, c->context.n, c->fail.n);
	for (size_t i = 0; i < c->context.n; i++)
		emit_context(f, i);
	emit_capture(f);
	for (size_t i = 0; i < c->fail.n; i++) {
		emit_truth(f, "fail", i, c->fail.v[i].when_expr, c->fail.v[i].versions);
		emit_data(f, i);
	}
	for (size_t i = 0; i < c->ok.n; i++) {
		emit_truth(f, "when", i, c->ok.v[i].when_expr, c->ok.v[i].versions);
		emit_truth(f, "then", i, c->ok.v[i].then_expr, c->ok.v[i].versions);
	}
	emit_footprint(f);
	emit_fail_table(f, all);
	emit_ok_table(f, all);
}

/* ---- pairs of enumerations ---------------------------------------------------------------- */

/* RMI_HASH_SHA_256 is HASH_SHA_256: the concrete label has the interface in front. */
static bool concrete_value(const struct oracle_pair *pair, const char *label, size_t version,
			   uint64_t *value)
{
	for (size_t i = 0; i < pair->concrete->values.n; i++) {
		const struct abi_enum_value *v = &pair->concrete->values.v[i];
		const char *tail = strchr(v->name.s, '_');

		if (in_version(v->versions, version) && tail &&
		    (strcmp(tail + 1, label) == 0 || strcmp(v->name.s, label) == 0)) {
			*value = v->value;
			return true;
		}
	}
	return false;
}

static void emit_pair(const struct abi *abi, const struct oracle_pair *pair, struct writer *w)
{
	w_printf(w,
		 "static bool equal_%s_%s(struct oracle_env *env, uint64_t a, uint64_t b)\n{\n"
		 "\t(void)env;\n",
		 pair->abstract->name.s, pair->concrete->name.s);
	for (size_t v = 0; v < abi->versions.n; v++) {
		w_printf(w, "\tif (env->version == RMM_VERSION_%s) {\n",
			 ident_version(abi->versions.v[v].name.s).s);
		for (size_t i = 0; i < pair->abstract->values.n; i++) {
			const char *label = pair->abstract->values.v[i].name.s;
			uint64_t value;

			if (concrete_value(pair, label, v, &value))
				w_printf(w, "\t\tif (a == ORACLE_%s)\n\t\t\treturn b == %llu;\n",
					 label, (unsigned long long)value);
		}
		w_text(w, "\t}\n");
	}
	w_text(w, "\toracle_unknown(env);\n\treturn false;\n}\n\n");
}

/* ---- the file ---------------------------------------------------------------------------------
 */

static void emit_command_row(const struct abi *abi, size_t i, struct writer *w)
{
	const struct abi_command *c = &abi->commands.v[i];

	w_printf(w,
		 "\t{RMM_CMD_%s, UINT32_C(0x%x), capture_%zu, footprint_%zu, failures_%zu, %zu,\n"
		 "\t\tsuccesses_%zu, %zu},\n",
		 ident_upper(c->name.s).s, c->versions, i, i, i, c->fail.n, i, c->ok.n);
}

static void emit_nothings(const struct abi *abi, struct writer *w)
{
	for (size_t i = 0; i < abi->state_types.n; i++)
		if (abi->state_types.v[i]->kind == ABI_TYPE_STRUCT)
			w_printf(w,
				 "static const struct oracle_%s nothing_%s "
				 "__attribute__((unused));\n",
				 abi->state_types.v[i]->name.s, abi->state_types.v[i]->name.s);
	w_char(w, '\n');
}

void emit_oracle_conditions(const struct abi *abi, struct writer *w)
{
	const struct oracle_functions all = oracle_functions_collect(abi);
	const struct oracle_pairs pairs = oracle_pairs_collect(abi);
	size_t n = 0;

	w_notice(w);
	w_text(w,
	       "/* The conditions of the commands that the model implements. */\n"
	       "#include <stddef.h>\n\n#include \"oracle/env.h\"\n#include \"oracle/footprint.h\"\n"
	       "#include \"oracle/functions.h\"\n\n");
	emit_nothings(abi, w);
	for (size_t i = 0; i < pairs.n; i++)
		emit_pair(abi, &pairs.v[i], w);
	for (size_t i = 0; i < abi->commands.n; i++) {
		const struct form form = {abi, &abi->commands.v[i], i, w};

		if (oracle_judges(form.command))
			emit_form(&form, &all);
	}
	w_text(w, "const struct oracle_command oracle_commands[] = {\n");
	for (size_t i = 0; i < abi->commands.n; i++) {
		if (!oracle_judges(&abi->commands.v[i]))
			continue;
		emit_command_row(abi, i, w);
		n++;
	}
	w_printf(w, "\t{0},\n};\n\nconst unsigned int oracle_num_commands = %zu;\n", n);
}
