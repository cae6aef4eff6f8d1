/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The director: what was claimed, and which of the owners that makes the director, by what proof.
 */
#include "audit/facts/asked.h"
#include "audit/facts/hosts.h"
#include "audit/owner/director.h"
#include "audit/owner/eligible.h"
#include "audit/owner/signature.h"
#include "audit/owner/undecided.h"
#include "facts_play.h"

#define NAMED_3    "02:00:0a:4d:00:03"
#define NAMED_4    "02:00:0a:4d:00:04"
#define NAMED_VMAC "00:00:5e:00:01:33"
#define NOBODY     0

static struct fixture *
played(const char *directors, const struct step *steps)
{
	struct fixture *fixture =
	    fixture_new(&(struct fixture_plan){.hosts = "10.77.0.11-12", .directors = directors});

	play(fixture, steps);
	return fixture;
}

static void
assert_claimant(const char *what, const struct fixture *fixture, uint32_t index, uint8_t expected)
{
	if (expected == NOBODY)
		assert_row(what, index, NONE);
	else
		assert_row(what, index, claimant_index(fixture, expected));
}

/* ---- The proof ---------------------------------------------------------------------------- */

static const struct director_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint8_t director; /* or NOBODY */
	enum director_proof proof;
} director_cases[] = {
    {"no owner", NULL, {{REQUEST, 3, 1}, {ADVERTISE, 4, 1}}, NOBODY, DIRECTOR_UNKNOWN},

    /* Named. */
    {"by its MAC", NAMED_3, {{ANSWER, 3, 1}}, 3, DIRECTOR_NAMED},
    {"by its address", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, 3, 1}}, 3, DIRECTOR_NAMED},
    {"whose MAC is learnt later", "10.77.0.3", {{ANSWER, 3, 1}, {MEET, 3, 1}}, 3, DIRECTOR_NAMED},
    {"whose MAC is not known", "10.77.0.3", {{ANSWER, 3, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"another than the one that was named", NAMED_3, {{ANSWER, 4, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"beside a server", NAMED_3, {{MEET, 11, 1}, {ANSWER, 11, 1}, {ANSWER, 3, 1}}, 3,
	DIRECTOR_NAMED},
    {"that never answered", NAMED_3, {{REQUEST, 3, 1}, {ANSWER, 4, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"both of them", NAMED_3 "," NAMED_4, {{ANSWER, 3, 1}, {ANSWER, 4, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"by its address, by both of its cards", "10.77.0.3",
	{{CARD, 3, 4}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, 3, DIRECTOR_NAMED},
    {"by its address, for which a proxy answers as well", "10.77.0.3",
	{{MEET, 3, 1}, {DAMAGED, 3, 4}, {DAMAGED, 3, 4}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"both, and one advertises", NAMED_3 "," NAMED_4,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ADVERTISE, 4, 1}}, 4, DIRECTOR_VRRP_ADVERTISEMENT},
    {"both advertise", NAMED_3 "," NAMED_4,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ADVERTISE, 4, 1}, {ADVERTISE, 3, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"with the virtual router's MAC", NAMED_3 "," NAMED_VMAC,
	{{ANSWER, 3, 1}, {ANSWER, VIRTUAL, 1}}, VIRTUAL, DIRECTOR_VRRP_MAC},
    {"by address, and it is a virtual router's master", "10.77.0.3",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, VIRTUAL, DIRECTOR_NAMED},
    {"by address, and another is the master", "10.77.0.3",
	{{ANSWER, VIRTUAL, 1}, {ADVERTISE, 4, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"another, with a virtual router's MAC", NAMED_3, {{ANSWER, VIRTUAL, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"a damaged reply names another", "10.77.0.3",
	{{MEET, 3, 1}, {DAMAGED, 3, 11}, {MEET, 11, 1}, {ANSWER, 11, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"and nobody else answers", "10.77.0.3",
	{{DAMAGED, 3, 11}, {DONE, 3, 1}, {MEET, 11, 1}, {ANSWER, 11, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"a damaged reply takes nothing from it", "10.77.0.3",
	{{MEET, 3, 1}, {DAMAGED, 11, 3}, {MEET, 11, 1}, {ANSWER, 11, 1}, {ANSWER, 3, 1}}, 3,
	DIRECTOR_NAMED},
    {"another, that advertises", NAMED_3, {{ANSWER, 4, 1}, {ADVERTISE, 4, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"another, that forwards", NAMED_3, {{ANSWER, 4, 1}, {FORWARD, 4, 2}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"one of both forwards", NAMED_3 "," NAMED_4,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}}, NOBODY, DIRECTOR_UNKNOWN},

    /* By VRRP. */
    {"a virtual router's MAC", NULL, {{ANSWER, VIRTUAL, 1}}, VIRTUAL, DIRECTOR_VRRP_MAC},
    {"beside another", NULL, {{ANSWER, 3, 1}, {ANSWER, VIRTUAL, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"beside another, and it advertises", NULL,
	{{ANSWER, 3, 1}, {ANSWER, VIRTUAL, 1}, {ADVERTISE_VIRTUALLY, 3, 1}}, VIRTUAL,
	DIRECTOR_VRRP_MAC},
    {"beside a server", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {ANSWER, VIRTUAL, 1}}, VIRTUAL,
	DIRECTOR_VRRP_MAC},
    {"a virtual router that proxies ARP", NULL, {{ANSWER, VIRTUAL, 1}, {PROXY, VIRTUAL, 3}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"beside another, and it proxies ARP", NULL,
	{{ANSWER, 3, 1}, {ANSWER, VIRTUAL, 1}, {PROXY, VIRTUAL, 3}}, 3, DIRECTOR_PRESUMED},
    {"it proxies ARP, and advertises", NULL,
	{{ANSWER, VIRTUAL, 1}, {PROXY, VIRTUAL, 3}, {ADVERTISE_VIRTUALLY, 3, 1}}, VIRTUAL,
	DIRECTOR_VRRP_MAC},
    {"two virtual routers", NULL, {{ANSWER, VIRTUAL + 1, 1}, {ANSWER, VIRTUAL, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"an advertisement", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ADVERTISE, 4, 1}}, 4,
	DIRECTOR_VRRP_ADVERTISEMENT},
    {"before the answer", NULL, {{ADVERTISE, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, 4,
	DIRECTOR_VRRP_ADVERTISEMENT},
    {"two advertisements", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {ADVERTISE, 4, 1}, {ADVERTISE, 3, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"a listed server's", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {ADVERTISE, 11, 1}}, 11,
	DIRECTOR_VRRP_ADVERTISEMENT},
    {"the MAC weighs more", NULL, {{ANSWER, 3, 1}, {ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}},
	VIRTUAL, DIRECTOR_VRRP_MAC},

    /* By the signature. */
    {"it forwards, the other does not", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}}, 3, DIRECTOR_SIGNATURE},
    {"it serves as well", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 3, 9}, {SERVE, 4, 5}}, 3,
	DIRECTOR_SIGNATURE},
    {"once is not enough", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 1}, {SERVE, 4, 5}},
	NOBODY, DIRECTOR_UNKNOWN},
    {"the other has not shown it yet", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 4}}, NOBODY, DIRECTOR_UNKNOWN},
    {"the other may hand on to an unknown server", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {HAND_ON, 4, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"the other forwarded once", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {FORWARD, 4, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"both forward", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {FORWARD, 4, 2}},
	NOBODY, DIRECTOR_UNKNOWN},
    {"the other routes", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {FORWARD, 4, 2}, {ROUTE, 4, 1}}, 3,
	DIRECTOR_SIGNATURE},
    {"it routes itself", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {ROUTE, 3, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"the other proxies ARP", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {PROXY, 4, 3}}, 3, DIRECTOR_SIGNATURE},
    {"it proxies ARP itself: the other is presumed", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {PROXY, 3, 3}}, 4, DIRECTOR_PRESUMED},
    {"it proxies ARP itself, and the other serves as a server does", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {PROXY, 3, 3}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"the other is a listed server that forwards", NULL,
	{{MEET, 11, 1}, {ANSWER, 11, 1}, {ANSWER, 3, 1}, {FORWARD, 3, 2}, {FORWARD, 11, 2}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"it answers for two decoys", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {PROXY, 3, 2}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"one is an address of its own", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {PROXY, 3, 1}}, 3,
	DIRECTOR_SIGNATURE},
    {"it is being asked for", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {OPEN_SIGNATURE, 0, 1}},
	NOBODY, DIRECTOR_UNKNOWN},
    {"other owners may have been missed", NULL,
	{{ANSWER, 3, 1}, {ANSWER, 4, 1}, {FORWARD, 3, 2}, {SERVE, 4, 5}, {LOSE_CAPTURES, 0, 1}},
	NOBODY, DIRECTOR_UNKNOWN},
    {"a listed server that forwards", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {FORWARD, 11, 2}}, 11,
	DIRECTOR_SIGNATURE},

    /* The only owner. */
    {"one that is not listed", NULL, {{ANSWER, 3, 1}}, 3, DIRECTOR_SOLE_OWNER},
    {"that serves itself", NULL, {{ANSWER, 3, 1}, {SERVE, 3, 5}}, 3, DIRECTOR_SOLE_OWNER},
    {"that is proved", NULL, {{ANSWER, 3, 1}, {FORWARD, 3, 2}}, 3, DIRECTOR_SIGNATURE},
    {"whose proof is not known yet", NULL,
	{{ANSWER, 3, 1}, {FORWARD, 3, 2}, {OPEN_SIGNATURE, 0, 1}}, 3, DIRECTOR_SOLE_OWNER},
    {"a listed server", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"a listed server, learnt later", NULL, {{ANSWER, 11, 1}, {MEET, 11, 1}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"two of them", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"and a listed server", NULL, {{MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 11, 1}}, 3,
	DIRECTOR_PRESUMED},
    {"and a listed server that forwards", NULL,
	{{MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 11, 1}, {FORWARD, 11, 2}, {SERVE, 3, 5}}, 11,
	DIRECTOR_SIGNATURE},
    {"and a listed server, two of them", NULL,
	{{MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {ANSWER, 11, 1}}, NOBODY, DIRECTOR_UNKNOWN},
    {"whose MAC is in a damaged reply of a server's", NULL,
	{{MEET, 11, 1}, {DAMAGED, 11, 3}, {ANSWER, 3, 1}}, 3, DIRECTOR_SOLE_OWNER},
    {"that is a server's second MAC", NULL,
	{{MEET, 11, 1}, {DAMAGED, 11, 3}, {ANSWER, 3, 1}, {DAMAGED, 11, 3}}, NOBODY,
	DIRECTOR_UNKNOWN},
    {"and one that claims otherwise", NULL, {{ANSWER, 3, 1}, {REQUEST, 4, 1}}, 3,
	DIRECTOR_SOLE_OWNER},
    {"after a hand-over", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {RETIRE, 3, 1}}, 4,
	DIRECTOR_SOLE_OWNER},
    {"after all of them", NULL, {{ANSWER, 3, 1}, {RETIRE, 3, 1}}, NOBODY, DIRECTOR_UNKNOWN},
};

static void
director_is_told_or_not_at_all(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(director_cases); i++) {
		const struct director_case *row = &director_cases[i];
		struct fixture *fixture = played(row->directors, row->steps);
		enum director_proof proof = DIRECTOR_NAMED;

		assert_claimant(
		    row->what, fixture, owner_director(&fixture->facts, 0, &proof), row->director);
		assert_row(row->what, proof, row->proof);
		assert_claimant(
		    row->what, fixture, owner_director(&fixture->facts, 0, NULL), row->director);
		fixture_free(fixture);
	}
}

/* ---- Which host it is --------------------------------------------------------------------- */

static const struct host_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint8_t host;
	bool is, was;
} host_cases[] = {
    {"the director's", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, 3, 1}}, 3, true, false},
    {"not another's", "10.77.0.3", {{MEET, 3, 1}, {MEET, 11, 1}, {ANSWER, 3, 1}}, 11, false, false},
    {"of several none", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}}, 3, false, false},
    {"the master's", "10.77.0.3", {{MEET, 3, 1}, {ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, 3, true,
	false},
    {"not the standby's", "10.77.0.3,10.77.0.4",
	{{MEET, 4, 1}, {ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, 4, false, false},
    {"the former director's", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {RETIRE, 3, 1}}, 3, false,
	true},
    {"its successor's", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {RETIRE, 3, 1}}, 4, true,
	false},
    {"one that has answered again", "10.77.0.3,10.77.0.4",
	{{MEET, 3, 1}, {MEET, 4, 1}, {ANSWER, 3, 1}, {ANSWER, 4, 1}, {RETIRE, 3, 1},
	    {ANSWER, 3, 1}},
	3, false, false},
};

static void
director_may_be_a_host(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(host_cases); i++) {
		const struct host_case *row = &host_cases[i];
		struct fixture *fixture = played(row->directors, row->steps);
		const uint32_t host = host_at(fixture, row->host);

		assert_row(row->what, owner_is_host(&fixture->facts, host, 0), row->is);
		assert_row(row->what, owner_was_host(&fixture->facts, host, 0), row->was);
		fixture_free(fixture);
	}
}

/* By all of its MACs: one of two has not handed the VIP over. */
static void
former_director_has_retired_with_all_macs(void **state)
{
	static const struct step steps[] = {
	    {ANSWER, 3, 1}, {ANSWER, 5, 1}, {RETIRE, 3, 1}, {STOP, 0, 1}};
	struct fixture *fixture = played("10.77.0.3", steps);
	const uint32_t host = host_at(fixture, 3);

	(void)state;
	for (int i = 0; i < 2; i++) {
		(void)hear_reply(fixture, 3, 3);
		(void)hear_reply(fixture, 5, 3);
	}
	assert_false(owner_was_host(&fixture->facts, host, 0));
	claims_set_former(&fixture->facts, 0, claimant_index(fixture, 5), true);
	assert_true(owner_was_host(&fixture->facts, host, 0));
	fixture_free(fixture);
}

/* ---- Who is to be restored ---------------------------------------------------------------- */

static const struct restore_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint32_t owners;
	uint8_t to; /* or NOBODY */
	bool can_be, may_be;
} restore_cases[] = {
    {"nobody owns it yet", NULL, {{REQUEST, 3, 1}}, 0, NOBODY, false, true},
    {"nobody owns it", NULL, {{REQUEST, 3, 1}, {HEAR_ALL, 0, 1}}, 0, NOBODY, true, false},
    {"the director", NULL, {{DEFEND, 3, 1}}, 1, 3, true, true},
    {"the director, perhaps by proxy", NULL, {{ANSWER, 3, 1}}, 1, 3, false, true},
    {"by proxy", NULL, {{ANSWER, 3, 9}, {HEAR_ALL, 0, 1}}, 1, 3, false, false},
    {"another one is no proxy", NAMED_3, {{ANSWER, 3, 1}, {DEFEND, 4, 1}, {HEAR_ALL, 0, 1}}, 2, 3,
	false, false},
    {"the director of several", NAMED_3, {{DEFEND, 3, 1}, {ANSWER, 4, 1}}, 2, 3, true, true},
    {"the only one that is not listed", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {DEFEND, 3, 1}}, 2,
	3, true, true},
    {"it is another than was named", NAMED_4, {{MEET, 11, 1}, {ANSWER, 11, 1}, {DEFEND, 3, 1}}, 2,
	3, true, true},
    {"perhaps by a server's second card", NULL, {{MEET, 11, 1}, {DAMAGED, 11, 3}, {DEFEND, 3, 1}},
	1, 3, false, true},
    {"two that are not listed", NULL, {{DEFEND, 4, 1}, {DEFEND, 3, 1}}, 2, NOBODY, false, false},
    {"a listed server alone", NULL, {{MEET, 11, 1}, {DEFEND, 11, 1}}, 1, NOBODY, false, false},
    {"the owner after a hand-over", NULL, {{DEFEND, 4, 1}, {DEFEND, 3, 1}, {RETIRE, 4, 1}}, 1, 3,
	true, true},
};

/* An owner has to rehearse its claim, and must succeed. */
static void
assert_restorable(const char *what, struct fixture *fixture, bool can_be)
{
	struct facts *facts = &fixture->facts;
	const uint32_t owner = owner_to_restore(facts, 0);

	if (owner_count(facts, 0) == 0) {
		assert_row(what, owner_can_be_restored(facts, 0), can_be);
		assert_row(what, owner_needs_rehearsal(facts, 0), false);
		return;
	}
	assert_row(what, owner_can_be_restored(facts, 0), false);
	assert_row(what, owner_needs_rehearsal(facts, 0), can_be);
	assert_row(what, owner_is_unprovoked(facts, 0), false);
	if (owner == NONE)
		return;
	asked_set_rehearsal(facts, 0, REHEARSAL_FAILED, &claimant_of(facts, 0, owner)->mac, 1);
	assert_row(what, owner_can_be_restored(facts, 0), false);
	assert_row(what, owner_needs_rehearsal(facts, 0), false);
	assert_row(what, owner_is_unprovoked(facts, 0), can_be);
	assert_row(what, can_be && owner_may_be_restorable(facts, 0), false);
	asked_set_rehearsal(facts, 0, REHEARSAL_HEARD, &claimant_of(facts, 0, owner)->mac, 1);
	assert_row(what, owner_can_be_restored(facts, 0), can_be);
	/* It was another's. */
	asked_set_rehearsal(facts, 0, REHEARSAL_HEARD, &mac_zero, 1);
	assert_row(what, owner_can_be_restored(facts, 0), false);
}

static void
leaks_are_undone_only_where_the_owner_is_told(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(restore_cases); i++) {
		const struct restore_case *row = &restore_cases[i];
		struct fixture *fixture = played(row->directors, row->steps);

		assert_row(row->what, owner_count(&fixture->facts, 0), row->owners);
		assert_claimant(row->what, fixture, owner_to_restore(&fixture->facts, 0), row->to);
		assert_row(row->what, owner_may_be_restorable(&fixture->facts, 0), row->may_be);
		assert_restorable(row->what, fixture, row->can_be);
		fixture_free(fixture);
	}
}

/* ---- Owners that may be the director ------------------------------------------------------- */

/* The order is that in which a case reads best. */
/* NOLINTNEXTLINE(clang-analyzer-optin.performance.Padding) */
static const struct policy_case {
	const char *what;
	enum plan_owner owner;
	bool sweep;
	struct step steps[STEPS_MAX];
	uint8_t director, undecided, accused; /* or NOBODY */
	enum director_proof proof;
	bool restored; /* a leak could be undone */
} policy_cases[] = {
    {"two owners, after a sweep", OWNER_DIRECTOR, true, {{DEFEND, 3, 1}, {DEFEND, 11, 1}}, NOBODY,
	11, NOBODY, DIRECTOR_UNKNOWN, false},
    {"one owner, after a sweep", OWNER_DIRECTOR, true, {{DEFEND, 3, 1}}, 3, NOBODY, NOBODY,
	DIRECTOR_SOLE_OWNER, true},
    {"that serves itself", OWNER_DIRECTOR, true, {{DEFEND, 3, 1}, {SERVE, 3, 5}}, NOBODY, 3, NOBODY,
	DIRECTOR_UNKNOWN, true},
    {"two that are not listed", OWNER_DIRECTOR, false,
	{{MEET, 11, 1}, {DEFEND, 3, 1}, {DEFEND, 4, 1}, {DEFEND, 11, 1}}, NOBODY, 3, 11,
	DIRECTOR_UNKNOWN, false},
    {"one that only claims otherwise", OWNER_DIRECTOR, false,
	{{MEET, 11, 1}, {DEFEND, 3, 1}, {DEFEND, 4, 1}, {REQUEST, 12, 1}}, NOBODY, 4, 12,
	DIRECTOR_UNKNOWN, false},
    {"any, a listed one", OWNER_ANY, false, {{MEET, 11, 1}, {DEFEND, 11, 1}}, 11, NOBODY, NOBODY,
	DIRECTOR_SOLE_OWNER, true},
    {"any, that serves itself", OWNER_ANY, true, {{DEFEND, 11, 1}, {SERVE, 11, 5}}, 11, NOBODY,
	NOBODY, DIRECTOR_SOLE_OWNER, true},
    {"any, two listed ones", OWNER_ANY, false,
	{{MEET, 11, 1}, {MEET, 12, 1}, {DEFEND, 11, 1}, {DEFEND, 12, 1}}, NOBODY, 12, NOBODY,
	DIRECTOR_UNKNOWN, false},
    {"any, one is not listed", OWNER_ANY, false, {{MEET, 11, 1}, {DEFEND, 11, 1}, {DEFEND, 3, 1}},
	NOBODY, 11, NOBODY, DIRECTOR_UNKNOWN, false},
    {"nobody, one that answers", OWNER_NONE, false, {{DEFEND, 3, 1}}, NOBODY, NOBODY, 3,
	DIRECTOR_UNKNOWN, true},
    {"nobody, one that advertises", OWNER_NONE, true, {{DEFEND, 3, 1}, {ADVERTISE, 3, 1}}, NOBODY,
	NOBODY, 3, DIRECTOR_UNKNOWN, true},
    {"nobody, two that answer", OWNER_NONE, true, {{DEFEND, 3, 1}, {DEFEND, 4, 1}}, NOBODY, NOBODY,
	4, DIRECTOR_UNKNOWN, false},
};

static void
possible_directors_are_not_accused(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(policy_cases); i++) {
		const struct policy_case *row = &policy_cases[i];
		enum director_proof proof;
		struct fixture *fixture = fixture_new(&(struct fixture_plan){
		    .hosts = row->sweep ? NULL : "10.77.0.11-12", .owner = row->owner});

		play(fixture, row->steps);
		assert_claimant(
		    row->what, fixture, owner_director(&fixture->facts, 0, &proof), row->director);
		assert_row(row->what, proof, row->proof);
		for (uint32_t k = 0; k < claims_count(&fixture->facts, 0); k++) {
			const bool accused =
			    row->accused != NOBODY && k == claimant_index(fixture, row->accused);

			if (accused || (row->undecided != NOBODY &&
					   k == claimant_index(fixture, row->undecided)))
				assert_row(
				    row->what, owner_is_undecided(&fixture->facts, 0, k), !accused);
		}
		assert_restorable(row->what, fixture, row->restored);
		fixture_free(fixture);
	}
}

/* ---- Eligible ----------------------------------------------------------------------------- */

static const struct eligible_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint8_t claimant;
	bool eligible, has_signature, has_none;
} eligible_cases[] = {
    {"not listed", NULL, {{REQUEST, 3, 1}}, 3, true, false, false},
    {"listed", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}}, 11, false, false, false},
    {"listed, advertises", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {ADVERTISE, 11, 1}}, 11, true,
	false, false},
    {"listed, forwards", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {FORWARD, 11, 2}}, 11, true, true,
	false},
    {"listed, forwards to one host", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {PERSIST, 11, 2}}, 11,
	false, false, false},
    {"listed, forwards to the only one", NULL,
	{{MEET, 11, 1}, {MEET, 12, 1}, {ANSWER, 11, 1}, {SHOW, 11, 1}, {PERSIST, 11, 2}}, 11, true,
	true, false},
    {"not listed, forwards to one of two", NULL,
	{{MEET, 11, 1}, {MEET, 12, 1}, {ANSWER, 3, 1}, {SHOW, 3, 1}, {PERSIST, 3, 9}}, 3, true,
	false, false},
    {"not listed, forwards to both", NULL,
	{{MEET, 11, 1}, {MEET, 12, 1}, {ANSWER, 3, 1}, {FORWARD, 3, 2}}, 3, true, true, false},
    {"listed, forwards once", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {FORWARD, 11, 1}}, 11, false,
	false, false},
    {"listed, serves", NULL, {{MEET, 11, 1}, {ANSWER, 11, 1}, {SERVE, 11, 5}}, 11, false, false,
	true},
    {"named", NAMED_3, {{REQUEST, 3, 1}}, 3, true, false, false},
    {"named and listed", "10.77.0.11", {{MEET, 11, 1}, {ANSWER, 11, 1}}, 11, true, false, false},
    {"not named", NAMED_3, {{ANSWER, 4, 1}}, 4, false, false, false},
    {"not named, forwards", NAMED_3, {{ANSWER, 4, 1}, {FORWARD, 4, 2}}, 4, false, true, false},
    {"not named, advertises", NAMED_3, {{ANSWER, 4, 1}, {ADVERTISE, 4, 1}}, 4, false, false, false},
};

