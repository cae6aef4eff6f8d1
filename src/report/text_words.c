/* SPDX-License-Identifier: BSD-2-Clause */
#include "text_words.h"

enum tone
text_verdict_tone(enum verdict verdict)
{
	static const enum tone tones[] = {
	    [VERDICT_COMPLIANT] = TONE_GOOD,
	    [VERDICT_INCONCLUSIVE] = TONE_DOUBT,
	    [VERDICT_VIOLATION] = TONE_BAD,
	};

	return tones[verdict];
}

const char *
text_plural(uint64_t count)
{
	return count == 1 ? "" : "s";
}

const char *
text_subject(struct page *page, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE];

	if (!address_is_set(&host->rip)) {
		char mac[MAC_TEXT_SIZE];

		return arena_format(page->arena, "%s", mac_format(&host->mac, mac));
	}
	address_format(&host->rip, rip);
	if (host->name == NULL)
		return arena_format(page->arena, "%s", rip);
	return arena_format(page->arena, "%s (%s)", rip, page_safe(page, host->name));
}

const char *
text_owner(struct page *page, const struct owner_result *owner)
{
	char ip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	const char *role = owner->expected          ? "director"
			   : owner->may_be_expected ? "may be the director"
						    : "not known to be the director";
	const char *vrrp = owner->vrrp_vrid == 0
			       ? ""
			       : arena_format(page->arena, "VRRP VRID %u, ", owner->vrrp_vrid);

	mac_format(&owner->mac, mac);
	if (!address_is_set(&owner->ip))
		return arena_format(page->arena, "%s (%s%s)", mac, vrrp, role);
	return arena_format(
	    page->arena, "%s (%s, %s%s)", address_format(&owner->ip, ip), mac, vrrp, role);
}
