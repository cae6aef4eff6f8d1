/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A watch: which events a segment's frames are, and what they come to.
 *
 * A case is a list of frames at their times, and the events that are told. An event is written
 * "KIND:MAC", with the last octet of the MAC (for a master, of its address), then "*N" if it
 * happened N times, "!" if it is a violation, "?" if it is inconclusive, and "@N" if a packet
 * from 10.77.0.N provoked it. Events that are held until their machine is known come when that time
 * is over.
 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/checks.h"
#include "arpaudit/watch.h"
#include "facts_fixture.h"
#include "watch/events.h"
#include "watch/vacancy.h"

#define TEXT_SIZE  4096
#define FRAMES_MAX 14
#define MINUTE_MS  60000u
#define HOUR_MS    (60 * MINUTE_MS)

enum what {
	END = 0,
	ASK,       /* who-has `other`, from `spa` */
	ANSWER,    /* a reply to the probe, for `spa` */
	ANSWER_B,  /* a reply to the bystander 50 */
	ANNOUNCE,  /* a gratuitous request for `spa` */
	RELAY,     /* a reply for `spa` with the SHA of `other` */
	ADVERTISE, /* VRRP, with the priority `other` */
	PACKET,    /* an echo request from `spa` for the VIP */
	SILENCE,   /* nothing is heard until then */
};

struct step {
	unsigned at_ms;
	enum what what;
	uint8_t by, spa, other;
};

