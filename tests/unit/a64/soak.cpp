/* SPDX-License-Identifier: BSD-3-Clause */
#include "soak.hpp"

#include <unistd.h>

#include <chrono>
#include <cstdio>
#include <cstring>
#include <memory>
#include <stdexcept>
#include <vector>

#include "rmmsim/a64.h"
#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/realm.h"
#include "rmmsim/host/run.h"

extern "C" {
#include "guest_image.h"
}

namespace soak
{
namespace
{

constexpr uint64_t kPage = 4096;
constexpr uint64_t kMiB = UINT64_C(1) << 20;

/* What the guest finds: traces/guests/soak.S. */
constexpr uint64_t kRam = 0x10000000;
constexpr uint64_t kRamSize = 2 * kMiB;
constexpr unsigned kArenaPages = 32;
constexpr uint64_t kArenas = kRam + kRamSize - kRecs * kArenaPages * kPage;
constexpr unsigned kWindowPages = 4 * kRecs;
constexpr uint64_t kWindowOffset = 0x10000000;
constexpr uint64_t kDeviceOffset = 0x09000000;
constexpr uint64_t kDeviceWords = 0x100;
constexpr uint16_t kCallEcho = 16;
constexpr uint16_t kCallTake = 17;
constexpr uint16_t kCallFail = 18;

constexpr uint64_t kWriteBack = 6; /* MemAttr[2:0] with FWB */
constexpr uint64_t kReadWrite = 3; /* S2AP */

constexpr uint64_t kFidCpuOn = 0xc4000003;
constexpr uint64_t kFidCpuOff = 0x84000002;
constexpr uint64_t kFidSystemOff = 0x84000008;

constexpr unsigned kPes = kRecs + 1;
constexpr unsigned kMaxNested = 3;

uint64_t ec(uint64_t esr)
{
	return esr >> 26 & 0x3f;
}

/* xorshift64* */
class Random
{
public:
	explicit Random(uint64_t seed) : state_(seed * UINT64_C(0x9e3779b97f4a7c15) | 1)
	{
	}
	uint64_t below(uint64_t bound)
	{
		state_ ^= state_ >> 12;
		state_ ^= state_ << 25;
		state_ ^= state_ >> 27;
		return (state_ * UINT64_C(0x2545f4914f6cdd1d) >> 33) % bound;
	}
	bool once_in(uint64_t n)
	{
		return below(n) == 0;
	}

private:
	uint64_t state_;
};

/* FNV-1a over words. */
class Digest
{
public:
	void add(uint64_t word)
	{
		for (unsigned i = 0; i < 8; i++)
			value_ = (value_ ^ (word >> 8 * i & 0xff)) * UINT64_C(0x100000001b3);
	}
	uint64_t value() const
	{
		return value_;
	}

private:
	uint64_t value_ = UINT64_C(0xcbf29ce484222325);
};

uint64_t resident_bytes()
{
	std::unique_ptr<FILE, int (*)(FILE *)> file(fopen("/proc/self/statm", "r"), fclose);
	unsigned long long pages = 0;

	if (!file || fscanf(file.get(), "%*u %llu", &pages) != 1)
		return 0;
	return pages * static_cast<uint64_t>(sysconf(_SC_PAGESIZE));
}

void must(host_status status, const host_error &error)
{
	if (status != HOST_OK)
		throw std::runtime_error(error.text);
}

void must(const char *what, uint64_t result)
{
	if (result)
		throw std::runtime_error(std::string(what) + " answers " + std::to_string(result));
}

/* ---- the machine ------------------------------------------------------------------------ */

class Soak
{
public:
	Soak(const Options &options, Report &report)
		: options_(options), report_(report), random_(options.seed)
	{
	}
	~Soak();
	Soak(const Soak &) = delete;
	Soak &operator=(const Soak &) = delete;

	void build();
	void run();
	void take_down();

private:
	struct Vcpu {
		bool on = false;
		bool running = false;
		struct rmi_rec_enter enter = {};
		uint64_t device = 0;
	};
	struct ArenaPage {
		bool mapped = false;
		bool given_up = false; /* RIPAS EMPTY */
	};

	static void charge(void *ctx, unsigned pe, rmm_cost cost, uint64_t count, uint64_t pa);
	void meddle(unsigned pe);
	void create_machine();
	void create_realm();

