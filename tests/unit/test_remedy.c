/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the remedies say, by what is known of a host. That they work is shown in the lab.
 */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

#include "arpaudit/arena.h"
#include "arpaudit/remedy.h"
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

static const char *
remedy(bool answers, bool speaks, bool ignore_unfit, bool announce_unfit)
{
	const struct remedy_case of = {
	    .vip = "10.77.0.100",
	    .rip = "10.77.0.12",
	    .segment = "10.77.0.0/24",
	    .answers = answers,
	    .speaks = speaks,
	    .ignore_unfit = ignore_unfit,
	    .announce_unfit = announce_unfit,
	};

	return remedy_server(arena, &of);
}

static void
test_reply_alone_is_about_arp_ignore(void **state)
{
	(void)state;
	assert_string_equal(remedy(true, false, false, false),
	    "# now and for the next start:\n"
	    "mkdir -p /etc/sysctl.d\n"
	    "for i in all default $(ip -o -4 addr show to 10.77.0.0/24 | cut -d' ' -f2 | "
	    "grep -vx lo | sort -u); do\n"
	    "    for s in arp_ignore=1; do\n"
	    "        k=net/ipv4/conf/$i/${s%=*}\n"
	    "        echo ${s#*=} >/proc/sys/$k; echo \"$k = ${s#*=}\"\n"
	    "    done\n"
	    "done | tee /etc/sysctl.d/99-vip-reply.conf\n"
	    "# an interface of the segment that holds 10.77.0.100 answers even so: to lo with it\n"
	    "# (in the configuration of the network as well)\n"
	    "ip -o -4 addr show to 10.77.0.100 | while read -r n i f a x; do\n"
	    "    case $(ip -o link show dev $i) in *LOOPBACK*|*NOARP*) continue ;; esac\n"
	    "    ip addr replace 10.77.0.100/32 dev lo\n"
	    "    echo 1 >/proc/sys/net/ipv4/conf/$i/promote_secondaries\n"
	    "    ip addr del $a dev $i\n"
	    "done\n"
	    "# where sysctls must not be changed: REMEDIES in arpaudit(8)\n");
}

static void
test_source_alone_is_about_arp_announce(void **state)
{
	const char *text = remedy(false, true, false, false);

	(void)state;
	assert_holds(text, "for s in arp_announce=2; do\n");
	assert_holds(text, "/etc/sysctl.d/99-vip-source.conf\n");
	assert_lacks(text, "arp_ignore");
	assert_lacks(text, "addr del");
	assert_lacks(text, "nft");
}

static void
test_both_are_one_remedy(void **state)
{
	const char *text = remedy(true, true, false, false);

	(void)state;
	assert_holds(text, "for s in arp_ignore=1 arp_announce=2; do\n");
	assert_holds(text, "/etc/sysctl.d/99-vip-arp.conf\n");
	assert_holds(text, "addr del");
}

/* So that a report with sixty of them tells it once. */
static void
test_remedy_is_the_same_for_all_hosts(void **state)
{
	(void)state;
	assert_lacks(remedy(true, true, false, false), "10.77.0.12");
}

static void
test_what_no_level_explains_is_filtered(void **state)
{
	const char *text = remedy(true, true, true, true);

	(void)state;
	assert_lacks(text, "/proc/sys");
	assert_lacks(text, "addr del");
	assert_holds(text, "# no level of arp_ignore and arp_announce is like this");
	assert_holds(text,
	    "nft 'add table arp vip_10.77.0.100\n"
	    "    add chain arp vip_10.77.0.100 input { type filter hook input priority 0; }\n"
	    "    flush chain arp vip_10.77.0.100 input\n"
	    "    add rule arp vip_10.77.0.100 input arp operation request "
	    "arp daddr ip 10.77.0.100 drop'\n"
	    "# or: arptables -A INPUT --opcode 1 -d 10.77.0.100 -j DROP\n");
	assert_holds(text,
	    "arp operation request arp saddr ip 10.77.0.100 arp saddr ip set 10.77.0.12'\n"
	    "# or: arptables -A OUTPUT --opcode 1 -s 10.77.0.100 -j mangle "
	    "--mangle-ip-s 10.77.0.12\n");
}

static void
test_only_the_unfit_half_is_filtered(void **state)
{
	const char *ignore = remedy(true, true, true, false);
	const char *announce = remedy(true, true, false, true);

	(void)state;
	assert_holds(ignore, "for s in arp_announce=2; do\n");
	assert_holds(ignore, "hook input");
	assert_lacks(ignore, "hook output");
	assert_holds(announce, "for s in arp_ignore=1; do\n");
	assert_holds(announce, "hook output");
	assert_lacks(announce, "hook input");
	/* What has not failed has no remedy, whatever is known of it. */
	assert_lacks(remedy(true, false, true, true), "hook output");
	assert_lacks(remedy(false, true, true, true), "hook input");
}

