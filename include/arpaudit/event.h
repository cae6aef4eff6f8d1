/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * An event: something that a watch heard, as it is told while the watch goes on.
 *
 * Each event is told once. When it happens again it is counted, and told again with the count, at
 * most once a minute. Times (`_us`) are microseconds since the epoch, UTC.
 */
#ifndef ARPAUDIT_EVENT_H
#define ARPAUDIT_EVENT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>

#include "arpaudit/address.h"
#include "arpaudit/verdict.h"

enum event_kind {
	EVENT_SERVER_CLAIMED = 0,     /* a listed real server claimed the VIP */
	EVENT_STRANGER_CLAIMED,       /* so did a machine that is neither listed nor the director */
	EVENT_STRANGERS_CLAIMED,      /* too many such machines to tell of each */
	EVENT_MAYBE_DIRECTOR_CLAIMED, /* so did one that may be the director */
	EVENT_FORMER_OWNER_CLAIMED,   /* so did one that had handed the VIP over */
	EVENT_OWNER_HEARD,            /* the first claim of the VIP's owner */
	EVENT_OWNER_HANDED_OVER,      /* the VIP has another owner */
	EVENT_OWNER_FLIP_FLOPPED,     /* and soon after the former one again */
	EVENT_OWNERS_ALTERNATED,      /* two machines own the VIP at the same time: split brain */
	EVENT_OWNER_FELL_SILENT,      /* the VRRP advertisements of the VIP ceased */
	EVENT_RIP_MOVED,              /* a RIP has another MAC */
	EVENT_RIP_SHARED,             /* two MACs use a RIP at the same time */
	EVENT_MAC_DAMAGED,            /* one claim, by a MAC with one damaged bit */
	EVENT_VIP_AUDITED,            /* an audit took place meanwhile */
	EVENT_CAPTURE_LOST,           /* the kernel dropped captured frames */
	EVENT_EVENTS_LOST,            /* more happened at once than could be told */
	EVENT_KINDS,
};

#define EVENT_TEXT_SIZE  320
#define EVENT_FRAME_SIZE 80
#define EVENT_REPEAT_US  UINT64_C(60000000)

/* The last frame that shows it. */
struct event_frame {
	uint64_t time_us;
	uint64_t number; /* in the evidence file, from 1; 0: not kept */
	uint16_t length; /* octets of `bytes`; 0: no frame */
	uint8_t bytes[EVENT_FRAME_SIZE];
};

struct event {
	enum event_kind kind;
	enum severity severity;
	uint64_t first_us, last_us;
	uint64_t count;
	const char *cluster;  /* borrowed from the plan */
	struct address vip;   /* ADDRESS_NONE if it is about no VIP */
	struct mac mac;       /* who did it; mac_zero: unknown */
	struct address ip;    /* its own address, if known */
	const char *name;     /* of the host in the plan; NULL: none */
	struct mac former;    /* whom it is told from: the former owner, the other MAC */
	struct address rival; /* the same, where an address tells it: the former master */
	bool tentative;       /* it may turn out to be a listed server, or the next master */
	bool provoked;        /* a packet for the VIP made it do so: its sender is `provoker` */
	struct address provoker;
	char message[EVENT_TEXT_SIZE]; /* one line without control characters */
	struct event_frame frame;
};

/* "server-claimed" */
const char *event_name(enum event_kind kind);

/* Writes the event on one line, with its newline: for people, and as JSON ("arpaudit-event/1").
 * `color`: with terminal escapes. False with errno set if the stream fails or memory is short. */
bool event_write_text(const struct event *event, bool color, FILE *stream);
bool event_write_json(const struct event *event, FILE *stream);

#endif
