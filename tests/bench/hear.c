/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Hears the ARP frames of an interface for a time, and does nothing else: the least that a program
 * on libpcap takes.
 *
 *	hear INTERFACE MILLISECONDS
 *
 *	HEARD LOST
 *
 * The capture is set up as the program's own is (src/link/live.c).
 */
#include <pcap/pcap.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#define EXIT_CANNOT_RUN 3
#define SNAPSHOT_SIZE   (14 + 4 + 60 + 8 + 255 * 4)
#define BUFFER_SIZE     (8 << 20)
#define FRAMES_PER_TURN 256
#define TURN_MS         100

static void
fail(const char *what, const char *why)
{
	(void)fprintf(stderr, "hear: %s: %s\n", what, why);
	exit(EXIT_CANNOT_RUN);
}

static int64_t
now_ms(void)
{
	struct timespec now;

	if (clock_gettime(CLOCK_MONOTONIC, &now) != 0)
		fail("clock", "it cannot be read");
	return (int64_t)now.tv_sec * 1000 + now.tv_nsec / 1000000;
}

static pcap_t *
open_capture(const char *name)
{
	char text[PCAP_ERRBUF_SIZE] = "";
	struct bpf_program program;
	pcap_t *const pcap = pcap_create(name, text);

	if (pcap == NULL)
		fail(name, text);
	if (pcap_set_snaplen(pcap, SNAPSHOT_SIZE) != 0 || pcap_set_promisc(pcap, 0) != 0 ||
	    pcap_set_immediate_mode(pcap, 1) != 0 || pcap_set_buffer_size(pcap, BUFFER_SIZE) != 0 ||
	    pcap_set_tstamp_precision(pcap, PCAP_TSTAMP_PRECISION_NANO) != 0)
		fail(name, "libpcap rejects the settings");
	if (pcap_activate(pcap) < 0 || pcap_setnonblock(pcap, 1, text) != 0 ||
	    pcap_compile(pcap, &program, "arp", 1, PCAP_NETMASK_UNKNOWN) != 0 ||
	    pcap_setfilter(pcap, &program) != 0)
		fail(name, pcap_geterr(pcap));
	pcap_freecode(&program);
	return pcap;
}

static void
count(u_char *heard, const struct pcap_pkthdr *header, const u_char *frame)
{
	(void)header;
	(void)frame;
	++*(uint64_t *)(void *)heard;
}

int
main(int argc, char *argv[])
{
	struct pcap_stat statistics;
	uint64_t heard = 0;

	if (argc != 3)
		fail("usage", "hear INTERFACE MILLISECONDS");
	pcap_t *const pcap = open_capture(argv[1]);
	struct pollfd polled = {.fd = pcap_fileno(pcap), .events = POLLIN};
	const int64_t end_ms = now_ms() + strtol(argv[2], NULL, 10);

	while (now_ms() < end_ms) {
		(void)poll(&polled, 1, TURN_MS);
		if (pcap_dispatch(pcap, FRAMES_PER_TURN, count, (u_char *)&heard) < 0)
			fail(argv[1], pcap_geterr(pcap));
	}
	if (pcap_stats(pcap, &statistics) != 0)
		fail(argv[1], pcap_geterr(pcap));
	(void)printf("%ju %u\n", (uintmax_t)heard, statistics.ps_drop);
	pcap_close(pcap);
	return fflush(stdout) == 0 ? EXIT_SUCCESS : EXIT_CANNOT_RUN;
}
