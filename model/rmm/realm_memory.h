/* SPDX-License-Identifier: BSD-3-Clause */
/* Memory as a realm sees it: stage 2 translation of an IPA, and its outcome. */
#ifndef RMM_RMM_REALM_MEMORY_H
#define RMM_RMM_REALM_MEMORY_H

#include <stdbool.h>
#include <stdint.h>

#include "rmm/call.h"

/* The realm's granule, whatever the RMI's is. */
#define RSI_GRANULE_BYTES UINT64_C(4096)

enum ipa_outcome {
	IPA_OK,             /* pa and pas are valid */
	IPA_EMPTY,          /* Protected, RIPAS EMPTY: an external abort for the realm */
	IPA_OUTSIDE,        /* beyond the IPA space */
	IPA_FAULT,          /* the host has to act: nothing is mapped, or DESTROYED */
	IPA_PERMISSION,     /* mapped Non-secure memory, not with this permission */
	IPA_PROTECTION,     /* mapped Non-secure memory that is not Non-secure any more */
	IPA_NOT_EXECUTABLE, /* fetch from Unprotected memory */
};

enum ipa_access { IPA_READ, IPA_WRITE, IPA_FETCH };

struct ipa_result {
	enum ipa_outcome outcome;
	int level; /* where the walk ended */
	bool is_protected;
	bool is_writable;
	uint64_t pa;
	uint64_t rtt; /* the table that maps it */
};

/*
 * 2.0-bet0 A5.3.1: HIPAS and RIPAS decide what an access does. With IPA_OK the
 * table and, among threads, the granule stay locked until ipa_release: who
 * invalidates the translation, or takes the granule away, waits until the
 * access is over, as a DSB does. The locks of a realm's call are released with it.
 */
void ipa_translate(struct rmm_call *call, const struct rmm_realm *realm, uint64_t ipa,
		   enum ipa_access access, struct ipa_result *result);

void ipa_release(struct rmm_call *call, const struct ipa_result *at);

/* Copies; the range must not leave its granule and must have been translated. */
void ipa_read(struct rmm_call *call, const struct ipa_result *at, void *buf, uint64_t len);
void ipa_write(struct rmm_call *call, const struct ipa_result *at, const void *buf, uint64_t len);

/*
 * A buffer that the realm names in an RSI call (2.0-bet0 A5.2.4). True: *at
 * can be used. False: the call has been given its outcome; *x0 is what the
 * handler returns.
 */
bool realm_buffer(struct rmm_call *call, uint64_t ipa, enum rmm_condition empty,
		  struct ipa_result *at, uint64_t *x0);

#endif
