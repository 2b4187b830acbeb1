/* SPDX-License-Identifier: BSD-3-Clause */
#include "machine.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>
#include <sstream>

#include "coverage.h"
#include "private_bytes.h"

namespace conformance
{
namespace
{

const char *condition_name(rmm_condition condition)
{
	return condition == RMM_CONDITION_NONE ? "no condition" : rmm_abi_condition_name(condition);
}

rmm_config make_config(const Settings &settings)
{
	rmm_config config = rmm_config_default();

	config.version = settings.version;
	config.profile = settings.profile;
	config.num_pes = 2;
	config.banks[0] = {kDramBase, kDramSize, RMM_BANK_DRAM};
	config.banks[1] = {kDeviceBase, UINT64_C(1) << 20, RMM_BANK_DEV_NCOH};
	config.num_banks = 2;
	config.pa_bits = 44;
	config.root_base = kRootBase;
	config.rec_aux_granules = 2;
	config.sro_contexts = 4;
	for (auto [behaviour, on] : settings.behaviours)
		config.overrides[config.num_overrides++] = {behaviour, on};
	for (auto change : settings.changes)
		change(config);
	return config;
}

} // namespace

void high_memory(rmm_config &config)
{
	config.pa_bits = 52;
	config.banks[config.num_banks++] = {kHighBank, UINT64_C(1) << 26, RMM_BANK_DRAM};
}

/* The bank of the spare region, added when the machine has none. */
static unsigned int spare_bank(rmm_config &config)
{
	for (unsigned int i = 0; i < config.num_banks; i++)
		if (config.banks[i].base == kSpareRegion)
			return i;
	config.banks[config.num_banks] = {kSpareRegion, 2 * k1G, RMM_BANK_DRAM};
	return config.num_banks++;
}

void spare_region(rmm_config &config)
{
	spare_bank(config);
}

void region_without_gpt(rmm_config &config)
{
	config.gpt_host_banks |= 1u << spare_bank(config);
}

void region_without_metadata(rmm_config &config)
{
	config.tracking_host_banks |= 1u << spare_bank(config);
	config.tracking_granules = 4;
}

std::string describe(const Answer &answer)
{
	std::ostringstream text;

	text << std::hex << "x0=0x" << answer.x[0] << " (" << condition_name(answer.condition);
	if (answer.guest_command != RMM_CMD_COUNT)
		text << "; guest: " << condition_name(answer.guest_condition);
	text << ") x1=0x" << answer.x[1] << " x2=0x" << answer.x[2] << " x3=0x" << answer.x[3];
	return text.str();
}

std::string version_name(rmm_version version)
{
	return rmm_abi_versions[version].name;
}

uint64_t range_desc(rmm_version version, uint64_t pa, uint64_t count, int level, uint64_t state)
{
	uint64_t desc = 0;

	desc = rmi_addr_range_desc_with_size(version, desc, static_cast<uint64_t>(3 - level));
	desc = rmi_addr_range_desc_with_count(version, desc, count);
	desc = rmi_addr_range_desc_with_addr(version, desc, pa / kPage);
	return rmi_addr_range_desc_with_state(version, desc, state);
}

/* ---- life ------------------------------------------------------------------- */

Machine::Machine(const Settings &settings) : settings_(settings)
{
	rmm_config config = make_config(settings);
	rmm_error error{};

	if (rmm_scripts_create(&scripts_))
		throw std::runtime_error("out of memory");
	config.guest = rmm_scripts_ops();
	config.guest_machine = scripts_;
	config.port.ctx = this;
	/* The hooks of a test belong to one thread. */
	if (!config.threads) {
		config.port.lock = lock;
		config.port.unlock = unlock;
		config.port.guest_slice = guest_slice;
	}
	if (rmm_system_create(&config, &sys_, &error))
		throw std::runtime_error(error.text);
	rec_aux_granules_ = config.rec_aux_granules;
	/* Calls of several threads overlap: no picture is of one moment. */
	transitions_ = config.threads ? nullptr : rmm_transitions_create(sys_);
	if (!transitions_ && !config.threads)
		throw std::runtime_error("out of memory");
	if (settings.activate && has(RMM_CMD_RMI_RMM_ACTIVATE))
		must(RMM_CMD_RMI_RMM_ACTIVATE, {});
	scratch_ = host_pages();
}

Machine::~Machine()
{
	if (sys_) {
		cover_machine(sys_);
		if (transitions_)
			cover_transitions(sys_, transitions_);
	}
	rmm_transitions_destroy(transitions_);
	rmm_system_destroy(sys_);
	rmm_scripts_destroy(scripts_);
}

/* ---- calls -------------------------------------------------------------------- */

uint64_t Machine::fid(rmm_command command) const
{
	const rmm_abi_command *form = rmm_abi_command_by_id(version(), command);

	if (!form)
		throw std::runtime_error("the version lacks the command");
	return form->fid;
}

Answer Machine::call_raw(const std::array<uint64_t, SMC_NUM_REGS> &x, unsigned pe)
{
	smc_regs regs{};
	Answer answer;

	std::copy(x.begin(), x.end(), regs.x);
	rmm_smc(sys_, pe, &regs);
	look();
	std::copy(regs.x, regs.x + SMC_NUM_REGS, answer.x.begin());
	rmm_set_irq(sys_, pe, false);
	EXPECT_TRUE(locks_[pe].empty()) << "the call returned with a granule lock held";
	if (const rmm_call_report *report = rmm_last_call(sys_, pe)) {
		answer.condition = report->condition;
		answer.guest_command = report->guest_command;
		answer.guest_condition = report->guest_condition;
	}
	return answer;
}

/* Who has made a transition is not asked: other PEs may be in the middle of a call. */
void Machine::look()
{
	char text[256];

	if (!transitions_)
		return;
	EXPECT_TRUE(rmm_transitions_look(transitions_, RMM_CMD_COUNT, text, sizeof(text))) << text;
}

Answer Machine::call(rmm_command command, const Arguments &arguments, unsigned pe)
{
	std::array<uint64_t, SMC_NUM_REGS> x{};

	x[0] = fid(command);
	std::copy(arguments.begin(), arguments.end(), x.begin() + 1);
	return call_raw(x, pe);
}

Answer Machine::must(rmm_command command, const Arguments &arguments, unsigned pe)
{
	const Answer answer = finish(call(command, arguments, pe));

	if (answer.x[0])
		throw std::runtime_error(std::string("setting the scene failed: ") +
					 rmm_abi_command_by_id(version(), command)->name +
					 " answers " + describe(answer));
	return answer;
}

void Machine::donate(uint64_t handle, uint64_t request, Answer *answer)
{
	const uint64_t count = rmi_op_mem_donate_req_count(version(), request);
	const uint64_t contig = rmi_op_mem_donate_req_contig(version(), request);
	const uint64_t state = rmi_op_mem_donate_req_state(version(), request);
	const uint64_t align = contig ? count * kPage : kPage;
	const uint64_t base =
		state == RMI_OP_MEM_UNDELEGATED ? host_pages(count, align) : granules(count, align);

	write_words(scratch_, {range_desc(version(), base, count, 3, state)});
	*answer = call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, scratch_, 1, 0});
}

