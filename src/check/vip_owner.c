/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-owner: exactly one MAC answers for the VIP, and it is the director's.
 *
 * By ARP alone, a director and a leaking real server look the same. If there are several owners,
 * owner_director() tells which of them is the director. If it cannot, all of them are claimants.
 *
 * What else could cause several owners: a hand-over (owner/handover.h), one MAC of a proxy that is
 * late (its claim is its own), a director that answers by two interfaces or a balancing bond
 * (nothing excludes it; the first is at fault all the same).
 *
 * What else could cause no owner: lost or slow answers (owner/rounds.h, and the audit lingers), an
 * owner that limits its replies, one that took over late (owner/takeover.h), a network that lets
 * nobody's answers through. Nothing excludes an owner that answers others, but not the probe.
 *
 * What else could cause a single one: see owner/director.h for what makes it the director, and
 * owner/rounds.h for others that were missed.
 */
#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/leaks.h"
#include "audit/facts/proxies.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"
#include "audit/judge/judgement.h"
#include "audit/owner/director.h"
#include "audit/owner/doubt.h"
#include "audit/owner/eligible.h"
#include "audit/owner/handover.h"
#include "audit/owner/master.h"
#include "audit/owner/rounds.h"
#include "audit/owner/signature.h"
#include "audit/owner/undecided.h"
#include "audit/owner/unheard.h"
#include "check/claimants.h"

static const struct cause nobody_answers = {"nobody-answers",
    ("no machine answers ARP requests, neither for the VIP nor for any other address")};
static const struct cause maybe_no_owner = {
    "maybe-no-owner", ("no machine answers ARP requests for the VIP, but that is not certain")};
static const struct cause no_owner = {
    "no-owner", ("no machine answers ARP requests for the VIP: it has no owner")};
static const struct cause maybe_handed_over = {"maybe-handed-over",
    ("several MACs have answered ARP requests for the VIP: perhaps a hand-over")};
static const struct cause several_owners = {
    "several-owners", ("several MACs answer ARP requests for the VIP")};
static const struct cause several_cards = {"several-cards",
    ("several MACs answer ARP requests for the VIP, and for the address of the director")};
static const struct cause unknown_router = {"unknown-router",
    ("a VRRP virtual router answers for the VIP, and may be that of a named director")};
static const struct cause unheard_director = {
    "unheard-director", ("a machine answers for the VIP that may be the named director")};
static const struct cause other_owner = {
    "other-owner", ("a machine that is not the named director answers ARP requests for the VIP")};
static const struct cause unsound_owner = {
    "unsound-owner", ("the replies to ARP requests for the VIP carry the MAC of no machine")};
static const struct cause odd_owner = {"odd-owner",
    ("the replies to ARP requests for the VIP come in a form that not every machine accepts")};
static const struct cause server_owns = {
    "server-owns", ("only a listed real server answers ARP requests for the VIP")};
static const struct cause maybe_missed = {"maybe-missed-owner",
    ("so many broadcasts are lost that a further owner may have been missed")};
static const struct cause source_dropped = {
    "source-dropped", ("no machine answers ARP requests with this machine's address")};
static const struct cause several_masters = {
    "several-masters", ("the virtual router that owns the VIP has two masters")};
static const struct cause maybe_several_masters = {
    "maybe-several-masters", ("the virtual router that owns the VIP may have two masters")};
static const struct cause handed_over = {
    "handed-over", ("the virtual router that owns the VIP was handed over during the audit")};
static const struct cause maybe_new_owner = {"maybe-took-over",
    ("no machine answers for the VIP, but one that may be the director claims it, or has just "
     "given it up")};
static const struct cause maybe_masters = {"maybe-handed-over",
    ("the virtual router that owns the VIP was handed over, or has two masters")};
static const struct cause restored = {"owner-restored",
    ("this audit provoked a claim of the VIP; the owner has since claimed it back")};
static const struct cause not_restorable = {
    "owner-absent", ("this audit provoked a claim of the VIP; there is no owner to claim it back")};
