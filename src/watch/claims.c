/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A claim of a VIP: who made it, what that machine is, and which event it is.
 *
 * What else could cause a claim than a machine at fault:
 *
 * - The machine is the director, or may be it: roles.h.
 * - One frame was damaged. A SHA that differs in one bit from the MAC of the sender, once, is told
 * as that. A claim that was relayed once is inconclusive, as in an audit (holdings.h).
 * - A packet for the VIP made the machine do so. It is at fault all the same; the event says it.
 */
#include <stdio.h>
#include <string.h>

#include "audit/facts/claims.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/vips.h"
#include "watch/inside.h"
#include "watch/roles.h"

#define STRANGERS_A_MINUTE 16
#define MINUTE_US          UINT64_C(60000000)

#define EVENTS_OF_OWNERS                                           \
	(1u << EVENT_OWNER_HEARD | 1u << EVENT_OWNER_HANDED_OVER | \
	    1u << EVENT_OWNER_FLIP_FLOPPED | 1u << EVENT_OWNERS_ALTERNATED)
#define EVENTS_OF_STRANGERS (1u << EVENT_STRANGER_CLAIMED | 1u << EVENT_MAYBE_DIRECTOR_CLAIMED)
/* Of machines that are no masters. */
#define EVENTS_OF_OTHERS                                             \
	(1u << EVENT_SERVER_CLAIMED | 1u << EVENT_STRANGER_CLAIMED | \
	    1u << EVENT_FORMER_OWNER_CLAIMED)

/* "02:00:00:00:00:01 (10.77.0.3)". Unlike judge_claimant_name(), it takes no memory. */
static const char *
claimant_name(
    const struct watch *watch, const struct claimant *claimant, char text[WATCH_NAME_SIZE])
{
	const struct address ip = claimant_ip(&watch->facts, claimant);
	const uint8_t vrid = mac_vrrp_vrid(&claimant->mac);
	char mac[MAC_TEXT_SIZE], address[ADDRESS_TEXT_SIZE], router[32] = "";

	mac_format(&claimant->mac, mac);
	if (vrid != 0)
		(void)snprintf(router, sizeof(router), "virtual router %u%s", vrid,
		    address_is_set(&ip) ? ", " : "");
	if (vrid == 0 && !address_is_set(&ip))
		(void)snprintf(text, WATCH_NAME_SIZE, "%s", mac);
	else
		(void)snprintf(text, WATCH_NAME_SIZE, "%s (%s%s)", mac, router,
		    address_is_set(&ip) ? address_format(&ip, address) : "");
	return text;
}

/* "announced 10.77.0.100 by a gratuitous ARP request" */
#define DEED_SIZE 128
static const char *
deed(const struct watch *watch, const struct heard *heard, char text[DEED_SIZE])
{
	char vip[ADDRESS_TEXT_SIZE], target[ADDRESS_TEXT_SIZE];
	const char *const address = address_format(vip_address(&watch->facts, heard->vip), vip);

	if (heard->gratuitous)
		(void)snprintf(text, DEED_SIZE, "announced %s by a gratuitous ARP %s", address,
		    heard->request ? "request" : "reply");
	else if (heard->request)
		(void)snprintf(text, DEED_SIZE, "sent an ARP request as %s, for %s", address,
		    address_format(&heard->frame->arp.tpa, target));
	else
		(void)snprintf(text, DEED_SIZE, "sent an ARP reply for %s", address);
	return text;
}

/* ---- Turns -------------------------------------------------------------------------------- */

/* The MAC before, with its address if it is still known. */
static const char *
former_name(struct watch *watch, uint32_t vip, const struct mac *mac, char text[WATCH_NAME_SIZE])
{
	const struct claimant unknown = {.mac = *mac};
	const struct claimant *claimant = claimant_find(&watch->facts, vip, mac);

	return claimant_name(watch, claimant != NULL ? claimant : &unknown, text);
}

