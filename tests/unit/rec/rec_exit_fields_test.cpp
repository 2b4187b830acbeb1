// SPDX-License-Identifier: BSD-3-Clause
// What the host learns from an exit, field by field: what the table says, and nothing else.
#include <algorithm>
#include <cctype>
#include <map>

#include "stage.h"

using namespace rec_tests;

namespace
{

/* Offsets in RmiRecExit. */
constexpr uint64_t kReason = 0x0;
constexpr uint64_t kEsr = 0x100;
constexpr uint64_t kFar = 0x108;
constexpr uint64_t kHpfar = 0x110;
constexpr uint64_t kRipasBase = 0x500;
constexpr uint64_t kRipasTop = 0x508;
constexpr uint64_t kRipasValue = 0x510;
constexpr uint64_t kS2apBase = 0x520;
constexpr uint64_t kS2apTop = 0x528;
constexpr uint64_t kImm = 0x600;
constexpr uint64_t kExitArea = 0x800; /* in RmiRecRun */
constexpr uint64_t gpr(unsigned n)
{
	return 0x200 + 8 * n;
}

/* The 64-bit words that are not zero. */
using Fields = std::map<uint64_t, uint64_t>;

/* Every register of the realm holds a value that must not be seen. */
constexpr uint64_t tag(unsigned n)
{
	return UINT64_C(0x5ec4e70000000000) + n;
}

constexpr uint64_t kCall = kRam + 0x100; /* an RsiHostCall */
constexpr uint64_t kDeadline = UINT64_C(1) << 60;
constexpr uint64_t kTimerMasked = 2;

struct Scene {
	explicit Scene(rmm_version version) : s(of_version(version), 2), v(version)
	{
	}

	static Settings of_version(rmm_version version)
	{
		Settings settings;

		settings.version = version;
		return settings;
	}

	/* Timers and registers are set before these steps; the host's page is not clean. */
	void runs(std::vector<rmm_script_step> last)
	{
		std::vector<rmm_script_step> steps = {
			msr("CNTP_CVAL_EL0", kDeadline + 1), msr("CNTP_CTL_EL0", kTimerMasked),
			msr("CNTV_CVAL_EL0", kDeadline + 2), msr("CNTV_CTL_EL0", kTimerMasked)};

		for (uint8_t i = 0; i < 31; i++)
			steps.push_back(set(i, tag(i)));
		steps.insert(steps.end(), last.begin(), last.end());
		s.rec().runs(steps);
	}

	/* The words of the exit that are not zero, after an entry with these flags. */
	Fields enter(uint64_t flags = 0)
	{
		s.rec().write_enter(flags);
		s.m.write(s.rec().run_page() + kExitArea,
			  std::vector<uint8_t>(kExitArea, 0xa5).data(), kExitArea);
		EXPECT_EQ(0u,
			  s.m.call(RMM_CMD_RMI_REC_ENTER, {s.rec().pa(), s.rec().run_page()}).x[0]);
		return read();
	}

	Fields read()
	{
		Fields fields;

		for (uint64_t at = 0; at < kExitArea; at += 8) {
			const uint64_t word = s.m.read_word(s.rec().run_page() + kExitArea + at);

			if (word)
				fields[at] = word;
		}
		return fields;
	}

	std::vector<uint64_t> call(rmm_command command, std::vector<uint64_t> arguments) const
	{
		arguments.insert(arguments.begin(), s.m.fid(command));
		return arguments;
	}

