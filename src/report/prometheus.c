/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prometheus's text format, for the textfile collector of node_exporter. Each metric has its help
 * and type, and all of its samples follow. No two samples of a metric have the same labels: the
 * collector would refuse the file. A host without a sample of its own is inconclusive, and never
 * counts as compliant.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/text_counts.h"
#include "markup.h"
#include "words.h"

static void
print_type(struct page *page, const char *name, const char *help)
{
	page_print(page, TONE_PLAIN, "# HELP arpaudit_%s %s\n", name, help);
	page_print(page, TONE_PLAIN, "# TYPE arpaudit_%s gauge\n", name);
}

static void
print_number(struct page *page, const char *name, const char *help, double value)
{
	print_type(page, name, help);
	page_print(page, TONE_PLAIN, "arpaudit_%s %.15g\n", name, value);
}

/* The audit as a whole. */
static void
print_run(struct page *page, const struct result *result)
{
	const struct wire_result *wire = &result->wire;

	print_number(page, "last_run_timestamp_seconds", "When the last audit ended.",
	    (double)result->finished_us / 1e6);
	print_number(page, "last_run_duration_seconds", "How long the last audit took.",
	    (double)(result->finished_us - result->started_us) / 1e6);
	print_number(page, "last_run_complete",
	    "1 if the last audit decided everything, 0 if it was interrupted.",
	    result->complete ? 1 : 0);
	print_number(page, "last_run_exit_status",
	    "Exit status of the last audit: 0 compliant, 1 violation, 2 inconclusive.",
	    result->exit_status);
	print_number(page, "last_run_frames_sent", "Frames that the last audit sent.",
	    (double)wire->frames_sent);
	print_number(page, "last_run_broadcasts_sent", "Broadcasts among the frames sent.",
	    (double)wire->broadcasts_sent);
	print_number(page, "last_run_frames_captured", "Frames that the last audit captured.",
	    (double)wire->frames_captured);
	print_number(page, "last_run_kernel_drops",
	    "Frames that the kernel dropped before the last audit saw them.",
	    (double)wire->kernel_drops);
	print_number(page, "last_run_loss_ratio",
	    "Estimated loss of one exchange of request and reply, 0 to 1.", wire->loss_estimate);
	print_number(page, "last_run_leaks_provoked",
	    "Claims of a VIP that the last audit provoked.", wire->leaks_provoked);
	print_number(page, "last_run_owner_restored",
	    "1 if the owner claimed the VIP back after each leak, or none was provoked.",
	    wire->owner_restored ? 1 : 0);
}

static const char *
vip_labels(struct page *page, const struct cluster_result *cluster, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	return arena_format(page->arena, "cluster=\"%s\",vip=\"%s\"",
	    markup_label(page, cluster->name), address_format(&vip->vip, address));
}

/* A metric that has samples for each VIP. */
typedef void vip_printer(struct page *page, const char *labels, const struct vip_result *vip);

static void
print_vips(struct page *page, const struct result *result, const char *name, const char *help,
    vip_printer *print)
{
	print_type(page, name, help);
	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++) {
			const struct vip_result *vip = &result->clusters[i].vips[k];

			print(page, vip_labels(page, &result->clusters[i], vip), vip);
		}
}

static void
vip_compliant(struct page *page, const char *labels, const struct vip_result *vip)
{
	if (vip->verdict != VERDICT_INCONCLUSIVE)
		page_print(page, TONE_PLAIN, "arpaudit_vip_compliant{%s} %d\n", labels,
		    vip->verdict == VERDICT_COMPLIANT ? 1 : 0);
}

static void
vip_inconclusive(struct page *page, const char *labels, const struct vip_result *vip)
{
	page_print(page, TONE_PLAIN, "arpaudit_vip_inconclusive{%s} %d\n", labels,
	    vip->verdict == VERDICT_INCONCLUSIVE ? 1 : 0);
}

static void
vip_owners(struct page *page, const char *labels, const struct vip_result *vip)
{
	page_print(page, TONE_PLAIN, "arpaudit_vip_owners{%s} %zu\n", labels, vip->owner_count);
}

static void
vip_owner_info(struct page *page, const char *labels, const struct vip_result *vip)
{
	char mac[MAC_TEXT_SIZE], ip[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < vip->owner_count; i++) {
		const struct owner_result *owner = &vip->owners[i];

		page_print(page, TONE_PLAIN,
		    "arpaudit_vip_owner_info{%s,mac=\"%s\",ip=\"%s\",expected=\"%s\"} 1\n", labels,
		    mac_format(&owner->mac, mac),
		    address_is_set(&owner->ip) ? address_format(&owner->ip, ip) : "",
		    owner->expected ? "true" : "false");
	}
}

static void
vip_hosts(struct page *page, const char *labels, const struct vip_result *vip)
{
	size_t by_verdict[VERDICT_VIOLATION + 1] = {0};

	for (size_t i = 0; i < vip->host_count; i++)
		by_verdict[vip->hosts[i].verdict]++;
	for (enum verdict verdict = VERDICT_COMPLIANT; verdict <= VERDICT_VIOLATION; verdict++)
		page_print(page, TONE_PLAIN, "arpaudit_vip_hosts{%s,verdict=\"%s\"} %zu\n", labels,
		    verdict_name(verdict), by_verdict[verdict]);
}

