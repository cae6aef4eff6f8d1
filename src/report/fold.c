/* SPDX-License-Identifier: BSD-2-Clause */
#include "fold.h"

#include <stdlib.h>
#include <string.h>

#include "arpaudit/printable.h"

/* A list that grows until it is wide enough. */
struct list {
	struct arena *arena;
	size_t width, total; /* of the list in characters; of elements in all */
	const char *text;
	bool full;
};

int
fold_compare(const void *one, const void *other)
{
	const struct host_result *a = *(const struct host_result *const *)one;
	const struct host_result *b = *(const struct host_result *const *)other;
	int order = (int)address_is_set(&b->rip) - (int)address_is_set(&a->rip);

	if (order == 0)
		order = address_compare(&a->rip, &b->rip);
	return order != 0 ? order : memcmp(a->mac.octet, b->mac.octet, sizeof(a->mac.octet));
}

const char *
fold_host(struct arena *arena, const struct host_result *host)
{
	char rip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	size_t size;

	if (!address_is_set(&host->rip))
		return arena_format(arena, "%s", mac_format(&host->mac, mac));
	address_format(&host->rip, rip);
	if (host->name == NULL || strcmp(host->name, rip) == 0)
		return arena_format(arena, "%s", rip);
	size = strlen(host->name) + 1;
	return arena_format(
	    arena, "%s (%s)", rip, printable(host->name, arena_alloc(arena, size, 1), size));
}

/* Adds the element that stands for `count` of the total, of which `listed` were before it. There
 * must be room left to say how many are not listed. */
static void
add(struct list *list, const char *element, size_t listed, size_t count)
{
	const char *longer =
	    listed == 0 ? element : arena_format(list->arena, "%s, %s", list->text, element);
	const size_t after = list->total - listed - count;
	const char *tail = after == 0 ? "" : arena_format(list->arena, ", and %zu more", after);

	if (listed > 0 && printable_width(longer) + strlen(tail) > list->width) {
		list->text =
		    arena_format(list->arena, "%s, and %zu more", list->text, list->total - listed);
		list->full = true;
		return;
	}
	list->text = longer;
}

static bool
follows(const struct address *one, const struct address *next)
{
	return one->family == ADDRESS_IPV4 && next->family == ADDRESS_IPV4 &&
	       address_ipv4_number(next) == address_ipv4_number(one) + 1;
}

/* "10.77.0.11-13"; the last address is whole if it is in another /24. */
static const char *
range(struct arena *arena, const struct address *first, const struct address *last, size_t count)
{
	char from[ADDRESS_TEXT_SIZE], to[ADDRESS_TEXT_SIZE];
	const char *end;

	address_format(first, from);
	if (count == 1)
		return arena_format(arena, "%s", from);
	address_format(last, to);
	end = memcmp(first->octet, last->octet, 3) == 0 ? strrchr(to, '.') + 1 : to;
	return arena_format(arena, "%s-%s", from, end);
}

static bool
any_name(const struct host_result *const *hosts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		if (hosts[i]->name != NULL)
			return true;
	return false;
}

const char *
fold_hosts(struct arena *arena, const struct host_result *const *hosts, size_t count, size_t width)
{
	struct list list = {.arena = arena, .width = width, .total = count, .text = ""};
	const bool ranges = count >= FOLD_FROM || !any_name(hosts, count);

	for (size_t i = 0, end = 0; i < count && !list.full; i = end) {
		const bool known = address_is_set(&hosts[i]->rip);

		for (end = i + 1; ranges && known && end < count; end++)
			if (!follows(&hosts[end - 1]->rip, &hosts[end]->rip))
				break;
		add(&list,
		    ranges && known ? range(arena, &hosts[i]->rip, &hosts[end - 1]->rip, end - i)
				    : fold_host(arena, hosts[i]),
		    i, end - i);
	}
	return list.text;
}

const char *
fold_vips(struct arena *arena, const struct vip_result *const *vips, size_t count, size_t width)
{
	struct list list = {.arena = arena, .width = width, .total = count, .text = ""};

	for (size_t i = 0, end = 0; i < count && !list.full; i = end) {
		for (end = i + 1; end < count; end++)
			if (!follows(&vips[end - 1]->vip, &vips[end]->vip))
				break;
		add(&list, range(arena, &vips[i]->vip, &vips[end - 1]->vip, end - i), i, end - i);
	}
	return list.text;
}

const struct host_result *const *
fold_sound(struct arena *arena, const struct cluster_result *cluster, size_t *count)
{
	const struct host_result **list;
	size_t all = 0;

	for (size_t i = 0; i < cluster->vip_count; i++)
		all += cluster->vips[i].host_count;
	list = arena_alloc(arena, all, sizeof(struct host_result *));
	all = *count = 0;
	for (size_t i = 0; i < cluster->vip_count; i++)
		for (size_t k = 0; k < cluster->vips[i].host_count; k++)
			if (cluster->vips[i].hosts[k].role != ROLE_DIRECTOR)
				list[all++] = &cluster->vips[i].hosts[k];
	if (all > 0)
		qsort(list, all, sizeof(struct host_result *), fold_compare);
	for (size_t i = 0, end = 0; i < all; i = end) {
		bool sound = true;

		for (; end < all && fold_compare(&list[i], &list[end]) == 0; end++)
			sound = sound && list[end]->verdict == VERDICT_COMPLIANT;
		if (sound)
			list[(*count)++] = list[i];
	}
	return list;
}
