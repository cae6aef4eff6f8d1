/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The parts of the HTML report.
 */
#ifndef HTML_H
#define HTML_H

#include "arpaudit/result.h"
#include "page.h"

/* The picture of a VIP's segment as an SVG element: the probe, the switch, the directors and the
 * servers. Up to HTML_SINGLE servers stand alone, more are grouped by what was found. `number`
 * makes the ids in the document unique. `probe_host` may be NULL. */
#define HTML_SINGLE 60
void html_picture(struct page *page, const struct cluster_result *cluster, const char *probe_host,
    const struct vip_result *vip, size_t number);

/* The style sheet. */
extern const char html_style[];

/* The class of a verdict, for colours. */
const char *html_class(enum verdict verdict);

#endif
