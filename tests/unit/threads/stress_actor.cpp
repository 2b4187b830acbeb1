/* SPDX-License-Identifier: BSD-3-Clause */
#include "stress_actor.h"

#include <algorithm>

namespace threads
{
namespace
{

constexpr uint64_t kRipasPage =
	(kPages - 1) * kPage; /* the realm gives it away and takes it back */

} // namespace

Actor::Actor(Machine &m, unsigned pe, uint64_t seed, const Shared &shared)
	: m_(m), pe_(pe), shared_(shared), random_(seed)
{
	const uint64_t version = m.fid(RMM_CMD_RSI_VERSION);
	rmm_script_step work = step(RMM_SCRIPT_WORK);

	work.value = 100;
	for (unsigned page = 0; page + 1 < kPages; page++) {
		steps_.push_back(store(page * kPage + 8, page));
		steps_.push_back(load(page * kPage + 8));
	}
	steps_.push_back(smc({version, 0x10000}));
	steps_.push_back(store(kUnprotected, pe));
	steps_.push_back(smc({m.fid(RMM_CMD_RSI_MEASUREMENT_EXTEND), 1, 32, pe}));
	steps_.push_back(smc(
		{m.fid(RMM_CMD_RSI_IPA_STATE_SET), kRipasPage, kRipasPage + kPage, RSI_EMPTY, 0}));
	steps_.push_back(work);
	steps_.push_back(smc({m.fid(RMM_CMD_RSI_HOST_CALL), 256}));
	steps_.push_back(load(256 + 8)); /* in the entry that answers it */
	steps_.push_back(smc(
		{m.fid(RMM_CMD_RSI_IPA_STATE_SET), kRipasPage, kRipasPage + kPage, RSI_RAM, 0}));
	steps_.push_back(step(RMM_SCRIPT_JUMP));
	script_ = {steps_.data(), steps_.size()};
}

void Actor::act(unsigned steps)
{
	while (steps--) {
		const uint64_t what = random(16);

		if (!built_ && what < 8)
			build();
		else if (built_ && what < 6)
			enter(pe_, static_cast<unsigned>(random(kRecs)));
		else if (built_ && what < 9)
			change();
		else if (built_ && what == 9)
			destroy();
		else if (what < 12)
			meddle();
		else
			sweep();
	}
}

void Actor::finish()
{
	if (built_)
		destroy();
}

/* ---- calls -------------------------------------------------------------------------- */

/* An operation of another host on the same object passes. */
Answer Actor::call(rmm_command command, const Arguments &arguments)
{
	Answer answer = m_.call(command, arguments, pe_);

	while (answer.condition == RMI_ANY_BLOCKED || answer.condition == RMI_ANY_BUSY) {
		std::this_thread::yield();
		answer = m_.call(command, arguments, pe_);
	}
	return answer;
}

Answer Actor::move(rmm_command command, uint64_t base, uint64_t top)
{
	return finish_operation(call(command, {base, top}), 0);
}

void Actor::must_move(rmm_command command, uint64_t base, uint64_t top)
{
	while (base < top) {
		const Answer answer = move(command, base, top);

		ASSERT_EQ(0u, answer.x[0]) << describe(answer);
		base = answer.x[1];
	}
}

void Actor::must(rmm_command command, const Arguments &arguments)
{
	const Answer answer = call(command, arguments);

	EXPECT_EQ(0u, answer.x[0])
		<< rmm_abi_command_by_id(m_.version(), command)->name << " " << describe(answer);
}

void Actor::must_sooner_or_later(rmm_command command, const Arguments &arguments,
				 rmm_condition busy)
{
	Answer answer = call(command, arguments);

	while (answer.condition == busy) {
		std::this_thread::yield();
		answer = call(command, arguments);
	}
	EXPECT_EQ(0u, answer.x[0]) << describe(answer);
}

Answer Actor::finish_operation(Answer answer, uint64_t aux)
{
	const uint64_t handle = answer.x[1];

	while (answer.status() == RMI_INCOMPLETE) {
		const uint64_t data = rmi_result_data(m_.version(), answer.x[0]);

		switch (rmi_result_data_incomplete_mem(m_.version(), data)) {
		case RMI_OP_MEM_REQ_DONATE:
			m_.write_words(at(kList), {range_desc(m_.version(), aux, 2)});
			answer = call(RMM_CMD_RMI_OP_MEM_DONATE, {handle, at(kList), 1, 0});
			aux += 2 * kPage;
			break;
		case RMI_OP_MEM_REQ_RECLAIM:
			answer = call(RMM_CMD_RMI_OP_MEM_RECLAIM, {handle, at(kList), 512});
			break;
		default:
			answer = call(RMM_CMD_RMI_OP_CONTINUE, {handle, 0});
			break;
		}
	}
	return answer;
}

/* ---- a realm's life -------------------------------------------------------------------- */

void Actor::build()
{
	must_move(RMM_CMD_RMI_GRANULE_RANGE_DELEGATE, at(kRd), at(kEnd));
	create_realm();
	create_tables();
	must(RMM_CMD_RMI_RTT_INIT_RIPAS, {at(kRd), 0, kPages * kPage});
	for (unsigned rec = 0; rec < kRecs; rec++)
		create_rec(rec);
	must(RMM_CMD_RMI_RTT_DATA_MAP_INIT, {at(kRd), at(kData), 0, at(kSource), 1});
	mapped_[0] = true;
	must(RMM_CMD_RMI_REALM_ACTIVATE, {at(kRd)});
	for (unsigned page = 1; page < kPages; page++)
		map(page);
	built_ = true;
	realms_++;
}

void Actor::create_realm()
{
	std::array<uint8_t, RMI_REALM_PARAMS_SIZE> image{};
	rmi_realm_params params = RealmPlan::usual();

	params.rtt_base = at(kTrees);
	rmi_realm_params_encode(m_.version(), &params, image.data());
	m_.write(at(kParams), image.data(), image.size());
	const Answer answer = finish_operation(
		call(RMM_CMD_RMI_REALM_CREATE, {at(kRd), at(kParams)}), at(kRdAux));
	EXPECT_EQ(0u, answer.x[0]) << describe(answer);
}

void Actor::create_tables()
{
	const rmm_version v = m_.version();
	uint64_t flags = rmi_rtt_unprot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE);

