/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/state.h"
#include "arpaudit/advice.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "arpaudit/printable.h"
#include "arpaudit/report.h"

#define HOLDER_SIZE 64

/* Sets `path` to the state's with an ending. */
static bool
path_with(const struct state *state, const char *ending, char path[PATH_MAX], struct error *error)
{
	return snprintf(path, PATH_MAX, "%s%s", state->path, ending) < PATH_MAX ||
	       error_set(error, EXIT_CANNOT_RUN,
		   "--state: the name of the file is too long: choose a shorter one");
}

/* Who holds the lock, as it wrote there: "pid 123, since 2026-01-02T03:04:05Z". */
static bool
tell_holder(const struct state *state, const char *path, struct error *error)
{
	char holder[HOLDER_SIZE], safe[HOLDER_SIZE];
	ssize_t length = pread(state->lock, holder, sizeof(holder) - 1, 0);

	if (length < 0)
		length = 0;
	holder[length] = '\0';
	holder[strcspn(holder, "\n")] = '\0';
	return error_set(error, EXIT_CANNOT_RUN,
	    "--state: another audit holds %s (%s): wait for its end, or choose another file", path,
	    *holder == '\0' ? "it does not say which" : printable(holder, safe, sizeof(safe)));
}

static bool
write_holder(const struct state *state, const char *path, struct error *error)
{
	const time_t now = time(NULL);
	struct tm utc;
	char since[32] = "?", text[HOLDER_SIZE];
	int length;

	if (gmtime_r(&now, &utc) != NULL)
		(void)strftime(since, sizeof(since), "%Y-%m-%dT%H:%M:%SZ", &utc);
	length = snprintf(text, sizeof(text), "pid %ld, since %s\n", (long)getpid(), since);
	return (ftruncate(state->lock, 0) == 0 &&
		   pwrite(state->lock, text, (size_t)length, 0) == length) ||
	       error_cannot_write(error, path, errno);
}

static bool
take_lock(struct state *state, struct error *error)
{
	char path[PATH_MAX];

	if (!path_with(state, ".lock", path, error))
		return false;
	state->lock = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_NOCTTY | O_CLOEXEC, 0644);
	if (state->lock < 0)
		return error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s: %s", path,
		    strerror(errno),
		    errno == ELOOP ? "it is a symbolic link: remove it" : advice_writing(errno));
	if (flock(state->lock, LOCK_EX | LOCK_NB) == 0)
		return write_holder(state, path, error);
	return errno == EWOULDBLOCK ? tell_holder(state, path, error)
				    : error_set(error, EXIT_CANNOT_RUN,
					  "can't lock %s: %s: choose a file on another file system",
					  path, strerror(errno));
}

/* Keeps the state for a look, under another name. */
static bool
set_aside(const struct state *state, const struct error *reason, struct error *error)
{
	char path[PATH_MAX];

	if (!path_with(state, ".unreadable", path, error))
		return false;
	if (rename(state->path, path) != 0)
		return error_set(error, EXIT_CANNOT_RUN, "can't rename %s: %s: %s", state->path,
		    strerror(errno), advice_writing(errno));
	(void)fprintf(stderr, "arpaudit: %s: it is now %s, and this audit counts as the first\n",
	    reason->text, path);
	return true;
}

static bool
cannot_read(const struct state *state, struct error *error)
{
	return error_cannot_read(error, EXIT_CANNOT_RUN, state->path, errno);
}

static bool
refuse_irregular(const struct state *state, struct error *error)
{
	return error_set(
	    error, EXIT_CANNOT_RUN, "--state: %s is no regular file: choose another", state->path);
}

/* Opens the state, if there is one. Opening a FIFO does not wait. */
static bool
open_last(struct state *state, struct error *error)
{
	const int descriptor =
	    open(state->path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC);
	struct stat status;

	if (descriptor < 0 && errno == ENOENT)
		return true;
	if (descriptor < 0)
		return errno == ELOOP || errno == ENXIO ? refuse_irregular(state, error)
							: cannot_read(state, error);
	if (fstat(descriptor, &status) == 0 && !S_ISREG(status.st_mode))
		refuse_irregular(state, error);
	else if ((state->last = fdopen(descriptor, "r")) == NULL)
		cannot_read(state, error);
	if (state->last == NULL)
		(void)close(descriptor);
	return state->last != NULL;
}

bool
state_open(struct state *state, const char *path, struct error *error)
{
	*state = (struct state){.path = path, .lock = -1};
	if (path == NULL)
		return true;
	return take_lock(state, error) && open_last(state, error) &&
	       output_open(&state->output, path, error);
}

bool
state_read(struct state *state, find_title *find, struct error *error)
{
	struct error reason = {.status = 0};

	if (state->last == NULL)
		return true;
	state->has_before =
	    result_read_stream(&state->before, state->last, state->path, find, &reason);
	(void)fclose(state->last);
	state->last = NULL;
	if (state->has_before || reason.status != EXIT_CANNOT_RUN)
		return state->has_before || set_aside(state, &reason, error);
	/* Nothing is wrong with the file: the next audit can read it. */
	return error_set(error, EXIT_CANNOT_RUN, "%s", reason.text);
}

bool
state_write(struct state *state, const struct result *result, struct error *error)
{
	const struct report_style style = {.color = false};

	if (report_json.write(result, &style, state->output.stream))
		return output_commit(&state->output, error);
	output_fail(&state->output, error);
	output_discard(&state->output);
	return false;
}

void
state_close(struct state *state)
{
	if (state->path == NULL)
		return;
	if (state->has_before)
		result_free(&state->before);
	output_discard(&state->output);
	if (state->last != NULL)
		(void)fclose(state->last);
	if (state->lock >= 0)
		(void)close(state->lock);
	*state = (struct state){.path = NULL};
}
