/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * frame_decode() and frame_summary(). Frames are decoded from a heap copy of exactly their length,
 * so that AddressSanitizer or valgrind catches a read past the end.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/frame.h"
#include "arpaudit/random.h"

#define FRAME_MAX 128

/* The Ethernet header of all samples, up to the EtherType. */
#define MACS 0x02, 0, 0, 0, 0, 0x0a, 0x02, 0, 0, 0, 0, 0x0b

#define IP_AT        14 /* offsets in an untagged frame */
#define TRANSPORT_AT 34

/* An IP header from 10.77.0.12 to 10.77.0.9, with its checksum (RFC 1071). */
#define IP_SUM(total_length, ttl, protocol) \
	(0x4500 + (total_length) + 0x4000 + ((ttl) << 8 | (protocol)) + 2 * 0x0a4d + 12 + 9)
#define IP_CHECKSUM(sum) (0xffff - (((sum)&0xffff) + ((sum) >> 16)))
#define IP_HEADER(total_length, ttl, protocol)                     \
	0x45, 0, 0, total_length, 0, 0, 0x40, 0, ttl, protocol,    \
	    IP_CHECKSUM(IP_SUM(total_length, ttl, protocol)) >> 8, \
	    IP_CHECKSUM(IP_SUM(total_length, ttl, protocol)) & 0xff, 10, 77, 0, 12, 10, 77, 0, 9

struct sample {
	enum frame_kind kind;
	size_t needed; /* the fewest octets that decode */
	size_t length;
	uint8_t octets[FRAME_MAX];
};

static const struct sample arp = {FRAME_ARP, 42, 42,
    {MACS, 0x08, 0x06, 0, 1, 0x08, 0, 6, 4, 0, 2, 0x02, 0, 0, 0, 0, 0x0b, 10, 77, 0, 100, 0x02, 0,
	0, 0, 0, 0x0a, 10, 77, 0, 9}};

static const struct sample echo_request = {FRAME_ECHO_REQUEST, 42, 46,
    {MACS, 0x08, 0, IP_HEADER(32, 1, 1), 8, 0, 0, 0, 0x12, 0x34, 0x56, 0x78, 'd', 'a', 't', 'a'}};

static const struct sample echo_reply = {FRAME_ECHO_REPLY, 42, 42,
    {MACS, 0x08, 0, IP_HEADER(28, 64, 1), 0, 0, 0, 0, 0x12, 0x34, 0x56, 0x78}};

/* Port unreachable, about UDP 10.77.0.9:4660 > 10.77.0.100:22136. */
static const struct sample icmp_error = {FRAME_ICMP_ERROR, 62, 70,
    {MACS, 0x08, 0, IP_HEADER(56, 64, 1), 3, 3, 0, 0, 0, 0, 0, 0, 0x45, 0, 0, 28, 0, 0, 0x40, 0, 1,
	17, 0, 0, 10, 77, 0, 9, 10, 77, 0, 100, 0x12, 0x34, 0x56, 0x78, 0, 8, 0, 0}};

static const struct sample tcp = {FRAME_TCP, 54, 58,
    {MACS, 0x08, 0, IP_HEADER(44, 64, 6), 0, 80, 0xd4, 0x31, 0xde, 0xad, 0xbe, 0xef, 1, 2, 3, 4,
	0x60, 0x12, 0xff, 0xff, 0, 0, 0, 0, 2, 4, 5, 0xb4}};

static const struct sample udp = {FRAME_UDP, 42, 44,
    {MACS, 0x08, 0, IP_HEADER(30, 64, 17), 0, 53, 0xd4, 0x31, 0, 10, 0, 0, 'h', 'i'}};

static const struct sample vrrp2 = {FRAME_VRRP, 50, 58,
    {MACS, 0x08, 0, IP_HEADER(44, 255, 112), 0x21, 51, 100, 2, 0, 1, 0, 0, 10, 77, 0, 100, 10, 77,
	0, 101, 0, 0, 0, 0, 0, 0, 0, 0}};

static const struct sample vrrp3 = {FRAME_VRRP, 46, 46,
    {MACS, 0x08, 0, IP_HEADER(32, 255, 112), 0x31, 255, 254, 1, 0, 100, 0, 0, 10, 77, 0, 100}};

