/* SPDX-License-Identifier: BSD-3-Clause */
/* Reads nothing that was not bounds-checked: files come from anywhere. */
#include "guest_image.h"

#include <errno.h>
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define PAGE        UINT64_C(4096)
#define PAGE_MASK   (PAGE - 1)
#define IPA_TOP     (UINT64_C(1) << 48)

/* ELF64, little-endian (System V ABI, chapters 4 and 5). */
#define EHDR_SIZE   64u
#define PHDR_SIZE   56u
#define EM_AARCH64  183u
#define PT_LOAD     1u
#define CLASS_64    2u
#define DATA_LITTLE 1u

struct file {
	const uint8_t *bytes;
	size_t size;
	char *why;
	size_t why_size;
};

static bool malformed(const struct file *file, const char *what)
{
	snprintf(file->why, file->why_size, "%s", what);
	return false;
}

static uint64_t load(const struct file *file, size_t offset, unsigned int bytes)
{
	uint64_t value = 0;

	for (unsigned int i = 0; i < bytes; i++)
		value |= (uint64_t)file->bytes[offset + i] << (8 * i);
	return value;
}

static bool is_elf(const struct file *file)
{
	return file->size >= 4 && memcmp(file->bytes, "\177ELF", 4) == 0;
}

/* ---- segments ---------------------------------------------------------------------- */

static uint64_t end_of(const struct guest_segment *segment)
{
	return segment->ipa + segment->mem_size;
}

/* One that starts inside the last page of the previous one is joined to it. */
static bool join(struct guest_segment *to, const struct guest_segment *from)
{
	const uint64_t offset = from->ipa - to->ipa;
	const uint64_t size = offset + from->size > to->size ? offset + from->size : to->size;
	uint8_t *data = realloc(to->data, size ? size : 1);

	if (!data)
		return false;
	memset(data + to->size, 0, size - to->size);
	if (from->size)
		memcpy(data + offset, from->data, from->size);
	if (end_of(from) > end_of(to))
		to->mem_size = end_of(from) - to->ipa;
	to->data = data;
	to->size = size;
	return true;
}

static int by_address(const void *a, const void *b)
{
	const struct guest_segment *left = a;
	const struct guest_segment *right = b;

	return (left->ipa > right->ipa) - (left->ipa < right->ipa);
}

static bool arrange(const struct file *file, struct guest_image *image)
{
	size_t kept = 0;

	qsort(image->segments, image->num_segments, sizeof(image->segments[0]), by_address);
	for (size_t i = 1; i < image->num_segments; i++) {
		struct guest_segment *last = &image->segments[kept];
		struct guest_segment *next = &image->segments[i];

		if (next->ipa < end_of(last))
			return malformed(file, "two of its segments overlap");
		if ((next->ipa & ~PAGE_MASK) >= ((end_of(last) + PAGE_MASK) & ~PAGE_MASK)) {
			kept++;
			if (kept != i) {
				image->segments[kept] = *next;
				next->data = NULL;
			}
			continue;
		}
		if (!join(last, next))
			return malformed(file, "no memory is left for it");
		free(next->data);
		next->data = NULL;
	}
	image->num_segments = image->num_segments ? kept + 1 : 0;
	return true;
}

/* Adds bytes at an address; the segment starts at its page. */
static bool add(const struct file *file, struct guest_image *image, uint64_t ipa,
		const uint8_t *bytes, uint64_t size, uint64_t mem_size)
{
	struct guest_segment *segment = &image->segments[image->num_segments];

	if (image->num_segments == GUEST_IMAGE_MAX_SEGMENTS)
		return malformed(file, "it has more than 16 segments to load");
	if (mem_size < size || mem_size > GUEST_IMAGE_MAX_BYTES || ipa > IPA_TOP - mem_size)
		return malformed(file, "a segment is larger than 1 GiB, larger in the file than "
				       "in memory, or beyond 48 bits");
	segment->data = malloc(size ? size : 1);
	if (!segment->data)
		return malformed(file, "no memory is left for it");
	if (size)
		memcpy(segment->data, bytes, size);
	segment->ipa = ipa;
	segment->size = size;
	segment->mem_size = mem_size;
	image->num_segments++;
	return true;
}