static void
directors_are_eligible(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(eligible_cases); i++) {
		const struct eligible_case *row = &eligible_cases[i];
		struct fixture *fixture = played(row->directors, row->steps);
		const struct claimant *claimant = claimant_at(fixture, row->claimant);

		assert_row(row->what, owner_is_eligible(&fixture->facts, claimant), row->eligible);
		assert_row(
		    row->what, owner_has_signature(&fixture->facts, claimant), row->has_signature);
		assert_row(
		    row->what, owner_has_no_signature(&fixture->facts, claimant), row->has_none);
		fixture_free(fixture);
	}
}

/* ---- What may yet tell -------------------------------------------------------------------- */

static const struct needed_case {
	const char *what;
	const char *directors;
	struct step steps[STEPS_MAX];
	uint8_t host;
	bool sweep;
	bool signature, advertisement;
	const char *vips;
} needed_cases[] = {
    {"no owner", NULL, {{OPEN_SIGNATURE, 0, 1}}, 11, false, false, false, NULL},
    {"the only owner, which may be a server that was not listed", NULL,
	{{ANSWER, 3, 1}, {OPEN_SIGNATURE, 0, 1}}, 11, false, true, false, NULL},
    {"which a sweep wants proved", NULL, {{ANSWER, 3, 1}, {OPEN_SIGNATURE, 0, 1}}, 11, true, true,
	false, NULL},
    {"when the signature is decided", NULL, {{ANSWER, 3, 1}}, 11, true, false, false, NULL},
    {"two owners", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {OPEN_SIGNATURE, 0, 1}}, 11, false, true,
	true, NULL},
    {"two owners, signature decided", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}}, 11, false, false,
	true, NULL},
    {"advertisements were waited for", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {LISTEN, 0, 1}}, 11,
	false, false, false, NULL},
    {"a presumed director", NULL,
	{{MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 11, 1}, {OPEN_SIGNATURE, 0, 1}}, 11, false, true,
	false, NULL},
    {"a presumed director, and no port", NULL,
	{{MEET, 11, 1}, {ANSWER, 3, 1}, {ANSWER, 11, 1}, {OPEN_SIGNATURE, 0, 1}}, 11, false, false,
	false, "10.77.0.100"},
    {"two owners, and no port", NULL, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {OPEN_SIGNATURE, 0, 1}}, 11,
	false, true, true, "10.77.0.100"},
    {"the only owner of a sweep, and no port", NULL, {{ANSWER, 3, 1}, {OPEN_SIGNATURE, 0, 1}}, 11,
	true, false, false, "10.77.0.100"},
    {"the director was named", NAMED_3, {{ANSWER, 3, 1}, {ANSWER, 4, 1}, {OPEN_SIGNATURE, 0, 1}},
	11, false, false, false, NULL},
    {"a virtual router, a listed server", NULL, {{ANSWER, VIRTUAL, 1}}, 11, false, false, false,
	NULL},
    {"a virtual router, in a sweep", NULL, {{ANSWER, VIRTUAL, 1}}, 11, true, false, true, NULL},
    {"whose master is known", NULL, {{ANSWER, VIRTUAL, 1}, {ADVERTISE, 3, 1}}, 11, true, false,
	false, NULL},
    {"a virtual router named by its MAC, in a sweep", "00:00:5e:00:01:33", {{ANSWER, VIRTUAL, 1}},
	11, true, false, true, NULL},
    {"no named director", "10.77.0.3", {{ANSWER, VIRTUAL, 1}}, 11, false, false, false, NULL},
    {"a named director", "10.77.0.3", {{ANSWER, VIRTUAL, 1}}, 3, false, false, true, NULL},
};

static void
what_may_tell_is_waited_for(void **state)
{
	(void)state;
	for (size_t i = 0; i < COUNT_OF(needed_cases); i++) {
		const struct needed_case *row = &needed_cases[i];
		struct fixture *fixture = fixture_new(
		    &(struct fixture_plan){.vips = row->vips != NULL ? row->vips : "10.77.0.100:80",
			.hosts = row->sweep ? NULL : "10.77.0.11-12",
			.directors = row->directors});

		play(fixture, row->steps);
		assert_row(
		    row->what, owner_signature_is_needed(&fixture->facts, 0), row->signature);
		assert_row(row->what,
		    owner_advertisement_is_needed(&fixture->facts, 0, host_at(fixture, row->host)),
		    row->advertisement);
		fixture_free(fixture);
	}
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(director_is_told_or_not_at_all),
	    cmocka_unit_test(director_may_be_a_host),
	    cmocka_unit_test(former_director_has_retired_with_all_macs),
	    cmocka_unit_test(leaks_are_undone_only_where_the_owner_is_told),
	    cmocka_unit_test(possible_directors_are_not_accused),
	    cmocka_unit_test(directors_are_eligible),
	    cmocka_unit_test(what_may_tell_is_waited_for),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
