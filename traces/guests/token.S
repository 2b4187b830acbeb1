/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Asks the RMM for an attestation token with a challenge of 64 bytes, copies it
 * to shared memory page by page and hands it over to the host.
 */
	.include "guest.inc"
	.set	RSI_INCOMPLETE, 3
	BEGIN
	b	main
	.text
main:
	CONST	x0, SMC_RSI_ATTESTATION_TOKEN_INIT
	adrp	x9, challenge
	add	x9, x9, :lo12:challenge
	ldp	x1, x2, [x9]
	ldp	x3, x4, [x9, #16]
	ldp	x5, x6, [x9, #32]
	ldp	x7, x8, [x9, #48]
	smc	#0
	cbnz	x0, absent
	mov	x19, #0			/* bytes so far */
	adrp	x28, page
	add	x28, x28, :lo12:page
	mov	x27, #0			/* offset in the page */
next:
	CONST	x0, SMC_RSI_ATTESTATION_TOKEN_CONTINUE
	mov	x1, x28
	mov	x2, x27
	mov	x3, #4096
	sub	x3, x3, x27
	smc	#0
	mov	x26, x0
	cmp	x0, #RSI_INCOMPLETE
	ccmp	x0, #0, #4, ne
	b.ne	failed
	add	x27, x27, x1
	cmp	x26, #0
	b.eq	1f
	cmp	x27, #4096
	b.lo	next
1:	mov	x2, #0			/* the page to the window */
2:	cmp	x2, x27
	b.eq	3f
	ldrb	w3, [x28, x2]
	add	x4, x19, x2
	cmp	x4, x22
	b.hs	failed
	strb	w3, [x21, x4]
	add	x2, x2, #1
	b	2b
3:	add	x19, x19, x27
	mov	x27, #0
	cmp	x26, #RSI_INCOMPLETE
	b.eq	next
	mov	x0, #CALL_DUMP
	mov	x1, #0
	mov	x2, x19
	bl	host_call
	cbnz	x0, failed
	PRINT	"token of "
	mov	x0, x19
	bl	print_hex
	PRINT	" bytes\n"
	POWER_OFF
absent:
	PRINT	"this RMM has no attestation\n"
	POWER_OFF
failed:
	PRINT	"failed\n"
	POWER_OFF

	.section .rodata
	.balign	8
challenge:
	.quad	0x0123456789abcdef, 0x1123456789abcdef, 0x2123456789abcdef, 0x3123456789abcdef
	.quad	0x4123456789abcdef, 0x5123456789abcdef, 0x6123456789abcdef, 0x7123456789abcdef

	.bss
	.balign	4096
page:	.skip	4096
