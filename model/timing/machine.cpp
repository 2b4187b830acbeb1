/* SPDX-License-Identifier: BSD-3-Clause */
#include "machine.hpp"

#include <algorithm>
#include <cinttypes>
#include <cstdio>
#include <stdexcept>

namespace timing
{

using sc_core::sc_time;

namespace
{

constexpr std::uint64_t default_quantum_ns = 1000;
constexpr std::size_t default_stack_bytes = std::size_t{512} * 1024;

rmm_timing_options with_defaults(rmm_timing_options options)
{
	if (options.quantum_ns == 0)
		options.quantum_ns = default_quantum_ns;
	if (options.stack_bytes == 0)
		options.stack_bytes = default_stack_bytes;
	return options;
}

/* splitmix64: nearby seeds give unrelated numbers. */
std::uint64_t scramble(std::uint64_t x)
{
	x += 0x9e3779b97f4a7c15u;
	x = (x ^ (x >> 30)) * 0xbf58476d1ce4e5b9u;
	x = (x ^ (x >> 27)) * 0x94d049bb133111ebu;
	return x ^ (x >> 31);
}

} /* namespace */

machine::machine(const rmm_timing_options &options) : m_options(with_defaults(options))
{
	for (std::size_t i = 0; i < m_calls.size(); i++)
		m_calls[i].command = static_cast<rmm_command>(i);
	m_report.profile = m_options.profile;
	m_report.quantum_ns = m_options.quantum_ns;
	m_report.seed = m_options.seed;
}

/* ---- building and running --------------------------------------------------- */

std::uint64_t machine::start_cycle(unsigned int index) const
{
	if (m_options.start_skew == 0)
		return 0;
	return scramble(m_options.seed + index) % m_options.start_skew;
}

/* All times are whole cycles: a period that is no whole number of ps only scales sc_time. */
void machine::build(unsigned int num_actors)
{
	const rmm_timing_profile &p = profile();
	const std::uint64_t quantum_cycles = m_options.quantum_ns * p.clock_mhz / 1000;

	m_period = sc_time(1e6 / p.clock_mhz, sc_core::SC_PS);
	tlm_utils::tlm_quantumkeeper::set_global_quantum(
		time_of(std::max<std::uint64_t>(quantum_cycles, 1)));
	m_interconnect = std::make_unique<interconnect>(
		"interconnect", p.resources[RMM_RESOURCE_INTERCONNECT], m_period);
	m_dram = std::make_unique<dram>("dram", p.resources[RMM_RESOURCE_DRAM], m_period);
	m_interconnect->initiator.bind(m_dram->target);
	for (unsigned int i = 0; i < num_actors; i++) {
		const std::string name = "pe" + std::to_string(i);

		m_pes.push_back(std::make_unique<pe>(name.c_str(), *this, i, start_cycle(i)));
		m_pes.back()->memory.bind(m_interconnect->target);
	}
}

void machine::run(unsigned int num_actors, actor_function actor, void *ctx)
{
	m_actor = actor;
	m_actor_ctx = ctx;
	build(num_actors);
	sc_core::sc_start();
	m_current = nullptr;
	fill_report();
	check_outcome();
}

/* sc_start returns when nothing can happen any more: a PE that is not done waits for ever. */
void machine::check_outcome() const
{
	char sentence[160];

	if (!m_remembered.empty())
		throw std::runtime_error(m_remembered);
	for (const auto &waiter : m_pes) {
		if (waiter->is_done())
			continue;
		const granule_lock &lock =
			const_cast<machine *>(this)->locks.at(waiter->wanted_lock());
		(void)std::snprintf(
			sentence, sizeof(sentence),
			"deadlock: PE %u waits for the lock of the granule at 0x%" PRIx64
			", which PE %u holds",
			waiter->index(), waiter->wanted_lock(),
			lock.owner != nullptr ? lock.owner->index() : 0);
		throw std::runtime_error(sentence);
	}
}

void machine::fill_report()
{
	for (const auto &p : m_pes) {
		m_pe_accounts.push_back(p->account());
		m_report.cycles = std::max(m_report.cycles, p->account().cycles);
	}
	std::copy_if(m_calls.begin(), m_calls.end(), std::back_inserter(m_commands),
		     [](const rmm_timing_command &c) { return c.calls > 0; });
	m_report.pes = m_pe_accounts.data();
	m_report.num_pes = m_pe_accounts.size();
	m_report.commands = m_commands.data();
	m_report.num_commands = m_commands.size();
}

void machine::remember(const char *sentence) noexcept
{
	try {
		if (m_remembered.empty())
			m_remembered = sentence;
	} catch (const std::bad_alloc &) {
		std::terminate(); /* there is no memory for saying that there is no memory */
	}
}

/* ---- services for PEs ------------------------------------------------------- */

void machine::enter(pe *pe)
{
	m_current = pe;
}

void machine::execute_actor(unsigned int index)
{
	m_actor(m_actor_ctx, index);
}

void machine::count(rmm_cost cost, std::uint64_t units)
{
	m_report.units[cost] += units;
	m_report.events[cost]++;
}

void machine::record_call(rmm_command command, const rmm_timing_share &call)
{
	rmm_timing_command &c = m_calls[std::min<std::size_t>(command, RMM_CMD_COUNT)];

	c.min = c.calls == 0 ? call.total : std::min(c.min, call.total);
	c.max = std::max(c.max, call.total);
	c.calls++;
	c.share.total += call.total;
	c.share.lock_wait += call.lock_wait;
	c.share.resource_wait += call.resource_wait;
	for (unsigned int i = 0; i < RMM_COST_COUNT; i++)
		c.share.by_cost[i] += call.by_cost[i];
}

const rmm_timing_profile &machine::profile() const
{
	return *m_options.profile;
}

std::size_t machine::stack_bytes() const
{
	return m_options.stack_bytes;
}

sc_time machine::time_of(std::uint64_t cycles) const
{
	return sc_time::from_value(m_period.value() * cycles);
}

std::uint64_t machine::cycles_of(const sc_time &time) const
{
	return time.value() / m_period.value();
}

const rmm_timing_report &machine::report() const
{
	return m_report;
}

pe *machine::current() const
{
	return m_current;
}

} /* namespace timing */
