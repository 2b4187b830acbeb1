/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * ID registers as realms read them: an Armv9-A PE with what a realm must not
 * use taken out (TF-RMM runtime/core/sysregs.c). Field positions: Arm ARM.
 */
#include "rmm/rmm.h"
#include "rmm/sysreg.h"

#define FIELD(value, lsb) (UINT64_C(value) << (lsb))

/* No SVE, MPAM, AMU. */
static uint64_t pfr0(void)
{
	const uint64_t levels = FIELD(1, 0) | FIELD(1, 4) | FIELD(1, 8) | FIELD(1, 12);

	return levels | FIELD(1, 24) /* GIC */ | FIELD(1, 28) /* RAS */ | FIELD(1, 48) /* DIT */ |
	       FIELD(1, 52) /* RME */ | FIELD(1, 56) /* CSV2 */ | FIELD(1, 60) /* CSV3 */;
}

/* No MPAM_frac, SME, MTE. */
static uint64_t pfr1(void)
{
	return FIELD(1, 0) /* BT */ | FIELD(2, 4) /* SSBS */;
}

/* No BRBE and no PMU; breakpoints and watchpoints as the feature register says. */
static uint64_t dfr0(const struct rmm_features *f)
{
	return FIELD(6, 0) /* Armv8-A debug */ | (uint64_t)(f->num_bps & 15) << 12 |
	       (uint64_t)(f->num_wps & 15) << 20;
}

static uint64_t isar0(void)
{
	const uint64_t crypto = FIELD(2, 4) | FIELD(1, 8) | FIELD(2, 12); /* AES SHA1 SHA2 */

	return crypto | FIELD(1, 16) /* CRC32 */ | FIELD(2, 20) /* atomics */ |
	       FIELD(2, 56) /* TLB ranges */ | FIELD(1, 60) /* RNDR */;
}

static uint64_t pa_range(unsigned int pa_bits)
{
	static const uint8_t bits[] = {32, 36, 40, 42, 44, 48, 52};

	for (unsigned int i = 0; i < sizeof(bits); i++)
		if (bits[i] >= pa_bits)
			return i;
	return sizeof(bits) - 1;
}

/* 4 KiB granules at stage 1; 16 KiB and 64 KiB are absent. */
static uint64_t mmfr0(const struct rmm_config *config)
{
	return pa_range(config->pa_bits) | (config->vmid_bits == 16 ? FIELD(2, 4) : 0) |
	       FIELD(15, 24) | (config->features.lpa2 ? FIELD(1, 28) : 0);
}

static uint64_t mmfr1(const struct rmm_config *config)
{
	return FIELD(2, 0) /* access and dirty flags */ |
	       (config->vmid_bits == 16 ? FIELD(2, 4) : 0) | FIELD(1, 8) /* VH */ |
	       FIELD(2, 12) /* HPDS */ | FIELD(2, 20) /* PAN */;
}

static uint64_t mmfr2(void)
{
	return FIELD(1, 4) /* UAO */ | FIELD(1, 40) /* FWB */ | FIELD(1, 48) /* TTL */ |
	       FIELD(2, 60) /* E0PD */;
}

/* MMFR3 would tell of stage 2 overlays, ISAR3 of FAMINMAX and others: zero. */
uint64_t sysreg_id_value(const struct rmm_system *sys, uint32_t sysreg)
{
	switch (sysreg) {
	case SYSREG_ID_AA64PFR0:
		return pfr0();
	case SYSREG_ID_AA64PFR1:
		return pfr1();
	case SYSREG_ID_AA64DFR0:
		return dfr0(&sys->config.features);
	case SYSREG_ID_AA64ISAR0:
		return isar0();
	case SYSREG_ID_AA64MMFR0:
		return mmfr0(&sys->config);
	case SYSREG_ID_AA64MMFR1:
		return mmfr1(&sys->config);
	case SYSREG_ID_AA64MMFR2:
		return mmfr2();
	default:
		return 0;
	}
}
