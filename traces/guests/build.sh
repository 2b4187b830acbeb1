#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# Builds the guests into images/ with Debian's binutils-aarch64-linux-gnu:
#
#	traces/guests/build.sh [FOLDER]
#
# The results are checked in, so that nothing else needs a cross assembler.
# hello is also there as raw bytes.

set -euo pipefail

cd "$(dirname "$(readlink -f "$0")")"
prefix=${CROSS_COMPILE:-aarch64-linux-gnu-}
out=${1:-images}
objects=$(mktemp -d)
trap 'rm -rf "$objects"' EXIT

mkdir -p "$out"
"${prefix}as" -march=armv8.4-a runtime.S -o "$objects/runtime.o"
for source in *.S; do
	name=${source%.S}
	[[ $name == runtime ]] && continue
	"${prefix}as" -march=armv8.4-a "$source" -o "$objects/$name.o"
	"${prefix}ld" -n -s -T guest.ld "$objects/$name.o" "$objects/runtime.o" -o "$out/$name.elf"
done
"${prefix}objcopy" -O binary "$out/hello.elf" "$out/hello.bin"