static void
hear_owner(struct watch *watch, const struct claimant *claimant, const struct heard *heard)
{
	struct watched_vip *vip = &watch->vip[heard->vip];
	const struct turns_owner owner = {.mac = claimant->mac};
	const struct mac before = vip->claims.owner.mac;
	enum turn turn = turns_take(&vip->claims, &owner, false, TURNS_SPLIT_US, heard->now_us);
	struct event event = {
	    .mac = claimant->mac, .ip = claimant_ip(&watch->facts, claimant), .tentative = true};
	char name[WATCH_NAME_SIZE], former[WATCH_NAME_SIZE];

	if (questions_are_doubly_answered(&vip->asked, heard))
		turn = TURN_SPLIT;
	if (turn != TURN_FIRST)
		event.former = before;
	watch_note_turn(watch, heard->vip, turn, claimant_name(watch, claimant, name),
	    former_name(watch, heard->vip, &before, former), &event, heard);
}

/* ---- Claims that are told ----------------------------------------------------------------- */

static bool
differ_in_one_bit(const struct mac *one, const struct mac *other)
{
	unsigned bits = 0;

	for (size_t i = 0; i < sizeof(one->octet); i++)
		for (unsigned octet = one->octet[i] ^ other->octet[i]; octet != 0;
		     octet &= octet - 1)
			bits++;
	return bits == 1;
}

/* Whether the SHA is the sender's MAC but for one bit, in the only claim with it. */
static bool
is_damaged(const struct claimant *claimant, const struct heard *heard)
{
	return claimant_claims(claimant) == 1 && heard->relayed &&
	       differ_in_one_bit(&heard->frame->source, &claimant->mac);
}

static void
note_damaged(struct watch *watch, const struct claimant *claimant, const struct heard *heard)
{
	const struct mac *like = &heard->frame->source;
	struct event event = {
	    .kind = EVENT_MAC_DAMAGED,
	    .severity = SEVERITY_NOTE,
	    .mac = claimant->mac,
	    .former = *like,
	};
	char mac[MAC_TEXT_SIZE], other[MAC_TEXT_SIZE], deed_text[DEED_SIZE];

	(void)snprintf(event.message, sizeof(event.message),
	    "%s %s: one bit differs from %s, so the frame may be damaged",
	    mac_format(&claimant->mac, mac), deed(watch, heard, deed_text),
	    mac_format(like, other));
	watch_note(watch, heard->vip, &event, heard);
}

static void
note_provoked(struct watch *watch, const struct heard *heard, struct event *event)
{
	const struct address *asked = &heard->frame->arp.tpa;
	const size_t length = strlen(event->message);
	char address[ADDRESS_TEXT_SIZE];

	if (!heard->request || heard->gratuitous ||
	    !provokers_have(&watch->provokers, asked, heard->now_us))
		return;
	event->provoked = true;
	event->provoker = *asked;
	(void)snprintf(&event->message[length], sizeof(event->message) - length,
	    "; a packet from %s for the VIP provoked it", address_format(asked, address));
}

/* A claim of a listed server. One that was relayed once is inconclusive. */
static struct event
server_event(const struct facts *facts, uint32_t host, uint32_t vip, const struct mac *mac)
{
	const struct holding *holding = holding_of(facts, host, vip);

	return (struct event){
	    .kind = EVENT_SERVER_CLAIMED,
	    .severity =
		holding->replied || holding->spoke ? SEVERITY_VIOLATION : SEVERITY_INCONCLUSIVE,
	    .mac = *mac,
	    .ip = host_of(facts, host)->rip,
	    .name = host_of(facts, host)->name,
	    .tentative = true, /* it may become the master (LocalNode) */
	};
}

static void
note_server(struct watch *watch, const struct claimant *claimant, const struct heard *heard)
{
	const struct facts *facts = &watch->facts;
	const uint32_t host = sighting_find_server(facts, &claimant->mac);
	struct event event = server_event(facts, host, heard->vip, &claimant->mac);
	char rip[ADDRESS_TEXT_SIZE], deed_text[DEED_SIZE];

	(void)snprintf(event.message, sizeof(event.message), "the real server %s %s",
	    address_format(&event.ip, rip), deed(watch, heard, deed_text));
	note_provoked(watch, heard, &event);
	watch_note(watch, heard->vip, &event, heard);
}

