/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What a plan accepts, and the message for each thing that it refuses.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <arpa/inet.h>
#include <cmocka.h>
#include <netdb.h>
#include <netinet/in.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arpaudit/frame.h"
#include "arpaudit/plan.h"
#include "scratch.h"

#define TOO_LONG 300

/* Host names for these tests. They replace the resolver, so no name server is asked. */
static const struct {
	const char *name;
	const char *address;
} names[] = {
    {"rs1", "10.77.0.11"},
    {"rs1-alias", "10.77.0.11"},
    {"web-1.example.org", "10.77.0.21"},
    {"twice", "10.77.0.31"},
    {"twice", "10.77.0.31"},
    {"pool", "10.77.0.41"},
    {"pool", "10.77.0.42"},
    {"pool", "10.77.0.41"},
    {"localhost", "127.0.0.1"},
};

struct answer {
	struct addrinfo info;
	struct sockaddr_in address;
};

void
freeaddrinfo(struct addrinfo *list)
{
	while (list != NULL) {
		struct addrinfo *const next = list->ai_next;

		free(list);
		list = next;
	}
}

int
getaddrinfo(const char *restrict node, const char *restrict service,
    const struct addrinfo *restrict hints, struct addrinfo **restrict result)
{
	struct addrinfo **end = result;

	assert_null(service);
	assert_int_equal(hints->ai_family, AF_INET);
	*result = NULL;
	for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
		struct answer *answer;

		if (strcmp(node, names[i].name) != 0)
			continue;
		answer = calloc(1, sizeof(*answer));
		assert_non_null(answer);
		answer->address.sin_family = AF_INET;
		assert_int_equal(
		    inet_pton(AF_INET, names[i].address, &answer->address.sin_addr), 1);
		answer->info.ai_addr = (struct sockaddr *)&answer->address;
		answer->info.ai_addrlen = sizeof(answer->address);
		*end = &answer->info;
		end = &answer->info.ai_next;
	}
	return *result == NULL ? EAI_NONAME : 0;
}

typedef bool adder(struct plan_cluster *cluster, const char *text, struct error *error);

struct fixture {
	struct plan plan;
	struct plan_cluster *cluster;
	struct error error;
};

static void
begin(struct fixture *fixture)
{
	*fixture = (struct fixture){.cluster = NULL};
	plan_init(&fixture->plan);
	fixture->cluster = plan_add_cluster(&fixture->plan, "default");
	assert_non_null(fixture->cluster);
}

static void
end(struct fixture *fixture)
{
	plan_free(&fixture->plan);
}

static void
add(struct fixture *fixture, adder *add_text, const char *text)
{
	const bool good = add_text(fixture->cluster, text, &fixture->error);

	assert_string_equal(fixture->error.text, "");
	assert_true(good);
	assert_int_equal(fixture->error.status, 0);
}

/* Asserts that a new cluster refuses the text with this message. */
static void
refuse(adder *add_text, const char *text, const char *message)
{
	struct fixture fixture;

	begin(&fixture);
	assert_false(add_text(fixture.cluster, text, &fixture.error));
	assert_string_equal(fixture.error.text, message);
	assert_int_equal(fixture.error.status, EXIT_USAGE);
	end(&fixture);
}

static void
expect_address(const struct address *address, const char *expected)
{
	char text[ADDRESS_TEXT_SIZE];

	assert_string_equal(address_format(address, text), expected);
}

/* Asserts the hosts of the cluster, written as "ADDRESS=NAME ADDRESS ...". */
static void
expect_hosts(const struct fixture *fixture, const char *expected)
{
	char all[1024] = "";

	for (size_t i = 0; i < fixture->cluster->host_count; i++) {
		const struct plan_host *const host = &fixture->cluster->hosts[i];
		const size_t used = strlen(all);
		char text[ADDRESS_TEXT_SIZE];

		(void)snprintf(all + used, sizeof(all) - used, "%s%s%s%s", i == 0 ? "" : " ",
		    address_format(&host->rip, text), host->name == NULL ? "" : "=",
		    host->name == NULL ? "" : host->name);
	}
	assert_string_equal(all, expected);
}

static void
check_fixture(struct fixture *fixture, const char *message)
{
	const bool good = plan_check(fixture->cluster, &fixture->error);

	assert_string_equal(fixture->error.text, message);
	assert_int_equal(good, *message == '\0');
	assert_int_equal(fixture->error.status, good ? 0 : EXIT_USAGE);
}

static void
accept_hosts(const char *text, const char *expected)
{
	struct fixture fixture;

	begin(&fixture);
	add(&fixture, plan_add_vips, "10.99.0.1");
	add(&fixture, plan_add_hosts, text);
	check_fixture(&fixture, "");
	expect_hosts(&fixture, expected);
	end(&fixture);
}

static void
test_defaults(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture);
	assert_int_equal(fixture.plan.settings.rate, PLAN_RATE_DEFAULT);
	assert_int_equal(fixture.plan.settings.broadcast_rate, PLAN_BROADCAST_RATE_DEFAULT);
	assert_true(fixture.plan.settings.confidence == PLAN_CONFIDENCE_DEFAULT);
	assert_int_equal(fixture.plan.settings.linger_us, PLAN_LINGER_US_DEFAULT);
	assert_int_equal(fixture.plan.settings.timeout_us, 0);
	assert_true(fixture.plan.settings.elicit);
	assert_string_equal(fixture.cluster->name, "default");
	assert_non_null(plan_add_cluster(&fixture.plan, "other"));
	assert_int_equal(fixture.plan.cluster_count, 2);
	assert_string_equal(fixture.plan.clusters[0].name, "default");
	assert_string_equal(fixture.plan.clusters[1].name, "other");
	end(&fixture);
	assert_int_equal(fixture.plan.cluster_count, 0);
	end(&fixture); /* must do nothing */
}

