/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Compares how fast arpaudit sends with loops that do nothing but call libnet.
 *
 *	send_path INTERFACE RANGE FRAMES REPEATS
 *
 * Each of three loops takes REPEATS turns. In a turn it sends FRAMES frames on INTERFACE, and a
 * line "send LOOP FRAMES MICROSECONDS" is printed. RANGE is the argument of --rs and must hold
 * FRAMES addresses. Every frame is a broadcast who-has, for a different address than the one
 * before.
 *
 * engine: does what the program does while it has something to send, in the same order. It reads
 * the clock. It takes the next frame from the engine, which chooses the frame by rate, lane and
 * time and records it as sent. It builds the frame with libnet and writes it. After every SEND_US
 * it looks for answers, and finds none.
 *
 * build: the usual way to use libnet. It calls libnet_build_arp() and libnet_build_ethernet() with
 * the tags of the previous frame, then libnet_write().
 *
 * prebuilt: the fast way to use libnet. One frame is built in advance. For each frame the target is
 * overwritten, and libnet_adv_write_link() sends the result.
 *
 * The times are CPU time, user and system: no loop ever waits, and other work on the machine does
 * not count. They exclude opening and closing the sockets and creating the plan and the engine.
 * Each loop has its own sockets; no others are open while it runs.
 */
#include <arpa/inet.h>
#include <errno.h>
#include <libnet.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include "arpaudit/audit.h"
#include "arpaudit/checks.h"
#include "arpaudit/clock.h"
#include "arpaudit/link.h"
#include "arpaudit/options.h"
#include "arpaudit/privileges.h"

#define SEND_US      1000 /* as in src/run/run.c */
#define ELICIT_PORT  61000
#define FIRST_TARGET 0x0a400010 /* 10.64.0.16 */
#define TPA_OFFSET   (14 + 24)  /* in an Ethernet frame that carries ARP */

static void
fail(const char *what, const char *why)
{
	(void)fprintf(stderr, "send_path: %s: %s\n", what, why);
	exit(EXIT_CANNOT_RUN);
}

static uint64_t
cpu_us(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now) != 0)
		fail("clock", strerror(errno));
	return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

/* What the program does to receive frames when there are none. */
static void
look_for_answers(struct link *link, struct audit *audit, uint64_t now_us, struct error *error)
{
	const uint64_t until_us = audit_wakeup_us(audit, now_us);
	const uint64_t timeout_us = until_us > now_us ? until_us - now_us : 0;
	const struct timespec timeout = {
	    .tv_sec = (time_t)(timeout_us / 1000000),
	    .tv_nsec = (long)(timeout_us % 1000000) * 1000,
	};
	struct pollfd polled = {.fd = link_descriptor(link), .events = POLLIN};
	struct capture capture;

	if (ppoll(&polled, 1, &timeout, NULL) < 0)
		fail("waiting", strerror(errno));
	if (link_receive(link, &capture, error) != 0)
		fail("receiving", error->text);
}

static void
send_audit(struct link *link, struct audit *audit, const struct clock *clock, uint32_t frames)
{
	struct error error = {0};
	struct frame frame;
	uint32_t sent = 0;

	while (sent < frames) {
		const uint64_t start_us = clock_now_us(clock);
		uint64_t now_us = start_us;

		for (; now_us < start_us + SEND_US && sent < frames; now_us = clock_now_us(clock)) {
			struct capture capture = {.time_us = now_us};

			if (!audit_next(audit, now_us, &frame))
				fail("the engine", "nothing to send");
			if (link_send(link, &frame, &capture, &error) != LINK_SENT)
				fail("sending", error.text);
			sent++;
		}
		look_for_answers(link, audit, now_us, &error);
	}
}

static uint64_t
run_engine(const char *name, const struct plan *plan, uint32_t frames)
{
	struct error error = {0};
	struct link_interface interface;
	struct audit_segment segment;
	struct clock clock;

	if (!link_find(name, 0, NULL, NULL, 0, &interface, &error))
		fail(name, error.text);
	segment = (struct audit_segment){.interface = name,
	    .mac = interface.mac,
	    .own = interface.own,
	    .elicit_port = ELICIT_PORT};
	clock_start(&clock);
	const struct link_limits limits = {.port = ELICIT_PORT, .port_count = AUDIT_ELICIT_PORTS};
	struct link *const link = link_open(&interface, &limits, &error);
	struct audit *const audit = link == NULL
					? NULL
					: audit_new(&plan->clusters[0], &plan->settings, &segment,
					      &check_table, 1, clock_now_us(&clock), &error);

	if (audit == NULL)
		fail(name, error.text);
	const uint64_t start_us = cpu_us();

	send_audit(link, audit, &clock, frames);
	const uint64_t end_us = cpu_us();

	audit_free(audit);
	link_close(link);
	return end_us - start_us;
}

