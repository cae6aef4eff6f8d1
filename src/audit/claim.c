/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who claims a VIP, and how.
 *
 * The claimant is the SHA: that is what caches learn, and where the traffic goes. A claim whose
 * Ethernet source is another MAC counts against the host of either: the one has said it, the other
 * gets the traffic. Neither can be excused by the other, since both fields are the sender's to
 * fill.
 */
#include "arpaudit/engine.h"

/* A reply to the probe later than this after its last question is nobody's answer to that. Proxied
 * answers are held back for up to 0.8 s (Linux's proxy_delay). */
#define ANSWER_US UINT64_C(3000000)

static struct claimant *
claimant_find(struct vip *vip, const struct mac *mac)
{
	for (uint32_t i = 0; i < vip->claimant_count; i++)
		if (mac_equal(&vip->claimant[i].mac, mac))
			return &vip->claimant[i];
	return NULL;
}

/* However many servers are at fault, the director has a place among the claimants. */
static bool
has_place(const struct audit *audit, uint32_t vip, const struct claimant *claimant)
{
	const uint32_t left = CLAIMANTS_MAX - audit->vips[vip].claimant_count;

	return left > CLAIMANTS_SPARE || (left > 0 && (owner_is_named(audit, claimant) ||
							  mac_vrrp_vrid(&claimant->mac) != 0));
}

static struct claimant *
claimant_add(struct audit *audit, uint32_t vip, const struct claimant *added)
{
	struct vip *of = &audit->vips[vip];
	struct claimant *claimant = claimant_find(of, &added->mac);

	if (claimant != NULL)
		return claimant;
	if (!has_place(audit, vip, added)) {
		of->claimants_lost++;
		handover_review(audit, vip);
		return NULL;
	}
	of->director_known = false;
	claimant = &of->claimant[of->claimant_count++];
	*claimant = *added;
	master_adopt(of, claimant);
	return claimant;
}

uint32_t
claimant_replies(const struct claimant *claimant)
{
	return claimant->claims[CLAIM_ANSWER] + claimant->claims[CLAIM_UNASKED] +
	       claimant->claims[CLAIM_GRATUITOUS_REPLY];
}

uint32_t
claimant_requests(const struct claimant *claimant)
{
	return claimant->claims[CLAIM_GRATUITOUS_REQUEST] + claimant->claims[CLAIM_REQUEST];
}

bool
claimant_is_owner(const struct claimant *claimant)
{
	return claimant->claims[CLAIM_ANSWER] > 0 && !claimant->former;
}

/* A reply goes to the SHA and SPA of its question. RFC 5227 section 2.6 lets it be a broadcast, and
 * restore.c asks for one. */
static bool
is_answer(
    const struct audit *audit, const struct vip *vip, uint64_t now_us, const struct frame *frame)
{
	const struct frame_arp *arp = &frame->arp;
	const uint64_t linger_us = audit->settings->linger_us;
	const uint64_t until_us = vip->asked_us + (linger_us > ANSWER_US ? linger_us : ANSWER_US);

	return vip->asked_us != 0 && now_us <= until_us &&
	       (address_is_unspecified(&arp->tpa) || address_equal(&arp->tpa, &audit->source)) &&
	       (mac_equal(&frame->destination, &audit->segment.mac) ||
		   mac_equal(&arp->tha, &audit->segment.mac) ||
		   mac_equal(&arp->tha, &mac_broadcast));
}

static enum claim_kind
kind_of(
    const struct audit *audit, const struct vip *vip, uint64_t now_us, const struct frame *frame)
{
	const bool gratuitous = address_equal(&frame->arp.spa, &frame->arp.tpa);

	if (frame->arp.operation == ARP_REQUEST)
		return gratuitous ? CLAIM_GRATUITOUS_REQUEST : CLAIM_REQUEST;
	if (gratuitous)
		return CLAIM_GRATUITOUS_REPLY;
	return is_answer(audit, vip, now_us, frame) ? CLAIM_ANSWER : CLAIM_UNASKED;
}

