/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Words and times that several formats share. All are in the page's arena, and not yet escaped for
 * any format.
 */
#ifndef WORDS_H
#define WORDS_H

#include <stdbool.h>
#include <stdint.h>

#include "page.h"

/* "10.77.0.12", or the MAC if no address is known. */
const char *words_address(struct page *page, const struct host_result *host);

/* The codes of what is wrong with a host: its findings that are no notes, each once. */
const char *words_causes(struct page *page, const struct host_result *host, const char *separator);
/* The messages of the same findings; the reasons of the checks if there is no finding. */
const char *words_reasons(struct page *page, const struct host_result *host, const char *separator);
/* The names of the checks with the outcome that explains the verdict; "" for a compliant host. */
const char *words_checks(struct page *page, const struct host_result *host, const char *separator);
/* The levels in a set: "0 3". */
const char *words_levels(struct page *page, unsigned set, const char *separator);
/* All that fits a set of levels of arp_ignore: "0 or 3, or 1 or 2 if the VIP is on the answering
 * interface". The set is that of a VIP which is not. */
const char *words_ignore_levels(struct page *page, unsigned set);
/* The same for arp_announce: "0 or 1, or any if the VIP is the host's first address". */
const char *words_announce_levels(struct page *page, unsigned set);

/* RFC 3339: "2026-01-02T03:04:05.678901Z". */
const char *words_time(struct page *page, uint64_t time_us);
/* Local time, with the zone: "2026-01-02 03:04:05 UTC". */
const char *words_date(struct page *page, uint64_t time_us);
/* The time of day, local: "03:04:05.678". */
const char *words_clock(struct page *page, uint64_t time_us);

#endif
