/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for the watch. The input chooses a plan, and then, octet by octet, what
 * happens: frames of all kinds arrive, true and forged, time passes, the capture loses frames, an
 * audit takes place, the plan is read again as by SIGHUP.
 *
 * Whatever happens: no assertion fails, events are in order and can be written, the watch never
 * asks to be woken for nothing, nobody is compliant, a violation that was heard is not forgotten
 * with the plan, and whoever claimed a VIP that another machine owns is not overlooked.
 */
#include <stdlib.h>

#include "arpaudit/checks.h"
#include "made.h"

#define START_US UINT64_C(1700000000000000)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

struct play {
	struct made made; /* it keeps the last frames */
	uint8_t form;     /* of the plan */
	struct plan plan;
	struct watch *watch;
	uint64_t now_us;
	bool claimed; /* 10.77.0.100 by a machine that can't be its owner */
	bool routed;  /* a virtual router was heard, so the claimant may be its master */
};

/* libFuzzer gives the type.
 * NOLINTNEXTLINE(readability-non-const-parameter) */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	told_begin();
	return 0;
}

/* ---- The plan ------------------------------------------------------------------------------ */

static bool
names_mac(uint8_t form)
{
	return (form & 12) == 12;
}

static void
make_plan(struct plan *plan, uint8_t form)
{
	struct error error = {0};
	struct plan_cluster *cluster;

	plan_init(plan);
	cluster = plan_add_cluster(plan, "fuzz");
	check(cluster != NULL &&
	      plan_add_vips(
		  cluster, form & 1 ? "10.77.0.100:80,10.77.0.101" : "10.77.0.100", &error));
	cluster->discover = (form & 2) != 0;
	check(cluster->discover || plan_add_hosts(cluster, "10.77.0.11-13", &error));
	if (names_mac(form))
		check(plan_add_directors(cluster, "02:00:00:00:00:03", &error));
	else if ((form & 4) != 0)
		check(plan_add_directors(cluster, "10.77.0.3", &error));
	else if ((form & 8) != 0)
		cluster->owner = form & 16 ? OWNER_ANY : OWNER_NONE;
	check((form & 32) == 0 || plan_add_ignored(cluster, "02:00:00:00:00:0d", &error));
	cluster->settings = plan->settings;
	check(plan_check(cluster, &error));
}

static struct watch *
begin(const struct plan *plan, uint8_t form, uint64_t now_us)
{
	struct audit_segment segment = {.interface = "eth0"};
	const struct plan_cluster *const cluster = &plan->clusters[0];
	const struct watch_of of = {.cluster = cluster,
	    .settings = &cluster->settings,
	    .segment = &segment,
	    .table = &check_table,
	    .ignored = cluster->ignored,
	    .ignored_count = cluster->ignored_count};
	struct error error = {0};
	struct watch *watch;

	if ((form & 64) != 0) { /* else as for a capture file */
		segment.mac = made_machine(PROBE);
		segment.own = (struct prefix){.address = made_ip(PROBE), .length = 24};
	}
	watch = watch_new(&of, now_us, &error);
	check(watch != NULL);
	return watch;
}

/* ---- What is told -------------------------------------------------------------------------- */

static void
tell_events(const struct play *play)
{
	told_events(play->watch, play->now_us, play->made.size % REPORTED == 0);
	check(watch_wakeup_us(play->watch) > play->now_us);
}

/* ---- What happens -------------------------------------------------------------------------- */

/* Where the director is named by its MAC, no other machine may own the VIP. */
static void
note_claim(struct play *play, const struct frame *frame)
{
	const uint8_t claimant = made_claimant(frame);

	if (names_mac(play->form) && claimant != 3 && claimant != 13 && claimant != PROBE &&
	    claimant < MACHINES)
		play->claimed = true;
}

static void
receive(struct play *play, const struct frame *frame, const uint8_t *bytes, size_t length)
{
	struct capture capture = {.frame = *frame,
	    .bytes = bytes,
	    .length = length,
	    .wire_length = length,
	    .time_us = play->now_us};

	capture.number = watch_concerns(play->watch, &capture) ? made_next(&play->made) : 0;
	play->routed = play->routed || frame->kind == FRAME_VRRP ||
		       (frame->kind == FRAME_ARP && mac_vrrp_vrid(&frame->arp.sha) != 0);
	note_claim(play, frame);
	watch_receive(play->watch, play->now_us, &capture);
}

/* The bytes of a made frame matter only to the events. */
static void
receive_made(struct play *play, const struct frame *frame)
{
	static const uint8_t bytes[42];

	made_keep(&play->made, frame);
	receive(play, frame, bytes, sizeof(bytes));
}