/* keepalived with auth_type AH */
static const struct sample vrrp_in_ah = {FRAME_VRRP, 70, 78,
    {MACS, 0x08, 0, IP_HEADER(64, 255, 51), 112, 4, 0, 0, 0, 0, 0, 1, 0, 0, 0, 2, 1, 2, 3, 4, 5, 6,
	7, 8, 9, 10, 11, 12, 0x21, 51, 100, 1, 2, 1, 0, 0, 10, 77, 0, 100, 0, 0, 0, 0, 0, 0, 0, 0}};

static const struct sample carp = {FRAME_VRRP, 70, 70,
    {MACS, 0x08, 0, IP_HEADER(56, 255, 112), 0x21, 7, 100, 7, 0, 1, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9,
	10, 11, 12, 13, 14, 15, 16, 17, 18, 19, 20, 21, 22, 23, 24, 25, 26, 27, 28}};

static const struct sample *const samples[] = {
    &arp, &echo_request, &echo_reply, &icmp_error, &tcp, &udp, &vrrp2, &vrrp3, &vrrp_in_ah, &carp};

#define SAMPLES (sizeof(samples) / sizeof(samples[0]))

/* The addresses of a VRRP advertisement are gone when this returns. */
static enum frame_problem
decode(const uint8_t *octets, size_t length, struct frame *frame)
{
	uint8_t *const copy = malloc(length);
	enum frame_problem problem;

	assert_true(copy != NULL || length == 0);
	if (length > 0)
		memcpy(copy, octets, length);
	memset(frame, 0xff, sizeof(*frame)); /* makes unset fields visible */
	problem = frame_decode(copy, length, frame);
	if (frame->kind == FRAME_VRRP) {
		/* Read every address. */
		char text[FRAME_SUMMARY_SIZE];
		unsigned sum = 0;

		frame_summary(frame, text);
		for (size_t i = 0; i < 4 * (size_t)frame->ip.vrrp.address_count; i++)
			sum += frame->ip.vrrp.addresses[i];
		assert_true(sum <= 255 * 4 * 255);
		frame->ip.vrrp.addresses = NULL;
	}
	if (problem != FRAME_OK)
		assert_int_equal(frame->kind, FRAME_OTHER);
	free(copy);
	return problem;
}

/* Sets the checksum of an IP header without options, after an untagged Ethernet header. */
static void
set_checksum(uint8_t octets[])
{
	uint8_t *const ip = octets + 14;
	uint32_t sum = 0;

	ip[10] = ip[11] = 0;
	for (size_t i = 0; i < 20; i += 2)
		sum += (uint32_t)ip[i] << 8 | ip[i + 1];
	sum = 0xffff - ((sum & 0xffff) + (sum >> 16));
	ip[10] = (uint8_t)(sum >> 8);
	ip[11] = (uint8_t)sum;
}

/* Decodes a sample with one octet changed. */
static enum frame_problem
decode_with(const struct sample *sample, size_t offset, uint8_t octet, struct frame *frame)
{
	struct sample changed = *sample;

	changed.octets[offset] = octet;
	if (sample->kind != FRAME_ARP && offset >= 14 && offset < 24)
		set_checksum(changed.octets);
	return decode(changed.octets, changed.length, frame);
}

static void
expect_with(const struct sample *sample, size_t offset, uint8_t octet, enum frame_problem problem,
    enum frame_kind kind)
{
	struct frame frame;

	assert_int_equal(decode_with(sample, offset, octet, &frame), problem);
	assert_int_equal(frame.kind, kind);
}

/* The sample with tags inserted before its EtherType. */
static struct sample
tagged(const struct sample *sample, const uint8_t *tags, size_t count)
{
	struct sample result = *sample;

	memcpy(result.octets + 12, tags, count);
	memcpy(result.octets + 12 + count, sample->octets + 12, sample->length - 12);
	result.length += count;
	result.needed += count;
	return result;
}

static void
assert_address(const struct address *address, const char *expected)
{
	char text[ADDRESS_TEXT_SIZE];

	assert_string_equal(address_format(address, text), expected);
}

static void
assert_mac(const struct mac *mac, const char *expected)
{
	char text[MAC_TEXT_SIZE];

	assert_string_equal(mac_format(mac, text), expected);
}

static void
test_arp_fields(void **state)
{
	struct frame frame;

	(void)state;
	assert_int_equal(decode(arp.octets, arp.length, &frame), FRAME_OK);
	assert_int_equal(frame.kind, FRAME_ARP);
	assert_mac(&frame.destination, "02:00:00:00:00:0a");
	assert_mac(&frame.source, "02:00:00:00:00:0b");
	assert_int_equal(frame.vlan, 0);
	assert_int_equal(frame.arp.operation, ARP_REPLY);
	assert_mac(&frame.arp.sha, "02:00:00:00:00:0b");
	assert_address(&frame.arp.spa, "10.77.0.100");
	assert_mac(&frame.arp.tha, "02:00:00:00:00:0a");
	assert_address(&frame.arp.tpa, "10.77.0.9");
}

