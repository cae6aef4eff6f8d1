/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * When the audit is over. Either everything is decided and was listened for, or the audit was ended
 * early, by its deadline or by its caller, and what it had provoked is undone.
 */
#ifndef ARPAUDIT_AUDIT_END_H
#define ARPAUDIT_AUDIT_END_H

#include "audit/engine.h"

/* Whether it has run to its end. */
bool end_is_complete(const struct audit *audit, uint64_t now_us);
/* Once nothing is left to do but to listen, finds out how long (listening.h). */
void end_watch_quiet(struct audit *audit);
/* Ends the audit at its deadline, and the elicitation a restoration's time before that. */
void end_watch_deadline(struct audit *audit, uint64_t now_us);
/* When the next of these times comes, as far as it is known. UINT64_MAX: not known. */
uint64_t end_due_us(const struct audit *audit);

#endif
