/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/judge/remedy.h"

#include <string.h>

#include "arpaudit/arena.h"

#define IGNORE    "arp_ignore=1"
#define ANNOUNCE  "arp_announce=2"
#define LEVEL_MAX 8

/* Sets `settings`, such as "arp_ignore=1", on each interface of the segment, now and at the next
 * start: what sysctl(8) prints is a file for it. The file has a name of its own for each segment
 * and set of keys. The keys have slashes, so a name such as eth0.5 needs no care. */
static const char *
set_sysctls(struct arena *arena, const char *segment, const char *const settings[2],
    const char *commands, const char *name)
{
	const char *keys = arena_format(arena, "net/ipv4/conf/$i/%s", settings[0]);

	if (settings[1] != NULL)
		keys = arena_format(arena, "%s net/ipv4/conf/$i/%s", keys, settings[1]);
	return arena_format(arena,
	    "for i in $(ip -o -4 addr show to %s | cut -d' ' -f2 | grep -vx lo | sort -u); do\n"
	    "    sysctl -w %s\n"
	    "%sdone | tee /etc/sysctl.d/99-%s-%.*s.conf\n",
	    segment, keys, commands, name, (int)strcspn(segment, "/"), segment);
}

/* If `all` has 3, or a level that the kernel takes for 0, no interface can lower it. At 0 each
 * interface keeps its own level. */
static const char lower_all[] =
    "[ $(sysctl -n net/ipv4/conf/all/arp_ignore) -lt 3 ] || # no interface can lower 3\n"
    "    sysctl -w net/ipv4/conf/all/arp_ignore=0 | tee /etc/sysctl.d/99-vip-all.conf\n";

/* Levels 1 and 2 also answer for a VIP that is on the interface itself, and by ARP that looks like
 * level 0. So the host looks for itself. It may hold the VIP on an interface without ARP, such as
 * kube-ipvs0. If the VIP is the primary address of its subnet, the kernel would delete the
 * secondary ones with it, and the RIP may be one of them. The network's configuration (netplan,
 * NetworkManager, ifupdown) would put the VIP back at the next start; only its owner can change
 * that, so whoever pastes is told, but only where something was moved. */
static const char *
move_vip(struct arena *arena, const char *vip)
{
	return arena_format(arena,
	    "    # a VIP on the interface itself is answered for at each level: move it to lo\n"
	    "    ip -o link show $i | grep -qv NOARP && ip addr show dev $i to %s | grep -q . &&\n"
	    "        sysctl -qw net/ipv4/conf/$i/promote_secondaries=1 &&\n"
	    "        ip addr replace %s/32 dev lo && ip addr flush dev $i to %s &&\n"
	    "        echo \"moved from $i to lo: do so in the network configuration, too\" >&2\n",
	    vip, vip, vip);
}

/* A rule for ARP requests, in a table of its own that replaces the one before it. */
static const char *
nft_rule(struct arena *arena, const char *vip, const char *hook, const char *rule)
{
	const char *table = arena_format(arena, "arp vip_%s_%s", vip, hook);

	return arena_format(arena,
	    "nft 'add table %s; delete table %s\n"
	    "    table %s { chain %s { type filter hook %s priority 0\n"
	    "        arp operation request %s; }; }'\n",
	    table, table, table, hook, hook, rule);
}

/* Where the RIP is on lo as well, arp_ignore 1 would silence the host about it, and at each level
 * of arp_announce it speaks as the first address of lo. Only who configures it can change that. */
static const char unnumbered[] =
    "# if its interface has no address: first \"Unnumbered interfaces\" in arpaudit(8)\n";

/* A filter may keep such a host silent, but it speaks as the first address of its interface at each
 * level of arp_announce. */
static const char first_address[] = "# if the VIP is its interface's first address: first \"VIPs "
				    "on the interface\" in arpaudit(8)\n";

static const char *
server_sysctls(struct arena *arena, const struct remedy_case *of, bool ignore, bool announce)
{
	const char *const both[] = {IGNORE, ANNOUNCE}, *const one[] = {IGNORE, NULL},
			  *const other[] = {ANNOUNCE, NULL};
	/* Nothing is known of the levels of a host that does not show that it holds the VIP. */
	const bool may_be_3 = of->ignore_levels == 0 || (of->ignore_levels & 1u << 3) != 0;

	return arena_format(arena, "%s%s%s", ignore ? unnumbered : first_address,
	    set_sysctls(arena, of->segment,
		ignore && announce ? both
		: ignore           ? one
				   : other,
		ignore && !of->director ? move_vip(arena, of->vip) : "",
		ignore && announce ? "vip-arp"
		: ignore           ? "vip-reply"
				   : "vip-source"),
	    ignore && may_be_3 ? lower_all : "");
}

/* Filters for what sysctls cannot correct. */
static const char *
server_filters(struct arena *arena, const struct remedy_case *of)
{
	const bool drop = of->answers && of->ignore_unfit;
	const bool change = of->speaks && of->announce_unfit;

	if (!drop && !change)
		return "";
	return arena_format(arena,
	    "# no level of %s explains this, so filter it (to keep the filter at the next start,\n"
	    "# and for other systems than Linux: REMEDIES in arpaudit(8)):\n%s%s",
	    drop && change ? "arp_ignore and arp_announce"
	    : drop         ? "arp_ignore"
			   : "arp_announce",
	    drop ? nft_rule(arena, of->vip, "input",
		       arena_format(arena, "arp daddr ip %s drop", of->vip))
		 : "",
	    change
		? nft_rule(arena, of->vip, "output",
		      arena_format(arena, "arp saddr ip %s arp saddr ip set %s", of->vip, of->rip))
		: "");
}

