/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How the engine scales: CPU time, frames and memory per host, and how long the audit takes at the
 * default rates, with 1,024 to 65,536 hosts in one plan, and with 50 VIPs on 60 hosts. All hosts
 * are sound, and the segment loses nothing. With several VIPs a host counts once for each.
 *
 *	scale [--check-memory | --check-all]
 *
 * The hosts are functions of their addresses, so hardly anything but the engine takes time.
 *
 * "Busy" is the most hosts that were asked at any time and had not been elicited yet. Their state
 * must stay in the processor's caches.
 *
 * With --check-memory the exit status is 1 if a host takes 1 KiB, if more hosts take more than a
 * fifth more memory per host than 1,024 do, or if more than 3,072 are busy. --check-all demands the
 * same of the CPU time as of the memory.
 */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arpaudit/audit.h"
#include "arpaudit/checks.h"
#include "run.h"

#define PROBE      0x0a4c0001u /* 10.76.0.1/15 */
#define DIRECTOR   0x0a4c0003u
#define VIP        0x0a4c0064u /* the first one */
#define MANY_VIPS  50
#define FIRST_RIP  0x0a4c0100u
#define LENGTH     15
#define DELAY_US   100
#define FLIGHT_MAX 4096 /* frames under way, a power of two */
#define HOSTS_MAX  65536
#define REPEATS    5 /* the fastest counts, since others may use the machine too */
#define TOLERANCE  1.2
#define OCTETS_MAX 1024
#define BUSY_MAX   3072

struct flight {
	struct frame frame[FLIGHT_MAX];
	uint64_t due_us[FLIGHT_MAX];
	uint32_t first, count;
	struct frame_echo echo[HOSTS_MAX]; /* what each host has to answer to a decoy */
	struct address vip[HOSTS_MAX];     /* and as which VIP */
	uint32_t begun, elicited;          /* hosts, as many as ever */
	uint32_t busy;                     /* the most that had begun and were not elicited yet */
};

struct size {
	uint32_t hosts, vips;
};

struct measure {
	double cpu_us;
	double frames, octets; /* each per host */
	double seconds;        /* of the segment's time, for the whole audit */
	uint32_t busy;
};

static struct mac
mac_of(uint32_t address)
{
	return (struct mac){{0x02, 0, (uint8_t)(address >> 24), (uint8_t)(address >> 16),
	    (uint8_t)(address >> 8), (uint8_t)address}};
}

static uint32_t
address_of(const struct mac *mac)
{
	return (uint32_t)mac->octet[2] << 24 | (uint32_t)mac->octet[3] << 16 |
	       (uint32_t)mac->octet[4] << 8 | mac->octet[5];
}

static void
emit(struct flight *flight, const struct frame *frame, uint64_t now_us)
{
	const uint32_t slot = (flight->first + flight->count++) % FLIGHT_MAX;

	if (flight->count > FLIGHT_MAX)
		abort();
	flight->frame[slot] = *frame;
	flight->due_us[slot] = now_us + DELAY_US;
}

/* Hosts begin by the first broadcast for each, in the order of their addresses. */
static void
note_begun(struct flight *flight, uint32_t index)
{
	if (index != flight->begun)
		return;
	flight->begun++;
	if (flight->begun - flight->elicited > flight->busy)
		flight->busy = flight->begun - flight->elicited;
}

/* The decoy tells its MAC, so the host can answer the echo that came from it. */
static void
answer_announcement(struct flight *flight, const struct frame *announced, uint64_t now_us)
{
	const uint32_t host = address_of(&announced->destination) - FIRST_RIP;

	if (host >= HOSTS_MAX)
		return;
	flight->elicited++;
	emit(flight,
	    &(struct frame){.kind = FRAME_ECHO_REPLY,
		.source = announced->destination,
		.destination = announced->source,
		.ip = {.source = flight->vip[host],
		    .destination = announced->arp.spa,
		    .echo = flight->echo[host]}},
	    now_us);
}

