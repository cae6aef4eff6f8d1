/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/descriptors.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

bool
descriptors_reserve(struct error *error)
{
	static const int modes[] = {
	    [STDIN_FILENO] = O_WRONLY,
	    [STDOUT_FILENO] = O_RDONLY,
	    [STDERR_FILENO] = O_WRONLY,
	};

	/* open(2) returns the lowest free number. */
	for (int i = 0; i < (int)(sizeof(modes) / sizeof(modes[0])); i++)
		if (fcntl(i, F_GETFD) == -1 && open("/dev/null", modes[i]) != i)
			return error_set(
			    error, EXIT_CANNOT_RUN, "can't open /dev/null: %s", strerror(errno));
	return true;
}