/* A program that sends ARP needs a packet socket. Such frames pass no nftables hook. */
static const char announcer[] =
    "# no level of arp_ignore or arp_announce stops announcements: a program sends them\n"
    "# (keepalived, MetalLB, kube-vip, arping), or arp_notify is set; find it and stop it:\n"
    "ss -0np                                 # programs that can send ARP\n"
    "sysctl -ar '\\.arp_notify$' | grep -v '= 0$'\n";

const char *
remedy_director(struct arena *arena, const char *vip)
{
	return arena_format(arena,
	    "# on that director, check why it holds the VIP (split brain?):\n"
	    "ip -4 addr show to %s\n"
	    "journalctl -u keepalived -n 50\n",
	    vip);
}

const char *
remedy_undecided(struct arena *arena, const char *vip, bool has_port)
{
	return arena_format(arena,
	    "# change nothing yet: the director must keep the VIP, and ARP cannot tell which host\n"
	    "# it is; name it (--director IP|MAC)%s%s%s,\n"
	    "# and run the audit again\n",
	    has_port ? "" : ", or a TCP port of its service (--vip ", has_port ? "" : vip,
	    has_port ? "" : ":PORT)");
}

const char *
remedy_server(struct arena *arena, const struct remedy_case *of)
{
	const bool ignore = of->answers && !of->ignore_unfit;
	const bool announce = of->speaks && !of->announce_unfit;
	const char *director = of->director ? remedy_director(arena, of->vip) : "";

	if (of->only_director)
		return director;
	return arena_format(arena, "%s%s%s%s%s", director,
	    of->director ? "# as a real server, it must keep silent while it is the standby:\n"
			 : "",
	    ignore || announce ? server_sysctls(arena, of, ignore, announce) : "",
	    server_filters(arena, of), of->announces ? announcer : "");
}

/* proxy_arp of `all` counts for every interface. Each of the others gets its own before `all` is
 * turned off, so that the networks behind them stay reachable. */
static const char free_from_all[] =
    "[ $(sysctl -n net/ipv4/conf/all/proxy_arp) = 0 ] || { # 'all' counts for each\n"
    "    echo 1 | tee /proc/sys/net/ipv4/conf/*/proxy_arp >/dev/null\n"
    "    sysctl -w net/ipv4/conf/default/proxy_arp=1 net/ipv4/conf/all/proxy_arp=0; } |\n"
    "    tee /etc/sysctl.d/99-vip-all-proxy.conf\n";

/* arp_process() asks the routes. A rule may lead what comes in to a table that has every address as
 * local: such a host answers for all, but no ARP Probes, as a proxy. */
static const char else_rule[] = "# if it answers all the same, a rule makes all addresses local: "
				"ip rule; ip route show table all\n";

const char *
remedy_proxy(struct arena *arena, const char *vip, const char *segment)
{
	static const char *const settings[] = {"proxy_arp=0", "proxy_arp_pvlan=0"};
	const char *entry = "";

	if (vip != NULL)
		entry = arena_format(arena, "    ip neigh del proxy %s dev $i 2>/dev/null\n", vip);
	return arena_format(arena, "%s%s%s%s", free_from_all,
	    set_sysctls(arena, segment, settings, entry, "vip-proxy"), else_rule,
	    vip == NULL ? ""
			: "# if it must proxy for others, filter this VIP instead: see REMEDIES in "
			  "arpaudit(8)\n");
}

const char *
remedy_unlisted(void)
{
	return "# find the machine by its MAC in the forwarding table of the switch, then\n"
	       "# audit it by its address (--rs): the report says what to do on it\n";
}

const char *
remedy_flux(struct arena *arena, const char *segment)
{
	static const char *const settings[] = {IGNORE, ANNOUNCE};

	return arena_format(arena,
	    "# two machines with this address: change one of them\n"
	    "# one machine with two interfaces on the segment, on it:\n"
	    "%s",
	    set_sysctls(arena, segment, settings, "", "vip-arp"));
}

/* "0, 1 or 3" */
static const char *
list_levels(struct arena *arena, uint16_t levels)
{
	const char *list = "";

	for (unsigned level = 0; level <= LEVEL_MAX; level++) {
		const unsigned above = (unsigned)levels >> (level + 1);

		if ((levels >> level & 1) == 0)
			continue;
		list = arena_format(arena, "%s%s%u", list,
		    *list == '\0' ? ""
		    : above == 0  ? " or "
				  : ", ",
		    level);
	}
	return list;
}

const char *
remedy_ignore_levels(struct arena *arena, uint16_t levels, bool unfit)
{
	/* The levels that are silent only about addresses of other interfaces. */
	const uint16_t elsewhere = 1u << 1 | 1u << 2;

	if (unfit)
		return "; no level of arp_ignore explains this: the host is not Linux, or ARP is "
		       "filtered";
	if (levels == 0)
		return "";
	return arena_format(arena, "; arp_ignore is %s on the answering interface%s",
	    list_levels(arena, levels),
	    (levels & elsewhere) == 0 ? ", or it is 1 or 2 and the VIP is on that interface" : "");
}

const char *
remedy_announce_levels(struct arena *arena, uint16_t levels, bool unfit)
{
	if (unfit)
		return "; no level of arp_announce explains this: the host is not Linux";
	if (levels == 0)
		return "";
	/* inet_select_addr() takes the first address, at each level. */
	return arena_format(arena,
	    "; arp_announce is %s on the asking interface, or the VIP is the first address of that "
	    "interface, or of lo if it has none",
	    list_levels(arena, levels));
}
