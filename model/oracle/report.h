/* SPDX-License-Identifier: BSD-3-Clause */
/* A mismatch in words. */
#ifndef RMM_ORACLE_REPORT_H
#define RMM_ORACLE_REPORT_H

#include "oracle/judge.h"

/* Completes the text of the verdict, saves the log, and tells whoever asked. */
void oracle_report(struct rmm_oracle *oracle, struct oracle_verdict *verdict);

#endif