/* Whether there is room to tell of this one by itself. */
static bool
may_tell_stranger(struct watched_vip *vip, const struct claimant *claimant, uint64_t now_us)
{
	if (claimant_claims(claimant) > 1)
		return true;
	vip->strangers++;
	if (now_us >= vip->minute_us + MINUTE_US) {
		vip->minute_us = now_us;
		vip->strangers_told = 0;
	}
	return vip->strangers_told++ < STRANGERS_A_MINUTE;
}

static void
note_crowd(struct watch *watch, const struct heard *heard)
{
	struct event event = {.kind = EVENT_STRANGERS_CLAIMED, .severity = SEVERITY_VIOLATION};
	char vip[ADDRESS_TEXT_SIZE];

	(void)snprintf(event.message, sizeof(event.message),
	    "more machines claim %s than can be told one by one: %u MACs so far",
	    address_format(vip_address(&watch->facts, heard->vip), vip),
	    watch->vip[heard->vip].strangers);
	watch_note(watch, heard->vip, &event, heard);
}

static void
note_other(struct watch *watch, const struct claimant *claimant, enum claimant_role role,
    const struct heard *heard)
{
	static const struct {
		enum event_kind kind;
		enum severity severity;
		const char *comment;
	} events[] = {
	    [CLAIMANT_MAYBE_MASTER] = {EVENT_MAYBE_DIRECTOR_CLAIMED, SEVERITY_INCONCLUSIVE,
		"; it may be the master of the virtual router that owns the VIP"},
	    [CLAIMANT_MAYBE_NAMED] = {EVENT_MAYBE_DIRECTOR_CLAIMED, SEVERITY_INCONCLUSIVE,
		"; it may be the named director, whose MAC was not heard yet"},
	    [CLAIMANT_FORMER_MASTER] = {EVENT_FORMER_OWNER_CLAIMED, SEVERITY_VIOLATION,
		", though another master advertises the VIP by now"},
	    [CLAIMANT_STRANGER] = {EVENT_STRANGER_CLAIMED, SEVERITY_VIOLATION,
		", but is neither the director nor a listed host"},
	};
	const struct plan_cluster *cluster = watch->facts.cluster;
	const char *const comment =
	    cluster->owner == OWNER_NONE ? ", but nobody may own it"
	    : role == CLAIMANT_STRANGER && cluster->director_count == 0
		? ", but is neither the master that advertises the VIP nor a listed host"
		: events[role].comment;
	char name[WATCH_NAME_SIZE], deed_text[DEED_SIZE];
	struct event event = {
	    .kind = events[role].kind,
	    .severity = events[role].severity,
	    .mac = claimant->mac,
	    .ip = claimant_ip(&watch->facts, claimant),
	    .tentative = true,
	};

	if (claimant_is_doubtful(claimant))
		event.severity = SEVERITY_INCONCLUSIVE;
	(void)snprintf(event.message, sizeof(event.message), "%s %s%s",
	    claimant_name(watch, claimant, name), deed(watch, heard, deed_text), comment);
	note_provoked(watch, heard, &event);
	watch_note(watch, heard->vip, &event, heard);
}

static void
hear_stranger(struct watch *watch, const struct claimant *claimant, const struct heard *heard)
{
	if (is_damaged(claimant, heard))
		note_damaged(watch, claimant, heard);
	else if (may_tell_stranger(&watch->vip[heard->vip], claimant, heard->now_us))
		note_other(watch, claimant, CLAIMANT_STRANGER, heard);
	else
		note_crowd(watch, heard);
}

static void
observe_host(struct facts *facts, uint32_t host, const struct heard *heard)
{
	if (heard->request)
		holding_hear_request(facts, host, heard);
	else
		(void)holding_hear_reply(facts, host, heard);
}

