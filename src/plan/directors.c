/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Parses directors, given by address, name or MAC.
 */
#include <stdlib.h>

#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"
#include "words.h"

static bool
parse_director(const char *word, struct plan_director *director, struct error *error)
{
	*director = (struct plan_director){.name = NULL};
	if (!mac_parse(word, &director->mac))
		return element_host(word, "an IPv4 address, a host name or a MAC",
		    &director->address, &director->name, error);
	if (mac_is_multicast(&director->mac) || mac_equal(&director->mac, &mac_zero))
		return error_set(error, EXIT_USAGE,
		    "'%s': no host can have this MAC: it is all zeros or a group address", word);
	return true;
}

static bool
add_director(
    struct plan_cluster *cluster, const struct plan_director *director, struct error *error)
{
	struct plan_director *directors;

	if (cluster->director_count == PLAN_DIRECTORS_MAX)
		return error_set(error, EXIT_USAGE,
		    "more than %d directors: split the VIPs into several audits",
		    PLAN_DIRECTORS_MAX);
	directors =
	    list_grow(cluster->directors, cluster->director_count, sizeof(*directors), error);
	if (directors == NULL)
		return false;
	cluster->directors = directors;
	directors[cluster->director_count++] = *director;
	return true;
}

static bool
read_director(void *context, const char *word, struct error *error)
{
	struct plan_cluster *const cluster = context;
	struct plan_director director;
	bool known;

	if (!parse_director(word, &director, error))
		return false;
	known = has_same_director(cluster, &director);
	if (!known && add_director(cluster, &director, error))
		return true;
	free(director.name);
	return known;
}

bool
plan_add_directors(struct plan_cluster *cluster, const char *text, struct error *error)
{
	const struct words words = {.what = "directors", .read = read_director, .context = cluster};

	return words_read(&words, text, error);
}
