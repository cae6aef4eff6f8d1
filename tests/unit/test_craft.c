/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * craft(): its bytes match frames written out by hand from the standards, and decoding them
 * restores the frame.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/craft.h"
#include "arpaudit/random.h"

#define PROBE 0x02, 0, 0, 0, 0, 0xfa
#define HOST  0x02, 0, 0, 0, 0, 0x0c

static const struct mac probe_mac = {{PROBE}};
static const struct mac host_mac = {{HOST}};

/* One for all tests: whatever was built before, nothing of it may remain. */
struct crafting {
	libnet_t *libnet;
	struct crafted crafted;
};

static int
setup(void **state)
{
	static struct crafting crafting;
	char text[LIBNET_ERRBUF_SIZE];

	crafting.libnet = libnet_init(LIBNET_NONE, NULL, text);
	*state = &crafting;
	return crafting.libnet == NULL ? -1 : 0;
}

static int
teardown(void **state)
{
	libnet_destroy(((struct crafting *)*state)->libnet);
	return 0;
}

static void
assert_bytes(
    struct crafting *crafting, const struct frame *frame, const uint8_t *expected, size_t length)
{
	struct error error = {0};

	assert_true(craft(crafting->libnet, frame, &crafting->crafted, &error));
	assert_int_equal(crafting->crafted.length, length);
	assert_memory_equal(crafting->crafted.bytes, expected, length);
	assert_int_equal(error.status, 0);
}

/* With a VLAN, the same octets with a tag of priority 0 before the EtherType. */
static void
assert_crafted(
    struct crafting *crafting, struct frame *frame, const uint8_t *expected, size_t length)
{
	static const uint8_t vlans[][4] = {{0x81, 0, 0, 1}, {0x81, 0, 0x0f, 0xfe}, {0x81, 0, 0, 5}};
	uint8_t tagged[CRAFT_SIZE_MAX];

	assert_bytes(crafting, frame, expected, length);
	for (size_t i = 0; i < sizeof(vlans) / sizeof(vlans[0]); i++) {
		memcpy(tagged, expected, 12);
		memcpy(tagged + 12, vlans[i], 4);
		memcpy(tagged + 16, expected + 12, length - 12);
		frame->vlan = (uint16_t)(vlans[i][2] << 8 | vlans[i][3]);
		assert_bytes(crafting, frame, tagged, length + 4);
	}
	frame->vlan = 0;
	assert_bytes(crafting, frame, expected, length);
}

static void
test_arp_bytes(void **state)
{
	static const uint8_t expected[] = {0xff, 0xff, 0xff, 0xff, 0xff, 0xff, PROBE, 0x08, 0x06, 0,
	    1, 0x08, 0, 6, 4, 0, 1, PROBE, 10, 77, 0, 250, 0, 0, 0, 0, 0, 0, 10, 77, 0, 100};
	struct frame frame = {
	    .kind = FRAME_ARP,
	    .source = probe_mac,
	    .destination = mac_broadcast,
	    .arp = {.operation = ARP_REQUEST,
		.sha = probe_mac,
		.spa = address_ipv4(0x0a4d00fa),
		.tpa = address_ipv4(0x0a4d0064)},
	};

	assert_crafted(*state, &frame, expected, sizeof(expected));
}

/* From 10.77.0.250 to 10.77.0.100, TTL 1. */
static struct frame
ip_frame(enum frame_kind kind)
{
	return (struct frame){
	    .kind = kind,
	    .source = probe_mac,
	    .destination = host_mac,
	    .ip = {.source = address_ipv4(0x0a4d00fa),
		.destination = address_ipv4(0x0a4d0064),
		.ttl = 1},
	};
}

static void
test_echo_request_bytes(void **state)
{
	static const uint8_t expected[] = {HOST, PROBE, 0x08, 0x00, 0x45, 0x00, 0x00, 0x1c, 0x00,
	    0x00, 0x40, 0x00, 0x01, 0x01, 0x63, 0xea, 0x0a, 0x4d, 0x00, 0xfa, 0x0a, 0x4d, 0x00,
	    0x64, 0x08, 0x00, 0x23, 0xc7, 0xd4, 0x31, 0x00, 0x07};
	struct frame frame = ip_frame(FRAME_ECHO_REQUEST);

	frame.ip.echo.identifier = 54321;
	frame.ip.echo.sequence = 7;
	assert_crafted(*state, &frame, expected, sizeof(expected));
}

static void
test_tcp_bytes(void **state)
{
	static const uint8_t expected[] = {HOST, PROBE, 0x08, 0x00, 0x45, 0x00, 0x00, 0x28, 0x00,
	    0x00, 0x40, 0x00, 0x01, 0x06, 0x63, 0xd9, 0x0a, 0x4d, 0x00, 0xfa, 0x0a, 0x4d, 0x00,
	    0x64, 0xd4, 0x31, 0x00, 0x50, 0x00, 0x07, 0xd4, 0x31, 0x00, 0x00, 0x00, 0x00, 0x50,
	    0x02, 0xff, 0xff, 0xf1, 0x30, 0x00, 0x00};
	struct frame frame = ip_frame(FRAME_TCP);

	frame.ip.tcp.source_port = 54321;
	frame.ip.tcp.destination_port = 80;
	frame.ip.tcp.sequence = 0x0007d431;
	frame.ip.tcp.flags = TCP_SYN;
	assert_crafted(*state, &frame, expected, sizeof(expected));
}

