# shellcheck shell=bash
# SPDX-License-Identifier: BSD-2-Clause
#
# Builds a virtual machine that boots a kernel of the distribution, with the programs of this system and
# arpaudit. The script that sources this file must set top, and define cannot_run and bail_out: they report
# what is missing and what is broken. Environment variables:
#
#	VM_KERNEL               the package of the kernel, or one that depends on it; "/SUITE" selects
#	                        a suite of Debian, as in linux-image-amd64/bookworm-backports
#	VM_FOLDER               the directory that keeps kernels for the next run
#	VM_MIRROR               the URL of Debian's archive
#
# The default is the cloud kernel of this release, or of Debian stable if this system is not Debian.

# The machine gets the system's own programs, not others from a user's PATH.
PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin

build=${abs_top_builddir:-${top:?}}
arpaudit=${ARPAUDIT:-$build/arpaudit}
package=${VM_KERNEL:-linux-image-cloud-amd64$(grep -qx ID=debian /etc/os-release || echo /stable)}
folder=${VM_FOLDER:-$build/tests/vm/kernels}
kernel=$folder/${package/\//-of-}

# The tools needed here; the programs that the tests use in the machine, where busybox, last in the PATH,
# provides the rest; and the modules that the Python programs import.
tools=(apt-get cpio depmod dpkg-deb ldd qemu-system-x86_64 timeout)
programs=(arptables bash bridge busybox cat cp cut date diff env grep head ip ipvsadm keepalived mkdir mktemp modprobe
	mount nft nsenter ps python3 rm sed setpriv setsid sh sleep sort ss stty sysctl tail tc tcpdump tee unshare)
python_modules='asyncio, collections, ctypes, fcntl, ipaddress, json, mmap, os, random, re, '\
'select, signal, socket, struct, subprocess, sys, time'
# The directories of network-related kernel modules. The kernel loads a module on demand.
module_folders=(net lib crypto arch/x86/crypto drivers/net)

need_tools() {
	local program
	for program in "${tools[@]}" "${programs[@]}"; do
		type -P "$program" >/dev/null ||
			cannot_run "$program is missing; scripts/packages vm installs what is needed"
	done
}

# ---- The kernel --------------------------------------------------------------------------------

# Runs an apt command. For another suite, or if the system has no package lists, it uses lists of its own,
# which do not need root.
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

# The package may be one that only depends on the package of the current version.
unpack_package() {
	local named
	named=$(with_lists apt-cache depends --important "${package%/*}") || return
	named=$(sed -n 's/^ *Depends: \(linux-image-[0-9].*\)/\1/p' <<<"$named")
	with_lists apt-get -q download "${named:-${package%/*}}" && dpkg-deb -x ./*.deb . || return
	[[ -e lib ]] || ln -s usr/lib . # packages since Debian 13 have no lib
}

pack() { # DIRECTORY: prints it as an initramfs
	(cd "$1" && find . -print0 | cpio --quiet --null --create --format=newc --owner=0:0)
}

# Creates vmlinuz, modules.cpio and version in a directory.
make_kernel() { # DIRECTORY
	local version modules from
	cd "$1" && unpack_package && version=$(ls lib/modules) || return
	modules=root/usr/lib/modules/$version
	mkdir -p "$modules/kernel" &&
		cp "lib/modules/$version"/modules.* "$modules" || return
	for from in "${module_folders[@]}"; do
		mkdir -p "$modules/kernel/${from%/*}" &&
			cp -r "lib/modules/$version/kernel/$from" "$modules/kernel/${from%/*}" || return
	done
	# The machine has none of this hardware, and no room for its drivers.
	rm -rf "$modules"/kernel/drivers/net/{can,ethernet,usb,wireless,wwan}
	depmod -b root/usr "$version" && pack root >modules.cpio &&
		mv boot/vmlinuz-* vmlinuz && echo "$version" >version &&
		rm -rf boot etc lib root usr ./*.deb
}

need_kernel() {
	local made
	[[ ! -e $kernel/version ]] || return 0
	mkdir -p "$folder" || bail_out "cannot create $folder"
	made=$(mktemp -d "$folder/new.XXXXXX") || bail_out "cannot create a directory in $folder"
	if ! (make_kernel "$made") >"$folder/log" 2>&1; then
		rm -rf "$made"
		sed 's/^/# /' "$folder/log"
		cannot_run "cannot download or unpack the package $package"
	fi
	# If another process has created it in the meantime, the result is the same.
	mv -T "$made" "$kernel" 2>/dev/null || rm -rf "$made"
}

# ---- The files of the machine ------------------------------------------------------------------

# Prints the libraries that programs load. The loader takes one file at a time; ldd starts several processes
# for each. Both complain about files that are no programs.
libraries_of() { # FILE...
	local file
	for file; do
		[[ $file == *.py?(c) ]] || /lib64/ld-linux-x86-64.so.2 --list "$file" 2>/dev/null
	done | sed -nE 's/^\t(.* => )?(\/[^ ]*) \(0x.*/\2/p' | sort -u
}

# Files have the same paths in the machine as here. Their times are kept, since Python checks a compiled
# file by the modification time of its source.
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
	# The libraries that the nftables version of arptables loads by name.
	mapfile -t -O "${#files[@]}" files < <(compgen -G '/usr/lib/*/xtables/lib*.so')
	# How keepalived was built, without which it does not start since version 2.3.
	mapfile -t -O "${#files[@]}" files < <(compgen -G '/etc/keepalived/keepalived.config-opts')
	mapfile -t libraries < <(libraries_of "${files[@]}" "$arpaudit")
	mkdir -p "$root"/{dev,etc/sysctl.d,proc,run,sys,tmp,usr/{bin,sbin,lib,lib64,busybox}} &&
		ln -s usr/{bin,sbin,lib,lib64} "$root" &&
		install_files "${files[@]}" "${libraries[@]}" &&
		cp "$arpaudit" "$root/usr/sbin/arpaudit" &&
		busybox --install -s "$root/usr/busybox" || return
	# tcpdump switches to its own user, which must exist.
	printf '%s:/:/bin/sh\n' root:x:0:0: tcpdump:x:100:100: >"$root/etc/passwd"
	printf '%s:\n' root:x:0 tcpdump:x:100 >"$root/etc/group"
}

