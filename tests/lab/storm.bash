# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Shared by the lab tests of storms: b50 sends 100,000 ARP frames a second to the probe, or as many as the machine
# can. The kernel's counters tell how many came.

received() {
	echo "$(</sys/class/net/eth0/statistics/rx_packets)"
}

grows_from() { # COUNT FRAMES
	(($(received) > $1 + $2))
}

wait_for_frames() { # FRAMES: that many more
	wait_until grows_from "$(received)" "$1"
}

microseconds() {
	echo "${EPOCHREALTIME/[.,]/}"
}

# Returns once the storm has brought FRAMES. A probe that only listens is unknown to the switch, which would take each
# frame to all ports.
storm_begin() { # FRAMES [VIP]
	on_node switch bridge fdb replace "$(</sys/class/net/eth0/address)" dev probe master static || return
	interruptible ip netns exec b50 "${abs_top_srcdir:?}/tests/lab/arp-storm" 100000 10.77.0.128/25 \
		"$(</sys/class/net/eth0/address)" "${@:2}" >"$TEST_TMP/rate" &
	storm=$!
	wait_for_frames "$1" || return
	storm_us=$(microseconds) storm_frames=$(received)
}

# Fails if the storm was over before. Sets storm_came to the frames that came in a second, and storm_sent to those
# that b50 sent.
storm_end() {
	local frames us
	us=$(($(microseconds) - storm_us)) frames=$(($(received) - storm_frames))
	kill -TERM "$storm"
	wait "$storm" || return
	# shellcheck disable=SC2034 # for the caller
	storm_came=$((frames * 1000000 / us)) storm_sent=$(<"$TEST_TMP/rate")
}
