/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hosts, as users name them: addresses, names, ranges, subnets and files.
 */
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/plan.h"
#include "words.h"

#define WORD_MAX 255 /* a domain name, RFC 1035 */

static bool
check_unicast(const struct address *address, const char *word, struct error *error)
{
	if (address->family == ADDRESS_IPV6)
		return error_set(error, EXIT_USAGE, "'%s': IPv6 is not supported yet", word);
	return address_is_unicast(address) ||
	       error_set(error, EXIT_USAGE, "'%s' is no address that a host can have", word);
}

/* Only digits and dots: a mistyped address, and not a name to ask the resolver for. */
static bool
looks_numeric(const char *word)
{
	return word[strspn(word, "0123456789.")] == '\0';
}

static bool
check_name(const char *word, struct error *error)
{
	size_t length = 0;

	if (looks_numeric(word) || strchr(word, ':') != NULL)
		return error_set(error, EXIT_USAGE, "'%s' is not an IPv4 address", word);
	while (isalnum((unsigned char)word[length]) || strchr("-._", word[length]) != NULL)
		if (word[length++] == '\0')
			return true;
	return error_set(
	    error, EXIT_USAGE, "'%s' is neither an address, a range, a subnet nor a name", word);
}

/* A name with one address. Of several, none can be known to be the one that is meant. */
static bool
resolve(const char *word, struct address *address, struct error *error)
{
	const struct addrinfo hints = {.ai_family = AF_INET, .ai_socktype = SOCK_DGRAM};
	struct addrinfo *list = NULL;
	size_t count = 0;
	int status;

	if (!check_name(word, error))
		return false;
	status = getaddrinfo(word, NULL, &hints, &list);
	if (status != 0)
		return error_set(error, EXIT_USAGE, "'%s': no address for this name: %s", word,
		    gai_strerror(status));
	for (const struct addrinfo *entry = list; entry != NULL; entry = entry->ai_next) {
		struct sockaddr_in in;

		memcpy(&in, entry->ai_addr, sizeof(in));
		*address = address_ipv4(ntohl(in.sin_addr.s_addr));
		count++;
	}
	freeaddrinfo(list);
	if (count > 1)
		return error_set(error, EXIT_USAGE,
		    "'%s' has %zu addresses: give the one that is meant", word, count);
	return check_unicast(address, word, error);
}

