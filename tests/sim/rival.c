/* SPDX-License-Identifier: BSD-2-Clause */
#include "rival.h"

#include "arpaudit/checks.h"

bool
rival_start(struct rival *rival, struct scenario *scenario)
{
	const struct member *probe = &scenario->cast[scenario->rival];
	struct error error = {0};

	*rival = (struct rival){.scenario = scenario};
	if (scenario->rival == 0)
		return true;
	rival->port = probe->node.port;
	rival->cluster = scenario->plan.clusters[0];
	rival->cluster.source = (struct address){.family = ADDRESS_NONE};
	rival->segment = (struct audit_segment){
	    .interface = "eth0",
	    .mac = probe->node.mac,
	    .own = {.address = address_ipv4(probe->rip), .length = SEGMENT_LENGTH},
	    .elicit_port = 54321,
	};
	rival->audit = audit_new(&rival->cluster, &scenario->plan.settings, &rival->segment,
	    &check_table, ~scenario->seed, START_US + scenario->rival_us, &error);
	return rival->audit != NULL;
}

void
rival_free(struct rival *rival)
{
	audit_free(rival->audit);
}

static bool
is_on(const struct rival *rival)
{
	const uint64_t now_us = rival->port == 0 ? 0 : rival->scenario->segment.now_us;

	return rival->port != 0 && now_us >= START_US + rival->scenario->rival_us &&
	       !audit_finished(rival->audit, now_us);
}

void
rival_receive(struct rival *rival, const struct frame *frame)
{
	static const uint8_t bytes[60];
	const struct capture capture = {
	    .frame = *frame, .bytes = bytes, .length = sizeof(bytes), .number = ++rival->heard};

	if (is_on(rival))
		audit_receive(rival->audit, rival->scenario->segment.now_us, &capture);
}

uint64_t
rival_turn(struct rival *rival)
{
	struct frame frame;

	if (rival->port == 0)
		return UINT64_MAX;
	if (rival->scenario->segment.now_us < START_US + rival->scenario->rival_us)
		return START_US + rival->scenario->rival_us;
	while (is_on(rival) && audit_next(rival->audit, rival->scenario->segment.now_us, &frame))
		segment_transmit(&rival->scenario->segment, rival->port, &frame);
	return is_on(rival) ? audit_wakeup_us(rival->audit, rival->scenario->segment.now_us)
			    : UINT64_MAX;
}