static const struct watch_case {
	const char *what;
	struct fixture_plan plan;
	struct step steps[FRAMES_MAX];
	const char *events;
	enum verdict verdict; /* of the VIP */
} cases[] = {
    {"nothing", {.hosts = "10.77.0.11-12"}, {{0}}, "", VERDICT_INCONCLUSIVE},
    {"ordinary ARP", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, ANSWER, 12, 12, 0}, {3, ASK, 50, 50, VIP}}, "",
	VERDICT_INCONCLUSIVE},
    {"the director announces", {.hosts = "10.77.0.11-12"}, {{1, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3", VERDICT_INCONCLUSIVE},
    {"the named one", {.hosts = "10.77.0.11", .directors = "10.77.0.3"},
	{{1, ASK, 3, 3, 9}, {2, ANNOUNCE, 3, VIP, 0}}, "owner-heard:3", VERDICT_INCONCLUSIVE},
    {"a server speaks as the VIP", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, ASK, 11, VIP, 9}}, "server-claimed:11!", VERDICT_VIOLATION},
    {"and answers", {.hosts = "10.77.0.11-12"}, {{1, ASK, 11, 11, 12}, {2, ANSWER, 11, VIP, 0}},
	"server-claimed:11!", VERDICT_VIOLATION},
    {"again and again", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, ASK, 11, VIP, 9}, {1002, ASK, 11, VIP, 9},
	    {2002, ASK, 11, VIP, 9}, {MINUTE_MS + 10, SILENCE, 0, 0, 0}},
	"server-claimed:11*2! server-claimed:11*3!", VERDICT_VIOLATION},
    {"it is known only later", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, VIP, 9}, {1000, ASK, 11, 11, 12}}, "server-claimed:11!", VERDICT_VIOLATION},
    {"so late that it was told as the owner", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, VIP, 9}, {5000, ASK, 11, 11, 12}}, "owner-heard:11 server-claimed:11!",
	VERDICT_VIOLATION},
    {"a packet provokes it", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, PACKET, PROBE, 77, 0}, {3, ASK, 11, VIP, 77}},
	"server-claimed:11!@77", VERDICT_VIOLATION},
    {"not one that is long ago", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, PACKET, PROBE, 77, 0}, {5003, ASK, 11, VIP, 77}},
	"server-claimed:11!", VERDICT_VIOLATION},
    {"nor one from elsewhere", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, PACKET, PROBE, 77, 0}, {3, ASK, 11, VIP, 78}},
	"server-claimed:11!", VERDICT_VIOLATION},
    {"one relayed claim", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, RELAY, 99, VIP, 11}}, "server-claimed:11?",
	VERDICT_INCONCLUSIVE},
    {"two of them", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, RELAY, 99, VIP, 11}, {3000, RELAY, 99, VIP, 11}},
	"server-claimed:11? server-claimed:11*2!", VERDICT_VIOLATION},
    {"one relayed claim, of a machine that is known later", {.hosts = "10.77.0.11-12"},
	{{1, RELAY, 99, VIP, 11}, {1000, ASK, 11, 11, 12}}, "server-claimed:11?",
	VERDICT_INCONCLUSIVE},
    {"a proxy answers for a server, and owns the VIP", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 9}, {2, ANSWER, 3, 11, 0}, {3, ANSWER, 3, 12, 0},
	    {4, ANNOUNCE, 3, VIP, 0}},
	"rip-moved:3 owner-heard:3", VERDICT_INCONCLUSIVE},
    {"a stranger, where the director is named and known",
	{.hosts = "10.77.0.11", .directors = "10.77.0.3"},
	{{1, ASK, 3, 3, 9}, {2, ANNOUNCE, 66, VIP, 0}}, "stranger-claimed:66!", VERDICT_VIOLATION},
    {"and where it is not known yet", {.hosts = "10.77.0.11", .directors = "10.77.0.3"},
	{{1, ANNOUNCE, 66, VIP, 0}}, "owner-heard:66 maybe-director-claimed:66?",
	VERDICT_INCONCLUSIVE},
    {"it turns out to be the director", {.hosts = "10.77.0.11", .directors = "10.77.0.3"},
	{{1, ANNOUNCE, 3, VIP, 0}, {2, ASK, 3, 3, 9}}, "owner-heard:3", VERDICT_INCONCLUSIVE},
    {"a director named by its MAC", {.hosts = "10.77.0.11", .directors = "02:00:0a:4d:00:03"},
	{{1, ANNOUNCE, 3, VIP, 0}, {2, ANNOUNCE, 66, VIP, 0}}, "owner-heard:3 stranger-claimed:66!",
	VERDICT_VIOLATION},
    {"one damaged bit", {.hosts = "10.77.0.11", .directors = "10.77.0.3"},
	{{1, ASK, 3, 3, 9}, {2, ANNOUNCE, 3, VIP, 0}, {3, RELAY, 3, VIP, 3 ^ 16}},
	"mac-damaged:19 owner-heard:3", VERDICT_INCONCLUSIVE},
    {"a hand-over", {.hosts = "10.77.0.11"},
	{{1, ANNOUNCE, 3, VIP, 0}, {900000, ANNOUNCE, 4, VIP, 0}},
	"owner-heard:3 owner-handed-over:4", VERDICT_INCONCLUSIVE},
    {"and back after a long time", {.hosts = "10.77.0.11"},
	{{1, ANNOUNCE, 3, VIP, 0}, {900000, ANNOUNCE, 4, VIP, 0}, {1800000, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-handed-over:3", VERDICT_INCONCLUSIVE},
    {"soon back", {.hosts = "10.77.0.11"},
	{{1, ANNOUNCE, 3, VIP, 0}, {30000, ANNOUNCE, 4, VIP, 0}, {60000, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3?", VERDICT_INCONCLUSIVE},
    {"split brain", {.hosts = "10.77.0.11"},
	{{1, ANNOUNCE, 3, VIP, 0}, {1001, ANNOUNCE, 4, VIP, 0}, {2001, ANNOUNCE, 3, VIP, 0},
	    {3001, ANNOUNCE, 4, VIP, 0}, {4001, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3? owner-flip-flopped:4? "
	"owners-alternated:3!",
	VERDICT_VIOLATION},
    {"two answer the same questions", {.hosts = "10.77.0.11"},
	{{1, ASK, 50, 50, VIP}, {2, ANSWER_B, 3, VIP, 0}, {3, ANSWER_B, 4, VIP, 0},
	    {901, ASK, 50, 50, VIP}, {902, ANSWER_B, 3, VIP, 0}, {903, ANSWER_B, 4, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3? owners-alternated:4!",
	VERDICT_VIOLATION},
    {"they do so twice, hours apart: two hand-overs", {.hosts = "10.77.0.11"},
	{{1, ASK, 50, 50, VIP}, {2, ANSWER_B, 3, VIP, 0}, {3, ANSWER_B, 4, VIP, 0},
	    {2 * HOUR_MS, ASK, 50, 50, VIP}, {2 * HOUR_MS + 1, ANSWER_B, 4, VIP, 0},
	    {2 * HOUR_MS + 2, ANSWER_B, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-handed-over:3", VERDICT_INCONCLUSIVE},
    {"two hand-overs, and this machine asks the owners", {.hosts = "10.77.0.11"},
	{{1, ASK, 50, 50, VIP}, {1000, ASK, PROBE, PROBE, VIP}, {1001, ANSWER, 3, VIP, 0},
	    {1 * HOUR_MS, ANNOUNCE, 4, VIP, 0}, {1 * HOUR_MS + 300, ASK, PROBE, PROBE, VIP},
	    {1 * HOUR_MS + 301, ANSWER, 4, VIP, 0}, {2 * HOUR_MS, ANNOUNCE, 3, VIP, 0},
	    {2 * HOUR_MS + 300, ASK, PROBE, PROBE, VIP}, {2 * HOUR_MS + 301, ANSWER, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-handed-over:3", VERDICT_INCONCLUSIVE},
    {"two orderly ones, and its questions are not heard",
	{.hosts = "10.77.0.11", .directors = "10.77.0.3,10.77.0.4"},
	{{1, ASK, 3, 3, 9}, {2, ASK, 4, 4, 9}, {3, ASK, 50, 50, VIP}, {1000, ANSWER, 3, VIP, 0},
	    {1 * HOUR_MS, ANNOUNCE, 4, VIP, 0}, {1 * HOUR_MS + 100, ANSWER, 4, VIP, 0},
	    {2 * HOUR_MS, ANNOUNCE, 3, VIP, 0}, {2 * HOUR_MS + 100, ANSWER, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-handed-over:3", VERDICT_INCONCLUSIVE},
    {"it goes over and back while this machine asks fast", {.hosts = "10.77.0.11"},
	{{1, ASK, PROBE, PROBE, VIP}, {2, ANSWER, 3, VIP, 0}, {401, ASK, PROBE, PROBE, VIP},
	    {402, ANSWER, 4, VIP, 0}, {801, ASK, PROBE, PROBE, VIP}, {802, ANSWER, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3?", VERDICT_INCONCLUSIVE},
    {"this machine asks, and two answer", {.hosts = "10.77.0.11"},
	{{1, ASK, PROBE, PROBE, VIP}, {2, ANSWER, 3, VIP, 0}, {3, ANSWER, 4, VIP, 0},
	    {MINUTE_MS, ASK, PROBE, PROBE, VIP}, {MINUTE_MS + 1, ANSWER, 3, VIP, 0},
	    {MINUTE_MS + 2, ANSWER, 4, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3? owners-alternated:4!",
	VERDICT_VIOLATION},
    {"a server and the director do so", {.hosts = "10.77.0.11"},
	{{1, ASK, 11, 11, 9}, {2, ASK, 50, 50, VIP}, {3, ANSWER_B, 3, VIP, 0},
	    {4, ANSWER_B, 11, VIP, 0}},
	"owner-heard:3 server-claimed:11!", VERDICT_VIOLATION},
    {"a master", {.hosts = "10.77.0.11"}, {{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3", VERDICT_INCONCLUSIVE},
    {"it falls silent", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 3, 0, 100}, {9000, SILENCE, 0, 0, 0}},
	"owner-heard:3 owner-fell-silent:3?", VERDICT_INCONCLUSIVE},
    {"it hands over in good order", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 3, 0, 0}, {1500, ADVERTISE, 4, 0, 90},
	    {1510, ANNOUNCE, 4, VIP, 0}},
	"owner-heard:3 owner-handed-over:4", VERDICT_INCONCLUSIVE},
    {"it is preempted, and its successor again", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 4, 0, 200}, {1800000, ADVERTISE, 3, 0, 250}},
	"owner-heard:3 owner-handed-over:4 owner-fell-silent:4? owner-handed-over:3",
	VERDICT_INCONCLUSIVE},
    {"two masters", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {501, ADVERTISE, 4, 0, 100}, {1001, ADVERTISE, 3, 0, 100},
	    {1501, ADVERTISE, 4, 0, 100}, {2001, ADVERTISE, 3, 0, 100}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3? owner-flip-flopped:4? "
	"owners-alternated:3!",
	VERDICT_VIOLATION},
    {"a deposed master repeats its announcements", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}, {1001, ADVERTISE, 4, 0, 200},
	    {1900, ADVERTISE, 4, 0, 200}, {2000, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4 former-owner-claimed:3!", VERDICT_VIOLATION},
    {"but not what crossed", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}, {1001, ADVERTISE, 4, 0, 200},
	    {1002, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3 owner-handed-over:4", VERDICT_INCONCLUSIVE},
    {"a deposed master, while its successor goes on", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 4, 0, 200}, {1900, ADVERTISE, 4, 0, 200},
	    {2000, ANNOUNCE, 3, VIP, 0}, {2900, ADVERTISE, 4, 0, 200}, {3900, ADVERTISE, 4, 0, 200},
	    {4000, ADVERTISE, 4, 0, 200}, {4900, ADVERTISE, 4, 0, 200}},
	"owner-heard:3 owner-handed-over:4 former-owner-claimed:3!", VERDICT_VIOLATION},
    {"it fails back, and announces before it advertises", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 4, 0, 200}, {1002, ANNOUNCE, 4, VIP, 0},
	    {1900, ADVERTISE, 4, 0, 200}, {2000, ANNOUNCE, 3, VIP, 0}, {2001, ANNOUNCE, 3, VIP, 0},
	    {2002, ADVERTISE, 3, 0, 250}, {2900, ADVERTISE, 3, 0, 250},
	    {3900, ADVERTISE, 3, 0, 250}, {4900, ADVERTISE, 3, 0, 250}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3?", VERDICT_INCONCLUSIVE},
    {"so do two that are named", {.hosts = "10.77.0.11", .directors = "10.77.0.3,10.77.0.4"},
	{{1, ASK, 3, 3, 9}, {2, ASK, 4, 4, 9}, {3, ADVERTISE, 3, 0, 100}, {4, ANNOUNCE, 3, VIP, 0},
	    {1001, ADVERTISE, 4, 0, 200}, {1900, ADVERTISE, 4, 0, 200}, {2000, ANNOUNCE, 3, VIP, 0},
	    {2002, ADVERTISE, 3, 0, 250}, {2900, ADVERTISE, 3, 0, 250},
	    {3900, ADVERTISE, 3, 0, 250}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3?", VERDICT_INCONCLUSIVE},
    {"one that was at fault before fails back", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 4, 0, 200}, {1900, ADVERTISE, 4, 0, 200},
	    {2000, ANNOUNCE, 3, VIP, 0}, {2900, ADVERTISE, 4, 0, 200}, {3900, ADVERTISE, 4, 0, 200},
	    {4200, ADVERTISE, 4, 0, 200}, {2 * MINUTE_MS, ADVERTISE, 4, 0, 200},
	    {2 * MINUTE_MS + 10, ANNOUNCE, 3, VIP, 0}, {2 * MINUTE_MS + 11, ADVERTISE, 3, 0, 250}},
	"owner-heard:3 owner-handed-over:4 former-owner-claimed:3! owner-fell-silent:4? "
	"owner-flip-flopped:3?",
	VERDICT_INCONCLUSIVE},
    {"its successor gives up, and it announces first", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 4, 0, 200}, {1900, ADVERTISE, 4, 0, 0},
	    {2000, ANNOUNCE, 3, VIP, 0}, {2001, ADVERTISE, 3, 0, 100}},
	"owner-heard:3 owner-handed-over:4 owner-flip-flopped:3?", VERDICT_INCONCLUSIVE},
    {"its successor is silent, and it only announces", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 4, 0, 200}, {4100, ANNOUNCE, 3, VIP, 0},
	    {6500, ADVERTISE, 4, 0, 200}},
	"owner-heard:3 owner-handed-over:4 owner-fell-silent:4? maybe-director-claimed:3?",
	VERDICT_INCONCLUSIVE},
    {"it is known only later by that MAC", {.hosts = "10.77.0.3,10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 4, 0, 200}, {1900, ADVERTISE, 4, 0, 200},
	    {2000, ANNOUNCE, 13, VIP, 0}, {2100, ASK, 13, 3, 9}, {2900, ADVERTISE, 4, 0, 200}},
	"owner-heard:3 owner-handed-over:4 stranger-claimed:13!", VERDICT_VIOLATION},
    {"three masters, one after the other", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}, {1001, ADVERTISE, 4, 0, 110},
	    {1002, ANNOUNCE, 4, VIP, 0}, {2001, ADVERTISE, 5, 0, 120}, {2002, ANNOUNCE, 5, VIP, 0},
	    {3001, ADVERTISE, 5, 0, 120}},
	"owner-heard:3 owner-handed-over:4 owner-handed-over:5", VERDICT_INCONCLUSIVE},
    {"the first of them claims again", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}, {1001, ADVERTISE, 4, 0, 110},
	    {1002, ANNOUNCE, 4, VIP, 0}, {2001, ADVERTISE, 5, 0, 120}, {2002, ANNOUNCE, 5, VIP, 0},
	    {2500, ANNOUNCE, 3, VIP, 0}, {3001, ADVERTISE, 5, 0, 120}},
	"owner-heard:3 owner-handed-over:4 owner-handed-over:5 former-owner-claimed:3!",
	VERDICT_VIOLATION},
    {"one of two servers takes over (LocalNode), and announces first", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 9}, {2, ASK, 12, 12, 9}, {3, ADVERTISE, 11, 0, 100},
	    {1001, ADVERTISE, 11, 0, 100}, {1500, ANNOUNCE, 12, VIP, 0},
	    {1501, ADVERTISE, 12, 0, 110}, {2501, ADVERTISE, 12, 0, 110},
	    {3501, ADVERTISE, 12, 0, 110}, {4501, ADVERTISE, 12, 0, 110}},
	"owner-heard:11 owner-handed-over:12", VERDICT_INCONCLUSIVE},
    {"it does not advertise", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 9}, {2, ASK, 12, 12, 9}, {3, ADVERTISE, 11, 0, 100},
	    {1001, ADVERTISE, 11, 0, 100}, {1500, ANNOUNCE, 12, VIP, 0},
	    {2001, ADVERTISE, 11, 0, 100}, {3001, ADVERTISE, 11, 0, 100},
	    {4001, ADVERTISE, 11, 0, 100}},
	"owner-heard:11 server-claimed:12!", VERDICT_VIOLATION},
    {"one that is not named takes over, and announces first",
	{.hosts = "10.77.0.11", .directors = "10.77.0.3"},
	{{1, ASK, 3, 3, 9}, {2, ADVERTISE, 3, 0, 100}, {1002, ADVERTISE, 3, 0, 100},
	    {1500, ANNOUNCE, 4, VIP, 0}, {1501, ADVERTISE, 4, 0, 110}},
	"owner-heard:3 owner-handed-over:4 maybe-director-claimed:4?", VERDICT_INCONCLUSIVE},
    {"the first master announces first", {.hosts = "10.77.0.11"},
	{{1, ANNOUNCE, 3, VIP, 0}, {2, ADVERTISE, 3, 0, 100}}, "owner-heard:3",
	VERDICT_INCONCLUSIVE},
    {"a server is the master (LocalNode)", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, ADVERTISE, 11, 0, 100}, {3, ANNOUNCE, 11, VIP, 0}},
	"owner-heard:11", VERDICT_INCONCLUSIVE},
    {"a virtual router whose master nobody hears", {.hosts = "10.77.0.11-12"},
	{{1, ASK, 11, 11, 12}, {2, ANNOUNCE, VIRTUAL, VIP, 0}, {3, ASK, 11, VIP, 9}},
	"owner-heard:51 maybe-director-claimed:11?", VERDICT_INCONCLUSIVE},
    {"a machine claims beside an advertising master", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}, {1001, ADVERTISE, 3, 0, 100},
	    {1500, ASK, 66, VIP, 9}, {2001, ADVERTISE, 3, 0, 100}, {2500, ASK, 66, VIP, 9},
	    {3001, ADVERTISE, 3, 0, 100}, {4001, ADVERTISE, 3, 0, 100}},
	"owner-heard:3 stranger-claimed:66*2!", VERDICT_VIOLATION},
    {"the master falls silent after that", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}, {1001, ADVERTISE, 3, 0, 100},
	    {1500, ASK, 66, VIP, 9}, {9000, SILENCE, 0, 0, 0}},
	"owner-heard:3 stranger-claimed:66! owner-fell-silent:3?", VERDICT_VIOLATION},
    {"a standby announces before it advertises", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANNOUNCE, 3, VIP, 0}, {1001, ADVERTISE, 3, 0, 100},
	    {1500, ANNOUNCE, 4, VIP, 0}, {1501, ADVERTISE, 4, 0, 110}, {1502, ASK, 4, VIP, 9},
	    {2501, ADVERTISE, 4, 0, 110}, {3501, ADVERTISE, 4, 0, 110}},
	"owner-heard:3 owner-handed-over:4", VERDICT_INCONCLUSIVE},
    {"a machine claims while no master advertises", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {1001, ADVERTISE, 3, 0, 0}, {1100, ANNOUNCE, 66, VIP, 0},
	    {1500, ADVERTISE, 4, 0, 90}, {2500, ADVERTISE, 4, 0, 90}, {3500, ADVERTISE, 4, 0, 90}},
	"owner-heard:3 owner-handed-over:4 maybe-director-claimed:66?", VERDICT_INCONCLUSIVE},
    {"a machine claims just before the first advertisement", {.hosts = "10.77.0.11"},
	{{1, ASK, 66, VIP, 9}, {500, ADVERTISE, 3, 0, 100}, {501, ANNOUNCE, 3, VIP, 0},
	    {1500, ADVERTISE, 3, 0, 100}, {2500, ADVERTISE, 3, 0, 100},
	    {3500, ADVERTISE, 3, 0, 100}},
	"owner-heard:3 maybe-director-claimed:66?", VERDICT_INCONCLUSIVE},
    {"and again after it", {.hosts = "10.77.0.11"},
	{{1, ASK, 66, VIP, 9}, {500, ADVERTISE, 3, 0, 100}, {501, ANNOUNCE, 3, VIP, 0},
	    {900, ASK, 66, VIP, 9}, {1500, ADVERTISE, 3, 0, 100}, {2500, ADVERTISE, 3, 0, 100},
	    {3500, ADVERTISE, 3, 0, 100}},
	"owner-heard:3 maybe-director-claimed:66? stranger-claimed:66!", VERDICT_VIOLATION},
    {"a virtual router begins where another machine owned the VIP", {.hosts = "10.77.0.11"},
	{{1, ANNOUNCE, 5, VIP, 0}, {9000, ADVERTISE, 3, 0, 100}, {9001, ANNOUNCE, 3, VIP, 0},
	    {10000, ADVERTISE, 3, 0, 100}},
	"owner-heard:5 owner-heard:3", VERDICT_INCONCLUSIVE},
    {"a master that is known by its virtual MAC alone", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, VIRTUAL, 0, 100}, {2, ANNOUNCE, VIRTUAL, VIP, 0}, {3, ASK, 66, VIP, 9},
	    {1001, ADVERTISE, VIRTUAL, 0, 100}, {2001, ADVERTISE, VIRTUAL, 0, 100},
	    {3001, ADVERTISE, VIRTUAL, 0, 100}},
	"owner-heard:0 maybe-director-claimed:66?", VERDICT_INCONCLUSIVE},
    {"any node may own it, beside a master too", {.hosts = "10.77.0.11", .owner = OWNER_ANY},
	{{1, ASK, 11, 11, 9}, {2, ADVERTISE, 3, 0, 100}, {3, ANNOUNCE, 3, VIP, 0},
	    {1500, ANNOUNCE, 11, VIP, 0}},
	"owner-heard:3 maybe-director-claimed:11?", VERDICT_INCONCLUSIVE},
    {"nobody may own it", {.hosts = "10.77.0.11", .owner = OWNER_NONE}, {{1, ANNOUNCE, 3, VIP, 0}},
	"stranger-claimed:3!", VERDICT_VIOLATION},
    {"any node may own it", {.hosts = "10.77.0.11-12", .owner = OWNER_ANY},
	{{1, ASK, 11, 11, 12}, {2, ANNOUNCE, 11, VIP, 0}}, "owner-heard:11", VERDICT_INCONCLUSIVE},
    {"and it goes to the next", {.hosts = "10.77.0.11-12", .owner = OWNER_ANY},
	{{1, ASK, 11, 11, 12}, {2, ANNOUNCE, 11, VIP, 0}, {3, ASK, 12, 12, 9},
	    {5000, ANNOUNCE, 12, VIP, 0}},
	"owner-heard:11 owner-handed-over:12", VERDICT_INCONCLUSIVE},
    {"a RIP moves", {.hosts = "10.77.0.11"}, {{1, ASK, 11, 11, 9}, {90000, ASK, 99, 11, 9}},
	"rip-moved:99", VERDICT_INCONCLUSIVE},
    {"two MACs use it", {.hosts = "10.77.0.11"},
	{{1, ASK, 11, 11, 9}, {1001, ASK, 99, 11, 9}, {2001, ASK, 11, 11, 9}},
	"rip-moved:99 rip-shared:11?", VERDICT_INCONCLUSIVE},
    {"two answer for it", {.hosts = "10.77.0.11"},
	{{1, ANSWER, 11, 11, 0}, {2, ANSWER, 99, 11, 0}, {1101, ANSWER, 11, 11, 0},
	    {1102, ANSWER, 99, 11, 0}},
	"rip-moved:99 rip-shared:11? rip-shared:99!", VERDICT_VIOLATION},
    {"a RIP moves twice within a question's time, hours apart", {.hosts = "10.77.0.11"},
	{{1, ANSWER, 11, 11, 0}, {2, ANSWER, 99, 11, 0}, {2 * HOUR_MS, ANSWER, 99, 11, 0},
	    {2 * HOUR_MS + 1, ANSWER, 11, 11, 0}},
	"rip-moved:99 rip-moved:11", VERDICT_INCONCLUSIVE},
    {"nobody answers for the VIP, though others are answered", {.hosts = "10.77.0.11"},
	{{1, ANSWER_B, 11, 11, 0}, {2, ANSWER_B, 12, 12, 0}, {3, ASK, 50, 50, VIP},
	    {4, ASK, 50, 50, VIP}, {5, ASK, 50, 50, VIP}},
	"", VERDICT_VIOLATION},
    {"a capture on a server has the server's answers only", {.hosts = "10.77.0.11"},
	{{1, ANSWER_B, 11, 11, 0}, {2, ASK, 50, 50, VIP}, {3, ANSWER_B, 11, 12, 0},
	    {4, ASK, 50, 50, VIP}, {5, ASK, 50, 50, VIP}, {6, ASK, 50, 50, VIP}},
	"", VERDICT_INCONCLUSIVE},
    {"a server may answer by two interfaces", {.hosts = "10.77.0.11"},
	{{1, ANSWER_B, 11, 11, 0}, {2, ANSWER_B, 99, 11, 0}, {3, ASK, 50, 50, VIP},
	    {4, ASK, 50, 50, VIP}, {5, ASK, 50, 50, VIP}},
	"rip-moved:99", VERDICT_INCONCLUSIVE},
    {"a gratuitous reply is no answer", {.hosts = "10.77.0.11"},
	{{1, ANSWER_B, 11, 11, 0}, {2, ANSWER_B, 50, 50, 0}, {3, ASK, 50, 50, VIP},
	    {4, ASK, 50, 50, VIP}, {5, ASK, 50, 50, VIP}},
	"", VERDICT_INCONCLUSIVE},
    {"a claim answers for all questions before it", {.hosts = "10.77.0.11"},
	{{1, ANSWER_B, 11, 11, 0}, {2, ANSWER_B, 12, 12, 0}, {3, ASK, 50, 50, VIP},
	    {4, ASK, 50, 50, VIP}, {5, ASK, 50, 50, VIP}, {6, ANNOUNCE, 3, VIP, 0}},
	"owner-heard:3", VERDICT_INCONCLUSIVE},
    {"nobody is heard to answer, but a master advertises", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANSWER_B, 11, 11, 0}, {3, ANSWER_B, 12, 12, 0},
	    {10, ASK, 50, 50, VIP}, {1000, ADVERTISE, 3, 0, 100}, {1500, ASK, 50, 50, VIP},
	    {1600, ASK, 50, 50, VIP}, {1700, ASK, 50, 50, VIP}, {2000, ADVERTISE, 3, 0, 100},
	    {2500, ASK, 50, 50, VIP}},
	"owner-heard:3", VERDICT_INCONCLUSIVE},
    {"and it does so no more", {.hosts = "10.77.0.11"},
	{{1, ADVERTISE, 3, 0, 100}, {2, ANSWER_B, 11, 11, 0}, {3, ANSWER_B, 12, 12, 0},
	    {8000, ASK, 50, 50, VIP}, {9000, ASK, 50, 50, VIP}, {10000, ASK, 50, 50, VIP}},
	"owner-heard:3 owner-fell-silent:3?", VERDICT_VIOLATION},
    {"nobody is heard to be answered", {.hosts = "10.77.0.11"},
	{{2, ASK, 50, 50, VIP}, {3, ASK, 50, 50, VIP}, {4, ASK, 50, 50, VIP}}, "",
	VERDICT_INCONCLUSIVE},
    {"nor need anybody answer", {.hosts = "10.77.0.11", .owner = OWNER_NONE},
	{{1, ANSWER_B, 11, 11, 0}, {2, ANSWER_B, 12, 12, 0}, {3, ASK, 50, 50, VIP},
	    {4, ASK, 50, 50, VIP}, {5, ASK, 50, 50, VIP}},
	"", VERDICT_INCONCLUSIVE},
    {"a sweep's plan", {.hosts = NULL}, {{1, ASK, 11, VIP, 9}}, "owner-heard:11",
	VERDICT_INCONCLUSIVE},
};

