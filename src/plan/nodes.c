/* SPDX-License-Identifier: BSD-2-Clause */
#include "nodes.h"

#include <errno.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

#include "arpaudit/advice.h"
#include "arpaudit/plan.h"
#include "element.h"
#include "lists.h"

#define OCTETS_MAX (64u << 20)
#define NODES_MAX  10000 /* Kubernetes is made for 5000 */
#define NAME_CHARS "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-."

struct source {
	FILE *stream;
	size_t octets;
};

static size_t
read_octets(void *buffer, size_t size, void *context)
{
	struct source *const source = context;
	const size_t length = fread(buffer, 1, size, source->stream);

	source->octets += length;
	return source->octets > OCTETS_MAX || ferror(source->stream) ? (size_t)-1 : length;
}

static json_t *
load(const struct json_input *input, struct error *error)
{
	struct source source = {.stream = input->stream};
	json_error_t mistake;
	json_t *const document = json_load_callback(read_octets, &source, 0, &mistake);

	if (document != NULL)
		return document;
	if (source.octets > OCTETS_MAX)
		error_set(error, EXIT_USAGE, "%s: it is longer than %u MiB", input->name,
		    OCTETS_MAX >> 20);
	else if (ferror(input->stream))
		error_cannot_read(error, EXIT_USAGE, input->name, errno);
	else
		error_set(error, EXIT_USAGE, "%s:%zu: this is no JSON: %s", input->name,
		    input->line - 1 + (size_t)(mistake.line > 0 ? mistake.line : 1), mistake.text);
	return NULL;
}

static const char *
text_of(const json_t *object, const char *key)
{
	const char *const text = json_string_value(json_object_get(object, key));

	return text != NULL ? text : "";
}

static bool
check_kind(const json_t *node, const struct json_input *input, struct error *error)
{
	const char *const kind = text_of(node, "kind");

	if (strcmp(kind, "Node") == 0)
		return true;
	return error_set(error, EXIT_USAGE,
	    "%s: '%.40s': expected nodes: give it the output of 'kubectl get nodes -o json'",
	    input->name, kind);
}

/* A name is shown in reports and found in the cluster. */
static bool
read_name(
    const json_t *node, const struct json_input *input, const char **name, struct error *error)
{
	*name = text_of(json_object_get(node, "metadata"), "name");
	if (**name != '\0' && strlen(*name) <= WORD_MAX &&
	    (*name)[strspn(*name, NAME_CHARS)] == '\0')
		return true;
	return error_set(error, EXIT_USAGE, "%s: a node has no name, or no valid one", input->name);
}

/* The node's first InternalIP of each family. */
struct internal {
	struct address ipv4, ipv6;
};

static bool
read_internal(const json_t *node, const char *place, struct internal *internal, struct error *error)
{
	const json_t *const list = json_object_get(json_object_get(node, "status"), "addresses");

	*internal = (struct internal){.ipv4 = {.family = ADDRESS_NONE}};
	for (size_t i = 0; i < json_array_size(list); i++) {
		const json_t *const entry = json_array_get(list, i);
		const char *const word = text_of(entry, "address");
		struct address address, *kept;

		if (strcmp(text_of(entry, "type"), "InternalIP") != 0)
			continue;
		if (!address_parse(word, &address))
			return error_set(
			    error, EXIT_USAGE, "%s: '%.64s' is not an IP address", place, word);
		kept = address.family == ADDRESS_IPV4 ? &internal->ipv4 : &internal->ipv6;
		if (!address_is_set(kept))
			*kept = address;
	}
	return !address_is_set(&internal->ipv4) ||
	       element_check_host(place, &internal->ipv4, error);
}

static bool
leave_out(struct plan_cluster *cluster, const char *name, const struct internal *internal,
    struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	if (!address_is_set(&internal->ipv6))
		return remarks_warn(&cluster->remarks, error,
		    "the node %s has no InternalIP: it is not audited", name);
	address_format(&internal->ipv6, text);
	return remarks_leave_out(&cluster->remarks, text, "IPv6", error) &&
	       remarks_warn(&cluster->remarks, error,
		   "the node %s has no InternalIP but %s: IPv6 is not audited", name, text);
}

/* Two nodes with one address cannot be told apart: one of them is a mistake. */
static bool
check_unique(const struct plan_cluster *cluster, size_t first, const struct plan_host *host,
    const struct json_input *input, struct error *error)
{
	char text[ADDRESS_TEXT_SIZE];

	for (size_t i = first; i < cluster->host_count; i++)
		if (address_equal(&cluster->hosts[i].rip, &host->rip))
			return error_set(error, EXIT_USAGE,
			    "%s: the nodes %.64s and %.64s have the same InternalIP %s",
			    input->name, cluster->hosts[i].name, host->name,
			    address_format(&host->rip, text));
	return true;
}

static bool
read_node(struct plan_cluster *cluster, size_t first, const json_t *node,
    const struct json_input *input, struct error *error)
{
	struct plan_host host = {.ranged = false};
	struct internal internal;
	const char *name;
	char place[WORD_MAX + 1];

	if (!check_kind(node, input, error) || !read_name(node, input, &name, error))
		return false;
	(void)snprintf(place, sizeof(place), "%s: %s", input->name, name);
	if (!read_internal(node, place, &internal, error))
		return false;
	if (!address_is_set(&internal.ipv4))
		return leave_out(cluster, name, &internal, error);
	host.rip = internal.ipv4;
	host.name = strdup(name);
	if (host.name == NULL)
		return error_set(error, EXIT_CANNOT_RUN, "out of memory");
	if (check_unique(cluster, first, &host, input, error))
		return hosts_add(cluster, &host, error);
	free(host.name);
	return false;
}

static bool
read_nodes(struct plan_cluster *cluster, const json_t *items, const struct json_input *input,
    struct error *error)
{
	const size_t first = cluster->host_count;

	if (json_array_size(items) == 0)
		return error_set(error, EXIT_USAGE, "no nodes in %s", input->name);
	if (json_array_size(items) > NODES_MAX)
		return error_set(error, EXIT_USAGE,
		    "%s: more than %d nodes: split them into several files", input->name,
		    NODES_MAX);
	for (size_t i = 0; i < json_array_size(items); i++)
		if (!read_node(cluster, first, json_array_get(items, i), input, error))
			return false;
	return cluster->host_count > first ||
	       error_set(error, EXIT_USAGE, "no node in %s has an IPv4 InternalIP", input->name);
}

bool
nodes_read(void *context, const struct json_input *input, struct error *error)
{
	struct plan_cluster *const cluster = context;
	json_t *const document = load(input, error);
	const json_t *items;
	bool good;

	if (document == NULL)
		return false;
	items = json_object_get(document, "items");
	if (json_is_array(items))
		good = read_nodes(cluster, items, input, error);
	else /* "kubectl get node NAME -o json" */
		good = read_node(cluster, cluster->host_count, document, input, error);
	json_decref(document);
	return good;
}
