/* SPDX-License-Identifier: BSD-3-Clause */
#ifndef LINUX_SHIM_BITFIELD_H
#define LINUX_SHIM_BITFIELD_H

/* Dividing by the lowest bit of the mask shifts by its position. */
#define FIELD_SHIM_LOWEST(mask) ((mask) & (~(mask) + 1))

#define FIELD_GET(mask, word)   (((word) & (mask)) / FIELD_SHIM_LOWEST(mask))
#define FIELD_PREP(mask, value) (((value)*FIELD_SHIM_LOWEST(mask)) & (mask))

#endif
