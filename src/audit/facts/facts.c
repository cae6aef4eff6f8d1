/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/facts/facts.h"

#include "audit/facts/asked.h"
#include "audit/facts/check_states.h"
#include "audit/facts/claims.h"
#include "audit/facts/decoys.h"
#include "audit/facts/evidence.h"
#include "audit/facts/gateways.h"
#include "audit/facts/holdings.h"
#include "audit/facts/hosts.h"
#include "audit/facts/inquiries.h"
#include "audit/facts/leaks.h"
#include "audit/facts/routers.h"

bool
facts_init(struct facts *facts, const struct plan_cluster *cluster,
    const struct plan_settings *settings, const struct audit_segment *segment,
    const struct check *const *checks, uint64_t seed)
{
	const bool borrowed = address_is_set(&cluster->source) &&
			      !address_equal(&cluster->source, &segment->own.address);

	facts->cluster = cluster;
	facts->settings = settings;
	facts->segment = *segment;
	facts->probe = (struct probe){
	    .mac = segment->mac,
	    .vlan = cluster->vlan,
	    .elicit_port = segment->elicit_port,
	    .source = borrowed ? cluster->source : segment->own.address,
	    .borrowed = borrowed,
	};
	return hosts_init(facts) && asked_init(facts) && inquiries_init(facts) &&
	       holdings_init(facts) && claims_init(facts) && decoys_init(facts, seed) &&
	       routers_init(facts) && leaks_init(facts) && evidence_pool_init(facts) &&
	       check_states_init(facts, checks) && gateways_init(facts);
}

void
facts_free(struct facts *facts)
{
	hosts_free(facts);
	gateways_free(facts);
	asked_free(facts);
	inquiries_free(facts);
	holdings_free(facts);
	claims_free(facts);
	decoys_free(facts);
	routers_free(facts);
	leaks_free(facts);
	evidence_pool_free(facts);
	check_states_free(facts);
}
