/* SPDX-License-Identifier: BSD-3-Clause */
#include "attestation/cbor_writer.h"

#include <cbor.h>
#include <string.h>

/* The encoders of libcbor return the bytes written, 0 when there is no room. */
static void advance(struct cbor_writer *w, size_t written)
{
	w->len += written;
	w->full |= written == 0;
}

#define WRITE(w, encode, value) \
	((w)->full ? (void)0    \
		   : advance(w, encode((value), (w)->data + (w)->len, (w)->size - (w)->len)))

void cbor_put_encoded(struct cbor_writer *w, const void *data, size_t len)
{
	if (w->full || len > w->size - w->len) {
		w->full = true;
		return;
	}
	if (len)
		memcpy(w->data + w->len, data, len);
	w->len += len;
}

void cbor_put_int(struct cbor_writer *w, int64_t value)
{
	if (value >= 0)
		WRITE(w, cbor_encode_uint, (uint64_t)value);
	else
		WRITE(w, cbor_encode_negint, (uint64_t)(-1 - value));
}

void cbor_put_bytes(struct cbor_writer *w, const void *data, size_t len)
{
	WRITE(w, cbor_encode_bytestring_start, len);
	cbor_put_encoded(w, data, len);
}

void cbor_put_text(struct cbor_writer *w, const char *text)
{
	const size_t len = strlen(text);

	WRITE(w, cbor_encode_string_start, len);
	cbor_put_encoded(w, text, len);
}

void cbor_put_tag(struct cbor_writer *w, uint64_t tag)
{
	WRITE(w, cbor_encode_tag, tag);
}

void cbor_put_array(struct cbor_writer *w, size_t items)
{
	WRITE(w, cbor_encode_array_start, items);
}

void cbor_put_map(struct cbor_writer *w, size_t pairs)
{
	WRITE(w, cbor_encode_map_start, pairs);
}
