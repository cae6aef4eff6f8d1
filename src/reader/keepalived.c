/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The blocks of keepalived.conf(5) that tell what the cluster is: virtual_server, real_server,
 * virtual_server_group and vrrp_instance. The defaults are those of keepalived's check_data.c.
 */
#include "keepalived.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "readers.h"

struct group_entry {
	struct address vip; /* ADDRESS_NONE: a firewall mark */
	uint32_t fwmark;
	uint16_t port;
};

struct keepalived_group {
	const char *name;
	size_t number; /* in the order of the files */
	struct group_entry *entries;
	size_t count;
};

struct keepalived_use {
	const char *group;
	struct service service;
};

/* An expected word that is missing is an empty one. */
static const char *
word(const struct words_of_line *words, size_t at)
{
	return at < words->count ? words->word[at] : "";
}

static bool
read_port(const char *text, uint16_t *port)
{
	unsigned long number = 0;

	if (text[0] != '\0' && !collect_number(text, 10, UINT16_MAX, &number))
		return false;
	*port = (uint16_t)number;
	return true;
}

/* "ADDRESS" or "ADDRESS/PREFIX"; the prefix does not matter here. */
static bool
read_address(struct keepalived *file, const char *text, struct address *address)
{
	return address_parse(collect_text(file->services, text, strcspn(text, "/")), address);
}

/* ---- Groups -------------------------------------------------------------------------------- */

static void
add_entry(struct keepalived *file, const struct group_entry *entry)
{
	struct keepalived_group *const group = &file->groups[file->group_count - 1];

	if (group->count == SERVICES_MAX)
		return; /* add_range() has refused it */
	group->entries =
	    collect_grow(file->services, group->entries, group->count, sizeof(*group->entries));
	group->entries[group->count++] = *entry;
}

/* The 32 low bits of an address. */
static uint32_t
low_bits(const struct address *address)
{
	const uint8_t *const octet = &address->octet[address->family == ADDRESS_IPV4 ? 0 : 12];

	return (uint32_t)octet[0] << 24 | (uint32_t)octet[1] << 16 | (uint32_t)octet[2] << 8 |
	       octet[3];
}

static void
set_low_bits(struct address *address, uint32_t bits)
{
	uint8_t *const octet = &address->octet[address->family == ADDRESS_IPV4 ? 0 : 12];

	for (size_t i = 0; i < 4; i++)
		octet[i] = (uint8_t)(bits >> (24 - 8 * i));
}

/* The last address of "A-B" (B: the last part, or a whole address) or "A/PREFIX". */
static bool
read_range_end(const char *text, const struct address *first, struct address *last)
{
	const bool ipv4 = first->family == ADDRESS_IPV4;
	const char *const separator = strpbrk(text, "-/");
	unsigned long number;

	*last = *first;
	if (separator == NULL)
		return true;
	if (*separator == '/') {
		const unsigned bits = ipv4 ? 32 : 128;
		uint32_t hosts;

		if (!collect_number(separator + 1, 10, bits, &number) || bits - number > 12)
			return false;
		hosts = ((uint32_t)1 << (bits - number)) - 1;
		set_low_bits(last, low_bits(first) | hosts);
		return (low_bits(first) & hosts) == 0;
	}
	if (address_parse(separator + 1, last))
		return last->family == first->family;
	if (!collect_number(separator + 1, ipv4 ? 10 : 16, ipv4 ? UINT8_MAX : UINT16_MAX, &number))
		return false;
	set_low_bits(last,
	    (low_bits(first) & (ipv4 ? ~(uint32_t)0xff : ~(uint32_t)0xffff)) | (uint32_t)number);
	return true;
}

static void
read_group_entry(struct keepalived *file, const struct words_of_line *words)
{
	struct group_entry entry = {.fwmark = 0};
	struct address last;
	unsigned long mark;
	const char *const text = words->word[0];

	if (strcmp(text, "fwmark") == 0) {
		if (collect_number(word(words, 1), 10, UINT32_MAX, &mark) && mark > 0) {
			entry.fwmark = (uint32_t)mark;
			add_entry(file, &entry);
		} else {
			services_mistake(file->services, words->place,
			    "'%s': expected a firewall mark, 1 to 4294967295", word(words, 1));
		}
		return;
	}
	if (!address_parse(collect_text(file->services, text, strcspn(text, "-/")), &entry.vip) ||
	    !read_range_end(text, &entry.vip, &last) || low_bits(&last) < low_bits(&entry.vip) ||
	    low_bits(&last) - low_bits(&entry.vip) >= SERVICES_MAX) {
		services_mistake(file->services, words->place,
		    "'%s': expected an address, a range such as 10.0.0.3-9, or fwmark N", text);
		return;
	}
	if (!read_port(word(words, 1), &entry.port)) {
		services_mistake(
		    file->services, words->place, "'%s': expected a port", word(words, 1));
		return;
	}
	for (uint32_t left = low_bits(&last) - low_bits(&entry.vip) + 1; left > 0; left--) {
		add_entry(file, &entry);
		set_low_bits(&entry.vip, low_bits(&entry.vip) + 1);
	}
}

