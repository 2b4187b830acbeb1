/* SPDX-License-Identifier: BSD-3-Clause */
/* Structures that the host hands over in Non-secure memory. */
#ifndef RMM_ORACLE_IMAGE_H
#define RMM_ORACLE_IMAGE_H

#include "oracle/env.h"

/* The granule at a PA, if the RMM may read it; marks the environment if not. */
const uint8_t *oracle_image(struct oracle_env *env, uint64_t pa);

/* Keeps copies of the images looked at so far: the host may write to the originals. */
void oracle_images_keep(struct oracle_env *env);

/* No field of an enumeration holds a reserved value. */
bool oracle_image_is_valid(const struct oracle_env *env, const uint8_t *image,
			   const char *type_name);
bool oracle_bits_are_valid(const struct oracle_env *env, const struct rmm_abi_type *type,
			   uint64_t word);

#endif
