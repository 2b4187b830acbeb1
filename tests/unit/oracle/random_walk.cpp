// SPDX-License-Identifier: BSD-3-Clause
#include "random_walk.hpp"

#include <algorithm>
#include <chrono>
#include <cstring>

#include "recorded_machine.hpp"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/abi/introspect.h"
#include "rmmsim/memory.h"
#include "rmmsim/tlb_lint.h"
#include "walk_layout.hpp"

using namespace walk;

namespace
{

/* Where realms have their memory: IPAs of 2 MiB, in either half. */
constexpr uint64_t regions[] = {0, 0x40000000, 0x200000, 0x40200000};

uint64_t span(int level)
{
	return UINT64_C(1) << (12 + 9 * (3 - level));
}

} // namespace

/* ---- calls ---------------------------------------------------------------------- */

void Walk::fail(const std::string &what)
{
	if (wrong.empty())
		wrong = what;
}

bool Walk::make(smc_regs *regs)
{
	if (options.judged)
		return rmm_oracle_smc(oracle, 0, regs);
	rmm_smc(sys, 0, regs);
	return true;
}

smc_regs Walk::call(uint32_t fid, std::initializer_list<uint64_t> args)
{
	smc_regs regs;
	unsigned int i = 1;

	for (auto &x : regs.x)
		x = random.next();
	regs.x[0] = fid;
	for (unsigned int k = 1; k < 8; k++)
		regs.x[k] = 0;
	for (uint64_t arg : args)
		regs.x[i++] = arg;
	const smc_regs in = regs;
	sabotage(in);
	calls++;
	const auto begin = std::chrono::steady_clock::now();
	if (!make(&regs))
		fail(rmm_oracle_text(oracle));
	if (options.timed) {
		const std::chrono::nanoseconds time = std::chrono::steady_clock::now() - begin;

		times_of[fid].push_back((uint32_t)time.count());
	}
	counts_of[fid].made++;
	counts_of[fid].succeeded +=
		regs.x[0] == RMI_SUCCESS || (regs.x[0] & 0xff) == RMI_INCOMPLETE;
	for (i = 5; i < SMC_NUM_REGS; i++)
		if (regs.x[i] != in.x[i] && !rmm_behaves(sys, RMM_BEHAVIOUR_UNUSED_OUTPUTS_ZERO))
			fail("a register above the outputs has changed");
	sabotage_exit(in, &regs);
	check_outputs(in, regs);
	if (options.isolation_every && calls % options.isolation_every == 0)
		check_isolation();
	return regs;
}

void Walk::note_operation(const smc_regs &out)
{
	if ((out.x[0] & 0xff) == RMI_INCOMPLETE)
		operations.push_back({out.x[1], out.x[0] >> 8 & 3,
				      rmi_op_mem_donate_req_count(config.version, out.x[2])});
}

void Walk::write(uint64_t pa, uint64_t value)
{
	if (is_mark(value)) /* the host knows none */
		value = ~value;
	if (rmm_host_write(sys, pa, &value, sizeof(value), nullptr))
		rmm_oracle_note_write(oracle, pa, value);
}

void Walk::write_image(uint64_t pa, const std::vector<uint8_t> &image)
{
	std::vector<uint8_t> old(image.size());

	if (!rmm_host_read(sys, pa, old.data(), old.size(), nullptr))
		return;
	for (size_t at = 0; at + 8 <= image.size(); at += 8) {
		uint64_t value;

		memcpy(&value, &image[at], sizeof(value));
		if (memcmp(&old[at], &image[at], sizeof(value)) != 0)
			write(pa + at, value);
	}
}

/* ---- arguments --------------------------------------------------------------------- */

uint64_t Walk::granule()
{
	if (random.once_in(12))
		return blocks + random.below(num_blocks * block_size / page_size) * page_size;
	return window + random.below(window_pages) * page_size;
}

bool Walk::is_in_state(uint64_t pa, rmm_granule_state state) const
{
	rmm_granule_state found;

	return rmm_granule_state_at(sys, pa, &found) && found == state;
}

uint64_t Walk::granule_in(rmm_granule_state state)
{
	uint64_t pa = granule();

	for (int i = 0; i < 64 && !is_in_state(pa, state); i++)
		pa = granule();
	return pa;
}

/* `count` granules aligned to their size. */
uint64_t Walk::run_in(rmm_granule_state state, uint64_t count)
{
	uint64_t base = window;

	for (int i = 0; i < 64; i++) {
		bool all = true;

		base = window + random.below(window_pages / count) * count * page_size;
		for (uint64_t k = 0; k < count && all; k++)
			all = is_in_state(base + k * page_size, state);
		if (all)
			break;
	}
	return base;
}

uint64_t Walk::page()
{
	return random.once_in(40) ? granule() : scratch + random.below(scratch_pages) * page_size;
}

Walk::Realm *Walk::realm()
{
	Realm *found = nullptr;

	/* Now and then one whose creation has come to nothing. */
	for (int i = 0; i < 4 && !realms.empty(); i++) {
		found = realms[random.below(realms.size())].get();
		if (is_in_state(found->rd, RMM_GRANULE_RD))
			break;
	}
	return found;
}

uint64_t Walk::rd_of(const Realm *r)
{
	return r && !random.once_in(60) ? r->rd : granule();
}

