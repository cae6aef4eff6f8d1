/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Plays the cases of rules.cases, from standard input, on the modelled host. Prints a line for each
 * case, in the words of tests/lab/play-rules, which plays them on a kernel.
 */
#include <err.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "node.h"

#define START_US   UINT64_C(1000000000) /* long after the machine's start */
#define SECOND_US  UINT64_C(1000000)
#define PROXY_US   SECOND_US /* the longest delay of a proxied answer is 0.8 s */
#define LINE_SIZE  1024
#define WORDS_MAX  16
#define FRAMES_MAX 64

static const struct {
	const char *name;
	struct mac mac;
} machines[] = {
    {"probe", {{2, 0, 0, 0, 0, 1}}},
    {"other", {{2, 0, 0, 0, 0, 2}}},
    {"third", {{2, 0, 0, 0, 0, 3}}},
    {"host", {{2, 0, 0, 0, 0, 0x11}}},
    {"all", {{255, 255, 255, 255, 255, 255}}},
    {"zero", {{0, 0, 0, 0, 0, 0}}},
};

enum {
	PROBE = 0, /* the askers: probe, other and third */
	HOST = 3,
	MACHINES = 6,
};

struct world {
	struct segment segment;
	struct node node;
	uint32_t port[HOST]; /* of the askers */
	struct frame seen[FRAMES_MAX];
	uint32_t seen_count;
};

/* The words of a step. */
struct words {
	char *word[WORDS_MAX];
	uint32_t count;
};

static struct words
split(char *text, const char *separators)
{
	struct words words = {.count = 0};
	char *rest = NULL;

	for (char *word = strtok_r(text, separators, &rest); word != NULL;
	     word = strtok_r(NULL, separators, &rest)) {
		if (words.count == WORDS_MAX)
			errx(1, "more than %d words up to %s", WORDS_MAX, word);
		words.word[words.count++] = word;
	}
	return words;
}

/* The word after `key`, or NULL if `key` is missing. */
static char *
word_after(const struct words *words, const char *option)
{
	for (uint32_t i = 0; i + 1 < words->count; i++)
		if (strcmp(words->word[i], option) == 0)
			return words->word[i + 1];
	return NULL;
}

static uint32_t
parse_machine(const char *name)
{
	for (uint32_t i = 0; i < MACHINES; i++)
		if (name != NULL && strcmp(machines[i].name, name) == 0)
			return i;
	errx(1, "%s is no machine", name == NULL ? "nothing" : name);
}

static struct address
parse_address(const char *text)
{
	struct address address;

	if (text == NULL || !address_parse(text, &address))
		errx(1, "%s is no address", text == NULL ? "nothing" : text);
	return address;
}

static uint32_t
parse_number(const char *text, uint32_t largest)
{
	char *end = NULL;
	const unsigned long number = text == NULL ? 0 : strtoul(text, &end, 10);

	if (text == NULL || end == text || *end != '\0' || number > largest)
		errx(1, "%s is no number up to %u", text == NULL ? "nothing" : text, largest);
	return (uint32_t)number;
}

/* ---- The host -------------------------------------------------------------------------------- */

static enum scope
parse_scope(const char *text)
{
	if (text == NULL)
		return SCOPE_UNIVERSE;
	if (strcmp(text, "link") == 0)
		return SCOPE_LINK;
	if (strcmp(text, "host") == 0)
		return SCOPE_HOST;
	errx(1, "%s is no scope", text);
}

static void
add_address(struct node *node, enum node_interface interface, char *text)
{
	const struct words words = split(text, "/,");

	if (words.count < 2)
		errx(1, "%s has no length", text);
	const struct address address = parse_address(words.word[0]);

	node_add_address(node, address_ipv4_number(&address),
	    (uint8_t)parse_number(words.word[1], 32), interface,
	    parse_scope(words.count > 2 ? words.word[2] : NULL));
}

static void
add_proxied(struct node *node, char *text)
{
	const struct words words = split(text, "/");
	const struct address address = parse_address(words.word[0]);

	if (node->proxied_count == NODE_PROXIED)
		errx(1, "too many subnets to proxy");
	node->proxied[node->proxied_count++] =
	    (struct subnet){.address = address_ipv4_number(&address),
		.length = (uint8_t)parse_number(words.count > 1 ? words.word[1] : NULL, 32)};
}

static void
describe_host(struct node *node, const struct words *words)
{
	for (uint32_t i = 0; i < words->count; i++) {
		char *value = strchr(words->word[i], '=');

		if (value == NULL)
			errx(1, "%s has no value", words->word[i]);
		*value++ = '\0';
		const char *key = words->word[i];

		if (strcmp(key, "arp_ignore") == 0)
			node->arp_ignore = (uint8_t)parse_number(value, 8);
		else if (strcmp(key, "arp_announce") == 0)
			node->arp_announce = (uint8_t)parse_number(value, 2);
		else if (strcmp(key, "proxies") == 0)
			add_proxied(node, value);
		else if (strcmp(key, "eth0") == 0)
			add_address(node, ON_ETH0, value);
		else if (strcmp(key, "lo") == 0)
			add_address(node, ON_LO, value);
		else if (strcmp(key, "dummy0") == 0)
			add_address(node, ON_DUMMY0, value);
		else
			errx(1, "%s is no property of a host", key);
	}
}

