/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-owner: exactly one MAC answers for the VIP, and it is the director's.
 *
 * By ARP alone a director and a leaking real server look the same. Which of several owners is the
 * director is told by owner_director(), or not at all: then all of them are claimants.
 */
#include "arpaudit/judge.h"
#include "arpaudit/remedy.h"

static const char *
deaf_remedy(const struct audit *audit)
{
	if (audit->cluster->vlan == 0)
		return "# see whether this is the right interface, VLAN and address range (-i, "
		       "--vlan, -r)";
	return "# see whether this is the right trunk, VLAN and address range (-i, --vlan, -r),\n"
	       "# and whether its card lets the VLAN in (CAVEATS in arpaudit(8))";
}

static void
judge_no_owner(const struct audit *audit, struct vip_judgement *judgement)
{
	uint32_t alive = 0;

	for (uint32_t host = 0; host < audit->host_count; host++)
		alive += audit->hosts[host].mac_count > 0;
	if (alive == 0 || audit->vips_wanted > 0)
		judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"nobody answers who-has %s, nor for any other address asked for",
			judgement->vip),
		    deaf_remedy(audit), NULL);
	else if (!owners_are_sure(audit))
		judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"nobody answers who-has %s, but too much gets lost, or too few hosts "
			"answer, to be sure",
			judgement->vip),
		    "# look for what loses frames, and audit again", NULL);
	else
		judge_vip(judgement, "vip-owner", SEVERITY_VIOLATION,
		    arena_format(judgement->arena, "nobody answers who-has %s: it has no owner",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on the director, see whether it holds the VIP:\nip -4 addr show to %s",
			judgement->vip),
		    NULL);
}

static const char *
proof_text(enum director_proof proof)
{
	static const char *const texts[] = {
	    [DIRECTOR_UNKNOWN] = "",
	    [DIRECTOR_NAMED] = "", /* nobody has to be told */
	    [DIRECTOR_VRRP_MAC] = "is the director: a VRRP virtual router",
	    [DIRECTOR_VRRP_ADVERTISEMENT] = "is the director: it advertises the VIP by VRRP",
	    [DIRECTOR_SIGNATURE] =
		"is the director: connections by its MAC are answered by other hosts",
	    [DIRECTOR_SOLE_OWNER] = "is the director: it alone answers",
	};

	return texts[proof];
}

/* All owners were named as directors: naming them tells no more. */
static bool
only_named(const struct audit *audit, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];

	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (claimant_is_owner(&of->claimant[i]) && !owner_is_named(audit, &of->claimant[i]))
			return false;
	return true;
}

static void
judge_several(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];
	enum director_proof proof;
	const uint32_t director = owner_director(audit, vip, &proof);
	const char *list = "", *told = "";

	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (claimant_is_owner(&of->claimant[i]))
			list = arena_format(judgement->arena, "%s%s%s", list,
			    *list == '\0' ? "" : ", ",
			    claimant_name(audit, judgement->arena, &of->claimant[i]));
	if (director != NONE && proof != DIRECTOR_NAMED)
		told = arena_format(judgement->arena, "; %s %s",
		    claimant_name(audit, judgement->arena, &of->claimant[director]),
		    proof_text(proof));
	if (handover_possible(audit, vip)) {
		judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"%u MACs have answered who-has %s: %s; it looks like a hand-over during "
			"the audit, but that is not sure enough",
			owner_count(audit, vip), judgement->vip, list),
		    "# audit again: after a hand-over only one of them still answers", NULL);
		return;
	}
	judge_vip(judgement, "vip-owner", SEVERITY_VIOLATION,
	    arena_format(judgement->arena, "%u MACs answer who-has %s: %s%s",
		owner_count(audit, vip), judgement->vip, list, told),
	    director != NONE         ? ""
	    : only_named(audit, vip) ? remedy_director(judgement->arena, judgement->vip)
				     : "# which of them is the director can't be told by ARP; "
				       "name it: --director IP|MAC",
	    NULL);
}

