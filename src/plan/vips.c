/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VIPs, as users name them: VIP[:PORT[/tcp|udp]].
 */
#include <stdlib.h>
#include <string.h>

#include "arpaudit/frame.h"
#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"
#include "words.h"

/* `text` is what stands behind the colon. */
static bool
parse_port(const char *text, const char *word, struct plan_vip *vip, struct error *error)
{
	const size_t digits = strspn(text, "0123456789");
	const unsigned long port = strtoul(text, NULL, 10); /* ULONG_MAX when that is too small */

	if (digits == 0 || port < 1 || port > UINT16_MAX)
		return error_set(error, EXIT_USAGE, "'%s': a port is 1 to 65535", word);
	vip->port = (uint16_t)port;
	if (text[digits] == '\0' || strcmp(text + digits, "/tcp") == 0)
		vip->protocol = IP_PROTOCOL_TCP;
	else if (strcmp(text + digits, "/udp") == 0)
		vip->protocol = IP_PROTOCOL_UDP;
	else
		return error_set(
		    error, EXIT_USAGE, "'%s': only /tcp or /udp may follow the port", word);
	return true;
}

static bool
parse_vip(const char *word, struct plan_vip *vip, struct error *error)
{
	const size_t length = strcspn(word, ":");
	char address[ADDRESS_TEXT_SIZE] = "";

	*vip = (struct plan_vip){.port = 0};
	if (!element_check_family(word, error))
		return false;
	if (length < sizeof(address))
		memcpy(address, word, length);
	if (!address_parse(address, &vip->address))
		return error_set(
		    error, EXIT_USAGE, "'%s' is not a VIP: write ADDRESS[:PORT[/tcp|udp]]", word);
	if (!element_check_host(word, &vip->address, error))
		return false;
	return word[length] == '\0' || parse_port(word + length + 1, word, vip, error);
}

static const struct plan_vip *
find_vip(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (address_equal(&cluster->vips[i].address, address))
			return &cluster->vips[i];
	return NULL;
}

static bool
read_vip(void *context, const char *word, struct error *error)
{
	struct plan_cluster *const cluster = context;
	const struct plan_vip *known;
	struct plan_vip vip, *vips;

	if (!parse_vip(word, &vip, error))
		return false;
	known = find_vip(cluster, &vip.address);
	if (known != NULL)
		return (known->port == vip.port && known->protocol == vip.protocol) ||
		       error_set(error, EXIT_USAGE,
			   "'%s': the VIP was given with another port before: one port for each "
			   "VIP",
			   word);
	if (cluster->vip_count == PLAN_VIPS_MAX)
		return error_set(
		    error, EXIT_USAGE, "more than %d VIPs: audit them in parts", PLAN_VIPS_MAX);
	vips = list_grow(cluster->vips, cluster->vip_count, sizeof(*vips), error);
	if (vips == NULL)
		return false;
	cluster->vips = vips;
	vips[cluster->vip_count++] = vip;
	return true;
}

bool
plan_add_vips(struct plan_cluster *cluster, const char *text, struct error *error)
{
	const struct words words = {.what = "VIPs", .read = read_vip, .context = cluster};

	return words_read(&words, text, error);
}