static void
answer_arp(struct flight *flight, const struct frame *asked, uint32_t hosts, uint64_t now_us)
{
	const uint32_t target = address_ipv4_number(&asked->arp.tpa);
	const bool host = target >= FIRST_RIP && target < FIRST_RIP + hosts;
	const bool vip = target >= VIP && target < VIP + MANY_VIPS;
	const struct mac owner = mac_of(vip ? DIRECTOR : target);

	if (address_equal(&asked->arp.spa, &asked->arp.tpa)) {
		answer_announcement(flight, asked, now_us);
		return;
	}
	if (asked->arp.operation != ARP_REQUEST || (!vip && target != DIRECTOR && !host))
		return;
	if (host)
		note_begun(flight, target - FIRST_RIP);
	/* A sound server holds the VIP and keeps silent. */
	if (!mac_is_multicast(&asked->destination) && !mac_equal(&asked->destination, &owner))
		return;
	/* Linux sends the reply to the SHA (arp_process()). */
	emit(flight,
	    &(struct frame){.kind = FRAME_ARP,
		.source = owner,
		.destination = asked->arp.sha,
		.arp = {.operation = ARP_REPLY,
		    .sha = owner,
		    .spa = asked->arp.tpa,
		    .tha = asked->arp.sha,
		    .tpa = asked->arp.spa}},
	    now_us);
}

static void
answer_echo(struct flight *flight, const struct frame *asked, uint64_t now_us)
{
	const uint32_t host = address_of(&asked->destination);
	struct frame frame = {.source = asked->destination};

	if (address_ipv4_number(&asked->ip.source) == PROBE) {
		frame.kind = FRAME_ECHO_REPLY;
		frame.destination = asked->source;
		frame.ip.source = asked->ip.destination;
		frame.ip.destination = asked->ip.source;
		frame.ip.echo = asked->ip.echo;
	} else {
		frame.kind = FRAME_ARP;
		frame.destination = mac_broadcast;
		frame.arp.operation = ARP_REQUEST;
		frame.arp.sha = asked->destination;
		frame.arp.spa = address_ipv4(host);
		frame.arp.tpa = asked->ip.source;
		if (host - FIRST_RIP < HOSTS_MAX) {
			flight->echo[host - FIRST_RIP] = asked->ip.echo;
			flight->vip[host - FIRST_RIP] = asked->ip.destination;
		}
	}
	emit(flight, &frame, now_us);
}

static uint64_t
run(struct audit *audit, struct flight *flight, uint32_t hosts)
{
	static const uint8_t bytes[60];
	uint64_t now_us = START_US;
	struct frame frame;

	while (!audit_finished(audit, now_us)) {
		while (flight->count > 0 && flight->due_us[flight->first] <= now_us) {
			const struct capture capture = {.frame = flight->frame[flight->first],
			    .bytes = bytes,
			    .length = sizeof(bytes)};

			flight->first = (flight->first + 1) % FLIGHT_MAX;
			flight->count--;
			audit_receive(audit, now_us, &capture);
		}
		while (audit_next(audit, now_us, &frame)) {
			if (frame.kind == FRAME_ARP)
				answer_arp(flight, &frame, hosts, now_us);
			else if (frame.kind == FRAME_ECHO_REQUEST)
				answer_echo(flight, &frame, now_us);
		}
		now_us = audit_wakeup_us(audit, now_us);
		if (flight->count > 0 && flight->due_us[flight->first] < now_us)
			now_us = flight->due_us[flight->first];
	}
	return now_us;
}

static double
cpu_us(void)
{
	struct timespec time;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time) != 0)
		abort();
	return (double)time.tv_sec * 1e6 + (double)time.tv_nsec / 1e3;
}

static void
must(bool done, const struct error *error)
{
	if (done)
		return;
	fprintf(stderr, "scale: %s\n", error->text);
	exit(3);
}

static void
fill(struct plan *plan, const struct size *size)
{
	struct plan_cluster *cluster;
	struct error error = {0};
	char text[2 * ADDRESS_TEXT_SIZE + 1];
	const struct address first = address_ipv4(FIRST_RIP);

	plan_init(plan);
	cluster = plan_add_cluster(plan, "scale");
	if (cluster == NULL)
		abort();
	const struct address last = address_ipv4(FIRST_RIP + size->hosts - 1);
	char texts[2][ADDRESS_TEXT_SIZE];

	snprintf(text, sizeof(text), "%s-%s", address_format(&first, texts[0]),
	    address_format(&last, texts[1]));
	must(plan_add_hosts(cluster, text, &error), &error);
	for (uint32_t i = 0; i < size->vips; i++) {
		const struct address vip = address_ipv4(VIP + i);

		must(plan_add_vips(cluster, address_format(&vip, texts[0]), &error), &error);
	}
	must(plan_add_directors(cluster, "10.76.0.3", &error), &error);
	must(plan_check(cluster, &error), &error);
}