static void
judge_sole(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct claimant *owner = &of->claimant[i];

		if (!claimant_is_owner(owner))
			continue;
		if (owner_may_be_director(audit, vip, i)) {
			judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
			    arena_format(judgement->arena,
				"%s answers who-has %s: a VRRP virtual router, and no "
				"advertisement told whether a director that was named is its "
				"master",
				claimant_name(audit, judgement->arena, owner), judgement->vip),
			    "# if it is, name its MAC as well: --director MAC", &owner->evidence);
			continue;
		}
		if (owner_may_be_unheard_director(audit, vip, i)) {
			judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
			    arena_format(judgement->arena,
				"%s answers who-has %s, and the director that was named does not "
				"answer for its own address: too much gets lost to tell whether "
				"it is the same",
				claimant_name(audit, judgement->arena, owner), judgement->vip),
			    "# audit again, or name the director's MAC: --director MAC",
			    &owner->evidence);
			continue;
		}
		judge_vip(judgement, "vip-owner", SEVERITY_VIOLATION,
		    audit->cluster->director_count > 0
			? arena_format(judgement->arena,
			      "%s answers who-has %s, and is not the director that was named",
			      claimant_name(audit, judgement->arena, owner), judgement->vip)
			: arena_format(judgement->arena,
			      "only the listed real server %s answers who-has %s",
			      claimant_name(audit, judgement->arena, owner), judgement->vip),
		    audit->cluster->director_count > 0
			? "# if it should be the owner, name it: --director IP|MAC"
			: "# if it is the director as well (LocalNode), name it: --director IP|MAC",
		    &owner->evidence);
	}
}

/* A further owner that is no host of the plan is asked by broadcast alone, and nothing shows that
 * it heard. Of an audit that was cut short, or that lost captures, others tell. */
static void
judge_missed(const struct audit *audit, struct vip_judgement *judgement)
{
	if (owners_are_sure(audit) || audit->hosts_done < audit->host_count || audit->vips_due ||
	    audit->vips_void > VOIDS_MAX)
		return;
	judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
	    arena_format(judgement->arena,
		"an owner that is none of the hosts may have been missed: with %.0f %% of the "
		"broadcast exchanges lost, %u rounds of who-has %s leave a chance of %.1e",
		100 * loss_estimate(&audit->loss[PATH_BROADCAST]), owner_rounds(audit),
		judgement->vip, owner_bound(audit)),
	    "# look for what loses frames; where few hosts answer, name more of them (--rs) to "
	    "measure the loss by",
	    NULL);
}

/* Two masters of one virtual router have the same MAC: by who-has alone they are one owner. */
static void
judge_masters(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];
	char master[ADDRESS_TEXT_SIZE], former[ADDRESS_TEXT_SIZE];
	const char *both = arena_format(judgement->arena, "%s and %s",
	    address_format(&of->former_master, former), address_format(&of->master, master));

	if (!master_owns(audit, vip))
		return;
	if (of->masters_contend)
		judge_vip(judgement, "vip-owner", SEVERITY_VIOLATION,
		    arena_format(judgement->arena,
			"%s advertise %s by VRRP in turn: the virtual router has two masters, with "
			"one MAC",
			both, judgement->vip),
		    remedy_director(judgement->arena, judgement->vip), NULL);
	else if (master_is_doubled(audit, vip))
		judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"a virtual router's MAC answers who-has %s more often than it is asked: "
			"two masters with one MAC, or a network that doubles frames",
			judgement->vip),
		    "# on the directors, see how many of them are master (split brain?)", NULL);
	else if (master_handed_over(audit, vip))
		judge_vip(judgement, "hand-over", SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"%s handed the virtual router of %s over to %s while the audit ran", former,
			judgement->vip, master),
		    "", NULL);
	else if (address_is_set(&of->former_master))
		judge_vip(judgement, "vip-owner", SEVERITY_INCONCLUSIVE,
		    arena_format(judgement->arena,
			"%s have advertised %s by VRRP, and nothing shows that the former has "
			"given it up: a hand-over, or two masters with one MAC",
			both, judgement->vip),
		    "# audit again: after a hand-over only one of them still advertises", NULL);
}

