/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Gives the last 64 KiB of its RAM up (RIPAS EMPTY), finds that an access is an
 * external abort, takes them back (RIPAS RAM) and finds them zeroed.
 */
	.include "guest.inc"
	.set	SIZE, 0x10000
	.set	RIPAS_EMPTY, 0
	.set	RIPAS_RAM, 1
	BEGIN
	b	main
	.text

	/* set_ripas(X27): of [X19, X28); X27 is the RIPAS. In pieces, as the RMM says. */
set_ripas:
	mov	x1, x19
1:	mov	x2, x28
	mov	x3, x27
	mov	x4, #1			/* DESTROYED may change, too */
	CONST	x0, SMC_RSI_IPA_STATE_SET
	smc	#0
	cbnz	x0, 2f
	cbnz	x2, 2f			/* refused */
	cmp	x1, x28
	b.lo	1b
2:	ret

main:
	add	x28, x23, x24
	sub	x19, x28, #SIZE
	mov	x0, #0x5a
	str	x0, [x19]
	mov	x27, #RIPAS_EMPTY
	bl	set_ripas
	cbnz	x0, failed
	PRINT	"RIPAS is EMPTY\n"
	mov	x26, #1
	ldr	x0, [x19]		/* on_exception goes on behind it */
	cbnz	x26, failed
	PRINT	"external abort\n"
	mov	x27, #RIPAS_RAM
	bl	set_ripas
	cbnz	x0, failed
	ldr	x0, [x19]
	cbnz	x0, failed
	PRINT	"RIPAS is RAM, and zero\n"
	POWER_OFF
failed:
	PRINT	"failed\n"
	POWER_OFF

	.globl	on_exception
on_exception:
	mrs	x0, esr_el1
	lsr	x1, x0, #26
	cmp	x1, #0x25		/* data abort, same level */
	b.ne	failed
	mov	x26, #0
	mrs	x1, elr_el1
	add	x1, x1, #4
	msr	elr_el1, x1
	eret
