/* SPDX-License-Identifier: BSD-3-Clause */
#include "smc_stream.h"

#include <string.h>

#include "rmmsim/abi/introspect.h"
#include "rmmsim/memory.h"
#include "rmmsim/system.h"

#define DRAM_BASE   UINT64_C(0x80000000)
#define DRAM_SIZE   (UINT64_C(16) << 20)
#define DEVICE_BASE UINT64_C(0x40000000)
#define NUM_SLOTS   24u /* granules that arguments like to name */
#define MAX_CALLS   4096u

struct stream {
	const uint8_t *data;
	size_t len;
	struct rmm_system *sys;
	enum rmm_version version;
	uint64_t handle;  /* of the last stateful operation */
	uint64_t last[3]; /* last outputs: addresses to go on from */
};

static uint8_t take(struct stream *s)
{
	if (!s->len)
		return 0;
	s->len--;
	return *s->data++;
}

static uint64_t take_word(struct stream *s, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value = value << 8 | take(s);
	return value;
}

/* One register: a granule, an IPA, something the last call gave, a small number, or noise. */
static uint64_t take_argument(struct stream *s)
{
	const uint8_t kind = take(s);
	const uint64_t n = take(s);

	switch (kind % 10) {
	case 0:
	case 1:
	case 2:
		return DRAM_BASE + (n % NUM_SLOTS) * RMM_GRANULE_SIZE;
	case 3:
		return (n & 0xf) << (12 + 9 * (n >> 4 & 3));
	case 4:
		return (UINT64_C(1) << 31) + (n << 12);
	case 5:
		return n % 8;
	case 6:
		return s->handle;
	case 7:
		return s->last[n % 3];
	case 8:
		return ~(n << 12);
	default:
		return take_word(s, 8);
	}
}

static const struct rmm_abi_command *take_command(struct stream *s)
{
	const size_t n = (size_t)take_word(s, 2) % rmm_abi_num_commands;

	return &rmm_abi_commands[n];
}

static void do_call(struct stream *s)
{
	const struct rmm_abi_command *command = take_command(s);
	const uint8_t pe = take(s);
	struct smc_regs regs = {.x = {command->fid}};

	for (size_t i = 0; i < command->num_inputs; i++)
		regs.x[command->inputs[i].reg] = take_argument(s);
	if (pe >= 0xfe)
		regs.x[0] = take_word(s, 8);
	rmm_smc(s->sys, pe % 5, &regs);
	if ((regs.x[0] & 0xff) == 13 && regs.x[1])
		s->handle = regs.x[1];
	memcpy(s->last, &regs.x[1], sizeof(s->last));
}

static void do_delegate(struct stream *s)
{
	const uint64_t base = DRAM_BASE + (take(s) % NUM_SLOTS) * RMM_GRANULE_SIZE;
	struct smc_regs regs = {.x = {0xC40001F1, base, base + RMM_GRANULE_SIZE}};

	rmm_smc(s->sys, 0, &regs);
}

static void do_write(struct stream *s)
{
	const uint64_t pa = DRAM_BASE + (take(s) % NUM_SLOTS) * RMM_GRANULE_SIZE + take(s) * 8u;
	const uint64_t value = take_argument(s);

	rmm_host_write(s->sys, pa, &value, sizeof(value), NULL);
}

/* Parameters that a realm can be made of, now and then. */
static void do_realm_params(struct stream *s)
{
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiRealmParams");
	static const struct {
		const char *field;
		uint64_t value;
	} fields[] = {{"s2sz", 32},
		      {"num_bps", 1},
		      {"num_wps", 1},
		      {"rtt_level_start", 1},
		      {"rtt_num_start", 1}};
	uint8_t image[RMM_GRANULE_SIZE] = {0};
	const uint64_t pa = DRAM_BASE + (take(s) % NUM_SLOTS) * RMM_GRANULE_SIZE;
	const uint64_t rtt = DRAM_BASE + (take(s) % NUM_SLOTS) * RMM_GRANULE_SIZE;

	for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++)
		rmm_abi_field_set(rmm_abi_field_find(type, s->version, fields[i].field), image, 0,
				  fields[i].value);
	rmm_abi_field_set(rmm_abi_field_find(type, s->version, "rtt_base"), image, 0, rtt);
	rmm_host_write(s->sys, pa, image, sizeof(image), NULL);
}

static void do_step(struct stream *s)
{
	switch (take(s) % 8) {
	case 0:
		do_delegate(s);
		break;
	case 1:
		do_write(s);
		break;
	case 2:
		do_realm_params(s);
		break;
	case 3:
		rmm_set_irq(s->sys, take(s) % 5, take(s) & 1);
		break;
	default:
		do_call(s);
		break;
	}
}

static struct rmm_config machine(struct stream *s)
{
	struct rmm_config config = rmm_config_default();
	const uint8_t choice = take(s);

	config.version = (enum rmm_version)(choice % RMM_VERSION_COUNT);
	config.profile = choice & 0x80 ? RMM_PROFILE_TF_RMM : RMM_PROFILE_SPEC;
	config.active_at_boot = !(choice & 0x40);
	config.pa_bits = 40;
	config.banks[0].base = DRAM_BASE;
	config.banks[0].size = DRAM_SIZE;
	config.banks[1] = (struct rmm_bank){DEVICE_BASE, 10 * RMM_GRANULE_SIZE, RMM_BANK_DEV_NCOH};
	config.num_banks = 2;
	config.sro_contexts = 4;
	config.features.max_recs_order = 2;
	return config;
}

uint64_t smc_stream_play(const uint8_t *data, size_t len)
{
	struct stream s = {.data = data, .len = len};
	const struct rmm_config config = machine(&s);
	uint64_t calls = 0;

	s.version = config.version;
	if (rmm_system_create(&config, &s.sys, NULL))
		return 0;
	while (s.len && calls++ < MAX_CALLS)
		do_step(&s);
	rmm_system_destroy(s.sys);
	return calls;
}
