/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TLBs that nobody translates with. An entry is one walk: the valid
 * descriptors it read, from the starting table down. A walk that ends at an
 * invalid descriptor is cached as far as it got, as walk caches do; invalid
 * descriptors themselves are never cached. An entry whose descriptors have
 * changed is stale until an invalidation removes it.
 */
#include "platform/tlb_lint.h"

#include <inttypes.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>

#include "platform/handle.h"
#include "rmm/rtte.h"

#define TLB_SETS    64u
#define TLB_WAYS    4u
#define TLB_ENTRIES (TLB_SETS * TLB_WAYS)
#define MAX_STEPS   5u /* levels -1 to 3 */
#define TOP_LEVEL   (-1)

struct step {
	uint64_t entry; /* PA of the descriptor */
	uint64_t desc;
};

/* Who made an entry stale, and how. */
struct change {
	unsigned int step;
	uint64_t desc;
	enum rmm_command command;
	unsigned int pe;
	uint64_t call;
};

struct translation {
	bool used;
	bool stale;
	bool kept; /* a guest has the page and needs no further walks */
	bool leaf;
	bool lpa2;
	uint16_t vmid;
	int level; /* of the last step */
	unsigned int num_steps;
	uint64_t base; /* first IPA */
	struct step steps[MAX_STEPS];
	struct change change;
};

struct tlb {
	struct translation entries[TLB_ENTRIES];
	uint8_t next_way[TLB_SETS];
	uint64_t calls; /* that are over */
};

struct tlb_lint {
	pthread_mutex_t mutex;
	void (*report)(void *ctx, const struct rmm_tlb_finding *finding);
	void *ctx;
	enum rmm_version version;
	struct rmm_tlb_lint_counts counts;
	uint64_t num_used;
	uint64_t num_stale;
	unsigned int num_pes;
	struct tlb tlbs[];
};

/* ---- entries ------------------------------------------------------------------------ */

static void drop(struct tlb_lint *lint, struct translation *t)
{
	lint->num_used--;
	lint->num_stale -= t->stale;
	t->used = false;
}

static uint64_t size_of(const struct translation *t)
{
	return rtt_span(t->level);
}

static unsigned int set_of(uint16_t vmid, uint64_t base, int level)
{
	const uint64_t key =
		(base >> RMM_GRANULE_SHIFT) ^ (uint64_t)vmid << 40 ^ (uint64_t)(level + 1) << 60;

	return (unsigned int)(key * UINT64_C(0x9e3779b97f4a7c15) >> 58);
}

static struct translation *find_at_level(struct tlb *tlb, uint16_t vmid, uint64_t ipa, int level)
{
	const uint64_t base = ipa & ~(rtt_span(level) - 1);
	struct translation *way = &tlb->entries[(size_t)set_of(vmid, base, level) * TLB_WAYS];

	for (unsigned int i = 0; i < TLB_WAYS; i++, way++)
		if (way->used && way->vmid == vmid && way->level == level && way->base == base)
			return way;
	return NULL;
}

static void insert(struct tlb_lint *lint, struct tlb *tlb, const struct translation *t)
{
	const unsigned int set = set_of(t->vmid, t->base, t->level);
	struct translation *const ways = &tlb->entries[(size_t)set * TLB_WAYS];
	struct translation *way = ways;

	while (way < ways + TLB_WAYS && way->used)
		way++;
	if (way == ways + TLB_WAYS) {
		way = &ways[tlb->next_way[set]++ % TLB_WAYS];
		drop(lint, way);
	}
	*way = *t;
	lint->num_used++;
}

/* Calls `visit` with every entry in use. */
static void visit_all(struct tlb_lint *lint,
		      void (*visit)(struct tlb_lint *lint, unsigned int pe, struct translation *t,
				    const void *what),
		      const void *what)
{
	for (unsigned int pe = 0; pe < lint->num_pes && lint->num_used; pe++)
		for (unsigned int i = 0; i < TLB_ENTRIES; i++)
			if (lint->tlbs[pe].entries[i].used)
				visit(lint, pe, &lint->tlbs[pe].entries[i], what);
}

/* ---- findings ------------------------------------------------------------------------- */

static struct change change_by(const struct rmm_call *call)
{
	return (struct change){
		.command = call->command,
		.pe = call->pe,
		.call = call->sys->pes[call->pe].report.calls,
	};
}

static void report(struct tlb_lint *lint, enum rmm_tlb_rule rule, unsigned int pe,
		   const struct translation *t, uint64_t ipa, const struct change *change)
{
	const struct step *step = &t->steps[change->step];
	const struct rmm_tlb_finding finding = {
		.rule = rule,
		.pe = pe,
		.vmid = t->vmid,
		.ipa = ipa,
		.size = size_of(t),
		.level = t->level - (int)(t->num_steps - 1 - change->step),
		.entry = step->entry,
		.old_desc = step->desc,
		.new_desc = change->desc,
		.version = lint->version,
		.command = change->command,
		.command_pe = change->pe,
		.call = change->call,
	};

	lint->counts.findings++;
	if (lint->report)
		lint->report(lint->ctx, &finding);
}

