/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The machines that a watch does not hear.
 */
#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"
#include "words.h"

static bool
read_ignored(void *context, const char *word, struct error *error)
{
	struct plan_cluster *const cluster = context;
	struct mac mac, *ignored;

	if (!mac_parse(word, &mac))
		return error_set(
		    error, EXIT_USAGE, "'%s' is not a MAC: write it as 02:00:0a:4d:00:0c", word);
	if (cluster->ignored_count == PLAN_IGNORED_MAX)
		return error_set(
		    error, EXIT_USAGE, "more than %d MACs: ignore fewer", PLAN_IGNORED_MAX);
	ignored = list_grow(cluster->ignored, cluster->ignored_count, sizeof(*ignored), error);
	if (ignored == NULL)
		return false;
	cluster->ignored = ignored;
	ignored[cluster->ignored_count++] = mac;
	return true;
}

bool
plan_add_ignored(struct plan_cluster *cluster, const char *text, struct error *error)
{
	const struct words words = {.what = "MACs", .read = read_ignored, .context = cluster};

	return words_read(&words, text, error);
}
