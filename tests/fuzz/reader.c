/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for one reader: FUZZ_READER is a reader's option ("ipvs", "keepalived",
 * "ldirectord"), "nodes" for a list of hosts, which may be the JSON of a Kubernetes cluster's
 * nodes, or "config" for a cluster file. The input is the only file in its folder, so that it may
 * include itself.
 *
 * A mistake is told on one line. A plan that was accepted can be shown.
 */
#include <string.h>

#include "arpaudit/options.h"
#include "input.h"
#include "shown.h"

#define INPUT "input.conf"

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void
clean(void)
{
	(void)unlink(INPUT);
}

/* libFuzzer opens its files by absolute names (see tests/fuzz/fuzz). */
int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	enter_folder();
	require(atexit(clean) == 0, "atexit");
	return 0;
}

/* Sets the command line for the reader; returns its length. */
static int
name_words(char *words[8])
{
	static char program[] = "arpaudit", config[] = "-c", file[] = INPUT, vip[] = "--vip",
		    address[] = "10.77.0.100", rs[] = "--rs", list[] = "@" INPUT,
		    reader[] = "--" FUZZ_READER, id[] = "--config-id", main[] = "main";
	const bool is_config = strcmp(FUZZ_READER, "config") == 0;
	const bool is_nodes = strcmp(FUZZ_READER, "nodes") == 0;
	int count = 0;

	words[count++] = program;
	words[count++] = is_config ? config : is_nodes ? rs : reader;
	words[count++] = is_nodes ? list : file;
	if (is_nodes) {
		words[count++] = vip;
		words[count++] = address;
	} else if (!is_config) {
		words[count++] = id;
		words[count++] = main;
	}
	words[count] = NULL;
	return count;
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char *words[8];
	const int count = name_words(words);
	struct options options = {0};
	struct error error = {0};

	write_input(INPUT, data, size);
	if (options_parse(count, words, &options, &error))
		show_plan(&options.plan);
	else
		check_mistakes(&options, &error);
	options_free(&options);
	return 0;
}
