/* SPDX-License-Identifier: BSD-3-Clause */
/* Walks, and properties of one table (2.0-bet0 B3.165 to B3.199, B3.211). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/rtt.h"
#include "oracle/set.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

/* ---- entries -------------------------------------------------------------------- */

static bool has_address(uint64_t state)
{
	return state != ORACLE_RTTE_VOID && state != ORACLE_RTTE_UNMAPPED_NS;
}

void oracle_entry(const struct view_entry *from, uint64_t pa, struct oracle_RmmRttEntry *to)
{
	const bool protected = from->state == ORACLE_RTTE_DATA || from->state == ORACLE_RTTE_VOID;

	to->pa = pa;
	to->state = from->state;
	to->addr = from->addr;
	to->ripas = from->ripas;
	to->attr_prot = from->state == ORACLE_RTTE_NARCH_DEV ? ORACLE_MEMATTR_PASSTHROUGH
							     : ORACLE_MEMATTR_CACHEABLE;
	to->attr_unprot = from->state == ORACLE_RTTE_MAPPED_NS ? from->memattr : 0;
	to->sh = from->outer ? ORACLE_SHAREABILITY_OUTER : ORACLE_SHAREABILITY_INNER;
	to->s2ap_bits = (uint64_t)from->read | (uint64_t)from->write << 1;
	to->s2ap_direct.read = from->read ? ORACLE_RMM_TRUE : ORACLE_RMM_FALSE;
	to->s2ap_direct.write = from->write ? ORACLE_RMM_TRUE : ORACLE_RMM_FALSE;
	to->s2ap_indirect.base_index = protected ? ORACLE_S2AP_RW_PUX : ORACLE_S2AP_NO_ACCESS;
	if (from->state == ORACLE_RTTE_MAPPED_NS && from->read)
		to->s2ap_indirect.base_index = from->write ? ORACLE_S2AP_RW : ORACLE_S2AP_RO;
	else if (from->state == ORACLE_RTTE_MAPPED_NS && from->write)
		to->s2ap_indirect.base_index = ORACLE_S2AP_WO;
}

/* ---- walks ------------------------------------------------------------------------ */

static void note_table(struct oracle_env *env, uint64_t pa, int level, bool lpa2)
{
	unsigned int i = 0;

	while (i < env->num_tables && env->tables[i].pa != pa)
		i++;
	if (i == ORACLE_MAX_TABLES)
		i = 0;
	else if (i == env->num_tables)
		env->num_tables++;
	env->tables[i] = (struct oracle_table){pa, level, lpa2};
}

struct view_tree oracle_tree(const struct oracle_RmmRealm *realm, unsigned int tree)
{
	return (struct view_tree){
		.base = realm->rtt_base[tree],
		.start = (int)realm->rtt_level_start,
		.num_start = realm->rtt_num_start,
		.ipa_width = (unsigned int)realm->ipa_width,
		.lpa2 = realm->feat_lpa2 == ORACLE_FEATURE_TRUE,
	};
}

const struct oracle_RmmRttWalkResult *oracle_fn_RttWalk(struct oracle_env *env,
							const struct oracle_RmmRealm *realm_,
							uint64_t addr_, oracle_int level_,
							oracle_int tree_)
{
	struct oracle_RmmRttWalkResult *result = oracle_alloc(env, sizeof(*result));
	const unsigned int tree = oracle_index(env, tree_, 4);
	const struct view_tree from = oracle_tree(realm_, tree);
	struct view_walk walk;

	if (!result)
		return oracle_nothing;
	if (level_ == VIEW_PAGE_LEVEL)
		level_ = oracle_map_level(env);
	if (env->fault != ORACLE_NO_FAULT)
		return result;
	if (level_ < -1 || level_ > VIEW_PAGE_LEVEL ||
	    !view_walk(env->sys, &from, addr_, (int)level_, &walk)) {
		oracle_ill_formed(env);
		return result;
	}
	result->pa = walk.table;
	result->level = walk.level;
	result->rtt_addr = walk.table;
	oracle_entry(&walk.entry, walk.table + walk.index * sizeof(uint64_t), &result->rtte);
	note_table(env, walk.table, walk.level, from.lpa2);
	if (walk.entry.state == ORACLE_RTTE_TABLE)
		note_table(env, walk.entry.addr, walk.level + 1, from.lpa2);
	return result;
}

