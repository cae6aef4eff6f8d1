/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/signals.h"

#include <errno.h>
#include <stdint.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define NUDGE_SECONDS 1
/* Signals so soon after the first one are the same wish: timeout(1) signals the program and then
 * its process group, and a terminal may do so besides a supervisor. */
#define BURST_MS 500

/* The only things that the signal handler writes. */
static volatile sig_atomic_t caught;    /* the first signal */
static volatile sig_atomic_t caught_ms; /* when it came, by now_ms() */
static volatile sig_atomic_t count;     /* bursts */
/* Requests that were not taken. */
static volatile sig_atomic_t hung_up, picture_wanted;
/* The signals are blocked but for ppoll(2). Nothing else waits then. */
static volatile sig_atomic_t blocking;

/* Monotonic, in 31 bits: a handler may store no more at once. */
static int
now_ms(void)
{
	struct timespec now = {0};

	(void)clock_gettime(CLOCK_MONOTONIC, &now);
	return (int)(((uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000) & INT32_MAX);
}

static void
on_signal(int number)
{
	const int before = errno;
	const int at_ms = now_ms();

	if (caught == 0) {
		caught = number;
		caught_ms = at_ms;
		count = 1;
	} else if (((at_ms - caught_ms) & INT32_MAX) >= BURST_MS && count < SIG_ATOMIC_MAX) {
		count++;
	}
	errno = before;
	if (!blocking)
		(void)alarm(NUDGE_SECONDS);
}

static void
on_request(int number)
{
	if (number == SIGHUP)
		hung_up = 1;
	else
		picture_wanted = 1;
}

/* A signal may come right before a write that waits for its reader, and not interrupt it. */
static void
on_alarm(int number)
{
	(void)number;
	(void)alarm(NUDGE_SECONDS);
}

static const int signals[] = {SIGINT, SIGTERM, SIGHUP};
#define SIGNAL_COUNT (sizeof(signals) / sizeof(signals[0]))

/* Does nothing to a signal that is ignored. */
static bool
catch_one(int number, const struct sigaction *action)
{
	struct sigaction before;

	if (sigaction(number, NULL, &before) != 0)
		return false;
	return before.sa_handler == SIG_IGN || sigaction(number, action, NULL) == 0;
}

bool
signals_catch(struct error *error)
{
	struct sigaction action = {.sa_handler = on_signal};
	bool good = sigemptyset(&action.sa_mask) == 0;

	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		good = good && catch_one(signals[i], &action);
	action.sa_handler = on_alarm;
	good = good && sigaction(SIGALRM, &action, NULL) == 0;
	action.sa_handler = SIG_IGN;
	return (good && sigaction(SIGPIPE, &action, NULL) == 0 &&
		   sigaction(SIGXFSZ, &action, NULL) == 0) ||
	       error_set(error, EXIT_CANNOT_RUN, "can't handle signals: %s", strerror(errno));
}

bool
signals_serve(struct error *error)
{
	struct sigaction action = {.sa_handler = on_request};

	return (sigemptyset(&action.sa_mask) == 0 && catch_one(SIGHUP, &action) &&
		   catch_one(SIGUSR1, &action)) ||
	       error_set(error, EXIT_CANNOT_RUN, "can't handle signals: %s", strerror(errno));
}

int
signals_take_request(void)
{
	if (hung_up) {
		hung_up = 0;
		return SIGHUP;
	}
	if (picture_wanted) {
		picture_wanted = 0;
		return SIGUSR1;
	}
	return 0;
}

/* sigprocmask() can't fail with these sets. */
void
signals_let_in(const sigset_t *unblocked)
{
	sigset_t blocked;

	(void)sigprocmask(SIG_SETMASK, unblocked, &blocked);
	(void)sigprocmask(SIG_SETMASK, &blocked, NULL);
}

bool
signals_block(sigset_t *unblocked, struct error *error)
{
	sigset_t blocked;
	bool good = sigemptyset(&blocked) == 0 && sigaddset(&blocked, SIGALRM) == 0 &&
		    sigaddset(&blocked, SIGUSR1) == 0;

	for (size_t i = 0; i < SIGNAL_COUNT; i++)
		good = good && sigaddset(&blocked, signals[i]) == 0;
	blocking = good && sigprocmask(SIG_BLOCK, &blocked, unblocked) == 0;
	return blocking ||
	       error_set(error, EXIT_CANNOT_RUN, "can't block signals: %s", strerror(errno));
}

bool
signals_restore(const sigset_t *unblocked, struct error *error)
{
	blocking = 0;
	return sigprocmask(SIG_SETMASK, unblocked, NULL) == 0 ||
	       error_set(error, EXIT_CANNOT_RUN, "can't unblock signals: %s", strerror(errno));
}

int
signals_caught(void)
{
	return (int)caught;
}

bool
signals_caught_again(void)
{
	return count > 1;
}

int
signals_count(void)
{
	return (int)count;
}
