/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the report says about each claimant of a VIP: who it is, how it claims the VIP, and whether
 * it is allowed to. Part of vip-owner.
 */
#ifndef ARPAUDIT_CHECK_CLAIMANTS_H
#define ARPAUDIT_CHECK_CLAIMANTS_H

#include "audit/judge/judgement.h"

/* Reports the claimants other than the director, relayed claims and hand-overs. */
void judge_claimants(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement);

#endif
