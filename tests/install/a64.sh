#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# a64.sh SOURCE: the module for A64 guests is found by programs that are linked with the installed library, also when
# the tree was moved.

set -euo pipefail

source=$1
unset RMMSIM_A64_MODULE
read -ra flags < <(pkg-config --cflags --libs rmmsim)
"$CC" -std=c11 -Wall -Wextra -Werror -o program "$source" "${flags[@]}"
LD_LIBRARY_PATH=$LIBDIR ./program

rm -rf moved
cp -r "$PREFIX" moved
LD_LIBRARY_PATH=$PWD/moved/${LIBDIR#"$PREFIX"/} ./program
# Nothing but the moved tree was needed.
LD_LIBRARY_PATH=$PWD/moved/${LIBDIR#"$PREFIX"/} LD_DEBUG=files ./program >files.txt 2>&1
grep -q "$PWD/moved.*rmmsim-a64.so" files.txt
