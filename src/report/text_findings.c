/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Findings, grouped by the remedy that they share.
 *
 * A cluster may have as many findings as it has hosts times VIPs. Sorting groups them in n log n.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "text.h"
#include "text_words.h"

#define INDENT          4
#define EVIDENCE_INDENT 18 /* the column after the time */
#define SUBJECTS_MAX    16 /* a longer list of hosts is not repeated below their findings */

/* One finding, about one host or about a VIP as a whole. */
struct item {
	const struct vip_result *vip;
	const struct finding *finding;
	const char *subject;
	bool of_host;
	size_t place; /* its index in the order of the result */
	size_t twin;  /* place of the first item that says the same, perhaps about another VIP */
	size_t group; /* place of the first item with the same remedy */
};

struct items {
	struct item *item;
	size_t count;
};

static void
add(struct items *items, const struct vip_result *vip, const struct finding *findings, size_t count,
    const char *subject, bool of_host)
{
	for (size_t i = 0; i < count; i++) {
		items->item[items->count] = (struct item){
		    .vip = vip,
		    .finding = &findings[i],
		    .subject = subject,
		    .of_host = of_host,
		    .place = items->count,
		};
		items->count++;
	}
}

static struct items
collect(struct page *page, const struct cluster_result *cluster)
{
	struct items items = {
	    .item = arena_alloc(page->arena, result_count_findings(cluster), sizeof(struct item))};
	char address[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < cluster->vip_count; i++) {
		const struct vip_result *vip = &cluster->vips[i];

		add(&items, vip, vip->findings, vip->finding_count,
		    arena_format(page->arena, "VIP %s", address_format(&vip->vip, address)), false);
		for (size_t k = 0; k < vip->host_count; k++) {
			const struct host_result *host = &vip->hosts[k];

			if (host->finding_count > 0)
				add(&items, vip, host->findings, host->finding_count,
				    text_subject(page, host), true);
		}
	}
	return items;
}

