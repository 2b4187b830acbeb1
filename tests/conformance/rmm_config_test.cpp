/* SPDX-License-Identifier: BSD-3-Clause */
/* RMI_RMM_CONFIG_SET, RMI_RMM_CONFIG_GET. */
#include "granule_rows.h"

namespace conformance
{
namespace
{

void write_config(Scene &s, uint64_t granule_size, uint64_t region_size)
{
	const rmi_rmm_config config = {region_size, granule_size};
	std::array<uint8_t, RMI_RMM_CONFIG_SIZE> image{};

	rmi_rmm_config_encode(s.version(), &config, image.data());
	s.m.write(s.x[1], image.data(), image.size());
}

/* Before activation nothing can be delegated. */
std::vector<Violation> config_page(rmm_condition align, rmm_condition pas)
{
	return without(host_structure(1, kPage, align, pas), {"WhenItIsDelegated", "WhenItIsData"});
}

/* ---- set --------------------------------------------------------------------------- */

void set_base(Scene &s)
{
	s.call(RMM_CMD_RMI_RMM_CONFIG_SET, {s.m.host_pages()});
	write_config(s, RMI_GRANULE_SIZE_4KB, 0);
}

Settings at_reset()
{
	Settings settings;

	settings.activate = false;
	return settings;
}

const CommandTable &set_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RMM_CONFIG_SET,
		set_base,
		rows({
			config_page(RMI_RMM_CONFIG_SET_CFG_ALIGN, RMI_RMM_CONFIG_SET_CFG_PAS),
			{
				{"WhenItIsActive", RMI_RMM_CONFIG_SET_RMM_STATE,
				 [](Scene &s) { s.m.must(RMM_CMD_RMI_RMM_ACTIVATE, {}); }},
				{"WhenGranulesAreOf16KiB", RMI_RMM_CONFIG_SET_CFG_SUPP,
				 [](Scene &s) { write_config(s, RMI_GRANULE_SIZE_16KB, 0); }},
				{"WhenGranulesAreOf64KiB", RMI_RMM_CONFIG_SET_CFG_SUPP,
				 [](Scene &s) { write_config(s, RMI_GRANULE_SIZE_64KB, 0); }},
				{"WhenTheGranuleSizeIsReserved", RMI_RMM_CONFIG_SET_CFG_SUPP,
				 [](Scene &s) { write_config(s, 3, 0); }},
				{"WhenTheRegionSizeIsUnknown", RMI_RMM_CONFIG_SET_CFG_SUPP,
				 [](Scene &s) { write_config(s, RMI_GRANULE_SIZE_4KB, 0xff); }},
			},
		}),
		kFirst,
		kLast,
		at_reset(),
	};

	return all;
}

CONFORMANCE_TESTS(RmmConfigSet, set_table());

TEST(RmmConfigSet, MayBeRepeated)
{
	in_every_version(
		[](Machine &m) {
			const uint64_t page = m.host_pages();
			m.must(RMM_CMD_RMI_RMM_CONFIG_SET, {page});
			m.must(RMM_CMD_RMI_RMM_CONFIG_SET, {page});
			m.must(RMM_CMD_RMI_RMM_ACTIVATE, {});
		},
		at_reset());
}

/* ---- get --------------------------------------------------------------------------- */

void get_base(Scene &s)
{
	s.call(RMM_CMD_RMI_RMM_CONFIG_GET, {s.m.host_pages()});
}

const CommandTable &get_table()
{
	static const CommandTable all = {
		RMM_CMD_RMI_RMM_CONFIG_GET,
		get_base,
		rows({
			host_structure(1, kPage, RMI_RMM_CONFIG_GET_CFG_ALIGN,
				       RMI_RMM_CONFIG_GET_CFG_PAS),
			{
				Violation("WhenItIsNotActive", RMI_RMM_CONFIG_GET_RMM_STATE,
					  [](Scene &) {})
					.with(RMM_BEHAVIOUR_CONFIG_GET_ANY_STATE, false)
					.not_activated()
					.does_not_combine(),
			},
		}),
	};

	return all;
}

CONFORMANCE_TESTS(RmmConfigGet, get_table());

TEST(RmmConfigGet, WritesTheWholeStructure)
{
	in_every_version([](Machine &m) {
		const uint64_t page = m.host_pages();
		rmi_rmm_config config = {1, 1};

		m.write_words(page + kPage - 8, {1});
		m.must(RMM_CMD_RMI_RMM_CONFIG_GET, {page});
		const std::vector<uint8_t> image = m.read(page, RMI_RMM_CONFIG_SIZE);
		rmi_rmm_config_decode(m.version(), image.data(), &config);
		EXPECT_EQ(RMI_GRANULE_SIZE_4KB, config.rmi_granule_size);
		EXPECT_EQ(0u, config.tracking_region_size);
		EXPECT_EQ(0u, m.read_word(page + kPage - 8));
	});
}

TEST(RmmConfigGet, WorksInEveryStateWhereTheBehaviourSaysSo)
{
	Settings settings = at_reset();

	settings.behaviours = {{RMM_BEHAVIOUR_CONFIG_GET_ANY_STATE, true}};
	in_every_version([](Machine &m) { m.must(RMM_CMD_RMI_RMM_CONFIG_GET, {m.host_pages()}); },
			 settings);
}

} // namespace
} // namespace conformance
