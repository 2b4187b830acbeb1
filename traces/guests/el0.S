/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Stage 1 and EL0: maps RAM by a table of its own, reads with the rights of EL0,
 * reads Device memory, drops to EL0, and handles what EL0 does: a system call,
 * an access to memory of EL1, an instruction that is undefined there, FP.
 */
	.include "guest.inc"
	.set	USER_VA, 0x4000000000
	.set	BLOCK_FLAGS, 0x701		/* AF, inner shareable, AttrIndx 0, block */
	BEGIN
	b	main

	.section .rodata
user_text:
	.asciz	"hello from EL0\n"

	.text
	/* Copied nowhere: EL0 sees the page of this code at USER_VA. */
	.balign	4096
user_code:
	ldr	x9, =0x123456789abcdef
	mov	x0, #1
	svc	#1			/* X0 = 1: say hello */
	mov	x1, #0x10000000
	ldr	x2, [x1]		/* of EL1: permission fault */
	mrs	x2, ttbr0_el1		/* undefined at EL0 */
	fmov	d0, x9			/* trapped once */
	fmov	x10, d0
	mov	x0, #2
	svc	#2			/* X0 = 2: over */
	b	.
	.ltorg
	.balign	4096

main:
	/* Level 1 of a 39-bit space. 0: 1 GiB identity, for EL1. */
	adrp	x0, table1
	mov	x1, #BLOCK_FLAGS
	str	x1, [x0]
	/* The console of this guest is the host call, so nothing else is mapped there. */
	adrp	x1, table2
	orr	x1, x1, #3
	str	x1, [x0, #(256 * 8)]	/* USER_VA, by pages */
	adrp	x1, table3
	orr	x1, x1, #3
	adrp	x0, table2
	str	x1, [x0]
	adrp	x1, user_code
	ldr	x2, =(0x7c3 | 1 << 53)	/* read-only, EL0, AF, page, PXN */
	orr	x1, x1, x2
	adrp	x0, table3
	str	x1, [x0]
	adrp	x1, device
	ldr	x2, =(0x707 | 3 << 53)	/* AF, page, AttrIndx 1 */
	orr	x1, x1, x2
	str	x1, [x0, #8]
	dsb	ishst
	adrp	x0, table1
	msr	ttbr0_el1, x0
	msr	ttbr1_el1, xzr
	ldr	x0, =0x00ff		/* 0: Normal, 1: Device-nGnRnE */
	msr	mair_el1, x0
	ldr	x0, =(25 | 1 << 8 | 1 << 10 | 3 << 12 | 1 << 23 | 2 << 32)
	msr	tcr_el1, x0
	tlbi	vmalle1
	dsb	ish
	isb
	mrs	x0, sctlr_el1
	orr	x0, x0, #1
	msr	sctlr_el1, x0
	isb
	PRINT	"MMU is on\n"
	ldr	x19, =USER_VA
	msr	pan, #1
	ldtr	w1, [x19]
	adrp	x0, user_code
	ldr	w2, [x0]
	cmp	w1, w2
	b.ne	1f
	PRINT	"EL0 may read its code\n"
1:	adrp	x0, user_code
	ldtr	x1, [x0]		/* of EL1 */
	sttr	x1, [x19]		/* read-only */
	add	x19, x19, #4096
	ldr	x1, [x19, #2]		/* Device memory, unaligned */
	ldr	x1, [x19, #8]
	ldr	x0, =USER_VA
	msr	elr_el1, x0
	msr	spsr_el1, xzr
	eret

	.globl	on_exception
on_exception:
	mrs	x26, esr_el1
	lsr	x27, x26, #26
	cmp	x27, #0x15
	b.eq	system_call
	cmp	x27, #7
	b.eq	fp
	mrs	x1, elr_el1		/* all others: behind the instruction */
	add	x1, x1, #4
	msr	elr_el1, x1
	cmp	x27, #0x24
	b.eq	data_abort
	cmp	x27, #0x25
	b.eq	own_abort
	cmp	x27, #0
	b.eq	undefined
	PRINT	"unexpected: ESR "
	mov	x0, x26
	bl	print_hex
	PRINT	"\n"
	POWER_OFF
system_call:
	cmp	x0, #2
	b.eq	over
	ldr	x1, =0x123456789abcdef
	cmp	x1, x9
	b.ne	1f
	adrp	x0, user_text
	add	x0, x0, :lo12:user_text
	bl	print
1:	eret
data_abort:
	PRINT	"EL0 took a data abort, ESR "
	mov	x0, x26
	bl	print_hex
	PRINT	"\n"
	eret
own_abort:
	PRINT	"EL1 took a data abort, ESR "
	mov	x0, x26
	bl	print_hex
	PRINT	"\n"
	eret
fp:	PRINT	"EL0 may use FP from now on\n"
	mov	x0, #(3 << 20)
	msr	cpacr_el1, x0
	isb
	eret
undefined:
	PRINT	"EL0 took an undefined instruction\n"
	eret
over:
	cmp	x9, x10
	b.ne	1f
	PRINT	"EL0 moved a number through D0\n"
1:	PRINT	"EL0 is done\n"
	POWER_OFF

	.bss
	.balign	4096
table1:	.skip	4096
table2:	.skip	4096
table3:	.skip	4096
device:	.skip	4096