const Walk::Rec *Walk::rec()
{
	const Rec *found = nullptr;

	for (int i = 0; i < 8 && !recs.empty(); i++) {
		found = &recs[random.below(recs.size())];
		if (is_in_state(found->pa, RMM_GRANULE_REC))
			break;
	}
	return found;
}

uint64_t Walk::ipa(const Realm *r, int level, bool protected_half)
{
	const unsigned int width = r ? r->width : 40;
	const uint64_t half = UINT64_C(1) << (width - 1);
	uint64_t at = regions[random.below(4)] % half;

	at += random.below(16) * page_size;
	if (random.once_in(8))
		at += random.below(512) * page_size;
	if (level < 3 && !random.once_in(16))
		at -= at % span(level);
	return protected_half ? at : at + half;
}

/* Now and then an argument is one that a host would not mean. */
uint64_t Walk::spoil(uint64_t value)
{
	if (!random.once_in(40))
		return value;
	switch (random.below(8)) {
	case 0:
		return value + 1;
	case 1:
		return value - page_size;
	case 2:
		return value + page_size;
	case 3:
		return 0;
	case 4:
		return UINT64_MAX;
	case 5:
		return random.next();
	case 6:
		return value ^ (UINT64_C(1) << random.below(64));
	default:
		return granule();
	}
}

/* One range, or a list of its parts; returns what goes into the register. */
uint64_t Walk::address_set(uint64_t pa, uint64_t count, unsigned int size_code, uint64_t state,
			   uint64_t *flags_list_count, bool *list)
{
	const rmm_version v = config.version;
	const uint64_t at = scratch + 7 * page_size + random.below(4) * 64;
	const uint64_t parts = 1 + random.below(3);
	auto range = [&](uint64_t base, uint64_t n) {
		uint64_t desc = rmi_addr_range_desc_with_size(v, 0, size_code);

		desc = rmi_addr_range_desc_with_count(v, desc, n);
		desc = rmi_addr_range_desc_with_addr(v, desc, base >> 12);
		return rmi_addr_range_desc_with_state(v, desc, state);
	};

	*list = random.once_in(3);
	*flags_list_count = 0;
	if (!*list)
		return spoil(range(pa, count));
	*flags_list_count = parts;
	for (uint64_t i = 0; i < parts; i++) {
		const uint64_t n = i + 1 == parts ? count - count / parts * i : count / parts;

		write(at + 8 * i,
		      spoil(range(pa + count / parts * i * span(3 - (int)size_code), n)));
	}
	return spoil(at);
}

/* ---- memory ---------------------------------------------------------------------------- */

void Walk::delegate()
{
	uint64_t base = granule_in(RMM_GRANULE_UNDELEGATED);
	uint64_t size = (1 + random.below(32)) * page_size;

	if (random.once_in(16) && !is_rmi_1()) {
		base = blocks + random.below(num_blocks) * block_size;
		size = block_size;
	}
	if (is_rmi_1())
		delegate_pages(base, size);
	else
		call(FID_RMI_GRANULE_RANGE_DELEGATE, {spoil(base), spoil(base + size)});
}

void Walk::undelegate()
{
	if (is_rmi_1())
		return undelegate_page();
	uint64_t base = granule_in(RMM_GRANULE_DELEGATED);
	uint64_t size = (1 + random.below(4)) * page_size;

	if (random.once_in(8)) {
		base = blocks + random.below(num_blocks) * block_size;
		size = block_size;
	}
	base = spoil(base);
	const smc_regs out = call(FID_RMI_GRANULE_RANGE_UNDELEGATE, {base, spoil(base + size)});
	if (out.x[0] == RMI_SUCCESS)
		check_returned(base, out.x[1]);
}

/* ---- realms ------------------------------------------------------------------------------- */

namespace
{
struct Shape {
	unsigned int width;
	int start;
	uint64_t tables;
};
const Shape shapes[] = {{40, 0, 1}, {39, 1, 1}, {33, 1, 1}, {40, 1, 2},
			{32, 2, 4}, {41, 1, 4}, {48, 0, 1}, {36, 1, 1}};
} // namespace

void Walk::add_script(Realm &r, std::vector<rmm_script_step> steps)
{
	programs.push_back(std::move(steps));
	r.scripts.push_back({programs.back().data(), programs.back().size()});
}

