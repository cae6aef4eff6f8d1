/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "arpaudit/advice.h"

/* The temporary file is .NAME.XXXXXX, with NAME truncated so that the result fits NAME_MAX. */
#define NAME_KEPT (NAME_MAX - 8)

/* Why an output is not complete. */
struct problem {
	const char *what; /* NULL: it is */
	const char *advice;
};

static struct problem
problem_of(int number)
{
	return (struct problem){.what = strerror(number), .advice = advice_writing(number)};
}

static const char *
output_name(const struct output *output)
{
	return output->path == NULL || output->stream == stdout ? "standard output" : output->path;
}

bool
output_fail(const struct output *output, struct error *error)
{
	return error_cannot_write(error, output_name(output), errno);
}

static bool
out_of_memory(struct error *error)
{
	return error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

/* Is this the same file as an open one, under another name such as /dev/stdout? */
static bool
is_same(const struct stat *status, int descriptor)
{
	struct stat opened;

	return fstat(descriptor, &opened) == 0 && opened.st_dev == status->st_dev &&
	       opened.st_ino == status->st_ino;
}

/* Standard output has to be written through its descriptor: after a rename, that would still refer
 * to the old file. */
static bool
is_stdout(const struct stat *status)
{
	return is_same(status, STDOUT_FILENO);
}

static bool
open_stdout(struct output *output, struct error *error)
{
	const int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		return error_set(error, EXIT_CANNOT_RUN,
		    "standard output is closed: write to a file with -o FORMAT:FILE");
	output->stream = stdout;
	return true;
}

/* Writes to the descriptor, which is the output's from now on, if it is the `right` one. Otherwise
 * errno says what is wrong. */
static bool
open_descriptor(struct output *output, int descriptor, bool right, struct error *error)
{
	if (right)
		output->stream = fdopen(descriptor, "w");
	if (output->stream != NULL)
		return true;
	output_fail(output, error);
	if (descriptor >= 0)
		(void)close(descriptor); /* nothing was written */
	return false;
}

/* The same is true of standard error, which may be a log that others write to as well. */
static bool
open_stderr(struct output *output, struct error *error)
{
	const int descriptor = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, STDERR_FILENO + 1);

	return open_descriptor(output, descriptor, descriptor >= 0, error);
}

/* In a folder where others may write, the FIFO or device that was `seen` may meanwhile be a link to
 * something else, which is not to be written to. */
static bool
is_still(int descriptor, const struct stat *seen)
{
	struct stat opened;

	if (fstat(descriptor, &opened) != 0)
		return false;
	if (!S_ISREG(opened.st_mode) && opened.st_dev == seen->st_dev &&
	    opened.st_ino == seen->st_ino)
		return true;
	errno = ESTALE;
	return false;
}

