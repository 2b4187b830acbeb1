/* SPDX-License-Identifier: BSD-3-Clause */
#include "guest_recording.h"

#include <stdlib.h>

#include "rmmsim/host/model_backend.h"
#include "rmmsim/host/recorder_guests.h"

bool guest_recording_prepare(struct guest_recording *r, struct rmm_config *config)
{
	if (rmm_guest_recorder_create(config->guest, config->guest_machine, &r->guests) != 0)
		return false;
	config->guest = rmm_guest_recorder_ops(r->guests);
	config->guest_machine = r->guests;
	return true;
}

bool guest_recording_begin(struct guest_recording *r, FILE *out, struct rmm_conduit_ctx *pe,
			   struct host_config *config)
{
	r->head = host_model_recording(pe->sys);
	if (!r->head ||
	    host_recorder_create(config->version, &config->memory, out, r->head, &r->recorder) != 0)
		return false;
	r->machine = config->conduit;
	r->link = (struct host_recorder_link){.recorder = r->recorder, .next = &r->machine};
	config->conduit = host_recorder_conduit(&r->link);
	return host_recorder_listen(r->recorder, r->guests, pe) == 0;
}

void guest_recording_end(struct guest_recording *r)
{
	host_recorder_destroy(r->recorder);
	rmm_guest_recorder_destroy(r->guests);
	free(r->head);
}
