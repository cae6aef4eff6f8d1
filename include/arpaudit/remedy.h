/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Remedies: commands to be pasted into a root shell of the host at fault, composed from what was
 * inferred about it.
 *
 * They want POSIX sh, ip and /proc/sys, and no sysctl(8); they may be run again, indented or not.
 * Hosts of one segment that have the same fault get the same text, so that reports tell it once:
 * the interfaces are found by the segment's subnet, not by the host's own address. What sysctls set
 * is written to a file of /etc/sysctl.d as well. Each set of sysctls has its own file, since one
 * host may get the remedies of several VIPs.
 *
 * The kernel takes the larger of conf/all and conf/IF for arp_ignore and arp_announce, and a level
 * that answers may be larger than one that does not (arp_ignore 3): so both are set, and `default`
 * for the interfaces to come.
 */
#ifndef ARPAUDIT_REMEDY_H
#define ARPAUDIT_REMEDY_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* What is known of a host and a VIP. Addresses are texts. */
struct remedy_case {
	const char *vip, *rip;
	const char *segment; /* an address or subnet: interfaces that have one of these are meant */
	bool answers;        /* who-has VIP: vip-reply has failed */
	bool speaks;         /* as the VIP: vip-source has failed */
	/* Named as a director: it has the VIP where it has it because it is the master, or takes
	 * itself for that. And no real server. */
	bool director, only_director;
	/* It answers, and nobody said that it is a real server, nor who the director is: it may be
	 * that one, and what mends a server would take the VIP from it. */
	bool may_be_director;
	/* No level explains that, so no level mends it: it is filtered. */
	bool ignore_unfit, announce_unfit;
};

/* For a host that answers for the VIP, speaks as it, or both. */
const char *remedy_server(struct arena *arena, const struct remedy_case *of);
/* For a director that claims the VIP, and is not its owner, or not the only one. */
const char *remedy_director(struct arena *arena, const char *vip);
/* For a host that proxies ARP. `vip` may be NULL: for other addresses than a VIP. */
const char *remedy_proxy(struct arena *arena, const char *vip, const char *segment);
/* For a MAC that claims the VIP, and belongs to no host that was named. */
const char *remedy_unlisted(struct arena *arena, const char *vip, const char *segment);
/* For a host that answers on one interface for an address of another. */
const char *remedy_flux(struct arena *arena, const char *segment);

/* What a failed vip-reply or vip-source says about the levels, as the end of a sentence that begins
 * with ";", or "" for an unknown (0) set that is not `unfit`. Sets as in host_result. */
const char *remedy_ignore_levels(struct arena *arena, uint16_t levels, bool unfit);
const char *remedy_announce_levels(struct arena *arena, uint16_t levels, bool unfit);

#endif
