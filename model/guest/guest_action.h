/* SPDX-License-Identifier: BSD-3-Clause */
/* Actions of guests in words, and the pages that guests use directly. */
#ifndef RMM_GUEST_GUEST_ACTION_H
#define RMM_GUEST_GUEST_ACTION_H

#include <stddef.h>

#include "rmmsim/guest_record.h"

#define GUEST_PAGE_SIZE 4096u

/* Registers of a vCPU that a guest can change: all but the interrupt lines behind them. */
#define VCPU_REGISTERS  (offsetof(struct rmm_vcpu, virq) / sizeof(uint64_t))

void guest_action_of_event(const struct rmm_guest_event *event, struct rmm_guest_action *action);
void guest_event_of_action(const struct rmm_guest_action *action, struct rmm_guest_event *event);

/* A page in a guest's hands. */
struct held_page {
	uint64_t ipa;
	uint8_t *bytes;
	bool writable;
	uint64_t before[GUEST_PAGE_SIZE / sizeof(uint64_t)]; /* the recorder's */
};

struct held_pages {
	struct held_page *page;
	size_t num;
	size_t capacity;
};

/* False: out of memory. A page of the same IPA is replaced. */
bool held_pages_add(struct held_pages *pages, const struct rmm_guest_page *page);
struct held_page *held_pages_find(const struct held_pages *pages, uint64_t ipa);
void held_pages_drop(struct held_pages *pages, uint64_t ipa, uint64_t size);

/* A guest that holds pages, in the list of its machine: the first member of what it is. */
struct page_holder {
	struct page_holder *next;
	struct held_pages pages;
};

void page_holder_add(struct page_holder **list, struct page_holder *holder);
/* Takes it out and frees it. */
void page_holder_remove(struct page_holder **list, struct page_holder *holder);
void page_holders_revoke(struct page_holder *list, const void *bytes, uint64_t size);
void page_holders_free(struct page_holder *list);

#endif
