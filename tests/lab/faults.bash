# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Shared by the fault tests, on top of audit.bash: a segment with healthy servers and several kinds of
# faulty ones, and audits of it while something goes wrong. Whatever goes wrong, no faulty server may be
# compliant and no healthy server a violation. Inconclusive is allowed, and counted.
#
# FAULT_RUNS is the number of audits with each fault. If an audit is wrong, its report and its frames
# are kept in the directory FAULT_EVIDENCE.

# shellcheck disable=SC2154 # audit() sets status, output and report
: "${FAULT_RUNS:=8}"
: "${FAULT_EVIDENCE:=$abs_top_builddir}"
VIP=10.77.0.100
DIRECTORS='10.77.0.3 10.77.0.4' # the directors that arpaudit is given
SOUND='10.77.0.11 10.77.0.12 10.77.0.13 10.77.0.14 10.77.0.15 10.77.0.16'
FAULTY='10.77.0.21 10.77.0.22 10.77.0.23 10.77.0.24 10.77.0.25'
NODES="probe d1 d2 $(echo rs{11..16} rs{21..25} b25 b50)" # the nodes that faults may affect
export FAULT_RUNS FAULT_EVIDENCE VIP DIRECTORS SOUND FAULTY NODES

# b51 is a witness, on a port without faults. Its cache takes every claim at once, so it shows the last
# one.
fault_lab() { # COMMAND...: runs it on the segment
	lab_run - "$@" <<-'EOF'
		segment 10.77.0.0/24
		vip 10.77.0.100
		probe 10.77.0.1
		director d1 10.77.0.3
		director d2 10.77.0.4 standby
		server rs[11-16] 10.77.0.[11-16]
		server rs21 10.77.0.21 arp_ignore=0
		server rs22 10.77.0.22 arp_announce=0
		server rs23 10.77.0.23 arp_ignore=3 arp_announce=1
		server rs24 10.77.0.24 vip-on=eth0
		server rs25 10.77.0.25
		bystander b25 10.77.0.25 mac=02:00:00:00:00:25
		bystander b50 10.77.0.50
		bystander b51 10.77.0.51 sysctl:net.ipv4.neigh.eth0.locktime=0
	EOF
}

# Audits the segment FAULT_RUNS times. Each time it runs BEFORE, then BESIDE during the audit, and AFTER
# when both have ended. Sets these totals:
#
#	judged          verdicts
#	decided         verdicts other than inconclusive
#	restored        audits that report the owner as restored
#	astray          the ones of these after which the witness's cache has another MAC
fault_audits() { # NAME BEFORE BESIDE AFTER
	local name=$1 before=$2 beside=$3 after=$4 number wrong=0 process
	judged=0 decided=0 restored=0 astray=0
	for ((number = 1; number <= FAULT_RUNS; number++)); do
		# With extern_learn, ARP can change the entry, but the kernel does not collect it when the table,
		# which all namespaces share, is full.
		ip -n b51 neighbour replace "$VIP" lladdr "$(node_mac "$(active)")" dev eth0 \
			nud stale extern_learn
		"$before"
		"$beside" >"$TEST_TMP/beside" 2>&1 &
		process=$!
		audit --vip "$VIP" --rs 10.77.0.11-16,10.77.0.21-25 ${DIRECTORS:+-d "${DIRECTORS// /,}"} \
			--evidence "$TEST_TMP/audit.pcap"
		wait "$process"
		check_witness "${name//[^a-z0-9]/-}-$number"
		"$after"
		judge_audit "${name//[^a-z0-9]/-}-$number" || ((++wrong))
	done
	is "$wrong" 0 "$name: none of $FAULT_RUNS audits has a wrong verdict"
	note "$decided of $judged verdicts are decided; $restored of $FAULT_RUNS audits restored the owner;" \
		"the witness had another MAC after $astray of these"
}

# A leak that was not heard cannot be undone, so it does not count.
check_witness() { # NAME
	[[ $report == *restored=yes* ]] || return
	((++restored))
	[[ $report != *' leaks=0 '* ]] || return
	neighbour_is b51 "$VIP" "$(node_mac "$(active)")" && return
	((++astray))
	keep_evidence "$1" "b51: $(ip -n b51 neighbour show to "$VIP")"
}

# Prints the director that holds the VIP.
active() {
	[[ $(ip -n d1 -o address show to "$VIP") ]] && echo d1 || echo d2
}

verdict_of() { # RIP
	local words
	read -ra words <<<"$(host_line "$1")"
	echo "${words[5]-none}"
}

# Keeps the evidence and fails if the audit is wrong.
judge_audit() { # NAME
	local rip wrong=''
	[[ $status == [12] ]] || wrong+="status $status"$'\n'
	[[ $report == 'report '*' complete '* ]] || wrong+='the report is not complete'$'\n'
	for rip in $DIRECTORS $SOUND; do
		judge "$rip" compliant
	done
	for rip in $FAULTY; do
		judge "$rip" violation
	done
	[[ $wrong ]] || return 0
	keep_evidence "$1" "$wrong"
	return 1
}

keep_evidence() { # NAME WHY
	local at=$FAULT_EVIDENCE/$1
	printf '%s\n' "$output" >"$at.json"
	cp "$TEST_TMP/audit.pcap" "$at.pcap"
	note "$2"$'\n'"$report"$'\n'"during the audit: $(<"$TEST_TMP/beside")"$'\n'"see $at.json and $at.pcap"
}

judge() { # RIP EXPECTED
	local verdict
	verdict=$(verdict_of "$1")
	((++judged))
	case $verdict in
	"$2") ((++decided)) ;;
	inconclusive) ;;
	*) wrong+="$1 is $verdict, not $2"$'\n' ;;
	esac
}

# Waits for up to a second, so that the moment falls into the audit, which takes a little longer.
random_moment() {
	local seconds
	printf -v seconds '0.%03d' $((RANDOM % 1000))
	echo "$seconds"
	sleep "$seconds"
}
