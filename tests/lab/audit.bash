# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Shared by the lab tests of arpaudit, on top of lib.bash: runs an audit and compares its report.

REPORT_LINES=${abs_top_srcdir:?}/tests/lab/report-lines
export REPORT_LINES

# Runs arpaudit with a JSON report. Leaves the exit status in $status, standard error in $errors, the
# JSON in $output, and the lines of the report (see report-lines) in $report.
# shellcheck disable=SC2034,SC2154 # for the caller; set by run
audit() { # ARGUMENT...
	run "$ARPAUDIT" -o json "$@"
	report=
	[[ -z $output ]] || report=$("$REPORT_LINES" <<<"$output")
	[[ -z $errors ]] || note "$errors"
}

# host_line RIP|MAC [VIP]: prints the host's line in the report.
host_line() {
	grep -E "^host ${2-[0-9.]+} .*\\b${1//./\\.}\\b" <<<"$report"
}

# host_is RIP VERDICT NAME [VIP]: tests a host's verdict.
host_is() {
	local line
	line=$(host_line "$1" "${4-[0-9.]+}")
	local words
	read -ra words <<<"$line"
	[[ ${words[5]-none} == "$2" ]] || note "$line"
	is "${words[5]-none}" "$2" "$3"
}

# check_is RIP CHECK RESULT NAME [VIP]: tests the result of one check.
check_is() {
	local line
	line=$(host_line "$1" "${5-[0-9.]+}")
	[[ $line =~ \ $2=([a-z]+) ]]
	is "${BASH_REMATCH[1]-none}" "$3" "$4"
}