static void
keep_claim(struct audit *audit, struct claimant *claimant, enum claim_kind kind, uint64_t now_us,
    const struct capture *capture)
{
	const bool is_request = kind == CLAIM_GRATUITOUS_REQUEST || kind == CLAIM_REQUEST;
	struct kept_frame *first = &claimant->evidence;
	struct kept_frame *of_kind = is_request ? &claimant->request : &claimant->reply;

	keep_evidence(audit, &first, now_us, capture);
	if (kind != CLAIM_ADVERTISEMENT)
		keep_evidence(audit, &of_kind, now_us, capture);
}

/* One that claims again has not handed the VIP over. */
static void
record(struct audit *audit, uint32_t vip, struct claimant *claimant, enum claim_kind kind,
    uint64_t now_us, const struct capture *capture)
{
	const bool first = claimant->first_claim_us == 0;
	const bool first_answer = kind == CLAIM_ANSWER && claimant->claims[kind] == 0;

	if (first) {
		claimant->first_claim_us = now_us;
		claimant->first_kind = (uint8_t)kind;
	}
	claimant->last_claim_us = now_us;
	if (kind == CLAIM_ANSWER)
		claimant->last_answer_us = now_us;
	claimant->claims[kind]++;
	claimant->silent_broadcasts = claimant->silent_unicasts = 0;
	keep_claim(audit, claimant, kind, now_us, capture);
	if (claimant->former || first_answer || kind == CLAIM_ADVERTISEMENT)
		audit->vips[vip].director_known = false;
	claimant->former = false;
	if (first || first_answer)
		handover_consider(audit, vip, now_us);
	if (first_answer)
		signature_consider(audit, vip, now_us);
	/* What VRRP tells of its sender may come a second late: that long is its interval. */
	if (first_answer || (kind == CLAIM_ADVERTISEMENT && claimant->claims[kind] == 1))
		schedule_passed_over(audit, now_us);
}

/* A sender address that is not the VIP is the claimant's own; one that answers for a decoy proxies
 * ARP, and may have no signature for that. */
static void
observe_other_address(struct audit *audit, const struct frame_arp *arp)
{
	const bool decoy = decoy_find(audit, &arp->spa) != NONE;

	if (!address_is_unicast(&arp->spa))
		return;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct claimant *claimant = claimant_find(&audit->vips[vip], &arp->sha);

		if (claimant == NULL)
			continue;
		if (decoy)
			audit->vips[vip].director_known = false;
		else if (!address_is_set(&claimant->ip))
			claimant->ip = arp->spa;
	}
}

static void
observe_arp(struct audit *audit, uint32_t vip, uint64_t now_us, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;
	const uint32_t known = audit->vips[vip].claimant_count;
	struct claimant *claimant =
	    claimant_add(audit, vip, &(struct claimant){.mac = frame->arp.sha});
	struct kept_frame *relayed;

	if (claimant == NULL)
		return;
	if (audit->vips[vip].claimant_count > known &&
	    host_find_mac(audit, &frame->arp.sha) == NONE)
		schedule_unheard(audit, now_us);
	record(audit, vip, claimant, kind_of(audit, &audit->vips[vip], now_us, frame), now_us,
	    capture);
	if (mac_equal(&frame->source, &frame->arp.sha))
		return;
	relayed = &claimant->relayed;
	if (mac_equal(&claimant->sender, &mac_zero))
		claimant->sender = frame->source;
	keep_evidence(audit, &relayed, now_us, capture);
}

static void
observe_vrrp(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const struct frame_ip *ip = &capture->frame.ip;

	for (size_t i = 0; i < ip->vrrp.address_count; i++) {
		const struct claimant advertised = {
		    .mac = capture->frame.source, .vrrp = true, .ip = ip->source};
		const struct address address = frame_vrrp_address(ip, i);
		const uint32_t vip = vip_find(audit, &address);
		struct claimant *claimant;

		if (vip == NONE)
			continue;
		master_observe(audit, vip, now_us, ip);
		/* That gives it up. */
		if (ip->vrrp.priority == 0 ||
		    (claimant = claimant_add(audit, vip, &advertised)) == NULL)
			continue;
		claimant->vrrp = true;
		claimant->ip = ip->source;
		record(audit, vip, claimant, CLAIM_ADVERTISEMENT, now_us, capture);
	}
}