static bool
open_in_place(struct output *output, const struct stat *seen, struct error *error)
{
	const int descriptor = open(output->path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	return open_descriptor(
	    output, descriptor, descriptor >= 0 && is_still(descriptor, seen), error);
}

/* The length of the directory part of a path, including its last slash. */
static size_t
directory_length(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

/* The kernel's file systems, such as proc, answer as if the directory did not exist. */
static bool
is_directory(const char *path, size_t length)
{
	char directory[PATH_MAX];
	struct stat status;

	if (length >= sizeof(directory))
		return false;
	(void)snprintf(directory, sizeof(directory), "%.*s", (int)length, path);
	return stat(directory, &status) == 0 && S_ISDIR(status.st_mode);
}

static void
cannot_create(const char *path, struct error *error)
{
	const int reason = errno;
	const size_t length = directory_length(path);
	const char *const directory = length > 0 ? path : "./";
	const int shown = length > 0 ? (int)length : 2;

	if (reason == ENOENT && is_directory(directory, (size_t)shown))
		error_set(error, EXIT_CANNOT_RUN,
		    "can't write %s: no file can be created in %.*s: choose another file", path,
		    shown, directory);
	else if (reason == ENOENT)
		error_set(error, EXIT_CANNOT_RUN,
		    "can't write %s: directory %.*s does not exist: create it or choose another "
		    "file",
		    path, shown, directory);
	else
		error_set(error, EXIT_CANNOT_RUN,
		    "can't write %s: can't create a file in %.*s: %s: %s", path, shown, directory,
		    strerror(reason), advice_writing(reason));
}

/* The mode that open(2) would give a new file. */
static mode_t
default_mode(void)
{
	const mode_t mask = umask(0); /* reading the mask requires setting it */

	(void)umask(mask);
	return 0666 & ~mask;
}

/* Opens the folder, to make the rename durable, and for the sandbox: outside of the folders that
 * are open nothing can be renamed or removed. Whoever may not list a folder may still write to it.
 */
static bool
open_folder(struct output *output)
{
	const size_t length = directory_length(output->path);
	char *const folder = length > 0 ? strndup(output->path, length) : strdup(".");

	if (folder == NULL)
		return false;
	output->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (output->folder < 0)
		output->folder = open(folder, O_PATH | O_DIRECTORY | O_CLOEXEC);
	free(folder);
	return output->folder >= 0;
}

/* Opens the temporary file. `mode` is the mode of the finished file. */
static bool
open_temporary(struct output *output, mode_t mode, struct error *error)
{
	const size_t length = directory_length(output->path);
	int descriptor;

	if (asprintf(&output->temporary, "%.*s.%.*s.XXXXXX", (int)length, output->path, NAME_KEPT,
		output->path + length) < 0) {
		output->temporary = NULL;
		return out_of_memory(error);
	}
	descriptor = mkostemp(output->temporary, O_CLOEXEC);
	if (descriptor < 0) {
		cannot_create(output->path, error);
		free(output->temporary);
		output->temporary = NULL;
		return false;
	}
	if (open_folder(output) && fchmod(descriptor, mode) == 0)
		output->stream = fdopen(descriptor, "w");
	if (output->stream != NULL)
		return true;
	output_fail(output, error);
	(void)close(descriptor); /* nothing was written */
	return false;
}

/* Resolves a symbolic link, so that the file it points to is replaced and not the link. */
static bool
follow_link(struct output *output)
{
	struct stat status;
	char *target;

	if (lstat(output->path, &status) != 0)
		return false;
	if (!S_ISLNK(status.st_mode))
		return true;
	target = realpath(output->path, NULL);
	if (target == NULL)
		return false;
	free(output->path);
	output->path = target;
	return true;
}

/* Replacing a file does not take write permission for it. Respect a read-only file all the same. */
static bool
open_existing(struct output *output, mode_t mode, struct error *error)
{
	if (!follow_link(output) || faccessat(AT_FDCWD, output->path, W_OK, AT_EACCESS) != 0)
		return output_fail(output, error);
	return open_temporary(output, mode & 0777, error);
}

static bool
open_new(struct output *output, struct error *error)
{
	struct stat status;

	if (output->path[directory_length(output->path)] == '\0')
		return error_set(
		    error, EXIT_CANNOT_RUN, "'%s' has no file name: add one", output->path);
	if (lstat(output->path, &status) == 0)
		return error_set(error, EXIT_CANNOT_RUN,
		    "can't write %s: it is a symbolic link to a missing file: create that file or "
		    "choose another",
		    output->path);
	return open_temporary(output, default_mode(), error);
}

static bool
open_path(struct output *output, struct error *error)
{
	struct stat status;

	if (stat(output->path, &status) == 0) {
		if (S_ISDIR(status.st_mode))
			return error_set(error, EXIT_CANNOT_RUN,
			    "can't write %s: it is a directory: choose a file in it", output->path);
		if (is_stdout(&status))
			return open_stdout(output, error);
		if (S_ISREG(status.st_mode) && is_same(&status, STDERR_FILENO))
			return open_stderr(output, error);
		return S_ISREG(status.st_mode) ? open_existing(output, status.st_mode, error)
					       : open_in_place(output, &status, error);
	}
	if (errno == ENOENT)
		return open_new(output, error);
	return output_fail(output, error);
}

bool
output_folder_owner(const char *path, uid_t *user, gid_t *group)
{
	struct stat status;
	char copy[PATH_MAX];

	if (path == NULL || strcmp(path, "-") == 0 || strlen(path) >= sizeof(copy))
		return false;
	memcpy(copy, path, strlen(path) + 1);
	if (stat(dirname(copy), &status) != 0)
		return false;
	*user = status.st_uid;
	*group = status.st_gid;
	return true;
}

bool
output_open(struct output *output, const char *path, struct error *error)
{
	*output = (struct output){.stream = NULL};
	if (path == NULL || strcmp(path, "-") == 0)
		return open_stdout(output, error);
	output->path = strdup(path);
	if (output->path == NULL)
		return out_of_memory(error);
	if (open_path(output, error))
		return true;
	output_discard(output);
	return false;
}

static bool
open_to_append(struct output *output, struct error *error)
{
	struct stat status;

	output->descriptor =
	    open(output->path, O_WRONLY | O_APPEND | O_CREAT | O_NOCTTY | O_CLOEXEC, 0666);
	if (output->descriptor < 0)
		return output_fail(output, error);
	output->appends = true;
	if (fstat(output->descriptor, &status) == 0 && is_stdout(&status)) {
		(void)close(output->descriptor);
		free(output->path);
		*output = (struct output){.stream = NULL};
		return open_stdout(output, error);
	}
	output->stream = open_memstream(&output->text, &output->length);
	return output->stream != NULL || out_of_memory(error);
}

bool
output_open_append(struct output *output, const char *path, struct error *error)
{
	*output = (struct output){.stream = NULL};
	if (path == NULL || strcmp(path, "-") == 0)
		return open_stdout(output, error);
	output->path = strdup(path);
	if (output->path == NULL)
		return out_of_memory(error);
	if (open_to_append(output, error))
		return true;
	output_discard(output);
	return false;
}

static bool
same_directory(const char *one, const char *other)
{
	char copy[2][PATH_MAX];
	struct stat status[2];

	if (strlen(one) >= PATH_MAX || strlen(other) >= PATH_MAX)
		return false;
	memcpy(copy[0], one, strlen(one) + 1);
	memcpy(copy[1], other, strlen(other) + 1);
	return stat(dirname(copy[0]), &status[0]) == 0 && stat(dirname(copy[1]), &status[1]) == 0 &&
	       status[0].st_dev == status[1].st_dev && status[0].st_ino == status[1].st_ino;
}

/* For outputs of which at least one is open already, or will be replaced. */
static bool
same_file(const struct output *one, const struct output *other)
{
	struct stat status[2];

	return stat(one->path, &status[0]) == 0 && stat(other->path, &status[1]) == 0 &&
	       S_ISREG(status[0].st_mode) && status[0].st_dev == status[1].st_dev &&
	       status[0].st_ino == status[1].st_ino;
}

bool
output_same(const struct output *one, const struct output *other)
{
	if (one->stream == stdout || other->stream == stdout)
		return one->stream == other->stream;
	/* Opening has already resolved symbolic links. Two outputs may share a device. */
	if (one->appends || other->appends)
		return same_file(one, other);
	return one->temporary != NULL && other->temporary != NULL &&
	       strcmp(one->path + directory_length(one->path),
		   other->path + directory_length(other->path)) == 0 &&
	       same_directory(one->path, other->path);
}

/* Writes out the buffer. Some file systems report errors only at close (NFS, quotas). Closing a
 * duplicate of the descriptor reveals these and leaves standard output open. */
static struct problem
flush(const struct output *output)
{
	FILE *const stream = output->stream;
	const int descriptor = fileno(stream);
	int copy;

	if (output->failure == ETIMEDOUT)
		return (struct problem){"its reader has stopped reading", advice_writing(EPIPE)};
	if (output->failure != 0)
		return problem_of(output->failure);
	if (fflush(stream) != 0 || (output->temporary != NULL && fsync(descriptor) != 0))
		return problem_of(errno);
	if (ferror(stream))
		return (struct problem){"an earlier write failed", advice_writing(0)};
	copy = dup(descriptor);
	if (copy < 0 || close(copy) != 0)
		return problem_of(errno);
	return (struct problem){.what = NULL};
}

/* Writes all of the text. */
static struct problem
write_all(int descriptor, const char *text, size_t length)
{
	while (length > 0) {
		const ssize_t written = write(descriptor, text, length);

		if (written < 0) /* also if a signal interrupts the wait for a pipe's reader */
			return problem_of(errno);
		text += written;
		length -= (size_t)written;
	}
	return (struct problem){.what = NULL};
}

/* Adds the text to the file, whole or not at all. A pipe or device has neither lock nor length. */
static struct problem
add_text(const struct output *output)
{
	const int descriptor = output->descriptor;
	struct stat before;
	struct problem problem;

	if (fflush(output->stream) != 0 || fstat(descriptor, &before) != 0)
		return problem_of(errno);
	if (!S_ISREG(before.st_mode))
		return write_all(descriptor, output->text, output->length);
	if (flock(descriptor, LOCK_EX) != 0 || fstat(descriptor, &before) != 0)
		return problem_of(errno);
	problem = write_all(descriptor, output->text, output->length);
	if (problem.what == NULL && fsync(descriptor) != 0)
		problem = problem_of(errno);
	if (problem.what != NULL && ftruncate(descriptor, before.st_size) != 0)
		problem = (struct problem){"a part of the report is left at its end",
		    "remove that part, and choose another file"};
	return problem;
}

/* Always returns false. */
static bool
incomplete(const struct output *output, struct problem problem, struct error *error)
{
	return error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s: %s%s", output_name(output),
	    problem.what, output->temporary != NULL ? "nothing was changed; " : "", problem.advice);
}

bool
output_add(struct output *output, struct error *error)
{
	const struct problem problem = add_text(output);

	if (problem.what != NULL)
		return incomplete(output, problem, error);
	(void)fclose(output->stream); /* in memory: it can't fail any more */
	free(output->text);
	output->text = NULL;
	output->stream = open_memstream(&output->text, &output->length);
	return output->stream != NULL || out_of_memory(error);
}

static bool
commit_text(struct output *output, struct error *error)
{
	const struct problem problem = add_text(output);

	if (problem.what != NULL)
		incomplete(output, problem, error);
	output_discard(output);
	return problem.what == NULL;
}

bool
output_commit(struct output *output, struct error *error)
{
	if (output->appends)
		return commit_text(output, error);

	const bool replaces = output->temporary != NULL;
	struct problem problem = flush(output);

	if (problem.what == NULL && replaces && rename(output->temporary, output->path) != 0)
		problem = problem_of(errno);
	if (problem.what != NULL) {
		incomplete(output, problem, error);
	} else if (replaces) {
		/* Makes the rename durable. The file is whole in any case, so failing is no error.
		 */
		if (output->folder > 0)
			(void)fsync(output->folder);
		free(output->temporary); /* it was renamed to the target */
		output->temporary = NULL;
	}
	output_discard(output);
	return problem.what == NULL;
}

void
output_discard(struct output *output)
{
	/* Otherwise fclose(3) or exit(3) would write the buffer, and might wait for a reader. */
	if (output->stream != NULL)
		__fpurge(output->stream);
	if (output->stream != NULL && output->stream != stdout)
		(void)fclose(output->stream); /* output_commit() has reported any errors */
	if (output->temporary != NULL)
		(void)unlink(output->temporary);
	if (output->appends)
		(void)close(output->descriptor);
	if (output->folder > 0)
		(void)close(output->folder);
	free(output->text);
	free(output->temporary);
	free(output->path);
	*output = (struct output){.stream = NULL};
}
