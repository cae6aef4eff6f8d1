/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/remedy.h"

#include "arpaudit/arena.h"

#define IGNORE_SETTING   "arp_ignore=1"
#define ANNOUNCE_SETTING "arp_announce=2"
#define LEVEL_MAX        8

/* Sets `settings`, such as "arp_ignore=1", now and in 99-NAME.conf. That sorts behind a link to
 * /etc/sysctl.conf. With slashes for dots, a name such as eth0.5 needs no care. */
static const char *
set_sysctls(struct arena *arena, const char *segment, const char *settings, const char *name)
{
	return arena_format(arena,
	    "mkdir -p /etc/sysctl.d\n"
	    "for i in all default $(ip -o -4 addr show to %s | cut -d' ' -f2 | grep -vx lo | sort "
	    "-u); do\n"
	    "    for s in %s; do\n"
	    "        k=net/ipv4/conf/$i/${s%%=*}\n"
	    "        echo ${s#*=} >/proc/sys/$k; echo \"$k = ${s#*=}\"\n"
	    "    done\n"
	    "done | tee /etc/sysctl.d/99-%s.conf\n",
	    segment, settings, name);
}

/* Dummy interfaces, kube-ipvs0 among them, are NOARP. If the VIP is the first address of its
 * subnet, the kernel would take the others of that subnet away with it, the RIP among them. */
static const char *
move_vip(struct arena *arena, const char *vip)
{
	return arena_format(arena,
	    "# an interface of the segment that holds %s answers even so: to lo with it\n"
	    "# (in the configuration of the network as well)\n"
	    "ip -o -4 addr show to %s | while read -r n i f a x; do\n"
	    "    case $(ip -o link show dev $i) in *LOOPBACK*|*NOARP*) continue ;; esac\n"
	    "    ip addr replace %s/32 dev lo\n"
	    "    echo 1 >/proc/sys/net/ipv4/conf/$i/promote_secondaries\n"
	    "    ip addr del $a dev $i\n"
	    "done\n",
	    vip, vip, vip);
}

/* A rule for ARP requests in a table of the VIP's own, which is emptied first. `mark` begins each
 * line: "# " where this is the second choice. */
static const char *
nft_rule(struct arena *arena, const char *mark, const char *vip, const char *hook, const char *rule)
{
	return arena_format(arena,
	    "%snft 'add table arp vip_%s\n"
	    "%s    add chain arp vip_%s %s { type filter hook %s priority 0; }\n"
	    "%s    flush chain arp vip_%s %s\n"
	    "%s    add rule arp vip_%s %s arp operation request %s'\n",
	    mark, vip, mark, vip, hook, hook, mark, vip, hook, mark, vip, hook, rule);
}

static const char *
drop_requests(struct arena *arena, const char *mark, const char *vip)
{
	return arena_format(arena, "%s# or: arptables -A INPUT --opcode 1 -d %s -j DROP\n",
	    nft_rule(arena, mark, vip, "input", arena_format(arena, "arp daddr ip %s drop", vip)),
	    vip);
}

static const char *
change_senders(struct arena *arena, const char *vip, const char *rip)
{
	return arena_format(arena,
	    "%s# or: arptables -A OUTPUT --opcode 1 -s %s -j mangle --mangle-ip-s %s\n",
	    nft_rule(arena, "", vip, "output",
		arena_format(arena, "arp saddr ip %s arp saddr ip set %s", vip, rip)),
	    vip, rip);
}

static const char *
server_sysctls(struct arena *arena, const char *segment, bool ignore, bool announce)
{
	return arena_format(arena,
	    "# now and for the next start:\n"
	    "%s",
	    set_sysctls(arena, segment,
		ignore && announce ? IGNORE_SETTING " " ANNOUNCE_SETTING
		: ignore           ? IGNORE_SETTING
				   : ANNOUNCE_SETTING,
		ignore && announce ? "vip-arp"
		: ignore           ? "vip-reply"
				   : "vip-source"));
}

