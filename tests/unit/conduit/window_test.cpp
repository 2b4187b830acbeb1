/* SPDX-License-Identifier: BSD-3-Clause */
/* DRAM of the machine as memory of this process. */
#include <csetjmp>
#include <sys/mman.h>

#include "bench_machine.h"
#include "rmmsim/window.h"

#if defined(__SANITIZE_ADDRESS__)
#define WINDOW_TEST_ASAN
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define WINDOW_TEST_ASAN
#endif
#endif

#ifdef WINDOW_TEST_ASAN
#include <sanitizer/asan_interface.h>
#endif

namespace
{

#ifdef WINDOW_TEST_ASAN
constexpr bool kAsan = true;
#else
constexpr bool kAsan = false;
#endif

constexpr uint64_t kSize = 1 << 20;

/* Whether AddressSanitizer would report an access to this byte; never without it. */
bool is_poisoned(const volatile void *address)
{
#ifdef WINDOW_TEST_ASAN
	return __asan_address_is_poisoned(address) != 0;
#else
	(void)address;
	return false;
#endif
}

/* Accesses of code that no sanitizer watches: the MMU sees them all the same. */
#if defined(__clang__) || defined(__GNUC__)
#define UNWATCHED __attribute__((no_sanitize_address, noinline))
#else
#define UNWATCHED
#endif

UNWATCHED void stray_write(volatile uint64_t *at)
{
	*at = 1;
}

UNWATCHED uint64_t stray_read(volatile const uint64_t *at)
{
	return *at;
}

class Window : public Bench
{
protected:
	Window()
	{
		machine_.config.windows = true;
		machine_.config.active_at_boot = true;
	}

	void TearDown() override
	{
		rmm_window_release_faults();
		rmm_window_close(window_);
		Bench::TearDown();
	}

	void open_window(bool guard)
	{
		rmm_window_config config{};
		rmm_error why{};

		config.pa = kDram;
		config.size = kSize;
		config.guard = guard;
		ASSERT_EQ(0, rmm_window_open(machine_.sys(), &config, &window_, &why)) << why.text;
	}

	volatile uint64_t *at(uint64_t pa)
	{
		return static_cast<volatile uint64_t *>(rmm_window_pointer(window_, pa));
	}

	void delegate(uint64_t pa)
	{
		ASSERT_EQ(uint64_t(RMI_SUCCESS),
			  rmi_granule_range_delegate(&conduit_, pa, pa + kPage).result);
	}

	void undelegate(uint64_t pa)
	{
		ASSERT_EQ(uint64_t(RMI_SUCCESS),
			  rmi_granule_range_undelegate(&conduit_, pa, pa + kPage).result);
	}

