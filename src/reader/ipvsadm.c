/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads what ipvsadm(8) prints: `ipvsadm -Sn` in every form that ipvsadm -R takes, `ipvsadm -Ln`
 * as far as it tells what is needed, and /proc/net/ip_vs.
 */
#include "ipvsadm.h"

#include <string.h>

#include "readers.h"

#define WORDS_MAX 64

static bool
is_listing(const char *word)
{
	static const char *const first[] = {
	    "IP", "Prot", "->", "TCP", "UDP", "SCTP", "FWM", "IPVS"};

	for (size_t i = 0; i < sizeof(first) / sizeof(first[0]); i++)
		if (strcmp(word, first[i]) == 0)
			return true;
	return false;
}

static bool
is_program(const char *word)
{
	const char *const slash = strrchr(word, '/');

	return strncmp(slash != NULL ? slash + 1 : word, "ipvsadm", strlen("ipvsadm")) == 0;
}

/* Drops the name of the program, as in a script: "ipvsadm", "sudo /sbin/ipvsadm". */
static size_t
skip_program(size_t count, char *words[])
{
	const size_t sudo = count > 1 && strcmp(words[0], "sudo") == 0 ? 1 : 0;

	return is_program(words[sudo]) ? sudo + 1 : 0;
}

/* People paste the prompt and the command that printed the table, and mark the whole as code. */
static bool
is_prompt(size_t count, char *words[])
{
	const char *const last = words[count - 1];

	if (strncmp(words[0], "```", 3) == 0)
		return true;
	if (words[0][0] != '-' && strchr("#$>", last[strlen(last) - 1]) != NULL)
		return true;
	for (size_t i = 0; i < count; i++)
		if (is_program(words[i]))
			return i + 1 == count || strncmp(words[i + 1], "-L", 2) == 0 ||
			       strncmp(words[i + 1], "-l", 2) == 0 ||
			       strncmp(words[i + 1], "-S", 2) == 0 ||
			       strcmp(words[i + 1], "-n") == 0 ||
			       strcmp(words[i + 1], "--list") == 0 ||
			       strcmp(words[i + 1], "--save") == 0;
	return false;
}

void
ipvsadm_read(struct services *services, const struct services_request *request)
{
	struct ipvsadm table = {
	    .services = services,
	    .place = {.file = collect_name(request->path)},
	    .first = services->service_count,
	    .current = SIZE_MAX,
	};
	FILE *const stream = collect_open(services, request->path);
	char line[LINE_MAX_OCTETS];

	if (stream == NULL)
		return;
	while (collect_line(services, stream, &table.place, line)) {
		char *words[WORDS_MAX];
		const size_t count = collect_words(line, words, WORDS_MAX);

		if (count == 0 || words[0][0] == '#' || is_prompt(count, words))
			continue;
		if (is_listing(words[0])) {
			ipvsadm_listed(&table, count, words);
		} else {
			const size_t skipped = skip_program(count, words);

			if (skipped < count)
				ipvsadm_command(&table, count - skipped, words + skipped);
		}
	}
	collect_close(stream);
	if (services->service_count == table.first && services->mistake_count == 0)
		services_mistake(services, (struct place){.file = table.place.file},
		    "it has no virtual service: print them with 'ipvsadm -Sn'");
}
