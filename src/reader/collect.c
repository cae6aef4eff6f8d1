/* SPDX-License-Identifier: BSD-2-Clause */
#include "collect.h"

#include <arpa/inet.h>
#include <assert.h>
#include <ctype.h>
#include <errno.h>
#include <netdb.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/advice.h"
#include "arpaudit/printable.h"

#define LETTERS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
#define DIGITS  "0123456789"

/* Some editors put it before the text (RFC 3629 section 6). */
#define BYTE_ORDER_MARK "\xef\xbb\xbf"

void
services_init(struct services *services, struct arena *arena)
{
	*services = (struct services){.arena = arena};
}

void *
collect_grow(struct services *services, void *array, size_t count, size_t size)
{
	void *grown;

	/* The capacity is a power of two. When it is full, double it. */
	if ((count & (count - 1)) != 0)
		return array;
	grown = arena_alloc(services->arena, count == 0 ? 1 : 2 * count, size);
	if (count > 0)
		memcpy(grown, array, count * size);
	return grown;
}

const char *
collect_text(struct services *services, const char *text, size_t length)
{
	return arena_format(services->arena, "%.*s", (int)length, text);
}

static const char *__attribute__((format(printf, 3, 0)))
remark(struct services *services, struct place place, const char *format, va_list arguments)
{
	const char *const text = arena_format_list(services->arena, format, arguments);
	char *const whole =
	    place.line > 0
		? arena_format(services->arena, "%s:%zu: %s", place.file, place.line, text)
		: arena_format(services->arena, "%s: %s", place.file, text);

	return printable(
	    whole, arena_alloc(services->arena, strlen(whole) + 1, 1), strlen(whole) + 1);
}

/* Is there no place for one more? The last remark then says that there were further ones. */
static bool
remarks_are_full(const char **remarks, size_t count)
{
	if (count < SERVICES_REMARKS_MAX)
		return false;
	remarks[count - 1] = "... and further ones, which are not shown";
	return true;
}

static void
add_remark(struct services *services, const char ***remarks, size_t *count, const char *text)
{
	*remarks = collect_grow(services, *remarks, *count, sizeof(**remarks));
	(*remarks)[(*count)++] = text;
}

void
services_mistake(struct services *services, struct place place, const char *format, ...)
{
	va_list arguments;

	if (remarks_are_full(services->mistakes, services->mistake_count))
		return;
	va_start(arguments, format);
	add_remark(services, &services->mistakes, &services->mistake_count,
	    remark(services, place, format, arguments));
	va_end(arguments);
}

void
services_warning(struct services *services, struct place place, const char *format, ...)
{
	va_list arguments;

	if (remarks_are_full(services->warnings, services->warning_count))
		return;
	va_start(arguments, format);
	add_remark(services, &services->warnings, &services->warning_count,
	    remark(services, place, format, arguments));
	va_end(arguments);
}

void
services_mistake_again(struct services *services, const char *line)
{
	if (!remarks_are_full(services->mistakes, services->mistake_count))
		add_remark(services, &services->mistakes, &services->mistake_count,
		    arena_format(services->arena, "%s", line));
}

struct service *
collect_service(struct services *services, const struct service *service)
{
	assert(service->server_count == 0);
	if (services->service_count == SERVICES_MAX) {
		services_mistake(services, service->place,
		    "more than %d services: split them into several files", SERVICES_MAX);
		return NULL;
	}
	services->services = collect_grow(
	    services, services->services, services->service_count, sizeof(*services->services));
	services->services[services->service_count] = *service;
	return &services->services[services->service_count++];
}

void
collect_router(struct services *services, const struct service_router *router)
{
	services->routers = collect_grow(
	    services, services->routers, services->router_count, sizeof(*services->routers));
	services->routers[services->router_count++] = *router;
}

bool
collect_number(const char *text, int base, unsigned long most, unsigned long *number)
{
	char *end;

	if (!isxdigit((unsigned char)text[0]))
		return false;
	errno = 0;
	*number = strtoul(text, &end, base);
	return errno == 0 && *end == '\0' && *number <= most;
}

static bool
read_port(const char *text, uint8_t protocol, long *port)
{
	const struct servent *entry;
	unsigned long number;

	if (collect_number(text, 10, UINT16_MAX, &number)) {
		*port = (long)number;
		return true;
	}
	if (strspn(text, LETTERS DIGITS "-_+.") != strlen(text) || strpbrk(text, LETTERS) == NULL)
		return false;
	entry = getservbyname(text, protocol == SERVICE_PROTOCOL_UDP ? "udp" : "tcp");
	if (entry == NULL)
		return false;
	*port = ntohs((uint16_t)entry->s_port);
	return true;
}