/* What a realm does: memory of its own, calls, and leaving. Marks stay in one register. */
void Walk::make_scripts(Realm &r)
{
	const uint64_t own = mark | r.serial << 32;

	for (int i = 0; i < 8; i++) {
		std::vector<rmm_script_step> steps;
		const unsigned int length = 1 + (unsigned int)random.below(4);

		for (unsigned int reg = first_secret_register; reg <= last_secret_register; reg++) {
			rmm_script_step step = {};

			step.op = RMM_SCRIPT_SET_REG;
			step.reg = (uint8_t)reg;
			step.value = own | (random.next() & 0xffffffff);
			steps.push_back(step);
		}
		for (unsigned int k = 0; k < length; k++) {
			rmm_script_step step = {};
			const uint64_t at = ipa(&r, 3, true);

			step.size = 8;
			step.reg = mark_register;
			step.ipa = at + 8 * random.below(512);
			switch (random.below(9)) {
			case 0:
			case 1:
			case 2:
				step.op = RMM_SCRIPT_STORE_VALUE;
				step.value = own | (random.next() & 0xffffffff);
				break;
			case 3:
			case 4:
				step.op = RMM_SCRIPT_LOAD;
				break;
			case 5: /* asks for a RIPAS change */
				step.op = RMM_SCRIPT_SMC;
				step.num_args = 5;
				step.args[0] = FID_RSI_IPA_STATE_SET;
				step.args[1] = at;
				step.args[2] = at + (1 + random.below(8)) * page_size;
				step.args[3] = random.below(3);
				step.args[4] = random.below(2);
				break;
			case 6:
				step.op = RMM_SCRIPT_SMC;
				step.num_args = 4;
				step.args[0] = random.once_in(4) ? FID_PSCI_AFFINITY_INFO
								 : FID_PSCI_CPU_ON;
				step.args[1] = random.below(3);
				step.args[2] = 0x1000;
				step.args[3] = 0x55;
				break;
			case 7:
				step.op = random.once_in(2) ? RMM_SCRIPT_WFI : RMM_SCRIPT_WFE;
				break;
			default: /* emulated by the host, without a mark */
				step.op = RMM_SCRIPT_LOAD;
				step.reg = 21;
				step.ipa = ipa(&r, 3, false);
				break;
			}
			steps.push_back(step);
		}
		if (random.once_in(12)) {
			rmm_script_step step = {};

			step.op = RMM_SCRIPT_SMC;
			step.num_args = 1;
			step.args[0] = random.once_in(6) ? FID_PSCI_SYSTEM_OFF : FID_PSCI_CPU_OFF;
			steps.push_back(step);
		}
		rmm_script_step last = {};

		last.op = RMM_SCRIPT_WAIT;
		steps.push_back(last);
		add_script(r, std::move(steps));
	}
}

void Walk::realm_create()
{
	const rmm_version v = config.version;
	const Shape shape = shapes[random.below(sizeof(shapes) / sizeof(shapes[0]))];
	std::vector<uint8_t> image(RMI_REALM_PARAMS_SIZE);
	rmi_realm_params params = {};
	const uint64_t rd = spoil(granule_in(RMM_GRANULE_DELEGATED));
	const uint64_t at = page();

	if (realms.size() >= 4 && !random.once_in(20))
		return;
	params.s2sz = shape.width;
	params.num_bps = params.num_wps = 1;
	params.hash_algo = random.once_in(3) ? RMI_HASH_SHA_512 : RMI_HASH_SHA_256;
	params.rtt_base = spoil(run_in(RMM_GRANULE_DELEGATED, shape.tables));
	params.rtt_level_start = shape.start;
	params.rtt_num_start = shape.tables;
	if (random.once_in(16))
		params.s2sz += random.below(4);
	if (random.once_in(24))
		params.hash_algo = random.below(5);
	if (random.once_in(24))
		params.num_bps = random.below(3);
	if (random.once_in(24))
		params.rtt_level_start = (int64_t)random.below(6) - 1;
	if (random.once_in(10))
		params.flags0 = rmi_realm_flags0_with_mec_policy(v, 0, 1);
	if (random.once_in(40))
		params.flags0 = params.flags = random.next();
	params.vmid = random.below(8);
	rmi_realm_params_encode(v, &params, image.data());
	write_image(at, image);
	const smc_regs out = call(FID_RMI_REALM_CREATE, {rd, spoil(at)});
	note_operation(out);
	auto r = std::make_unique<Realm>();

	r->rd = rd;
	r->serial = ++serials & 0xffff;
	r->width = shape.width;
	r->start = shape.start;
	if (out.x[0] == RMI_SUCCESS || (out.x[0] & 0xff) == RMI_INCOMPLETE) {
		make_scripts(*r);
		forget_realm(rd); /* that came to nothing here before */
		realms.push_back(std::move(r));
	}
}

void Walk::realm_activate()
{
	call(FID_RMI_REALM_ACTIVATE, {spoil(rd_of(realm()))});
}

void Walk::realm_terminate()
{
	if (random.once_in(3))
		call(FID_RMI_REALM_TERMINATE, {spoil(rd_of(realm()))});
}

void Walk::realm_destroy()
{
	destroy(spoil(rd_of(realm())));
}

void Walk::destroy(uint64_t rd)
{
	const smc_regs out = call(FID_RMI_REALM_DESTROY, {rd});

	note_operation(out);
	if (out.x[0] == RMI_SUCCESS || (out.x[0] & 0xff) == RMI_INCOMPLETE)
		forget_realm(rd);
}

void Walk::forget_realm(uint64_t rd)
{
	realms.erase(std::remove_if(realms.begin(), realms.end(),
				    [&](const auto &r) { return r->rd == rd; }),
		     realms.end());
}

/* ---- RECs ------------------------------------------------------------------------------------ */

void Walk::rec_create()
{
	Realm *r = realm();

	if (r)
		rec_create_in(r);
}

