/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * TEST ONLY. The key pairs of a platform that does not exist: the private
 * halves are in this source, so a token made with them proves nothing.
 */
#ifndef RMM_ATTESTATION_TEST_KEYS_H
#define RMM_ATTESTATION_TEST_KEYS_H

#include "attestation/ecdsa.h"

/* Realm attestation key (RAK). */
extern const struct ecdsa_key attestation_test_rak;

/* Platform attestation key: the IAK of 1.0, the CPAK of 2.0. */
extern const struct ecdsa_key attestation_test_platform_key;

#endif
