/* SPDX-License-Identifier: BSD-3-Clause */
#include "memory_path.hpp"

#include "rate.hpp"

namespace timing
{

using sc_core::sc_time;

sc_time occupy(server &server, const rmm_rate &rate, const sc_time &period, std::uint64_t units,
	       const sc_time &delay)
{
	const sc_time &now = sc_core::sc_time_stamp();
	const std::uint64_t cycles = rate.once + variable_cycles(rate, units);
	const sc_time hold = sc_time::from_value(period.value() * cycles);

	return server.book(now + delay, hold) - now;
}

dram::dram(const sc_core::sc_module_name &name, const rmm_rate &rate, const sc_time &period)
	: sc_module(name), target("target"), m_rate(rate), m_period(period)
{
	target.register_b_transport(this, &dram::b_transport);
}

void dram::b_transport(tlm::tlm_generic_payload &payload, sc_time &delay)
{
	delay = occupy(m_server, m_rate, m_period, payload.get_data_length(), delay);
	payload.set_response_status(tlm::TLM_OK_RESPONSE);
}

interconnect::interconnect(const sc_core::sc_module_name &name, const rmm_rate &rate,
			   const sc_time &period)
	: sc_module(name), target("target"), initiator("initiator"), m_rate(rate), m_period(period)
{
	target.register_b_transport(this, &interconnect::b_transport);
}

void interconnect::b_transport(int, tlm::tlm_generic_payload &payload, sc_time &delay)
{
	delay = occupy(m_server, m_rate, m_period, payload.get_data_length(), delay);
	initiator->b_transport(payload, delay);
}

} /* namespace timing */
