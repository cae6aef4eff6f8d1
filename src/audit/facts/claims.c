/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/claims.h"

#include <assert.h>
#include <stdlib.h>

#include "audit/facts/asked.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"

/* A reply later than this after the last question is no answer to it. Linux delays proxied answers
 * by up to 0.8 s (proxy_delay). */
#define ANSWER_US UINT64_C(3000000)

/* The rounds of questions are further apart than this. */
#define LATE_US UINT64_C(50000)

/* MACs kept for a VIP in addition to those of the plan, and the limit for all. The limit bounds the
 * time to look at all of them. */
#define STRANGERS_MAX 16
#define CLAIMANTS_MAX 512

/* The claimants of a VIP. */
struct claimants {
	struct claimant *claimant;
	uint32_t count, lost;
	bool answers_probes;
};

/* What else is known of a claimant. */
struct particulars {
	bool answers_probes;
	uint16_t broadcasts; /* that asked for the VIP since its first claim */
};

struct claims {
	struct claimants *vip;
	struct claimant *claimant;       /* of all VIPs */
	struct particulars *particulars; /* by their places in `claimant` */
	uint32_t capacity;               /* of one VIP */
};

uint32_t
claims_capacity(const struct facts *facts)
{
	return facts->claims->capacity;
}

bool
claims_init(struct facts *facts)
{
	const size_t wanted = host_count(facts) + facts->cluster->director_count + STRANGERS_MAX;
	struct claims *claims = calloc(1, sizeof(*claims));

	facts->claims = claims;
	if (claims == NULL)
		return false;
	claims->capacity = wanted < CLAIMANTS_MAX ? (uint32_t)wanted : CLAIMANTS_MAX;
	claims->vip = calloc(vip_count(facts), sizeof(*claims->vip));
	claims->claimant =
	    calloc((size_t)vip_count(facts) * claims->capacity, sizeof(*claims->claimant));
	claims->particulars =
	    calloc((size_t)vip_count(facts) * claims->capacity, sizeof(*claims->particulars));
	if (claims->vip == NULL || claims->claimant == NULL || claims->particulars == NULL)
		return false;
	for (uint32_t vip = 0; vip < vip_count(facts); vip++)
		claims->vip[vip].claimant = &claims->claimant[(size_t)vip * claims->capacity];
	return true;
}

void
claims_free(struct facts *facts)
{
	if (facts->claims == NULL)
		return;
	free(facts->claims->vip);
	free(facts->claims->claimant);
	free(facts->claims->particulars);
	free(facts->claims);
}

uint32_t
claims_count(const struct facts *facts, uint32_t vip)
{
	return facts->claims->vip[vip].count;
}

uint32_t
claims_lost(const struct facts *facts, uint32_t vip)
{
	return facts->claims->vip[vip].lost;
}

const struct claimant *
claimant_of(const struct facts *facts, uint32_t vip, uint32_t index)
{
	assert(index < claims_count(facts, vip));
	return &facts->claims->vip[vip].claimant[index];
}

/* By its place among the claimants of all VIPs. */
static struct particulars *
particulars_of(const struct facts *facts, const struct claimant *claimant)
{
	return &facts->claims->particulars[claimant - facts->claims->claimant];
}

bool
claimant_answers_probes(const struct facts *facts, uint32_t vip, uint32_t index)
{
	return particulars_of(facts, claimant_of(facts, vip, index))->answers_probes;
}

uint32_t
claimant_broadcasts(const struct facts *facts, uint32_t vip, uint32_t index)
{
	return particulars_of(facts, claimant_of(facts, vip, index))->broadcasts;
}

const struct claimant *
claims_of(const struct facts *facts, uint32_t vip, uint32_t *count)
{
	*count = facts->claims->vip[vip].count;
	return facts->claims->vip[vip].claimant;
}

static struct claimant *
find(const struct facts *facts, uint32_t vip, const struct mac *mac)
{
	struct claimants *of_vip = &facts->claims->vip[vip];

	for (uint32_t i = 0; i < of_vip->count; i++)
		if (mac_equal(&of_vip->claimant[i].mac, mac))
			return &of_vip->claimant[i];
	return NULL;
}

