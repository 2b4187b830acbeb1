#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Installs what is missing, builds rmmsim and runs it:
#
#	./rmmsim.sh ARGUMENTS...        runs rmmsim ARGUMENTS...
#	./rmmsim.sh test [ctest args]   runs all tests
#	./rmmsim.sh build               builds only
#	./rmmsim.sh help                says this, without installing or building

set -euo pipefail

packages=(
	cmake
	ninja-build
	gcc
	g++
	pkg-config
	libyaml-dev
	libsystemc-dev
	libgtest-dev
	libssl-dev
	libunicorn-dev
	libcbor-dev
)
# Beside these, for tests of what is installed and packaged.
test_packages=(
	make
	dpkg-dev
)
preset=release

die()
{
	printf 'rmmsim.sh: %s\n' "$*" >&2
	exit 1
}

say()
{
	printf 'rmmsim.sh: %s\n' "$*" >&2
}

usage()
{
	cat <<-END
		./rmmsim.sh ARGUMENTS...        installs what is missing, builds, and runs rmmsim ARGUMENTS...
		./rmmsim.sh test [ctest args]   builds and runs all tests
		./rmmsim.sh build               builds only
		./rmmsim.sh help                says this, without installing or building

		Packages it needs (Debian 12): ${packages[*]}
		and for tests: ${test_packages[*]}
		It uses sudo only when it is not root and one of them is missing.
	END
}

# The folder of this script, through any number of symbolic links.
source_dir()
{
	local path=${BASH_SOURCE[0]}
	local target

	while [[ -L $path ]]; do
		target=$(readlink "$path")
		[[ $target == /* ]] || target=$(dirname "$path")/$target
		path=$target
	done
	cd "$(dirname "$path")" && pwd -P
}

root=$(source_dir)
build=$root/build/$preset
log=$root/build/$preset.log
is_configured=1 # as far as packages are concerned

# ---- packages ----------------------------------------------------------------

is_installed()
{
	[[ $(dpkg-query -W -f '${db:Status-Status}' "$1" 2>/dev/null) == installed ]]
}

missing_packages()
{
	local package

	for package in "${packages[@]}"; do
		is_installed "$package" || printf '%s\n' "$package"
	done
}

# What one has to type on other systems: the tools, not the packages, decide.
require_tools()
{
	local tool

	for tool in cmake ninja gcc g++ pkg-config; do
		command -v "$tool" >/dev/null ||
			die "$tool is missing, and this is no Debian system: install the equivalents of" \
				"${packages[*]} and run this again"
	done
}

apt_get()
{
	local -a command=(env DEBIAN_FRONTEND=noninteractive apt-get -o DPkg::Lock::Timeout=120 "$@")

	((EUID == 0)) || command=(sudo "${command[@]}")
	"${command[@]}"
}

install_missing()
{
	local apt_log=$root/build/apt.log
	local -a missing

	if ! command -v dpkg-query >/dev/null || ! command -v apt-get >/dev/null; then
		require_tools
		return
	fi
	mapfile -t missing < <(missing_packages)
	((${#missing[@]} == 0)) && return
	is_configured=
	if ((EUID != 0)) && ! command -v sudo >/dev/null; then
		die "these packages are missing: ${missing[*]}. There is no sudo here: run" \
			"'apt-get install ${missing[*]}' as root, then this again"
	fi
	say "installing ${missing[*]}"
	if ! { apt_get update && apt_get install -y --no-install-recommends "${missing[@]}"; } \
		>"$apt_log" 2>&1; then
		tail -n 20 "$apt_log" >&2
		die "could not install ${missing[*]}: see above, or install them by hand"
	fi
}

# ---- building ----------------------------------------------------------------

# Two invocations take turns; the second finds everything done.
lock()
{
	mkdir -p "$root/build"
	exec 9>"$root/build/.lock"
	if ! flock -n 9; then
		say "another rmmsim.sh is building here: waiting for it"
		flock 9
	fi
}

unlock()
{
	flock -u 9
	exec 9>&-
}

# Quiet, unless it fails. What has just been installed was not there the last time.
configure()
{
	[[ -n $is_configured && -f $build/build.ninja ]] && return
	[[ -t 2 ]] && say "configuring"
	if ! cmake -S "$root" --preset "$preset" >"$log" 2>&1; then
		cat "$log" >&2
		die "the configuration failed: the output is above and in $log"
	fi
}

# Turns Ninja's lines into one status line on a terminal and drops them
# elsewhere. What compilers say goes through.
show_progress()
{
	local line

	while IFS= read -r line; do
		case $line in
		'ninja: '* | '['*'Re-checking globbed'*) ;;
		'['[0-9]*)
			[[ -t 2 ]] && printf '\r\033[Krmmsim.sh: building %.70s' "$line" >&2
			;;
		*)
			[[ -t 2 ]] && printf '\r\033[K' >&2
			printf '%s\n' "$line" >&2
			;;
		esac
	done
	[[ -t 2 ]] && printf '\r\033[K' >&2
	return 0
}

# compile [target]
compile()
{
	NINJA_STATUS='[%f/%t] ' ninja -C "$build" "$@" 2>&1 | show_progress ||
		die "the build failed: the first error is above"
}

# prepare [target]: installs, configures and builds; everything without a target.
prepare()
{
	lock
	install_missing
	configure
	compile "$@"
	unlock
}

# ---- commands ----------------------------------------------------------------

run_tests()
{
	local status=0

	rm -rf "$build/coverage"
	ctest --test-dir "$build" --output-on-failure -j "$(nproc)" "$@" || status=$?
	print_coverage
	return "$status"
}

# Tests leave what they covered, one line a kind, in files of this folder.
print_coverage()
{
	local file

	for file in "$build"/coverage/*.txt; do
		[[ -f $file ]] && cat "$file"
	done
	return 0
}

case ${1-} in
help | -h | --help)
	usage
	;;
build)
	prepare
	;;
test)
	shift
	packages+=("${test_packages[@]}")
	prepare
	run_tests "$@"
	;;
*)
	prepare rmmsim-cli
	exec "$build/host/cli/rmmsim" "$@"
	;;
esac
