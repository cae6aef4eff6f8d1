/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Audits that took place while the watch listened.
 */
#include <stdio.h>

#include "audit/facts/vips.h"
#include "watch/inside.h"

static enum severity
severity_of(enum verdict verdict)
{
	static const enum severity severities[] = {
	    [VERDICT_COMPLIANT] = SEVERITY_NOTE,
	    [VERDICT_INCONCLUSIVE] = SEVERITY_INCONCLUSIVE,
	    [VERDICT_VIOLATION] = SEVERITY_VIOLATION,
	};

	return severities[verdict];
}

static size_t
count_hosts(const struct vip_result *audited, enum verdict verdict)
{
	size_t count = 0;

	for (size_t i = 0; i < audited->host_count; i++)
		count += audited->hosts[i].verdict == verdict;
	return count;
}

void
watch_note_audit(struct watch *watch, uint64_t now_us, const struct vip_result *audited)
{
	const uint32_t vip = vip_find(&watch->facts, &audited->vip);
	struct event event = {
	    .kind = EVENT_VIP_AUDITED,
	    .severity = severity_of(audited->verdict),
	    .last_us = now_us,
	};
	char address[ADDRESS_TEXT_SIZE];

	if (vip == NONE)
		return;
	watch->vip[vip].audits++;
	watch->vip[vip].bad_audits += audited->verdict == VERDICT_VIOLATION;
	(void)snprintf(event.message, sizeof(event.message),
	    "an audit of %s: %s; of %zu hosts %zu compliant, %zu inconclusive, %zu violation",
	    address_format(&audited->vip, address), verdict_name(audited->verdict),
	    audited->host_count, count_hosts(audited, VERDICT_COMPLIANT),
	    count_hosts(audited, VERDICT_INCONCLUSIVE), count_hosts(audited, VERDICT_VIOLATION));
	watch_note(watch, vip, &event, NULL);
}
