/* SPDX-License-Identifier: BSD-3-Clause */
/* RSI_ATTESTATION_TOKEN_INIT, RSI_ATTESTATION_TOKEN_CONTINUE. */
#include "attestation/token.h"
#include "rmm/attestation.h"
#include "rmm/call.h"
#include "rmm/handlers.h"
#include "rmm/realm_memory.h"
#include "rmm/rec_exit.h"

uint64_t rsi_attestation_token_init(struct rmm_call *call)
{
	attestation_begin(call, &call->in[1]);
	if (call->sys->config.no_attestation_key &&
	    call_behaves(call, RMM_BEHAVIOUR_ATTESTATION_INIT_CAN_FAIL)) {
		call->rec->attestation.in_progress = false;
		return rmm_fail(call, RSI_ATTESTATION_TOKEN_INIT_UNKNOWN_TF);
	}
	call->out[1] = TOKEN_MAX_BYTES;
	return RSI_SUCCESS;
}

/* ---- continue ------------------------------------------------------------------ */

/* The part of a granule that the realm offers. */
struct buffer {
	uint64_t addr;
	uint64_t offset;
	uint64_t size;
};

static enum rmm_condition check_buffer(const struct rmm_call *call, const struct buffer *b)
{
	if (!is_aligned(b->addr, RSI_GRANULE_BYTES))
		return RSI_ATTESTATION_TOKEN_CONTINUE_ADDR_ALIGN;
	if (b->offset >= RSI_GRANULE_BYTES)
		return RSI_ATTESTATION_TOKEN_CONTINUE_OFFSET_BOUND;
	if (b->size > UINT64_MAX - b->offset)
		return RSI_ATTESTATION_TOKEN_CONTINUE_SIZE_OVERFLOW;
	if (b->offset + b->size > RSI_GRANULE_BYTES)
		return RSI_ATTESTATION_TOKEN_CONTINUE_SIZE_BOUND;
	if (!realm_is_protected(call->realm, b->addr))
		return RSI_ATTESTATION_TOKEN_CONTINUE_ADDR_BOUND;
	if (!call->rec->attestation.in_progress)
		return RSI_ATTESTATION_TOKEN_CONTINUE_STATE;
	return RMM_CONDITION_NONE;
}

static bool interrupt_pending(const struct rmm_call *call)
{
	const struct pe *pe = &call->sys->pes[call->pe];

	return line_is_up(&pe->irq) || line_is_up(&pe->fiq);
}

static uint64_t leave_for_interrupt(struct rmm_call *call)
{
	if (line_is_up(&call->sys->pes[call->pe].fiq))
		exit_fiq(call->exit);
	else
		exit_irq(call->exit);
	call->outcome = CALL_EXITS;
	return RSI_INCOMPLETE;
}

/* Between two steps others may run, and an interrupt may come in. */
static enum attestation_progress sign(struct rmm_call *call)
{
	const struct rmm_port *port = &call->sys->config.port;
	enum attestation_progress progress = ATTESTATION_SIGNING;

	while (progress == ATTESTATION_SIGNING) {
		progress = attestation_step(call);
		if (progress != ATTESTATION_SIGNING)
			break;
		if (port->guest_slice)
			port->guest_slice(port->ctx, call->pe);
		if (interrupt_pending(call))
			break;
	}
	return progress;
}

/* The next bytes of the token go to the buffer at `at`. */
static uint64_t hand_out(struct rmm_call *call, const struct buffer *b, const struct ipa_result *at)
{
	struct rec_attestation *a = &call->rec->attestation;
	struct ipa_result to = *at;
	uint8_t token[TOKEN_MAX_BYTES];
	const size_t total = attestation_token(call, token, sizeof(token));

	if (!total)
		return rmm_fail(call, RSI_ATTESTATION_TOKEN_CONTINUE_UNKNOWN);
	const uint64_t left = total - a->offset;
	const uint64_t len = b->size < left ? b->size : left;
	to.pa += b->offset;
	ipa_write(call, &to, token + a->offset, len);
	charge(call, RMM_COST_COPY, len, to.pa);
	a->offset += (uint32_t)len;
	a->in_progress = a->offset < total;
	call->out[1] = len;
	return a->in_progress ? RSI_INCOMPLETE : RSI_SUCCESS;
}

uint64_t rsi_attestation_token_continue(struct rmm_call *call)
{
	const struct buffer b = {call->in[1], call->in[2], call->in[3]};
	const enum rmm_condition failed = check_buffer(call, &b);
	struct ipa_result at;
	uint64_t x0;

	if (failed != RMM_CONDITION_NONE)
		return rmm_fail(call, failed);
	if (call->sys->config.no_attestation_key)
		return rmm_fail(call, RSI_ATTESTATION_TOKEN_CONTINUE_UNKNOWN);
	switch (sign(call)) {
	case ATTESTATION_FAILED:
		return rmm_fail(call, RSI_ATTESTATION_TOKEN_CONTINUE_UNKNOWN);
	case ATTESTATION_SIGNING:
		return leave_for_interrupt(call);
	case ATTESTATION_SIGNED:
		break;
	}
	if (!realm_buffer(call, b.addr, RSI_ATTESTATION_TOKEN_CONTINUE_ADDR_EMPTY, &at, &x0))
		return x0;
	return hand_out(call, &b, &at);
}