const struct claimant *
claimant_find(const struct facts *facts, uint32_t vip, const struct mac *mac)
{
	return find(facts, vip, mac);
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

/* Whether a listed host has its MAC, other than by a range if `singly`. */
static bool
is_listed(const struct facts *facts, const struct claimant *claimant, bool singly)
{
	const struct mac *mac = &claimant->mac;

	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac))
		if (host_of(facts, host)->listed && host_is_known_by(facts, host, mac) &&
		    !(singly && host_of(facts, host)->ranged))
			return true;
	return false;
}

bool
claimant_is_listed(const struct facts *facts, const struct claimant *claimant)
{
	return is_listed(facts, claimant, false);
}

bool
claimant_is_ranged(const struct facts *facts, const struct claimant *claimant)
{
	return is_listed(facts, claimant, false) && !is_listed(facts, claimant, true);
}

/* Named by its MAC, by the MAC of its address, or by an advertisement of the VIP from its address
 * (with keepalived's use_vmac, the virtual router's MAC answers). */
bool
claimant_is_named(const struct facts *facts, const struct claimant *claimant)
{
	const struct plan_cluster *cluster = facts->cluster;

	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct plan_director *director = &cluster->directors[i];

		if (!address_is_set(&director->address)) {
			if (mac_equal(&director->mac, &claimant->mac))
				return true;
			continue;
		}
		const uint32_t host = host_find(facts, &director->address);

		if ((host != NONE && host_is_known_by(facts, host, &claimant->mac)) ||
		    (claimant->vrrp && address_equal(&director->address, &claimant->ip)))
			return true;
	}
	return false;
}

bool
claims_answer_probes(const struct facts *facts, uint32_t vip)
{
	return facts->claims->vip[vip].answers_probes;
}

uint64_t
claims_latest_us(const struct facts *facts, uint32_t vip)
{
	uint64_t latest_us = 0;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (claimant_of(facts, vip, i)->last_claim_us > latest_us)
			latest_us = claimant_of(facts, vip, i)->last_claim_us;
	return latest_us;
}

bool
claims_are_doubtful(const struct facts *facts, uint32_t host, uint32_t vip,
    uint32_t (*claims)(const struct claimant *))
{
	bool doubtful = false;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *claimant = claimant_of(facts, vip, i);

		if (claims(claimant) == 0 || !host_has_mac(facts, host, &claimant->mac))
			continue;
		if (host_is_known_by(facts, host, &claimant->mac))
			return false;
		doubtful = true;
	}
	return doubtful;
}

/* A relayed claim may have been of any kind. */
bool
claims_are_gratuitous(const struct facts *facts, uint32_t host, uint32_t vip, bool reply)
{
	const enum claim_kind gratuitous =
	    reply ? CLAIM_GRATUITOUS_REPLY : CLAIM_GRATUITOUS_REQUEST;
	const struct holding *holding = holding_of(facts, host, vip);
	uint32_t announced = 0, others = 0;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *claimant = claimant_of(facts, vip, i);

		if (!host_is_known_by(facts, host, &claimant->mac))
			continue;
		announced += claimant->claims[gratuitous];
		others += (reply ? claimant_replies(claimant) : claimant_requests(claimant)) -
			  claimant->claims[gratuitous];
	}
	return announced > 0 && others == 0 &&
	       (reply ? holding->relayed_replies : holding->relayed_requests) == 0;
}

/* The advertisements may come from the master's own MAC (keepalived's vmac_xmit_base), so the
 * virtual router's MAC is matched by its VRID. */
static void
adopt(const struct router *router, struct claimant *claimant)
{
	if (mac_equal(&claimant->mac, &router->mac))
		claimant->ip = router->master;
	if (router->vrid == 0 || mac_vrrp_vrid(&claimant->mac) != router->vrid)
		return;
	claimant->vrrp = true;
	claimant->ip = router->master;
}

/* Some places are reserved, so that the director finds one however many servers are faulty. Anybody
 * can send from a virtual router's MAC, so such MACs get only half of them. */
