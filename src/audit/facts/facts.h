/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What was asked and what was heard. All verdicts rest on these facts.
 *
 * Facts have no timers and send nothing. Each module owns an array, by host, VIP or decoy index. It
 * hands out const views, and only its own functions write. Hosts are in the order of their RIPs.
 * VIPs are in the order of the plan.
 *
 *	asked         rounds of who-has VIP by broadcast, and which inquiries are open
 *	hosts         the MACs that answer for each RIP
 *	inquiries     each host's progress, fences and silences
 *	holdings      each VIP on each host: did it reply, speak as the VIP, hold it?
 *	claims        each MAC that claims a VIP, and how
 *	decoys        addresses that no host uses
 *	proxies       machines that answer for addresses of others
 *	routers       virtual routers that advertise a VIP by VRRP
 *	gateways      who answers for a VIP by way of a router
 *	leaks         claims that the audit provoked, and whether they were undone
 *	loss          answered and lost exchanges on each path
 *	evidence      the frames that findings show
 *	check_states  the memory of the checks
 *	arp_load      how many ARP frames the audit makes a host send
 *
 * What concerns another module is returned as news (news.h).
 */
#ifndef ARPAUDIT_AUDIT_FACTS_FACTS_H
#define ARPAUDIT_AUDIT_FACTS_FACTS_H

#include "arpaudit/audit.h"
#include "audit/facts/loss.h"
#include "audit/pace/probe.h"

#define NONE UINT32_MAX /* no host, VIP, decoy or claimant */

struct facts {
	const struct plan_cluster *cluster;
	const struct plan_settings *settings;
	struct audit_segment segment;
	struct probe probe;
	struct loss loss[PATHS];
	/* Views of the modules' arrays, for the inline functions host_of() and the like. */
	const struct host *host;
	const struct inquiry *inquiry;
	const struct silences *silences; /* [host × vip_count + vip], as in `holding` */
	const struct holding *holding;
	uint32_t host_count;
	struct asked *asked;
	struct hosts *hosts;
	struct inquiries *inquiries;
	struct holdings *holdings;
	struct claims *claims;
	struct decoys *decoys;
	struct routers *routers;
	struct leaks *leaks;
	struct evidence_pool *evidence;
	struct check_states *check_states;
};

struct check;

/* Everything passed is borrowed and must outlive the facts. `facts` must be zeroed. `checks` ends
 * with NULL. False: out of memory; call facts_free() nevertheless. */
bool facts_init(struct facts *facts, const struct plan_cluster *cluster,
    const struct plan_settings *settings, const struct audit_segment *segment,
    const struct check *const *checks, uint64_t seed);
void facts_free(struct facts *facts);

/* Whether the probe's own subnet has the address. False if the probe has no address. */
static inline bool
facts_own_subnet_has(const struct facts *facts, const struct address *address)
{
	const struct prefix *own = &facts->segment.own;

	return address_is_set(&own->address) && prefix_contains(own, address);
}

/* The uses of the audit's seed, each with a stream of its own: see random_stream(). */
enum random_use {
	RANDOM_DECOY_START = 0, /* where each host begins in the list of decoys */
	RANDOM_DECOYS,          /* which addresses become decoys */
	RANDOM_GAPS,            /* the gaps between rounds */
};

#endif