static int
compare_groups(const void *a, const void *b)
{
	const struct keepalived_group *first = a, *second = b;
	const int order = strcmp(first->name, second->name);

	return order != 0 ? order
			  : (first->number > second->number) - (first->number < second->number);
}

/* A name may be defined again: the first definition counts. The groups are sorted, since there may
 * be as many of them as virtual servers. */
static const struct keepalived_group *
find_group(const struct keepalived *file, const char *name)
{
	size_t from = 0, count = file->group_count;

	while (count > 0) {
		const size_t half = count / 2;

		if (strcmp(file->groups[from + half].name, name) < 0) {
			from += half + 1;
			count -= half + 1;
		} else {
			count = half;
		}
	}
	return from < file->group_count && strcmp(file->groups[from].name, name) == 0
		   ? &file->groups[from]
		   : NULL;
}

static void
begin_group(struct keepalived *file, const struct words_of_line *words)
{
	file->groups =
	    collect_grow(file->services, file->groups, file->group_count, sizeof(*file->groups));
	file->groups[file->group_count] =
	    (struct keepalived_group){.name = word(words, 1), .number = file->group_count};
	file->group_count++;
}

/* ---- Virtual servers ----------------------------------------------------------------------- */

static bool
read_forwarding(
    struct keepalived *file, const struct words_of_line *words, enum service_forwarding *forwarding)
{
	static const struct forwarding_word methods[] = {
	    {"DR", FORWARDING_DIRECT}, {"NAT", FORWARDING_MASQUERADE}, {"TUN", FORWARDING_TUNNEL}};

	if (collect_forwarding(
		methods, sizeof(methods) / sizeof(methods[0]), word(words, 1), forwarding))
		return true;
	services_mistake(
	    file->services, words->place, "'%s': expected DR, NAT or TUN", word(words, 1));
	return false;
}

static void
set_protocol(struct keepalived *file, const struct words_of_line *words)
{
	static const struct {
		const char *word;
		uint8_t protocol;
	} protocols[] = {{"TCP", SERVICE_PROTOCOL_TCP}, {"UDP", SERVICE_PROTOCOL_UDP},
	    {"SCTP", SERVICE_PROTOCOL_SCTP}};

	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		if (strcasecmp(word(words, 1), protocols[i].word) == 0) {
			file->servers.virtual_server.protocol = protocols[i].protocol;
			return;
		}
	}
	services_mistake(
	    file->services, words->place, "'%s': expected TCP, UDP or SCTP", word(words, 1));
}

static void
begin_virtual_server(struct keepalived *file, const struct words_of_line *words)
{
	struct service *const service = &file->servers.virtual_server;
	unsigned long mark;

	*service = (struct service){.place = words->place};
	file->servers.group = NULL;
	file->servers.virtual_is_bad = false;
	file->servers.forwarding_is_set = false;
	if (strcmp(word(words, 1), "group") == 0) {
		file->servers.group = word(words, 2);
	} else if (strcmp(word(words, 1), "fwmark") == 0) {
		if (collect_number(word(words, 2), 10, UINT32_MAX, &mark) && mark > 0) {
			service->fwmark = (uint32_t)mark;
			return;
		}
		services_mistake(file->services, words->place,
		    "'%s': expected a firewall mark, 1 to 4294967295", word(words, 2));
		file->servers.virtual_is_bad = true;
	} else if (!read_address(file, word(words, 1), &service->vip)) {
		services_mistake(file->services, words->place,
		    "'%s': expected an address, fwmark N or group NAME", word(words, 1));
		file->servers.virtual_is_bad = true;
	} else if (!read_port(word(words, 2), &service->port)) {
		services_mistake(
		    file->services, words->place, "'%s': expected a port", word(words, 2));
		file->servers.virtual_is_bad = true;
	}
}

static void
begin_real_server(struct keepalived *file, const struct words_of_line *words)
{
	uint16_t port; /* direct routing keeps the service's port */

	file->servers.real_server = (struct service_server){.place = words->place};
	file->servers.real_is_bad = false;
	file->servers.real_forwarding_is_set = file->servers.forwarding_is_set;
	file->servers.real_server.forwarding = file->servers.forwarding;
	if (!read_address(file, word(words, 1), &file->servers.real_server.address)) {
		services_mistake(file->services, words->place,
		    "'%s': expected the address of a real server", word(words, 1));
		file->servers.real_is_bad = true;
	} else if (!read_port(word(words, 2), &port)) {
		services_mistake(
		    file->services, words->place, "'%s': expected a port", word(words, 2));
		file->servers.real_is_bad = true;
	}
}

