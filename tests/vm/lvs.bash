# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A real LVS-DR cluster: IPVS on the director d1, three real servers with a page each, and a client, c1,
# that requests the pages. On top of tests/lab/lib.bash and audit.bash.

VIP=10.77.0.100
export VIP

# Skips the whole test if the kernel has no IPVS.
need_lvs() {
	need_command busybox ipvsadm python3 tc
	need_lab
	lab_run - ipvsadm -Ln <<<$'segment 10.77.0.0/24\nvip 10.77.0.100\nprobe 10.77.0.1' \
		>/dev/null 2>&1 || skip_all 'the kernel has no IPVS; make check-vm boots a kernel that has it'
}

# lvs FUNCTION [ARGUMENT...]: runs the function on the probe of a cluster. Standard input has the
# statements of the servers rs1, rs2 and rs3, at 10.77.0.11, .12 and .13, and of any other hosts.
lvs() {
	{
		cat <<-LAB
			segment 10.77.0.0/24
			vip $VIP
			probe 10.77.0.1
			director d1 10.77.0.3
			bystander c1 10.77.0.50
		LAB
		cat
	} >"$TEST_TMP/lvs.lab"
	lab_run "$TEST_TMP/lvs.lab" in_service "$@" </dev/null
}

# Sets up the service and runs a command.
in_service() { # COMMAND...
	local number
	on_node d1 ipvsadm -A -t "$VIP:80" -s rr || return
	for number in 1 2 3; do
		on_node d1 ipvsadm -a -t "$VIP:80" -r "10.77.0.1$number" -g &&
			mkdir -p "$TEST_TMP/pages/rs$number" &&
			echo "rs$number" >"$TEST_TMP/pages/rs$number/index.html" &&
			on_node "rs$number" busybox httpd -p "$VIP:80" -h "$TEST_TMP/pages/rs$number" ||
			return
	done
	"$@"
}

# Prints the number of the client's connections through IPVS, by their entries there.
connections() {
	on_node d1 ipvsadm -Lnc | grep -c "10\.77\.0\.50:[0-9]* *$VIP:80"
}

# Makes the client request the page a number of times. Sets $pages to what it got, such as "3 rs1 3 rs2",
# and $counted to the number of these requests that went through IPVS.
# shellcheck disable=SC2034 # for the caller
browse() { # TIMES
	local before i
	before=$(connections)
	pages=$(for ((i = 0; i < $1; i++)); do
		on_node c1 busybox wget -q -O - "http://$VIP/" || echo failed
	done | sort | uniq -c | xargs)
	counted=$(($(connections) - before))
}

# Prints the remedies for a host as the text report has them, including the indentation.
remedies() { # RIP, with the report on standard input
	awk -v rip="$1," '
		/^[^ ]/ { mine = $2 == rip; remedy = 0 }
		mine && remedy && /^        / { print }
		mine && /^    remedy:/ { remedy = 1 }'
}

# Pastes commands into a shell on a node, which gets its own /etc/sysctl.d.
paste_on() { # NODE COMMANDS
	mkdir -p "$TEST_TMP/sysctl.d-$1"
	on_node "$1" unshare -m sh -c 'mount --bind "$1" /etc/sysctl.d && exec sh' sh \
		"$TEST_TMP/sysctl.d-$1" <<<"$2"
}
