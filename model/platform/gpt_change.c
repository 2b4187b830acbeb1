/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Changing protection tables, as EL3 does: shatter what is covered partly, set,
 * fuse what became uniform (TF-A lib/gpt_rme). A walk at any moment finds the
 * old GPI or the new one.
 */
#include "platform/gpt_desc.h"
#include "platform/spin.h"

static void fill(uint64_t *l1, uint64_t first, uint64_t count, uint64_t desc,
		 struct gpt_change *change)
{
	for (uint64_t i = 0; i < count; i++)
		store_desc(&l1[first + i], desc);
	change->descriptors += count;
}

static uint64_t block_of(uint64_t index, unsigned int contig)
{
	return index & ~(contig_entries(contig) - 1);
}

/* Breaks the block around an entry up until it is no larger than `contig`. */
static void shatter(uint64_t *l1, uint64_t index, unsigned int contig, struct gpt_change *change)
{
	const uint64_t desc = load_desc(&l1[index]);

	for (unsigned int size = desc_contig(desc); size > contig; size--) {
		fill(l1, block_of(index, size), contig_entries(size),
		     contig_desc(block_gpi(desc), size - 1), change);
		change->invalidations++;
	}
}

/* Whether the parts of the block, each of the next smaller size, all have this GPI. */
static bool is_uniform(const uint64_t *l1, uint64_t first, unsigned int contig, enum rmm_gpi gpi)
{
	const uint64_t part = contig > CONTIG_2MB ? contig_entries(contig - 1) : 1;
	const uint64_t wanted = contig_desc(gpi, contig - 1);

	for (uint64_t i = 0; i < contig_entries(contig); i += part)
		if (load_desc(&l1[first + i]) != wanted)
			return false;
	return true;
}

/* Joins the block around an entry, which is of size `contig`, to larger ones. */
static void fuse(const struct memory *mem, uint64_t *l1, uint64_t index, unsigned int contig,
		 enum rmm_gpi gpi, struct gpt_change *change)
{
	while (contig++ < mem->gpt_max_contig) {
		const uint64_t first = block_of(index, contig);

		if (!is_uniform(l1, first, contig, gpi))
			return;
		fill(l1, first, contig_entries(contig), contig_desc(gpi, contig), change);
	}
}

/* The largest block that begins at pa and ends at top or before. */
static unsigned int fitting(const struct memory *mem, uint64_t pa, uint64_t top)
{
	unsigned int contig = mem->gpt_max_contig;

	while (contig && (pa & (contig_size(contig) - 1) || top - pa < contig_size(contig)))
		contig--;
	return contig;
}

static void set_granule(uint64_t *entry, uint64_t pa, enum rmm_gpi gpi)
{
	const unsigned int shift = 4 * ((pa >> RMM_GRANULE_SHIFT) & 0xf);
	const uint64_t desc = load_desc(entry) & ~(UINT64_C(0xf) << shift);

	store_desc(entry, desc | (uint64_t)gpi << shift);
}

/* Granules of one level 1 entry. */
static void set_entry(uint64_t *l1, uint64_t pa, uint64_t top, enum rmm_gpi gpi,
		      struct gpt_change *change)
{
	uint64_t *entry = &l1[l1_index(pa)];

	change->descriptors++;
	change->invalidations += (top - pa) >> RMM_GRANULE_SHIFT;
	for (; pa < top; pa += RMM_GRANULE_SIZE)
		set_granule(entry, pa, gpi);
}

/* One block, or what lies in one entry; returns where it ends. */
static uint64_t set_part(const struct memory *mem, uint64_t *l1, uint64_t pa, uint64_t top,
			 enum rmm_gpi gpi, struct gpt_change *change)
{
	const unsigned int contig = fitting(mem, pa, top);
	const uint64_t index = l1_index(pa);
	const uint64_t desc = load_desc(&l1[index]);
	const unsigned int is = desc_contig(desc);
	const uint64_t size = contig ? contig_size(contig) : UINT64_C(1) << L1_ENTRY_SHIFT;
	const uint64_t next = (pa | (size - 1)) + 1;
	const uint64_t end = next < top ? next : top;

	if (is > contig && block_gpi(desc) == gpi)
		return end;
	shatter(l1, index, contig, change);
	if (contig) {
		fill(l1, index, contig_entries(contig), contig_desc(gpi, contig), change);
		change->invalidations++;
	} else {
		set_entry(l1, pa, end, gpi, change);
	}
	if (contig || load_desc(&l1[index]) == granules_desc(gpi))
		fuse(mem, l1, index, contig, gpi, change);
	return end;
}

