/* SPDX-License-Identifier: BSD-3-Clause */
/* REC entry: flags that answer the last exit, and exit records that are valid. */
#include <inttypes.h>

#include "checker_state.h"

#define EXIT_OFFSET   0x800u
#define EXIT_SIZE     0x800u

#define ESR_EC(esr)   ((esr) >> 26 & 0x3f)
#define ESR_EC_DABT   0x24u /* from a lower Exception level */
#define ESR_ISV       (UINT64_C(1) << 24)

#define PSCI_CPU_ON   0x84000003u
#define PSCI_AFFINITY 0x84000004u
#define FID_64        0x40000000u

static struct entered_rec *find_rec(const struct host_checker *c, uint64_t rec)
{
	for (size_t i = 0; i < c->num_recs; i++)
		if (c->recs[i].rec == rec)
			return &c->recs[i];
	return NULL;
}

static struct entered_rec *add_rec(struct host_checker *c, uint64_t rec)
{
	void *array = c->recs;

	if (!ledger_grow(c->config.ledger, &array, c->num_recs, sizeof(c->recs[0])))
		return NULL;
	c->recs = array;
	c->recs[c->num_recs] = (struct entered_rec){.rec = rec};
	return &c->recs[c->num_recs++];
}

static uint64_t rec_of(const struct observed *o)
{
	return observed_in(o, "rec_ptr|rec");
}

/* ---- flags ---------------------------------------------------------------------------------- */

static bool exit_was(const struct entered_rec *rec, uint64_t reason)
{
	return rec != NULL && rec->exited && rec->reason == reason;
}

static bool was_data_abort(const struct entered_rec *rec)
{
	return exit_was(rec, RMI_EXIT_SYNC) && ESR_EC(rec->esr) == ESR_EC_DABT;
}

/* The number of the exit reason for a mapping validation differs between versions. */
static bool was_validation(const struct observed *o, const struct entered_rec *rec)
{
	uint64_t reason;

	return rmm_abi_label_find(o->version, "RMI_EXIT_VDEV_VALIDATE_MAPPING", &reason) &&
	       exit_was(rec, reason);
}

/* The first flag that answers an exit which was not the last one; NULL: none. */
static const char *stale_flag(const struct observed *o, const struct entered_rec *rec,
			      uint64_t flags)
{
	const enum rmm_version v = o->version;

	if (rmi_rec_enter_flags_emul_mmio(v, flags) && !(was_data_abort(rec) && rec->esr & ESR_ISV))
		return "emul_mmio";
	if (rmi_rec_enter_flags_inject_sea(v, flags) && !was_data_abort(rec))
		return "inject_sea";
	if (rmi_rec_enter_flags_ripas_response(v, flags) && !exit_was(rec, RMI_EXIT_RIPAS_CHANGE))
		return "ripas_response";
	if (v == RMM_VERSION_1_0_REL0)
		return NULL;
	if (rmi_rec_enter_flags_s2ap_response(v, flags) && !exit_was(rec, RMI_EXIT_S2AP_CHANGE))
		return "s2ap_response";
	if (rmi_rec_enter_flags_dev_mem_response(v, flags) && !was_validation(o, rec))
		return "dev_mem_response";
	return NULL;
}

void check_entry_before(struct host_checker *c, const struct observed *o)
{
	const struct entered_rec *rec;
	const char *flag;

	if (o->id != RMM_CMD_RMI_REC_ENTER)
		return;
	c->enter_flags = read_field(&c->config.memory, o->version, "RmiRecEnter", "flags", 0,
				    observed_in(o, "run_ptr"));
	rec = find_rec(c, rec_of(o));
	flag = stale_flag(o, rec, c->enter_flags);
	if (flag == NULL)
		return;
	checker_note(c,
		     &(struct note){
			     .kind = HOST_FINDING_STALE_ENTRY_FLAGS,
			     .o = o,
			     .origin = {.call = rec ? rec->call : 0},
			     .address = rec_of(o),
			     .remedy = "clear the enter half of the run page before every entry, "
				       "then set what answers the last exit",
		     },
		     "%s is set but the last exit of this REC was not one that it answers", flag);
}

/* ---- exits ------------------------------------------------------------------------------------
 */

