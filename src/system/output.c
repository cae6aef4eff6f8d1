/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/output.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio_ext.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* The temporary file is .NAME.XXXXXX, with the name cut to leave room for what is added. */
#define NAME_KEPT (NAME_MAX - 8)

static bool
out_of_memory(struct error *error)
{
	return error_set(error, EXIT_CANNOT_RUN, "out of memory");
}

/* Is it what standard output is, by another name such as /dev/stdout? Then it is written as that:
 * renaming a file over it would leave standard output with the old one. */
static bool
is_stdout(const struct stat *status)
{
	struct stat out;

	return fstat(STDOUT_FILENO, &out) == 0 && out.st_dev == status->st_dev &&
	       out.st_ino == status->st_ino;
}

static bool
open_stdout(struct output *output, struct error *error)
{
	const int flags = fcntl(STDOUT_FILENO, F_GETFL);

	if (flags < 0 || (flags & O_ACCMODE) == O_RDONLY)
		return error_set(error, EXIT_CANNOT_RUN,
		    "standard output is closed: name a file with -o FORMAT:FILE");
	output->stream = stdout;
	return true;
}

static bool
open_in_place(struct output *output, struct error *error)
{
	const int descriptor = open(output->path, O_WRONLY | O_NOCTTY | O_CLOEXEC);

	if (descriptor >= 0)
		output->stream = fdopen(descriptor, "w");
	if (output->stream != NULL)
		return true;
	error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s: name another file", output->path,
	    strerror(errno));
	if (descriptor >= 0)
		(void)close(descriptor); /* nothing was written */
	return false;
}

/* The length of the directory's part of a path, with its last slash. */
static size_t
directory_length(const char *path)
{
	const char *const slash = strrchr(path, '/');

	return slash == NULL ? 0 : (size_t)(slash - path) + 1;
}

static void
cannot_create(const char *path, struct error *error)
{
	const int reason = errno;
	const size_t length = directory_length(path);
	const char *const directory = length > 0 ? path : "./";
	const int shown = length > 0 ? (int)length : 2;

	if (reason == ENOENT)
		error_set(error, EXIT_CANNOT_RUN,
		    "can't write %s: there is no directory %.*s: create it or name another file",
		    path, shown, directory);
	else
		error_set(error, EXIT_CANNOT_RUN,
		    "can't write %s: no file can be created in %.*s: %s: name another file", path,
		    shown, directory, strerror(reason));
}

/* As open(2) with O_CREAT would. */
static mode_t
default_mode(void)
{
	const mode_t mask = umask(0); /* it can't be read without being set */

	(void)umask(mask);
	return 0666 & ~mask;
}

/* Opens the temporary file. `mode` is that of the file to be. */
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
	if (fchmod(descriptor, mode) == 0)
		output->stream = fdopen(descriptor, "w");
	if (output->stream != NULL)
		return true;
	error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s: name another file", output->path,
	    strerror(errno));
	(void)close(descriptor); /* nothing was written */
	return false;
}

/* A symbolic link is not replaced, but the file that it leads to. */
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

/* Replacing a file takes no right to write it, but who made it read-only means it. */
static bool
open_existing(struct output *output, mode_t mode, struct error *error)
{
	if (!follow_link(output) || faccessat(AT_FDCWD, output->path, W_OK, AT_EACCESS) != 0)
		return error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s: name another file",
		    output->path, strerror(errno));
	return open_temporary(output, mode & 0777, error);
}

static bool
open_new(struct output *output, struct error *error)
{
	struct stat status;

	if (output->path[directory_length(output->path)] == '\0')
		return error_set(
		    error, EXIT_CANNOT_RUN, "'%s' names no file: name one", output->path);
	if (lstat(output->path, &status) == 0)
		return error_set(error, EXIT_CANNOT_RUN,
		    "can't write %s: it is a symbolic link to a file that is not there: create "
		    "that or name another file",
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
			    "can't write %s: it is a directory: name a file in it", output->path);
		if (is_stdout(&status))
			return open_stdout(output, error);
		return S_ISREG(status.st_mode) ? open_existing(output, status.st_mode, error)
					       : open_in_place(output, error);
	}
	if (errno == ENOENT)
		return open_new(output, error);
	return error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s: name another file",
	    output->path, strerror(errno));
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
same_folder(const char *one, const char *other)
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

bool
output_same(const struct output *one, const struct output *other)
{
	if (one->stream == stdout || other->stream == stdout)
		return one->stream == other->stream;
	/* Symbolic links were followed when they were opened. A device may well take both. */
	return one->temporary != NULL && other->temporary != NULL &&
	       strcmp(one->path + directory_length(one->path),
		   other->path + directory_length(other->path)) == 0 &&
	       same_folder(one->path, other->path);
}

/* Writes what is still in memory; returns what went wrong, or NULL. Closing a copy of the
 * descriptor shows the errors that some file systems keep for the close (NFS, quotas), and leaves
 * standard output open. */
static const char *
flush(const struct output *output)
{
	FILE *const stream = output->stream;
	const int descriptor = fileno(stream);
	int copy;

	if (output->failure != 0)
		return strerror(output->failure);
	if (fflush(stream) != 0 || (output->temporary != NULL && fsync(descriptor) != 0))
		return strerror(errno);
	if (ferror(stream))
		return "an earlier part could not be written";
	copy = dup(descriptor);
	return copy >= 0 && close(copy) == 0 ? NULL : strerror(errno);
}

/* Makes the new name last. Its file is whole either way, so a directory that can't be opened or
 * synchronised is no failure. */
static void
sync_directory(const char *path)
{
	const size_t length = directory_length(path);
	char *const directory = length > 0 ? strndup(path, length) : strdup(".");
	int descriptor;

	if (directory == NULL)
		return;
	descriptor = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (descriptor >= 0) {
		(void)fsync(descriptor);
		(void)close(descriptor);
	}
	free(directory);
}

bool
output_commit(struct output *output, struct error *error)
{
	const bool replaces = output->temporary != NULL;
	const char *problem = flush(output);

	if (problem == NULL && replaces && rename(output->temporary, output->path) != 0)
		problem = strerror(errno);
	if (problem != NULL) {
		error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s%s",
		    output->stream == stdout ? "standard output" : output->path, problem,
		    replaces ? ": nothing was changed; name another file" : "");
	} else if (replaces) {
		sync_directory(output->path);
		free(output->temporary); /* it has become the file */
		output->temporary = NULL;
	}
	output_discard(output);
	return problem == NULL;
}

void
output_discard(struct output *output)
{
	if (output->stream == stdout)
		__fpurge(stdout); /* or what is left would be written when the process ends */
	else if (output->stream != NULL)
		(void)fclose(output->stream); /* output_commit() has seen to its errors */
	if (output->temporary != NULL)
		(void)unlink(output->temporary);
	free(output->temporary);
	free(output->path);
	*output = (struct output){.stream = NULL};
}
