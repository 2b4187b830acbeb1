/* SPDX-License-Identifier: BSD-3-Clause */
/* Which claims a token has to have, and of which type and size each is. */
#include "attestation/token_claims.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "attestation/token.h"

/* Sizes in bytes that a claim may have; 0 ends the list, none: any. */
struct rule {
	int64_t key;
	enum rmm_claim_kind kind;
	bool only_2_0;
	uint16_t sizes[4];
};

#define ANY_HASH           \
	{                  \
		32, 48, 64 \
	}

static const struct rule realm_rules[] = {
	{RMM_CLAIM_CHALLENGE, RMM_CLAIM_BYTES, false, {64}},
	{RMM_CLAIM_INSTANCE_ID, RMM_CLAIM_BYTES, true, {33}},
	{RMM_CLAIM_RPV, RMM_CLAIM_BYTES, false, {64}},
	{RMM_CLAIM_HASH_ALGORITHM, RMM_CLAIM_TEXT, false, {0}},
	{RMM_CLAIM_RAK, RMM_CLAIM_BYTES, false, {0}},
	{RMM_CLAIM_RIM, RMM_CLAIM_BYTES, false, ANY_HASH},
	{RMM_CLAIM_REMS, RMM_CLAIM_ENCODED, false, {0}},
	{RMM_CLAIM_RAK_HASH_ALGORITHM, RMM_CLAIM_TEXT, false, {0}},
	{RMM_CLAIM_MEC_POLICY, RMM_CLAIM_INT, true, {0}},
};

static const struct rule platform_rules[] = {
	{RMM_CLAIM_PROFILE, RMM_CLAIM_TEXT, false, {0}},
	{RMM_CLAIM_CHALLENGE, RMM_CLAIM_BYTES, false, ANY_HASH},
	{RMM_CLAIM_IMPLEMENTATION_ID, RMM_CLAIM_BYTES, false, {32}},
	{RMM_CLAIM_INSTANCE_ID, RMM_CLAIM_BYTES, false, {33}},
	{RMM_CLAIM_CONFIG, RMM_CLAIM_BYTES, false, {0}},
	{RMM_CLAIM_LIFECYCLE, RMM_CLAIM_INT, false, {0}},
	{RMM_CLAIM_SOFTWARE_COMPONENTS, RMM_CLAIM_ENCODED, false, {0}},
	{RMM_CLAIM_PLATFORM_HASH_ALGORITHM, RMM_CLAIM_TEXT, false, {0}},
	{RMM_CLAIM_CLIENT_ID, RMM_CLAIM_INT, true, {0}},
};

const char *rmm_claim_name(int64_t key)
{
	static const struct {
		int64_t key;
		const char *name;
	} names[] = {
		{RMM_CLAIM_CHALLENGE, "challenge"},
		{RMM_CLAIM_INSTANCE_ID, "instance ID"},
		{RMM_CLAIM_PROFILE, "profile"},
		{RMM_CLAIM_CLIENT_ID, "client ID"},
		{RMM_CLAIM_LIFECYCLE, "lifecycle"},
		{RMM_CLAIM_IMPLEMENTATION_ID, "implementation ID"},
		{RMM_CLAIM_SOFTWARE_COMPONENTS, "software components"},
		{RMM_CLAIM_VERIFICATION_SERVICE, "verification service"},
		{RMM_CLAIM_CONFIG, "config"},
		{RMM_CLAIM_PLATFORM_HASH_ALGORITHM, "hash algorithm"},
		{RMM_CLAIM_MANUFACTURING_CONFIG, "manufacturing config"},
		{RMM_CLAIM_EXTENSION_DEVICES, "extension devices"},
		{RMM_CLAIM_RPV, "personalization value"},
		{RMM_CLAIM_HASH_ALGORITHM, "measurement hash"},
		{RMM_CLAIM_RAK, "RAK public key"},
		{RMM_CLAIM_RIM, "RIM"},
		{RMM_CLAIM_REMS, "REMs"},
		{RMM_CLAIM_RAK_HASH_ALGORITHM, "RAK hash algorithm"},
		{RMM_CLAIM_MEC_POLICY, "MEC policy"},
		{RMM_CLAIM_LFA_POLICY, "LFA policy"},
		{RMM_CLAIM_DEVICES_HASH, "devices hash"},
	};

	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++)
		if (names[i].key == key)
			return names[i].name;
	return NULL;
}

