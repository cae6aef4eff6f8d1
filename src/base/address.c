/* SPDX-License-Identifier: BSD-2-Clause */
#include <arpa/inet.h>
#include <assert.h>
#include <stdio.h>
#include <string.h>

#include "arpaudit/address.h"

#define IPV4_OCTETS 4
#define IPV6_OCTETS 16

#define IPV4_LOOPBACK_NET 127 /* first octet of 127.0.0.0/8 */
#define IPV4_MULTICAST    224 /* first octet of 224.0.0.0/4; this and above are not unicast */

const struct mac mac_broadcast = {{0xff, 0xff, 0xff, 0xff, 0xff, 0xff}};
const struct mac mac_zero = {{0, 0, 0, 0, 0, 0}};

struct address
address_ipv4(uint32_t number)
{
	return (struct address){
	    .family = ADDRESS_IPV4,
	    .octet = {(uint8_t)(number >> 24), (uint8_t)(number >> 16), (uint8_t)(number >> 8),
		(uint8_t)number},
	};
}

uint32_t
address_ipv4_number(const struct address *address)
{
	assert(address->family == ADDRESS_IPV4);
	return (uint32_t)address->octet[0] << 24 | (uint32_t)address->octet[1] << 16 |
	       (uint32_t)address->octet[2] << 8 | address->octet[3];
}

struct address
address_unspecified(enum address_family family)
{
	return (struct address){.family = (uint8_t)family};
}

bool
address_is_set(const struct address *address)
{
	return address->family != ADDRESS_NONE;
}

static bool
is_zero(const uint8_t *octets, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (octets[i] != 0)
			return false;
	return true;
}

bool
address_is_unspecified(const struct address *address)
{
	return is_zero(address->octet, sizeof(address->octet));
}

bool
address_is_unicast(const struct address *address)
{
	if (address_is_unspecified(address))
		return false;
	if (address->family == ADDRESS_IPV4)
		return address->octet[0] != IPV4_LOOPBACK_NET && address->octet[0] < IPV4_MULTICAST;
	return address->octet[0] != 0xff && /* ff00::/8 is multicast, ::1 loopback */
	       !(is_zero(address->octet, IPV6_OCTETS - 1) && address->octet[IPV6_OCTETS - 1] == 1);
}

int
address_compare(const struct address *a, const struct address *b)
{
	if (a->family != b->family)
		return a->family < b->family ? -1 : 1;
	return memcmp(a->octet, b->octet, sizeof(a->octet));
}

bool
address_parse(const char *text, struct address *address)
{
	struct address parsed = {.family = ADDRESS_IPV4};

	if (inet_pton(AF_INET, text, parsed.octet) != 1) {
		parsed = (struct address){.family = ADDRESS_IPV6};
		if (inet_pton(AF_INET6, text, parsed.octet) != 1)
			return false;
	}
	*address = parsed;
	return true;
}

const char *
address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE])
{
	const int family = address->family == ADDRESS_IPV6 ? AF_INET6 : AF_INET;

	if (!address_is_set(address) ||
	    inet_ntop(family, address->octet, text, ADDRESS_TEXT_SIZE) == NULL)
		(void)snprintf(text, ADDRESS_TEXT_SIZE, "-");
	return text;
}

bool
mac_is_multicast(const struct mac *mac)
{
	return (mac->octet[0] & 1) != 0;
}

/* The value of a hexadecimal digit, or -1. Independent of the locale. */
static int
digit_value(char character)
{
	static const char digits[] = "0123456789abcdef0123456789ABCDEF";
	const char *const digit = character == '\0' ? NULL : strchr(digits, character);

	return digit == NULL ? -1 : (int)((digit - digits) % 16);
}

bool
mac_parse(const char *text, struct mac *mac)
{
	const size_t octets = sizeof(mac->octet);
	struct mac parsed;

	if (strlen(text) != MAC_TEXT_SIZE - 1 || (text[2] != ':' && text[2] != '-'))
		return false;
	for (size_t i = 0; i < octets; i++) {
		const char *const pair = text + 3 * i;
		const int high = digit_value(pair[0]);
		const int low = digit_value(pair[1]);

		if (high < 0 || low < 0 || (i + 1 < octets && pair[2] != text[2]))
			return false;
		parsed.octet[i] = (uint8_t)(high << 4 | low);
	}
	*mac = parsed;
	return true;
}

const char *
mac_format(const struct mac *mac, char text[MAC_TEXT_SIZE])
{
	(void)snprintf(text, MAC_TEXT_SIZE, "%02x:%02x:%02x:%02x:%02x:%02x", mac->octet[0],
	    mac->octet[1], mac->octet[2], mac->octet[3], mac->octet[4], mac->octet[5]);
	return text;
}

uint8_t
mac_vrrp_vrid(const struct mac *mac)
{
	static const uint8_t vrrp_prefix[] = {0x00, 0x00, 0x5e, 0x00};

	if (memcmp(mac->octet, vrrp_prefix, sizeof(vrrp_prefix)) != 0 ||
	    (mac->octet[4] != 0x01 && mac->octet[4] != 0x02))
		return 0;
	return mac->octet[5];
}

struct mac
mac_of_vrid(uint8_t vrid)
{
	return (struct mac){{0x00, 0x00, 0x5e, 0x00, 0x01, vrid}};
}

struct prefix
prefix_network(const struct prefix *prefix)
{
	struct prefix network = *prefix;

	assert(prefix->length <=
	       8 * (network.address.family == ADDRESS_IPV6 ? IPV6_OCTETS : IPV4_OCTETS));
	for (size_t i = 0; i < sizeof(network.address.octet); i++) {
		const size_t first_bit = 8 * i; /* of this octet, within the address */

		if (first_bit >= prefix->length)
			network.address.octet[i] = 0;
		else if (prefix->length - first_bit < 8)
			network.address.octet[i] &=
			    (uint8_t)(0xff << (8 - (prefix->length - first_bit)));
	}
	return network;
}

bool
prefix_contains(const struct prefix *prefix, const struct address *address)
{
	const uint8_t *const a = prefix->address.octet, *const b = address->octet;
	const size_t whole = prefix->length / 8;
	const unsigned bits = prefix->length % 8;

	if (!address_is_set(address) || address->family != prefix->address.family)
		return false;
	return memcmp(a, b, whole) == 0 && (bits == 0 || (a[whole] ^ b[whole]) >> (8 - bits) == 0);
}

uint64_t
prefix_size(const struct prefix *prefix)
{
	assert(prefix->address.family == ADDRESS_IPV4 && prefix->length <= 8 * IPV4_OCTETS);
	return UINT64_C(1) << (8 * IPV4_OCTETS - prefix->length);
}

bool
prefix_is_host(const struct prefix *prefix, const struct address *address)
{
	if (!prefix_contains(prefix, address))
		return false;

	const struct prefix network = prefix_network(prefix);
	const uint64_t size = prefix_size(prefix);
	const uint32_t offset =
	    address_ipv4_number(address) - address_ipv4_number(&network.address);

	return size <= 2 || (offset != 0 && offset != size - 1);
}
