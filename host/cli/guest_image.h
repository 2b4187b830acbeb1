/* SPDX-License-Identifier: BSD-3-Clause */
/* Bare-metal A64 programs from files: ELF, or raw bytes. */
#ifndef RMM_CLI_GUEST_IMAGE_H
#define RMM_CLI_GUEST_IMAGE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define GUEST_IMAGE_MAX_SEGMENTS 16
#define GUEST_IMAGE_MAX_BYTES    (UINT64_C(1) << 30)

/* What goes to memory: from a page boundary on; no two share a page. */
struct guest_segment {
	uint64_t ipa;
	uint64_t size;     /* bytes of `data` */
	uint64_t mem_size; /* with the zeros that follow, >= size */
	uint8_t *data;
};

struct guest_image {
	struct guest_segment segments[GUEST_IMAGE_MAX_SEGMENTS]; /* by ascending ipa */
	size_t num_segments;
	uint64_t entry;
	bool elf;
};

/*
 * Loads a file; `base` is where raw bytes go. False and a sentence in `why`
 * when it cannot be read or is malformed.
 */
bool guest_image_load(const char *path, uint64_t base, struct guest_image *image, char *why,
		      size_t why_size);
void guest_image_free(struct guest_image *image);

/* The same from memory. */
bool guest_image_parse(const uint8_t *bytes, size_t size, uint64_t base, struct guest_image *image,
		       char *why, size_t why_size);

#endif
