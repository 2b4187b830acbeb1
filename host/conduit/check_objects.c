/* SPDX-License-Identifier: BSD-3-Clause */
/* What a call names is what it says: an RD, a REC, a page of the host's own. */
#include <inttypes.h>

#include "checker_state.h"
#include "object_commands.h"

static const struct {
	const char *input;
	enum host_held kind;
	const char *name;
} objects[] = {
	{"rd", HOST_HELD_RD, "an RD"},
	{"rec_ptr|rec", HOST_HELD_REC, "a REC"},
	{"calling_rec_ptr|calling_rec", HOST_HELD_REC, "a REC"},
	{"target_rec_ptr|target_rec", HOST_HELD_REC, "a REC"},
};

/* Where the RMM reads or writes Non-secure memory. */
static const char *const pages[] = {"run_ptr", "params_ptr", "cfg_ptr", "list_addr", "src"};

static bool is_made(const struct observed *o, const struct rmm_abi_param *input)
{
	const struct object_command *of = object_command(o->id);

	return of != NULL && !of->destroys && observed_input(o, of->granule) == input;
}

/* So a host learns whether a creation that it cancelled has made the object: it is left DELEGATED.
 */
static bool is_attempt(const struct observed *o, const struct span *holder)
{
	const struct object_command *of = object_command(o->id);
	const bool ends = o->id == RMM_CMD_RMI_REALM_TERMINATE || (of != NULL && of->destroys);

	return ends && holder->kind == HOST_HELD_DELEGATED;
}

static void check_object(struct host_checker *c, const struct observed *o, size_t i,
			 struct granule_verdict *verdict)
{
	const struct rmm_abi_param *input = observed_input(o, objects[i].input);
	const struct span *holder;
	uint64_t pa;

	if (input == NULL || is_made(o, input))
		return;
	pa = o->in.x[input->reg];
	holder = checker_holder(c, pa);
	if (holder != NULL && (holder->kind == objects[i].kind ||
			       holder->kind == HOST_HELD_PARTIAL || is_attempt(o, holder)))
		return;
	verdict_set(verdict,
		    &(struct note){
			    .kind = HOST_FINDING_NO_SUCH_OBJECT,
			    .address = pa,
			    .origin = holder != NULL ? holder->in_use : (struct host_origin){0},
			    .remedy = "use an object between its creation and its destruction, and "
				      "compare the order of the arguments",
		    },
		    "%s is 0x%" PRIx64 ", which is %s and not %s", input->name, pa,
		    holder != NULL ? host_held_name(holder->kind) : "the host's own",
		    objects[i].name);
}

static void check_page(struct host_checker *c, const struct observed *o, const char *name,
		       struct granule_verdict *verdict)
{
	const struct rmm_abi_param *input = observed_input(o, name);
	const struct span *holder = input != NULL ? checker_holder(c, o->in.x[input->reg]) : NULL;

	if (holder == NULL)
		return;
	verdict_set(verdict,
		    &(struct note){
			    .kind = HOST_FINDING_PAGE_IN_USE,
			    .address = o->in.x[input->reg],
			    .origin = holder->taken,
			    .remedy = "give the RMM structures and lists in pages that are not "
				      "delegated",
		    },
		    "%s is 0x%" PRIx64 ", which is %s: the RMM looks at Non-secure memory only",
		    input->name, o->in.x[input->reg], host_held_name(holder->kind));
}

void check_objects_before(struct host_checker *c, const struct observed *o,
			  struct granule_verdict *verdict)
{
	if (host_ledger_is_incomplete(c->config.ledger))
		return;
	for (size_t i = 0; i < sizeof(objects) / sizeof(objects[0]); i++)
		check_object(c, o, i, verdict);
	for (size_t i = 0; i < sizeof(pages) / sizeof(pages[0]); i++)
		check_page(c, o, pages[i], verdict);
}
