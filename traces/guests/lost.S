/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Reads shared memory twice, with a word to the host in between. A host that
 * takes the page away meanwhile (delegates it) makes the second read a granule
 * protection fault.
 */
	.include "guest.inc"
	BEGIN
	b	main
	.text
main:
	ldr	x0, [x21]
	PRINT	"read\n"
	ldr	x0, [x21]
	PRINT	"read again\n"
	POWER_OFF
