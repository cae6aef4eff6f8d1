/* SPDX-License-Identifier: BSD-2-Clause */
#include "arpaudit/verdict.h"

const char *
outcome_name(enum check_outcome outcome)
{
	static const char *const names[] = {
	    [OUTCOME_SKIPPED] = "skipped",
	    [OUTCOME_PASS] = "pass",
	    [OUTCOME_FAIL] = "fail",
	    [OUTCOME_INCONCLUSIVE] = "inconclusive",
	};

	return names[outcome];
}

const char *
verdict_name(enum verdict verdict)
{
	static const char *const names[] = {
	    [VERDICT_COMPLIANT] = "compliant",
	    [VERDICT_INCONCLUSIVE] = "inconclusive",
	    [VERDICT_VIOLATION] = "violation",
	};

	return names[verdict];
}

const char *
severity_name(enum severity severity)
{
	static const char *const names[] = {
	    [SEVERITY_NOTE] = "note",
	    [SEVERITY_INCONCLUSIVE] = "inconclusive",
	    [SEVERITY_VIOLATION] = "violation",
	};

	return names[severity];
}

const char *
role_name(enum host_role role)
{
	static const char *const names[] = {
	    [ROLE_REAL_SERVER] = "real-server",
	    [ROLE_DIRECTOR] = "director",
	    [ROLE_DIRECTOR_REAL_SERVER] = "director+real-server",
	    [ROLE_UNLISTED] = "unlisted",
	    [ROLE_MAYBE_DIRECTOR] = "director?",
	};

	return names[role];
}