static void
end_real_server(struct keepalived *file)
{
	const size_t count = file->servers.virtual_server.server_count;

	if (file->servers.real_is_bad)
		return;
	if (!collect_server(
		file->services, &file->servers.virtual_server, &file->servers.real_server))
		return;
	if (!file->servers.real_forwarding_is_set &&
	    file->servers.virtual_server.server_count > count) {
		file->servers.undecided = collect_grow(file->services, file->servers.undecided,
		    file->servers.undecided_count, sizeof(*file->servers.undecided));
		file->servers.undecided[file->servers.undecided_count++] = count;
	}
}

/* A server whose method was not set before it takes the one that is set at the end; else NAT. */
static void
decide_forwarding(struct keepalived *file)
{
	for (size_t i = 0; i < file->servers.undecided_count; i++)
		file->servers.virtual_server.servers[file->servers.undecided[i]].forwarding =
		    file->servers.forwarding_is_set ? file->servers.forwarding
						    : FORWARDING_MASQUERADE;
	if (file->servers.undecided_count > 0 && !file->servers.forwarding_is_set)
		services_warning(file->services, file->servers.virtual_server.place,
		    "no lb_kind is set, so keepalived takes NAT");
	file->servers.undecided = NULL;
	file->servers.undecided_count = 0;
}

static void
end_virtual_server(struct keepalived *file)
{
	struct service *const server = &file->servers.virtual_server;
	struct service empty;
	struct service *added;

	decide_forwarding(file);
	if (file->servers.virtual_is_bad)
		return;
	if (server->protocol == 0 && server->fwmark == 0 && file->servers.group == NULL) {
		server->protocol = SERVICE_PROTOCOL_UDP;
		services_warning(
		    file->services, server->place, "no protocol is set, so keepalived takes UDP");
	}
	if (server->fwmark != 0)
		server->protocol = 0;
	if (file->servers.group != NULL) {
		file->uses =
		    collect_grow(file->services, file->uses, file->use_count, sizeof(*file->uses));
		file->uses[file->use_count++] =
		    (struct keepalived_use){.group = file->servers.group, .service = *server};
		return;
	}
	empty = *server;
	empty.servers = NULL;
	empty.server_count = 0;
	added = collect_service(file->services, &empty);
	if (added != NULL)
		*added = *server;
}

/* A group may be defined after the virtual server that uses it. */
static void
resolve_use(struct keepalived *file, const struct keepalived_use *use)
{
	const struct keepalived_group *const group = find_group(file, use->group);

	if (group == NULL) {
		services_mistake(file->services, use->service.place,
		    "'%s': expected the name of a virtual_server_group", use->group);
		return;
	}
	for (size_t i = 0; i < group->count; i++) {
		const struct group_entry *const entry = &group->entries[i];
		struct service service = {.vip = entry->vip,
		    .fwmark = entry->fwmark,
		    .port = entry->port,
		    .protocol = entry->fwmark != 0 ? 0 : use->service.protocol,
		    .group = group->name,
		    .place = use->service.place};
		struct service *added;

		if (service.fwmark == 0 && service.protocol == 0)
			service.protocol = SERVICE_PROTOCOL_UDP;
		added = collect_service(file->services, &service);
		if (added == NULL)
			return;
		for (size_t j = 0; j < use->service.server_count; j++) {
			if (!collect_server(file->services, added, &use->service.servers[j]))
				return;
		}
	}
}

/* ---- VRRP instances ------------------------------------------------------------------------ */

static void
begin_instance(struct keepalived *file, const struct words_of_line *words)
{
	file->router = (struct service_router){.name = word(words, 1), .place = words->place};
}

static void
add_router_address(struct keepalived *file, const struct words_of_line *words)
{
	struct service_router *const router = &file->router;
	struct address address;

	/* Routes and rules stand in blocks of their own, so an address comes first. */
	if (!read_address(file, words->word[0], &address)) {
		services_mistake(
		    file->services, words->place, "'%s': expected an address", words->word[0]);
		return;
	}
	router->addresses = collect_grow(
	    file->services, router->addresses, router->address_count, sizeof(*router->addresses));
	router->addresses[router->address_count++] = address;
}

static void
read_instance_line(struct keepalived *file, const struct words_of_line *words)
{
	unsigned long vrid;

	if (strcmp(words->word[0], "use_vmac") == 0)
		file->router.virtual_mac = true;
	else if (strcmp(words->word[0], "virtual_router_id") != 0)
		return;
	else if (collect_number(word(words, 1), 10, UINT8_MAX, &vrid) && vrid > 0)
		file->router.vrid = (uint8_t)vrid;
	else
		services_mistake(file->services, words->place,
		    "'%s': expected a virtual router ID, 1 to 255", word(words, 1));
}

