/* SPDX-License-Identifier: BSD-3-Clause */
/* The hardware side of interrupts: virtual GIC registers and SErrors. */
#include <inttypes.h>
#include <string.h>

#include "session.h"

void trace_play_ich(struct trace_turn *turn)
{
	const struct trace_step *step = turn->step;

	snprintf(turn->text, sizeof(turn->text), "virtual GIC of PE %u:", step->pe);
	for (size_t i = 0; i < step->u.ich.n; i++) {
		const struct trace_ich_write *write = &step->u.ich.v[i];
		const size_t len = strlen(turn->text);
		uint64_t value;

		if (!trace_turn_eval(turn, write->value, &value))
			return;
		snprintf(turn->text + len, sizeof(turn->text) - len, " %s=%#" PRIx64,
			 rmm_ich_name(write->reg), value);
		rmm_write_ich(turn->session->sys, step->pe, write->reg, value);
	}
}

void trace_play_serror(struct trace_turn *turn)
{
	const struct trace_step *step = turn->step;
	struct rmm_trace_mismatch *m;
	uint64_t esr;

	if (!trace_turn_eval(turn, step->u.serror, &esr))
		return;
	snprintf(turn->text, sizeof(turn->text), "SError at PE %u, syndrome %#" PRIx64, step->pe,
		 esr);
	if (rmm_set_serror(turn->session->sys, step->pe, esr))
		return;
	m = trace_turn_mismatch(turn, "serror");
	snprintf(m->expected, sizeof(m->expected), "an error that an RMM survives");
	snprintf(m->came, sizeof(m->came), "one that is not contained");
}
