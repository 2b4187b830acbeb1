/* SPDX-License-Identifier: BSD-3-Clause */
/* The C interface: options, the port, and the border that no exception crosses. */
#include "rmm_timing.h"

#include <cstdio>
#include <cstdlib>
#include <exception>
#include <new>
#include <systemc>

#include "machine.hpp"

struct rmm_timed {
	explicit rmm_timed(const rmm_timing_options &options) : machine(options)
	{
	}

	timing::machine machine;
};

/* libsystemc refers to it; applications have a main of their own. */
int sc_main(int, char **)
{
	return EXIT_FAILURE;
}

namespace
{

constexpr std::size_t min_stack_bytes = std::size_t{64} * 1024;

int fail(rmm_error *error, const char *sentence)
{
	if (error != nullptr)
		(void)std::snprintf(error->text, sizeof(error->text), "%s", sentence);
	return -1;
}

rmm_timed &timed_of(void *ctx)
{
	return *static_cast<rmm_timed *>(ctx);
}

/*
 * Does `work` on the PE whose actor is executing, if any; what goes wrong
 * there is kept for the end of the run.
 */
template <typename F> void on_current_pe(rmm_timed &timed, F work) noexcept
{
	timing::pe *const pe = timed.machine.current();

	if (pe == nullptr)
		return;
	try {
		work(*pe);
	} catch (const std::exception &e) {
		timed.machine.remember(e.what());
	}
}

/* ---- the port --------------------------------------------------------------- */

void port_charge(void *ctx, unsigned int, rmm_cost cost, std::uint64_t count, std::uint64_t pa)
{
	if (static_cast<unsigned int>(cost) >= RMM_COST_COUNT)
		return;
	on_current_pe(timed_of(ctx), [=](timing::pe &pe) { pe.charge(cost, count, pa); });
}

void port_lock(void *ctx, unsigned int, std::uint64_t pa)
{
	on_current_pe(timed_of(ctx), [=](timing::pe &pe) { pe.lock(pa); });
}

void port_unlock(void *ctx, unsigned int, std::uint64_t pa)
{
	on_current_pe(timed_of(ctx), [=](timing::pe &pe) { pe.unlock(pa); });
}

std::uint64_t port_now(void *ctx, unsigned int)
{
	const rmm_timed &timed = timed_of(ctx);

	return rmm_timed_cycles(&timed) * 1000 / timed.machine.profile().clock_mhz;
}

void port_guest_slice(void *ctx, unsigned int)
{
	on_current_pe(timed_of(ctx), [](timing::pe &pe) { pe.yield(); });
}

/* The kernel announces itself and its warnings on stdout unless told otherwise. */
void silence_systemc()
{
	(void)setenv("SYSTEMC_DISABLE_COPYRIGHT_MESSAGE", "1", 1);
	sc_core::sc_report_handler::set_actions(sc_core::SC_INFO, sc_core::SC_DO_NOTHING);
	sc_core::sc_report_handler::set_actions(sc_core::SC_WARNING, sc_core::SC_DO_NOTHING);
	sc_core::sc_report_handler::set_actions(sc_core::SC_ERROR, sc_core::SC_THROW);
	sc_core::sc_report_handler::set_actions(sc_core::SC_FATAL, sc_core::SC_THROW);
}

} /* namespace */

int rmm_timed_create(const rmm_timing_options *options, rmm_timed **out, rmm_error *error)
{
	if (options->profile == nullptr)
		return fail(error, "no timing profile: load one with rmm_profile_load");
	if (options->stack_bytes != 0 && options->stack_bytes < min_stack_bytes)
		return fail(error, "stack_bytes is below 64 KiB: leave it 0 for the default");
	if (options->quantum_ns > 1000000000)
		return fail(error, "quantum_ns is above one second: 100 to 10000 are usual");
	try {
		*out = new rmm_timed(*options);
	} catch (const std::exception &e) {
		return fail(error, e.what());
	}
	return 0;
}

void rmm_timed_destroy(rmm_timed *timed)
{
	delete timed;
}

rmm_port rmm_timed_port(rmm_timed *timed)
{
	rmm_port port = {};

	port.ctx = timed;
	port.charge = port_charge;
	port.lock = port_lock;
	port.unlock = port_unlock;
	port.now = port_now;
	port.guest_slice = port_guest_slice;
	return port;
}

int rmm_timed_run(rmm_timed *timed, unsigned int num_actors, void (*actor)(void *, unsigned int),
		  void *ctx, rmm_error *error)
{
	if (num_actors == 0)
		return fail(error, "a timed run needs at least one actor");
	silence_systemc();
	if (sc_core::sc_get_status() != sc_core::SC_ELABORATION)
		return fail(error,
			    "a timed run is over already in this process, and SystemC allows "
			    "one only: start another process");
	try {
		timed->machine.run(num_actors, actor, ctx);
	} catch (const std::exception &e) {
		return fail(error, e.what());
	}
	return 0;
}

void rmm_timed_call_begin(rmm_timed *timed, unsigned int, rmm_command)
{
	on_current_pe(*timed, [](timing::pe &pe) { pe.call_begin(); });
}

void rmm_timed_call_end(rmm_timed *timed, unsigned int, rmm_command command)
{
	on_current_pe(*timed, [=](timing::pe &pe) { pe.call_end(command); });
}

std::uint64_t rmm_timed_cycles(const rmm_timed *timed)
{
	const timing::pe *const pe = timed->machine.current();

	return pe != nullptr ? pe->cycles() : timed->machine.report().cycles;
}

void rmm_timed_wait(rmm_timed *timed, std::uint64_t cycles)
{
	on_current_pe(*timed, [=](timing::pe &pe) { pe.wait_cycles(cycles); });
}

const rmm_timing_report *rmm_timed_report(const rmm_timed *timed)
{
	return &timed->machine.report();
}