/* Is this a host name, and not what was meant to be an address, such as 10.0.0.x? */
static bool
is_host_name(const char *text)
{
	const char *const label = text + strspn(text, DIGITS);

	if (label > text && label[0] == '.' && isdigit((unsigned char)label[1]))
		return false;
	return isalnum((unsigned char)text[0]) && strpbrk(text, LETTERS) != NULL &&
	       strspn(text, LETTERS DIGITS "-._") == strlen(text);
}

enum endpoint_fault
collect_endpoint(
    struct services *services, const char *text, uint8_t protocol, struct endpoint *endpoint)
{
	const char *host = text, *port = NULL;
	size_t length = strlen(text);

	*endpoint = (struct endpoint){.port = -1};
	if (text[0] == '[') {
		const char *const bracket = strchr(text, ']');

		if (bracket == NULL || (bracket[1] != '\0' && bracket[1] != ':'))
			return ENDPOINT_BAD_ADDRESS;
		host = text + 1;
		length = (size_t)(bracket - host);
		port = bracket[1] == ':' ? bracket + 2 : NULL;
	} else if (strchr(text, ':') == strrchr(text, ':') && strchr(text, ':') != NULL) {
		length = (size_t)(strchr(text, ':') - text);
		port = text + length + 1;
	}
	host = collect_text(services, host, length);
	if (!address_parse(host, &endpoint->address)) {
		if (text[0] == '[' || !is_host_name(host))
			return ENDPOINT_BAD_ADDRESS;
		endpoint->name = host;
	}
	if (port != NULL && !read_port(port, protocol, &endpoint->port))
		return ENDPOINT_BAD_PORT;
	return ENDPOINT_GOOD;
}

bool
collect_forwarding(const struct forwarding_word words[], size_t count, const char *word,
    enum service_forwarding *forwarding)
{
	for (size_t i = 0; i < count; i++) {
		if (strcmp(word, words[i].word) == 0) {
			*forwarding = words[i].forwarding;
			return true;
		}
	}
	return false;
}

const char *
collect_name(const char *path)
{
	return strcmp(path, "-") == 0 ? "standard input" : path;
}

FILE *
collect_open(struct services *services, const char *path)
{
	const struct place place = {.file = path};
	FILE *stream;

	if (strcmp(path, "-") == 0) {
		if (!feof(stdin))
			return stdin;
		services_mistake(
		    services, place, "standard input was already read: use '-' only once");
		return NULL;
	}
	stream = fopen(path, "re");
	if (stream == NULL)
		services_mistake(services, place, "can't read it: %s: %s", strerror(errno),
		    advice_reading(errno));
	return stream;
}

void
collect_close(FILE *stream)
{
	if (stream != stdin)
		(void)fclose(stream); /* opened only for reading */
}

bool
collect_line(
    struct services *services, FILE *stream, struct place *place, char line[LINE_MAX_OCTETS])
{
	size_t length = 0;
	bool bad = false;
	int octet;

	while ((octet = getc(stream)) != EOF && octet != '\n') {
		bad = bad || octet == '\0' || length == LINE_MAX_OCTETS - 1;
		if (!bad)
			line[length++] = (char)octet;
	}
	if (ferror(stream)) {
		services_mistake(services, *place, "can't read on: %s: %s", strerror(errno),
		    advice_reading(errno));
		return false;
	}
	if (octet == EOF && length == 0 && !bad)
		return false;
	place->line++;
	if (bad) {
		services_mistake(services, *place,
		    "this line has more than %d octets, or a NUL octet: is it a text file?",
		    LINE_MAX_OCTETS - 1);
		length = 0;
	}
	while (length > 0 && line[length - 1] == '\r')
		length--;
	line[length] = '\0';
	if (place->line == 1 && strncmp(line, BYTE_ORDER_MARK, strlen(BYTE_ORDER_MARK)) == 0)
		memmove(line, line + strlen(BYTE_ORDER_MARK), length - strlen(BYTE_ORDER_MARK) + 1);
	return true;
}

size_t
collect_words(char *line, char *words[], size_t most)
{
	size_t count = 0;
	char *rest = NULL;

	for (char *word = strtok_r(line, " \t\v\f", &rest); word != NULL && count < most;
	     word = strtok_r(NULL, " \t\v\f", &rest))
		words[count++] = word;
	return count;
}

const char *
services_label(const struct services *services, const struct service *service)
{
	const char *const protocol = service->protocol == SERVICE_PROTOCOL_UDP    ? "/udp"
				     : service->protocol == SERVICE_PROTOCOL_SCTP ? "/sctp"
										  : "";
	char vip[ADDRESS_TEXT_SIZE];

	if (service->fwmark != 0)
		return arena_format(services->arena, "fwmark %u", (unsigned)service->fwmark);
	if (service->vip_name == NULL)
		address_format(&service->vip, vip);
	return arena_format(services->arena,
	    service->vip.family == ADDRESS_IPV6 ? "[%s]:%u%s" : "%s:%u%s",
	    service->vip_name != NULL ? service->vip_name : vip, (unsigned)service->port, protocol);
}
