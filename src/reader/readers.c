/* SPDX-License-Identifier: BSD-2-Clause */
#include "readers.h"

#include <stddef.h>

const struct services_reader services_readers[] = {
    {"ipvs", "the output of 'ipvsadm -Sn'", ipvsadm_read},
    {"keepalived", "keepalived.conf", keepalived_read},
    {"ldirectord", "ldirectord.cf", ldirectord_read},
    {NULL, NULL, NULL},
};
