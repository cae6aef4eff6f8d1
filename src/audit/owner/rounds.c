/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/owner/rounds.h"

#include "audit/facts/asked.h"

uint32_t
owner_rounds(const struct facts *facts)
{
	return facts->asked->rounds - facts->asked->rounds_void;
}

double
owner_bound(const struct facts *facts)
{
	return loss_all_lost(&facts->loss[PATH_BROADCAST], owner_rounds(facts));
}

bool
owners_are_sure(const struct facts *facts)
{
	return owner_bound(facts) <= facts->settings->confidence;
}

bool
owners_may_be_surer(const struct facts *facts, uint32_t rounds)
{
	return owner_rounds(facts) < rounds &&
	       loss_all_lost(&facts->loss[PATH_BROADCAST], rounds) <= facts->settings->confidence;
}