/* Starts every segment at a page boundary, with zeros before its first byte. */
static bool align(const struct file *file, struct guest_image *image)
{
	for (size_t i = 0; i < image->num_segments; i++) {
		struct guest_segment *segment = &image->segments[i];
		const uint64_t before = segment->ipa & PAGE_MASK;
		uint8_t *data = calloc(1, before + segment->size + 1);

		if (!data)
			return malformed(file, "no memory is left for it");
		memcpy(data + before, segment->data, segment->size);
		free(segment->data);
		segment->data = data;
		segment->ipa -= before;
		segment->size += before;
		segment->mem_size += before;
	}
	return true;
}

/* ---- ELF ----------------------------------------------------------------------------- */

static bool parse_program_header(const struct file *file, size_t at, struct guest_image *image)
{
	const uint64_t offset = load(file, at + 8, 8);
	const uint64_t address = load(file, at + 24, 8);
	const uint64_t size = load(file, at + 32, 8);
	const uint64_t mem_size = load(file, at + 40, 8);

	if (load(file, at, 4) != PT_LOAD || mem_size == 0)
		return true;
	if (offset > file->size || size > file->size - offset)
		return malformed(file, "a segment lies behind the end of the file");
	return add(file, image, address, file->bytes + offset, size, mem_size);
}

static bool parse_elf(const struct file *file, struct guest_image *image)
{
	if (file->size < EHDR_SIZE)
		return malformed(file, "the file ends inside the ELF header");
	if (file->bytes[4] != CLASS_64 || file->bytes[5] != DATA_LITTLE ||
	    load(file, 18, 2) != EM_AARCH64)
		return malformed(file, "it is no little-endian AArch64 program");
	const uint64_t table = load(file, 32, 8);
	const uint64_t count = load(file, 56, 2);

	if (load(file, 54, 2) != PHDR_SIZE || table > file->size ||
	    count > (file->size - table) / PHDR_SIZE)
		return malformed(file, "its program headers lie behind the end of the file");
	for (uint64_t i = 0; i < count; i++)
		if (!parse_program_header(file, table + i * PHDR_SIZE, image))
			return false;
	if (!image->num_segments)
		return malformed(file, "it has nothing to load");
	image->entry = load(file, 24, 8);
	image->elf = true;
	return arrange(file, image) && align(file, image);
}

/* ---- files ------------------------------------------------------------------------------ */

bool guest_image_parse(const uint8_t *bytes, size_t size, uint64_t base, struct guest_image *image,
		       char *why, size_t why_size)
{
	const struct file file = {bytes, size, why, why_size};
	bool ok;

	*image = (struct guest_image){.entry = base};
	if (size == 0)
		ok = malformed(&file, "the file is empty");
	else if (is_elf(&file))
		ok = parse_elf(&file, image);
	else
		ok = add(&file, image, base, bytes, size, size);
	if (!ok)
		guest_image_free(image);
	return ok;
}

static uint8_t *read_stream(FILE *in, size_t *size)
{
	size_t room = 1 << 16;
	uint8_t *bytes = malloc(room);

	*size = 0;
	while (bytes && !feof(in) && !ferror(in) && *size <= GUEST_IMAGE_MAX_BYTES) {
		if (*size == room) {
			uint8_t *more = realloc(bytes, room *= 2);

			if (!more)
				free(bytes);
			bytes = more;
			continue;
		}
		*size += fread(bytes + *size, 1, room - *size, in);
	}
	if (bytes && (ferror(in) || *size > GUEST_IMAGE_MAX_BYTES)) {
		free(bytes);
		bytes = NULL;
	}
	return bytes;
}

bool guest_image_load(const char *path, uint64_t base, struct guest_image *image, char *why,
		      size_t why_size)
{
	FILE *in = fopen(path, "rb");
	uint8_t *bytes;
	size_t size;
	bool ok;

	*image = (struct guest_image){0};
	if (!in) {
		snprintf(why, why_size, "%s", strerror(errno));
		return false;
	}
	bytes = read_stream(in, &size);
	(void)fclose(in);
	if (!bytes) {
		snprintf(why, why_size, "it cannot be read, or is larger than 1 GiB");
		return false;
	}
	ok = guest_image_parse(bytes, size, base, image, why, why_size);
	free(bytes);
	return ok;
}

void guest_image_free(struct guest_image *image)
{
	for (size_t i = 0; i < image->num_segments; i++)
		free(image->segments[i].data);
	*image = (struct guest_image){0};
}
