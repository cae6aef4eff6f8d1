/* SPDX-License-Identifier: BSD-2-Clause */
#include <assert.h>
#include <inttypes.h>
#include <string.h>

#include "arpaudit/read.h"
#include "text.h"
#include "text_words.h"
#include "words.h"

#define NAME_WIDTH 14 /* the name of a check or sysctl, and a gap */

static const struct {
	const char *word;
	enum tone tone;
} outcomes[] = {
    [OUTCOME_SKIPPED] = {"-", TONE_PLAIN},
    [OUTCOME_PASS] = {"ok", TONE_GOOD},
    [OUTCOME_FAIL] = {"FAIL", TONE_BAD},
    [OUTCOME_INCONCLUSIVE] = {"?", TONE_DOUBT},
};

struct columns {
	size_t rip, role, verdict; /* widths */
	uint32_t checks;           /* those that have a column, as bits */
	bool name;
};

static_assert(RESULT_CHECKS_MAX == 32, "the bits of `checks` in struct columns");

static void
widen(size_t *width, const char *text)
{
	const size_t length = strlen(text);

	if (length > *width)
		*width = length;
}

/* Whether the check deserves a column because of this host. It does if it failed, if it alone made
 * the host inconclusive, or if it is a requested service that passed. A check that passes on every
 * host, or that could not be run on a host that is down, needs no column. */
static bool
tells(const struct host_result *host, size_t check)
{
	const enum check_outcome outcome = host->checks[check].outcome;

	return outcome == OUTCOME_FAIL ||
	       (outcome == OUTCOME_PASS &&
		   host->checks[check].title->column == COLUMN_IF_IT_WAS_MADE) ||
	       (outcome == OUTCOME_INCONCLUSIVE && host->checks[0].outcome != OUTCOME_INCONCLUSIVE);
}

static bool
has_column(const struct columns *columns, size_t check)
{
	return (columns->checks >> check & 1) != 0;
}

static struct columns
measure(const struct vip_result *vip)
{
	struct columns columns = {
	    .rip = strlen("RIP"),
	    .role = strlen("ROLE"),
	    .verdict = strlen("VERDICT"),
	};
	char rip[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];

		widen(&columns.rip, address_format(&host->rip, rip));
		widen(&columns.role, role_name(host->role));
		widen(&columns.verdict, verdict_name(host->verdict));
		columns.name = columns.name || host->name != NULL;
		for (size_t k = 0; k < host->check_count; k++)
			if (host->checks[k].title->column == COLUMN_ALWAYS || tells(host, k))
				columns.checks |= UINT32_C(1) << k;
	}
	return columns;
}

static void
print_cell(struct page *page, enum tone tone, size_t width, const char *text)
{
	page_cell(page, tone, width, text);
	page_print(page, TONE_PLAIN, " ");
}

static void
print_headings(struct page *page, const struct columns *columns, const struct host_result *host)
{

	page_print(page, TONE_PLAIN, "  ");
	print_cell(page, TONE_PLAIN, columns->rip, "RIP");
	print_cell(page, TONE_PLAIN, MAC_TEXT_SIZE - 1, "MAC");
	print_cell(page, TONE_PLAIN, columns->role, "ROLE");
	for (size_t i = 0; i < host->check_count; i++)
		if (has_column(columns, i))
			print_cell(page, TONE_PLAIN, 0, host->checks[i].title->heading);
	page_cell(page, TONE_PLAIN, columns->name ? columns->verdict : 0, "VERDICT");
	page_print(page, TONE_PLAIN, "%s\n", columns->name ? " NAME" : "");
}

/* The name comes last because it may have any length and use any script. */
static void
print_host(struct page *page, const struct columns *columns, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	const bool named = host->name != NULL;

	page_print(page, TONE_PLAIN, "  ");
	print_cell(page, TONE_PLAIN, columns->rip, address_format(&host->rip, rip));
	print_cell(
	    page, TONE_PLAIN, MAC_TEXT_SIZE - 1, host->has_mac ? mac_format(&host->mac, mac) : "-");
	print_cell(page, TONE_PLAIN, columns->role, role_name(host->role));
	for (size_t i = 0; i < host->check_count; i++) {
		const struct check_result *check = &host->checks[i];

		if (has_column(columns, i))
			print_cell(page, outcomes[check->outcome].tone,
			    strlen(check->title->heading), outcomes[check->outcome].word);
	}
	page_cell(page, text_verdict_tone(host->verdict), named ? columns->verdict : 0,
	    verdict_name(host->verdict));
	page_print(
	    page, TONE_PLAIN, "%s%s\n", named ? " " : "", named ? page_safe(page, host->name) : "");
}

void
text_table(struct page *page, const struct vip_result *vip)
{
	const struct columns columns = measure(vip);

	page_print(page, TONE_PLAIN, "\n");
	if (vip->host_count == 0) {
		page_print(page, TONE_PLAIN, "  no hosts\n");
		return;
	}
	print_headings(page, &columns, &vip->hosts[0]); /* all have the same checks */
	for (size_t i = 0; i < vip->host_count; i++)
		print_host(page, &columns, &vip->hosts[i]);
}

/* The basis of a pass. */
static const char *
pass_text(struct page *page, const struct check_result *check)
{
	const char *text = "";

	if (check->confirmations > 0)
		text = arena_format(page->arena, ", %" PRIu32 " confirmation%s",
		    check->confirmations, text_plural(check->confirmations));
	if (check->false_pass_bound > 0)
		return arena_format(page->arena, "%s, false pass probability below %.1e", text,
		    check->false_pass_bound);
	if (check->false_pass_bound == 0)
		return arena_format(page->arena, "%s, observed directly", text);
	return text;
}

static void
print_check(struct page *page, const struct host_result *host, size_t number)
{
	const struct check_result *check = &host->checks[number];
	const char *reason = page_safe(page, check->reason);

	/* The same reason often applies to several checks in a row. */
	if (number > 0 && strcmp(check->reason, host->checks[number - 1].reason) == 0 &&
	    *reason != '\0')
		reason = "as above";
	page_print(page, TONE_PLAIN, "    ");
	page_cell(page, TONE_PLAIN, NAME_WIDTH, check->title->name);
	page_print(page, outcomes[check->outcome].tone, "%s", outcome_name(check->outcome));
	page_print(page, TONE_PLAIN, "%s%s",
	    check->outcome == OUTCOME_PASS ? pass_text(page, check) : "",
	    *reason == '\0' ? "" : ":");
	page_wrap(page, 4 + NAME_WIDTH, reason);
	page_print(page, TONE_PLAIN, "\n");
}

static void
print_levels(struct page *page, const char *name, const char *levels)
{
	if (*levels == '\0')
		return;
	page_print(page, TONE_PLAIN, "    ");
	page_cell(page, TONE_PLAIN, NAME_WIDTH - 1, name); /* page_wrap() adds a blank */
	page_wrap(page, 4 + NAME_WIDTH,
	    arena_format(page->arena, "%s; inferred from its behaviour", levels));
	page_print(page, TONE_PLAIN, "\n");
}

void
text_basis(struct page *page, const struct vip_result *vip)
{
	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];

		page_print(page, TONE_PLAIN, "\n  ");
		page_print(page, TONE_STRONG, "%s", text_subject(page, host));
		page_print(page, TONE_PLAIN, "\n");
		for (size_t k = 0; k < host->check_count; k++)
			print_check(page, host, k);
		print_levels(page, "arp_ignore", words_ignore_levels(page, host->arp_ignore));
		print_levels(page, "arp_announce", words_announce_levels(page, host->arp_announce));
	}
}