	Stage s;
	rmm_version v;
};

Fields with_timers(Fields fields)
{
	fields[0x400] = kTimerMasked;
	fields[0x408] = kDeadline + 1;
	fields[0x410] = kTimerMasked;
	fields[0x418] = kDeadline + 2;
	return fields;
}

struct Kind {
	const char *name;
	/* Makes the exit happen; returns what the page holds. */
	Fields (*happens)(Scene &scene);
	/* What it has to hold, timers aside. */
	Fields (*expected)(rmm_version version);
};

Fields after(Scene &scene, std::vector<rmm_script_step> steps, uint64_t flags = 0)
{
	scene.runs(std::move(steps));
	return scene.enter(flags);
}

uint64_t trap_flags(rmm_version v)
{
	return rmi_rec_enter_flags_with_trap_wfe(
		v, rmi_rec_enter_flags_with_trap_wfi(v, 0, RMI_TRAP), RMI_TRAP);
}

rmm_script_step until(rmm_script_op op)
{
	rmm_script_step s = step(op);

	s.reg = 5;
	s.value = kDeadline;
	return s;
}

/* All bits of the ISS that an abort can have. */
rmm_script_step external(uint64_t ec_value)
{
	rmm_script_step s = step(RMM_SCRIPT_EXTERNAL_ABORT);

	s.ipa = kRam + 0x128;
	s.value = ec(ec_value) | kIl | 0x1ffffff;
	return s;
}

rmm_script_step odd_load()
{
	rmm_script_step s = load(kNothing + 0x24, 9, 2);

	s.sign_extend = true;
	return s;
}

static_assert(RMI_EXIT_SYNC == 0, "a synchronous exit shows in the syndrome only");

uint64_t timed(rmm_version v)
{
	return v >= RMM_VERSION_2_0_BET3 ? 6 : 2;
}

uint64_t shown_rt(rmm_version v, unsigned reg)
{
	return v <= RMM_VERSION_2_0_BET1 ? uint64_t{reg} << 5 : 0;
}

const Kind kinds[] = {
	{"wfi", [](Scene &c) { return after(c, {step(RMM_SCRIPT_WFI)}, trap_flags(c.v)); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(1)}};
	 }},
	{"wfe", [](Scene &c) { return after(c, {step(RMM_SCRIPT_WFE)}, trap_flags(c.v)); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(1) | 1}};
	 }},
	{"wfit", [](Scene &c) { return after(c, {until(RMM_SCRIPT_WFIT)}, trap_flags(c.v)); },
	 [](rmm_version v) {
		 return Fields{{kEsr, ec(1) | timed(v)}, {gpr(0), kDeadline}};
	 }},
	{"wfet", [](Scene &c) { return after(c, {until(RMM_SCRIPT_WFET)}, trap_flags(c.v)); },
	 [](rmm_version v) {
		 return Fields{{kEsr, ec(1) | timed(v) | 1}, {gpr(0), kDeadline}};
	 }},

	/* Neither the register nor the sign, and of the address the offset in its page. */
	{"emulatable_read", [](Scene &c) { return after(c, {odd_load()}); },
	 [](rmm_version) {
		 return Fields{
			 {kEsr, ec(0x24) | 0x1408007}, {kFar, 0x24}, {kHpfar, hpfar(kNothing)}};
	 }},
	{"emulatable_write",
	 [](Scene &c) { return after(c, {store(kNothing + 0x24, 0x123456, 9, 2)}); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(0x24) | 0x1408047},
			       {kFar, 0x24},
			       {kHpfar, hpfar(kNothing)},
			       {gpr(0), 0x3456}};
	 }},
	{"unprotected_pair",
	 [](Scene &c) { return after(c, {without_syndrome(store(kNothing + 0x24, 5, 9, 4))}); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(0x24) | kIl | 7}, {kHpfar, hpfar(kNothing)}};
	 }},
	{"unprotected_permission", [](Scene &c) { return after(c, {store(kReadOnly, 1)}); },
	 [](rmm_version) {
		 return Fields{
			 {kEsr, ec(0x24) | 0x1c0804f}, {kHpfar, hpfar(kReadOnly)}, {gpr(0), 1}};
	 }},
	{"protected_read", [](Scene &c) { return after(c, {load(kPromised + 0x24, 9, 4)}); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(0x24) | 7}, {kHpfar, hpfar(kPromised)}};
	 }},
	{"protected_write", [](Scene &c) { return after(c, {store(kPromised + 0x24, 5, 9, 4)}); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(0x24) | 7}, {kHpfar, hpfar(kPromised)}};
	 }},
	{"destroyed", [](Scene &c) { return after(c, {load(kDestroyed)}); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(0x24) | 7}, {kHpfar, hpfar(kDestroyed)}};
	 }},
	{"instruction_abort", [](Scene &c) { return after(c, {fetch(kPromised + 0x24)}); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(0x20) | 7}, {kHpfar, hpfar(kPromised)}};
	 }},
	{"buffer_of_a_call",
	 [](Scene &c) { return after(c, {smc(c.call(RMM_CMD_RSI_REALM_CONFIG, {kPromised}))}); },
	 [](rmm_version) {
		 return Fields{{kEsr, ec(0x24) | 7}, {kHpfar, hpfar(kPromised)}};
	 }},
	{"external_abort_of_data", [](Scene &c) { return after(c, {external(0x24)}); },
	 [](rmm_version) {
		 return Fields{{kEsr, UINT64_C(0x90001e3f)}};
	 }},
	{"external_abort_of_a_fetch", [](Scene &c) { return after(c, {external(0x20)}); },
	 [](rmm_version) {
		 return Fields{{kEsr, UINT64_C(0x80001a3f)}};
	 }},

	{"sysreg_write", [](Scene &c) { return after(c, {msr("ICC_SGI1R_EL1", 0x77, 9)}); },
	 [](rmm_version v) {
		 return Fields{{kEsr, 0x623a3016 | shown_rt(v, 9)}, {gpr(0), 0x77}};
	 }},
	{"sysreg_read",
	 [](Scene &c) {
		 rmm_write_ich(c.s.m.sys(), 0, RMM_ICH_HCR, 1u << 10 | 1);
		 return after(c, {mrs("ICC_CTLR_EL1", 9)});
	 },
	 [](rmm_version v) {
		 return Fields{{kEsr, 0x62383019 | shown_rt(v, 9)}};
	 }},

	{"irq",
	 [](Scene &c) {
		 (void)after(c, {wait_step()});
		 rmm_set_irq(c.s.m.sys(), 0, true);
		 return c.enter();
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_IRQ}};
	 }},
	{"fiq",
	 [](Scene &c) {
		 (void)after(c, {wait_step()});
		 rmm_set_fiq(c.s.m.sys(), 0, true);
		 return c.enter();
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_FIQ}};
	 }},
	{"serror",
	 [](Scene &c) {
		 (void)after(c, {wait_step()});
		 EXPECT_TRUE(rmm_set_serror(c.s.m.sys(), 0, 0x0c11 | 1u << 9));
		 return c.enter();
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_SERROR}, {kEsr, ec(0x2f) | 0xe11}};
	 }},

	{"cpu_suspend",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_PSCI_CPU_SUSPEND, {1, 2, 3}))});
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_PSCI},
			       {gpr(0), 0xc4000001},
			       {gpr(1), 1},
			       {gpr(2), 2},
			       {gpr(3), 3}};
	 }},
	{"cpu_off",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_PSCI_CPU_OFF, {1, 2, 3}))});
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_PSCI}, {gpr(0), 0x84000002}};
	 }},
	{"cpu_on",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_PSCI_CPU_ON, {1, kRam, 77}))});
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_PSCI},
			       {gpr(0), 0xc4000003},
			       {gpr(1), 1},
			       {gpr(2), kRam},
			       {gpr(3), 77}};
	 }},
	/* Answered inside since 2.0-bet2: the next exit is that of the interrupt. */
	{"affinity_info",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_PSCI_AFFINITY_INFO, {1, 0})), wait_step()});
	 },
	 [](rmm_version v) {
		 return v >= RMM_VERSION_2_0_BET2 ? Fields{{kReason, RMI_EXIT_IRQ}}
						  : Fields{{kReason, RMI_EXIT_PSCI},
							   {gpr(0), 0xc4000004},
							   {gpr(1), 1}};
	 }},
	{"system_off",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_PSCI_SYSTEM_OFF, {1, 2, 3}))});
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_PSCI}, {gpr(0), 0x84000008}};
	 }},
	{"system_reset",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_PSCI_SYSTEM_RESET, {1, 2, 3}))});
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_PSCI}, {gpr(0), 0x84000009}};
	 }},

	{"ripas_change",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_RSI_IPA_STATE_SET,
					     {kEmpty, kEmpty + 2 * kPage, RMI_RIPAS_RAM, 1}))});
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_RIPAS_CHANGE},
			       {kRipasBase, kEmpty},
			       {kRipasTop, kEmpty + 2 * kPage},
			       {kRipasValue, RMI_RIPAS_RAM}};
	 }},
	{"s2ap_change",
	 [](Scene &c) {
		 return after(c, {smc(c.call(RMM_CMD_RSI_MEM_SET_PERM_INDEX,
					     {kRam, kRam + kPage, 3, 0}))});
	 },
	 [](rmm_version) {
		 return Fields{{kReason, RMI_EXIT_S2AP_CHANGE},
			       {kS2apBase, kRam},
			       {kS2apTop, kRam + kPage}};
	 }},
	{"host_call",
	 [](Scene &c) {
		 std::vector<rmm_script_step> steps = {store(kCall, 0xabcd1234, 9, 4)};

		 for (unsigned i = 0; i < 31; i++)
			 steps.push_back(store(kCall + 8 + 8 * i, 100 + i));
		 steps.push_back(smc(c.call(RMM_CMD_RSI_HOST_CALL, {kCall})));
		 return after(c, steps);
	 },
	 [](rmm_version) {
		 Fields fields = {{kReason, RMI_EXIT_HOST_CALL}, {kImm, 0x1234}};

		 for (unsigned i = 0; i < 31; i++)
			 fields[gpr(i)] = 100 + i;
		 return fields;
	 }},
};

