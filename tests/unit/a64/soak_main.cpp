/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * The long soak: soak [EXITS [SEED]]. Runs it twice, says how fast it was, and
 * fails when a check of the guests failed, when the two runs differ, when memory
 * did not come back, or when the process grows.
 */
#include <cinttypes>
#include <cstdio>
#include <cstdlib>

#include "soak.hpp"

namespace
{

constexpr uint64_t kMaxGrowth = UINT64_C(16) << 20; /* bytes, over the second half */

bool is_bad(const soak::Report &report)
{
	if (!report.error.empty())
		printf("FAILED: %s\n", report.error.c_str());
	else if (report.delegated)
		printf("FAILED: %" PRIu64 " granules did not come back\n", report.delegated);
	else if (report.full_rss > report.half_rss + kMaxGrowth)
		printf("FAILED: the process grew by %" PRIu64 " KiB\n",
		       (report.full_rss - report.half_rss) >> 10);
	else
		return false;
	return true;
}

void print(const soak::Report &r)
{
	printf("%" PRIu64 " exits in %.1f s, %.0f a second; %" PRIu64
	       " instructions; digest %016" PRIx64 "\n",
	       r.exits, r.seconds, static_cast<double>(r.exits) / r.seconds, r.instructions,
	       r.digest);
	printf("  synchronous %" PRIu64 ", IRQ %" PRIu64 ", PSCI %" PRIu64 ", RIPAS %" PRIu64
	       ", host calls %" PRIu64 "\n",
	       r.by_reason[0], r.by_reason[1], r.by_reason[3], r.by_reason[4], r.by_reason[5]);
	printf("  %" PRIu64 " entries beside another, %" PRIu64 " refused, %" PRIu64
	       " interrupts, %" PRIu64 " pages mapped, %" PRIu64 " unmapped; %" PRIu64
	       " MiB resident, %+" PRId64 " KiB in the second half\n",
	       r.nested, r.refused, r.interrupts, r.mapped, r.unmapped, r.full_rss >> 20,
	       (static_cast<int64_t>(r.full_rss) - static_cast<int64_t>(r.half_rss)) / 1024);
}

} // namespace

int main(int argc, char **argv)
{
	soak::Options options;

	setenv("RMMSIM_A64_MODULE", MODULE, 0);
	options.image = GUESTS "/soak.elf";
	options.exits = argc > 1 ? strtoull(argv[1], nullptr, 0) : 1000000;
	options.seed = argc > 2 ? strtoull(argv[2], nullptr, 0) : 1;
	const soak::Report first = soak::run(options);
	if (is_bad(first))
		return EXIT_FAILURE;
	print(first);
	const soak::Report again = soak::run(options);
	if (is_bad(again))
		return EXIT_FAILURE;
	print(again);
	if (first.digest == again.digest)
		return EXIT_SUCCESS;
	printf("FAILED: the two runs differ\n");
	return EXIT_FAILURE;
}
