# SPDX-License-Identifier: BSD-2-Clause
#
# Makes one TAP stream of what the tests print in the virtual machine; see init. A test that skips
# everything, or ends early, has failed: the machine has all that they need.

function result(passed, name) {
	if (!passed)
		failed = 1
	printf "%sok %d - %s: %s\n", passed ? "" : "not ", ++total, test, name
}

/^== test / {
	test = $3
	sub(/^.*\//, "", test)
	sub(/\.test$/, "", test)
	results = 0
	plan = "none"
	next
}

/^(not )?ok / {
	passed = $1 == "ok"
	sub(/^(not )?ok [0-9]+ - /, "")
	results++
	result(passed, $0)
	next
}

/^1\.\./ {
	plan = substr($0, 4)
	next
}

/^== status / {
	if (plan != results || results == 0)
		result(0, "all that was planned has run (" results " of " plan ")")
	else if ($3 != 0)
		failed = 1
	next
}

/^== end / {
	ended = 1
	print "# by the clock of the machine: " $3 " seconds, " $4 " of them idle"
	next
}

# "Bail out!" is no word for all the tests: its test has no plan then.
{
	print (/^#/ ? "" : "# ") $0
}

END {
	if (!ended)
		print "Bail out! the machine has not come to the end of the tests"
	print "1.." total + 0
	exit failed || !ended
}
