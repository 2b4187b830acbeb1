/* SPDX-License-Identifier: BSD-3-Clause */
/* ESR_ELx in words (Arm ARM, D19.2.37). */
#ifndef RMM_CLI_ESR_H
#define RMM_CLI_ESR_H

#include <stddef.h>
#include <stdint.h>

/* Of an exception class, ESR_ELx[31:26]. Never NULL. */
const char *esr_class_name(unsigned int ec);

/* Of a fault status code, ESR_ELx[5:0] of an abort. */
void esr_fault_status(unsigned int fsc, char *text, size_t len);

/* "data abort, same level: translation fault, level 3" */
void esr_describe(uint64_t esr, char *text, size_t len);

#endif
