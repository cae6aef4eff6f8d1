/* SPDX-License-Identifier: BSD-2-Clause */
#include "segments.h"

#include <stdlib.h>
#include <string.h>

#define ELICIT_PORT_FIRST 61000 /* above Linux's local port range, so no service listens there */
#define ELICIT_PORT_COUNT 4000  /* choices for the first of AUDIT_ELICIT_PORTS */

static bool
is_same_interface(const struct run_segment *segment, const struct link_interface *interface)
{
	return strcmp(segment->interface.name, interface->name) == 0;
}

static struct run_segment *
find_segment(struct run *run, const struct link_interface *interface)
{
	struct run_segment *segment;

	for (size_t i = 0; i < run->segment_count; i++) {
		segment = &run->segments[i];
		if (is_same_interface(segment, interface) &&
		    segment->interface.vlan == interface->vlan)
			return segment;
	}
	segment = &run->segments[run->segment_count];
	*segment = (struct run_segment){.interface = *interface, .first = segment};
	for (size_t i = run->segment_count++; i > 0; i--)
		if (is_same_interface(&run->segments[i - 1], interface))
			segment->first = &run->segments[i - 1];
	return segment;
}

/* The audits of one run take windows of ports side by side, as far as there are any. */
static uint16_t
choose_ports(const struct run *run, const struct run_pair *pair)
{
	const uint64_t first = run->pairs[0].seed % ELICIT_PORT_COUNT;
	const uint64_t window = (uint64_t)(pair - run->pairs) * AUDIT_ELICIT_PORTS;

	return (uint16_t)(ELICIT_PORT_FIRST + (first + window) % ELICIT_PORT_COUNT);
}

void
segments_join(struct run *run, struct run_pair *pair)
{
	pair->elicit_port = choose_ports(run, pair);
	pair->segment = find_segment(run, &pair->interface);
	pair->number = pair->segment->pair_count++;
}

static size_t
count_links(const struct run *run, const struct run_segment *first)
{
	size_t count = 0;

	for (size_t i = 0; i < run->segment_count; i++)
		count += run->segments[i].first == first;
	return count;
}

/* What this machine sends to further VIPs is not heard. */
static void
add_vips(struct link_limits *limits, const struct plan_cluster *cluster)
{
	for (size_t i = 0; i < cluster->vip_count && limits->vip_count < LINK_VIPS_MAX; i++)
		limits->vips[limits->vip_count++] = cluster->vips[i].address;
}

/* A link that several audits share takes the answers to the ports of all. */
static void
open_segment(struct run *run, struct run_segment *segment)
{
	struct link_limits limits = {
	    .port = ELICIT_PORT_FIRST,
	    .port_count = ELICIT_PORT_COUNT + AUDIT_ELICIT_PORTS,
	    .sharers = count_links(run, segment->first),
	    .listens = run->purpose == RUN_LISTENS,
	};
	struct error error = {.status = 0};

	for (size_t i = 0; i < run->pair_count && limits.listens; i++)
		if (run->pairs[i].segment == segment)
			add_vips(&limits, run->pairs[i].cluster);
	for (size_t i = 0; i < run->pair_count && segment->pair_count == 1; i++) {
		if (run->pairs[i].segment != segment)
			continue;
		limits.port = run->pairs[i].elicit_port;
		limits.port_count = AUDIT_ELICIT_PORTS;
	}
	segment->link = link_open(&segment->interface, &limits, &error);
	for (size_t i = 0; i < run->pair_count && segment->link == NULL; i++)
		if (run->pairs[i].segment == segment)
			run->pairs[i].error = error;
}

void
segments_open(struct run *run)
{
	for (size_t i = 0; i < run->segment_count; i++)
		open_segment(run, &run->segments[i]);
}

void
segments_close(struct run *run)
{
	for (size_t i = 0; i < run->segment_count; i++) {
		if (run->segments[i].first == &run->segments[i])
			rates_free(run->segments[i].rates);
		link_close(run->segments[i].link);
	}
	free(run->segments);
}
