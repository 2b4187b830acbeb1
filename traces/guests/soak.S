/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Never stands still: every REC chooses at random between memory, RIPAS changes,
 * host calls, shared memory and a device, and compares what it finds with what
 * it knows. Needs a host that knows its calls (tests/unit/a64/soak.cpp):
 *
 *	16 ECHO  X1, X2: the answer is X0 = X1 ^ X2 rotated by 7, X1 = 1: stop
 *	17 TAKE  X1 an IPA: the host takes the page away, with its content
 *	18 FAIL  X1 which check, X2 what came, X3 what was expected
 *
 * The words of the device at offset 0x100 + 8 * REC read as the complement of
 * what was stored there.
 */
	.include "guest.inc"
	.set	CALL_ECHO, 16
	.set	CALL_TAKE, 17
	.set	CALL_FAIL, 18
	.set	PAGES, 32		/* of an arena; a power of two */
	.set	WINDOW_PAGES, 4		/* of the shared window, for a REC */
	.set	MAX_RECS, 4
	.set	RIPAS_EMPTY, 0
	.set	RIPAS_RAM, 1
	.set	BLOCK, 8192		/* of a REC: its call, what it knows, its stack */
	.set	KNOWN, 256
	.set	KNOWN_WINDOW, KNOWN + 8 * PAGES
	/*
	 * X19 random state, X26 block, X27 arena, X28 its part of the window,
	 * X29 index of the REC, X20 device, X21 window, X23 RAM, X24 its bytes.
	 */
	BEGIN
	adr	x9, boot
	stp	x20, x21, [x9]
	stp	x23, x24, [x9, #16]
	mov	x29, #0
	mov	x10, #1			/* the REC to start */
1:	cmp	x10, x25
	b.hs	run
	CONST	x0, SMC_PSCI_CPU_ON
	mov	x1, x10
	adr	x2, secondary
	mov	x3, x10
	smc	#0
	cbnz	x0, power_off
	add	x10, x10, #1
	b	1b

	.balign	16
boot:	.skip	32
	.text

	/* X0: context identifier, the index of this REC. */
secondary:
	mov	x29, x0
	adr	x9, boot
	ldp	x20, x21, [x9]
	ldp	x23, x24, [x9, #16]
	adrp	x0, vectors
	add	x0, x0, :lo12:vectors
	msr	vbar_el1, x0
	isb

run:	adrp	x26, blocks
	add	x26, x26, :lo12:blocks
	mov	x0, #BLOCK
	madd	x26, x29, x0, x26
	add	x0, x26, #BLOCK
	mov	sp, x0
	add	x27, x23, x24
	add	x0, x29, #1
	mov	x1, #(PAGES * 4096)
	msub	x27, x0, x1, x27
	mov	x0, #(WINDOW_PAGES * 4096)
	madd	x28, x29, x0, x21
	CONST	x19, 0x9e3779b9
	add	x0, x29, #1
	mul	x19, x19, x0

	/* X9: what to do. X10: an index of a page. */
next:	eor	x19, x19, x19, lsl #13
	eor	x19, x19, x19, lsr #7
	eor	x19, x19, x19, lsl #17
	and	x9, x19, #15
	ubfx	x10, x19, #8, #5
	adr	x0, table
	ldrb	w0, [x0, x9]
	adr	x1, next
	add	x0, x1, x0, lsl #2
	br	x0
table:	.byte	(memory - next) / 4, (memory - next) / 4, (memory - next) / 4
	.byte	(memory - next) / 4, (memory - next) / 4, (memory - next) / 4
	.byte	(ripas - next) / 4, (ripas - next) / 4, (take - next) / 4
	.byte	(echo - next) / 4, (echo - next) / 4, (echo - next) / 4
	.byte	(window - next) / 4, (window - next) / 4
	.byte	(device - next) / 4, (count - next) / 4

	/* A page of the arena holds at both ends what was written last. */
memory:	add	x11, x27, x10, lsl #12
	add	x12, x26, #KNOWN
	ldr	x3, [x12, x10, lsl #3]
	mov	x1, #1
	ldr	x2, [x11]
	cmp	x2, x3
	b.ne	fail
	mov	x1, #2
	ldr	x2, [x11, #4088]
	cmp	x2, x3
	b.ne	fail
	str	x19, [x11]
	str	x19, [x11, #4088]
	str	x19, [x12, x10, lsl #3]
	b	next

	/* A page is given up, and taken back: it is as before then, or zero. */
ripas:	mov	x13, #RIPAS_EMPTY
	bl	set_ripas
	CONST	x0, SMC_RSI_IPA_STATE_GET
	add	x1, x27, x10, lsl #12
	add	x2, x1, #4096
	smc	#0
	cbnz	x0, 1f
	mov	x1, #3
	mov	x3, #RIPAS_EMPTY
	cmp	x2, x3
	b.ne	fail
	mov	x13, #RIPAS_RAM
	bl	set_ripas
	add	x11, x27, x10, lsl #12
	ldr	x2, [x11]
	cbz	x2, zero
	b	next
1:	mov	x1, #4
	b	fail

	/* A page is destroyed by the host; the realm starts over, with zeros. */
take:	mov	x0, #CALL_TAKE
	add	x1, x27, x10, lsl #12
	bl	call
	mov	x13, #RIPAS_RAM
	bl	set_ripas
zero:	add	x12, x26, #KNOWN
	str	xzr, [x12, x10, lsl #3]
	b	next

	/* X13: the RIPAS of page X10, as often as the host refuses. */
set_ripas:
	add	x1, x27, x10, lsl #12
	add	x14, x1, #4096
1:	mov	x2, x14
	mov	x3, x13
	mov	x4, #1			/* DESTROYED may change, too */
	CONST	x0, SMC_RSI_IPA_STATE_SET
	smc	#0
	mov	x2, x0
	cbnz	x0, 2f
	cmp	x1, x14
	b.lo	1b
	ret
2:	mov	x1, #5
	mov	x3, #0
	b	fail

echo:	mov	x0, #CALL_ECHO
	mov	x1, x19
	mov	x2, x10
	bl	call
	ldp	x2, x4, [x26, #8]
	eor	x3, x19, x10
	ror	x3, x3, #7
	mov	x1, #6
	cmp	x2, x3
	b.ne	fail
	cbz	x4, next
	b	power_off

	/* The host may take this memory away at any time, but never its content. */
window:	and	x10, x10, #(WINDOW_PAGES - 1)
	add	x11, x28, x10, lsl #12
	add	x12, x26, #KNOWN_WINDOW
	ldr	x3, [x12, x10, lsl #3]
	mov	x1, #7
	ldr	x2, [x11, #8]
	cmp	x2, x3
	b.ne	fail
	stp	x19, x19, [x11]		/* no syndrome */
	str	x19, [x12, x10, lsl #3]
	b	next

device:	add	x11, x20, x29, lsl #3
	add	x11, x11, #0x100
	str	x19, [x11]
	ldr	x2, [x11]
	mvn	x3, x19
	mov	x1, #8
	cmp	x2, x3
	b.ne	fail
	ldrsb	x2, [x11]
	mvn	w3, w19
	sxtb	x3, w3
	mov	x1, #9
	cmp	x2, x3
	b.ne	fail
	b	next

	/* One counter of all RECs, and some work; then it waits for an interrupt. */
count:	adrp	x11, counter
	add	x11, x11, :lo12:counter
1:	ldaxr	x2, [x11]
	add	x2, x2, #1
	stlxr	w3, x2, [x11]
	cbnz	w3, 1b
	ubfx	x2, x19, #20, #12
2:	subs	x2, x2, #1
	b.hi	2b
	tbz	x19, #40, next
	wfi
	b	next

	/* Host call X0 with arguments X1 to X3. */
call:	strh	w0, [x26]
	stp	x1, x2, [x26, #8]
	str	x3, [x26, #24]
	CONST	x0, SMC_RSI_HOST_CALL
	mov	x1, x26
	smc	#0
	mov	x2, x0
	mov	x1, #10
	mov	x3, #0
	cbnz	x0, fail
	ret

	/* X1: which check, X2: what came, X3: what was expected. */
fail:	mov	x0, #CALL_FAIL
	bl	call
	b	.

power_off:
	CONST	x0, SMC_PSCI_CPU_OFF
	cbnz	x29, 1f
	CONST	x0, SMC_PSCI_SYSTEM_OFF
1:	smc	#0
	b	.

	.globl	on_exception
on_exception:
	mov	x1, #11
	mrs	x2, esr_el1
	mrs	x3, far_el1
	b	fail

	.bss
	.balign	8192
blocks:	.skip	BLOCK * MAX_RECS
counter:
	.quad	0
