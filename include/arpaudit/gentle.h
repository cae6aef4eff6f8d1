/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The allowance of --gentle: in any one second, the probe sends no more than GENTLE_ARP_MAX ARP
 * frames, and makes no host send more than that. A switch that limits ARP on its ports shuts a port
 * at 15 (Cisco's default for an untrusted port).
 *
 * All audits on one port of the switch share an allowance, because the switch counts the frames of
 * the port. It is used only from one thread.
 */
#ifndef ARPAUDIT_GENTLE_H
#define ARPAUDIT_GENTLE_H

#include <stdint.h>

#include "arpaudit/plan.h"

#define GENTLE_ARP_MAX 10

struct gentle;

/* `sharers` is the number of audits, at least 1. NULL if memory is short. Release with
 * gentle_free(). */
struct gentle *gentle_new(uint32_t sharers);
void gentle_free(struct gentle *gentle);

/* About how long a gentle audit takes if it has the allowance for itself. */
uint64_t gentle_audit_us(const struct plan_cluster *cluster, const struct plan_settings *settings);

#endif
