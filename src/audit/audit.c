/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The engine's life cycle, and what becomes of a captured frame.
 */
#include "arpaudit/audit.h"

#include <stdlib.h>
#include <string.h>

#include "arpaudit/engine.h"

static bool
init(struct audit *audit, uint64_t now_us)
{
	const struct plan_cluster *cluster = audit->cluster;

	audit->vip_count = (uint32_t)cluster->vip_count;
	audit->vips = calloc(audit->vip_count, sizeof(*audit->vips));
	if (audit->vips == NULL)
		return false;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++) {
		audit->vips[vip].address = cluster->vips[vip].address;
		audit->vips[vip].port = cluster->vips[vip].port;
		audit->vips[vip].protocol = cluster->vips[vip].protocol;
		audit->vips[vip].restore_decoy = audit->vips[vip].restore_owner = NONE;
	}
	if (!hosts_init(audit) || !decoys_init(audit) || !send_init(audit))
		return false;
	infer_init(audit);
	audit->kept_capacity = 2 * audit->host_count * audit->vip_count;
	audit->kept = calloc(audit->kept_capacity + 1, sizeof(*audit->kept));
	if (audit->kept == NULL)
		return false;
	schedule_start(audit, now_us);
	return true;
}

struct audit *
audit_new(const struct plan_cluster *cluster, const struct plan_settings *settings,
    const struct audit_segment *segment, uint64_t seed, uint64_t now_us, struct error *error)
{
	struct audit *audit = calloc(1, sizeof(*audit));

	if (audit == NULL) {
		error_set(error, EXIT_CANNOT_RUN, "out of memory");
		return NULL;
	}
	audit->cluster = cluster;
	audit->settings = settings;
	audit->segment = *segment;
	audit->source = address_is_set(&cluster->source) ? cluster->source : segment->own.address;
	audit->random.state = seed;
	audit->vips_wanted = VIP_BROADCASTS;
	audit->started_us = now_us;
	if (!init(audit, now_us)) {
		error_set(error, EXIT_CANNOT_RUN,
		    "out of memory for %zu hosts and %zu VIPs: audit fewer at a time",
		    cluster->host_count, cluster->vip_count);
		audit_free(audit);
		return NULL;
	}
	return audit;
}

void
audit_free(struct audit *audit)
{
	if (audit == NULL)
		return;
	hosts_free(audit);
	send_free(audit);
	free(audit->decoys);
	free(audit->vips);
	free(audit->kept);
	free(audit);
}

void
keep_evidence(
    struct audit *audit, struct kept_frame **slot, uint64_t now_us, const struct capture *capture)
{
	if (*slot == NULL) {
		if (audit->kept_count == audit->kept_capacity)
			return;
		*slot = &audit->kept[audit->kept_count++];
	}
	if ((*slot)->length > 0)
		return;
	(*slot)->time_us = capture->time_us != 0 ? capture->time_us : now_us;
	(*slot)->number = capture->number;
	(*slot)->length =
	    (uint16_t)(capture->length < EVIDENCE_OCTETS ? capture->length : EVIDENCE_OCTETS);
	memcpy((*slot)->bytes, capture->bytes, (*slot)->length);
}

/* A source that is not the interface's own is borrowed, so nobody else answers for it to a host
 * that was made to ask. */
static void
observe_borrowed(struct audit *audit, const struct frame_arp *arp)
{
	struct frame frame;

	if (arp->operation != ARP_REQUEST || !address_equal(&arp->tpa, &audit->source) ||
	    !source_is_borrowed(audit) || host_find_mac(audit, &arp->sha) == NONE)
		return;
	probe_answer(audit, &audit->source, &arp->sha, &arp->spa, &frame);
	send_push(audit, LANE_URGENT, &frame, PURPOSE_NONE, NONE);
}

static void
receive_arp(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const struct frame_arp *arp = &capture->frame.arp;
	const uint32_t host = host_find(audit, &arp->spa);

	/* The probe's own kernel may speak for its own address; nobody else for one given with
	 * --source. */
	if (address_equal(&arp->spa, &audit->source) && source_is_borrowed(audit))
		audit->source_owner = arp->sha;
	restore_observe(audit, now_us, capture);
	observe_borrowed(audit, arp);
	/* Only what was sent to the probe answers the probe. */
	if (host != NONE && arp->operation == ARP_REPLY &&
	    mac_equal(&capture->frame.destination, &audit->segment.mac))
		schedule_answered(audit, host, now_us, arp);
}

