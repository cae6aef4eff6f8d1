/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>
#include <string.h>

#include "headline.h"
#include "tally.h"
#include "text.h"
#include "text_words.h"

#define INDENT         4
#define HEADLINE_LINES 3

static void
print_verdict(struct page *page, const struct result *result)
{
	page_print(page, text_verdict_tone(result_verdict(result)), "%s", headline_verdict(result));
	page_print(page, TONE_PLAIN, ":");
}

void
text_headline(struct page *page, const struct result *result)
{
	print_verdict(page, result);
	page_wrap(
	    page, INDENT, headline(result, page->arena, (HEADLINE_LINES - 1) * page_width(page)));
	page_print(page, TONE_PLAIN, "\n");
}

void
text_summary(struct page *page, const struct result *result)
{
	const size_t used = strlen(headline_verdict(result)) + strlen(": ");
	const size_t width = page_width(page);

	print_verdict(page, result);
	page_print(page, TONE_PLAIN, " %s",
	    headline_culprits(result, page->arena, width > used ? width - used : 1));
	if (!result->wire.owner_restored)
		page_print(page, TONE_BAD, "; OWNER NOT RESTORED");
	page_print(page, TONE_PLAIN, "\n");
}

/* The worst of the clusters. */
static double
bound_of(const struct result *result)
{
	double worst = -1;

	for (size_t i = 0; i < result->cluster_count; i++) {
		const double bound = tally_bound(&result->clusters[i]);

		if (bound > worst)
			worst = bound;
	}
	return worst;
}

/* "7 of 8 hosts answered; ". With several clusters, the verbose report says it of each. */
static const char *
answered(struct page *page, const struct result *result)
{
	const struct cluster_result *cluster = result->clusters;

	if (result->cluster_count != 1)
		return "";
	return arena_format(page->arena, "%zu of %zu %s answered; ", cluster->hosts_alive,
	    cluster->hosts_asked, cluster->discovered ? "addresses" : "hosts");
}

void
text_cost(struct page *page, const struct result *result)
{
	const struct wire_result *wire = &result->wire;
	const double bound = bound_of(result);

	page_wrap(page, 0,
	    arena_format(page->arena, "%s%s%" PRIu64 " frame%s in %.2f s%s", answered(page, result),
		bound > 0 ? arena_format(page->arena, "false pass below %.1e; ", bound) : "",
		wire->frames_sent, text_plural(wire->frames_sent),
		(double)(result->finished_us - result->started_us) / 1e6,
		wire->leaks_provoked == 0
		    ? ""
		    : arena_format(page->arena, "; %" PRIu32 " leak%s provoked, owner %srestored",
			  wire->leaks_provoked, text_plural(wire->leaks_provoked),
			  wire->owner_restored ? "" : "not ")));
	page_print(page, TONE_PLAIN, "\n");
	if (page->style->verbose > 0)
		page_print(page, TONE_PLAIN,
		    "at most %" PRIu32 " ARP frame%s of one host in a second\n",
		    wire->peak_host_arp_per_s, text_plural(wire->peak_host_arp_per_s));
	if (wire->evidence_omitted > 0)
		page_print(page, TONE_DOUBT,
		    "the evidence is full (--evidence-max): %" PRIu64 " frame%s not in the file\n",
		    wire->evidence_omitted, wire->evidence_omitted == 1 ? " is" : "s are");
}
