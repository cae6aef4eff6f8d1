/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns the services of a director's configuration into the clusters of a plan.
 *
 * - A VIP and its direct-routing servers of all ports are audited together. VIPs with the same
 *   servers are one cluster, named after the group or the first VIP.
 * - Servers behind NAT or a tunnel, and IPv6, are left out. A local server is the director.
 * - A service by firewall mark does not say its VIP. It takes the VIPs of the first cluster, which
 *   holds what the command line says; so does `--rs` add its servers to every cluster.
 * - A virtual router with a virtual MAC (keepalived's use_vmac) is an expected owner by that MAC.
 *
 * What is wrong becomes a mistake of `services`. What the user should know becomes a warning of the
 * cluster.
 */
#ifndef ARPAUDIT_ADOPT_H
#define ARPAUDIT_ADOPT_H

#include "arpaudit/plan.h"
#include "arpaudit/services.h"

/* `plan` has one cluster, with what the command line says of every cluster. Resolves names. False
 * with EXIT_CANNOT_RUN if memory is short; mistakes are in `services`. */
bool plan_adopt(struct plan *plan, struct services *services, struct error *error);

#endif