void Walk::rec_create_in(Realm *r)
{
	const rmm_version v = config.version;
	std::vector<uint8_t> image(RMI_REC_PARAMS_SIZE);
	rmi_rec_params params = {};
	const uint64_t at = page();
	rmm_realm_view view = {};

	rmm_realm_at(sys, r->rd, &view);
	params.flags = !random.once_in(3);
	params.mpidr = spoil(view.num_recs);
	params.pc = 0x1000;
	for (auto &x : params.gprs)
		x = random.next() >> 20;
	if (is_rmi_1())
		name_aux(&params);
	rmi_rec_params_encode(v, &params, image.data());
	write_image(at, image);
	const uint64_t pa = spoil(granule_in(RMM_GRANULE_DELEGATED));
	const smc_regs out = call(FID_RMI_REC_CREATE, {spoil(r->rd), pa, spoil(at)});
	note_operation(out);
	if (out.x[0] != RMI_SUCCESS && (out.x[0] & 0xff) != RMI_INCOMPLETE)
		return;
	rmm_scripts_bind(scripts, r->rd, params.mpidr, &r->scripts[random.below(8)]);
	recs.push_back({pa, r->rd, params.mpidr});
}

void Walk::rec_destroy()
{
	const Rec *r = rec();
	const uint64_t pa = spoil(r ? r->pa : granule());

	note_operation(call(FID_RMI_REC_DESTROY, {pa}));
	forget_recs();
}

/* RECs that are gone. */
void Walk::forget_recs()
{
	recs.erase(std::remove_if(recs.begin(), recs.end(),
				  [&](const Rec &x) {
					  rmm_granule_state state;

					  return rmm_granule_state_at(sys, x.pa, &state) &&
						 state != RMM_GRANULE_REC &&
						 state != RMM_GRANULE_PARTIAL;
				  }),
		   recs.end());
}

/* One draw at a time: what is drawn must not depend on the compiler. */
void Walk::write_ich()
{
	const auto reg = static_cast<rmm_ich_register>(random.below(3));
	uint64_t value = UINT64_C(1) << 60;

	value |= random.below(4) << 62;
	value |= (uint64_t)random.once_in(4) << 61;
	value |= 32 + random.below(2);
	rmm_write_ich(sys, 0, reg, value);
}

void Walk::rec_enter()
{
	const rmm_version v = config.version;
	std::vector<uint8_t> image(RMI_REC_ENTER_SIZE);
	rmi_rec_enter enter = {};
	const Rec *r = rec();
	const uint64_t run = page();
	uint64_t words[page_size / 8];

	if (!r || (!is_in_state(r->pa, RMM_GRANULE_REC) && !random.once_in(8)))
		return;
	for (const auto &x : realms)
		if (x->rd == r->rd && random.once_in(2))
			rmm_scripts_bind(scripts, r->rd, r->mpidr, &x->scripts[random.below(8)]);
	if (random.once_in(6))
		enter.flags = rmi_rec_enter_flags_with_emul_mmio(v, 0, 1);
	if (random.once_in(12))
		enter.flags = rmi_rec_enter_flags_with_inject_sea(v, enter.flags, 1);
	if (random.once_in(6))
		enter.flags = rmi_rec_enter_flags_with_ripas_response(v, enter.flags, 1);
	if (random.once_in(4))
		enter.flags = rmi_rec_enter_flags_with_trap_wfi(v, enter.flags, 1);
	enter.gprs[0] = random.next() >> 32;
	if (is_rmi_1())
		fill_list_registers(&enter);
	rmi_rec_enter_encode(v, &enter, image.data());
	write_image(run, image);
	const Rec copy = *r;
	const uint64_t pa = spoil(copy.pa);
	rmm_set_irq(sys, 0, random.once_in(8));
	if (random.once_in(8))
		write_ich();
	else if (random.once_in(4))
		for (unsigned int i = 0; i < 3; i++)
			rmm_write_ich(sys, 0, static_cast<rmm_ich_register>(i), 0);
	const smc_regs out = call(FID_RMI_REC_ENTER, {pa, spoil(run)});
	rmm_set_irq(sys, 0, false);
	check_registers(copy);
	if (out.x[0] == RMI_SUCCESS && !random.once_in(4))
		answer_exit(copy, run);
	if (!rmm_host_read(sys, run, words, sizeof(words), nullptr))
		return;
	for (uint64_t word : words)
		if (is_mark(word))
			fail("a REC exit shows what a realm wrote");
}

/* What the REC has asked for, as a host means it. */
void Walk::answer_exit(const Rec &from, uint64_t run)
{
	const rmm_version v = config.version;
	const rmm_abi_command *psci = rmm_abi_command_by_id(v, RMM_CMD_RMI_PSCI_COMPLETE);
	uint8_t image[RMI_REC_EXIT_SIZE];
	rmi_rec_exit exit = {};

	if (!rmm_host_read(sys, run + RMI_REC_ENTER_SIZE, image, sizeof(image), nullptr))
		return;
	rmi_rec_exit_decode(v, image, &exit);
	if (exit.exit_reason == RMI_EXIT_RIPAS_CHANGE)
		call(FID_RMI_RTT_SET_RIPAS, {from.rd, from.pa, exit.ripas_base, exit.ripas_top});
	if (exit.exit_reason != RMI_EXIT_PSCI || !psci)
		return;
	const uint64_t status = random.once_in(6) ? (uint64_t)-3 : 0;
	for (const Rec &target : std::vector<Rec>(recs)) {
		if (target.rd != from.rd || target.mpidr != exit.gprs[1])
			continue;
		if (psci->num_inputs == 3)
			call(FID_RMI_PSCI_COMPLETE, {from.pa, target.pa, status});
		else
			call(FID_RMI_PSCI_COMPLETE, {from.pa, status});
		return;
	}
}

