/* SPDX-License-Identifier: BSD-3-Clause */
#include "guest_console.h"

/*
 * The ring: three words, then `size` bytes. The guest writes at `head`, the
 * host reads at `tail`; both count up and wrap with their word.
 */
struct ring {
	uint32_t head;
	uint32_t tail;
	uint32_t size; /* a power of two */
};

#define MAX_RING 65536u

static void put(struct guest_console *console, uint8_t byte)
{
	(void)fputc(byte, console->out);
	if (byte == '\n')
		(void)fflush(console->out);
	console->bytes++;
}

bool guest_console_mmio(struct guest_console *console, struct host_mmio *access)
{
	const uint64_t offset = access->ipa - console->ipa;

	if (offset >= GUEST_CONSOLE_SIZE)
		return false;
	if (access->write && offset == GUEST_CONSOLE_DATA)
		put(console, (uint8_t)access->value);
	else if (!access->write)
		access->value = 0;
	return true;
}

/* ---- shared memory: the guest may write anything there at any time ------------------ */

static bool is_inside(const struct guest_console *console, uint64_t offset, uint64_t size)
{
	return size <= console->shared_size && offset <= console->shared_size - size;
}

/* False: outside the window, or the memory is not Non-secure any more. */
static bool read_shared(const struct guest_console *console, uint64_t offset, void *to,
			uint64_t size)
{
	return is_inside(console, offset, size) &&
	       console->memory.read(console->memory.ctx, console->shared_pa + offset, to, size);
}

static uint32_t word_at(const uint8_t *bytes)
{
	return (uint32_t)bytes[0] | (uint32_t)bytes[1] << 8 | (uint32_t)bytes[2] << 16 |
	       (uint32_t)bytes[3] << 24;
}

static bool read_ring(const struct guest_console *console, uint64_t offset, struct ring *ring)
{
	uint8_t bytes[12];

	if (!read_shared(console, offset, bytes, sizeof(bytes)))
		return false;
	*ring = (struct ring){word_at(bytes), word_at(bytes + 4), word_at(bytes + 8)};
	return ring->size != 0 && ring->size <= MAX_RING && (ring->size & (ring->size - 1)) == 0 &&
	       ring->head - ring->tail <= ring->size &&
	       is_inside(console, offset, sizeof(bytes) + (uint64_t)ring->size);
}

static bool write_tail(const struct guest_console *console, uint64_t offset, uint32_t tail)
{
	const uint8_t bytes[4] = {(uint8_t)tail, (uint8_t)(tail >> 8), (uint8_t)(tail >> 16),
				  (uint8_t)(tail >> 24)};

	return console->memory.write(console->memory.ctx, console->shared_pa + offset + 4, bytes,
				     sizeof(bytes));
}

static bool drain(struct guest_console *console, uint64_t offset)
{
	struct ring ring;
	uint8_t byte;

	if (!read_ring(console, offset, &ring))
		return false;
	for (; ring.tail != ring.head; ring.tail++) {
		const uint64_t at = offset + 12 + (ring.tail & (ring.size - 1));

		if (!read_shared(console, at, &byte, 1))
			return false;
		put(console, byte);
	}
	return write_tail(console, offset, ring.tail);
}

static bool dump(struct guest_console *console, uint64_t offset, uint64_t size)
{
	uint8_t piece[256];

	if (!is_inside(console, offset, size))
		return false;
	console->dumped += size;
	while (size) {
		const uint64_t n = size < sizeof(piece) ? size : sizeof(piece);

		if (!read_shared(console, offset, piece, n))
			return false;
		if (console->dump && fwrite(piece, 1, n, console->dump) != n)
			return false;
		offset += n;
		size -= n;
	}
	return true;
}

void guest_console_call(struct guest_console *console, uint16_t imm,
			uint64_t gprs[HOST_REC_NUM_GPRS])
{
	bool ok = true;

	switch (imm) {
	case GUEST_CALL_PUT:
		put(console, (uint8_t)gprs[0]);
		break;
	case GUEST_CALL_RING:
		ok = drain(console, gprs[0]);
		break;
	case GUEST_CALL_DUMP:
		ok = dump(console, gprs[0], gprs[1]);
		break;
	default:
		ok = false;
		break;
	}
	console->refused += !ok;
	gprs[0] = ok ? 0 : UINT64_MAX;
}
