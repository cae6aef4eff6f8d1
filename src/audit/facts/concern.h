/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Which frames concern the audit. The evidence holds exactly these, however busy the segment is.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_CONCERN_H
#define ARPAUDIT_AUDIT_FACTS_CONCERN_H

#include "audit/facts/facts.h"

bool facts_are_concerned(const struct facts *facts, const struct frame *frame);

#endif
