/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The addresses that the plan names.
 */
#ifndef ARPAUDIT_RUN_USED_H
#define ARPAUDIT_RUN_USED_H

#include "arpaudit/run.h"

/* Collects the VIPs, servers, directors, gateways and sources of all clusters, whichever segment
 * they are on. Swept addresses are not named. False if memory is short. */
bool used_collect(const struct run *run, struct address_set *used);

#endif
