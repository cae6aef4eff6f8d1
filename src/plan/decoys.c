/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The addresses that the probe uses as sender: its source and its decoys.
 */
#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"
#include "words.h"

static bool
read_decoy(void *context, const char *word, struct error *error)
{
	struct plan_cluster *const cluster = context;
	struct address address, *decoys;

	if (!element_address(word, &address, error))
		return false;
	if (has_decoy(cluster, &address))
		return true;
	if (cluster->decoy_count == PLAN_DECOYS_MAX)
		return error_set(error, EXIT_USAGE,
		    "more than %d decoys: a few are enough for any number of servers",
		    PLAN_DECOYS_MAX);
	decoys = list_grow(cluster->decoys, cluster->decoy_count, sizeof(*decoys), error);
	if (decoys == NULL)
		return false;
	cluster->decoys = decoys;
	decoys[cluster->decoy_count++] = address;
	return true;
}

bool
plan_add_decoys(struct plan_cluster *cluster, const char *text, struct error *error)
{
	const struct words words = {.what = "decoys", .read = read_decoy, .context = cluster};

	return words_read(&words, text, error);
}

bool
plan_set_source(struct plan_cluster *cluster, const char *text, struct error *error)
{
	return element_address(text, &cluster->source, error);
}
