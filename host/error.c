/* SPDX-License-Identifier: BSD-3-Clause */
#include <stdarg.h>
#include <stdio.h>

#include "fail.h"
#include "result.h"

const char *host_status_name(enum host_status status)
{
	switch (status) {
	case HOST_OK:
		return "HOST_OK";
	case HOST_ERROR_CONFIG:
		return "HOST_ERROR_CONFIG";
	case HOST_ERROR_STATE:
		return "HOST_ERROR_STATE";
	case HOST_ERROR_NO_MEMORY:
		return "HOST_ERROR_NO_MEMORY";
	case HOST_ERROR_FAULT:
		return "HOST_ERROR_FAULT";
	case HOST_ERROR_NOT_SUPPORTED:
		return "HOST_ERROR_NOT_SUPPORTED";
	case HOST_ERROR_BUSY:
		return "HOST_ERROR_BUSY";
	case HOST_ERROR_RMI:
		return "HOST_ERROR_RMI";
	case HOST_ERROR_PROTOCOL:
		return "HOST_ERROR_PROTOCOL";
	case HOST_ERROR_SUSPENDED:
		return "HOST_ERROR_SUSPENDED";
	}
	return "unknown host status";
}

#define LABEL(name) \
	case name:  \
		return #name

const char *host_rmi_status_name(uint64_t x0)
{
	if (x0 == RMI_ANSWER_NOT_SUPPORTED)
		return "SMCCC_NOT_SUPPORTED";
	switch (rmi_answer_status(x0)) {
		LABEL(RMI_SUCCESS);
		LABEL(RMI_ERROR_INPUT);
		LABEL(RMI_ERROR_REALM);
		LABEL(RMI_ERROR_REC);
		LABEL(RMI_ERROR_RTT);
		LABEL(RMI_ERROR_NOT_SUPPORTED);
		LABEL(RMI_ERROR_DEVICE);
		LABEL(RMI_ERROR_RTT_AUX);
		LABEL(RMI_ERROR_PSMMU_ST);
		LABEL(RMI_ERROR_DPT);
		LABEL(RMI_BUSY);
		LABEL(RMI_ERROR_GLOBAL);
		LABEL(RMI_ERROR_TRACKING);
		LABEL(RMI_INCOMPLETE);
		LABEL(RMI_BLOCKED);
		LABEL(RMI_ERROR_GPT);
		LABEL(RMI_ERROR_GRANULE);
	default:
		return "an unknown RMI status";
	}
}

/* Plain-text limit: what is longer ends where the buffer does. */
static void vtext(struct host_error *error, const char *format, va_list args)
{
	(void)vsnprintf(error->text, sizeof(error->text), format, args);
}

enum host_status host_fail(struct host_error *error, enum host_status status, const char *format,
			   ...)
{
	va_list args;

	if (!error)
		return status;
	*error = (struct host_error){.status = status};
	va_start(args, format);
	vtext(error, format, args);
	va_end(args);
	return status;
}

static enum host_status status_of_answer(uint64_t x0)
{
	if (x0 == RMI_ANSWER_NOT_SUPPORTED)
		return HOST_ERROR_NOT_SUPPORTED;
	switch (rmi_answer_status(x0)) {
	case RMI_ERROR_NOT_SUPPORTED:
		return HOST_ERROR_NOT_SUPPORTED;
	case RMI_BUSY:
	case RMI_BLOCKED:
		return HOST_ERROR_BUSY;
	case RMI_INCOMPLETE:
		return HOST_ERROR_SUSPENDED;
	default:
		return HOST_ERROR_RMI;
	}
}

enum host_status host_fail_call(struct host_error *error, const char *call, uint64_t x0,
				const char *format, ...)
{
	enum host_status status = status_of_answer(x0);
	char what[128];
	va_list args;

	if (!error)
		return status;
	va_start(args, format);
	(void)vsnprintf(what, sizeof(what), format, args);
	va_end(args);

	*error = (struct host_error){.status = status, .x0 = x0, .call = call};
	if (rmi_answer_has_level(x0))
		(void)snprintf(error->text, sizeof(error->text), "%s for %s failed: %s at level %d",
			       call, what, host_rmi_status_name(x0), rmi_answer_level(x0));
	else
		(void)snprintf(error->text, sizeof(error->text), "%s for %s failed: %s", call, what,
			       host_rmi_status_name(x0));
	return status;
}