static void
judge_restoration(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];

	if (!of->leaked)
		return;
	if (!of->leak_open)
		judge_vip(judgement, "owner-restored", SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"a real server's request, provoked by this audit, claimed %s; the owner "
			"has since broadcast its own claim",
			judgement->vip),
		    "", NULL);
	else if (owner_count(audit, vip) == 0)
		judge_vip(judgement, "owner-restored", SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"a real server's request, provoked by this audit, claimed %s, and there is "
			"no owner to claim it back",
			judgement->vip),
		    "", NULL);
	else
		judge_vip(judgement, "owner-restored", SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"a real server's request, provoked by this audit, claimed %s, and the "
			"owner was not heard to claim it back",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on the director (IF: its interface):\narping -c 1 -U -I IF %s",
			judgement->vip),
		    NULL);
}

/* With nobody named, a lone leaking server whose director is down looks just the same; and one that
 * answers connections itself all the more. */
static void
judge_assumption(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	enum director_proof proof;
	const uint32_t director = owner_director(audit, vip, &proof);
	const struct claimant *owner = &audit->vips[vip].claimant[director == NONE ? 0 : director];
	const char *doubt = "";

	if (director == NONE || proof != DIRECTOR_SOLE_OWNER || !audit->cluster->discover)
		return;
	if (owner->signature.own > 0 && claimant_has_no_signature(audit, owner))
		doubt = arena_format(judgement->arena,
		    "; it answers connections to port %u itself, as a real server does",
		    audit->vips[vip].port);
	judge_vip(judgement, "vip-owner", SEVERITY_NOTE,
	    arena_format(judgement->arena,
		"%s is taken for the director, since it alone answers who-has %s%s",
		claimant_name(audit, judgement->arena, owner), judgement->vip, doubt),
	    "# to be sure that it is, name the director: --director IP|MAC", NULL);
}

/* LocalNode, where nobody said so. */
static void
judge_local_node(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	enum director_proof proof;
	const uint32_t director = owner_director(audit, vip, &proof);

	if (director == NONE || proof == DIRECTOR_NAMED ||
	    !owner_is_listed(audit, &audit->vips[vip].claimant[director]))
		return;
	judge_vip(judgement, "local-node", SEVERITY_NOTE,
	    arena_format(judgement->arena, "the listed real server %s %s",
		claimant_name(audit, judgement->arena, &audit->vips[vip].claimant[director]),
		proof_text(proof)),
	    "", NULL);
}

static void
judge(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const uint32_t owners = owner_count(audit, vip);

	if (owners == 0)
		judge_no_owner(audit, judgement);
	else if (owners > 1)
		judge_several(audit, vip, judgement);
	else if (owner_director(audit, vip, NULL) == NONE)
		judge_sole(audit, vip, judgement);
	if (owners == 1) {
		judge_missed(audit, judgement);
		judge_masters(audit, vip, judgement);
	}
	judge_claimants(audit, vip, judgement);
	judge_assumption(audit, vip, judgement);
	judge_local_node(audit, vip, judgement);
	judge_restoration(audit, vip, judgement);
	if (!audit_hears_proxies(audit))
		judge_vip(judgement, "no-linger", SEVERITY_NOTE,
		    "proxy-arp was not asked for: with so short a --linger nothing is said of "
		    "hosts that "
		    "proxy ARP, whose answers are held back",
		    "", NULL);
	if (!audit->settings->elicit)
		judge_vip(judgement, "no-elicit", SEVERITY_NOTE,
		    "vip-source and vip-bound were not asked for: nothing is said of arp_announce, "
		    "nor of whether the hosts hold the VIP",
		    "", NULL);
}

const struct check check_vip_owner = {.id = CHECK_COUNT, .judge_vip = judge};
