/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report as one HTML file: no script, nothing from the network, light and dark. The verdict
 * comes first, then for each cluster its faults with frames and remedies, and for each VIP a
 * picture of the segment and a table of the hosts. The worst comes first everywhere.
 */
#include "html.h"

#include <inttypes.h>
#include <string.h>

#include "faults.h"
#include "fold.h"
#include "headline.h"
#include "markup.h"
#include "tally.h"
#include "words.h"

#define LIST_WIDTH   600
#define PICTURES_MAX 16 /* of VIPs; those that are not compliant count first */
#define OPEN_MAX     60 /* compliant hosts that are shown unfolded */

/* The machine that audited; with several clusters, the one that made the report. */
static const char *
host_of(const struct result *result)
{
	return result->cluster_count == 1 && result->clusters[0].probe_host != NULL
		   ? result->clusters[0].probe_host
		   : result->host;
}

static void
print_head(struct page *page, const struct result *result)
{
	const enum verdict verdict = result_verdict(result);

	page_print(page, TONE_PLAIN,
	    "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
	    "<meta name=\"viewport\" content=\"width=device-width,initial-scale=1\">\n");
	page_print(page, TONE_PLAIN,
	    "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; img-src "
	    "data:; "
	    "style-src 'unsafe-inline'\">\n");
	page_print(page, TONE_PLAIN, "<link rel=\"icon\" href=\"data:,\">\n");
	page_print(
	    page, TONE_PLAIN, "<title>arpaudit: %s</title>\n<style>\n", headline_verdict(result));
	page_print(page, TONE_PLAIN, "%s", html_style);
	page_print(page, TONE_PLAIN, "</style>\n</head>\n<body>\n<header>\n");
	page_print(page, TONE_PLAIN, "<div class=\"verdict %s\">\n<h1>%s</h1>\n<p>%s</p>\n</div>\n",
	    html_class(verdict), headline_verdict(result),
	    markup_xml(page, headline(result, page->arena, LIST_WIDTH)));
	page_print(page, TONE_PLAIN, "<p class=\"meta\">%s%s%s, %.2f s, arpaudit %s</p>\n",
	    words_time(page, result->started_us), host_of(result) == NULL ? "" : " on ",
	    markup_xml(page, host_of(result)),
	    (double)(result->finished_us - result->started_us) / 1e6, PACKAGE_VERSION);
	page_print(page, TONE_PLAIN, "</header>\n<main>\n");
}

static void
print_evidence(struct page *page, const struct fault *fault)
{
	bool begun = false;

	for (size_t i = 0; i < fault->finding_count; i++)
		for (size_t k = 0; k < fault->findings[i]->evidence_count; k++) {
			const struct evidence *evidence = &fault->findings[i]->evidence[k];

			page_print(page, TONE_PLAIN, "%s%s  %s",
			    begun ? "" : "<pre aria-label=\"frames\">",
			    words_time(page, evidence->time_us),
			    markup_xml(page, evidence->summary));
			if (evidence->frame != 0)
				page_print(
				    page, TONE_PLAIN, " (frame %" PRIu64 ")", evidence->frame);
			page_print(page, TONE_PLAIN, "\n");
			begun = true;
		}
	if (begun)
		page_print(page, TONE_PLAIN, "</pre>\n");
}

static void
print_fault(struct page *page, const struct fault *fault)
{
	const char *who = fault->of_hosts
			      ? fold_hosts(page->arena, fault->hosts, fault->host_count, LIST_WIDTH)
			      : fold_vips(page->arena, fault->vips, fault->vip_count, LIST_WIDTH);
	const char *remedy = fault->findings[0]->remedy;

	page_print(page, TONE_PLAIN, "<article class=\"%s\">\n<h3>%s: %s</h3>\n",
	    severity_name(fault->severity), severity_name(fault->severity),
	    markup_xml(page, fault_ids(fault, page->arena)));
	page_print(page, TONE_PLAIN, "<p class=\"mono\">%s%s", fault->of_hosts ? "" : "VIP ",
	    markup_xml(page, who));
	if (fault->of_hosts)
		page_print(page, TONE_PLAIN, " on VIP %s",
		    markup_xml(
			page, fold_vips(page->arena, fault->vips, fault->vip_count, LIST_WIDTH)));
	page_print(page, TONE_PLAIN, "</p>\n");
	for (size_t i = 0; i < fault->finding_count; i++)
		page_print(page, TONE_PLAIN, "<p>%s</p>\n",
		    markup_xml(page, fault_subjects(fault) > 1 ? fault->findings[i]->cause->title
							       : fault->findings[i]->message));
	print_evidence(page, fault);
	if (*remedy != '\0')
		page_print(page, TONE_PLAIN, "<p>Remedy%s:</p>\n<pre>%s</pre>\n",
		    fault->alike ? " of the first (the others differ in addresses only)" : "",
		    markup_xml_lines(page, remedy));
	page_print(page, TONE_PLAIN, "</article>\n");
}

