/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The way of the privileges, in a child process: what /proc shows after each step, and what the
 * process can no longer do.
 */
#include <sched.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <sys/capability.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "arpaudit/privileges.h"

/* Does the field `name` in /proc/self/status have this hexadecimal value? */
static bool
status_is(const char *name, unsigned long long expected)
{
	char line[256];
	unsigned long long value;
	bool found = false;
	FILE *const status = fopen("/proc/self/status", "r");

	while (status != NULL && fgets(line, sizeof(line), status) != NULL)
		if (strncmp(line, name, strlen(name)) == 0 &&
		    sscanf(line + strlen(name), ": %llx", &value) == 1)
			found = value == expected;
	if (status != NULL)
		(void)fclose(status);
	return found;
}

static bool
can_open(void)
{
	const int descriptor = socket(AF_PACKET, SOCK_RAW, 0);

	return descriptor >= 0 && close(descriptor) == 0;
}

/* Up to the opening of sockets. `able`: the process has CAP_NET_RAW. Returns the first problem, or
 * NULL. */
static const char *
before_drop(bool able)
{
	struct error error = {0};
	const unsigned long long net_raw = able ? 1ULL << CAP_NET_RAW : 0;

	if (!privileges_begin(&error))
		return "beginning fails";
	if (!status_is("CapInh", 0) || !status_is("CapAmb", 0) || !status_is("NoNewPrivs", 1) ||
	    can_open())
		return "too much is left at the beginning";
	if (!privileges_become(geteuid(), getegid(), &error))
		return "staying the same user fails";
	if (!status_is("CapEff", 0) || !status_is("CapPrm", net_raw))
		return "not CAP_NET_RAW alone is permitted";
	privileges_raise();
	if (!status_is("CapEff", net_raw) || can_open() != able)
		return "CAP_NET_RAW does not become effective";
	return privileges_lower(&error) && status_is("CapEff", 0) && !can_open()
		   ? NULL
		   : "CAP_NET_RAW stays effective";
}

/* Drops privileges. Returns the first problem, or NULL. */
static const char *
after_drop(bool bounding)
{
	struct error error = {0};

	if (!privileges_drop(&error))
		return "dropping fails";
	if (!status_is("CapEff", 0) || !status_is("CapPrm", 0) || !status_is("CapInh", 0) ||
	    !status_is("CapAmb", 0))
		return "a capability is left";
	if (bounding && !status_is("CapBnd", 0))
		return "the bounding set is not empty";
	if (!status_is("NoNewPrivs", 1))
		return "no_new_privs is not set";
	privileges_raise();
	if (!status_is("CapEff", 0) || can_open())
		return "it can still open a packet socket";
	if (prctl(PR_GET_DUMPABLE, 0, 0, 0, 0) != 0)
		return "its memory can be read";
	/* Having no privileges to drop is not an error. */
	return privileges_drop(&error) ? NULL : "dropping a second time fails";
}

static void
assert_dropped(bool (*prepare)(void), bool bounding)
{
	const pid_t child = fork();
	int status;

	assert_int_not_equal(child, -1);
	if (child == 0) {
		const char *problem = prepare != NULL && !prepare() ? "not prepared" : NULL;

		if (problem == NULL)
			problem = before_drop(can_open());
		if (problem == NULL)
			problem = after_drop(bounding);

		if (problem != NULL)
			(void)fprintf(stderr, "%s\n", problem);
		_exit(problem != NULL);
	}
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	assert_int_equal(WEXITSTATUS(status), 0);
}

static void
test_drop_as_started(void **state)
{
	(void)state;
	assert_dropped(NULL, prctl(PR_CAPBSET_READ, CAP_SETPCAP) == 1 && geteuid() == 0);
}

/* What a file capability grants: only CAP_NET_RAW. Here it is ambient too. */
static bool
keep_net_raw(void)
{
	const cap_value_t net_raw = CAP_NET_RAW;
	const cap_t own = cap_init();
	bool kept;

	if (own == NULL)
		return false;
	kept = cap_set_flag(own, CAP_EFFECTIVE, 1, &net_raw, CAP_SET) == 0 &&
	       cap_set_flag(own, CAP_PERMITTED, 1, &net_raw, CAP_SET) == 0 &&
	       cap_set_flag(own, CAP_INHERITABLE, 1, &net_raw, CAP_SET) == 0 &&
	       cap_set_proc(own) == 0 && cap_set_ambient(net_raw, CAP_SET) == 0;
	return cap_free(own) == 0 && kept && !status_is("CapAmb", 0);
}

static void
test_drop_with_net_raw_alone(void **state)
{
	(void)state;
	if (!status_is("CapEff", 0) && geteuid() == 0)
		assert_dropped(keep_net_raw, false);
	else
		skip();
}

enum found {
	FOUND_OTHERS = 0,
	FOUND_NONE,
	FOUND_NO_NAMESPACE,
};

/* Enters a user namespace as an unprivileged user creates it. */
static enum found
in_user_namespace(void)
{
	FILE *stream;

	if (unshare(CLONE_NEWUSER) != 0)
		return FOUND_NO_NAMESPACE;
	stream = fopen("/proc/self/setgroups", "w");
	if (stream == NULL)
		return FOUND_NO_NAMESPACE;
	const bool written = fputs("deny", stream) >= 0;

	if (fclose(stream) != 0 || !written)
		return FOUND_NO_NAMESPACE;
	return privileges_other_users() ? FOUND_OTHERS : FOUND_NONE;
}

static void
test_no_other_users_in_a_user_namespace(void **state)
{
	const pid_t child = fork();
	int status;

	(void)state;
	assert_int_not_equal(child, -1);
	if (child == 0)
		_exit((int)in_user_namespace());
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_true(WIFEXITED(status));
	if (WEXITSTATUS(status) == FOUND_NO_NAMESPACE)
		skip();
	assert_int_equal(WEXITSTATUS(status), FOUND_NONE);
}

int
main(void)
{
	const struct CMUnitTest tests[] = {
	    cmocka_unit_test(test_drop_as_started),
	    cmocka_unit_test(test_drop_with_net_raw_alone),
	    cmocka_unit_test(test_no_other_users_in_a_user_namespace),
	};

	return cmocka_run_group_tests(tests, NULL, NULL);
}
