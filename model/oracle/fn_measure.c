/* SPDX-License-Identifier: BSD-3-Clause */
/* Measurements (2.0-bet0 B3.111, B3.112, C2.27, C2.28). */
#include <openssl/evp.h>

#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

#define DESCRIPTOR_BYTES 0x100u

static const EVP_MD *hash_of(const struct oracle_RmmRealm *realm)
{
	switch (realm->hash_algo) {
	case ORACLE_HASH_SHA_384:
		return EVP_sha384();
	case ORACLE_HASH_SHA_512:
		return EVP_sha512();
	default:
		return EVP_sha256();
	}
}

/* Zero-extended to 512 bits. */
static struct oracle_wide digest(struct oracle_env *env, const struct oracle_RmmRealm *realm,
				 const void *data, size_t size)
{
	unsigned char bytes[EVP_MAX_MD_SIZE] = {0};
	struct oracle_wide value = {{0}};
	unsigned int length = 0;

	if (!EVP_Digest(data, size, bytes, &length, hash_of(realm), NULL))
		oracle_unknown(env);
	else
		memcpy(value.w, bytes, length);
	return value;
}

static void put_word(uint8_t *at, uint64_t value)
{
	memcpy(at, &value, sizeof(value));
}

/* What both descriptors begin with: type, length, RIM. */
static void descriptor_begin(uint8_t desc[DESCRIPTOR_BYTES], uint64_t type,
			     const struct oracle_RmmRealm *realm)
{
	memset(desc, 0, DESCRIPTOR_BYTES);
	desc[0] = (uint8_t)type;
	put_word(desc + 0x8, DESCRIPTOR_BYTES);
	memcpy(desc + 0x10, realm->rim.w, sizeof(realm->rim.w));
}

struct oracle_wide oracle_fn_RimExtendData(struct oracle_env *env,
					   const struct oracle_RmmRealm *realm_, uint64_t ipa_,
					   uint64_t data_, uint64_t flags_)
{
	const uint8_t *content = view_bytes(env->sys, data_);
	uint8_t desc[DESCRIPTOR_BYTES];

	if (!content) {
		oracle_ill_formed(env);
		return (struct oracle_wide){{0}};
	}
	descriptor_begin(desc, 0, realm_);
	put_word(desc + 0x50, ipa_);
	put_word(desc + 0x58, flags_);
	if (flags_ & 1) {
		const struct oracle_wide hash = digest(env, realm_, content, VIEW_GRANULE);

		memcpy(desc + 0x60, hash.w, sizeof(hash.w));
	}
	return digest(env, realm_, desc, sizeof(desc));
}

/* Flags, PC and general registers; every other byte counts as zero. */
struct oracle_wide oracle_fn_RimExtendRec(struct oracle_env *env,
					  const struct oracle_RmmRealm *realm_,
					  const uint8_t *params_)
{
	static const char *const measured[] = {"flags", "pc", "gprs"};
	const struct rmm_abi_type *type = rmm_abi_type_find("RmiRecParams");
	uint8_t image[VIEW_GRANULE] = {0};
	uint8_t desc[DESCRIPTOR_BYTES];

	for (unsigned int i = 0; i < 3; i++) {
		const struct rmm_abi_field *f = rmm_abi_field_find(type, env->version, measured[i]);

		memcpy(image + f->offset, params_ + f->offset, f->count * f->width / 8u);
	}
	const struct oracle_wide hash = digest(env, realm_, image, sizeof(image));
	descriptor_begin(desc, 1, realm_);
	memcpy(desc + 0x50, hash.w, sizeof(hash.w));
	return digest(env, realm_, desc, sizeof(desc));
}
