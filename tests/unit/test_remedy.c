/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the remedies say, depending on what is known of a host. The lab tests show that they work.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/arena.h"
#include "audit/judge/remedy.h"
#include "model.h"
#include "texts.h"

#define IGNORE_0_3   (1u << 0 | 1u << 3)
#define ANNOUNCE_0_1 (1u << 0 | 1u << 1)

static struct arena *arena;

static int
setup(void **state)
{
	(void)state;
	arena = arena_new();
	return arena == NULL;
}

static int
teardown(void **state)
{
	(void)state;
	arena_free(arena);
	return 0;
}

/* Of a host that shows these levels of arp_ignore. */
static const char *
remedy_at(bool answers, bool speaks, bool ignore_unfit, bool announce_unfit, uint16_t ignore_levels)
{
	const struct remedy_case of = {
	    .vip = "10.77.0.100",
	    .rip = "10.77.0.12",
	    .segment = "10.77.0.0/24",
	    .ignore_levels = ignore_levels,
	    .answers = answers,
	    .speaks = speaks,
	    .ignore_unfit = ignore_unfit,
	    .announce_unfit = announce_unfit,
	};

	return remedy_server(arena, &of);
}

static const char *
remedy(bool answers, bool speaks, bool ignore_unfit, bool announce_unfit)
{
	return remedy_at(
	    answers, speaks, ignore_unfit, announce_unfit, ignore_unfit ? 0 : IGNORE_0_3);
}

#define INTERFACES                                                                                 \
	"for i in $(ip -o -4 addr show to 10.77.0.0/24 | cut -d' ' -f2 | grep -vx lo | sort -u); " \
	"do\n"
#define ALL                                                                                   \
	"[ $(sysctl -n net/ipv4/conf/all/arp_ignore) -lt 3 ] || # no interface can lower 3\n" \
	"    sysctl -w net/ipv4/conf/all/arp_ignore=0 | tee /etc/sysctl.d/99-vip-all.conf\n"
#define UNNUMBERED \
	"# if its interface has no address: first \"Unnumbered interfaces\" in arpaudit(8)\n"
#define MOVE                                                                                       \
	"    # a VIP on the interface itself is answered for at each level: move it to lo\n"       \
	"    ip -o link show $i | grep -qv NOARP && ip addr show dev $i to 10.77.0.100 | grep -q " \
	". &&\n"                                                                                   \
	"        sysctl -qw net/ipv4/conf/$i/promote_secondaries=1 &&\n"                           \
	"        ip addr replace 10.77.0.100/32 dev lo && ip addr flush dev $i to 10.77.0.100 "    \
	"&&\n"                                                                                     \
	"        echo \"moved from $i to lo: do so in the network configuration, too\" >&2\n"

static void
test_reply_alone_remedies_arp_ignore(void **state)
{
	(void)state;
	assert_string_equal(remedy(true, false, false, false),
	    (UNNUMBERED INTERFACES "    sysctl -w net/ipv4/conf/$i/arp_ignore=1\n" MOVE
				   "done | tee /etc/sysctl.d/99-vip-reply-10.77.0.0.conf\n" ALL));
}

static void
test_source_alone_remedies_arp_announce(void **state)
{
	(void)state;
	assert_string_equal(remedy(false, true, false, false),
	    ("# if the VIP is its interface's first address: first \"VIPs on the interface\" in "
	     "arpaudit(8)\n" INTERFACES "    sysctl -w net/ipv4/conf/$i/arp_announce=2\n"
	     "done | tee /etc/sysctl.d/99-vip-source-10.77.0.0.conf\n"));
}

/* No sysctl stops a program that announces the VIP, so none is set. */
static void
test_announcements_are_traced_to_a_program(void **state)
{
	const struct remedy_case of = {
	    .vip = "10.77.0.100",
	    .rip = "10.77.0.12",
	    .segment = "10.77.0.0/24",
	    .announces = true,
	};

	(void)state;
	assert_holds(remedy_server(arena, &of), "ss -0np");
	assert_lacks(remedy_server(arena, &of), "sysctl -w");
}