static void
print_row(struct page *page, const struct host_result *host)
{
	char mac[MAC_TEXT_SIZE];

	page_print(page, TONE_PLAIN, "<tr><th scope=\"row\" class=\"mono\">%s</th><td>%s</td>",
	    address_is_set(&host->rip) ? words_address(page, host) : "-",
	    markup_xml(page, host->name));
	page_print(page, TONE_PLAIN,
	    "<td class=\"%s\">%s</td><td class=\"mono\">%s</td><td>%s</td>",
	    html_class(host->verdict), verdict_name(host->verdict),
	    host->has_mac ? mac_format(&host->mac, mac) : "-", role_name(host->role));
	for (size_t i = 0; i < host->check_count; i++) {
		static const char *const classes[] = {
		    [OUTCOME_SKIPPED] = "",
		    [OUTCOME_PASS] = "compliant",
		    [OUTCOME_FAIL] = "violation",
		    [OUTCOME_INCONCLUSIVE] = "inconclusive",
		};
		const struct check_result *check = &host->checks[i];

		page_print(page, TONE_PLAIN, "<td class=\"%s\">%s</td>", classes[check->outcome],
		    outcome_name(check->outcome));
	}
	page_print(page, TONE_PLAIN, "</tr>\n");
}

/* A table of the hosts with the verdicts from `worst` down to `best`. */
static void
print_table(struct page *page, const struct vip_result *vip, enum verdict worst, enum verdict best)
{
	const struct host_result *any = &vip->hosts[0];

	page_print(page, TONE_PLAIN,
	    "<div class=\"scroll\"><table>\n<thead><tr>"
	    "<th scope=\"col\">RIP</th><th scope=\"col\">Name</th>"
	    "<th scope=\"col\">Verdict</th>"
	    "<th scope=\"col\">MAC</th><th scope=\"col\">Role</th>");
	for (size_t i = 0; i < any->check_count; i++)
		page_print(page, TONE_PLAIN, "<th scope=\"col\">%s</th>",
		    markup_xml(page, any->checks[i].title->name));
	page_print(page, TONE_PLAIN, "</tr></thead>\n<tbody>\n");
	for (int verdict = (int)worst; verdict >= (int)best; verdict--)
		for (size_t i = 0; i < vip->host_count; i++)
			if ((int)vip->hosts[i].verdict == verdict)
				print_row(page, &vip->hosts[i]);
	page_print(page, TONE_PLAIN, "</tbody></table></div>\n");
}

static void
print_hosts(struct page *page, const struct vip_result *vip)
{
	struct tally tally = {0};

	tally_vip(&tally, vip);
	const size_t good = tally.by_verdict[VERDICT_COMPLIANT];

	if (tally.hosts > good)
		print_table(page, vip, VERDICT_VIOLATION, VERDICT_INCONCLUSIVE);
	if (good == 0)
		return;
	page_print(page, TONE_PLAIN, "<details%s><summary>%zu of %zu hosts compliant</summary>\n",
	    good <= OPEN_MAX ? " open" : "", good, tally.hosts);
	print_table(page, vip, VERDICT_COMPLIANT, VERDICT_COMPLIANT);
	page_print(page, TONE_PLAIN, "</details>\n");
}

static void
print_picture(struct page *page, const struct cluster_result *cluster, const char *probe_host,
    const struct vip_result *vip, size_t number)
{
	char address[ADDRESS_TEXT_SIZE];

	page_print(page, TONE_PLAIN, "<h3>VIP %s: <span class=\"%s\">%s</span></h3>\n",
	    address_format(&vip->vip, address), html_class(vip->verdict),
	    verdict_name(vip->verdict));
	html_picture(page, cluster, probe_host, vip, number);
}