/* What the results of some of them say of the VIP: its findings, as the events are written, and the
 * last octets of its owners' MACs, with "?" if they only may be the expected ones. */
static const struct watch_words {
	const char *what, *findings, *owners;
} words[] = {
    {"it hands over in good order", "hand-over", "4"},
    {"it fails back, and announces before it advertises", "flip-flop? hand-over", "3"},
    {"a machine claims beside an advertising master", "unlisted-claimant!", "3"},
    {"a machine claims while no master advertises", "hand-over unlisted-claimant?", ""},
    {"a machine claims just before the first advertisement", "unlisted-claimant?", "3"},
    {"nobody answers for the VIP, though others are answered", "vip-owner!", ""},
    {"a capture on a server has the server's answers only", "vip-owner?", ""},
    {"a server may answer by two interfaces", "vip-owner?", ""},
    {"a gratuitous reply is no answer", "vip-owner?", ""},
    {"a claim answers for all questions before it", "presumed-director", "3"},
    {"nobody is heard to answer, but a master advertises", "vip-owner?", ""},
    {"and it does so no more", "vip-owner! owner-silent?", ""},
};

struct played {
	struct fixture *fixture; /* for the frames' addresses */
	struct plan plan;
	struct watch *watch;
	uint64_t now_us;
	char events[TEXT_SIZE];
};