static void
test_ip_fields(void **state)
{
	struct frame frame;

	(void)state;
	assert_int_equal(decode(echo_request.octets, echo_request.length, &frame), FRAME_OK);
	assert_address(&frame.ip.source, "10.77.0.12");
	assert_address(&frame.ip.destination, "10.77.0.9");
	assert_int_equal(frame.ip.ttl, 1);
	assert_int_equal(frame.ip.echo.identifier, 0x1234);
	assert_int_equal(frame.ip.echo.sequence, 0x5678);

	assert_int_equal(decode(tcp.octets, tcp.length, &frame), FRAME_OK);
	assert_int_equal(frame.ip.tcp.source_port, 80);
	assert_int_equal(frame.ip.tcp.destination_port, 0xd431);
	assert_true(frame.ip.tcp.sequence == 0xdeadbeef);
	assert_int_equal(frame.ip.tcp.acknowledgement, 0x01020304);
	assert_int_equal(frame.ip.tcp.flags, TCP_SYN | TCP_ACK);

	assert_int_equal(decode(udp.octets, udp.length, &frame), FRAME_OK);
	assert_int_equal(frame.ip.udp.source_port, 53);
	assert_int_equal(frame.ip.udp.destination_port, 0xd431);
}

static void
test_vrrp_advertisements(void **state)
{
	struct frame frame;

	(void)state;
	assert_int_equal(frame_decode(vrrp2.octets, vrrp2.length, &frame), FRAME_OK);
	assert_int_equal(frame.ip.vrrp.version, 2);
	assert_int_equal(frame.ip.vrrp.vrid, 51);
	assert_int_equal(frame.ip.vrrp.priority, 100);
	assert_int_equal(frame.ip.vrrp.interval_us, 1000000);
	assert_int_equal(frame.ip.vrrp.address_count, 2);
	assert_ptr_equal(frame.ip.vrrp.addresses, vrrp2.octets + TRANSPORT_AT + 8);

	assert_int_equal(frame_decode(vrrp3.octets, vrrp3.length, &frame), FRAME_OK);
	assert_int_equal(frame.ip.vrrp.version, 3);
	assert_int_equal(frame.ip.vrrp.vrid, 255);
	assert_int_equal(frame.ip.vrrp.interval_us, 1000000);

	/* More addresses than the datagram contains. Fewer are fine: the rest is authentication. */
	expect_with(&vrrp2, TRANSPORT_AT + 3, 5, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&vrrp2, TRANSPORT_AT + 3, 255, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&vrrp2, TRANSPORT_AT + 3, 0, FRAME_OK, FRAME_VRRP);
	/* Addresses must not come from the padding after the datagram. */
	expect_with(&vrrp3, IP_AT + 3, 28, FRAME_MALFORMED, FRAME_OTHER);
	/* A source address with one wrong bit. */
	expect_with(&vrrp2, IP_AT + 15, 13, FRAME_MALFORMED, FRAME_OTHER);
	/* Forwarded; VRID 0; another version; another type. */
	expect_with(&vrrp2, IP_AT + 8, 254, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&vrrp2, TRANSPORT_AT + 1, 0, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&vrrp2, TRANSPORT_AT, 0x41, FRAME_OK, FRAME_OTHER);
	expect_with(&vrrp2, TRANSPORT_AT, 0x22, FRAME_OK, FRAME_OTHER);
}

