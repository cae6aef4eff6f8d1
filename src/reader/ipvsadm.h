/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The two forms in which ipvsadm(8) prints its table: commands (-S) and a listing (-L). The listing
 * of the kernel itself, /proc/net/ip_vs, is a listing with hexadecimal numbers.
 */
#ifndef IPVSADM_H
#define IPVSADM_H

#include "collect.h"

/* A table that is being read. */
struct ipvsadm {
	struct services *services;
	struct place place;
	size_t first;       /* the first service that came from this file */
	size_t current;     /* listing: the service whose servers follow; SIZE_MAX: none */
	bool no_forwarding; /* listing: its lines lack the forwarding method; said once */
};

/* Each takes one line, which is not empty. `words` are the line's words. */
void ipvsadm_command(struct ipvsadm *table, size_t count, char *words[]);
void ipvsadm_listed(struct ipvsadm *table, size_t count, char *words[]);

/* The service of this file with the same address, port, protocol and mark, or NULL. */
struct service *ipvsadm_find(struct ipvsadm *table, const struct service *wanted);

/* A server's or service's address for `endpoint`. */
void ipvsadm_set_vip(struct service *service, const struct endpoint *endpoint);

#endif
