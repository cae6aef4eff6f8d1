/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Who claims a VIP, and which of the claimants is its director.
 */
#include "arpaudit/engine.h"

uint32_t
vip_find(const struct audit *audit, const struct address *address)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (address_equal(&audit->vips[vip].address, address))
			return vip;
	return NONE;
}

static struct claimant *
claimant_find(struct vip *vip, const struct mac *mac)
{
	for (uint32_t i = 0; i < vip->claimant_count; i++)
		if (mac_equal(&vip->claimant[i].mac, mac))
			return &vip->claimant[i];
	return NULL;
}

static struct claimant *
claimant_add(struct vip *vip, const struct mac *mac)
{
	struct claimant *claimant = claimant_find(vip, mac);

	if (claimant != NULL)
		return claimant;
	if (vip->claimant_count == CLAIMANTS_MAX) {
		vip->claimants_lost++;
		return NULL;
	}
	vip->director_known = false;
	claimant = &vip->claimant[vip->claimant_count++];
	*claimant = (struct claimant){.mac = *mac};
	return claimant;
}

/* A sender address that is not the VIP is the claimant's own. */
static void
observe_own_address(struct audit *audit, const struct frame_arp *arp)
{
	if (!address_is_unicast(&arp->spa) || decoy_find(audit, &arp->spa) != NONE)
		return;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct claimant *claimant = claimant_find(&audit->vips[vip], &arp->sha);

		if (claimant != NULL && !address_is_set(&claimant->ip))
			claimant->ip = arp->spa;
	}
}

static void
observe_claim(struct audit *audit, uint32_t vip, uint64_t now_us, const struct capture *capture)
{
	const struct frame_arp *arp = &capture->frame.arp;
	struct claimant *claimant = claimant_add(&audit->vips[vip], &arp->sha);
	struct kept_frame *evidence;

	if (claimant == NULL)
		return;
	evidence = &claimant->evidence;
	if (claimant->replies == 0)
		audit->vips[vip].director_known = false;
	if (arp->operation == ARP_REQUEST)
		claimant->requests++;
	else
		claimant->replies++;
	keep_evidence(audit, &evidence, now_us, capture);
}

/* RFC 5798 section 5.1: the advertisement lists the addresses of the virtual router. */
static void
observe_vrrp(struct audit *audit, const struct capture *capture)
{
	const struct frame_ip *ip = &capture->frame.ip;

	for (size_t i = 0; i < ip->vrrp.address_count; i++) {
		struct address address = {.family = ADDRESS_IPV4};

		for (size_t octet = 0; octet < 4; octet++)
			address.octet[octet] = ip->vrrp.addresses[4 * i + octet];
		const uint32_t vip = vip_find(audit, &address);
		struct claimant *claimant =
		    vip == NONE ? NULL : claimant_add(&audit->vips[vip], &capture->frame.source);

		if (claimant != NULL) {
			claimant->vrrp = true;
			claimant->ip = ip->source;
			audit->vips[vip].director_known = false;
		}
	}
}

void
owner_observe(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	if (capture->frame.kind == FRAME_VRRP) {
		observe_vrrp(audit, capture);
		return;
	}
	if (capture->frame.kind != FRAME_ARP)
		return;
	const uint32_t vip = vip_find(audit, &capture->frame.arp.spa);

	if (vip != NONE)
		observe_claim(audit, vip, now_us, capture);
	else
		observe_own_address(audit, &capture->frame.arp);
}

bool
claimant_is_owner(const struct claimant *claimant)
{
	return claimant->replies > 0;
}

uint32_t
owner_count(const struct audit *audit, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];
	uint32_t count = 0;

	for (uint32_t i = 0; i < of->claimant_count; i++)
		count += claimant_is_owner(&of->claimant[i]);
	return count;
}

void
owner_host_found(struct audit *audit, uint32_t host, const struct mac *mac)
{
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		struct claimant *claimant = claimant_find(&audit->vips[vip], mac);
		struct pair *pair = pair_of(audit, host, vip);

		if (claimant == NULL)
			continue;
		audit->vips[vip].director_known = false;
		if (claimant->replies > 0) {
			pair->replied = true;
			pair->reply_evidence = &claimant->evidence;
		}
		if (claimant->requests > 0) {
			pair->source = SOURCE_VIP;
			pair->source_evidence = &claimant->evidence;
		}
	}
}

static bool
is_listed(const struct audit *audit, const struct mac *mac)
{
	for (uint32_t host = host_find_mac(audit, mac); host != NONE;
	     host = host_next_with_mac(audit, host, mac))
		if (audit->hosts[host].listed)
			return true;
	return false;
}

