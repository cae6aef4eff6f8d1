/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/privileges.h"

#include <errno.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>

/* Emptying the bounding set takes CAP_SETPCAP: root has it, a user with only CAP_NET_RAW has not.
 * What no_new_privs says then holds all the same. */
static bool
drop_bounding(void)
{
	cap_flag_value_t may = CAP_CLEAR;
	cap_t own = cap_get_proc();

	if (own == NULL)
		return false;
	if (cap_get_flag(own, CAP_SETPCAP, CAP_EFFECTIVE, &may) != 0)
		may = CAP_CLEAR;
	for (cap_value_t value = 0; may == CAP_SET && CAP_IS_SUPPORTED(value); value++)
		if (cap_drop_bound(value) != 0)
			may = CAP_CLEAR;
	return cap_free(own) == 0;
}

static bool
drop_all(void)
{
	cap_t none = cap_init();
	bool dropped;

	if (none == NULL)
		return false;
	dropped = cap_set_proc(none) == 0;
	return cap_free(none) == 0 && dropped;
}

static bool
nothing_left(void)
{
	cap_t none = cap_init();
	cap_t own = cap_get_proc();
	const bool empty = none != NULL && own != NULL && cap_compare(none, own) == 0;

	if (none != NULL)
		(void)cap_free(none);
	if (own != NULL)
		(void)cap_free(own);
	return empty && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

bool
privileges_drop(struct error *error)
{
	if (drop_bounding() && prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) == 0 &&
	    prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 && drop_all() && nothing_left())
		return true;
	return error_set(error, EXIT_CANNOT_RUN, "can't give up privileges: %s", strerror(errno));
}
