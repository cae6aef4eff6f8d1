/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The short report of a cluster: its distinct faults, what is inconclusive, the owners, and the
 * sound servers in one line.
 *
 * The number of faults that are told in full is the caller's choice (struct text_room): it makes
 * the report fit a screen. A fault that is not told in full has one line and its servers.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "fold.h"
#include "tally.h"
#include "text.h"
#include "text_words.h"
#include "words.h"

#define INDENT       4
#define SERVER_LINES 4 /* servers that get a line each, with their MAC */
#define OWNER_LINES  3 /* owners of one VIP, and groups of VIPs */
#define LINES_WIDE   2 /* lines of a folded list */
#define MESSAGE_MAX  240

static size_t
list_width(const struct page *page)
{
	return LINES_WIDE * (page_width(page) - INDENT);
}

static void
end_line(struct page *page)
{
	page_print(page, TONE_PLAIN, "\n");
}

static void
print_folded(struct page *page, const char *list)
{
	page_wrap(page, INDENT, list);
	end_line(page);
}

/* Few servers have a line each, with name and MAC; more are folded. */
static void
print_servers(struct page *page, const struct fault *fault)
{
	char mac[MAC_TEXT_SIZE];

	if (fault->host_count > SERVER_LINES) {
		print_folded(page,
		    fold_hosts(page->arena, fault->hosts, fault->host_count, list_width(page)));
		return;
	}
	for (size_t i = 0; i < fault->host_count; i++) {
		const struct host_result *host = fault->hosts[i];

		page_print(page, TONE_STRONG, "    %s", fold_host(page->arena, host));
		page_print(page, TONE_PLAIN, "  %s\n",
		    host->has_mac && address_is_set(&host->rip) ? mac_format(&host->mac, mac) : "");
	}
}

/* The levels that fit all of the hosts: "arp_announce 0 or 1". */
static const char *
levels_text(struct page *page, const struct fault *fault)
{
	uint16_t ignore = fault->first->arp_ignore, announce = fault->first->arp_announce;
	const char *text = "";

	for (size_t i = 0; i < fault->host_count; i++) {
		ignore = fault->hosts[i]->arp_ignore == ignore ? ignore : 0;
		announce = fault->hosts[i]->arp_announce == announce ? announce : 0;
	}
	for (size_t i = 0; i < fault->finding_count; i++) {
		const bool reply = strcmp(fault->findings[i]->id, "vip-reply") == 0;
		const uint16_t set = reply                                               ? ignore
				     : strcmp(fault->findings[i]->id, "vip-source") == 0 ? announce
											 : 0;

		/* There is no room for all that fits a host with both faults. */
		if (set != 0 && *text == '\0')
			text = arena_format(page->arena, "%s %s",
			    reply ? "arp_ignore" : "arp_announce",
			    reply ? words_ignore_levels(page, set)
				  : words_announce_levels(page, set));
	}
	return text;
}

/* What a fault means. A message about one VIP is more exact than the title, unless it is long. */
static const char *
meaning(struct page *page, const struct fault *fault, size_t finding)
{
	const char *message = fault->findings[finding]->message;

	if (!fault->of_hosts && fault->vip_count == 1 && strlen(message) <= MESSAGE_MAX)
		return page_safe(page, message);
	return page_safe(page, fault->findings[finding]->cause->title);
}

static void
print_meaning(struct page *page, const struct fault *fault)
{
	const char *levels = fault->of_hosts ? levels_text(page, fault) : "";

	for (size_t i = 0; i < fault->finding_count; i++)
		page_wrap(page, INDENT,
		    arena_format(page->arena, "%s%s", meaning(page, fault, i),
			i + 1 < fault->finding_count ? ";" : ""));
	if (*levels != '\0')
		page_wrap(page, INDENT, arena_format(page->arena, "(%s)", levels));
	end_line(page);
}