static void
test_vrrp_in_an_authentication_header(void **state)
{
	const struct sample *sample = &vrrp_in_ah;
	struct frame frame;

	(void)state;
	assert_int_equal(frame_decode(sample->octets, sample->length, &frame), FRAME_OK);
	assert_false(frame.ip.vrrp.carp);
	assert_int_equal(frame.ip.vrrp.vrid, 51);
	assert_int_equal(frame.ip.vrrp.priority, 100);
	assert_int_equal(frame.ip.vrrp.address_count, 1);
	assert_ptr_equal(frame.ip.vrrp.addresses, sample->octets + TRANSPORT_AT + 24 + 8);
	/* Another protocol inside; longer than the datagram; shorter than its own fields. */
	expect_with(sample, TRANSPORT_AT, 6, FRAME_OK, FRAME_OTHER);
	expect_with(sample, TRANSPORT_AT + 1, 200, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(sample, TRANSPORT_AT + 1, 0, FRAME_MALFORMED, FRAME_OTHER);
	/* A wrong source address, and a forwarded one. */
	expect_with(sample, IP_AT + 15, 13, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(sample, IP_AT + 8, 254, FRAME_MALFORMED, FRAME_OTHER);
}

/* Seven addresses are where CARP has its authentication. */
static void
test_carp_advertisements(void **state)
{
	struct sample changed = carp;
	struct frame frame;

	(void)state;
	assert_int_equal(frame_decode(carp.octets, carp.length, &frame), FRAME_OK);
	assert_true(frame.ip.vrrp.carp);
	assert_int_equal(frame.ip.vrrp.vrid, 7);
	assert_int_equal(frame.ip.vrrp.priority, 155);
	assert_int_equal(frame.ip.vrrp.interval_us, 1390625);
	assert_int_equal(frame.ip.vrrp.address_count, 0);
	/* It gives up by the largest base and skew. The skew alone is none. */
	changed.octets[TRANSPORT_AT + 2] = 255;
	assert_int_equal(frame_decode(changed.octets, changed.length, &frame), FRAME_OK);
	assert_int_equal(frame.ip.vrrp.priority, 1);
	changed.octets[TRANSPORT_AT + 5] = 255;
	assert_int_equal(frame_decode(changed.octets, changed.length, &frame), FRAME_OK);
	assert_int_equal(frame.ip.vrrp.priority, 0);
	/* With authentication data, VRRP of seven addresses is longer. */
	changed = vrrp2;
	assert_int_equal(frame_decode(changed.octets, changed.length, &frame), FRAME_OK);
	assert_false(frame.ip.vrrp.carp);
}

static void
check_truncation(const struct sample *sample)
{
	struct frame frame;

	for (size_t length = 0; length <= sample->length; length++) {
		const enum frame_problem problem = decode(sample->octets, length, &frame);

		if (length < sample->needed) {
			assert_int_equal(problem, FRAME_TRUNCATED);
			assert_int_equal(frame.kind, FRAME_OTHER);
		} else {
			assert_int_equal(problem, FRAME_OK);
			assert_int_equal(frame.kind, sample->kind);
		}
	}
}

static void
test_truncation_at_every_length(void **state)
{
	static const uint8_t tag[] = {0x81, 0, 0, 5};

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		const struct sample with_tag = tagged(samples[i], tag, sizeof(tag));

		check_truncation(samples[i]);
		check_truncation(&with_tag);
	}
}

static void
test_one_vlan_tag(void **state)
{
	static const uint8_t vlan[] = {0x81, 0, 0xff, 0xfe}; /* priority 7, DEI, VID 4094 */
	static const uint8_t priority[] = {0x81, 0, 0xa0, 0};
	static const uint8_t reserved[] = {0x81, 0, 0x0f, 0xff};
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct sample sample = tagged(samples[i], vlan, sizeof(vlan));

		assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_OK);
		assert_int_equal(frame.kind, sample.kind);
		assert_false(frame.odd);
		assert_int_equal(frame.vlan, 4094);
		assert_mac(&frame.source, "02:00:00:00:00:0b");

		sample = tagged(samples[i], priority, sizeof(priority));
		assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_OK);
		assert_int_equal(frame.kind, sample.kind);
		assert_false(frame.odd);
		assert_int_equal(frame.vlan, 0);

		sample = tagged(samples[i], reserved, sizeof(reserved));
		assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_MALFORMED);
		assert_int_equal(frame.vlan, 0);
	}
}

/* Tags that Linux takes beside a single 802.1Q tag: further ones of VID 0, wherever they stand. */
static void
test_odd_tags(void **state)
{
	/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding): in the order that reads best */
	static const struct {
		uint8_t octets[12];
		size_t count;
		uint16_t vlan;
	} tags[] = {
	    {{0x88, 0xa8, 0, 0}, 4, 0},
	    {{0x81, 0, 0, 0, 0x81, 0, 0xe0, 0}, 8, 0},
	    {{0x81, 0, 0, 0, 0x88, 0xa8, 0, 0}, 8, 0},
	    {{0x88, 0xa8, 0, 0, 0x81, 0, 0, 0}, 8, 0},
	    {{0x81, 0, 0, 0, 0x81, 0, 0, 0, 0x81, 0, 0, 0}, 12, 0},
	    {{0x81, 0, 0, 5, 0x81, 0, 0, 0}, 8, 5},
	    {{0x81, 0, 0, 0, 0x81, 0, 0, 5}, 8, 5},
	    {{0x88, 0xa8, 0, 0, 0x81, 0, 0, 5}, 8, 5},
	};
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		for (size_t t = 0; t < sizeof(tags) / sizeof(tags[0]); t++) {
			const struct sample sample =
			    tagged(samples[i], tags[t].octets, tags[t].count);

			assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_OK);
			assert_int_equal(frame.kind, sample.kind);
			assert_int_equal(frame.vlan, tags[t].vlan);
			assert_true(frame.odd);
			check_truncation(&sample);
		}
	}
}

