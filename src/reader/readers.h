/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The readers of the table in readers.c. Each adds what a file says to `services`.
 */
#ifndef READERS_H
#define READERS_H

#include "arpaudit/services.h"

void ipvsadm_read(struct services *services, const struct services_request *request);
void keepalived_read(struct services *services, const struct services_request *request);
void ldirectord_read(struct services *services, const struct services_request *request);

#endif
