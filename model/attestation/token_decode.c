/* SPDX-License-Identifier: BSD-3-Clause */
/* Taking a token apart. Its bytes come from outside: see cbor_reader.h. */
#include <stdio.h>

#include "attestation/cbor_reader.h"
#include "attestation/cose.h"
#include "attestation/token.h"

#define COSE_HEADER_ALG 1

/* Keys inside a software component. */
enum { TYPE = 1, MEASUREMENT = 2, VERSION = 4, SIGNER = 5, HASH_ALGORITHM = 6 };

static int report(struct rmm_error *error, const char *where, const struct cbor_reader *r)
{
	if (error)
		snprintf(error->text, sizeof(error->text), "%s: %s (after byte %zu of it)", where,
			 r->why, r->at);
	return -1;
}

/* ---- small pieces ------------------------------------------------------------ */

static bool take_int(struct cbor_reader *r, const char *why, int64_t *number)
{
	struct cbor_taken item;

	if (!cbor_take_kind(r, ITEM_INT, why, &item))
		return false;
	*number = item.number;
	return true;
}

static bool take_bytes(struct cbor_reader *r, const char *why, struct rmm_bytes *bytes)
{
	struct cbor_taken item;

	if (!cbor_take_kind(r, ITEM_BYTES, why, &item))
		return false;
	*bytes = item.bytes;
	return true;
}

static bool take_text(struct cbor_reader *r, const char *why, struct rmm_bytes *text)
{
	struct cbor_taken item;

	if (!cbor_take_kind(r, ITEM_TEXT, why, &item))
		return false;
	*text = item.bytes;
	return true;
}

static bool take_array_of(struct cbor_reader *r, uint64_t count, const char *why)
{
	struct cbor_taken item;

	if (!cbor_take_kind(r, ITEM_ARRAY, why, &item))
		return false;
	return item.count == count || cbor_fail(r, why);
}

/* ---- COSE_Sign1 ---------------------------------------------------------------- */

static bool pass_map(struct cbor_reader *r, const char *why)
{
	struct cbor_reader head = *r;
	struct rmm_bytes ignored;
	struct cbor_taken map;

	if (!cbor_take_kind(&head, ITEM_MAP, why, &map))
		return cbor_fail(r, head.why);
	return cbor_take_any(r, &ignored);
}

static bool take_sign1(struct cbor_reader *r, struct rmm_signed_claims *out)
{
	static const char no_sign1[] = "this is no COSE_Sign1 (tag 18)";
	struct cbor_taken tag;

	if (!cbor_take_kind(r, ITEM_TAG, no_sign1, &tag))
		return false;
	if (tag.count != COSE_TAG_SIGN1)
		return cbor_fail(r, no_sign1);
	return take_array_of(r, 4, "a COSE_Sign1 is an array of four") &&
	       take_bytes(r, "the protected header is no byte string", &out->protected_header) &&
	       pass_map(r, "the unprotected header is no map") &&
	       take_bytes(r, "the payload is no byte string", &out->payload) &&
	       take_bytes(r, "the signature is no byte string", &out->signature) &&
	       cbor_take_end(r);
}

static bool take_algorithm(struct cbor_reader *r, int64_t *algorithm)
{
	struct rmm_bytes ignored;
	struct cbor_taken map;
	bool found = false;
	int64_t label;

	if (!cbor_take_kind(r, ITEM_MAP, "the protected header is no map", &map))
		return false;
	for (uint64_t i = 0; i < map.count; i++) {
		if (!take_int(r, "a header label is no integer", &label))
			return false;
		const bool ok = label == COSE_HEADER_ALG
					? take_int(r, "the algorithm is no integer", algorithm)
					: cbor_take_any(r, &ignored);
		if (!ok)
			return false;
		found |= label == COSE_HEADER_ALG;
	}
	return found ? cbor_take_end(r) : cbor_fail(r, "the protected header names no algorithm");
}

/* ---- claims ---------------------------------------------------------------------- */

