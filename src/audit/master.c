/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The virtual router that advertises a VIP by VRRP, and which machine is its master.
 *
 * The virtual router's MAC belongs to no machine for good: it is on the segment by that of the
 * master, whose own MAC is another one, and who is known by the source of its advertisements.
 * Packets for the VIP that the master answers leave by its own MAC, as keepalived's do with
 * use_vmac: so it asks for a decoy as the VIP with a MAC that is not the virtual router's, and is
 * no thief for that. Until it is known who the master is, nobody who may be is elicited: the audit
 * listens for as long as an advertisement should take.
 *
 * And two masters with one MAC look like one owner to who asks who has the VIP. They are told by
 * their advertisements, or by answering each question twice.
 */
#include "arpaudit/engine.h"

/* Advertisements come once a second unless told otherwise (RFC 5798 section 5.2.7). */
#define LISTEN_US   1200000
#define INTERVAL_US 1000000
/* A master that was not heard for that many of its intervals is down (section 6.1). */
#define INTERVALS_DOWN 3
/* A master that is preempted may advertise once more before it hears of it. */
#define CROSSING_US 20000
/* Answers of one MAC to so many questions; two machines give twice as many. */
#define QUESTIONS_MIN 4

void
master_start(struct audit *audit, uint64_t now_us)
{
	task_schedule(audit, LANE_UNICAST, task_master(audit), now_us + LISTEN_US);
}

void
master_run(struct audit *audit, uint64_t now_us)
{
	audit->masters_listened = true;
	for (uint32_t i = 0; i < audit->host_count; i++) {
		if (!audit->hosts[i].waiting)
			continue;
		schedule_waiting(audit, now_us);
		return;
	}
}

/* Who answers from now on may be another machine. */
static void
count_anew(struct vip *vip)
{
	vip->broadcasts_asked = 0;
	for (uint32_t i = 0; i < vip->claimant_count; i++) {
		vip->claimant[i].unicasts_asked = 0;
		vip->claimant[i].answers_before = vip->claimant[i].claims[CLAIM_ANSWER];
	}
}

static void
note_change(struct vip *vip, uint64_t now_us)
{
	const bool down =
	    now_us >= vip->master_heard_us + INTERVALS_DOWN * (uint64_t)vip->master_interval_us;
	const bool orderly = vip->master_resigned || down;

	/* A, B, A; or it is C, but B was there a moment ago. */
	if (address_is_set(&vip->former_master) && !orderly)
		vip->masters_contend = true;
	vip->master_handed_over =
	    orderly && (!address_is_set(&vip->former_master) || vip->master_handed_over);
	vip->master_fell_silent = vip->master_fell_silent || !vip->master_resigned;
	vip->former_master = vip->master;
	vip->master_changed_us = now_us;
	count_anew(vip);
}

/* RFC 5798 section 5.1: the advertisement lists the addresses of the virtual router. One of
 * priority 0 says that its sender is giving them up (section 5.2.4). */
void
master_observe(struct audit *audit, uint32_t vip, uint64_t now_us, const struct frame_ip *ip)
{
	struct vip *of = &audit->vips[vip];
	const bool first = !address_is_set(&of->master);

	if (ip->vrrp.priority == 0) {
		if (address_equal(&of->master, &ip->source))
			of->master_resigned = true;
		return;
	}
	/* The former master's last word crossed the first of the one that preempted it. */
	if (!first && address_equal(&of->former_master, &ip->source) &&
	    !address_equal(&of->master, &ip->source) &&
	    now_us < of->master_changed_us + CROSSING_US)
		return;
	if (!first && !address_equal(&of->master, &ip->source))
		note_change(of, now_us);
	of->master = ip->source;
	of->master_resigned = false;
	of->master_heard_us = now_us;
	of->master_interval_us = ip->vrrp.interval_us != 0 ? ip->vrrp.interval_us : INTERVAL_US;
	of->master_vrid = ip->vrrp.vrid;
	for (uint32_t i = 0; i < of->claimant_count; i++)
		master_adopt(of, &of->claimant[i]);
	of->director_known = false;
	if (first)
		schedule_waiting(audit, now_us);
}

/* The advertisements may come from the master's own MAC (keepalived's vmac_xmit_base). */
void
master_adopt(const struct vip *vip, struct claimant *claimant)
{
	if (vip->master_vrid == 0 || mac_vrrp_vrid(&claimant->mac) != vip->master_vrid)
		return;
	claimant->vrrp = true;
	claimant->ip = vip->master;
}

/* The only owner with a virtual router's MAC, NULL when there is none, or several. */
static const struct claimant *
virtual_owner(const struct audit *audit, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];
	const struct claimant *found = NULL;

	for (uint32_t i = 0; i < of->claimant_count; i++) {
		if (!claimant_is_owner(&of->claimant[i]) ||
		    mac_vrrp_vrid(&of->claimant[i].mac) == 0)
			continue;
		if (found != NULL)
			return NULL;
		found = &of->claimant[i];
	}
	return found;
}

bool
master_owns(const struct audit *audit, uint32_t vip)
{
	return virtual_owner(audit, vip) != NULL;
}

bool
master_is_host(const struct audit *audit, uint32_t vip, uint32_t host)
{
	const struct claimant *owner = virtual_owner(audit, vip);

	return owner != NULL && owner->vrrp && address_equal(&owner->ip, &audit->hosts[host].rip);
}

bool
master_was_host(const struct audit *audit, uint32_t vip, uint32_t host, uint64_t at_us)
{
	const struct vip *of = &audit->vips[vip];

	return master_owns(audit, vip) && at_us < of->master_changed_us &&
	       address_equal(&of->former_master, &audit->hosts[host].rip);
}

bool
master_may_be_host(const struct audit *audit, uint32_t vip, uint32_t host)
{
	const struct claimant *owner = virtual_owner(audit, vip);

	return owner != NULL && !owner->vrrp && audit->hosts[host].director;
}

/* Named directors, or anybody where none was named. */
bool
master_pending(const struct audit *audit, uint32_t vip, uint32_t host)
{
	const struct claimant *owner;
	const bool named = audit->cluster->director_count > 0;

	if (audit->masters_listened || owner_count(audit, vip) == 0)
		return false;
	owner = virtual_owner(audit, vip);
	if (owner != NULL)
		return !owner->vrrp && (!named || audit->hosts[host].director);
	/* Without a director a leak could not be undone. */
	return owner_director(audit, vip, NULL) == NONE && !restore_possible(audit, vip);
}

/* So often since its last change. */
static uint32_t
questions(const struct vip *vip, const struct claimant *owner)
{
	return vip->broadcasts_asked + owner->unicasts_asked;
}

bool
master_is_doubled(const struct audit *audit, uint32_t vip)
{
	const struct claimant *owner = virtual_owner(audit, vip);
	const uint32_t asked = owner == NULL ? 0 : questions(&audit->vips[vip], owner);

	return asked >= QUESTIONS_MIN &&
	       owner->claims[CLAIM_ANSWER] - owner->answers_before > asked + asked / 2;
}

/* One that only fell silent may have crashed and hold the VIP all the same: then each question is
 * answered twice. */
bool
master_handed_over(const struct audit *audit, uint32_t vip)
{
	const struct vip *of = &audit->vips[vip];
	const struct claimant *owner = virtual_owner(audit, vip);

	return owner != NULL && of->master_handed_over &&
	       (!of->master_fell_silent || questions(of, owner) >= QUESTIONS_MIN);
}
