/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The times when no master advertised a VIP.
 *
 * A standby may take the VIP over then. It may announce the VIP before its first advertisement, as
 * keepalived before 2.2 does, so a claim in a vacancy accuses nobody. The last ones are kept; of a
 * claim before those it is not known, so that accuses nobody either.
 */
#ifndef ARPAUDIT_WATCH_VACANCY_H
#define ARPAUDIT_WATCH_VACANCY_H

#include "audit/facts/routers.h"

#define VACANCIES_KEPT 8

/* Zeroed at the start. Each lasted until the first advertisement of the next master. */
struct vacancies {
	struct {
		uint64_t from_us, until_us;
	} kept[VACANCIES_KEPT];
	uint32_t count; /* the newest is kept[(count - 1) % VACANCIES_KEPT] */
};

/* A master is heard now. `before`: the virtual router until then. */
void vacancy_end(struct vacancies *vacancies, const struct router *before, uint64_t now_us);
/* Whether the VIP had no master then: none was heard yet, or the last one had given the VIP up, or
 * was silent for three intervals. */
bool vacancy_was(const struct vacancies *vacancies, const struct router *router, uint64_t at_us);

#endif