	flags = rmi_rtt_unprot_map_flags_with_s2ap(v, flags, 3);
	for (unsigned i = 0; i < 4; i++)
		must(RMM_CMD_RMI_RTT_CREATE,
		     {at(kRd), at(kInner) + i * kPage, i < 2 ? 0 : kUnprotected, 2 + i % 2});
	must(RMM_CMD_RMI_RTT_UNPROT_MAP,
	     {at(kRd), kUnprotected, kUnprotected + kPage, flags,
	      range_desc(v, at(kOpenPage), 1, 3, RMI_OP_MEM_UNDELEGATED)});
}

void Actor::create_rec(unsigned rec)
{
	std::array<uint8_t, RMI_REC_PARAMS_SIZE> image{};
	rmi_rec_params params{};

	params.flags = rmi_rec_create_flags_with_runnable(m_.version(), 0, 1);
	params.mpidr = rec;
	params.pc = 0x10000;
	rmi_rec_params_encode(m_.version(), &params, image.data());
	m_.write(at(kParams), image.data(), image.size());
	rmm_scripts_bind(m_.scripts(), at(kRd), rec, &script_);
	const Answer answer = finish_operation(
		call(RMM_CMD_RMI_REC_CREATE, {at(kRd), at(kRecAt) + rec * kPage, at(kParams)}),
		at(kAux) + 2 * rec * kPage);
	EXPECT_EQ(0u, answer.x[0]) << describe(answer);
}

void Actor::destroy_rec(unsigned rec)
{
	Answer answer;

	do {
		answer = finish_operation(call(RMM_CMD_RMI_REC_DESTROY, {at(kRecAt) + rec * kPage}),
					  0);
		std::this_thread::yield();
	} while (answer.condition == RMI_REC_DESTROY_REC_STATE);
	EXPECT_EQ(0u, answer.x[0]) << describe(answer);
}

void Actor::destroy()
{
	must_sooner_or_later(RMM_CMD_RMI_REALM_TERMINATE, {at(kRd)},
			     RMI_REALM_TERMINATE_REC_RUNNING);
	for (unsigned rec = 0; rec < kRecs; rec++)
		destroy_rec(rec);
	for (unsigned page = 0; page < kPages; page++)
		if (mapped_[page])
			unmap(page);
	must(RMM_CMD_RMI_RTT_UNPROT_UNMAP, {at(kRd), kUnprotected, kUnprotected + kPage, 0, 0});
	for (uint64_t level = 3; level > 1; level--) {
		must(RMM_CMD_RMI_RTT_DESTROY, {at(kRd), 0, level});
		must(RMM_CMD_RMI_RTT_DESTROY, {at(kRd), kUnprotected, level});
	}
	const Answer answer = finish_operation(call(RMM_CMD_RMI_REALM_DESTROY, {at(kRd)}), 0);
	EXPECT_EQ(0u, answer.x[0]) << describe(answer);
	must_move(RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE, at(kRd), at(kEnd));
	built_ = false;
}

