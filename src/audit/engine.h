/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The inside of the engine. Its rooms, and what each may use:
 *
 *	engine, react -> ask, judge -> owner -> facts -> pace
 *
 * engine.c gives a captured frame to the rooms: it classifies the frame, then passes it to routers,
 * claims, decoys, hosts and checks in turn. They return news, and react.c acts on it at once.
 */
#ifndef ARPAUDIT_AUDIT_ENGINE_H
#define ARPAUDIT_AUDIT_ENGINE_H

#include "audit/ask/ask.h"
#include "audit/facts/crowds.h"
#include "audit/facts/facts.h"
#include "audit/pace/pace.h"

/* listening.h: since when the audit listens for the answers that its bounds need. */
struct listening {
	bool known;
	uint64_t version; /* of the facts that it follows from */
	uint64_t from_us;
};

struct audit {
	const struct check_table *table;
	uint64_t started_us;
	enum audit_end ended;
	uint64_t stopped_us; /* when something ended it early; 0: nothing has */
	struct facts facts;
	struct pace pace;
	struct gentle *own_gentle; /* if no other audit shares it; NULL: not gentle, or shared */
	struct ask ask;
	struct listening listening;
	struct arp_load *arp_load;
	struct crowds crowds;
	uint64_t passed_over_us; /* since when lost_review() is due; 0: it is not */
};

/* Acts on news. The table in react.c has the consequences and their order. */
void react(struct audit *audit, uint64_t now_us, struct news news);

#endif