static bool take_claim(struct cbor_reader *r, struct rmm_claim *claim)
{
	struct cbor_taken item;

	if (!take_int(r, "the key of a claim is no integer", &claim->key))
		return false;
	struct cbor_reader value = *r;
	if (!cbor_take_any(r, &claim->bytes) || !cbor_take_item(&value, &item))
		return false;
	switch (item.kind) {
	case ITEM_INT:
		claim->kind = RMM_CLAIM_INT;
		claim->number = item.number;
		break;
	case ITEM_BYTES:
	case ITEM_TEXT:
		claim->kind = item.kind == ITEM_TEXT ? RMM_CLAIM_TEXT : RMM_CLAIM_BYTES;
		claim->bytes = item.bytes;
		break;
	default:
		claim->kind = RMM_CLAIM_ENCODED;
		break;
	}
	return true;
}

static bool take_claims(struct cbor_reader *r, struct rmm_signed_claims *out)
{
	struct cbor_taken map;

	if (!cbor_take_kind(r, ITEM_MAP, "the payload is no map of claims", &map))
		return false;
	if (map.count > RMM_TOKEN_MAX_CLAIMS)
		return cbor_fail(r, "there are more claims than any profile has");
	for (uint64_t i = 0; i < map.count; i++) {
		struct rmm_claim claim = {0};

		if (!take_claim(r, &claim))
			return false;
		if (rmm_token_claim(out, claim.key))
			return cbor_fail(r, "a claim is there twice");
		out->claims[out->num_claims++] = claim;
	}
	return cbor_take_end(r);
}

const struct rmm_claim *rmm_token_claim(const struct rmm_signed_claims *claims, int64_t key)
{
	for (size_t i = 0; claims && i < claims->num_claims; i++)
		if (claims->claims[i].key == key)
			return &claims->claims[i];
	return NULL;
}

static int decode_signed(struct rmm_bytes encoded, const char *where, struct rmm_signed_claims *out,
			 struct rmm_error *error)
{
	struct cbor_reader sign1 = cbor_reader_of(encoded);

	if (!take_sign1(&sign1, out))
		return report(error, where, &sign1);
	struct cbor_reader header = cbor_reader_of(out->protected_header);
	if (!take_algorithm(&header, &out->algorithm))
		return report(error, where, &header);
	struct cbor_reader payload = cbor_reader_of(out->payload);
	return take_claims(&payload, out) ? 0 : report(error, where, &payload);
}

/* ---- claims with something inside -------------------------------------------------- */

static bool take_rems(struct cbor_reader *r, struct rmm_bytes rems[RMM_TOKEN_NUM_REMS])
{
	if (!take_array_of(r, RMM_TOKEN_NUM_REMS, "the REMs are no array of four"))
		return false;
	for (unsigned int i = 0; i < RMM_TOKEN_NUM_REMS; i++)
		if (!take_bytes(r, "a REM is no byte string", &rems[i]))
			return false;
	return true;
}

static bool take_component_member(struct cbor_reader *r, struct rmm_software_component *out)
{
	struct rmm_bytes ignored;
	int64_t key;

	if (!take_int(r, "a key of a software component is no integer", &key))
		return false;
	switch (key) {
	case TYPE:
		return take_text(r, "the type of a component is no text", &out->type);
	case MEASUREMENT:
		return take_bytes(r, "the measurement of a component is no byte string",
				  &out->measurement);
	case VERSION:
		return take_text(r, "the version of a component is no text", &out->version);
	case SIGNER:
		return take_bytes(r, "the signer of a component is no byte string", &out->signer);
	case HASH_ALGORITHM:
		return take_text(r, "the hash algorithm of a component is no text",
				 &out->hash_algorithm);
	default:
		return cbor_take_any(r, &ignored);
	}
}

static bool take_components(struct cbor_reader *r, struct rmm_token *token)
{
	struct cbor_taken array, map;

	if (!cbor_take_kind(r, ITEM_ARRAY, "the software components are no array", &array))
		return false;
	if (array.count > RMM_TOKEN_MAX_COMPONENTS)
		return cbor_fail(r, "there are more software components than this reads");
	for (uint64_t i = 0; i < array.count; i++) {
		struct rmm_software_component *component =
			&token->components[token->num_components++];

		if (!cbor_take_kind(r, ITEM_MAP, "a software component is no map", &map))
			return false;
		for (uint64_t n = 0; n < map.count; n++)
			if (!take_component_member(r, component))
				return false;
	}
	return true;
}

