/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The servers of a service, each once. Ranges bring tens of thousands, so a server is found by a
 * hash table (open addressing) of slots, each of which holds a place in `servers` plus one.
 */
#include "collect.h"

#include <string.h>

/* FNV-1a, 32 bits (RFC 9923). */
#define FNV_OFFSET 2166136261U
#define FNV_PRIME  16777619U

static uint32_t
hash_server(const struct service_server *server)
{
	const uint8_t *const octet =
	    server->name != NULL ? (const uint8_t *)server->name : server->address.octet;
	const size_t length =
	    server->name != NULL ? strlen(server->name) : sizeof(server->address.octet);
	uint32_t hash = FNV_OFFSET;

	for (size_t i = 0; i < length; i++)
		hash = (hash ^ octet[i]) * FNV_PRIME;
	return hash;
}

static bool
is_same_server(const struct service_server *one, const struct service_server *other)
{
	if (one->name != NULL && other->name != NULL)
		return strcmp(one->name, other->name) == 0;
	return one->name == NULL && other->name == NULL &&
	       address_equal(&one->address, &other->address);
}

/* Returns the slot of a server; it holds 0 if the service does not have the server yet. */
static uint32_t *
find_slot(const struct service *service, const struct service_server *server)
{
	const size_t mask = service->server_slot_count - 1; /* the count is a power of two */
	size_t i = hash_server(server) & mask;

	while (service->server_slots[i] != 0 &&
	       !is_same_server(&service->servers[service->server_slots[i] - 1], server))
		i = (i + 1) & mask;
	return &service->server_slots[i];
}

static void
fill_slots(struct service *service)
{
	memset(
	    service->server_slots, 0, service->server_slot_count * sizeof(*service->server_slots));
	for (size_t i = 0; i < service->server_count; i++)
		*find_slot(service, &service->servers[i]) = (uint32_t)(i + 1);
}

/* At least half of the slots stay free, so that a search is short. */
static void
grow_slots(struct services *services, struct service *service)
{
	if (2 * (service->server_count + 1) <= service->server_slot_count)
		return;
	service->server_slot_count =
	    service->server_slot_count == 0 ? 4 : 2 * service->server_slot_count;
	service->server_slots = arena_alloc(
	    services->arena, service->server_slot_count, sizeof(*service->server_slots));
	fill_slots(service);
}

bool
collect_server(
    struct services *services, struct service *service, const struct service_server *server)
{
	uint32_t *slot;

	grow_slots(services, service);
	slot = find_slot(service, server);
	if (*slot != 0) {
		service->servers[*slot - 1] = *server;
		return true;
	}
	if (services->server_count == SERVICES_SERVERS_MAX) {
		services_mistake(services, server->place,
		    "more than %d real servers: split them into several files",
		    SERVICES_SERVERS_MAX);
		return false;
	}
	service->servers = collect_grow(
	    services, service->servers, service->server_count, sizeof(*service->servers));
	service->servers[service->server_count++] = *server;
	services->server_count++;
	*slot = (uint32_t)service->server_count;
	return true;
}

void
collect_server_deletion(
    struct services *services, struct service *service, const struct service_server *server)
{
	size_t place;

	if (service->server_count == 0)
		return;
	place = *find_slot(service, server);
	if (place == 0)
		return;
	service->servers[place - 1] = service->servers[--service->server_count];
	services->server_count--;
	fill_slots(service);
}
