/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * CSV (RFC 4180): a header, and a row for each host and VIP. A VIP without hosts has a row too.
 */
#include <errno.h>
#include <string.h>

#include "markup.h"
#include "words.h"

static void
print_field(struct page *page, const char *text, bool first)
{
	page_print(page, TONE_PLAIN, "%s%s", first ? "" : ",", markup_csv(page, text));
}

/* The checks of the result: they are the same for all hosts. NULL: there is no host. */
static const struct host_result *
any_host(const struct result *result)
{
	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++)
			if (result->clusters[i].vips[k].host_count > 0)
				return &result->clusters[i].vips[k].hosts[0];
	return NULL;
}

static void
print_header(struct page *page, const struct host_result *host)
{
	page_print(page, TONE_PLAIN,
	    "cluster,interface,vlan,vip,vip_verdict,rip,name,mac,role,verdict,causes,reasons,"
	    "arp_ignore,arp_announce");
	for (size_t i = 0; host != NULL && i < host->check_count; i++)
		print_field(page, host->checks[i].title->name, false);
	page_print(page, TONE_PLAIN, "\r\n");
}

static void
print_vip(struct page *page, const struct cluster_result *cluster, const struct vip_result *vip)
{
	char address[ADDRESS_TEXT_SIZE];

	print_field(page, cluster->name, true);
	print_field(page, cluster->interface, false);
	print_field(
	    page, cluster->vlan == 0 ? "" : arena_format(page->arena, "%u", cluster->vlan), false);
	print_field(page, address_format(&vip->vip, address), false);
	print_field(page, verdict_name(vip->verdict), false);
}

static void
print_host(struct page *page, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	print_field(page, address_is_set(&host->rip) ? address_format(&host->rip, rip) : "", false);
	print_field(page, host->name, false);
	print_field(page, host->has_mac ? mac_format(&host->mac, mac) : "", false);
	print_field(page, role_name(host->role), false);
	print_field(page, verdict_name(host->verdict), false);
	print_field(page, words_causes(page, host, " "), false);
	print_field(page, words_reasons(page, host, "; "), false);
	print_field(page, words_levels(page, host->arp_ignore, " "), false);
	print_field(page, words_levels(page, host->arp_announce, " "), false);
	for (size_t i = 0; i < host->check_count; i++)
		print_field(page, outcome_name(host->checks[i].outcome), false);
}

/* Leaves the fields of a host empty, except for the reasons. */
static void
print_no_host(struct page *page, const struct host_result *host, const char *reason)
{
	const size_t checks = host == NULL ? 0 : host->check_count;

	for (size_t i = 0; i < 9 + checks; i++)
		print_field(page, i == 6 ? reason : "", false);
}

static void
print_rows(struct page *page, const struct result *result)
{
	const struct host_result *any = any_host(result);

	print_header(page, any);
	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++) {
			const struct vip_result *vip = &result->clusters[i].vips[k];
			size_t host = 0;

			do {
				print_vip(page, &result->clusters[i], vip);
				if (vip->host_count == 0)
					print_no_host(page, any, result->clusters[i].error);
				else
					print_host(page, &vip->hosts[host]);
				page_print(page, TONE_PLAIN, "\r\n");
			} while (++host < vip->host_count);
		}
}

static bool
write_csv(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_rows);
}

const struct report_writer report_csv = {.format = "csv", .write = write_csv};
