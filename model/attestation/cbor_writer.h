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

void write_int(struct cbor_writer *w, int64_t value);
void write_bytes(struct cbor_writer *w, const void *data, size_t len);
void write_text(struct cbor_writer *w, const char *text);
void write_tag(struct cbor_writer *w, uint64_t tag);
void write_array(struct cbor_writer *w, size_t items);
void write_map(struct cbor_writer *w, size_t pairs);

/* An item that is encoded already. */
void write_encoded(struct cbor_writer *w, const void *data, size_t len);

#endif