static void
test_vip_forms(void **state)
{
	static const struct {
		const char *address;
		uint16_t port;
		uint8_t protocol;
	} expected[] = {
	    {"10.77.0.100", 0, 0},
	    {"10.77.0.101", 80, IP_PROTOCOL_TCP},
	    {"10.77.0.102", 443, IP_PROTOCOL_TCP},
	    {"10.77.0.103", 53, IP_PROTOCOL_UDP},
	    {"10.77.0.104", 1, IP_PROTOCOL_TCP},
	    {"10.77.0.105", 65535, IP_PROTOCOL_UDP},
	};
	struct fixture fixture;

	(void)state;
	begin(&fixture);
	add(&fixture, plan_add_vips,
	    "10.77.0.100,10.77.0.101:80,10.77.0.102:443/tcp,10.77.0.103:53/udp");
	add(&fixture, plan_add_vips, "10.77.0.104:1,10.77.0.105:65535/udp");
	add(&fixture, plan_add_vips, "10.77.0.100,10.77.0.101:80/tcp,10.77.0.103:53/udp");
	assert_int_equal(fixture.cluster->vip_count, 6);
	for (size_t i = 0; i < 6; i++) {
		const struct plan_vip *const vip = &fixture.cluster->vips[i];

		expect_address(&vip->address, expected[i].address);
		assert_int_equal(vip->port_count, expected[i].port != 0);
		if (vip->port_count > 0) {
			assert_int_equal(vip->ports[0].number, expected[i].port);
			assert_int_equal(vip->ports[0].protocol, expected[i].protocol);
		}
	}
	end(&fixture);
}

static void
test_bad_vips(void **state)
{
	static const char *const not_vips[] = {"10.77.0", "10.77.0.256", "010.77.0.1",
	    "10.77.0.1/24", "10.77.0.1/udp", " 10.77.0.1", "10.77.0.1 ", ":80", "@vips", "-",
	    "10.77.0.1-5", "10.77.0.100.10.77.0.100.10.77.0.100.10.77.0.100.10.77.0.100:80"};
	static const char *const ports[] = {"10.77.0.1:", "10.77.0.1:0", "10.77.0.1:65536",
	    "10.77.0.1:99999999999999999999999", "10.77.0.1:-1", "10.77.0.1:+1", "10.77.0.1:http",
	    "10.77.0.1: 80", "10.77.0.1:/udp"};
	static const char *const protocols[] = {"10.77.0.1:80/", "10.77.0.1:80/sctp",
	    "10.77.0.1:80/tcpx", "10.77.0.1:80x", "10.77.0.1:80:90", "10.77.0.1:0x50",
	    "10.77.0.1:80 "};
	char message[256];

	(void)state;
	for (size_t i = 0; i < sizeof(not_vips) / sizeof(not_vips[0]); i++) {
		(void)snprintf(message, sizeof(message),
		    "'%.*s' is not a VIP: write ADDRESS[:PORT[/tcp|udp]], or a name in its place",
		    (int)strcspn(not_vips[i], ":"), not_vips[i]);
		refuse(plan_add_vips, not_vips[i], message);
	}
	for (size_t i = 0; i < sizeof(ports) / sizeof(ports[0]); i++) {
		(void)snprintf(
		    message, sizeof(message), "'%s': the port must be 1 to 65535", ports[i]);
		refuse(plan_add_vips, ports[i], message);
	}
	for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
		(void)snprintf(message, sizeof(message),
		    strcmp(protocols[i], "10.77.0.1:0x50") == 0
			? "'%s': the port must be 1 to 65535"
			: "'%s': only /tcp or /udp may follow the port",
		    protocols[i]);
		refuse(plan_add_vips, protocols[i], message);
	}
	refuse(plan_add_vips, "", "the list of VIPs is empty");
	refuse(plan_add_vips, ",", "',' has an empty item: remove the extra comma");
	refuse(
	    plan_add_vips, "10.77.0.1,", "'10.77.0.1,' has an empty item: remove the extra comma");
	refuse(plan_add_vips, "10.77.0.1,,10.77.0.2",
	    "'10.77.0.1,,10.77.0.2' has an empty item: remove the extra comma");
	refuse(plan_add_vips, "224.0.0.18:80",
	    "'224.0.0.18': no host can have the address 224.0.0.18: it is unspecified, "
	    "loopback, multicast or reserved");
	refuse(plan_add_vips, "fd00::1", "'fd00::1': IPv6 is not supported yet: use IPv4");
	refuse(
	    plan_add_vips, "[fd00::1]:80", "'[fd00::1]:80': IPv6 is not supported yet: use IPv4");
}

#define TCP(port)                                             \
	{                                                     \
		.number = (port), .protocol = IP_PROTOCOL_TCP \
	}
#define UDP(port)                                             \
	{                                                     \
		.number = (port), .protocol = IP_PROTOCOL_UDP \
	}

static void
test_names_of_vips(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture);
	add(&fixture, plan_add_vips, "rs1:443,rs1:80/tcp");
	assert_int_equal(fixture.cluster->vip_count, 1);
	expect_address(&fixture.cluster->vips[0].address, "10.77.0.11");
	assert_int_equal(fixture.cluster->vips[0].port_count, 2);
	end(&fixture);
	refuse(plan_add_vips, "vip:80",
	    "'vip' does not resolve to an IPv4 address: Name or service not known: give the "
	    "address "
	    "itself");
}

static void
test_vip_with_two_ports(void **state)
{
	static const struct {
		const char *vips;
		struct plan_port ports[3];
		size_t count;
	} cases[] = {
	    {"10.77.0.1:80,10.77.0.1:443", {TCP(80), TCP(443)}, 2},
	    {"10.77.0.1:80,10.77.0.1:80/udp", {TCP(80), UDP(80)}, 2},
	    {"10.77.0.1,10.77.0.1:80", {TCP(80)}, 1},
	    {"10.77.0.1:80,10.77.0.1", {TCP(80)}, 1},
	    {"10.77.0.1:9,10.77.0.1:8,10.77.0.1:9,10.77.0.1:7/tcp,10.77.0.1:8/tcp",
		{TCP(9), TCP(8), TCP(7)}, 3},
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture fixture;

		begin(&fixture);
		add(&fixture, plan_add_vips, cases[i].vips);
		assert_int_equal(fixture.cluster->vip_count, 1);
		assert_int_equal(fixture.cluster->vips[0].port_count, cases[i].count);
		for (size_t k = 0; k < cases[i].count; k++) {
			const struct plan_port *port = &fixture.cluster->vips[0].ports[k];

			assert_int_equal(port->number, cases[i].ports[k].number);
			assert_int_equal(port->protocol, cases[i].ports[k].protocol);
		}
		end(&fixture);
	}
}

