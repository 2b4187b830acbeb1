#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# headers.sh SHIM: every installed header can be included first and alone, in C and in C++; those in the manner of the
# kernel with the few headers of the kernel that they name.

set -euo pipefail

shim=$1
include=$PREFIX/include
count=0

alone()
{
	local header=$1
	shift
	printf '#include "%s"\n' "$header" >alone.c
	"$@" -Wall -Wextra -Werror -fsyntax-only -I"$include" alone.c
}


while IFS= read -r header; do
	case $header in
	rmmsim/linux/*)
		alone "$header" "$CC" -std=gnu11 -I"$shim"
		;;
	*)
		alone "$header" "$CC" -std=c11
		alone "$header" "$CXX" -std=c++17 -x c++
		;;
	esac
	count=$((count + 1))
done < <(cd "$include" && find rmmsim -name '*.h' | sort)
printf '%d headers\n' "$count"
((count > 20))