static bool size_is_allowed(const struct rule *rule, size_t len)
{
	if (!rule->sizes[0])
		return true;
	for (size_t i = 0; i < 4 && rule->sizes[i]; i++)
		if (rule->sizes[i] == len)
			return true;
	return false;
}

static bool follows_rule(const struct rule *rule, const struct rmm_signed_claims *claims,
			 struct rmm_error *why)
{
	const struct rmm_claim *claim = rmm_token_claim(claims, rule->key);
	const char *problem = NULL;

	if (!claim)
		problem = "is missing";
	else if (claim->kind != rule->kind)
		problem = "has the wrong type";
	else if (!size_is_allowed(rule, claim->bytes.len))
		problem = "has the wrong size";
	if (problem)
		snprintf(why->text, sizeof(why->text), "claim %" PRId64 " (%s) %s", rule->key,
			 rmm_claim_name(rule->key), problem);
	return !problem;
}

static bool text_is(struct rmm_bytes text, const char *expected)
{
	return text.len == strlen(expected) && memcmp(text.data, expected, text.len) == 0;
}

/* Profiles may be left out of realm tokens; the collection tells the version then. */
static bool profile_is_2_0(const struct rmm_token *token, const struct rmm_signed_claims *claims)
{
	const struct rmm_claim *profile = rmm_token_claim(claims, RMM_CLAIM_PROFILE);

	if (!profile || profile->kind != RMM_CLAIM_TEXT)
		return token->tag == RMM_TOKEN_TAG_CMW;
	return !text_is(profile->bytes, TOKEN_PROFILE_REALM_1_0) &&
	       !text_is(profile->bytes, TOKEN_PROFILE_PLATFORM_1_0);
}

static bool follows_rules(const struct rule *rules, size_t num_rules, const struct rmm_token *token,
			  const struct rmm_signed_claims *claims, struct rmm_error *why)
{
	const bool is_2_0 = profile_is_2_0(token, claims);

	for (size_t i = 0; i < num_rules; i++)
		if ((is_2_0 || !rules[i].only_2_0) && !follows_rule(&rules[i], claims, why))
			return false;
	return true;
}

/* RIM and REMs are hashes of the algorithm that the token names. */
static bool sizes_agree(const struct rmm_token *token, struct rmm_error *why)
{
	const struct rmm_bytes name =
		rmm_token_claim(&token->realm, RMM_CLAIM_HASH_ALGORITHM)->bytes;
	const size_t rim = rmm_token_claim(&token->realm, RMM_CLAIM_RIM)->bytes.len;
	bool ok = (rim == 32 && text_is(name, "sha-256")) ||
		  (rim == 48 && text_is(name, "sha-384")) ||
		  (rim == 64 && text_is(name, "sha-512"));

	for (unsigned int i = 0; i < RMM_TOKEN_NUM_REMS; i++)
		ok &= token->rems[i].len == rim;
	if (!ok)
		snprintf(why->text, sizeof(why->text),
			 "RIM and REMs are not of the size of claim %d (measurement hash)",
			 RMM_CLAIM_HASH_ALGORITHM);
	return ok;
}

bool token_realm_claims_ok(const struct rmm_token *token, struct rmm_error *why)
{
	return follows_rules(realm_rules, sizeof(realm_rules) / sizeof(realm_rules[0]), token,
			     &token->realm, why) &&
	       sizes_agree(token, why);
}

bool token_platform_claims_ok(const struct rmm_token *token, struct rmm_error *why)
{
	if (!follows_rules(platform_rules, sizeof(platform_rules) / sizeof(platform_rules[0]),
			   token, &token->platform, why))
		return false;
	for (size_t i = 0; i < token->num_components; i++)
		if (!token->components[i].measurement.data || !token->components[i].signer.data) {
			snprintf(why->text, sizeof(why->text),
				 "software component %zu lacks its measurement or its signer", i);
			return false;
		}
	if (!token->num_components)
		snprintf(why->text, sizeof(why->text), "there is no software component");
	return token->num_components > 0;
}
