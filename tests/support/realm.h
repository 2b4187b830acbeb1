/* SPDX-License-Identifier: BSD-3-Clause */
/* Realms and RECs for tests, built step by step through the RMI. */
#ifndef TESTS_SUPPORT_REALM_H
#define TESTS_SUPPORT_REALM_H

#include "machine.h"

namespace conformance
{

/* What a realm is created from. */
struct RealmPlan {
	/*
	 * The usual realm: 40-bit IPAs and two starting tables at level 1, so
	 * that 1 GiB blocks, concatenation and both halves are within reach.
	 */
	rmi_realm_params params = usual();
	uint64_t rd = 0;         /* 0: a new granule */
	uint64_t params_ptr = 0; /* 0: a new page */

	static rmi_realm_params usual();
};

/* The Unprotected half of the usual realm begins here. */
constexpr uint64_t kUnprotected = UINT64_C(1) << 39;
constexpr uint64_t kIpaEnd = UINT64_C(1) << 40;

class Realm
{
public:
	/* Allocates granules and writes the parameters: REALM_CREATE may follow. */
	static RealmPlan plan(Machine &m, rmi_realm_params params = RealmPlan::usual());
	static void write_params(Machine &m, const RealmPlan &plan);

	Realm(Machine &m, const RealmPlan &plan);
	explicit Realm(Machine &m) : Realm(m, plan(m))
	{
	}

	uint64_t rd() const
	{
		return plan_.rd;
	}
	const rmi_realm_params &params() const
	{
		return plan_.params;
	}
	rmm_realm_view view() const;

	/* ---- states ---- */
	void activate();
	void terminate(); /* nothing in 1.0, which has no such state */

	/* ---- tables; an IPA is rounded down to the span of the parent's entry ---- */
	uint64_t create_table(uint64_t ipa, int level);
	void tables_to(uint64_t ipa, int level); /* all that are missing */

	/* ---- mappings ---- */
	uint64_t map(uint64_t ipa, int level = 3); /* new memory; returns its PA */
	void map_at(uint64_t ipa, uint64_t pa, int level = 3);
	uint64_t map_init(uint64_t ipa);
	void unmap(uint64_t ipa, int level = 3);
	void map_unprotected(uint64_t ipa, uint64_t pa, int level = 3, uint64_t s2ap = 3);
	void init_ripas(uint64_t base, uint64_t top);

	/* RMI_RTT_READ_ENTRY. */
	struct Entry {
		int level;
		uint64_t state, desc, ripas;
	};
	Entry entry(uint64_t ipa, int level = 3);

private:
	Machine *m_;
	RealmPlan plan_;
	void map_pages(uint64_t ipa, uint64_t pa, int level);

	std::set<std::pair<uint64_t, int>> tables_;
};

/* The descriptor by which a host of 1.0 maps memory at an Unprotected IPA. */
uint64_t unprotected_desc(uint64_t pa, uint64_t s2ap = 3, uint64_t memattr = 6);

/* Bytes that an entry of a level covers. */
constexpr uint64_t span(int level)
{
	return UINT64_C(1) << (12 + 9 * (3 - level));
}

struct RecPlan {
	rmi_rec_params params = {};
	uint64_t rec = 0;
	uint64_t params_ptr = 0;
};

/* What a REC entry came to. */
struct Exit {
	Answer answer;
	rmi_rec_exit exit;
};

class Rec
{
public:
	static RecPlan plan(Machine &m, uint64_t mpidr = 0, bool runnable = true);
	static void write_params(Machine &m, const RecPlan &plan);

	Rec(Machine &m, const Realm &realm, uint64_t mpidr = 0, bool runnable = true);

	uint64_t pa() const
	{
		return plan_.rec;
	}
	uint64_t run_page() const
	{
		return run_page_;
	}
	/* RMI 1.0: the granules that were passed with the parameters. */
	uint64_t aux(unsigned n) const
	{
		return plan_.params.aux[n];
	}
	rmm_rec_view view() const;
	uint64_t x(unsigned n) const
	{
		return view().vcpu.x[n];
	}

	/* The program that it executes from now on. */
	void runs(std::vector<rmm_script_step> steps);
	rmm_script_status script_status() const;

	/* RMI_REC_ENTER; enter() checks nothing, run() must succeed. */
	void write_enter(uint64_t flags = 0, const std::vector<uint64_t> &gprs = {});
	rmi_rec_exit read_exit() const;
	Exit enter(uint64_t flags = 0, const std::vector<uint64_t> &gprs = {}, unsigned pe = 0);
	Exit run(uint64_t flags = 0, const std::vector<uint64_t> &gprs = {});

	/* The realm makes this call; the entry must succeed. */
	Exit calls(const std::vector<uint64_t> &x);

private:
	Machine *m_;
	uint64_t rd_;
	RecPlan plan_;
	uint64_t run_page_;
};

/* ---- steps of a script --------------------------------------------------------- */

rmm_script_step smc(const std::vector<uint64_t> &x);
rmm_script_step load(uint64_t ipa, uint8_t reg = 9, uint8_t size = 8);
rmm_script_step store(uint64_t ipa, uint64_t value, uint8_t reg = 9, uint8_t size = 8);
rmm_script_step fetch(uint64_t ipa);
rmm_script_step step(rmm_script_op op);

/* Flags of RMI_REC_ENTER. */
uint64_t enter_flags(rmm_version version, bool emul_mmio, bool inject_sea = false);

} // namespace conformance

#endif