/* The rule is broken by `call`, whether a descriptor has changed or not. */
static void report_call(struct tlb_lint *lint, enum rmm_tlb_rule rule, unsigned int pe,
			const struct translation *t, const struct rmm_call *call)
{
	struct change change = change_by(call);

	if (t->stale) {
		change = t->change;
	} else {
		change.step = t->num_steps - 1;
		change.desc = t->steps[change.step].desc;
	}
	report(lint, rule, pe, t, t->base, &change);
}

/* Until the call that changed the descriptor is over, its invalidation may follow. */
static bool change_is_over(const struct tlb_lint *lint, const struct change *change)
{
	return lint->tlbs[change->pe].calls >= change->call;
}

/* ---- accesses --------------------------------------------------------------------------- */

/* The valid descriptors on the way to `ipa`; false when there is none. */
static bool walk(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		 struct translation *t)
{
	int level = realm->rtt_level_start;
	const uint64_t root_index = ipa >> rtt_shift(level);
	uint64_t rtt = realm->rtt_base[0] + root_index / RTT_ENTRIES * RMM_GRANULE_SIZE;

	*t = (struct translation){.used = true, .vmid = realm->vmids[0], .lpa2 = realm->lpa2};
	for (; level <= RTT_PAGE_LEVEL; level++) {
		const struct memory_bank *bank = memory_bank_at(&call->sys->memory, rtt);
		const uint64_t entry = rtt + (ipa >> rtt_shift(level)) % RTT_ENTRIES * 8;

		if (!bank)
			break;
		const uint64_t desc = rtte_load((const uint64_t *)(void *)bank_bytes(bank, entry));
		if (!(desc & RTTE_VALID))
			break;
		t->level = level;
		t->steps[t->num_steps++] = (struct step){entry, desc};
		t->leaf = rtte_state(desc, level) != RTTE_TABLE;
		if (t->leaf)
			break;
		rtt = rtte_addr(desc, realm->lpa2);
	}
	if (!t->num_steps)
		return false;
	t->base = ipa & ~(rtt_span(t->level) - 1);
	return true;
}

static bool same_steps(const struct translation *a, const struct translation *b)
{
	if (a->num_steps != b->num_steps)
		return false;
	for (unsigned int i = 0; i < a->num_steps; i++)
		if (a->steps[i].entry != b->steps[i].entry || a->steps[i].desc != b->steps[i].desc)
			return false;
	return true;
}

/* Hardware may use any of the cached translations of the IPA, at any level. */
static bool use_cached(struct tlb_lint *lint, const struct rmm_call *call, uint16_t vmid,
		       uint64_t ipa)
{
	bool hit = false;

	for (int level = RTT_PAGE_LEVEL; level >= TOP_LEVEL; level--) {
		struct translation *t = find_at_level(&lint->tlbs[call->pe], vmid, ipa, level);

		if (!t)
			continue;
		if (!t->stale) {
			hit |= t->leaf;
			continue;
		}
		if (change_is_over(lint, &t->change))
			report(lint, RMM_TLB_STALE_USE, call->pe, t, ipa, &t->change);
		drop(lint, t);
	}
	return hit;
}

void tlb_lint_access(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa)
{
	struct tlb_lint *lint = call->sys->tlb_lint;
	struct translation t;

	if (ipa >= realm_ipa_size(realm))
		return;
	pthread_mutex_lock(&lint->mutex);
	lint->counts.accesses++;
	if (use_cached(lint, call, realm->vmids[0], ipa)) {
		lint->counts.hits++;
	} else if (walk(call, realm, ipa, &t)) {
		struct translation *old =
			find_at_level(&lint->tlbs[call->pe], t.vmid, ipa, t.level);

		if (old && !same_steps(old, &t)) {
			drop(lint, old);
			old = NULL;
		}
		if (!old)
			insert(lint, &lint->tlbs[call->pe], &t);
	}
	pthread_mutex_unlock(&lint->mutex);
}

void tlb_lint_keep(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa)
{
	struct tlb_lint *lint = call->sys->tlb_lint;

	pthread_mutex_lock(&lint->mutex);
	for (int level = RTT_PAGE_LEVEL; level >= TOP_LEVEL; level--) {
		struct translation *t =
			find_at_level(&lint->tlbs[call->pe], realm->vmids[0], ipa, level);

		if (t && t->leaf)
			t->kept = true;
	}
	pthread_mutex_unlock(&lint->mutex);
}