	void enter(unsigned rec);
	void handle(unsigned rec, const rmi_rec_exit &exit);
	void account(unsigned rec, const rmi_rec_exit &exit);
	void on_abort(unsigned rec, const rmi_rec_exit &exit);
	void on_device(unsigned rec, const rmi_rec_exit &exit);
	void on_psci(unsigned rec, const rmi_rec_exit &exit);
	void on_ripas_change(unsigned rec, const rmi_rec_exit &exit);
	void on_host_call(unsigned rec, const rmi_rec_exit &exit);

	void map(uint64_t ipa);
	void reclaim(ArenaPage &page);
	void map_window(unsigned page);
	void unmap_window(unsigned page);
	ArenaPage *arena_page(uint64_t ipa);
	uint64_t ipa_of(const ArenaPage &page) const;
	bool may_stop(unsigned rec) const;
	int somebody_else();
	void intrude(unsigned pe);

	const Options &options_;
	Report &report_;
	Random random_;
	Digest digest_;

	rmm_a64 *a64_ = nullptr;
	rmm_system *sys_ = nullptr;
	rmm_conduit_ctx pe_{}; /* that makes the next call: as many are below it as RECs run */
	smc_conduit conduit_{};
	host *host_ = nullptr;
	host_realm *realm_ = nullptr;
	uint64_t unprotected_ = 0;

