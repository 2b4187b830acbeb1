#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# package.sh CPACK BUILD: the package is built, depends on what it needs, and what is in it runs.

set -euo pipefail

cpack=$1 build=$2
out=$PWD/package

fail()
{
	printf '%s\n' "$*" >&2
	exit 1
}

contains()
{
	[[ -e $out/root/usr/$1 ]] || fail "the package has no usr/$1"
}

rm -rf "$out"
"$cpack" -G DEB --config "$build/CPackConfig.cmake" -B "$out"
deb=$(echo "$out"/rmmsim_*.deb)
dpkg-deb --info "$deb"
[[ $(dpkg-deb --field "$deb" Package) == rmmsim ]] || fail "it has another name"
[[ $(dpkg-deb --field "$deb" Depends) == *libssl* ]] || fail "it does not depend on OpenSSL"

[[ $(dpkg-deb --field "$deb" Recommends) == *libunicorn2* ]] || fail "it does not recommend Unicorn"

dpkg-deb --extract "$deb" "$out/root"
contains bin/rmmsim
contains include/rmmsim/system.h
contains share/rmmsim/scenarios/realm-lifecycle.yaml
contains share/doc/rmmsim/copyright
"$out/root/usr/bin/rmmsim" --version
"$out/root/usr/bin/rmmsim" run --quiet "$out/root/usr/share/rmmsim/scenarios/realm-lifecycle.yaml"
