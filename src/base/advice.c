/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/advice.h"

#include <errno.h>
#include <string.h>

/* What is no fault of the file; else the advice of the caller. */
static const char *
advice(int number, const char *otherwise)
{
	switch (number) {
	case ENOMEM:
		return "free some memory, then try again";
	case EMFILE:
	case ENFILE:
		return "raise the limit of open files (ulimit -n)";
	default:
		return otherwise;
	}
}

const char *
advice_reading(int number)
{
	switch (number) {
	case ENOENT:
	case ENOTDIR:
	case ENAMETOOLONG:
		return "check its name";
	case EISDIR:
		return "name a file instead";
	case EACCES:
	case EPERM:
		return "change its permissions, or run arpaudit as a user who may read it";
	case EIO:
		return "check the disk and the kernel's log";
	case EBADF:
		return "open it for reading, or name another file";
	default:
		return advice(number, "check what it is, or name another file");
	}
}

const char *
advice_writing(int number)
{
	switch (number) {
	case ENOSPC:
		return "free some space there or choose another file";
	case EDQUOT:
		return "free some of the quota or choose another file";
	case EROFS:
		return "mount its file system for writing or choose another file";
	case EACCES:
	case EPERM:
		return "change the permissions or choose another file";
	case ENOENT:
		return "create its directory or choose another file";
	case EFBIG:
		return "raise the limit of file sizes (ulimit -f) or choose another file";
	case ENAMETOOLONG:
		return "choose a shorter name";
	case EPIPE:
		return "keep its reader running until the end";
	case EIO:
		return "check the disk and the kernel's log, or choose another file";
	default:
		return advice(number, "choose another file");
	}
}

bool
error_cannot_read(struct error *error, enum exit_status status, const char *name, int number)
{
	return error_set(
	    error, status, "can't read %s: %s: %s", name, strerror(number), advice_reading(number));
}

bool
error_cannot_write(struct error *error, const char *name, int number)
{
	return error_set(error, EXIT_CANNOT_RUN, "can't write %s: %s: %s", name, strerror(number),
	    advice_writing(number));
}
