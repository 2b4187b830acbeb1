/* SPDX-License-Identifier: BSD-3-Clause */
/* What `rmmsim bench` measures. */
#include "bench.h"
#include "bench_a64.h"
#include "bench_call.h"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"

#define BLOCK_SIZE     (UINT64_C(2) * 1024 * 1024) /* level 2 */
#define MAX_GRANULES   16384u
#define MAX_BLOCKS     64u
#define MAX_TABLES     500u
#define MAX_CHAINED    500u /* granules that the ledger holds one by one */
#define NO_LIMIT       UINT64_MAX
#define HASHED_WORDS   512u
#define PAGE_IPA       0u
#define FIRST_FREE_IPA BLOCK_SIZE /* the first 2 MiB have their table */

const char *bench_fid_name(const struct bench_machine *m, uint32_t fid)
{
	const struct rmm_abi_command *command = rmm_abi_command_by_fid(m->config.version, fid);

	return command ? command->name : "an unknown command";
}

/* ---- the reference ----------------------------------------------------------- */

/* FNV-1a over 4 KiB of words: a chain of multiplications that no compiler shortens. */
static void run_reference(struct bench_machine *m, uint64_t ops)
{
	uint64_t hash = m->sink;

	for (uint64_t i = 0; i < ops; i++)
		for (uint64_t word = 0; word < HASHED_WORDS; word++)
			hash = (hash ^ word) * UINT64_C(0x100000001b3);
	m->sink = hash;
}

/* ---- calls without effect ----------------------------------------------------- */

static uint64_t revision(const struct bench_machine *m)
{
	const enum rmm_version v = m->config.version;
	const uint64_t major =
		rmi_interface_version_with_major(v, 0, rmm_abi_versions[v].rmi_major);

	return rmi_interface_version_with_minor(v, major, rmm_abi_versions[v].rmi_minor);
}

static void run_version(struct bench_machine *m, uint64_t ops)
{
	const uint64_t requested = revision(m);

	for (uint64_t i = 0; i < ops; i++)
		bench_call(m, FID_RMI_VERSION, requested, 0, 0, 0, 0);
}

static void run_features(struct bench_machine *m, uint64_t ops)
{
	for (uint64_t i = 0; i < ops; i++)
		bench_call(m, FID_RMI_FEATURES, 0, 0, 0, 0, 0);
}

/* ---- granules ------------------------------------------------------------------ */

static void change_each(struct bench_machine *m, uint32_t fid, uint64_t count, uint64_t size)
{
	for (uint64_t pa = m->pool; pa < m->pool + count * size; pa += size)
		bench_call(m, fid, pa, pa + size, 0, 0, 0);
}

/* A range call may stop early: X1 says where. */
static void change_ranges(struct bench_machine *m, uint32_t fid, uint64_t count, uint64_t size)
{
	for (uint64_t i = 0; i < count; i++) {
		const uint64_t top = m->pool + (i + 1) * size;
		uint64_t pa = m->pool + i * size;

		while (pa < top && m->failed_fid == 0) {
			bench_call(m, fid, pa, top, 0, 0, 0);
			pa = m->regs.x[1];
		}
	}
}

static void delegate_granules(struct bench_machine *m, uint64_t ops)
{
	change_each(m, FID_RMI_GRANULE_RANGE_DELEGATE, ops, RMM_GRANULE_SIZE);
}

static void undelegate_granules(struct bench_machine *m, uint64_t ops)
{
	change_each(m, FID_RMI_GRANULE_RANGE_UNDELEGATE, ops, RMM_GRANULE_SIZE);
}

static void delegate_blocks(struct bench_machine *m, uint64_t ops)
{
	change_ranges(m, FID_RMI_GRANULE_RANGE_DELEGATE, ops, BLOCK_SIZE);
}

static void undelegate_blocks(struct bench_machine *m, uint64_t ops)
{
	change_ranges(m, FID_RMI_GRANULE_RANGE_UNDELEGATE, ops, BLOCK_SIZE);
}

/* ---- through the workbench ------------------------------------------------------- */

static void return_through_chain(struct bench_machine *m, uint64_t ops)
{
	undelegate_granules(m, ops);
	bench_chain_end(m, ops);
}

/* ---- judged by the oracle ----------------------------------------------------------- */

static void return_from_oracle(struct bench_machine *m, uint64_t ops)
{
	bench_oracle_end(m, ops);
	undelegate_granules(m, ops);
}

/* ---- tables and pages ----------------------------------------------------------- */

static void create_tables(struct bench_machine *m, uint64_t ops)
{
	for (uint64_t i = 0; i < ops; i++)
		bench_call(m, FID_RMI_RTT_CREATE, m->rd, m->pool + i * RMM_GRANULE_SIZE,
			   FIRST_FREE_IPA + i * BLOCK_SIZE, 3, 0);
}

static void destroy_tables(struct bench_machine *m, uint64_t ops)
{
	for (uint64_t i = 0; i < ops; i++)
		bench_call(m, FID_RMI_RTT_DESTROY, m->rd, FIRST_FREE_IPA + i * BLOCK_SIZE, 3, 0, 0);
}

