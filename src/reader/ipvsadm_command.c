/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Commands: a line of ipvsadm -Sn, with its options in any order, long or short, joined or apart,
 * as popt(3) takes them for ipvsadm(8).
 */
#include <string.h>

#include "ipvsadm.h"

enum command {
	COMMAND_NONE = 0,
	COMMAND_ADD_SERVICE,
	COMMAND_DELETE_SERVICE,
	COMMAND_CLEAR,
	COMMAND_ADD_SERVER,
	COMMAND_DELETE_SERVER,
	COMMAND_PASS, /* zero counters, set timeouts, sync daemons */
};

enum target {
	TARGET_NOTHING = 0, /* the argument of the option does not matter */
	TARGET_TCP,
	TARGET_UDP,
	TARGET_SCTP,
	TARGET_FWMARK,
	TARGET_SERVER,
};

enum argument { ARGUMENT_NONE = 0, ARGUMENT_NEEDED, ARGUMENT_OPTIONAL };

struct option {
	char letter; /* '\0': none */
	const char *name;
	enum argument argument;
	enum target target;
	enum command command;
	int forwarding; /* enum service_forwarding, or -1 */
};

/* ipvsadm.c, process_options(). ipvsadm's own defaults: direct routing. */
static const struct option options[] = {
    {'A', "add-service", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_ADD_SERVICE, -1},
    {'E', "edit-service", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_ADD_SERVICE, -1},
    {'D', "delete-service", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_DELETE_SERVICE, -1},
    {'C', "clear", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_CLEAR, -1},
    {'a', "add-server", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_ADD_SERVER, -1},
    {'e', "edit-server", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_ADD_SERVER, -1},
    {'d', "delete-server", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_DELETE_SERVER, -1},
    {'Z', "zero", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_PASS, -1},
    {'\0', "set", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_PASS, -1},
    {'\0', "start-daemon", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_PASS, -1},
    {'\0', "stop-daemon", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_PASS, -1},
    {'t', "tcp-service", ARGUMENT_NEEDED, TARGET_TCP, COMMAND_NONE, -1},
    {'u', "udp-service", ARGUMENT_NEEDED, TARGET_UDP, COMMAND_NONE, -1},
    {'\0', "sctp-service", ARGUMENT_NEEDED, TARGET_SCTP, COMMAND_NONE, -1},
    {'f', "fwmark-service", ARGUMENT_NEEDED, TARGET_FWMARK, COMMAND_NONE, -1},
    {'r', "real-server", ARGUMENT_NEEDED, TARGET_SERVER, COMMAND_NONE, -1},
    {'g', "gatewaying", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, FORWARDING_DIRECT},
    {'m', "masquerading", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, FORWARDING_MASQUERADE},
    {'i', "ipip", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, FORWARDING_TUNNEL},
    {'s', "scheduler", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'p', "persistent", ARGUMENT_OPTIONAL, TARGET_NOTHING, COMMAND_NONE, -1},
    {'M', "netmask", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'w', "weight", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'x', "u-threshold", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'y', "l-threshold", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'b', "sched-flags", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'\0', "pe", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'\0', "tun-type", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'\0', "tun-port", ARGUMENT_NEEDED, TARGET_NOTHING, COMMAND_NONE, -1},
    {'\0', "tun-nocsum", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, -1},
    {'\0', "tun-csum", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, -1},
    {'\0', "tun-remcsum", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, -1},
    {'o', "ops", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, -1},
    {'6', "ipv6", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, -1},
    {'n', "numeric", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, -1},
    {'\0', "exact", ARGUMENT_NONE, TARGET_NOTHING, COMMAND_NONE, -1},
};

/* What a line says. */
struct line {
	enum command command;
	enum target target;
	const char *service;
	const char *server;
	enum service_forwarding forwarding;
	const char *bad;      /* the word that is wrong, or NULL */
	const char *expected; /* what should stand there */
};

static const struct option *
by_letter(char letter)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (options[i].letter == letter)
			return &options[i];
	return NULL;
}

static const struct option *
by_name(const char *name, size_t length)
{
	for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++)
		if (strlen(options[i].name) == length &&
		    strncmp(options[i].name, name, length) == 0)
			return &options[i];
	return NULL;
}

static bool
refuse(struct line *line, const char *word, const char *expected)
{
	line->bad = word;
	line->expected = expected;
	return false;
}

static bool
take(struct line *line, const struct option *option, const char *word, const char *argument)
{
	const bool names_service =
	    option->target != TARGET_NOTHING && option->target != TARGET_SERVER;

	if (option->command != COMMAND_NONE) {
		if (line->command != COMMAND_NONE)
			return refuse(line, word, "one command a line, such as -A or -a");
		line->command = option->command;
	}
	if (names_service && line->service != NULL)
		return refuse(line, word, "one service a line: -t, -u, --sctp-service or -f");
	if (names_service) {
		line->target = option->target;
		line->service = argument;
	} else if (option->target == TARGET_SERVER) {
		line->server = argument;
	}
	if (option->forwarding >= 0)
		line->forwarding = (enum service_forwarding)option->forwarding;
	return true;
}