/* By its MAC, by the MAC of its address, or by advertising the VIP from its address (as keepalived
 * does with use_vmac, where the virtual router's MAC answers). */
static bool
is_named(const struct audit *audit, const struct claimant *claimant)
{
	const struct plan_cluster *cluster = audit->cluster;

	for (size_t i = 0; i < cluster->director_count; i++) {
		const struct plan_director *director = &cluster->directors[i];

		if (!address_is_set(&director->address)) {
			if (mac_equal(&director->mac, &claimant->mac))
				return true;
			continue;
		}
		const uint32_t host = host_find(audit, &director->address);

		if ((host != NONE && host_has_mac(&audit->hosts[host], &claimant->mac)) ||
		    (claimant->vrrp && address_equal(&director->address, &claimant->ip)))
			return true;
	}
	return false;
}

static bool
has_vrrp_mac(const struct audit *audit, const struct claimant *claimant)
{
	(void)audit;
	return mac_vrrp_vrid(&claimant->mac) != 0;
}

static bool
advertises(const struct audit *audit, const struct claimant *claimant)
{
	(void)audit;
	return claimant->vrrp;
}

static bool
is_unlisted(const struct audit *audit, const struct claimant *claimant)
{
	return !is_listed(audit, &claimant->mac);
}

/* The only owner for which the test holds; NONE when it holds for none or for several. */
static uint32_t
only_owner(const struct audit *audit, uint32_t vip,
    bool (*test)(const struct audit *, const struct claimant *))
{
	const struct vip *of = &audit->vips[vip];
	uint32_t found = NONE;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		if (!claimant_is_owner(&of->claimant[i]) || !test(audit, &of->claimant[i]))
			continue;
		if (found != NONE)
			return NONE;
		found = i;
	}
	return found;
}

static uint32_t
find_director(const struct audit *audit, uint32_t vip, enum director_proof *proof)
{
	static const struct {
		enum director_proof proof;
		bool (*test)(const struct audit *, const struct claimant *);
	} tests[] = {
	    {DIRECTOR_NAMED, is_named},
	    {DIRECTOR_VRRP_MAC, has_vrrp_mac},
	    {DIRECTOR_VRRP_ADVERTISEMENT, advertises},
	    {DIRECTOR_SOLE_OWNER, is_unlisted},
	};
	/* Who names directors wants those: nothing else makes another one expected. */
	const size_t count =
	    audit->cluster->director_count > 0 ? 1 : sizeof(tests) / sizeof(tests[0]);

	for (size_t i = 0; i < count; i++) {
		if (tests[i].proof == DIRECTOR_SOLE_OWNER && owner_count(audit, vip) != 1)
			break;
		const uint32_t director = only_owner(audit, vip, tests[i].test);

		*proof = tests[i].proof;
		if (director != NONE)
			return director;
	}
	*proof = DIRECTOR_UNKNOWN;
	return NONE;
}

uint32_t
owner_director(const struct audit *audit, uint32_t vip, enum director_proof *proof)
{
	struct vip *of = &audit->vips[vip];

	if (!of->director_known) {
		enum director_proof found;

		of->director = find_director(audit, vip, &found);
		of->director_proof = (uint8_t)found;
		of->director_known = true;
	}
	if (proof != NULL)
		*proof = (enum director_proof)of->director_proof;
	return of->director;
}

bool
owner_may_be_director(const struct audit *audit, uint32_t vip, uint32_t claimant)
{
	const struct plan_cluster *cluster = audit->cluster;

	for (size_t i = 0; i < cluster->director_count; i++)
		if (!address_is_set(&cluster->directors[i].address))
			return false;
	return cluster->director_count > 0 && owner_count(audit, vip) == 1 &&
	       owner_director(audit, vip, NULL) == NONE &&
	       mac_vrrp_vrid(&audit->vips[vip].claimant[claimant].mac) != 0;
}

uint32_t
owner_to_restore(const struct audit *audit, uint32_t vip)
{
	const uint32_t director = owner_director(audit, vip, NULL);

	return director != NONE ? director : only_owner(audit, vip, is_unlisted);
}

bool
host_is_director(const struct audit *audit, uint32_t host, uint32_t vip)
{
	const uint32_t director = owner_director(audit, vip, NULL);

	return director != NONE &&
	       host_has_mac(&audit->hosts[host], &audit->vips[vip].claimant[director].mac);
}