static void
watch_begin(struct played *played, const struct fixture_plan *plan)
{
	static const struct mac probe = {{0x02, 0, 0x0a, 0x4d, 0, PROBE}};
	static struct audit_segment segment;
	struct error error = {0};

	*played = (struct played){.fixture = fixture_new(plan), .now_us = START_US};
	segment = (struct audit_segment){.interface = "eth0", .mac = probe, .own = {ip(PROBE), 24}};
	const struct watch_of of = {
	    .cluster = &played->fixture->plan.clusters[0],
	    .settings = &played->fixture->plan.settings,
	    .segment = &segment,
	    .table = &check_table,
	};

	played->watch = watch_new(&of, START_US, &error);
	assert_non_null(played->watch);
}

static void
watch_close(struct played *played)
{
	watch_free(played->watch);
	fixture_free(played->fixture);
}

static const char *
severity_mark(enum severity severity)
{
	return severity == SEVERITY_VIOLATION ? "!" : severity == SEVERITY_INCONCLUSIVE ? "?" : "";
}

static void
write_event(struct played *played, const struct event *event)
{
	const size_t used = strlen(played->events);
	char count[24] = "", provoker[24] = "";
	const bool master =
	    event->ip.family != ADDRESS_NONE && mac_vrrp_vrid(&event->mac) == 0 &&
	    (event->kind == EVENT_OWNER_FELL_SILENT || address_is_set(&event->rival));
	const unsigned who = master ? event->ip.octet[3] : event->mac.octet[5];

	assert_true(event->message[0] != '\0' && strchr(event->message, '\n') == NULL);
	assert_true(event->count >= 1 && event->first_us <= event->last_us);
	if (event->count > 1)
		(void)snprintf(count, sizeof(count), "*%u", (unsigned)event->count);
	if (event->provoked)
		(void)snprintf(
		    provoker, sizeof(provoker), "@%u", (unsigned)event->provoker.octet[3]);
	(void)snprintf(&played->events[used], TEXT_SIZE - used, "%s%s:%u%s%s%s",
	    used == 0 ? "" : " ", event_name(event->kind), who, count,
	    severity_mark(event->severity), provoker);
}

