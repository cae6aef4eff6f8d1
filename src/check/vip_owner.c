/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * vip-owner: exactly one MAC answers for the VIP, and it is the director's.
 *
 * By ARP alone a director and a leaking real server look the same. Which of several owners is the
 * director is told by owner_director(), or not at all: then all of them are claimants.
 */
#include "arpaudit/judge.h"

static const char *
describe(struct vip_judgement *judgement, const struct claimant *claimant)
{
	char mac[MAC_TEXT_SIZE], ip[ADDRESS_TEXT_SIZE];

	mac_format(&claimant->mac, mac);
	if (!address_is_set(&claimant->ip))
		return arena_format(judgement->arena, "%s", mac);
	return arena_format(judgement->arena, "%s (%s)", mac, address_format(&claimant->ip, ip));
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
		    "# see whether this is the right interface, VLAN and address range (-i, -r)",
		    NULL);
	else
		judge_vip(judgement, "vip-owner", SEVERITY_VIOLATION,
		    arena_format(judgement->arena, "nobody answers who-has %s: it has no owner",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on the director, see whether it holds the VIP:\nip -4 addr show to %s",
			judgement->vip),
		    NULL);
}

static void
judge_several(
    const struct audit *audit, uint32_t vip, uint32_t director, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];
	const char *list = "";

	for (uint32_t i = 0; i < of->claimant_count; i++)
		if (claimant_is_owner(&of->claimant[i]))
			list = arena_format(judgement->arena, "%s%s%s", list,
			    *list == '\0' ? "" : ", ", describe(judgement, &of->claimant[i]));
	judge_vip(judgement, "vip-owner", SEVERITY_VIOLATION,
	    arena_format(judgement->arena, "%u MACs answer who-has %s: %s", owner_count(audit, vip),
		judgement->vip, list),
	    director != NONE ? ""
			     : "# which of them is the director can't be told by ARP; name it: "
			       "--director IP|MAC",
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
				"advertisement "
				"told whether a director that was named is its master",
				describe(judgement, owner), judgement->vip),
			    "# if it is, name its MAC as well: --director MAC", &owner->evidence);
			continue;
		}
		judge_vip(judgement, "vip-owner", SEVERITY_VIOLATION,
		    audit->cluster->director_count > 0
			? arena_format(judgement->arena,
			      "%s answers who-has %s, and is not the director that was named",
			      describe(judgement, owner), judgement->vip)
			: arena_format(judgement->arena,
			      "only the listed real server %s answers who-has %s",
			      describe(judgement, owner), judgement->vip),
		    audit->cluster->director_count > 0
			? "# if it should be the owner, name it: --director IP|MAC"
			: "# if it is the director as well (LocalNode), name it: --director IP|MAC",
		    &owner->evidence);
	}
}

/* Claimants that are neither the director nor any host of the plan. */
static void
judge_unlisted(
    const struct audit *audit, uint32_t vip, uint32_t director, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		const struct claimant *claimant = &of->claimant[i];

		if (i == director || (claimant->replies == 0 && claimant->requests == 0) ||
		    host_find_mac(audit, &claimant->mac) != NONE)
			continue;
		/* While the director is not known, each owner may be it: vip-owner tells. */
		if (director == NONE && claimant_is_owner(claimant))
			continue;
		judge_vip(judgement, "unlisted-claimant", SEVERITY_VIOLATION,
		    arena_format(judgement->arena,
			"%s claims %s, and is neither the director nor a listed host",
			describe(judgement, claimant), judgement->vip),
		    remedy_unlisted(judgement->arena, judgement->vip, judgement->segment),
		    &claimant->evidence);
	}
	if (of->claimants_lost > 0)
		judge_vip(judgement, "unlisted-claimant", SEVERITY_VIOLATION,
		    arena_format(judgement->arena,
			"more than %d MACs claim %s: %u further claims are not told apart",
			CLAIMANTS_MAX, judgement->vip, of->claimants_lost),
		    "", NULL);
}

static void
judge_restoration(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const struct vip *of = &audit->vips[vip];

	if (!of->leaked)
		return;
	if (of->restore == RESTORED)
		judge_vip(judgement, "owner-restored", SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"a real server's request, provoked by this audit, claimed %s; the owner "
			"has "
			"since broadcast its own claim",
			judgement->vip),
		    "", NULL);
	else
		judge_vip(judgement, "owner-restored", SEVERITY_NOTE,
		    arena_format(judgement->arena,
			"a real server's request, provoked by this audit, claimed %s, and the "
			"owner "
			"was not heard to claim it back",
			judgement->vip),
		    arena_format(judgement->arena,
			"# on the director (IF: its interface):\narping -c 1 -U -I IF %s",
			judgement->vip),
		    NULL);
}

/* With nobody named, a lone leaking server whose director is down looks just the same. */
static void
judge_assumption(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	enum director_proof proof;
	const uint32_t director = owner_director(audit, vip, &proof);

	if (director == NONE || proof != DIRECTOR_SOLE_OWNER || !audit->cluster->discover)
		return;
	judge_vip(judgement, "vip-owner", SEVERITY_NOTE,
	    arena_format(judgement->arena,
		"%s is taken for the director, since it alone answers who-has %s",
		describe(judgement, &audit->vips[vip].claimant[director]), judgement->vip),
	    "# to be sure that it is, name the director: --director IP|MAC", NULL);
}

static void
judge(const struct audit *audit, uint32_t vip, struct vip_judgement *judgement)
{
	const uint32_t owners = owner_count(audit, vip);
	const uint32_t director = owner_director(audit, vip, NULL);

	if (owners == 0)
		judge_no_owner(audit, judgement);
	else if (owners > 1)
		judge_several(audit, vip, director, judgement);
	else if (director == NONE)
		judge_sole(audit, vip, judgement);
	judge_unlisted(audit, vip, director, judgement);
	judge_assumption(audit, vip, judgement);
	judge_restoration(audit, vip, judgement);
	if (!audit->settings->elicit)
		judge_vip(judgement, "no-elicit", SEVERITY_NOTE,
		    "vip-source and vip-bound were not asked for: nothing is said of arp_announce, "
		    "nor of whether the hosts hold the VIP",
		    "", NULL);
}

const struct check check_vip_owner = {.id = CHECK_COUNT, .judge_vip = judge};