const struct oracle_RmmRtt *oracle_fn_RttAt(struct oracle_env *env, uint64_t addr_)
{
	struct oracle_RmmRtt *rtt = oracle_alloc(env, sizeof(*rtt));

	if (!rtt)
		return oracle_nothing;
	rtt->pa = addr_;
	rtt->addr = addr_;
	if (!view_table(env->sys, addr_))
		oracle_ill_formed(env);
	return rtt;
}

/* ---- scans over one table ----------------------------------------------------------- */

struct scan {
	const uint64_t *entries;
	int level;
	bool lpa2;
};

/* Where the table stands is known from the walk that named it. */
static bool scan_begin(struct oracle_env *env, const struct oracle_RmmRtt *rtt, struct scan *scan)
{
	if (env->fault != ORACLE_NO_FAULT)
		return false;
	scan->entries = view_table(env->sys, rtt->addr);
	for (unsigned int i = 0; i < env->num_tables; i++) {
		if (env->tables[i].pa != rtt->addr)
			continue;
		scan->level = env->tables[i].level;
		scan->lpa2 = env->tables[i].lpa2;
		if (scan->entries)
			return true;
	}
	oracle_mark(env, scan->entries ? ORACLE_UNKNOWN : ORACLE_ILL_FORMED);
	return false;
}

static struct view_entry scan_entry(const struct scan *scan, unsigned int i)
{
	return view_decode(scan->entries[i], scan->level, scan->lpa2);
}

/* What holds for an entry holds for the next one when it is the same word. */
static bool scan_repeats(const struct scan *scan, unsigned int i)
{
	return i > 0 && scan->entries[i] == scan->entries[i - 1];
}

bool oracle_fn_RttIsLive(struct oracle_env *env, const struct oracle_RmmRtt *rtt_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++) {
		const struct view_entry e = scan_entry(&scan, i);

		if (view_is_live(e.state) && e.state != ORACLE_RTTE_MAPPED_NS)
			return true;
	}
	return false;
}

static bool same_attributes(const struct view_entry *a, const struct view_entry *b)
{
	return a->state == b->state && a->ripas == b->ripas && a->memattr == b->memattr &&
	       a->read == b->read && a->write == b->write;
}

bool oracle_fn_RttIsHomogeneous(struct oracle_env *env, const struct oracle_RmmRtt *rtt_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	const struct view_entry first = scan_entry(&scan, 0);
	const bool addressed = has_address(first.state);

	if (addressed && (scan.level < 2 || first.state == ORACLE_RTTE_TABLE ||
			  first.addr % view_span(scan.level - 1)))
		return false;
	for (unsigned int i = 1; i < VIEW_ENTRIES; i++) {
		const struct view_entry e = scan_entry(&scan, i);

		if (!same_attributes(&first, &e) ||
		    (addressed && e.addr != first.addr + i * view_span(scan.level)))
			return false;
	}
	return true;
}

const struct oracle_RmmRttEntry *oracle_fn_RttFold(struct oracle_env *env,
						   const struct oracle_RmmRtt *rtt_)
{
	struct oracle_RmmRttEntry *entry = oracle_alloc(env, sizeof(*entry));
	struct scan scan;

	if (!entry)
		return oracle_nothing;
	if (!scan_begin(env, rtt_, &scan))
		return entry;
	const struct view_entry first = scan_entry(&scan, 0);
	oracle_entry(&first, 0, entry);
	return entry;
}

bool oracle_fn_RttFoldsAboveBlockLevel(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				       oracle_int level_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	return level_ - 1 < VIEW_BLOCK_LEVEL && has_address(scan_entry(&scan, 0).state);
}

bool oracle_fn_RttAllEntriesState(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				  uint64_t state_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++)
		if (!scan_repeats(&scan, i) && scan_entry(&scan, i).state != state_)
			return false;
	return true;
}

bool oracle_fn_RttAllEntriesRipas(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				  uint64_t ripas_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++)
		if (!scan_repeats(&scan, i) && scan_entry(&scan, i).ripas != ripas_)
			return false;
	return true;
}

bool oracle_fn_RttAllEntriesContiguous(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				       uint64_t addr_, oracle_int level_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++)
		if (scan_entry(&scan, i).addr != addr_ + i * view_span((int)level_))
			return false;
	return true;
}

bool oracle_fn_RttAllEntriesMemAttr(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				    const struct oracle_RmmRttEntry *rtte_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++) {
		struct oracle_RmmRttEntry entry = {0};

		if (scan_repeats(&scan, i))
			continue;
		const struct view_entry e = scan_entry(&scan, i);

		oracle_entry(&e, 0, &entry);
		if (entry.attr_prot != rtte_->attr_prot || entry.attr_unprot != rtte_->attr_unprot)
			return false;
	}
	return true;
}