static void prepare_destruction(struct bench_machine *m, uint64_t ops)
{
	delegate_granules(m, ops);
	create_tables(m, ops);
}

static void restore_creation(struct bench_machine *m, uint64_t ops)
{
	destroy_tables(m, ops);
	undelegate_granules(m, ops);
}

static void delegate_one(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	delegate_granules(m, 1);
}

static void undelegate_one(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	undelegate_granules(m, 1);
}

static void run_map_unmap(struct bench_machine *m, uint64_t ops)
{
	const enum rmm_version v = m->config.version;
	const uint64_t map = rmi_rtt_prot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE);
	const uint64_t unmap = rmi_rtt_unmap_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE);
	uint64_t page = rmi_addr_range_desc_with_count(v, 0, 1);

	page = rmi_addr_range_desc_with_addr(v, page, m->pool >> RMM_GRANULE_SHIFT);
	for (uint64_t i = 0; i < ops; i++) {
		bench_call(m, FID_RMI_RTT_DATA_MAP, m->rd, PAGE_IPA, PAGE_IPA + RMM_GRANULE_SIZE,
			   map, page);
		bench_call(m, FID_RMI_RTT_DATA_UNMAP, m->rd, PAGE_IPA, PAGE_IPA + RMM_GRANULE_SIZE,
			   unmap, 0);
	}
}

/* ---- realms ---------------------------------------------------------------------- */

static void run_realm(struct bench_machine *m, uint64_t ops)
{
	for (uint64_t i = 0; i < ops; i++) {
		bench_call(m, FID_RMI_REALM_CREATE, m->spare_rd, m->spare_params, 0, 0, 0);
		bench_call(m, FID_RMI_REALM_TERMINATE, m->spare_rd, 0, 0, 0, 0);
		bench_call(m, FID_RMI_REALM_DESTROY, m->spare_rd, 0, 0, 0, 0);
	}
}

static void raise_irq(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	rmm_set_irq(m->sys, 0, true);
}

static void lower_irq(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	rmm_set_irq(m->sys, 0, false);
}

static void run_rec_enter(struct bench_machine *m, uint64_t ops)
{
	for (uint64_t i = 0; i < ops; i++)
		bench_call(m, FID_RMI_REC_ENTER, m->rec, m->run, 0, 0, 0);
}

static void judge_tables(struct bench_machine *m, uint64_t ops)
{
	delegate_granules(m, ops);
	bench_oracle_begin(m, ops);
}

static void restore_judged_tables(struct bench_machine *m, uint64_t ops)
{
	bench_oracle_end(m, ops);
	restore_creation(m, ops);
}

static void judge_page(struct bench_machine *m, uint64_t ops)
{
	delegate_one(m, ops);
	bench_oracle_begin(m, ops);
}

static void restore_judged_page(struct bench_machine *m, uint64_t ops)
{
	bench_oracle_end(m, ops);
	undelegate_one(m, ops);
}

static void judge_entries(struct bench_machine *m, uint64_t ops)
{
	raise_irq(m, ops);
	bench_oracle_begin(m, ops);
}

static void restore_judged_entries(struct bench_machine *m, uint64_t ops)
{
	bench_oracle_end(m, ops);
	lower_irq(m, ops);
}

/* ---- guests of A64 code --------------------------------------------------------------- */

static bool a64_is_available(struct bench_machine *m, struct rmm_error *error)
{
	if (!m->a64)
		m->a64 = bench_a64_create(error);
	return m->a64;
}

static void note_failure(struct bench_machine *m, bool ok)
{
	if (!ok)
		m->failed_fid = FID_RMI_REC_ENTER;
}

static void run_a64(struct bench_machine *m, uint64_t ops)
{
	note_failure(m, bench_a64_compute(m->a64, ops));
}

static void run_a64_calls(struct bench_machine *m, uint64_t ops)
{
	note_failure(m, bench_a64_call(m->a64, ops));
}

/* ---- the whole ---------------------------------------------------------------------- */

static void run_system(struct bench_machine *m, uint64_t ops)
{
	const struct rmm_config config = rmm_config_default();
	struct rmm_system *sys;

	for (uint64_t i = 0; i < ops; i++) {
		if (rmm_system_create(&config, &sys, NULL) != 0) {
			m->failed_fid = UINT32_MAX;
			return;
		}
		rmm_system_destroy(sys);
	}
}

