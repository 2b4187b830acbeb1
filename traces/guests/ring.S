/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A ring in shared memory, at the start of the window: head, tail, size, bytes.
 * The guest fills it and tells the host once per line: two exits for two lines.
 */
	.include "guest.inc"
	.set	RING_SIZE, 64
	BEGIN
	b	main

	.section .rodata
lines:	.asciz	"first line through the ring\n"
	.asciz	"second line, over the wrap of the ring\n"
	.byte	0

	.text
main:
	str	wzr, [x21]		/* head */
	str	wzr, [x21, #4]		/* tail */
	mov	w0, #RING_SIZE
	str	w0, [x21, #8]
	adrp	x19, lines
	add	x19, x19, :lo12:lines
1:	ldrb	w1, [x19]
	cbz	w1, 4f			/* no more lines */
2:	ldrb	w1, [x19], #1
	cbz	w1, 3f			/* the line is complete */
	ldr	w2, [x21]
	and	w3, w2, #(RING_SIZE - 1)
	add	x4, x21, #12
	strb	w1, [x4, w3, uxtw]
	add	w2, w2, #1
	dmb	ishst
	str	w2, [x21]
	b	2b
3:	mov	x0, #CALL_RING
	mov	x1, #0
	bl	host_call
	cbnz	x0, 5f
	ldr	w2, [x21]
	ldr	w3, [x21, #4]
	cmp	w2, w3
	b.eq	1b
5:	PRINT	"the host did not empty the ring\n"
4:	POWER_OFF