Answer Machine::finish(Answer answer)
{
	const uint64_t handle = answer.x[1];

	while (answer.status() == RMI_INCOMPLETE) {
		const uint64_t data = rmi_result_data(version(), answer.x[0]);

		switch (rmi_result_data_incomplete_mem(version(), data)) {
		case RMI_OP_MEM_REQ_DONATE:
			donate(handle, answer.x[2], &answer);
			break;
		case RMI_OP_MEM_REQ_RECLAIM:
			answer = call(RMM_CMD_RMI_OP_MEM_RECLAIM, {handle, scratch_, 512});
			break;
		default:
			answer = call(RMM_CMD_RMI_OP_CONTINUE, {handle, 0});
			break;
		}
	}
	return answer;
}

/* ---- memory --------------------------------------------------------------------- */

uint64_t Machine::take(uint64_t count, uint64_t align)
{
	const uint64_t base = (next_ + align - 1) / align * align;

	next_ = base + count * kPage;
	if (next_ > kDramBase + kDramSize)
		throw std::runtime_error("the test needs more memory than the machine has");
	taken_.emplace_back(base, count);
	return base;
}

uint64_t Machine::host_pages(uint64_t count, uint64_t align)
{
	return take(count, align);
}

void Machine::delegate(uint64_t base, uint64_t count, unsigned pe)
{
	const uint64_t top = base + count * kPage;

	for (; is_rmi_1() && base < top; base += kPage)
		must(RMM_CMD_RMI_GRANULE_DELEGATE, {base}, pe);
	while (base < top)
		base = must(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, {base, top}, pe).x[1];
}

void Machine::track(uint64_t state)
{
	must(RMM_CMD_RMI_GRANULE_TRACKING_SET,
	     {kSpareRegion, RMI_MEM_CATEGORY_CONVENTIONAL, state});
}

uint64_t Machine::granules(uint64_t count, uint64_t align)
{
	const uint64_t base = take(count, align);

	delegate(base, count);
	return base;
}

uint64_t Machine::secure_page()
{
	const uint64_t page = host_pages();
	rmm_error error{};

	if (rmm_platform_assign(sys_, page, kPage, RMM_GPI_SECURE, &error))
		throw std::runtime_error(error.text);
	return page;
}

