/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report for an engineer at a terminal. The first line and the last say the verdict and who is
 * at fault. Between them each distinct fault is told once, and the whole fits a screen of 40 lines.
 *
 * The verbose report unfolds all: each VIP has its owners and one line per host. The findings of
 * the cluster follow, with evidence and remedies.
 */
#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "faults.h"
#include "text.h"
#include "text_words.h"
#include "words.h"

#define INDENT    4
#define LINES_MAX 40 /* of the short report */

static const char *
asked_noun(const struct cluster_result *cluster)
{
	const bool one = cluster->hosts_asked == 1;

	if (cluster->discovered)
		return one ? "address" : "addresses";
	return one ? "host" : "hosts";
}

static void
print_heading(struct page *page, const struct cluster_result *cluster, uint64_t started_us)
{
	char ip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	page_print(page, TONE_STRONG, "%s", page_safe(page, cluster->name));
	if (cluster->error != NULL) {
		page_wrap(page, INDENT,
		    arena_format(
			page->arena, "could not be audited: %s", page_safe(page, cluster->error)));
		page_print(page, TONE_PLAIN, "\n");
		return;
	}
	page_wrap(page, INDENT,
	    arena_format(page->arena,
		"on %s%s, probe %s (%s), %zu of %zu %s answered, listened for "
		"%.1f s, %s",
		page_safe(page, cluster->interface),
		cluster->vlan == 0 ? "" : arena_format(page->arena, " VLAN %u", cluster->vlan),
		address_format(&cluster->probe_ip, ip), mac_format(&cluster->probe_mac, mac),
		cluster->hosts_alive, cluster->hosts_asked, asked_noun(cluster),
		(double)cluster->listened_us / 1e6, words_date(page, started_us)));
	page_print(page, TONE_PLAIN, "\n");
	if (page->style->verbose > 0 && cluster->discovered && cluster->sweep_bound >= 0)
		page_print(page, TONE_PLAIN,
		    "  sweep: the probability that a host that is up was missed is below %.1e\n",
		    cluster->sweep_bound);
}

/* A VIP should have one owner. If it has several, each is a suspect and gets a line. */
static void
print_owners(struct page *page, const struct vip_result *vip)
{
	if (vip->owner_count == 0)
		page_wrap(page, INDENT, "no owner");
	else if (vip->owner_count == 1)
		page_wrap(page, INDENT,
		    arena_format(page->arena, "owner %s", text_owner(page, &vip->owners[0])));
	else
		page_wrap(page, INDENT, arena_format(page->arena, "%zu owners:", vip->owner_count));
	page_print(page, TONE_PLAIN, "\n");
	for (size_t i = 0; vip->owner_count > 1 && i < vip->owner_count; i++)
		page_print(page, TONE_PLAIN, "    %s\n", text_owner(page, &vip->owners[i]));
}

#define UNJUDGED_SHOWN 8

/* "10.77.0.13, 10.77.0.14": the hosts that a sweep found, but that show no sign of the VIP. */
static const char *
list_unjudged(struct page *page, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];
	const char *list = "";

	for (size_t i = 0; i < vip->unjudged_count && i < UNJUDGED_SHOWN; i++)
		list = arena_format(page->arena, "%s%s%s", list, i == 0 ? "" : ", ",
		    address_format(&vip->unjudged[i].ip, address));
	return vip->unjudged_count <= UNJUDGED_SHOWN
		   ? list
		   : arena_format(page->arena, "%s and %zu more", list,
			 vip->unjudged_count - UNJUDGED_SHOWN);
}

static void
print_unjudged(struct page *page, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	if (vip->unjudged_count == 0)
		return;
	page_print(page, TONE_PLAIN, "not judged:");
	page_wrap(page, INDENT,
	    arena_format(page->arena,
		"%zu host%s without a sign of %s: %s; if one is a real server, name it: --rs HOSTS",
		vip->unjudged_count, text_plural(vip->unjudged_count),
		address_format(&vip->vip, address), list_unjudged(page, vip)));
	page_print(page, TONE_PLAIN, "\n");
}

