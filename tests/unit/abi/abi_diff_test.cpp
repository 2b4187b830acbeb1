/* SPDX-License-Identifier: BSD-3-Clause */
/* What changed between two versions. */
#include "description.h"

static const char *const description =
	"uses: [versions.yaml]\n"
	"interface: RMI\n"
	"enums:\n"
	"  - name: Status\n"
	"    width: 8\n"
	"    source: s\n"
	"    values:\n"
	"      - {name: OK, value: 0}\n"
	"      - {name: INPUT, value: 1}\n"
	"      - {name: OLD, value: 2, until: v1}\n"
	"      - {name: NEW, value: 3, since: v2}\n"
	"      - {name: MOVED, value: 4, until: v1}\n"
	"      - {name: MOVED, value: 5, since: v2}\n"
	"bitfields:\n"
	"  - name: Flags\n"
	"    width: 64\n"
	"    source: s\n"
	"    fields:\n"
	"      - {name: a, lsb: 0, width: 1, until: v1}\n"
	"      - {name: a, lsb: 0, width: 2, since: v2}\n"
	"      - {reserved: sbz, lsb: 1, width: 63, until: v1}\n"
	"      - {name: b, lsb: 2, width: 1, since: v2}\n"
	"      - {reserved: sbz, lsb: 3, width: 61, since: v2}\n"
	"structs:\n"
	"  - name: Params\n"
	"    size: 16\n"
	"    direction: both\n"
	"    source: s\n"
	"    fields:\n"
	"      - {name: x, offset: 0, width: 64, until: v1}\n"
	"      - {name: gone, offset: 8, width: 64, until: v1}\n"
	"      - {reserved: sbz, offset: 0, size: 8, since: v2}\n"
	"      - {name: x, offset: 8, width: 64, since: v2}\n"
	"commands:\n"
	"  - name: RMI_DO\n"
	"    fid: 0xC4000150\n"
	"    until: v1\n"
	"    source: s\n"
	"    doc: d\n"
	"    inputs: [{name: rd, reg: 1, type: Address}, {name: ipa, reg: 2, type: Address}]\n"
	"    outputs: [{name: result, reg: 0, type: Status}]\n"
	"    fail:\n"
	"      - {id: zero, when: rd == 0, then: INPUT, says: x}\n"
	"      - {id: one, when: rd == 1, then: INPUT, says: x}\n"
	"  - name: RMI_DO\n"
	"    fid: 0xC4000151\n"
	"    since: v2\n"
	"    source: s\n"
	"    doc: d\n"
	"    inputs: [{name: rd, reg: 3, type: Address}, {name: size, reg: 2, type: UInt64}]\n"
	"    outputs: [{name: result, reg: 0, type: Status}]\n"
	"    fail:\n"
	"      - {id: one, when: rd == 2, then: NEW, says: x}\n"
	"      - {id: two, when: size == 2, then: INPUT, says: x}\n"
	"  - {name: RMI_OLD, fid: 0xC4000160, until: v1, source: s, doc: d, outputs: [{name: "
	"result, reg: 0, type: Status}]}\n"
	"  - {name: RMI_NEW, fid: 0xC4000160, since: v2, source: s, doc: d, outputs: [{name: "
	"result, reg: 0, type: Status}]}\n"
	"behaviours:\n"
	"  - {name: lenient, doc: it is lenient, source: s, spec: {since: v2}}\n";

static std::string diff(size_t from, size_t to)
{
	const Checked checked(description);
	struct writer w;

	if (checked.abi() == nullptr)
		return checked.errors();
	writer_init(&w);
	abi_diff(checked.abi(), from, to, &w);
	std::string text(w.data, w.len);
	writer_free(&w);
	return text;
}

TEST(AbiDiff, PrintsWhatChanged)
{
	EXPECT_EQ(diff(0, 1), "From v1 to v2\n"
			      "\n"
			      "Commands\n"
			      "  changed RMI_DO\n"
			      "      FID: 0xC4000150 -> 0xC4000151\n"
			      "      input rd: X1 Address -> X3 Address\n"
			      "      input ipa: X2 Address removed\n"
			      "      input size: added in X2 UInt64\n"
			      "      failure zero removed: rd == 0 => INPUT\n"
			      "      failure one was: rd == 1 => INPUT\n"
			      "      failure one is: rd == 2 => NEW\n"
			      "      failure two added: size == 2 => INPUT\n"
			      "  removed RMI_OLD (0xC4000160, now the FID of RMI_NEW)\n"
			      "  added   RMI_NEW (0xC4000160, the FID of RMI_OLD)\n"
			      "\n"
			      "Types\n"
			      "  changed enumeration Status\n"
			      "      removed OLD = 2\n"
			      "      added   NEW = 3\n"
			      "      changed MOVED: 4 -> 5\n"
			      "  changed bit field Flags\n"
			      "      resized a: bits 0:0 UInt1 -> bits 1:0 UInt2\n"
			      "      added   b: bits 2:2 UInt1\n"
			      "  changed structure Params\n"
			      "      moved   x: 0x0 UInt64 -> 0x8 UInt64\n"
			      "      removed gone: 0x8 UInt64\n"
			      "\n"
			      "Behaviours\n"
			      "  begins lenient: it is lenient\n");
}

TEST(AbiDiff, IsEmptyBetweenEqualVersions)
{
	EXPECT_EQ(diff(1, 2), "From v2 to v3\nno difference\n");
	EXPECT_EQ(diff(0, 0), "From v1 to v1\nno difference\n");
}

TEST(AbiDiff, TurnedRoundAddsWhatWasRemoved)
{
	const std::string text = diff(1, 0);

	EXPECT_NE(text.find("added   RMI_OLD (0xC4000160, the FID of RMI_NEW)"), std::string::npos)
		<< text;
	EXPECT_NE(text.find("removed b: bits 2:2 UInt1"), std::string::npos) << text;
	EXPECT_NE(text.find("ends   lenient"), std::string::npos) << text;
}
