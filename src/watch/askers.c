/* SPDX-License-Identifier: BSD-2-Clause */
#include "watch/askers.h"

/* ASKERS_KEPT: there is none. */
static size_t
find(const struct askers *askers, const struct mac *mac)
{
	size_t at = 0;

	while (at < ASKERS_KEPT &&
	       (askers->asker[at].at_us == 0 || !mac_equal(&askers->asker[at].mac, mac)))
		at++;
	return at;
}

static size_t
find_oldest(const struct askers *askers)
{
	size_t oldest = 0;

	for (size_t i = 1; i < ASKERS_KEPT; i++)
		if (askers->asker[i].at_us < askers->asker[oldest].at_us)
			oldest = i;
	return oldest;
}

/* A switch passes what is sent to a group to every port, so it shows nothing. */
void
askers_hear_reply(struct askers *askers, const struct heard *heard)
{
	const struct frame *frame = heard->frame;
	const struct mac *source = &frame->source, *mac = &frame->arp.tha;
	size_t at = find(askers, mac);

	if (heard->doubtful || heard->request || heard->gratuitous ||
	    !mac_equal(&frame->destination, mac) || mac_is_multicast(mac) || mac_equal(source, mac))
		return;
	if (at == ASKERS_KEPT) {
		at = find_oldest(askers);
		askers->asker[at].mac = *mac;
		askers->asker[at].answerer = *source;
		askers->asker[at].answered_for = frame->arp.spa;
		askers->asker[at].by_others = false;
	} else if (!mac_equal(&askers->asker[at].answerer, source) &&
		   !address_equal(&askers->asker[at].answered_for, &frame->arp.spa)) {
		askers->asker[at].by_others = true;
	}
	askers->asker[at].at_us = heard->now_us;
}

bool
askers_know(const struct askers *askers, const struct mac *asker)
{
	const size_t at = find(askers, asker);

	return at < ASKERS_KEPT && askers->asker[at].by_others;
}