static bool
has_place(const struct facts *facts, uint32_t vip, const struct claimant *claimant)
{
	const uint32_t left = claims_capacity(facts) - claims_count(facts, vip);

	if (claimant_is_named(facts, claimant))
		return left > 0;
	return left > (mac_vrrp_vrid(&claimant->mac) != 0 ? CLAIMANTS_SPARE / 2 : CLAIMANTS_SPARE);
}

/* Neither a host's, nor a named director's, nor a virtual router's. */
static bool
is_stranger(const struct facts *facts, const struct claimant *claimant)
{
	return !claimant->vrrp && host_find_mac(facts, &claimant->mac) == NONE &&
	       !claimant_is_named(facts, claimant);
}

/* The stranger that claimed longest ago, if wanted among those that never answered. NONE: there is
 * none. */
static uint32_t
find_stalest(const struct facts *facts, uint32_t vip, bool silent)
{
	uint32_t stalest = NONE;

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *claimant = claimant_of(facts, vip, i);

		if (is_stranger(facts, claimant) &&
		    !(silent && claimant->claims[CLAIM_ANSWER] > 0) &&
		    (stalest == NONE ||
			claimant->last_claim_us < claimant_of(facts, vip, stalest)->last_claim_us))
			stalest = i;
	}
	return stalest;
}

/* A place for one more; NULL if there is none. Thousands of MACs may claim the VIP unasked, before
 * the director answers. So whoever answers takes the place of one that never did, which counts as
 * lost. */
static struct claimant *
find_place(struct facts *facts, uint32_t vip, const struct claimant *added, bool answers)
{
	struct claimants *of_vip = &facts->claims->vip[vip];
	uint32_t place;

	if (has_place(facts, vip, added))
		return &of_vip->claimant[of_vip->count++];
	of_vip->lost++;
	place = answers ? find_stalest(facts, vip, true) : NONE;
	return place == NONE ? NULL : &of_vip->claimant[place];
}

/* NULL if there is no place for it. */
static struct claimant *
find_or_add(struct facts *facts, uint32_t vip, const struct claimant *added, bool answers)
{
	struct claimant *claimant = find(facts, vip, &added->mac);

	assert(facts->claims->vip[vip].claimant != NULL);
	if (claimant != NULL)
		return claimant;
	claimant = find_place(facts, vip, added, answers);
	if (claimant == NULL)
		return NULL;
	*claimant = *added;
	*particulars_of(facts, claimant) = (struct particulars){0};
	/* It may be answering a question from before it was known. */
	claimant->surplus.due[SPA_SOURCE] = claimant->surplus.due[SPA_UNSPECIFIED] = 1;
	adopt(router_of(facts, vip), claimant);
	return claimant;
}

/* A reply goes to the SHA and SPA of its question. RFC 5227, section 2.6, allows a broadcast, and
 * the restoration of an owner asks for one. */
static bool
is_answer(const struct facts *facts, const struct heard *heard)
{
	const struct frame_arp *arp = &heard->frame->arp;
	const uint64_t asked_us = asked_of(facts, heard->vip)->asked_us;
	const uint64_t linger_us = facts->settings->linger_us;
	const uint64_t until_us = asked_us + (linger_us > ANSWER_US ? linger_us : ANSWER_US);

	return asked_us != 0 && heard->now_us <= until_us &&
	       (address_is_unspecified(&arp->tpa) ||
		   address_equal(&arp->tpa, &facts->probe.source)) &&
	       (mac_equal(&heard->frame->destination, &facts->probe.mac) ||
		   mac_equal(&arp->tha, &facts->probe.mac) || mac_equal(&arp->tha, &mac_broadcast));
}

static enum claim_kind
kind_of(const struct facts *facts, const struct heard *heard)
{
	if (heard->request)
		return heard->gratuitous ? CLAIM_GRATUITOUS_REQUEST : CLAIM_REQUEST;
	if (heard->gratuitous)
		return CLAIM_GRATUITOUS_REPLY;
	return is_answer(facts, heard) ? CLAIM_ANSWER : CLAIM_UNASKED;
}

