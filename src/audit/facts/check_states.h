/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The states of the checks: state_size octets for each check and pair (one VIP on one host).
 */
#ifndef ARPAUDIT_AUDIT_FACTS_CHECK_STATES_H
#define ARPAUDIT_AUDIT_FACTS_CHECK_STATES_H

#include "audit/facts/check.h"

/* `checks` ends with NULL and must outlive the facts. */
bool check_states_init(struct facts *facts, const struct check *const *checks);
void check_states_free(struct facts *facts);
/* The pair with the state of the check at position `check` in the table. */
struct pair check_pair(const struct facts *facts, size_t check, uint32_t host, uint32_t vip);
/* An observation of the host for the check at that position. */
struct observation check_observation(struct facts *facts, size_t check, uint32_t host);
/* Lost captures voided the host's silences. */
void check_states_forget(struct facts *facts, uint32_t host);
/* Nothing that was heard of the host counts. */
void check_states_clear(struct facts *facts, uint32_t host);

#endif