/* The first frame that shows the fault. */
static void
print_frame(struct page *page, const struct fault *fault)
{
	for (size_t i = 0; i < fault->finding_count; i++) {
		const struct evidence *evidence = fault->findings[i]->evidence;

		if (fault->findings[i]->evidence_count == 0)
			continue;
		page_print(page, TONE_PLAIN, "    %s ", words_clock(page, evidence->time_us));
		page_wrap(page, INDENT + 4, page_safe(page, evidence->summary));
		if (evidence->frame != 0)
			page_wrap(page, INDENT + 4,
			    arena_format(page->arena, "(frame %" PRIu64 ")", evidence->frame));
		end_line(page);
		return;
	}
}

static void
print_remedy(struct page *page, const struct fault *fault)
{
	const char *remedy = page_safe_lines(page, fault->findings[0]->remedy);

	if (*remedy == '\0')
		return;
	page_print(page, TONE_STRONG, "    remedy%s:\n",
	    fault_subjects(fault) == 1 ? ""
	    : fault->alike             ? " for the first; put in the others' addresses"
				       : " for each of them");
	while (*remedy != '\0') {
		const size_t length = strcspn(remedy, "\n");

		page_print(page, TONE_PLAIN, "      %.*s\n", (int)length, remedy);
		remedy += length;
		remedy += *remedy == '\n';
	}
}

static void
print_heading(struct page *page, const struct text_room *room, const struct fault *fault)
{
	static const enum tone tones[] = {
	    [SEVERITY_NOTE] = TONE_STRONG,
	    [SEVERITY_INCONCLUSIVE] = TONE_DOUBT,
	    [SEVERITY_VIOLATION] = TONE_BAD,
	};

	page_print(page, tones[fault->severity], "%s", severity_name(fault->severity));
	page_print(page, TONE_PLAIN, ":");
	page_wrap(page, INDENT, page_safe(page, fault_ids(fault, page->arena)));
	if (fault->of_hosts && fault->host_count > 1)
		page_wrap(
		    page, INDENT, arena_format(page->arena, "of %zu hosts", fault->host_count));
	if (room->several_vips || !fault->of_hosts)
		page_wrap(page, INDENT,
		    arena_format(page->arena, "%s %s", fault->of_hosts ? "for" : "of VIP",
			fold_vips(
			    page->arena, fault->vips, fault->vip_count, page_width(page) / 2)));
	end_line(page);
}

/* A fault in one line or two: "inconclusive: 10.77.0.16 (vip-bound): the host ...". */
static void
print_line(struct page *page, const struct fault *fault)
{
	static const enum tone tones[] = {
	    [SEVERITY_NOTE] = TONE_STRONG,
	    [SEVERITY_INCONCLUSIVE] = TONE_DOUBT,
	    [SEVERITY_VIOLATION] = TONE_BAD,
	};
	const size_t width = page_width(page);

	page_print(page, tones[fault->severity], "%s", severity_name(fault->severity));
	page_print(page, TONE_PLAIN, ":");
	page_wrap(page, INDENT,
	    arena_format(page->arena, "%s (%s): %s",
		fault->of_hosts ? fold_hosts(page->arena, fault->hosts, fault->host_count, width)
				: fold_vips(page->arena, fault->vips, fault->vip_count, width),
		page_safe(page, fault_ids(fault, page->arena)), meaning(page, fault, 0)));
	end_line(page);
}

static void
print_fault(struct page *page, const struct text_room *room, const struct fault *fault)
{
	end_line(page);
	print_heading(page, room, fault);
	print_meaning(page, fault);
	print_servers(page, fault);
	print_frame(page, fault);
	print_remedy(page, fault);
}

/* Prints the faults of the severities from `worst` down to `best`. */
static void
print_faults(struct page *page, struct text_room *room, const struct faults *faults,
    enum severity worst, enum severity best)
{
	bool begun = false;

	for (size_t i = 0; i < faults->count; i++) {
		const struct fault *fault = &faults->fault[i];

		if (fault->severity > worst || fault->severity < best)
			continue;
		if (room->shown == 0) {
			room->left_out++;
			continue;
		}
		room->shown--;
		if (fault->severity == SEVERITY_VIOLATION && room->full > 0) {
			room->full--;
			print_fault(page, room, fault);
			begun = false;
			continue;
		}
		if (!begun)
			end_line(page);
		begun = true;
		room->cut += fault->severity == SEVERITY_VIOLATION;
		print_line(page, fault);
	}
}

