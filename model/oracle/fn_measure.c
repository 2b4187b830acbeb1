/* SPDX-License-Identifier: BSD-3-Clause */
/* Measurements (2.0-bet0 B3.111, B3.112, C2.27, C2.28). */
#include <openssl/evp.h>

#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/view.h"
#include "rmmsim/abi/encoding.h"

#define DESCRIPTOR_BYTES 0x100u

static const EVP_MD *hash_of(uint64_t algo)
{
	switch (algo) {
	case ORACLE_HASH_SHA_384:
		return EVP_sha384();
	case ORACLE_HASH_SHA_512:
		return EVP_sha512();
	default:
		return EVP_sha256();
	}
}

/* Zero-extended to 512 bits. */
static struct oracle_wide digest(struct oracle_env *env, uint64_t algo, const void *data,
				 size_t size)
{
	unsigned char bytes[EVP_MAX_MD_SIZE] = {0};
	struct oracle_wide value = {{0}};
	unsigned int length = 0;

	if (!EVP_Digest(data, size, bytes, &length, hash_of(algo), NULL))
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
		const struct oracle_wide hash =
			digest(env, realm_->hash_algo, content, VIEW_GRANULE);

		memcpy(desc + 0x60, hash.w, sizeof(hash.w));
	}
	return digest(env, realm_->hash_algo, desc, sizeof(desc));
}

/* The named fields of a structure of the host; every other byte counts as zero. */
static void keep_fields(const struct oracle_env *env, const char *type_name,
			const char *const *names, unsigned int num_names, const uint8_t *from,
			uint8_t to[VIEW_GRANULE])
{
	const struct rmm_abi_type *type = rmm_abi_type_find(type_name);

	memset(to, 0, VIEW_GRANULE);
	for (unsigned int i = 0; i < num_names; i++) {
		const struct rmm_abi_field *f = rmm_abi_field_find(type, env->version, names[i]);

		memcpy(to + f->offset, from + f->offset, f->count * f->width / 8u);
	}
}

struct oracle_wide oracle_fn_RimInit(struct oracle_env *env, uint64_t algo_, const uint8_t *params_)
{
	static const char *const measured[] = {"flags",   "s2sz",         "sve_vl",   "num_bps",
					       "num_wps", "pmu_num_ctrs", "hash_algo"};
	uint8_t image[VIEW_GRANULE];

	keep_fields(env, "RmiRealmParams", measured, sizeof(measured) / sizeof(measured[0]),
		    params_, image);
	return digest(env, algo_, image, sizeof(image));
}

/* One descriptor for each entry, each on top of the RIM before. */
struct oracle_wide oracle_fn_RimExtendRipas(struct oracle_env *env,
					    const struct oracle_RmmRealm *realm_, uint64_t base_,
					    uint64_t top_, oracle_int level_)
{
	struct oracle_RmmRealm realm = *realm_;
	uint8_t desc[DESCRIPTOR_BYTES];

	if (level_ < -1 || level_ > VIEW_PAGE_LEVEL) {
		oracle_ill_formed(env);
		return realm.rim;
	}
	for (uint64_t ipa = base_; ipa < top_; ipa += view_span((int)level_)) {
		descriptor_begin(desc, 2, &realm);
		put_word(desc + 0x50, ipa);
		put_word(desc + 0x58, ipa + view_span((int)level_));
		realm.rim = digest(env, realm.hash_algo, desc, sizeof(desc));
	}
	return realm.rim;
}

struct oracle_wide oracle_fn_RimExtendRec(struct oracle_env *env,
					  const struct oracle_RmmRealm *realm_,
					  const uint8_t *params_)
{
	static const char *const measured[] = {"flags", "pc", "gprs"};
	uint8_t image[VIEW_GRANULE];
	uint8_t desc[DESCRIPTOR_BYTES];

	keep_fields(env, "RmiRecParams", measured, sizeof(measured) / sizeof(measured[0]), params_,
		    image);
	const struct oracle_wide hash = digest(env, realm_->hash_algo, image, sizeof(image));
	descriptor_begin(desc, 1, realm_);
	memcpy(desc + 0x50, hash.w, sizeof(hash.w));
	return digest(env, realm_->hash_algo, desc, sizeof(desc));
}
