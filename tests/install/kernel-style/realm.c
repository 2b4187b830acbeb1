/* SPDX-License-Identifier: BSD-3-Clause */
#include "realm.h"

#include <asm/memory.h>
#include <linux/errno.h>
#include <linux/gfp.h>

#define IPA_BITS   39
#define ROOT_LEVEL 1

/* ---- the RMM ------------------------------------------------------------------ */

static int activate_rmm(void)
{
	struct rmm_config *config = (struct rmm_config *)get_zeroed_page(GFP_KERNEL);
	unsigned long ret;

	if (!config)
		return -ENOMEM;
	config->rmi_granule_size = RMI_GRANULE_SIZE_4KB;
	ret = rmi_rmm_config_set(virt_to_phys(config));
	free_page((unsigned long)config);
	if (ret)
		return -ENXIO;
	return rmi_rmm_activate() ? -ENXIO : 0;
}

int rmi_init(phys_addr_t dram_base, unsigned long dram_size)
{
	unsigned long feature0;
	int ret;

	if (rmi_version(RMI_ABI_VERSION(RMI_ABI_MAJOR_VERSION, RMI_ABI_MINOR_VERSION)))
		return -ENODEV;
	if (rmi_features(0, &feature0) ||
	    FIELD_GET(RMI_FEATURE_REGISTER_0_S2SZ, feature0) < IPA_BITS)
		return -ENXIO;
	ret = activate_rmm();
	for (unsigned long at = 0; !ret && at < dram_size; at += SZ_1G) {
		unsigned long status = RMI_RETURN_STATUS(rmi_gpt_l1_create(dram_base + at));

		/* The firmware may have made the table already. */
		if (status != RMI_SUCCESS && status != RMI_ERROR_GPT)
			ret = -ENXIO;
	}
	return ret;
}

/* ---- the realm ------------------------------------------------------------------ */

static int create_rd(struct realm *realm)
{
	struct realm_params *params = (struct realm_params *)get_zeroed_page(GFP_KERNEL);
	unsigned long ret;

	if (!params)
		return -ENOMEM;
	params->s2sz = IPA_BITS;
	params->num_bps = 1;
	params->num_wps = 1;
	params->hash_algo = RMI_HASH_SHA_256;
	params->rtt_base = realm->root;
	params->rtt_level_start = ROOT_LEVEL;
	params->rtt_num_start = 1;
	ret = rmi_realm_create(realm->rd, virt_to_phys(params));
	free_page((unsigned long)params);
	return ret ? -ENXIO : 0;
}

int realm_create(struct realm *realm, unsigned long ram, unsigned long ram_size)
{
	int ret = -ENOMEM;

	*realm = (struct realm){.ram = ram, .ram_size = ram_size};
	realm->rd = alloc_delegated_page();
	realm->root = alloc_delegated_page();
	if (realm->rd && realm->root)
		ret = create_rd(realm);
	if (!ret)
		return realm_init_ram(realm);
	if (realm->rd)
		free_delegated_page(realm->rd);
	if (realm->root)
		free_delegated_page(realm->root);
	return ret;
}

int realm_activate(struct realm *realm)
{
	return rmi_realm_activate(realm->rd) ? -ENXIO : 0;
}

/* ---- its vCPU ---------------------------------------------------------------------- */

static int create_rec(struct realm *realm)
{
	struct rec_params *params = (struct rec_params *)get_zeroed_page(GFP_KERNEL);
	unsigned long ret;

	if (!params)
		return -ENOMEM;
	params->flags = REC_PARAMS_FLAG_RUNNABLE;
	params->pc = realm->ram;
	ret = rmi_rec_create(realm->rd, realm->rec, virt_to_phys(params));
	free_page((unsigned long)params);
	return ret ? -ENXIO : 0;
}

int realm_add_vcpu(struct realm *realm)
{
	int ret = -ENOMEM;

	realm->run = (struct rec_run *)get_zeroed_page(GFP_KERNEL);
	realm->rec = alloc_delegated_page();
	if (realm->run && realm->rec)
		ret = create_rec(realm);
	if (!ret)
		return 0;
	if (realm->rec)
		free_delegated_page(realm->rec);
	if (realm->run)
		free_page((unsigned long)realm->run);
	realm->rec = 0;
	realm->run = NULL;
	return ret;
}

/* HPFAR_EL2 holds IPA[51:12] in [43:4]. */
static unsigned long fault_ipa(const struct rec_exit *exit)
{
	return (unsigned long)(exit->hpfar & GENMASK(43, 4)) << 8;
}

/* 1: enter again; 0: it is over. */
static int handle_exit(struct realm *realm)
{
	const struct rec_exit *exit = &realm->run->exit;
	int ret;

	switch (exit->exit_reason) {
	case RMI_EXIT_SYNC:
		ret = realm_map_page(realm, fault_ipa(exit));
		return ret ? ret : 1;
	case RMI_EXIT_IRQ:
	case RMI_EXIT_FIQ:
		return 1;
	case RMI_EXIT_PSCI:
		return 0;
	default:
		return -EOPNOTSUPP;
	}
}

int realm_run(struct realm *realm)
{
	int exits = 0;
	int ret;

	do {
		if (rmi_rec_enter(realm->rec, virt_to_phys(realm->run)))
			return -ENXIO;
		exits++;
		ret = handle_exit(realm);
	} while (ret > 0);
	return ret ? ret : exits;
}

/* ---- the end --------------------------------------------------------------------------- */

int realm_destroy(struct realm *realm)
{
	if (realm->rec) {
		if (rmi_rec_destroy(realm->rec))
			return -EBUSY;
		free_delegated_page(realm->rec);
		free_page((unsigned long)realm->run);
		realm->rec = 0;
	}
	if (rmi_realm_terminate(realm->rd))
		return -EBUSY;
	realm_unmap(realm);
	if (rmi_realm_destroy(realm->rd))
		return -EBUSY;
	free_delegated_page(realm->root);
	free_delegated_page(realm->rd);
	return 0;
}