/* What sysctls don't mend. */
static const char *
server_filters(struct arena *arena, const struct remedy_case *of)
{
	const bool drop = of->answers && of->ignore_unfit;
	const bool change = of->speaks && of->announce_unfit;

	if (!drop && !change)
		return "";
	return arena_format(arena,
	    "# no level of %s is like this: it must be filtered (for the next start, see "
	    "nftables.service)\n%s%s",
	    drop && change ? "arp_ignore and arp_announce"
	    : drop         ? "arp_ignore"
			   : "arp_announce",
	    drop ? drop_requests(arena, "", of->vip) : "",
	    change ? change_senders(arena, of->vip, of->rip) : "");
}

const char *
remedy_director(struct arena *arena, const char *vip)
{
	return arena_format(arena,
	    "# on that director, see why it holds the VIP (split brain?):\n"
	    "ip -4 addr show to %s\n"
	    "journalctl -u keepalived -n 50\n",
	    vip);
}

const char *
remedy_server(struct arena *arena, const struct remedy_case *of)
{
	const bool ignore = of->answers && !of->ignore_unfit;
	const bool announce = of->speaks && !of->announce_unfit;
	const char *director = of->director ? remedy_director(arena, of->vip) : "";

	if (of->may_be_director)
		return "# one of those that answer is the director, where the VIP has to stay; "
		       "which\n"
		       "# one, ARP does not tell: name it, and audit again for what to do\n"
		       "# (--director IP|MAC)\n";
	if (of->only_director)
		return director;
	return arena_format(arena, "%s%s%s%s%s%s", director,
	    of->director ? "# as a real server it has to keep silent while it is the standby:\n"
			 : "",
	    ignore || announce ? server_sysctls(arena, of->segment, ignore, announce) : "",
	    ignore && !of->director ? move_vip(arena, of->vip) : "", server_filters(arena, of),
	    ignore || announce ? "# where sysctls must not be changed: REMEDIES in arpaudit(8)\n"
			       : "");
}

const char *
remedy_proxy(struct arena *arena, const char *vip, const char *segment)
{
	const char *sysctls =
	    set_sysctls(arena, segment, "proxy_arp=0 proxy_arp_pvlan=0", "vip-proxy");

	if (vip == NULL)
		return arena_format(arena, "# now and for the next start:\n%s", sysctls);
	return arena_format(arena,
	    "# if it proxies ARP, no more of it, now and for the next start:\n"
	    "%s"
	    "ip neigh show proxy to %s | while read -r a d i x; do ip neigh del proxy %s dev $i; "
	    "done\n"
	    "# a router that has to proxy for others: instead keep it from this VIP\n"
	    "%s",
	    sysctls, vip, vip, drop_requests(arena, "# ", vip));
}

const char *
remedy_unlisted(struct arena *arena, const char *vip, const char *segment)
{
	return arena_format(arena,
	    "# find the machine by its MAC, in the forwarding table of the switch\n"
	    "# a real server: audit it as one (--rs)\n"
	    "%s",
	    remedy_proxy(arena, vip, segment));
}

const char *
remedy_flux(struct arena *arena, const char *segment)
{
	return arena_format(arena,
	    "# one address on two machines: change one of them\n"
	    "# one machine with two interfaces on the segment, on it:\n"
	    "%s",
	    set_sysctls(arena, segment, IGNORE_SETTING " " ANNOUNCE_SETTING, "vip-arp"));
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
	/* The levels that keep quiet about addresses of other interfaces only. */
	const uint16_t elsewhere = 1u << 1 | 1u << 2;

	if (unfit)
		return "; no level of arp_ignore is like this: another system, or it is filtered";
	if (levels == 0)
		return "";
	return arena_format(arena, "; arp_ignore is %s on the answering interface%s",
	    list_levels(arena, levels),
	    (levels & elsewhere) == 0 ? ", or it is 1 or 2 and the VIP sits on that interface"
				      : "");
}

const char *
remedy_announce_levels(struct arena *arena, uint16_t levels, bool unfit)
{
	if (unfit)
		return "; no level of arp_announce is like this: another system";
	if (levels == 0)
		return "";
	return arena_format(
	    arena, "; arp_announce is %s on the asking interface", list_levels(arena, levels));
}
