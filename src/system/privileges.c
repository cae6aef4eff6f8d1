/* SPDX-License-Identifier: BSD-2-Clause */
#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <unistd.h>

#include "arpaudit/privileges.h"

static bool
fail(struct error *error, const char *step)
{
	return error_set(
	    error, EXIT_CANNOT_RUN, "can't drop privileges: %s: %s", step, strerror(errno));
}

/* Removing capabilities from the bounding set takes CAP_SETPCAP. Root has it; a program with only
 * CAP_NET_RAW does not, but then no_new_privs keeps the other capabilities out of reach. */
static bool
can_drop_bounding(bool *can)
{
	cap_flag_value_t value = CAP_CLEAR;
	const cap_t own = cap_get_proc();
	bool known;

	if (own == NULL)
		return false;
	known = cap_get_flag(own, CAP_SETPCAP, CAP_EFFECTIVE, &value) == 0;
	*can = value == CAP_SET;
	return cap_free(own) == 0 && known;
}

static bool
drop_bounding(void)
{
	bool can;

	if (!can_drop_bounding(&can))
		return false;
	for (cap_value_t value = 0; can && CAP_IS_SUPPORTED(value); value++)
		if (cap_drop_bound(value) != 0)
			return false;
	return true;
}

/* Empties the effective, permitted and inheritable sets. */
static bool
drop_own(void)
{
	const cap_t none = cap_init();
	bool dropped;

	if (none == NULL)
		return false;
	dropped = cap_set_proc(none) == 0;
	return cap_free(none) == 0 && dropped;
}

/* Verifies that the kernel did what was asked. */
static bool
nothing_left(void)
{
	const cap_t none = cap_init();
	const cap_t own = cap_get_proc();
	const bool empty = none != NULL && own != NULL && cap_compare(none, own) == 0;

	if (none != NULL)
		(void)cap_free(none);
	if (own != NULL)
		(void)cap_free(own);
	return empty && prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0) == 1;
}

bool
privileges_other_users(void)
{
	char text[8] = "";
	const int descriptor = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);

	if (descriptor < 0)
		return true; /* no user namespaces, or no /proc: privileges_drop() will find out */
	const ssize_t length = read(descriptor, text, sizeof(text) - 1);

	(void)close(descriptor);
	return length < 0 || strncmp(text, "deny", 4) != 0;
}

/* Also drops root's supplementary groups, which would otherwise be kept. */
static bool
become(uid_t user, gid_t group)
{
	return setgroups(0, NULL) == 0 && setresgid(group, group, group) == 0 &&
	       setresuid(user, user, user) == 0;
}

bool
privileges_drop(uid_t user, gid_t group, struct error *error)
{
	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail(error, "no_new_privs");
	if (!drop_bounding())
		return fail(error, "bounding set");
	if (user != geteuid() && !become(user, group))
		return fail(error, "user and group");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return fail(error, "ambient set");
	if (!drop_own())
		return fail(error, "capabilities");
	errno = EPERM;
	return nothing_left() || fail(error, "some capabilities remain");
}
