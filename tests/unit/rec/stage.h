/* SPDX-License-Identifier: BSD-3-Clause */
/* An active realm with one REC, and memory of every kind at known IPAs. */
#ifndef TESTS_UNIT_REC_STAGE_H
#define TESTS_UNIT_REC_STAGE_H

#include <gtest/gtest.h>

#include "realm.h"
#include "rmmsim/sysreg.h"

namespace rec_tests
{

using namespace conformance;

constexpr uint64_t kRam = 0x1000;                    /* RIPAS RAM, mapped */
constexpr uint64_t kPromised = 0x2000;               /* RIPAS RAM, not mapped */
constexpr uint64_t kDestroyed = 0x3000;              /* was RAM, then taken away */
constexpr uint64_t kEmpty = 0x8000;                  /* RIPAS EMPTY */
constexpr uint64_t kNothing = kUnprotected + 0x9000; /* Unprotected, not mapped */
constexpr uint64_t kShared = kUnprotected + 0x1000;  /* Unprotected, mapped */
constexpr uint64_t kReadOnly = kUnprotected + 0x2000;

/* ESR_ELx */
constexpr uint64_t kIl = 1u << 25;
constexpr uint64_t kUndefined = kIl;
constexpr uint64_t ec(uint64_t n)
{
	return n << 26;
}

inline uint64_t hpfar(uint64_t ipa)
{
	return ipa / kPage << 4;
}

struct Stage {
	explicit Stage(const Settings &settings = {}, unsigned num_recs = 1) : m(settings), realm(m)
	{
		realm.tables_to(kRam, 3);
		realm.tables_to(kShared, 3);
		realm.init_ripas(kRam, kDestroyed + kPage);
		realm.map(kRam);
		realm.map(kDestroyed);
		realm.unmap(kDestroyed);
		shared = m.host_pages(2);
		realm.map_unprotected(kShared, shared);
		realm.map_unprotected(kReadOnly, shared + kPage, 3, 2); /* bit 1: read */
		for (unsigned i = 0; i < num_recs; i++)
			recs.emplace_back(m, realm, i, i == 0);
		realm.activate();
	}

	Rec &rec()
	{
		return recs[0];
	}

	/* Runs these steps in the first REC until it exits; with `flags` and registers of the host.
	 */
	rmi_rec_exit run(std::vector<rmm_script_step> steps, uint64_t flags = 0)
	{
		rec().runs(std::move(steps));
		return rec().run(flags).exit;
	}

	/* The exit that says: nothing else happened, the guest waits. */
	void expect_idle(const rmi_rec_exit &exit)
	{
		EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_IRQ), exit.exit_reason);
		EXPECT_EQ(0u, exit.esr);
	}

	Machine m;
	Realm realm;
	uint64_t shared = 0;
	std::deque<Rec> recs;
};

inline Settings with(rmm_behaviour behaviour, bool on)
{
	Settings settings;

	settings.behaviours = {{behaviour, on}};
	return settings;
}

inline rmm_script_step wait_step()
{
	return step(RMM_SCRIPT_WAIT);
}

inline rmm_script_step set(uint8_t reg, uint64_t value)
{
	rmm_script_step s = step(RMM_SCRIPT_SET_REG);

	s.reg = reg;
	s.value = value;
	return s;
}

inline uint32_t sysreg(const char *name)
{
	uint32_t found = 0;

	EXPECT_TRUE(rmm_sysreg_find(name, &found)) << name;
	return found;
}

inline rmm_script_step mrs(const char *name, uint8_t reg)
{
	rmm_script_step s = step(RMM_SCRIPT_MRS);

	s.sysreg = sysreg(name);
	s.reg = reg;
	return s;
}

inline rmm_script_step msr(const char *name, uint64_t value, uint8_t reg = 9)
{
	rmm_script_step s = step(RMM_SCRIPT_MSR_VALUE);

	s.sysreg = sysreg(name);
	s.reg = reg;
	s.value = value;
	return s;
}

inline rmm_script_step without_syndrome(rmm_script_step s)
{
	s.no_syndrome = true;
	return s;
}

} // namespace rec_tests

#endif