/* ---- Blocks -------------------------------------------------------------------------------- */

static enum block_kind
begin_in(struct keepalived *file, enum block_kind outer, const struct words_of_line *words)
{
	const char *const keyword = words->word[0];

	if (outer == BLOCK_ROOT && strcmp(keyword, "virtual_server") == 0) {
		begin_virtual_server(file, words);
		return BLOCK_VIRTUAL_SERVER;
	}
	if (outer == BLOCK_ROOT && strcmp(keyword, "virtual_server_group") == 0) {
		begin_group(file, words);
		return BLOCK_GROUP;
	}
	if (outer == BLOCK_ROOT && strcmp(keyword, "vrrp_instance") == 0) {
		begin_instance(file, words);
		return BLOCK_INSTANCE;
	}
	if (outer == BLOCK_VIRTUAL_SERVER && strcmp(keyword, "real_server") == 0) {
		begin_real_server(file, words);
		return BLOCK_REAL_SERVER;
	}
	if (outer == BLOCK_INSTANCE && (strcmp(keyword, "virtual_ipaddress") == 0 ||
					   strcmp(keyword, "virtual_ipaddress_excluded") == 0))
		return BLOCK_ADDRESSES;
	return BLOCK_OTHER;
}

static enum block_kind
current_kind(const struct keepalived *file)
{
	return file->blocks.depth > 0 ? file->blocks.block[file->blocks.depth - 1].kind
				      : BLOCK_ROOT;
}

static enum block_kind
begin_block(struct keepalived *file, const struct words_of_line *words)
{
	return begin_in(file, current_kind(file), words);
}

static void
end_block(struct keepalived *file, enum block_kind kind)
{
	if (kind == BLOCK_REAL_SERVER)
		end_real_server(file);
	else if (kind == BLOCK_VIRTUAL_SERVER)
		end_virtual_server(file);
	else if (kind == BLOCK_INSTANCE)
		collect_router(file->services, &file->router);
}

static void
virtual_server_line(struct keepalived *file, const struct words_of_line *words)
{
	const char *const keyword = words->word[0];

	if (strcmp(keyword, "lb_kind") == 0 || strcmp(keyword, "lvs_method") == 0)
		file->servers.forwarding_is_set =
		    read_forwarding(file, words, &file->servers.forwarding) ||
		    file->servers.forwarding_is_set;
	else if (strcmp(keyword, "protocol") == 0)
		set_protocol(file, words);
	else if (strcmp(keyword, "real_server") == 0)
		services_mistake(
		    file->services, words->place, "'%s': expected '{' after it", keyword);
}

static void
take_statement(struct keepalived *file, const struct words_of_line *words)
{
	const char *const keyword = words->word[0];

	switch (current_kind(file)) {
	case BLOCK_ROOT:
		if (strncmp(keyword, "virtual_server", strlen("virtual_server")) == 0)
			services_mistake(
			    file->services, words->place, "'%s': expected '{' after it", keyword);
		break;
	case BLOCK_VIRTUAL_SERVER:
		virtual_server_line(file, words);
		break;
	case BLOCK_REAL_SERVER:
		if (strcmp(keyword, "lvs_method") == 0 &&
		    read_forwarding(file, words, &file->servers.real_server.forwarding))
			file->servers.real_forwarding_is_set = true;
		break;
	case BLOCK_GROUP:
		read_group_entry(file, words);
		break;
	case BLOCK_INSTANCE:
		read_instance_line(file, words);
		break;
	case BLOCK_ADDRESSES:
		add_router_address(file, words);
		break;
	case BLOCK_OTHER:
		break;
	}
}

void
keepalived_read(struct services *services, const struct services_request *request)
{
	const size_t before = services->service_count, routers = services->router_count;
	const char *const name = collect_name(request->path);
	static const struct block_reader reader = {begin_block, end_block, take_statement};
	struct keepalived file = {.services = services,
	    .config_id = request->config_id,
	    .place = {.file = name},
	    .reader = &reader};

	keepalived_read_file(&file, request->path);
	if (file.group_count > 0)
		qsort(file.groups, file.group_count, sizeof(*file.groups), compare_groups);
	for (size_t i = 0; i < file.use_count; i++)
		resolve_use(&file, &file.uses[i]);
	if (services->service_count > before || services->mistake_count > 0)
		return;
	if (services->router_count > routers)
		services_warning(
		    services, (struct place){.file = name}, "it has no virtual_server");
	else
		services_mistake(services, (struct place){.file = name},
		    "it has no virtual_server: is it the director's keepalived.conf?");
}
