/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * CBOR into a buffer of fixed size, definite lengths only. An item that does
 * not fit sets `full` and everything after it is dropped: check once, at the end.
 */
#ifndef RMM_ATTESTATION_CBOR_WRITER_H
#define RMM_ATTESTATION_CBOR_WRITER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct cbor_writer {
	uint8_t *data;
	size_t size;
	size_t len;
	bool full;
};

void cbor_put_int(struct cbor_writer *w, int64_t value);
void cbor_put_bytes(struct cbor_writer *w, const void *data, size_t len);
void cbor_put_text(struct cbor_writer *w, const char *text);
void cbor_put_tag(struct cbor_writer *w, uint64_t tag);
void cbor_put_array(struct cbor_writer *w, size_t items);
void cbor_put_map(struct cbor_writer *w, size_t pairs);

/* An item that is encoded already. */
void cbor_put_encoded(struct cbor_writer *w, const void *data, size_t len);

#endif