static void
test_proxy(void **state)
{
	const char *vip = remedy_proxy(arena, "10.77.0.100", "10.77.0.0/24");
	const char *others = remedy_proxy(arena, NULL, "10.77.0.0/24");

	(void)state;
	assert_holds(vip, "for s in proxy_arp=0 proxy_arp_pvlan=0; do\n");
	assert_holds(vip, "/etc/sysctl.d/99-vip-proxy.conf\n");
	assert_holds(vip, "ip neigh del proxy 10.77.0.100 dev $i;");
	/* The second choice is not pasted along with the first. */
	assert_holds(vip, "\n# nft 'add table");
	assert_holds(vip, "\n#     add rule");
	assert_lacks(vip, "\nnft");
	assert_holds(others, "proxy_arp=0");
	assert_lacks(others, "nft");
}

static void
test_unlisted(void **state)
{
	const char *text = remedy_unlisted(arena, "10.77.0.100", "10.77.0.0/24");

	(void)state;
	assert_holds(text, "# find the machine by its MAC");
	assert_holds(text, remedy_proxy(arena, "10.77.0.100", "10.77.0.0/24"));
}

static void
test_flux(void **state)
{
	const char *text = remedy_flux(arena, "10.77.0.0/24");

	(void)state;
	assert_holds(text, "for s in arp_ignore=1 arp_announce=2; do\n");
	assert_holds(text, "/etc/sysctl.d/99-vip-arp.conf\n");
}

/* Pasted text must not end a quotation or expand a shell's history by what it says. */
static void
test_quotes_are_paired(void **state)
{
	const char *const texts[] = {
	    remedy(true, true, false, false),
	    remedy(true, true, true, true),
	    remedy_unlisted(arena, "10.77.0.100", "10.77.0.0/24"),
	    remedy_flux(arena, "10.77.0.0/24"),
	};

	(void)state;
	for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
		size_t quotes = 0;

		for (const char *at = texts[i]; *at != '\0'; at++)
			quotes += *at == '\'';
		assert_int_equal(quotes % 2, 0);
		assert_lacks(texts[i], "!");
		assert_lacks(texts[i], "sysctl ");
	}
}

static void
test_levels(void **state)
{
	(void)state;
	assert_string_equal(remedy_ignore_levels(arena, IGNORE_0_3, false),
	    "; arp_ignore is 0 or 3 on the answering interface, or it is 1 or 2 and the VIP sits "
	    "on that interface");
	assert_string_equal(remedy_ignore_levels(arena, 1u << 0 | 1u << 1 | 1u << 3, false),
	    "; arp_ignore is 0, 1 or 3 on the answering interface");
	assert_string_equal(remedy_announce_levels(arena, ANNOUNCE_0_1, false),
	    "; arp_announce is 0 or 1 on the asking interface");
	assert_string_equal(remedy_announce_levels(arena, 1u << 0, false),
	    "; arp_announce is 0 on the asking interface");
	assert_string_equal(remedy_ignore_levels(arena, 0, false), "");
	assert_string_equal(remedy_announce_levels(arena, 0, false), "");
	assert_holds(remedy_ignore_levels(arena, 0, true), "; no level of arp_ignore ");
	assert_holds(remedy_announce_levels(arena, 0, true), "; no level of arp_announce ");
}

/* The finding of a host with that id, NULL if there is none. */
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
	assert_holds(reply->message, "answers who-has 10.77.0.100: it takes");
	assert_holds(reply->message, remedy_ignore_levels(arena, IGNORE_0_3, false));
	assert_string_equal(reply->remedy, remedy(true, false, false, false));
	assert_string_equal(result_of(model, 11)->checks[CHECK_VIP_REPLY].reason, reply->message);
	source = host_finding(model, 12, "vip-source");
	assert_non_null(source);
	assert_holds(source->message, remedy_announce_levels(arena, ANNOUNCE_0_1, false));
	assert_string_equal(source->remedy, remedy(false, true, false, false));
	assert_string_equal(host_finding(model, 13, "vip-reply")->remedy,
	    host_finding(model, 13, "vip-source")->remedy);
	model_free(model);
}

static void
test_finding_of_a_proxy(void **state)
{
	struct model *model = model_new("10.77.0.11-12", 1);
	const struct finding *reply;
	struct model_host *proxy;

	(void)state;
	add_director(model, 3);
	add_server(model, 11);
	proxy = add_host(model, 12);
	proxy->answers_vip = true;
	model_run(model);
	reply = host_finding(model, 12, "vip-reply");
	assert_non_null(reply);
	assert_holds(reply->message, "it proxies ARP");
	assert_string_equal(reply->remedy, remedy_proxy(arena, "10.77.0.100", "10.77.0.0/24"));
	model_free(model);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_reply_alone_is_about_arp_ignore),
	    cmocka_unit_test(test_source_alone_is_about_arp_announce),
	    cmocka_unit_test(test_both_are_one_remedy),
	    cmocka_unit_test(test_remedy_is_the_same_for_all_hosts),
	    cmocka_unit_test(test_what_no_level_explains_is_filtered),
	    cmocka_unit_test(test_only_the_unfit_half_is_filtered),
	    cmocka_unit_test(test_proxy),
	    cmocka_unit_test(test_unlisted),
	    cmocka_unit_test(test_flux),
	    cmocka_unit_test(test_quotes_are_paired),
	    cmocka_unit_test(test_levels),
	    cmocka_unit_test(test_findings_of_an_audit),
	    cmocka_unit_test(test_finding_of_a_proxy),
	};

	return cmocka_run_group_tests(tests, setup, teardown);
}
