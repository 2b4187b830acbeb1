/* SPDX-License-Identifier: BSD-3-Clause */
#include "scene.h"

#include <gtest/gtest.h>

namespace conformance
{

void Scene::add_realm()
{
	realm.emplace(m);
}

void Scene::add_rec(bool runnable)
{
	rec.emplace(m, *realm, 0, runnable);
}

void Scene::call(rmm_command what, const Arguments &arguments)
{
	command = what;
	std::copy(arguments.begin(), arguments.end(), x.begin() + 1);
	/* What the command does not define is noise. */
	for (size_t i = arguments.size() + 1; i < x.size(); i++)
		x[i] = UINT64_C(0xa5a5000000000000) + i;
}

Realm &Scene::other_realm()
{
	return realms.emplace_back(m);
}

Rec &Scene::other_rec(const Realm &of, uint64_t mpidr, bool runnable)
{
	return recs.emplace_back(m, of, mpidr, runnable);
}

void Scene::rewrite_params()
{
	if (realm_plan.params_ptr)
		Realm::write_params(m, realm_plan);
	if (rec_plan.params_ptr)
		Rec::write_params(m, rec_plan);
}

void Scene::while_running(Rec &who)
{
	perform = [&who](Scene &s) {
		std::optional<Answer> answer;
		auto regs = s.x;

		regs[0] = s.m.fid(s.command);
		who.runs({step(RMM_SCRIPT_WAIT)});
		s.m.on_guest_slice = [&] { answer = s.m.call_raw(regs, 1); };
		who.run();
		if (!answer)
			throw std::runtime_error("the REC never ran");
		return *answer;
	};
}

void Scene::go_on_without_memory()
{
	perform = [](Scene &s) {
		auto regs = s.x;

		regs[0] = s.m.fid(s.command);
		s.took_several_calls = true;
		const uint64_t handle = s.m.call_raw(regs).x[1];
		const uint64_t misaligned = s.m.host_pages() + 4;
		s.m.call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, misaligned, 1, 0});
		return s.m.finish(s.m.call(RMM_CMD_RMI_OP_CONTINUE, {handle, 0}));
	};
}

namespace
{

Answer perform_by_host(Scene &s)
{
	auto x = s.x;

	x[0] = s.m.fid(s.command);
	const Answer first = s.m.call_raw(x);
	s.took_several_calls = first.status() == RMI_INCOMPLETE;
	return s.m.finish(first);
}

/* The answer is what the realm sees. */
Answer perform_by_guest(Scene &s)
{
	std::vector<uint64_t> x(s.x.begin(), s.x.end());

	x[0] = s.m.fid(s.command);
	Answer answer = s.rec->calls(x).answer;
	const rmm_rec_view view = s.rec->view();
	std::copy(view.vcpu.x, view.vcpu.x + SMC_NUM_REGS, answer.x.begin());
	answer.condition = answer.guest_condition;
	return answer;
}

} // namespace

void get_ready(Scene &s)
{
	for (auto &touch : s.last_touches)
		touch(s);
}

Answer perform(Scene &s)
{
	if (s.perform)
		return s.perform(s);
	return s.by_guest ? perform_by_guest(s) : perform_by_host(s);
}

void in_every_version(const std::function<void(Machine &)> &test, Settings settings,
		      rmm_version first, rmm_version last)
{
	for (int v = first; v <= last; v++) {
		settings.version = static_cast<rmm_version>(v);
		SCOPED_TRACE(version_name(settings.version));
		Machine m(settings);
		test(m);
	}
}

void in_every_version_since_1_0(const std::function<void(Machine &)> &test,
				const Settings &settings)
{
	in_every_version(test, settings, RMM_VERSION_1_0_REL0);
}

} // namespace conformance
