/* SPDX-License-Identifier: BSD-3-Clause */
/* An attempt in a process of its own: it may hang or crash without harm to the others. */
#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "attempt.h"

/* What the child knows; `result` must come first, for the callback on hosts that do not end. */
struct child {
	struct attempt_result result;
	int out;
};

static void send(const struct child *child)
{
	const char *at = (const char *)&child->result;
	size_t left = sizeof(child->result);

	while (left > 0) {
		const ssize_t n = write(child->out, at, left);

		if (n < 0 && errno != EINTR)
			return;
		if (n > 0) {
			at += n;
			left -= (size_t)n;
		}
	}
}

/* The bench is out of reach here: the parent learns that it hangs, and on which call. */
static void on_stuck(void *ctx)
{
	struct child *child = ctx;

	child->result.made = true;
	child->result.attempt.outcome = HOST_OUTCOME_HANG;
	send(child);
	_exit(0);
}

static _Noreturn void be_child(const struct host_exhaustive_config *config,
			       const struct attempt_plan *plan, int out)
{
	static struct child child;

	child.out = out;
	attempt_run(config, plan, on_stuck, &child.result);
	send(&child);
	_exit(0);
}

/* ---- the parent ----------------------------------------------------------------------------- */

static int64_t now_ms(void)
{
	struct timespec t;

	(void)clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

/* Reads until the end of the child or the time; true when all of the result came. */
static bool receive(int in, uint32_t timeout_ms, struct attempt_result *result, bool *in_time)
{
	const int64_t end = now_ms() + timeout_ms;
	char *to = (char *)result;
	size_t got = 0;

	*in_time = true;
	while (got < sizeof(*result)) {
		struct pollfd wait = {.fd = in, .events = POLLIN};
		const int64_t left = end - now_ms();
		ssize_t n;

		if (left <= 0 || poll(&wait, 1, (int)left) == 0) {
			*in_time = false;
			return false;
		}
		n = read(in, to + got, sizeof(*result) - got);
		if (n == 0 || (n < 0 && errno != EINTR))
			return false;
		if (n > 0)
			got += (size_t)n;
	}
	return true;
}

static void wait_for(pid_t child, int *status)
{
	while (waitpid(child, status, 0) < 0 && errno == EINTR)
		;
}

static void judge(pid_t child, int in, uint32_t timeout_ms, struct attempt_result *result)
{
	bool in_time;
	const bool complete = receive(in, timeout_ms, result, &in_time);
	int status = 0;

	if (!in_time)
		(void)kill(child, SIGKILL);
	wait_for(child, &status);
	if (complete)
		return;
	memset(result, 0, sizeof(*result));
	result->made = true;
	result->attempt.outcome = in_time ? HOST_OUTCOME_CRASH : HOST_OUTCOME_HANG;
	if (in_time && WIFSIGNALED(status))
		result->attempt.signal = WTERMSIG(status);
}

bool attempt_run_isolated(const struct host_exhaustive_config *config,
			  const struct attempt_plan *plan, struct attempt_result *result)
{
	int ends[2];
	pid_t child;

	if (pipe(ends) != 0)
		return false;
	child = fork();
	if (child == 0) {
		(void)close(ends[0]);
		be_child(config, plan, ends[1]);
	}
	(void)close(ends[1]);
	if (child > 0)
		judge(child, ends[0], config->timeout_ms, result);
	(void)close(ends[0]);
	return child > 0;
}
