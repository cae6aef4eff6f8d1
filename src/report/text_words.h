/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The words that the parts of the text report share. This module calls none of the parts.
 */
#ifndef TEXT_WORDS_H
#define TEXT_WORDS_H

#include <stdint.h>

#include "arpaudit/result.h"
#include "page.h"

/* The name of a host: "10.77.0.12 (rs2)", or its MAC if no more is known. In the page's arena. */
const char *text_subject(struct page *page, const struct host_result *host);

/* An owner: "10.77.0.3 (02:00:00:00:00:03, director)". In the page's arena. */
const char *text_owner(struct page *page, const struct owner_result *owner);

enum tone text_verdict_tone(enum verdict verdict);

/* The ending of a plural: "" for 1. */
const char *text_plural(uint64_t count);

#endif