	std::array<Vcpu, kRecs> vcpus_{};
	std::array<ArenaPage, kRecs * kArenaPages> arena_{};
	std::array<bool, kWindowPages> window_{};
	bool over_ = false;
	std::string thrown_; /* inside of a call, where nothing may be thrown through */
};

Soak::~Soak()
{
	host_error error;

	(void)host_realm_destroy(realm_, &error);
	(void)host_destroy(host_, &error);
	rmm_system_destroy(sys_);
	rmm_a64_unload(a64_);
}

void Soak::create_machine()
{
	rmm_config config = rmm_config_default();
	rmm_error error;
	host_error failure;

	if (rmm_a64_load(nullptr, &a64_, &error))
		throw std::runtime_error(error.text);
	config.num_pes = kPes;
	config.guest = rmm_a64_ops(a64_);
	config.guest_machine = rmm_a64_machine(a64_);
	config.port.ctx = this;
	config.port.charge = charge;
	if (rmm_system_create(&config, &sys_, &error))
		throw std::runtime_error(error.text);
	host_config host = host_model_config(sys_, 0, 16 * kMiB, &pe_);
	conduit_ = rmm_conduit(&pe_);
	must(host_create(&host, &host_, &failure), failure);
}

void Soak::create_realm()
{
	host_realm_params params = host_realm_params_default(host_);
	host_rec_params recs[kRecs] = {};
	guest_image image;
	char why[128];
	host_error error;

	if (!guest_image_load(options_.image.c_str(), kRam, &image, why, sizeof(why)))
		throw std::runtime_error(options_.image + ": " + why);
	unprotected_ = UINT64_C(1) << (params.ipa_width - 1);
	const host_ipa_range ram = {kRam, kRamSize};
	const host_ipa_range window = {unprotected_ + kWindowOffset, kWindowPages * kPage};
	std::vector<host_image> images;
	for (size_t i = 0; i < image.num_segments; i++)
		if (image.segments[i].size)
			images.push_back({image.segments[i].ipa, image.segments[i].data,
					  image.segments[i].size, true});
	for (unsigned i = 0; i < kRecs; i++) {
		recs[i].pc = image.entry;
		recs[i].runnable = i == 0;
		recs[i].gprs[0] = unprotected_ + kDeviceOffset;
		recs[i].gprs[1] = window.ipa;
		recs[i].gprs[2] = window.size;
		recs[i].gprs[3] = kRam;
		recs[i].gprs[4] = kRamSize;
		recs[i].gprs[5] = kRecs;
	}
	params.ram = &ram;
	params.num_ram = 1;
	params.images = images.data();
	params.num_images = images.size();
	params.shared = &window;
	params.num_shared = 1;
	params.recs = recs;
	params.num_recs = kRecs;
	params.activate = true;
	const host_status status = host_realm_build(host_, &params, &realm_, &error);
	guest_image_free(&image);
	must(status, error);
	window_.fill(true);
	vcpus_[0].on = true;
}

void Soak::build()
{
	create_machine();
	create_realm();
}

/* ---- memory -------------------------------------------------------------------------------- */

Soak::ArenaPage *Soak::arena_page(uint64_t ipa)
{
	if (ipa < kArenas || ipa >= kRam + kRamSize)
		return nullptr;
	return &arena_[(ipa - kArenas) / kPage];
}

uint64_t Soak::ipa_of(const ArenaPage &page) const
{
	return kArenas + static_cast<uint64_t>(&page - arena_.data()) * kPage;
}

void Soak::map(uint64_t ipa)
{
	host_error error;

	must(host_realm_map(realm_, ipa, kPage, &error), error);
	report_.mapped++;
	if (ArenaPage *page = arena_page(ipa))
		page->mapped = true;
}

void Soak::reclaim(ArenaPage &page)
{
	host_error error;

	if (!page.mapped)
		return;
	must(host_realm_unmap(realm_, ipa_of(page), kPage, &error), error);
	page.mapped = false;
	report_.unmapped++;
}

void Soak::map_window(unsigned page)
{
	const uint64_t ipa = unprotected_ + kWindowOffset + page * kPage;
	uint64_t pa = 0;

	if (window_[page])
		return;
	if (!host_realm_shared_pa(realm_, ipa, &pa))
		throw std::runtime_error("no such page of the window");
	uint64_t flags = rmi_rtt_unprot_map_flags_set_oaddr_type(0, RMI_ADDR_TYPE_SINGLE);
	flags = rmi_rtt_unprot_map_flags_set_memattr(flags, kWriteBack);
	flags = rmi_rtt_unprot_map_flags_set_s2ap(flags, kReadWrite);
	uint64_t desc = rmi_addr_range_desc_set_count(0, 1);
	desc = rmi_addr_range_desc_set_addr(desc, pa / kPage);
	must("RMI_RTT_UNPROT_MAP",
	     rmi_rtt_unprot_map(&conduit_, host_realm_rd(realm_), ipa, ipa + kPage, flags, desc)
		     .result);
	window_[page] = true;
	report_.mapped++;
}

void Soak::unmap_window(unsigned page)
{
	const uint64_t ipa = unprotected_ + kWindowOffset + page * kPage;

	if (!window_[page])
		return;
	must("RMI_RTT_UNPROT_UNMAP",
	     rmi_rtt_unprot_unmap(&conduit_, host_realm_rd(realm_), ipa, ipa + kPage, 0, 0).result);
	window_[page] = false;
	report_.unmapped++;
}

/* ---- exits ----------------------------------------------------------------------------------- */

void Soak::on_device(unsigned rec, const rmi_rec_exit &exit)
{
	Vcpu &vcpu = vcpus_[rec];
	const uint64_t word = (exit.far - kDeviceWords) / 8;

	if (word != rec)
		throw std::runtime_error("REC " + std::to_string(rec) + " uses another's device");
	vcpu.enter.flags = rmi_rec_enter_flags_set_emul_mmio(0, RMI_EMULATED_MMIO);
	if (exit.esr & 1u << 6)
		vcpu.device = exit.gprs[0];
	else
		vcpu.enter.gprs[0] = ~vcpu.device;
}

void Soak::on_abort(unsigned rec, const rmi_rec_exit &exit)
{
	const uint64_t ipa = exit.hpfar >> 4 << 12;

	if (ipa < unprotected_)
		map(ipa);
	else if (ipa == unprotected_ + kDeviceOffset)
		on_device(rec, exit);
	else
		map_window(static_cast<unsigned>((ipa - unprotected_ - kWindowOffset) / kPage));
}

void Soak::on_psci(unsigned rec, const rmi_rec_exit &exit)
{
	switch (exit.gprs[0]) {
	case kFidCpuOn:
		must("RMI_PSCI_COMPLETE",
		     rmi_psci_complete(&conduit_, host_realm_rec(realm_, rec),
				       host_realm_rec(realm_, exit.gprs[1]), PSCI_SUCCESS)
			     .result);
		vcpus_[exit.gprs[1]].on = true;
		break;
	case kFidCpuOff:
		vcpus_[rec].on = false;
		break;
	case kFidSystemOff:
		vcpus_[rec].on = false;
		over_ = true;
		break;
	default:
		throw std::runtime_error("an unknown PSCI exit");
	}
}

/* Now and then it is refused, or put off, and the realm asks again. */
void Soak::on_ripas_change(unsigned rec, const rmi_rec_exit &exit)
{
	ArenaPage *page = arena_page(exit.ripas_base);
	const bool to_ram = exit.ripas_value == RMI_RIPAS_RAM;

	if (!page || exit.ripas_top != exit.ripas_base + kPage)
		throw std::runtime_error("a RIPAS change beyond the arena");
	if (random_.once_in(8)) {
		if (to_ram)
			vcpus_[rec].enter.flags =
				rmi_rec_enter_flags_set_ripas_response(0, random_.below(2));
		return;
	}
	must("RMI_RTT_SET_RIPAS",
	     rmi_rtt_set_ripas(&conduit_, host_realm_rd(realm_), host_realm_rec(realm_, rec),
			       exit.ripas_base, exit.ripas_top)
		     .result);
	page->given_up = !to_ram;
	if (page->given_up && random_.once_in(2))
		reclaim(*page);
}

bool Soak::may_stop(unsigned rec) const
{
	if (report_.exits < options_.exits)
		return false;
	/* The one that switches the realm off goes last. */
	for (unsigned i = 1; rec == 0 && i < kRecs; i++)
		if (vcpus_[i].on)
			return false;
	return true;
}

void Soak::on_host_call(unsigned rec, const rmi_rec_exit &exit)
{
	struct rmi_rec_enter &answer = vcpus_[rec].enter;

	memcpy(answer.gprs, exit.gprs, sizeof(answer.gprs));
	switch (exit.imm) {
	case kCallEcho: {
		const uint64_t word = exit.gprs[0] ^ exit.gprs[1];

		answer.gprs[0] = word >> 7 | word << 57;
		answer.gprs[1] = may_stop(rec);
		break;
	}
	case kCallTake: {
		ArenaPage *page = arena_page(exit.gprs[0]);

		if (!page)
			throw std::runtime_error("a page beyond the arena is offered");
		reclaim(*page);
		break;
	}
	default: {
		char text[128];

		snprintf(text, sizeof(text), "REC %u, check %llu: 0x%llx came, not 0x%llx", rec,
			 static_cast<unsigned long long>(exit.gprs[0]),
			 static_cast<unsigned long long>(exit.gprs[1]),
			 static_cast<unsigned long long>(exit.gprs[2]));
		throw std::runtime_error(exit.imm == kCallFail ? text : "an unknown host call");
	}
	}
}

void Soak::account(unsigned rec, const rmi_rec_exit &exit)
{
	const uint64_t words[] = {rec,          exit.exit_reason, exit.esr,       exit.far,
				  exit.hpfar,   exit.ripas_base,  exit.ripas_top, exit.ripas_value,
				  exit.imm,     exit.gprs[0],     exit.gprs[1],   exit.gprs[2],
				  exit.gprs[3], exit.cntv_ctl,    exit.cntv_cval};

	for (uint64_t word : words)
		digest_.add(word);
	report_.exits++;
	if (exit.exit_reason >= report_.by_reason.size())
		throw std::runtime_error("an unknown exit reason");
	report_.by_reason[exit.exit_reason]++;
	if (report_.exits == options_.exits / 2)
		report_.half_rss = resident_bytes();
	if (report_.exits == options_.exits)
		report_.full_rss = resident_bytes();
}

void Soak::handle(unsigned rec, const rmi_rec_exit &exit)
{
	account(rec, exit);
	vcpus_[rec].enter = {};
	switch (exit.exit_reason) {
	case RMI_EXIT_SYNC:
		if (ec(exit.esr) != 0x24)
			throw std::runtime_error("no data abort: EC " +
						 std::to_string(ec(exit.esr)));
		on_abort(rec, exit);
		break;
	case RMI_EXIT_IRQ:
		break;
	case RMI_EXIT_PSCI:
		on_psci(rec, exit);
		break;
	case RMI_EXIT_RIPAS_CHANGE:
		on_ripas_change(rec, exit);
		break;
	case RMI_EXIT_HOST_CALL:
		on_host_call(rec, exit);
		break;
	default:
		throw std::runtime_error("an unexpected exit reason");
	}
}

void Soak::enter(unsigned rec)
{
	Vcpu &vcpu = vcpus_[rec];
	rmi_rec_exit exit = {};
	host_error error;
	const unsigned pe = pe_.pe;

	/* From now on the host's other calls come from the next PE. */
	vcpu.running = true;
	const host_status status = host_rec_enter(realm_, rec, &vcpu.enter, &exit, &error);
	vcpu.running = false;
	pe_.pe = pe;
	rmm_set_irq(sys_, pe, false);
	if (!thrown_.empty())
		throw std::runtime_error(thrown_);
	must(status, error);
	handle(rec, exit);
}

/* ---- what happens while a REC runs ------------------------------------------------------------
 */

int Soak::somebody_else()
{
	const unsigned first = static_cast<unsigned>(random_.below(kRecs));

	for (unsigned i = 0; i < kRecs; i++) {
		const unsigned rec = (first + i) % kRecs;

		if (vcpus_[rec].on && !vcpus_[rec].running)
			return static_cast<int>(rec);
	}
	return -1;
}

/* A REC that runs on another PE cannot be entered here. */
void Soak::intrude(unsigned pe)
{
	const struct rmi_rec_enter none = {};
	rmi_rec_exit exit = {};
	host_error error;

	for (unsigned rec = 0; rec < kRecs; rec++) {
		if (!vcpus_[rec].running)
			continue;
		if (host_rec_enter(realm_, rec, &none, &exit, &error) != HOST_ERROR_RMI ||
		    (error.x0 & 0xff) != RMI_ERROR_REC)
			throw std::runtime_error("a REC that runs was entered on PE " +
						 std::to_string(pe + 1));
		report_.refused++;
	}
}

void Soak::meddle(unsigned pe)
{
	const uint64_t what = random_.below(32);

	pe_.pe = pe + 1;
	if (what == 0) {
		rmm_set_irq(sys_, pe, true);
		report_.interrupts++;
	} else if (what == 1) {
		unmap_window(static_cast<unsigned>(random_.below(kWindowPages)));
	} else if (what == 2) {
		map_window(static_cast<unsigned>(random_.below(kWindowPages)));
	} else if (what == 3) {
		ArenaPage &page = arena_[random_.below(arena_.size())];

		if (page.given_up)
			reclaim(page);
		else if (!page.mapped)
			map(ipa_of(page));
	} else if (what == 4) {
		intrude(pe);
	} else if (what < 7 && pe < kMaxNested) {
		const int rec = somebody_else();

		if (rec >= 0) {
			report_.nested++;
			enter(static_cast<unsigned>(rec));
		}
	}
}

/* The REC on `pe` has executed something; what it wants from the RMM comes next. */
void Soak::charge(void *ctx, unsigned pe, rmm_cost cost, uint64_t, uint64_t)
{
	auto *soak = static_cast<Soak *>(ctx);

	if (cost != RMM_COST_GUEST || !soak->thrown_.empty())
		return;
	try {
		soak->meddle(pe);
	} catch (const std::exception &e) {
		/* Seen by whoever entered the REC. */
		soak->thrown_ = e.what();
		rmm_set_irq(soak->sys_, pe, true);
	}
	soak->pe_.pe = pe + 1;
}

/* ---- the run ----------------------------------------------------------------------------------
 */

void Soak::run()
{
	const auto start = std::chrono::steady_clock::now();

	while (!over_) {
		const int rec = somebody_else();

		if (rec < 0)
			throw std::runtime_error("no REC is on");
		enter(static_cast<unsigned>(rec));
	}
	report_.seconds =
		std::chrono::duration<double>(std::chrono::steady_clock::now() - start).count();
	report_.digest = digest_.value();
}

void Soak::take_down()
{
	rmm_a64_stats stats;
	host_error error;

	rmm_a64_read_stats(a64_, &stats);
	report_.instructions = stats.instructions;
	for (unsigned i = 0; i < kWindowPages; i++)
		map_window(i);
	must(host_realm_destroy(realm_, &error), error);
	realm_ = nullptr;
	must(host_destroy(host_, &error), error);
	host_ = nullptr;
	report_.delegated = rmm_num_delegated(sys_) + rmm_num_operations(sys_);
}

} // namespace

Report run(const Options &options)
{
	Report report;

	try {
		Soak soak(options, report);

		soak.build();
		soak.run();
		soak.take_down();
	} catch (const std::exception &e) {
		report.error = e.what();
	}
	return report;
}

} // namespace soak
