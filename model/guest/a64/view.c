/* SPDX-License-Identifier: BSD-3-Clause */
#include "view.h"

#include "engine.h"
#include "engine_guard.h"

#define NO_CODE_PAGE UINT64_C(1)

/* Drops what was translated from a page, which must still be mapped. */
static void forget_code_at(uc_engine *uc, uint64_t va)
{
	(void)uc_ctl_remove_cache(uc, va, va + A64_PAGE_MASK);
}

static void forget_code_of(const struct a64_view *view)
{
	for (size_t i = 0; i < view->pages.capacity; i++) {
		const struct a64_page *page = &view->pages.pages[i];

		if (page->bytes && (page->rights & A64_EXEC))
			forget_code_at(view->uc, page->key);
	}
}

void a64_forget_code(struct a64_guest *guest)
{
	forget_code_of(&guest->views[0]);
	forget_code_of(&guest->views[1]);
}

static void unmap(uc_engine *uc, const struct a64_page *page)
{
	if (page->rights & A64_EXEC)
		forget_code_at(uc, page->key);
	(void)uc_mem_unmap(uc, page->key, A64_PAGE_SIZE);
}

bool a64_view_map(struct a64_guest *guest, const struct a64_page *page)
{
	struct a64_view *view = guest->view;
	const struct a64_page *old = a64_table_find(&view->pages, page->key);

	guest->code_page = NO_CODE_PAGE;
	if (old)
		unmap(view->uc, old);
	if (!a64_table_put(&view->pages, page))
		return false;
	return uc_mem_map_ptr(view->uc, page->key, A64_PAGE_SIZE, page->rights, page->bytes) ==
	       UC_ERR_OK;
}

uint8_t *a64_view_bytes(const struct a64_guest *guest, uint64_t va, uint32_t rights)
{
	const struct a64_page *page = a64_table_find(&guest->view->pages, va);

	if (!page || (page->rights & rights) != rights)
		return NULL;
	return page->bytes + (va & A64_PAGE_MASK);
}

/* ---- forgetting -------------------------------------------------------------- */

struct range {
	struct a64_view *view; /* NULL: the table of handed-out pages */
	uint64_t ipa;
	const uint8_t *bytes; /* NULL: by IPA */
	uint64_t size;
};

static bool in_range(const struct range *range, const struct a64_page *page)
{
	if (!range->bytes)
		return page->ipa - range->ipa < range->size;
	return (uintptr_t)page->bytes - (uintptr_t)range->bytes < range->size;
}

static bool leaves(void *ctx, const struct a64_page *page)
{
	struct range *range = ctx;

	if (!in_range(range, page))
		return false;
	if (range->view)
		unmap(range->view->uc, page);
	return true;
}

static void forget_in_view(struct a64_guest *guest, struct a64_view *view, struct range range)
{
	range.view = view;
	if (a64_table_remove(&view->pages, leaves, &range))
		guest->code_page = NO_CODE_PAGE;
}

static void forget(struct a64_guest *guest, struct range range)
{
	forget_in_view(guest, &guest->views[0], range);
	forget_in_view(guest, &guest->views[1], range);
}

void a64_forget_views(struct a64_guest *guest)
{
	forget(guest, (struct range){.size = UINT64_MAX});
}

/* ---- by the RMM: while no engine runs ------------------------------------------ */

struct withdrawal {
	struct a64_guest *guest;
	struct range range;
};

static void withdraw(void *ctx)
{
	struct withdrawal *w = ctx;

	forget(w->guest, w->range);
	(void)a64_table_remove(&w->guest->pages, leaves, &w->range);
}

/* What may still have a page that is gone must not run again. */
static void withdraw_guarded(struct a64_guest *guest, struct range range)
{
	struct withdrawal w = {guest, range};

	if (!engine_guarded(withdraw, &w))
		engine_retire(guest);
}

void a64_forget_ipa(struct a64_guest *guest, uint64_t ipa, uint64_t size)
{
	withdraw_guarded(guest, (struct range){.ipa = ipa, .size = size});
}

void a64_forget_bytes(struct a64_guest *guest, const void *bytes, uint64_t size)
{
	withdraw_guarded(guest, (struct range){.bytes = bytes, .size = size});
}