static void
test_too_many_ports(void **state)
{
	struct fixture fixture;
	char text[32];

	(void)state;
	begin(&fixture);
	for (unsigned i = 1; i <= PLAN_PORTS_MAX; i++) {
		(void)snprintf(text, sizeof(text), "10.1.0.1:%u", i);
		add(&fixture, plan_add_vips, text);
	}
	add(&fixture, plan_add_vips, "10.1.0.1:1,10.1.0.2:99");
	assert_false(plan_add_vips(fixture.cluster, "10.1.0.1:99", &fixture.error));
	assert_string_equal(
	    fixture.error.text, "'10.1.0.1:99': more than 32 ports of one VIP: leave some out");
	assert_int_equal(fixture.error.status, EXIT_USAGE);
	end(&fixture);
}

static void
test_too_many_vips(void **state)
{
	struct fixture fixture;
	char text[32];

	(void)state;
	begin(&fixture);
	for (unsigned i = 0; i < PLAN_VIPS_MAX; i++) {
		(void)snprintf(text, sizeof(text), "10.1.%u.%u", i >> 8, i & 0xff);
		add(&fixture, plan_add_vips, text);
	}
	add(&fixture, plan_add_vips, "10.1.0.1");
	assert_false(plan_add_vips(fixture.cluster, "10.2.0.1", &fixture.error));
	assert_string_equal(
	    fixture.error.text, "more than 1024 VIPs: split them into several audits");
	assert_int_equal(fixture.error.status, EXIT_USAGE);
	end(&fixture);
}

static void
test_host_forms(void **state)
{
	(void)state;
	accept_hosts("10.77.0.11", "10.77.0.11");
	accept_hosts("rs1", "10.77.0.11=rs1");
	accept_hosts("web-1.example.org", "10.77.0.21=web-1.example.org");
	accept_hosts("twice", "10.77.0.31=twice");
	accept_hosts("10.77.0.11-10.77.0.13", "10.77.0.11 10.77.0.12 10.77.0.13");
	accept_hosts("10.77.0.254-10.77.1.1", "10.77.0.254 10.77.0.255 10.77.1.0 10.77.1.1");
	accept_hosts("10.77.0.11-13", "10.77.0.11 10.77.0.12 10.77.0.13");
	accept_hosts("10.77.0.11-11", "10.77.0.11");
	accept_hosts("10.77.0.0/30", "10.77.0.1 10.77.0.2");
	accept_hosts("10.77.0.3/30", "10.77.0.1 10.77.0.2");
	accept_hosts("10.77.0.4/31", "10.77.0.4 10.77.0.5");
	accept_hosts("10.77.0.4/32", "10.77.0.4");
	accept_hosts("223.255.255.254-223.255.255.255", "223.255.255.254 223.255.255.255");
}

static void
test_hosts_are_sorted_without_duplicates(void **state)
{
	(void)state;
	accept_hosts(
	    "10.77.0.12,10.77.0.2,10.77.0.12,9.0.0.1,10.77.0.2", "9.0.0.1 10.77.0.2 10.77.0.12");
	accept_hosts("10.77.0.11,rs1", "10.77.0.11=rs1");
	accept_hosts("rs1,10.77.0.11", "10.77.0.11=rs1");
	accept_hosts("10.77.0.10-12,rs1,rs1,10.77.0.0/28",
	    "10.77.0.1 10.77.0.2 10.77.0.3 10.77.0.4 10.77.0.5 10.77.0.6 10.77.0.7 10.77.0.8 "
	    "10.77.0.9 10.77.0.10 10.77.0.11=rs1 10.77.0.12 10.77.0.13 10.77.0.14");
	accept_hosts("rs1-alias,rs1", "10.77.0.11=rs1");
	accept_hosts("rs1,rs1-alias", "10.77.0.11=rs1");
}

static void
test_bad_hosts(void **state)
{
	static const char *const neither[] = {"10.77.0.256", "10.77.0", "10", "0x0a4d000b",
	    "10.77.11", "010.77.0.1", "rs 1", "rs1;", ".rs1", "-rs1", "10.77.0.11:80", "r\xc3\xa9",
	    "02:00:00:00:00:11", "1-5", " 10.77.0.1", "1.2.3.4.5"};
	static const char *const ranges[] = {"10.77.0.11-", "10.77.0.11-256", "10.77.0.11-018",
	    "10.77.0.11-x", "10.77.0.11-10.77.0.300", "10.77.0.300-310", "10.77.0.11-1.2",
	    "10.77.0.11-12-13", "10.77.0.11-10.77.0.12-13", "10.77.0.11- 12", "10.77.0.11-fd00::1",
	    "10.77.0.11-rs1"};
	static const char *const subnets[] = {"10.77.0.0/", "10.77.0.0/33", "10.77.0.0/-1",
	    "10.77.0.0/024", "10.77.0.0/255.255.255.0", "10.77.0.0/24x", "10.77.0.0/24/24",
	    "10.77/16", "rs1/24", "/24", "10.77.0.0/ 24"};
	char message[256];

	(void)state;
	for (size_t i = 0; i < sizeof(neither) / sizeof(neither[0]); i++) {
		(void)snprintf(message, sizeof(message),
		    "'%s' is not an IPv4 address or a host name", neither[i]);
		refuse(plan_add_hosts, neither[i], message);
	}
	for (size_t i = 0; i < sizeof(ranges) / sizeof(ranges[0]); i++) {
		(void)snprintf(message, sizeof(message),
		    "'%s' is not a range: write ADDRESS-ADDRESS", ranges[i]);
		refuse(plan_add_hosts, ranges[i], message);
	}
	for (size_t i = 0; i < sizeof(subnets) / sizeof(subnets[0]); i++) {
		(void)snprintf(message, sizeof(message),
		    "'%s' is not a subnet: write ADDRESS/LENGTH, with a length of 0 to 32",
		    subnets[i]);
		refuse(plan_add_hosts, subnets[i], message);
	}
	refuse(plan_add_hosts, "", "the list of hosts is empty");
	refuse(plan_add_hosts, "10.77.0.1,,10.77.0.2",
	    "'10.77.0.1,,10.77.0.2' has an empty item: remove the extra comma");
	refuse(plan_add_hosts, "@", "'@' has no file name: write @FILE");
}

static void
test_ranges_out_of_bounds(void **state)
{
	(void)state;
	refuse(plan_add_hosts, "10.77.0.13-10.77.0.11",
	    "'10.77.0.13-10.77.0.11' runs backwards: put the lower address first");
	refuse(plan_add_hosts, "10.77.0.13-11",
	    "'10.77.0.13-11' runs backwards: put the lower address first");
	refuse(plan_add_hosts, "10.0.0.0-10.1.0.0",
	    "'10.0.0.0-10.1.0.0' has more than 65536 addresses: split them into several audits");
	refuse(plan_add_hosts, "10.0.0.0/15",
	    "'10.0.0.0/15' has more than 65536 addresses: split them into several audits");
	refuse(plan_add_hosts, "0.0.0.0/0",
	    "'0.0.0.0/0' has more than 65536 addresses: split them into several audits");
	refuse(plan_add_hosts, "0.0.0.0-255.255.255.255",
	    "'0.0.0.0-255.255.255.255' has more than 65536 addresses: split them into several "
	    "audits");
}

