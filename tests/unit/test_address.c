/* SPDX-License-Identifier: BSD-2-Clause */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/address.h"
#include "arpaudit/random.h"

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static struct address
parsed(const char *text)
{
	struct address address;

	assert_true(address_parse(text, &address));
	return address;
}

static struct prefix
subnet(const char *text, uint8_t length)
{
	return (struct prefix){.address = parsed(text), .length = length};
}

static void
test_address_parse(void **state)
{
	static const uint8_t expected[16] = {10, 77, 0, 100};
	const struct address address = parsed("10.77.0.100");

	(void)state;
	assert_int_equal(address.family, ADDRESS_IPV4);
	assert_memory_equal(address.octet, expected, sizeof(expected));
	assert_int_equal(address_ipv4_number(&address), 0x0a4d0064);
	assert_int_equal(parsed("fd00::1").family, ADDRESS_IPV6);
}

static void
test_address_parse_refuses_bad_text(void **state)
{
	static const char *const bad[] = {"", " ", "10", "10.1", "10.1.1", "10.1.1.", ".10.1.1",
	    "10..1.1", "10.1.1.1.", "10.1.1.1.1", "010.1.1.1", "10.01.1.1", "10.1.1.00",
	    "256.1.1.1", "10.1.1.256", "10.1.1.1000", "4294967296.1.1.1", "0x0a.1.1.1", "10.1.1.a",
	    "10.1.1.1 ", " 10.1.1.1", "10.1.1.1x", "10.1.1.1/24", "10.1.1.1:80", "10.1.1.1\n",
	    "+10.1.1.1", "-10.1.1.1", "10.1.1.-1", "10,1,1,1", "167772161", "host", "fd00::1%eth0",
	    "fd00:::1", "[fd00::1]", "fd00", "1:2:3:4:5:6:7:8:9", "fd00::1/64"};

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		struct address address = address_ipv4(42);
		const struct address before = address;

		if (address_parse(bad[i], &address))
			fail_msg("accepted: \"%s\"", bad[i]);
		assert_true(address_equal(&address, &before));
	}
}

static void
test_address_format_round_trip(void **state)
{
	static const uint32_t corners[] = {0, 1, 0x7fffffff, 0x80000000, 0xfffffffe, 0xffffffff};
	struct random random = {.state = 3};
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < 2000; i++) {
		const uint32_t number =
		    i < COUNT(corners) ? corners[i] : (uint32_t)random_next(&random);
		const struct address address = address_ipv4(number);
		const struct address again = parsed(address_format(&address, text));

		assert_true(address_equal(&address, &again));
		assert_true(address_ipv4_number(&again) == number);
	}
	assert_string_equal(address_format(&(struct address){0}, text), "-");
	assert_string_equal(
	    address_format(
		&(struct address){.family = ADDRESS_IPV6, .octet = {0xfd, [15] = 1}}, text),
	    "fd00::1");
}

static void
test_address_kinds(void **state)
{
	static const char *const unicast[] = {
	    "10.0.0.1", "1.0.0.0", "126.255.255.255", "128.0.0.1", "223.255.255.255", "fd00::1"};
	static const char *const others[] = {"0.0.0.0", "127.0.0.1", "127.255.255.255", "224.0.0.0",
	    "224.0.0.18", "239.255.255.255", "240.0.0.0", "255.255.255.255", "::", "::1",
	    "ff02::1"};
	const struct address none = {0};
	const struct address any = address_unspecified(ADDRESS_IPV4);
	const struct address any6 = address_unspecified(ADDRESS_IPV6);

	(void)state;
	for (size_t i = 0; i < COUNT(unicast); i++) {
		const struct address address = parsed(unicast[i]);

		if (!address_is_unicast(&address))
			fail_msg("not unicast: %s", unicast[i]);
		assert_false(address_is_unspecified(&address));
	}
	for (size_t i = 0; i < COUNT(others); i++) {
		const struct address address = parsed(others[i]);

		if (address_is_unicast(&address))
			fail_msg("unicast: %s", others[i]);
	}
	assert_false(address_is_set(&none));
	assert_true(address_is_set(&any));
	assert_true(address_is_unspecified(&none));
	assert_true(address_is_unspecified(&any));
	assert_true(address_is_unspecified(&any6));
	assert_false(address_is_unicast(&none));
}

static int
compare(const void *a, const void *b)
{
	return address_compare(a, b);
}

static void
test_address_order(void **state)
{
	struct address list[] = {parsed("fd00::1"), parsed("10.0.1.0"), parsed("9.255.255.255"),
	    parsed("200.0.0.1"), {0}, parsed("10.0.0.255")};
	static const char *const sorted[] = {
	    "-", "9.255.255.255", "10.0.0.255", "10.0.1.0", "200.0.0.1", "fd00::1"};
	const struct address any = address_unspecified(ADDRESS_IPV4), none = {0};
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	qsort(list, COUNT(list), sizeof(list[0]), compare);
	for (size_t i = 0; i < COUNT(list); i++)
		assert_string_equal(address_format(&list[i], text), sorted[i]);
	assert_true(address_equal(&list[1], &list[1]));
	assert_false(address_equal(&list[1], &list[2]));
	assert_false(address_equal(&any, &none));
}

