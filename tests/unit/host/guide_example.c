/* SPDX-License-Identifier: BSD-3-Clause */
/* The example of docs/host-library.md, compiled and run by the tests. */
#include <stdio.h>

#include "rmmsim/abi/rmm2_0b1_plain.h"
#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/run.h"

#define RAM HOST_DEFAULT_RAM_IPA

/* What the realm executes: it writes to its memory and switches itself off. */
static const struct rmm_script_step steps[] = {
	{.op = RMM_SCRIPT_STORE_VALUE, .ipa = RAM + 0x8000, .size = 8, .value = 42},
	{.op = RMM_SCRIPT_SMC, .num_args = 1, .args = {FID_PSCI_SYSTEM_OFF}},
};
static const struct rmm_script program = {steps, 2};

static void run(struct host *host, struct rmm_scripts *scripts, struct host_error *error)
{
	const struct host_ipa_range ram = {.ipa = RAM, .size = 1 << 20};
	const struct host_image image = {.ipa = RAM, .data = "hello", .size = 5, .measure = true};
	const struct host_rec_params cpu = {.pc = RAM, .runnable = true};
	struct host_realm_params params = host_realm_params_default(host);
	struct host_run_result result;
	struct host_realm *realm;

	params.ram = &ram, params.num_ram = 1;
	params.images = &image, params.num_images = 1;
	params.activate = false; /* the program is bound first */
	if (host_realm_build(host, &params, &realm, error) == HOST_OK &&
	    rmm_scripts_bind(scripts, host_realm_rd(realm), host_rec_mpidr(0), &program) == 0 &&
	    host_realm_add_rec(realm, &cpu, NULL, error) == HOST_OK &&
	    host_realm_activate(realm, error) == HOST_OK &&
	    host_rec_run(realm, 0, NULL, 100, &result, error) == HOST_OK)
		printf("%s after %llu exits\n", host_run_end_name(result.end),
		       (unsigned long long)result.exits);
	(void)host_realm_destroy(realm, error);
}

int main(void)
{
	struct rmm_config machine = rmm_config_default();
	struct host_error error = {.status = HOST_ERROR_NO_MEMORY, .text = "no machine"};
	struct rmm_scripts *scripts = NULL;
	struct rmm_system *sys = NULL;
	struct rmm_conduit_ctx pe;
	struct host *host;

	if (rmm_scripts_create(&scripts) == 0) {
		machine.guest = rmm_scripts_ops();
		machine.guest_machine = scripts;
	}
	if (scripts && rmm_system_create(&machine, &sys, NULL) == 0) {
		struct host_config config = host_model_config(sys, 0, 0, &pe);

		error.status = HOST_OK;
		if (host_create(&config, &host, &error) == HOST_OK) {
			run(host, scripts, &error);
			(void)host_destroy(host, &error);
		}
		printf("%llu granules left\n", (unsigned long long)rmm_num_delegated(sys));
	}
	rmm_system_destroy(sys);
	rmm_scripts_destroy(scripts);
	if (error.status != HOST_OK)
		(void)fprintf(stderr, "%s\n", error.text);
	return error.status == HOST_OK ? 0 : 1;
}
