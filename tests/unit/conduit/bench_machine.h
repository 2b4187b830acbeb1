/* SPDX-License-Identifier: BSD-3-Clause */
/* The model with a workbench in front of it, and a host configuration that goes through both. */
#ifndef TESTS_UNIT_CONDUIT_BENCH_MACHINE_H
#define TESTS_UNIT_CONDUIT_BENCH_MACHINE_H

#include <gtest/gtest.h>

#include <cstring>
#include <string>
#include <vector>

#include "rmmsim/abi/rmm2_0b1_plain_calls.h"
#include "rmmsim/guest.h"
#include "rmmsim/host/exhaustive.h"
#include "rmmsim/host/ledger_check.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/run.h"
#include "rmmsim/host/workbench.h"
#include "rmmsim/memory.h"
#include "rmmsim/system.h"

constexpr uint64_t kPage = HOST_PAGE_SIZE;
constexpr uint64_t kDram = 0x80000000;

/* A machine with scripted guests; not tied to a test, as exhaustive runs need many. */
class Machine
{
public:
	Machine()
	{
		rmm_scripts_create(&scripts_);
	}
	~Machine()
	{
		stop();
		rmm_scripts_destroy(scripts_);
	}
	Machine(const Machine &) = delete;
	Machine &operator=(const Machine &) = delete;

	rmm_config config = rmm_config_default();

	bool start()
	{
		rmm_error why{};

		stop();
		config.guest = rmm_scripts_ops();
		config.guest_machine = scripts_;
		return rmm_system_create(&config, &sys_, &why) == 0;
	}

	void stop()
	{
		rmm_system_destroy(sys_);
		sys_ = nullptr;
	}

	host_workbench_config bench()
	{
		host_workbench_config bench{};

		pe_ = {sys_, 0};
		bench.version = config.version;
		bench.machine = rmm_conduit(&pe_);
		bench.memory = host_model_memory(sys_);
		return bench;
	}

	rmm_system *sys() const
	{
		return sys_;
	}

	rmm_scripts *scripts() const
	{
		return scripts_;
	}

private:
	rmm_system *sys_ = nullptr;
	rmm_scripts *scripts_ = nullptr;
	rmm_conduit_ctx pe_{};
};

inline host_config host_on(Machine &machine, host_workbench *bench)
{
	static rmm_conduit_ctx unused;
	host_config config = host_model_config(machine.sys(), 0, 0, &unused);

	config.conduit = host_workbench_conduit(bench);
	config.memory = host_workbench_memory(bench);
	return config;
}

/* A fixture with one machine and one bench. */
class Bench : public ::testing::Test
{
protected:
	void SetUp() override
	{
		ASSERT_TRUE(machine_.start());
		open("");
	}

	void TearDown() override
	{
		host_workbench_destroy(bench_);
	}

	/* A new bench on the machine as it is. */
	void open(const std::string &inject)
	{
		host_workbench_destroy(bench_);
		bench_ = nullptr;
		setup_ = machine_.bench();
		adjust(setup_);
		setup_.inject = inject.c_str();
		host_error why{};
		ASSERT_EQ(HOST_OK, host_workbench_create(&setup_, &bench_, &why)) << why.text;
		conduit_ = host_workbench_conduit(bench_);
		memory_ = host_workbench_memory(bench_);
	}

	/* A new bench on a machine at reset. */
	void restart(const std::string &inject)
	{
		ASSERT_TRUE(machine_.start());
		open(inject);
	}

	virtual void adjust(host_workbench_config &)
	{
	}

	uint64_t found(host_finding_kind kind) const
	{
		return host_findings_count_of(host_workbench_findings(bench_), kind);
	}

	std::string all_findings() const
	{
		std::string text;
		const host_findings *list = host_workbench_findings(bench_);

		for (size_t i = 0; host_findings_get(list, i); i++) {
			const host_finding *f = host_findings_get(list, i);
			text += std::string(host_finding_id(f->kind)) + ": call " +
				std::to_string(f->call) + " " + f->command + ": " + f->text + "\n";
		}
		return text;
	}

public:
	/* The ledger and the machine agree. */
	void expect_agreement()
	{
		host_error why{};

		EXPECT_EQ(HOST_OK,
			  host_ledger_compare(host_workbench_ledger(bench_), machine_.sys(), &why))
			<< why.text;
	}

protected:
	Machine machine_;
	host_workbench_config setup_{};
	host_workbench *bench_ = nullptr;
	smc_conduit conduit_{};
	host_memory_ops memory_{};
};

/* What a host can do in a life: boot, build, run, take down. Failures are its own business. */
class WholeLife
{
public:
	explicit WholeLife(Machine &machine) : machine_(machine)
	{
		steps_[0].op = RMM_SCRIPT_STORE_VALUE;
		steps_[0].ipa = HOST_DEFAULT_RAM_IPA + 0x8000;
		steps_[0].size = 8;
		steps_[0].value = 42;
		steps_[1].op = RMM_SCRIPT_SMC;
		steps_[1].num_args = 1;
		steps_[1].args[0] = FID_PSCI_SYSTEM_OFF;
	}

	/* True: everything worked. */
	bool live(host_workbench *bench)
	{
		host_config config = host_on(machine_, bench);
		host *host = nullptr;
		bool ok;

		config.busy_retries = 1000;
		config.ram_size = ram_size ? ram_size : config.ram_size;
		config.pool_size = pool_size ? pool_size : config.pool_size;
		if (host_create(&config, &host, &error) != HOST_OK)
			return false;
		ok = with_realm(host);
		return host_destroy(host, ok ? &error : nullptr) == HOST_OK && ok;
	}

	host_error error{};
	uint64_t ram_size = 0;  /* of the machine; 0: its first bank */
	uint64_t pool_size = 0; /* 0: the usual one */

private:
	bool with_realm(host *host)
	{
		const host_ipa_range ram = {HOST_DEFAULT_RAM_IPA, 16 * kPage};
		const host_image image = {HOST_DEFAULT_RAM_IPA, "hello", 5, true};
		const host_ipa_range shared = {UINT64_C(1) << 38, 2 * kPage};
		host_realm_params params = host_realm_params_default(host);
		host_realm *realm = nullptr;

		params.ram = &ram, params.num_ram = 1;
		params.images = &image, params.num_images = 1;
		params.shared = &shared, params.num_shared = 1;
		params.activate = false;
		bool ok = host_realm_build(host, &params, &realm, &error) == HOST_OK && run(realm);
		/* A transient failure: whoever asked for the realm to go asks again. */
		host_status gone = HOST_ERROR_STATE;
		for (int tries = 0; tries < 3 && realm && gone != HOST_OK; tries++)
			gone = host_realm_destroy(realm, ok ? &error : nullptr);
		return ok && gone == HOST_OK;
	}

	bool run(host_realm *realm)
	{
		const rmm_script script = {steps_, 2};
		host_rec_params cpu{};
		host_run_result result{};

		script_ = script;
		cpu.pc = HOST_DEFAULT_RAM_IPA;
		cpu.runnable = true;
		return rmm_scripts_bind(machine_.scripts(), host_realm_rd(realm), host_rec_mpidr(0),
					&script_) == 0 &&
		       host_realm_add_rec(realm, &cpu, nullptr, &error) == HOST_OK &&
		       host_realm_activate(realm, &error) == HOST_OK &&
		       host_rec_run(realm, 0, nullptr, 100, &result, &error) == HOST_OK &&
		       result.end == HOST_RUN_SYSTEM_OFF;
	}

	Machine &machine_;
	rmm_script_step steps_[2]{};
	rmm_script script_{};
};

#endif
