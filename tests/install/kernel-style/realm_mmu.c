/* SPDX-License-Identifier: BSD-3-Clause */
/* Stage 2 of a realm: tables appear when the RMM misses them. */
#include "realm.h"

#include <linux/errno.h>

#define ROOT_LEVEL 1
#define PAGE_LEVEL 3

static unsigned long level_size(long level)
{
	return 1UL << (PAGE_SHIFT + (PAGE_LEVEL - level) * (PAGE_SHIFT - 3));
}

static int add_table(struct realm *realm, unsigned long ipa, long level)
{
	phys_addr_t rtt = alloc_delegated_page();
	unsigned long ret;

	if (!rtt)
		return -ENOMEM;
	ret = rmi_rtt_create(realm->rd, rtt, ipa & ~(level_size(level - 1) - 1), level);
	if (!ret)
		return 0;
	free_delegated_page(rtt);
	return -ENXIO;
}

/* The walk stopped at a level that has no table below it. */
static bool is_table_missing(unsigned long ret)
{
	return RMI_RETURN_STATUS(ret) == RMI_ERROR_RTT && RMI_RETURN_INDEX(ret) < PAGE_LEVEL;
}

int realm_init_ram(struct realm *realm)
{
	unsigned long top = realm->ram + realm->ram_size;
	unsigned long ipa = realm->ram;

	while (ipa < top) {
		unsigned long out_top = ipa;
		unsigned long ret = rmi_rtt_init_ripas(realm->rd, ipa, top, &out_top);

		if (is_table_missing(ret)) {
			int err = add_table(realm, ipa, (long)RMI_RETURN_INDEX(ret) + 1);

			if (err)
				return err;
		} else if (ret) {
			return -ENXIO;
		} else {
			ipa = out_top;
		}
	}
	return 0;
}

int realm_map_page(struct realm *realm, unsigned long ipa)
{
	phys_addr_t page = alloc_delegated_page();
	unsigned long ret;
	int err = 0;

	if (!page)
		return -ENOMEM;
	do {
		ret = rmi_rtt_data_map(realm->rd, ipa, page);
		if (is_table_missing(ret))
			err = add_table(realm, ipa, (long)RMI_RETURN_INDEX(ret) + 1);
	} while (!err && is_table_missing(ret));
	if (!ret)
		return 0;
	free_delegated_page(page);
	return err ? err : -ENXIO;
}

void realm_unmap(struct realm *realm)
{
	phys_addr_t phys;

	for (unsigned long at = 0; at < realm->ram_size; at += PAGE_SIZE) {
		if (!rmi_rtt_data_unmap(realm->rd, realm->ram + at, &phys) && phys)
			free_delegated_page(phys);
	}
	for (long level = PAGE_LEVEL; level > ROOT_LEVEL; level--) {
		unsigned long size = level_size(level - 1);
		unsigned long first = realm->ram & ~(size - 1);

		for (unsigned long at = first; at < realm->ram + realm->ram_size; at += size) {
			if (!rmi_rtt_destroy(realm->rd, at, level, &phys))
				free_delegated_page(phys);
		}
	}
}
