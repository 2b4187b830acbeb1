/* SPDX-License-Identifier: BSD-3-Clause */
#include "threads.h"

namespace threads
{
namespace
{

std::atomic<Gate *> current{nullptr};

} // namespace

void pass(void *, unsigned pe, rmm_cost cost, uint64_t, uint64_t pa)
{
	if (Gate *gate = current.load())
		gate->arrive(pe, cost, pa);
}

Settings threaded(Settings settings)
{
	settings.changes.push_back([](rmm_config &config) {
		config.threads = true;
		config.num_pes = kPes;
		config.sro_contexts = 64;
		config.port.charge = pass;
	});
	return settings;
}

void on_pes(unsigned count, const std::function<void(unsigned pe)> &body)
{
	std::vector<std::thread> threads;
	std::atomic<unsigned> missing{count};

	for (unsigned pe = 0; pe < count; pe++)
		threads.emplace_back([&, pe] {
			for (missing--; missing;)
				std::this_thread::yield();
			body(pe);
		});
	for (std::thread &thread : threads)
		thread.join();
}

Gate::Gate(unsigned pe, rmm_cost cost, uint64_t pa) : pe_(pe), cost_(cost), pa_(pa)
{
	current = this;
}

Gate::~Gate()
{
	open();
	current = nullptr;
}

void Gate::arrive(unsigned pe, rmm_cost cost, uint64_t pa)
{
	if (pe != pe_ || cost != cost_ || (pa_ && pa != pa_))
		return;
	std::unique_lock lock(mutex_);
	arrived_ = true;
	changed_.notify_all();
	changed_.wait(lock, [this] { return open_; });
}

void Gate::wait()
{
	std::unique_lock lock(mutex_);

	changed_.wait(lock, [this] { return arrived_; });
}

void Gate::open()
{
	const std::lock_guard lock(mutex_);

	open_ = true;
	changed_.notify_all();
}

Caller::Caller(Machine &m, rmm_command command, Arguments arguments, unsigned pe)
	: thread_([this, &m, command, arguments = std::move(arguments), pe] {
		  answer_ = m.call(command, arguments, pe);
	  })
{
}

Caller::~Caller()
{
	if (thread_.joinable())
		thread_.join();
}

Answer Caller::join()
{
	thread_.join();
	return answer_;
}

} // namespace threads
