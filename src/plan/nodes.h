/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * Reads the nodes of a Kubernetes cluster, as "kubectl get nodes -o json" prints them.
 */
#ifndef NODES_H
#define NODES_H

#include "words.h"

/*
 * Adds the first IPv4 InternalIP of each node as a host with the node's name. A node without one is
 * left out, with a remark. `context` is the cluster.
 */
json_words_reader nodes_read;

#endif