static uint64_t exit_field(const struct host_checker *c, const struct observed *o, const char *name)
{
	return read_field(&c->config.memory, o->version, "RmiRecExit", name, 0,
			  observed_in(o, "run_ptr") + EXIT_OFFSET);
}

static bool asks_host(uint64_t fid)
{
	const uint64_t plain = fid & ~(uint64_t)FID_64;

	return plain == PSCI_CPU_ON || plain == PSCI_AFFINITY;
}

static void entered(struct host_checker *c, const struct observed *o, struct entered_rec *rec)
{
	rec->failed = false;
	rec->exited = true;
	rec->reason = exit_field(c, o, "exit_reason");
	rec->esr = exit_field(c, o, "esr");
	rec->psci_due = rec->reason == RMI_EXIT_PSCI && asks_host(exit_field(c, o, "gprs"));
}

static void refused(struct host_checker *c, const struct observed *o, struct entered_rec *rec)
{
	rec->failed = true;
	if (!rec->psci_due || observed_status(o->out.x[0]) != RMI_ERROR_REC)
		return;
	checker_note(c,
		     &(struct note){
			     .kind = HOST_FINDING_EXIT_UNANSWERED,
			     .o = o,
			     .origin = {.call = rec->call},
			     .address = rec->rec,
			     .remedy = "RMI_PSCI_COMPLETE before the REC is entered again",
		     },
		     "the REC waits for the answer to the PSCI request of call %" PRIu64,
		     rec->call);
}

static void rec_enter_after(struct host_checker *c, const struct observed *o)
{
	struct entered_rec *rec = find_rec(c, rec_of(o));

	if (rec == NULL)
		rec = add_rec(c, rec_of(o));
	if (rec == NULL || observed_asks_to_repeat(o))
		return;
	rec->run = observed_in(o, "run_ptr");
	if (observed_succeeded(o))
		entered(c, o, rec);
	else
		refused(c, o, rec);
	rec->call = o->number;
}

void check_entry_after(struct host_checker *c, const struct observed *o)
{
	struct entered_rec *rec;

	switch (o->id) {
	case RMM_CMD_RMI_REC_ENTER:
		rec_enter_after(c, o);
		break;
	case RMM_CMD_RMI_PSCI_COMPLETE:
		rec = find_rec(c, observed_in(o, "calling_rec_ptr|calling_rec"));
		if (rec != NULL && observed_succeeded(o))
			rec->psci_due = false;
		break;
	case RMM_CMD_RMI_REC_CREATE:
		rec = find_rec(c, rec_of(o));
		if (rec != NULL && (observed_succeeded(o) || observed_incomplete(o)))
			*rec = c->recs[--c->num_recs];
		break;
	default:
		break;
	}
}

/* ---- the exit record in memory
 * ------------------------------------------------------------------- */

static bool meets_exit(const struct entered_rec *rec, uint64_t pa, uint64_t len)
{
	const uint64_t base = rec->run + EXIT_OFFSET;

	return rec->failed && pa < base + EXIT_SIZE && pa + len > base;
}

void check_entry_read(struct host_checker *c, uint64_t pa, uint64_t len)
{
	for (size_t i = 0; i < c->num_recs; i++) {
		struct entered_rec *rec = &c->recs[i];

		if (!meets_exit(rec, pa, len))
			continue;
		rec->failed = false; /* said once for each entry */
		checker_note(c,
			     &(struct note){
				     .kind = HOST_FINDING_EXIT_AFTER_ERROR,
				     .origin = {.call = rec->call},
				     .address = pa,
				     .remedy = "look at the status of RMI_REC_ENTER first; the "
					       "exit record is written on RMI_SUCCESS only",
			     },
			     "the host reads the exit record at 0x%" PRIx64 " though call %" PRIu64
			     " (RMI_REC_ENTER) failed: it is not valid",
			     pa, rec->call);
	}
}

/* What the host writes there itself it may read. */
void check_entry_write(struct host_checker *c, uint64_t pa, uint64_t len)
{
	for (size_t i = 0; i < c->num_recs; i++)
		if (meets_exit(&c->recs[i], pa, len))
			c->recs[i].failed = false;
}