static int
by_owner(const void *one, const void *other)
{
	const struct vip_result *a = *(const struct vip_result *const *)one;
	const struct vip_result *b = *(const struct vip_result *const *)other;
	int order = (a->owner_count > 1) - (b->owner_count > 1);

	if (order == 0)
		order = (a->owner_count > 0) - (b->owner_count > 0);
	if (order == 0 && a->owner_count > 0)
		order = memcmp(&a->owners[0].mac, &b->owners[0].mac, sizeof(a->owners[0].mac));
	if (order == 0)
		order = address_compare(&a->vip, &b->vip);
	return order;
}

static bool
have_same_owner(const struct vip_result *a, const struct vip_result *b)
{
	if (a->owner_count != b->owner_count || a->owner_count > 1)
		return false;
	return a->owner_count == 0 || (mac_equal(&a->owners[0].mac, &b->owners[0].mac) &&
					  a->owners[0].expected == b->owners[0].expected);
}

/* The owners of `count` VIPs that have the same ones. */
static void
print_owners(struct page *page, const struct vip_result *const *vips, size_t count, bool several)
{
	const struct vip_result *vip = vips[0];
	size_t lines = 0;
	const char *of = several ? arena_format(page->arena, " of %s",
				       fold_vips(page->arena, vips, count, page_width(page) / 2))
				 : "";

	if (vip->owner_count == 0)
		page_print(page, TONE_PLAIN, "no owner%s\n", of);
	/* The director comes first, then those that are not. */
	for (int expected = 1; expected >= 0; expected--)
		for (size_t i = 0; i < vip->owner_count && lines < OWNER_LINES; i++)
			if ((int)vip->owners[i].expected == expected) {
				page_print(page, TONE_PLAIN, "owner%s:", of);
				print_folded(page, text_owner(page, &vip->owners[i]));
				lines++;
			}
	if (vip->owner_count > OWNER_LINES)
		page_print(
		    page, TONE_PLAIN, "and %zu more owners\n", vip->owner_count - OWNER_LINES);
}

static void
print_all_owners(struct page *page, const struct cluster_result *cluster)
{
	const struct vip_result **vips =
	    arena_alloc(page->arena, cluster->vip_count, sizeof(struct vip_result *));
	size_t groups = 0;

	for (size_t i = 0; i < cluster->vip_count; i++)
		vips[i] = &cluster->vips[i];
	if (cluster->vip_count > 0)
		qsort(vips, cluster->vip_count, sizeof(struct vip_result *), by_owner);
	for (size_t start = 0, end = 0; start < cluster->vip_count; start = end) {
		while (end < cluster->vip_count && have_same_owner(vips[start], vips[end]))
			end++;
		end = end > start ? end : start + 1;
		if (groups++ == OWNER_LINES) {
			page_print(page, TONE_PLAIN, "and the owners of %zu more VIPs\n",
			    cluster->vip_count - start);
			return;
		}
		print_owners(page, &vips[start], end - start, cluster->vip_count > 1);
	}
}

static void
print_sound(struct page *page, const struct cluster_result *cluster)
{
	size_t count;
	const struct host_result *const *hosts = fold_sound(page->arena, cluster, &count);

	if (count == 0)
		return;
	page_print(page, TONE_GOOD, "%zu compliant", count);
	page_print(page, TONE_PLAIN, ":");
	print_folded(page, fold_hosts(page->arena, hosts, count, list_width(page)));
}

void
text_cluster(struct page *page, const struct cluster_result *cluster, struct text_room *room)
{
	const struct faults faults = faults_of(cluster, page->arena);

	room->several_vips = cluster->vip_count > 1;
	print_faults(page, room, &faults, SEVERITY_VIOLATION, SEVERITY_VIOLATION);
	print_faults(page, room, &faults, SEVERITY_INCONCLUSIVE, SEVERITY_INCONCLUSIVE);
	end_line(page);
	if (cluster->error == NULL || cluster->hosts_alive > 0)
		print_all_owners(page, cluster);
	print_sound(page, cluster);
	print_faults(page, room, &faults, SEVERITY_NOTE, SEVERITY_NOTE);
}