/* Hosts at fault, for each check of the hosts and each finding of the VIP. */
static void
check_violations(struct page *page, const char *labels, const struct vip_result *vip)
{
	const size_t checks = vip->host_count == 0 ? 0 : vip->hosts[0].check_count;

	for (size_t k = 0; k < checks; k++) {
		size_t count = 0;

		for (size_t i = 0; i < vip->host_count; i++)
			count += vip->hosts[i].checks[k].outcome == OUTCOME_FAIL;
		page_print(page, TONE_PLAIN, "arpaudit_check_violations{%s,check=\"%s\"} %zu\n",
		    labels, markup_label(page, vip->hosts[0].checks[k].title->name), count);
	}
}

/* A VIP's own findings: their number by id. */
static void
vip_violations(struct page *page, const char *labels, const struct vip_result *vip)
{
	struct text_counts counts = {.arena = page->arena};

	for (size_t i = 0; i < vip->finding_count; i++)
		if (vip->findings[i].severity == SEVERITY_VIOLATION)
			(*text_counts_of(&counts, vip->findings[i].id))++;
	for (size_t i = 0; i < vip->finding_count; i++) {
		size_t *const count = text_counts_of(&counts, vip->findings[i].id);

		if (*count > 0)
			page_print(page, TONE_PLAIN,
			    "arpaudit_vip_violations{%s,finding=\"%s\"} %zu\n", labels,
			    markup_label(page, vip->findings[i].id), *count);
		*count = 0;
	}
	text_counts_free(&counts);
}

/* The labels and verdict of a host. */
struct sample {
	const char *labels;
	enum verdict verdict;
};

static int
compare_samples(const void *one, const void *other)
{
	const struct sample *a = one, *b = other;
	const int order = strcmp(a->labels, b->labels);

	return order != 0 ? order : (int)b->verdict - (int)a->verdict;
}

/* Prints one sample for each set of labels. A host that stands in the report twice, as a claimant
 * too, has the worse verdict. */
static void
print_hosts(struct page *page, const char *vip_label, const struct vip_result *vip,
    void (*print)(struct page *page, const struct sample *sample))
{
	struct sample *samples = arena_alloc(page->arena, vip->host_count, sizeof(*samples));

	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];

		samples[i] = (struct sample){
		    .labels = arena_format(page->arena, "%s,rip=\"%s\",name=\"%s\"", vip_label,
			words_address(page, host), markup_label(page, host->name)),
		    .verdict = host->verdict,
		};
	}
	if (vip->host_count > 0)
		qsort(samples, vip->host_count, sizeof(*samples), compare_samples);
	for (size_t i = 0; i < vip->host_count; i++)
		if (i == 0 || strcmp(samples[i].labels, samples[i - 1].labels) != 0)
			print(page, &samples[i]);
}

static void
print_compliant(struct page *page, const struct sample *sample)
{
	if (sample->verdict != VERDICT_INCONCLUSIVE)
		page_print(page, TONE_PLAIN, "arpaudit_host_compliant{%s} %d\n", sample->labels,
		    sample->verdict == VERDICT_COMPLIANT ? 1 : 0);
}

static void
print_inconclusive(struct page *page, const struct sample *sample)
{
	page_print(page, TONE_PLAIN, "arpaudit_host_inconclusive{%s} %d\n", sample->labels,
	    sample->verdict == VERDICT_INCONCLUSIVE ? 1 : 0);
}

static void
host_compliant(struct page *page, const char *labels, const struct vip_result *vip)
{
	print_hosts(page, labels, vip, print_compliant);
}

static void
host_inconclusive(struct page *page, const char *labels, const struct vip_result *vip)
{
	print_hosts(page, labels, vip, print_inconclusive);
}

static const struct {
	const char *name, *help;
	vip_printer *print;
} vip_metrics[] = {
    {"vip_compliant", "1 if the VIP is compliant, 0 if not; absent if inconclusive.",
	vip_compliant},
    {"vip_inconclusive", "1 if the audit of the VIP was inconclusive.", vip_inconclusive},
    {"vip_owners", "MACs that answer ARP requests for the VIP.", vip_owners},
    {"vip_owner_info", "A MAC that answers ARP requests for the VIP.", vip_owner_info},
    {"vip_hosts", "Hosts of the VIP, by verdict.", vip_hosts},
    {"vip_violations", "Violations of the VIP as a whole, by finding.", vip_violations},
    {"check_violations", "Hosts of the VIP that failed the check.", check_violations},
    {"host_compliant", "1 if the host is compliant, 0 if not; absent if inconclusive.",
	host_compliant},
    {"host_inconclusive", "1 if the audit of the host was inconclusive.", host_inconclusive},
};

static void
print_metrics(struct page *page, const struct result *result)
{
	print_run(page, result);
	for (size_t i = 0; i < sizeof(vip_metrics) / sizeof(vip_metrics[0]); i++)
		print_vips(
		    page, result, vip_metrics[i].name, vip_metrics[i].help, vip_metrics[i].print);
}

static bool
write_prometheus(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_metrics);
}

const struct report_writer report_prometheus = {.format = "prometheus", .write = write_prometheus};
