/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the behaviour shows about the sysctls: the set of levels that agree with what was seen, by
 * the tables of arpaudit-method(7). The tables hold for a VIP that is not on the answering
 * interface.
 */
#ifndef ARPAUDIT_AUDIT_JUDGE_INFER_H
#define ARPAUDIT_AUDIT_JUDGE_INFER_H

#include "arpaudit/result.h"
#include "audit/facts/facts.h"

/* Sets the levels in `result`. All checks must have judged. */
void infer(const struct facts *facts, uint32_t host, uint32_t vip, struct host_result *result);

#endif
