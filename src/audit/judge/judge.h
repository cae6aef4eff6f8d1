/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Turns the facts into results. The checks judge, and this module puts their judgements together.
 */
#ifndef ARPAUDIT_AUDIT_JUDGE_JUDGE_H
#define ARPAUDIT_AUDIT_JUDGE_JUDGE_H

#include "arpaudit/arena.h"
#include "arpaudit/audit.h"
#include "arpaudit/result.h"
#include "audit/facts/facts.h"

/* Judges one VIP and all of its hosts. `completed`: everything was decided, and the audit waited
 * for late replies. */
void judge_one_vip(const struct facts *facts, const struct check_table *table, uint32_t vip,
    bool completed, struct arena *arena, struct vip_result *result);
/* Sets what the plan says of a VIP: its address, ports and directors. */
void judge_plan_of_vip(
    const struct plan_cluster *cluster, size_t vip, struct arena *arena, struct vip_result *result);
/* Gives a host's result its array of checks, none of which has judged yet: `results`, which has a
 * place for each check. */
void judge_begin(
    const struct check *const *checks, struct check_result *results, struct host_result *result);
size_t judge_check_count(const struct check *const *checks);
/* judge_reports() tells whether a host is reported, and judge_host() judges it. `results` has a
 * place for each check. */
bool judge_reports(const struct facts *facts, uint32_t host, uint32_t vip);
void judge_host(const struct facts *facts, const struct check *const *checks, uint32_t host,
    uint32_t vip, struct arena *arena, struct check_result *results, struct host_result *result);
/* Judges a claimant that is not a host of the plan: a director or an intruder. */
void judge_claimant(const struct facts *facts, const struct check *const *checks, uint32_t vip,
    uint32_t claimant, struct check_result *results, struct host_result *result);
/* The subnet or address by which a remedy finds the host's interfaces on the segment. It is the
 * segment's subnet, which is the same for all hosts, or the host's own address if that is outside
 * of it. */
const char *judge_segment(
    const struct facts *facts, const struct address *host, struct arena *arena);

#endif
