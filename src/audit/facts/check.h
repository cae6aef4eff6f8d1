/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A check: what it asks, what is evidence, how it judges, and how it explains.
 *
 * A check is one file and one line in the table that audit_new() takes. It reads the facts and what
 * follows from them (audit/owner). It requests probes and attempts. The engine sends them, waits,
 * repeats, and counts fenced silences. What a check must remember of a pair (one VIP on one host)
 * it keeps in a state of its own.
 *
 * Every function may be NULL.
 */
#ifndef ARPAUDIT_AUDIT_FACTS_CHECK_H
#define ARPAUDIT_AUDIT_FACTS_CHECK_H

#include "arpaudit/result.h"
#include "audit/facts/facts.h"
#include "audit/facts/heard.h"
#include "audit/facts/news.h"
#include "audit/pace/lanes.h"

struct claimant;      /* audit/facts/claims.h */
struct judgement;     /* audit/judge/judgement.h */
struct vip_judgement; /* audit/judge/judgement.h */

#define TRAIN_CHECK_MAX 3 /* probes of one check for a pair in a round */

/* A pair, the unit of judgement: one VIP on one host. */
struct pair {
	const struct facts *facts;
	uint32_t host, vip;
	void *state; /* the check's own state_size octets, zeroed at the start */
};

/* Whether a check wants a packet sent that the host must answer. */
enum want {
	WANT_NOTHING = 0,
	WANT_ATTEMPT,
	WANT_DECOYS,    /* wait until free decoys are known */
	WANT_OWNER,     /* wait until the VIP's owner is known */
	WANT_REHEARSAL, /* have the owner's claim rehearsed, and wait for that */
};

/* A packet to elicit an answer, from a decoy or from the probe's own address. */
struct attempt {
	enum elicit_method method;
	bool from_decoy;
	uint8_t beside; /* from the decoy beside the VIP with this number; 0: an ordinary one */
	bool counts; /* it counts in silences.attempts, among those from the probe's own address */
	bool closes; /* it counts in silences.closings */
	uint16_t port; /* of ELICIT_TCP_SERVICE; 0: the VIP's first */
};

/* The attempt under way, if any. */
struct attempt_out {
	bool out;
	bool from_decoy; /* the host must send a request before it can answer */
	bool beside;
	uint32_t vip;
	uint16_t port; /* of ELICIT_TCP_SERVICE */
	struct address source;
};

/* A frame whose Ethernet source or SHA is one of the host's MACs. */
struct observation {
	struct facts *facts;
	uint32_t host;
	const struct heard *heard;
	const struct attempt_out *attempt;
	unsigned char *states; /* of the host's pairs; use observed_state() */
	size_t state_size;
};

static inline void *
observed_state(const struct observation *observation, uint32_t vip)
{
	return observation->states + vip * observation->state_size;
}

/* Hosts about which a check says nothing; see judge/host.c. */
enum exemption {
	EXEMPT_NOBODY = 0,      /* none: the check is about the host itself */
	EXEMPT_FORMER_DIRECTOR, /* a director that held the VIP legitimately before it handed it
				 * over */
	EXEMPT_SILENT_STANDBY,  /* as well as a standby director that does not claim the VIP */
	EXEMPT_STANDBY,         /* as well as any standby director */
};

struct check {
	struct check_title title;
	enum exemption exemption;
	/* For a claimant that is no host: how many of its claims are of the kind that the check is
	 * about. It then fails by them alone. */
	uint32_t (*claims)(const struct claimant *claimant);
	size_t state_size;
	void (*forget)(void *state); /* lost captures voided its silences */

	/* Adds probes for a pair to a unicast train. A sound host leaves each unanswered. Returns
	 * their number, at most TRAIN_CHECK_MAX. Adds to `asked` the kinds of SPA with which they
	 * ask who-has VIP; other questions cause no silence of the VIP. */
	uint32_t (*train)(const struct pair *pair, struct frame *frames, uint8_t *asked);
	/* Whether the pair's silences on `path` are as sure as requested, or further ones are
	 * useless. */
	enum path path;
	bool (*settled)(const struct pair *pair);
	/* The broadcast rounds of who-has VIP, from the first on, that its silence rests on. Only
	 * for so many the audit listens for delayed answers. */
	uint32_t (*rounds_needed)(const struct pair *pair);

	/* The lane of its attempts: LANE_ELICIT if they make the host send broadcasts. */
	enum lane lane;
	enum want (*wants)(const struct pair *pair);
	struct attempt (*attempt)(const struct pair *pair); /* after WANT_ATTEMPT; counts the
							     * attempt */
	void (*take_back)(const struct pair *pair); /* uncounts it, because its decoy was in use */

	struct news (*observe)(const struct observation *observation);

	void (*judge)(const struct pair *pair, struct judgement *judgement);
	/* Explains a failed check after all checks have judged. `result` has the inferred levels.
	 * Adds what the failure tells about the host and its remedy, by judge_explain(). */
	void (*explain)(
	    const struct pair *pair, const struct host_result *result, struct judgement *judgement);
};

/* A check of a VIP as a whole. */
struct vip_check {
	void (*judge)(const struct facts *facts, uint32_t vip, struct vip_judgement *judgement);
};

#endif
