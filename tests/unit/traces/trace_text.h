// SPDX-License-Identifier: BSD-3-Clause
// Traces from text: loading them, playing them, and what they complain about.
#ifndef RMM_TESTS_TRACE_TEXT_H
#define RMM_TESTS_TRACE_TEXT_H

#include <memory>
#include <string>
#include <vector>

#include "rmmsim/trace.h"

struct TraceDeleter {
	void operator()(rmm_trace *trace) const
	{
		rmm_trace_free(trace);
	}
};
using Trace = std::unique_ptr<rmm_trace, TraceDeleter>;

struct Loaded {
	Trace trace;
	std::string errors;
};

Loaded load_trace(const std::string &text, const rmm_trace_overrides *overrides = nullptr);

// One answer of a run, as far as it must not depend on who else was running.
struct Answer {
	unsigned int actor;
	uint32_t line;
	std::vector<uint64_t> registers;
};

struct Played {
	int status = -1;
	rmm_trace_summary summary = {};
	std::vector<std::string> mismatches; // "what: expected E, came C"
	std::vector<Answer> answers;
	std::string log;
	std::string error;
};

Played play(const rmm_trace &trace);

// Loads a trace that must be good, and plays it.
Played play_text(const std::string &text);

// A trace of these steps (YAML list items, two spaces deep) on an active machine.
std::string steps(const std::string &list, const std::string &let = "");

// The contents of a file of the source tree.
std::string read_source(const std::string &path);

#endif
