/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Starts every other REC by PSCI CPU_ON; each adds to a counter under a lock of
 * exclusives, and switches itself off. REC 0 waits for all of them.
 */
	.include "guest.inc"
	.set	ROUNDS, 1000
	BEGIN
	b	main
	.text

	/* X0: context identifier, the index of this REC. Needs no stack. */
secondary:
	bl	work
	adrp	x1, done_count
	add	x1, x1, :lo12:done_count
1:	ldaxr	x2, [x1]
	add	x2, x2, #1
	stlxr	w3, x2, [x1]
	cbnz	w3, 1b
	CONST	x0, SMC_PSCI_CPU_OFF
	smc	#0
	b	.

	/* ROUNDS times: take the lock, add 1 to the counter, release the lock. */
work:
	adrp	x1, lock
	add	x1, x1, :lo12:lock
	mov	x4, #ROUNDS
1:	ldaxr	w2, [x1]
	cbnz	w2, 1b
	mov	w2, #1
	stxr	w3, w2, [x1]
	cbnz	w3, 1b
	ldr	x2, [x1, #8]
	add	x2, x2, #1
	str	x2, [x1, #8]
	stlr	wzr, [x1]
	subs	x4, x4, #1
	b.ne	1b
	ret

main:
	mov	x19, #1			/* the REC to start */
1:	cmp	x19, x25
	b.hs	2f
	CONST	x0, SMC_PSCI_CPU_ON
	and	x1, x19, #15		/* Aff0 has four bits */
	lsr	x2, x19, #4
	orr	x1, x1, x2, lsl #8
	adr	x2, secondary
	mov	x3, x19
	smc	#0
	cbnz	x0, failed
	add	x19, x19, #1
	b	1b
2:	bl	work
	adrp	x1, done_count
	add	x1, x1, :lo12:done_count
	sub	x25, x25, #1
3:	ldar	x2, [x1]
	cmp	x2, x25
	b.eq	4f
	wfe
	b	3b
4:	PRINT	"all RECs are done, counter "
	adrp	x1, counter
	ldr	x0, [x1, :lo12:counter]
	bl	print_hex
	PRINT	"\n"
	POWER_OFF
failed:
	PRINT	"CPU_ON failed\n"
	POWER_OFF

	.data
	.balign	64
lock:	.quad	0
counter:
	.quad	0
done_count:
	.quad	0
