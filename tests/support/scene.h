/* SPDX-License-Identifier: BSD-3-Clause */
/* The scene of a conformance case: a machine, actors on it, and one call. */
#ifndef TESTS_SUPPORT_SCENE_H
#define TESTS_SUPPORT_SCENE_H

#include <optional>

#include "realm.h"

namespace conformance
{

struct Scene {
	explicit Scene(const Settings &settings) : m(settings)
	{
	}

	Machine m;
	std::optional<Realm> realm;
	std::optional<Rec> rec;
	RealmPlan realm_plan;
	RecPlan rec_plan;

	/* The call: of the host, or of the realm of `rec`. */
	rmm_command command = RMM_CMD_COUNT;
	std::array<uint64_t, SMC_NUM_REGS> x{};
	bool by_guest = false;

	/* How the call is made; by default plainly, stateful operations to their end. */
	std::function<Answer(Scene &)> perform;

	/* The answer is that of the last call of a stateful operation. */
	bool took_several_calls = false;

	/* What follows everything that is arranged, in turn. */
	std::vector<std::function<void(Scene &)>> last_touches;

	/* What the realm asks for where a command answers a request of it. */
	std::array<uint64_t, 4> request{};

	rmm_version version() const
	{
		return m.version();
	}

	/* ---- common steps ---- */
	void add_realm();
	void add_rec(bool runnable = true);
	void call(rmm_command what, const Arguments &arguments);

	/* The call is made on another PE while this REC runs. */
	void while_running(Rec &who);

	/* The command asks for memory, gets a list that is refused, and is continued. */
	void go_on_without_memory();

	/* Another realm or REC, each time. */
	Realm &other_realm();
	Rec &other_rec(const Realm &of, uint64_t mpidr = 0, bool runnable = true);

	/* Writes realm_plan or rec_plan again after a change. */
	void rewrite_params();

	std::deque<Realm> realms;
	std::deque<Rec> recs;
};

/* Arranges what the last touches are. */
void get_ready(Scene &scene);

/* Performs the call of the scene. */
Answer perform(Scene &scene);

/* The same test on a machine of each version, 2.0 ... */
void in_every_version(const std::function<void(Machine &)> &test, Settings settings = {},
		      rmm_version first = RMM_VERSION_2_0_BET0,
		      rmm_version last = RMM_VERSION_2_0_BET3);

/* ... and of 1.0, too: for what all have in common. */
void in_every_version_since_1_0(const std::function<void(Machine &)> &test,
				const Settings &settings = {});

} // namespace conformance

#endif