static const struct cause not_restored = {"owner-not-restored",
    ("this audit provoked a claim of the VIP; the owner was not heard to claim it back")};
static const struct cause unowned = {"owned", ("the VIP has an owner, but nobody may own it")};
static const struct cause self_served = {"owner-serves",
    ("the only owner answers connections itself: it is the director, or a real server")};
static const struct cause range_owns = {
    "range-owns", ("only a range names the only owner as a real server: it may be the director")};
static const struct cause proxy_owns = {"proxy-owns",
    ("the only owner answers for addresses of others too: it is the director, or another proxy")};
static const struct cause network_owns = {"network-owns-arp",
    ("the network answers ARP for every address, so nobody can be judged by it")};
static const struct cause proxy_found = {
    "proxy", ("a machine answers ARP requests for addresses of others")};
static const struct cause presumed = {
    "presumed-director", ("the owner is taken for the right one, since no director was named")};
static const struct cause local_node = {"local-node", ("the director is a listed real server")};
static const struct cause no_linger = {
    "no-linger", ("proxy-arp was not tested: --linger is too short for delayed replies")};
static const struct cause no_elicit = {
    "no-elicit", ("vip-source and vip-bound were not tested (--no-elicit)")};

static const char *
deaf_remedy(const struct facts *facts)
{
	if (facts->cluster->vlan == 0)
		return "# check that this is the right interface, VLAN and address range (-i, "
		       "--vlan, -r)";
	return "# check that this is the right trunk, VLAN and address range (-i, --vlan, -r),\n"
	       "# and that its network card lets the VLAN in (CAVEATS in arpaudit(8))";
}

/* Whether a machine that may be the director claims the VIP, though it was not heard to answer. */
static bool
is_claimed_in_doubt(const struct facts *facts, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (owner_is_in_doubt(facts, vip, i))
			return true;
	return false;
}

static void
judge_no_owner(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	uint32_t alive = 0;

	for (uint32_t host = 0; host < host_count(facts); host++)
		alive += host_of(facts, host)->mac_count > 0;
	if (alive == 0 || facts->asked->rounds_wanted > 0)
		judge_vip(judgement, "vip-owner", &nobody_answers, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"no machine answers ARP requests for %s, or for any other address that was "
			"asked for",
			judgement->vip),
		    deaf_remedy(facts), NULL);
	else if (!owners_are_sure(facts) || !owners_known_are_sure(facts))
		judge_vip(judgement, "vip-owner", &maybe_no_owner, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"no machine answers ARP requests for %s, but too many frames are lost, or "
			"too few hosts answer, to be sure",
			judgement->vip),
		    "# find out what loses frames, then run the audit again", NULL);
	else if (is_claimed_in_doubt(facts, vip))
		judge_vip(judgement, "vip-owner", &maybe_new_owner, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"no machine answers ARP requests for %s, but one that may be the director "
			"claims it",
			judgement->vip),
		    "# run the audit again", NULL);
	else if (router_is_without_master(router_of(facts, vip)))
		judge_vip(judgement, "vip-owner", &maybe_new_owner, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"no machine answers ARP requests for %s, but the VRRP master gave it up "
			"during the audit, so another may take it over",
			judgement->vip),
		    "# run the audit again", NULL);
	else if (claims_lost(facts, vip) > 0)
		judge_vip(judgement, "vip-owner", &maybe_no_owner, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"more machines claim %s than are told apart, and none of those that are "
			"answers ARP requests for it",
			judgement->vip),
		    "# find the machines that claim it, then run the audit again", NULL);
	else if (asked_is_cut_short(facts, facts->asked->first_us))
		judge_vip(judgement, "vip-owner", &maybe_no_owner, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"no machine answers ARP requests for %s, but the audit ended before a slow "
			"answer would have been heard",
			judgement->vip),
		    "# run the audit again, for longer", NULL);
	else if (facts->cluster->owner != OWNER_NONE)
		judge_vip(judgement, "vip-owner", &no_owner, SEVERITY_VIOLATION,
		    arena_format(judgement->arena,
			"no machine answers ARP requests for %s: the VIP has no owner",
			judgement->vip),
		    arena_format(judgement->arena, "%s\nip -4 addr show to %s",
			facts->cluster->owner == OWNER_ANY
			    ? "# look at the log of what announces the VIP (MetalLB, kube-vip, "
			      "keepalived); a\n# machine that holds it shows it by:"
			    : "# on the director, check whether it holds the VIP:",
			judgement->vip),
		    NULL);
}

