/* SPDX-License-Identifier: BSD-2-Clause */
#include "facts_fixture.h"

#include <stdlib.h>

#include "arpaudit/checks.h"
#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/facts/hosts.h"
#include "audit/facts/proxies.h"
#include "audit/facts/routers.h"
#include "audit/facts/vips.h"

struct address
ip(uint8_t last)
{
	return address_ipv4(0x0a4d0000u | last);
}

struct mac
mac(uint8_t last)
{
	if (last >= VIRTUAL)
		return (struct mac){
		    {0x00, 0x00, 0x5e, 0x00, 0x01, (uint8_t)(VRID + last - VIRTUAL)}};
	return (struct mac){{0x02, 0, 0x0a, 0x4d, 0, last}};
}

static void
fill(struct plan_cluster *cluster, const struct fixture_plan *plan)
{
	struct error error = {0};

	assert_true(
	    plan_add_vips(cluster, plan->vips != NULL ? plan->vips : "10.77.0.100", &error));
	cluster->discover = plan->hosts == NULL;
	cluster->owner = plan->owner;
	assert_true(plan->hosts == NULL || plan_add_hosts(cluster, plan->hosts, &error));
	assert_true(
	    plan->directors == NULL || plan_add_directors(cluster, plan->directors, &error));
	assert_true(plan->decoys == NULL || plan_add_decoys(cluster, plan->decoys, &error));
	assert_true(plan->source == NULL || plan_set_source(cluster, plan->source, &error));
	assert_true(plan_check(cluster, &error));
}

struct fixture *
fixture_new(const struct fixture_plan *plan)
{
	struct fixture *fixture = calloc(1, sizeof(*fixture));
	struct audit_segment segment = {
	    .interface = "eth0",
	    .mac = mac(PROBE),
	    .own = {.address = ip(PROBE), .length = plan->length != 0 ? plan->length : 24},
	    .elicit_port = 61234,
	    .used = plan->used,
	    .decoy_class = plan->decoy_class,
	};
	struct plan_cluster *cluster;
	struct error error = {0};

	assert_non_null(fixture);
	if (plan->has_no_address)
		segment.own = (struct prefix){.length = 0};
	plan_init(&fixture->plan);
	cluster = plan_add_cluster(&fixture->plan, "test");
	assert_non_null(cluster);
	fill(cluster, plan);
	assert_true(plan_fit(cluster, &segment.own, &error));
	assert_true(facts_init(&fixture->facts, cluster, &fixture->plan.settings, &segment,
	    check_table.checks, plan->seed));
	fixture->now_us = START_US;
	return fixture;
}

void
fixture_free(struct fixture *fixture)
{
	facts_free(&fixture->facts);
	plan_free(&fixture->plan);
	free(fixture);
}

uint32_t
host_at(const struct fixture *fixture, uint8_t last)
{
	const struct address rip = ip(last);
	const uint32_t host = host_find(&fixture->facts, &rip);

	if (host == NONE)
		fail_msg("no host 10.77.0.%u", last);
	return host;
}

uint32_t
claimant_index(const struct fixture *fixture, uint8_t last)
{
	const struct mac of = mac(last);

	for (uint32_t i = 0; i < claims_count(&fixture->facts, 0); i++)
		if (mac_equal(&claimant_of(&fixture->facts, 0, i)->mac, &of))
			return i;
	fail_msg("%u is no claimant", last);
	return NONE;
}

const struct claimant *
claimant_at(const struct fixture *fixture, uint8_t last)
{
	return claimant_of(&fixture->facts, 0, claimant_index(fixture, last));
}

struct frame
reply_of(uint8_t by, uint8_t spa)
{
	return (struct frame){
	    .kind = FRAME_ARP,
	    .source = mac(by),
	    .destination = mac(PROBE),
	    .arp = {.operation = ARP_REPLY,
		.sha = mac(by),
		.spa = ip(spa),
		.tha = mac(PROBE),
		.tpa = ip(PROBE)},
	};
}

struct frame
request_of(uint8_t by, uint8_t spa, uint8_t tpa)
{
	return (struct frame){
	    .kind = FRAME_ARP,
	    .source = mac(by),
	    .destination = mac_broadcast,
	    .arp = {.operation = ARP_REQUEST, .sha = mac(by), .spa = ip(spa), .tpa = ip(tpa)},
	};
}

struct frame
advertisement_of(struct fixture *fixture, uint8_t by, uint8_t priority)
{
	const struct address *vip = vip_address(&fixture->facts, 0);

	for (size_t i = 0; i < sizeof(fixture->vrrp_addresses); i++)
		fixture->vrrp_addresses[i] = vip->octet[i];
	return (struct frame){
	    .kind = FRAME_VRRP,
	    .source = mac(by),
	    .destination = {{0x01, 0x00, 0x5e, 0x00, 0x00, 0x12}},
	    .ip = {.source = ip(by),
		.destination = address_ipv4(0xe0000012),
		.ttl = 255,
		.vrrp = {.version = 3,
		    .vrid = VRID,
		    .priority = priority,
		    .interval_us = 300000,
		    .address_count = 1,
		    .addresses = fixture->vrrp_addresses}},
	};
}

