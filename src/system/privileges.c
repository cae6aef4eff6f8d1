/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <unistd.h>

#define COUNT(array) ((int)(sizeof(array) / sizeof((array)[0])))

static const cap_value_t for_sockets[] = {CAP_NET_RAW};
/* What root needs to read the plan, and to become another user then. */
static const cap_value_t for_reading[] = {CAP_DAC_READ_SEARCH};
static const cap_value_t for_user[] = {CAP_SETUID, CAP_SETGID};

static bool
fail(struct error *error, const char *step)
{
	return error_set(
	    error, EXIT_CANNOT_RUN, "can't drop privileges: %s: %s", step, strerror(errno));
}

/* Is the capability in the process's set? */
static bool
has(cap_value_t value, cap_flag_t set)
{
	cap_flag_value_t found = CAP_CLEAR;
	const cap_t own = cap_get_proc();

	if (own == NULL)
		return false;
	if (cap_get_flag(own, value, set, &found) != 0)
		found = CAP_CLEAR;
	return cap_free(own) == 0 && found == CAP_SET;
}

/* Removing capabilities from the bounding set takes CAP_SETPCAP. Root has it; a program with only
 * CAP_NET_RAW does not, but then no_new_privs keeps the other capabilities out of reach. */
static bool
drop_bounding(void)
{
	const bool can = has(CAP_SETPCAP, CAP_EFFECTIVE);

	for (cap_value_t value = 0; can && CAP_IS_SUPPORTED(value); value++)
		if (cap_drop_bound(value) != 0)
			return false;
	return true;
}

/* Adds those that the process is permitted to a set of `keep`. */
static bool
add(cap_t keep, cap_flag_t set, const cap_value_t *values, int count)
{
	for (int i = 0; i < count; i++)
		if (has(values[i], CAP_PERMITTED) &&
		    cap_set_flag(keep, set, 1, &values[i], CAP_SET) != 0)
			return false;
	return true;
}

/* Keeps what the process has of these, and nothing else, in any set. */
static bool
keep_only(bool plan, bool sockets)
{
	const cap_t keep = cap_init();

	if (keep == NULL)
		return false;
	const bool kept =
	    (!sockets || add(keep, CAP_PERMITTED, for_sockets, COUNT(for_sockets))) &&
	    (!plan || (add(keep, CAP_PERMITTED, for_user, COUNT(for_user)) &&
			  add(keep, CAP_PERMITTED, for_reading, COUNT(for_reading)) &&
			  add(keep, CAP_EFFECTIVE, for_reading, COUNT(for_reading)))) &&
	    cap_set_proc(keep) == 0;

	return cap_free(keep) == 0 && kept;
}

/* A user's other processes can't read the memory or take the descriptors of one that is not
 * dumpable. Its core would not be written, whatever the limit, as core_pattern may ignore it. */
static bool
hide_memory(void)
{
	const struct rlimit none = {0};

	return prctl(PR_SET_DUMPABLE, 0, 0, 0, 0) == 0 && setrlimit(RLIMIT_CORE, &none) == 0;
}

/* Becomes the user, and keeps the permitted capabilities. */
static bool
change_user(uid_t user, gid_t group)
{
	return prctl(PR_SET_KEEPCAPS, 1, 0, 0, 0) == 0 && setresgid(group, group, group) == 0 &&
	       setresuid(user, user, user) == 0 && prctl(PR_SET_KEEPCAPS, 0, 0, 0, 0) == 0;
}

bool
privileges_begin(struct error *error)
{
	/* What a set-user-ID program may read, its user may not. */
	const bool own = getuid() == geteuid();

	if (prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0)
		return fail(error, "no_new_privs");
	if (!drop_bounding())
		return fail(error, "bounding set");
	if ((!own || getgid() != getegid()) && !change_user(getuid(), getgid()))
		return fail(error, "set-user-ID");
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return fail(error, "ambient set");
	if (!keep_only(own && geteuid() == 0, true))
		return fail(error, "capabilities");
	return hide_memory() || fail(error, "core dumps");
}

/* Also drops root's supplementary groups, which would otherwise be kept. */
static bool
become(uid_t user, gid_t group)
{
	const cap_t own = cap_get_proc();

	if (own == NULL)
		return false;
	const bool good = add(own, CAP_EFFECTIVE, for_user, COUNT(for_user)) &&
			  cap_set_proc(own) == 0 && setgroups(0, NULL) == 0 &&
			  change_user(user, group);

	return cap_free(own) == 0 && good;
}

bool
privileges_become(uid_t user, gid_t group, struct error *error)
{
	if (user != geteuid() && !become(user, group))
		return fail(error, "user and group");
	if (!keep_only(false, true))
		return fail(error, "capabilities");
	/* Becoming another user may have turned it on again (proc(5), suid_dumpable). */
	return hide_memory() || fail(error, "core dumps");
}

static bool
set_effective(cap_flag_value_t value)
{
	const cap_t own = cap_get_proc();

	if (own == NULL)
		return false;
	const bool set =
	    cap_set_flag(own, CAP_EFFECTIVE, COUNT(for_sockets), for_sockets, value) == 0 &&
	    cap_set_proc(own) == 0;

	return cap_free(own) == 0 && set;
}

void
privileges_raise(void)
{
	(void)set_effective(CAP_SET);
}

bool
privileges_lower(struct error *error)
{
	return set_effective(CAP_CLEAR) || fail(error, "effective set");
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
privileges_drop(struct error *error)
{
	if (prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0) != 0)
		return fail(error, "ambient set");
	if (!keep_only(false, false))
		return fail(error, "capabilities");
	errno = EPERM;
	return nothing_left() || fail(error, "some capabilities remain");
}

bool
privileges_other_users(void)
{
	char text[8] = "";
	const int descriptor = open("/proc/self/setgroups", O_RDONLY | O_CLOEXEC);

	if (descriptor < 0)
		return true; /* no user namespaces, or no /proc: privileges_become() will find out
			      */
	const ssize_t length = read(descriptor, text, sizeof(text) - 1);

	(void)close(descriptor);
	return length < 0 || strncmp(text, "deny", 4) != 0;
}