static void
check_result(const struct audit *audit, uint64_t now_us, uint32_t hosts)
{
	struct arena *arena = arena_new();
	struct cluster_result cluster;
	struct wire_result wire = {.owner_restored = true};

	if (arena == NULL)
		abort();
	audit_result(audit, now_us, arena, &cluster, &wire);
	if (cluster.verdict != VERDICT_COMPLIANT || cluster.hosts_alive < hosts) {
		fprintf(stderr, "scale: not every host is compliant\n");
		exit(3);
	}
	arena_free(arena);
}

static struct measure
measure(const struct size *size)
{
	const uint32_t hosts = size->hosts;
	const double pairs = (double)hosts * size->vips;
	static struct flight flight;
	const struct audit_segment segment = {
	    .interface = "eth0",
	    .mac = mac_of(PROBE),
	    .own = {.address = address_ipv4(PROBE), .length = LENGTH},
	    .elicit_port = 61234,
	};
	struct measure measured = {0};
	struct error error = {0};
	struct plan plan;

	fill(&plan, size);
	must(plan_fit(&plan.clusters[0], &segment.own, &error), &error);
	for (int i = 0; i < REPEATS; i++) {
		const size_t before = memory_taken();
		struct audit *audit = audit_new(&plan.clusters[0], &plan.settings, &segment,
		    &check_table, (uint64_t)i, START_US, &error);
		const double octets = (double)(memory_taken() - before);
		const double start_us = cpu_us();

		must(audit != NULL, &error);
		flight.first = flight.count = 0;
		flight.begun = flight.elicited = flight.busy = 0;
		const uint64_t end_us = run(audit, &flight, hosts);
		const double taken_us = (cpu_us() - start_us) / pairs;

		check_result(audit, end_us, hosts);
		if (i == 0 || taken_us < measured.cpu_us)
			measured.cpu_us = taken_us;
		measured.frames = (double)audit_progress(audit).frames_sent / pairs;
		measured.octets = octets / pairs;
		measured.busy = flight.busy;
		measured.seconds = (double)(end_us - START_US) / 1e6;
		audit_free(audit);
	}
	plan_free(&plan);
	return measured;
}

int
main(int argc, char **argv)
{
	static const struct size sizes[] = {
	    {1024, 1}, {4096, 1}, {16384, 1}, {65536, 1}, {60, MANY_VIPS}};
	const bool check_all = argc == 2 && strcmp(argv[1], "--check-all") == 0;
	const bool check_memory = argc == 2 && strcmp(argv[1], "--check-memory") == 0;
	struct measure first = {0};
	bool flat = true;

	if (argc > 1 && !check_all && !check_memory) {
		fprintf(stderr, "usage: scale [--check-memory | --check-all]\n");
		return 64;
	}
	printf("%8s %5s %12s %8s %13s %13s %9s %7s\n", "hosts", "VIPs", "CPU us/host", "ratio",
	    "octets/host", "frames/host", "seconds", "busy");
	for (size_t i = 0; i < sizeof(sizes) / sizeof(sizes[0]); i++) {
		const struct measure measured = measure(&sizes[i]);
		const bool counts = sizes[i].vips == 1;

		if (i == 0)
			first = measured;
		flat = flat &&
		       (!counts || !check_all || measured.cpu_us <= TOLERANCE * first.cpu_us) &&
		       measured.octets <= TOLERANCE * first.octets &&
		       measured.octets < OCTETS_MAX && (!counts || measured.busy <= BUSY_MAX);
		printf("%8u %5u %12.2f %8.2f %13.0f %13.2f %9.1f %7u\n", sizes[i].hosts,
		    sizes[i].vips, measured.cpu_us, measured.cpu_us / first.cpu_us, measured.octets,
		    measured.frames, measured.seconds, measured.busy);
	}
	return (check_all || check_memory) && !flat ? 1 : 0;
}