static void
take_events(struct played *played)
{
	struct event event;

	while (watch_next(played->watch, played->now_us, &event))
		write_event(played, &event);
}

/* Lets time pass as a caller does, from one wakeup to the next. */
static void
pass_until(struct played *played, uint64_t until_us)
{
	while (watch_wakeup_us(played->watch) <= until_us) {
		const uint64_t wakeup_us = watch_wakeup_us(played->watch);

		if (wakeup_us > played->now_us)
			played->now_us = wakeup_us;
		take_events(played);
	}
	played->now_us = until_us;
}

static struct frame
frame_of(struct played *played, const struct step *step)
{
	struct frame frame = request_of(step->by, step->spa, step->other);

	switch (step->what) {
	case ANSWER:
	case ANSWER_B:
	case RELAY:
		frame = reply_of(step->by, step->spa);
		if (step->what == ANSWER_B) {
			frame.destination = frame.arp.tha = mac(50);
			frame.arp.tpa = ip(50);
		}
		if (step->what == RELAY)
			frame.arp.sha = mac(step->other);
		break;
	case ANNOUNCE:
		frame.arp.tpa = frame.arp.spa;
		break;
	case ADVERTISE:
		frame = advertisement_of(played->fixture, step->by, step->other);
		frame.ip.vrrp.interval_us = 1000000;
		break;
	case PACKET:
		frame = (struct frame){
		    .kind = FRAME_ECHO_REQUEST,
		    .source = mac(step->by),
		    .destination = mac(11),
		    .ip = {.source = ip(step->spa), .destination = ip(VIP)},
		};
		break;
	default:
		break;
	}
	return frame;
}