/* Threads share descriptors and blocks: one at a time changes those of a level 1 table. */
static bool *guard_of(const struct memory *mem, uint64_t pa)
{
	return mem->gpt_guards ? &mem->gpt_guards[pa >> GPT_L0_SHIFT] : NULL;
}

struct gpt_change gpt_set(struct memory *mem, uint64_t base, uint64_t size, enum rmm_gpi gpi)
{
	const uint64_t top = base + size;
	struct gpt_change change = {0};

	for (uint64_t pa = base; pa < top;) {
		uint64_t *l0 = l0_entry(mem, pa);
		const uint64_t region_top = (pa | (GPT_L0_SIZE - 1)) + 1;
		const uint64_t end = region_top < top ? region_top : top;

		if (is_table_desc(load_desc(l0))) {
			uint64_t *l1 = l1_table(mem, load_desc(l0));
			bool *guard = guard_of(mem, pa);

			guard_enter(guard);
			while (pa < end)
				pa = set_part(mem, l1, pa, end, gpi, &change);
			guard_leave(guard);
		} else {
			fill(l0, 0, 1, block_desc(gpi), &change);
			change.invalidations++;
			pa = end;
		}
	}
	if (mem->window)
		window_gpi_changed(mem->window, base, size, gpi);
	return change;
}

bool gpt_can_set(const struct memory *mem, uint64_t base, uint64_t size)
{
	const uint64_t top = base + size;

	for (uint64_t pa = base; pa < top; pa = (pa | (GPT_L0_SIZE - 1)) + 1) {
		const uint64_t region = pa & ~(GPT_L0_SIZE - 1);

		if (!is_table_desc(load_desc(l0_entry(mem, pa))) &&
		    (region < base || top - region < GPT_L0_SIZE))
			return false;
	}
	return true;
}

/* ---- tables of the host ---------------------------------------------------------------- */

static struct gpt_change sum(struct gpt_change a, struct gpt_change b)
{
	return (struct gpt_change){a.descriptors + b.descriptors,
				   a.invalidations + b.invalidations};
}

struct gpt_change gpt_unfold(struct memory *mem, uint64_t region, uint64_t table)
{
	uint64_t *l0 = l0_entry(mem, region);
	const enum rmm_gpi gpi = block_gpi(load_desc(l0));
	struct gpt_change change = {.invalidations = 1};

	fill(l1_table(mem, table), 0, L1_ENTRIES, contig_desc(gpi, mem->gpt_max_contig), &change);
	/* Who finds the table finds its entries. */
	__atomic_store_n(l0, table | DESC_TYPE_TABLE, __ATOMIC_RELEASE);
	change.descriptors++;
	return sum(change, gpt_set(mem, table, GPT_L1_BYTES, RMM_GPI_ROOT));
}

/* The range has one GPI; whatever the part of it that holds the table. */
static bool is_alike_around(const struct memory *mem, uint64_t region, uint64_t table,
			    enum rmm_gpi gpi)
{
	const uint64_t before = (table - region) >> RMM_GRANULE_SHIFT;
	const uint64_t behind = table + GPT_L1_BYTES;
	const uint64_t after = (region + GPT_L0_SIZE - behind) >> RMM_GRANULE_SHIFT;

	return gpt_run(mem, region, before, gpi) == before &&
	       gpt_run(mem, behind, after, gpi) == after;
}

static enum rmm_gpi first_gpi(const struct memory *mem, uint64_t region)
{
	enum rmm_gpi gpi = RMM_GPI_NO_ACCESS;
	uint8_t level;

	gpt_walk(mem, region, &gpi, &level);
	return gpi;
}

bool gpt_is_homogeneous(const struct memory *mem, uint64_t region)
{
	const uint64_t count = GPT_L0_SIZE >> RMM_GRANULE_SHIFT;
	const uint64_t table = gpt_table(mem, region);

	if (table - region < GPT_L0_SIZE)
		return is_alike_around(mem, region, table, RMM_GPI_NS);
	return gpt_run(mem, region, count, first_gpi(mem, region)) == count;
}

struct gpt_change gpt_fold(struct memory *mem, uint64_t region)
{
	const uint64_t table = gpt_table(mem, region);
	struct gpt_change change = gpt_set(mem, table, GPT_L1_BYTES, RMM_GPI_NS);

	fill(l0_entry(mem, region), 0, 1, block_desc(first_gpi(mem, region)), &change);
	change.invalidations++;
	return change;
}
