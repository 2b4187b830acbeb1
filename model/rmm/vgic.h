/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The virtual CPU interface of a GICv3 (Arm IHI 0069): list registers that the
 * host fills, and the ICC registers through which a realm sees them.
 */
#ifndef RMM_RMM_VGIC_H
#define RMM_RMM_VGIC_H

#include <stdbool.h>
#include <stdint.h>

#include "rmmsim/abi/ids.h"
#include "rmmsim/system.h"

/* ICH_HCR_EL2. */
#define ICH_HCR_EN             UINT64_C(1)
#define ICH_HCR_UIE            (UINT64_C(1) << 1)
#define ICH_HCR_LRENPIE        (UINT64_C(1) << 2)
#define ICH_HCR_NPIE           (UINT64_C(1) << 3)
#define ICH_HCR_VGRP0EIE       (UINT64_C(1) << 4)
#define ICH_HCR_VGRP0DIE       (UINT64_C(1) << 5)
#define ICH_HCR_VGRP1EIE       (UINT64_C(1) << 6)
#define ICH_HCR_VGRP1DIE       (UINT64_C(1) << 7)
#define ICH_HCR_VSGI_EOI_COUNT (UINT64_C(1) << 8)
#define ICH_HCR_TC             (UINT64_C(1) << 10)
#define ICH_HCR_TALL0          (UINT64_C(1) << 11)
#define ICH_HCR_TALL1          (UINT64_C(1) << 12)
#define ICH_HCR_TDIR           (UINT64_C(1) << 14)
#define ICH_HCR_DVIM           (UINT64_C(1) << 15)
#define ICH_HCR_EOI_COUNT      (UINT64_C(0x1f) << 27)

/* What a host of 1.0-rel0 may ask for in RmiRecEnter.gicv3_hcr (A6.1). */
#define ICH_HCR_FOR_HOST                                                                      \
	(ICH_HCR_UIE | ICH_HCR_LRENPIE | ICH_HCR_NPIE | ICH_HCR_VGRP0EIE | ICH_HCR_VGRP0DIE | \
	 ICH_HCR_VGRP1EIE | ICH_HCR_VGRP1DIE | ICH_HCR_TDIR)

/* ICH_VTR_EL2: 16 list registers, five bits of priority, 16 bits of INTID. */
#define ICH_VTR UINT64_C(0x903c000f)

/* The registers of one PE. */
struct vgic {
	uint64_t hcr;
	uint64_t vmcr;
	uint64_t lr[RMM_NUM_LRS];
};

/* A list register that is loaded has its HW bit set. */
bool vgic_has_hw(const struct vgic *vgic);

/* Two list registers name the same virtual interrupt. */
bool vgic_has_duplicates(const struct vgic *vgic);

/* Gicv3ConfigIsValid of 1.0-rel0. */
bool vgic_config_is_valid(uint64_t hcr, const uint64_t lrs[RMM_NUM_LRS]);

/* Virtual interrupt lines to the PE: of group 1 and group 0. */
bool vgic_irq(const struct vgic *vgic);
bool vgic_fiq(const struct vgic *vgic);

/* ICH_MISR_EL2: why a maintenance interrupt is pending; 0: none is. */
uint64_t vgic_misr(const struct vgic *vgic);

enum vgic_access {
	VGIC_NOT_MINE,  /* no register of the CPU interface */
	VGIC_DONE,      /* without a trap */
	VGIC_EXITS,     /* the host emulates it */
	VGIC_UNDEFINED, /* of this direction there is no access */
};

/*
 * An access of the realm; `traps` are the bits of ICH_HCR_EL2 whose traps
 * count.
 */
enum vgic_access vgic_access(struct vgic *vgic, uint64_t traps, uint32_t sysreg, bool write,
			     uint64_t *value);

#endif
