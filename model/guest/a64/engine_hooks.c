/* SPDX-License-Identifier: BSD-3-Clause */
/* Called by the engine while it runs: they note why it has to stop, and nothing else. */
#include "engine_hooks.h"

#include <string.h>

#include "decode.h"
#include "engine.h"
#include "trap.h"
#include "view.h"

static void stop(struct a64_guest *guest, uc_engine *uc, enum a64_stop why)
{
	if (guest->stop == A64_STOP_NONE)
		guest->stop = why;
	(void)uc_emu_stop(uc);
}

/* The page that the engine fetches from: it has it, so it is in the view. */
static bool find_code(struct a64_guest *guest, uint64_t pc)
{
	guest->code = a64_view_bytes(guest, pc & ~A64_PAGE_MASK, A64_EXEC);
	guest->code_page = guest->code ? pc & ~A64_PAGE_MASK : 1;
	return guest->code;
}

/* Before each instruction: the hot path. */
static void on_instruction(uc_engine *uc, uint64_t pc, uint32_t size, void *data)
{
	struct a64_guest *guest = data;
	uint32_t word;

	(void)size;
	if (__builtin_expect(guest->left == 0, 0)) {
		stop(guest, uc, A64_STOP_SLICE);
		return;
	}
	if (__builtin_expect(pc % sizeof(word) != 0, 0)) {
		stop(guest, uc, A64_STOP_MISALIGNED);
		return;
	}
	if ((pc & ~A64_PAGE_MASK) != guest->code_page && !find_code(guest, pc)) {
		stop(guest, uc, A64_STOP_SLICE);
		return;
	}
	guest->left--;
	memcpy(&word, guest->code + (pc & A64_PAGE_MASK), sizeof(word));
	if (__builtin_expect(guest->trap_fp, 0) && decode_is_fp_or_simd(word)) {
		guest->exception = ENGINE_EXC_UNDEFINED;
		stop(guest, uc, A64_STOP_EXCEPTION);
		return;
	}
	if (__builtin_expect(trap_may_take(word), 0) && trap_takes(guest, word)) {
		guest->word = word;
		stop(guest, uc, A64_STOP_TRAP);
	}
}

static uint32_t right_of(uc_mem_type type)
{
	switch (type) {
	case UC_MEM_FETCH_UNMAPPED:
	case UC_MEM_FETCH_PROT:
		return A64_EXEC;
	case UC_MEM_WRITE_UNMAPPED:
	case UC_MEM_WRITE_PROT:
		return A64_WRITE;
	default:
		return A64_READ;
	}
}

static bool on_bad_access(uc_engine *uc, uc_mem_type type, uint64_t address, int size,
			  int64_t value, void *data)
{
	struct a64_guest *guest = data;

	(void)value;
	if (guest->stop == A64_STOP_NONE)
		guest->fault = (struct a64_fault){
			.va = address, .size = (uint32_t)size, .right = right_of(type)};
	stop(guest, uc, A64_STOP_FAULT);
	return false;
}

static void on_exception(uc_engine *uc, uint32_t number, void *data)
{
	struct a64_guest *guest = data;

	if (guest->stop == A64_STOP_NONE)
		guest->exception = number;
	stop(guest, uc, A64_STOP_EXCEPTION);
}

/* The engine's interface takes every kind of hook as void *. */
static bool add(uc_engine *uc, int type, void (*hook)(void), struct a64_guest *guest)
{
	uc_hook handle;
	void *address;

	memcpy(&address, &hook, sizeof(address));
	return uc_hook_add(uc, &handle, type, address, guest, 1, 0) == UC_ERR_OK;
}

bool engine_add_hooks(struct a64_guest *guest, uc_engine *uc)
{
	return add(uc, UC_HOOK_CODE, (void (*)(void))on_instruction, guest) &&
	       add(uc, UC_HOOK_MEM_INVALID, (void (*)(void))on_bad_access, guest) &&
	       add(uc, UC_HOOK_INTR, (void (*)(void))on_exception, guest);
}
