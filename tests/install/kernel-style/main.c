/* SPDX-License-Identifier: BSD-3-Clause */
/* The kernel-style host against the model: one realm from boot to teardown. */
#include <stdio.h>

#include "machine.h"
#include "realm.h"

#define RAM      0x40000000UL
#define RAM_SIZE 0x10000UL

/* A store that needs a page, a load from another one, SYSTEM_OFF. */
#define EXITS    3

static int fail(const char *what, int ret)
{
	fprintf(stderr, "%s: error %d: %s\n", what, -ret, machine_reason());
	return 1;
}

static int live(struct realm *realm)
{
	int ret = 0;

	if (!machine_load_program(realm->rd, RAM + 0x2000, RAM + 0x5000))
		return fail("no program", 0);
	if ((ret = realm_add_vcpu(realm)) < 0)
		return fail("vCPU", ret);
	if ((ret = realm_activate(realm)) < 0)
		return fail("activation", ret);
	ret = realm_run(realm);
	printf("%d exits\n", ret);
	return ret == EXITS ? 0 : fail("run", ret);
}

static int run(void)
{
	struct realm realm;
	int ret = rmi_init(MACHINE_DRAM_BASE, MACHINE_DRAM_SIZE);
	int failed;

	if (ret < 0)
		return fail("RMM", ret);
	if ((ret = realm_create(&realm, RAM, RAM_SIZE)) < 0)
		return fail("realm", ret);
	failed = live(&realm);
	if ((ret = realm_destroy(&realm)) < 0)
		return fail("teardown", ret);
	printf("%llu granules, %u pages left\n", (unsigned long long)machine_granules_out(),
	       machine_pages_out());
	return failed || machine_granules_out() || machine_pages_out();
}

int main(void)
{
	int failed = !machine_start() || run();

	machine_stop();
	return failed;
}
