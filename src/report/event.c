/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/event.h"

#include <inttypes.h>
#include <jansson.h>

#include "arpaudit/frame.h"
#include "arpaudit/json_values.h"
#include "arpaudit/printable.h"
#include "json_parts.h"

const char *
event_name(enum event_kind kind)
{
	static const char *const names[EVENT_KINDS] = {
	    [EVENT_SERVER_CLAIMED] = "server-claimed",
	    [EVENT_STRANGER_CLAIMED] = "stranger-claimed",
	    [EVENT_STRANGERS_CLAIMED] = "strangers-claimed",
	    [EVENT_MAYBE_DIRECTOR_CLAIMED] = "maybe-director-claimed",
	    [EVENT_FORMER_OWNER_CLAIMED] = "former-owner-claimed",
	    [EVENT_OWNER_HEARD] = "owner-heard",
	    [EVENT_OWNER_HANDED_OVER] = "owner-handed-over",
	    [EVENT_OWNER_FLIP_FLOPPED] = "owner-flip-flopped",
	    [EVENT_OWNERS_ALTERNATED] = "owners-alternated",
	    [EVENT_OWNER_FELL_SILENT] = "owner-fell-silent",
	    [EVENT_RIP_MOVED] = "rip-moved",
	    [EVENT_RIP_SHARED] = "rip-shared",
	    [EVENT_MAC_DAMAGED] = "mac-damaged",
	    [EVENT_VIP_AUDITED] = "vip-audited",
	    [EVENT_CAPTURE_LOST] = "capture-lost",
	    [EVENT_EVENTS_LOST] = "events-lost",
	};

	return names[kind];
}

/* "server-claimed web 10.77.0.100: ..." */
bool
event_write_text(const struct event *event, bool color, FILE *stream)
{
	static const char *const tones[] = {[SEVERITY_NOTE] = "",
	    [SEVERITY_INCONCLUSIVE] = "\033[33m",
	    [SEVERITY_VIOLATION] = "\033[31m"};
	const bool toned = color && event->severity != SEVERITY_NOTE;
	char time[TIME_TEXT_SIZE], first[TIME_TEXT_SIZE], safe[EVENT_TEXT_SIZE], name[128];

	(void)fprintf(stream, "%s %s%s%s %s", time_text(event->last_us, time),
	    toned ? tones[event->severity] : "", severity_name(event->severity),
	    toned ? "\033[0m" : "", event_name(event->kind));
	if (event->cluster != NULL)
		(void)fprintf(stream, " %s", printable(event->cluster, name, sizeof(name)));
	(void)fprintf(stream, ": %s", printable(event->message, safe, sizeof(safe)));
	if (event->name != NULL)
		(void)fprintf(stream, " [%s]", printable(event->name, name, sizeof(name)));
	if (event->count > 1)
		(void)fprintf(stream, " (%" PRIu64 " times since %s)", event->count,
		    time_text(event->first_us, first));
	return fputc('\n', stream) != EOF && fflush(stream) == 0;
}

static json_t *
mac_or_null(const struct mac *mac)
{
	return mac_equal(mac, &mac_zero) ? json_null() : json_from_mac(mac);
}

static json_t *
frame_of(const struct event_frame *kept)
{
	char summary[FRAME_SUMMARY_SIZE];
	struct frame frame;

	if (kept->length == 0)
		return json_null();
	if (frame_decode(kept->bytes, kept->length, &frame) != FRAME_OK)
		frame.kind = FRAME_OTHER;
	return json_from_evidence(&(struct evidence){
	    .time_us = kept->time_us,
	    .frame = kept->number,
	    .summary = frame_summary(&frame, summary),
	    .bytes = kept->bytes,
	    .length = kept->length,
	});
}

bool
event_write_json(const struct event *event, FILE *stream)
{
	return json_write(
	    json_pack(
		"{s:s, s:s, s:s, s:o, s:o, s:I, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:o}",
		"schema", "arpaudit-event/1", "event", event_name(event->kind), "severity",
		severity_name(event->severity), "time", json_from_time(event->last_us), "first",
		json_from_time(event->first_us), "count", (json_int_t)event->count, "cluster",
		json_from_text(event->cluster), "vip", json_from_address(&event->vip), "mac",
		mac_or_null(&event->mac), "ip", json_from_address(&event->ip), "name",
		json_from_text(event->name), "former_mac", mac_or_null(&event->former), "former_ip",
		json_from_address(&event->rival), "provoked_by",
		json_from_address(&event->provoker), "message", json_from_text(event->message),
		"evidence", frame_of(&event->frame)),
	    JSON_COMPACT, stream);
}