/* Two VIDs, in any order; an 802.1ad VID; and single tags of other types. */
static void
test_foreign_tags(void **state)
{
	static const struct {
		uint8_t octets[8];
		size_t count;
	} tags[] = {
	    {{0x81, 0, 0, 5, 0x81, 0, 0, 5}, 8},
	    {{0x81, 0, 0, 5, 0x81, 0, 0, 6}, 8},
	    {{0x81, 0, 0, 5, 0x88, 0xa8, 0, 5}, 8},
	    {{0x88, 0xa8, 0, 5, 0x81, 0, 0, 5}, 8},
	    {{0x88, 0xa8, 0, 5, 0x81, 0, 0, 0}, 8},
	    {{0x81, 0, 0, 0, 0x88, 0xa8, 0, 5}, 8},
	    {{0x88, 0xa8, 0, 5}, 4},
	    {{0x91, 0, 0, 5}, 4},
	    {{0x91, 0, 0, 0}, 4},
	};
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		for (size_t t = 0; t < sizeof(tags) / sizeof(tags[0]); t++) {
			const struct sample sample =
			    tagged(samples[i], tags[t].octets, tags[t].count);

			assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_OK);
			assert_int_equal(frame.kind, FRAME_OTHER);
		}
	}
}

static void
test_other_ethertypes(void **state)
{
	(void)state;
	expect_with(&arp, 12, 0x86, FRAME_OK, FRAME_OTHER);        /* not ARP */
	expect_with(&arp, 12, 0x00, FRAME_OK, FRAME_OTHER);        /* an IEEE 802.3 length field */
	expect_with(&arp, 13, 0x00, FRAME_MALFORMED, FRAME_OTHER); /* IP version 0 */
}

static void
test_arp_of_other_types(void **state)
{
	struct frame frame;

	(void)state;
	assert_int_equal(decode_with(&arp, 15, 6, &frame), FRAME_OK); /* hardware type IEEE 802 */
	assert_int_equal(frame.kind, FRAME_ARP);
	assert_true(frame.odd);
	assert_int_equal(decode_with(&arp, 15, 1, &frame), FRAME_OK);
	assert_false(frame.odd);
	expect_with(&arp, 15, 7, FRAME_OK, FRAME_OTHER);
	expect_with(&arp, 16, 0x86, FRAME_OK, FRAME_OTHER); /* protocol type */
	expect_with(&arp, 18, 8, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&arp, 18, 0, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&arp, 19, 16, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&arp, 19, 0, FRAME_MALFORMED, FRAME_OTHER);
	/* Any operation is ARP: 9 is InARP's reply. */
	assert_int_equal(decode_with(&arp, 21, 9, &frame), FRAME_OK);
	assert_int_equal(frame.kind, FRAME_ARP);
	assert_int_equal(frame.arp.operation, 9);
}

static void
test_ip_header(void **state)
{
	(void)state;
	for (size_t i = 1; i < SAMPLES; i++) {
		expect_with(samples[i], IP_AT, 0x65, FRAME_MALFORMED, FRAME_OTHER);
		expect_with(samples[i], IP_AT, 0x44, FRAME_MALFORMED, FRAME_OTHER);
		expect_with(samples[i], IP_AT, 0x40, FRAME_MALFORMED, FRAME_OTHER);
		/* A total length shorter than the header, and one that leaves no room for the
		 * payload's header, which is present as padding. */
		expect_with(samples[i], IP_AT + 3, 19, FRAME_MALFORMED, FRAME_OTHER);
		expect_with(samples[i], IP_AT + 3, 0, FRAME_MALFORMED, FRAME_OTHER);
		expect_with(samples[i], IP_AT + 3, 27, FRAME_MALFORMED, FRAME_OTHER);
		/* A total length beyond the captured octets: the capture truncated it. */
		expect_with(samples[i], IP_AT + 2, 5, FRAME_OK, samples[i]->kind);
		/* Another protocol: OSPF. */
		expect_with(samples[i], IP_AT + 9, 89, FRAME_OK, FRAME_OTHER);
	}
	/* A header of 60 octets that extends past the frame, and past the total length. */
	expect_with(&echo_reply, IP_AT, 0x4f, FRAME_TRUNCATED, FRAME_OTHER);
	expect_with(&icmp_error, IP_AT, 0x4f, FRAME_TRUNCATED, FRAME_OTHER);
}

