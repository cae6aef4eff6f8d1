/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * How to audit, the defaults, and the limits of a plan.
 */
#ifndef ARPAUDIT_PLAN_SETTINGS_H
#define ARPAUDIT_PLAN_SETTINGS_H

#include <stdbool.h>
#include <stdint.h>

/* Every rate and time of an audit. */
struct plan_settings {
	uint32_t rate;           /* frames per second, 0: unlimited */
	uint32_t broadcast_rate; /* broadcasts per second, 0: unlimited */
	double confidence;       /* bound on a false pass, per host and VIP; 0 < P < 1 */
	uint64_t linger_us;      /* listening time after the last broadcast who-has VIP */
	uint64_t timeout_us;     /* overall deadline, 0: none */
	bool elicit;             /* false: never send an IP packet */
	bool gentle;             /* within the allowance of gentle.h, beside the rates */
};

#define PLAN_RATE_DEFAULT           5000
#define PLAN_BROADCAST_RATE_DEFAULT 1000
#define PLAN_CONFIDENCE_DEFAULT     1e-6
#define PLAN_LINGER_US_DEFAULT      1000000

/* Limits for one cluster. Larger subnets are not swept; the user has to list the hosts. */
#define PLAN_SWEEP_MAX     4096
#define PLAN_HOSTS_MAX     65536
#define PLAN_VIPS_MAX      1024
#define PLAN_PORTS_MAX     32 /* of one VIP */
#define PLAN_DIRECTORS_MAX 256
#define PLAN_DECOYS_MAX    4096
#define PLAN_IGNORED_MAX   1024

#endif
