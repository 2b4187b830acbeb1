/* SPDX-License-Identifier: BSD-3-Clause */
#include "lock_table.hpp"

#include "pe.hpp"

namespace timing
{

granule_lock &lock_table::at(std::uint64_t pa)
{
	return m_locks[pa];
}

void granule_lock::enqueue(pe &waiter)
{
	pe **link = &first_waiter;

	while (*link != nullptr && !waiter.is_before(**link))
		link = &(*link)->next_waiter;
	waiter.next_waiter = *link;
	*link = &waiter;
}

pe *granule_lock::dequeue()
{
	pe *const first = first_waiter;

	if (first != nullptr) {
		first_waiter = first->next_waiter;
		first->next_waiter = nullptr;
	}
	return first;
}

} /* namespace timing */
