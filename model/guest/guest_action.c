/* SPDX-License-Identifier: BSD-3-Clause */
#include "guest/guest_action.h"

#include <stdlib.h>
#include <string.h>

_Static_assert(offsetof(struct rmm_vcpu, virq) % sizeof(uint64_t) == 0,
	       "the registers of a vCPU are words, and the lines follow them");

/* ---- events ------------------------------------------------------------------------------ */

/* word[4]: what an event has beside its addresses. */
#define WORD_SIZE(n)   ((uint64_t)(n)&0xff)
#define WORD_WRITE     (UINT64_C(1) << 8)
#define WORD_SYNDROME  (UINT64_C(1) << 9)
#define WORD_SIGN      (UINT64_C(1) << 10)
#define WORD_SIXTYFOUR (UINT64_C(1) << 11)
#define WORD_TIMED     (UINT64_C(1) << 12)
#define WORD_REG_SHIFT 16
#define WORD_IMM_SHIFT 32

static uint64_t flag(bool set, uint64_t mask)
{
	return set ? mask : 0;
}

void guest_action_of_event(const struct rmm_guest_event *event, struct rmm_guest_action *action)
{
	*action = (struct rmm_guest_action){
		.kind = RMM_GUEST_ACTS,
		.word = {
			(uint64_t)event->kind,
			event->instructions,
			event->ipa,
			event->va,
			WORD_SIZE(event->size) | flag(event->write, WORD_WRITE) |
				flag(event->syndrome, WORD_SYNDROME) |
				flag(event->sign_extend, WORD_SIGN) |
				flag(event->sixty_four, WORD_SIXTYFOUR) |
				flag(event->timed, WORD_TIMED) |
				(uint64_t)event->reg << WORD_REG_SHIFT |
				(uint64_t)event->imm << WORD_IMM_SHIFT,
			event->sysreg,
			event->esr,
		}};
}

void guest_event_of_action(const struct rmm_guest_action *action, struct rmm_guest_event *event)
{
	const uint64_t how = action->word[4];

	*event = (struct rmm_guest_event){
		.kind = (enum rmm_guest_event_kind)action->word[0],
		.instructions = action->word[1],
		.ipa = action->word[2],
		.va = action->word[3],
		.size = (uint8_t)how,
		.write = (how & WORD_WRITE) != 0,
		.syndrome = (how & WORD_SYNDROME) != 0,
		.sign_extend = (how & WORD_SIGN) != 0,
		.sixty_four = (how & WORD_SIXTYFOUR) != 0,
		.timed = (how & WORD_TIMED) != 0,
		.reg = (uint8_t)(how >> WORD_REG_SHIFT),
		.imm = (uint16_t)(how >> WORD_IMM_SHIFT),
		.sysreg = (uint32_t)action->word[5],
		.esr = action->word[6],
	};
}

/* ---- pages ------------------------------------------------------------------------------- */

struct held_page *held_pages_find(const struct held_pages *pages, uint64_t ipa)
{
	for (size_t i = 0; i < pages->num; i++)
		if (ipa - pages->page[i].ipa < GUEST_PAGE_SIZE)
			return &pages->page[i];
	return NULL;
}

static struct held_page *add_slot(struct held_pages *pages)
{
	if (pages->num == pages->capacity) {
		const size_t capacity = pages->capacity ? 2 * pages->capacity : 16;
		struct held_page *more = realloc(pages->page, capacity * sizeof(*more));

		if (!more)
			return NULL;
		pages->page = more;
		pages->capacity = capacity;
	}
	return &pages->page[pages->num++];
}

bool held_pages_add(struct held_pages *pages, const struct rmm_guest_page *page)
{
	struct held_page *slot = held_pages_find(pages, page->ipa);

	if (!slot)
		slot = add_slot(pages);
	if (!slot)
		return false;
	slot->ipa = page->ipa;
	slot->bytes = page->bytes;
	slot->writable = page->writable;
	return true;
}

static void remove_at(struct held_pages *pages, size_t i)
{
	pages->num--;
	if (i != pages->num)
		pages->page[i] = pages->page[pages->num];
}

void held_pages_drop(struct held_pages *pages, uint64_t ipa, uint64_t size)
{
	for (size_t i = pages->num; i-- > 0;)
		if (pages->page[i].ipa - ipa < size)
			remove_at(pages, i);
}

static void held_pages_revoke(struct held_pages *pages, const void *bytes, uint64_t size)
{
	for (size_t i = pages->num; i-- > 0;)
		if ((uintptr_t)pages->page[i].bytes - (uintptr_t)bytes < size)
			remove_at(pages, i);
}

/* ---- who holds them ------------------------------------------------------------------------ */

void page_holder_add(struct page_holder **list, struct page_holder *holder)
{
	holder->next = *list;
	*list = holder;
}

static void holder_free(struct page_holder *holder)
{
	free(holder->pages.page);
	free(holder);
}

void page_holder_remove(struct page_holder **list, struct page_holder *holder)
{
	while (*list != holder)
		list = &(*list)->next;
	*list = holder->next;
	holder_free(holder);
}

void page_holders_revoke(struct page_holder *list, const void *bytes, uint64_t size)
{
	for (; list; list = list->next)
		held_pages_revoke(&list->pages, bytes, size);
}

void page_holders_free(struct page_holder *list)
{
	struct page_holder *next;

	for (; list; list = next) {
		next = list->next;
		holder_free(list);
	}
}
