/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The routers whose way to the VIPs is audited.
 */
#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"
#include "words.h"

static bool
read_gateway(void *context, const char *word, struct error *error)
{
	struct plan_gateways *const gateways = &((struct plan_cluster *)context)->gateways;
	struct address address;

	if (!element_address(word, &address, error))
		return false;
	for (size_t i = 0; i < gateways->count; i++)
		if (address_equal(&gateways->address[i], &address))
			return true;
	if (gateways->count == PLAN_GATEWAYS_MAX)
		return error_set(error, EXIT_USAGE,
		    "more than %d gateways: audit with some of them at a time", PLAN_GATEWAYS_MAX);
	gateways->address[gateways->count++] = address;
	return true;
}

bool
plan_add_gateways(struct plan_cluster *cluster, const char *text, struct error *error)
{
	const struct words words = {.what = "gateways", .read = read_gateway, .context = cluster};

	return words_read(&words, text, error);
}

bool
has_gateway(const struct plan_cluster *cluster, const struct address *address)
{
	for (size_t i = 0; i < cluster->gateways.count; i++)
		if (address_equal(&cluster->gateways.address[i], address))
			return true;
	return false;
}