void Walk::psci_complete()
{
	const Rec *calling = rec();
	const Rec *target = rec();
	const rmm_abi_command *form =
		rmm_abi_command_by_id(config.version, RMM_CMD_RMI_PSCI_COMPLETE);
	const uint64_t status = random.once_in(4) ? (uint64_t)-3 : 0;

	if (!calling || !form)
		return;
	if (form->num_inputs == 3)
		call(FID_RMI_PSCI_COMPLETE, {spoil(calling->pa), spoil(target->pa), spoil(status)});
	else
		call(FID_RMI_PSCI_COMPLETE, {spoil(calling->pa), spoil(status)});
}

/* ---- stateful operations ------------------------------------------------------------------------
 */

void Walk::operation()
{
	const rmm_version v = config.version;
	const uint64_t list = scratch + 6 * page_size;
	smc_regs out = {};

	if (operations.empty()) {
		if (random.once_in(8))
			call(FID_RMI_OP_CONTINUE, {random.below(4), 0});
		return;
	}
	const size_t i = random.below(operations.size());
	Operation &op = operations[i];
	if (random.once_in(24)) {
		out = call(FID_RMI_OP_CANCEL, {spoil(op.handle)});
	} else if (op.mem == RMI_OP_MEM_REQ_DONATE && !random.once_in(16)) {
		const uint64_t n = random.once_in(2) ? op.count : 1 + random.below(4);

		for (uint64_t k = 0; k < n; k++) {
			uint64_t desc = rmi_addr_range_desc_with_count(v, 0, 1);
			const uint64_t pa = granule_in(RMM_GRANULE_DELEGATED);

			desc = rmi_addr_range_desc_with_addr(v, desc, pa >> 12);
			write(list + 8 * k, spoil(desc));
		}
		out = call(FID_RMI_OP_MEM_DONATE, {spoil(op.handle), spoil(list), spoil(n)});
	} else if (op.mem == RMI_OP_MEM_REQ_RECLAIM && !random.once_in(16)) {
		out = call(FID_RMI_OP_MEM_RECLAIM,
			   {spoil(op.handle), spoil(list), random.below(20)});
	} else {
		out = call(FID_RMI_OP_CONTINUE, {spoil(op.handle), 0});
	}
	if ((out.x[0] & 0xff) == RMI_INCOMPLETE) {
		op.mem = out.x[0] >> 8 & 3;
		op.count = rmi_op_mem_donate_req_count(v, out.x[2]);
	}
	/* Handles that are over stay now and then: the next use is a mistake. */
	if (rmm_num_operations(sys) < operations.size() && !random.once_in(8))
		operations.erase(operations.begin() + (long)i);
}

/* An operation as a host means it, to its end. */
void Walk::finish_operation()
{
	const rmm_version v = config.version;
	const uint64_t list = scratch + 6 * page_size;

	for (int i = 0; i < 40 && !operations.empty(); i++) {
		Operation &op = operations.back();
		smc_regs out;

		if (op.mem == RMI_OP_MEM_REQ_DONATE) {
			uint64_t desc = rmi_addr_range_desc_with_count(v, 0, 1);

			desc = rmi_addr_range_desc_with_addr(
				v, desc, granule_in(RMM_GRANULE_DELEGATED) >> 12);
			write(list, desc);
			out = call(FID_RMI_OP_MEM_DONATE, {op.handle, list, 1});
		} else if (op.mem == RMI_OP_MEM_REQ_RECLAIM) {
			out = call(FID_RMI_OP_MEM_RECLAIM, {op.handle, list, 16});
		} else {
			out = call(FID_RMI_OP_CONTINUE, {op.handle, 0});
		}
		if ((out.x[0] & 0xff) != RMI_INCOMPLETE) {
			operations.pop_back();
			return;
		}
		op.mem = out.x[0] >> 8 & 3;
		op.count = rmi_op_mem_donate_req_count(v, out.x[2]);
	}
}

/* All that a new realm needs to run, as a host means it: tables, memory, a REC. */
void Walk::furnish()
{
	Realm *r = realm();
	const uint64_t base = ipa(r, 2, true) & ~(block_size - 1);
	rmm_realm_view view;

	if (!r || !rmm_realm_at(sys, r->rd, &view) || view.state != RMM_REALM_NEW)
		return;
	/* Contexts are few: what others have left open would block the REC. */
	for (size_t n = operations.size(); n; n--)
		finish_operation();
	forget_recs();
	for (int i = 0; i < 4; i++) {
		const uint64_t free = granule_in(RMM_GRANULE_UNDELEGATED);

		if (is_rmi_1())
			delegate_pages(free, 16 * page_size);
		else
			call(FID_RMI_GRANULE_RANGE_DELEGATE, {free, free + 16 * page_size});
	}
	for (int level = r->start + 1; level <= 3; level++)
		call(FID_RMI_RTT_CREATE, {r->rd, granule_in(RMM_GRANULE_DELEGATED),
					  base & ~(span(level - 1) - 1), (uint64_t)level});
	call(FID_RMI_RTT_INIT_RIPAS, {r->rd, base, base + 16 * page_size});
	for (uint64_t i = 0; i < 4; i++)
		call(FID_RMI_RTT_DATA_MAP_INIT, {r->rd, granule_in(RMM_GRANULE_DELEGATED),
						 base + i * page_size, page(), i % 2});
	for (uint64_t i = 4; i < 16; i++)
		map_page(*r, base + i * page_size);
	share_pages(*r, base);
	for (int i = 0; i < 2; i++) {
		const size_t open = operations.size();

		rec_create_in(r);
		if (operations.size() > open)
			finish_operation();
	}
	call(FID_RMI_REALM_ACTIVATE, {r->rd});
}