static const char *
proof_text(enum director_proof proof)
{
	static const char *const texts[] = {
	    [DIRECTOR_UNKNOWN] = "",
	    [DIRECTOR_NAMED] = "", /* the user knows */
	    [DIRECTOR_VRRP_MAC] = "is the director: its MAC is that of a VRRP virtual router",
	    [DIRECTOR_VRRP_ADVERTISEMENT] = "is the director: it advertises the VIP by VRRP",
	    [DIRECTOR_SIGNATURE] = "is the director: other hosts answer connections to its MAC",
	    [DIRECTOR_SOLE_OWNER] = "is the director: no other machine answers",
	    [DIRECTOR_PRESUMED] = ("is presumed to be the director: the others are listed real "
				   "servers"),
	};

	return texts[proof];
}

/* Returns whether the user named all owners as directors. Naming them again would not help. */
static bool
only_named(const struct facts *facts, uint32_t vip)
{

	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (claimant_is_owner(claimant_of(facts, vip, i)) &&
		    !claimant_is_named(facts, claimant_of(facts, vip, i)))
			return false;
	return true;
}

/* "MAC (IP), MAC (IP)" */
static const char *
list_owners(const struct facts *facts, uint32_t vip, struct arena *arena)
{
	const char *list = "";

	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (claimant_is_owner(claimant_of(facts, vip, i)))
			list = arena_format(arena, "%s%s%s", list, *list == '\0' ? "" : ", ",
			    judge_claimant_name(facts, arena, claimant_of(facts, vip, i)));
	return list;
}

/* Nobody may own the VIP: it is routed to the director. */
static void
judge_unowned(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	const uint32_t owners = owner_count(facts, vip);

	judge_vip(judgement, "vip-owner", &unowned, SEVERITY_VIOLATION,
	    arena_format(judgement->arena,
		"%u MAC%s ARP requests for %s: %s; nobody may (--no-owner)", owners,
		owners == 1 ? " answers" : "s answer", judgement->vip,
		list_owners(facts, vip, judgement->arena)),
	    "", NULL);
}

/* What to do about several owners of which the director is not known. */
static const char *
several_remedy(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	if (owner_director(facts, vip, NULL) != NONE)
		return "";
	if (only_named(facts, vip))
		return remedy_director(judgement->arena, judgement->vip);
	if (owners_are_undecided(facts, vip))
		return remedy_undecided(
		    judgement->arena, judgement->vip, vip_has_tcp_port(facts, vip));
	return "# ARP cannot tell which of these is the director; name it: --director IP|MAC";
}

/* Whether all owners are the director, by several cards. */
static bool
are_cards(const struct facts *facts, uint32_t vip)
{
	for (uint32_t i = 0; i < claims_count(facts, vip); i++)
		if (claimant_is_owner(claimant_of(facts, vip, i)) &&
		    !owner_is_by_mac(facts, vip, &claimant_of(facts, vip, i)->mac))
			return false;
	return true;
}

/* Caches take turns among the cards. Each leads to the director, but only as long as it is up. */
static void
judge_cards(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	judge_vip(judgement, "vip-owner", &several_cards, SEVERITY_VIOLATION,
	    arena_format(judgement->arena,
		"%u MACs answer ARP requests for %s: %s; all of them answer for the address of the "
		"director, too: it has several interfaces on the segment (ARP flux), or somebody "
		"has its address",
		owner_count(facts, vip), judgement->vip, list_owners(facts, vip, judgement->arena)),
	    "# on the director, leave one interface on this segment, or bond them", NULL);
}

