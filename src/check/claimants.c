/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What the report says of each claimant of a VIP: who it is, by what it claims, and whether it may.
 */
#include "arpaudit/judge.h"
#include "arpaudit/remedy.h"

const char *
claimant_name(const struct audit *audit, struct arena *arena, const struct claimant *claimant)
{
	const uint32_t host = host_find_mac(audit, &claimant->mac);
	const struct address *known = host != NONE ? &audit->hosts[host].rip : &claimant->ip;
	const uint8_t vrid = mac_vrrp_vrid(&claimant->mac);
	char mac[MAC_TEXT_SIZE], sender[MAC_TEXT_SIZE], ip[ADDRESS_TEXT_SIZE];
	const char *name = arena_format(arena, "%s", mac_format(&claimant->mac, mac));

	address_format(known, ip);
	if (vrid != 0 && address_is_set(known))
		name = arena_format(arena, "%s (VRRP virtual router %u, %s)", name, vrid, ip);
	else if (vrid != 0)
		name = arena_format(arena, "%s (VRRP virtual router %u)", name, vrid);
	else if (address_is_set(known))
		name = arena_format(arena, "%s (%s)", name, ip);
	if (mac_equal(&claimant->sender, &mac_zero))
		return name;
	return arena_format(
	    arena, "%s in frames from %s", name, mac_format(&claimant->sender, sender));
}

static const char *const kind_words[CLAIM_KINDS] = {
    [CLAIM_ANSWER] = "answers",
    [CLAIM_UNASKED] = "replies that nobody asked for",
    [CLAIM_GRATUITOUS_REPLY] = "gratuitous ARP replies",
    [CLAIM_GRATUITOUS_REQUEST] = "gratuitous ARP requests",
    [CLAIM_REQUEST] = "requests that give it as their sender",
    [CLAIM_ADVERTISEMENT] = "VRRP advertisements",
};

/* "answers, gratuitous ARP replies" */
static const char *
ways(struct arena *arena, const struct claimant *claimant)
{
	const char *list = "";

	for (size_t kind = 0; kind < CLAIM_KINDS; kind++)
		if (claimant->claims[kind] > 0)
			list = arena_format(
			    arena, "%s%s%s", list, *list == '\0' ? "" : ", ", kind_words[kind]);
	return list;
}

static bool
has_claimed(const struct claimant *claimant)
{
	return claimant_replies(claimant) + claimant_requests(claimant) > 0;
}

/* The frame that shows best what is wrong with it. */
static const struct kept_frame *
evidence_of(const struct claimant *claimant)
{
	return claimant->relayed.length > 0 ? &claimant->relayed : &claimant->evidence;
}

/* Named, but not the owner: it has to keep silent. */
static void
judge_standby(const struct audit *audit, uint32_t vip, const struct claimant *claimant,
    struct vip_judgement *judgement)
{
	const uint32_t director = owner_director(audit, vip, NULL);

	judge_vip(judgement, "standby-claim", SEVERITY_VIOLATION,
	    director != NONE
		? arena_format(judgement->arena,
		      "the standby director %s claims %s by %s, while %s owns it",
		      claimant_name(audit, judgement->arena, claimant), judgement->vip,
		      ways(judgement->arena, claimant),
		      claimant_name(audit, judgement->arena, &audit->vips[vip].claimant[director]))
		: arena_format(judgement->arena,
		      "the director %s claims %s by %s, and does not own it",
		      claimant_name(audit, judgement->arena, claimant), judgement->vip,
		      ways(judgement->arena, claimant)),
	    remedy_director(judgement->arena, judgement->vip), evidence_of(claimant));
}

static void
judge_unlisted(
    const struct audit *audit, const struct claimant *claimant, struct vip_judgement *judgement)
{
	judge_vip(judgement, "unlisted-claimant", SEVERITY_VIOLATION,
	    arena_format(judgement->arena,
		"%s claims %s by %s, and is neither the director nor a listed host",
		claimant_name(audit, judgement->arena, claimant), judgement->vip,
		ways(judgement->arena, claimant)),
	    remedy_unlisted(judgement->arena, judgement->vip, judgement->segment),
	    evidence_of(claimant));
}

/* The machine with that MAC is the master of the virtual router that owns the VIP, or was so when
 * it last claimed it; or, not `told`, may be. */
static bool
is_master(const struct audit *audit, uint32_t vip, const struct claimant *claimant, bool told)
{
	const struct mac *mac = &claimant->mac;

	for (uint32_t host = host_find_mac(audit, mac); host != NONE;
	     host = host_next_with_mac(audit, host, mac))
		if (told ? master_is_host(audit, vip, host) ||
			       master_was_host(audit, vip, host, claimant->last_claim_us)
			 : master_may_be_host(audit, vip, host))
			return true;
	return false;
}

