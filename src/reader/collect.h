/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the readers of configuration files share: collecting services and remarks, and reading
 * addresses, ports and lines.
 */
#ifndef COLLECT_H
#define COLLECT_H

#include <stdio.h>

#include "arpaudit/services.h"

/* The longest line that is read, in octets; keepalived itself takes 1,024. */
#define LINE_MAX_OCTETS 4096

/* Adds a copy of a service without servers. Returns NULL, with a mistake, if there are too many.
 * The pointer is valid until the next service is added. */
struct service *collect_service(struct services *services, const struct service *service);
/* Adds a copy of a server to a service of `services`. A server that the service has is replaced.
 * Returns false, with a mistake, if there are too many. */
bool collect_server(
    struct services *services, struct service *service, const struct service_server *server);
/* Deletes a server, if the service has it; the last one takes its place. */
void collect_server_deletion(
    struct services *services, struct service *service, const struct service_server *server);
/* Adds a copy of a router, whose addresses already are in the arena. */
void collect_router(struct services *services, const struct service_router *router);

/* Grows an array in the arena: makes room for one more of `size` octets behind `count`. */
void *collect_grow(struct services *services, void *array, size_t count, size_t size);
/* A copy of `length` octets as a string. */
const char *collect_text(struct services *services, const char *text, size_t length);

/*
 * An endpoint as ipvsadm writes it: ADDRESS[:PORT], [IPV6]:PORT or NAME[:SERVICE]. Without a port
 * `port` is -1. A service name is looked up in services(5) for `protocol`, "tcp" or "udp".
 */
struct endpoint {
	struct address address; /* ADDRESS_NONE: a name */
	const char *name;
	long port;
};
enum endpoint_fault { ENDPOINT_GOOD = 0, ENDPOINT_BAD_ADDRESS, ENDPOINT_BAD_PORT };
enum endpoint_fault collect_endpoint(
    struct services *services, const char *text, uint8_t protocol, struct endpoint *endpoint);

/* A word for a forwarding method. Each configuration has words of its own. */
struct forwarding_word {
	const char *word;
	enum service_forwarding forwarding;
};
bool collect_forwarding(const struct forwarding_word words[], size_t count, const char *word,
    enum service_forwarding *forwarding);

/* A number of at most `most`, in base 10 (or 16, or 0 as in strtoul(3)); nothing may follow it. */
bool collect_number(const char *text, int base, unsigned long most, unsigned long *number);

/* What a file is called in messages: its path, or "standard input" for "-". */
const char *collect_name(const char *path);
/* Opens a file for reading, or standard input for "-". Returns NULL with a mistake. */
FILE *collect_open(struct services *services, const char *path);
void collect_close(FILE *stream);

/*
 * Reads the next line without its newline and carriage return; counts it in `place`. Returns false
 * at the end. A line that is too long or has a NUL octet is a mistake, and is passed over.
 */
bool collect_line(
    struct services *services, FILE *stream, struct place *place, char line[LINE_MAX_OCTETS]);

/* Splits a line at blanks, in place. Returns the number of words, at most `most`. */
size_t collect_words(char *line, char *words[], size_t most);

#endif