# Installs the tests to run. Without tests, the machine opens a shell on a cluster.
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

# Creates the directory $work with what boot() needs; boot() writes the kernel's messages to $work/console.
# The directory is removed when the shell exits.
make_machine() { # TEST...
	local root
	[[ -x $arpaudit ]] || cannot_run "$arpaudit is missing; build it first"
	need_tools
	need_kernel
	work=$(mktemp -d "${TMPDIR:-/tmp}/arpaudit-vm.XXXXXX") || bail_out 'cannot create a temporary directory'
	# shellcheck disable=SC2064 # expands now on purpose
	trap "rm -rf '$work'" EXIT
	root=$work/root
	{
		install_programs && install_tests "$@" && cat "$kernel/modules.cpio" && pack "$root"
	} >"$work/initramfs" || bail_out 'cannot build the initramfs of the machine'
}

# The machine's first serial line is for the kernel, the second for the tests or the user. QEMU 7.2 may set
# wrong flags after CMPXCHG16B, which crashes the allocator of Linux 6.12, so the CPU has no cx16. It translates
# code for the address where it runs, and so the libraries anew for each process that has them elsewhere, which
# takes most of its time: hence norandmaps.
boot() { # KERNEL_PARAMETER QEMU_OPTION...
	qemu-system-x86_64 -nodefaults -no-user-config -display none -no-reboot \
		-machine pc -accel tcg -cpu qemu64,-cx16 -m 512 -kernel "$kernel/vmlinuz" -initrd "$work/initramfs" \
		-append "console=ttyS0 panic=-1 loglevel=4 norandmaps $1" \
		-serial "file:$work/console" "${@:2}"
}

show_console() {
	tail -n 20 "$work/console" | sed 's/^/# console: /'
}
