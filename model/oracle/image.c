/* SPDX-License-Identifier: BSD-3-Clause */
#include "oracle/image.h"

#include "oracle/view.h"

const uint8_t *oracle_image(struct oracle_env *env, uint64_t pa)
{
	for (unsigned int i = 0; i < env->num_images; i++)
		if (env->images[i].pa == pa && (env->images_kept || env->phase == ORACLE_BEFORE))
			return env->images[i].bytes;
	if (pa % VIEW_GRANULE || !view_ns_accessible(env->sys, pa)) {
		oracle_ill_formed(env);
		return oracle_nothing;
	}
	const uint8_t *bytes = view_bytes(env->sys, pa);
	if (env->num_images < ORACLE_MAX_IMAGES && !env->images_kept)
		env->images[env->num_images++] = (struct oracle_image){pa, bytes};
	return bytes;
}

void oracle_images_keep(struct oracle_env *env)
{
	for (unsigned int i = 0; i < env->num_images && !env->images_kept; i++) {
		uint8_t *copy = oracle_alloc(env, VIEW_GRANULE);

		if (!copy)
			break;
		memcpy(copy, env->images[i].bytes, VIEW_GRANULE);
		env->images[i].bytes = copy;
	}
	env->fault = ORACLE_NO_FAULT;
	env->images_kept = true;
}

static bool enum_is_valid(const struct oracle_env *env, const struct rmm_abi_type *type,
			  uint64_t value)
{
	return type->num_values == 0 || rmm_abi_value_label(type, env->version, value) != NULL;
}

bool oracle_bits_are_valid(const struct oracle_env *env, const struct rmm_abi_type *type,
			   uint64_t word)
{
	for (size_t i = 0; i < type->num_fields; i++) {
		const struct rmm_abi_field *f = &type->fields[i];

		if ((f->versions >> env->version & 1) && f->type && f->type->kind == RMM_ABI_ENUM &&
		    !enum_is_valid(env, f->type, rmm_abi_bits_get(f, word)))
			return false;
	}
	return true;
}

bool oracle_image_is_valid(const struct oracle_env *env, const uint8_t *image,
			   const char *type_name)
{
	const struct rmm_abi_type *type = rmm_abi_type_find(type_name);

	for (size_t i = 0; type && i < type->num_fields; i++) {
		const struct rmm_abi_field *f = &type->fields[i];

		if (!(f->versions >> env->version & 1) || !f->type || f->width == 0)
			continue;
		const uint64_t value = rmm_abi_field_get(f, image, 0);
		if (f->type->kind == RMM_ABI_ENUM && !enum_is_valid(env, f->type, value))
			return false;
		if (f->type->kind == RMM_ABI_BITFIELD &&
		    !oracle_bits_are_valid(env, f->type, value))
			return false;
	}
	return true;
}
