/* SPDX-License-Identifier: BSD-3-Clause */
#include "rim_image.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "rmmsim/abi/encoding.h"

static const char *const hash_names[] = {
	[RMI_HASH_SHA_256] = "sha-256",
	[RMI_HASH_SHA_512] = "sha-512",
	[RMI_HASH_SHA_384] = "sha-384",
};

bool rim_hash_by_name(const char *name, uint8_t *hash_algo)
{
	for (size_t i = 0; i < sizeof(hash_names) / sizeof(hash_names[0]); i++) {
		if (strcmp(name, hash_names[i]) == 0) {
			*hash_algo = (uint8_t)i;
			return true;
		}
	}
	return false;
}

static bool refuse(struct rmm_error *error, const char *path, const char *why)
{
	snprintf(error->text, sizeof(error->text), "%.160s: %s", path, why);
	return false;
}

static bool add_pages(struct rmm_rim *rim, uint64_t ipa, FILE *in, const char *path, bool measure,
		      struct rmm_error *error)
{
	uint8_t page[RMM_GRANULE_SIZE];
	const uint64_t first = ipa;
	size_t n;

	while ((n = fread(page, 1, sizeof(page), in)) > 0) {
		if (ipa < first)
			return refuse(error, path, "it goes beyond the end of the address space");
		memset(page + n, 0, sizeof(page) - n);
		rmm_rim_add_data(rim, ipa, measure, page);
		ipa += sizeof(page);
	}
	if (ferror(in))
		return refuse(error, path, strerror(errno));
	return ipa != first || refuse(error, path, "it is empty");
}

bool rim_add_image(struct rmm_rim *rim, uint64_t ipa, const char *path, bool measure,
		   struct rmm_error *error)
{
	if (ipa % RMM_GRANULE_SIZE != 0)
		return refuse(error, path, "its IPA is no multiple of 4096");
	FILE *in = fopen(path, "rb");
	if (in == NULL)
		return refuse(error, path, strerror(errno));
	const bool ok = add_pages(rim, ipa, in, path, measure, error);
	fclose(in);
	return ok;
}
