/* SPDX-License-Identifier: BSD-3-Clause */
/*
 * A toy host stack: it keeps one realm with some RAM and no vCPU. It knows of
 * the machine only what it is given: a conduit and memory that it may lend.
 */
#ifndef TOY_HOST_HPP
#define TOY_HOST_HPP

#include <cstdint>
#include <functional>

#include <rmmsim/smc.h>

class ToyHost
{
public:
	using WriteFn = std::function<bool(uint64_t pa, const void *data, size_t len)>;

	ToyHost(smc_conduit conduit, WriteFn write, uint64_t memory);

	/* All return the result word of the first command that failed, or 0. */
	uint64_t createRealm();
	uint64_t addTable(uint64_t ipa, int level);
	uint64_t removeTable(uint64_t ipa, int level);
	uint64_t destroyRealm();

	uint64_t rd() const
	{
		return memory_;
	}

private:
	uint64_t delegate(uint64_t pa, uint64_t size);
	uint64_t undelegate(uint64_t pa, uint64_t size);

	smc_conduit conduit_;
	WriteFn write_;
	uint64_t memory_; /* PA: RD, root table, a table, a page for parameters */
};

#endif
