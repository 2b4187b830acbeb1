// SPDX-License-Identifier: BSD-3-Clause
#include "trace_text.h"

#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <sstream>

#include <gtest/gtest.h>

namespace
{

// A FILE whose text can be looked at.
class TextFile
{
public:
	TextFile() : file_(open_memstream(&text_, &len_))
	{
	}
	~TextFile()
	{
		fclose(file_);
		free(text_);
	}
	TextFile(const TextFile &) = delete;
	TextFile &operator=(const TextFile &) = delete;

	FILE *get()
	{
		return file_;
	}
	std::string text()
	{
		fflush(file_);
		return std::string(text_, len_);
	}

private:
	char *text_ = nullptr;
	size_t len_ = 0;
	FILE *file_;
};

struct Recorder {
	Played *played;
	rmm_trace_log log;
};

void record(void *ctx, const rmm_trace_event *event)
{
	auto *recorder = static_cast<Recorder *>(ctx);

	for (size_t i = 0; i < event->num_mismatches; i++) {
		const rmm_trace_mismatch &m = event->mismatches[i];

		recorder->played->mismatches.push_back(std::string(m.what) + ": expected " +
						       m.expected + ", came " + m.came);
	}
	if (event->kind == RMM_TRACE_CALL)
		recorder->played->answers.push_back(
			{event->actor, event->line,
			 std::vector<uint64_t>(event->out.x, event->out.x + 5)});
	rmm_trace_log_event(&recorder->log, event);
}

} // namespace

Loaded load_trace(const std::string &text, const rmm_trace_overrides *overrides)
{
	TextFile errors;
	Loaded loaded;

	loaded.trace.reset(
		rmm_trace_parse("test.yaml", text.data(), text.size(), overrides, errors.get()));
	loaded.errors = errors.text();
	return loaded;
}

Played play(const rmm_trace &trace)
{
	Played played;
	TextFile out;
	Recorder recorder = {&played, {}};
	rmm_trace_options options = {};
	rmm_error error = {};

	recorder.log.out = out.get();
	recorder.log.file = rmm_trace_file(&trace);
	recorder.log.version = rmm_trace_config(&trace)->version;
	options.event = record;
	options.ctx = &recorder;
	played.status = rmm_trace_play(&trace, &options, &played.summary, &error);
	played.log = out.text();
	played.error = error.text;
	return played;
}

Played play_text(const std::string &text)
{
	Loaded loaded = load_trace(text);

	EXPECT_EQ(loaded.errors, "");
	return loaded.trace ? play(*loaded.trace) : Played();
}

std::string steps(const std::string &list, const std::string &let)
{
	return "trace: test\nmachine: {active_at_boot: true}\n" +
	       (let.empty() ? "" : "let: {" + let + "}\n") + "steps:\n" + list;
}

std::string read_source(const std::string &path)
{
	std::ifstream in(std::string(RMM_SOURCE_DIRECTORY) + "/" + path);
	std::stringstream text;

	EXPECT_TRUE(in.good()) << path;
	text << in.rdbuf();
	return text.str();
}
