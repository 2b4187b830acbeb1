/* SPDX-License-Identifier: BSD-3-Clause */
/* Concrete types: the sum rule, values of enumerations, types of fields. */
#include "description.h"

class AbiTypeCheck : public testing::TestWithParam<BadCase>
{
};

TEST_P(AbiTypeCheck, Reports)
{
	expect_one_error(GetParam());
}

static const BadCase layouts[] = {
	{"FieldsThatOverlap",
	 "bitfields:\n"
	 "  - name: B\n"
	 "    width: 8\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - {name: a, lsb: 0, width: 5}\n"
	 "      - @{name: b, lsb: 4, width: 4}\n",
	 "'b' (bits 4 to 7) overlaps 'a' (bits 0 to 4, line 7) in v1, v2, v3", "move or shrink"},
	{"FieldsThatOverlapInOneVersion",
	 "bitfields:\n"
	 "  - name: B\n"
	 "    width: 8\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - {name: a, lsb: 0, width: 4, until: v1}\n"
	 "      - {name: a, lsb: 0, width: 5, since: v2}\n"
	 "      - @{name: b, lsb: 4, width: 4, until: v2}\n"
	 "      - {reserved: sbz, lsb: 5, width: 3, since: v3}\n",
	 "overlaps 'a' (bits 0 to 4, line 8) in v2", "different versions"},
	{"BitsThatNobodyDescribes",
	 "bitfields:\n"
	 "  - name: B\n"
	 "    width: 8\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - {name: a, lsb: 0, width: 2}\n"
	 "      - @{name: b, lsb: 4, width: 4}\n",
	 "bits 2 to 3 of 'B' are neither a field nor reserved",
	 "{reserved: sbz, lsb: 2, width: 2}"},
	{"BytesMissingAtTheEnd",
	 "structs:\n"
	 "  - name: @S\n"
	 "    size: 0x20\n"
	 "    direction: both\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - {name: a, offset: 0, width: 64, count: 2}\n",
	 "bytes 0x10 to 0x1f of 'S'", "{reserved: sbz, offset: 0x10, size: 0x10}"},
	{"BytesMissingInOneVersion",
	 "structs:\n"
	 "  - name: @S\n"
	 "    size: 16\n"
	 "    direction: both\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - {name: a, offset: 0, width: 64}\n"
	 "      - {name: b, offset: 8, width: 64, until: v2}\n",
	 "bytes 0x8 to 0xf of 'S' are neither a field nor reserved in v3", "describe them"},
	{"FieldOutsideOfItsBitField",
	 "bitfields:\n"
	 "  - name: B\n"
	 "    width: 8\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - @{name: a, lsb: 0, width: 9}\n",
	 "'a' (bits 0 to 8) is outside of 'B' (bits 0 to 7)", "enlarge 'B'"},
	{"ArrayOutsideOfItsStructure",
	 "structs:\n"
	 "  - name: S\n"
	 "    size: 16\n"
	 "    direction: both\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - @{name: a, offset: 0, width: 64, count: 3}\n",
	 "'a' (bytes 0x0 to 0x17) is outside of 'S'", "enlarge 'S'"},
	{"NestedStructureThatIsTooLarge",
	 "structs:\n"
	 "  - {name: I, size: 8, direction: both, source: s, fields: [{name: x, offset: 0, width: "
	 "64}]}\n"
	 "  - name: S\n"
	 "    size: 8\n"
	 "    direction: both\n"
	 "    source: s\n"
	 "    fields:\n"
	 "      - @{name: a, offset: 0, type: I, count: 2}\n",
	 "'a' (bytes 0x0 to 0xf) is outside of 'S'", "move or shrink"},
	{"StructureInsideItself",
	 "structs:\n"
	 "  - {name: S, size: 8, direction: both, source: s, fields: [{name: x, offset: 0, type: "
	 "@S}]}\n",
	 "the structure 'S' contains itself", "use an Address"},
};

INSTANTIATE_TEST_SUITE_P(Layout, AbiTypeCheck, testing::ValuesIn(layouts), case_name);