static void
test_addresses_no_host_can_have(void **state)
{
	static const struct {
		const char *text, *address;
	} cases[] = {
	    {"0.0.0.0", "0.0.0.0"},
	    {"127.0.0.1", "127.0.0.1"},
	    {"224.0.0.1", "224.0.0.1"},
	    {"255.255.255.255", "255.255.255.255"},
	    {"240.0.0.1", "240.0.0.1"},
	    {"localhost", "127.0.0.1"},
	    {"127.0.0.0/30", "127.0.0.1"},
	    {"0.0.0.0/32", "0.0.0.0"},
	    {"223.255.255.255-224.0.0.1", "224.0.0.0"},
	};
	static const char *const ipv6[] = {"fd00::1", "::", "::1", "fd00::/64", "fd00::1-fd00::9",
	    "fe80::1%eth0", "[fd00::1]", "::ffff:10.77.0.1"};
	char message[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(message, sizeof(message),
		    "'%s': no host can have the address %s: it is unspecified, loopback, multicast "
		    "or reserved",
		    cases[i].text, cases[i].address);
		refuse(plan_add_hosts, cases[i].text, message);
	}
	for (size_t i = 0; i < sizeof(ipv6) / sizeof(ipv6[0]); i++) {
		(void)snprintf(
		    message, sizeof(message), "'%s': IPv6 is not supported yet: use IPv4", ipv6[i]);
		refuse(plan_add_hosts, ipv6[i], message);
	}
}

static void
test_bad_names(void **state)
{
	char name[TOO_LONG + 1];

	(void)state;
	refuse(plan_add_hosts, "rs9",
	    "'rs9' does not resolve to an IPv4 address: Name or service not known: give the "
	    "address itself");
	refuse(plan_add_hosts, "pool",
	    "'pool' resolves to several addresses (10.77.0.41, 10.77.0.42, 10.77.0.41): give one "
	    "of them");
	memset(name, 'a', TOO_LONG);
	name[TOO_LONG] = '\0';
	refuse(plan_add_hosts, name,
	    "'aaaaaaaaaaaaaaaaaaaa...' is too long: an item has at most 255 octets");
	name[255] = '\0';
	name[254] = '/';
	memset(name, '1', 10);
	{
		char message[512];

		(void)snprintf(message, sizeof(message),
		    "'%s' is not a subnet: write ADDRESS/LENGTH, with a length of 0 to 32", name);
		refuse(plan_add_hosts, name, message);
	}
}

static void
test_too_many_hosts(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture);
	add(&fixture, plan_add_vips, "10.99.0.1");
	/* Duplicates count once. */
	for (int i = 0; i < 7; i++)
		add(&fixture, plan_add_hosts, "10.0.0.0/16");
	add(&fixture, plan_add_hosts, "10.1.0.1,10.1.0.2");
	check_fixture(&fixture, "");
	assert_int_equal(fixture.cluster->host_count, PLAN_HOSTS_MAX);
	add(&fixture, plan_add_hosts, "10.1.0.3");
	check_fixture(&fixture, "more than 65536 hosts: split them into several audits");
	fixture.error = (struct error){.status = 0};
	assert_false(plan_add_hosts(fixture.cluster, "10.2.0.0/16", &fixture.error) &&
		     plan_add_hosts(fixture.cluster, "10.3.0.0/16", &fixture.error));
	assert_string_equal(
	    fixture.error.text, "more than 65536 hosts: split them into several audits");
	end(&fixture);
}

static void
test_host_file(void **state)
{
	(void)state;
	scratch_write_text("hosts", "# the servers\n"
				    "\n"
				    "10.77.0.12, 10.77.0.13\t# two\r\n"
				    "  rs1 web-1.example.org#no blank\n"
				    ",\n"
				    "10.77.0.30-31");
	accept_hosts("@hosts",
	    "10.77.0.11=rs1 10.77.0.12 10.77.0.13 10.77.0.21=web-1.example.org 10.77.0.30 "
	    "10.77.0.31");
	accept_hosts("10.77.0.1,@hosts,10.77.0.11-13",
	    "10.77.0.1 10.77.0.11=rs1 10.77.0.12 10.77.0.13 10.77.0.21=web-1.example.org "
	    "10.77.0.30 10.77.0.31");
}

static void
test_host_file_with_a_long_line(void **state)
{
	FILE *const stream = fopen("hosts", "w");

	(void)state;
	assert_non_null(stream);
	assert_true(fprintf(stream, "%-100000s10.77.0.5\n#", "10.77.0.4") > 100000);
	assert_int_equal(fclose(stream), 0);
	accept_hosts("@hosts", "10.77.0.4 10.77.0.5");
}

static void
refuse_file(const char *text, const char *message)
{
	scratch_write_text("hosts", text);
	refuse(plan_add_hosts, "@hosts", message);
}

static void
test_bad_host_files(void **state)
{
	char line[TOO_LONG + 2] = "\n";

	(void)state;
	refuse_file("", "no hosts in hosts");
	refuse_file("# 10.77.0.11\n\n , \n", "no hosts in hosts");
	refuse_file("10.77.0.11\n10.77.0.12 rs9 rs1\n",
	    "hosts:2: 'rs9' does not resolve to an IPv4 address: Name or service not known: give "
	    "the address itself");
	refuse_file("10.77.0.11\n#\n10.77.0.300\n",
	    "hosts:3: '10.77.0.300' is not an IPv4 address or a host name");
	refuse_file("10.77.0.11\n10.77.0.0/33", "hosts:2: '10.77.0.0/33' is not a subnet: write "
						"ADDRESS/LENGTH, with a length of 0 to 32");
	refuse_file("@other\n", "hosts:1: '@other': a file can't include another file");
	refuse_file("10.77.0.11 - 12\n", "hosts:1: '-': a file can't include another file");
	memset(line + 1, 'a', TOO_LONG);
	line[TOO_LONG + 1] = '\0';
	refuse_file(
	    line, "hosts:2: 'aaaaaaaaaaaaaaaaaaaa...' is too long: an item has at most 255 octets");
	refuse_file(
	    "10.77.0.11\n\033[2J\n", "hosts:2: '?[2J' is not an IPv4 address or a host name");
	scratch_write("hosts", "10.77.0.11\n10.77\0.0.12\n", 22);
	refuse(
	    plan_add_hosts, "@hosts", "hosts:2: this is not a text file: it contains a NUL octet");
	refuse(plan_add_hosts, "@/dev/zero",
	    "/dev/zero:1: this is not a text file: it contains a NUL octet");
}