static void
judge_several(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	enum director_proof proof;
	const uint32_t director = owner_director(facts, vip, &proof);
	const char *list = list_owners(facts, vip, judgement->arena);
	const char *told = "";

	if (director != NONE && proof != DIRECTOR_NAMED)
		told = arena_format(judgement->arena, "; %s %s",
		    judge_claimant_name(facts, judgement->arena, claimant_of(facts, vip, director)),
		    proof_text(proof));
	if (handover_possible(facts, vip)) {
		judge_vip(judgement, "vip-owner", &maybe_handed_over, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"%u MACs have answered ARP requests for %s: %s; this looks like a "
			"hand-over during the audit, but the evidence is not sufficient",
			owner_count(facts, vip), judgement->vip, list),
		    "# run the audit again: after a hand-over, only one of them still answers",
		    NULL);
		return;
	}
	if (are_cards(facts, vip)) {
		judge_cards(facts, vip, judgement);
		return;
	}
	judge_vip(judgement, "vip-owner", &several_owners, SEVERITY_VIOLATION,
	    arena_format(judgement->arena, "%u MACs answer ARP requests for %s: %s%s",
		owner_count(facts, vip), judgement->vip, list, told),
	    several_remedy(facts, vip, judgement), NULL);
}

/* After a sweep, a real server that leaks while its director is down is the only owner too. */
static void
judge_self_served(const struct facts *facts, uint32_t vip, const struct claimant *owner,
    struct vip_judgement *judgement)
{
	if (proxy_is(facts, &owner->mac)) {
		judge_vip(judgement, "vip-owner", &proxy_owns, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"%s alone answers ARP requests for %s, and answers for addresses of others "
			"too: it may be the director, or a proxy while the director is down",
			judge_claimant_name(facts, judgement->arena, owner), judgement->vip),
		    remedy_undecided(
			judgement->arena, judgement->vip, vip_has_tcp_port(facts, vip)),
		    owner->first);
		return;
	}
	const bool ranged = claimant_is_ranged(facts, owner);

	judge_vip(judgement, "vip-owner", ranged ? &range_owns : &self_served,
	    SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s alone answers ARP requests for %s, and %s: it may be the director, or a real "
		"server while the director is down",
		judge_claimant_name(facts, judgement->arena, owner), judgement->vip,
		ranged ? "only a range names it as a real server"
		       : "answers connections itself, as a real server does"),
	    remedy_undecided(judgement->arena, judgement->vip, vip_has_tcp_port(facts, vip)),
	    owner->first);
}

/* Linux caches such a MAC, and its traffic for the VIP then goes to a group or nowhere. */
static void
judge_no_machine(
    const struct facts *facts, const struct claimant *owner, struct vip_judgement *judgement)
{
	judge_vip(judgement, "vip-owner", &unsound_owner, SEVERITY_VIOLATION,
	    arena_format(judgement->arena,
		"the replies to ARP requests for %s carry a MAC that no director can have: %s",
		judgement->vip, judge_claimant_name(facts, judgement->arena, owner)),
	    "# find the machine by the Ethernet source of the frame, and what changes its replies "
	    "(arptables, nftables)",
	    owner->first);
}

/* The director answers, but only in doubtful frames. That is no evidence for it. */
static void
judge_oddity(
    const struct facts *facts, const struct claimant *owner, struct vip_judgement *judgement)
{
	if (owner->certain)
		return;
	judge_vip(judgement, "vip-owner", &odd_owner, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s answers ARP requests for %s, but only in frames that not every machine "
		"accepts: with hardware type 6, with an 802.1ad tag, with several tags or with "
		"this machine's MAC as their source",
		judge_claimant_name(facts, judgement->arena, owner), judgement->vip),
	    "# find out what encapsulates the frames of this machine", owner->first);
}