static void
test_both_are_one_remedy(void **state)
{
	(void)state;
	assert_string_equal(remedy(true, true, false, false),
	    (UNNUMBERED INTERFACES
		"    sysctl -w net/ipv4/conf/$i/arp_ignore=1 net/ipv4/conf/$i/arp_announce=2\n" MOVE
		"done | tee /etc/sysctl.d/99-vip-arp-10.77.0.0.conf\n" ALL));
}

/* `all` is lowered only if it may overrule the interface. */
static void
test_all_is_lowered_only_if_it_may_be_3(void **state)
{
	static const struct {
		uint16_t levels;
		bool all;
	} cases[] = {
	    {1u << 2, false}, {1u << 0 | 1u << 2, false}, {1u << 0 | 1u << 2 | 1u << 3, true},
	    {IGNORE_0_3, true}, {0, true}, /* nothing is known */
	};

	(void)state;
	for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
		const char *text = remedy_at(true, true, false, false, cases[i].levels);

		assert_int_equal(strstr(text, ALL) != NULL, cases[i].all);
	}
}

/* Other networks of the host, such as pods on unnumbered interfaces, keep their settings. */
static void
test_other_interfaces_are_left_alone(void **state)
{
	const char *const texts[] = {remedy(true, true, false, false),
	    remedy(false, true, false, false), remedy_flux(arena, "10.77.0.0/24")};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		assert_lacks(texts[i], "default");
		assert_lacks(texts[i], "conf/all/arp_ignore=1");
		assert_lacks(texts[i], "conf/all/arp_announce");
	}
}

/* A report with sixty such hosts can then print the remedy once. */
static void
test_remedy_is_the_same_for_all_hosts(void **state)
{
	(void)state;
	assert_lacks(remedy(true, true, false, false), "10.77.0.12");
}

static void
test_fault_at_no_level_is_filtered(void **state)
{
	const char *text = remedy(true, true, true, true);

	(void)state;
	assert_lacks(text, "sysctl");
	assert_lacks(text, "addr del");
	assert_holds(text, "# no level of arp_ignore and arp_announce explains this");
	assert_holds(text,
	    "nft 'add table arp vip_10.77.0.100_input; delete table arp vip_10.77.0.100_input\n"
	    "    table arp vip_10.77.0.100_input { chain input { type filter hook input "
	    "priority 0\n"
	    "        arp operation request arp daddr ip 10.77.0.100 drop; }; }'\n");
	assert_holds(text,
	    "arp operation request arp saddr ip 10.77.0.100 arp saddr ip set 10.77.0.12; }; }'\n");
}

static void
test_only_the_unexplained_half_is_filtered(void **state)
{
	const char *ignore = remedy(true, true, true, false);
	const char *announce = remedy(true, true, false, true);

	(void)state;
	assert_holds(ignore, "sysctl -w net/ipv4/conf/$i/arp_announce=2\n");
	assert_holds(ignore, "hook input");
	assert_lacks(ignore, "hook output");
	assert_holds(announce, "sysctl -w net/ipv4/conf/$i/arp_ignore=1\n");
	assert_holds(announce, "hook output");
	assert_lacks(announce, "hook input");
	/* A check that has not failed has no remedy. */
	assert_lacks(remedy(true, false, true, true), "hook output");
	assert_lacks(remedy(false, true, true, true), "hook input");
}

static void
test_proxy(void **state)
{
	const char *vip = remedy_proxy(arena, "10.77.0.100", "10.77.0.0/24");
	const char *others = remedy_proxy(arena, NULL, "10.77.0.0/24");

	(void)state;
	assert_holds(vip, (INTERFACES "    sysctl -w net/ipv4/conf/$i/proxy_arp=0 "
				      "net/ipv4/conf/$i/proxy_arp_pvlan=0\n"
				      "    ip neigh del proxy 10.77.0.100 dev $i 2>/dev/null\n"
				      "done | tee /etc/sysctl.d/99-vip-proxy-10.77.0.0.conf\n"));
	assert_holds(vip, "# if it must proxy for others, filter this VIP instead");
	assert_holds(others, "proxy_arp=0");
	assert_holds(others, "ip rule");
	assert_lacks(others, "filter");
	assert_lacks(others, "neigh");
}

