/* SPDX-License-Identifier: BSD-3-Clause */
#include "tamper.h"

#include <string.h>

#include "platform/gpt.h"
#include "platform/tlb_lint.h"
#include "rmm/rmm.h"
#include "rmm/rtt.h"

static uint8_t *bytes(const struct rmm_system *sys, uint64_t pa)
{
	return bank_bytes(memory_bank_at(&sys->memory, pa), pa);
}

static uint64_t granule(const struct rmm_system *sys, uint64_t pa)
{
	return bank_granule(memory_bank_at(&sys->memory, pa), pa);
}

static struct rmm_realm *realm(const struct rmm_system *sys, uint64_t rd)
{
	return (struct rmm_realm *)(void *)bytes(sys, rd);
}

void tamper_state(struct rmm_system *sys, uint64_t pa, enum rmm_granule_state state)
{
	granule_set_state(&sys->granules, granule(sys, pa), state);
}

void tamper_gpi(struct rmm_system *sys, uint64_t pa, enum rmm_gpi gpi)
{
	gpt_set(&sys->memory, pa, RMM_GRANULE_SIZE, gpi);
}

void tamper_word(struct rmm_system *sys, uint64_t pa, uint64_t value)
{
	memcpy(bytes(sys, pa), &value, sizeof(value));
}

uint64_t tamper_read(const struct rmm_system *sys, uint64_t pa)
{
	uint64_t value;

	memcpy(&value, bytes(sys, pa), sizeof(value));
	return value;
}

void tamper_live(struct rmm_system *sys, uint64_t rtt, int change)
{
	uint16_t *live = &sys->granules.live[granule(sys, rtt)];

	*live = (uint16_t)(*live + change);
}

void tamper_num_realms(struct rmm_system *sys, int change)
{
	sys->num_realms += (uint64_t)(int64_t)change;
}

void tamper_realm_state(struct rmm_system *sys, uint64_t rd, enum rmm_realm_state state)
{
	realm(sys, rd)->state = state;
}

void tamper_rim(struct rmm_system *sys, uint64_t rd)
{
	realm(sys, rd)->rim[5] ^= 1;
}

void tamper_num_recs(struct rmm_system *sys, uint64_t rd, int change)
{
	realm(sys, rd)->num_recs += (uint64_t)(int64_t)change;
}

void tamper_vmid(struct rmm_system *sys, uint64_t rd, uint16_t vmid)
{
	realm(sys, rd)->vmids[0] = vmid;
}

void tamper_running(struct rmm_system *sys, uint64_t rec, int on)
{
	struct rmm_rec *object = (struct rmm_rec *)(void *)bytes(sys, rec);

	object->running = on;
}

/* ---- handlers with mistakes -------------------------------------------------------------- */

static struct rmm_call begin_call(struct rmm_system *sys, enum rmm_command command)
{
	sys->pes[0].report.calls++;
	return (struct rmm_call){.sys = sys, .command = command};
}

void tamper_forgetful_write(struct rmm_system *sys, enum rmm_command command, uint64_t table,
			    unsigned int index, uint64_t desc)
{
	struct rmm_call call = begin_call(sys, command);
	const struct rtt_walk walk = {
		.rtt = table,
		.table = (uint64_t *)(void *)bytes(sys, table),
		.index = index,
	};

	rtt_write(&call, &walk, index, desc);
	tlb_call_ends(&call);
}

void tamper_invalidate(struct rmm_system *sys, uint64_t rd, uint64_t ipa, uint64_t size)
{
	struct rmm_call call = begin_call(sys, RMM_CMD_RMI_RTT_DATA_UNMAP);

	rtt_invalidate(&call, realm(sys, rd), ipa, size);
	tlb_call_ends(&call);
}

void tamper_free(struct rmm_system *sys, enum rmm_command command, uint64_t pa)
{
	struct rmm_call call = begin_call(sys, command);

	call_granule_set(&call, pa, RMM_GRANULE_DELEGATED);
	tlb_call_ends(&call);
}

uint64_t tamper_fetch(struct rmm_system *sys, uint64_t pa, uint64_t size)
{
	struct rmm_call call = {.sys = sys, .command = RMM_CMD_RMI_REC_ENTER};
	uint64_t words[RMM_GRANULE_SIZE / sizeof(uint64_t)] = {0};

	(void)ns_read(&call, pa, words, size);
	return words[0];
}