static void
receive_packet(struct play *play)
{
	static const enum frame_kind kinds[] = {FRAME_ECHO_REQUEST, FRAME_TCP, FRAME_UDP,
	    FRAME_ECHO_REPLY, FRAME_ICMP_ERROR, FRAME_OTHER};
	struct frame frame = {
	    .kind = kinds[made_next(&play->made) % (sizeof(kinds) / sizeof(kinds[0]))],
	    .destination = made_machine(PROBE)};

	frame.source = made_choose_mac(&play->made);
	frame.ip.source = made_choose_address(&play->made);
	frame.ip.destination = made_choose_address(&play->made);
	receive_made(play, &frame);
}

static void
receive_octets(struct play *play)
{
	size_t length;
	uint8_t *const bytes = made_octets(&play->made, &length);
	struct frame frame = {0};

	if (frame_decode(bytes, length, &frame) == FRAME_OK)
		receive(play, &frame, bytes, length);
	free(bytes);
}

/* Some of the last frames come again. */
static void
repeat(struct play *play)
{
	const size_t times = made_next(&play->made) % 8 + 1u;
	const struct frame frame = *made_choose_kept(&play->made);

	for (size_t i = 0; i < times; i++)
		receive_made(play, &frame);
}

/* To the time when the watch wants to be woken, or by some microseconds to some hours. */
static void
wait(struct play *play)
{
	static const uint64_t units_us[] = {
	    UINT64_C(100), 5000, 100000, 1000000, 7000000, 60000000, 900000000};
	const uint8_t form = made_next(&play->made);
	const uint64_t wakeup_us = watch_wakeup_us(play->watch);

	if ((form & 7) != 7)
		play->now_us += (form >> 3) * units_us[form & 7];
	else if (wakeup_us != UINT64_MAX)
		play->now_us = wakeup_us;
}

static void
audit(const struct play *play, uint8_t form)
{
	const struct host_result host = {.rip = made_ip(11), .verdict = (enum verdict)(form % 3)};
	const struct vip_result vip = {.vip = made_ip(form & 4 ? 100 : 101),
	    .verdict = host.verdict,
	    .hosts = &host,
	    .host_count = form >> 3 & 1};

	watch_note_audit(play->watch, play->now_us, &vip);
}

/* As src/run/reload.c does it. */
static void
remember(const struct watch *before, struct watch *watch, const struct plan_vip *vip,
    enum verdict verdict, uint64_t now_us)
{
	struct mac owner;

	if (watch_owner(before, &vip->address, &owner))
		watch_remember_owner(watch, &vip->address, &owner, now_us);
	if (verdict == VERDICT_VIOLATION)
		watch_remember_violation(watch, &vip->address);
}

static void
reload(struct play *play)
{
	struct watch *const before = play->watch;
	struct plan former = play->plan;
	const struct plan_cluster *const cluster = &former.clusters[0];
	enum verdict verdicts[TOLD_VIPS], again[TOLD_VIPS];

	told_result(before, play->now_us, false, verdicts);
	play->form = made_next(&play->made);
	make_plan(&play->plan, play->form);
	play->watch = begin(&play->plan, play->form, play->now_us);
	for (size_t i = 0; i < cluster->vip_count; i++)
		remember(before, play->watch, &cluster->vips[i], verdicts[i], play->now_us);
	told_result(play->watch, play->now_us, false, again);
	for (size_t i = 0; i < cluster->vip_count && i < play->plan.clusters[0].vip_count; i++)
		check(verdicts[i] != VERDICT_VIOLATION || again[i] == VERDICT_VIOLATION);
	watch_free(before);
	plan_free(&former);
	play->claimed = play->routed = false;
}

static void
happen(struct play *play)
{
	const uint8_t what = made_next(&play->made);
	struct frame frame;

	switch (what % 8) {
	case 0:
	case 1:
		frame = made_arp(&play->made);
		receive_made(play, &frame);
		break;
	case 2:
		frame = made_advertisement(&play->made);
		receive_made(play, &frame);
		break;
	case 3:
		receive_packet(play);
		break;
	case 4:
		receive_octets(play);
		break;
	case 5:
		repeat(play);
		break;
	case 6:
		wait(play);
		break;
	default:
		if (what < 0x80)
			watch_capture_lost(play->watch, play->now_us, what);
		else if (what < 0xe0)
			audit(play, made_next(&play->made));
		else
			reload(play);
		break;
	}
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct play play = {.made = {.data = data, .size = size}, .now_us = START_US};
	enum verdict verdicts[TOLD_VIPS];

	play.form = made_next(&play.made);
	make_plan(&play.plan, play.form);
	play.watch = begin(&play.plan, play.form, play.now_us);
	while (made_is_left(&play.made)) {
		happen(&play);
		tell_events(&play);
	}
	watch_end(play.watch);
	tell_events(&play);
	told_result(play.watch, play.now_us, size % REPORTED == 0, verdicts);
	check(!play.claimed || play.routed || verdicts[0] == VERDICT_VIOLATION);
	watch_free(play.watch);
	plan_free(&play.plan);
	return 0;
}
