/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/model_backend.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "rmmsim/config_text.h"
#include "rmmsim/memory.h"

#define DEFAULT_POOL_SIZE (UINT64_C(16) << 20)

static bool read_ns(void *ctx, uint64_t pa, void *buf, size_t len)
{
	return rmm_host_read(ctx, pa, buf, len, NULL);
}

static bool write_ns(void *ctx, uint64_t pa, const void *buf, size_t len)
{
	return rmm_host_write(ctx, pa, buf, len, NULL);
}

struct host_memory_ops host_model_memory(struct rmm_system *sys)
{
	return (struct host_memory_ops){.read = read_ns, .write = write_ns, .ctx = sys};
}

static struct rmm_bank first_dram(const struct rmm_config *machine)
{
	for (unsigned int i = 0; i < machine->num_banks; i++) {
		if (machine->banks[i].kind == RMM_BANK_DRAM)
			return machine->banks[i];
	}
	return (struct rmm_bank){0};
}

struct host_config host_model_config(struct rmm_system *sys, unsigned int pe, uint64_t pool_size,
				     struct rmm_conduit_ctx *ctx)
{
	if (!sys || !ctx)
		return host_config_default();

	const struct rmm_config *machine = rmm_system_config(sys);
	struct rmm_bank dram = first_dram(machine);
	struct host_config config = host_config_default();

	if (pool_size == 0)
		pool_size = dram.size < DEFAULT_POOL_SIZE ? dram.size : DEFAULT_POOL_SIZE;
	*ctx = (struct rmm_conduit_ctx){.sys = sys, .pe = pe};
	config.conduit = rmm_conduit(ctx);
	config.memory = host_model_memory(sys);
	config.pool_base = dram.base;
	config.pool_size = pool_size;
	config.ram_base = dram.base;
	config.ram_size = dram.size;
	config.version = machine->version;
	config.boot = machine->active_at_boot ? HOST_BOOT_ATTACH : HOST_BOOT_ACTIVATE;
	return config;
}

/* ---- recordings ---------------------------------------------------------------- */

struct recording {
	char *text; /* NULL: out of memory */
	size_t len;
};

static void add_line(void *ctx, const char *line)
{
	struct recording *r = ctx;
	const size_t more = strlen(line) + strlen("C \n");
	char *const grown = r->text ? realloc(r->text, r->len + more + 1) : NULL;

	if (!grown) {
		free(r->text);
		r->text = NULL;
		return;
	}
	(void)snprintf(grown + r->len, more + 1, "C %s\n", line);
	r->text = grown;
	r->len += more;
}

char *host_model_recording(const struct rmm_system *sys)
{
	struct recording r = {.text = calloc(1, 1)};

	rmm_config_describe(rmm_system_config(sys), add_line, &r);
	return r.text;
}
