/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The report for an engineer at a terminal: for each VIP its owners and one line a host, then the
 * findings with their evidence and remedies, and at the end one line that says it all.
 */
#include "text.h"

#include <errno.h>
#include <inttypes.h>
#include <time.h>

#define INDENT 4

enum tone
text_verdict_tone(enum verdict verdict)
{
	static const enum tone tones[] = {
	    [VERDICT_COMPLIANT] = TONE_GOOD,
	    [VERDICT_INCONCLUSIVE] = TONE_DOUBT,
	    [VERDICT_VIOLATION] = TONE_BAD,
	};

	return tones[verdict];
}

const char *
text_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

const char *
text_subject(struct page *page, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE];

	if (!address_is_set(&host->rip)) {
		char mac[MAC_TEXT_SIZE];

		return arena_format(page->arena, "%s", mac_format(&host->mac, mac));
	}
	address_format(&host->rip, rip);
	if (host->name == NULL)
		return arena_format(page->arena, "%s", rip);
	return arena_format(page->arena, "%s (%s)", rip, page_safe(page, host->name));
}

/* Local time, which is what the engineer's clock and the hosts' logs show; with its zone, for those
 * who keep the report. */
static const char *
date(struct page *page, uint64_t time_us)
{
	const time_t seconds = (time_t)(time_us / 1000000);
	struct tm local;
	char text[64];

	if (localtime_r(&seconds, &local) == NULL ||
	    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S %Z", &local) == 0)
		return "at an unknown time";
	return arena_format(page->arena, "%s", page_safe(page, text));
}

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
	page_wrap(page, INDENT,
	    arena_format(page->arena, "on %s%s, probe %s (%s), %zu of %zu %s answered, %s",
		page_safe(page, cluster->interface),
		cluster->vlan == 0 ? "" : arena_format(page->arena, " VLAN %u", cluster->vlan),
		address_format(&cluster->probe_ip, ip), mac_format(&cluster->probe_mac, mac),
		cluster->hosts_alive, cluster->hosts_asked, asked_noun(cluster),
		date(page, started_us)));
	page_print(page, TONE_PLAIN, "\n");
}

static const char *
owner_text(struct page *page, const struct owner_result *owner)
{
	char ip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	const char *role = owner->expected ? "director" : "not known as the director";
	const char *vrrp = owner->vrrp_vrid == 0
			       ? ""
			       : arena_format(page->arena, "VRRP VRID %u, ", owner->vrrp_vrid);

	mac_format(&owner->mac, mac);
	if (!address_is_set(&owner->ip))
		return arena_format(page->arena, "%s (%s%s)", mac, vrrp, role);
	return arena_format(
	    page->arena, "%s (%s, %s%s)", address_format(&owner->ip, ip), mac, vrrp, role);
}

/* One owner is as it should be; several are a list of suspects. */
static void
print_owners(struct page *page, const struct vip_result *vip)
{
	if (vip->owner_count == 0)
		page_wrap(page, INDENT, "no owner");
	else if (vip->owner_count == 1)
		page_wrap(page, INDENT,
		    arena_format(page->arena, "owner %s", owner_text(page, &vip->owners[0])));
	else
		page_wrap(page, INDENT, arena_format(page->arena, "%zu owners:", vip->owner_count));
	page_print(page, TONE_PLAIN, "\n");
	for (size_t i = 0; vip->owner_count > 1 && i < vip->owner_count; i++)
		page_print(page, TONE_PLAIN, "    %s\n", owner_text(page, &vip->owners[i]));
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
	if (page->style->verbose > 0)
		text_basis(page, vip);
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
	    page, TONE_PLAIN, "      %.2f %% of the exchanges lost\n", 100 * wire->loss_estimate);
}

static void
print_whole(struct page *page, const struct result *result)
{
	if (!result->complete) {
		page_print(page, TONE_BAD, "INCOMPLETE");
		page_print(page, TONE_PLAIN, ": the audit was ended before all was decided\n\n");
	}
	for (size_t i = 0; i < result->cluster_count; i++) {
		const struct cluster_result *cluster = &result->clusters[i];

		print_heading(page, cluster, result->started_us);
		for (size_t k = 0; k < cluster->vip_count; k++)
			print_vip(page, &cluster->vips[k]);
		page_print(page, TONE_PLAIN, "\n");
		text_findings(page, cluster);
	}
	/* Dropped frames void silences: that is never left unsaid. */
	if (page->style->verbose > 0 || result->wire.kernel_drops > 0) {
		print_wire(page, &result->wire);
		page_print(page, TONE_PLAIN, "\n");
	}
}

static bool
write_text(const struct result *result, const struct report_style *style, FILE *stream)
{
	struct page page = {.stream = stream, .style = style, .arena = arena_new()};
	bool written;

	if (page.arena == NULL) {
		errno = ENOMEM;
		return false;
	}
	if (!style->quiet)
		print_whole(&page, result);
	text_summary(&page, result);
	written = page_finish(&page);
	arena_free(page.arena);
	errno = page.error;
	return written;
}

const struct report_writer report_text = {.format = "text", .write = write_text};
