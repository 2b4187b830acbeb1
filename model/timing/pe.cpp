/* SPDX-License-Identifier: BSD-3-Clause */
#include "pe.hpp"

#include <algorithm>

#include "machine.hpp"
#include "rate.hpp"

namespace timing
{

using sc_core::sc_time;

namespace
{

/* Traffic is requested piecewise, so that a long wipe leaves room for others. */
constexpr unsigned int piece_bytes = 4096;

/* Bytes of memory traffic behind one unit of a cost; 0: it stays inside the PE. */
unsigned int traffic_bytes(rmm_cost cost)
{
	switch (cost) {
	case RMM_COST_NS_READ:
	case RMM_COST_NS_WRITE:
	case RMM_COST_WIPE:
		return 1;
	case RMM_COST_COPY:
		return 2; /* read and written */
	case RMM_COST_TABLE_READ:
	case RMM_COST_TABLE_WRITE:
	case RMM_COST_GPT_READ:
	case RMM_COST_GPT_WRITE:
		return 8; /* a descriptor */
	default:
		return 0;
	}
}

bool is_broadcast(rmm_cost cost)
{
	return cost == RMM_COST_TLBI_STAGE2 || cost == RMM_COST_TLBI_GPT;
}

} /* namespace */

pe::pe(const sc_core::sc_module_name &name, machine &machine, unsigned int index,
       std::uint64_t start_cycle)
	: sc_module(name), memory("memory"), m_machine(machine), m_index(index),
	  m_start_cycle(start_cycle)
{
	SC_HAS_PROCESS(pe);
	SC_THREAD(run);
	set_stack_size(machine.stack_bytes());

	m_payload.set_command(tlm::TLM_IGNORE_COMMAND);
	m_payload.set_data_ptr(nullptr);
	m_payload.set_byte_enable_ptr(nullptr);
	m_payload.set_dmi_allowed(false);
}

/* The SC_THREAD. */
void pe::run()
{
	m_keeper.reset();
	m_keeper.inc(m_machine.time_of(m_start_cycle));
	yield();
	m_machine.execute_actor(m_index);
	yield();
	m_account.cycles = cycles();
	m_done = true;
	m_machine.enter(nullptr);
}

/* Simulated time catches up with this PE; whoever is behind it runs first. */
void pe::yield()
{
	m_account.yields++;
	m_keeper.sync();
	m_machine.enter(this);
}

std::uint64_t pe::cycles() const
{
	return m_machine.cycles_of(m_keeper.get_current_time());
}

/* ---- costs ---------------------------------------------------------------- */

void pe::spend(rmm_cost cost, std::uint64_t cycles)
{
	m_account.share.by_cost[cost] += cycles;
	m_account.share.total += cycles;
	m_keeper.inc(m_machine.time_of(cycles));
}

/* Moves local time to `until`, which is not before it, and accounts for it. */
void pe::add_wait(std::uint64_t &account, const sc_time &until)
{
	const sc_time waited = until - m_keeper.get_current_time();
	const std::uint64_t cycles = m_machine.cycles_of(waited);

	account += cycles;
	m_account.share.total += cycles;
	m_keeper.inc(waited);
}

void pe::charge(rmm_cost cost, std::uint64_t count, std::uint64_t pa)
{
	const rmm_rate &rate = m_machine.profile().costs[cost];

	m_machine.count(cost, count);
	if (is_broadcast(cost)) {
		const rmm_rate &dvm = m_machine.profile().resources[RMM_RESOURCE_DVM];
		const sc_time delay = occupy(m_machine.dvm, dvm, m_machine.time_of(1), count,
					     m_keeper.get_local_time());

		add_wait(m_account.share.resource_wait, sc_core::sc_time_stamp() + delay);
	}
	spend(cost, rate.once);
	if (traffic_bytes(cost) != 0)
		charge_memory(cost, count, pa);
	else
		spend(cost, variable_cycles(rate, count));
	if (cost == RMM_COST_SMC_RETURN || m_keeper.need_sync())
		yield();
}

/*
 * Piece by piece: wait for the memory, then spend the time of the transfer.
 * The pieces add up to what the whole would cost.
 */
void pe::charge_memory(rmm_cost cost, std::uint64_t count, std::uint64_t pa)
{
	const rmm_rate &rate = m_machine.profile().costs[cost];
	const unsigned int unit = traffic_bytes(cost);
	const std::uint64_t piece = piece_bytes / unit;
	std::uint64_t done = 0;
	std::uint64_t spent = 0;

	while (done < count) {
		const std::uint64_t units = std::min(piece, count - done);

		transport(pa, static_cast<unsigned int>(units) * unit);
		done += units;
		pa += units * unit;
		spend(cost, variable_cycles(rate, done) - spent);
		spent = variable_cycles(rate, done);
		if (m_keeper.need_sync())
			yield();
	}
}

void pe::transport(std::uint64_t pa, unsigned int bytes)
{
	sc_time delay = m_keeper.get_local_time();

	m_payload.set_address(pa);
	m_payload.set_data_length(bytes);
	m_payload.set_streaming_width(bytes);
	m_payload.set_response_status(tlm::TLM_INCOMPLETE_RESPONSE);
	memory->b_transport(m_payload, delay);
	add_wait(m_account.share.resource_wait, sc_core::sc_time_stamp() + delay);
}

void pe::wait_cycles(std::uint64_t cycles)
{
	m_keeper.inc(m_machine.time_of(std::min(cycles, max_event_cycles)));
	yield();
}

/* ---- locks ---------------------------------------------------------------- */

bool pe::is_before(const pe &other) const
{
	return m_arrival < other.m_arrival ||
	       (m_arrival == other.m_arrival && m_index < other.m_index);
}

/* The order in which PEs come to a lock is visible to others: no running ahead. */
void pe::lock(std::uint64_t pa)
{
	granule_lock &lock = m_machine.locks.at(pa);

	yield();
	m_arrival = sc_core::sc_time_stamp();
	if (lock.owner != nullptr)
		wait_for_grant(lock, pa);
	take(lock, m_arrival);
}

/* Returns when unlock has made this PE the owner. */
void pe::wait_for_grant(granule_lock &lock, std::uint64_t pa)
{
	lock.enqueue(*this);
	m_wanted_lock = pa;
	m_waiting = true;
	m_account.yields++;
	sc_core::wait(m_granted);
	m_waiting = false;
	m_machine.enter(this);
	m_keeper.reset();
}

void pe::take(granule_lock &lock, const sc_time &since)
{
	const sc_time &now = sc_core::sc_time_stamp();
	sc_time begin = std::max(now, lock.free_at);
	const rmm_rate &transfer = m_machine.profile().resources[RMM_RESOURCE_LOCK_TRANSFER];

	if (lock.last_owner != nullptr && lock.last_owner != this)
		begin += m_machine.time_of(transfer.once + variable_cycles(transfer, 1));
	m_account.share.lock_wait += m_machine.cycles_of(begin - since);
	m_account.share.total += m_machine.cycles_of(begin - since);
	m_keeper.inc(begin - now);
	lock.owner = this;
}

void pe::unlock(std::uint64_t pa)
{
	granule_lock &lock = m_machine.locks.at(pa);

	if (lock.owner != this) {
		m_machine.remember("a lock was released by a PE that did not hold it");
		return;
	}
	lock.last_owner = this;
	lock.free_at = m_keeper.get_current_time();
	lock.owner = lock.dequeue();
	if (lock.owner != nullptr)
		lock.owner->m_granted.notify(m_keeper.get_local_time());
}

/* ---- calls ---------------------------------------------------------------- */

void pe::call_begin()
{
	if (m_call_depth++ == 0)
		m_call_start = m_account.share;
}

void pe::call_end(rmm_command command)
{
	rmm_timing_share call = m_account.share;

	if (m_call_depth == 0 || --m_call_depth != 0)
		return;
	call.total -= m_call_start.total;
	call.lock_wait -= m_call_start.lock_wait;
	call.resource_wait -= m_call_start.resource_wait;
	for (unsigned int i = 0; i < RMM_COST_COUNT; i++)
		call.by_cost[i] -= m_call_start.by_cost[i];
	m_account.calls++;
	m_machine.record_call(command, call);
}

/* ---- views ---------------------------------------------------------------- */

bool pe::is_waiting() const
{
	return m_waiting;
}

bool pe::is_done() const
{
	return m_done;
}

std::uint64_t pe::wanted_lock() const
{
	return m_wanted_lock;
}

unsigned int pe::index() const
{
	return m_index;
}

const rmm_timing_pe &pe::account() const
{
	return m_account;
}

} /* namespace timing */
