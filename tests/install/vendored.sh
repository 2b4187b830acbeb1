#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# vendored.sh CMAKE BUILD FOLDER PROGRAM: writes the folder, builds it where it was copied to, links a program.

set -euo pipefail

cmake=$1 build=$2 folder=$3 program=$4

"$cmake" --build "$build" --target vendor
rm -rf vendored
mkdir vendored
cp -R "$folder" vendored/rmmsim
cd vendored
"$MAKE" -s -j2 -C rmmsim CC="$CC" CFLAGS="-O0 -Wall -Wextra -Werror"
"$CC" -std=gnu11 -Wall -Wextra -Werror -Irmmsim/include -o program "$program" rmmsim/librmmsim.a -lcrypto -lcbor -ldl
./program