	rmm_window *window_ = nullptr;
};

TEST_F(Window, ShowsTheSameMemory)
{
	uint64_t word = 0;

	open_window(false);
	*at(kDram + 0x10) = 42;
	ASSERT_TRUE(rmm_host_read(machine_.sys(), kDram + 0x10, &word, 8, nullptr));
	EXPECT_EQ(42u, word);
	word = 43;
	ASSERT_TRUE(rmm_host_write(machine_.sys(), kDram + 0x10, &word, 8, nullptr));
	EXPECT_EQ(43u, *at(kDram + 0x10));

	uint64_t pa = 0;
	EXPECT_TRUE(rmm_window_pa(window_, const_cast<uint64_t *>(at(kDram + 0x10)), &pa));
	EXPECT_EQ(kDram + 0x10, pa);
	EXPECT_EQ(nullptr, rmm_window_pointer(window_, kDram + kSize));
	EXPECT_FALSE(rmm_window_pa(window_, &pa, &pa));
}

TEST_F(Window, WhatTheHostWroteIsWiped)
{
	open_window(true);
	for (int round = 0; round < 3; round++) {
		*at(kDram) = 42;
		delegate(kDram);
		undelegate(kDram);
		EXPECT_EQ(0u, *at(kDram));
	}
}

TEST_F(Window, StandsWhereTheHostWantsIt)
{
	/* Somewhere that is free for sure. */
	void *free_place = mmap(nullptr, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
	ASSERT_NE(MAP_FAILED, free_place);
	rmm_window_config config{};
	rmm_error why{};
	config.pa = kDram;
	config.size = kSize;
	config.address = free_place;
	EXPECT_EQ(-1, rmm_window_open(machine_.sys(), &config, &window_, &why));
	EXPECT_NE(nullptr, strstr(why.text, "choose another address")) << why.text;
	munmap(free_place, kSize);
	ASSERT_EQ(0, rmm_window_open(machine_.sys(), &config, &window_, &why)) << why.text;
	EXPECT_EQ(free_place, rmm_window_address(window_));
}

/* Addresses below the shadow of AddressSanitizer that nobody has mapped; Valgrind takes some. */
uint64_t free_low_address()
{
	for (uint64_t base : {0x40000000, 0x20000000, 0x60000000, 0x70000000, 0x10000000}) {
		void *wanted = reinterpret_cast<void *>(uintptr_t(base));
		void *place = mmap(wanted, kSize, PROT_NONE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);

		munmap(place, kSize);
		if (place == wanted)
			return base;
	}
	return 0;
}

TEST_F(Window, MayBeTheIdentity)
{
	const uint64_t low = free_low_address();
	rmm_window_config config{};
	rmm_error why{};
	uint64_t word = 42;

	ASSERT_NE(0u, low);
	machine_.config.banks[0].base = low;
	restart("");
	config.pa = low;
	config.size = kSize;
	config.identity = true;
	config.guard = true;
	ASSERT_EQ(0, rmm_window_open(machine_.sys(), &config, &window_, &why)) << why.text;
	EXPECT_EQ(low, reinterpret_cast<uintptr_t>(rmm_window_address(window_)));
	ASSERT_TRUE(rmm_host_write(machine_.sys(), low + 8, &word, 8, nullptr));
	EXPECT_EQ(42u, *reinterpret_cast<volatile uint64_t *>(uintptr_t(low + 8)));
	delegate(low + kPage);
	EXPECT_EQ(kAsan, is_poisoned(reinterpret_cast<void *>(uintptr_t(low + kPage))));
}

TEST_F(Window, RefusesWhatCannotBe)
{
	rmm_window_config config{};
	rmm_error why{};

	config.pa = kDram + 1;
	config.size = kSize;
	EXPECT_EQ(-1, rmm_window_open(machine_.sys(), &config, &window_, &why));
	config.pa = 0x1000;
	EXPECT_EQ(-1, rmm_window_open(machine_.sys(), &config, &window_, &why));
	open_window(false);
	rmm_window *second = nullptr;
	config.pa = kDram;
	EXPECT_EQ(-1, rmm_window_open(machine_.sys(), &config, &second, &why));

	rmm_window_close(window_);
	window_ = nullptr;
	machine_.config.windows = false;
	ASSERT_TRUE(machine_.start());
	EXPECT_EQ(-1, rmm_window_open(machine_.sys(), &config, &window_, &why));
	EXPECT_NE(nullptr, strstr(why.text, "`windows`")) << why.text;
}

/* ---- guard ----------------------------------------------------------------------------- */

struct Caught {
	sigjmp_buf back;
	rmm_window_fault fault;
};

void jump_out(void *ctx, const rmm_window_fault *fault)
{
	auto *caught = static_cast<Caught *>(ctx);

	caught->fault = *fault;
	siglongjmp(caught->back, 1);
}

TEST_F(Window, GuardCatchesAStrayTouch)
{
	static Caught caught;

	open_window(true);
	delegate(kDram + kPage);
	EXPECT_EQ(kAsan, is_poisoned(at(kDram + kPage)));
	ASSERT_EQ(0, rmm_window_catch_faults(jump_out, &caught));
	if (sigsetjmp(caught.back, 1) == 0) {
		stray_write(at(kDram + kPage + 8));
		FAIL() << "the write went through";
	}
	EXPECT_EQ(RMM_FAULT_GPF, caught.fault.fault.kind);
	EXPECT_EQ(kDram + kPage + 8, caught.fault.fault.pa);
	EXPECT_EQ(RMM_GRANULE_DELEGATED, caught.fault.state);
	EXPECT_LT(0u, caught.fault.num_frames);
#if defined(__x86_64__)
	EXPECT_TRUE(caught.fault.write);
#endif
	host_checker_touch(host_workbench_checker(bench_), caught.fault.fault.pa, 8, true);
	EXPECT_EQ(1u, found(HOST_FINDING_TOUCH_DELEGATED));

	undelegate(kDram + kPage);
	EXPECT_FALSE(is_poisoned(at(kDram + kPage)));
	*at(kDram + kPage + 8) = 1; /* the host's own again */
	EXPECT_EQ(0u, rmm_window_unguarded(window_));
}

TEST_F(Window, GuardSeesWhatWasDelegatedBefore)
{
	static Caught caught;

	delegate(kDram + 3 * kPage);
	open_window(true);
	EXPECT_EQ(kAsan, is_poisoned(at(kDram + 3 * kPage)));
	EXPECT_FALSE(is_poisoned(at(kDram + 2 * kPage)));
	ASSERT_EQ(0, rmm_window_catch_faults(jump_out, &caught));
	if (sigsetjmp(caught.back, 1) == 0) {
		(void)stray_read(at(kDram + 3 * kPage));
		FAIL() << "the read went through";
	}
	EXPECT_EQ(kDram + 3 * kPage, caught.fault.fault.pa);
	EXPECT_EQ(0u, *at(kDram + 2 * kPage) + *at(kDram + 4 * kPage));
}

using WindowDeathTest = Window;

TEST_F(WindowDeathTest, DefaultReportSaysWhatHappened)
{
	open_window(true);
	delegate(kDram);
	EXPECT_DEATH(
		{
			rmm_window_catch_faults(nullptr, nullptr);
			*at(kDram) = 1;
		},
		kAsan ? "use-after-poison" : "granule protection fault: .*0x80000000.*DELEGATED");
}

} /* namespace */
