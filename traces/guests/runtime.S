/* SPDX-License-Identifier: BSD-3-Clause */
/* Printing, host calls, and what happens to exceptions that nobody expects. */
	.include "guest.inc"

	.text

	/* host_call(X0 immediate, X1 and X2 its arguments): X0 the answer. */
	.globl	host_call
host_call:
	adrp	x4, call_page
	add	x4, x4, :lo12:call_page
	strh	w0, [x4]
	str	x1, [x4, #8]
	str	x2, [x4, #16]
	mov	x1, x4
	CONST	x0, SMC_RSI_HOST_CALL
	smc	#0
	cbnz	x0, 1f
	adrp	x4, call_page
	add	x4, x4, :lo12:call_page
	ldr	x0, [x4, #8]
	ret
1:	mov	x0, #-1
	ret

	/* print(X0 string), byte by byte through the host call. */
	.globl	print
print:
	stp	x29, x30, [sp, #-32]!
	str	x19, [sp, #16]
	mov	x19, x0
1:	ldrb	w1, [x19], #1
	cbz	w1, 2f
	mov	x0, #CALL_PUT
	bl	host_call
	b	1b
2:	ldr	x19, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret

	/* print_hex(X0), 16 digits. */
	.globl	print_hex
print_hex:
	stp	x29, x30, [sp, #-32]!
	stp	x19, x28, [sp, #16]
	mov	x19, x0
	mov	x28, #60
1:	lsr	x1, x19, x28
	and	x1, x1, #15
	cmp	x1, #10
	add	x2, x1, #'0'
	add	x3, x1, #('a' - 10)
	csel	x1, x2, x3, lo
	mov	x0, #CALL_PUT
	bl	host_call
	subs	x28, x28, #4
	b.pl	1b
	ldp	x19, x28, [sp, #16]
	ldp	x29, x30, [sp], #32
	ret

	/*
	 * Every vector leads to on_exception, with X26 counting them. A guest
	 * that expects exceptions defines its own.
	 */
	.balign	2048
	.globl	vectors
vectors:
	.rept	16
	.balign	128
	b	on_exception
	.endr

	.weak	on_exception
on_exception:
	PRINT	"unexpected exception: ESR "
	mrs	x0, esr_el1
	bl	print_hex
	PRINT	" ELR "
	mrs	x0, elr_el1
	bl	print_hex
	PRINT	" FAR "
	mrs	x0, far_el1
	bl	print_hex
	PRINT	"\n"
	POWER_OFF

	.bss
	.balign	256
call_page:
	.skip	256
	.balign	16
	.skip	4096
	.globl	stack_top
stack_top:
