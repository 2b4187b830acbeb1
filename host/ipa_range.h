/* SPDX-License-Identifier: BSD-3-Clause */
/* Checks of what a user asks for, before any command is issued. */
#ifndef RMMHOST_IPA_RANGE_H
#define RMMHOST_IPA_RANGE_H

#include "host_state.h"

enum ipa_half {
	IPA_PROTECTED,
	IPA_UNPROTECTED,
};

/* Whole pages, not empty, no wrap-around, all in one half of the IPA space. */
enum host_status ipa_range_check(const struct host_realm *realm, uint64_t ipa, uint64_t size,
				 enum ipa_half half, struct host_error *error);

#endif