void
claim_observe(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	if (capture->frame.kind == FRAME_VRRP) {
		observe_vrrp(audit, now_us, capture);
		return;
	}
	if (capture->frame.kind != FRAME_ARP)
		return;
	const uint32_t vip = vip_find(audit, &capture->frame.arp.spa);

	if (vip != NONE)
		observe_arp(audit, vip, now_us, capture);
	else
		observe_other_address(audit, &capture->frame.arp);
}

bool
claim_counts(const struct frame *frame, uint8_t *relayed)
{
	if (mac_equal(&frame->source, &frame->arp.sha))
		return true;
	if (*relayed < UINT8_MAX)
		(*relayed)++;
	return *relayed > 1;
}

bool
claims_are_doubtful(const struct audit *audit, uint32_t host, uint32_t vip,
    uint32_t (*claims)(const struct claimant *))
{
	const struct vip *of = &audit->vips[vip];
	bool doubtful = false;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct claimant *claimant = &of->claimant[i];

		if (claims(claimant) == 0 || !host_has_mac(&audit->hosts[host], &claimant->mac))
			continue;
		if (host_is_known_by(&audit->hosts[host], &claimant->mac))
			return false;
		doubtful = true;
	}
	return doubtful;
}

static void
count_question(struct vip *vip, const struct mac *destination)
{
	struct claimant *claimant;

	if (mac_is_multicast(destination))
		vip->broadcasts_asked++;
	else if ((claimant = claimant_find(vip, destination)) != NULL)
		claimant->unicasts_asked++;
}

void
claim_asked(struct audit *audit, uint64_t now_us, const struct frame *frame)
{
	const bool broadcast = mac_is_multicast(&frame->destination);
	uint32_t vip;

	if (frame->kind != FRAME_ARP || frame->arp.operation != ARP_REQUEST ||
	    (vip = vip_find(audit, &frame->arp.tpa)) == NONE)
		return;
	audit->vips[vip].asked_us = now_us;
	count_question(&audit->vips[vip], &frame->destination);
	/* The question with SPA 0.0.0.0 goes along with the other one: both are lost together. */
	if (address_is_unspecified(&frame->arp.spa))
		return;
	for (uint32_t i = 0; i < audit->vips[vip].claimant_count; i++) {
		struct claimant *claimant = &audit->vips[vip].claimant[i];

		if (broadcast && claimant->silent_broadcasts < UINT16_MAX)
			claimant->silent_broadcasts++;
		else if (mac_equal(&claimant->mac, &frame->destination) &&
			 claimant->silent_unicasts < UINT16_MAX)
			claimant->silent_unicasts++;
		else
			continue;
		claimant->asked_us = now_us;
	}
}

static uint64_t
latest_claim_us(const struct vip *vip)
{
	uint64_t latest_us = 0;

	for (uint32_t i = 0; i < vip->claimant_count; i++)
		if (vip->claimant[i].last_claim_us > latest_us)
			latest_us = vip->claimant[i].last_claim_us;
	return latest_us;
}

/* What was claimed with the host's MAC before it was known to be the host's. */
static void
take_claims(struct claimant *claimant, struct pair *pair)
{
	const bool alone = claimant->relayed.length > 0 &&
			   claimant_replies(claimant) + claimant_requests(claimant) == 1;

	if (claimant_replies(claimant) > 0) {
		pair->relayed_replies = alone;
		pair->replied = pair->replied || !alone;
		pair->reply_evidence = &claimant->reply;
	}
	if (claimant_requests(claimant) > 0) {
		pair->relayed_requests = alone;
		if (!alone)
			pair->source = SOURCE_VIP;
		pair->source_evidence = &claimant->request;
	}
}

void
claim_host_found(struct audit *audit, uint32_t host, const struct mac *mac)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct claimant *claimant = claimant_find(&audit->vips[vip], mac);
		struct pair *pair = pair_of(audit, host, vip);

		if (claimant == NULL)
			continue;
		audit->vips[vip].director_known = false;
		handover_review(audit, vip);
		take_claims(claimant, pair);
		/* That one of the directors is meant may only now be known. */
		if (!handover_pending(audit, vip))
			handover_consider(audit, vip, latest_claim_us(&audit->vips[vip]));
	}
}