static void
test_ip_options(void **state)
{
	struct sample sample = udp;
	struct frame frame;

	(void)state;
	memmove(
	    sample.octets + TRANSPORT_AT + 8, udp.octets + TRANSPORT_AT, udp.length - TRANSPORT_AT);
	memset(sample.octets + TRANSPORT_AT, 1, 8); /* no operation */
	sample.length += 8;
	sample.octets[IP_AT] = 0x47;
	sample.octets[IP_AT + 3] += 8;
	memset(sample.octets + IP_AT + 10, 0, 2); /* no checksum */
	assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_OK);
	assert_int_equal(frame.kind, FRAME_UDP);
	assert_int_equal(frame.ip.udp.source_port, 53);
	/* The header is longer than the total length. */
	sample.octets[IP_AT + 3] = 27;
	assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_MALFORMED);
}

/* One wrong bit makes a packet one of another machine's. A card that is to fill the checksum in may
 * leave 0 to the capture. */
static void
test_ip_checksum(void **state)
{
	struct frame frame;

	(void)state;
	for (size_t bit = 0; bit < 64; bit++) {
		struct sample sample = udp;

		sample.octets[IP_AT + 12 + bit / 8] ^= (uint8_t)(1u << bit % 8);
		assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_MALFORMED);
		assert_int_equal(frame.kind, FRAME_OTHER);
		memset(sample.octets + IP_AT + 10, 0, 2);
		assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_OK);
	}
}

static void
test_ethernet_padding(void **state)
{
	struct frame frame;

	(void)state;
	for (size_t i = 0; i < SAMPLES; i++) {
		struct sample sample = *samples[i];

		memset(sample.octets + sample.length, 0xee, FRAME_MAX - sample.length);
		assert_int_equal(decode(sample.octets, FRAME_MAX, &frame), FRAME_OK);
		assert_int_equal(frame.kind, sample.kind);
	}
}

static void
test_ip_fragments(void **state)
{
	(void)state;
	for (size_t i = 1; i < SAMPLES; i++) {
		const enum frame_kind first =
		    samples[i]->kind == FRAME_ICMP_ERROR ? FRAME_ICMP_ERROR : FRAME_OTHER;

		expect_with(samples[i], IP_AT + 6, 0x20, FRAME_OK, first); /* more fragments */
		expect_with(samples[i], IP_AT + 7, 1, FRAME_OK, FRAME_OTHER);
		expect_with(samples[i], IP_AT + 6, 0x10, FRAME_OK, FRAME_OTHER);
		expect_with(samples[i], IP_AT + 6, 0x00, FRAME_OK, samples[i]->kind); /* no DF */
		expect_with(samples[i], IP_AT + 6, 0x80, FRAME_OK, samples[i]->kind);
	}
}

static void
test_transport_lengths(void **state)
{
	(void)state;
	expect_with(&tcp, TRANSPORT_AT + 12, 0x50, FRAME_OK, FRAME_TCP);
	expect_with(&tcp, TRANSPORT_AT + 12, 0x40, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&tcp, TRANSPORT_AT + 12, 0x00, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&tcp, TRANSPORT_AT + 12, 0x70, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&tcp, IP_AT + 3, 39, FRAME_MALFORMED, FRAME_OTHER);

	expect_with(&udp, TRANSPORT_AT + 5, 8, FRAME_OK, FRAME_UDP);
	expect_with(&udp, TRANSPORT_AT + 5, 7, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&udp, TRANSPORT_AT + 5, 0, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&udp, TRANSPORT_AT + 5, 11, FRAME_MALFORMED, FRAME_OTHER);
}

static void
test_icmp_types(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		const enum frame_kind kind = type == 8   ? FRAME_ECHO_REQUEST
					     : type == 0 ? FRAME_ECHO_REPLY
					     : type == 3 || type == 5 || type == 11
						 ? FRAME_ICMP_ERROR
						 : FRAME_OTHER;

		expect_with(&icmp_error, TRANSPORT_AT, (uint8_t)type, FRAME_OK, kind);
	}
}

