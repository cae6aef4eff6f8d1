/* SPDX-License-Identifier: BSD-2-Clause */
#include "facts_play.h"

#include "audit/facts/asked.h"
#include "audit/facts/decoys.h"
#include "audit/facts/inquiries.h"

#define CROWD_FIRST 130

/* The question before it is in time, but does not count: ASK_ALL and ASK_ONE do. */
static void
answer(struct fixture *fixture, uint8_t by)
{
	asked_note_question(&fixture->facts, 0, fixture->now_us, false);
	(void)hear_reply(fixture, by, VIP);
}

static void
defend(struct fixture *fixture, uint8_t by)
{
	struct frame frame = reply_of(by, VIP);

	frame.arp.tpa = address_unspecified(ADDRESS_IPV4);
	asked_note_question(&fixture->facts, 0, fixture->now_us, false);
	(void)hear(fixture, &frame);
}

/* ARP Probes too. */
static void
answer_by_cards(struct fixture *fixture, const struct step *step)
{
	const uint8_t cards[] = {step->by, (uint8_t)step->count};

	for (size_t i = 0; i < 2 * COUNT_OF(cards); i++) {
		struct frame frame = reply_of(cards[i % 2], step->by);

		(void)hear(fixture, &frame);
		frame.arp.tpa = address_unspecified(ADDRESS_IPV4);
		(void)hear(fixture, &frame);
	}
}

static void
sign(struct fixture *fixture, const struct step *step)
{
	struct signature signature = claimant_at(fixture, step->by)->signature;

	signature.forwarded =
	    (uint8_t)(signature.forwarded + (step->action == FORWARD || step->action == PERSIST));
	if (step->action == FORWARD && signature.forwarders < 2)
		signature.forwarders++;
	if (step->action == PERSIST)
		signature.forwarders = 1;
	if (step->action == SHOW)
		signature.self = mac(step->by);
	signature.own = (uint8_t)(signature.own + (step->action == SERVE));
	signature.foreign = (uint8_t)(signature.foreign + (step->action == HAND_ON));
	signature.routes = signature.routes || step->action == ROUTE;
	claims_set_signature(&fixture->facts, 0, claimant_index(fixture, step->by), &signature);
}

static void
miss(struct fixture *fixture, const struct step *step)
{
	inquiry_fence_answered(&fixture->facts, host_at(fixture, step->by),
	    &(struct fence){
		.path = PATH_UNICAST, .spa = SPA_UNSPECIFIED, .tries = (uint8_t)step->count});
}

/* It leaves the questions unanswered that its own addresses would answer, and nothing is lost. */
static void
proxy(struct fixture *fixture, const struct step *step)
{
	struct facts *facts = &fixture->facts;

	facts->asked->kinds_answered |= 1u << SPA_UNSPECIFIED;
	facts->loss[PATH_UNICAST].answered += 1000;
	for (uint32_t i = 0; i < step->count; i++) {
		(void)hear_reply(fixture, step->by, decoy_of(facts, i)->address.octet[3]);
		for (uint32_t k = 0; k < 3; k++)
			decoy_count_telling(facts, i, 0);
	}
}

static void
advertise_virtually(struct fixture *fixture, uint8_t by)
{
	struct frame frame = advertisement_of(fixture, by, 100);

	frame.source = mac(VIRTUAL);
	(void)hear(fixture, &frame);
}

static void
crowd(struct fixture *fixture)
{
	for (uint8_t i = 0; claims_lost(&fixture->facts, 0) == 0; i++)
		(void)hear_request(fixture, (uint8_t)(CROWD_FIRST + i), VIP, 77);
}

static void
fence(struct fixture *fixture)
{
	fixture->facts.loss[PATH_BROADCAST].answered++;
	fixture->facts.loss[PATH_UNICAST].answered++;
}

/* What hosts and claimants do. */
static void
act(struct fixture *fixture, const struct step *step)
{
	switch (step->action) {
	case MEET:
		(void)hear_reply(fixture, step->by, step->by);
		(void)hear_reply(fixture, step->by, step->by);
		break;
	case ANSWER:
		answer(fixture, step->by);
		break;
	case ANSWER_TOO:
		(void)hear_reply(fixture, step->by, VIP);
		break;
	case ANNOUNCE:
		(void)hear_request(fixture, step->by, VIP, VIP);
		break;
	case DEFEND:
		defend(fixture, step->by);
		break;
	case REQUEST:
		(void)hear_request(fixture, step->by, VIP, 77);
		break;
	case ADVERTISE:
		(void)hear_advertisement(fixture, step->by, 100);
		break;
	case ADVERTISE_VIRTUALLY:
		advertise_virtually(fixture, step->by);
		break;
	case REPLY:
		(void)hear_reply(fixture, step->by, step->by);
		break;
	case RESIGN:
		(void)hear_advertisement(fixture, step->by, 0);
		break;
	case FORWARD:
	case PERSIST:
	case SHOW:
	case SERVE:
	case HAND_ON:
	case ROUTE:
		sign(fixture, step);
		break;
	case CROWD:
		crowd(fixture);
		break;
	default:
		fail_msg("no such action: %d", step->action);
	}
}

/* What the audit does, and what comes of it. */
static void
run(struct fixture *fixture, const struct step *step)
{
	struct facts *facts = &fixture->facts;

	switch (step->action) {
	case DONE:
		inquiry_set_stage(facts, host_at(fixture, step->by), STAGE_DONE);
		break;
	case RESOLVE:
		inquiry_count_resolve(facts, host_at(fixture, step->by));
		inquiry_set_stage(facts, host_at(fixture, step->by), STAGE_DONE);
		break;
	case RETIRE:
		claims_set_former(facts, 0, claimant_index(fixture, step->by), true);
		break;
	case ASK_ALL:
		ask_all(fixture);
		break;
	case ASK_ONE:
		ask_one(fixture, step->by);
		break;
	case ROUND:
		facts->asked->rounds++;
		break;
	case WAIT:
		fixture->now_us += 99000;
		break;
	case LOSE_CAPTURES:
		facts->asked->voids = VOIDS_MAX + 1;
		break;
	case OPEN_SIGNATURE:
		asked_set_signature_open(facts, 0, true);
		break;
	case LISTEN:
		facts->asked->masters_listened = true;
		break;
	case HEAR_ALL:
		facts->asked->owners_listened = true;
		break;
	case FENCE:
		fence(fixture);
		break;
	default:
		act(fixture, step);
	}
}

/* Those whose count tells something else than how often. */
static bool
run_once(struct fixture *fixture, const struct step *step)
{
	switch (step->action) {
	case MISS:
		miss(fixture, step);
		return true;
	case PROXY:
		proxy(fixture, step);
		return true;
	case CARD:
		answer_by_cards(fixture, step);
		return true;
	case DAMAGED:
		(void)hear_reply(fixture, (uint8_t)step->count, step->by);
		return true;
	default:
		return false;
	}
}

void
play(struct fixture *fixture, const struct step *steps)
{
	for (size_t i = 0; i < STEPS_MAX && steps[i].action != STOP; i++) {
		fixture->now_us += 1000;
		if (run_once(fixture, &steps[i]))
			continue;
		for (uint32_t k = 0; k < steps[i].count; k++) {
			fixture->now_us += k == 0 ? 0 : 1000;
			run(fixture, &steps[i]);
		}
	}
}