static void
judge_sole(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{

	for (uint32_t i = 0; i < claims_count(facts, vip); i++) {
		const struct claimant *owner = claimant_of(facts, vip, i);

		if (!claimant_is_owner(owner))
			continue;
		if (!heard_may_be_machine(facts, &owner->mac)) {
			judge_no_machine(facts, owner, judgement);
			continue;
		}
		if (owner_may_be_director(facts, vip, i)) {
			judge_vip(judgement, "vip-owner", &unknown_router, SEVERITY_INCONCLUSIVE,
			    arena_format(judgement->arena,
				"%s answers ARP requests for %s; it is a VRRP virtual router, and "
				"no advertisement shows whether a named director is its master",
				judge_claimant_name(facts, judgement->arena, owner),
				judgement->vip),
			    "# if one is, name the MAC of the virtual router as well: --director "
			    "MAC",
			    owner->first);
			continue;
		}
		if (owner_may_be_unheard_director(facts, vip, i)) {
			judge_vip(judgement, "vip-owner", &unheard_director, SEVERITY_INCONCLUSIVE,
			    arena_format(judgement->arena,
				"%s answers ARP requests for %s, but the named director does not "
				"answer for its own address; too many frames are lost to tell "
				"whether both are the same machine",
				judge_claimant_name(facts, judgement->arena, owner),
				judgement->vip),
			    "# run the audit again, or name the MAC of the director: --director "
			    "MAC",
			    owner->first);
			continue;
		}
		if (owner_is_undecided(facts, vip, i)) {
			judge_self_served(facts, vip, owner, judgement);
			continue;
		}
		judge_vip(judgement, "vip-owner",
		    facts->cluster->director_count > 0 ? &other_owner : &server_owns,
		    SEVERITY_VIOLATION,
		    facts->cluster->director_count > 0
			? arena_format(judgement->arena,
			      "%s answers ARP requests for %s, but is not the named director",
			      judge_claimant_name(facts, judgement->arena, owner), judgement->vip)
			: arena_format(judgement->arena,
			      "only the listed real server %s answers ARP requests for %s",
			      judge_claimant_name(facts, judgement->arena, owner), judgement->vip),
		    facts->cluster->director_count > 0
			? "# if it should be the owner, name it: --director IP|MAC"
			: "# if it is also the director (LocalNode), name it: --director IP|MAC",
		    owner->first);
	}
}

/* A second owner that is not a host of the plan is asked by broadcast only, and nothing shows that
 * it heard the request. Audits that were cut short or that lost captures have findings of their
 * own. */
static void
judge_missed(const struct facts *facts, struct vip_judgement *judgement)
{
	if (owners_are_sure(facts) || !inquiries_are_done(facts) || facts->asked->round_due ||
	    asked_owners_are_void(facts))
		return;
	judge_vip(judgement, "vip-owner", &maybe_missed, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"an owner other than the audited hosts may have been missed: with %.0f%% of the "
		"broadcast exchanges lost, %u rounds of ARP requests for %s leave a probability of "
		"%.1e",
		100 * loss_estimate(&facts->loss[PATH_BROADCAST]), owner_rounds(facts),
		judgement->vip, owner_bound(facts)),
	    "# find out what loses frames; if few hosts answer, name more of them (--rs) to "
	    "measure the loss",
	    NULL);
}

/* Somebody answers SPA 0.0.0.0, but nobody answers the probe's own address. Then an owner that
 * proxies goes unheard. */
static void
judge_dropped(const struct facts *facts, struct vip_judgement *judgement)
{
	if (!inquiries_are_done(facts) || facts->asked->kinds_answered == 0 ||
	    asked_hears_source(facts) || (facts->asked->kinds_missed & 1u << SPA_SOURCE) == 0)
		return;
	judge_vip(judgement, "vip-owner", &source_dropped, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"no machine answers ARP requests with this machine's address, only with SPA "
		"0.0.0.0: a machine that proxies ARP for %s would go unheard",
		judgement->vip),
	    "# find out what drops ARP requests with this machine's address, or name another: "
	    "--source IP",
	    NULL);
}