const struct bench_operation bench_operations[] = {
	{
		.name = "reference",
		.what = "FNV-1a over 4 KiB, no model involved",
		.max_batch = NO_LIMIT,
		.run = run_reference,
	},
	{
		.name = "version",
		.what = "RMI_VERSION",
		.peer_ns = 41,
		.max_batch = NO_LIMIT,
		.run = run_version,
	},
	{
		.name = "features",
		.what = "RMI_FEATURES",
		.max_batch = NO_LIMIT,
		.run = run_features,
	},
	{
		.name = "delegate",
		.what = "RMI_GRANULE_RANGE_DELEGATE of one granule",
		.peer_ns = 78,
		.max_batch = MAX_GRANULES,
		.run = delegate_granules,
		.restore = undelegate_granules,
	},
	{
		.name = "undelegate",
		.what = "RMI_GRANULE_RANGE_UNDELEGATE of one granule",
		.max_batch = MAX_GRANULES,
		.prepare = delegate_granules,
		.run = undelegate_granules,
	},
	{
		.name = "version-chain",
		.what = "RMI_VERSION through checker, ledger and fault injector",
		.bare = "version",
		.max_batch = NO_LIMIT,
		.prepare = bench_chain_begin,
		.run = run_version,
		.restore = bench_chain_end,
	},
	{
		.name = "delegate-chain",
		.what = "delegation of one granule through the same",
		.bare = "delegate",
		.max_batch = MAX_CHAINED,
		.prepare = bench_chain_begin,
		.run = delegate_granules,
		.restore = return_through_chain,
	},
	{
		.name = "delegate-2m",
		.what = "delegation of 2 MiB, as many calls as it takes",
		.peer_ns = 18000,
		.max_batch = MAX_BLOCKS,
		.run = delegate_blocks,
		.restore = undelegate_blocks,
	},
	{
		.name = "undelegate-2m",
		.what = "undelegation of 2 MiB, as many calls as it takes",
		.max_batch = MAX_BLOCKS,
		.prepare = delegate_blocks,
		.run = undelegate_blocks,
	},
	{
		.name = "rtt-create",
		.what = "RMI_RTT_CREATE at level 3",
		.peer_ns = 21000,
		.max_batch = MAX_TABLES,
		.prepare = delegate_granules,
		.run = create_tables,
		.restore = restore_creation,
	},
	{
		.name = "rtt-destroy",
		.what = "RMI_RTT_DESTROY at level 3",
		.max_batch = MAX_TABLES,
		.prepare = prepare_destruction,
		.run = destroy_tables,
		.restore = undelegate_granules,
	},
	{
		.name = "map-unmap",
		.what = "RMI_RTT_DATA_MAP and _UNMAP of a page",
		.peer_ns = 51000,
		.max_batch = NO_LIMIT,
		.prepare = delegate_one,
		.run = run_map_unmap,
		.restore = undelegate_one,
	},
	{
		.name = "realm",
		.what = "RMI_REALM_CREATE, _TERMINATE, _DESTROY",
		.peer_ns = 86000,
		.max_batch = NO_LIMIT,
		.run = run_realm,
	},
	{
		.name = "rec-enter",
		.what = "RMI_REC_ENTER and back, an IRQ is pending",
		.peer_ns = 79000,
		.max_batch = NO_LIMIT,
		.prepare = raise_irq,
		.run = run_rec_enter,
		.restore = lower_irq,
	},
	{
		.name = "rec-host-call",
		.what = "RMI_REC_ENTER: a scripted realm gets its answer, and calls the host again",
		.max_batch = NO_LIMIT,
		.prepare = bench_realm_calls,
		.run = run_rec_enter,
		.restore = bench_realm_works,
	},
	{
		.name = "delegate-oracle",
		.what = "the oracle judges: delegation of one granule",
		.bare = "delegate",
		.max_batch = MAX_GRANULES,
		.prepare = bench_oracle_begin,
		.run = delegate_granules,
		.restore = return_from_oracle,
	},
	{
		.name = "rtt-create-oracle",
		.what = "the oracle judges: RMI_RTT_CREATE at level 3",
		.bare = "rtt-create",
		.max_batch = MAX_TABLES,
		.prepare = judge_tables,
		.run = create_tables,
		.restore = restore_judged_tables,
	},
	{
		.name = "map-unmap-oracle",
		.what = "the oracle judges: RMI_RTT_DATA_MAP and _UNMAP of a page",
		.bare = "map-unmap",
		.max_batch = NO_LIMIT,
		.prepare = judge_page,
		.run = run_map_unmap,
		.restore = restore_judged_page,
	},
	{
		.name = "realm-oracle",
		.what = "the oracle judges: RMI_REALM_CREATE, _TERMINATE, _DESTROY",
		.bare = "realm",
		.max_batch = NO_LIMIT,
		.prepare = bench_oracle_begin,
		.run = run_realm,
		.restore = bench_oracle_end,
	},
	{
		.name = "rec-enter-oracle",
		.what = "the oracle judges: RMI_REC_ENTER and back, an IRQ is pending",
		.bare = "rec-enter",
		.max_batch = NO_LIMIT,
		.prepare = judge_entries,
		.run = run_rec_enter,
		.restore = restore_judged_entries,
	},
	{
		.name = "a64-host-call",
		.what = "the same with A64 code, and the host library's part",
		.max_batch = NO_LIMIT,
		.available = a64_is_available,
		.run = run_a64_calls,
	},
	{
		.name = "a64",
		.what = "an A64 instruction, between exits",
		.rate = true,
		.max_batch = NO_LIMIT,
		.available = a64_is_available,
		.run = run_a64,
	},
	{
		.name = "system",
		.what = "a default machine created and destroyed",
		.max_batch = NO_LIMIT,
		.run = run_system,
	},
};

const size_t bench_num_operations = sizeof(bench_operations) / sizeof(bench_operations[0]);