static void
test_mac_parse_and_format(void **state)
{
	static const char *const bad[] = {"", "02", "02:00:00:00:00", "02:00:00:00:00:0b:0c",
	    "02:00:00:00:00:0b ", " 02:00:00:00:00:0b", "02:00:00:00:00:b",
	    "2:00:00:00:00:0b:", "02:00:00:00:00:0g", "02:00:00:00:00-0b", "02-00-00:00-00-0b",
	    "02.00.00.00.00.0b", "0200.0000.000b", "02000000000b", "02:00:00:00:00:+b",
	    "02:00:00:00:00: b", "02:00:00:00:00:0x", ":02:00:00:00:00:0", "02 00 00 00 00 0b"};
	struct mac mac = mac_broadcast, same;
	char text[MAC_TEXT_SIZE];

	(void)state;
	for (size_t i = 0; i < COUNT(bad); i++) {
		if (mac_parse(bad[i], &mac))
			fail_msg("accepted: \"%s\"", bad[i]);
		assert_true(mac_equal(&mac, &mac_broadcast));
	}
	assert_true(mac_parse("02:aB:cD:Ef:01:9f", &mac));
	assert_string_equal(mac_format(&mac, text), "02:ab:cd:ef:01:9f");
	assert_true(mac_parse("02-ab-cd-ef-01-9f", &same));
	assert_true(mac_equal(&mac, &same));
	assert_false(mac_equal(&mac, &mac_zero));

	assert_false(mac_is_multicast(&mac));
	assert_false(mac_is_multicast(&mac_zero));
	assert_true(mac_is_multicast(&mac_broadcast));
	assert_true(mac_parse("01:00:5e:00:00:12", &mac) && mac_is_multicast(&mac));
}

static void
test_vrrp_mac_gives_vrid(void **state)
{
	static const struct {
		const char *text;
		uint8_t vrid;
	} macs[] = {
	    {"00:00:5e:00:01:01", 1}, {"00:00:5e:00:01:ff", 255}, {"00:00:5e:00:02:33", 51},
	    {"00:00:5e:00:01:00", 0}, {"00:00:5e:00:00:01", 0}, {"00:00:5e:00:03:01", 0},
	    {"00:00:5e:01:01:01", 0}, {"00:00:5f:00:01:01", 0},
	    {"01:00:5e:00:01:01", 0}, /* multicast */
	};

	(void)state;
	for (size_t i = 0; i < COUNT(macs); i++) {
		struct mac mac;

		assert_true(mac_parse(macs[i].text, &mac));
		assert_int_equal(mac_vrrp_vrid(&mac), macs[i].vrid);
	}
}

/* Compares each prefix length with the equivalent netmask. */
static void
test_prefix_of_every_length(void **state)
{
	struct random random = {.state = 5};

	(void)state;
	for (unsigned length = 0; length <= 32; length++) {
		const uint32_t mask = length == 0 ? 0 : UINT32_MAX << (32 - length);
		const uint32_t number = (uint32_t)random_next(&random);
		const struct prefix prefix = {address_ipv4(number), (uint8_t)length};
		const struct prefix network = prefix_network(&prefix);
		const struct address first = address_ipv4(number & mask);
		const struct address last = address_ipv4(number | ~mask);

		assert_true(address_equal(&network.address, &first));
		assert_int_equal(network.length, length);
		assert_true(prefix_size(&prefix) == (uint64_t)~mask + 1);
		assert_true(prefix_contains(&prefix, &first));
		assert_true(prefix_contains(&prefix, &last));
		assert_int_equal(prefix_is_host(&prefix, &first), length >= 31);
		assert_int_equal(prefix_is_host(&prefix, &last), length >= 31);
		for (unsigned bit = 0; bit < 32; bit++) {
			const uint32_t flipped = number ^ (UINT32_C(1) << bit);
			const struct address other = address_ipv4(flipped);

			assert_int_equal(
			    prefix_contains(&prefix, &other), (flipped & mask) == (number & mask));
		}
	}
}

static void
test_prefix_corner_cases(void **state)
{
	const struct prefix lan = subnet("10.77.0.9", 24);
	const struct prefix none = {0};
	const struct prefix six = subnet("fd00::1", 64);
	const struct address own = parsed("10.77.0.9"), other = parsed("10.77.1.9");
	const struct address neighbour = parsed("fd00::ffff"), unset = {0};
	const struct address stranger = parsed("fd00:0:0:1::1");
	const struct prefix network = prefix_network(&six);
	char text[ADDRESS_TEXT_SIZE];

	(void)state;
	assert_true(prefix_is_host(&lan, &own));
	assert_false(prefix_is_host(&lan, &other));
	assert_false(prefix_contains(&lan, &unset));
	assert_false(prefix_contains(&none, &own));
	assert_false(prefix_contains(&none, &unset));
	assert_true(prefix_contains(&six, &neighbour));
	assert_false(prefix_contains(&six, &stranger));
	assert_false(prefix_contains(&six, &own));
	assert_false(prefix_contains(&lan, &neighbour));
	assert_string_equal(address_format(&network.address, text), "fd00::");
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_address_parse),
	    cmocka_unit_test(test_address_parse_refuses_bad_text),
	    cmocka_unit_test(test_address_format_round_trip),
	    cmocka_unit_test(test_address_kinds),
	    cmocka_unit_test(test_address_order),
	    cmocka_unit_test(test_mac_parse_and_format),
	    cmocka_unit_test(test_vrrp_mac_gives_vrid),
	    cmocka_unit_test(test_prefix_of_every_length),
	    cmocka_unit_test(test_prefix_corner_cases),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
