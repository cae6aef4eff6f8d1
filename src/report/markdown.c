/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Markdown, for a ticket: the verdict, each distinct fault with its evidence and remedy, the hosts
 * that are not compliant, and the rest in one line.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "fold.h"
#include "headline.h"
#include "markup.h"
#include "tally.h"
#include "words.h"

#define LIST_WIDTH 300
#define ROWS_MAX   50 /* a ticket is read by people */

/* A fence that is longer than any run of backticks in the text. */
static const char *
fence(struct page *page, const char *text)
{
	size_t longest = 2;

	for (; *text != '\0';
	     text += strcspn(text, "`") == 0 ? strspn(text, "`") : strcspn(text, "`"))
		if (strspn(text, "`") > longest)
			longest = strspn(text, "`");
	char *ticks = arena_alloc(page->arena, longest + 2, 1);

	memset(ticks, '`', longest + 1);
	return ticks;
}

static void
print_block(struct page *page, const char *text)
{
	const char *safe = page_safe_lines(page, text);
	const size_t length = strlen(safe);
	const char *ticks = fence(page, safe);

	page_print(page, TONE_PLAIN, "\n%s\n", ticks);
	page_print(
	    page, TONE_PLAIN, "%s%s", safe, length > 0 && safe[length - 1] == '\n' ? "" : "\n");
	page_print(page, TONE_PLAIN, "%s\n", ticks);
}

static void
print_evidence(struct page *page, const struct finding *finding)
{
	for (size_t i = 0; i < finding->evidence_count; i++) {
		const struct evidence *evidence = &finding->evidence[i];

		print_block(page,
		    arena_format(page->arena, "%s  %s%s", words_time(page, evidence->time_us),
			evidence->summary,
			evidence->frame == 0
			    ? ""
			    : arena_format(page->arena, " (frame %" PRIu64 ")", evidence->frame)));
	}
}

static void
print_fault(struct page *page, const struct fault *fault)
{
	const char *who = fault->of_hosts
			      ? fold_hosts(page->arena, fault->hosts, fault->host_count, LIST_WIDTH)
			      : fold_vips(page->arena, fault->vips, fault->vip_count, LIST_WIDTH);

	page_print(page, TONE_PLAIN, "\n## %s: %s\n\n", severity_name(fault->severity),
	    markup_markdown(page, fault_ids(fault, page->arena)));
	page_print(page, TONE_PLAIN, "%s**%s**\n", fault->of_hosts ? "" : "VIP ",
	    markup_markdown(page, who));
	for (size_t i = 0; i < fault->finding_count; i++) {
		const struct finding *finding = fault->findings[i];

		page_print(page, TONE_PLAIN, "\n- %s\n",
		    markup_markdown(
			page, fault->of_hosts ? finding->cause->title : finding->message));
	}
	for (size_t i = 0; i < fault->finding_count; i++)
		print_evidence(page, fault->findings[i]);
	if (*fault->findings[0]->remedy == '\0')
		return;
	page_print(page, TONE_PLAIN, "\nRemedy%s:\n",
	    fault->alike ? " (of the first; the others differ in addresses only)" : "");
	print_block(page, fault->findings[0]->remedy);
}

static void
print_row(struct page *page, const struct vip_result *vip, const struct host_result *host)
{
	char address[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	page_print(page, TONE_PLAIN, "| %s | %s | %s | %s | %s | %s | %s |\n",
	    verdict_name(host->verdict), address_format(&vip->vip, address),
	    words_address(page, host), markup_markdown(page, host->name),
	    host->has_mac ? mac_format(&host->mac, mac) : "", role_name(host->role),
	    markup_markdown(page, words_checks(page, host, ", ")));
}

/* The hosts with the verdict; returns how many rows are left. */
static size_t
print_rows(
    struct page *page, const struct cluster_result *cluster, enum verdict verdict, size_t rows)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		for (size_t k = 0; k < cluster->vips[i].host_count; k++) {
			const struct host_result *host = &cluster->vips[i].hosts[k];

			if (host->verdict != verdict || rows == 0)
				continue;
			print_row(page, &cluster->vips[i], host);
			rows--;
		}
	return rows;
}

static void
print_table(struct page *page, const struct cluster_result *cluster)
{
	const struct tally tally = tally_cluster(cluster);
	const size_t bad =
	    tally.by_verdict[VERDICT_VIOLATION] + tally.by_verdict[VERDICT_INCONCLUSIVE];
	size_t rows = ROWS_MAX;

	if (bad > 0) {
		page_print(page, TONE_PLAIN, "\n## Hosts\n\n");
		page_print(page, TONE_PLAIN,
		    "| Verdict | VIP | RIP | Name | MAC | Role | Checks |\n"
		    "| --- | --- | --- | --- | --- | --- | --- |\n");
		rows = print_rows(page, cluster, VERDICT_VIOLATION, rows);
		(void)print_rows(page, cluster, VERDICT_INCONCLUSIVE, rows);
	}
	if (bad > ROWS_MAX)
		page_print(page, TONE_PLAIN, "\n%zu more are not compliant.\n", bad - ROWS_MAX);
	page_print(page, TONE_PLAIN, "\n%zu of %zu compliant.\n",
	    tally.by_verdict[VERDICT_COMPLIANT], tally.hosts);
}

static void
print_document(struct page *page, const struct result *result)
{
	page_print(page, TONE_PLAIN, "# arpaudit: %s\n\n", headline_verdict(result));
	page_print(page, TONE_PLAIN, "%s\n",
	    markup_markdown(page, headline(result, page->arena, LIST_WIDTH)));
	for (size_t i = 0; i < result->cluster_count; i++) {
		const struct cluster_result *cluster = &result->clusters[i];
		const struct faults faults = faults_of(cluster, page->arena);

		if (result->cluster_count > 1)
			page_print(page, TONE_PLAIN, "\n# %s: %s\n",
			    markup_markdown(page, cluster->name), verdict_name(cluster->verdict));
		for (size_t k = 0; k < faults.count; k++)
			print_fault(page, &faults.fault[k]);
		print_table(page, cluster);
	}
	page_print(page, TONE_PLAIN, "\n%s; %" PRIu64 " frames in %.2f s.\n",
	    words_time(page, result->started_us), result->wire.frames_sent,
	    (double)(result->finished_us - result->started_us) / 1e6);
}

static bool
write_markdown(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_document);
}

const struct report_writer report_markdown = {.format = "markdown", .write = write_markdown};