/* An address or a name; `name` becomes the word if it was a name. */
static bool
read_host(const char *word, struct address *address, char **name, struct error *error)
{
	*name = NULL;
	if (strlen(word) > WORD_MAX)
		return error_set(error, EXIT_USAGE, "'%.20s...' is too long for a name", word);
	if (address_parse(word, address))
		return check_unicast(address, word, error);
	if (!resolve(word, address, error))
		return false;
	*name = strdup(word);
	return *name != NULL || error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

static bool
add_host(struct plan_cluster *cluster, const struct address *rip, char *name, struct error *error)
{
	struct plan_host *host;
	void *array = cluster->hosts;

	if (cluster->host_count == PLAN_HOSTS_MAX) {
		free(name);
		return error_set(
		    error, EXIT_USAGE, "more than %d hosts: audit them in parts", PLAN_HOSTS_MAX);
	}
	host = words_grow(&array, &cluster->host_count, sizeof(*host), error);
	cluster->hosts = array;
	if (host == NULL) {
		free(name);
		return false;
	}
	*host = (struct plan_host){.rip = *rip, .name = name};
	return true;
}

static bool
add_numbers(struct plan_cluster *cluster, const char *word, uint32_t first, uint32_t last,
    struct error *error)
{
	if (last < first)
		return error_set(
		    error, EXIT_USAGE, "'%s' is reversed: its end is below its start", word);
	if (last - first >= PLAN_HOSTS_MAX)
		return error_set(
		    error, EXIT_USAGE, "'%s' has more than %d addresses", word, PLAN_HOSTS_MAX);
	for (uint64_t number = first; number <= last; number++) {
		const struct address address = address_ipv4((uint32_t)number);

		if (!check_unicast(&address, word, error) ||
		    !add_host(cluster, &address, NULL, error))
			return false;
	}
	return true;
}

static bool
add_subnet(struct plan_cluster *cluster, const char *word, const char *slash, struct error *error)
{
	struct prefix prefix = {0};
	char address[WORD_MAX + 1];
	char *end;
	unsigned long length;
	uint32_t first, last;

	(void)snprintf(address, sizeof(address), "%.*s", (int)(slash - word), word);
	errno = 0;
	length = strtoul(slash + 1, &end, 10);
	if (!address_parse(address, &prefix.address) || !isdigit((unsigned char)slash[1]) ||
	    *end != '\0' || length > 32 || prefix.address.family != ADDRESS_IPV4)
		return error_set(error, EXIT_USAGE,
		    "'%s' is not a subnet: it must be ADDRESS/0 to ADDRESS/32", word);
	prefix.length = (uint8_t)length;
	prefix = prefix_network(&prefix);
	first = address_ipv4_number(&prefix.address);
	last = first + (uint32_t)(prefix_size(&prefix) - 1);
	/* Without the network's and the broadcast address. */
	return length < 31 ? add_numbers(cluster, word, first + 1, last - 1, error)
			   : add_numbers(cluster, word, first, last, error);
}

/* A-B, where B may be the last octet alone: 10.77.0.11-18. */
static bool
add_range(struct plan_cluster *cluster, const char *word, const struct address *first,
    const char *end, struct error *error)
{
	struct address last;
	char full[2 * WORD_MAX];
	const uint32_t number = first->family == ADDRESS_IPV4 ? address_ipv4_number(first) : 0;

	(void)snprintf(full, sizeof(full), "%u.%u.%u.%s", number >> 24, number >> 16 & 0xff,
	    number >> 8 & 0xff, end);
	if (first->family != ADDRESS_IPV4 ||
	    (!address_parse(end, &last) && !address_parse(full, &last)) ||
	    last.family != ADDRESS_IPV4)
		return error_set(
		    error, EXIT_USAGE, "'%s' is not a range: it must be ADDRESS-ADDRESS", word);
	return add_numbers(cluster, word, number, address_ipv4_number(&last), error);
}

static bool
read_element(void *context, const char *word, struct error *error)
{
	struct plan_cluster *cluster = context;
	const char *slash = strchr(word, '/');
	const char *dash = strchr(word, '-');
	struct address address;
	char start[WORD_MAX + 1];
	char *name;

	if (strlen(word) <= WORD_MAX && slash != NULL)
		return add_subnet(cluster, word, slash, error);
	if (strlen(word) <= WORD_MAX && dash != NULL) {
		(void)snprintf(start, sizeof(start), "%.*s", (int)(dash - word), word);
		/* Names have dashes too: web-1.example.org. */
		if (address_parse(start, &address))
			return add_range(cluster, word, &address, dash + 1, error);
	}
	return read_host(word, &address, &name, error) && add_host(cluster, &address, name, error);
}

static bool
read_hosts(void *context, const char *word, struct error *error)
{
	if (word[0] == '@')
		return words_read(word + 1, read_element, context, error);
	if (strcmp(word, "-") == 0)
		return words_read(word, read_element, context, error);
	return read_element(context, word, error);
}

bool
plan_add_hosts(struct plan_cluster *cluster, const char *text, struct error *error)
{
	return words_split(text, "--rs", read_hosts, cluster, error);
}

static bool
read_director(void *context, const char *word, struct error *error)
{
	struct plan_cluster *cluster = context;
	struct plan_director director = {0};
	struct plan_director *added;
	void *array = cluster->directors;

	if (!mac_parse(word, &director.mac) &&
	    !read_host(word, &director.address, &director.name, error))
		return false;
	if (mac_is_multicast(&director.mac))
		return error_set(error, EXIT_USAGE, "'%s' is a group's MAC, no director's", word);
	for (size_t i = 0; i < cluster->director_count; i++) {
		if (address_equal(&cluster->directors[i].address, &director.address) &&
		    mac_equal(&cluster->directors[i].mac, &director.mac)) {
			free(director.name);
			return true;
		}
	}
	added = words_grow(&array, &cluster->director_count, sizeof(*added), error);
	cluster->directors = array;
	if (added == NULL) {
		free(director.name);
		return false;
	}
	*added = director;
	return true;
}

bool
plan_add_directors(struct plan_cluster *cluster, const char *text, struct error *error)
{
	return words_split(text, "--director", read_director, cluster, error);
}

static bool
read_decoy(void *context, const char *word, struct error *error)
{
	struct plan_cluster *cluster = context;
	struct address address;
	struct address *added;
	void *array = cluster->decoys;

	if (!address_parse(word, &address))
		return error_set(error, EXIT_USAGE, "--decoy: '%s' is not an address", word);
	if (!check_unicast(&address, word, error))
		return false;
	for (size_t i = 0; i < cluster->decoy_count; i++)
		if (address_equal(&cluster->decoys[i], &address))
			return true;
	added = words_grow(&array, &cluster->decoy_count, sizeof(*added), error);
	cluster->decoys = array;
	if (added == NULL)
		return false;
	*added = address;
	return true;
}

bool
plan_add_decoys(struct plan_cluster *cluster, const char *text, struct error *error)
{
	return words_split(text, "--decoy", read_decoy, cluster, error);
}

bool
plan_set_source(struct plan_cluster *cluster, const char *text, struct error *error)
{
	if (!address_parse(text, &cluster->source))
		return error_set(error, EXIT_USAGE, "--source: '%s' is not an address", text);
	return check_unicast(&cluster->source, text, error);
}