static void
test_unlisted(void **state)
{
	(void)state;
	assert_holds(remedy_unlisted(), "# find the machine by its MAC");
	assert_holds(remedy_unlisted(), "--rs");
}

static void
test_flux(void **state)
{
	const char *text = remedy_flux(arena, "10.77.0.0/24");

	(void)state;
	assert_holds(text,
	    (INTERFACES
		"    sysctl -w net/ipv4/conf/$i/arp_ignore=1 net/ipv4/conf/$i/arp_announce=2\n"));
	assert_holds(text, "/etc/sysctl.d/99-vip-arp-10.77.0.0.conf\n");
}

/* Of a host whose subnet is not known, the address itself finds the interface. */
static void
test_single_address_finds_the_interface(void **state)
{
	const char *text = remedy_flux(arena, "192.0.2.7");

	(void)state;
	assert_holds(text, "addr show to 192.0.2.7 |");
	assert_holds(text, "/etc/sysctl.d/99-vip-arp-192.0.2.7.conf\n");
}

/* Text from outside must not end a quotation or trigger a shell's history expansion. */
static void
test_quotes_are_paired(void **state)
{
	const char *const texts[] = {
	    remedy(true, true, false, false),
	    remedy(true, true, true, true),
	    remedy_proxy(arena, "10.77.0.100", "10.77.0.0/24"),
	    remedy_flux(arena, "10.77.0.0/24"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t quotes = 0;

		for (const char *at = texts[i]; *at != '\0'; at++)
			quotes += *at == '\'';
		assert_int_equal(quotes % 2, 0);
		assert_lacks(texts[i], "!");
	}
}

static void
test_levels(void **state)
{
	(void)state;
	assert_string_equal(remedy_ignore_levels(arena, IGNORE_0_3, false),
	    "; arp_ignore is 0 or 3 on the answering interface, or it is 1 or 2 and the VIP is "
	    "on that interface");
	assert_string_equal(remedy_ignore_levels(arena, 1u << 0 | 1u << 1 | 1u << 3, false),
	    "; arp_ignore is 0, 1 or 3 on the answering interface");
	assert_string_equal(remedy_announce_levels(arena, 1u << 0, false),
	    "; arp_announce is 0 on the asking interface, or the VIP is the first address of that "
	    "interface, or of lo if it has none");
	assert_string_equal(remedy_announce_levels(arena, ANNOUNCE_0_1, false),
	    "; arp_announce is 0 or 1 on the asking interface, or the VIP is the first address of "
	    "that interface, or of lo if it has none");
	assert_string_equal(remedy_ignore_levels(arena, 0, false), "");
	assert_string_equal(remedy_announce_levels(arena, 0, false), "");
	assert_holds(remedy_ignore_levels(arena, 0, true), "; no level of arp_ignore ");
	assert_holds(remedy_announce_levels(arena, 0, true), "; no level of arp_announce ");
}

/* The host's finding with that id, or NULL. */
static const struct finding *
host_finding(const struct model *model, uint8_t last, const char *id)
{
	const struct host_result *host = result_of(model, last);

	for (size_t i = 0; i < host->finding_count; i++)
		if (strcmp(host->findings[i].id, id) == 0)
			return &host->findings[i];
	return NULL;
}

static void
test_findings_of_an_audit(void **state)
{
	struct model *model = model_new("10.77.0.11-13", 1);
	const struct finding *reply, *source;
	struct model_host *both;

	(void)state;
	add_director(model, 3);
	add_server(model, 11)->answers_vip = true;
	add_server(model, 12)->speaks_as_vip = true;
	both = add_server(model, 13);
	both->answers_vip = both->speaks_as_vip = true;
	model_run(model);

	reply = host_finding(model, 11, "vip-reply");
	assert_non_null(reply);
	assert_holds(reply->message, "the host answers ARP requests for 10.77.0.100, so traffic");
	assert_holds(reply->message, remedy_ignore_levels(arena, IGNORE_0_3, false));
	assert_string_equal(reply->remedy, remedy(true, false, false, false));
	assert_string_equal(
	    result_check(result_of(model, 11), "vip-reply")->reason, reply->message);
	source = host_finding(model, 12, "vip-source");
	assert_non_null(source);
	assert_holds(source->message, remedy_announce_levels(arena, ANNOUNCE_0_1, false));
	assert_string_equal(source->remedy, remedy(false, true, false, false));
	assert_string_equal(host_finding(model, 13, "vip-reply")->remedy,
	    host_finding(model, 13, "vip-source")->remedy);
	model_free(model);
}

/* A host that answers for the VIP, and by no packet shows that it holds it. */
static struct model *
silent_holder(struct model_host **host)
{
	struct model *model = model_new("10.77.0.11-12", 1);

	add_director(model, 3);
	add_server(model, 11);
	*host = add_host(model, 12);
	(*host)->answers_vip = true;
	return model;
}

/* Linux proxies leave SPA 0.0.0.0 unanswered. */
static void
test_finding_of_a_proxy(void **state)
{
	struct model_host *host;
	struct model *model = silent_holder(&host);
	const struct finding *reply;

	(void)state;
	host->never_probes = true;
	model_run(model);
	reply = host_finding(model, 12, "vip-reply");
	assert_non_null(reply);
	assert_string_equal(reply->cause->code, "proxies-vip");
	assert_holds(reply->message, "it proxies ARP");
	assert_string_equal(reply->remedy, remedy_proxy(arena, "10.77.0.100", "10.77.0.0/24"));
	model_free(model);
}

/* A holder answers both kinds of SPA, and a firewall may drop its packets. */
static void
test_finding_of_a_holder_behind_a_firewall(void **state)
{
	struct model_host *host;
	struct model *model = silent_holder(&host);
	const struct finding *reply;

	(void)state;
	model_run(model);
	reply = host_finding(model, 12, "vip-reply");
	assert_non_null(reply);
	assert_string_equal(reply->cause->code, "answers-for-vip");
	assert_string_equal(reply->remedy, remedy(true, false, false, false));
	model_free(model);
}

static void
drop_probes(struct model *model, struct frame *frame)
{
	const struct address none = address_unspecified(ADDRESS_IPV4);

	(void)model;
	if (frame->kind == FRAME_ARP && address_equal(&frame->arp.tpa, &none))
		frame->kind = FRAME_OTHER;
}

/* The network drops SPA 0.0.0.0, so nothing tells a proxy from a holder. */
static void
test_finding_of_either(void **state)
{
	struct model_host *host;
	struct model *model = silent_holder(&host);
	const struct finding *reply;

	(void)state;
	model->damage = drop_probes;
	model_run(model);
	reply = host_finding(model, 12, "vip-reply");
	assert_non_null(reply);
	assert_string_equal(reply->cause->code, "answers-or-proxies");
	assert_holds(reply->message,
	    "arp_ignore is 0 or 3 on the answering interface, or it is 1 or 2 and the VIP is on "
	    "that interface; or, ");
	assert_holds(reply->message, "it proxies ARP");
	assert_holds(reply->remedy, "arp_ignore=1");
	assert_holds(reply->remedy, "proxy_arp=0");
	assert_true(strstr(reply->remedy, "arp_ignore=1") < strstr(reply->remedy, "proxy_arp=0"));
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reply_alone_remedies_arp_ignore),
	    cmocka_unit_test(test_source_alone_remedies_arp_announce),
	    cmocka_unit_test(test_announcements_are_traced_to_a_program),
	    cmocka_unit_test(test_both_are_one_remedy),
	    cmocka_unit_test(test_all_is_lowered_only_if_it_may_be_3),
	    cmocka_unit_test(test_other_interfaces_are_left_alone),
	    cmocka_unit_test(test_remedy_is_the_same_for_all_hosts),
	    cmocka_unit_test(test_fault_at_no_level_is_filtered),
	    cmocka_unit_test(test_only_the_unexplained_half_is_filtered),
	    cmocka_unit_test(test_proxy),
	    cmocka_unit_test(test_unlisted),
	    cmocka_unit_test(test_flux),
	    cmocka_unit_test(test_single_address_finds_the_interface),
	    cmocka_unit_test(test_quotes_are_paired),
	    cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_findings_of_an_audit),
	    cmocka_unit_test(test_finding_of_a_proxy),
	    cmocka_unit_test(test_finding_of_a_holder_behind_a_firewall),
	    cmocka_unit_test(test_finding_of_either),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