static int decode_nested(struct rmm_token *token, struct rmm_error *error)
{
	const struct rmm_claim *rems = rmm_token_claim(&token->realm, RMM_CLAIM_REMS);
	const struct rmm_claim *components =
		rmm_token_claim(&token->platform, RMM_CLAIM_SOFTWARE_COMPONENTS);

	if (rems) {
		struct cbor_reader r = cbor_reader_of(rems->bytes);

		if (!take_rems(&r, token->rems))
			return report(error, "realm token", &r);
	}
	if (components) {
		struct cbor_reader r = cbor_reader_of(components->bytes);

		if (!take_components(&r, token))
			return report(error, "platform token", &r);
	}
	return 0;
}

/* ---- the collection ------------------------------------------------------------------ */

struct collection {
	struct rmm_bytes platform;
	struct rmm_bytes realm;
};

/* One entry's content; a wrapper says of which media type it is. */
static bool take_content(struct cbor_reader *r, uint64_t tag, struct rmm_bytes *content)
{
	int64_t media;

	if (tag == RMM_TOKEN_TAG_CMW) {
		if (!take_array_of(r, 2, "an entry is no pair of type and content") ||
		    !take_int(r, "the type of an entry is no number", &media))
			return false;
		if (media != TOKEN_MEDIA_EAT_CWT)
			return cbor_fail(r, "the type of an entry is not that of a token (263)");
	}
	return take_bytes(r, "an entry is no byte string", content);
}

static bool take_entry(struct cbor_reader *r, struct rmm_token *token, struct collection *c)
{
	struct rmm_bytes *content = NULL;
	struct rmm_bytes ignored;
	int64_t label;

	if (!take_int(r, "the label of an entry is no integer", &label))
		return false;
	if (label == TOKEN_LABEL_PLATFORM)
		content = &c->platform;
	else if (label == TOKEN_LABEL_REALM)
		content = &c->realm;
	if (!content) {
		token->num_other++;
		return cbor_take_any(r, &ignored);
	}
	if (content->data)
		return cbor_fail(r, "an entry is there twice");
	return take_content(r, token->tag, content);
}

static bool take_collection(struct cbor_reader *r, struct rmm_token *token, struct collection *c)
{
	static const char no_token[] = "this is no CCA token (tag 399 or 907)";
	struct cbor_taken tag, map;

	if (!cbor_take_kind(r, ITEM_TAG, no_token, &tag))
		return false;
	if (tag.count != RMM_TOKEN_TAG_EAT && tag.count != RMM_TOKEN_TAG_CMW)
		return cbor_fail(r, no_token);
	token->tag = tag.count;
	if (!cbor_take_kind(r, ITEM_MAP, "the collection is no map", &map))
		return false;
	for (uint64_t i = 0; i < map.count; i++)
		if (!take_entry(r, token, c))
			return false;
	if (!c->platform.data || !c->realm.data)
		return cbor_fail(r, "the platform token or the realm token is missing");
	return cbor_take_end(r);
}

int rmm_token_decode(const void *data, size_t len, struct rmm_token *token, struct rmm_error *error)
{
	struct cbor_reader r = cbor_reader_of((struct rmm_bytes){data, len});
	struct collection collection = {0};

	if (!token || (!data && len)) {
		if (error)
			snprintf(error->text, sizeof(error->text),
				 "rmm_token_decode needs data and a place for the token");
		return -1;
	}
	*token = (struct rmm_token){0};
	if (!take_collection(&r, token, &collection))
		return report(error, "token", &r);
	if (decode_signed(collection.platform, "platform token", &token->platform, error) ||
	    decode_signed(collection.realm, "realm token", &token->realm, error))
		return -1;
	return decode_nested(token, error);
}
