/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A complaint is what is said of one host (or VIP as a whole) with one remedy. Complaints are
 * sorted, and neighbours that are equal become one fault.
 */
#include "faults.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "fold.h"

/* How many remedies are compared with each new one, to find its text in memory already. */
#define RECENT 16

struct complaint {
	const struct vip_result *vip;
	const struct host_result *host; /* NULL: of the VIP */
	const struct finding *finding[FAULT_CAUSES];
	size_t count;
	const char *remedy; /* with placeholders for addresses */
	size_t place;       /* in the order of the result */
	size_t first;       /* place of the first that is equal */
};

struct complaints {
	struct arena *arena;
	struct complaint *item;
	size_t count;
	const char *recent[RECENT];
	size_t next;
};

static bool
in_word(char character)
{
	return isalnum((unsigned char)character) != 0 || character == '.' || character == ':';
}

/* Whether the text begins with the address, and goes on with something else. */
static bool
begins_with(const char *text, const char *address)
{
	const size_t length = strlen(address);

	/* A colon or a full stop may follow: "10.77.0.100:PORT", "to 10.77.0.100." */
	return strncmp(text, address, length) == 0 && isalnum((unsigned char)text[length]) == 0 &&
	       !(text[length] == '.' && isdigit((unsigned char)text[length + 1]) != 0);
}

/* Copies the remedy to `general`, with the octet 1 for the VIP and 2 for the host. */
static void
generalize(const char *remedy, const char *vip, const char *host, char *general)
{
	const char *before = "";

	while (*remedy != '\0') {
		const bool start = *before == '\0' || !in_word(*before);
		const char *const address = start && begins_with(remedy, vip)    ? vip
					    : start && begins_with(remedy, host) ? host
										 : NULL;

		if (address == NULL) {
			before = remedy;
			*general++ = *remedy++;
			continue;
		}
		*general++ = address == vip ? '\1' : '\2';
		remedy += strlen(address);
		before = remedy - 1;
	}
	*general = '\0';
}

/* The generalized remedy, in memory that equal ones share where possible. */
static const char *
general_remedy(struct complaints *complaints, const char *remedy, const struct vip_result *vip,
    const struct host_result *host)
{
	char vip_text[ADDRESS_TEXT_SIZE], host_text[ADDRESS_TEXT_SIZE] = "-";
	char *general = malloc(strlen(remedy) + 1);
	const char *kept = NULL;

	if (general == NULL)
		return remedy; /* more blocks than needed, but right */
	address_format(&vip->vip, vip_text);
	if (host != NULL)
		address_format(&host->rip, host_text);
	generalize(remedy, vip_text, strcmp(host_text, "-") == 0 ? vip_text : host_text, general);
	for (size_t i = 0; i < RECENT && kept == NULL; i++)
		if (complaints->recent[i] != NULL && strcmp(complaints->recent[i], general) == 0)
			kept = complaints->recent[i];
	if (kept == NULL) {
		kept = arena_format(complaints->arena, "%s", general);
		complaints->recent[complaints->next++ % RECENT] = kept;
	}
	free(general);
	return kept;
}

/* The complaint since `start`, about one host or VIP, that the finding belongs to. */
static struct complaint *
find_complaint(struct complaints *complaints, size_t start, const struct finding *finding)
{
	for (size_t i = start; i < complaints->count; i++) {
		struct complaint *item = &complaints->item[i];

		if (item->count < FAULT_CAUSES && item->finding[0]->severity == finding->severity &&
		    *finding->remedy != '\0' &&
		    strcmp(item->finding[0]->remedy, finding->remedy) == 0)
			return item;
	}
	return NULL;
}

static void
add(struct complaints *complaints, const struct vip_result *vip, const struct host_result *host,
    const struct finding *findings, size_t count)
{
	const size_t start = complaints->count;

	for (size_t i = 0; i < count; i++) {
		struct complaint *item = find_complaint(complaints, start, &findings[i]);

		if (item == NULL) {
			item = &complaints->item[complaints->count];
			*item = (struct complaint){
			    .vip = vip,
			    .host = host,
			    .remedy = general_remedy(complaints, findings[i].remedy, vip, host),
			    .place = complaints->count++,
			};
		}
		item->finding[item->count++] = &findings[i];
	}
}

static void
collect(struct complaints *complaints, const struct cluster_result *cluster)
{
	for (size_t i = 0; i < cluster->vip_count; i++) {
		const struct vip_result *vip = &cluster->vips[i];

		for (size_t k = 0; k < vip->host_count; k++)
			add(complaints, vip, &vip->hosts[k], vip->hosts[k].findings,
			    vip->hosts[k].finding_count);
		add(complaints, vip, NULL, vip->findings, vip->finding_count);
	}
}

static int
compare_sizes(size_t a, size_t b)
{
	return (a > b) - (a < b);
}