static void
observe(struct audit *audit, const struct mac *mac, uint64_t now_us, const struct capture *capture)
{
	uint32_t host = host_find_mac(audit, mac);

	while (host != NONE) {
		for (size_t i = 0; checks[i] != NULL; i++)
			if (checks[i]->observe != NULL)
				checks[i]->observe(audit, host, now_us, capture);
		host = host_next_with_mac(audit, host, mac);
	}
}

/* No host has a zero or a group MAC, and nobody else has the probe's. */
static bool
is_sound(const struct audit *audit, const struct frame_arp *arp)
{
	return !mac_equal(&arp->sha, &mac_zero) && !mac_is_multicast(&arp->sha) &&
	       !mac_equal(&arp->sha, &audit->segment.mac);
}

void
audit_receive(struct audit *audit, uint64_t now_us, const struct capture *capture)
{
	const struct frame *frame = &capture->frame;

	if (mac_equal(&frame->source, &audit->segment.mac) || frame->vlan != audit->cluster->vlan)
		return;
	if (frame->kind == FRAME_ARP && !is_sound(audit, &frame->arp))
		return;
	if (frame->kind == FRAME_ARP)
		host_asked(audit, &frame->arp);
	claim_observe(audit, now_us, capture);
	decoys_observe(audit, now_us, capture);
	if (frame->kind == FRAME_ARP)
		receive_arp(audit, now_us, capture);
	signature_observe(audit, now_us, capture);
	observe(audit, &frame->source, now_us, capture);
	/* A claim is the business of the host that it names, whoever sent it. */
	if (frame->kind == FRAME_ARP && !mac_equal(&frame->source, &frame->arp.sha))
		observe(audit, &frame->arp.sha, now_us, capture);
}

static uint64_t
linger_until_us(const struct audit *audit)
{
	const uint64_t lingered_us = audit->last_question_us + audit->settings->linger_us;
	/* Even without lingering the last question may be answered; and so may one ahead of the
	 * last fence, where frames pass each other. */
	const uint64_t asked_us = audit->last_question_us > audit->last_fence_us
				      ? audit->last_question_us
				      : audit->last_fence_us;
	const uint64_t answered_us = asked_us + round_trip_timeout_us(&audit->round_trip, 0);

	return lingered_us > answered_us ? lingered_us : answered_us;
}

static uint64_t
deadline_us(const struct audit *audit)
{
	return audit->settings->timeout_us == 0 ? UINT64_MAX
						: audit->started_us + audit->settings->timeout_us;
}

/* Everything but the lingering. */
static bool
is_quiet(const struct audit *audit)
{
	if (audit->hosts_done < audit->host_count || audit->vips_wanted > 0 || audit->vips_due ||
	    !audit->decoys_decided)
		return false;
	for (size_t lane = 0; lane < LANES; lane++)
		if (audit->ring[lane].count > 0)
			return false;
	for (uint32_t vip = 0; vip < audit->vip_count; vip++)
		if (restore_pending(audit, vip) || !owners_decided(audit, vip))
			return false;
	return true;
}

bool
audit_hears_proxies(const struct audit *audit)
{
	return audit->settings->linger_us >= PROXY_DELAY_US;
}

struct loss
audit_loss(const struct audit *audit)
{
	return (struct loss){
	    .answered = audit->loss[PATH_BROADCAST].answered + audit->loss[PATH_UNICAST].answered,
	    .lost = audit->loss[PATH_BROADCAST].lost + audit->loss[PATH_UNICAST].lost,
	};
}

bool
audit_completed(const struct audit *audit, uint64_t now_us)
{
	return is_quiet(audit) && now_us >= linger_until_us(audit);
}

bool
audit_source_is_used(const struct audit *audit, struct mac *owner)
{
	if (owner != NULL)
		*owner = audit->source_owner;
	return !mac_equal(&audit->source_owner, &mac_zero);
}

bool
audit_finished(const struct audit *audit, uint64_t now_us)
{
	return now_us >= deadline_us(audit) || audit_completed(audit, now_us) ||
	       audit_source_is_used(audit, NULL);
}

uint64_t
audit_wakeup_us(const struct audit *audit, uint64_t now_us)
{
	uint64_t wakeup_us = send_due_us(audit);
	const uint64_t deadline = deadline_us(audit);

	if (is_quiet(audit) && linger_until_us(audit) < wakeup_us)
		wakeup_us = linger_until_us(audit);
	if (deadline < wakeup_us)
		wakeup_us = deadline;
	return wakeup_us > now_us ? wakeup_us : now_us;
}

struct audit_progress
audit_progress(const struct audit *audit)
{
	return (struct audit_progress){
	    .hosts = audit->host_count,
	    .hosts_done = audit->hosts_done,
	    .frames_sent = audit->frames_sent,
	};
}
