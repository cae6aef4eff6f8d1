/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What is asked and heard in an audit, as rows of a table:
 *
 *	static const struct step steps[] = {{MEET, 11, 1}, {ANSWER, 3, 1}, {ASK_ALL, 0, 4}};
 *
 * A step is repeated as its count says, and takes 1 ms each time. Of MISS and PROXY the count is
 * that of the fences and of the decoys, of DAMAGED and CARD it is a MAC.
 */
#ifndef ARPAUDIT_TESTS_FACTS_PLAY_H
#define ARPAUDIT_TESTS_FACTS_PLAY_H

#include "facts_fixture.h"

#define STEPS_MAX 16

enum action {
	STOP = 0,   /* the end of the steps */
	MEET,       /* it answers for its own address, twice */
	DAMAGED,    /* a reply for its address has the MAC of another, the one in the count */
	CARD,       /* it answers for its own address by another card too, that of the count */
	DONE,       /* its inquiry is over */
	RESOLVE,    /* it is asked for its own address by broadcast for the last time, and does not
		     * answer */
	MISS,       /* it misses fences, then answers one */
	ANSWER,     /* it is asked who-has VIP, and answers */
	DEFEND,     /* it answers an ARP probe for the VIP */
	ANSWER_TOO, /* it answers the question before, too */
	ANNOUNCE,   /* the VIP, by a gratuitous request */
	REQUEST,    /* it asks for somebody as the VIP */
	ADVERTISE,  /* the VIP, by its own MAC */
	ADVERTISE_VIRTUALLY, /* by the virtual router's */
	REPLY,               /* it answers for its own address, once */
	RESIGN,
	FORWARD, /* a SYN to it is answered by another host, the next one by a further host */
	PERSIST, /* by the same other host as before */
	SHOW,    /* it answers a packet for it alone by its own MAC */
	SERVE,   /* by itself */
	HAND_ON, /* by a MAC that no host is known by */
	ROUTE,   /* by an ICMP error of a router */
	PROXY,   /* it answers for so many decoys */
	RETIRE,  /* it has handed the VIP over */
	ASK_ALL,
	ASK_ONE,
	ROUND, /* of who-has VIP by broadcast */
	WAIT,  /* 100 ms */
	LOSE_CAPTURES,
	OPEN_SIGNATURE,
	LISTEN,   /* for as long as an advertisement takes */
	HEAR_ALL, /* for as long as any owner's answer takes */
	FENCE,    /* of other hosts, answered, by both paths */
	CROWD,    /* strangers claim the VIP; more than have a place */
};

struct step {
	enum action action;
	uint8_t by;
	uint32_t count;
};

void play(struct fixture *fixture, const struct step *steps);

#endif
