/* SPDX-License-Identifier: BSD-2-Clause */
#include "element.h"

#include <arpa/inet.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#define DIGITS  "0123456789"
#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"

bool
element_check_host(const char *word, const struct address *address, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	if (address_is_unicast(address))
		return true;
	return error_set(error, EXIT_USAGE,
	    "'%s': no host can have the address %s: it is unspecified, loopback, multicast or "
	    "reserved",
	    word, address_format(address, text));
}

/* Also recognizes IPv6 in "[fd00::1]:80", "fe80::1%eth0", "fd00::/64" and "fd00::1-fd00::9". */
bool
element_check_family(const char *word, struct error *error)
{
	const char *const start = word[0] == '[' ? word + 1 : word;
	const size_t length = strcspn(start, "]%/-");
	char text[ADDRESS_TEXT_SIZE] = "";
	struct address address;

	if (length < sizeof(text))
		memcpy(text, start, length);
	if (address_parse(text, &address) && address.family == ADDRESS_IPV6)
		return error_set(
		    error, EXIT_USAGE, "'%s': IPv6 is not supported yet: use IPv4", word);
	return true;
}

bool
element_address(const char *word, struct address *address, struct error *error)
{
	if (!element_check_family(word, error))
		return false;
	if (!address_parse(word, address))
		return error_set(error, EXIT_USAGE, "'%s' is not an IPv4 address", word);
	return element_check_host(word, address, error);
}

/* The resolver also accepts the address forms of inet_aton(3), such as 10.77.11 and 0x0a4d000b.
 * They do not mean what users expect, so they do not count as names. */
static bool
is_name(const char *word)
{
	struct in_addr address;

	return strchr(LETTERS DIGITS "_", word[0]) != NULL &&
	       word[strspn(word, LETTERS DIGITS "-._")] == '\0' &&
	       word[strspn(word, DIGITS "-.")] != '\0' && inet_aton(word, &address) == 0;
}

/* Appends an address to the list in a message, if there is room. */
static void
append_address(char *list, size_t size, const struct address *address)
{
	const size_t used = strlen(list);
	char text[ADDRESS_TEXT_SIZE];

	address_format(address, text);
	if (used + strlen(", ") + strlen(text) < size)
		(void)snprintf(list + used, size - used, "%s%s", used == 0 ? "" : ", ", text);
}

/* Takes the only address of a name. If there are several, it is not clear which one is meant. */
static bool
take_only_address(
    const char *word, const struct addrinfo *found, struct address *address, struct error *error)
{
	char all[128] = "";
	bool several = false;

	for (const struct addrinfo *entry = found; entry != NULL; entry = entry->ai_next) {
		struct sockaddr_in in;
		const struct address before = *address;

		memcpy(&in, entry->ai_addr, sizeof(in));
		*address = address_ipv4(ntohl(in.sin_addr.s_addr));
		if (entry != found && address_equal(address, &before))
			continue;
		several = several || entry != found;
		append_address(all, sizeof(all), address);
	}
	if (several)
		return error_set(error, EXIT_USAGE,
		    "'%s' resolves to several addresses (%s): give one of them", word, all);
	return element_check_host(word, address, error);
}

static bool
resolve(const char *word, struct address *address, struct error *error)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *list = NULL;
	const int status = getaddrinfo(word, NULL, &hints, &list);
	bool good;

	if (status != 0)
		return error_set(error, EXIT_USAGE,
		    "'%s' does not resolve to an IPv4 address: %s: give the address itself", word,
		    status == EAI_SYSTEM ? strerror(errno) : gai_strerror(status));
	good = take_only_address(word, list, address, error);
	freeaddrinfo(list);
	return good;
}

bool
element_host(
    const char *word, const char *kinds, struct address *address, char **name, struct error *error)
{
	*name = NULL;
	if (!is_name(word)) {
		if (!element_check_family(word, error))
			return false;
		if (!address_parse(word, address))
			return error_set(error, EXIT_USAGE, "'%s' is not %s", word, kinds);
		return element_check_host(word, address, error);
	}
	if (!resolve(word, address, error))
		return false;
	*name = strdup(word);
	return *name != NULL || error_set(error, EXIT_CANNOT_RUN, "out of memory");
}
