/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parses VIPs: VIP[:PORT[/tcp|udp]], where VIP is an address or a name.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/frame.h"
#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"
#include "words.h"

/* `text` is the part of the word after the colon. */
static bool
parse_port(const char *text, const char *word, struct plan_port *port, struct error *error)
{
	const size_t digits = strspn(text, "0123456789");
	const unsigned long number = strtoul(text, NULL, 10); /* ULONG_MAX if out of range */

	if (digits == 0 || number < 1 || number > UINT16_MAX)
		return error_set(error, EXIT_USAGE, "'%s': the port must be 1 to 65535", word);
	port->number = (uint16_t)number;
	if (text[digits] == '\0' || strcmp(text + digits, "/tcp") == 0)
		port->protocol = IP_PROTOCOL_TCP;
	else if (strcmp(text + digits, "/udp") == 0)
		port->protocol = IP_PROTOCOL_UDP;
	else
		return error_set(
		    error, EXIT_USAGE, "'%s': only /tcp or /udp may follow the port", word);
	return true;
}

/* The VIP is an address, or a name that has one. */
static bool
parse_vip(const char *word, struct plan_vip *vip, struct error *error)
{
	static const char kinds[] = "a VIP: write ADDRESS[:PORT[/tcp|udp]], or a name in its place";
	const size_t length = strcspn(word, ":");
	char host[WORD_MAX + 1];
	char *name;

	*vip = (struct plan_vip){.port_count = 0};
	if (!element_check_family(word, error))
		return false;
	(void)snprintf(host, sizeof(host), "%.*s", (int)length, word);
	if (!element_host(host, kinds, &vip->address, &name, error))
		return false;
	free(name);
	if (word[length] == '\0')
		return true;
	vip->port_count = 1;
	return parse_port(word + length + 1, word, &vip->ports[0], error);
}

static struct plan_vip *
find_vip(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->vip_count; i++)
		if (address_equal(&cluster->vips[i].address, address))
			return &cluster->vips[i];
	return NULL;
}

static bool
has_port(const struct plan_vip *vip, const struct plan_port *port)
{
	for (size_t i = 0; i < vip->port_count; i++)
		if (vip->ports[i].number == port->number &&
		    vip->ports[i].protocol == port->protocol)
			return true;
	return false;
}

/* Adds the port of `word`, if it has one, to a VIP that is in the plan already. */
static bool
add_port(struct plan_vip *known, const struct plan_vip *vip, const char *word, struct error *error)
{
	if (vip->port_count == 0 || has_port(known, &vip->ports[0]))
		return true;
	if (known->port_count == PLAN_PORTS_MAX)
		return error_set(error, EXIT_USAGE,
		    "'%s': more than %d ports of one VIP: leave some out", word, PLAN_PORTS_MAX);
	known->ports[known->port_count++] = vip->ports[0];
	return true;
}

static bool
read_vip(void *context, const char *word, struct error *error)
{
	struct plan_cluster *const cluster = context;
	struct plan_vip vip, *vips, *known;

	if (!parse_vip(word, &vip, error))
		return false;
	known = find_vip(cluster, &vip.address);
	if (known != NULL)
		return add_port(known, &vip, word, error);
	if (cluster->vip_count == PLAN_VIPS_MAX)
		return error_set(error, EXIT_USAGE,
		    "more than %d VIPs: split them into several audits", PLAN_VIPS_MAX);
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
