/* SPDX-License-Identifier: BSD-3-Clause */
/* Says hello through the host call, and switches the system off. */
	.include "guest.inc"
	BEGIN
	b	main
	.text
main:
	PRINT	"hello from a realm\n"
	POWER_OFF
