/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A host on one PE: builds, runs, changes and destroys a realm again and again,
 * moves granules that all actors share, and enters the RECs of the others.
 */
#ifndef TESTS_UNIT_THREADS_STRESS_ACTOR_H
#define TESTS_UNIT_THREADS_STRESS_ACTOR_H

#include <atomic>
#include <random>

#include "threads.h"

namespace threads
{

/* Granules of an actor's own memory. */
enum Place : uint64_t {
	kParams,
	kRun,
	kList,
	kOpenPage, /* Non-secure memory of the realm */
	kSource,
	kRd = 8, /* from here on DELEGATED while there is a realm */
	kTrees = 10,
	kInner = 12, /* four tables */
	kRecAt = 16,
	kAux = 20, /* two for each REC */
	kData = 24,
	kRdAux = 32,
	kEnd = 48,
};

constexpr unsigned kRecs = 2;
constexpr unsigned kPages = 8;

/* What all actors contend for. */
struct Shared {
	uint64_t arenas; /* of kEnd granules, one an actor */
	uint64_t base;   /* granules that everybody delegates and undelegates */
	uint64_t count;
};

class Actor
{
public:
	Actor(Machine &m, unsigned pe, uint64_t seed, const Shared &shared);

	void act(unsigned steps);
	/* Takes down what there is and gives its own granules back. */
	void finish();

	uint64_t realms() const
	{
		return realms_;
	}
	uint64_t entries() const
	{
		return entries_;
	}
	uint64_t host_calls() const
	{
		return host_calls_;
	}
	uint64_t moved() const
	{
		return moved_;
	}

private:
	uint64_t at(uint64_t place, unsigned of) const
	{
		return shared_.arenas + (of * kEnd + place) * kPage;
	}
	uint64_t at(uint64_t place) const
	{
		return at(place, pe_);
	}
	uint64_t random(uint64_t bound)
	{
		return random_() % bound;
	}

	Answer call(rmm_command command, const Arguments &arguments);
	void must(rmm_command command, const Arguments &arguments);
	/* Until other threads let it: an answer that names `busy` is not the last. */
	void must_sooner_or_later(rmm_command command, const Arguments &arguments,
				  rmm_condition busy);
	Answer finish_operation(Answer answer, uint64_t aux);
	/* A part of a range, or all of it. */
	Answer move(rmm_command command, uint64_t base, uint64_t top);
	void must_move(rmm_command command, uint64_t base, uint64_t top);

	void build();
	void create_realm();
	void create_tables();
	void create_rec(unsigned rec);
	void bind(unsigned rec);
	void destroy();
	void destroy_rec(unsigned rec);
	void map(unsigned page);
	void unmap(unsigned page);

	void enter(unsigned whose, unsigned rec);
	void answer_ripas(const rmi_rec_exit &exit, unsigned rec);
	void change();
	void sweep();
	void meddle();

	Machine &m_;
	const unsigned pe_;
	const Shared shared_;
	std::mt19937_64 random_;
	std::vector<rmm_script_step> steps_;
	rmm_script script_{};
	bool built_ = false;
	bool mapped_[kPages] = {};
	uint64_t realms_ = 0;
	uint64_t entries_ = 0;
	uint64_t host_calls_ = 0;
	uint64_t moved_ = 0;
};

} // namespace threads

#endif
