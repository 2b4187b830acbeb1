// SPDX-License-Identifier: BSD-3-Clause
// A host that does anything, most of it sensible: calls in random order over several realms, each
// one judged.
#ifndef RMM_TESTS_ORACLE_RANDOM_WALK_HPP
#define RMM_TESTS_ORACLE_RANDOM_WALK_HPP

#include <cstdint>
#include <deque>
#include <map>
#include <memory>
#include <string>
#include <vector>

#include "fetch_watch.hpp"
#include "oracle/rmm_oracle.h"
#include "rmmsim/guest.h"
#include "rmmsim/system.h"
#include "rmmsim/tlb_lint.h"

/* xorshift64*: the same everywhere. */
class Random
{
public:
	explicit Random(uint64_t seed) : state(seed * 2654435761u + 88172645463325252u)
	{
	}
	uint64_t next()
	{
		state ^= state >> 12;
		state ^= state << 25;
		state ^= state >> 27;
		return state * 2685821657736338717u;
	}
	uint64_t below(uint64_t n)
	{
		return (next() >> 16) % n;
	}
	bool once_in(uint64_t n)
	{
		return below(n) == 0;
	}

private:
	uint64_t state;
};

/* What a broken machine does now and then. */
enum class Sabotage {
	none,
	undelegate_without_wipe,
	map_without_wipe,
	register_in_exit,
	register_in_output,
};

struct WalkOptions {
	uint64_t seed = 1;
	uint64_t calls = 1000;
	rmm_version version = RMM_VERSION_2_0_BET1;
	rmm_profile profile = RMM_PROFILE_SPEC;
	unsigned int deep_every = 97;
	unsigned int invariants_every = 53;
	unsigned int isolation_every = 997;
	Sabotage sabotage = Sabotage::none;
	FetchWatch *fetches = nullptr; /* the host changes what is read; NULL: it does not */
	std::string log_path;          /* empty: no log is written */
	bool judged = true;            /* false: bare calls, for comparison */
	bool timed = false;
};

/* Nanoseconds of each call with one function identifier. */
using CallTimes = std::map<uint32_t, std::vector<uint32_t>>;

/* What became of the calls with one function identifier. */
struct CallCounts {
	uint64_t made = 0;
	uint64_t succeeded = 0; /* RMI_SUCCESS, or an operation has begun */
};

class Walk
{
public:
	explicit Walk(const WalkOptions &options);
	~Walk();
	Walk(const Walk &) = delete;
	Walk &operator=(const Walk &) = delete;

	/* Makes the calls; false: something is wrong, and text() says what. */
	bool run();

	const std::string &text() const
	{
		return wrong;
	}
	uint64_t calls_made() const
	{
		return calls;
	}
	rmm_tlb_lint_counts tlb() const
	{
		return rmm_tlb_lint_tally(sys);
	}
	const rmm_oracle_counts &tally() const
	{
		return *rmm_oracle_tally(oracle);
	}
	const CallTimes &times() const
	{
		return times_of;
	}
	const std::map<uint32_t, CallCounts> &counts() const
	{
		return counts_of;
	}
	const uint64_t *conditions() const
	{
		return rmm_condition_counts(sys);
	}

private:
	/* A realm and what it knows of itself. */
	struct Realm {
		uint64_t rd;
		uint64_t serial;
		unsigned int width;
		int start;
		std::vector<rmm_script> scripts;
		std::vector<uint64_t> recs;
	};
	struct Rec {
		uint64_t pa;
		uint64_t rd;
		uint64_t mpidr;
	};
	struct Operation {
		uint64_t handle;
		uint64_t mem;
		uint64_t count;
	};

	using Step = void (Walk::*)();
	struct Choice {
		unsigned int weight;
		Step step;
	};
	static const std::vector<Choice> choices;

	/* calls */
	bool make(smc_regs *regs);
	smc_regs call(uint32_t fid, std::initializer_list<uint64_t> args);
	void fail(const std::string &what);
	void note_operation(const smc_regs &out);

	/* arguments */
	uint64_t granule();
	bool is_in_state(uint64_t pa, rmm_granule_state state) const;
	uint64_t granule_in(rmm_granule_state state);
	uint64_t run_in(rmm_granule_state state, uint64_t count);
	uint64_t page();
	Realm *realm();
	uint64_t rd_of(const Realm *r);
	const Rec *rec();
	uint64_t ipa(const Realm *r, int level, bool protected_half);
	uint64_t spoil(uint64_t value);
	uint64_t address_set(uint64_t pa, uint64_t blocks, unsigned int size_code, uint64_t state,
			     uint64_t *flags_list_count, bool *list);
	void write(uint64_t pa, uint64_t value);
	void write_image(uint64_t pa, const std::vector<uint8_t> &image);

	/* steps */
	void delegate();
	void undelegate();
	void realm_create();
	void realm_activate();
	void realm_terminate();
	void realm_destroy();
	void rec_create();
	void rec_create_in(Realm *r);
	void rec_destroy();
	void rec_enter();
	void write_ich();
	void answer_exit(const Rec &from, uint64_t run);
	void psci_complete();
	void operation();
	void finish_operation();
	void furnish();
	void share_pages(const Realm &r, uint64_t base);
	void retire();
	void destroy(uint64_t rd);
	void forget_realm(uint64_t rd);
	void forget_recs();
	void rtt_create();
	void rtt_destroy();
	void rtt_fold();
	void read_entry();
	void init_ripas();
	void set_ripas();
	void map_init();
	void data_map();
	void data_unmap();
	void unprot_map();
	void unprot_unmap();
	void map_page(const Realm &r, uint64_t at);
	void fill_table();
	void queries();
	void anything();

	/* random_walk_1_0.cpp */
	bool is_rmi_1() const;
	void delegate_pages(uint64_t base, uint64_t size);
	void undelegate_page();
	void name_aux(struct rmi_rec_params *params);
	void fill_list_registers(struct rmi_rec_enter *enter);
	void create_unknown(const Realm *r, uint64_t ipa);
	void destroy_data(const Realm *r, uint64_t ipa);
	void destroy_data_range(uint64_t rd, uint64_t base, uint64_t top);
	void map_unprotected();
	void unmap_unprotected();
	void fill_table_by_page(const Realm &r, uint64_t base, uint64_t pa);

	/* realms */
	void make_scripts(Realm &r);
	void add_script(Realm &r, std::vector<rmm_script_step> steps);

	/* isolation */
	void taint();
	void check_host_memory(uint64_t base, uint64_t top);
	void check_returned(uint64_t base, uint64_t top);
	void check_outputs(const smc_regs &in, const smc_regs &out);
	void check_registers(const Rec &r);
	void check_worlds();
	void check_isolation();
	void sabotage(const smc_regs &in);
	void sabotage_exit(const smc_regs &in, smc_regs *out);
	static void on_tlb_finding(void *ctx, const rmm_tlb_finding *finding);

	WalkOptions options;
	Random random;
	rmm_config config = {};
	rmm_scripts *scripts = nullptr;
	rmm_system *sys = nullptr;
	rmm_oracle *oracle = nullptr;
	std::string wrong;
	uint64_t calls = 0;
	uint64_t serials = 0;
	std::vector<std::unique_ptr<Realm>> realms;
	std::vector<Rec> recs;
	std::vector<Operation> operations;
	std::deque<std::vector<rmm_script_step>> programs;
	unsigned int total_weight = 0;
	CallTimes times_of;
	std::map<uint32_t, CallCounts> counts_of;
};

#endif
