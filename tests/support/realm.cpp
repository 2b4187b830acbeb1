/* SPDX-License-Identifier: BSD-3-Clause */
#include "realm.h"

#include <algorithm>

namespace conformance
{
namespace
{

constexpr uint64_t kExitOffset = RMI_REC_ENTER_SIZE;
constexpr uint64_t kEntryPc = 0x10000;
constexpr uint64_t kMemattrNormal = 6; /* write-back, FEAT_S2FWB */

} // namespace

/* The stage 2 bits: MemAttr at 4:2, S2AP at 7:6 with read below write. */
uint64_t unprotected_desc(uint64_t pa, uint64_t s2ap, uint64_t memattr)
{
	const uint64_t read = s2ap >> 1 & 1;
	const uint64_t write = s2ap & 1;

	return pa | memattr << 2 | read << 6 | write << 7;
}

/* ---- realm ------------------------------------------------------------------------- */

rmi_realm_params RealmPlan::usual()
{
	rmi_realm_params params = {};

	params.s2sz = 40;
	params.num_bps = 1;
	params.num_wps = 1;
	params.hash_algo = RMI_HASH_SHA_256;
	params.rtt_level_start = 1;
	params.rtt_num_start = 2;
	return params;
}

RealmPlan Realm::plan(Machine &m, rmi_realm_params params)
{
	RealmPlan plan;
	const uint64_t size = params.rtt_num_start * kPage;

	plan.params = params;
	plan.params.rtt_base = m.granules(params.rtt_num_start, size);
	plan.params.vmid = m.new_vmid();
	plan.rd = m.granules();
	plan.params_ptr = m.host_pages();
	write_params(m, plan);
	return plan;
}

void Realm::write_params(Machine &m, const RealmPlan &plan)
{
	std::array<uint8_t, RMI_REALM_PARAMS_SIZE> image{};

	rmi_realm_params_encode(m.version(), &plan.params, image.data());
	m.write(plan.params_ptr, image.data(), image.size());
}

Realm::Realm(Machine &m, const RealmPlan &plan) : m_(&m), plan_(plan)
{
	m.must(RMM_CMD_RMI_REALM_CREATE, {plan.rd, plan.params_ptr});
}

rmm_realm_view Realm::view() const
{
	rmm_realm_view view{};

	if (!rmm_realm_at(m_->sys(), rd(), &view))
		throw std::runtime_error("the realm is gone");
	return view;
}

void Realm::activate()
{
	m_->must(RMM_CMD_RMI_REALM_ACTIVATE, {rd()});
}

void Realm::terminate()
{
	if (!m_->is_rmi_1())
		m_->must(RMM_CMD_RMI_REALM_TERMINATE, {rd()});
}

uint64_t Realm::create_table(uint64_t ipa, int level)
{
	const uint64_t rtt = m_->granules();
	const uint64_t base = ipa & ~(span(level - 1) - 1);

	m_->must(RMM_CMD_RMI_RTT_CREATE, {rd(), rtt, base, static_cast<uint64_t>(level)});
	tables_.insert({base, level});
	return rtt;
}

void Realm::tables_to(uint64_t ipa, int level)
{
	for (int l = static_cast<int>(plan_.params.rtt_level_start) + 1; l <= level; l++)
		if (!tables_.count({ipa & ~(span(l - 1) - 1), l}))
			create_table(ipa, l);
}

/* 1.0 maps pages; a block is what pages are folded to. */
void Realm::map_pages(uint64_t ipa, uint64_t pa, int level)
{
	if (level < 2)
		throw std::runtime_error("a block of that size takes too many pages");
	tables_to(ipa, 3);
	for (uint64_t at = 0; at < span(level); at += kPage)
		m_->must(RMM_CMD_RMI_DATA_CREATE_UNKNOWN, {rd(), pa + at, ipa + at});
	if (level == 3)
		return;
	m_->must(RMM_CMD_RMI_RTT_FOLD, {rd(), ipa, 3});
	tables_.erase({ipa, 3});
}

void Realm::map_at(uint64_t ipa, uint64_t pa, int level)
{
	const rmm_version v = m_->version();

	if (m_->is_rmi_1())
		return map_pages(ipa, pa, level);
	const uint64_t flags = rmi_rtt_prot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE);