static void
build(struct world *world, const struct words *host)
{
	segment_init(&world->segment, 1, START_US);
	node_init(&world->node, &world->segment, &machines[HOST].mac);
	describe_host(&world->node, host);
	for (uint32_t i = PROBE; i < HOST; i++)
		world->port[i] = segment_add_port(&world->segment, &machines[i].mac);
	world->seen_count = 0;
}

/* ---- Steps ----------------------------------------------------------------------------------- */

static void
take_event(struct world *world)
{
	struct event event;

	if (!segment_step(&world->segment, &event))
		return;
	if (event.port == world->node.port) {
		node_event(&world->node, &event);
		return;
	}
	/* A frame to all askers arrives on each of their ports. Record it once. */
	if (mac_is_multicast(&event.frame.destination) && event.port != world->port[PROBE])
		return;
	if (mac_equal(&event.frame.source, &machines[HOST].mac)) {
		if (world->seen_count == FRAMES_MAX)
			errx(1, "more than %d frames", FRAMES_MAX);
		world->seen[world->seen_count++] = event.frame;
	}
}

static void
run_until(struct world *world, uint64_t time_us)
{
	while (segment_next_us(&world->segment) <= time_us)
		take_event(world);
	world->segment.now_us = time_us;
}

/* Sends the frame. When this returns, the host has finished its immediate reaction. */
static void
exchange(struct world *world, uint32_t machine, bool broadcast, struct frame *frame)
{
	frame->source = machines[machine].mac;
	frame->destination = broadcast ? mac_broadcast : machines[HOST].mac;
	segment_transmit(&world->segment, world->port[machine], frame);
	run_until(world, world->segment.now_us);
}

static struct frame
who_has(struct address tpa, struct address spa, uint32_t sha)
{
	return (struct frame){.kind = FRAME_ARP,
	    .arp = {.operation = ARP_REQUEST, .spa = spa, .tpa = tpa, .sha = machines[sha].mac}};
}

static void
say_arp(struct world *world, uint32_t machine, const struct words *words)
{
	const char *at = word_after(words, "at");
	const char *receiver = word_after(words, "for");
	const char *spa = word_after(words, "reply");
	const uint32_t sha = at == NULL ? machine : parse_machine(at);
	struct frame frame;

	if (spa == NULL) {
		frame = who_has(parse_address(word_after(words, "who-has")),
		    parse_address(word_after(words, "tell")), sha);
	} else {
		frame = who_has(parse_address(word_after(words, "to")), parse_address(spa), sha);
		frame.arp.operation = ARP_REPLY;
	}
	if (receiver != NULL)
		frame.arp.tha = machines[parse_machine(receiver)].mac;
	exchange(world, machine, strcmp(words->word[1], "broadcasts") == 0, &frame);
}

static void
ping(struct world *world, uint32_t machine, const struct words *words)
{
	struct frame frame = {.kind = FRAME_ECHO_REQUEST};

	frame.ip.destination = parse_address(word_after(words, "pings"));
	frame.ip.source = parse_address(word_after(words, "as"));
	frame.ip.ttl = 1;
	exchange(world, machine, false, &frame);
}

/* ---- Output ---------------------------------------------------------------------------------- */

static const char *
machine_name(const struct mac *mac)
{
	for (uint32_t i = 0; i < MACHINES; i++)
		if (mac_equal(&machines[i].mac, mac))
			return machines[i].name;
	return "nobody";
}

static void
print_frame(const struct frame *frame)
{
	const char *to = machine_name(&frame->destination);
	char spa[ADDRESS_TEXT_SIZE];
	char tpa[ADDRESS_TEXT_SIZE];

	if (frame->kind == FRAME_ARP) {
		const struct frame_arp *arp = &frame->arp;
		const char *sha = machine_name(&arp->sha);
		const char *tha = machine_name(&arp->tha);

		address_format(&arp->spa, spa);
		address_format(&arp->tpa, tpa);
		if (arp->operation == ARP_REQUEST)
			printf("who-has %s (%s) tell %s (%s) to %s", tpa, tha, spa, sha, to);
		else
			printf("reply %s (%s) for %s (%s) to %s", spa, sha, tpa, tha, to);
	} else if (frame->kind == FRAME_ECHO_REPLY || frame->kind == FRAME_ICMP_ERROR) {
		const bool error = frame->kind == FRAME_ICMP_ERROR;

		printf("icmp %d/%d %s > %s to %s", error ? frame->ip.error.type : 0,
		    error ? frame->ip.error.code : 0, address_format(&frame->ip.source, spa),
		    address_format(&frame->ip.destination, tpa), to);
	} else {
		printf("frame of kind %d", (int)frame->kind);
	}
}

static void
print_seen(struct world *world)
{
	if (world->seen_count == 0)
		printf("-");
	for (uint32_t i = 0; i < world->seen_count; i++) {
		printf("%s", i == 0 ? "" : ", ");
		print_frame(&world->seen[i]);
	}
	world->seen_count = 0;
}

