/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parses real servers, given by address, name, range or subnet.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"
#include "nodes.h"
#include "words.h"

/* Addresses in host byte order, inclusive. */
struct range {
	uint32_t first, last;
};

static bool
add_range(
    struct plan_cluster *cluster, const char *word, const struct range *range, struct error *error)
{
	const uint32_t span = range->last - range->first;

	if (range->last < range->first)
		return error_set(
		    error, EXIT_USAGE, "'%s' runs backwards: put the lower address first", word);
	if (span >= PLAN_HOSTS_MAX)
		return error_set(error, EXIT_USAGE,
		    "'%s' has more than %d addresses: split them into several audits", word,
		    PLAN_HOSTS_MAX);
	for (uint32_t i = 0; i <= span; i++) {
		const struct plan_host host = {
		    .rip = address_ipv4(range->first + i), .ranged = true};

		if (!element_check_host(word, &host.rip, error) ||
		    !hosts_add(cluster, &host, error))
			return false;
	}
	return true;
}

/* Copies the part of a word before `end`. */
static void
copy_part(char part[WORD_MAX + 1], const char *word, const char *end)
{
	const size_t length = (size_t)(end - word);

	memcpy(part, word, length);
	part[length] = '\0';
}

/* ADDRESS-ADDRESS; the second may be just the last octet, as in 10.77.0.11-18. */
static bool
parse_range(const char *word, const char *dash, struct range *range)
{
	char part[WORD_MAX + 1];
	struct address first, last;

	copy_part(part, word, dash);
	if (!address_parse(part, &first) || first.family != ADDRESS_IPV4)
		return false;
	if (strchr(dash, '.') == NULL) {
		char *octet = strrchr(part, '.') + 1;

		(void)snprintf(octet, sizeof(part) - (size_t)(octet - part), "%s", dash + 1);
	} else {
		copy_part(part, dash + 1, dash + strlen(dash));
	}
	if (!address_parse(part, &last) || last.family != ADDRESS_IPV4)
		return false;
	*range = (struct range){address_ipv4_number(&first), address_ipv4_number(&last)};
	return true;
}

/* The host bits of the address may be set. The network and broadcast addresses are excluded. */
static bool
parse_subnet(const char *word, const char *slash, struct range *range)
{
	const size_t digits = strspn(slash + 1, "0123456789");
	char part[WORD_MAX + 1];
	struct prefix prefix;
	unsigned long length;

	copy_part(part, word, slash);
	if (!address_parse(part, &prefix.address) || prefix.address.family != ADDRESS_IPV4 ||
	    digits < 1 || digits > 2 || slash[1 + digits] != '\0')
		return false;
	length = strtoul(slash + 1, NULL, 10);
	if (length > 32)
		return false;
	prefix.length = (uint8_t)length;
	prefix = prefix_network(&prefix);
	range->first = address_ipv4_number(&prefix.address);
	range->last = range->first + (uint32_t)(prefix_size(&prefix) - 1);
	if (length < 31) { /* a /31 has neither (RFC 3021) */
		range->first++;
		range->last--;
	}
	return true;
}

/* Names may contain dashes too, as in web-1.example.org. A range starts with an address, or with
 * something that can only be a mistyped address. */
static bool
is_range(const char *word, const char *dash)
{
	return dash != NULL && strspn(word, "0123456789.") == (size_t)(dash - word) &&
	       memchr(word, '.', (size_t)(dash - word)) != NULL;
}

static bool
read_host(void *context, const char *word, struct error *error)
{
	struct plan_cluster *const cluster = context;
	const char *const slash = strchr(word, '/'), *const dash = strchr(word, '-');
	struct plan_host host = {.ranged = false};
	struct range range;

	if (!element_check_family(word, error))
		return false;
	if (slash != NULL)
		return parse_subnet(word, slash, &range)
			   ? add_range(cluster, word, &range, error)
			   : error_set(error, EXIT_USAGE,
				 "'%s' is not a subnet: write ADDRESS/LENGTH, with a length of 0 "
				 "to 32",
				 word);
	if (is_range(word, dash))
		return parse_range(word, dash, &range)
			   ? add_range(cluster, word, &range, error)
			   : error_set(error, EXIT_USAGE,
				 "'%s' is not a range: write ADDRESS-ADDRESS", word);
	return element_host(word, "an IPv4 address or a host name", &host.rip, &host.name, error) &&
	       hosts_add(cluster, &host, error);
}

bool
plan_add_hosts(struct plan_cluster *cluster, const char *text, struct error *error)
{
	const struct words words = {.what = "hosts",
	    .read = read_host,
	    .context = cluster,
	    .files = true,
	    .read_json = nodes_read};

	return words_read(&words, text, error);
}
