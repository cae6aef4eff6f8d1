# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# What the tests of faults share, on top of audit.bash: a segment with sound servers and with faulty
# ones of several kinds, and audits of it while something goes wrong. Whatever does, no faulty server
# may come out compliant and no sound one a violation; inconclusive is allowed, and counted.
#
# FAULT_RUNS is the number of audits with each fault. The report and the frames of an audit that is
# wrong are left in the directory FAULT_EVIDENCE.

# shellcheck disable=SC2154 # status, output and report are from audit()
: "${FAULT_RUNS:=8}"
: "${FAULT_EVIDENCE:=$abs_top_builddir}"
VIP=10.77.0.100
DIRECTORS='10.77.0.3 10.77.0.4' # those that arpaudit is told of
SOUND='10.77.0.11 10.77.0.12 10.77.0.13 10.77.0.14 10.77.0.15 10.77.0.16'
FAULTY='10.77.0.21 10.77.0.22 10.77.0.23 10.77.0.24 10.77.0.25'
NODES="probe d1 d2 $(echo rs{11..16} rs{21..25} b25 b50)" # those that meet with faults
export FAULT_RUNS FAULT_EVIDENCE VIP DIRECTORS SOUND FAULTY NODES

# b51 is a witness, on a sound port: it takes every claim at once, so that the last one stands.
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

# Audits the segment FAULT_RUNS times: each time BEFORE is run, then BESIDE and the audit together,
# and AFTER when both have ended. Leaves the number of verdicts in $judged, and how many of them were
# not inconclusive in $decided; the number of audits after which the owner is restored, as they say, in
# $restored, and in $astray how often the witness knows otherwise.
fault_audits() { # NAME BEFORE BESIDE AFTER
	local name=$1 before=$2 beside=$3 after=$4 number wrong=0 process
	judged=0 decided=0 restored=0 astray=0
	for ((number = 1; number <= FAULT_RUNS; number++)); do
		# extern_learn: ARP may change it, but the kernel does not collect it when the table, which all
		# namespaces share, gets full.
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
	is "$wrong" 0 "$name: of $FAULT_RUNS audits none has a wrong verdict"
	note "$decided of $judged verdicts are not inconclusive; the owner was restored $restored times" \
		"of $FAULT_RUNS, and $astray times the witness knew otherwise"
}

# A leak that was not heard can't be undone.
check_witness() { # NAME
	[[ $report == *restored=yes* ]] || return
	((++restored))
	[[ $report != *' leaks=0 '* ]] || return
	neighbour_is b51 "$VIP" "$(node_mac "$(active)")" && return
	((++astray))
	keep_evidence "$1" "b51: $(ip -n b51 neighbour show to "$VIP")"
}

# The director that holds the VIP.
active() {
	[[ $(ip -n d1 -o address show to "$VIP") ]] && echo d1 || echo d2
}

verdict_of() { # RIP
	local words
	read -ra words <<<"$(host_line "$1")"
	echo "${words[5]-none}"
}

# Fails, and keeps the evidence, if what the audit says is wrong.
judge_audit() { # NAME
	local rip wrong=''
	[[ $status == [12] ]] || wrong+="status $status"$'\n'
	[[ $report == 'report '*' complete '* ]] || wrong+='no complete report'$'\n'
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
	note "$2"$'\n'"$report"$'\n'"beside: $(<"$TEST_TMP/beside")"$'\n'"see $at.json and $at.pcap"
}

judge() { # RIP EXPECTED
	local verdict
	verdict=$(verdict_of "$1")
	((++judged))
	case $verdict in
	"$2") ((++decided)) ;;
	inconclusive) ;;
	*) wrong+="$1 is no $verdict"$'\n' ;;
	esac
}

# Up to a second: in the midst of an audit, which lasts a little longer.
random_moment() {
	local seconds
	printf -v seconds '0.%03d' $((RANDOM % 1000))
	echo "$seconds"
	sleep "$seconds"
}