static void
keep_frames(
    struct facts *facts, struct claimant *claimant, enum claim_kind kind, const struct heard *heard)
{
	const bool is_request = kind == CLAIM_GRATUITOUS_REQUEST || kind == CLAIM_REQUEST;

	evidence_keep_frame(facts, &claimant->first, heard);
	if (kind != CLAIM_ADVERTISEMENT)
		evidence_keep_frame(
		    facts, is_request ? &claimant->request : &claimant->reply, heard);
}

static void
count_answer(const struct facts *facts, struct claimant *claimant, const struct address *tpa)
{
	struct surplus *surplus = &claimant->surplus;

	for (enum spa_kind kind = SPA_SOURCE; kind <= SPA_UNSPECIFIED; kind++) {
		if (!probe_was_asked(&facts->probe, kind, tpa))
			continue;
		if (surplus->due[kind] > 0)
			surplus->due[kind]--;
		else if (surplus->answers < UINT16_MAX)
			surplus->answers++;
		return;
	}
}

/* Records the claim. A claimant that claims again has not handed the VIP over. */
static uint32_t
record(struct facts *facts, uint32_t vip, struct claimant *claimant, enum claim_kind kind,
    const struct heard *heard)
{
	const bool probe = kind == CLAIM_ANSWER && address_is_unspecified(&heard->frame->arp.tpa);
	const bool first_probe = probe && !particulars_of(facts, claimant)->answers_probes;
	const bool first = claimant->first_claim_us == 0;
	const bool had_answered = claimant_has_answered(claimant);

	if (first) {
		claimant->first_claim_us = heard->now_us;
		claimant->first_kind = (uint8_t)kind;
		claimant->first_asked_us = asked_of(facts, vip)->asked_us;
	}
	claimant->last_claim_us = heard->now_us;
	if (kind == CLAIM_ANSWER) {
		claimant->last_answer_us = heard->now_us;
		count_answer(facts, claimant, &heard->frame->arp.tpa);
	}
	claimant->claims[kind]++;
	claimant->relayed.answers += kind == CLAIM_ANSWER && heard->relayed;
	claimant->certain = claimant->certain || !heard->doubtful;
	claimant->silent_broadcasts = claimant->silent_unicasts = 0;
	claimant->former = false;
	if (first_probe)
		particulars_of(facts, claimant)->answers_probes =
		    facts->claims->vip[vip].answers_probes = true;
	keep_frames(facts, claimant, kind, heard);

	const bool first_answer = !had_answered && claimant_has_answered(claimant);

	return (first || first_answer ? (uint32_t)NEWS_CLAIMED_FIRST : 0) |
	       (first_answer ? (uint32_t)NEWS_ANSWERED_FIRST : 0) |
	       (first_probe ? (uint32_t)NEWS_PROBE_ANSWERED : 0) |
	       (kind == CLAIM_ADVERTISEMENT && claimant->claims[kind] == 1
		       ? (uint32_t)NEWS_ADVERTISED_FIRST
		       : 0);
}

static void
note_relayed(const struct facts *facts, struct claimant *claimant, const struct heard *heard)
{
	struct relayed_claims *relayed = &claimant->relayed;
	const struct mac *source = &heard->frame->source;

	if (mac_equal(&relayed->sender, &mac_zero))
		relayed->sender = *source;
	if (mac_equal(&relayed->sender, source)) {
		relayed->requested = relayed->requested || heard->request;
		relayed->replied = relayed->replied || !heard->request;
	}
	evidence_keep_frame(facts, &relayed->frame, heard);
}

struct news
claims_hear(struct facts *facts, const struct heard *heard)
{
	const struct frame *frame = heard->frame;
	const enum claim_kind kind = kind_of(facts, heard);
	const bool known = find(facts, heard->vip, &frame->arp.sha) != NULL;
	struct news news = {.vip = heard->vip, .mac = frame->arp.sha};
	struct claimant *claimant = find_or_add(
	    facts, heard->vip, &(struct claimant){.mac = frame->arp.sha}, kind == CLAIM_ANSWER);

	if (claimant == NULL) {
		news.kinds = NEWS_TOO_MANY_CLAIMANTS;
		return news;
	}
	if (!known && host_find_mac(facts, &frame->arp.sha) == NONE)
		news.kinds = NEWS_STRANGER_CLAIMED;
	if (kind == CLAIM_ANSWER && probe_was_asked(&facts->probe, SPA_SOURCE, &frame->arp.tpa))
		facts->asked->kinds_answered |= 1u << SPA_SOURCE;
	news.kinds |= record(facts, heard->vip, claimant, kind, heard);
	if (heard->relayed)
		note_relayed(facts, claimant, heard);
	return news;
}