/* The same addresses in the other half, with memory of the host behind some of them. */
void Walk::share_pages(const Realm &r, uint64_t base)
{
	const rmm_version v = config.version;
	const uint64_t at = base + (UINT64_C(1) << (r.width - 1));

	for (int level = r.start + 1; level <= 3; level++)
		call(FID_RMI_RTT_CREATE, {r.rd, granule_in(RMM_GRANULE_DELEGATED),
					  at & ~(span(level - 1) - 1), (uint64_t)level});
	if (is_rmi_1())
		return;
	for (uint64_t i = 0; i < 8; i++) {
		uint64_t desc = rmi_addr_range_desc_with_count(v, 0, 1);
		uint64_t flags =
			rmi_rtt_unprot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE);

		desc = rmi_addr_range_desc_with_addr(v, desc, page() >> 12);
		desc = rmi_addr_range_desc_with_state(v, desc, RMI_OP_MEM_UNDELEGATED);
		flags = rmi_rtt_unprot_map_flags_with_memattr(v, flags, 6);
		flags = rmi_rtt_unprot_map_flags_with_s2ap(v, flags, 3);
		call(FID_RMI_RTT_UNPROT_MAP,
		     {r.rd, at + i * page_size, at + (i + 1) * page_size, flags, desc});
	}
}

/* The end of a realm, as a host means it. */
void Walk::retire()
{
	Realm *r = realm();

	if (!r || !is_in_state(r->rd, RMM_GRANULE_RD))
		return;
	const uint64_t rd = r->rd;
	call(FID_RMI_REALM_TERMINATE, {rd});
	for (const Rec &x : std::vector<Rec>(recs)) {
		const size_t open = operations.size();

		if (x.rd != rd)
			continue;
		note_operation(call(FID_RMI_REC_DESTROY, {x.pa}));
		if (operations.size() > open)
			finish_operation();
	}
	forget_recs();
	for (uint64_t base : regions) {
		const uint64_t half = UINT64_C(1) << (r->width - 1);

		if (is_rmi_1())
			destroy_data_range(rd, base % half, base % half + block_size);
		else
			call(FID_RMI_RTT_DATA_UNMAP,
			     {rd, base % half, base % half + block_size, 0, 0});
		for (int level = 3; level > r->start; level--) {
			const uint64_t at = base % half & ~(span(level - 1) - 1);

			call(FID_RMI_RTT_DESTROY, {rd, at, (uint64_t)level});
			call(FID_RMI_RTT_DESTROY, {rd, at + half, (uint64_t)level});
		}
	}
	destroy(rd);
}

/* ---- tables
 * ---------------------------------------------------------------------------------------- */

void Walk::rtt_create()
{
	const Realm *r = realm();
	const int level = 1 + (int)random.below(3);
	const bool half = !random.once_in(4);

	note_operation(
		call(FID_RMI_RTT_CREATE, {spoil(rd_of(r)), spoil(granule_in(RMM_GRANULE_DELEGATED)),
					  spoil(ipa(r, level - 1, half)), spoil((uint64_t)level)}));
}

void Walk::rtt_destroy()
{
	const Realm *r = realm();
	const int level = 1 + (int)random.below(3);

	note_operation(call(FID_RMI_RTT_DESTROY,
			    {spoil(rd_of(r)), spoil(ipa(r, level - 1, !random.once_in(4))),
			     spoil((uint64_t)level)}));
}

void Walk::rtt_fold()
{
	const Realm *r = realm();
	const int level = 1 + (int)random.below(3);

	note_operation(call(FID_RMI_RTT_FOLD,
			    {spoil(rd_of(r)), spoil(ipa(r, level - 1, !random.once_in(4))),
			     spoil((uint64_t)level)}));
}

void Walk::read_entry()
{
	const Realm *r = realm();
	const int level = (int)random.below(4);

	call(FID_RMI_RTT_READ_ENTRY,
	     {spoil(rd_of(r)), spoil(ipa(r, level, !random.once_in(3))), spoil((uint64_t)level)});
}

void Walk::init_ripas()
{
	const Realm *r = realm();
	const uint64_t base = ipa(r, 3, true);
	const uint64_t size = random.once_in(3) ? block_size : (1 + random.below(16)) * page_size;

	call(FID_RMI_RTT_INIT_RIPAS, {spoil(rd_of(r)), spoil(base), spoil(base + size)});
}

/* What a REC asked for, or nearly. */
void Walk::set_ripas()
{
	const rmm_version v = config.version;
	const Rec *r = rec();
	uint8_t image[RMI_REC_EXIT_SIZE];
	rmi_rec_exit exit = {};

	if (!r)
		return;
	if (rmm_host_read(sys,
			  scratch + random.below(scratch_pages) * page_size + RMI_REC_ENTER_SIZE,
			  image, sizeof(image), nullptr))
		rmi_rec_exit_decode(v, image, &exit);
	if (exit.ripas_base >= exit.ripas_top && !random.once_in(8))
		return;
	call(FID_RMI_RTT_SET_RIPAS,
	     {spoil(r->rd), spoil(r->pa), spoil(exit.ripas_base), spoil(exit.ripas_top)});
}

