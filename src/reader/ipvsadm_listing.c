/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A listing: what ipvsadm -L prints for people, and /proc/net/ip_vs with its hexadecimal numbers.
 * Without -n a listing cuts names off, and some of its variants have no forwarding column; both are
 * refused.
 */
#include <ctype.h>
#include <string.h>

#include "ipvsadm.h"

/* A listing cuts "NAME:PORT" off at 28 octets in some versions and at 33 or 34 in others
 * (ipvsadm.c, print_service_entry()), so a name that fills the column may lack its end. */
#define NAME_SURE_MAX 27

#define PRINT_NUMBERS "print it with 'ipvsadm -Sn'"

static bool
is_hexadecimal(const char *text, size_t digits)
{
	size_t length = 0;

	while (isxdigit((unsigned char)text[length]))
		length++;
	return length == digits;
}

/* /proc/net/ip_vs: "0A000001:0050", and "[2001:0db8:...]:0050" (ip_vs_ctl.c,
 * ip_vs_info_seq_show()). */
static bool
read_kernel_endpoint(const char *text, struct endpoint *endpoint)
{
	unsigned long address, port;

	if (!is_hexadecimal(text, 8) || text[8] != ':' || !is_hexadecimal(text + 9, 4) ||
	    text[13] != '\0')
		return false;
	*endpoint = (struct endpoint){.port = -1};
	if (!collect_number(text + 9, 16, UINT16_MAX, &port))
		return false;
	address = 0;
	for (size_t i = 0; i < 8; i++)
		address = address << 4 |
			  (unsigned long)(isdigit((unsigned char)text[i])
					      ? text[i] - '0'
					      : toupper((unsigned char)text[i]) - 'A' + 10);
	endpoint->address = address_ipv4((uint32_t)address);
	endpoint->port = (long)port;
	return true;
}

/* Reads "ADDRESS:PORT" as listed. On failure the mistake has been collected. */
static bool
read_endpoint(struct ipvsadm *table, const char *text, uint8_t protocol, struct endpoint *endpoint)
{
	if (read_kernel_endpoint(text, endpoint))
		return true;
	if (collect_endpoint(table->services, text, protocol, endpoint) != ENDPOINT_GOOD ||
	    endpoint->port < 0) {
		services_mistake(table->services, table->place,
		    "'%s': expected an address and a port; a listing cuts names "
		    "off: " PRINT_NUMBERS,
		    text);
		return false;
	}
	if (endpoint->name != NULL && strlen(text) > NAME_SURE_MAX) {
		services_mistake(table->services, table->place,
		    "'%s': expected an address; this name may be cut off: " PRINT_NUMBERS, text);
		return false;
	}
	return true;
}

static uint8_t
protocol_of(const char *word)
{
	return strcmp(word, "TCP") == 0    ? SERVICE_PROTOCOL_TCP
	       : strcmp(word, "UDP") == 0  ? SERVICE_PROTOCOL_UDP
	       : strcmp(word, "SCTP") == 0 ? SERVICE_PROTOCOL_SCTP
					   : 0;
}

static void
list_service(struct ipvsadm *table, const char *word, const char *name)
{
	struct service service = {.place = table->place, .protocol = protocol_of(word)};
	struct endpoint endpoint;
	unsigned long mark;

	table->current = SIZE_MAX;
	if (service.protocol == 0) {
		/* The kernel prints eight hexadecimal digits, ipvsadm a decimal number. */
		if (!collect_number(name, strlen(name) == 8 ? 16 : 10, UINT32_MAX, &mark) ||
		    mark == 0) {
			services_mistake(
			    table->services, table->place, "'%s': expected a firewall mark", name);
			return;
		}
		service.fwmark = (uint32_t)mark;
	} else if (read_endpoint(table, name, service.protocol, &endpoint)) {
		ipvsadm_set_vip(&service, &endpoint);
	} else {
		return;
	}
	if (collect_service(table->services, &service) != NULL)
		table->current = table->services->service_count - 1;
}

static bool
read_forwarding(const char *word, enum service_forwarding *forwarding)
{
	static const struct forwarding_word methods[] = {{"Route", FORWARDING_DIRECT},
	    {"Masq", FORWARDING_MASQUERADE}, {"Tunnel", FORWARDING_TUNNEL},
	    {"Local", FORWARDING_LOCAL}};

	return collect_forwarding(methods, sizeof(methods) / sizeof(methods[0]), word, forwarding);
}

static void
list_server(struct ipvsadm *table, const char *name, const char *method)
{
	struct service *const service =
	    table->current != SIZE_MAX ? &table->services->services[table->current] : NULL;
	struct service_server server = {.place = table->place};
	struct endpoint endpoint;

	if (!read_forwarding(method, &server.forwarding)) {
		if (!table->no_forwarding)
			services_mistake(table->services, table->place,
			    "'%s': expected Route, Masq, Tunnel or Local; this listing does not "
			    "show "
			    "how packets are forwarded: " PRINT_NUMBERS,
			    method);
		table->no_forwarding = true;
		return;
	}
	if (service == NULL) {
		if (table->services->mistake_count == 0)
			services_mistake(table->services, table->place,
			    "'%s': expected the line of its service before it", name);
		return;
	}
	if (!read_endpoint(table, name, service->protocol, &endpoint))
		return;
	server.address = endpoint.address;
	server.name = endpoint.name;
	(void)collect_server(table->services, service, &server);
}

void
ipvsadm_listed(struct ipvsadm *table, size_t count, char *words[])
{
	if (strcmp(words[0], "IPVS") == 0)
		services_mistake(table->services, table->place,
		    "'%s': expected services; this lists connections: " PRINT_NUMBERS, words[0]);
	else if (strcmp(words[0], "IP") == 0 || strcmp(words[0], "Prot") == 0)
		return;
	else if (count < 2)
		services_mistake(table->services, table->place,
		    "'%s': expected an address after it: " PRINT_NUMBERS, words[0]);
	else if (strcmp(words[0], "->") != 0)
		list_service(table, words[0], words[1]);
	else if (strncmp(words[1], "RemoteAddress", 13) != 0)
		list_server(table, words[1], count > 2 ? words[2] : "");
}
