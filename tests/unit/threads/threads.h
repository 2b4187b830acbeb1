/* SPDX-License-Identifier: BSD-3-Clause */
/* Threads as PEs: machines for them, and points at which one waits for another. */
#ifndef TESTS_UNIT_THREADS_THREADS_H
#define TESTS_UNIT_THREADS_THREADS_H

#include <gtest/gtest.h>

#include <atomic>
#include <condition_variable>
#include <mutex>
#include <thread>
#include <vector>

#include "pes.h"
#include "realm.h"

namespace threads
{

using namespace conformance;

constexpr unsigned kPes = 8;

/* Settings of a machine whose PEs are threads. */
Settings threaded(Settings settings = {});

/*
 * Stops the call of one PE at the first event of a kind, until the test lets it
 * go on. One gate at a time: machines of threaded() pass all events by it.
 */
class Gate
{
public:
	/* An event of `cost` at `pa` (0: wherever) on `pe`. */
	Gate(unsigned pe, rmm_cost cost, uint64_t pa = 0);
	~Gate();
	Gate(const Gate &) = delete;
	Gate &operator=(const Gate &) = delete;

	/* Returns when the PE stands at the gate. */
	void wait();
	void open();

private:
	friend void pass(void *ctx, unsigned pe, rmm_cost cost, uint64_t count, uint64_t pa);
	void arrive(unsigned pe, rmm_cost cost, uint64_t pa);

	std::mutex mutex_;
	std::condition_variable changed_;
	const unsigned pe_;
	const rmm_cost cost_;
	const uint64_t pa_;
	bool arrived_ = false;
	bool open_ = false;
};

/* A call that is made on a thread of its own. */
class Caller
{
public:
	Caller(Machine &m, rmm_command command, Arguments arguments, unsigned pe);
	~Caller();

	Answer join();

private:
	Answer answer_;
	std::thread thread_;
};

} // namespace threads

#endif
