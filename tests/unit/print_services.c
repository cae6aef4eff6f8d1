/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Prints what a reader finds in a file, for readers.test: a line for each service, VRRP instance,
 * warning and mistake.
 *
 *	print_services READER FILE [ID]
 */
#include <stdio.h>
#include <string.h>

#include "arpaudit/services.h"

static void
print_service(const struct services *services, const struct service *service)
{
	static const char *const forwarding[] = {"NAT", "DR", "TUN", "local"};

	printf("service %s", services_label(services, service));
	if (service->group != NULL)
		printf(" of %s", service->group);
	for (size_t i = 0; i < service->server_count; i++) {
		const struct service_server *const server = &service->servers[i];
		char text[ADDRESS_TEXT_SIZE];

		printf(" %s=%s",
		    server->name != NULL ? server->name : address_format(&server->address, text),
		    forwarding[server->forwarding]);
	}
	(void)putchar('\n');
}

static void
print_router(const struct service_router *router)
{
	printf(
	    "router %s vrid %u%s", router->name, router->vrid, router->virtual_mac ? " vmac" : "");
	for (size_t i = 0; i < router->address_count; i++) {
		char text[ADDRESS_TEXT_SIZE];

		printf(" %s", address_format(&router->addresses[i], text));
	}
	(void)putchar('\n');
}

int
main(int argc, char *argv[])
{
	struct arena *const arena = arena_new();
	const struct services_reader *reader = services_readers;
	struct services services;

	while (reader->option != NULL && (argc < 3 || strcmp(reader->option, argv[1]) != 0))
		reader++;
	if (arena == NULL || reader->option == NULL) {
		(void)fprintf(stderr, "usage: print_services READER FILE [ID]\n");
		return 2;
	}
	services_init(&services, arena);
	reader->read(&services,
	    &(struct services_request){.path = argv[2], .config_id = argc > 3 ? argv[3] : NULL});
	for (size_t i = 0; i < services.service_count; i++)
		print_service(&services, &services.services[i]);
	for (size_t i = 0; i < services.router_count; i++)
		print_router(&services.routers[i]);
	for (size_t i = 0; i < services.warning_count; i++)
		printf("warning %s\n", services.warnings[i]);
	for (size_t i = 0; i < services.mistake_count; i++)
		printf("mistake %s\n", services.mistakes[i]);
	arena_free(arena);
	return 0;
}
