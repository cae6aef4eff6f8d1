/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What makes an audit hard beside lost frames: firewalls that reject, VIPs that come and go,
 * servers with two network cards, another audit at the same time, an early end, and slow hosts.
 * Each is a family. In FAMILY_ADVERSARY several of them meet with the misfortunes of another
 * family.
 */
#ifndef ARPAUDIT_TESTS_ADVERSARY_H
#define ARPAUDIT_TESTS_ADVERSARY_H

#include "scenario.h"

/* The family whose misfortunes a scenario of FAMILY_ADVERSARY has. */
enum family adversary_draw_misfortune(struct random *random);
/* Draws what servers and directors do, and further members; once those are drawn. */
void adversary_draw_cast(struct scenario *scenario, struct random *random);
/* Draws what happens, once the plan and the other misfortunes are drawn. */
void adversary_draw_course(struct scenario *scenario, struct random *random);

#endif
