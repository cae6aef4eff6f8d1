/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * JUnit's XML, as Jenkins and others read it: a suite for each VIP, and a case for each host and
 * check. What concerns a VIP as a whole is a case of its own. A check that failed is a failure; one
 * that is inconclusive is skipped, with the reason. An audit without a case has one that is
 * skipped: a suite that ran nothing would look like a success.
 */
#include <string.h>

#include "fold.h"
#include "markup.h"
#include "words.h"

struct counts {
	size_t tests, failures, skipped;
};

static bool
is_skipped(const struct check_result *check)
{
	return check->outcome == OUTCOME_INCONCLUSIVE || check->outcome == OUTCOME_SKIPPED;
}

static struct counts
count(const struct vip_result *vip)
{
	struct counts counts = {0};

	for (size_t i = 0; i < vip->host_count; i++)
		for (size_t k = 0; k < vip->hosts[i].check_count; k++) {
			const struct check_result *check = &vip->hosts[i].checks[k];

			counts.tests++;
			counts.failures += check->outcome == OUTCOME_FAIL;
			counts.skipped += is_skipped(check);
		}
	for (size_t i = 0; i < vip->finding_count; i++) {
		if (vip->findings[i].severity == SEVERITY_NOTE)
			continue;
		counts.tests++;
		counts.failures += vip->findings[i].severity == SEVERITY_VIOLATION;
		counts.skipped += vip->findings[i].severity == SEVERITY_INCONCLUSIVE;
	}
	return counts;
}

/* The finding of a host that a check has made; NULL: none. */
static const struct finding *
find_finding(const struct host_result *host, const struct check_result *check)
{
	for (size_t i = 0; i < host->finding_count; i++)
		if (strcmp(host->findings[i].id, check->title->name) == 0)
			return &host->findings[i];
	return NULL;
}

static void
print_failure(struct page *page, const char *message, const struct finding *finding)
{
	page_print(page, TONE_PLAIN, "      <failure type=\"%s\" message=\"%s\">",
	    finding == NULL ? "failure" : markup_xml(page, finding->cause->code),
	    markup_xml(page, message));
	for (size_t i = 0; finding != NULL && i < finding->evidence_count; i++)
		page_print(page, TONE_PLAIN, "%s  %s\n",
		    words_time(page, finding->evidence[i].time_us),
		    markup_xml(page, finding->evidence[i].summary));
	if (finding != NULL)
		page_print(page, TONE_PLAIN, "%s", markup_xml_lines(page, finding->remedy));
	page_print(page, TONE_PLAIN, "</failure>\n");
}

static void
print_case(struct page *page, const char *class, const char *name)
{
	page_print(page, TONE_PLAIN, "    <testcase classname=\"%s\" name=\"%s\" time=\"0\">\n",
	    class, name);
}

static void
print_skipped(struct page *page, const char *why)
{
	page_print(page, TONE_PLAIN, "      <skipped message=\"%s\"/>\n", markup_xml(page, why));
}

static void
print_check(struct page *page, const char *class, const struct host_result *host,
    const struct check_result *check)
{
	print_case(page, class,
	    arena_format(page->arena, "%s %s", markup_xml(page, fold_host(page->arena, host)),
		markup_xml(page, check->title->name)));
	if (check->outcome == OUTCOME_FAIL)
		print_failure(page, check->reason, find_finding(host, check));
	else if (is_skipped(check))
		print_skipped(
		    page, arena_format(page->arena, "%s%s",
			      check->outcome == OUTCOME_INCONCLUSIVE ? "inconclusive: " : "",
			      check->reason));
	page_print(page, TONE_PLAIN, "    </testcase>\n");
}

static void
print_cases(struct page *page, const char *class, const struct vip_result *vip)
{
	for (size_t i = 0; i < vip->host_count; i++)
		for (size_t k = 0; k < vip->hosts[i].check_count; k++)
			print_check(page, class, &vip->hosts[i], &vip->hosts[i].checks[k]);
	for (size_t i = 0; i < vip->finding_count; i++) {
		const struct finding *finding = &vip->findings[i];

		if (finding->severity == SEVERITY_NOTE)
			continue;
		print_case(page, class,
		    arena_format(page->arena, "VIP %s", markup_xml(page, finding->id)));
		if (finding->severity == SEVERITY_VIOLATION)
			print_failure(page, finding->message, finding);
		else
			print_skipped(
			    page, arena_format(page->arena, "inconclusive: %s", finding->message));
		page_print(page, TONE_PLAIN, "    </testcase>\n");
	}
}

static void
print_suite(struct page *page, const struct result *result, const struct cluster_result *cluster,
    const struct vip_result *vip)
{
	const struct counts counts = count(vip);
	const char *host = cluster->probe_host != NULL ? cluster->probe_host : result->host;
	char address[ADDRESS_TEXT_SIZE];
	const char *class;

	address_format(&vip->vip, address);
	class = arena_format(page->arena, "%s.%s", markup_xml(page, cluster->name), address);
	page_print(page, TONE_PLAIN,
	    "  <testsuite name=\"%s\" tests=\"%zu\" failures=\"%zu\" errors=\"0\" skipped=\"%zu\" "
	    "time=\"%.3f\" timestamp=\"%.19s\" hostname=\"%s\">\n",
	    class, counts.tests, counts.failures, counts.skipped,
	    (double)(result->finished_us - result->started_us) / 1e6,
	    words_time(page, result->started_us), markup_xml(page, host == NULL ? "-" : host));
	print_cases(page, class, vip);
	page_print(page, TONE_PLAIN, "  </testsuite>\n");
}

/* For an audit that is no success although no case says why. */
static void
print_doubt(struct page *page, const struct result *result)
{
	page_print(page, TONE_PLAIN,
	    "  <testsuite name=\"arpaudit\" tests=\"1\" failures=\"0\" errors=\"0\" skipped=\"1\" "
	    "time=\"0\" timestamp=\"%.19s\" hostname=\"%s\">\n",
	    words_time(page, result->started_us),
	    markup_xml(page, result->host == NULL ? "-" : result->host));
	print_case(page, "arpaudit", "the audit as a whole");
	print_skipped(page, result->complete ? "inconclusive: no host was judged"
					     : "inconclusive: the audit was interrupted");
	page_print(page, TONE_PLAIN, "    </testcase>\n  </testsuite>\n");
}

static void
print_suites(struct page *page, const struct result *result)
{
	enum verdict worst = VERDICT_COMPLIANT;

	page_print(page, TONE_PLAIN, "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
	page_print(page, TONE_PLAIN, "<testsuites name=\"arpaudit\">\n");
	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++) {
			const struct vip_result *vip = &result->clusters[i].vips[k];

			print_suite(page, result, &result->clusters[i], vip);
			worst = vip->verdict > worst ? vip->verdict : worst;
		}
	if (result_verdict(result) > worst)
		print_doubt(page, result);
	page_print(page, TONE_PLAIN, "</testsuites>\n");
}

static bool
write_junit(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_suites);
}

const struct report_writer report_junit = {.format = "junit", .write = write_junit};
