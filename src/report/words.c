/* SPDX-License-Identifier: BSD-2-Clause */
#include "words.h"

#include <limits.h>
#include <string.h>
#include <time.h>

#include "arpaudit/text_counts.h"

const char *
words_address(struct page *page, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	return arena_format(page->arena, "%s",
	    address_is_set(&host->rip) ? address_format(&host->rip, rip)
				       : mac_format(&host->mac, mac));
}

const char *
words_causes(struct page *page, const struct host_result *host, const char *separator)
{
	const char **codes = arena_alloc(page->arena, host->finding_count, sizeof(const char *));
	struct text_counts told = {.arena = page->arena};
	size_t count = 0;

	for (size_t i = 0; i < host->finding_count; i++) {
		const char *code = host->findings[i].cause->code;

		if (host->findings[i].severity != SEVERITY_NOTE &&
		    (*text_counts_of(&told, code))++ == 0)
			codes[count++] = code;
	}
	text_counts_free(&told);
	return arena_join(page->arena, codes, count, separator);
}

static bool
explains(const struct host_result *host, const struct check_result *check)
{
	return (host->verdict == VERDICT_VIOLATION && check->outcome == OUTCOME_FAIL) ||
	       (host->verdict == VERDICT_INCONCLUSIVE && check->outcome == OUTCOME_INCONCLUSIVE);
}

const char *
words_reasons(struct page *page, const struct host_result *host, const char *separator)
{
	const char **messages = arena_alloc(page->arena, host->finding_count, sizeof(const char *));
	const char *list;
	size_t count = 0;

	for (size_t i = 0; i < host->finding_count; i++)
		if (host->findings[i].severity != SEVERITY_NOTE)
			messages[count++] = host->findings[i].message;
	list = arena_join(page->arena, messages, count, separator);
	for (size_t i = 0; *list == '\0' && i < host->check_count; i++)
		if (explains(host, &host->checks[i]))
			list = host->checks[i].reason;
	return list;
}

const char *
words_checks(struct page *page, const struct host_result *host, const char *separator)
{
	const char **names = arena_alloc(page->arena, host->check_count, sizeof(const char *));
	size_t count = 0;

	for (size_t i = 0; i < host->check_count; i++)
		if (explains(host, &host->checks[i]))
			names[count++] = host->checks[i].title->name;
	return arena_join(page->arena, names, count, separator);
}

const char *
words_levels(struct page *page, unsigned set, const char *separator)
{
	const char *levels[CHAR_BIT * sizeof(set)];
	size_t count = 0;

	for (unsigned level = 0; set >> level != 0; level++)
		if ((set >> level & 1) != 0)
			levels[count++] = arena_format(page->arena, "%u", level);
	return arena_join(page->arena, levels, count, separator);
}

/* Levels 1 and 2 are silent only about addresses of other interfaces. */
const char *
words_ignore_levels(struct page *page, unsigned set)
{
	const unsigned elsewhere = 1u << 1 | 1u << 2;

	return arena_format(page->arena, "%s%s", words_levels(page, set, " or "),
	    set != 0 && (set & elsewhere) == 0
		? ", or 1 or 2 if the VIP is on the answering interface"
		: "");
}

/* Linux speaks as the first address of the interface or, where that has none, of lo at each level.
 */
const char *
words_announce_levels(struct page *page, unsigned set)
{
	return arena_format(page->arena, "%s%s", words_levels(page, set, " or "),
	    (set & 1u << 0) != 0 ? ", or any if the VIP is the host's first address" : "");
}

/* Nothing can be said of a time that has no date. */
static const char unknown[] = "at an unknown time";

const char *
words_time(struct page *page, uint64_t time_us)
{
	const time_t seconds = (time_t)(time_us / 1000000);
	struct tm utc;
	char text[64];

	if (gmtime_r(&seconds, &utc) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%dT%H:%M:%S", &utc) == 0)
		return unknown;
	return arena_format(page->arena, "%s.%06uZ", text, (unsigned)(time_us % 1000000));
}

const char *
words_date(struct page *page, uint64_t time_us)
{
	const time_t seconds = (time_t)(time_us / 1000000);
	struct tm local;
	char text[64];

	if (localtime_r(&seconds, &local) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %Z", &local) == 0)
		return unknown;
	return arena_format(page->arena, "%s", page_safe(page, text));
}

const char *
words_clock(struct page *page, uint64_t time_us)
{
	const time_t seconds = (time_t)(time_us / 1000000);
	struct tm local;
	char text[16];

	if (localtime_r(&seconds, &local) == NULL ||
	    strftime(text, sizeof(text), "%H:%M:%S", &local) == 0)
		return unknown;
	return arena_format(page->arena, "%s.%03u", text, (unsigned)(time_us / 1000 % 1000));
}
