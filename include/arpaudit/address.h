/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Protocol and hardware addresses.
 *
 * An address is family-neutral: IPv4 today, IPv6 in the same type. Octets are in network byte
 * order; IPv4 uses the first 4 and keeps the other 12 zero, so that whole addresses compare and
 * hash as plain bytes.
 */
#ifndef ARPAUDIT_ADDRESS_H
#define ARPAUDIT_ADDRESS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum address_family {
	ADDRESS_NONE = 0, /* no address: all octets are zero */
	ADDRESS_IPV4 = 4,
	ADDRESS_IPV6 = 6,
};

struct address {
	uint8_t family; /* enum address_family */
	uint8_t octet[16];
};

struct mac {
	uint8_t octet[6];
};

/* A subnet: the address's first `length` bits. */
struct prefix {
	struct address address;
	uint8_t length; /* 0..32 for IPv4, 0..128 for IPv6 */
};

/* Both are inline, since every frame is compared with many. */
static inline bool
address_equal(const struct address *a, const struct address *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

static inline bool
mac_equal(const struct mac *a, const struct mac *b)
{
	return memcmp(a, b, sizeof(*a)) == 0;
}

#define ADDRESS_TEXT_SIZE 46 /* INET6_ADDRSTRLEN: the longest text with its NUL */
#define MAC_TEXT_SIZE     18 /* "00:00:00:00:00:00" with its NUL */

extern const struct mac mac_broadcast; /* ff:ff:ff:ff:ff:ff */
extern const struct mac mac_zero;

/* IPv4 from and to a number in host byte order. address_ipv4_number() asserts the family. */
struct address address_ipv4(uint32_t number);
uint32_t address_ipv4_number(const struct address *address);

/* The unspecified address of a family: 0.0.0.0 or ::. An ARP request with it as SPA is an RFC 5227
 * probe. */
struct address address_unspecified(enum address_family family);

bool address_is_set(const struct address *address);         /* family is not ADDRESS_NONE */
bool address_is_unspecified(const struct address *address); /* no address, 0.0.0.0 or :: */
/* Can a host have this address? True unless it is unspecified, loopback, multicast, broadcast or
 * in 240.0.0.0/4. */
bool address_is_unicast(const struct address *address);
int address_compare(const struct address *a, const struct address *b); /* for qsort, by value */

/* Parses IPv4 or IPv6 text strictly: refuses "010.1.1.1", "10.1", trailing text and the like. On
 * failure `address` is unchanged. */
bool address_parse(const char *text, struct address *address);
/* Writes the usual notation, or "-" for no address. Returns `text`. */
const char *address_format(const struct address *address, char text[ADDRESS_TEXT_SIZE]);

bool mac_is_multicast(const struct mac *mac); /* group bit set, so broadcast too */
/* Parses six pairs of hexadecimal digits separated by ':' or '-'. On failure `mac` is unchanged. */
bool mac_parse(const char *text, struct mac *mac);
const char *mac_format(const struct mac *mac, char text[MAC_TEXT_SIZE]);
/* The VRID, 1..255, of a VRRP virtual router MAC: 00:00:5e:00:01:VRID for IPv4,
 * 00:00:5e:00:02:VRID for IPv6 (RFC 5798 section 7.3). 0 for any other MAC. */
uint8_t mac_vrrp_vrid(const struct mac *mac);
struct mac mac_of_vrid(uint8_t vrid); /* of an IPv4 virtual router */

bool prefix_contains(const struct prefix *prefix, const struct address *address);
/* The prefix with its host bits cleared. */
struct prefix prefix_network(const struct prefix *prefix);
/* The number of addresses in the prefix. Asserts IPv4. */
uint64_t prefix_size(const struct prefix *prefix);
/* Can a host in this IPv4 subnet have `address`? The network and broadcast addresses are excluded,
 * except in a /31 (RFC 3021) or /32. */
bool prefix_is_host(const struct prefix *prefix, const struct address *address);

#endif
