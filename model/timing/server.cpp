/* SPDX-License-Identifier: BSD-3-Clause */
#include "server.hpp"

#include <algorithm>

namespace timing
{

using sc_core::sc_time;

/* No request can come for a time before the present of the simulation. */
void server::forget_past()
{
	const sc_time &now = sc_core::sc_time_stamp();
	const auto is_future = [&now](const interval &i) { return i.end > now; };

	m_busy.erase(m_busy.begin(), std::find_if(m_busy.begin(), m_busy.end(), is_future));
}

/* Joins neighbours, so that a saturated server keeps one interval only. */
void server::insert(std::size_t position, const interval &fresh)
{
	const auto at = m_busy.begin() + static_cast<std::ptrdiff_t>(position);
	const bool joins_before = at != m_busy.begin() && (at - 1)->end == fresh.start;
	const bool joins_after = at != m_busy.end() && at->start == fresh.end;

	if (joins_before && joins_after) {
		(at - 1)->end = at->end;
		m_busy.erase(at);
	} else if (joins_before) {
		(at - 1)->end = fresh.end;
	} else if (joins_after) {
		at->start = fresh.start;
	} else {
		m_busy.insert(at, fresh);
	}
}

sc_time server::book(const sc_time &at, const sc_time &hold)
{
	sc_time start = at;
	std::size_t i = 0;

	if (hold == sc_core::SC_ZERO_TIME)
		return at;
	forget_past();
	for (; i < m_busy.size(); i++) {
		if (start + hold <= m_busy[i].start)
			break;
		start = std::max(start, m_busy[i].end);
	}
	insert(i, {start, start + hold});
	return start;
}

} /* namespace timing */
