# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Shared by the lab tests. A test sources this file, requires the lab, runs its functions on segments,
# and ends with done_testing:
#
#	. "${abs_top_srcdir:?}/tests/lab/lib.bash"
#	need_lab
#
#	leaks() {                       # runs on the probe of the segment below
#		capture_start "$TEST_TMP/leak.pcap"
#		run "$ARPAUDIT" --vip 10.77.0.100 --rs 10.77.0.12
#		capture_stop "$TEST_TMP/leak.pcap"
#		is "$status" 1 'a server that answers for the VIP is a violation'
#		like "$output" "$(node_mac rs2)" 'the report names its MAC'
#	}
#	lab_run "$EXAMPLES/broken.lab" leaks
#	done_testing
#
# pass, is, like and the other tests work in the test script, in its subshells and inside the lab. A
# function that runs in the lab or on a node sees only exported variables.

set -u -o pipefail
# The system's programs come first: it has the modules of Python that scripts/packages installs, and a
# user's own python3 may be a wrapper (pyenv) that takes ten times as long to start.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:$PATH

: "${abs_top_srcdir:=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)}"
: "${abs_top_builddir:=$abs_top_srcdir}"
: "${ARPAUDIT:=$abs_top_builddir/arpaudit}" # the program under test
LAB=$abs_top_srcdir/scripts/lab
EXAMPLES=$abs_top_srcdir/scripts/examples
# The test's own directory, removed when the test ends.
TEST_TMP=$(mktemp -d "${TMPDIR:-/tmp}/arpaudit-test.XXXXXX") || exit
exec {TAP_FD}>&1 # so that a test inside $(...) also reports to the harness
export abs_top_srcdir abs_top_builddir ARPAUDIT LAB EXAMPLES TEST_TMP TAP_FD

# A call that the sandbox forbids kills the program, so that no test takes it for an ordinary failure.
: "${ARPAUDIT_SECCOMP=kill}"
export ARPAUDIT_SECCOMP

# How long to wait for an event that must come. The limit ends hangs; it does not measure performance.
: "${WAIT_SECONDS:=30}"
export WAIT_SECONDS

# ---- Test results (TAP) ------------------------------------------------------------------------

# The counts are in files, because tests in the lab run in other processes.
echo 0 >"$TEST_TMP/.count"
echo 0 >"$TEST_TMP/.failed"
trap finish_test EXIT

add_one() { # FILE: prints the new value
	local value
	value=$(($(<"$1") + 1))
	echo "$value" | tee "$1"
}

note() { # TEXT...: prints a diagnostic of one or more lines
	printf '# %s\n' "${*//$'\n'/$'\n# '}" >&"$TAP_FD"
}

pass() { # NAME
	printf 'ok %d - %s\n' "$(add_one "$TEST_TMP/.count")" "${1//#/\\#}" >&"$TAP_FD"
}

fail() { # NAME [DIAGNOSTIC...]
	printf 'not ok %d - %s\n' "$(add_one "$TEST_TMP/.count")" "${1//#/\\#}" >&"$TAP_FD"
	add_one "$TEST_TMP/.failed" >/dev/null
	shift
	local line
	for line; do
		note "$line"
	done
	return 1
}

skip() { # NAME REASON: counts as one test
	printf 'ok %d - %s # SKIP %s\n' "$(add_one "$TEST_TMP/.count")" "${1//#/\\#}" "$2" >&"$TAP_FD"
}

is() { # GOT EXPECTED NAME
	if [[ $1 == "$2" ]]; then
		pass "$3"
	else
		fail "$3" "got:      $1" "expected: $2"
	fi
}

