/* SPDX-License-Identifier: BSD-3-Clause */
/* The machine that `rmmsim bench` calls into. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "bench.h"
#include "bench_a64.h"
#include "bench_call.h"
#include "rmmsim/abi/encoding.h"
#include "rmmsim/memory.h"

/* Host memory, in granules from the start of DRAM. */
enum place {
	PLACE_PARAMS,
	PLACE_SPARE_PARAMS,
	PLACE_RUN,
	PLACE_RD,
	PLACE_ROOT_RTT,
	PLACE_REC,
	PLACE_RTT_2,
	PLACE_RTT_3,
	PLACE_SPARE_RD,
	PLACE_SPARE_RTT,
	PLACE_DATA,
	PLACE_POOL = 512, /* a 2 MiB boundary */
};

/* An IPA space whose starting level is 1, with one starting table. */
#define S2SZ        39
#define START_LEVEL 1
#define DATA_IPA    RMM_GRANULE_SIZE

static uint64_t at(const struct bench_machine *m, enum place place)
{
	return m->config.banks[0].base + (uint64_t)place * RMM_GRANULE_SIZE;
}

static void delegate(struct bench_machine *m, uint64_t pa)
{
	bench_call(m, FID_RMI_GRANULE_RANGE_DELEGATE, pa, pa + RMM_GRANULE_SIZE, 0, 0, 0);
}

static void repeat(struct bench_program *program, struct rmm_script_step step)
{
	program->steps[0] = step;
	program->steps[1] = (struct rmm_script_step){.op = RMM_SCRIPT_JUMP, .value = 0};
	program->script.steps = program->steps;
	program->script.num_steps = 2;
}

/* A guest that works for ever leaves when an interrupt is pending; the other one calls the host. */
static void write_programs(struct bench_machine *m)
{
	repeat(&m->works, (struct rmm_script_step){.op = RMM_SCRIPT_WORK, .value = 10});
	repeat(&m->calls, (struct rmm_script_step){.op = RMM_SCRIPT_SMC,
						   .num_args = 2,
						   .args = {FID_RSI_HOST_CALL, DATA_IPA}});
}

void bench_realm_works(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	(void)rmm_scripts_bind(m->scripts, m->rd, 0, &m->works.script);
}

void bench_realm_calls(struct bench_machine *m, uint64_t ops)
{
	(void)ops;
	(void)rmm_scripts_bind(m->scripts, m->rd, 0, &m->calls.script);
}

static void write_realm_params(struct bench_machine *m, uint64_t pa, uint64_t root_rtt)
{
	uint8_t image[RMI_REALM_PARAMS_SIZE] = {0};
	const struct rmi_realm_params params = {
		.s2sz = S2SZ,
		.num_bps = m->config.features.num_bps,
		.num_wps = m->config.features.num_wps,
		.rtt_base = root_rtt,
		.rtt_level_start = START_LEVEL,
		.rtt_num_start = 1,
	};

	rmi_realm_params_encode(m->config.version, &params, image);
	(void)rmm_host_write(m->sys, pa, image, sizeof(image), NULL);
}

static void write_rec_params(struct bench_machine *m)
{
	const enum rmm_version v = m->config.version;
	uint8_t image[RMI_REC_PARAMS_SIZE] = {0};
	const struct rmi_rec_params params = {
		.flags = rmi_rec_create_flags_with_runnable(v, 0, 1),
	};

	rmi_rec_params_encode(v, &params, image);
	(void)rmm_host_write(m->sys, m->params, image, sizeof(image), NULL);
}

static void build_tables(struct bench_machine *m)
{
	delegate(m, at(m, PLACE_RTT_2));
	bench_call(m, FID_RMI_RTT_CREATE, m->rd, at(m, PLACE_RTT_2), 0, 2, 0);
	delegate(m, at(m, PLACE_RTT_3));
	bench_call(m, FID_RMI_RTT_CREATE, m->rd, at(m, PLACE_RTT_3), 0, 3, 0);
}

