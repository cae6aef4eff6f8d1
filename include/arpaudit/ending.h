/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * What ended a run.
 */
#ifndef ARPAUDIT_ENDING_H
#define ARPAUDIT_ENDING_H

enum ended {
	ENDED_DONE = 0, /* everything was decided */
	ENDED_DEADLINE, /* of --timeout */
	ENDED_SIGNAL,
	ENDED_FAILURE,
};

struct ending {
	enum ended by;
	int signal; /* its number, with ENDED_SIGNAL */
};

/* "done", "deadline", "signal N" or "failure". Writes to `text` if it needs to. */
#define ENDING_TEXT_SIZE 24
const char *ending_text(const struct ending *ending, char text[ENDING_TEXT_SIZE]);

#endif
