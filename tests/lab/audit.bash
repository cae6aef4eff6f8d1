# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the lab tests of arpaudit share, on top of lib.bash: run an audit, and compare its report.

REPORT_LINES=${abs_top_srcdir:?}/tests/lab/report-lines
export REPORT_LINES

# Runs arpaudit with a JSON report; leaves its exit status in $status, what it said on standard error
# in $errors, and the lines of the report (see report-lines) in $report.
# shellcheck disable=SC2034,SC2154 # for the caller; from run
audit() { # ARGUMENT...
	run "$ARPAUDIT" -o json "$@"
	report=
	[[ -z $output ]] || report=$("$REPORT_LINES" <<<"$output")
	[[ -z $errors ]] || note "$errors"
}

# host_line RIP|MAC [VIP]: the host's line in the report.
host_line() {
	grep -E "^host ${2-[0-9.]+} .*\\b${1//./\\.}\\b" <<<"$report"
}

# host_is RIP VERDICT NAME [VIP]: a test of a host's verdict.
host_is() {
	local line
	line=$(host_line "$1" "${4-[0-9.]+}")
	local words
	read -ra words <<<"$line"
	[[ ${words[5]-none} == "$2" ]] || note "$line"
	is "${words[5]-none}" "$2" "$3"
}

# check_is RIP CHECK RESULT NAME [VIP]: a test of one check's result.
check_is() {
	local line
	line=$(host_line "$1" "${5-[0-9.]+}")
	[[ $line =~ \ $2=([a-z]+) ]]
	is "${BASH_REMATCH[1]-none}" "$3" "$4"
}
