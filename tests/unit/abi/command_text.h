/* SPDX-License-Identifier: BSD-3-Clause */
/* The types and functions that the commands of these tests use. */
#ifndef RMM_TESTS_ABI_COMMAND_TEXT_H
#define RMM_TESTS_ABI_COMMAND_TEXT_H

#define TYPES                                                                                      \
	"interface: RMI\n"                                                                         \
	"enums:\n"                                                                                 \
	"  - name: Status\n"                                                                       \
	"    width: 8\n"                                                                           \
	"    source: s\n"                                                                          \
	"    values: [{name: OK, value: 0}, {name: INPUT, value: 1}, {name: RTT, value: 4, "       \
	"since: v2}]\n"                                                                            \
	"  - {name: Ripas, width: 8, source: s, values: [{name: EMPTY, value: 0}, {name: RAM, "    \
	"value: 1}]}\n"                                                                            \
	"bitfields:\n"                                                                             \
	"  - name: Result\n"                                                                       \
	"    width: 64\n"                                                                          \
	"    source: s\n"                                                                          \
	"    fields:\n"                                                                            \
	"      - {name: status, lsb: 0, width: 8, type: Status}\n"                                 \
	"      - {name: index, lsb: 8, width: 8}\n"                                                \
	"      - {reserved: mbz, lsb: 16, width: 48}\n"                                            \
	"structs:\n"                                                                               \
	"  - name: Params\n"                                                                       \
	"    size: 128\n"                                                                          \
	"    direction: host-to-rmm\n"                                                             \
	"    source: s\n"                                                                          \
	"    fields:\n"                                                                            \
	"      - {name: base, offset: 0, width: 64, type: Address}\n"                              \
	"      - {name: hash, offset: 8, width: 64, type: Bits64}\n"                               \
	"      - {name: late, offset: 16, width: 64, since: v3}\n"                                 \
	"      - {reserved: sbz, offset: 16, size: 8, until: v2}\n"                                \
	"      - {name: level, offset: 24, width: 64, signed: true}\n"                             \
	"      - {name: gprs, offset: 32, width: 64, count: 8}\n"                                  \
	"      - {reserved: sbz, offset: 96, size: 32}\n"                                          \
	"constants:\n"                                                                             \
	"  - {name: PAGE_LEVEL, type: Int, value: 3, source: s}\n"                                 \
	"state_enums:\n"                                                                           \
	"  - {name: State, source: s, values: [FREE, USED]}\n"                                     \
	"state_structs:\n"                                                                         \
	"  - {name: Granule, source: s, fields: [{name: state, type: State}, {name: regs, type: "  \
	"'Bits64[31]'}]}\n"                                                                        \
	"functions:\n"                                                                             \
	"  - {name: GranuleAt, params: [{name: a, type: Address}], result: Granule, kind: state, " \
	"doc: d, source: s}\n"                                                                     \
	"  - {name: ParamsAt, params: [{name: a, type: Address}], result: Params, kind: state, "   \
	"doc: d, source: s}\n"                                                                     \
	"  - {name: IsAligned, params: [{name: a, type: Address}, {name: n, type: Int}], result: " \
	"Bool, kind: pure, doc: d, source: s}\n"                                                   \
	"  - {name: Later, params: [], result: Bool, kind: pure, since: v2, doc: d, source: s}\n"  \
	"  - {name: Equal, params: [{name: a, type: Any}, {name: b, type: Any}], result: Bool, "   \
	"kind: pure, doc: d, source: s}\n"                                                         \
	"  - {name: Size, params: [{name: a, type: Address}], result: Int, kind: pure, doc: d, "   \
	"source: s}\n"                                                                             \
	"  - {name: Size, params: [{name: g, type: Granule}], result: Int, kind: pure, doc: d, "   \
	"source: s}\n"

/* A command of three inputs; what follows adds its lists. */
#define COMMAND                                                                \
	TYPES "commands:\n"                                                    \
	      "  - name: RMI_DO\n"                                             \
	      "    fid: 0xC4000150\n"                                          \
	      "    source: s\n"                                                \
	      "    doc: d\n"                                                   \
	      "    inputs:\n"                                                  \
	      "      - {name: rd, reg: 1, type: Address}\n"                    \
	      "      - {name: level, reg: 2, type: Int64}\n"                   \
	      "      - {name: ripas, reg: 3, lsb: 0, width: 8, type: Ripas}\n" \
	      "    outputs:\n"                                                 \
	      "      - {name: result, reg: 0, type: Result}\n"                 \
	      "      - {name: top, reg: 1, type: Address}\n"

#define FAILURE(when) \
	COMMAND "    fail:\n      - {id: c, when: \"" when "\", then: INPUT, says: it is so}\n"

#endif