static void use_kept(struct tlb_lint *lint, unsigned int pe, struct translation *t,
		     const void *what)
{
	const uint16_t *vmid = what;

	if (!t->kept || !t->stale || t->vmid != *vmid || !change_is_over(lint, &t->change))
		return;
	report(lint, RMM_TLB_STALE_USE, pe, t, t->base, &t->change);
	drop(lint, t);
}

void tlb_lint_resume(const struct rmm_call *call, const struct rmm_realm *realm)
{
	struct tlb_lint *lint = call->sys->tlb_lint;

	pthread_mutex_lock(&lint->mutex);
	if (lint->num_stale)
		visit_all(lint, use_kept, &realm->vmids[0]);
	pthread_mutex_unlock(&lint->mutex);
}

/* ---- changes ---------------------------------------------------------------------------- */

struct write {
	const struct rmm_call *call;
	uint64_t entry;
	uint64_t desc;
};

/* Permissions and the access flag may change in place, all else goes through invalid. */
static bool needs_break(uint64_t old, uint64_t desc)
{
	return ((old ^ desc) & ~(RTTE_S2AP_MASK | RTTE_XN | RTTE_AF)) != 0;
}

static void note_write(struct tlb_lint *lint, unsigned int pe, struct translation *t,
		       const void *what)
{
	const struct write *w = what;
	unsigned int i = 0;

	while (i < t->num_steps && t->steps[i].entry != w->entry)
		i++;
	if (i == t->num_steps)
		return;
	if (t->steps[i].desc == w->desc) {
		if (t->stale && t->change.step == i) {
			t->stale = false;
			lint->num_stale--;
		}
		return;
	}
	/* The first change is the one that wanted an invalidation. */
	if (!t->stale) {
		t->stale = true;
		lint->num_stale++;
		t->change = change_by(w->call);
		t->change.step = i;
		t->change.desc = w->desc;
	}
	if (w->desc & RTTE_VALID && needs_break(t->steps[i].desc, w->desc)) {
		struct change change = change_by(w->call);

		change.step = i;
		change.desc = w->desc;
		report(lint, RMM_TLB_NO_BREAK_BEFORE_MAKE, pe, t, t->base, &change);
		drop(lint, t);
	}
}

void tlb_lint_write(const struct rmm_call *call, uint64_t entry, uint64_t desc)
{
	struct tlb_lint *lint = call->sys->tlb_lint;
	const struct write w = {call, entry, desc};

	pthread_mutex_lock(&lint->mutex);
	visit_all(lint, note_write, &w);
	pthread_mutex_unlock(&lint->mutex);
}

struct range {
	uint16_t vmid;
	uint64_t base;
	uint64_t size;
	bool *removed;
};

static void remove_range(struct tlb_lint *lint, unsigned int pe, struct translation *t,
			 const void *what)
{
	const struct range *r = what;

	(void)pe;
	if (t->vmid != r->vmid || t->base >= r->base + r->size || r->base >= t->base + size_of(t))
		return;
	drop(lint, t);
	*r->removed = true;
}

void tlb_lint_invalidate(const struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
			 uint64_t size)
{
	struct tlb_lint *lint = call->sys->tlb_lint;
	bool removed = false;
	const struct range range = {realm->vmids[0], ipa, size, &removed};

	pthread_mutex_lock(&lint->mutex);
	visit_all(lint, remove_range, &range);
	lint->counts.invalidations += removed;
	pthread_mutex_unlock(&lint->mutex);
}

/* ---- what translations must not outlive ----------------------------------------------------- */

struct freed {
	const struct rmm_call *call;
	uint64_t pa;
	uint16_t vmid;
};

static bool reaches(const struct translation *t, uint64_t granule)
{
	const struct step *last = &t->steps[t->num_steps - 1];

	for (unsigned int i = 0; i < t->num_steps; i++)
		if ((t->steps[i].entry & ~GRANULE_MASK) == granule)
			return true;
	if (!t->leaf)
		return rtte_addr(last->desc, t->lpa2) == granule;
	/* A Non-secure access: the granule protection check keeps it from what is the realm's. */
	if (last->desc & RTTE_NS)
		return false;
	return granule - rtte_addr(last->desc, t->lpa2) < size_of(t);
}

static void check_granule(struct tlb_lint *lint, unsigned int pe, struct translation *t,
			  const void *what)
{
	const struct freed *f = what;

	if (!reaches(t, f->pa))
		return;
	report_call(lint, RMM_TLB_GRANULE_FREED, pe, t, f->call);
	drop(lint, t);
}

void tlb_lint_free_granule(const struct rmm_call *call, uint64_t pa)
{
	struct tlb_lint *lint = call->sys->tlb_lint;
	const struct freed f = {.call = call, .pa = pa};
	const enum rmm_granule_state state = call_granule_state(call, pa);

	if (state != RMM_GRANULE_DATA && state != RMM_GRANULE_RTT)
		return;
	pthread_mutex_lock(&lint->mutex);
	visit_all(lint, check_granule, &f);
	pthread_mutex_unlock(&lint->mutex);
}