	tables_to(ipa, level);
	m_->must(RMM_CMD_RMI_RTT_DATA_MAP,
		 {rd(), ipa, ipa + span(level), flags, range_desc(v, pa, 1, level)});
}

uint64_t Realm::map(uint64_t ipa, int level)
{
	const uint64_t pa = m_->granules(span(level) / kPage, span(level));

	map_at(ipa, pa, level);
	return pa;
}

uint64_t Realm::map_init(uint64_t ipa)
{
	const uint64_t pa = m_->granules();

	tables_to(ipa, 3);
	m_->must(m_->is_rmi_1() ? RMM_CMD_RMI_DATA_CREATE : RMM_CMD_RMI_RTT_DATA_MAP_INIT,
		 {rd(), pa, ipa, m_->host_pages(), 0});
	return pa;
}

void Realm::unmap(uint64_t ipa, int level)
{
	if (m_->is_rmi_1()) {
		if (level != 3)
			throw std::runtime_error("1.0 unmaps pages only");
		m_->must(RMM_CMD_RMI_DATA_DESTROY, {rd(), ipa});
		return;
	}
	const uint64_t flags =
		rmi_rtt_unmap_flags_with_oaddr_type(m_->version(), 0, RMI_ADDR_TYPE_NONE);

	m_->must(RMM_CMD_RMI_RTT_DATA_UNMAP, {rd(), ipa, ipa + span(level), flags, 0});
}

void Realm::map_unprotected(uint64_t ipa, uint64_t pa, int level, uint64_t s2ap)
{
	const rmm_version v = m_->version();
	uint64_t flags = rmi_rtt_unprot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE);

	if (m_->is_rmi_1()) {
		tables_to(ipa, level);
		m_->must(RMM_CMD_RMI_RTT_MAP_UNPROTECTED,
			 {rd(), ipa, static_cast<uint64_t>(level), unprotected_desc(pa, s2ap)});
		return;
	}
	flags = rmi_rtt_unprot_map_flags_with_memattr(v, flags, kMemattrNormal);
	flags = rmi_rtt_unprot_map_flags_with_s2ap(v, flags, s2ap);
	tables_to(ipa, level);
	m_->must(RMM_CMD_RMI_RTT_UNPROT_MAP, {rd(), ipa, ipa + span(level), flags,
					      range_desc(v, pa, 1, level, RMI_OP_MEM_UNDELEGATED)});
}

void Realm::init_ripas(uint64_t base, uint64_t top)
{
	while (base < top)
		base = m_->must(RMM_CMD_RMI_RTT_INIT_RIPAS, {rd(), base, top}).x[1];
}

Realm::Entry Realm::entry(uint64_t ipa, int level)
{
	const Answer a =
		m_->must(RMM_CMD_RMI_RTT_READ_ENTRY, {rd(), ipa, static_cast<uint64_t>(level)});

	return {static_cast<int>(static_cast<int64_t>(a.x[1])), a.x[2], a.x[3], a.x[4]};
}

/* ---- REC ------------------------------------------------------------------------------ */

RecPlan Rec::plan(Machine &m, uint64_t mpidr, bool runnable)
{
	RecPlan plan;

	plan.params.flags = rmi_rec_create_flags_with_runnable(m.version(), 0, runnable);
	plan.params.mpidr = mpidr;
	plan.params.pc = kEntryPc;
	plan.rec = m.granules();
	if (m.is_rmi_1()) {
		plan.params.num_aux = m.rec_aux_granules();
		for (unsigned i = 0; i < m.rec_aux_granules(); i++)
			plan.params.aux[i] = m.granules();
	}
	plan.params_ptr = m.host_pages();
	write_params(m, plan);
	return plan;
}

void Rec::write_params(Machine &m, const RecPlan &plan)
{
	std::array<uint8_t, RMI_REC_PARAMS_SIZE> image{};

	rmi_rec_params_encode(m.version(), &plan.params, image.data());
	m.write(plan.params_ptr, image.data(), image.size());
}