/* What the check gateway says, with each router's reason. */
static void
print_gateway(struct page *page, const struct gateway_result *gateway)
{
	char ip[ADDRESS_TEXT_SIZE];

	if (gateway == NULL)
		return;
	page_print(page, TONE_PLAIN, "\n");
	if (gateway->router_count == 0) {
		page_print(page, TONE_PLAIN, "  gateway:");
		page_wrap(page, INDENT,
		    arena_format(page->arena, "%s, %s", outcome_name(gateway->outcome),
			page_safe(page, gateway->reason)));
		page_print(page, TONE_PLAIN, "\n");
	}
	for (size_t i = 0; i < gateway->router_count; i++) {
		const struct router_result *router = &gateway->routers[i];

		page_print(page, TONE_PLAIN, "  gateway %s:", address_format(&router->ip, ip));
		page_wrap(page, INDENT,
		    arena_format(page->arena, "%s, %s", outcome_name(router->outcome),
			page_safe(page, router->reason)));
		page_print(page, TONE_PLAIN, "\n");
	}
}

static void
print_vip(struct page *page, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	page_print(page, TONE_PLAIN, "\n");
	page_print(page, TONE_STRONG, "VIP %s", address_format(&vip->vip, address));
	page_print(page, TONE_PLAIN, ": ");
	page_print(page, text_verdict_tone(vip->verdict), "%s", verdict_name(vip->verdict));
	page_print(page, TONE_PLAIN, ",");
	print_owners(page, vip);
	text_table(page, vip);
	if (vip->unjudged_count > 0)
		page_print(page, TONE_PLAIN, "\n  ");
	print_unjudged(page, vip);
	if (page->style->verbose > 0 && vip->owner_bound >= 0)
		page_print(page, TONE_PLAIN,
		    "\n  owners: the probability that a further one was missed is below %.1e\n",
		    vip->owner_bound);
	text_basis(page, vip);
	print_gateway(page, vip->gateway);
}

static void
print_wire(struct page *page, const struct wire_result *wire)
{
	page_print(page, TONE_PLAIN,
	    "wire: %" PRIu64 " frame%s sent (%" PRIu64 " broadcast%s), %" PRIu64
	    " captured, %" PRIu64 " dropped by the kernel;\n",
	    wire->frames_sent, text_plural(wire->frames_sent), wire->broadcasts_sent,
	    text_plural(wire->broadcasts_sent), wire->frames_captured, wire->kernel_drops);
	page_print(
	    page, TONE_PLAIN, "      %.2f%% of the exchanges lost\n", 100 * wire->loss_estimate);
}

static const char *
ended_text(struct page *page, const struct result *result)
{
	switch (result->ending.by) {
	case ENDED_DEADLINE:
		return "the time of --timeout was over";
	case ENDED_SIGNAL:
		return arena_format(
		    page->arena, "signal %d ended the audit", result->ending.signal);
	default:
		return "the audit ended";
	}
}

static void
print_whole(struct page *page, const struct result *result)
{
	if (!result->complete) {
		page_print(page, TONE_BAD, "INCOMPLETE");
		page_print(page, TONE_PLAIN, ": %s before everything was decided\n\n",
		    ended_text(page, result));
	}
	for (size_t i = 0; i < result->cluster_count; i++) {
		const struct cluster_result *cluster = &result->clusters[i];

		print_heading(page, cluster, result->started_us);
		for (size_t k = 0; k < cluster->vip_count; k++)
			print_vip(page, &cluster->vips[k]);
		page_print(page, TONE_PLAIN, "\n");
		text_findings(page, cluster);
	}
	print_wire(page, &result->wire);
	page_print(page, TONE_PLAIN, "\n");
}

/* Says what is not in the short report. */
static void
print_left_out(struct page *page, const struct text_room *room, size_t clusters)
{
	if (room->left_out > 0)
		page_print(page, TONE_PLAIN, "and %zu more findings%s: see -v\n", room->left_out,
		    clusters > 0 ? arena_format(page->arena, ", in %zu more clusters", clusters)
				 : "");
	if (room->cut > 0)
		page_print(page, TONE_PLAIN,
		    "frames and remedies of %zu of the violations: see -v\n", room->cut);
}

static void
print_sound_clusters(struct page *page, const struct result *result)
{
	size_t sound = 0;

	for (size_t i = 0; i < result->cluster_count; i++)
		sound += result->clusters[i].verdict == VERDICT_COMPLIANT;
	if (result->cluster_count == 1 || sound == 0)
		return;
	page_print(
	    page, TONE_PLAIN, "\n%zu of %zu clusters compliant\n", sound, result->cluster_count);
}

