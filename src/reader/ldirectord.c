/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads ldirectord.cf (ldirectord(8), read_config()). A line "virtual = ADDRESS:PORT" or "virtual =
 * FWMARK" begins a service. The lines below it that are indented by at least four columns are its
 * own; a tab counts four. An empty line ends it.
 */
#include <ctype.h>
#include <string.h>

#include "collect.h"
#include "readers.h"

#define INDENT 4

struct ldirectord {
	struct services *services;
	struct place place;
	struct service *current; /* NULL: outside of a service */
	bool ipv6;               /* the current service is virtual6 */
};

static void
trim(char *text)
{
	size_t length = strlen(text);

	while (length > 0 && isspace((unsigned char)text[length - 1]))
		text[--length] = '\0';
}

/* Splits "KEY = VALUE" in place. Returns the value, or NULL. */
static char *
split_value(char *text)
{
	char *const sign = strchr(text, '=');

	if (sign == NULL)
		return NULL;
	*sign = '\0';
	trim(text);
	return sign + 1 + strspn(sign + 1, " \t");
}

static void
begin_service(struct ldirectord *file, char *value, bool ipv6)
{
	struct service service = {.place = file->place, .protocol = SERVICE_PROTOCOL_TCP};
	struct endpoint endpoint;
	unsigned long mark;
	char *const word = value;

	word[strcspn(word, " \t#")] = '\0';
	file->current = NULL;
	file->ipv6 = ipv6;
	if (collect_number(word, 10, UINT32_MAX, &mark) && mark > 0) {
		service.fwmark = (uint32_t)mark;
		service.protocol = 0;
	} else if (collect_endpoint(file->services, word, 0, &endpoint) == ENDPOINT_GOOD &&
		   endpoint.port >= 0 &&
		   (endpoint.name != NULL || (endpoint.address.family == ADDRESS_IPV6) == ipv6)) {
		service.vip = endpoint.address;
		service.vip_name = endpoint.name;
		service.port = (uint16_t)endpoint.port;
		if (service.port == 53)
			service.protocol = SERVICE_PROTOCOL_UDP; /* as ldirectord does */
	} else {
		services_mistake(file->services, file->place,
		    "'%s': expected ADDRESS:PORT or a firewall mark%s", word,
		    ipv6 ? ", with an IPv6 address in brackets" : "");
		return;
	}
	file->current = collect_service(file->services, &service);
}

static void
set_protocol(struct ldirectord *file, const char *value)
{
	if (file->current->fwmark != 0 && strcmp(value, "fwm") == 0)
		return;
	if (file->current->fwmark == 0 && strcmp(value, "tcp") == 0)
		file->current->protocol = SERVICE_PROTOCOL_TCP;
	else if (file->current->fwmark == 0 && strcmp(value, "udp") == 0)
		file->current->protocol = SERVICE_PROTOCOL_UDP;
	else
		services_mistake(file->services, file->place, "'%s': expected %s", value,
		    file->current->fwmark != 0 ? "fwm, since the service is a firewall mark"
					       : "tcp or udp");
}

static bool
read_forwarding(const char *word, enum service_forwarding *forwarding)
{
	static const struct forwarding_word methods[] = {{"gate", FORWARDING_DIRECT},
	    {"masq", FORWARDING_MASQUERADE}, {"ipip", FORWARDING_TUNNEL}};

	return collect_forwarding(methods, sizeof(methods) / sizeof(methods[0]), word, forwarding);
}

/* The end of a range, "FIRST->LAST". Returns false if it is no range of IPv4 addresses. */
static bool
read_last(struct ldirectord *file, const char *text, const struct address *first, uint32_t *last)
{
	struct endpoint endpoint;

	if (first->family != ADDRESS_IPV4 ||
	    collect_endpoint(file->services, text, 0, &endpoint) != ENDPOINT_GOOD ||
	    endpoint.address.family != ADDRESS_IPV4)
		return false;
	*last = address_ipv4_number(&endpoint.address);
	return *last >= address_ipv4_number(first) &&
	       *last - address_ipv4_number(first) < SERVICES_SERVERS_MAX;
}

