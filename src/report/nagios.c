/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The output of a monitoring plugin: a line of status with performance data, then a line for each
 * distinct fault (Monitoring Plugins Development Guidelines, "Plugin Output for Nagios"). A bar
 * begins performance data, so none may stand in a text.
 */
#include <inttypes.h>
#include <string.h>

#include "faults.h"
#include "fold.h"
#include "headline.h"
#include "markup.h"
#include "tally.h"

#define LINE_WIDTH  160
#define MESSAGE_MAX 240 /* octets; a plugin's output is read up to some thousand in all */

static const char *const states[] = {
    [VERDICT_COMPLIANT] = "OK",
    [VERDICT_INCONCLUSIVE] = "WARNING",
    [VERDICT_VIOLATION] = "CRITICAL",
};

/* Text without bars. */
static const char *
plugin_text(struct page *page, const char *text)
{
	char *copy = arena_format(page->arena, "%s", page_safe(page, text));

	for (char *bar = copy; (bar = strchr(bar, '|')) != NULL;)
		*bar = '/';
	return copy;
}

/* 'label'=value[UOM];[warn];[crit];[min];[max] */
static void
print_data(struct page *page, const struct result *result)
{
	const struct tally tally = tally_result(result);
	const struct wire_result *wire = &result->wire;

	page_print(page, TONE_PLAIN,
	    " | violation=%zu;;0;0;%zu inconclusive=%zu;0;;0;%zu compliant=%zu;;;0;%zu"
	    " time=%.6fs;;;0 frames=%" PRIu64 ";;;0 loss=%.2f%%;;;0;100 leaks=%" PRIu32 ";;;0\n",
	    tally.by_verdict[VERDICT_VIOLATION], tally.hosts,
	    tally.by_verdict[VERDICT_INCONCLUSIVE], tally.hosts,
	    tally.by_verdict[VERDICT_COMPLIANT], tally.hosts,
	    (double)(result->finished_us - result->started_us) / 1e6, wire->frames_sent,
	    100 * wire->loss_estimate, wire->leaks_provoked);
}

static void
print_fault(struct page *page, const struct fault *fault)
{
	const struct finding *finding = fault->findings[0];
	const bool own = !fault->of_hosts && strlen(finding->message) <= MESSAGE_MAX;
	const char *who = fault->of_hosts
			      ? fold_hosts(page->arena, fault->hosts, fault->host_count, LINE_WIDTH)
			      : fold_vips(page->arena, fault->vips, fault->vip_count, LINE_WIDTH);

	page_print(page, TONE_PLAIN, "%s: %s%s (%s): %s\n", severity_name(fault->severity),
	    fault->of_hosts ? "" : "VIP ", plugin_text(page, who),
	    plugin_text(page, fault_ids(fault, page->arena)),
	    plugin_text(page, own ? finding->message : finding->cause->title));
}

static void
print_output(struct page *page, const struct result *result)
{
	page_print(page, TONE_PLAIN, "ARPAUDIT %s: %s%s", states[result_verdict(result)],
	    result->complete ? "" : "INCOMPLETE: ",
	    plugin_text(page, headline(result, page->arena, LINE_WIDTH)));
	print_data(page, result);
	for (size_t i = 0; i < result->cluster_count; i++) {
		const struct faults faults = faults_of(&result->clusters[i], page->arena);

		for (size_t k = 0; k < faults.count; k++)
			print_fault(page, &faults.fault[k]);
	}
}

static bool
write_nagios(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_output);
}

const struct report_writer report_nagios = {
    .format = "nagios", .write = write_nagios, .for_plugin = true};