static libnet_t *
open_libnet(int type, const char *name)
{
	char text[LIBNET_ERRBUF_SIZE] = "";
	libnet_t *libnet;

	privileges_raise(); /* link_open() has lowered them */
	libnet = libnet_init(type, name, text);
	if (libnet == NULL)
		fail(name, text);
	return libnet;
}

static struct libnet_ether_addr
own_mac(libnet_t *libnet)
{
	const struct libnet_ether_addr *const mac = libnet_get_hwaddr(libnet);

	if (mac == NULL)
		fail("libnet_get_hwaddr", libnet_geterror(libnet));
	return *mac;
}

/* Builds who-has `target`. The tags are those of the previous frame, or 0. */
static void
build(libnet_t *libnet, const uint8_t mac[6], uint32_t target, libnet_ptag_t *arp,
    libnet_ptag_t *ethernet)
{
	static const uint8_t broadcast[6] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff}, zero[6] = {0};
	const uint32_t own = htonl(FIRST_TARGET - 1), tpa = htonl(target);

	*arp = libnet_build_arp(ARPHRD_ETHER, ETHERTYPE_IP, 6, 4, ARPOP_REQUEST, mac,
	    (const uint8_t *)&own, zero, (const uint8_t *)&tpa, NULL, 0, libnet, *arp);
	if (*arp == -1)
		fail("libnet_build_arp", libnet_geterror(libnet));
	*ethernet =
	    libnet_build_ethernet(broadcast, mac, ETHERTYPE_ARP, NULL, 0, libnet, *ethernet);
	if (*ethernet == -1)
		fail("libnet_build_ethernet", libnet_geterror(libnet));
}

static uint64_t
run_build(const char *name, uint32_t frames)
{
	libnet_t *const libnet = open_libnet(LIBNET_LINK, name);
	const struct libnet_ether_addr mac = own_mac(libnet);
	libnet_ptag_t arp = 0, ethernet = 0;
	const uint64_t start_us = cpu_us();

	for (uint32_t i = 0; i < frames; i++) {
		build(libnet, mac.ether_addr_octet, FIRST_TARGET + i, &arp, &ethernet);
		if (libnet_write(libnet) == -1)
			fail("libnet_write", libnet_geterror(libnet));
	}
	const uint64_t end_us = cpu_us();

	libnet_destroy(libnet);
	return end_us - start_us;
}

static uint64_t
run_prebuilt(const char *name, uint32_t frames)
{
	libnet_t *const libnet = open_libnet(LIBNET_LINK_ADV, name);
	const struct libnet_ether_addr mac = own_mac(libnet);
	libnet_ptag_t arp = 0, ethernet = 0;
	uint8_t *frame = NULL;
	uint32_t length = 0;

	build(libnet, mac.ether_addr_octet, FIRST_TARGET, &arp, &ethernet);
	if (libnet_adv_cull_packet(libnet, &frame, &length) == -1)
		fail("libnet_adv_cull_packet", libnet_geterror(libnet));
	const uint64_t start_us = cpu_us();

	for (uint32_t i = 0; i < frames; i++) {
		const uint32_t tpa = htonl(FIRST_TARGET + i);

		memcpy(frame + TPA_OFFSET, &tpa, sizeof(tpa));
		if (libnet_adv_write_link(libnet, frame, length) == -1)
			fail("libnet_adv_write_link", libnet_geterror(libnet));
	}
	const uint64_t end_us = cpu_us();

	libnet_adv_free_packet(libnet, frame);
	libnet_destroy(libnet);
	return end_us - start_us;
}

static uint32_t
read_count(const char *text)
{
	char *end;
	const unsigned long count = strtoul(text, &end, 10);

	if (count == 0 || count > 1000000 || *end != '\0')
		fail(text, "not a number from 1 to 1000000");
	return (uint32_t)count;
}

int
main(int argc, char *argv[])
{
	struct options options;
	struct error error = {0};

	if (argc != 5)
		fail("usage", "send_path INTERFACE RANGE FRAMES REPEATS");
	char *words[] = {argv[0], "--interface", argv[1], "--vip", "192.0.2.1", "--rs", argv[2],
	    "--rate", "0", "--broadcast-rate", "0", NULL};
	const uint32_t frames = read_count(argv[3]), repeats = read_count(argv[4]);

	if (!options_parse(11, words, &options, &error))
		fail("options", error.text);
	for (uint32_t i = 0; i < repeats; i++) {
		(void)printf("send engine %u %ju\n", frames,
		    (uintmax_t)run_engine(argv[1], &options.plan, frames));
		(void)printf("send build %u %ju\n", frames, (uintmax_t)run_build(argv[1], frames));
		(void)printf(
		    "send prebuilt %u %ju\n", frames, (uintmax_t)run_prebuilt(argv[1], frames));
	}
	options_free(&options);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_CANNOT_RUN;
}
