/* SPDX-License-Identifier: BSD-2-Clause */
#include <inttypes.h>

#include "text.h"

struct tally {
	size_t vips, hosts; /* a host counts once for each VIP: it has a verdict for each */
	size_t by_verdict[VERDICT_VIOLATION + 1];
	const struct vip_result *vip; /* the last one */
	/* The finding of a VIP as a whole that explains the verdict, where no host's verdict does.
	 */
	const struct finding *cause;
};

static const struct finding *
find_cause(const struct vip_result *vip, enum verdict verdict)
{
	const enum severity severity =
	    verdict == VERDICT_VIOLATION ? SEVERITY_VIOLATION : SEVERITY_INCONCLUSIVE;

	for (size_t i = 0; i < vip->finding_count; i++)
		if (verdict != VERDICT_COMPLIANT && vip->findings[i].severity == severity)
			return &vip->findings[i];
	return NULL;
}

static void
count_vip(struct tally *tally, const struct vip_result *vip, enum verdict verdict)
{
	tally->vips++;
	tally->vip = vip;
	tally->hosts += vip->host_count;
	for (size_t i = 0; i < vip->host_count; i++)
		tally->by_verdict[vip->hosts[i].verdict]++;
	if (tally->cause == NULL)
		tally->cause = find_cause(vip, verdict);
}

static struct tally
count(const struct result *result)
{
	struct tally tally = {0};

	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++)
			count_vip(&tally, &result->clusters[i].vips[k], result->verdict);
	if (tally.by_verdict[result->verdict] > 0)
		tally.cause = NULL;
	return tally;
}

static void
print_subject(struct page *page, const struct tally *tally)
{
	if (tally->vips == 1) {
		char address[ADDRESS_TEXT_SIZE];

		page_print(page, TONE_PLAIN, "%s", address_format(&tally->vip->vip, address));
	} else if (tally->vips == 0) {
		page_print(page, TONE_PLAIN, "no VIPs");
		return;
	} else {
		page_print(page, TONE_PLAIN, "%zu VIPs", tally->vips);
	}
	if (tally->cause != NULL)
		page_print(page, TONE_PLAIN, " (%s)", page_safe(page, tally->cause->id));
	if (tally->hosts == 0)
		page_print(page, TONE_PLAIN, ", no hosts");
	else
		page_print(page, TONE_PLAIN, ", %zu %s%s", tally->hosts,
		    tally->vips == 1 ? "host" : "host verdict", text_plural(tally->hosts));
}

/* Counts of none are left out: "compliant" is not said where nothing is. */
static void
print_verdicts(struct page *page, const struct tally *tally)
{
	static const enum verdict order[] = {
	    VERDICT_COMPLIANT, VERDICT_VIOLATION, VERDICT_INCONCLUSIVE};
	const char *separator = ": ";

	for (size_t i = 0; i < sizeof(order) / sizeof(order[0]); i++) {
		if (tally->by_verdict[order[i]] == 0)
			continue;
		page_print(page, TONE_PLAIN, "%s%zu %s", separator, tally->by_verdict[order[i]],
		    verdict_name(order[i]));
		separator = ", ";
	}
}

void
text_summary(struct page *page, const struct result *result)
{
	const struct wire_result *wire = &result->wire;
	const enum verdict verdict = result_verdict(result);
	const struct tally tally = count(result);

	page_print(page, text_verdict_tone(verdict), "%s", verdict_name(verdict));
	page_print(page, TONE_PLAIN, "%s: ", result->complete ? "" : ", INCOMPLETE");
	print_subject(page, &tally);
	print_verdicts(page, &tally);
	page_print(page, TONE_PLAIN, "; %" PRIu64 " frame%s in %.2f s", wire->frames_sent,
	    text_plural(wire->frames_sent),
	    (double)(result->finished_us - result->started_us) / 1e6);
	if (wire->leaks_provoked > 0) {
		page_print(page, TONE_PLAIN, "; %" PRIu32 " leak%s provoked, ",
		    wire->leaks_provoked, text_plural(wire->leaks_provoked));
		page_print(page, wire->owner_restored ? TONE_PLAIN : TONE_BAD, "%s",
		    wire->owner_restored ? "owner restored" : "OWNER NOT RESTORED");
	}
	page_print(page, TONE_PLAIN, "\n");
}
