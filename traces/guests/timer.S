/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Programs the virtual timer five times, a tenth of a millisecond ahead each,
 * and waits for it with WFI.
 */
	.include "guest.inc"
	BEGIN
	b	main
	.text
main:
	mov	x19, #5
1:	mrs	x0, cntfrq_el0
	CONST	x1, 10000
	udiv	x0, x0, x1
	msr	cntv_tval_el0, x0
	mov	x0, #1
	msr	cntv_ctl_el0, x0
	isb
2:	wfi
	mrs	x0, cntv_ctl_el0
	tbz	x0, #2, 2b		/* ISTATUS */
	mrs	x0, cntv_cval_el0
	mrs	x1, cntvct_el0
	cmp	x1, x0
	b.lo	failed
	msr	cntv_ctl_el0, xzr
	PRINT	"tick\n"
	subs	x19, x19, #1
	b.ne	1b
	POWER_OFF
failed:
	PRINT	"the counter is behind the timer\n"
	POWER_OFF
