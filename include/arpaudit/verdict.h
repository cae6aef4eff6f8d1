/* SPDX-License-Identifier: BSD-2-Clause */
/*
 * The vocabulary of a result: verdicts, the outcomes of checks, severities and roles, and the
 * words that the reports use for them.
 */
#ifndef ARPAUDIT_VERDICT_H
#define ARPAUDIT_VERDICT_H

/* From best to worst. The verdict of a whole is the greatest verdict of its parts. */
enum verdict {
	VERDICT_COMPLIANT = 0,
	VERDICT_INCONCLUSIVE,
	VERDICT_VIOLATION,
};

enum check_outcome {
	OUTCOME_SKIPPED = 0, /* not requested, or not applicable: the reason says which */
	OUTCOME_PASS,
	OUTCOME_FAIL,
	OUTCOME_INCONCLUSIVE,
};

/* When a table of hosts has a column for the check. */
enum check_column {
	COLUMN_IF_IT_TELLS = 0, /* it failed on a host, or it alone made one inconclusive */
	COLUMN_IF_IT_WAS_MADE,  /* or it passed */
	COLUMN_ALWAYS,
};

enum severity {
	SEVERITY_NOTE = 0,
	SEVERITY_INCONCLUSIVE,
	SEVERITY_VIOLATION,
};

enum host_role {
	ROLE_REAL_SERVER = 0,
	ROLE_DIRECTOR,
	ROLE_DIRECTOR_REAL_SERVER, /* LVS "LocalNode" */
	ROLE_UNLISTED,
	ROLE_MAYBE_DIRECTOR, /* an owner that may be the director, where it cannot be told */
};

/* The words of the reports: "pass", "violation", "note", "real-server". */
const char *outcome_name(enum check_outcome outcome);
const char *verdict_name(enum verdict verdict);
const char *severity_name(enum severity severity);
const char *role_name(enum host_role role);

#endif