like() { # GOT REGULAR-EXPRESSION NAME
	if [[ $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3" "got:            $1" "does not match: $2"
	fi
}

unlike() { # GOT REGULAR-EXPRESSION NAME
	if [[ ! $1 =~ $2 ]]; then
		pass "$3"
	else
		fail "$3" "got:     $1" "matches: $2"
	fi
}

# The output of the command goes to a file. A pipe would also wait for processes that the command
# leaves in the background.
succeeds() { # NAME COMMAND...
	local name=$1
	shift
	if "$@" >"$TEST_TMP/.said" 2>&1; then
		pass "$name"
	else
		fail "$name" "status $? from: $*" "$(<"$TEST_TMP/.said")"
	fi
}

fails() { # NAME COMMAND...
	local name=$1
	shift
	if ! "$@" >"$TEST_TMP/.said" 2>&1; then
		pass "$name"
	else
		fail "$name" "no failure from: $*" "$(<"$TEST_TMP/.said")"
	fi
}

# Runs a command. Leaves its exit status in $status, its output in $output and its standard error in
# $errors.
# shellcheck disable=SC2034 # for the caller
run() { # COMMAND...
	"$@" >"$TEST_TMP/.output" 2>"$TEST_TMP/.errors"
	status=$?
	output=$(<"$TEST_TMP/.output")
	errors=$(<"$TEST_TMP/.errors")
}

skip_all() { # REASON
	printf '1..0 # SKIP %s\n' "$1" >&"$TAP_FD"
	touch "$TEST_TMP/.done"
	exit 0
}

bail_out() { # REASON
	printf 'Bail out! %s\n' "$1" >&"$TAP_FD"
	touch "$TEST_TMP/.done"
	exit 1
}

done_testing() {
	printf '1..%d\n' "$(<"$TEST_TMP/.count")" >&"$TAP_FD"
	touch "$TEST_TMP/.done"
	[[ $(<"$TEST_TMP/.failed") == 0 ]]
	exit
}

finish_test() {
	local status=$?
	if [[ ! -e $TEST_TMP/.done ]]; then
		printf 'Bail out! the test ended early, with status %d\n' "$status" >&"$TAP_FD"
		((status != 0)) || status=1
	fi
	rm -rf "$TEST_TMP"
	exit "$status"
}

# ---- What a test needs -------------------------------------------------------------------------

need_command() { # COMMAND...
	local command
	for command; do
		type -P "$command" >/dev/null || skip_all "needs $command"
	done
}

# Skips the whole test if the lab cannot run. With ARPAUDIT_REQUIRE_LAB=1 the test fails instead, so
# that no test is skipped unnoticed.
need_lab() {
	local reason
	need_command setpriv
	reason=$(lab_run - true 2>&1 <<<$'segment 10.77.0.0/24\nvip 10.77.0.100\nprobe 10.77.0.1') && return
	if (($? != 3)) || [[ ${ARPAUDIT_REQUIRE_LAB-0} == 1 ]]; then
		bail_out "the lab cannot run: ${reason//$'\n'/; }"
	fi
	skip_all "${reason//$'\n'/; }"
}

# ---- Running things in the lab -----------------------------------------------------------------

# Runs a command or a function of this shell on the probe of the segment that FILE describes (- is
# standard input). Returns the status of the command. A function must run to its end: otherwise its
# remaining tests would be missing unnoticed.
lab_run() { # FILE COMMAND...
	local file=$1 words status
	shift
	rm -f "$TEST_TMP/.ended"
	if is_function "$1"; then
		as_words to_the_end "$@"
	else
		as_words "$@"
	fi
	# If the test is killed, its lab ends too.
	setpriv --pdeathsig TERM "$LAB" run "$file" -- "${words[@]}"
	status=$?
	if is_function "$1" && [[ ! -e $TEST_TMP/.ended ]]; then
		fail "$1 runs to its end" "status $status"
	fi
	return "$status"
}

to_the_end() { # FUNCTION ARGUMENT...
	local status
	"$@"
	status=$?
	touch "$TEST_TMP/.ended"
	return "$status"
}

is_function() { # NAME
	[[ $(type -t -- "$1") == function ]]
}

# Runs a command or a function of this shell on a node. Works only inside the lab.
on_node() { # NODE COMMAND...
	local node=$1 words
	shift
	as_words "$@"
	ip netns exec "$node" "${words[@]}"
}

# Sets `words` to a command that other programs can start. A new shell runs a function of this one.
as_words() { # COMMAND...
	local functions
	words=("$@")
	is_function "$1" || return 0
	mapfile -t functions < <(compgen -A function)
	export -f "${functions[@]}"
	# shellcheck disable=SC2016 # the new shell expands it
	words=(bash -u -o pipefail -c '"$@"' bash "$@")
}

# Polls until a command succeeds. Fails, with a note, if it never does.
wait_until() { # COMMAND...
	local end=$((SECONDS + WAIT_SECONDS))
	until "$@" >/dev/null 2>&1; do
		if ((SECONDS >= end)); then
			note "still failing after $WAIT_SECONDS seconds: $*"
			return 1
		fi
		sleep 0.02
	done
}

# Bash lets its background jobs ignore SIGINT and SIGQUIT. "interruptible COMMAND &" does not.
interruptible() { # COMMAND...
	exec env --default-signal=INT,QUIT "$@"
}

# ---- Querying and changing nodes ---------------------------------------------------------------

node_ip() { # NODE [INTERFACE]: prints the node's own address
	local address
	address=$(ip -n "$1" -4 -o address show dev "${2-eth0}") || return
	[[ $address =~ inet\ ([0-9.]+) ]] && echo "${BASH_REMATCH[1]}"
}

node_mac() { # NODE [INTERFACE]
	local link
	link=$(ip -n "$1" -o link show dev "${2-eth0}") || return
	[[ $link =~ link/ether\ ([0-9a-f:]+) ]] && echo "${BASH_REMATCH[1]}"
}

# Prints the MAC that a node's ARP cache has for an address. Fails and prints nothing if there is none.
neighbour() { # NODE ADDRESS
	local entry
	entry=$(ip -n "$1" neighbour show to "$2") || return
	[[ $entry =~ lladdr\ ([0-9a-f:]+) ]] && echo "${BASH_REMATCH[1]}"
}

neighbour_is() { # NODE ADDRESS MAC
	[[ $(neighbour "$1" "$2") == "$3" ]]
}

forget() { # NODE ADDRESS
	ip -n "$1" neighbour flush to "$2"
}

# Makes a node resolve an address again, by a datagram to the discard port. Prints the MAC.
resolve() { # NODE ADDRESS
	forget "$1" "$2"
	ip netns exec "$1" bash -c "echo >/dev/udp/$2/9" 2>/dev/null
	wait_until neighbour "$1" "$2" && neighbour "$1" "$2"
}

# Accepts and closes TCP connections on a node until the lab ends.
serve() { # NODE ADDRESS PORT
	local ready=$TEST_TMP/serve-$1-$2-$3
	ip netns exec "$1" python3 -I - "$2" "$3" "$ready" <<-'EOF' >/dev/null &
		import socket, sys
		listener = socket.create_server((sys.argv[1], int(sys.argv[2])))
		open(sys.argv[3], "w").close()
		while True:
		    listener.accept()[0].close()
	EOF
	wait_until test -e "$ready"
	rm -f "$ready"
}

# Makes the switch drop PERCENT of the frames from and to a node, at random, on the node's port. A frame
# that is dropped on its way into the switch is lost for all hosts. Needs Linux 5.16.
lose() { # NODE PERCENT
	local chance="numgen random mod 100 < $2"
	(($2 < 100)) || chance='' # nft refuses a condition that is always true
	ip netns exec switch nft -f - <<-EOF
		table netdev loss_${1//-/_} {
			chain from_node {
				type filter hook ingress device "$1" priority 0;
				$chance drop
			}
			chain to_node {
				type filter hook egress device "$1" priority 0;
				$chance drop
			}
		}
	EOF
}

# Makes the switch duplicate half of the frames to a node, at random.
double() { # NODE
	ip netns exec switch nft -f - <<-EOF
		table netdev twice_${1//-/_} {
			chain to_node {
				type filter hook egress device "$1" priority 0;
				meta mark 0 numgen random mod 100 < 50 meta mark set 1 dup to "$1"
			}
		}
	EOF
}

# ---- Watching the segment ----------------------------------------------------------------------

# Captures every frame on the segment once, until capture_stop FILE. When this returns, the capture has
# begun and FILE can be read.
capture_start() { # FILE [FILTER]
	rm -f "$1"
	ip netns exec switch "$abs_top_srcdir/tests/lab/capture" br0 "$@" 2>"$1.log" >/dev/null &
	echo $! >"$1.pid"
	wait_until test -s "$1" && return
	note "$(<"$1.log")"
	return 1
}

# Ends a capture once it holds all frames sent so far. Fails if the capture lost any.
capture_stop() { # FILE
	kill -TERM "$(<"$1.pid")" || return
	wait_until grep -q ' lost$' "$1.log" || return
	grep -q ' 0 lost$' "$1.log" && return
	note "the capture $1 is incomplete: $(<"$1.log")"
	return 1
}

# Prints a capture, one frame per line: time, MACs and content. As root, tcpdump may insist on becoming
# another user. A user namespace with only root has no other user, so tcpdump must run as nobody there.
frames() { # FILE [FILTER]
	local as=()
	[[ $(</proc/self/setgroups) != deny || $EUID != 0 ]] || as=(unshare --user)
	"${as[@]}" tcpdump -ttenr "$1" ${2+"$2"} 2>/dev/null
}

count_frames() { # FILE [FILTER]
	frames "$@" | wc -l
}

# Prints the frames that bind an address to a MAC: every ARP frame with that address as SPA.
claims() { # FILE ADDRESS
	frames "$1" "arp src host $2"
}