static void
print_vip(struct page *page, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	page_print(
	    page, TONE_PLAIN, "<h3>Hosts of VIP %s</h3>\n", address_format(&vip->vip, address));
	if (vip->host_count == 0)
		page_print(page, TONE_PLAIN, "<p>no hosts</p>\n");
	else
		print_hosts(page, vip);
}

static void
print_heading(struct page *page, const struct cluster_result *cluster)
{
	const double bound = tally_bound(cluster);

	page_print(page, TONE_PLAIN, "<section>\n<h2>Cluster %s: %s</h2>\n",
	    markup_xml(page, cluster->name), verdict_name(cluster->verdict));
	page_print(page, TONE_PLAIN, "<p class=\"meta\">%zu of %zu %s answered.",
	    cluster->hosts_alive, cluster->hosts_asked,
	    cluster->discovered ? "addresses" : "hosts");
	if (bound > 0)
		page_print(page, TONE_PLAIN,
		    " A host at fault passes a check with a probability below %.1e.", bound);
	page_print(page, TONE_PLAIN, "</p>\n");
}

/* The pictures come before the faults, which they show at a glance; the tables after them. */
static void
print_cluster(struct page *page, const struct result *result, const struct cluster_result *cluster,
    size_t *pictures)
{
	const struct faults faults = faults_of(cluster, page->arena);
	const char *host = cluster->probe_host != NULL ? cluster->probe_host : result->host;

	print_heading(page, cluster);
	for (int verdict = VERDICT_VIOLATION; verdict >= VERDICT_COMPLIANT; verdict--)
		for (size_t i = 0; i < cluster->vip_count && *pictures < PICTURES_MAX; i++)
			if ((int)cluster->vips[i].verdict == verdict)
				print_picture(page, cluster, host, &cluster->vips[i], ++*pictures);
	for (size_t i = 0; i < faults.count; i++)
		print_fault(page, &faults.fault[i]);
	for (int verdict = VERDICT_VIOLATION; verdict >= VERDICT_COMPLIANT; verdict--)
		for (size_t i = 0; i < cluster->vip_count; i++)
			if ((int)cluster->vips[i].verdict == verdict)
				print_vip(page, &cluster->vips[i]);
	page_print(page, TONE_PLAIN, "</section>\n");
}

static void
print_count(struct page *page, const char *what, uint64_t count)
{
	page_print(page, TONE_PLAIN,
	    "<tr><th scope=\"row\">%s</th><td class=\"num\">%" PRIu64 "</td></tr>\n", what, count);
}

static void
print_wire(struct page *page, const struct wire_result *wire)
{
	page_print(page, TONE_PLAIN,
	    "<section>\n<h2>On the wire</h2>\n<table class=\"counts\">\n"
	    "<caption>What the audit cost the segment</caption>\n<tbody>\n");
	print_count(page, "Frames sent", wire->frames_sent);
	print_count(page, "of them broadcasts", wire->broadcasts_sent);
	print_count(page, "Frames captured", wire->frames_captured);
	print_count(page, "Frames that the kernel dropped", wire->kernel_drops);
	print_count(page, "Claims of a VIP that the audit provoked", wire->leaks_provoked);
	if (wire->evidence_omitted > 0)
		print_count(
		    page, "Frames left out of the evidence, which is full", wire->evidence_omitted);
	page_print(page, TONE_PLAIN,
	    "<tr><th scope=\"row\">Exchanges lost</th><td class=\"num\">%.2f%%</td></tr>\n",
	    100 * wire->loss_estimate);
	if (wire->leaks_provoked > 0)
		page_print(page, TONE_PLAIN,
		    "<tr><th scope=\"row\">The owner is restored</th><td class=\"num\">%s</td>"
		    "</tr>\n",
		    wire->owner_restored ? "yes" : "no");
	page_print(page, TONE_PLAIN, "</tbody></table>\n</section>\n");
}

static void
print_document(struct page *page, const struct result *result)
{
	size_t pictures = 0;

	print_head(page, result);
	if (!result->complete)
		page_print(page, TONE_PLAIN,
		    "<p><strong>The audit ended before everything was decided.</strong></p>\n");
	for (size_t i = 0; i < result->cluster_count; i++)
		print_cluster(page, result, &result->clusters[i], &pictures);
	print_wire(page, &result->wire);
	page_print(page, TONE_PLAIN, "</main>\n</body>\n</html>\n");
}

static bool
write_html(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_document);
}

const struct report_writer report_html = {.format = "html", .write = write_html};
