/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report in one line: the verdict, the VIP, and who is at fault.
 */
#ifndef HEADLINE_H
#define HEADLINE_H

#include <stddef.h>

#include "arpaudit/arena.h"
#include "arpaudit/result.h"

/*
 * "VIP 10.77.0.100, 3 of 250 hosts: vip-reply 10.77.0.12-13; vip-source 10.77.0.14". It follows the
 * verdict, which is not part of it. Names as many hosts as `width` characters can hold. In the
 * arena; safe to print.
 */
const char *headline(const struct result *result, struct arena *arena, size_t width);

/* The same in fewer words: "VIP 10.77.0.100, 3 of 250 hosts: 10.77.0.12-14". What they are guilty
 * of is not said, unless no host is: "VIP 10.77.0.100, 97 hosts: vip-owner". */
const char *headline_culprits(const struct result *result, struct arena *arena, size_t width);

/* The verdict: "violation", or "inconclusive, INCOMPLETE" for an audit that was interrupted. */
const char *headline_verdict(const struct result *result);

#endif