bool oracle_fn_RttAllEntriesS2AP(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				 const struct oracle_RmmRttEntry *rtte_)
{
	struct scan scan;

	if (!scan_begin(env, rtt_, &scan))
		return false;
	for (unsigned int i = 0; i < VIEW_ENTRIES; i++) {
		struct oracle_RmmRttEntry entry = {0};

		if (scan_repeats(&scan, i))
			continue;
		const struct view_entry e = scan_entry(&scan, i);

		oracle_entry(&e, 0, &entry);
		if (!oracle_fn_RttS2APEqual(env, &entry, rtte_, ORACLE_S2AP_INDIRECT))
			return false;
	}
	return true;
}

/* ---- scans over a range of one table --------------------------------------------------- */

struct span {
	struct scan scan;
	unsigned int first; /* entry of base */
	uint64_t base;      /* aligned down */
	uint64_t size;      /* of an entry */
};

static bool span_begin(struct oracle_env *env, const struct oracle_RmmRtt *rtt, oracle_int level,
		       uint64_t base, struct span *span)
{
	if (!scan_begin(env, rtt, &span->scan))
		return false;
	if (level != span->scan.level) {
		oracle_ill_formed(env);
		return false;
	}
	span->size = view_span(span->scan.level);
	span->first = (unsigned int)(base / span->size % VIEW_ENTRIES);
	span->base = base - base % span->size;
	return true;
}

static uint64_t span_ipa(const struct span *span, unsigned int i)
{
	return span->base + (i - span->first) * span->size;
}

bool oracle_fn_RttEntriesInRangeRipas(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				      oracle_int level_, uint64_t base_, uint64_t top_,
				      uint64_t ripas_)
{
	struct span span;

	if (!span_begin(env, rtt_, level_, base_, &span))
		return false;
	for (unsigned int i = span.first; i < VIEW_ENTRIES && span_ipa(&span, i) < top_; i++)
		if (scan_entry(&span.scan, i).ripas != ripas_)
			return false;
	return true;
}

static bool is_void_or_data(const struct view_entry *e)
{
	return e->state == ORACLE_RTTE_VOID || e->state == ORACLE_RTTE_DATA;
}

/* Where in the range a scan stops is free, once the first entry is done. */
bool oracle_fn_RipasScanBlocked(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
				oracle_int level_, uint64_t base_, uint64_t top_)
{
	struct span span;

	if (!span_begin(env, rtt_, level_, base_, &span))
		return false;
	for (unsigned int i = span.first; i < VIEW_ENTRIES && span_ipa(&span, i) < top_; i++) {
		const struct view_entry e = scan_entry(&span.scan, i);

		if (!is_void_or_data(&e))
			return i == span.first || oracle_unknown(env);
	}
	return false;
}

static uint64_t table_end(const struct span *span)
{
	return span_ipa(span, VIEW_ENTRIES);
}

uint64_t oracle_fn_RttSkipEntriesUnlessVoidOrData(struct oracle_env *env,
						  const struct oracle_RmmRtt *rtt_,
						  oracle_int level_, uint64_t base_, uint64_t top_)
{
	const bool stops = rmm_behaves(env->sys, RMM_BEHAVIOUR_INIT_RIPAS_STOPS_AT_DESTROYED);
	struct span span;

	if (!span_begin(env, rtt_, level_, base_, &span))
		return 0;
	uint64_t end = table_end(&span);
	for (unsigned int i = span.first; i < VIEW_ENTRIES && span_ipa(&span, i) < top_; i++) {
		const struct view_entry e = scan_entry(&span.scan, i);

		if (is_void_or_data(&e) && !(stops && e.ripas == ORACLE_RIPAS_DESTROYED))
			continue;
		end = span_ipa(&span, i);
		break;
	}
	if (top_ < end)
		end = top_;
	return end - end % span.size;
}

uint64_t oracle_fn_RttSkipEntriesWithRipas_RmmRtt_Int_Address_Address_Bool(
	struct oracle_env *env, const struct oracle_RmmRtt *rtt_, oracle_int level_, uint64_t base_,
	uint64_t top_, bool stop_at_destroyed_)
{
	struct span span;

	if (!span_begin(env, rtt_, level_, base_, &span))
		return 0;
	uint64_t end = table_end(&span);
	for (unsigned int i = span.first; i < VIEW_ENTRIES && span_ipa(&span, i) < top_; i++) {
		const struct view_entry e = scan_entry(&span.scan, i);

		if (is_void_or_data(&e) &&
		    !(stop_at_destroyed_ && e.ripas == ORACLE_RIPAS_DESTROYED))
			continue;
		end = span_ipa(&span, i);
		break;
	}
	if (top_ < end)
		end = top_;
	return end - end % span.size;
}