/* ---- what a host does meanwhile ------------------------------------------------------------ */

void Actor::map(unsigned page)
{
	const uint64_t flags =
		rmi_rtt_prot_map_flags_with_oaddr_type(m_.version(), 0, RMI_ADDR_TYPE_SINGLE);

	must(RMM_CMD_RMI_RTT_DATA_MAP, {at(kRd), page * kPage, (page + 1) * kPage, flags,
					range_desc(m_.version(), at(kData) + page * kPage)});
	mapped_[page] = true;
}

void Actor::unmap(unsigned page)
{
	must(RMM_CMD_RMI_RTT_DATA_UNMAP, {at(kRd), page * kPage, (page + 1) * kPage, 0, 0});
	mapped_[page] = false;
}

/* Only pages that the realm does not need to go on. */
void Actor::change()
{
	const unsigned page = kPages / 2 + static_cast<unsigned>(random(kPages / 2));

	if (mapped_[page])
		unmap(page);
	else
		map(page);
}

void Actor::enter(unsigned whose, unsigned rec)
{
	std::array<uint8_t, RMI_REC_ENTER_SIZE> image{};

	m_.write(at(kRun), image.data(), image.size());
	const Answer answer =
		call(RMM_CMD_RMI_REC_ENTER, {at(kRecAt, whose) + rec * kPage, at(kRun)});
	if (answer.x[0])
		return;
	entries_++;
	const std::vector<uint8_t> bytes =
		m_.read(at(kRun) + RMI_REC_ENTER_SIZE, RMI_REC_EXIT_SIZE);
	rmi_rec_exit exit{};
	rmi_rec_exit_decode(m_.version(), bytes.data(), &exit);
	host_calls_ += exit.exit_reason == RMI_EXIT_HOST_CALL;
	if (whose == pe_ && exit.exit_reason == RMI_EXIT_RIPAS_CHANGE)
		answer_ripas(exit, rec);
}

/* Others may have entered the REC since: any answer will do. */
void Actor::answer_ripas(const rmi_rec_exit &exit, unsigned rec)
{
	(void)call(RMM_CMD_RMI_RTT_SET_RIPAS,
		   {at(kRd), at(kRecAt) + rec * kPage, exit.ripas_base, exit.ripas_top});
}

void Actor::sweep()
{
	const uint64_t from = random(shared_.count);
	const uint64_t count = 1 + random(shared_.count - from);
	const rmm_command command = random(2) ? RMM_CMD_RMI_GRANULE_RANGE_DELEGATE
					      : RMM_CMD_RMI_GRANULE_RANGE_UNDELEGATE;
	const uint64_t base = shared_.base + from * kPage;
	const Answer answer = move(command, base, base + count * kPage);

	if (!answer.x[0])
		moved_ += (answer.x[1] - base) / kPage;
}

/* Calls into the realms of the others that change nothing which they rely on. */
void Actor::meddle()
{
	const unsigned other = static_cast<unsigned>(random(kPes));
	const uint64_t rec = at(kRecAt, other) + random(kRecs) * kPage;
	Answer answer;

	switch (random(6)) {
	case 0:
		enter(other, static_cast<unsigned>(random(kRecs)));
		break;
	case 1:
		(void)call(RMM_CMD_RMI_RTT_READ_ENTRY, {at(kRd, other), 0, 3});
		break;
	case 2:
		(void)call(RMM_CMD_RMI_PSCI_COMPLETE,
			   {rec, at(kRecAt, other) + random(kRecs) * kPage, 0});
		break;
	case 3:
		/* There is no table to hold it. */
		(void)call(RMM_CMD_RMI_RTT_CREATE,
			   {at(kRd, other), at(kEnd - 1, other), 8 * k1G, 3});
		break;
	case 4:
		answer = call(RMM_CMD_RMI_REC_CREATE, {at(kRd, other), at(kEnd - 2), at(kSource)});
		if (answer.status() == RMI_INCOMPLETE)
			(void)call(RMM_CMD_RMI_OP_CANCEL, {answer.x[1]});
		break;
	default:
		rmm_set_irq(m_.sys(), other, true);
		break;
	}
}

} // namespace threads