static void
print_entry(struct world *world, const char *text)
{
	static const char *const states[] = {
	    [NEIGHBOUR_REACHABLE] = "REACHABLE",
	    [NEIGHBOUR_STALE] = "STALE",
	    [NEIGHBOUR_DELAY] = "DELAY",
	    [NEIGHBOUR_PROBE] = "PROBE",
	};
	const struct address address = parse_address(text);
	const struct neighbour *entry = neighbour_find(&world->node, address_ipv4_number(&address));

	if (entry == NULL || entry->state == NEIGHBOUR_FAILED)
		printf("none");
	else if (entry->state == NEIGHBOUR_INCOMPLETE)
		printf("INCOMPLETE");
	else
		printf("%s %s", machine_name(&entry->mac), states[entry->state]);
}

static bool
is_answered(const struct world *world, const struct frame *question)
{
	for (uint32_t i = 0; i < world->seen_count; i++) {
		const struct frame *frame = &world->seen[i];

		if (frame->kind == FRAME_ARP && frame->arp.operation == ARP_REPLY &&
		    address_equal(&frame->arp.spa, &question->arp.tpa) &&
		    address_equal(&frame->arp.tpa, &question->arp.spa) &&
		    mac_equal(&frame->destination, &question->arp.sha) &&
		    mac_equal(&frame->arp.sha, &machines[HOST].mac))
			return true;
	}
	return false;
}

struct questions {
	struct words targets, sources;
	bool at_once[WORDS_MAX][WORDS_MAX];
};

static struct frame
question(const struct questions *questions, uint32_t i, uint32_t j, uint32_t machine)
{
	return who_has(parse_address(questions->targets.word[i]),
	    parse_address(questions->sources.word[j]), machine);
}

static void
put_questions(struct world *world, uint32_t machine, bool broadcast, struct questions *questions)
{
	for (uint32_t i = 0; i < questions->targets.count; i++)
		for (uint32_t j = 0; j < questions->sources.count; j++) {
			struct frame frame = question(questions, i, j, machine);

			exchange(world, machine, broadcast, &frame);
			questions->at_once[i][j] = is_answered(world, &frame);
		}
}

static void
print_answers(struct world *world, uint32_t machine, const struct questions *questions)
{
	for (uint32_t i = 0; i < questions->targets.count; i++) {
		printf(" %s ", questions->targets.word[i]);
		for (uint32_t j = 0; j < questions->sources.count; j++) {
			const struct frame frame = question(questions, i, j, machine);
			const bool later = is_answered(world, &frame);

			putchar(questions->at_once[i][j] ? 'y' : later ? 'l' : '-');
		}
	}
	world->seen_count = 0;
}

/* Asks for each target from each source. */
static void
ask(struct world *world, uint32_t machine, const struct words *words)
{
	struct questions questions = {
	    .targets = split(word_after(words, "asks"), ","),
	    .sources = split(word_after(words, "as"), ","),
	};

	put_questions(world, machine, false, &questions);
	printf("unicast");
	print_answers(world, machine, &questions);
	put_questions(world, machine, true, &questions);
	run_until(world, world->segment.now_us + PROXY_US);
	printf(" broadcast");
	print_answers(world, machine, &questions);
}

/* ---- The cases ------------------------------------------------------------------------------- */

static void
step(struct world *world, const struct words *words)
{
	const char *first = words->word[0];
	const char *verb = words->count > 1 ? words->word[1] : "";

	if (strcmp(first, "entry") == 0) {
		print_entry(world, verb);
		return;
	}
	if (strcmp(verb, "asks") == 0) {
		ask(world, parse_machine(first), words);
		return;
	}
	if (strcmp(first, "wait") == 0)
		run_until(world, world->segment.now_us + parse_number(verb, 60) * SECOND_US);
	else if (strcmp(first, "await") == 0)
		while (world->seen_count == 0 && segment_next_us(&world->segment) != UINT64_MAX)
			run_until(world, segment_next_us(&world->segment));
	else if (strcmp(verb, "pings") == 0)
		ping(world, parse_machine(first), words);
	else
		say_arp(world, parse_machine(first), words);
	print_seen(world);
}

static void
play(char *line)
{
	static struct world world;
	const struct words halves = split(line, ":\n");

	if (halves.count != 2)
		errx(1, "%s: a case is HOST: STEPS", line);
	const struct words host = split(halves.word[0], " ");
	const struct words steps = split(halves.word[1], ";");

	build(&world, &host);
	for (uint32_t i = 0; i < steps.count; i++) {
		const struct words words = split(steps.word[i], " ");

		if (i > 0)
			printf(" | ");
		step(&world, &words);
	}
	printf("\n");
	segment_free(&world.segment);
}

int
main(void)
{
	char line[LINE_SIZE];

	while (fgets(line, sizeof(line), stdin) != NULL)
		play(line);
	if (ferror(stdin) || fflush(stdout) != 0)
		err(1, "standard input or output");
	return 0;
}
