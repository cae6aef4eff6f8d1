/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The table of checks. The order is that of the attempts.
 */
#include "arpaudit/engine.h"

extern const struct check check_vip_reply, check_vip_source, check_vip_bound, check_rip_unique,
    check_proxy_arp, check_service, check_vip_owner;

const struct check *const checks[] = {
    &check_vip_reply,
    &check_vip_source,
    &check_vip_bound,
    &check_rip_unique,
    &check_proxy_arp,
    &check_service,
    &check_vip_owner,
    NULL,
};
