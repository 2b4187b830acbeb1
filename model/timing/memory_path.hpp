/* SPDX-License-Identifier: BSD-3-Clause */
/* Interconnect and DRAM: what memory traffic of several PEs waits for. */
#ifndef RMM_TIMING_MEMORY_PATH_HPP
#define RMM_TIMING_MEMORY_PATH_HPP

#include <systemc>
#include <tlm>
#include <tlm_utils/multi_passthrough_target_socket.h>
#include <tlm_utils/simple_initiator_socket.h>
#include <tlm_utils/simple_target_socket.h>

#include "rmm_timing.h"
#include "server.hpp"

namespace timing
{

/*
 * Transactions carry address and length and no data: the functional core has
 * already moved the bytes. The command is TLM_IGNORE_COMMAND, for which a
 * target neither reads nor writes. Targets add waiting and latency to the
 * annotated delay and never call wait.
 */
class dram : public sc_core::sc_module
{
public:
	tlm_utils::simple_target_socket<dram> target;

	dram(const sc_core::sc_module_name &name, const rmm_rate &rate,
	     const sc_core::sc_time &period);

private:
	void b_transport(tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);

	const rmm_rate &m_rate;
	const sc_core::sc_time m_period;
	server m_server;
};

class interconnect : public sc_core::sc_module
{
public:
	tlm_utils::multi_passthrough_target_socket<interconnect> target;
	tlm_utils::simple_initiator_socket<interconnect> initiator;

	interconnect(const sc_core::sc_module_name &name, const rmm_rate &rate,
		     const sc_core::sc_time &period);

private:
	void b_transport(int id, tlm::tlm_generic_payload &payload, sc_core::sc_time &delay);

	const rmm_rate &m_rate;
	const sc_core::sc_time m_period;
	server m_server;
};

/*
 * Waits for the server and returns the delay at which it begins to serve.
 * Occupancy is not latency: the requester's own cost covers its transfer.
 */
sc_core::sc_time occupy(server &server, const rmm_rate &rate, const sc_core::sc_time &period,
			std::uint64_t units, const sc_core::sc_time &delay);

} /* namespace timing */

#endif