static void
hear_frame(struct played *played, const struct frame *frame)
{
	static const uint8_t bytes[60];
	const struct capture capture = {
	    .frame = *frame,
	    .bytes = bytes,
	    .length = sizeof(bytes),
	    .wire_length = sizeof(bytes),
	    .time_us = played->now_us,
	};

	watch_receive(played->watch, played->now_us, &capture);
}

static void
play(struct played *played, const struct step *steps)
{
	for (size_t i = 0; i < FRAMES_MAX && steps[i].what != END; i++) {
		pass_until(played, START_US + (uint64_t)steps[i].at_ms * 1000);
		if (steps[i].what == SILENCE)
			continue;
		const struct frame frame = frame_of(played, &steps[i]);

		hear_frame(played, &frame);
		take_events(played);
	}
	watch_end(played->watch);
	take_events(played);
}

static void
add_word(char text[TEXT_SIZE], const char *word, const char *mark)
{
	const size_t used = strlen(text);

	(void)snprintf(&text[used], TEXT_SIZE - used, "%s%s%s", used == 0 ? "" : " ", word, mark);
}

static void
assert_words(const struct watch_words *expected, const struct vip_result *result)
{
	char findings[TEXT_SIZE] = "", owners[TEXT_SIZE] = "";

	for (size_t i = 0; i < result->finding_count; i++)
		add_word(
		    findings, result->findings[i].id, severity_mark(result->findings[i].severity));
	for (size_t i = 0; i < result->owner_count; i++) {
		char owner[8];

		(void)snprintf(owner, sizeof(owner), "%u", result->owners[i].mac.octet[5]);
		add_word(owners, owner, result->owners[i].expected ? "" : "?");
	}
	if (strcmp(findings, expected->findings) != 0 || strcmp(owners, expected->owners) != 0)
		fail_msg("%s: the findings are '%s' and the owners '%s', not '%s' and '%s'",
		    expected->what, findings, owners, expected->findings, expected->owners);
}