/* RMI_RTT_INIT_RIPAS of 1.0-rel0, and where TF-RMM makes it stop earlier. */
uint64_t oracle_fn_RttSkipEntriesWithRipas_RmmRtt_Int_Address_Address(
	struct oracle_env *env, const struct oracle_RmmRtt *rtt_, oracle_int level_, uint64_t base_,
	uint64_t top_)
{
	const bool at_data = rmm_behaves(env->sys, RMM_BEHAVIOUR_INIT_RIPAS_STOPS_AT_DATA);
	const uint64_t end =
		oracle_fn_RttSkipEntriesUnlessVoidOrData(env, rtt_, level_, base_, top_);
	struct span span;

	if (!at_data || !span_begin(env, rtt_, level_, base_, &span))
		return end;
	for (unsigned int i = span.first; i < VIEW_ENTRIES && span_ipa(&span, i) < end; i++)
		if (scan_entry(&span.scan, i).state == ORACLE_RTTE_DATA)
			return span_ipa(&span, i);
	return end;
}

uint64_t oracle_fn_RttSkipNonLiveEntries(struct oracle_env *env, const struct oracle_RmmRtt *rtt_,
					 oracle_int level_, uint64_t ipa_)
{
	struct span span;

	if (!span_begin(env, rtt_, level_, ipa_, &span))
		return 0;
	for (unsigned int i = span.first; i < VIEW_ENTRIES; i++)
		if (view_is_live(scan_entry(&span.scan, i).state))
			return i == span.first ? ipa_ : span_ipa(&span, i);
	return table_end(&span);
}

/* ---- attributes ------------------------------------------------------------------------- */

bool oracle_fn_RttMemAttrEqual(struct oracle_env *env, const struct oracle_RmmRttEntry *rtte1_,
			       const struct oracle_RmmRttEntry *rtte2_, uint64_t half_)
{
	(void)env;
	return half_ == ORACLE_RTT_PROTECTED ? rtte1_->attr_prot == rtte2_->attr_prot
					     : rtte1_->attr_unprot == rtte2_->attr_unprot;
}

bool oracle_fn_RttS2APEqual(struct oracle_env *env, const struct oracle_RmmRttEntry *rtte1_,
			    const struct oracle_RmmRttEntry *rtte2_, uint64_t encoding_)
{
	(void)env;
	if (encoding_ == ORACLE_S2AP_DIRECT)
		return rtte1_->s2ap_direct.read == rtte2_->s2ap_direct.read &&
		       rtte1_->s2ap_direct.write == rtte2_->s2ap_direct.write;
	return rtte1_->s2ap_indirect.base_index == rtte2_->s2ap_indirect.base_index &&
	       rtte1_->s2ap_indirect.overlay_index == rtte2_->s2ap_indirect.overlay_index;
}

/* RmiRttUnprotMapFlags.s2ap, direct encoding: bit 0 write, bit 1 read. */
bool oracle_s2ap_matches(const struct oracle_RmmRttEntry *rtte, uint64_t s2ap)
{
	return (rtte->s2ap_direct.write == ORACLE_RMM_TRUE) == ((s2ap & 1) != 0) &&
	       (rtte->s2ap_direct.read == ORACLE_RMM_TRUE) == ((s2ap & 2) != 0);
}

bool oracle_fn_RttEntryAttrsEqual(struct oracle_env *env, const struct oracle_RmmRttEntry *rtte_,
				  oracle_int memattr_, oracle_int s2ap_, uint64_t encoding_)
{
	if (encoding_ != ORACLE_S2AP_DIRECT)
		return oracle_unknown(env);
	return (oracle_int)rtte_->attr_unprot == memattr_ &&
	       oracle_s2ap_matches(rtte_, (uint64_t)s2ap_);
}

bool oracle_fn_S2APIsValidForUnprotected(struct oracle_env *env, oracle_int s2ap_,
					 uint64_t encoding_)
{
	(void)env;
	(void)encoding_;
	return s2ap_ >= 0 && s2ap_ <= 3;
}

/* With FEAT_S2FWB: 0b100 is reserved. */
bool oracle_fn_MemAttrIsValid(struct oracle_env *env, oracle_int memattr_)
{
	(void)env;
	return memattr_ != 4;
}