static void map_data(struct bench_machine *m)
{
	const enum rmm_version v = m->config.version;
	const uint64_t flags = rmi_rtt_prot_map_flags_with_oaddr_type(v, 0, RMI_ADDR_TYPE_SINGLE);
	uint64_t page = rmi_addr_range_desc_with_count(v, 0, 1);

	page = rmi_addr_range_desc_with_addr(v, page, m->data >> RMM_GRANULE_SHIFT);
	delegate(m, m->data);
	bench_call(m, FID_RMI_RTT_INIT_RIPAS, m->rd, DATA_IPA, DATA_IPA + RMM_GRANULE_SIZE, 0, 0);
	bench_call(m, FID_RMI_RTT_DATA_MAP, m->rd, DATA_IPA, DATA_IPA + RMM_GRANULE_SIZE, flags,
		   page);
}

static void build_realm(struct bench_machine *m)
{
	write_realm_params(m, m->params, at(m, PLACE_ROOT_RTT));
	delegate(m, m->rd);
	delegate(m, at(m, PLACE_ROOT_RTT));
	bench_call(m, FID_RMI_REALM_CREATE, m->rd, m->params, 0, 0, 0);
	build_tables(m);
	map_data(m);
	bench_realm_works(m, 0);
	write_rec_params(m);
	delegate(m, m->rec);
	bench_call(m, FID_RMI_REC_CREATE, m->rd, m->rec, m->params, 0, 0);
	bench_call(m, FID_RMI_REALM_ACTIVATE, m->rd, 0, 0, 0, 0);
}

static void reserve_spare_realm(struct bench_machine *m)
{
	delegate(m, m->spare_rd);
	delegate(m, at(m, PLACE_SPARE_RTT));
	write_realm_params(m, m->spare_params, at(m, PLACE_SPARE_RTT));
}

static void choose_config(struct bench_machine *m)
{
	m->config = rmm_config_default();
	m->config.active_at_boot = true;
	m->config.gpt_prebuilt = true;
	m->config.rec_aux_granules = 0; /* RMI_REC_CREATE answers at once */
	m->config.guest = rmm_scripts_ops();
	m->config.guest_machine = m->scripts;
}

static void choose_places(struct bench_machine *m)
{
	m->params = at(m, PLACE_PARAMS);
	m->spare_params = at(m, PLACE_SPARE_PARAMS);
	m->run = at(m, PLACE_RUN);
	m->rd = at(m, PLACE_RD);
	m->rec = at(m, PLACE_REC);
	m->spare_rd = at(m, PLACE_SPARE_RD);
	m->pool = at(m, PLACE_POOL);
	m->data = at(m, PLACE_DATA);
}

int bench_machine_create(struct bench_machine *m, struct rmm_error *error)
{
	memset(m, 0, sizeof(*m));
	if (rmm_scripts_create(&m->scripts) != 0) {
		(void)snprintf(error->text, sizeof(error->text), "out of memory");
		return -1;
	}
	choose_config(m);
	choose_places(m);
	if (rmm_system_create(&m->config, &m->sys, error) != 0) {
		bench_machine_destroy(m);
		return -1;
	}
	write_programs(m);
	build_realm(m);
	reserve_spare_realm(m);
	if (m->failed_fid == 0)
		return 0;
	(void)snprintf(error->text, sizeof(error->text),
		       "the realm could not be built: %s answered 0x%" PRIx64,
		       bench_fid_name(m, m->failed_fid), m->failed_result);
	bench_machine_destroy(m);
	return -1;
}

void bench_machine_destroy(struct bench_machine *m)
{
	if (m->sys)
		rmm_system_destroy(m->sys);
	rmm_scripts_destroy(m->scripts);
	bench_a64_destroy(m->a64);
	m->a64 = NULL;
	m->sys = NULL;
	m->scripts = NULL;
}
