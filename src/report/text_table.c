/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <string.h>

#include "text.h"

#define NAME_WIDTH 14 /* of a check or a sysctl, and a gap */

/* Column headings of the checks, in the order of enum check_id. */
static const char *const headings[CHECK_COUNT] = {
    "REPLY", "SOURCE", "BOUND", "UNIQUE", "PROXY", "SERVICE"};

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
	bool check[CHECK_COUNT];   /* is it shown? */
	bool name;
};

static void
widen(size_t *width, const char *text)
{
	const size_t length = strlen(text);

	if (length > *width)
		*width = length;
}

/* A check that failed, or decided alone that the host is no pass; and a service that was asked
 * for. What passes everywhere, or could not be asked of a host that is down, needs no column. */
static bool
tells(const struct host_result *host, enum check_id id)
{
	const enum check_outcome outcome = host->checks[id].outcome;

	return outcome == OUTCOME_FAIL || (id == CHECK_SERVICE && outcome == OUTCOME_PASS) ||
	       (outcome == OUTCOME_INCONCLUSIVE &&
		   host->checks[CHECK_VIP_REPLY].outcome != OUTCOME_INCONCLUSIVE);
}

static struct columns
measure(const struct vip_result *vip)
{
	struct columns columns = {
	    .rip = strlen("RIP"),
	    .role = strlen("ROLE"),
	    .verdict = strlen("VERDICT"),
	    .check =
		{[CHECK_VIP_REPLY] = true, [CHECK_VIP_SOURCE] = true, [CHECK_VIP_BOUND] = true},
	};
	char rip[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];

		widen(&columns.rip, address_format(&host->rip, rip));
		widen(&columns.role, role_name(host->role));
		widen(&columns.verdict, verdict_name(host->verdict));
		columns.name = columns.name || host->name != NULL;
		for (enum check_id id = 0; id < CHECK_COUNT; id++)
			columns.check[id] = columns.check[id] || tells(host, id);
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
print_headings(struct page *page, const struct columns *columns)
{
	page_print(page, TONE_PLAIN, "  ");
	print_cell(page, TONE_PLAIN, columns->rip, "RIP");
	print_cell(page, TONE_PLAIN, MAC_TEXT_SIZE - 1, "MAC");
	print_cell(page, TONE_PLAIN, columns->role, "ROLE");
	for (enum check_id id = 0; id < CHECK_COUNT; id++)
		if (columns->check[id])
			print_cell(page, TONE_PLAIN, 0, headings[id]);
	page_cell(page, TONE_PLAIN, columns->name ? columns->verdict : 0, "VERDICT");
	page_print(page, TONE_PLAIN, "%s\n", columns->name ? " NAME" : "");
}

/* The name comes last: it may be of any length and script. */
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
	for (enum check_id id = 0; id < CHECK_COUNT; id++) {
		const enum check_outcome outcome = host->checks[id].outcome;

		if (columns->check[id])
			print_cell(page, outcomes[outcome].tone, strlen(headings[id]),
			    outcomes[outcome].word);
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
	print_headings(page, &columns);
	for (size_t i = 0; i < vip->host_count; i++)
		print_host(page, &columns, &vip->hosts[i]);
}

/* What a pass rests on. */
static const char *
pass_text(struct page *page, const struct check_result *check)
{
	const char *text = "";

	if (check->confirmations > 0)
		text = arena_format(page->arena, ", %" PRIu32 " confirmation%s",
		    check->confirmations, text_plural(check->confirmations));
	if (check->false_pass_bound > 0)
		return arena_format(
		    page->arena, "%s, false pass below %.1e", text, check->false_pass_bound);
	if (check->false_pass_bound == 0)
		return arena_format(page->arena, "%s, by what was seen", text);
	return text;
}

static void
print_check(struct page *page, const struct host_result *host, enum check_id id)
{
	const struct check_result *check = &host->checks[id];
	const char *reason = page_safe(page, check->reason);

	/* One cause often decides several checks. */
	if (id > 0 && strcmp(check->reason, host->checks[id - 1].reason) == 0 && *reason != '\0')
		reason = "as above";
	page_print(page, TONE_PLAIN, "    ");
	page_cell(page, TONE_PLAIN, NAME_WIDTH, check_name(id));
	page_print(page, outcomes[check->outcome].tone, "%s", outcome_name(check->outcome));
	page_print(page, TONE_PLAIN, "%s%s",
	    check->outcome == OUTCOME_PASS ? pass_text(page, check) : "",
	    *reason == '\0' ? "" : ":");
	page_wrap(page, 4 + NAME_WIDTH, reason);
	page_print(page, TONE_PLAIN, "\n");
}

static void
print_levels(struct page *page, const char *name, unsigned set)
{
	const char *list = "";

	for (unsigned level = 0; set >> level != 0; level++)
		if ((set >> level & 1) != 0)
			list = arena_format(
			    page->arena, "%s%s%u", list, *list == '\0' ? "" : " or ", level);
	if (set == 0)
		return;
	page_print(page, TONE_PLAIN, "    ");
	page_cell(page, TONE_PLAIN, NAME_WIDTH, name);
	page_print(page, TONE_PLAIN, "%s, by its behaviour\n", list);
}

void
text_basis(struct page *page, const struct vip_result *vip)
{
	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];

		page_print(page, TONE_PLAIN, "\n  ");
		page_print(page, TONE_STRONG, "%s", text_subject(page, host));
		page_print(page, TONE_PLAIN, "\n");
		for (enum check_id id = 0; id < CHECK_COUNT; id++)
			print_check(page, host, id);
		print_levels(page, "arp_ignore", host->arp_ignore);
		print_levels(page, "arp_announce", host->arp_announce);
	}
}
