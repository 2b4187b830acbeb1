/* SPDX-License-Identifier: BSD-3-Clause */
/* Sums for a while and leaves the realm rarely: how fast code runs. */
	.include "guest.inc"
	BEGIN
	b	main
	.text
main:
	CONST	x19, 5000000
	mov	x0, #0
	adrp	x2, word
	add	x2, x2, :lo12:word
1:	ldr	x1, [x2]
	add	x0, x0, x1
	eor	x1, x1, x0, lsl #3
	str	x1, [x2]
	subs	x19, x19, #1
	b.ne	1b
	PRINT	"done\n"
	POWER_OFF

	.data
	.balign	8
word:	.quad	1
