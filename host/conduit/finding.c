/* SPDX-License-Identifier: BSD-3-Clause */
#include "rmmsim/host/finding.h"

#include <inttypes.h>
#include <stdlib.h>

#include "../arguments.h"

struct host_findings {
	struct host_finding kept[HOST_FINDINGS_MAX];
	uint64_t count;
	uint64_t of[HOST_FINDING_COUNT];
	void (*heard)(void *ctx, const struct host_finding *finding);
	void *ctx;
};

const char *host_finding_id(enum host_finding_kind kind)
{
	static const char *const ids[HOST_FINDING_COUNT] = {
		[HOST_FINDING_UNDELEGATE_NOT_DELEGATED] = "undelegate-not-delegated",
		[HOST_FINDING_DELEGATE_TWICE] = "delegate-twice",
		[HOST_FINDING_UNDELEGATE_IN_USE] = "undelegate-in-use",
		[HOST_FINDING_PAGE_NOT_DELEGATED] = "page-not-delegated",
		[HOST_FINDING_PAGE_IN_USE] = "page-in-use",
		[HOST_FINDING_DELEGATE_MAPPED] = "delegate-mapped",
		[HOST_FINDING_ADDRESS_SWAPPED] = "address-swapped",
		[HOST_FINDING_NO_SUCH_OBJECT] = "no-such-object",
		[HOST_FINDING_HANDLE_SWAPPED] = "handle-swapped",
		[HOST_FINDING_HANDLE_STALE] = "handle-stale",
		[HOST_FINDING_OPERATION_STEP] = "operation-step",
		[HOST_FINDING_DONATION_EXCESS] = "donation-excess",
		[HOST_FINDING_TEARDOWN_ORDER] = "teardown-order",
		[HOST_FINDING_PROGRESS_IGNORED] = "progress-ignored",
		[HOST_FINDING_STALE_ENTRY_FLAGS] = "stale-entry-flags",
		[HOST_FINDING_EXIT_UNANSWERED] = "exit-unanswered",
		[HOST_FINDING_LIVELOCK] = "livelock",
		[HOST_FINDING_UNDEFINED_OUTPUT] = "undefined-output",
		[HOST_FINDING_TOUCH_DELEGATED] = "touch-delegated",
		[HOST_FINDING_EXIT_AFTER_ERROR] = "exit-after-error",
		[HOST_FINDING_PAGE_LEAKED] = "page-leaked",
		[HOST_FINDING_OPERATION_ABANDONED] = "operation-abandoned",
		[HOST_FINDING_REALM_LEAKED] = "realm-leaked",
		[HOST_FINDING_REC_LEAKED] = "rec-leaked",
		[HOST_FINDING_MAPPING_LEAKED] = "mapping-leaked",
	};

	return (unsigned int)kind < HOST_FINDING_COUNT ? ids[kind] : "unknown-finding";
}

int host_findings_create(struct host_findings **out)
{
	if (!host_is_argument(out))
		return -1;

	*out = calloc(1, sizeof(**out));
	return *out ? 0 : -1;
}

void host_findings_destroy(struct host_findings *list)
{
	free(list);
}

void host_findings_listen(struct host_findings *list,
			  void (*heard)(void *ctx, const struct host_finding *finding), void *ctx)
{
	if (!host_is_argument(list))
		return;

	list->heard = heard;
	list->ctx = ctx;
}

void host_findings_add(struct host_findings *list, const struct host_finding *finding)
{
	if (!(host_is_argument(list) && host_is_argument(finding)))
		return;

	if ((unsigned int)finding->kind >= HOST_FINDING_COUNT)
		return;
	if (list->count < HOST_FINDINGS_MAX)
		list->kept[list->count] = *finding;
	list->count++;
	list->of[finding->kind]++;
	if (list->heard != NULL)
		list->heard(list->ctx, finding);
}

void host_findings_clear(struct host_findings *list)
{
	if (!host_is_argument(list))
		return;

	list->count = 0;
	for (unsigned int i = 0; i < HOST_FINDING_COUNT; i++)
		list->of[i] = 0;
}

uint64_t host_findings_count(const struct host_findings *list)
{
	if (!host_is_argument(list))
		return 0;

	return list->count;
}

uint64_t host_findings_count_of(const struct host_findings *list, enum host_finding_kind kind)
{
	if (!host_is_argument(list))
		return 0;

	return (unsigned int)kind < HOST_FINDING_COUNT ? list->of[kind] : 0;
}

const struct host_finding *host_findings_get(const struct host_findings *list, size_t index)
{
	if (!host_is_argument(list))
		return NULL;

	if (index >= list->count || index >= HOST_FINDINGS_MAX)
		return NULL;
	return &list->kept[index];
}

void host_finding_print(const struct host_finding *finding, FILE *out)
{
	if (!(host_is_argument(finding) && host_is_argument(out)))
		return;

	(void)fprintf(out, "%s: call %" PRIu64, host_finding_id(finding->kind), finding->call);
	if (finding->command[0] != '\0')
		(void)fprintf(out, " (%s)", finding->command);
	if (finding->line != 0)
		(void)fprintf(out, ", recording line %" PRIu64, finding->line);
	(void)fprintf(out, ": %s\n\tremedy: %s\n", finding->text, finding->remedy);
}

void host_findings_print(const struct host_findings *list, FILE *out)
{
	if (!(host_is_argument(list) && host_is_argument(out)))
		return;

	const uint64_t kept = list->count < HOST_FINDINGS_MAX ? list->count : HOST_FINDINGS_MAX;

	for (uint64_t i = 0; i < kept; i++)
		host_finding_print(&list->kept[i], out);
	if (kept < list->count)
		(void)fprintf(out, "and %" PRIu64 " more\n", list->count - kept);
}
