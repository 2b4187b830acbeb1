/* SPDX-License-Identifier: BSD-3-Clause */
/* A processing element: one actor on its coroutine, with its local time. */
#ifndef RMM_TIMING_PE_HPP
#define RMM_TIMING_PE_HPP

#include <cstdint>
#include <systemc>
#include <tlm>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/tlm_quantumkeeper.h>

#include "lock_table.hpp"
#include "rmm_timing.h"

namespace timing
{

class machine;

class pe : public sc_core::sc_module
{
public:
	tlm_utils::simple_initiator_socket<pe> memory;
	pe *next_waiter = nullptr; /* link of the granule_lock that it waits for */

	pe(const sc_core::sc_module_name &name, machine &machine, unsigned int index,
	   std::uint64_t start_cycle);

	void charge(rmm_cost cost, std::uint64_t count, std::uint64_t pa);
	void lock(std::uint64_t pa);
	void unlock(std::uint64_t pa);
	void wait_cycles(std::uint64_t cycles);
	void yield();

	void call_begin();
	void call_end(rmm_command command);

	/* Its own time, ahead of simulated time by at most a quantum and one event. */
	std::uint64_t cycles() const;

	/* Arrival order at a lock. */
	bool is_before(const pe &other) const;

	bool is_waiting() const;
	bool is_done() const;
	std::uint64_t wanted_lock() const; /* only while is_waiting() */
	unsigned int index() const;
	const rmm_timing_pe &account() const;

private:
	void run();
	void spend(rmm_cost cost, std::uint64_t cycles);
	void charge_memory(rmm_cost cost, std::uint64_t count, std::uint64_t pa);
	void transport(std::uint64_t pa, unsigned int bytes);
	void take(granule_lock &lock, const sc_core::sc_time &since);
	void wait_for_grant(granule_lock &lock, std::uint64_t pa);
	void add_wait(std::uint64_t &account, const sc_core::sc_time &until);

	machine &m_machine;
	const unsigned int m_index;
	const std::uint64_t m_start_cycle;

	tlm_utils::tlm_quantumkeeper m_keeper;
	tlm::tlm_generic_payload m_payload;

	sc_core::sc_event m_granted;
	sc_core::sc_time m_arrival;
	std::uint64_t m_wanted_lock = 0;
	bool m_waiting = false;
	bool m_done = false;

	rmm_timing_pe m_account = {};
	rmm_timing_share m_call_start = {};
	unsigned int m_call_depth = 0;
};

} /* namespace timing */

#endif