static void
test_unreadable_host_files(void **state)
{
	(void)state;
	refuse(plan_add_hosts, "@nothing",
	    "can't read nothing: No such file or directory: check its name");
	refuse(plan_add_hosts, "@.", "can't read .: Is a directory: name a file instead");
	scratch_write_text("hosts", "10.77.0.11\n");
	assert_int_equal(chmod("hosts", 0), 0);
	if (!scratch_become_nobody())
		skip();
	refuse(plan_add_hosts, "@hosts",
	    "can't read hosts: Permission denied: change its permissions, or run arpaudit as a "
	    "user who may read it");
	scratch_become_self();
}

static void
test_hosts_on_standard_input(void **state)
{
	(void)state;
	scratch_write_text("input", "10.77.0.11\n10.77.0.12");
	assert_non_null(freopen("input", "r", stdin));
	accept_hosts("10.77.0.1,-", "10.77.0.1 10.77.0.11 10.77.0.12");
	refuse(plan_add_hosts, "-", "'-': standard input was already read: use '-' only once");

	assert_non_null(freopen("input", "r", stdin));
	refuse(plan_add_hosts, "-,-", "'-': standard input was already read: use '-' only once");

	scratch_write_text("input", "10.77.0.11\nrs1;");
	assert_non_null(freopen("input", "r", stdin));
	refuse(
	    plan_add_hosts, "-", "standard input:2: 'rs1;' is not an IPv4 address or a host name");

	assert_non_null(freopen("/dev/null", "r", stdin));
	refuse(plan_add_hosts, "-", "no hosts in standard input");

	assert_non_null(freopen(".", "r", stdin));
	refuse(
	    plan_add_hosts, "-", "can't read standard input: Is a directory: name a file instead");
	assert_non_null(freopen("/dev/null", "r", stdin));
}

static void
test_directors(void **state)
{
	struct fixture fixture;
	char text[MAC_TEXT_SIZE];

	(void)state;
	begin(&fixture);
	add(&fixture, plan_add_directors, "10.77.0.2,02:00:00:00:00:03,rs1");
	add(&fixture, plan_add_directors, "02-00-00-00-00-03,rs1,10.77.0.2");
	assert_int_equal(fixture.cluster->director_count, 3);
	expect_address(&fixture.cluster->directors[0].address, "10.77.0.2");
	assert_true(mac_equal(&fixture.cluster->directors[0].mac, &mac_zero));
	assert_null(fixture.cluster->directors[0].name);
	expect_address(&fixture.cluster->directors[1].address, "-");
	assert_string_equal(
	    mac_format(&fixture.cluster->directors[1].mac, text), "02:00:00:00:00:03");
	expect_address(&fixture.cluster->directors[2].address, "10.77.0.11");
	assert_string_equal(fixture.cluster->directors[2].name, "rs1");
	end(&fixture);

	refuse(plan_add_directors, "", "the list of directors is empty");
	refuse(plan_add_directors, "02:00:00:00:00",
	    "'02:00:00:00:00' is not an IPv4 address, a host name or a MAC");
	refuse(plan_add_directors, "10.77.0.2-3",
	    "'10.77.0.2-3' is not an IPv4 address, a host name or a MAC");
	refuse(
	    plan_add_directors, "@hosts", "'@hosts' is not an IPv4 address, a host name or a MAC");
	refuse(plan_add_directors, "fd00::1", "'fd00::1': IPv6 is not supported yet: use IPv4");
	refuse(plan_add_directors, "ff:ff:ff:ff:ff:ff",
	    "'ff:ff:ff:ff:ff:ff': no host can have this MAC: it is all zeros or a group address");
	refuse(plan_add_directors, "00:00:00:00:00:00",
	    "'00:00:00:00:00:00': no host can have this MAC: it is all zeros or a group address");
}

static void
test_too_many_directors(void **state)
{
	struct fixture fixture;
	char text[32];

	(void)state;
	begin(&fixture);
	for (unsigned i = 0; i < PLAN_DIRECTORS_MAX; i++) {
		(void)snprintf(text, sizeof(text), "10.1.0.%u", i);
		add(&fixture, plan_add_directors, text);
	}
	assert_false(plan_add_directors(fixture.cluster, "rs1", &fixture.error));
	assert_string_equal(
	    fixture.error.text, "more than 256 directors: split the VIPs into several audits");
	end(&fixture);
}

static void
test_decoys(void **state)
{
	struct fixture fixture;
	char text[32];

	(void)state;
	begin(&fixture);
	add(&fixture, plan_add_decoys, "10.77.0.250,10.77.0.251");
	add(&fixture, plan_add_decoys, "10.77.0.250");
	assert_int_equal(fixture.cluster->decoy_count, 2);
	expect_address(&fixture.cluster->decoys[0], "10.77.0.250");
	expect_address(&fixture.cluster->decoys[1], "10.77.0.251");
	for (unsigned i = 2; i < PLAN_DECOYS_MAX; i++) {
		(void)snprintf(text, sizeof(text), "10.1.%u.%u", i >> 8, i & 0xff);
		add(&fixture, plan_add_decoys, text);
	}
	assert_false(plan_add_decoys(fixture.cluster, "10.2.0.1", &fixture.error));
	assert_string_equal(fixture.error.text,
	    "more than 4096 decoys: a few are enough for any number of servers");
	end(&fixture);

	refuse(plan_add_decoys, "", "the list of decoys is empty");
	refuse(plan_add_decoys, "rs1", "'rs1' is not an IPv4 address");
	refuse(plan_add_decoys, "10.77.0.0/24", "'10.77.0.0/24' is not an IPv4 address");
	refuse(plan_add_decoys, "fd00::1", "'fd00::1': IPv6 is not supported yet: use IPv4");
	refuse(plan_add_decoys, "255.255.255.255",
	    "'255.255.255.255': no host can have the address 255.255.255.255: it is unspecified, "
	    "loopback, multicast or reserved");
}