Rec::Rec(Machine &m, const Realm &realm, uint64_t mpidr, bool runnable)
	: m_(&m), rd_(realm.rd()), plan_(plan(m, mpidr, runnable)), run_page_(m.host_pages())
{
	runs({});
	m.must(RMM_CMD_RMI_REC_CREATE, {rd_, plan_.rec, plan_.params_ptr});
}

rmm_rec_view Rec::view() const
{
	rmm_rec_view view{};

	if (!rmm_rec_at(m_->sys(), pa(), &view))
		throw std::runtime_error("the REC is gone");
	return view;
}

void Rec::runs(std::vector<rmm_script_step> steps)
{
	if (rmm_scripts_bind(m_->scripts(), rd_, plan_.params.mpidr, m_->keep(std::move(steps))))
		throw std::runtime_error("out of memory");
}

rmm_script_status Rec::script_status() const
{
	rmm_script_status status{};

	rmm_scripts_status(m_->scripts(), rd_, plan_.params.mpidr, &status);
	return status;
}

void Rec::write_enter(uint64_t flags, const std::vector<uint64_t> &gprs)
{
	std::array<uint8_t, RMI_REC_ENTER_SIZE> image{};
	rmi_rec_enter enter = {};

	enter.flags = flags;
	std::copy(gprs.begin(), gprs.end(), enter.gprs);
	rmi_rec_enter_encode(m_->version(), &enter, image.data());
	m_->write(run_page_, image.data(), image.size());
}

rmi_rec_exit Rec::read_exit() const
{
	const std::vector<uint8_t> image = m_->read(run_page_ + kExitOffset, RMI_REC_EXIT_SIZE);
	rmi_rec_exit exit = {};

	rmi_rec_exit_decode(m_->version(), image.data(), &exit);
	return exit;
}

Exit Rec::enter(uint64_t flags, const std::vector<uint64_t> &gprs, unsigned pe)
{
	write_enter(flags, gprs);
	const Answer answer = m_->call(RMM_CMD_RMI_REC_ENTER, {pa(), run_page_}, pe);
	return {answer, read_exit()};
}

Exit Rec::run(uint64_t flags, const std::vector<uint64_t> &gprs)
{
	const Exit exit = enter(flags, gprs);

	if (exit.answer.x[0])
		throw std::runtime_error("setting the scene failed: RMI_REC_ENTER answers " +
					 describe(exit.answer));
	return exit;
}

Exit Rec::calls(const std::vector<uint64_t> &x)
{
	runs({smc(x)});
	return run();
}

/* ---- steps -------------------------------------------------------------------------------- */

rmm_script_step step(rmm_script_op op)
{
	rmm_script_step s = {};

	s.op = op;
	return s;
}

rmm_script_step smc(const std::vector<uint64_t> &x)
{
	rmm_script_step s = step(RMM_SCRIPT_SMC);

	s.num_args = static_cast<uint8_t>(x.size());
	std::copy(x.begin(), x.end(), s.args);
	return s;
}

rmm_script_step load(uint64_t ipa, uint8_t reg, uint8_t size)
{
	rmm_script_step s = step(RMM_SCRIPT_LOAD);

	s.ipa = ipa;
	s.reg = reg;
	s.size = size;
	return s;
}

rmm_script_step store(uint64_t ipa, uint64_t value, uint8_t reg, uint8_t size)
{
	rmm_script_step s = step(RMM_SCRIPT_STORE_VALUE);

	s.ipa = ipa;
	s.value = value;
	s.reg = reg;
	s.size = size;
	return s;
}

rmm_script_step fetch(uint64_t ipa)
{
	rmm_script_step s = step(RMM_SCRIPT_FETCH);

	s.ipa = ipa;
	s.size = 4;
	return s;
}

uint64_t enter_flags(rmm_version version, bool emul_mmio, bool inject_sea)
{
	const uint64_t flags = rmi_rec_enter_flags_with_emul_mmio(version, 0, emul_mmio);

	return rmi_rec_enter_flags_with_inject_sea(version, flags, inject_sea);
}

} // namespace conformance
