/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * A libFuzzer target for the command line: each line of the input is a word. The folder has files
 * that the words may name: "hosts", "nodes", "clusters", "ipvs" and "keepalived".
 *
 * Whatever the words are: a mistake is told on one line, a plan that was accepted can be shown, by
 * itself as the JSON that it says it is, and can be audited.
 */
#include <string.h>

#include "arpaudit/audit.h"
#include "arpaudit/checks.h"
#include "arpaudit/options.h"
#include "input.h"
#include "shown.h"

#define WORDS_MAX    48
#define SHOWN_MAX    2048 /* hosts of a plan that is shown */
#define HOLDINGS_MAX 4096 /* of a cluster that is audited */
#define START_US     UINT64_C(1700000000000000)

int LLVMFuzzerInitialize(int *argc, char ***argv);
int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static const struct {
	const char *name, *text;
} files[] = {
    {"hosts", "10.77.0.11 # rs1\nb.example.org, 10.77.0.12-13\n10.77.0.16/30\n"},
    {"nodes", "{\"kind\": \"Node\", \"metadata\": {\"name\": \"n1\"}, \"status\": {\"addresses\": "
	      "[{\"type\": \"InternalIP\", \"address\": \"10.77.0.11\"}]}}\n"},
    {"clusters", "rate = 100\n[web]\nvip = 10.77.0.100:80\nrs = 10.77.0.11-13\n"
		 "[dns]\nvip = 10.77.0.101:53/udp\nrs = 10.77.0.14\nowner = any\n"},
    {"ipvs", "-A -t 10.77.0.100:80 -s rr\n-a -t 10.77.0.100:80 -r 10.77.0.11:80 -g -w 1\n"
	     "-A -f 7 -s rr\n-a -f 7 -r 10.77.0.12:0 -g -w 1\n"},
    {"keepalived", "virtual_server 10.77.0.100 80 {\n lb_kind DR\n protocol TCP\n"
		   " real_server 10.77.0.11 80 {\n }\n}\n"},
};
#define FILES (sizeof(files) / sizeof(files[0]))

static void
clean(void)
{
	for (size_t i = 0; i < FILES; i++)
		(void)unlink(files[i].name);
}

int
LLVMFuzzerInitialize(int *argc, char ***argv)
{
	(void)argc, (void)argv;
	enter_folder();
	require(atexit(clean) == 0, "atexit");
	for (size_t i = 0; i < FILES; i++)
		write_input(files[i].name, (const uint8_t *)files[i].text, strlen(files[i].text));
	return 0;
}

/* Returns the count; `text` is cut up. */
static int
cut_into_words(char *text, char *words[WORDS_MAX + 1])
{
	int count = 0;

	for (char *word; count < WORDS_MAX && (word = strsep(&text, "\n")) != NULL; count++)
		words[count] = word;
	words[count] = NULL;
	return count;
}

static void
audit(struct plan_cluster *cluster)
{
	const struct audit_segment segment = {.interface = "eth0",
	    .mac = {{2, 0, 0, 0, 0, 1}},
	    .own = {.address = address_ipv4(0x0a4d0001U), .length = 24},
	    .elicit_port = 61234};
	struct error error = {0};
	struct frame frame;
	struct audit *audit;

	if (!plan_fit(cluster, &segment.own, &error) ||
	    cluster->vip_count * cluster->host_count > HOLDINGS_MAX)
		return;
	audit = audit_new(cluster, &cluster->settings, &segment, &check_table, 1, START_US, &error);
	require(audit != NULL, error.text);
	(void)audit_next(audit, START_US, &frame);
	audit_free(audit);
}

static void
use(struct plan *plan)
{
	size_t hosts = 0;

	for (size_t i = 0; i < plan->cluster_count; i++)
		hosts += plan->clusters[i].host_count;
	if (hosts > SHOWN_MAX)
		return;
	show_plan(plan);
	for (size_t i = 0; i < plan->cluster_count; i++)
		audit(&plan->clusters[i]);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	char program[] = "arpaudit", *words[WORDS_MAX + 2] = {program};
	char *const text = strndup((const char *)data, size);
	struct options options = {0};
	struct error error = {0};

	require(text != NULL, "strndup");
	const int count = 1 + cut_into_words(text, &words[1]);

	if (!options_parse(count, words, &options, &error))
		check_mistakes(&options, &error);
	else if (options.action != ACTION_RENDER && options.action != ACTION_HELP &&
		 options.action != ACTION_VERSION)
		use(&options.plan);
	options_free(&options);
	free(text);
	return 0;
}
