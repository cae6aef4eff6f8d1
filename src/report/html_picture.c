/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The picture of a segment. The probe and the directors stand above the switch, the servers below
 * it in rows. Each row has a rail that leads to the switch, and each server a stub to its rail. A
 * host that answers for the VIP, or speaks as it, has an arrow on its stub.
 */
#include <stdlib.h>
#include <string.h>

#include "arpaudit/printable.h"
#include "html.h"
#include "markup.h"
#include "words.h"

#define WIDTH      960
#define MARGIN     20
#define BOX_WIDTH  176
#define BOX_HEIGHT 58
#define COLUMNS    5
#define STEP_X     ((WIDTH - 2 * MARGIN) / COLUMNS)
#define STEP_Y     92
#define SWITCH_Y   118
#define FIRST_Y    196
#define TEXT_MAX   21 /* characters in a box */
#define SMALL_MAX  24 /* small ones */
#define UPPER_MAX  3  /* directors that are drawn */
#define GROUPS_MAX 32

/* A box for one host, or for several of which the same is to be said. */
struct box {
	const struct host_result *host; /* the first */
	size_t count;
	const char *faults; /* the names of the checks that failed, or are in doubt */
	bool claims;
};

static bool
is_director(const struct host_result *host)
{
	return host->role == ROLE_DIRECTOR;
}

/* What a box says at its bottom. */
static const char *
summary(struct page *page, const struct box *box)
{
	const char *verdict = verdict_name(box->host->verdict);
	size_t checks = 1;

	if (*box->faults == '\0')
		return verdict;
	if (strlen(box->faults) <= SMALL_MAX)
		return box->faults;
	for (const char *comma = box->faults; (comma = strchr(comma, ',')) != NULL; comma++)
		checks++;
	return arena_format(page->arena, "%s, %zu checks", verdict, checks);
}

/* Whether the host answers for the VIP or speaks as it, and may not. */
static bool
claims(const struct host_result *host)
{
	for (size_t i = 0; i < host->check_count; i++)
		if (host->checks[i].outcome == OUTCOME_FAIL &&
		    (strcmp(host->checks[i].title->name, "vip-reply") == 0 ||
			strcmp(host->checks[i].title->name, "vip-source") == 0))
			return true;
	return false;
}

static void
print_text(struct page *page, int x, int y, const char *class, const char *text)
{
	const char *safe = page_safe(page, text);
	const bool small = strncmp(class, "small", strlen("small")) == 0;

	/* A text that is too long for its box is squeezed rather than cut. */
	page_print(page, TONE_PLAIN, "<text x=\"%d\" y=\"%d\" text-anchor=\"middle\"", x, y);
	if (printable_width(safe) > (small ? SMALL_MAX : TEXT_MAX))
		page_print(page, TONE_PLAIN, " textLength=\"%d\" lengthAdjust=\"spacingAndGlyphs\"",
		    BOX_WIDTH - 12);
	page_print(page, TONE_PLAIN, " class=\"%s\">%s</text>\n", class, markup_xml(page, text));
}

static void
print_box(struct page *page, int x, int y, const char *class, const char *const lines[3])
{
	page_print(page, TONE_PLAIN,
	    "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" rx=\"5\" class=\"%s\"/>\n", x, y,
	    BOX_WIDTH, BOX_HEIGHT, class);
	print_text(page, x + BOX_WIDTH / 2, y + 18, "strong", lines[0]);
	print_text(page, x + BOX_WIDTH / 2, y + 34, "small", lines[1]);
	print_text(page, x + BOX_WIDTH / 2, y + 50, arena_format(page->arena, "small %s", class),
	    lines[2]);
}

static void
print_line(struct page *page, const char *class, int x1, int y1, int x2, int y2)
{
	page_print(
	    page, TONE_PLAIN, "<path class=\"%s\" d=\"M%d %dL%d %d\"/>\n", class, x1, y1, x2, y2);
}

/* An arrow up or down along x. */
static void
print_arrow(struct page *page, const char *line, const char *head, int x, int from, int to)
{
	const int back = to < from ? 9 : -9;

	print_line(page, line, x, from, x, to + back);
	page_print(
	    page, TONE_PLAIN, "<path class=\"%s\" d=\"M%d %dl-6 %dh12z\"/>\n", head, x, to, back);
}