struct heard
heard_now(struct fixture *fixture, const struct frame *frame)
{
	static const uint8_t bytes[60];

	fixture->capture = (struct capture){
	    .frame = *frame,
	    .bytes = bytes,
	    .length = sizeof(bytes),
	    .wire_length = sizeof(bytes),
	    .number = ++fixture->frames,
	};
	fixture->kept = NULL;
	return heard_classify(&fixture->facts, fixture->now_us, &fixture->capture, &fixture->kept);
}

static void
add_news(struct news *all, struct news news)
{
	if (news.kinds == 0)
		return;
	news.kinds |= all->kinds;
	*all = news;
}

/* As react.c does, so far as it is about facts. */
static void
hear_advertisement_of(struct fixture *fixture, const struct heard *heard, struct news *all)
{
	struct facts *facts = &fixture->facts;
	const struct address address = frame_vrrp_address(&heard->frame->ip, 0);
	const uint32_t vip = vip_find(facts, &address);
	const struct news news = routers_hear(facts, vip, heard);

	if (news_has(&news, NEWS_MASTER_CHANGED)) {
		asked_count_anew(facts, vip);
		claims_count_anew(facts, vip);
	}
	if (news_has(&news, NEWS_MASTER_HEARD))
		claims_adopt_master(facts, vip);
	add_news(all, news);
	add_news(all, claims_hear_advertisement(facts, vip, heard));
}

static void
hear_rip(struct fixture *fixture, const struct heard *heard, struct news *all)
{
	struct facts *facts = &fixture->facts;
	const struct frame_arp *reply = &heard->frame->arp;
	const struct news news = hosts_learn_mac(facts, heard->rip_host, &reply->sha);

	for (uint32_t vip = 0; news.kinds != 0 && vip < vip_count(facts); vip++) {
		const struct claimant *claimant = claimant_find(facts, vip, &reply->sha);

		claims_pass_relayed_to_host(facts, vip, heard->rip_host, &reply->sha);

		if (claimant != NULL)
			claims_pass_to_host(facts, vip, heard->rip_host, claimant);
	}
	add_news(all, news);
	add_news(all, hosts_count_mac(facts, heard->rip_host, &reply->sha));
	(void)hosts_hear_reply(facts, heard->rip_host, reply);
	add_news(all, proxies_hear_reply(facts, heard->rip_host));
}

struct news
hear(struct fixture *fixture, const struct frame *frame)
{
	struct facts *facts = &fixture->facts;
	const struct heard heard = heard_now(fixture, frame);
	struct news news = news_none();

	if (frame->kind == FRAME_VRRP)
		hear_advertisement_of(fixture, &heard, &news);
	else if (heard.arp && heard.vip != NONE)
		add_news(&news, claims_hear(facts, &heard));
	else if (heard.arp) {
		routers_hear_arp(facts, &frame->arp);
		claims_hear_other_address(
		    facts, &heard, decoy_find(facts, &frame->arp.spa) != NONE);
	}
	add_news(&news, decoys_hear_sender(facts, &heard));
	add_news(&news, proxies_hear_decoy(facts, &heard));
	add_news(&news, decoys_hear_target(facts, &heard));
	if (heard.rip_host != NONE && !heard.request &&
	    mac_equal(&frame->destination, &facts->probe.mac)) {
		add_news(&news, proxies_hear_probe_answer(facts, &heard));
		if (reply_is_of_host(facts, &heard))
			hear_rip(fixture, &heard, &news);
	}
	return news;
}

struct news
hear_reply(struct fixture *fixture, uint8_t by, uint8_t spa)
{
	const struct frame frame = reply_of(by, spa);

	return hear(fixture, &frame);
}

struct news
hear_request(struct fixture *fixture, uint8_t by, uint8_t spa, uint8_t tpa)
{
	const struct frame frame = request_of(by, spa, tpa);

	return hear(fixture, &frame);
}

struct news
hear_advertisement(struct fixture *fixture, uint8_t by, uint8_t priority)
{
	const struct frame frame = advertisement_of(fixture, by, priority);

	return hear(fixture, &frame);
}

static void
ask(struct fixture *fixture, const struct mac *destination)
{
	const struct probe *probe = &fixture->facts.probe;
	struct frame frame;

	probe_who_has(probe, vip_address(&fixture->facts, 0), destination, &probe->source, &frame);
	claims_note_question(&fixture->facts, fixture->now_us, &frame);
}

void
ask_all(struct fixture *fixture)
{
	ask(fixture, &mac_broadcast);
}

void
ask_one(struct fixture *fixture, uint8_t of)
{
	const struct mac destination = mac(of);

	ask(fixture, &destination);
}
