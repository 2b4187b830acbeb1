/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * Findings: what the detectors have to say about a host. Each is one sentence
 * about one mistake, with an identifier that does not change between releases.
 */
#ifndef RMMSIM_HOST_FINDING_H
#define RMMSIM_HOST_FINDING_H

#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#ifdef __cplusplus
extern "C" {
#endif

enum host_finding_kind {
	/* Seen at a call. */
	HOST_FINDING_UNDELEGATE_NOT_DELEGATED, /* a page that nobody delegated */
	HOST_FINDING_DELEGATE_TWICE,           /* a page that is delegated already */
	HOST_FINDING_UNDELEGATE_IN_USE,        /* a page that the RMM still uses */
	HOST_FINDING_PAGE_NOT_DELEGATED,       /* given to a command that needs it DELEGATED */
	HOST_FINDING_PAGE_IN_USE,              /* given to a command while it is used for another */
	HOST_FINDING_DELEGATE_MAPPED,          /* a shared page that a realm still has mapped */
	HOST_FINDING_ADDRESS_SWAPPED,          /* PA and IPA have changed places */
	HOST_FINDING_NO_SUCH_OBJECT,           /* an RD or REC that is none, or none any more */
	HOST_FINDING_HANDLE_SWAPPED,           /* handle and another argument have changed places */
	HOST_FINDING_HANDLE_STALE,             /* a handle of no open operation */
	HOST_FINDING_OPERATION_STEP,           /* not what the operation waits for */
	HOST_FINDING_DONATION_EXCESS,          /* more memory than was asked for */
	HOST_FINDING_TEARDOWN_ORDER,           /* an object destroyed while others depend on it */
	HOST_FINDING_PROGRESS_IGNORED,         /* partial success taken for all of it */
	HOST_FINDING_STALE_ENTRY_FLAGS,        /* flags that answer no exit */
	HOST_FINDING_EXIT_UNANSWERED,  /* REC entered before its PSCI request was completed */
	HOST_FINDING_LIVELOCK,         /* the same call, the same answer, for ever */
	HOST_FINDING_UNDEFINED_OUTPUT, /* an output that the answer does not define was used */
	/* Seen at an access to memory. */
	HOST_FINDING_TOUCH_DELEGATED,  /* the host touched a page that is not its own */
	HOST_FINDING_EXIT_AFTER_ERROR, /* exit record read though the entry failed */
	/* Seen at the end. */
	HOST_FINDING_PAGE_LEAKED,
	HOST_FINDING_OPERATION_ABANDONED,
	HOST_FINDING_REALM_LEAKED,
	HOST_FINDING_REC_LEAKED,
	HOST_FINDING_MAPPING_LEAKED,
	HOST_FINDING_COUNT,
};

/* "page-leaked" ... Never NULL. */
const char *host_finding_id(enum host_finding_kind kind);

/* Plain data: may be copied and sent elsewhere. */
struct host_finding {
	enum host_finding_kind kind;
	uint64_t call;    /* number of the call at which it was seen, from 1; 0: before any */
	uint64_t origin;  /* number of the call that began it; 0: the same */
	uint64_t line;    /* of the recording, of `origin` or else of `call`; 0: none */
	uint64_t address; /* PA, IPA or handle that it is about */
	char command[40]; /* name of the command; "" for an access to memory and at the end */
	char text[256];   /* what is wrong, one sentence */
	char remedy[160]; /* what to do, one sentence */
};

struct host_findings;

#define HOST_FINDINGS_MAX 1024u /* kept; more are only counted */

/* The list is the caller's. Returns 0, or -1 when out of memory. */
int host_findings_create(struct host_findings **out);
void host_findings_destroy(struct host_findings *list);

/* Told of every finding as it is made, in order. NULL turns it off. */
void host_findings_listen(struct host_findings *list,
			  void (*heard)(void *ctx, const struct host_finding *finding), void *ctx);

void host_findings_add(struct host_findings *list, const struct host_finding *finding);
void host_findings_clear(struct host_findings *list);

/* All that were made; those kept, in order, are 0 .. HOST_FINDINGS_MAX - 1. */
uint64_t host_findings_count(const struct host_findings *list);
uint64_t host_findings_count_of(const struct host_findings *list, enum host_finding_kind kind);
const struct host_finding *host_findings_get(const struct host_findings *list, size_t index);

void host_finding_print(const struct host_finding *finding, FILE *out);
void host_findings_print(const struct host_findings *list, FILE *out);

#ifdef __cplusplus
}
#endif

#endif