static void
print_probe(struct page *page, const struct cluster_result *cluster, const char *host)
{
	char ip[ADDRESS_TEXT_SIZE];
	const char *const lines[3] = {
	    "probe", address_format(&cluster->probe_ip, ip), host == NULL ? "" : host};

	print_box(page, MARGIN, MARGIN, "", lines);
	print_line(page, "wire", MARGIN + BOX_WIDTH / 2, MARGIN + BOX_HEIGHT,
	    MARGIN + BOX_WIDTH / 2, SWITCH_Y);
}

static void
print_owner(struct page *page, const struct owner_result *owner, int x)
{
	char ip[ADDRESS_TEXT_SIZE], mac[MAC_TEXT_SIZE];
	const char *const lines[3] = {
	    owner->expected ? "director" : "answers for the VIP",
	    address_is_set(&owner->ip) ? address_format(&owner->ip, ip) : "",
	    mac_format(&owner->mac, mac),
	};

	print_box(page, x, MARGIN, owner->expected ? "compliant" : "violation", lines);
	print_arrow(page, owner->expected ? "rightful" : "claim",
	    owner->expected ? "righthead" : "head", x + BOX_WIDTH / 2, MARGIN + BOX_HEIGHT,
	    SWITCH_Y);
}

/* Owners that stand in no box below: directors, and MACs that are no host's. */
static bool
stands_below(const struct vip_result *vip, const struct owner_result *owner)
{
	for (size_t i = 0; i < vip->host_count; i++)
		if (vip->hosts[i].has_mac && mac_equal(&vip->hosts[i].mac, &owner->mac) &&
		    !is_director(&vip->hosts[i]))
			return true;
	return false;
}

static void
print_owners(struct page *page, const struct vip_result *vip)
{
	int x = WIDTH - MARGIN - BOX_WIDTH;

	for (size_t i = 0, drawn = 0; i < vip->owner_count && drawn < UPPER_MAX; i++) {
		if (stands_below(vip, &vip->owners[i]))
			continue;
		print_owner(page, &vip->owners[i], x);
		x -= STEP_X;
		drawn++;
	}
}

static void
print_switch(struct page *page, const struct cluster_result *cluster)
{
	const char *vlan =
	    cluster->vlan == 0 ? "" : arena_format(page->arena, ", VLAN %u", cluster->vlan);

	page_print(page, TONE_PLAIN,
	    "<rect class=\"switch\" x=\"%d\" y=\"%d\" width=\"%d\" height=\"26\" rx=\"4\"/>\n",
	    MARGIN, SWITCH_Y, WIDTH - 2 * MARGIN);
	page_print(page, TONE_PLAIN,
	    "<text class=\"switch\" x=\"%d\" y=\"%d\" text-anchor=\"middle\">the segment of "
	    "%s%s</text>\n",
	    WIDTH / 2, SWITCH_Y + 18, markup_xml(page, cluster->interface), vlan);
}

static void
print_server(struct page *page, const struct box *box, size_t number)
{
	const int x = MARGIN + (int)(number % COLUMNS) * STEP_X;
	const int y = FIRST_Y + (int)(number / COLUMNS) * STEP_Y;
	const int middle = x + BOX_WIDTH / 2, rail = y - 24;
	char mac[MAC_TEXT_SIZE];
	const bool named = box->host->name != NULL;
	const char *const lines[3] = {
	    box->count == 1 ? words_address(page, box->host)
			    : arena_format(page->arena, "%zu hosts", box->count),
	    box->count > 1 ? arena_format(page->arena, "%s, ...", words_address(page, box->host))
	    : named        ? box->host->name
	    : !address_is_set(&box->host->rip) ? role_name(box->host->role)
	    : box->host->has_mac               ? mac_format(&box->host->mac, mac)
					       : "not heard",
	    summary(page, box),
	};

	print_box(page, x, y, html_class(box->host->verdict), lines);
	if (box->claims)
		print_arrow(page, "claim", "head", middle, y, rail);
	else
		print_line(page, "wire", middle, y, middle, rail);
}

/* The rails of the rows, and the line that joins them to the switch. */
static void
print_rails(struct page *page, size_t boxes)
{
	const size_t rows = (boxes + COLUMNS - 1) / COLUMNS;

	for (size_t row = 0; row < rows; row++) {
		const size_t left = boxes - row * COLUMNS;
		const int last = (int)(left < COLUMNS ? left : COLUMNS) - 1;
		const int y = FIRST_Y + (int)row * STEP_Y - 24;

		print_line(page, "wire", MARGIN / 2, y, MARGIN + last * STEP_X + BOX_WIDTH / 2, y);
	}
	if (rows == 0)
		return;
	print_line(page, "wire", MARGIN / 2, SWITCH_Y + 13, MARGIN / 2,
	    FIRST_Y + (int)(rows - 1) * STEP_Y - 24);
	print_line(page, "wire", MARGIN / 2, SWITCH_Y + 13, MARGIN, SWITCH_Y + 13);
}

