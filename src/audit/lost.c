/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/lost.h"

#include "audit/ask/decoys.h"
#include "audit/ask/handover.h"
#include "audit/ask/hosts.h"
#include "audit/ask/rehearsal.h"
#include "audit/ask/signature.h"
#include "audit/ask/vips.h"
#include "audit/facts/asked.h"

#define PERIOD_US UINT64_C(100000)

void
audit_capture_lost(struct audit *audit, uint64_t since_us, uint64_t now_us)
{
	/* A proxy may answer this late, so earlier questions are void too. */
	const uint64_t from_us =
	    since_us > PROXY_DELAY_US ? since_us - PROXY_DELAY_US : 1; /* 0: not asked */

	ask_rehearsals_void(&audit->ask);
	ask_hosts_void(&audit->ask, from_us, now_us);
	if (ask_vips_void(&audit->ask, from_us, now_us)) {
		react(audit, now_us, ask_handover_void(&audit->ask, now_us));
		ask_signature_void(&audit->ask, now_us);
	}
	react(audit, now_us, ask_decoys_void(&audit->ask, from_us, now_us));
}

void
lost_pass_over(struct audit *audit, uint64_t now_us)
{
	if (audit->passed_over_us == 0)
		audit->passed_over_us = now_us;
}

void
lost_review(struct audit *audit, uint64_t now_us, bool at_once)
{
	const uint64_t since_us = audit->passed_over_us;

	if (since_us == 0 || (now_us < since_us + PERIOD_US && !at_once))
		return;
	audit->passed_over_us = 0;
	audit_capture_lost(audit, since_us, now_us);
}

uint64_t
lost_due_us(const struct audit *audit)
{
	return audit->passed_over_us == 0 ? UINT64_MAX : audit->passed_over_us + PERIOD_US;
}