/* Returns how many were compared. */
static size_t
compare_words(const char *what, const struct vip_result *result)
{
	size_t compared = 0;

	for (size_t i = 0; i < COUNT_OF(words); i++)
		if (strcmp(words[i].what, what) == 0) {
			assert_words(&words[i], result);
			compared++;
		}
	return compared;
}

static void
test_events(void **state)
{
	size_t compared = 0;

	(void)state;
	for (size_t i = 0; i < COUNT_OF(cases); i++) {
		struct played played;
		struct cluster_result cluster;
		struct arena *arena = arena_new();

		assert_non_null(arena);
		watch_begin(&played, &cases[i].plan);
		play(&played, cases[i].steps);
		watch_result(played.watch, played.now_us, arena, &cluster);
		if (strcmp(played.events, cases[i].events) != 0)
			fail_msg("%s: the events are '%s', not '%s'", cases[i].what, played.events,
			    cases[i].events);
		assert_row(cases[i].what, cluster.verdict, cases[i].verdict);
		compared += compare_words(cases[i].what, &cluster.vips[0]);
		for (size_t k = 0; k < cluster.vips[0].host_count; k++)
			assert_true(cluster.vips[0].hosts[k].verdict != VERDICT_COMPLIANT);
		arena_free(arena);
		watch_close(&played);
	}
	assert_int_equal(compared, COUNT_OF(words));
}

/* Ten thousand MACs claim the VIP: few are told, the director is still found, and all are counted.
 */
static void
test_a_crowd(void **state)
{
	static const struct step before[] = {{1, ASK, 3, 3, 9}, {2, ANNOUNCE, 3, VIP, 0}, {0}};
	struct played played;
	struct cluster_result cluster;
	struct arena *arena = arena_new();
	size_t lines = 1;

	(void)state;
	watch_begin(
	    &played, &(struct fixture_plan){.hosts = "10.77.0.11", .directors = "10.77.0.3"});
	for (size_t i = 0; before[i].what != END; i++) {
		const struct frame frame = frame_of(&played, &before[i]);

		hear_frame(&played, &frame);
	}
	for (uint32_t i = 0; i < 10000; i++) {
		struct frame frame = request_of(66, VIP, VIP);

		frame.source.octet[0] = frame.arp.sha.octet[0] = 0x06;
		frame.source.octet[3] = frame.arp.sha.octet[3] = (uint8_t)(i >> 8);
		frame.source.octet[4] = frame.arp.sha.octet[4] = (uint8_t)i;
		played.now_us += 100;
		hear_frame(&played, &frame);
	}
	watch_end(played.watch);
	take_events(&played);
	for (const char *at = played.events; (at = strchr(at, ' ')) != NULL; at++)
		lines++;
	assert_true(lines > 10 && lines < 40);
	assert_non_null(strstr(played.events, "strangers-claimed:0*"));
	assert_non_null(strstr(played.events, "owner-heard:3"));
	watch_result(played.watch, played.now_us, arena, &cluster);
	assert_int_equal(cluster.vips[0].verdict, VERDICT_VIOLATION);
	assert_int_equal(cluster.vips[0].owner_count, 1);
	assert_true(cluster.vips[0].host_count < 64);
	arena_free(arena);
	watch_close(&played);
}

/* An event that did not happen for an hour is told anew. Its count begins anew, too. */
static void
test_events_expire(void **state)
{
	static const struct step steps[] = {{1, ASK, 11, 11, 9}, {2, ASK, 11, VIP, 9},
	    {4000, ASK, 11, VIP, 9}, {2 * 3600 * 1000, ASK, 3, 3, 9},
	    {2 * 3600 * 1000 + 1, ASK, 11, VIP, 9}, {0}};
	struct played played;

	(void)state;
	watch_begin(&played, &(struct fixture_plan){.hosts = "10.77.0.11"});
	play(&played, steps);
	assert_string_equal(
	    played.events, "server-claimed:11! server-claimed:11*2! server-claimed:11!");
	watch_close(&played);
}

/* The owner of the last report is known, so another one is told as that. */
static void
test_the_last_owner_is_remembered(void **state)
{
	static const struct step steps[] = {{1000, ANNOUNCE, 4, VIP, 0}, {0}};
	const struct address vip = ip(VIP);
	const struct mac before = mac(3);
	struct mac owner;
	struct played played;

	(void)state;
	watch_begin(&played, &(struct fixture_plan){.hosts = "10.77.0.11"});
	assert_false(watch_owner(played.watch, &vip, &owner));
	watch_remember_owner(played.watch, &vip, &before, START_US - 1);
	play(&played, steps);
	assert_string_equal(played.events, "owner-handed-over:4");
	assert_true(watch_owner(played.watch, &vip, &owner));
	assert_true(mac_equal(&owner, &(struct mac){{0x02, 0, 0x0a, 0x4d, 0, 4}}));
	watch_close(&played);
}

/* The segment is the caller's only until the watch has begun. */
static void
test_own_frames_claim_nothing(void **state)
{
	const struct frame claim = request_of(PROBE, VIP, 9),
			   packet = {
			       .kind = FRAME_ECHO_REQUEST,
			       .source = mac(PROBE),
			       .ip = {.source = ip(77), .destination = ip(VIP)},
			   };
	const struct frame known = request_of(11, 11, 9), provoked = request_of(11, VIP, 77);
	struct audit_segment segment = {.interface = "eth0", .mac = mac(PROBE)};
	struct played played;
	struct error error = {0};

	(void)state;
	watch_begin(&played, &(struct fixture_plan){.hosts = "10.77.0.11"});
	watch_free(played.watch);
	played.watch = watch_new(
	    &(struct watch_of){
		.cluster = &played.fixture->plan.clusters[0],
		.settings = &played.fixture->plan.settings,
		.segment = &segment,
		.table = &check_table,
	    },
	    START_US, &error);
	assert_non_null(played.watch);
	segment.mac = mac(99);
	hear_frame(&played, &claim);
	hear_frame(&played, &packet);
	hear_frame(&played, &known);
	hear_frame(&played, &provoked);
	watch_end(played.watch);
	take_events(&played);
	assert_string_equal(played.events, "server-claimed:11!@77");
	watch_close(&played);
}

