// SPDX-License-Identifier: BSD-3-Clause
// Aborts: which access exits, with which syndrome, and which the realm takes itself.
#include "stage.h"

using namespace rec_tests;

namespace
{

/* What becomes of an access. */
enum Fate { kSucceeds, kExits, kInjected };

struct Row {
	const char *name;
	rmm_script_step access;
	Fate fate;
	uint64_t esr; /* at the host, or at the realm */
	uint64_t far;
	uint64_t hpfar;
	uint64_t gpr0;
};

rmm_script_step signed_load(uint64_t ipa, uint8_t size, bool narrow)
{
	rmm_script_step s = load(ipa, 9, size);

	s.sign_extend = true;
	s.narrow = narrow;
	return s;
}

class Access : public testing::TestWithParam<Row>
{
};

const Row rows[] = {
	/* data, Protected */
	{"ram", load(kRam), kSucceeds, 0, 0, 0, 0},
	{"ram_store", store(kRam, 1), kSucceeds, 0, 0, 0, 0},
	{"promised", load(kPromised + 8), kExits, ec(0x24) | 7, 0, hpfar(kPromised), 0},
	{"promised_store", store(kPromised + 8, 0x55), kExits, ec(0x24) | 7, 0, hpfar(kPromised),
	 0},
	{"promised_pair", without_syndrome(load(kPromised)), kExits, ec(0x24) | 7, 0,
	 hpfar(kPromised), 0},
	{"destroyed", load(kDestroyed), kExits, ec(0x24) | 7, 0, hpfar(kDestroyed), 0},
	{"no_table", load(UINT64_C(1) << 30), kInjected, ec(0x25) | kIl | 0x1c98210,
	 UINT64_C(1) << 30, 0, 0},
	{"empty", load(kEmpty, 3, 4), kInjected, ec(0x25) | kIl | 0x1838210, kEmpty, 0, 0},
	{"empty_store", store(kEmpty, 0, 3, 4), kInjected, ec(0x25) | kIl | 0x1838250, kEmpty, 0,
	 0},
	{"outside", load(kIpaEnd + 0x10), kInjected, ec(0x25) | kIl, kIpaEnd + 0x10, 0, 0},
	/* data, Unprotected */
	{"shared", load(kShared), kSucceeds, 0, 0, 0, 0},
	{"nothing", load(kNothing + 0x24, 9, 4), kExits, ec(0x24) | 0x1808007, 0x24,
	 hpfar(kNothing), 0},
	{"nothing_byte", load(kNothing, 9, 1), kExits, ec(0x24) | 0x1008007, 0, hpfar(kNothing), 0},
	{"nothing_signed_w", signed_load(kNothing, 2, true), kExits, ec(0x24) | 0x1400007, 0,
	 hpfar(kNothing), 0},
	{"nothing_store", store(kNothing + 6, 0x1234567, 9, 2), kExits, ec(0x24) | 0x1408047, 6,
	 hpfar(kNothing), 0x4567},
	{"nothing_store_zero", store(kNothing, 0x1234567, 31, 8), kExits, ec(0x24) | 0x1c08047, 0,
	 hpfar(kNothing), 0},
	{"nothing_pair", without_syndrome(store(kNothing + 8, 5)), kExits, ec(0x24) | kIl | 7, 0,
	 hpfar(kNothing), 0},
	{"read_only", store(kReadOnly, 1, 9, 8), kExits, ec(0x24) | 0x1c0804f, 0, hpfar(kReadOnly),
	 1},
	{"read_only_load", load(kReadOnly), kSucceeds, 0, 0, 0, 0},
	/* instructions */
	{"fetch_ram", fetch(kRam), kSucceeds, 0, 0, 0, 0},
	{"fetch_promised", fetch(kPromised), kExits, ec(0x20) | 7, 0, hpfar(kPromised), 0},
	{"fetch_destroyed", fetch(kDestroyed), kExits, ec(0x20) | 7, 0, hpfar(kDestroyed), 0},
	{"fetch_empty", fetch(kEmpty), kInjected, ec(0x21) | kIl | 0x210, kEmpty, 0, 0},
	{"fetch_shared", fetch(kShared), kInjected, ec(0x21) | kIl | 0x210, kShared, 0, 0},
	{"fetch_nothing", fetch(kNothing), kInjected, ec(0x21) | kIl | 0x210, kNothing, 0, 0},
};

} // namespace

