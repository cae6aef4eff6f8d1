# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# A real LVS cluster under keepalived: two directors, d1 and d2. The keepalived on each speaks VRRP with
# the other, configures IPVS and checks the health of the servers. On top of tests/lab/lib.bash, audit.bash
# and lvs.bash.

DIRECTORS=10.77.0.3,10.77.0.4
VIRTUAL_MAC=00:00:5e:00:01:33 # of virtual router 51
# Tests may change these: the lab statements of the directors, the lines of global_defs, and the RIPs in
# IPVS.
DIRECTORS_LAB='director d[1-2] 10.77.0.[3-4] standby'
GLOBAL_DEFS=
SERVERS='10.77.0.11 10.77.0.12 10.77.0.13'
export DIRECTORS DIRECTORS_LAB GLOBAL_DEFS SERVERS VIRTUAL_MAC

need_keepalived() {
	need_command keepalived nft
	need_lvs
}

# pair OPTIONS FUNCTION [ARGUMENT...]: runs the function on the probe of a cluster with d1 as master.
# OPTIONS are lines of the vrrp_instance. Standard input has the statements of the servers rs1, rs2
# and rs3, at 10.77.0.11, .12 and .13, and of any other hosts.
pair() {
	{
		cat <<-LAB
			segment 10.77.0.0/24
			vip $VIP
			probe 10.77.0.1
			bystander c1 10.77.0.50
			$DIRECTORS_LAB
		LAB
		cat
	} >"$TEST_TMP/keepalived.lab"
	# PIDs start from 1 again in each lab, so a pid file must not outlive its lab.
	KEEPALIVED=$(mktemp -d "$TEST_TMP/keepalived.XXXXXX") || return
	export KEEPALIVED
	lab_run "$TEST_TMP/keepalived.lab" in_pair "$@" </dev/null
}

# Starts the servers and directors, waits until the cluster serves, and runs a command.
in_pair() { # OPTIONS COMMAND...
	local node
	for node in d1 d2 rs1 rs2 rs3; do
		serve_page "$node" || return
	done
	if ! { configure d1 150 "$1" && configure d2 100 "$1" && start d1 && start d2 &&
		wait_until or_pause is_master d1 && wait_until or_pause serves_all d1 &&
		wait_until or_pause serves_all d2; }; then
		note "$(tail -n 20 "$KEEPALIVED"/d[12].log)"
		return 1
	fi
	shift
	"$@"
}

# Serves a page on all of the node's addresses; keepalived checks it at the RIP.
serve_page() { # NODE
	mkdir -p "$TEST_TMP/pages/$1" &&
		echo "$1" >"$TEST_TMP/pages/$1/index.html" &&
		on_node "$1" busybox httpd -p 80 -h "$TEST_TMP/pages/$1"
}

configure() { # NODE PRIORITY OPTIONS
	local rip
	{
		cat <<-CONF
			global_defs {
				$GLOBAL_DEFS
			}
			vrrp_instance vip {
				state BACKUP
				interface eth0
				virtual_router_id 51
				priority $2
				advert_int 1
				$3
				virtual_ipaddress {
					$VIP/32
				}
			}
			virtual_server $VIP 80 {
				delay_loop 1
				lb_algo rr
				lb_kind DR
				protocol TCP
		CONF
		for rip in $SERVERS; do
			cat <<-CONF
				real_server $rip 80 {
					HTTP_GET {
						url {
							path /
							status_code 200
						}
						connect_timeout 1
						retry 0
					}
				}
			CONF
		done
		echo '}'
	} >"$KEEPALIVED/$1.conf"
}

start() { # NODE
	local at=$KEEPALIVED/$1
	on_node "$1" keepalived --dont-fork --log-console --log-detail --use-file "$at.conf" \
		--pid "$at.pid" --vrrp_pid "$at.vrrp" --checkers_pid "$at.checkers" >>"$at.log" 2>&1 &
}

# Stops keepalived as systemd does. It resigns with an advertisement of priority 0.
stop() { # NODE
	kill "$(<"$KEEPALIVED/$1.pid")"
}

# Kills keepalived. The VIP on the interface and IPVS remain.
crash() { # NODE
	kill -KILL "$(<"$KEEPALIVED/$1.pid")" "$(<"$KEEPALIVED/$1.vrrp")" "$(<"$KEEPALIVED/$1.checkers")"
}

# For wait_until: in the virtual machine, waiting costs nothing, but each check costs instructions.
or_pause() { # COMMAND...
	"$@" || {
		sleep 0.3
		return 1
	}
}

# The node holds the VIP on an interface other than lo.
is_master() { # NODE
	ip -n "$1" -o address show to "$VIP" | grep -qv '^[0-9]*: lo '
}

is_backup() { # NODE
	! is_master "$1"
}

serves_all() { # NODE
	(($(on_node "$1" ipvsadm -Ln | grep -c '  -> 10') == $(wc -w <<<"$SERVERS")))
}

# deafen: the node no longer hears VRRP. muffle: no other host hears the node's VRRP.
deafen() { # NODE
	on_node "$1" nft -f - <<-'NFT'
		table netdev deaf {
			chain from_segment {
				type filter hook ingress device "eth0" priority 0;
				ip daddr 224.0.0.18 drop
			}
		}
	NFT
}

muffle() { # NODE
	on_node switch nft -f - <<-NFT
		table netdev muffled_$1 {
			chain from_node {
				type filter hook ingress device "$1" priority 0;
				ip daddr 224.0.0.18 drop
			}
		}
	NFT
}

# The probe, and only the probe, no longer hears VRRP.
hide_vrrp() {
	on_node switch nft -f - <<-'NFT'
		table netdev hidden {
			chain to_probe {
				type filter hook egress device "probe" priority 0;
				ip daddr 224.0.0.18 drop
			}
		}
	NFT
}

# The directors no longer hear each other, so d2 becomes master as well.
split() { # HOW
	"$1" d1 && "$1" d2 && wait_until or_pause is_master d2
}

audit_pair() { # ARGUMENT...
	audit -v -o "text:$TEST_TMP/report" --rs 10.77.0.11-13 "$@"
}

# Audits, and runs COMMAND as soon as the audit has asked for the VIP.
audit_while() { # COMMAND ARGUMENT...
	local beside
	capture_start "$TEST_TMP/asked.pcap" "(arp src host 10.77.0.1 and arp dst host $VIP) or vrrp" || return
	{
		wait_until or_pause asked
		"$1"
	} >"$TEST_TMP/beside" 2>&1 &
	beside=$!
	audit_pair "${@:2}"
	wait "$beside"
	capture_stop "$TEST_TMP/asked.pcap"
}

# The audit has asked for the VIP, and the master has advertised since, so arpaudit knows the master.
asked() {
	frames "$TEST_TMP/asked.pcap" | awk '/who-has/ { asked = 1 } asked && /VRRP/ { told = 1 }
		END { exit !told }'
}

# Prints the findings about the VIP, each with its severity.
# shellcheck disable=SC2154 # set by audit
findings() {
	grep "^finding $VIP " <<<"$report" | cut -d ' ' -f 3- | sort | xargs
}

# The client requests the VIP once per page, and must get each page once.
is_served() { # NAME [PAGES]
	local pages
	pages=$(on_node c1 busybox sh -c 'for page in $2; do wget -q -O - "$1" || echo failed; done' sh \
		"http://$VIP/" "${2-rs1 rs2 rs3}" | sort | xargs)
	is "$pages" "${2-rs1 rs2 rs3}" "$1"
}
