/* SPDX-License-Identifier: BSD-3-Clause */
/* A guest that does what another one did. */
#include <stdlib.h>
#include <string.h>

#include "guest/guest_action.h"

struct played_guest {
	struct page_holder holder;
	struct rmm_guest_player *player;
};

struct rmm_guest_player {
	bool (*source)(void *ctx, struct rmm_guest_action *action);
	void *ctx;
	struct page_holder *guests;
};

static void *attach(void *machine, uint64_t rd, uint64_t rec, uint64_t mpidr)
{
	struct rmm_guest_player *player = machine;
	struct played_guest *guest = calloc(1, sizeof(*guest));

	(void)rd;
	(void)rec;
	(void)mpidr;
	if (!guest)
		return NULL;
	guest->player = player;
	page_holder_add(&player->guests, &guest->holder);
	return guest;
}

static void detach(void *machine, void *opaque)
{
	struct rmm_guest_player *player = machine;
	struct played_guest *guest = opaque;

	page_holder_remove(&player->guests, &guest->holder);
}

static void map(void *opaque, const struct rmm_guest_page *page)
{
	struct played_guest *guest = opaque;

	(void)held_pages_add(&guest->holder.pages, page);
}

static void invalidate(void *opaque, uint64_t ipa, uint64_t size)
{
	struct played_guest *guest = opaque;

	held_pages_drop(&guest->holder.pages, ipa, size);
}

static void revoke(void *machine, const void *bytes, uint64_t size)
{
	struct rmm_guest_player *player = machine;

	page_holders_revoke(player->guests, bytes, size);
}

static void store(const struct played_guest *guest, uint64_t ipa, uint64_t value)
{
	const struct held_page *page = held_pages_find(&guest->holder.pages, ipa);

	if (page && page->writable && ipa % sizeof(value) == 0)
		memcpy(page->bytes + (ipa - page->ipa), &value, sizeof(value));
}

static void set_register(struct rmm_vcpu *vcpu, uint64_t number, uint64_t value)
{
	if (number < VCPU_REGISTERS)
		memcpy((uint8_t *)vcpu + number * sizeof(value), &value, sizeof(value));
}

static void run(void *opaque, struct rmm_vcpu *vcpu, struct rmm_guest_event *event)
{
	struct played_guest *guest = opaque;
	const struct rmm_guest_player *player = guest->player;
	struct rmm_guest_action action;

	while (player->source(player->ctx, &action)) {
		switch (action.kind) {
		case RMM_GUEST_TAKES_PAGE:
			break; /* the machine has handed it out */
		case RMM_GUEST_STORES:
			store(guest, action.word[0], action.word[1]);
			break;
		case RMM_GUEST_SETS_REGISTER:
			set_register(vcpu, action.word[0], action.word[1]);
			break;
		case RMM_GUEST_ACTS:
			guest_event_of_action(&action, event);
			return;
		}
	}
	*event = (struct rmm_guest_event){.kind = RMM_GUEST_END};
}

int rmm_guest_player_create(bool (*next)(void *ctx, struct rmm_guest_action *action), void *ctx,
			    struct rmm_guest_player **out)
{
	if (!next || !out)
		return -1;
	*out = calloc(1, sizeof(**out));
	if (!*out)
		return -1;
	**out = (struct rmm_guest_player){.source = next, .ctx = ctx};
	return 0;
}

void rmm_guest_player_destroy(struct rmm_guest_player *player)
{
	if (!player)
		return;
	page_holders_free(player->guests);
	free(player);
}

const struct rmm_guest_ops *rmm_guest_player_ops(bool takes_pages)
{
	static const struct rmm_guest_ops performed = {
		.attach = attach, .detach = detach, .run = run, .invalidate = invalidate};
	static const struct rmm_guest_ops direct = {
		.attach = attach,
		.detach = detach,
		.run = run,
		.invalidate = invalidate,
		.map = map,
		.revoke = revoke,
	};

	return takes_pages ? &direct : &performed;
}
