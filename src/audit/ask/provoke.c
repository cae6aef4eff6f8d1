/* SPDX-License-Identifier: BSD-2-Clause */
#include "audit/ask/provoke.h"

#include "audit/facts/decoys.h"
#include "audit/facts/vips.h"

/* Hosts take their decoys from random positions. Owners are elicited from those at the end. */
uint32_t
provoke_choose_decoy(const struct ask *ask, uint32_t number)
{
	const uint32_t count = decoys_count(ask->facts);

	for (uint32_t i = 0; i < count; i++) {
		const uint32_t decoy = count - 1 - (number + i) % count;

		if (decoy_of(ask->facts, decoy)->state == DECOY_READY &&
		    !decoy_of(ask->facts, decoy)->beside)
			return decoy;
	}
	return NONE;
}

void
provoke_by_echo(
    struct ask *ask, uint32_t vip, uint32_t decoy, const struct mac *owner, struct frame *frame)
{
	const struct elicitation echo = {
	    .method = ELICIT_ECHO,
	    .mac = *owner,
	    .source = decoy_of(ask->facts, decoy)->address,
	    .vip = *vip_address(ask->facts, vip),
	    .number = ask->pace->next_number++,
	};

	probe_elicit(&ask->facts->probe, &echo, frame);
	decoys_note_restoring(ask->facts, vip, decoy, owner);
}

void
provoke_by_probe(const struct ask *ask, uint32_t vip, const struct mac *owner, struct frame *frame)
{
	const struct address unspecified = address_unspecified(ADDRESS_IPV4);

	probe_who_has(&ask->facts->probe, vip_address(ask->facts, vip), owner, &unspecified, frame);
	frame->arp.sha = mac_broadcast;
}
