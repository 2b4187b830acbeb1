/* SPDX-License-Identifier: BSD-3-Clause */
/* The text form of fault injection. */
#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "../arguments.h"
#include "../fail.h"
#include "injector_state.h"

#define MAX_ITEM 160u

/* One item, cut out of the text. */
struct item {
	char text[MAX_ITEM];
	struct host_injector *injector;
	struct host_error *error;
};

static enum host_status reject(const struct item *item, const char *what)
{
	return host_fail(item->error, HOST_ERROR_CONFIG, "fault injection: '%.100s': %s",
			 item->text, what);
}

static enum host_status out_of_memory(const struct item *item)
{
	return host_fail(item->error, HOST_ERROR_NO_MEMORY, "fault injection: out of memory");
}

/* ---- numbers ----------------------------------------------------------------------------- */

/* A number at *at, which moves behind it; with the suffixes K, M and G. */
static bool number(const char **at, uint64_t *value)
{
	static const char suffixes[] = "KMG";
	const char *suffix;
	char *end;

	if (!isdigit((unsigned char)**at))
		return false;
	*value = strtoull(*at, &end, 0);
	suffix = *end != '\0' ? strchr(suffixes, *end) : NULL;
	if (suffix != NULL) {
		*value <<= 10 * (suffix - suffixes + 1);
		end++;
	}
	*at = end;
	return true;
}

static bool whole_number(const char *text, uint64_t *value)
{
	return number(&text, value) && *text == '\0';
}

/* ---- machine-wide items -------------------------------------------------------------------- */

static enum host_status region(const struct item *item, const char *value,
			       int (*add)(struct host_injector *, uint64_t, uint64_t))
{
	uint64_t base;
	uint64_t size = 0;

	if (!number(&value, &base) || *value++ != '+' || !whole_number(value, &size) || !size ||
	    base + size < base || (base | size) & PAGE_MASK)
		return reject(item, "write BASE+SIZE, both multiples of 4K");
	return add(item->injector, base, size) ? out_of_memory(item) : HOST_OK;
}

static enum host_status second_boot(const struct item *item)
{
	struct host_injection_rule rule = host_injection_rule_default();

	rule.command = RMM_CMD_RMI_RMM_CONFIG_SET;
	rule.condition = RMI_RMM_CONFIG_SET_RMM_STATE;
	if (host_injector_add(item->injector, &rule) != 0)
		return out_of_memory(item);
	rule.command = RMM_CMD_RMI_RMM_ACTIVATE;
	rule.condition = RMI_RMM_ACTIVATE_STATE;
	return host_injector_add(item->injector, &rule) ? out_of_memory(item) : HOST_OK;
}

/* *known says whether the item is one of them. */
static enum host_status machine_item(const struct item *item, bool *known)
{
	struct host_injector *injector = item->injector;
	const char *equals = strchr(item->text, '=');
	const size_t len = equals ? (size_t)(equals - item->text) : strlen(item->text);
	uint64_t value;

#define IS(name) (len == strlen(name) && strncmp(item->text, name, len) == 0)
	*known = true;
	if (IS("poison") && equals == NULL) {
		host_injector_poison(injector, true);
		return HOST_OK;
	}
	if (IS("second-boot") && equals == NULL)
		return second_boot(item);
	if (IS("refuse") && equals != NULL)
		return region(item, equals + 1, host_injector_refuse);
	if (IS("no-gpt") && equals != NULL)
		return region(item, equals + 1, host_injector_miss_gpt);
	if (IS("contexts") || IS("seed")) {
		if (equals == NULL || !whole_number(equals + 1, &value))
			return reject(item, "a number is missing");
		if (IS("seed"))
			injector->random = value;
		else
			host_injector_limit_contexts(injector, (uint32_t)value);
		return HOST_OK;
	}
#undef IS
	*known = false;
	return HOST_OK;
}

/* ---- which calls ------------------------------------------------------------------------------
 */

static bool command_name(const struct item *item, size_t len, struct host_injection_rule *rule)
{
	const struct rmm_abi_command *command;
	char name[MAX_ITEM];

	memcpy(name, item->text, len);
	name[len] = '\0';
	if (strcmp(name, "*") == 0)
		return true;
	command = rmm_abi_command_find(item->injector->config.version, name);
	if (command == NULL || command->id == RMM_CMD_RMI_ANY)
		return false;
	rule->command = command->id;
	return true;
}

/* @N, @N+, @NxCOUNT */
static bool which(const char **at, struct host_injection_rule *rule)
{
	if (!number(at, &rule->nth) || rule->nth == 0)
		return false;
	rule->count = 1;
	if (**at == '+') {
		++*at;
		rule->count = 0;
	} else if (**at == 'x') {
		++*at;
		return number(at, &rule->count) && rule->count > 0;
	}
	return true;
}

static bool selectors(const char *at, struct host_injection_rule *rule)
{
	uint64_t value;

	while (*at != '=') {
		switch (*at++) {
		case '@':
			if (!which(&at, rule))
				return false;
			break;
		case '/':
			if (!number(&at, &rule->every) || rule->every == 0)
				return false;
			break;
		case '%':
			if (!number(&at, &value) || value == 0 || value > 1000)
				return false;
			rule->per_mille = (uint16_t)value;
			break;
		case '!':
			if (!number(&at, &value) || value > 1023)
				return false;
			rule->pe = (int)value;
			break;
		default:
			return false;
		}
	}
	return true;
}

/* ---- what happens to them -----------------------------------------------------------------------
 */