TEST_P(Access, HasOneFate)
{
	const Row &row = GetParam();
	Stage s;
	const rmi_rec_exit exit = s.run({row.access, wait_step()});
	const rmm_script_status status = s.rec().script_status();

	EXPECT_EQ(row.fate == kInjected ? 1u : 0u, status.aborts);
	EXPECT_EQ(row.fate == kExits ? row.hpfar : 0u, exit.hpfar);
	EXPECT_EQ(row.fate == kExits ? row.esr : 0u, exit.esr);
	EXPECT_EQ(row.far * (row.fate == kExits), exit.far);
	EXPECT_EQ(row.gpr0, exit.gprs[0]);
	if (row.fate == kInjected) {
		EXPECT_EQ(row.esr, status.last_esr);
		EXPECT_EQ(row.far, status.last_far);
	}
	/* An access that exits is made again. */
	if (row.fate == kExits) {
		EXPECT_EQ(exit.hpfar, s.rec().run().exit.hpfar);
	}
	for (unsigned i = 1; i < 31; i++)
		EXPECT_EQ(0u, exit.gprs[i]) << i;
}

INSTANTIATE_TEST_SUITE_P(All, Access, testing::ValuesIn(rows),
			 [](const auto &test) { return test.param.name; });

TEST(Abort, OutsideTheIpaSpaceIsAnExternalAbortForTfRmm)
{
	Stage s(with(RMM_BEHAVIOUR_IPA_OUT_OF_SPACE_GIVES_SEA, true));

	s.expect_idle(s.run({load(kIpaEnd), wait_step()}));
	EXPECT_EQ(0x10u, s.rec().script_status().last_esr & 0x3f);
}

TEST(Abort, IlOfAnUnprotectedOneIsShownOrNot)
{
	for (bool on : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_UNPROTECTED_ABORT_SHOWS_IL, on));

		EXPECT_EQ(ec(0x24) | (on ? kIl : 0) | 7,
			  s.run({without_syndrome(load(kNothing))}).esr);
	}
}

TEST(Abort, FnvOfAFetchIsShownOrNot)
{
	for (bool on : {false, true}) {
		Stage s(with(RMM_BEHAVIOUR_INSTRUCTION_ABORT_SHOWS_FNV, on));
		rmm_script_step abort = step(RMM_SCRIPT_EXTERNAL_ABORT);

		abort.value = ec(0x20) | kIl | 1u << 10 | 1u << 9 | 0x10;
		EXPECT_EQ(ec(0x20) | (on ? 1u << 10 : 0) | 1u << 9 | 0x10, s.run({abort}).esr);
	}
}

TEST(Abort, AnExternalOneReachesTheRealmWhenItIsRecoverable)
{
	struct {
		uint64_t set;
		unsigned aborts;
	} const kinds[] = {{0, 1}, {3, 0}};

	for (auto kind : kinds) {
		Stage s;
		rmm_script_step abort = step(RMM_SCRIPT_EXTERNAL_ABORT);

		abort.ipa = kRam;
		abort.value = ec(0x24) | kIl | kind.set << 11 | 1u << 9 | 1u << 6 | 0x10;
		const rmi_rec_exit exit = s.run({abort, wait_step()});
		EXPECT_EQ(static_cast<uint64_t>(RMI_EXIT_SYNC), exit.exit_reason);
		EXPECT_EQ(ec(0x24) | kind.set << 11 | 1u << 9 | 0x10, exit.esr);
		EXPECT_EQ(0u, exit.hpfar);
		EXPECT_EQ(0u, exit.far);
		const rmi_rec_exit next = s.rec().run().exit;
		EXPECT_EQ(kind.aborts, s.rec().script_status().aborts);
		EXPECT_EQ(kind.aborts ? 0 : exit.esr, next.esr) << "a restartable one comes again";
	}
}

TEST(Abort, TheRealmTakesItInItsVectors)
{
	Stage s;
	rmm_script_step vbar = msr("VBAR_EL1", 0x40000);

	/* Its own handler: the script ends outside its steps, in the vectors. */
	s.rec().runs({vbar, load(kEmpty)});
	s.rec().run();
	const rmm_vcpu vcpu = s.rec().view().vcpu;
	EXPECT_EQ(0x10004u, vcpu.elr_el1);
	EXPECT_EQ(0x3c5u, vcpu.spsr_el1);
	EXPECT_EQ(kEmpty, vcpu.far_el1);
	EXPECT_EQ(1u, s.rec().script_status().aborts);
}
