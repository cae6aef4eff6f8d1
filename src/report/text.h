/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the text report, in the order in which they are printed.
 */
#ifndef TEXT_H
#define TEXT_H

#include "arpaudit/result.h"
#include "page.h"

/* One line per host: its addresses and role, the outcome of each check, the verdict. */
void text_table(struct page *page, const struct vip_result *vip);

/* The basis of each verdict, check by check, and the sysctl levels inferred from behaviour. */
void text_basis(struct page *page, const struct vip_result *vip);

/* Every finding of the cluster with its evidence and remedy: violations first, then inconclusive
 * findings, then notes. A finding or remedy that several hosts or VIPs share is printed once. */
void text_findings(struct page *page, const struct cluster_result *cluster);

/* How much of a short report there is room for. */
struct text_room {
	size_t full;       /* faults that are told in full; the others get a line */
	size_t shown;      /* faults that are told at all */
	size_t left_out;   /* faults that are not told, counted by text_cluster() */
	size_t cut;        /* violations that are told in a line, counted by text_cluster() */
	bool several_vips; /* set by text_cluster() */
};

/* The short report of a cluster: faults, owners, sound servers. Takes what it uses from `room`. */
void text_cluster(struct page *page, const struct cluster_result *cluster, struct text_room *room);

/* The beginning: the verdict, and who is guilty of what. */
void text_headline(struct page *page, const struct result *result);
/* The last line: the verdict, and who is at fault. It is one line in any case. */
void text_summary(struct page *page, const struct result *result);
/* The probability of a false pass, the frames, the time, the leaks. */
void text_cost(struct page *page, const struct result *result);

#endif
