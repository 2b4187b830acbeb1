// SPDX-License-Identifier: BSD-3-Clause
// A host that does anything to whole regions of memory: level 1 tables, tracking, long ranges, with
// the operations that they become. The oracle judges every call, and every invariant holds after
// it.
#include <gtest/gtest.h>

#include <deque>
#include <map>
#include <stdexcept>

#include "oracle/rmm_oracle.h"
#include "random_walk.hpp"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/memory.h"

namespace
{

constexpr uint64_t kPage = 4096;
constexpr uint64_t kRegion = UINT64_C(1) << 30;
constexpr uint64_t kDram = 0x80000000;   /* firmware's tables and metadata */
constexpr uint64_t kDevice = 0x40000000; /* some pages of a device */
constexpr uint64_t kBare = 0x100000000;  /* the host's to describe */
constexpr uint64_t kLazy = 0x140000000;  /* the host's to track finely */
constexpr uint64_t kList = kDram;        /* a page for address lists */
constexpr uint64_t kTable = 32;          /* pages of a level 1 table */
constexpr uint64_t kMemory = kDram + 0x200000;
constexpr uint64_t kMemoryPages = 512;

struct Open {
	uint64_t handle, mem, request;
};

class RegionWalk
{
public:
	RegionWalk(rmm_version version, uint64_t seed) : random_(seed), version_(version)
	{
		rmm_config config = rmm_config_default();
		rmm_oracle_options options = rmm_oracle_options_default();
		rmm_error error{};

		config.version = version;
		config.active_at_boot = true;
		config.pa_bits = 40;
		config.banks[0] = {kDram, 16 << 20, RMM_BANK_DRAM};
		config.banks[1] = {kDevice, 64 * kPage, RMM_BANK_DEV_NCOH};
		config.banks[2] = {kBare, kRegion, RMM_BANK_DRAM};
		config.banks[3] = {kLazy, kRegion, RMM_BANK_DRAM};
		config.num_banks = 4;
		config.gpt_host_banks = 1u << 2;
		config.tracking_host_banks = 1u << 3;
		config.tracking_granules = 3;
		config.features.l0gpt_block_delegate = seed % 2;
		config.range_budget = seed % 3 ? 50000 : 0;
		config.sro_contexts = 4;
		config.seed = seed;
		options.deep_every = 32;
		options.invariants_every = 1;
		if (rmm_system_create(&config, &sys_, &error))
			throw std::runtime_error(error.text);
		oracle_ = rmm_oracle_create(sys_, &options);
	}
	~RegionWalk()
	{
		rmm_oracle_destroy(oracle_);
		rmm_system_destroy(sys_);
	}
	RegionWalk(const RegionWalk &) = delete;
	RegionWalk &operator=(const RegionWalk &) = delete;

