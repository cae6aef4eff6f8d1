# SPDX-License-Identifier: BSD-2-Clause
#
# Merges the output of the tests in the virtual machine into one TAP stream; see init. A test that skips
# everything or ends early has failed, since the machine has everything that the tests need.

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
		result(0, "all planned tests have run (" results " of " plan ")")
	else if ($3 != 0)
		failed = 1
	next
}

/^== end / {
	ended = 1
	print "# by the clock of the machine: " $3 " seconds, of which " $4 " idle"
	next
}

# "Bail out!" from a test must not end the whole run. That test then has no plan, and so fails.
{
	print (/^#/ ? "" : "# ") $0
}

END {
	if (!ended)
		print "Bail out! the machine did not reach the end of the tests"
	print "1.." total + 0
	exit failed || !ended
}
