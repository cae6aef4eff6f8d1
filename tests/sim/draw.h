/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Random draws that all families share. A call takes one draw at most among its arguments: C leaves
 * their order open, and a seed must draw the same scenario with every compiler.
 */
#ifndef ARPAUDIT_TESTS_DRAW_H
#define ARPAUDIT_TESTS_DRAW_H

#include "scenario.h"

bool percent(struct random *random, uint32_t chance);
uint32_t between(struct random *random, uint32_t first, uint32_t last); /* both included */
/* A random time during the audit, after its start. */
uint64_t moment_us(struct random *random);
uint32_t any_server(const struct scenario *scenario, struct random *random);
void add_action(struct scenario *scenario, uint64_t time_us, enum action_kind kind, uint32_t member,
    uint32_t count);

#endif