/* name:N */
static bool counted(const char *action, const char *name, uint64_t *value)
{
	const size_t len = strlen(name);

	return strncmp(action, name, len) == 0 && action[len] == ':' &&
	       whole_number(action + len + 1, value);
}

static bool counted_action(const char *action, struct host_injection_rule *rule)
{
	static const struct {
		const char *name;
		enum host_injection action;
	} actions[] = {
		{"progress", HOST_INJECT_PROGRESS},
		{"yield", HOST_INJECT_YIELD},
		{"ask", HOST_INJECT_ASK},
		{"consume", HOST_INJECT_CONSUME},
	};

	for (size_t i = 0; i < sizeof(actions) / sizeof(actions[0]); i++) {
		if (!counted(action, actions[i].name, &rule->value))
			continue;
		rule->action = actions[i].action;
		return true;
	}
	return false;
}

/* Of an RTT: -1 to 3. */
static bool level(const char *text, int8_t *out)
{
	char *end;
	const long value = strtol(text, &end, 0);

	*out = (int8_t)value;
	return end != text && *end == '\0' && value >= -1 && value <= 3;
}

/* CONDITION or CONDITION:LEVEL */
static bool condition_action(enum rmm_version version, const char *action,
			     struct host_injection_rule *rule)
{
	const char *colon = strchr(action, ':');
	const size_t len = colon ? (size_t)(colon - action) : strlen(action);
	char name[MAX_ITEM];

	memcpy(name, action, len);
	name[len] = '\0';
	if (!rmm_abi_condition_find(name, &rule->condition) ||
	    rmm_abi_condition(version, rule->condition) == NULL)
		return false;
	rule->action = HOST_INJECT_CONDITION;
	return colon == NULL || level(colon + 1, &rule->level);
}

static bool status_action(enum rmm_version version, const char *action,
			  struct host_injection_rule *rule)
{
	const struct rmm_abi_type *statuses = rmm_abi_type_find("RmiStatusCode");

	rule->action = HOST_INJECT_STATUS;
	if (strcmp(action, "NOT_SUPPORTED") == 0) {
		rule->value = OBSERVED_NOT_SUPPORTED;
		return true;
	}
	return statuses != NULL && rmm_abi_label_value(statuses, version, action, &rule->value);
}

static bool belongs(const struct host_injection_rule *rule)
{
	const enum rmm_command of = rmm_abi_condition_command(rule->condition);

	return rule->command == of || of == RMM_CMD_RMI_ANY;
}

/* A rule for all commands is about those to which it can happen. */
static bool can_happen(enum rmm_version version, const struct host_injection_rule *rule)
{
	const struct observed o = {
		.version = version,
		.command = rmm_abi_command_by_id(version, rule->command),
		.id = rule->command,
	};

	return o.command == NULL || injector_allows(&o, rule);
}

static enum host_status rule_item(const struct item *item)
{
	const enum rmm_version version = item->injector->config.version;
	const size_t name = strcspn(item->text, "@/%!=");
	const char *equals = strchr(item->text, '=');
	struct host_injection_rule rule = host_injection_rule_default();

	if (equals == NULL)
		return reject(item, "write COMMAND=ACTION, or one of contexts=, refuse=, no-gpt=, "
				    "second-boot, poison, seed=");
	if (!command_name(item, name, &rule))
		return reject(item, "no such command in this version of the specification");
	if (!selectors(item->text + name, &rule))
		return reject(item, "write @N, @N+, @NxCOUNT, /EVERY, %PERMILLE or !PE behind the "
				    "command");
	if (!counted_action(equals + 1, &rule) && !condition_action(version, equals + 1, &rule) &&
	    !status_action(version, equals + 1, &rule))
		return reject(item, "the action is a condition or a status of this version, "
				    "NOT_SUPPORTED, progress:N, yield:N, ask:N or consume:N");
	if (rule.action == HOST_INJECT_CONDITION && !belongs(&rule))
		return reject(item, "this condition belongs to another command");
	if (!can_happen(version, &rule))
		return reject(item, "this cannot happen to this command: 'rmmsim explain COMMAND' "
				    "tells how it fails");
	return host_injector_add(item->injector, &rule) ? out_of_memory(item) : HOST_OK;
}

/* ---- the text
 * --------------------------------------------------------------------------------------- */

static enum host_status parse_item(const struct item *item)
{
	bool known;
	enum host_status status;

	if (item->text[0] == '\0' || item->text[0] == '#')
		return HOST_OK;
	status = machine_item(item, &known);
	return known ? status : rule_item(item);
}

/* Copies [text, text + len) without white space. */
static bool cut_item(struct item *item, const char *text, size_t len)
{
	size_t n = 0;

	for (size_t i = 0; i < len; i++) {
		if (isspace((unsigned char)text[i]))
			continue;
		if (n + 1 == sizeof(item->text))
			return false;
		item->text[n++] = text[i];
	}
	item->text[n] = '\0';
	return true;
}

enum host_status host_injector_parse(struct host_injector *injector, const char *text,
				     struct host_error *error)
{
	struct item item = {.injector = injector, .error = error};

	HOST_REQUIRE(injector, error);
	if (!text)
		return host_fail(error, HOST_ERROR_CONFIG, "fault injection: the text is NULL");
	while (*text != '\0') {
		const size_t len = strcspn(text, ";\n");
		enum host_status status;

		if (!cut_item(&item, text, len))
			return host_fail(error, HOST_ERROR_CONFIG,
					 "fault injection: '%.60s...' is too long", text);
		status = parse_item(&item);
		if (status != HOST_OK)
			return status;
		text += len + (text[len] != '\0');
	}
	return HOST_OK;
}