static const BadCase enumerations[] = {
	{"TwoLabelsOfOneValue",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, values: [{name: A, value: 1}, {name: @B, value: "
	 "1}]}\n",
	 "'B' and 'A' (line 3) both have the value 1", "correct one of the values"},
	{"TwoLabelsOfOneValueInAVersion",
	 "enums:\n"
	 "  - name: E\n"
	 "    width: 8\n"
	 "    source: s\n"
	 "    values:\n"
	 "      - {name: A, value: 1, until: v2}\n"
	 "      - {name: @B, value: 1, since: v2}\n",
	 "both have the value 1 in v2", "versions of one label"},
	{"ValueThatDoesNotFit",
	 "enums:\n"
	 "  - {name: E, width: 2, source: s, values: [{name: A, value: @4}]}\n",
	 "value 4 is out of range", "from 0 to 3"},
	{"NegativeValueThatDoesNotFit",
	 "enums:\n"
	 "  - {name: E, width: 2, source: s, values: [{name: A, value: @-3}]}\n",
	 "value -3 does not fit in 2 bits", "the value or the width"},
	{"LabelOfTwoEnumerations",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, values: [{name: A, value: 1}]}\n"
	 "  - {name: F, width: 8, source: s, values: [{name: @A, value: 1}]}\n",
	 "the label 'A' is declared twice", "rename"},
	{"LabelOfAConcreteAndAnAbstractEnumeration",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, values: [{name: A, value: 1}]}\n"
	 "state_enums:\n"
	 "  - {name: F, source: s, values: [@A]}\n",
	 "the label 'A' is declared twice", "rename"},
	{"EnumerationWithoutValues", "enums:\n  - {name: @E, width: 8, source: s, values: []}\n",
	 "has no values", "list its values"},
	{"LabelThatIsNoIdentifier",
	 "enums:\n  - {name: E, width: 8, source: s, values: [{name: @A-B, value: 1}]}\n",
	 "'A-B' is not a name", "letters, digits and underscores"},
};

INSTANTIATE_TEST_SUITE_P(Enumeration, AbiTypeCheck, testing::ValuesIn(enumerations), case_name);

static const BadCase fields[] = {
	{"UnknownTypeOfAField",
	 "bitfields:\n"
	 "  - {name: B, width: 64, source: s, fields: [{name: a, lsb: 0, width: 64, type: "
	 "@Adress}]}\n",
	 "unknown type 'Adress'", "did you mean 'Address'?"},
	{"TypeThatIsMissingInAVersion",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, since: v2, values: [{name: A, value: 1}]}\n"
	 "bitfields:\n"
	 "  - {name: B, width: 8, source: s, fields: [{name: a, lsb: 0, width: 8, type: @E}]}\n",
	 "'E' does not exist in v1", "limit this item to v2, v3"},
	{"FieldTooNarrowForItsLabels",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, values: [{name: A, value: 2}]}\n"
	 "bitfields:\n"
	 "  - {name: B, width: 1, source: s, fields: [{name: a, lsb: 0, width: 1, type: @E}]}\n",
	 "'a' has 1 bits: too few for A (2)", "correct the width"},
	{"WidthThatIsNotThatOfTheType",
	 "bitfields:\n"
	 "  - {name: B, width: 8, source: s, fields: [{name: a, lsb: 0, width: 8, type: "
	 "@UInt16}]}\n",
	 "'a' is 8 bits wide, but the type 'UInt16' has 16", "correct the width or the type"},
	{"AbstractTypeInALayout",
	 "state_enums:\n"
	 "  - {name: E, source: s, values: [A]}\n"
	 "bitfields:\n"
	 "  - {name: B, width: 8, source: s, fields: [{name: a, lsb: 0, width: 8, type: @E}]}\n",
	 "a field cannot be of type 'E'", "a type with an encoding"},
	{"FieldWithoutWidth",
	 "structs:\n"
	 "  - {name: S, size: 8, direction: both, source: s, fields: [@{name: a, offset: 0}]}\n",
	 "the field 'a' has no 'width'", "add 'width:'"},
	{"FieldOfPartOfAByte",
	 "structs:\n"
	 "  - {name: S, size: 1, direction: both, source: s, fields: [@{name: a, offset: 0, width: "
	 "7}]}\n",
	 "not whole bytes", "bit field"},
	{"TwoFieldsOfOneName",
	 "bitfields:\n"
	 "  - name: B\n"
	 "    width: 8\n"
	 "    source: s\n"
	 "    fields: [{name: a, lsb: 0, width: 4}, {name: @a, lsb: 4, width: 4}]\n",
	 "the field 'a' is declared twice", "rename"},
	{"TwoTypesOfOneName",
	 "enums:\n"
	 "  - {name: E, width: 8, source: s, values: [{name: A, value: 1}], until: v1}\n"
	 "  - {name: @E, width: 8, source: s, values: [{name: B, value: 1}], since: v2}\n",
	 "the type 'E' is declared twice", "limit its fields or values"},
	{"TypeWithoutSource", "enums:\n  - @{name: E, width: 8, values: [{name: A, value: 1}]}\n",
	 "an enumeration has no 'source'", "add 'source:'"},
	{"UnknownKey",
	 "enums:\n  - {name: E, width: 8, source: s, @vlaues: [], values: [{name: A, value: 1}]}\n",
	 "has no key 'vlaues'", "did you mean 'values'?"},
	{"WidthOfZero",
	 "enums:\n  - {name: E, width: @0, source: s, values: [{name: A, value: 1}]}\n",
	 "a width of 0 bits", "from 1 to 64"},
	{"UnknownDirection",
	 "structs:\n"
	 "  - {name: S, size: 8, direction: @up, source: s, fields: [{name: a, offset: 0, width: "
	 "64}]}\n",
	 "'direction' cannot be 'up'", "host-to-rmm, rmm-to-host, both, internal"},
};

