/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Remedies: a few commands to be pasted into a root shell of the host at fault, composed from what
 * was inferred about it.
 *
 * They need POSIX sh, ip(8) and sysctl(8). They may be run again, indented or not. Hosts of one
 * segment that have the same fault get the same text, so that a report prints it once. For that,
 * the host finds the interfaces by its own address in the segment's subnet. What is set is also
 * written to a file of its own name in /etc/sysctl.d, for the next start.
 *
 * For arp_ignore and arp_announce, the kernel takes the larger of conf/all and conf/IF. The
 * interfaces of the segment alone are set: a level in `all` would also silence the host towards the
 * networks behind it, such as pods on unnumbered interfaces. `all` is touched only if it has a
 * level that an interface cannot lower.
 */
#ifndef ARPAUDIT_AUDIT_JUDGE_REMEDY_H
#define ARPAUDIT_AUDIT_JUDGE_REMEDY_H

#include <stdbool.h>
#include <stdint.h>

struct arena;

/* What is known of a host and a VIP. Addresses are texts. */
struct remedy_case {
	const char *vip, *rip;
	const char *segment;    /* an address or subnet: it selects the interfaces */
	uint16_t ignore_levels; /* inferred, as in host_result; 0: unknown */
	bool answers;           /* who-has VIP: vip-reply has failed */
	bool speaks;            /* as the VIP: vip-source has failed */
	bool announces; /* one of them failed only for gratuitous ARP, which no level stops */
	/* `director`: the host was named as a director. If it has the VIP on an interface, it is
	 * the master or believes that it is. `only_director`: it is not a real server as well. */
	bool director, only_director;
	/* No level explains the behaviour, so no level corrects it. It must be filtered. */
	bool ignore_unfit, announce_unfit;
};

/* For a host that answers for the VIP, speaks as it, or both. */
const char *remedy_server(struct arena *arena, const struct remedy_case *of);
/* For a director that claims the VIP, but is not its owner or not its only owner. */
const char *remedy_director(struct arena *arena, const char *vip);
/* For an owner that may be the director: how to find out. `has_port`: the audit knew a TCP port of
 * the VIP, and that did not help. */
const char *remedy_undecided(struct arena *arena, const char *vip, bool has_port);
/* For a host that proxies ARP. `vip` is NULL if the host proxies for other addresses than a VIP. */
const char *remedy_proxy(struct arena *arena, const char *vip, const char *segment);
/* For a MAC that claims the VIP and belongs to no host that was named. */
const char *remedy_unlisted(void);
/* For a host that answers on one interface for an address of another. */
const char *remedy_flux(struct arena *arena, const char *segment);

/* What a failed vip-reply or vip-source shows about the levels. The text is the end of a sentence
 * and begins with ";". It is "" for an unknown (0) set that is not `unfit`. The sets are those of
 * host_result. `answers`: the host answers who-has VIP as well. */
const char *remedy_ignore_levels(struct arena *arena, uint16_t levels, bool unfit);
const char *remedy_announce_levels(struct arena *arena, uint16_t levels, bool unfit);

#endif