/* Whether the address is another machine's: a named host's, or that of a host heard with other
 * MACs. A proxy speaks as its clients, and a damaged frame as anybody. */
static bool
is_of_other_host(const struct facts *facts, const struct claimant *claimant)
{
	const uint32_t host = host_find(facts, &claimant->ip);

	return host != NONE && !claimant->vrrp && !host_has_mac(facts, host, &claimant->mac) &&
	       (host_of(facts, host)->listed || host_of(facts, host)->director ||
		   host_of(facts, host)->mac_count > 0);
}

struct address
claimant_ip(const struct facts *facts, const struct claimant *claimant)
{
	if (is_of_other_host(facts, claimant))
		return (struct address){.family = ADDRESS_NONE};
	return claimant->ip;
}

/* A claimant that answers for a decoy is a proxy, so the address is not its own. */
void
claims_hear_other_address(struct facts *facts, const struct heard *heard, bool is_decoy)
{
	const struct frame_arp *arp = &heard->frame->arp;

	if (is_decoy || !address_is_unicast(&arp->spa) ||
	    address_equal(&arp->spa, &facts->probe.source))
		return;
	for (uint32_t vip = 0; vip < vip_count(facts); vip++) {
		struct claimant *claimant = find(facts, vip, &arp->sha);

		if (claimant != NULL &&
		    (!address_is_set(&claimant->ip) || is_of_other_host(facts, claimant)))
			claimant->ip = arp->spa;
	}
}

/* Priority 0 gives the VIP up. */
struct news
claims_hear_advertisement(struct facts *facts, uint32_t vip, const struct heard *heard)
{
	const struct frame *frame = heard->frame;
	const struct claimant advertised = {
	    .mac = frame->source, .vrrp = true, .ip = frame->ip.source};
	struct news news = {.vip = vip};
	struct claimant *claimant;

	if (frame->ip.vrrp.priority == 0)
		return news;
	claimant = find_or_add(facts, vip, &advertised, false);
	if (claimant == NULL) {
		news.kinds = NEWS_TOO_MANY_CLAIMANTS;
		return news;
	}
	claimant->vrrp = true;
	claimant->ip = frame->ip.source;
	/* The last advertisement of a preempted master may cross the first one of its successor. */
	adopt(router_of(facts, vip), claimant);
	news.kinds = record(facts, vip, claimant, CLAIM_ADVERTISEMENT, heard);
	return news;
}

void
claims_adopt_master(struct facts *facts, uint32_t vip)
{
	struct claimants *of_vip = &facts->claims->vip[vip];

	for (uint32_t i = 0; i < of_vip->count; i++)
		adopt(router_of(facts, vip), &of_vip->claimant[i]);
}

void
claims_count_anew(struct facts *facts, uint32_t vip)
{
	struct claimants *of_vip = &facts->claims->vip[vip];

	for (uint32_t i = 0; i < of_vip->count; i++)
		of_vip->claimant[i].surplus.answers = 0;
}

/* An answer that is later than this may be taken for one to the next question. */
static void
expect_answer(struct surplus *surplus, enum spa_kind kind, uint64_t now_us)
{
	const bool soon = now_us < surplus->asked_us[kind] + LATE_US;

	surplus->due[kind] =
	    (uint8_t)(soon && surplus->due[kind] < UINT8_MAX ? surplus->due[kind] + 1 : 1);
	surplus->asked_us[kind] = now_us;
}

static void
increment(uint16_t *count)
{
	if (*count < UINT16_MAX)
		(*count)++;
}

