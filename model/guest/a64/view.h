/* SPDX-License-Identifier: BSD-3-Clause */
/* Pages of a guest's views: entering and leaving the engine. */
#ifndef RMM_A64_VIEW_H
#define RMM_A64_VIEW_H

#include "guest.h"

/* Maps a page at page->key, replacing what is there. False: the engine is out of memory. */
bool a64_view_map(struct a64_guest *guest, const struct a64_page *page);

/* The bytes at va in the running view; NULL unless mapped with all of `rights`. */
uint8_t *a64_view_bytes(const struct a64_guest *guest, uint64_t va, uint32_t rights);

/* Drops every page of both views: stage 1 has changed. */
void a64_forget_views(struct a64_guest *guest);

/* Drops translated code: memory that was executed has changed. */
void a64_forget_code(struct a64_guest *guest);

/* Drops pages whose IPA lies in [ipa, ipa + size), handed-out pages included. */
void a64_forget_ipa(struct a64_guest *guest, uint64_t ipa, uint64_t size);

/* Likewise by the memory behind them. */
void a64_forget_bytes(struct a64_guest *guest, const void *bytes, uint64_t size);

#endif
