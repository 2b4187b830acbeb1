/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A machine for tests: created with overrides, booted, with allocators of
 * memory, and with calls whose answers say why they failed. Whatever a test
 * needs but does not test is a `must`: it throws when it fails.
 */
#ifndef TESTS_SUPPORT_MACHINE_H
#define TESTS_SUPPORT_MACHINE_H

#include <array>
#include <cstdint>
#include <deque>
#include <functional>
#include <initializer_list>
#include <map>
#include <set>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

#include "oracle/rmm_oracle.h"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/guest.h"
#include "rmmsim/memory.h"
#include "rmmsim/system.h"

namespace conformance
{

constexpr uint64_t kPage = 4096;
constexpr uint64_t k2M = UINT64_C(1) << 21;
constexpr uint64_t k1G = UINT64_C(1) << 30;
constexpr uint64_t k512G = UINT64_C(1) << 39;
constexpr uint64_t kLastPage = UINT64_MAX - kPage + 1; /* of 64 bits */

/* The machine's map. */
constexpr uint64_t kDeviceBase = 0x10000000;
constexpr uint64_t kRootBase = 0x40000000;
constexpr uint64_t kHole = 0x60000000;
constexpr uint64_t kDramBase = 0x80000000;
constexpr uint64_t kDramSize = k1G;
constexpr uint64_t kHighBank = UINT64_C(1) << 48; /* only with high_memory() */

constexpr uint64_t kSpareRegion = UINT64_C(0x100000000); /* only with spare_region() */

/* How a machine differs from the usual one. */
struct Settings {
	rmm_version version = RMM_VERSION_2_0_BET1;
	rmm_profile profile = RMM_PROFILE_SPEC;
	bool activate = true;
	std::vector<std::pair<rmm_behaviour, bool>> behaviours;
	std::vector<void (*)(rmm_config &)> changes;
};

/* 52-bit physical addresses with a bank at 2^48. */
void high_memory(rmm_config &config);

/* Two more tracking regions of DRAM, which nobody uses. */
void spare_region(rmm_config &config);

/* Likewise, and the host has to have their level 1 GPTs built. */
void region_without_gpt(rmm_config &config);

/* Likewise, and tracking them finely takes 4 granules of the host. */
void region_without_metadata(rmm_config &config);

struct Answer {
	std::array<uint64_t, SMC_NUM_REGS> x{};
	rmm_condition condition = RMM_CONDITION_NONE;
	rmm_command guest_command = RMM_CMD_COUNT;
	rmm_condition guest_condition = RMM_CONDITION_NONE;

	uint64_t status() const
	{
		return x[0] & 0xff;
	}
	int level() const
	{
		return static_cast<int8_t>(x[0] >> 8);
	}
};

std::string describe(const Answer &answer);

using Arguments = std::vector<uint64_t>; /* X1.. */

class Machine
{
public:
	explicit Machine(const Settings &settings = {});
	~Machine();
	Machine(const Machine &) = delete;
	Machine &operator=(const Machine &) = delete;

	rmm_system *sys() const
	{
		return sys_;
	}
	rmm_version version() const
	{
		return settings_.version;
	}
	bool behaves(rmm_behaviour behaviour) const
	{
		return rmm_behaves(sys_, behaviour);
	}
	uint64_t fid(rmm_command command) const;
	bool has(rmm_command command) const
	{
		return rmm_abi_command_by_id(version(), command) != nullptr;
	}

	/* RMI 1.0: the host chooses what the RMM chooses since 2.0. */
	bool is_rmi_1() const
	{
		return rmm_abi_versions[version()].rmi_major < 2;
	}
	uint16_t new_vmid()
	{
		return next_vmid_++;
	}
	unsigned rec_aux_granules() const
	{
		return rec_aux_granules_;
	}

	/* ---- calls ---- */

	Answer call(rmm_command command, const Arguments &arguments, unsigned pe = 0);
	Answer call_raw(const std::array<uint64_t, SMC_NUM_REGS> &x, unsigned pe = 0);
	Answer must(rmm_command command, const Arguments &arguments, unsigned pe = 0);

	/*
	 * Drives a stateful operation to its end: gives the memory that it asks
	 * for, takes what it returns. Other answers pass.
	 */
	Answer finish(Answer answer);

	/* ---- memory ---- */

	uint64_t host_pages(uint64_t count = 1, uint64_t align = kPage);
	uint64_t granules(uint64_t count = 1, uint64_t align = kPage);
	uint64_t secure_page();
	void delegate(uint64_t base, uint64_t count, unsigned pe = 0);
	/* The spare region is tracked in this way from now on. */
	void track(uint64_t state);
	void write(uint64_t pa, const void *bytes, size_t len);
	void write_words(uint64_t pa, std::initializer_list<uint64_t> words);
	std::vector<uint8_t> read(uint64_t pa, size_t len) const;
	uint64_t read_word(uint64_t pa) const;
	uint64_t table_entry(uint64_t rtt, unsigned index) const; /* a raw descriptor */
	rmm_granule_state state_of(uint64_t pa) const;
	rmm_gpi gpi_of(uint64_t pa) const;

	/* A page that this machine's own operations write: no part of its state. */
	uint64_t scratch() const
	{
		return scratch_;
	}

	/* ---- guests ---- */

	rmm_scripts *scripts() const
	{
		return scripts_;
	}
	const rmm_script *keep(std::vector<rmm_script_step> steps);

	/* Called once, when a guest waits: other PEs may act. */
	std::function<void()> on_guest_slice;
	/* The host's tick ends every wait. */
	bool host_ticks = true;
	/* Called once, before the next granule lock is taken. */
	std::function<void()> on_lock;

	/* ---- state ---- */

	/*
	 * Everything observable: of each granule that was ever handed out its
	 * state, GPI and content, and what the machine counts.
	 */
	struct Snapshot {
		struct Granule {
			rmm_granule_state state;
			rmm_gpi gpi;
			uint64_t content;
		};
		std::map<uint64_t, Granule> granules;
		unsigned operations;
		rmm_state rmm;
	};
	Snapshot snapshot(const std::set<uint64_t> &except = {}) const;

private:
	void look();
	static void lock(void *ctx, unsigned pe, uint64_t pa);
	static void unlock(void *ctx, unsigned pe, uint64_t pa);
	static void guest_slice(void *ctx, unsigned pe);
	uint64_t take(uint64_t count, uint64_t align);
	void donate(uint64_t handle, uint64_t request, Answer *answer);

	Settings settings_;
	rmm_system *sys_ = nullptr;
	rmm_scripts *scripts_ = nullptr;
	rmm_transitions *transitions_ = nullptr;
	uint64_t next_ = kDramBase;
	uint64_t scratch_ = 0;
	uint16_t next_vmid_ = 0;
	unsigned rec_aux_granules_ = 0;
	std::vector<std::pair<uint64_t, uint64_t>> taken_; /* base, pages */
	std::multiset<uint64_t> locks_[RMM_MAX_PES];
	std::deque<std::vector<rmm_script_step>> steps_;
	std::deque<rmm_script> programs_;
};

/* What differs, one line each; empty: nothing. */
std::string difference(const Machine::Snapshot &before, const Machine::Snapshot &after);

/* RmiAddrRangeDesc: `count` blocks of `level` from pa on. */
uint64_t range_desc(rmm_version version, uint64_t pa, uint64_t count = 1, int level = 3,
		    uint64_t state = RMI_OP_MEM_DELEGATED);

std::string version_name(rmm_version version);

} // namespace conformance

#endif