static void
test_udp_bytes(void **state)
{
	static const uint8_t expected[] = {HOST, PROBE, 0x08, 0x00, 0x45, 0x00, 0x00, 0x1c, 0x00,
	    0x00, 0x40, 0x00, 0x01, 0x11, 0x63, 0xda, 0x0a, 0x4d, 0x00, 0xfa, 0x0a, 0x4d, 0x00,
	    0x64, 0xd4, 0x31, 0xd4, 0x31, 0x00, 0x08, 0x41, 0x83};
	struct frame frame = ip_frame(FRAME_UDP);

	frame.ip.udp.source_port = frame.ip.udp.destination_port = 54321;
	assert_crafted(*state, &frame, expected, sizeof(expected));
}

static struct mac
random_mac(struct random *random)
{
	struct mac mac;

	for (size_t i = 0; i < sizeof(mac.octet); i++)
		mac.octet[i] = (uint8_t)random_next(random);
	return mac;
}

static struct address
random_address(struct random *random)
{
	return address_ipv4((uint32_t)random_next(random));
}

/* Zeroed first, so that frames compare as bytes. */
static void
random_frame(struct random *random, enum frame_kind kind, struct frame *frame)
{
	memset(frame, 0, sizeof(*frame));
	frame->kind = kind;
	frame->source = random_mac(random);
	frame->destination = random_mac(random);
	frame->vlan = (uint16_t)random_below(random, 2) * (uint16_t)random_below(random, 4095);
	if (kind == FRAME_ARP) {
		frame->arp.operation = (uint16_t)random_next(random);
		frame->arp.sha = random_mac(random);
		frame->arp.spa = random_address(random);
		frame->arp.tha = random_mac(random);
		frame->arp.tpa = random_address(random);
		return;
	}
	frame->ip.source = random_address(random);
	frame->ip.destination = random_address(random);
	frame->ip.ttl = (uint8_t)random_next(random);
	frame->ip.ds = (uint8_t)random_next(random);
	if (kind == FRAME_ECHO_REQUEST) {
		frame->ip.echo.identifier = (uint16_t)random_next(random);
		frame->ip.echo.sequence = (uint16_t)random_next(random);
	} else if (kind == FRAME_UDP) {
		frame->ip.udp.source_port = (uint16_t)random_next(random);
		frame->ip.udp.destination_port = (uint16_t)random_next(random);
	} else {
		frame->ip.tcp.source_port = (uint16_t)random_next(random);
		frame->ip.tcp.destination_port = (uint16_t)random_next(random);
		frame->ip.tcp.sequence = (uint32_t)random_next(random);
		frame->ip.tcp.acknowledgement = (uint32_t)random_next(random);
		frame->ip.tcp.flags = (uint8_t)random_next(random);
	}
}

/* The sum over data that includes its checksum is 0xffff (RFC 1071). */
static uint32_t
add_words(uint32_t sum, const uint8_t *bytes, size_t length)
{
	assert_int_equal(length % 2, 0);
	for (size_t i = 0; i < length; i += 2)
		sum += (uint32_t)bytes[i] << 8 | bytes[i + 1];
	while (sum >> 16 != 0)
		sum = (sum & 0xffff) + (sum >> 16);
	return sum;
}

static void
assert_checksums(const uint8_t *bytes, size_t length, uint16_t vlan)
{
	const uint8_t *const ip = bytes + (vlan != 0 ? 18 : 14);
	const size_t payload = length - (size_t)(ip - bytes) - 20;
	uint32_t pseudo = 0;

	assert_int_equal(add_words(0, ip, 20), 0xffff);
	if (ip[9] != IP_PROTOCOL_ICMP)
		pseudo = add_words(ip[9] + (uint32_t)payload, ip + 12, 8);
	/* A UDP checksum of 0 means no checksum. */
	if (ip[9] != IP_PROTOCOL_UDP || ip[26] != 0 || ip[27] != 0)
		assert_int_equal(add_words(pseudo, ip + 20, payload), 0xffff);
}

static void
test_decoding_restores_the_frame(void **state)
{
	static const enum frame_kind kinds[] = {
	    FRAME_ARP, FRAME_ECHO_REQUEST, FRAME_TCP, FRAME_UDP};
	struct random random = {.state = 7};
	struct error error = {0};
	struct frame frame, decoded;
	struct crafting *const crafting = *state;

	/* In random order, with repeats: nothing of the previous frame may remain. */
	for (size_t round = 0; round < 4000; round++) {
		const enum frame_kind kind = kinds[random_below(&random, 4)];

		random_frame(&random, kind, &frame);
		assert_true(craft(crafting->libnet, &frame, &crafting->crafted, &error));
		const uint8_t *const bytes = crafting->crafted.bytes;
		const size_t length = crafting->crafted.length;

		assert_in_range(length, 42, 58);
		assert_int_equal(frame_decode(bytes, length, &decoded), FRAME_OK);
		assert_memory_equal(&decoded, &frame, sizeof(frame));
		if (kind != FRAME_ARP)
			assert_checksums(bytes, length, frame.vlan);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_arp_bytes),
	    cmocka_unit_test(test_echo_request_bytes),
	    cmocka_unit_test(test_tcp_bytes),
	    cmocka_unit_test(test_udp_bytes),
	    cmocka_unit_test(test_decoding_restores_the_frame),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
