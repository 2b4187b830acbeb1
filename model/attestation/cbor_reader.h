/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CBOR from a buffer that nobody vouches for. One item at a time, nothing is
 * allocated, nothing recurses, every length is checked against what is left.
 * The first error sticks: later reads fail too.
 */
#ifndef RMM_ATTESTATION_CBOR_READER_H
#define RMM_ATTESTATION_CBOR_READER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "rmmsim/attestation.h"

enum item_kind {
	ITEM_INT,
	ITEM_BYTES,
	ITEM_TEXT,
	ITEM_ARRAY,
	ITEM_MAP,
	ITEM_TAG,
	ITEM_BOOL,
	ITEM_OTHER, /* null, undefined, simple values, floating point */
};

/* The head of an item; of bytes and text also the content. */
struct cbor_taken {
	enum item_kind kind;
	int64_t number; /* INT, BOOL */
	uint64_t count; /* ARRAY: items, MAP: pairs, TAG: its number */
	struct rmm_bytes bytes;
};

struct cbor_reader {
	const uint8_t *data;
	size_t len;
	size_t at;
	const char *why; /* the first error, NULL: none */
};

static inline struct cbor_reader cbor_reader_of(struct rmm_bytes bytes)
{
	return (struct cbor_reader){.data = bytes.data, .len = bytes.len};
}

/* Always false: records the error, unless there was one. */
bool cbor_fail(struct cbor_reader *r, const char *why);

bool cbor_take_item(struct cbor_reader *r, struct cbor_taken *item);

/* The next item must be of this kind; `why` says so when it is not. */
bool cbor_take_kind(struct cbor_reader *r, enum item_kind kind, const char *why,
		    struct cbor_taken *item);

/* Passes over one whole item, whatever is nested in it; *encoded are its bytes. */
bool cbor_take_any(struct cbor_reader *r, struct rmm_bytes *encoded);

/* Nothing may follow. */
bool cbor_take_end(struct cbor_reader *r);

#endif