static void
test_source(void **state)
{
	struct fixture fixture;

	(void)state;
	begin(&fixture);
	assert_false(address_is_set(&fixture.cluster->source));
	add(&fixture, plan_set_source, "10.77.0.9");
	expect_address(&fixture.cluster->source, "10.77.0.9");
	end(&fixture);

	refuse(plan_set_source, "", "'' is not an IPv4 address");
	refuse(plan_set_source, "10.77.0.9,10.77.0.10",
	    "'10.77.0.9,10.77.0.10' is not an IPv4 address");
	refuse(plan_set_source, "fd00::1", "'fd00::1': IPv6 is not supported yet: use IPv4");
	refuse(plan_set_source, "0.0.0.0",
	    "'0.0.0.0': no host can have the address 0.0.0.0: it is unspecified, loopback, "
	    "multicast or reserved");
}

/* The parts of a cluster; NULL: none. */
struct parts {
	const char *vips, *hosts, *directors, *decoys, *source;
};

static void
begin_parts(struct fixture *fixture, const struct parts *parts)
{
	begin(fixture);
	if (parts->vips != NULL)
		add(fixture, plan_add_vips, parts->vips);
	if (parts->hosts != NULL)
		add(fixture, plan_add_hosts, parts->hosts);
	else
		fixture->cluster->discover = true;
	if (parts->directors != NULL)
		add(fixture, plan_add_directors, parts->directors);
	if (parts->decoys != NULL)
		add(fixture, plan_add_decoys, parts->decoys);
	if (parts->source != NULL)
		add(fixture, plan_set_source, parts->source);
}

static void
check(const struct parts *parts, const char *message)
{
	struct fixture fixture;

	begin_parts(&fixture, parts);
	check_fixture(&fixture, message);
	end(&fixture);
}

static void
test_consistent_cluster(void **state)
{
	(void)state;
	check(&(struct parts){.vips = "10.77.0.100"}, "");
	check(&(struct parts){.vips = "10.77.0.100,10.77.0.101",
		  .hosts = "10.77.0.11-13,rs1",
		  .directors = "10.77.0.2,02:00:00:00:00:03",
		  .decoys = "10.77.0.250",
		  .source = "10.77.0.9"},
	    "");
	/* A director that is also a real server. */
	check(
	    &(struct parts){
		.vips = "10.77.0.100", .hosts = "10.77.0.2,10.77.0.11", .directors = "10.77.0.2"},
	    "");
}

static void
test_inconsistent_cluster(void **state)
{
	struct fixture fixture;

	(void)state;
	check(&(struct parts){.hosts = "10.77.0.11"},
	    "no VIP to audit: name at least one (--vip; in a cluster file, vip)");
	check(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.99-101,10.77.0.100"},
	    "10.77.0.100 is both a VIP and a real server: give each real server's own address "
	    "(RIP)");
	check(&(struct parts){.vips = "10.77.0.101,10.77.0.100", .directors = "10.77.0.100"},
	    "10.77.0.100 is both a VIP and a director: give each director's own address or MAC");
	check(&(struct parts){.vips = "10.77.0.100", .decoys = "10.77.0.250,10.77.0.100"},
	    "10.77.0.100 is both a VIP and a decoy: a decoy must be an unused address");
	check(&(struct parts){.vips = "10.77.0.100", .source = "10.77.0.100"},
	    "10.77.0.100 is both a VIP and the source address: the probe must never use a VIP as "
	    "its sender address");
	check(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.11", .decoys = "10.77.0.11"},
	    "10.77.0.11 is both a decoy and a real server: a decoy must be an unused address");
	check(
	    &(struct parts){.vips = "10.77.0.100", .directors = "10.77.0.2", .decoys = "10.77.0.2"},
	    "10.77.0.2 is both a decoy and a director: a decoy must be an unused address");
	check(&(struct parts){.vips = "10.77.0.100", .source = "10.77.0.9", .decoys = "10.77.0.9"},
	    "10.77.0.9 is both a decoy and the source address: a decoy must be an unused address");
	check(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.11", .source = "10.77.0.11"},
	    "10.77.0.11 is both the source address and a real server: give the probe an address of "
	    "its own");
	check(
	    &(struct parts){.vips = "10.77.0.100", .directors = "10.77.0.2", .source = "10.77.0.2"},
	    "10.77.0.2 is both the source address and a director: give the probe an address of its "
	    "own");

	begin_parts(&fixture, &(struct parts){.vips = "10.77.0.100"});
	fixture.cluster->discover = false;
	check_fixture(&fixture, "no real servers to audit: list them with --rs (see --help)");
	end(&fixture);
}

/* "ADDRESS/LENGTH", or NULL for none. */
static struct prefix
prefix_of(const char *text)
{
	struct prefix prefix = {.length = 0};
	char address[ADDRESS_TEXT_SIZE];

	if (text == NULL)
		return prefix;
	(void)snprintf(address, sizeof(address), "%.*s", (int)strcspn(text, "/"), text);
	assert_true(address_parse(address, &prefix.address));
	prefix.length = (uint8_t)strtoul(strchr(text, '/') + 1, NULL, 10);
	return prefix;
}

static void
fit(const struct parts *parts, const char *own, enum exit_status status, const char *message,
    const char *hosts)
{
	const struct prefix prefix = prefix_of(own);
	struct fixture fixture;
	bool good;

	begin_parts(&fixture, parts);
	check_fixture(&fixture, "");
	fixture.cluster->interface = strdup("eth9");
	good = plan_fit(fixture.cluster, &prefix, &fixture.error);
	assert_string_equal(fixture.error.text, message);
	assert_int_equal(fixture.error.status, status);
	assert_int_equal(good, status == 0);
	if (hosts != NULL)
		expect_hosts(&fixture, hosts);
	end(&fixture);
}