/* Two masters of one virtual router have the same MAC, so ARP requests alone show them as one
 * owner. */
static void
judge_masters(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	const struct router *router = router_of(facts, vip);
	char master[ADDRESS_TEXT_SIZE], former[ADDRESS_TEXT_SIZE];
	const char *both = arena_format(judgement->arena, "%s and %s",
	    address_format(&router->former, former), address_format(&router->master, master));

	if (master_owner(facts, vip) == NULL)
		return;
	if (router->contended)
		judge_vip(judgement, "vip-owner", &several_masters, SEVERITY_VIOLATION,
		    arena_format(judgement->arena,
			"%s take turns advertising %s by VRRP: the virtual router has two masters "
			"with one MAC",
			both, judgement->vip),
		    remedy_director(judgement->arena, judgement->vip), NULL);
	else if (master_is_doubled(facts, vip))
		judge_vip(judgement, "vip-owner", &maybe_several_masters, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"a virtual router's MAC sends more ARP replies for %s than there were "
			"requests: either two masters have this MAC, or the network duplicates "
			"frames",
			judgement->vip),
		    "# on the directors, check how many of them are master (split brain?)", NULL);
	else if (master_handed_over(facts, vip))
		judge_vip(judgement, "hand-over", &handed_over, SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"%s handed the virtual router of %s over to %s during the audit", former,
			judgement->vip, master),
		    "", NULL);
	else if (address_is_set(&router->former))
		judge_vip(judgement, "vip-owner", &maybe_masters, SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"%s have advertised %s by VRRP, and nothing shows that the first of them "
			"gave it up: either a hand-over, or two masters with one MAC",
			both, judgement->vip),
		    "# run the audit again: after a hand-over, only one of them still advertises",
		    NULL);
}

static void
judge_restoration(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{

	if (!leaks_has(facts, vip) || owner_alone_leaked(facts, vip))
		return;
	if (!leaks_caches_are_misdirected(facts, vip))
		judge_vip(judgement, "owner-restored", &restored, SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"this audit made a real server send an ARP request that claimed %s; the "
			"owner has since broadcast its own claim",
			judgement->vip),
		    "", NULL);
	else if (owner_count(facts, vip) == 0)
		judge_vip(judgement, "owner-not-restored", &not_restorable, SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"this audit made a real server send an ARP request that claimed %s; there "
			"is no owner to reclaim it",
			judgement->vip),
		    "", NULL);
	else
		judge_vip(judgement, "owner-not-restored", &not_restored, SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"this audit made a real server send an ARP request that claimed %s; the "
			"owner was not heard to reclaim it",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on the director (IF is its interface):\narping -c 1 -U -I IF %s",
			judgement->vip),
		    NULL);
}

/* If no director was named, a lone leaking server whose director is down looks the same as a
 * director. */
static void
judge_assumption(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	enum director_proof proof;
	const uint32_t director = owner_director(facts, vip, &proof);

	if (director == NONE || (proof != DIRECTOR_SOLE_OWNER && proof != DIRECTOR_PRESUMED))
		return;
	const bool any = facts->cluster->owner == OWNER_ANY;
	const char *const name =
	    judge_claimant_name(facts, judgement->arena, claimant_of(facts, vip, director));

	judge_vip(judgement, "presumed-director", &presumed, SEVERITY_NOTE,
	    any ? arena_format(judgement->arena,
		      "%s alone answers ARP requests for %s; nothing shows whether it was chosen "
		      "to, or answers by its own arp_ignore",
		      name, judgement->vip)
		: arena_format(judgement->arena,
		      proof == DIRECTOR_PRESUMED
			  ? "%s is presumed to be the director: it answers ARP requests for %s, "
			    "and it alone is not a listed real server"
			  : "%s is presumed to be the director: it alone answers ARP requests for "
			    "%s",
		      name, judgement->vip),
	    any ? "" : "# to be certain, name the director: --director IP|MAC", NULL);
}

