/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * As much of an RMM as stateful operations need: granules that are delegated or
 * not, and one operation at a time whose course a test lays down.
 */
#ifndef TESTS_UNIT_HOST_FAKE_RMM_H
#define TESTS_UNIT_HOST_FAKE_RMM_H

#include <algorithm>
#include <deque>
#include <optional>

#include "fake_machine.h"
#include "rmmsim/abi/rmm2_0b1_plain.h"

inline uint64_t incomplete(uint64_t mem, bool cancel = false)
{
	return RMI_INCOMPLETE | mem << 8 | uint64_t(cancel) << 10;
}

inline uint64_t donate_request(uint64_t size, uint64_t count, bool contig, uint64_t state)
{
	uint64_t req = rmi_op_mem_donate_req_set_size(0, size);

	req = rmi_op_mem_donate_req_set_count(req, count);
	req = rmi_op_mem_donate_req_set_contig(req, contig);
	return rmi_op_mem_donate_req_set_state(req, state);
}

inline uint64_t block_pages(uint64_t size)
{
	return UINT64_C(1) << (9 * size);
}

class FakeRmm
{
public:
	enum class Granule { Undelegated, Delegated, Donated };

	/* The course of the operation that RMI_REC_CREATE starts. */
	struct Plan {
		uint64_t size = RMI_PAGE_L3;
		uint64_t count = 4;
		bool contig = false;
		uint64_t state = RMI_OP_MEM_DELEGATED;
		uint64_t consume_at_most = UINT64_MAX; /* pages of one call */
		uint64_t none_steps = 0;               /* before it ends */
		bool can_cancel = false;
		uint64_t result = RMI_SUCCESS;         /* others: memory is handed back first */
		uint64_t reclaim_at_most = UINT64_MAX; /* pages of one call */
		bool reclaim_in_blocks = false;        /* merges neighbours into one entry */
	};

	explicit FakeRmm(FakeMemory &memory)
		: machine([this](smc_regs &regs) { call(regs); }), memory_(memory)
	{
	}

	FakeConduit machine;
	Plan plan;
	std::map<uint64_t, Granule> granules;
	std::set<uint64_t> refuse_delegate, refuse_undelegate;
	uint64_t granules_per_call = UINT64_MAX;
	/* Call number (from 0) to answer with an error instead of executing it. */
	std::optional<size_t> fail_call;
	uint64_t fail_with = RMI_ERROR_INPUT;
	bool is_open = false;
	uint64_t handle = 0xfeedface00000000;     /* changes with every operation */
	std::vector<std::vector<uint64_t>> lists; /* as donated */

	uint64_t count(Granule state) const
	{
		return uint64_t(std::count_if(granules.begin(), granules.end(),
					      [&](auto &g) { return g.second == state; }));
	}

private:
	enum class Wants { Continue, Donate, Reclaim };

	void call(smc_regs &regs)
	{
		if (fail_call && machine.calls.size() - 1 == *fail_call) {
			regs = answer(fail_with);
			return;
		}
		switch (uint32_t(regs.x[0])) {
		case FID_RMI_GRANULE_RANGE_DELEGATE:
			return range(regs, Granule::Undelegated, Granule::Delegated,
				     refuse_delegate);
		case FID_RMI_GRANULE_RANGE_UNDELEGATE:
			return range(regs, Granule::Delegated, Granule::Undelegated,
				     refuse_undelegate);
		case FID_RMI_REC_CREATE:
			return start(regs);
		case FID_RMI_REC_DESTROY:
			return start_destroy(regs);
		case FID_RMI_OP_CONTINUE:
			return with_handle(regs, Wants::Continue, &FakeRmm::go_on);
		case FID_RMI_OP_MEM_DONATE:
			return with_handle(regs, Wants::Donate, &FakeRmm::donate);
		case FID_RMI_OP_MEM_RECLAIM:
			return with_handle(regs, Wants::Reclaim, &FakeRmm::reclaim);
		case FID_RMI_OP_CANCEL:
			return cancel(regs);
		default:
			regs = answer(UINT64_MAX);
		}
	}

	void range(smc_regs &regs, Granule from, Granule to, const std::set<uint64_t> &refused)
	{
		uint64_t at = regs.x[1], left = granules_per_call;

		for (; at < regs.x[2] && left > 0; at += kPage, left--) {
			if (granules[at] != from || refused.count(at))
				break;
			granules[at] = to;
		}
		regs = answer(at > regs.x[1] ? RMI_SUCCESS : RMI_ERROR_INPUT, at);
	}

	void start(smc_regs &regs)
	{
		if (is_open) {
			regs = answer(RMI_BLOCKED);
			return;
		}
		is_open = true;
		handle++;
		wanted_ = plan.count * block_pages(plan.size);
		none_left_ = plan.none_steps;
		result_ = plan.result;
		cancellable_ = plan.can_cancel;
		wants_ = wanted_ ? Wants::Donate : Wants::Continue;
		regs = state();
		regs.x[1] = handle;
	}

	void start_destroy(smc_regs &regs)
	{
		is_open = true;
		handle++;
		none_left_ = 0;
		result_ = RMI_SUCCESS;
		cancellable_ = false;
		wants_ = held_.empty() ? Wants::Continue : Wants::Reclaim;
		regs = state();
		regs.x[1] = handle;
	}