static void
test_cluster_fits_the_segment(void **state)
{
	(void)state;
	fit(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.12,10.77.0.11"},
	    "10.77.0.9/24", 0, "", "10.77.0.11 10.77.0.12");
	/* The probe may be a standby director. */
	fit(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.11", .directors = "10.77.0.9"},
	    "10.77.0.9/24", 0, "", "10.77.0.11");
	fit(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.11", .source = "10.77.0.8"},
	    NULL, 0, "", "10.77.0.11");
	/* Decoys in the subnet, and in the servers' own subnet, which is unknown. */
	fit(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.11", .decoys = "10.77.0.250"},
	    "10.77.0.9/24", 0, "", "10.77.0.11");
	fit(&(struct parts){.vips = "10.77.0.100", .hosts = "10.78.0.11", .decoys = "10.78.0.250"},
	    "10.77.0.9/24", 0, "", "10.78.0.11");
	fit(&(struct parts){.vips = "10.77.0.100",
		.hosts = "10.77.0.11",
		.decoys = "10.78.0.250",
		.source = "10.78.0.9"},
	    NULL, 0, "", "10.77.0.11");
	/* An address that would be broadcast only with a longer prefix; and a /31, which has none.
	 */
	fit(&(struct parts){.vips = "10.77.0.255", .hosts = "10.77.0.11"}, "10.77.0.9/16", 0, "",
	    "10.77.0.11");
	fit(&(struct parts){.vips = "10.77.0.9", .hosts = "10.77.0.11"}, "10.77.0.8/31", 0, "",
	    "10.77.0.11");
}

static void
test_sweep(void **state)
{
	(void)state;
	fit(&(struct parts){.vips = "10.77.0.3", .source = "10.77.0.5", .directors = "10.77.0.2"},
	    "10.77.0.1/29", 0, "", "10.77.0.2 10.77.0.4 10.77.0.6");
	fit(&(struct parts){.vips = "10.99.0.1"}, "10.77.0.6/31", 0, "", "10.77.0.7");
	fit(&(struct parts){.vips = "10.99.0.1"}, "10.77.0.6/32", EXIT_USAGE,
	    "the subnet 10.77.0.6/32 has no other host addresses to sweep: list the real servers "
	    "with --rs",
	    NULL);
	fit(&(struct parts){.vips = "10.77.0.2"}, "10.77.0.1/30", EXIT_USAGE,
	    "the subnet 10.77.0.0/30 has no other host addresses to sweep: list the real servers "
	    "with --rs",
	    NULL);
	fit(&(struct parts){.vips = "10.99.0.1"}, "10.77.0.6/19", EXIT_USAGE,
	    "the subnet 10.77.0.0/19 has 8192 addresses, more than the 4096 that a sweep may "
	    "cover: list the real servers with --rs",
	    NULL);
	fit(&(struct parts){.vips = "10.99.0.1"}, "10.77.0.6/0", EXIT_USAGE,
	    "the subnet 0.0.0.0/0 has 4294967296 addresses, more than the 4096 that a sweep may "
	    "cover: list the real servers with --rs",
	    NULL);
}

static void
test_sweep_of_the_largest_subnet(void **state)
{
	const struct prefix own = prefix_of("10.77.0.6/20");
	struct fixture fixture;

	(void)state;
	begin_parts(&fixture, &(struct parts){.vips = "10.77.0.100"});
	check_fixture(&fixture, "");
	assert_true(plan_fit(fixture.cluster, &own, &fixture.error));
	assert_int_equal(fixture.cluster->host_count, PLAN_SWEEP_MAX - 4);
	expect_address(&fixture.cluster->hosts[0].rip, "10.77.0.1");
	expect_address(&fixture.cluster->hosts[PLAN_SWEEP_MAX - 5].rip, "10.77.15.254");
	end(&fixture);
}

static void
test_cluster_does_not_fit_the_segment(void **state)
{
	(void)state;
	fit(&(struct parts){.vips = "10.77.0.9", .hosts = "10.77.0.11"}, "10.77.0.9/24", EXIT_USAGE,
	    "the VIP 10.77.0.9 is this machine's own address: audit from another machine", NULL);
	fit(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.9,10.77.0.8-11"},
	    "10.77.0.9/24", EXIT_USAGE,
	    "the real server 10.77.0.9 is this machine, which can't audit itself: remove it from "
	    "--rs and audit it from another machine",
	    NULL);
	fit(&(struct parts){.vips = "10.77.0.100", .decoys = "10.77.0.9"}, "10.77.0.9/24",
	    EXIT_USAGE,
	    "the decoy 10.77.0.9 is this machine's own address: a decoy must be an unused address",
	    NULL);
	fit(&(struct parts){.vips = "10.77.0.100,10.77.0.0"}, "10.77.0.9/24", EXIT_USAGE,
	    "the VIP 10.77.0.0 is the network or broadcast address of the subnet 10.77.0.0/24: "
	    "correct it or this machine's prefix length",
	    NULL);
	fit(&(struct parts){.vips = "10.77.0.15", .hosts = "10.77.0.11"}, "10.77.0.9/28",
	    EXIT_USAGE,
	    "the VIP 10.77.0.15 is the network or broadcast address of the subnet 10.77.0.0/28: "
	    "correct it or this machine's prefix length",
	    NULL);
	fit(&(struct parts){.vips = "10.77.0.100", .decoys = "10.77.0.250,10.78.0.250"},
	    "10.77.0.9/24", EXIT_USAGE,
	    "the decoy 10.78.0.250 is not a host address in the servers' subnet 10.77.0.0/24: use "
	    "unused addresses of that subnet, or omit --decoy",
	    NULL);
	fit(&(struct parts){.vips = "10.99.0.1", .hosts = "10.77.0.11", .decoys = "10.77.0.255"},
	    "10.77.0.9/24", EXIT_USAGE,
	    "the decoy 10.77.0.255 is not a host address in the servers' subnet 10.77.0.0/24: use "
	    "unused addresses of that subnet, or omit --decoy",
	    NULL);
	fit(&(struct parts){.vips = "10.77.0.100", .hosts = "10.77.0.11"}, NULL, EXIT_CANNOT_RUN,
	    "interface eth9 has no IPv4 address: give the probe one with --source", NULL);
	fit(&(struct parts){.vips = "10.77.0.100", .source = "10.77.0.9"}, NULL, EXIT_USAGE,
	    "interface eth9 has no IPv4 address, so there is no subnet to sweep: list the real "
	    "servers with --rs",
	    NULL);
}

/* No host can have them, whatever it is to be. */
static void
test_network_and_broadcast_addresses(void **state)
{
	static const struct {
		struct parts parts;
		const char *what;
	} cases[] = {
	    {{.vips = "10.77.0.100", .source = "10.77.0.255"}, "the source address 10.77.0.255"},
	    {{.vips = "10.77.0.100", .source = "10.77.0.0"}, "the source address 10.77.0.0"},
	    {{.vips = "10.77.0.100", .hosts = "10.77.0.255"}, "the real server 10.77.0.255"},
	    {{.vips = "10.77.0.100", .directors = "10.77.0.0"}, "the director 10.77.0.0"},
	    /* Also if the servers' own subnet is not known. */
	    {{.vips = "10.77.0.100", .hosts = "10.78.0.1", .decoys = "10.77.0.255"},
		"the decoy 10.77.0.255"},
	};
	char message[256];

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		(void)snprintf(message, sizeof(message),
		    "%s is the network or broadcast address of the subnet 10.77.0.0/24: correct it "
		    "or this machine's prefix length",
		    cases[i].what);
		fit(&cases[i].parts, "10.77.0.9/24", EXIT_USAGE, message, NULL);
	}
}