static void
note_silence(const struct facts *facts, struct claimant *claimant, bool broadcast, uint64_t now_us)
{
	increment(broadcast ? &claimant->silent_broadcasts : &claimant->silent_unicasts);
	if (broadcast)
		increment(&particulars_of(facts, claimant)->broadcasts);
	claimant->asked_us = now_us;
}

void
claims_note_question(struct facts *facts, uint64_t now_us, const struct frame *frame)
{
	const bool broadcast = mac_is_multicast(&frame->destination);
	const bool unspecified = address_is_unspecified(&frame->arp.spa);
	uint32_t vip;

	if (frame->kind != FRAME_ARP || frame->arp.operation != ARP_REQUEST)
		return;
	vip = vip_find(facts, &frame->arp.tpa);
	if (vip == NONE)
		return;
	asked_note_question(facts, vip, now_us, broadcast);
	const struct claimants *claimants = &facts->claims->vip[vip];

	assert(claimants->claimant != NULL);
	for (uint32_t i = 0; i < claimants->count; i++) {
		struct claimant *claimant = &claimants->claimant[i];

		if (!broadcast && !mac_equal(&claimant->mac, &frame->destination))
			continue;
		expect_answer(
		    &claimant->surplus, unspecified ? SPA_UNSPECIFIED : SPA_SOURCE, now_us);
		/* The question with SPA 0.0.0.0 leaves together with the other one. Both may be
		 * lost together, so they count once. */
		if (!unspecified)
			note_silence(facts, claimant, broadcast, now_us);
	}
}

void
claims_pass_to_host(
    struct facts *facts, uint32_t vip, uint32_t host, const struct claimant *claimant)
{
	const uint32_t replies = claimant_replies(claimant);
	const uint32_t requests = claimant_requests(claimant);
	const bool alone = claimant->relayed.frame != NULL && replies + requests == 1;

	if (replies > 0)
		holding_take_replies(facts, host, vip, alone, claimant->reply);
	if (requests > 0)
		holding_take_requests(
		    facts, host, vip, alone, claimant->last_claim_us, claimant->request);
}

void
claims_pass_relayed_to_host(
    struct facts *facts, uint32_t vip, uint32_t host, const struct mac *sender)
{
	const struct claimants *claimants = &facts->claims->vip[vip];

	for (uint32_t i = 0; i < claimants->count; i++) {
		const struct relayed_claims *relayed = &claimants->claimant[i].relayed;

		if (relayed->frame != NULL && mac_equal(&relayed->sender, sender))
			holding_take_relayed(
			    facts, host, vip, relayed->replied, relayed->requested, relayed->frame);
	}
}

void
claims_make_place(struct facts *facts, uint32_t vip, const struct mac *mac)
{
	struct claimants *of_vip = &facts->claims->vip[vip];
	uint32_t stalest;

	if (find(facts, vip, mac) != NULL || has_place(facts, vip, &(struct claimant){.mac = *mac}))
		return;
	stalest = find_stalest(facts, vip, false);
	if (stalest == NONE)
		return;
	/* The last one takes the place. */
	struct claimant *freed = &of_vip->claimant[stalest];
	const struct claimant *last = &of_vip->claimant[--of_vip->count];

	*particulars_of(facts, freed) = *particulars_of(facts, last);
	*freed = *last;
	of_vip->lost++;
}

void
claims_set_former(struct facts *facts, uint32_t vip, uint32_t index, bool former)
{
	facts->claims->vip[vip].claimant[index].former = former;
}

void
claims_forget_silence(struct facts *facts, uint32_t vip)
{
	struct claimants *of_vip = &facts->claims->vip[vip];

	for (uint32_t i = 0; i < of_vip->count; i++) {
		of_vip->claimant[i].silent_broadcasts = of_vip->claimant[i].silent_unicasts = 0;
		particulars_of(facts, &of_vip->claimant[i])->broadcasts = 0;
	}
}

void
claims_set_signature(
    struct facts *facts, uint32_t vip, uint32_t index, const struct signature *signature)
{
	facts->claims->vip[vip].claimant[index].signature = *signature;
}
