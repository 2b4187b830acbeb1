#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# make.sh shared|static FOLDER: compiles the C files of FOLDER as pkg-config says, and runs the program.

set -euo pipefail

form=$1 source=$2
flags=(-std=gnu11 -O1 -Wall -Wextra -Wstrict-prototypes -Werror)
read -ra includes < <(pkg-config --cflags rmmhost)
read -ra libs < <(pkg-config --libs rmmhost)

if [[ $form == static ]]; then
	read -ra libs < <(pkg-config --static --libs rmmhost)
	# Both forms are installed, and -l takes the shared one first.
	libs=("${libs[@]/-lrmmhost/-l:librmmhost.a}")
	libs=("${libs[@]/-lrmmsim/-l:librmmsim.a}")
fi
if [[ -d $source/shim ]]; then
	flags+=("-I$source/shim")
fi

"$CC" "${flags[@]}" "${includes[@]}" -o program "$source"/*.c "${libs[@]}"
LD_LIBRARY_PATH=$LIBDIR ./program
