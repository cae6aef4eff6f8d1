/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * One line for each host and VIP, for grep and awk. The columns are words without blanks, always
 * the same number of them, "-" where there is nothing:
 *
 *	VERDICT CLUSTER VIP RIP NAME MAC ROLE CHECKS
 *
 * CHECKS are those that explain the verdict, with commas. What concerns a VIP as a whole has a line
 * of its own, with the role "vip" and without RIP, so that no violation is without a line.
 */
#include "markup.h"
#include "words.h"

static void
print_host(struct page *page, const struct cluster_result *cluster, const char *vip,
    const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];

	page_print(page, TONE_PLAIN, "%s %s %s %s %s %s %s %s\n", verdict_name(host->verdict),
	    markup_word(page, cluster->name), vip, address_format(&host->rip, rip),
	    markup_word(page, host->name), host->has_mac ? mac_format(&host->mac, mac) : "-",
	    role_name(host->role), markup_word(page, words_checks(page, host, ",")));
}

/* A line for each finding of the VIP that is no note. */
static void
print_vip(struct page *page, const struct cluster_result *cluster, const char *address,
    const struct vip_result *vip)
{
	for (size_t i = 0; i < vip->finding_count; i++)
		if (vip->findings[i].severity != SEVERITY_NOTE)
			page_print(page, TONE_PLAIN, "%s %s %s - - - vip %s\n",
			    severity_name(vip->findings[i].severity),
			    markup_word(page, cluster->name), address,
			    markup_word(page, vip->findings[i].id));
}

static void
print_lines(struct page *page, const struct result *result)
{
	char address[ADDRESS_TEXT_SIZE];

	for (size_t i = 0; i < result->cluster_count; i++)
		for (size_t k = 0; k < result->clusters[i].vip_count; k++) {
			const struct cluster_result *cluster = &result->clusters[i];
			const struct vip_result *vip = &cluster->vips[k];

			address_format(&vip->vip, address);
			for (size_t host = 0; host < vip->host_count; host++)
				print_host(page, cluster, address, &vip->hosts[host]);
			print_vip(page, cluster, address, vip);
		}
}

static bool
write_brief(const struct result *result, const struct report_style *style, FILE *stream)
{
	return page_write(result, style, stream, print_lines);
}

const struct report_writer report_brief = {.format = "brief", .write = write_brief};
