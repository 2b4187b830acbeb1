/* SPDX-License-Identifier: BSD-3-Clause */
#include "machine.h"

#include <stdio.h>
#include <stdlib.h>

#include "engine.h"
#include "view.h"

int machine_create(void **out, struct rmm_error *error)
{
	struct a64_machine *machine = calloc(1, sizeof(*machine));
	uc_engine *probe;
	const uc_err status = uc_open(UC_ARCH_ARM64, UC_MODE_ARM, &probe);

	if (status == UC_ERR_OK)
		(void)uc_close(probe);
	if (!machine || status != UC_ERR_OK) {
		if (error)
			snprintf(error->text, sizeof(error->text),
				 "Unicorn cannot emulate AArch64: %s",
				 machine ? uc_strerror(status) : "no memory is left");
		free(machine);
		return -1;
	}
	pthread_mutex_init(&machine->roster, NULL);
	pthread_mutex_init(&machine->lock, NULL);
	*out = machine;
	return 0;
}

static void destroy_guest(struct a64_guest *guest)
{
	engine_close(&guest->views[0]);
	engine_close(&guest->views[1]);
	a64_table_free(&guest->pages);
	pthread_mutex_destroy(&guest->lock);
	free(guest);
}

void machine_destroy(void *opaque)
{
	struct a64_machine *machine = opaque;

	if (!machine)
		return;
	while (machine->guests) {
		struct a64_guest *guest = machine->guests;

		machine->guests = guest->next;
		destroy_guest(guest);
	}
	pthread_mutex_destroy(&machine->lock);
	pthread_mutex_destroy(&machine->roster);
	free(machine);
}

void machine_limit(void *opaque, uint64_t instructions)
{
	struct a64_machine *machine = opaque;

	pthread_mutex_lock(&machine->lock);
	machine->max_instructions = instructions;
	pthread_mutex_unlock(&machine->lock);
}

void machine_read_stats(void *opaque, struct rmm_a64_stats *stats)
{
	struct a64_machine *machine = opaque;

	pthread_mutex_lock(&machine->lock);
	*stats = machine->stats;
	pthread_mutex_unlock(&machine->lock);
}

static void lock_list(struct a64_machine *machine)
{
	pthread_mutex_lock(&machine->roster);
	pthread_mutex_lock(&machine->lock);
}

static void unlock_list(struct a64_machine *machine)
{
	pthread_mutex_unlock(&machine->lock);
	pthread_mutex_unlock(&machine->roster);
}

/* ---- RECs --------------------------------------------------------------------- */

void *machine_attach(void *opaque, uint64_t rd, uint64_t rec, uint64_t mpidr)
{
	struct a64_machine *machine = opaque;
	struct a64_guest *guest = calloc(1, sizeof(*guest));

	(void)rec;
	(void)mpidr;
	if (!guest)
		return NULL;
	pthread_mutex_init(&guest->lock, NULL);
	guest->machine = machine;
	guest->rd = rd;
	guest->code_page = 1;
	guest->view = &guest->views[1];
	if (!engine_open(guest, 1)) {
		destroy_guest(guest);
		return NULL;
	}
	lock_list(machine);
	guest->next = machine->guests;
	machine->guests = guest;
	unlock_list(machine);
	return guest;
}

void machine_detach(void *opaque, void *guest)
{
	struct a64_machine *machine = opaque;
	struct a64_guest **link = &machine->guests;

	if (!guest)
		return;
	lock_list(machine);
	while (*link && *link != guest)
		link = &(*link)->next;
	if (*link)
		*link = (*link)->next;
	unlock_list(machine);
	destroy_guest(guest);
}

/* ---- memory ---------------------------------------------------------------------- */

void machine_revoke(void *opaque, const void *bytes, uint64_t size)
{
	struct a64_machine *machine = opaque;

	pthread_mutex_lock(&machine->roster);
	for (struct a64_guest *guest = machine->guests; guest; guest = guest->next) {
		pthread_mutex_lock(&guest->lock);
		a64_forget_bytes(guest, bytes, size);
		pthread_mutex_unlock(&guest->lock);
	}
	pthread_mutex_unlock(&machine->roster);
}

void machine_forget(struct a64_guest *guest, bool translations)
{
	struct a64_machine *machine = guest->machine;

	pthread_mutex_lock(&machine->lock);
	for (struct a64_guest *other = machine->guests; other; other = other->next) {
		if (other->rd != guest->rd)
			continue;
		other->forget_views |= translations;
		other->forget_code |= !translations;
	}
	pthread_mutex_unlock(&machine->lock);
	machine_catch_up(guest);
}

void machine_catch_up(struct a64_guest *guest)
{
	struct a64_machine *machine = guest->machine;

	pthread_mutex_lock(&machine->lock);
	const bool views = guest->forget_views;
	const bool code = guest->forget_code;
	guest->forget_views = false;
	guest->forget_code = false;
	pthread_mutex_unlock(&machine->lock);
	if (views)
		a64_forget_views(guest);
	if (code)
		a64_forget_code(guest);
}

/* ---- accounts ---------------------------------------------------------------------- */

uint64_t machine_allowance(struct a64_machine *machine, uint64_t slice)
{
	uint64_t left = slice;

	pthread_mutex_lock(&machine->lock);
	if (machine->max_instructions) {
		const uint64_t used = machine->stats.instructions;

		left = used < machine->max_instructions ? machine->max_instructions - used : 0;
	}
	pthread_mutex_unlock(&machine->lock);
	return left < slice ? left : slice;
}

void machine_account(struct a64_machine *machine, uint64_t instructions, uint64_t nanoseconds)
{
	pthread_mutex_lock(&machine->lock);
	machine->stats.instructions += instructions;
	machine->stats.nanoseconds += nanoseconds;
	machine->stats.runs++;
	pthread_mutex_unlock(&machine->lock);
}