/* ---- mappings
 * ------------------------------------------------------------------------------------------ */

void Walk::map_init()
{
	const Realm *r = realm();

	note_operation(call(FID_RMI_RTT_DATA_MAP_INIT,
			    {spoil(rd_of(r)), spoil(granule_in(RMM_GRANULE_DELEGATED)),
			     spoil(ipa(r, 3, true)), spoil(page()), spoil(random.below(2))}));
}

void Walk::data_map()
{
	const rmm_version v = config.version;
	const Realm *r = realm();
	if (is_rmi_1())
		return create_unknown(r, ipa(r, 3, true));
	const bool block = random.once_in(6);
	const uint64_t n = block ? 1 : 1 + random.below(4);
	const uint64_t pa = block ? blocks + random.below(num_blocks) * block_size
				  : granule_in(RMM_GRANULE_DELEGATED);
	const uint64_t base = ipa(r, block ? 2 : 3, true);
	uint64_t list_count = 0;
	bool list = false;
	const uint64_t oaddr =
		address_set(pa, n, block ? 1 : 0, RMI_OP_MEM_DELEGATED, &list_count, &list);
	uint64_t flags = rmi_rtt_prot_map_flags_with_oaddr_type(
		v, 0, list ? RMI_ADDR_TYPE_LIST : RMI_ADDR_TYPE_SINGLE);

	flags = rmi_rtt_prot_map_flags_with_list_count(v, flags, list_count);
	note_operation(call(FID_RMI_RTT_DATA_MAP,
			    {spoil(rd_of(r)), spoil(base), spoil(base + n * span(block ? 2 : 3)),
			     spoil(flags), oaddr}));
}

void Walk::data_unmap()
{
	const rmm_version v = config.version;
	const Realm *r = realm();
	if (is_rmi_1())
		return destroy_data(r, ipa(r, 3, true));
	const bool large = random.once_in(3);
	const uint64_t base = ipa(r, large ? 2 : 3, true);
	const uint64_t size = large ? block_size : (1 + random.below(8)) * page_size;
	const uint64_t type = random.below(3);
	uint64_t flags = rmi_rtt_unmap_flags_with_oaddr_type(v, 0, type);
	uint64_t oaddr = 0;

	if (type == RMI_ADDR_TYPE_LIST) {
		flags = rmi_rtt_unmap_flags_with_list_count(v, flags, random.below(8));
		oaddr = scratch + 7 * page_size;
	}
	note_operation(
		call(FID_RMI_RTT_DATA_UNMAP, {spoil(rd_of(r)), spoil(base), spoil(base + size),
					      spoil(flags), spoil(oaddr)}));
}

void Walk::unprot_map()
{
	if (is_rmi_1())
		return map_unprotected();
	const rmm_version v = config.version;
	const Realm *r = realm();
	const bool block = random.once_in(6);
	const uint64_t n = block ? 1 : 1 + random.below(4);
	const uint64_t base = ipa(r, block ? 2 : 3, false);
	const uint64_t pa = block ? dram + 0x800000 : scratch + random.below(4) * page_size;
	uint64_t list_count = 0;
	bool list = false;
	const uint64_t oaddr =
		address_set(pa, n, block ? 1 : 0, RMI_OP_MEM_UNDELEGATED, &list_count, &list);
	uint64_t flags = rmi_rtt_unprot_map_flags_with_oaddr_type(
		v, 0, list ? RMI_ADDR_TYPE_LIST : RMI_ADDR_TYPE_SINGLE);

	flags = rmi_rtt_unprot_map_flags_with_list_count(v, flags, list_count);
	flags = rmi_rtt_unprot_map_flags_with_memattr(v, flags, 5 + random.below(3));
	flags = rmi_rtt_unprot_map_flags_with_s2ap(v, flags, random.below(4));
	note_operation(call(FID_RMI_RTT_UNPROT_MAP,
			    {spoil(rd_of(r)), spoil(base), spoil(base + n * span(block ? 2 : 3)),
			     spoil(flags), oaddr}));
}

void Walk::unprot_unmap()
{
	if (is_rmi_1())
		return unmap_unprotected();
	const rmm_version v = config.version;
	const Realm *r = realm();
	const uint64_t base = ipa(r, 3, false);
	const uint64_t type = random.below(3);
	uint64_t flags = rmi_rtt_unmap_flags_with_oaddr_type(v, 0, type);
	uint64_t oaddr = 0;

	if (type == RMI_ADDR_TYPE_LIST) {
		flags = rmi_rtt_unmap_flags_with_list_count(v, flags, random.below(8));
		oaddr = scratch + 7 * page_size;
	}
	note_operation(
		call(FID_RMI_RTT_UNPROT_UNMAP,
		     {spoil(rd_of(r)), spoil(base), spoil(base + (1 + random.below(8)) * page_size),
		      spoil(flags), spoil(oaddr)}));
}

void Walk::map_page(const Realm &r, uint64_t at)
{
	if (is_rmi_1())
		return create_unknown(&r, at);
	const rmm_version v = config.version;
	const uint64_t pa = granule_in(RMM_GRANULE_DELEGATED);
	uint64_t desc = rmi_addr_range_desc_with_count(v, 0, 1);

	desc = rmi_addr_range_desc_with_addr(v, desc, pa >> 12);
	call(FID_RMI_RTT_DATA_MAP,
	     {r.rd, at, at + page_size,
	      rmi_rtt_prot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE), desc});
}

