/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Text for formats in which some characters have a meaning. Text from outside the program goes
 * through one of these, and nothing else of it reaches such a report. All results are in the
 * page's arena.
 */
#ifndef MARKUP_H
#define MARKUP_H

#include "page.h"

/* For XML and HTML, in elements and in quoted attributes. NULL gives "". */
const char *markup_xml(struct page *page, const char *text);
/* The same for text of several lines. */
const char *markup_xml_lines(struct page *page, const char *text);
/* For a label value of Prometheus's text format. */
const char *markup_label(struct page *page, const char *text);
/* For a paragraph or table cell of Markdown. */
const char *markup_markdown(struct page *page, const char *text);
/* For a field of CSV (RFC 4180), quoted where needed. A spreadsheet takes a field that begins with
 * one of = + - @ for a formula, so such a field gets an apostrophe before it. "-" alone stays. In
 * many languages a semicolon separates fields, so what follows one is treated like a field. */
const char *markup_csv(struct page *page, const char *text);
/* One word: blanks become "_", and no text becomes "-". */
const char *markup_word(struct page *page, const char *text);

#endif