static void check_vmid(struct tlb_lint *lint, unsigned int pe, struct translation *t,
		       const void *what)
{
	const struct freed *f = what;

	if (t->vmid != f->vmid)
		return;
	report_call(lint, RMM_TLB_VMID_FREED, pe, t, f->call);
	drop(lint, t);
}

void tlb_lint_free_vmid(const struct rmm_call *call, uint16_t vmid)
{
	struct tlb_lint *lint = call->sys->tlb_lint;
	const struct freed f = {.call = call, .vmid = vmid};

	pthread_mutex_lock(&lint->mutex);
	visit_all(lint, check_vmid, &f);
	pthread_mutex_unlock(&lint->mutex);
}

void tlb_lint_call_ends(const struct rmm_call *call)
{
	struct tlb_lint *lint = call->sys->tlb_lint;

	pthread_mutex_lock(&lint->mutex);
	lint->tlbs[call->pe].calls = call->sys->pes[call->pe].report.calls;
	pthread_mutex_unlock(&lint->mutex);
}

/* ---- the public side ------------------------------------------------------------------------- */

int rmm_tlb_lint_begin(struct rmm_system *sys,
		       void (*report_to)(void *ctx, const struct rmm_tlb_finding *finding),
		       void *ctx)
{
	struct tlb_lint *lint;

	handle_check(sys, HANDLE_NO_PE, __func__);
	if (!sys || sys->tlb_lint || sys->config.threads)
		return -1;
	const unsigned int num_pes = sys->config.num_pes;
	lint = calloc(1, sizeof(*lint) + num_pes * sizeof(lint->tlbs[0]));
	if (!lint)
		return -1;
	pthread_mutex_init(&lint->mutex, NULL);
	lint->report = report_to;
	lint->ctx = ctx;
	lint->version = sys->config.version;
	lint->num_pes = num_pes;
	for (unsigned int pe = 0; pe < num_pes; pe++)
		lint->tlbs[pe].calls = sys->pes[pe].report.calls;
	sys->tlb_lint = lint;
	return 0;
}

void rmm_tlb_lint_end(struct rmm_system *sys)
{
	if (!sys || !sys->tlb_lint)
		return;
	pthread_mutex_destroy(&sys->tlb_lint->mutex);
	free(sys->tlb_lint);
	sys->tlb_lint = NULL;
}

struct rmm_tlb_lint_counts rmm_tlb_lint_tally(const struct rmm_system *sys)
{
	handle_check(sys, HANDLE_NO_PE, __func__);
	return sys && sys->tlb_lint ? sys->tlb_lint->counts : (struct rmm_tlb_lint_counts){0};
}

const char *rmm_tlb_rule_name(enum rmm_tlb_rule rule)
{
	static const char *const names[RMM_TLB_RULE_COUNT] = {
		[RMM_TLB_STALE_USE] = "stale-use",
		[RMM_TLB_NO_BREAK_BEFORE_MAKE] = "no-break-before-make",
		[RMM_TLB_GRANULE_FREED] = "granule-freed",
		[RMM_TLB_VMID_FREED] = "vmid-freed",
	};

	return (unsigned int)rule < RMM_TLB_RULE_COUNT ? names[rule] : "unknown";
}

void rmm_tlb_finding_text(const struct rmm_tlb_finding *f, char *text, size_t size)
{
	static const char *const says[RMM_TLB_RULE_COUNT] = {
		[RMM_TLB_STALE_USE] = "a translation was used after its descriptor changed without "
				      "an invalidation",
		[RMM_TLB_NO_BREAK_BEFORE_MAKE] = "a valid descriptor was replaced by another one "
						 "without break-before-make",
		[RMM_TLB_GRANULE_FREED] = "a granule left the realm while a cached translation "
					  "reached it",
		[RMM_TLB_VMID_FREED] = "a VMID was given back while a translation of it was cached",
	};
	if (!f || !text)
		return;

	const struct rmm_abi_command *form = rmm_abi_command_by_id(f->version, f->command);

	snprintf(text, size,
		 "%s: %s: VMID %u, IPA 0x%" PRIx64 ", TLB of PE %u, level %d descriptor at "
		 "0x%" PRIx64 ": 0x%" PRIx64 " became 0x%" PRIx64 " by %s (call %" PRIu64
		 " on PE %u)",
		 rmm_tlb_rule_name(f->rule), says[f->rule], f->vmid, f->ipa, f->pe, f->level,
		 f->entry, f->old_desc, f->new_desc, form ? form->name : "an unknown command",
		 f->call, f->command_pe);
}
