/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The facts of an audit without an engine: frames are heard one by one, and nothing is sent.
 *
 *	struct fixture *fixture = fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12"});
 *	hear_reply(fixture, 3, VIP);
 *	assert_int_equal(claims_count(&fixture->facts, 0), 1);
 *	fixture_free(fixture);
 *
 * Hosts, MACs and addresses are named by one octet: N is 10.77.0.N, and the MAC of the host with
 * that address. The probe is PROBE, the VIP is VIP.
 */
#ifndef ARPAUDIT_TESTS_FACTS_FIXTURE_H
#define ARPAUDIT_TESTS_FACTS_FIXTURE_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "audit/facts/claims.h"
#include "audit/facts/facts.h"
#include "audit/facts/heard.h"
#include "audit/facts/news.h"

#define START_US UINT64_C(1700000000000000)
#define PROBE    1
#define VIP      100
/* The MACs from here on are those of virtual routers: VRID, VRID + 1 and so on. */
#define VIRTUAL 240
#define VRID    51

#define COUNT_OF(array) (sizeof(array) / sizeof((array)[0]))

/* Texts as the command line takes them; NULL: none. */
struct fixture_plan {
	const char *vips;  /* NULL: 10.77.0.100 */
	const char *hosts; /* NULL: a sweep */
	const char *directors, *decoys, *source;
	uint8_t length;                 /* of the prefix; 0: 24 */
	bool has_no_address;            /* the interface has none */
	const struct address_set *used; /* as in struct audit_segment */
	uint64_t decoy_class;           /* likewise */
	uint64_t seed;
	enum plan_owner owner;
};

struct fixture {
	struct plan plan;
	struct facts facts;
	uint64_t now_us;
	uint64_t frames;        /* heard so far: their numbers in the evidence file */
	struct capture capture; /* of the last one */
	const struct kept_frame *kept;
	uint8_t vrrp_addresses[4];
};

struct fixture *fixture_new(const struct fixture_plan *plan);
void fixture_free(struct fixture *fixture);

struct address ip(uint8_t last);
struct mac mac(uint8_t last);
/* The host with that address; the claimant of the first VIP with that MAC. The test fails when
 * there is none. */
uint32_t host_at(const struct fixture *fixture, uint8_t last);
uint32_t claimant_index(const struct fixture *fixture, uint8_t last);
const struct claimant *claimant_at(const struct fixture *fixture, uint8_t last);

/* A reply of `by` to the probe, "spa is-at by"; its broadcast request; an advertisement of the VIP,
 * from its own MAC. */
struct frame reply_of(uint8_t by, uint8_t spa);
struct frame request_of(uint8_t by, uint8_t spa, uint8_t tpa);
struct frame advertisement_of(struct fixture *fixture, uint8_t by, uint8_t priority);

/* The frame as it is heard now, for one module alone. Valid until the next one. */
struct heard heard_now(struct fixture *fixture, const struct frame *frame);
/* All modules hear it, in the engine's order, and what follows for the facts is done. Returns the
 * news of all of them. */
struct news hear(struct fixture *fixture, const struct frame *frame);
struct news hear_reply(struct fixture *fixture, uint8_t by, uint8_t spa);
struct news hear_request(struct fixture *fixture, uint8_t by, uint8_t spa, uint8_t tpa);
struct news hear_advertisement(struct fixture *fixture, uint8_t by, uint8_t priority);
/* The probe asks who has the VIP: by broadcast, or only the MAC `of`. */
void ask_all(struct fixture *fixture);
void ask_one(struct fixture *fixture, uint8_t of);

/* Names the row of a table when an assertion fails in it. */
#define assert_row(what, actual, expected)                                               \
	do {                                                                             \
		const uint64_t actual_ = (uint64_t)(actual);                             \
		const uint64_t expected_ = (uint64_t)(expected);                         \
		if (actual_ != expected_)                                                \
			fail_msg("%s: %s is %llu, not %llu", (what), #actual,            \
			    (unsigned long long)actual_, (unsigned long long)expected_); \
	} while (0)

#endif
