/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines to which answers can be heard here.
 *
 * That nobody answers a machine is known only where answers to it would be heard. A switch passes
 * unicast replies only to the machine that asked, so a capture on a server has the server's own
 * replies, and no others. Answers of two machines to one asker show that the capture has those of
 * others too. The two differ in their MACs and in the addresses that they answer for: one server
 * with two interfaces may answer for its address by both.
 */
#ifndef ARPAUDIT_WATCH_ASKERS_H
#define ARPAUDIT_WATCH_ASKERS_H

#include "audit/facts/heard.h"

#define ASKERS_KEPT 16

/* Zeroed at the start. The one that was answered longest ago gives way. */
struct askers {
	struct {
		struct mac mac;
		struct mac answerer; /* the first one */
		struct address answered_for;
		bool by_others; /* by a second one, too */
		uint64_t at_us; /* its last answer; 0: no asker */
	} asker[ASKERS_KEPT];
};

/* An ARP reply. */
void askers_hear_reply(struct askers *askers, const struct heard *heard);
/* Whether the answers of several machines to that one were heard. */
bool askers_know(const struct askers *askers, const struct mac *asker);

#endif