/* Its traffic goes to the right machine all the same. */
static void
judge_master(const struct audit *audit, uint32_t vip, const struct claimant *claimant,
    struct vip_judgement *judgement)
{
	const bool told = is_master(audit, vip, claimant, true);

	judge_vip(judgement, "master-claim", told ? SEVERITY_NOTE : SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s claims %s by %s: %s the master of the virtual router that owns it, by its own "
		"MAC",
		claimant_name(audit, judgement->arena, claimant), judgement->vip,
		ways(judgement->arena, claimant),
		told ? "it is" : "no VRRP advertisement told whether it is"),
	    told ? "" : "# audit from where VRRP advertisements are heard", evidence_of(claimant));
}

static bool
is_known(const struct audit *audit, const struct mac *mac)
{
	for (uint32_t host = host_find_mac(audit, mac); host != NONE;
	     host = host_next_with_mac(audit, host, mac))
		if (host_is_known_by(&audit->hosts[host], mac))
			return true;
	return false;
}

/* True when there is a violation to report of it, and nobody else reports it: a host of the plan
 * has a line of its own, and of several owners vip-owner tells. */
static bool
judge_claimant(
    const struct audit *audit, uint32_t vip, uint32_t index, struct vip_judgement *judgement)
{
	const struct claimant *claimant = &audit->vips[vip].claimant[index];
	const uint32_t director = owner_director(audit, vip, NULL);

	if (index == director || claimant->former || !has_claimed(claimant) ||
	    (director == NONE && claimant_is_owner(claimant)) ||
	    owner_is_in_doubt(audit, vip, index))
		return false;
	if (is_master(audit, vip, claimant, true) || is_master(audit, vip, claimant, false)) {
		if (claimant_is_owner(claimant))
			return false;
		judge_master(audit, vip, claimant, judgement);
	} else if (owner_is_named(audit, claimant))
		judge_standby(audit, vip, claimant, judgement);
	else if (!is_known(audit, &claimant->mac))
		judge_unlisted(audit, claimant, judgement);
	else
		return false;
	return true;
}

/* Whoever it is, the MAC that caches learn is not the MAC that said it. One that came once accuses
 * no host (claim_counts()), but the VIP was claimed. */
static void
judge_relay(
    const struct audit *audit, uint32_t vip, uint32_t index, struct vip_judgement *judgement)
{
	const struct claimant *claimant = &audit->vips[vip].claimant[index];
	const bool alone = claimant_replies(claimant) + claimant_requests(claimant) == 1 &&
			   index != owner_director(audit, vip, NULL) && !claimant->former;
	char mac[MAC_TEXT_SIZE], sender[MAC_TEXT_SIZE];

	judge_vip(judgement, "relayed-claim", alone ? SEVERITY_VIOLATION : SEVERITY_NOTE,
	    arena_format(judgement->arena,
		"claims of %s for the MAC %s come in frames from %s: a proxy, or a switch that "
		"answers for its hosts; they count for either",
		judgement->vip, mac_format(&claimant->mac, mac),
		mac_format(&claimant->sender, sender)),
	    "", &claimant->relayed);
}

static void
judge_handover(
    const struct audit *audit, uint32_t vip, uint32_t index, struct vip_judgement *judgement)
{
	const struct claimant *former = &audit->vips[vip].claimant[index];
	const uint32_t next = handover_successor(audit, vip, index);
	const struct claimant *successor;

	if (!former->former || next == NONE)
		return;
	successor = &audit->vips[vip].claimant[next];
	judge_vip(judgement, "hand-over", SEVERITY_NOTE,
	    arena_format(judgement->arena,
		"%s handed %s over to %s while the audit ran: the first of the latter's %s came "
		"%.3f s after the former's last claim, and %u broadcast and %u unicast questions "
		"have since gone unanswered by the former (false with a chance of %.1e at most)",
		claimant_name(audit, judgement->arena, former), judgement->vip,
		claimant_name(audit, judgement->arena, successor),
		kind_words[successor->first_kind],
		(double)(successor->first_claim_us - former->last_claim_us) / 1e6,
		former->silent_broadcasts, former->silent_unicasts, handover_bound(audit, former)),
	    "", &successor->evidence);
}

void
judge_claimants(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];

	if (of->claimants_lost > 0)
		judge_vip(judgement, "unlisted-claimant", SEVERITY_VIOLATION,
		    arena_format(judgement->arena,
			"more than %u MACs claim %s: %u further claims are not told apart",
			of->claimant_count, judgement->vip, of->claimants_lost),
		    "", NULL);
	for (uint32_t i = 0; i < of->claimant_count; i++) {
		judge_handover(audit, vip, i, judgement);
		if (!judge_claimant(audit, vip, i, judgement) && of->claimant[i].relayed.length > 0)
			judge_relay(audit, vip, i, judgement);
	}
}