/* The claim counts for the hosts of the MAC that sent it, and of the MAC that caches learn: at
 * least for the one that is told. */
static void
observe(struct watch *watch, const struct mac *mac, const struct heard *heard)
{
	struct facts *facts = &watch->facts;
	const uint32_t told = sighting_find_own(facts, mac);

	if (told != NONE)
		observe_host(facts, told, heard);
	if (!crowds_have_time(
		&watch->crowds, heard->now_us, hosts_with_mac(facts, mac, CROWDS_FREE + 1)))
		return;
	for (uint32_t host = host_find_mac(facts, mac); host != NONE;
	     host = host_next_with_mac(facts, host, mac))
		if (host != told && sighting_is_own(facts, host, mac))
			observe_host(facts, host, heard);
}

static void
tell(struct watch *watch, const struct claimant *claimant, const struct heard *heard)
{
	const enum claimant_role role = role_of_claimant(watch, heard->vip, claimant);

	switch (role) {
	case CLAIMANT_DIRECTOR:
		if (is_damaged(claimant, heard))
			note_damaged(watch, claimant, heard);
		else
			hear_owner(watch, claimant, heard);
		break;
	case CLAIMANT_MASTER:
		break;
	case CLAIMANT_MAYBE_NAMED:
		hear_owner(watch, claimant, heard);
		note_other(watch, claimant, role, heard);
		break;
	case CLAIMANT_SERVER:
		note_server(watch, claimant, heard);
		break;
	case CLAIMANT_STRANGER:
		hear_stranger(watch, claimant, heard);
		break;
	case CLAIMANT_MAYBE_MASTER:
	case CLAIMANT_FORMER_MASTER:
		note_other(watch, claimant, role, heard);
		break;
	}
}

void
watch_hear_claim(struct watch *watch, const struct heard *heard)
{
	struct facts *facts = &watch->facts;
	const struct mac *sha = &heard->frame->arp.sha;
	const struct claimant *claimant;

	claims_make_place(facts, heard->vip, sha);
	(void)claims_hear(facts, heard);
	watch->vip[heard->vip].last_claim_us = heard->now_us;
	watch->vip[heard->vip].asked.unanswered = 0;
	askers_hear_reply(&watch->askers, heard);
	observe(watch, &heard->frame->source, heard);
	if (heard->relayed)
		observe(watch, sha, heard);
	claimant = claimant_find(facts, heard->vip, sha);
	if (claimant == NULL)
		note_crowd(watch, heard);
	else
		tell(watch, claimant, heard);
}

/* It was another machine's claim or turn, and was not told yet. */
static void
note_maybe_master(
    struct watch *watch, uint32_t vip, const struct claimant *claimant, const struct heard *heard)
{
	struct event event = {
	    .kind = EVENT_MAYBE_DIRECTOR_CLAIMED,
	    .severity = SEVERITY_INCONCLUSIVE,
	    .mac = claimant->mac,
	    .ip = claimant_ip(&watch->facts, claimant),
	    .tentative = true,
	};
	char name[WATCH_NAME_SIZE], address[ADDRESS_TEXT_SIZE];

	(void)snprintf(event.message, sizeof(event.message),
	    "%s claimed %s before; it may be the master of the virtual router that owns the VIP",
	    claimant_name(watch, claimant, name),
	    address_format(vip_address(&watch->facts, vip), address));
	watch_note(watch, vip, &event, heard);
}

/* It is known now, or may be, what the claimant is. */
static void
review_claim(
    struct watch *watch, uint32_t vip, const struct claimant *claimant, const struct heard *heard)
{
	const enum claimant_role role = role_of_claimant(watch, vip, claimant);
	const struct address *address = vip_address(&watch->facts, vip);

