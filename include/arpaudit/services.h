/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual services that a director's configuration describes, and the readers of such files.
 *
 * A reader says what a file says: every service, with every real server and how packets are
 * forwarded to it. It decides nothing about the audit. Each reader is one file in src/reader and
 * one line in `services_readers`.
 *
 * Whatever an audit does not need is passed over by structure. What cannot be read for certain is a
 * mistake, with its file and line; all mistakes of a file are collected. A warning is for what the
 * user should know, although the services can be read.
 *
 * All memory belongs to `arena`, and is bounded by SERVICES_MAX and the limits of each reader.
 */
#ifndef ARPAUDIT_SERVICES_H
#define ARPAUDIT_SERVICES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "arpaudit/address.h"
#include "arpaudit/arena.h"

/* The most services, servers of all services together, and remarks that are kept. */
#define SERVICES_MAX         4096
#define SERVICES_SERVERS_MAX 65536
#define SERVICES_REMARKS_MAX 64

#define SERVICE_PROTOCOL_TCP  6
#define SERVICE_PROTOCOL_UDP  17
#define SERVICE_PROTOCOL_SCTP 132

/* How a director forwards packets to a server (ipvsadm(8), "packet-forwarding-method"). */
enum service_forwarding {
	FORWARDING_MASQUERADE = 0, /* NAT */
	FORWARDING_DIRECT,         /* direct routing: what arpaudit audits */
	FORWARDING_TUNNEL,         /* IPIP, GUE or GRE */
	FORWARDING_LOCAL,          /* the director itself */
};

/* A line of a file; `line` counts from 1. */
struct place {
	const char *file;
	size_t line;
};

struct service_server {
	struct address address; /* ADDRESS_NONE if the file gives a name */
	const char *name;       /* NULL if the file gives an address */
	enum service_forwarding forwarding;
	struct place place;
};

struct service {
	struct address vip;   /* ADDRESS_NONE with a name or a firewall mark */
	const char *vip_name; /* NULL if the file gives an address */
	uint32_t fwmark;      /* 0: none */
	uint16_t port;        /* host byte order; 0: any, or a firewall mark */
	uint8_t protocol;     /* SERVICE_PROTOCOL_...; 0 with a firewall mark */
	const char *group;    /* the name of its virtual_server_group, or NULL */
	struct service_server *servers;
	size_t server_count;
	uint32_t *server_slots; /* the readers' own: finds a server in `servers` */
	size_t server_slot_count;
	struct place place;
};

/* A VRRP instance (RFC 5798): a virtual router, whose addresses include VIPs. */
struct service_router {
	const char *name;
	uint8_t vrid;     /* 1..255; 0: not given */
	bool virtual_mac; /* it answers with 00:00:5e:00:01:VRID */
	struct address *addresses;
	size_t address_count;
	struct place place;
};

struct services {
	struct arena *arena;
	struct service *services;
	size_t service_count;
	size_t server_count; /* of all services */
	struct service_router *routers;
	size_t router_count;
	const char **warnings; /* "FILE:LINE: ..." */
	size_t warning_count;
	const char **mistakes; /* "FILE:LINE: 'WORD': what was expected" */
	size_t mistake_count;
};

/* How to read a file. `path` "-" is standard input. */
struct services_request {
	const char *path;
	const char *config_id; /* keepalived's -i ID, or NULL: lines "@ID ..." don't count */
};

struct services_reader {
	const char *option; /* the long option without dashes; also the key of a cluster file */
	const char *what;   /* for --help: what the file is */
	void (*read)(struct services *services, const struct services_request *request);
};

/* Ends with an entry whose option is NULL. */
extern const struct services_reader services_readers[];

/* `arena` must outlive the services. */
void services_init(struct services *services, struct arena *arena);

/* What a service shows as in messages: "10.0.0.1:80/tcp" or "fwmark 3". In the services' arena. */
const char *services_label(const struct services *services, const struct service *service);

/* Adds a remark, "FILE:LINE: " and the text. Remarks after SERVICES_REMARKS_MAX are counted in the
 * last one. Control characters are replaced. */
void services_mistake(struct services *services, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));
void services_warning(struct services *services, struct place place, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a mistake of other services, as it is. */
void services_mistake_again(struct services *services, const char *line);

#endif