/* A whole table of pages out of one block of memory, so that it can be folded. */
void Walk::fill_table()
{
	const rmm_version v = config.version;
	const Realm *r = realm();
	const uint64_t base = ipa(r, 2, true);
	const uint64_t pa = blocks + random.below(num_blocks) * block_size;
	uint64_t desc = rmi_addr_range_desc_with_count(v, 0, 512);

	if (!r)
		return;
	if (is_rmi_1())
		return fill_table_by_page(*r, base, pa);
	desc = rmi_addr_range_desc_with_addr(v, desc, pa >> 12);
	call(FID_RMI_RTT_DATA_MAP,
	     {r->rd, base, base + block_size,
	      rmi_rtt_prot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE), desc});
	call(FID_RMI_RTT_FOLD, {r->rd, base, 3});
}

/* ---- the rest
 * ------------------------------------------------------------------------------------------- */

void Walk::queries()
{
	switch (random.below(6)) {
	case 0:
		call(FID_RMI_VERSION, {spoil(0x20000)});
		break;
	case 1:
		call(FID_RMI_FEATURES, {spoil(random.below(6))});
		break;
	case 2:
		call(FID_RMI_RMM_CONFIG_GET, {spoil(page())});
		break;
	case 3:
		call(FID_RMI_RMM_CONFIG_SET, {spoil(page())});
		break;
	case 4:
		call(FID_RMI_GPT_L1_CREATE, {spoil(random.below(40) << 30)});
		break;
	default:
		call(FID_RMI_GRANULE_TRACKING_GET,
		     {spoil(random.below(2) ? dram : granule()), spoil(dram + 0x20000000)});
		break;
	}
}

/* Any identifier with any arguments. */
void Walk::anything()
{
	const uint32_t fid = 0xc4000150u + (uint32_t)random.below(0x100);

	/* Untracking the memory would end the walk. */
	if (fid == FID_RMI_GRANULE_TRACKING_SET || fid == FID_RMI_RMM_DEACTIVATE)
		return;
	note_operation(call(fid, {granule(), granule(), random.below(4), granule(), 0}));
}

const std::vector<Walk::Choice> Walk::choices = {
	{30, &Walk::delegate},         {12, &Walk::undelegate},
	{12, &Walk::realm_create},     {3, &Walk::realm_activate},
	{1, &Walk::realm_terminate},   {4, &Walk::realm_destroy},
	{10, &Walk::rec_create},       {2, &Walk::rec_destroy},
	{40, &Walk::rec_enter},        {6, &Walk::psci_complete},
	{40, &Walk::operation},        {40, &Walk::rtt_create},
	{10, &Walk::rtt_destroy},      {12, &Walk::rtt_fold},
	{20, &Walk::read_entry},       {12, &Walk::init_ripas},
	{12, &Walk::set_ripas},        {16, &Walk::map_init},
	{40, &Walk::data_map},         {24, &Walk::data_unmap},
	{24, &Walk::unprot_map},       {12, &Walk::unprot_unmap},
	{4, &Walk::fill_table},        {6, &Walk::queries},
	{2, &Walk::anything},          {8, &Walk::taint},
	{8, &Walk::furnish},           {2, &Walk::retire},
	{10, &Walk::finish_operation},
};

Walk::Walk(const WalkOptions &walk_options) : options(walk_options), random(walk_options.seed)
{
	rmm_oracle_options oracle_options = rmm_oracle_options_default();
	rmm_error error = {};

	config = recorded_machine(options.version, options.profile);
	config.seed = options.seed;
	config.sro_contexts = 4;
	if (is_rmi_1())
		config.rec_aux_granules = 3;
	rmm_scripts_create(&scripts);
	config.guest = rmm_scripts_ops();
	config.guest_machine = scripts;
	if (options.fetches)
		options.fetches->join(&config);
	if (rmm_system_create(&config, &sys, &error))
		fail(error.text);
	if (options.fetches)
		options.fetches->watch(sys);
	oracle_options.deep_every = options.deep_every;
	oracle_options.invariants_every = options.invariants_every;
	oracle_options.keep_log = !options.log_path.empty();
	oracle_options.log_path = options.log_path.empty() ? nullptr : options.log_path.c_str();
	if (sys)
		oracle = rmm_oracle_create(sys, &oracle_options);
	if (sys && options.judged)
		rmm_tlb_lint_begin(sys, on_tlb_finding, this);
	for (const Choice &choice : choices)
		total_weight += choice.weight;
}

void Walk::on_tlb_finding(void *ctx, const rmm_tlb_finding *finding)
{
	char text[512];

	rmm_tlb_finding_text(finding, text, sizeof(text));
	static_cast<Walk *>(ctx)->fail(text);
}

Walk::~Walk()
{
	rmm_oracle_destroy(oracle);
	rmm_system_destroy(sys);
	rmm_scripts_destroy(scripts);
}

bool Walk::run()
{
	while (wrong.empty() && calls < options.calls) {
		unsigned int n = (unsigned int)random.below(total_weight);

		for (const Choice &choice : choices) {
			if (n < choice.weight) {
				(this->*choice.step)();
				break;
			}
			n -= choice.weight;
		}
	}
	if (wrong.empty())
		check_isolation();
	return wrong.empty();
}