	smc_regs state() const
	{
		switch (wants_) {
		case Wants::Donate:
			return answer(incomplete(RMI_OP_MEM_REQ_DONATE, cancellable_), 0,
				      donate_request(plan.size, wanted_ / block_pages(plan.size),
						     plan.contig, plan.state));
		case Wants::Reclaim:
			return answer(incomplete(RMI_OP_MEM_REQ_RECLAIM));
		default:
			return answer(incomplete(RMI_OP_MEM_REQ_NONE, cancellable_));
		}
	}

	void with_handle(smc_regs &regs, Wants wanted, void (FakeRmm::*step)(smc_regs &))
	{
		if (!is_open || regs.x[1] != handle || wants_ != wanted)
			regs = answer(RMI_ERROR_INPUT);
		else
			(this->*step)(regs);
	}

	/* A creation that fails hands its memory back before it says so. */
	bool must_unwind() const
	{
		return result_ != RMI_SUCCESS && !held_.empty();
	}

	void go_on(smc_regs &regs)
	{
		if (none_left_ > 0) {
			none_left_--;
			regs = state();
		} else if (must_unwind()) {
			wants_ = Wants::Reclaim;
			cancellable_ = false;
			regs = state();
		} else {
			is_open = false;
			regs = answer(result_, 0x1111, 0x2222, 0x3333);
		}
	}

	bool acceptable(const std::vector<uint64_t> &list, std::vector<uint64_t> &pages) const
	{
		Granule state = plan.state == RMI_OP_MEM_DELEGATED ? Granule::Delegated
								   : Granule::Undelegated;

		for (uint64_t entry : list) {
			uint64_t block = block_pages(rmi_addr_range_desc_get_size(entry));
			uint64_t pa = rmi_addr_range_desc_get_addr(entry) * kPage;
			uint64_t n = rmi_addr_range_desc_get_count(entry) * block;

			if (pa % (block * kPage) ||
			    rmi_addr_range_desc_get_state(entry) != plan.state)
				return false;
			if (plan.contig && (list.size() != 1 || n != wanted_ || pa % (n * kPage)))
				return false;
			for (uint64_t i = 0; i < n; i++) {
				auto found = granules.find(pa + i * kPage);
				if ((found == granules.end() ? Granule::Undelegated
							     : found->second) != state)
					return false;
				pages.push_back(pa + i * kPage);
			}
		}
		return pages.size() <= wanted_;
	}

	void donate(smc_regs &regs)
	{
		std::vector<uint64_t> list, pages;

		for (uint64_t i = 0; i < regs.x[3]; i++)
			list.push_back(memory_.word(regs.x[2] + 8 * i));
		if (regs.x[3] > 512 || !acceptable(list, pages)) {
			regs = answer(RMI_ERROR_INPUT);
			return;
		}
		lists.push_back(list);
		if (pages.size() > plan.consume_at_most)
			pages.resize(plan.consume_at_most);
		for (uint64_t pa : pages) {
			granules[pa] = Granule::Donated;
			held_.push_back(pa);
		}
		wanted_ -= pages.size();
		if (wanted_ == 0)
			wants_ = Wants::Continue;
		regs = state();
		regs.x[1] = pages.size();
	}

	void reclaim(smc_regs &regs)
	{
		uint64_t written = 0, released = 0, previous = 0;

		std::sort(held_.begin(), held_.end());
		while (!held_.empty() && released < plan.reclaim_at_most) {
			uint64_t pa = held_.front();
			bool merge =
				plan.reclaim_in_blocks && written > 0 && previous + kPage == pa;

			if (!merge && written == regs.x[3])
				break;
			if (merge)
				written--;
			uint64_t entry = merge ? memory_.word(regs.x[2] + 8 * written)
					       : rmi_addr_range_desc_set_addr(0, pa / kPage);
			entry = rmi_addr_range_desc_set_count(
				entry, rmi_addr_range_desc_get_count(entry) + 1);
			memory_.set_word(regs.x[2] + 8 * written++,
					 rmi_addr_range_desc_set_state(entry, plan.state));
			granules[pa] = plan.state == RMI_OP_MEM_DELEGATED ? Granule::Delegated
									  : Granule::Undelegated;
			previous = pa;
			held_.pop_front();
			released++;
		}
		if (held_.empty())
			wants_ = Wants::Continue;
		regs = state();
		regs.x[1] = written;
	}

	void cancel(smc_regs &regs)
	{
		if (!is_open || regs.x[1] != handle || !cancellable_) {
			regs = answer(RMI_ERROR_INPUT);
			return;
		}
		result_ = RMI_ERROR_GLOBAL;
		cancellable_ = false;
		none_left_ = 0;
		wants_ = held_.empty() ? Wants::Continue : Wants::Reclaim;
		regs = state();
	}

	FakeMemory &memory_;
	std::deque<uint64_t> held_;
	Wants wants_ = Wants::Continue;
	uint64_t wanted_ = 0;
	uint64_t none_left_ = 0;
	uint64_t result_ = RMI_SUCCESS;
	bool cancellable_ = false;
};

#endif