/* real = ADDRESS|NAME[->LAST][:PORT] gate|masq|ipip [WEIGHT] ["REQUEST", "RECEIVE"] */
static void
add_real(struct ldirectord *file, char *value)
{
	struct service_server server = {.place = file->place};
	struct endpoint endpoint;
	char *words[3] = {NULL};
	char *last_text;
	uint32_t last = 0;
	const size_t count = collect_words(value, words, 2);

	if (count < 2 || !read_forwarding(words[1], &server.forwarding)) {
		services_mistake(file->services, file->place, "'%s': expected gate, masq or ipip",
		    count < 2 ? "real" : words[1]);
		return;
	}
	last_text = strstr(words[0], "->");
	if (last_text != NULL) {
		*last_text = '\0';
		last_text += strlen("->");
	}
	if (collect_endpoint(file->services, words[0], 0, &endpoint) != ENDPOINT_GOOD ||
	    (last_text != NULL && !read_last(file, last_text, &endpoint.address, &last))) {
		services_mistake(file->services, file->place,
		    "'%s%s%s': expected ADDRESS[:PORT], or a range FIRST->LAST[:PORT]", words[0],
		    last_text != NULL ? "->" : "", last_text != NULL ? last_text : "");
		return;
	}
	server.address = endpoint.address;
	server.name = endpoint.name;
	if (!collect_server(file->services, file->current, &server) || last_text == NULL)
		return;
	for (uint32_t number = address_ipv4_number(&endpoint.address); number < last;) {
		server.address = address_ipv4(++number);
		if (!collect_server(file->services, file->current, &server))
			return;
	}
}

static void
read_own_line(struct ldirectord *file, char *text)
{
	char *const value = split_value(text);

	if (value == NULL)
		return;
	trim(value);
	if (strcmp(text, "real") == 0 || strcmp(text, "real6") == 0)
		add_real(file, value);
	else if (strcmp(text, "protocol") == 0)
		set_protocol(file, value);
}

static void
read_global_line(struct ldirectord *file, char *text)
{
	char *const value = split_value(text);

	file->current = NULL;
	if (value == NULL)
		return;
	trim(value);
	if (strcmp(text, "virtual") == 0 || strcmp(text, "virtual6") == 0)
		begin_service(file, value, strcmp(text, "virtual6") == 0);
	else if (strcmp(text, "execute") == 0)
		services_warning(file->services, file->place,
		    "'%s' is run as a further ldirectord: give its file too", value);
}

/* The columns before the text; a tab counts as many as ldirectord takes it for. */
static size_t
indentation(const char *line)
{
	size_t columns = 0;

	for (; *line == ' ' || *line == '\t'; line++)
		columns += *line == '\t' ? INDENT : 1;
	return columns;
}

static void
read_line(struct ldirectord *file, char *line)
{
	const size_t columns = indentation(line);
	char *const text = line + strspn(line, " \t");

	if (text[0] == '#')
		return;
	if (columns > 0)
		text[strcspn(text, "#")] = '\0'; /* in a service a comment may follow */
	trim(text);
	if (text[0] == '\0')
		file->current = NULL;
	else if (columns >= INDENT && file->current != NULL)
		read_own_line(file, text);
	else if (columns == 0)
		read_global_line(file, text);
	else if (strncmp(text, "real", 4) == 0 && file->services->mistake_count == 0)
		services_mistake(file->services, file->place,
		    "'%s': expected a 'virtual' before it; an empty line or fewer than %d columns "
		    "end its lines",
		    text, INDENT);
}

void
ldirectord_read(struct services *services, const struct services_request *request)
{
	const size_t before = services->service_count;
	struct ldirectord file = {
	    .services = services,
	    .place = {.file = collect_name(request->path)},
	};
	FILE *const stream = collect_open(services, request->path);
	char line[LINE_MAX_OCTETS];

	if (stream == NULL)
		return;
	while (collect_line(services, stream, &file.place, line))
		read_line(&file, line);
	collect_close(stream);
	if (services->service_count == before && services->mistake_count == 0)
		services_mistake(services, (struct place){.file = file.place.file},
		    "it has no 'virtual' section: is it an ldirectord.cf?");
}