/* LocalNode: the director is a listed real server that nobody named as the director. */
static void
judge_local_node(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	enum director_proof proof;
	const uint32_t director = owner_director(facts, vip, &proof);

	if (director == NONE || proof == DIRECTOR_NAMED || facts->cluster->owner == OWNER_ANY)
		return;
	const struct claimant *const claimant = claimant_of(facts, vip, director);

	if (!claimant_is_listed(facts, claimant))
		return;
	judge_vip(judgement, "local-node", &local_node, SEVERITY_NOTE,
	    arena_format(judgement->arena, "%s %s %s",
		claimant_is_ranged(facts, claimant) ? "a range of real servers holds the director:"
						    : "the listed real server",
		judge_claimant_name(facts, judgement->arena, claimant), proof_text(proof)),
	    "", NULL);
}

/* Where proxies answer and no host answers for itself, an owner is no finding about a host. */
static void
judge_network(const struct facts *facts, struct vip_judgement *judgement)
{
	char mac[MAC_TEXT_SIZE];

	judge_vip(judgement, "vip-owner", &network_owns, SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"%s answers ARP requests for every address that was tried, and no host answers for "
		"itself: the network (a private VLAN, a cloud's fabric) owns ARP, so nobody can be "
		"judged by it",
		mac_format(proxy_mac(facts, 0), mac)),
	    "# audit from a machine that the hosts answer directly", NULL);
}

/* Each proxy, once: a note, since what it says for the VIP is judged as its claim. */
static void
judge_proxies(const struct facts *facts, struct vip_judgement *judgement)
{
	char mac[MAC_TEXT_SIZE];

	for (uint32_t i = 0; i < proxies_count(facts); i++)
		judge_vip(judgement, "proxy", &proxy_found, SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"%s answers ARP requests for addresses of others: it %s; its answers for "
			"hosts were not counted as theirs",
			mac_format(proxy_mac(facts, i), mac),
			proxy_takes_addresses(facts, proxy_mac(facts, i)) ? "takes them for its own"
									  : "proxies ARP"),
		    "", NULL);
}

static void
judge(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement)
{
	const uint32_t owners = owner_count(facts, vip);
	const uint32_t director = owner_director(facts, vip, NULL);

	if (proxies_own_segment(facts))
		judge_network(facts, judgement);
	else if (owners == 0)
		judge_no_owner(facts, vip, judgement);
	else if (facts->cluster->owner == OWNER_NONE)
		judge_unowned(facts, vip, judgement);
	else if (owners > 1)
		judge_several(facts, vip, judgement);
	else if (director == NONE)
		judge_sole(facts, vip, judgement);
	if (director != NONE)
		judge_oddity(facts, claimant_of(facts, vip, director), judgement);
	judge_dropped(facts, judgement);
	if (owners == 1 && facts->cluster->owner != OWNER_NONE) {
		judge_missed(facts, judgement);
		judge_masters(facts, vip, judgement);
	}
	judge_proxies(facts, judgement);
	judge_claimants(facts, vip, judgement);
	judge_assumption(facts, vip, judgement);
	judge_local_node(facts, vip, judgement);
	judge_restoration(facts, vip, judgement);
	if (!asked_hears_proxies(facts))
		judge_vip(judgement, "no-linger", &no_linger, SEVERITY_NOTE,
		    "proxy-arp was not tested: --linger is too short for the delayed replies of "
		    "hosts that proxy ARP, so the report says nothing about such hosts, or about "
		    "a program that answers for the VIP as late",
		    "", NULL);
	if (!facts->settings->elicit)
		judge_vip(judgement, "no-elicit", &no_elicit, SEVERITY_NOTE,
		    "vip-source and vip-bound were not tested: the report says nothing about "
		    "arp_announce, or about whether the hosts hold the VIP",
		    "", NULL);
}

const struct vip_check check_vip_owner = {.judge = judge};
