/* SPDX-License-Identifier: BSD-2-Clause */
#include <string.h>

#include "ipvsadm.h"

struct service *
ipvsadm_find(struct ipvsadm *table, const struct service *wanted)
{
	struct services *const services = table->services;

	for (size_t i = table->first; i < services->service_count; i++) {
		struct service *const service = &services->services[i];
		const bool same_name =
		    (service->vip_name == NULL) == (wanted->vip_name == NULL) &&
		    (service->vip_name == NULL || strcmp(service->vip_name, wanted->vip_name) == 0);

		if (same_name && address_equal(&service->vip, &wanted->vip) &&
		    service->fwmark == wanted->fwmark && service->port == wanted->port &&
		    service->protocol == wanted->protocol)
			return service;
	}
	return NULL;
}

void
ipvsadm_set_vip(struct service *service, const struct endpoint *endpoint)
{
	service->vip = endpoint->address;
	service->vip_name = endpoint->name;
	service->port = endpoint->port > 0 ? (uint16_t)endpoint->port : 0;
}