static void
test_ignored_machines_and_lost_frames(void **state)
{
	const struct mac ignored[] = {mac(11)};
	struct audit_segment segment = {.interface = "eth0", .mac = mac(PROBE)};
	struct played played;
	struct error error = {0};
	const struct frame known = request_of(11, 11, 9), claim = request_of(11, VIP, 9);

	(void)state;
	watch_begin(&played, &(struct fixture_plan){.hosts = "10.77.0.11"});
	watch_free(played.watch);
	const struct watch_of of = {
	    .cluster = &played.fixture->plan.clusters[0],
	    .settings = &played.fixture->plan.settings,
	    .segment = &segment,
	    .table = &check_table,
	    .ignored = ignored,
	    .ignored_count = 1,
	};

	played.watch = watch_new(&of, START_US, &error);
	assert_non_null(played.watch);
	hear_frame(&played, &known);
	hear_frame(&played, &claim);
	watch_capture_lost(played.watch, played.now_us, 7);
	take_events(&played);
	assert_string_equal(played.events, "capture-lost:0?");
	watch_close(&played);
}

/* The answers may have been among the frames that were dropped. */
static void
test_lost_frames_accuse_nobody(void **state)
{
	struct played played;
	struct cluster_result cluster;
	struct arena *arena = arena_new();
	unsigned lost = 0;

	(void)state;
	assert_non_null(arena);
	watch_begin(&played, &(struct fixture_plan){.hosts = "10.77.0.11"});
	for (uint8_t by = 11; by <= 12; by++) {
		const struct step answers = {1, ANSWER_B, by, by, 0};
		const struct frame frame = frame_of(&played, &answers);

		hear_frame(&played, &frame);
	}
	for (unsigned i = 0; i < 5; i++) {
		const struct frame asks = request_of(50, 50, VIP);

		played.now_us += 1000000;
		hear_frame(&played, &asks);
	}
	watch_result(played.watch, played.now_us, arena, &cluster);
	assert_int_equal(cluster.verdict, VERDICT_VIOLATION);
	watch_capture_lost(played.watch, played.now_us, 7);
	watch_result(played.watch, played.now_us, arena, &cluster);
	assert_int_equal(cluster.verdict, VERDICT_INCONCLUSIVE);
	for (size_t i = 0; i < cluster.vips[0].finding_count; i++) {
		const struct finding *finding = &cluster.vips[0].findings[i];

		lost += strcmp(finding->id, "capture-lost") == 0;
		if (strcmp(finding->id, "vip-owner") == 0)
			assert_non_null(strstr(finding->message, "were dropped meanwhile"));
	}
	assert_int_equal(lost, 1);
	arena_free(arena);
	watch_close(&played);
}

/* The last ones are remembered. Of what came before them, nobody is accused. */
static void
test_vacancies(void **state)
{
	struct vacancies vacancies = {.count = 0};
	struct router router = {.vrid = 0};

	(void)state;
	assert_true(vacancy_was(&vacancies, &router, 1000000));
	for (uint64_t second = 10; second <= 200; second += 10) {
		vacancy_end(&vacancies, &router, second * 1000000);
		router.vrid = VRID;
		router.interval_us = 1000000;
		router.heard_us = second * 1000000;
		assert_false(vacancy_was(&vacancies, &router, second * 1000000 + 2999999));
		assert_true(vacancy_was(&vacancies, &router, second * 1000000 + 3000000));
	}
	for (uint64_t second = 10; second < 200; second += 10) {
		assert_int_equal(
		    vacancy_was(&vacancies, &router, second * 1000000 + 2999999), second <= 120);
		assert_true(vacancy_was(&vacancies, &router, second * 1000000 + 5000000));
	}
	router.resigned = true;
	router.resigned_us = router.heard_us + 500000;
	assert_false(vacancy_was(&vacancies, &router, router.resigned_us - 1));
	assert_true(vacancy_was(&vacancies, &router, router.resigned_us));
}

static struct event
event_of(enum event_kind kind, enum severity severity, unsigned number)
{
	return (struct event){
	    .kind = kind,
	    .severity = severity,
	    .last_us = START_US + number,
	    .ip = address_ipv4(0x0a000000 + number),
	    .mac = {{2, 0, 0, 0, (uint8_t)(number >> 8), (uint8_t)number}},
	};
}

static size_t
count_events(struct events *events, enum event_kind kind, uint64_t now_us)
{
	struct event event;
	size_t count = 0;

	while (events_take(events, now_us, &event))
		count += event.kind == kind;
	return count;
}

/* Whatever a bystander makes up: events of RIPs, even violations, and claims of strangers. */
static void
test_no_flood_silences_a_claim(void **state)
{
	struct events *const events = events_new();
	struct event event;

	(void)state;
	assert_non_null(events);
	for (unsigned i = 0; i < 1000; i++) {
		event = event_of(EVENT_RIP_SHARED, SEVERITY_VIOLATION, i);
		events_note(events, &event);
	}
	assert_int_equal(events_lost(events), 1000 - EVENTS_RIPS_MAX);
	for (unsigned i = 0; i < 1000; i++) {
		event = event_of(EVENT_MAC_DAMAGED, SEVERITY_NOTE, i);
		events_note(events, &event);
	}
	assert_int_equal(events_lost(events), 2000 - EVENTS_MAX);
	event = event_of(EVENT_SERVER_CLAIMED, SEVERITY_VIOLATION, 2000);
	events_note(events, &event);
	event = event_of(EVENT_EVENTS_LOST, SEVERITY_INCONCLUSIVE, 2001);
	events_note(events, &event);
	assert_int_equal(events_lost(events), 2002 - EVENTS_MAX);
	assert_int_equal(count_events(events, EVENT_SERVER_CLAIMED, START_US + 3000), 1);
	events_free(events);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_events),
	    cmocka_unit_test(test_a_crowd),
	    cmocka_unit_test(test_events_expire),
	    cmocka_unit_test(test_the_last_owner_is_remembered),
	    cmocka_unit_test(test_own_frames_claim_nothing),
	    cmocka_unit_test(test_ignored_machines_and_lost_frames),
	    cmocka_unit_test(test_lost_frames_accuse_nobody),
	    cmocka_unit_test(test_no_flood_silences_a_claim),
	    cmocka_unit_test(test_vacancies),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
