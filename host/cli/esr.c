/* SPDX-License-Identifier: BSD-3-Clause */
#include "esr.h"

#include <stdbool.h>
#include <stdio.h>

const char *esr_class_name(unsigned int ec)
{
	static const struct {
		unsigned int ec;
		const char *name;
	} classes[] = {
		{0x00, "undefined instruction, or another unknown reason"},
		{0x01, "WFI, WFE, WFIT or WFET"},
		{0x07, "FP or SIMD instruction"},
		{0x0e, "illegal execution state"},
		{0x15, "SVC"},
		{0x16, "HVC"},
		{0x17, "SMC"},
		{0x18, "system register access"},
		{0x20, "instruction abort, lower level"},
		{0x21, "instruction abort, same level"},
		{0x22, "PC alignment"},
		{0x24, "data abort, lower level"},
		{0x25, "data abort, same level"},
		{0x2f, "SError"},
		{0x3c, "BRK"},
	};

	for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
		if (classes[i].ec == ec)
			return classes[i].name;
	return "another class";
}

void esr_fault_status(unsigned int fsc, char *text, size_t len)
{
	static const char *const kinds[] = {"address size fault", "translation fault",
					    "access flag fault", "permission fault"};

	if (fsc == 0x21)
		snprintf(text, len, "alignment fault");
	else if (fsc == 0x10)
		snprintf(text, len, "synchronous external abort");
	else if (fsc == 0x28)
		snprintf(text, len, "granule protection fault");
	else if (fsc >= 0x23 && fsc <= 0x27)
		snprintf(text, len, "granule protection fault on a walk, level %d",
			 (int)fsc - 0x24);
	else if (fsc < 0x10)
		snprintf(text, len, "%s, level %u", kinds[fsc >> 2], fsc & 3);
	else
		snprintf(text, len, "status 0x%x", fsc);
}

void esr_describe(uint64_t esr, char *text, size_t len)
{
	const unsigned int ec = (unsigned int)(esr >> 26 & 0x3f);
	const bool abort = ec == 0x20 || ec == 0x21 || ec == 0x24 || ec == 0x25;
	char status[64];

	if (!abort) {
		snprintf(text, len, "%s", esr_class_name(ec));
		return;
	}
	esr_fault_status((unsigned int)(esr & 0x3f), status, sizeof(status));
	snprintf(text, len, "%s: %s", esr_class_name(ec), status);
}