INSTANTIATE_TEST_SUITE_P(Field, AbiTypeCheck, testing::ValuesIn(fields), case_name);

TEST(AbiTypes, AFieldMayMoveBetweenVersions)
{
	const Checked checked("uses: [versions.yaml]\n"
			      "bitfields:\n"
			      "  - name: B\n"
			      "    width: 8\n"
			      "    source: s\n"
			      "    fields:\n"
			      "      - {name: a, lsb: 0, width: 4, until: v1}\n"
			      "      - {reserved: sbz, lsb: 4, width: 4, until: v1}\n"
			      "      - {reserved: mbz, lsb: 0, width: 4, since: v2}\n"
			      "      - {name: a, lsb: 4, width: 4, since: v2}\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	const struct abi_type *type = abi_type_find(checked.abi(), "B");
	ASSERT_NE(type, nullptr);
	EXPECT_EQ(type->fields.v[0].versions, 1u);
	EXPECT_EQ(type->fields.v[3].versions, 6u);
	EXPECT_EQ(type->fields.v[1].reserved, ABI_SBZ);
	EXPECT_EQ(type->fields.v[2].reserved, ABI_MBZ);
}

TEST(AbiTypes, AValueMayChangeBetweenVersions)
{
	const Checked checked("uses: [versions.yaml]\n"
			      "enums:\n"
			      "  - name: E\n"
			      "    width: 8\n"
			      "    source: s\n"
			      "    values:\n"
			      "      - {name: A, value: 1, versions: [v1, v3]}\n"
			      "      - {name: A, value: 2, versions: [v2]}\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	EXPECT_EQ(checked.abi()->types.v[0]->values.v[0].versions, 5u);
}

TEST(AbiTypes, ANegativeValueIsTwosComplement)
{
	const Checked checked("uses: [versions.yaml]\n"
			      "enums:\n"
			      "  - name: E\n"
			      "    width: 64\n"
			      "    source: s\n"
			      "    values: [{name: A, value: 0}, {name: B, value: -2}]\n");

	ASSERT_NE(checked.abi(), nullptr) << checked.errors();
	EXPECT_EQ(checked.abi()->types.v[0]->values.v[1].value, UINT64_MAX - 1);
}

TEST(AbiTypes, AllErrorsOfASetAreReportedInOneRun)
{
	const Checked checked(
		"uses: [versions.yaml]\n"
		"enums:\n"
		"  - {name: E, width: 65, source: s, values: [{name: A, value: 0}]}\n"
		"  - {name: F, width: 8, values: [{name: B, value: x}]}\n"
		"bitfields:\n"
		"  - {name: B, width: 8, source: s, fields: [{name: a, lsb: 0, width: 4}]}\n");

	EXPECT_EQ(checked.count(), 4u) << checked.errors();
}

TEST(AbiTypes, AnUnknownTypeIsReportedOnceAndHasNoFollowUps)
{
	const Checked checked("uses: [versions.yaml]\n"
			      "structs:\n"
			      "  - name: S\n"
			      "    size: 8\n"
			      "    direction: both\n"
			      "    source: s\n"
			      "    fields: [{name: a, offset: 0, type: Nowhere}]\n");

	EXPECT_EQ(checked.count(), 1u) << checked.errors();
}