static int
compare_places(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
compare_severities(const struct item *a, const struct item *b)
{
	return (int)b->finding->severity - (int)a->finding->severity; /* the worst first */
}

static int
compare_remedies(const struct item *a, const struct item *b)
{
	const int order = compare_severities(a, b);

	return order != 0 ? order : strcmp(a->finding->remedy, b->finding->remedy);
}

static int
compare_words(const struct item *a, const struct item *b)
{
	int order = compare_remedies(a, b);

	if (order == 0)
		order = strcmp(a->subject, b->subject);
	if (order == 0)
		order = strcmp(a->finding->id, b->finding->id);
	return order != 0 ? order : strcmp(a->finding->message, b->finding->message);
}

static int
by_words(const void *one, const void *other)
{
	const struct item *a = one, *b = other;
	const int order = compare_words(a, b);

	return order != 0 ? order : compare_places(a->place, b->place);
}

static int
by_group(const void *one, const void *other)
{
	const struct item *a = one, *b = other;
	int order = compare_severities(a, b);

	if (order == 0)
		order = compare_places(a->group, b->group);
	if (order == 0)
		order = compare_places(a->twin, b->twin);
	return order != 0 ? order : compare_places(a->place, b->place);
}

/* Sets `twin` and `group` of the items from `start` on that share one remedy. The items must be
 * sorted by words. Returns the index of the first item with another remedy. */
static size_t
number_group(struct items *items, size_t start)
{
	struct item *item = items->item;
	size_t first = item[start].place, end;

	for (end = start; end < items->count; end++) {
		if (compare_remedies(&item[start], &item[end]) != 0)
			break;
		item[end].twin = end > start && compare_words(&item[end - 1], &item[end]) == 0
				     ? item[end - 1].twin
				     : item[end].place;
		if (item[end].place < first)
			first = item[end].place;
	}
	for (size_t i = start; i < end; i++) /* without a remedy, only twins form a group */
		item[i].group = *item[i].finding->remedy == '\0' ? item[i].twin : first;
	return end;
}

static void
group(struct items *items)
{
	if (items->count == 0)
		return;
	qsort(items->item, items->count, sizeof(*items->item), by_words);
	for (size_t start = 0; start < items->count;)
		start = number_group(items, start);
	qsort(items->item, items->count, sizeof(*items->item), by_group);
}

static void
print_evidence(struct page *page, const struct evidence *evidence)
{
	const time_t seconds = (time_t)(evidence->time_us / 1000000);
	struct tm local;
	char clock[16] = "--:--:--";

	if (localtime_r(&seconds, &local) != NULL)
		(void)strftime(clock, sizeof(clock), "%H:%M:%S", &local);
	page_print(
	    page, TONE_PLAIN, "    %s.%03u ", clock, (unsigned)(evidence->time_us / 1000 % 1000));
	page_wrap(page, EVIDENCE_INDENT, page_safe(page, evidence->summary));
	if (evidence->frame != 0)
		page_wrap(page, EVIDENCE_INDENT,
		    arena_format(page->arena, "(frame %" PRIu64 ")", evidence->frame));
	page_print(page, TONE_PLAIN, "\n");
}

/* Lists the VIPs of `count` twins: the message of a finding may not name them. */
static void
print_vips(struct page *page, const struct item *item, size_t count)
{
	char address[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < count; i++)
		page_wrap(page, INDENT,
		    arena_format(page->arena, "%s%s%s", i == 0 ? "for " : "",
			address_format(&item[i].vip->vip, address), i + 1 < count ? "," : ""));
}

/* Prints `count` twins as one finding, with the evidence of each. */
static void
print_finding(struct page *page, const struct item *item, size_t count, bool several_vips)
{
	static const enum tone tones[] = {
	    [SEVERITY_NOTE] = TONE_STRONG,
	    [SEVERITY_INCONCLUSIVE] = TONE_DOUBT,
	    [SEVERITY_VIOLATION] = TONE_BAD,
	};
	const struct finding *finding = item->finding;

	page_print(page, tones[finding->severity], "%s", severity_name(finding->severity));
	page_print(page, TONE_PLAIN, ":");
	page_wrap(page, INDENT,
	    arena_format(page->arena, "%s, %s", item->subject, page_safe(page, finding->id)));
	if (several_vips && item->of_host)
		print_vips(page, item, count);
	page_print(page, TONE_PLAIN, "\n");
	page_wrap(page, INDENT, page_safe(page, finding->message));
	page_print(page, TONE_PLAIN, "\n");
	for (size_t i = 0; i < count; i++)
		for (size_t k = 0; k < item[i].finding->evidence_count; k++)
			print_evidence(page, &item[i].finding->evidence[k]);
}

/* Lists the distinct subjects of `count` items. Returns their number, or SUBJECTS_MAX + 1 if the
 * list cannot hold them all. */
static size_t
list_subjects(const struct item *item, size_t count, const char *list[SUBJECTS_MAX])
{
	size_t listed = 0;

	for (size_t i = 0; i < count; i++) {
		size_t k = 0;

		while (k < listed && strcmp(list[k], item[i].subject) != 0)
			k++;
		if (k < listed)
			continue;
		if (listed == SUBJECTS_MAX)
			return SUBJECTS_MAX + 1;
		list[listed++] = item[i].subject;
	}
	return listed;
}

/* Prints the remedy of a group of `count` items. */
static void
print_remedy(struct page *page, const struct item *item, size_t count)
{
	const char *list[SUBJECTS_MAX];
	const size_t subjects = list_subjects(item, count, list);
	const char *remedy = page_safe_lines(page, item->finding->remedy);

	if (*remedy == '\0')
		return;
	page_wrap(page, INDENT,
	    subjects == 1             ? "remedy:"
	    : subjects > SUBJECTS_MAX ? "remedy for all of these:"
				      : "remedy for");
	for (size_t i = 0; subjects > 1 && subjects <= SUBJECTS_MAX && i < subjects; i++)
		page_wrap(page, INDENT,
		    arena_format(page->arena, "%s%s", list[i], i + 1 < subjects ? "," : ":"));
	page_print(page, TONE_PLAIN, "\n");
	while (*remedy != '\0') {
		const size_t length = strcspn(remedy, "\n");

		page_print(page, TONE_PLAIN, "        %.*s\n", (int)length, remedy);
		remedy += length;
		remedy += *remedy == '\n';
	}
}

void
text_findings(struct page *page, const struct cluster_result *cluster)
{
	struct items items = collect(page, cluster);
	const struct item *item = items.item;

	group(&items);
	for (size_t i = 0, start = 0; i < items.count; start = i) {
		while (i < items.count && item[i].group == item[start].group) {
			size_t twins = 1;

			while (i + twins < items.count && item[i + twins].twin == item[i].twin)
				twins++;
			print_finding(page, &item[i], twins, cluster->vip_count > 1);
			i += twins;
		}
		print_remedy(page, &item[start], i - start);
		page_print(page, TONE_PLAIN, "\n");
	}
}
