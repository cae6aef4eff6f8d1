/* SPDX-License-Identifier: BSD-2-Clause */
#include "damage.h"

#include "draw.h"

/* `octets` octets of a frame, where the decoded frame has them: as bytes or as a number. A field
 * with neither is one by which the decoder identifies the frame. Damage makes it a frame of another
 * kind. */
struct field {
	uint32_t octets;
	uint8_t *bytes;
	uint16_t *number;
	uint32_t *sequence;
};

#define FIELDS_MAX 16

struct fields {
	struct field field[FIELDS_MAX];
	uint32_t count;
};

void
damage_draw(struct scenario *scenario, struct random *random)
{
	struct damage *damage = &scenario->damage;

	damage->random.state = random_next(random);
	if (percent(random, 60))
		damage->frame = 1 + random_below(random, 300);
	else
		damage->per_million = between(random, 1000, 50000);
	/* Any damaged frame may look like a claim of the VIP, which the audit must report. */
	scenario->owned = false;
	if (damage->per_million > 0)
		scenario->lossless = false;
}

static void
add_unknown(struct fields *fields, uint32_t octets)
{
	fields->field[fields->count++] = (struct field){.octets = octets};
}

static void
add_bytes(struct fields *fields, uint8_t *bytes, uint32_t octets)
{
	fields->field[fields->count++] = (struct field){.octets = octets, .bytes = bytes};
}

static void
add_number(struct fields *fields, uint16_t *number)
{
	fields->field[fields->count++] = (struct field){.octets = 2, .number = number};
}

static void
add_sequence(struct fields *fields, uint32_t *sequence)
{
	fields->field[fields->count++] = (struct field){.octets = 4, .sequence = sequence};
}

static void
add_arp(struct fields *fields, struct frame_arp *arp)
{
	add_unknown(fields, 6); /* hardware and protocol type, and their address lengths */
	add_number(fields, &arp->operation);
	add_bytes(fields, arp->sha.octet, 6);
	add_bytes(fields, arp->spa.octet, 4);
	add_bytes(fields, arp->tha.octet, 6);
	add_bytes(fields, arp->tpa.octet, 4);
}

static void
add_tcp(struct fields *fields, struct frame_ip *ip)
{
	add_number(fields, &ip->tcp.source_port);
	add_number(fields, &ip->tcp.destination_port);
	add_sequence(fields, &ip->tcp.sequence);
	add_sequence(fields, &ip->tcp.acknowledgement);
	add_bytes(fields, &ip->tcp.flags, 1);
}

static void
add_error(struct fields *fields, struct frame_ip *ip)
{
	add_unknown(fields, 1); /* type */
	add_bytes(fields, &ip->error.code, 1);
	add_bytes(fields, &ip->error.protocol, 1);
	add_bytes(fields, ip->error.source.octet, 4);
	add_bytes(fields, ip->error.destination.octet, 4);
	add_number(fields, &ip->error.source_port);
	add_number(fields, &ip->error.destination_port);
}

static void
add_ip(struct fields *fields, struct frame *frame)
{
	struct frame_ip *ip = &frame->ip;

	add_unknown(fields, 3); /* version, header length, protocol and such */
	add_bytes(fields, &ip->ttl, 1);
	add_bytes(fields, ip->source.octet, 4);
	add_bytes(fields, ip->destination.octet, 4);
	if (frame->kind == FRAME_TCP) {
		add_tcp(fields, ip);
	} else if (frame->kind == FRAME_UDP) {
		add_number(fields, &ip->udp.source_port);
		add_number(fields, &ip->udp.destination_port);
	} else if (frame->kind == FRAME_ICMP_ERROR) {
		add_error(fields, ip);
	} else if (frame->kind == FRAME_ECHO_REPLY) {
		add_unknown(fields, 1);
		add_number(fields, &ip->echo.identifier);
		add_number(fields, &ip->echo.sequence);
	}
}

static void
list(struct fields *fields, struct frame *frame)
{
	add_bytes(fields, frame->destination.octet, 6);
	add_bytes(fields, frame->source.octet, 6);
	add_unknown(fields, 2); /* EtherType */
	if (frame->kind == FRAME_ARP)
		add_arp(fields, &frame->arp);
	else if (frame->kind != FRAME_OTHER)
		add_ip(fields, frame);
}

/* The hosts' addresses differ only in the last octet. */
static void
flip_last(const struct fields *fields, struct random *random)
{
	const struct field *field;

	do {
		field = &fields->field[random_below(random, fields->count)];
	} while (field->bytes == NULL || field->octets < 4);
	field->bytes[field->octets - 1] ^= (uint8_t)(1u << random_below(random, 4));
}

static void
flip(struct frame *frame, struct random *random)
{
	struct fields fields = {.count = 0};
	uint32_t bits = 0;

	list(&fields, frame);
	if (percent(random, 50)) {
		flip_last(&fields, random);
		return;
	}
	for (uint32_t i = 0; i < fields.count; i++)
		bits += 8 * fields.field[i].octets;
	uint32_t bit = random_below(random, bits);
	const struct field *field = &fields.field[0];

	for (; bit >= 8 * field->octets; field++)
		bit -= 8 * field->octets;
	if (field->bytes != NULL)
		field->bytes[bit / 8] ^= (uint8_t)(1u << bit % 8);
	else if (field->number != NULL)
		*field->number ^= (uint16_t)(1u << bit);
	else if (field->sequence != NULL)
		*field->sequence ^= 1u << bit;
	else
		frame->kind = FRAME_OTHER;
}

bool
damage_pass(struct damage *damage, struct frame *frame)
{
	damage->seen++;
	if (damage->seen != damage->frame &&
	    (damage->per_million == 0 ||
		random_below(&damage->random, PER_MILLION) >= damage->per_million))
		return false;
	flip(frame, &damage->random);
	damage->damaged++;
	return true;
}