#define INNER_AT (TRANSPORT_AT + 8)

static void
test_icmp_error_fields(void **state)
{
	struct sample sample = icmp_error;
	struct frame frame;

	(void)state;
	assert_int_equal(decode(sample.octets, sample.length, &frame), FRAME_OK);
	assert_address(&frame.ip.source, "10.77.0.12");
	assert_int_equal(frame.ip.error.type, 3);
	assert_int_equal(frame.ip.error.code, 3);
	assert_int_equal(frame.ip.error.protocol, IP_PROTOCOL_UDP);
	assert_address(&frame.ip.error.source, "10.77.0.9");
	assert_address(&frame.ip.error.destination, "10.77.0.100");
	assert_int_equal(frame.ip.error.source_port, 0x1234);
	assert_int_equal(frame.ip.error.destination_port, 0x5678);

	assert_int_equal(decode_with(&icmp_error, INNER_AT + 9, IP_PROTOCOL_TCP, &frame), FRAME_OK);
	assert_int_equal(frame.ip.error.destination_port, 0x5678);

	/* No ports: ICMP, a later fragment, truncated by the capture or by the sender. */
	assert_int_equal(
	    decode_with(&icmp_error, INNER_AT + 9, IP_PROTOCOL_ICMP, &frame), FRAME_OK);
	assert_int_equal(frame.ip.error.protocol, IP_PROTOCOL_ICMP);
	assert_int_equal(frame.ip.error.source_port, 0);
	assert_int_equal(decode_with(&icmp_error, INNER_AT + 7, 1, &frame), FRAME_OK);
	assert_int_equal(frame.ip.error.source_port, 0);
	assert_int_equal(decode(icmp_error.octets, INNER_AT + 23, &frame), FRAME_OK);
	assert_int_equal(frame.ip.error.source_port, 0);
	assert_int_equal(decode(icmp_error.octets, INNER_AT + 24, &frame), FRAME_OK);
	assert_int_equal(frame.ip.error.source_port, 0x1234);
	assert_int_equal(decode_with(&icmp_error, IP_AT + 3, 20 + 8 + 23, &frame), FRAME_OK);
	assert_int_equal(frame.ip.error.source_port, 0);
}

static void
test_icmp_error_quoted_header(void **state)
{
	(void)state;
	expect_with(&icmp_error, INNER_AT, 0x65, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&icmp_error, INNER_AT, 0x44, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&icmp_error, INNER_AT, 0x47, FRAME_OK, FRAME_ICMP_ERROR);
	expect_with(&icmp_error, INNER_AT, 0x48, FRAME_MALFORMED, FRAME_OTHER);
	expect_with(&icmp_error, IP_AT + 3, 20 + 8 + 19, FRAME_MALFORMED, FRAME_OTHER);
	/* The quoted total length belongs to the original datagram and is ignored. */
	expect_with(&icmp_error, INNER_AT + 3, 0, FRAME_OK, FRAME_ICMP_ERROR);
}

/* Any input: nothing is read past the end, and a malformed frame does not look like evidence. */
static void
test_random_mutations(void **state)
{
	struct random random = {.state = 1};
	struct frame frame;
	char text[FRAME_SUMMARY_SIZE];

	(void)state;
	for (unsigned round = 0; round < 20000; round++) {
		struct sample sample = *samples[random_below(&random, SAMPLES)];
		const uint32_t changes = random_below(&random, 4);

		for (uint32_t i = 0; i < changes; i++)
			sample.octets[12 + random_below(&random, (uint32_t)sample.length - 12)] =
			    (uint8_t)random_next(&random);
		decode(sample.octets, random_below(&random, FRAME_MAX + 1), &frame);
		if (frame.kind != FRAME_VRRP)
			assert_true(strlen(frame_summary(&frame, text)) < FRAME_SUMMARY_SIZE - 1);
	}
}

static void
assert_summary(const uint8_t *octets, size_t length, const char *expected)
{
	struct frame frame;
	char text[FRAME_SUMMARY_SIZE];

	assert_int_equal(frame_decode(octets, length, &frame), FRAME_OK);
	assert_string_equal(frame_summary(&frame, text), expected);
}

#define FROM_TO ", from 02:00:00:00:00:0b to 02:00:00:00:00:0a"