static void
expect_left_out(const struct fixture *fixture, const char *expected)
{
	const struct plan_remarks *remarks = &fixture->cluster->remarks;
	char text[256] = "";

	for (size_t i = 0; i < remarks->left_out_count; i++) {
		const size_t used = strlen(text);

		(void)snprintf(&text[used], sizeof(text) - used, "%s%s %s", i == 0 ? "" : ", ",
		    remarks->left_out[i].rip, remarks->left_out[i].reason);
	}
	assert_string_equal(text, expected);
}

/* A range or subnet means the real servers in it. */
static void
test_ranges_leave_others_out(void **state)
{
	static const struct {
		struct parts parts;
		const char *hosts, *left_out;
	} cases[] = {
	    {{.vips = "10.77.0.2", .hosts = "10.77.0.1-4"}, "10.77.0.1 10.77.0.3 10.77.0.4",
		"10.77.0.2 VIP"},
	    {{.vips = "10.77.0.100", .hosts = "10.77.0.8/30", .directors = "10.77.0.10"}, "",
		"10.77.0.10 director, 10.77.0.9 probe"},
	    {{.vips = "10.77.0.100", .hosts = "10.77.0.8-11", .directors = "02:00:00:00:00:03"},
		"10.77.0.8 10.77.0.10 10.77.0.11", "10.77.0.9 probe"},
	    {{.vips = "10.77.0.100",
		 .hosts = "10.77.0.7-8,10.77.0.254-10.77.1.0",
		 .source = "10.77.0.8",
		 .decoys = "10.77.0.254"},
		"10.77.0.7 10.77.1.0",
		"10.77.0.8 probe, 10.77.0.254 decoy, 10.77.0.255 network or broadcast address"},
	    /* LocalNode: the director is named by itself. */
	    {{.vips = "10.77.0.100", .hosts = "10.77.0.2-3,10.77.0.2", .directors = "10.77.0.2"},
		"10.77.0.2 10.77.0.3", ""},
	    {{.vips = "10.77.0.100", .hosts = "10.77.0.2,10.77.0.2-3", .directors = "10.77.0.2"},
		"10.77.0.2 10.77.0.3", ""},
	};
	const struct prefix own = prefix_of("10.77.0.9/24");

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		struct fixture fixture;
		bool fits;

		begin_parts(&fixture, &cases[i].parts);
		check_fixture(&fixture, "");
		fits = plan_fit(fixture.cluster, &own, &fixture.error);
		expect_left_out(&fixture, cases[i].left_out);
		if (*cases[i].hosts == '\0') {
			assert_false(fits);
			assert_string_equal(fixture.error.text,
			    "no real servers to audit: the ranges hold nothing but VIPs, directors "
			    "and the probe");
			assert_int_equal(fixture.error.status, EXIT_USAGE);
		} else {
			assert_true(fits);
			expect_hosts(&fixture, cases[i].hosts);
		}
		end(&fixture);
	}
}

static void
test_vlan_without_an_address(void **state)
{
	const struct prefix none = {.length = 0};
	struct fixture fixture;

	(void)state;
	begin_parts(&fixture, &(struct parts){.vips = "10.77.0.100"});
	check_fixture(&fixture, "");
	fixture.cluster->vlan = 100;
	assert_false(plan_fit(fixture.cluster, &none, &fixture.error));
	assert_int_equal(fixture.error.status, EXIT_CANNOT_RUN);
	assert_string_equal(fixture.error.text,
	    "no interface for VLAN 100 on the trunk is up and has an IPv4 "
	    "address: give the probe one with --source");
	fixture.error = (struct error){.status = 0};
	assert_true(plan_set_source(fixture.cluster, "10.77.0.9", &fixture.error));
	assert_false(plan_fit(fixture.cluster, &none, &fixture.error));
	assert_int_equal(fixture.error.status, EXIT_USAGE);
	assert_string_equal(fixture.error.text,
	    "no interface for VLAN 100 on the trunk is up and has an IPv4 address, so there is no "
	    "subnet to sweep: list the real servers with --rs");
	end(&fixture);
}

#define WITH_FILES(test) cmocka_unit_test_setup_teardown(test, scratch_setup, scratch_teardown)

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_defaults),
	    cmocka_unit_test(test_vip_forms),
	    cmocka_unit_test(test_bad_vips),
	    cmocka_unit_test(test_names_of_vips),
	    cmocka_unit_test(test_vip_with_two_ports),
	    cmocka_unit_test(test_too_many_ports),
	    cmocka_unit_test(test_too_many_vips),
	    cmocka_unit_test(test_host_forms),
	    cmocka_unit_test(test_hosts_are_sorted_without_duplicates),
	    cmocka_unit_test(test_bad_hosts),
	    cmocka_unit_test(test_ranges_out_of_bounds),
	    cmocka_unit_test(test_addresses_no_host_can_have),
	    cmocka_unit_test(test_bad_names),
	    cmocka_unit_test(test_too_many_hosts),
	    WITH_FILES(test_host_file),
	    WITH_FILES(test_host_file_with_a_long_line),
	    WITH_FILES(test_bad_host_files),
	    WITH_FILES(test_unreadable_host_files),
	    WITH_FILES(test_hosts_on_standard_input),
	    cmocka_unit_test(test_directors),
	    cmocka_unit_test(test_too_many_directors),
	    cmocka_unit_test(test_decoys),
	    cmocka_unit_test(test_source),
	    cmocka_unit_test(test_consistent_cluster),
	    cmocka_unit_test(test_inconsistent_cluster),
	    cmocka_unit_test(test_cluster_fits_the_segment),
	    cmocka_unit_test(test_sweep),
	    cmocka_unit_test(test_sweep_of_the_largest_subnet),
	    cmocka_unit_test(test_cluster_does_not_fit_the_segment),
	    cmocka_unit_test(test_network_and_broadcast_addresses),
	    cmocka_unit_test(test_ranges_leave_others_out),
	    cmocka_unit_test(test_vlan_without_an_address),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
