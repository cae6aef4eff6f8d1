/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for one reader: FUZZ_READER is a reader's option ("ipvs", "keepalived",
 * "ldirectord"), "nodes" for the JSON of a Kubernetes cluster's nodes, or "config" for a cluster
 * file and the plan that comes of it. The input is the only file in its folder, so that it may
 * include itself.
 */
#include <netdb.h>
#include <string.h>

#include "arpaudit/options.h"
#include "arpaudit/plan_show.h"
#include "arpaudit/services.h"
#include "input.h"

#define INPUT "input.conf"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);
/* The linker's --wrap gives the name.
 * NOLINTNEXTLINE(bugprone-reserved-identifier) */
int __wrap_getaddrinfo(
    const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **list);

/* Names do not resolve: nobody is asked for those that the fuzzer makes up. */
int /* NOLINTNEXTLINE(bugprone-reserved-identifier) */
__wrap_getaddrinfo(
    const char *name, const char *service, const struct addrinfo *hints, struct addrinfo **list)
{
	(void)name, (void)service, (void)hints, (void)list;
	return EAI_NONAME;
}

static void
clean(void)
{
	(void)unlink(INPUT);
}

/* libFuzzer opens its files by absolute names (see tests/fuzz/fuzz). */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	enter_folder();
	require(atexit(clean) == 0, "atexit");
	return 0;
}

static void
read_services(void)
{
	const struct services_reader *reader = services_readers;
	struct arena *const arena = arena_new();
	struct services services;

	while (strcmp(reader->option, FUZZ_READER) != 0)
		reader++;
	services_init(&services, arena);
	reader->read(&services, &(struct services_request){.path = INPUT, .config_id = "main"});
	for (size_t i = 0; i < services.service_count; i++)
		(void)services_label(&services, &services.services[i]);
	arena_free(arena);
}

/* A plan that was accepted can be shown. */
static void
read_config(void)
{
	char program[] = "arpaudit", option[] = "-c", file[] = INPUT, check[] = "--check-plan";
	char *arguments[] = {program, option, file, check, NULL};
	struct options options = {0};
	struct error error = {0};
	FILE *const sink = fopen("/dev/null", "we");

	require(sink != NULL, "/dev/null");
	if (options_parse(4, arguments, &options, &error))
		(void)options_show_plan(&options, sink);
	options_free(&options);
	(void)fclose(sink);
}

/* As a list of hosts: what does not begin with a brace is one as well. */
static void
read_nodes(void)
{
	struct plan plan;
	struct plan_cluster *cluster;
	struct error error = {0};
	FILE *const sink = fopen("/dev/null", "we");

	require(sink != NULL, "/dev/null");
	plan_init(&plan);
	cluster = plan_add_cluster(&plan, "fuzz");
	require(cluster != NULL, "cluster");
	if (plan_add_hosts(cluster, "@" INPUT, &error))
		(void)plan_show_json(&plan, sink);
	plan_free(&plan);
	(void)fclose(sink);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	write_input(INPUT, data, size);
	if (strcmp(FUZZ_READER, "config") == 0)
		read_config();
	else if (strcmp(FUZZ_READER, "nodes") == 0)
		read_nodes();
	else
		read_services();
	return 0;
}
