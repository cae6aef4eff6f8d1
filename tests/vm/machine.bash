# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Makes a virtual machine that boots a kernel of the distribution's, with the programs of this system
# and arpaudit. Who sources it has set top and arpaudit, and has cannot_run and bail_out, which say
# what is missing, and what is broken. From the environment:
#
#	VM_KERNEL               the package of the kernel, or one that depends on it; with "/SUITE",
#	                        of a suite of Debian's, as in linux-image-amd64/bookworm-backports
#	VM_FOLDER               where kernels are kept for the next time
#	VM_MIRROR               where Debian's archive is
#
# Unless told otherwise that is the kernel for clouds: that of this release, or of Debian's stable one
# where this is no Debian.

# The system's own programs go into the machine, not those that a user has put before them.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin

build=${abs_top_builddir:-${top:?}}
arpaudit=${ARPAUDIT:-$build/arpaudit}
package=${VM_KERNEL:-linux-image-cloud-amd64$(grep -qx ID=debian /etc/os-release || echo /stable)}
folder=${VM_FOLDER:-$build/tests/vm/kernels}
kernel=$folder/${package/\//-of-}

# What this needs; what the tests use in the machine, where busybox has the rest, last in the PATH;
# and what their Python programs import.
tools=(apt-get cpio depmod dpkg-deb ldd qemu-system-x86_64 timeout)
programs=(arptables bash bridge busybox cat cp cut date diff env grep head ip ipvsadm keepalived mkdir mktemp modprobe
	mount nft nsenter ps python3 rm sed setpriv setsid sh sleep sort ss stty sysctl tail tc tcpdump tee unshare)
python_modules='asyncio, collections, ctypes, fcntl, ipaddress, json, mmap, os, random, re, '\
'select, signal, socket, struct, subprocess, sys, time'
# The modules of the kernel that have to do with networks; it loads what it is asked for.
module_folders=(net lib crypto arch/x86/crypto drivers/net)

need_tools() {
	local program
	for program in "${tools[@]}" "${programs[@]}"; do
		type -P "$program" >/dev/null ||
			cannot_run "there is no $program; scripts/packages vm installs what is needed"
	done
}

# ---- The kernel --------------------------------------------------------------------------------

# Runs a command of apt; for another suite, or where the system has no lists of packages, with lists
# of its own. They take no root.
with_lists() { # COMMAND ARGUMENT...
	local suite=lists own
	if [[ $package == */* ]]; then
		suite=${package#*/}
	elif "$@"; then
		return
	fi
	own=(-o "Dir::State::lists=$folder/$suite" -o "Dir::Cache=$folder/$suite" -o APT::Sandbox::User=)
	mkdir -p "$folder/$suite/partial" || return
	if [[ $package == */* ]]; then
		echo "deb [signed-by=/usr/share/keyrings/debian-archive-keyring.gpg]" \
			"${VM_MIRROR:-http://deb.debian.org/debian} $suite main" >"$folder/$suite.list" ||
			return
		own+=(-o "Dir::Etc::SourceList=$folder/$suite.list" -o Dir::Etc::SourceParts=-)
	fi
	apt-get "${own[@]}" -q update && "$1" "${own[@]}" "${@:2}"
}

# A package may only name the one of the current version.
unpack_package() {
	local named
	named=$(with_lists apt-cache depends --important "${package%/*}") || return
	named=$(sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' <<<"$named")
	with_lists apt-get -q download "${named:-${package%/*}}" && dpkg-deb -x ./*.deb . || return
	[[ -e lib ]] || ln -s usr/lib . # as of Debian 13
}

pack() { # FOLDER: as an initramfs
	(cd "$1" && find . -print0 | cpio --quiet --null --create --format=newc --owner=0:0)
}

# Makes vmlinuz, modules.cpio and version.
make_kernel() { # WHERE
	local version modules from
	cd "$1" && unpack_package && version=$(ls lib/modules) || return
	modules=root/usr/lib/modules/$version
	mkdir -p "$modules/kernel" &&
		cp "lib/modules/$version"/modules.* "$modules" || return
	for from in "${module_folders[@]}"; do
		mkdir -p "$modules/kernel/${from%/*}" &&
			cp -r "lib/modules/$version/kernel/$from" "$modules/kernel/${from%/*}" || return
	done
	# The machine has no such hardware, and no room for its drivers.
	rm -rf "$modules"/kernel/drivers/net/{can,ethernet,usb,wireless,wwan}
	depmod -b root/usr "$version" && pack root >modules.cpio &&
		mv boot/vmlinuz-* vmlinuz && echo "$version" >version &&
		rm -rf boot etc lib root usr ./*.deb
}

need_kernel() {
	local made
	[[ ! -e $kernel/version ]] || return 0
	mkdir -p "$folder" || bail_out "no $folder can be made"
	made=$(mktemp -d "$folder/new.XXXXXX") || bail_out "nothing can be made in $folder"
	if ! (make_kernel "$made") >"$folder/log" 2>&1; then
		rm -rf "$made"
		sed 's/^/# /' "$folder/log"
		cannot_run "the package $package cannot be had"
	fi
	# Whoever else has made it meanwhile has made the same.
	mv -T "$made" "$kernel" 2>/dev/null || rm -rf "$made"
}

# ---- The files of the machine ------------------------------------------------------------------

# The libraries that programs load. ldd complains of what is no program.
libraries_of() { # FILE...
	ldd "$@" 2>/dev/null | sed -nE 's/^\t(.* => )?(\/[^ ]*) \(0x.*/\2/p'
}

# Files have the places there that they have here. Python believes in what it has compiled by the
# time of the source.
install_files() { # FILE...
	printf '%s\n' "$@" | sort -u | cpio --quiet --pass-through --make-directories \
		--preserve-modification-time --dereference "$root"
}

python_files() {
	python3 -I -c "import $python_modules
for module in list(sys.modules.values()):
	for file in getattr(module, '__file__', None), getattr(module, '__cached__', None):
		if file and os.path.exists(file):
			print(file)"
}

install_programs() {
	local files libraries
	mapfile -t files < <(type -P "${programs[@]}")
	mapfile -t -O "${#files[@]}" files < <(python_files)
	# What arptables loads by name, where it is that of nftables.
	mapfile -t -O "${#files[@]}" files < <(compgen -G '/usr/lib/*/xtables/lib*.so')
	mapfile -t libraries < <(libraries_of "${files[@]}" "$arpaudit")
	mkdir -p "$root"/{dev,etc/sysctl.d,proc,run,sys,tmp,usr/{bin,sbin,lib,lib64,busybox}} &&
		ln -s usr/{bin,sbin,lib,lib64} "$root" &&
		install_files "${files[@]}" "${libraries[@]}" &&
		cp "$arpaudit" "$root/usr/sbin/arpaudit" &&
		busybox --install -s "$root/usr/busybox" || return
	# tcpdump becomes another user, as on any machine.
	printf '%s:/:/bin/sh\n' root:x:0:0: tcpdump:x:100:100: >"$root/etc/passwd"
	printf '%s:\n' root:x:0 tcpdump:x:100 >"$root/etc/group"
}

# What the machine is to do: run the tests, or, if there are none, give a shell on a cluster.
install_tests() { # TEST...
	local there=$root/arpaudit
	mkdir -p "$there/tests/sim" &&
		cp -r "$top/scripts" "$there" &&
		cp -r "$top"/tests/{lab,vm} "$there/tests" &&
		cp "$top/tests/sim/rules.cases" "$there/tests/sim" &&
		cp "$top/tests/vm/init" "$root" &&
		{ (($# == 0)) || printf '%s\n' "$@" >"$there/tests/list"; } &&
		chmod -R u+w "$root"
}

# ---- The machine -------------------------------------------------------------------------------

# Leaves in $work what make_machine() is to boot, and the kernel's own words in $work/console. The
# folder goes when the shell does.
make_machine() { # TEST...
	local root
	[[ -x $arpaudit ]] || cannot_run "there is no $arpaudit; build it first"
	need_tools
	need_kernel
	work=$(mktemp -d "${TMPDIR:-/tmp}/arpaudit-vm.XXXXXX") || bail_out 'no temporary folder'
	# shellcheck disable=SC2064 # the folder of now
	trap "rm -rf '$work'" EXIT
	root=$work/root
	{
		install_programs && install_tests "$@" && cat "$kernel/modules.cpio" && pack "$root"
	} >"$work/initramfs" || bail_out 'the files of the machine cannot be put together'
}

# The machine's first serial line is the kernel's, the second one the tests' or the user's. QEMU 7.2
# may leave wrong flags behind a CMPXCHG16B, of which Linux 6.12's allocator dies: it does without.
boot() { # KERNEL_PARAMETER QEMU_OPTION...
	qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-machine pc -accel tcg -cpu qemu64,-cx16 -m 512 -kernel "$kernel/vmlinuz" -initrd "$work/initramfs" \
		-append "console=ttyS0 panic=-1 loglevel=4 $1" \
		-serial "file:$work/console" "${@:2}"
}

show_console() {
	tail -n 20 "$work/console" | sed 's/^/# console: /'
}
