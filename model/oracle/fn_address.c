/* SPDX-License-Identifier: BSD-3-Clause */
/* Integers, addresses, ranges (2.0-bet0 B3.1 to B3.18, B3.48, B3.187, B3.214). */
#include "oracle/env.h"
#include "oracle/functions.h"
#include "oracle/view.h"

uint64_t oracle_fn_ToAddress(struct oracle_env *env, oracle_int integer_)
{
	(void)env;
	return (uint64_t)integer_;
}

uint64_t oracle_fn_MinAddress(struct oracle_env *env, uint64_t addr1_, uint64_t addr2_)
{
	(void)env;
	return addr1_ < addr2_ ? addr1_ : addr2_;
}

bool oracle_fn_AddrInRange(struct oracle_env *env, uint64_t addr_, uint64_t base_, oracle_int size_)
{
	(void)env;
	return addr_ >= base_ && (oracle_int)addr_ <= (oracle_int)base_ + size_;
}

bool oracle_fn_AddrIsAligned(struct oracle_env *env, uint64_t addr_, oracle_int n_)
{
	if (n_ <= 0)
		return oracle_ill_formed(env);
	return (oracle_int)addr_ % n_ == 0;
}

bool oracle_fn_AddrIsRmiGranuleAligned(struct oracle_env *env, uint64_t addr_)
{
	(void)env;
	return addr_ % VIEW_GRANULE == 0;
}

bool oracle_fn_AddrIsProtected(struct oracle_env *env, uint64_t addr_,
			       const struct oracle_RmmRealm *realm_)
{
	(void)env;
	return (oracle_int)addr_ < oracle_power(2, (oracle_int)realm_->ipa_width - 1);
}

bool oracle_fn_AddrRangeIsProtected(struct oracle_env *env, uint64_t base_, uint64_t top_,
				    const struct oracle_RmmRealm *realm_)
{
	return top_ > base_ && oracle_fn_AddrIsProtected(env, base_, realm_) &&
	       oracle_fn_AddrIsProtected(env, top_ - 1, realm_);
}

static bool level_exists(oracle_int level)
{
	return level >= -1 && level <= VIEW_PAGE_LEVEL;
}

oracle_int oracle_fn_RttLevelSize(struct oracle_env *env, oracle_int level_)
{
	if (!level_exists(level_))
		return (oracle_int)oracle_ill_formed(env);
	return (oracle_int)view_span((int)level_);
}

bool oracle_fn_AddrIsRttLevelAligned(struct oracle_env *env, uint64_t addr_, oracle_int level_)
{
	(void)env;
	return level_exists(level_) && addr_ % view_span((int)level_) == 0;
}

bool oracle_fn_RttLevelHasBlocks(struct oracle_env *env, oracle_int level_)
{
	(void)env;
	return level_ >= VIEW_BLOCK_LEVEL && level_ <= VIEW_PAGE_LEVEL;
}

oracle_int oracle_fn_RttEntryIndex(struct oracle_env *env, uint64_t addr_, oracle_int level_)
{
	if (!level_exists(level_))
		return (oracle_int)oracle_ill_formed(env);
	return (oracle_int)(addr_ / view_span((int)level_) % VIEW_ENTRIES);
}