static int
compare_complaints(const struct complaint *a, const struct complaint *b)
{
	int order = (int)b->finding[0]->severity - (int)a->finding[0]->severity;

	if (order == 0)
		order = (a->host == NULL) - (b->host == NULL);
	if (order == 0)
		order = compare_sizes(a->count, b->count);
	for (size_t i = 0; i < a->count && order == 0; i++) {
		order = strcmp(a->finding[i]->id, b->finding[i]->id);
		if (order == 0)
			order = strcmp(a->finding[i]->cause->code, b->finding[i]->cause->code);
	}
	if (order == 0 && a->remedy != b->remedy)
		order = strcmp(a->remedy, b->remedy);
	return order;
}

static int
by_fault(const void *one, const void *other)
{
	const struct complaint *a = one, *b = other;
	const int order = compare_complaints(a, b);

	return order != 0 ? order : compare_sizes(a->place, b->place);
}

static int
by_severity(const void *one, const void *other)
{
	const struct complaint *a = one, *b = other;
	int order = (int)b->finding[0]->severity - (int)a->finding[0]->severity;

	if (order == 0) /* what the VIP as a whole suffers follows from its hosts' faults */
		order = (a->host == NULL) - (b->host == NULL);
	if (order == 0)
		order = compare_sizes(a->first, b->first);
	return order != 0 ? order : compare_sizes(a->place, b->place);
}

static void
group(struct complaints *complaints)
{
	struct complaint *item = complaints->item;

	if (complaints->count == 0)
		return;
	qsort(item, complaints->count, sizeof(*item), by_fault);
	for (size_t i = 0; i < complaints->count; i++)
		item[i].first = i > 0 && compare_complaints(&item[i - 1], &item[i]) == 0
				    ? item[i - 1].first
				    : item[i].place;
	qsort(item, complaints->count, sizeof(*item), by_severity);
}

static int
by_vip(const void *one, const void *other)
{
	const struct vip_result *a = *(const struct vip_result *const *)one;
	const struct vip_result *b = *(const struct vip_result *const *)other;

	return address_compare(&a->vip, &b->vip);
}

/* Drops pointers that equal the one before. Returns how many are left. */
static size_t
unique(void *list, size_t count, int (*compare)(const void *one, const void *other))
{
	const size_t size = sizeof(void *);
	char *const start = list;
	size_t kept = 0;

	for (size_t i = 0; i < count; i++)
		if (kept == 0 || compare(start + (kept - 1) * size, start + i * size) != 0)
			memmove(start + kept++ * size, start + i * size, size);
	return kept;
}

/* Sets the hosts and VIPs of `count` equal complaints. */
static void
set_subjects(struct fault *fault, struct arena *arena, const struct complaint *item, size_t count)
{
	const struct host_result **hosts =
	    arena_alloc(arena, count, sizeof(const struct host_result *));
	const struct vip_result **vips =
	    arena_alloc(arena, count, sizeof(const struct vip_result *));

	for (size_t i = 0; i < count; i++) {
		hosts[i] = item[i].host;
		vips[i] = item[i].vip;
	}
	if (fault->of_hosts) {
		qsort(hosts, count, sizeof(const struct host_result *), fold_compare);
		fault->host_count = unique(hosts, count, fold_compare);
	}
	qsort(vips, count, sizeof(const struct vip_result *), by_vip);
	fault->vip_count = unique(vips, count, by_vip);
	fault->hosts = hosts;
	fault->vips = vips;
}

/* Makes a fault of `count` equal complaints. */
static struct fault
fault_of(struct arena *arena, const struct complaint *item, size_t count)
{
	struct fault fault = {
	    .severity = item->finding[0]->severity,
	    .of_hosts = item->host != NULL,
	    .finding_count = item->count,
	    .first = item->host,
	};

	memcpy(fault.findings, item->finding, sizeof(fault.findings));
	for (size_t i = 1; i < count; i++)
		fault.alike = fault.alike ||
			      strcmp(item[i].finding[0]->remedy, item->finding[0]->remedy) != 0;
	set_subjects(&fault, arena, item, count);
	return fault;
}

struct faults
faults_of(const struct cluster_result *cluster, struct arena *arena)
{
	const size_t most = result_count_findings(cluster);
	struct complaints complaints = {
	    .arena = arena, .item = arena_alloc(arena, most, sizeof(*complaints.item))};
	struct fault *fault;
	size_t faults = 0;

	collect(&complaints, cluster);
	group(&complaints);
	fault = arena_alloc(arena, complaints.count, sizeof(*fault));
	for (size_t start = 0, end = 0; start < complaints.count; start = end) {
		while (end < complaints.count &&
		       complaints.item[end].first == complaints.item[start].first)
			end++;
		fault[faults++] = fault_of(arena, &complaints.item[start], end - start);
	}
	return (struct faults){.fault = fault, .count = faults};
}

const char *
fault_ids(const struct fault *fault, struct arena *arena)
{
	const char **ids = arena_alloc(arena, fault->finding_count, sizeof(const char *));
	size_t count = 0;

	for (size_t i = 0; i < fault->finding_count; i++)
		if (i == 0 || strcmp(fault->findings[i]->id, fault->findings[i - 1]->id) != 0)
			ids[count++] = fault->findings[i]->id;
	return arena_join(arena, ids, count, ", ");
}

size_t
fault_subjects(const struct fault *fault)
{
	return fault->of_hosts ? fault->host_count : fault->vip_count;
}