bool oracle_fn_DataFlagsWellFormed(struct oracle_env *env, uint64_t flags_)
{
	(void)env;
	return flags_ <= 1;
}

uint64_t oracle_fn_RttEntryStateToRmi(struct oracle_env *env, uint64_t state_)
{
	switch (state_) {
	case ORACLE_RTTE_VOID:
	case ORACLE_RTTE_UNMAPPED_NS:
		return RMI_RTTE_VOID;
	case ORACLE_RTTE_DATA:
	case ORACLE_RTTE_MAPPED_NS:
		return RMI_RTTE_DATA;
	case ORACLE_RTTE_TABLE:
		return RMI_RTTE_TABLE;
	default:
		return oracle_unknown(env);
	}
}

uint64_t oracle_fn_RipasToRmi(struct oracle_env *env, uint64_t ripas_)
{
	(void)env;
	switch (ripas_) {
	case ORACLE_RIPAS_EMPTY:
		return RMI_RIPAS_EMPTY;
	case ORACLE_RIPAS_RAM:
		return RMI_RIPAS_RAM;
	case ORACLE_RIPAS_DESTROYED:
		return RMI_RIPAS_DESTROYED;
	default:
		return oracle_unknown(env);
	}
}

/* What a host sees of an entry: an address, and what it chose itself. */
const struct oracle_RmmRttEntry *oracle_fn_RttDescriptorDecode(struct oracle_env *env,
							       uint64_t desc_, uint64_t encoding_)
{
	struct oracle_RmmRttEntry *entry = oracle_alloc(env, sizeof(*entry));
	const bool lpa2 = env->num_tables && env->tables[0].lpa2;

	if (!entry)
		return oracle_nothing;
	if (encoding_ != ORACLE_S2AP_DIRECT)
		oracle_unknown(env);
	const struct view_entry decoded = view_decode(
		(desc_ & ~(UINT64_C(1) << 55)) | 1 | UINT64_C(1) << 55, VIEW_BLOCK_LEVEL, lpa2);
	oracle_entry(&decoded, 0, entry);
	return entry;
}

/* The realm that the command names first decides how wide addresses are. */
bool oracle_fn_RttDescriptorIsValidForUnprotected(struct oracle_env *env, uint64_t desc_)
{
	const struct rmm_realm *realm = view_realm(env->sys, env->in.x[1]);
	const uint64_t addr_48 = UINT64_C(0x0000fffffffff000);
	const uint64_t addr_52 = UINT64_C(0x0003fffffffff300);

	if (!realm)
		return oracle_ill_formed(env);
	const uint64_t memattr = desc_ >> 2 & 7;
	const uint64_t fixed = ~((realm->lpa2 ? addr_52 : addr_48) | 7u << 2 | 3u << 6);
	return !(desc_ & fixed) && oracle_fn_MemAttrIsValid(env, (oracle_int)memattr);
}

bool oracle_fn_RttLevelIsBlockOrPage(struct oracle_env *env, const struct oracle_RmmRealm *realm_,
				     oracle_int level_)
{
	return oracle_fn_RttLevelIsValid(env, realm_, level_) && level_ >= VIEW_BLOCK_LEVEL;
}

bool oracle_fn_RttLevelIsValid(struct oracle_env *env, const struct oracle_RmmRealm *realm_,
			       oracle_int level_)
{
	(void)env;
	return level_ >= (oracle_int)realm_->rtt_level_start && level_ <= VIEW_PAGE_LEVEL;
}

bool oracle_fn_RttLevelIsStarting(struct oracle_env *env, const struct oracle_RmmRealm *realm_,
				  oracle_int level_)
{
	(void)env;
	return level_ == (oracle_int)realm_->rtt_level_start;
}

/* Auxiliary trees map nothing in this machine. */
bool oracle_fn_AddrIsAuxRef(struct oracle_env *env, uint64_t addr_,
			    const struct oracle_RmmRealm *realm_)
{
	(void)addr_;
	return realm_->rtt_tree_per_plane == ORACLE_FEATURE_TRUE && oracle_unknown(env);
}

bool oracle_fn_AddrRangeIsAuxLive(struct oracle_env *env, uint64_t base_, uint64_t top_,
				  const struct oracle_RmmRealm *realm_)
{
	(void)base_;
	(void)top_;
	return realm_->rtt_tree_per_plane == ORACLE_FEATURE_TRUE && oracle_unknown(env);
}