static void
print_short(struct page *page, const struct result *result, struct text_room room)
{
	const bool one = result->cluster_count == 1;
	size_t clusters = 0;

	text_headline(page, result);
	if (!result->complete)
		page_print(page, TONE_PLAIN, "%s before everything was decided\n",
		    ended_text(page, result));
	for (size_t i = 0; i < result->cluster_count; i++) {
		const struct cluster_result *cluster = &result->clusters[i];

		if (!one && cluster->verdict == VERDICT_COMPLIANT)
			continue;
		if (!one && room.shown == 0) {
			clusters++;
			room.left_out++;
			continue;
		}
		if (!one) {
			page_print(page, TONE_PLAIN, "\n");
			page_print(page, TONE_STRONG, "%s", page_safe(page, cluster->name));
			page_print(page, TONE_PLAIN, ": %s\n", verdict_name(cluster->verdict));
		}
		text_cluster(page, cluster, &room);
	}
	print_sound_clusters(page, result);
	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++)
			print_unjudged(page, &result->clusters[i].vips[k]);
	print_left_out(page, &room, clusters);
	/* If the kernel dropped frames, silence proves nothing. This is always reported. */
	if (result->wire.kernel_drops > 0)
		print_wire(page, &result->wire);
	text_cost(page, result);
	text_summary(page, result);
}

/* The lines that a short report with this room has. -1: no memory to find out. */
static long
count_lines(const struct page *page, const struct result *result, const struct text_room *room)
{
	const struct report_style plain = {.width = page_width(page)};
	struct page trial = {.style = &plain, .arena = arena_new()};
	char *text = NULL;
	size_t size = 0;
	long lines = 0;

	trial.stream = open_memstream(&text, &size);
	if (trial.stream == NULL) {
		arena_free(trial.arena);
		return -1;
	}
	print_short(&trial, result, *room);
	(void)fclose(trial.stream);
	for (const char *line = text; line != NULL && (line = strchr(line, '\n')) != NULL; line++)
		lines++;
	free(text);
	arena_free(trial.arena);
	return lines;
}

static size_t
count_faults(const struct result *result)
{
	struct arena *arena = arena_new();
	size_t count = 0;

	for (size_t i = 0; i < result->cluster_count; i++)
		count += faults_of(&result->clusters[i], arena).count;
	arena_free(arena);
	return count;
}

/* Takes room from the last faults until the report fits: first what is told in full, then whether
 * it is told at all. */
static struct text_room
fit(const struct page *page, const struct result *result)
{
	struct text_room room = {.shown = count_faults(result)};

	room.full = room.shown < LINES_MAX ? room.shown : LINES_MAX;
	room.shown = room.full;
	while (count_lines(page, result, &room) > LINES_MAX && room.shown > 1) {
		if (room.full > 0)
			room.full--;
		else
			room.shown--;
	}
	return room;
}

/* What changed since the last audit. */
static void
print_drift(struct page *page, const struct result *result)
{
	const struct drift *drift = page->style->drift;

	text_headline(page, result);
	page_print(page, TONE_PLAIN, "\n");
	page_print(page, TONE_STRONG, "changed since %s:\n", words_date(page, drift->since_us));
	for (size_t i = 0; i < drift->line_count; i++) {
		page_wrap(page, INDENT, drift->lines[i]);
		page_print(page, TONE_PLAIN, "\n");
	}
	page_print(page, TONE_PLAIN, "\n");
	text_summary(page, result);
}

static void
print_text(struct page *page, const struct result *result)
{
	if (page->style->drift != NULL && !page->style->quiet) {
		print_drift(page, result);
	} else if (page->style->quiet) {
		text_summary(page, result);
	} else if (page->style->verbose > 0) {
		text_headline(page, result);
		page_print(page, TONE_PLAIN, "\n");
		print_whole(page, result);
		text_cost(page, result);
		text_summary(page, result);
	} else {
		print_short(page, result, fit(page, result));
	}
}

static bool
write_text(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_text);
}

const struct report_writer report_text = {.format = "text", .write = write_text};