static int
compare_boxes(const void *one, const void *other)
{
	const struct box *a = one, *b = other;
	const int order = (int)b->host->verdict - (int)a->host->verdict;

	if (order != 0)
		return order;
	return (a->host > b->host) - (a->host < b->host); /* the order of the report */
}

/* Adds the host to the group of those with the same verdict and faults. */
static size_t
add_to_group(struct box *boxes, size_t count, const struct box *box)
{
	for (size_t i = 0; i < count; i++)
		if (boxes[i].host->verdict == box->host->verdict &&
		    (strcmp(boxes[i].faults, box->faults) == 0 || count == GROUPS_MAX)) {
			boxes[i].count++;
			boxes[i].claims = boxes[i].claims || box->claims;
			return count;
		}
	boxes[count < GROUPS_MAX ? count : GROUPS_MAX - 1] = *box;
	return count < GROUPS_MAX ? count + 1 : GROUPS_MAX;
}

/* Returns the number of boxes, the worst first. */
static size_t
make_boxes(struct page *page, const struct vip_result *vip, struct box *boxes)
{
	size_t servers = 0, count = 0;

	for (size_t i = 0; i < vip->host_count; i++)
		servers += !is_director(&vip->hosts[i]);
	for (size_t i = 0; i < vip->host_count; i++) {
		const struct host_result *host = &vip->hosts[i];
		const struct box box = {.host = host,
		    .count = 1,
		    .faults = words_checks(page, host, ", "),
		    .claims = claims(host)};

		if (is_director(host))
			continue;
		if (servers <= HTML_SINGLE)
			boxes[count++] = box;
		else
			count = add_to_group(boxes, count, &box);
	}
	if (count > 0)
		qsort(boxes, count, sizeof(*boxes), compare_boxes);
	return count;
}

static void
print_description(struct page *page, const struct cluster_result *cluster,
    const struct vip_result *vip, const struct box *boxes, size_t count)
{
	page_print(page, TONE_PLAIN,
	    "The probe and the hosts of interface %s. %zu MAC%s answer%s "
	    "for the VIP. ",
	    markup_xml(page, cluster->interface), vip->owner_count,
	    vip->owner_count == 1 ? "" : "s", vip->owner_count == 1 ? "s" : "");
	for (size_t i = 0; i < count; i++) {
		const struct box *box = &boxes[i];

		page_print(page, TONE_PLAIN, "%s: %s%s%s. ",
		    box->count == 1 ? words_address(page, box->host)
				    : arena_format(page->arena, "%zu hosts", box->count),
		    verdict_name(box->host->verdict), *box->faults == '\0' ? "" : ", ",
		    markup_xml(page, box->faults));
	}
}

void
html_picture(struct page *page, const struct cluster_result *cluster, const char *probe_host,
    const struct vip_result *vip, size_t number)
{
	struct box *boxes = arena_alloc(page->arena, vip->host_count + GROUPS_MAX, sizeof(*boxes));
	const size_t count = make_boxes(page, vip, boxes);
	const size_t rows = (count + COLUMNS - 1) / COLUMNS;
	char address[ADDRESS_TEXT_SIZE];

	page_print(page, TONE_PLAIN,
	    "<div class=\"scroll\"><svg viewBox=\"0 0 %d %d\" role=\"img\" aria-labelledby=\"t%zu "
	    "d%zu\">\n",
	    WIDTH,
	    rows == 0 ? SWITCH_Y + 46 : FIRST_Y + (int)(rows - 1) * STEP_Y + BOX_HEIGHT + MARGIN,
	    number, number);
	page_print(page, TONE_PLAIN, "<title id=\"t%zu\">Who claims %s</title>\n", number,
	    address_format(&vip->vip, address));
	page_print(page, TONE_PLAIN, "<desc id=\"d%zu\">", number);
	print_description(page, cluster, vip, boxes, count);
	page_print(page, TONE_PLAIN, "</desc>\n");
	print_rails(page, count);
	print_probe(page, cluster, probe_host);
	print_owners(page, vip);
	print_switch(page, cluster);
	for (size_t i = 0; i < count; i++)
		print_server(page, &boxes[i], i);
	page_print(page, TONE_PLAIN, "</svg></div>\n");
}
