/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the text report, from top to bottom.
 */
#ifndef TEXT_H
#define TEXT_H

#include "arpaudit/result.h"
#include "page.h"

/* One line a host: who it is, what each check found, the verdict. */
void text_table(struct page *page, const struct vip_result *vip);

/* What the verdicts rest on, check by check, and what the behaviour says of the sysctls. */
void text_basis(struct page *page, const struct vip_result *vip);

/* Every finding of the cluster with its evidence and remedy: violations, then what is inconclusive,
 * then notes. What several hosts or VIPs share is told once. */
void text_findings(struct page *page, const struct cluster_result *cluster);

/* The one line that says it all. */
void text_summary(struct page *page, const struct result *result);

/* How a host is called: "10.77.0.12 (rs2)", or its MAC when that is all that is known. */
const char *text_subject(struct page *page, const struct host_result *host);

enum tone text_verdict_tone(enum verdict verdict);

/* The ending of a plural: "" for 1. */
const char *text_plural(uint64_t count);

#endif