void Machine::write(uint64_t pa, const void *bytes, size_t len)
{
	if (!rmm_host_write(sys_, pa, bytes, len, nullptr))
		throw std::runtime_error("the host cannot write there");
}

void Machine::write_words(uint64_t pa, std::initializer_list<uint64_t> words)
{
	write(pa, words.begin(), words.size() * sizeof(uint64_t));
}

std::vector<uint8_t> Machine::read(uint64_t pa, size_t len) const
{
	std::vector<uint8_t> bytes(len);

	if (!rmm_host_read(sys_, pa, bytes.data(), len, nullptr))
		throw std::runtime_error("the host cannot read there");
	return bytes;
}

uint64_t Machine::read_word(uint64_t pa) const
{
	const std::vector<uint8_t> bytes = read(pa, sizeof(uint64_t));
	uint64_t word;

	std::memcpy(&word, bytes.data(), sizeof(word));
	return word;
}

uint64_t Machine::table_entry(uint64_t rtt, unsigned index) const
{
	return static_cast<const uint64_t *>(private_bytes(sys_, rtt))[index];
}

rmm_granule_state Machine::state_of(uint64_t pa) const
{
	rmm_granule_state state;

	if (!rmm_granule_state_at(sys_, pa, &state))
		throw std::runtime_error("no memory there");
	return state;
}

rmm_gpi Machine::gpi_of(uint64_t pa) const
{
	rmm_gpi gpi = RMM_GPI_NO_ACCESS;

	rmm_gpi_at(sys_, pa, &gpi);
	return gpi;
}

const rmm_script *Machine::keep(std::vector<rmm_script_step> steps)
{
	steps_.push_back(std::move(steps));
	programs_.push_back({steps_.back().data(), steps_.back().size()});
	return &programs_.back();
}

/* ---- port -------------------------------------------------------------------------- */

void Machine::lock(void *ctx, unsigned pe, uint64_t pa)
{
	auto *self = static_cast<Machine *>(ctx);

	if (self->on_lock)
		std::exchange(self->on_lock, nullptr)();
	EXPECT_EQ(0u, self->locks_[pe].count(pa)) << "a granule lock is taken twice";
	self->locks_[pe].insert(pa);
}

void Machine::unlock(void *ctx, unsigned pe, uint64_t pa)
{
	auto *self = static_cast<Machine *>(ctx);

	EXPECT_EQ(1u, self->locks_[pe].erase(pa)) << "a granule lock is released that is not held";
}

void Machine::guest_slice(void *ctx, unsigned pe)
{
	auto *self = static_cast<Machine *>(ctx);

	if (self->on_guest_slice)
		std::exchange(self->on_guest_slice, nullptr)();
	if (self->host_ticks)
		rmm_set_irq(self->sys_, pe, true);
}

/* ---- state ------------------------------------------------------------------------- */

namespace
{

uint64_t hash(const void *granule)
{
	const auto *words = static_cast<const uint64_t *>(granule);
	uint64_t h = UINT64_C(0xcbf29ce484222325);

	for (size_t i = 0; i < kPage / sizeof(*words); i++)
		h = ((h ^ words[i]) * UINT64_C(0x100000001b3)) ^ (h >> 29);
	return h;
}

} // namespace

Machine::Snapshot Machine::snapshot(const std::set<uint64_t> &except) const
{
	Snapshot shot{{}, rmm_num_operations(sys_), rmm_system_state(sys_)};

	for (auto [base, count] : taken_) {
		for (uint64_t pa = base; pa < base + count * kPage; pa += kPage) {
			const rmm_gpi gpi = gpi_of(pa);

			if (pa == scratch_ || except.count(pa))
				continue;
			shot.granules[pa] = {state_of(pa), gpi, hash(private_bytes(sys_, pa))};
		}
	}
	return shot;
}

std::string difference(const Machine::Snapshot &before, const Machine::Snapshot &after)
{
	std::ostringstream text;

	for (const auto &[pa, old] : before.granules) {
		const auto found = after.granules.find(pa);

		if (found == after.granules.end())
			continue;
		if (old.state != found->second.state)
			text << std::hex << "granule 0x" << pa << ": "
			     << rmm_granule_state_name(old.state) << " became "
			     << rmm_granule_state_name(found->second.state) << '\n';
		if (old.gpi != found->second.gpi)
			text << std::hex << "granule 0x" << pa << ": another GPI\n";
		if (old.content != found->second.content)
			text << std::hex << "granule 0x" << pa << " ("
			     << rmm_granule_state_name(old.state) << "): other content\n";
	}
	if (before.operations != after.operations)
		text << "open operations: " << before.operations << " became " << after.operations
		     << '\n';
	if (before.rmm != after.rmm)
		text << "another state of the RMM\n";
	return text.str();
}

} // namespace conformance
