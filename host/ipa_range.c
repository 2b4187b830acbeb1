/* SPDX-License-Identifier: BSD-3-Clause */
#include "ipa_range.h"

#include "fail.h"

enum host_status ipa_range_check(const struct host_realm *realm, uint64_t ipa, uint64_t size,
				 enum ipa_half half, struct host_error *error)
{
	uint64_t middle = UINT64_C(1) << (realm->ipa_width - 1);
	uint64_t first = half == IPA_PROTECTED ? 0 : middle;

	if (realm->state == REALM_NONE)
		return host_fail(error, HOST_ERROR_STATE, "there is no realm");
	if (size == 0 || ipa % HOST_PAGE_SIZE || size % HOST_PAGE_SIZE)
		return host_fail(error, HOST_ERROR_CONFIG,
				 "IPA range [0x%llx, +0x%llx) is not one of whole pages",
				 (unsigned long long)ipa, (unsigned long long)size);
	if (ipa < first || ipa - first >= middle || size > middle - (ipa - first))
		return host_fail(
			error, HOST_ERROR_CONFIG,
			"IPA range [0x%llx, +0x%llx) is not in the %s half of %u bits of IPA",
			(unsigned long long)ipa, (unsigned long long)size,
			half == IPA_PROTECTED ? "protected" : "unprotected", realm->ipa_width);
	return HOST_OK;
}