	/* False: the oracle disagrees. */
	bool step()
	{
		switch (random_.below(10)) {
		case 0:
			return begin(RMM_CMD_RMI_GPT_L1_CREATE, {region()});
		case 1:
			return begin(RMM_CMD_RMI_GPT_L1_DESTROY, {region()});
		case 2:
			return begin(RMM_CMD_RMI_GRANULE_TRACKING_SET,
				     {region(), random_.once_in(8), 1 + random_.below(3)});
		case 3:
			return assign();
		case 4:
		case 5:
			return range();
		default:
			return go_on();
		}
	}
	const char *text() const
	{
		return rmm_oracle_text(oracle_);
	}
	/* Calls that ended well, by command. */
	std::map<rmm_command, unsigned> done;

private:
	bool call(rmm_command command, std::initializer_list<uint64_t> arguments, smc_regs *out)
	{
		const rmm_abi_command *form = rmm_abi_command_by_id(version_, command);
		unsigned reg = 1;

		*out = {};
		out->x[0] = form->fid;
		for (uint64_t argument : arguments)
			out->x[reg++] = argument;
		if (!rmm_oracle_smc(oracle_, 0, out))
			return false;
		done[command] += out->x[0] == RMI_SUCCESS;
		return true;
	}
	bool begin(rmm_command command, std::initializer_list<uint64_t> arguments)
	{
		smc_regs out;
		const bool agreed = call(command, arguments, &out);

		if ((out.x[0] & 0xff) == RMI_INCOMPLETE)
			open_.push_back({out.x[1], out.x[0] >> 8 & 3, out.x[2]});
		return agreed;
	}
	bool go_on()
	{
		if (open_.empty())
			return range();
		Open op = open_.front();
		smc_regs out;
		bool agreed;

		open_.pop_front();
		if (random_.once_in(12))
			agreed = call(RMM_CMD_RMI_OP_CANCEL, {op.handle}, &out);
		else if (op.mem == RMI_OP_MEM_REQ_DONATE)
			agreed = donate(op, &out);
		else if (op.mem == RMI_OP_MEM_REQ_RECLAIM)
			agreed = call(RMM_CMD_RMI_OP_MEM_RECLAIM,
				      {op.handle, kList, 1 + random_.below(40)}, &out);
		else
			agreed = call(RMM_CMD_RMI_OP_CONTINUE, {op.handle, 0}, &out);
		note(op, out);
		return agreed;
	}
	/* Whether the operation goes on, and what it waits for now. */
	void note(Open op, const smc_regs &out)
	{
		const rmm_condition condition = rmm_last_call(sys_, 0)->condition;

		if ((out.x[0] & 0xff) == RMI_INCOMPLETE) {
			op.mem = out.x[0] >> 8 & 3;
			op.request = out.x[2];
			open_.push_back(op);
		} else if (condition == RMI_OP_CANCEL_CAN_CANCEL || is_refusal(condition)) {
			open_.push_back(op);
		}
	}
	static bool is_refusal(rmm_condition condition)
	{
		return condition != RMM_CONDITION_NONE &&
		       rmm_abi_condition_command(condition) == RMM_CMD_RMI_OP_MEM_DONATE;
	}
	bool donate(const Open &op, smc_regs *out)
	{
		const uint64_t wanted = rmi_op_mem_donate_req_count(version_, op.request);
		const uint64_t count = random_.once_in(6) ? 1 + random_.below(wanted + 1) : wanted;
		uint64_t desc = rmi_addr_range_desc_with_count(version_, 0, count);

		desc = rmi_addr_range_desc_with_addr(version_, desc, memory(op, wanted) / kPage);
		desc = rmi_addr_range_desc_with_state(
			version_, desc, rmi_op_mem_donate_req_state(version_, op.request));
		rmm_host_write(sys_, kList, &desc, sizeof(desc), nullptr);
		return call(RMM_CMD_RMI_OP_MEM_DONATE, {op.handle, kList, 1, 0}, out);
	}
	/* What fits, as a rule; or what is Realm memory, a device's, or somewhere in a region. */
	uint64_t memory(const Open &op, uint64_t wanted)
	{
		const bool undelegated =
			rmi_op_mem_donate_req_state(version_, op.request) == RMI_OP_MEM_UNDELEGATED;
		const uint64_t base =
			kMemory + random_.below(kMemoryPages / kTable) * kTable * kPage;
		smc_regs ignored;

		switch (random_.below(8)) {
		case 0:
			return kDevice;
		case 1:
		case 2:
			return kBare + random_.below(4) * kTable * kPage;
		case 3:
			return kLazy + random_.below(4) * kTable * kPage;
		default:
			if (!undelegated)
				call(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE,
				     {base, base + wanted * kPage}, &ignored);
			return base;
		}
	}
	uint64_t region()
	{
		static const uint64_t regions[] = {kBare, kBare,   kBare,
						   kBare, kLazy,   kLazy,
						   kDram, kDevice, UINT64_C(0x200000000)};

		return regions[random_.below(9)] + (random_.once_in(40) ? kPage : 0);
	}
	/* All of a region, a part of it with an end in common, or a few pages somewhere. */
	bool range()
	{
		static const uint64_t bases[] = {kBare, kLazy, kMemory};
		const uint64_t which = random_.below(3);
		uint64_t base = bases[which];
		uint64_t size = which == 2 ? kMemoryPages * kPage : kRegion;

		if (random_.once_in(2)) {
			const uint64_t unit = random_.once_in(2) ? kPage : UINT64_C(2) << 20;
			const uint64_t at = random_.below(size / unit) * unit;

			base += at;
			size = (1 + random_.below(20)) * unit;
		}
		return begin(random_.once_in(2) ? RMM_CMD_RMI_GRANULE_RANGE_DELEGATE
						: RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
			     {base, base + size});
	}
	/* The platform takes a page, or gives it back. */
	bool assign()
	{
		const uint64_t page = (random_.once_in(2) ? kBare : kLazy) +
				      random_.below(2) * 5 * kTable * kPage;
		rmm_gpi gpi;

		if (!rmm_gpi_at(sys_, page, &gpi))
			return false;
		rmm_platform_assign(sys_, page, kPage,
				    gpi == RMM_GPI_SECURE ? RMM_GPI_NS : RMM_GPI_SECURE, nullptr);
		return true;
	}
	Random random_;
	rmm_version version_;
	rmm_system *sys_ = nullptr;
	rmm_oracle *oracle_ = nullptr;
	std::deque<Open> open_;
};

TEST(RegionWalks, AreAgreedWithInEveryVersion)
{
	std::map<rmm_command, unsigned> done;

	for (int v = RMM_VERSION_2_0_BET0; v <= RMM_VERSION_2_0_BET3; v++) {
		for (uint64_t seed = 1; seed <= 3; seed++) {
			RegionWalk walk(static_cast<rmm_version>(v), seed);

			for (int n = 0; n < 150 / RMM_WALK_DIVISOR; n++)
				ASSERT_TRUE(walk.step())
					<< rmm_abi_versions[v].name << ", seed " << seed
					<< ", step " << n << ": " << walk.text();
			for (auto [command, times] : walk.done)
				done[command] += times;
		}
	}
	for (rmm_command command :
	     {RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE,
	      RMM_CMD_RMI_GRANULE_TRACKING_SET, RMM_CMD_RMI_OP_CONTINUE, RMM_CMD_RMI_OP_CANCEL})
		EXPECT_LT(0u, done[command])
			<< rmm_abi_command_by_id(RMM_VERSION_2_0_BET3, command)->name;
}

} // namespace
