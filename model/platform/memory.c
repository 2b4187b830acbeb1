/* SPDX-License-Identifier: BSD-3-Clause */
#include "platform/memory.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

void *memory_reserve(size_t size)
{
	void *p = mmap(NULL, size, PROT_READ | PROT_WRITE,
		       MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);

	return p == MAP_FAILED ? NULL : p;
}

void memory_release(void *bytes, size_t size)
{
	if (bytes)
		munmap(bytes, size);
}

/* As memory_reserve, of memory that can be mapped again through *fd. */
static void *reserve_shared(size_t size, int *fd)
{
	void *p = MAP_FAILED;

	*fd = memfd_create("rmmsim-bank", MFD_CLOEXEC);
	if (*fd >= 0 && ftruncate(*fd, (off_t)size) == 0)
		p = mmap(NULL, size, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_NORESERVE, *fd, 0);
	return p == MAP_FAILED ? NULL : p;
}

static void bank_insert(struct memory *mem, const struct rmm_config *config, unsigned int i)
{
	const struct rmm_bank *bank = &config->banks[i];
	unsigned int at = mem->num_banks++;

	for (; at > 0 && mem->banks[at - 1].base > bank->base; at--)
		mem->banks[at] = mem->banks[at - 1];
	mem->banks[at] = (struct memory_bank){
		.base = bank->base,
		.size = bank->size,
		.kind = bank->kind,
		.fd = -1,
		.host_gpt = !config->gpt_prebuilt || config->gpt_host_banks >> i & 1,
		.host_tracking = config->tracking_host_banks >> i & 1,
	};
}

static int bank_reserve(struct memory *mem, struct memory_bank *bank, bool shared,
			struct rmm_error *error)
{
	const uint64_t offset = (bank->base >> RMM_GRANULE_SHIFT) % GRANULES_PER_CHUNK;
	const uint64_t granules = bank->size >> RMM_GRANULE_SHIFT;

	bank->bytes = shared ? reserve_shared(bank->size, &bank->fd) : memory_reserve(bank->size);
	if (!bank->bytes) {
		snprintf(error->text, sizeof(error->text),
			 "cannot reserve %" PRIu64
			 " bytes of address space for the bank at 0x%" PRIx64
			 ": %s; make the bank smaller",
			 bank->size, bank->base, strerror(errno));
		return -1;
	}
	bank->first_granule = mem->num_granules + offset;
	mem->num_granules = bank->first_granule + granules;
	/* The next bank starts a chunk of its own. */
	mem->num_granules += GRANULES_PER_CHUNK - 1;
	mem->num_granules -= mem->num_granules % GRANULES_PER_CHUNK;
	return 0;
}

static int reserve_root(struct memory *mem, const struct rmm_config *config, uint64_t root_size,
			struct rmm_error *error)
{
	const struct memory_bank *last = &mem->banks[mem->num_banks - 1];
	const uint64_t region = UINT64_C(1) << 30;

	mem->root_size = root_size;
	mem->root_base = config->root_base;
	if (!mem->root_base)
		mem->root_base = (last->base + last->size + region - 1) & ~(region - 1);
	if (mem->root_base > mem->pa_size || mem->pa_size - mem->root_base < root_size) {
		snprintf(error->text, sizeof(error->text),
			 "no room for %" PRIu64 " bytes of root memory at 0x%" PRIx64
			 " in %u-bit physical addresses; set root_base or pa_bits",
			 root_size, mem->root_base, config->pa_bits);
		return -1;
	}
	mem->root_bytes = memory_reserve(root_size);
	if (!mem->root_bytes) {
		snprintf(error->text, sizeof(error->text),
			 "cannot reserve %" PRIu64 " bytes of root memory: %s", root_size,
			 strerror(errno));
		return -1;
	}
	return 0;
}

/* The Contig field that speaks for as much; the configuration has been checked. */
static unsigned int max_contig(unsigned int mib)
{
	return mib == 512 ? 3 : mib == 32 ? 2 : mib == 2;
}

static size_t num_gpt_guards(const struct memory *mem)
{
	return (mem->pa_size >> 30) * sizeof(*mem->gpt_guards);
}

static int reserve_guards(struct memory *mem, struct rmm_error *error)
{
	mem->gpt_guards = memory_reserve(num_gpt_guards(mem));
	if (mem->gpt_guards)
		return 0;
	snprintf(error->text, sizeof(error->text), "cannot reserve the guards of the GPT: %s",
		 strerror(errno));
	return -1;
}

int memory_create(struct memory *mem, const struct rmm_config *config, uint64_t root_size,
		  struct rmm_error *error)
{
	memset(mem, 0, sizeof(*mem));
	mem->pa_size = UINT64_C(1) << config->pa_bits;
	mem->gpt_max_contig = max_contig(config->gpt_max_block);
	for (unsigned int i = 0; i < config->num_banks; i++)
		bank_insert(mem, config, i);
	for (unsigned int i = 0; i < mem->num_banks; i++)
		if (bank_reserve(mem, &mem->banks[i], config->windows, error))
			goto fail;
	mem->written = memory_reserve(mem->num_granules);
	if (!mem->written) {
		snprintf(error->text, sizeof(error->text),
			 "cannot reserve the table of %" PRIu64 " granules: %s", mem->num_granules,
			 strerror(errno));
		goto fail;
	}
	if (!reserve_root(mem, config, root_size, error) &&
	    (!config->threads || !reserve_guards(mem, error)))
		return 0;
fail:
	memory_destroy(mem);
	return -1;
}

void memory_destroy(struct memory *mem)
{
	for (unsigned int i = 0; i < mem->num_banks; i++) {
		memory_release(mem->banks[i].bytes, mem->banks[i].size);
		if (mem->banks[i].fd >= 0)
			close(mem->banks[i].fd);
	}
	memory_release(mem->written, mem->num_granules);
	memory_release(mem->gpt_guards, num_gpt_guards(mem));
	memory_release(mem->root_bytes, mem->root_size);
	memset(mem, 0, sizeof(*mem));
}
