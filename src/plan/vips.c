/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * VIPs, as users name them: VIP[:PORT[/tcp|udp]].
 */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/frame.h"
#include "arpaudit/plan.h"
#include "words.h"

static bool
read_port(const char *text, const char *word, struct plan_vip *vip, struct error *error)
{
	char *end;
	const unsigned long port = strtoul(text, &end, 10);

	if (!isdigit((unsigned char)*text) || port < 1 || port > 65535)
		return error_set(error, EXIT_USAGE, "'%s': the port must be 1 to 65535", word);
	vip->port = (uint16_t)port;
	vip->protocol = IP_PROTOCOL_TCP;
	if (strcmp(end, "/udp") == 0)
		vip->protocol = IP_PROTOCOL_UDP;
	else if (*end != '\0' && strcmp(end, "/tcp") != 0)
		return error_set(
		    error, EXIT_USAGE, "'%s': behind the port there may be /tcp or /udp", word);
	return true;
}

static bool
parse_vip(const char *word, struct plan_vip *vip, struct error *error)
{
	const size_t length = strcspn(word, ":");
	char address[ADDRESS_TEXT_SIZE] = "";

	*vip = (struct plan_vip){0};
	if (length < sizeof(address))
		memcpy(address, word, length);
	if (address_parse(word, &vip->address) && vip->address.family == ADDRESS_IPV6)
		return error_set(error, EXIT_USAGE, "'%s': IPv6 is not supported yet", word);
	if (!address_parse(address, &vip->address))
		return error_set(error, EXIT_USAGE,
		    "'%s' is not a VIP: it must be ADDRESS[:PORT[/tcp|udp]]", word);
	if (!address_is_unicast(&vip->address))
		return error_set(
		    error, EXIT_USAGE, "'%s' is no address that a host can have", word);
	return word[length] == '\0' || read_port(word + length + 1, word, vip, error);
}

static bool
read_vip(void *context, const char *word, struct error *error)
{
	struct plan_cluster *cluster = context;
	struct plan_vip vip;
	struct plan_vip *added;
	void *array = cluster->vips;

	if (!parse_vip(word, &vip, error))
		return false;
	for (size_t i = 0; i < cluster->vip_count; i++) {
		const struct plan_vip *known = &cluster->vips[i];

		if (!address_equal(&known->address, &vip.address))
			continue;
		if (known->port != vip.port || known->protocol != vip.protocol)
			return error_set(error, EXIT_USAGE,
			    "'%s': this VIP was given with another port; give one port for each "
			    "VIP",
			    word);
		return true;
	}
	if (cluster->vip_count == PLAN_VIPS_MAX)
		return error_set(
		    error, EXIT_USAGE, "more than %d VIPs: audit them in parts", PLAN_VIPS_MAX);
	added = words_grow(&array, &cluster->vip_count, sizeof(*added), error);
	cluster->vips = array;
	if (added == NULL)
		return false;
	*added = vip;
	return true;
}

bool
plan_add_vips(struct plan_cluster *cluster, const char *text, struct error *error)
{
	return words_split(text, "--vip", read_vip, cluster, error);
}