static void
test_summary_lines(void **state)
{
	static const uint8_t tag[] = {0x81, 0, 0, 5};
	struct sample sample = tagged(&arp, tag, sizeof(tag));

	(void)state;
	assert_summary(
	    arp.octets, arp.length, "ARP, reply 10.77.0.100 is-at 02:00:00:00:00:0b" FROM_TO);
	assert_summary(sample.octets, sample.length,
	    "ARP, reply 10.77.0.100 is-at 02:00:00:00:00:0b" FROM_TO ", vlan 5");
	assert_summary(echo_request.octets, echo_request.length,
	    "ICMP echo request, 10.77.0.12 > 10.77.0.9, id 4660, seq 22136" FROM_TO);
	assert_summary(echo_reply.octets, echo_reply.length,
	    "ICMP echo reply, 10.77.0.12 > 10.77.0.9, id 4660, seq 22136" FROM_TO);
	assert_summary(icmp_error.octets, icmp_error.length,
	    "ICMP unreachable, code 3, 10.77.0.12 > 10.77.0.9, about UDP 10.77.0.9:4660 > "
	    "10.77.0.100:22136" FROM_TO);
	assert_summary(tcp.octets, tcp.length,
	    "TCP 10.77.0.12:80 > 10.77.0.9:54321, flags [S.], seq 3735928559, ack "
	    "16909060" FROM_TO);
	assert_summary(udp.octets, udp.length, "UDP 10.77.0.12:53 > 10.77.0.9:54321" FROM_TO);
	assert_summary(vrrp2.octets, vrrp2.length,
	    "VRRPv2, 10.77.0.12 > 10.77.0.9, vrid 51, prio 100, 10.77.0.100, 10.77.0.101" FROM_TO);

	sample = arp;
	memset(sample.octets, 0xff, 6);
	sample.octets[21] = ARP_REQUEST;
	sample.octets[27] = 0x0c;
	assert_summary(sample.octets, sample.length,
	    "ARP, request who-has 10.77.0.9 tell 10.77.0.100 (SHA 02:00:00:00:00:0c), from "
	    "02:00:00:00:00:0b to broadcast");
	sample.octets[12] = 0x86;
	assert_summary(
	    sample.octets, sample.length, "other frame, from 02:00:00:00:00:0b to broadcast");
}

/* The longest line is not truncated. */
static void
test_longest_summary_fits(void **state)
{
	const struct address longest = address_ipv4(0xffffffff);
	struct frame frame = {.kind = FRAME_ICMP_ERROR,
	    .source = {{0xfe, 255, 255, 255, 255, 255}},
	    .destination = {{0xfe, 255, 255, 255, 255, 255}},
	    .vlan = 4094};
	char text[FRAME_SUMMARY_SIZE];

	(void)state;
	frame.ip.source = frame.ip.destination = longest;
	frame.ip.error.type = ICMP_TYPE_TIME_EXCEEDED;
	frame.ip.error.code = 255;
	frame.ip.error.protocol = IP_PROTOCOL_TCP;
	frame.ip.error.source = frame.ip.error.destination = longest;
	frame.ip.error.source_port = frame.ip.error.destination_port = 65535;
	assert_non_null(strstr(frame_summary(&frame, text), ", vlan 4094"));
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_arp_fields),
	    cmocka_unit_test(test_ip_fields),
	    cmocka_unit_test(test_vrrp_advertisements),
	    cmocka_unit_test(test_vrrp_in_an_authentication_header),
	    cmocka_unit_test(test_carp_advertisements),
	    cmocka_unit_test(test_truncation_at_every_length),
	    cmocka_unit_test(test_one_vlan_tag),
	    cmocka_unit_test(test_odd_tags),
	    cmocka_unit_test(test_foreign_tags),
	    cmocka_unit_test(test_other_ethertypes),
	    cmocka_unit_test(test_arp_of_other_types),
	    cmocka_unit_test(test_ip_header),
	    cmocka_unit_test(test_ip_options),
	    cmocka_unit_test(test_ip_checksum),
	    cmocka_unit_test(test_ethernet_padding),
	    cmocka_unit_test(test_ip_fragments),
	    cmocka_unit_test(test_transport_lengths),
	    cmocka_unit_test(test_icmp_types),
	    cmocka_unit_test(test_icmp_error_fields),
	    cmocka_unit_test(test_icmp_error_quoted_header),
	    cmocka_unit_test(test_random_mutations),
	    cmocka_unit_test(test_summary_lines),
	    cmocka_unit_test(test_longest_summary_fits),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