/* Takes the word at `*at`, and its argument if that is a word of its own. */
static bool
take_word(struct line *line, size_t count, char *words[], size_t *at)
{
	char *const word = words[(*at)++];
	const bool is_long = word[0] == '-' && word[1] == '-';
	const size_t name = is_long ? strcspn(word + 2, "=") : 0;

	if (word[0] != '-' || word[1] == '\0')
		return refuse(line, word, "an option of ipvsadm -Sn, such as -A -t or -a -t");
	for (const char *letter = word + 1; *letter != '\0'; letter++) {
		const struct option *const option =
		    is_long ? by_name(word + 2, name) : by_letter(*letter);
		const char *rest = is_long ? word + 2 + name : letter + 1;
		const char *argument = NULL;

		if (option == NULL)
			return refuse(line, word, "an option of ipvsadm -Sn");
		if (option->argument != ARGUMENT_NONE) {
			rest += *rest == '=';
			if (*rest != '\0')
				argument = rest;
			else if (*at < count &&
				 (option->argument == ARGUMENT_NEEDED || words[*at][0] != '-'))
				argument = words[(*at)++];
			else if (option->argument == ARGUMENT_NEEDED)
				return refuse(line, word, "an argument after it");
			return take(line, option, word, argument);
		}
		if (!take(line, option, word, NULL))
			return false;
		if (is_long)
			return *rest == '\0' || refuse(line, word, "no argument");
	}
	return true;
}

/* Timeouts and the sync daemon have arguments that the audit does not need. */
static bool
is_passed_over(size_t count, char *words[])
{
	for (size_t i = 0; i < count; i++)
		if (strncmp(words[i], "--set", 5) == 0 ||
		    strncmp(words[i], "--start-daemon", 14) == 0 ||
		    strncmp(words[i], "--stop-daemon", 13) == 0)
			return true;
	return false;
}

static uint8_t
protocol_of(enum target target)
{
	switch (target) {
	case TARGET_TCP:
		return SERVICE_PROTOCOL_TCP;
	case TARGET_UDP:
		return SERVICE_PROTOCOL_UDP;
	case TARGET_SCTP:
		return SERVICE_PROTOCOL_SCTP;
	case TARGET_NOTHING:
	case TARGET_FWMARK:
	case TARGET_SERVER:
		break;
	}
	return 0;
}

static bool
read_service(struct ipvsadm *table, struct line *line, struct service *service)
{
	struct endpoint endpoint;
	unsigned long mark;

	*service = (struct service){.place = table->place, .protocol = protocol_of(line->target)};
	if (line->target == TARGET_FWMARK) {
		if (!collect_number(line->service, 10, UINT32_MAX, &mark) || mark == 0)
			return refuse(line, line->service, "a firewall mark, 1 to 4294967295");
		service->fwmark = (uint32_t)mark;
		return true;
	}
	switch (collect_endpoint(table->services, line->service, service->protocol, &endpoint)) {
	case ENDPOINT_BAD_ADDRESS:
		return refuse(line, line->service, "an address and a port, such as 10.0.0.1:80");
	case ENDPOINT_BAD_PORT:
		return refuse(line, line->service, "a port after ':': print it with ipvsadm -Sn");
	case ENDPOINT_GOOD:
		break;
	}
	ipvsadm_set_vip(service, &endpoint);
	return true;
}

static bool
read_server(struct ipvsadm *table, struct line *line, const struct service *service,
    struct service_server *server)
{
	struct endpoint endpoint;

	if (line->server == NULL)
		return refuse(line, line->service, "a real server too: -r ADDRESS[:PORT]");
	if (collect_endpoint(table->services, line->server, service->protocol, &endpoint) !=
	    ENDPOINT_GOOD)
		return refuse(line, line->server, "a real server, such as 10.0.0.11:80");
	*server = (struct service_server){.address = endpoint.address,
	    .name = endpoint.name,
	    .forwarding = line->forwarding,
	    .place = table->place};
	return true;
}

static void
delete_service(struct ipvsadm *table, struct service *service)
{
	struct services *const services = table->services;
	const struct service *const end = services->services + services->service_count;

	services->server_count -= service->server_count;
	memmove(service, service + 1, (size_t)(end - service - 1) * sizeof(*service));
	services->service_count--;
}

static void
clear(struct ipvsadm *table)
{
	struct services *const services = table->services;

	while (services->service_count > table->first)
		services->server_count -=
		    services->services[--services->service_count].server_count;
}

static bool
run(struct ipvsadm *table, struct line *line)
{
	struct service wanted, *service;
	struct service_server server = {0};
	const bool of_server =
	    line->command == COMMAND_ADD_SERVER || line->command == COMMAND_DELETE_SERVER;

	if (line->service == NULL)
		return refuse(line, "-t, -u, --sctp-service or -f", "a service");
	if (!read_service(table, line, &wanted) ||
	    (of_server && !read_server(table, line, &wanted, &server)))
		return false;
	service = ipvsadm_find(table, &wanted);
	if (line->command == COMMAND_DELETE_SERVICE || line->command == COMMAND_DELETE_SERVER) {
		if (service != NULL && of_server)
			collect_server_deletion(table->services, service, &server);
		else if (service != NULL)
			delete_service(table, service);
		return true;
	}
	if (service == NULL)
		service = collect_service(table->services, &wanted);
	if (service != NULL && of_server)
		(void)collect_server(table->services, service, &server);
	return true;
}

void
ipvsadm_command(struct ipvsadm *table, size_t count, char *words[])
{
	struct line line = {.forwarding = FORWARDING_DIRECT};
	bool good = true;

	if (is_passed_over(count, words))
		return;
	/* A listing that a command interrupts is over: the command may delete its service. */
	table->current = SIZE_MAX;
	for (size_t at = 0; good && at < count;)
		good = take_word(&line, count, words, &at);
	if (good && line.command == COMMAND_NONE)
		good = refuse(&line, words[0], "a command such as -A or -a");
	if (good && line.command == COMMAND_CLEAR)
		clear(table);
	else if (good && line.command != COMMAND_PASS)
		good = run(table, &line);
	if (!good)
		services_mistake(
		    table->services, table->place, "'%s': expected %s", line.bad, line.expected);
}