class ExitFields : public testing::TestWithParam<std::tuple<Kind, rmm_version>>
{
};

std::string hex(const Fields &fields)
{
	std::string text;
	char line[48];

	for (const auto &[at, word] : fields) {
		snprintf(line, sizeof(line), "  0x%03llx: 0x%llx\n",
			 static_cast<unsigned long long>(at),
			 static_cast<unsigned long long>(word));
		text += line;
	}
	return text;
}

} // namespace

TEST_P(ExitFields, AreTheseAndNoOthers)
{
	const auto &[kind, version] = GetParam();
	Scene scene(version);
	const Fields came = kind.happens(scene);

	EXPECT_EQ(hex(with_timers(kind.expected(version))), hex(came));
}

INSTANTIATE_TEST_SUITE_P(
	All, ExitFields,
	testing::Combine(testing::ValuesIn(kinds),
			 testing::Values(RMM_VERSION_2_0_BET0, RMM_VERSION_2_0_BET1,
					 RMM_VERSION_2_0_BET2, RMM_VERSION_2_0_BET3)),
	[](const auto &test) {
		std::string name = version_name(std::get<1>(test.param));

		std::replace_if(
			name.begin(), name.end(), [](char c) { return !isalnum(c); }, '_');
		return std::string(std::get<0>(test.param).name) + "_" + name;
	});

/* The realm does not run: its timers are not looked at either. */
TEST(ExitFields, OfAnAnswerThatCannotBeDelivered)
{
	Scene scene(RMM_VERSION_2_0_BET1);

	(void)after(scene, {smc(scene.call(RMM_CMD_RSI_HOST_CALL, {kCall}))});
	scene.s.realm.unmap(kRam);
	EXPECT_EQ(hex({{kEsr, ec(0x24) | 7}, {kHpfar, hpfar(kRam)}}), hex(scene.enter()));
}