	if (role == CLAIMANT_MASTER)
		(void)events_withdraw(watch->events, address, &claimant->mac,
		    EVENTS_OF_OTHERS | EVENTS_OF_OWNERS | 1u << EVENT_MAYBE_DIRECTOR_CLAIMED);
	else if (role == CLAIMANT_MAYBE_MASTER &&
		 events_withdraw(
		     watch->events, address, &claimant->mac, EVENTS_OF_OTHERS | EVENTS_OF_OWNERS))
		note_maybe_master(watch, vip, claimant, heard);
	else if (role == CLAIMANT_DIRECTOR)
		(void)events_withdraw(watch->events, address, &claimant->mac, EVENTS_OF_STRANGERS);
}

/* The machine is a server: it never owned the VIP. */
static void
withdraw_owner(struct watch *watch, uint32_t vip, const struct mac *mac, const struct heard *heard)
{
	struct watched_vip *watched = &watch->vip[vip];

	(void)events_withdraw(watch->events, vip_address(&watch->facts, vip), mac,
	    EVENTS_OF_OWNERS | EVENTS_OF_STRANGERS);
	watched->asked.doubly = (struct double_answers){.count = 0};
	if (!turns_withdraw(&watched->claims, &(struct turns_owner){.mac = *mac}))
		return;
	watched->hand_overs = watched->flip_flops = watched->splits = 0;
	if (!watched->claims.known)
		return;
	/* The owner may have been told only as the one after it. */
	const struct mac *owner = &watched->claims.owner.mac;
	struct event event = {.mac = *owner};
	char name[WATCH_NAME_SIZE];

	watch_note_turn(
	    watch, vip, TURN_FIRST, former_name(watch, vip, owner, name), "", &event, heard);
}

static void
pass_claims(struct watch *watch, uint32_t host, uint32_t vip, const struct claimant *claimant,
    const struct heard *heard)
{
	struct facts *facts = &watch->facts;
	const struct mac *mac = &claimant->mac;
	char rip[ADDRESS_TEXT_SIZE], address[ADDRESS_TEXT_SIZE];

	claims_pass_relayed_to_host(facts, vip, host, mac);
	claims_pass_to_host(facts, vip, host, claimant);
	if (role_of_claimant(watch, vip, claimant) != CLAIMANT_SERVER) {
		review_claim(watch, vip, claimant, heard);
		return;
	}
	withdraw_owner(watch, vip, mac, heard);
	struct event event = server_event(facts, host, vip, mac);

	(void)snprintf(event.message, sizeof(event.message),
	    "the MAC that claimed %s before is the real server %s",
	    address_format(vip_address(facts, vip), address), address_format(&event.ip, rip));
	watch_note(watch, vip, &event, heard);
}

/* A claim for which the machine was not known yet is told now. */
void
watch_pass_claims(struct watch *watch, uint32_t host, const struct heard *heard)
{
	for (uint32_t vip = 0; vip < vip_count(&watch->facts); vip++) {
		const struct claimant *claimant =
		    claimant_find(&watch->facts, vip, &heard->frame->arp.sha);

		if (claimant != NULL)
			pass_claims(watch, host, vip, claimant, heard);
	}
}

/* Claims tell who owns the VIP only until a master does. */
static void
drop_turns(struct watch *watch, uint32_t vip)
{
	struct turns *turns = &watch->vip[vip].claims;
	const struct claimant *owner = claimant_find(&watch->facts, vip, &turns->owner.mac);

	if (turns->known && owner != NULL && !role_takes_turns(role_of_claimant(watch, vip, owner)))
		*turns = (struct turns){.known = false};
}

void
watch_review_claims(struct watch *watch, uint32_t vip, const struct heard *heard)
{
	for (uint32_t i = 0; i < claims_count(&watch->facts, vip); i++)
		review_claim(watch, vip, claimant_of(&watch->facts, vip, i), heard);
	drop_turns(watch, vip);
}

/* Only a machine to which answers can be heard tells by its questions who is silent. */
void
watch_hear_question(struct watch *watch, const struct heard *heard)
{
	struct watched_vip *vip = &watch->vip[vip_find(&watch->facts, &heard->frame->arp.tpa)];

	if (mac_is_multicast(&heard->frame->destination) &&
	    askers_know(&watch->askers, &heard->frame->arp.sha))
		vip->asked.unanswered++;
}
