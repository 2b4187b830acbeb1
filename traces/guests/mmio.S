/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Writes to the console device: every store to its unprotected IPA leaves the
 * realm, and the host emulates it. Waits for the device's flags before, as a
 * driver would.
 */
	.include "guest.inc"
	BEGIN
	b	main

	.section .rodata
text:	.asciz	"hello by MMIO\n"

	.text
main:
	adrp	x1, text
	add	x1, x1, :lo12:text
1:	ldr	w2, [x20, #0x18]
	tbnz	w2, #5, 1b		/* full */
	ldrb	w3, [x1], #1
	cbz	w3, 2f
	str	w3, [x20]
	b	1b
2:	/* There is no device here: the host answers with an external abort. */
	add	x0, x20, #0x10000
	ldr	w1, [x0]
	PRINT	"the device that is not there answered\n"
	POWER_OFF

	.globl	on_exception
on_exception:
	mrs	x0, esr_el1
	lsr	x1, x0, #26
	and	x2, x0, #0x3f
	cmp	x1, #0x25		/* data abort, same level */
	ccmp	x2, #0x10, #0, eq	/* external */
	b.ne	1f
	PRINT	"no device: external abort\n"
	POWER_OFF
1:	PRINT	"wrong exception\n"
	POWER_OFF

