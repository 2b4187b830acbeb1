/* SPDX-License-Identifier: BSD-3-Clause */
#include "attestation/cbor_reader.h"

#include <cbor.h>

#define SHORT_TAG_FIRST 0xc0
#define SHORT_TAG_LAST  0xd7

/* What the callbacks of libcbor's stream decoder leave behind. */
struct decoded {
	struct cbor_taken item;
	const char *why;
};

/* ---- callbacks ------------------------------------------------------------ */

static void take_number(void *ctx, uint64_t magnitude, bool negative)
{
	struct decoded *d = ctx;

	d->item.kind = ITEM_INT;
	if (magnitude > INT64_MAX)
		d->why = "an integer does not fit 64 bits with sign";
	else
		d->item.number = negative ? -1 - (int64_t)magnitude : (int64_t)magnitude;
}

#define NUMBER_CALLBACKS(bits)                                     \
	static void take_uint##bits(void *ctx, uint##bits##_t n)   \
	{                                                          \
		take_number(ctx, n, false);                        \
	}                                                          \
	static void take_negint##bits(void *ctx, uint##bits##_t n) \
	{                                                          \
		take_number(ctx, n, true);                         \
	}

NUMBER_CALLBACKS(8)
NUMBER_CALLBACKS(16)
NUMBER_CALLBACKS(32)
NUMBER_CALLBACKS(64)

static void take_string(void *ctx, cbor_data data, size_t len, enum item_kind kind)
{
	struct decoded *d = ctx;

	d->item.kind = kind;
	d->item.bytes = (struct rmm_bytes){data, len};
}

static void take_bytes(void *ctx, cbor_data data, size_t len)
{
	take_string(ctx, data, len, ITEM_BYTES);
}

static void take_text(void *ctx, cbor_data data, size_t len)
{
	take_string(ctx, data, len, ITEM_TEXT);
}

static void take_count(void *ctx, uint64_t count, enum item_kind kind)
{
	struct decoded *d = ctx;

	d->item.kind = kind;
	d->item.count = count;
}

static void take_array(void *ctx, size_t count)
{
	take_count(ctx, count, ITEM_ARRAY);
}

static void take_map(void *ctx, size_t count)
{
	take_count(ctx, count, ITEM_MAP);
}

static void take_tag(void *ctx, uint64_t tag)
{
	take_count(ctx, tag, ITEM_TAG);
}

static void take_bool(void *ctx, bool value)
{
	struct decoded *d = ctx;

	d->item.kind = ITEM_BOOL;
	d->item.number = value;
}

static void take_other(void *ctx)
{
	((struct decoded *)ctx)->item.kind = ITEM_OTHER;
}

static void take_float(void *ctx, float value)
{
	(void)value;
	take_other(ctx);
}

static void take_double(void *ctx, double value)
{
	(void)value;
	take_other(ctx);
}

static void refuse_indefinite(void *ctx)
{
	((struct decoded *)ctx)->why = "indefinite lengths do not occur in a token";
}

static const struct cbor_callbacks callbacks = {
	.uint8 = take_uint8,
	.uint16 = take_uint16,
	.uint32 = take_uint32,
	.uint64 = take_uint64,
	.negint8 = take_negint8,
	.negint16 = take_negint16,
	.negint32 = take_negint32,
	.negint64 = take_negint64,
	.byte_string = take_bytes,
	.byte_string_start = refuse_indefinite,
	.string = take_text,
	.string_start = refuse_indefinite,
	.array_start = take_array,
	.indef_array_start = refuse_indefinite,
	.map_start = take_map,
	.indef_map_start = refuse_indefinite,
	.tag = take_tag,
	.float2 = take_float,
	.float4 = take_float,
	.float8 = take_double,
	.undefined = take_other,
	.null = take_other,
	.boolean = take_bool,
	.indef_break = refuse_indefinite,
};

/* ---- reading ---------------------------------------------------------------- */

bool cbor_fail(struct cbor_reader *r, const char *why)
{
	if (!r->why)
		r->why = why;
	return false;
}

/* Every item is at least one byte: what cannot fit is refused before anyone counts on it. */
static bool count_is_possible(const struct cbor_taken *item, size_t left)
{
	if (item->kind == ITEM_ARRAY)
		return item->count <= left;
	if (item->kind == ITEM_MAP)
		return item->count <= left / 2;
	return true;
}

/* libcbor 0.8 has tags 6 to 20 for unassigned where they take one byte; 18 is COSE_Sign1. */
static struct cbor_decoder_result decode(const uint8_t *data, size_t len, struct decoded *d)
{
	if (data[0] < SHORT_TAG_FIRST || data[0] > SHORT_TAG_LAST)
		return cbor_stream_decode(data, len, &callbacks, d);
	take_tag(d, data[0] - SHORT_TAG_FIRST);
	return (struct cbor_decoder_result){.read = 1, .status = CBOR_DECODER_FINISHED};
}

bool cbor_take_item(struct cbor_reader *r, struct cbor_taken *item)
{
	struct decoded d = {0};

	if (r->why)
		return false;
	if (r->at == r->len)
		return cbor_fail(r, "it ends too early");
	const struct cbor_decoder_result result = decode(r->data + r->at, r->len - r->at, &d);
	if (result.status == CBOR_DECODER_NEDATA)
		return cbor_fail(r, "it ends inside an item");
	if (result.status != CBOR_DECODER_FINISHED || !result.read)
		return cbor_fail(r, "this is no CBOR");
	if (d.why)
		return cbor_fail(r, d.why);
	if (!count_is_possible(&d.item, r->len - r->at - result.read))
		return cbor_fail(r, "an array or map is longer than what follows");
	r->at += result.read;
	*item = d.item;
	return true;
}

bool cbor_take_kind(struct cbor_reader *r, enum item_kind kind, const char *why,
		    struct cbor_taken *item)
{
	const size_t at = r->at;

	if (!cbor_take_item(r, item))
		return false;
	if (item->kind == kind)
		return true;
	r->at = at;
	return cbor_fail(r, why);
}

bool cbor_take_any(struct cbor_reader *r, struct rmm_bytes *encoded)
{
	const size_t begin = r->at;
	uint64_t missing = 1; /* items; bounded by the bytes left, see count_is_possible */
	struct cbor_taken item;

	for (; missing; missing--) {
		if (!cbor_take_item(r, &item))
			return false;
		if (item.kind == ITEM_ARRAY)
			missing += item.count;
		else if (item.kind == ITEM_MAP)
			missing += 2 * item.count;
		else if (item.kind == ITEM_TAG)
			missing++;
		if (missing - 1 > r->len - r->at)
			return cbor_fail(r, "it ends inside an array or map");
	}
	*encoded = (struct rmm_bytes){r->data + begin, r->at - begin};
	return true;
}

bool cbor_take_end(struct cbor_reader *r)
{
	if (r->why)
		return false;
	return r->at == r->len || cbor_fail(r, "something follows the end");
}
