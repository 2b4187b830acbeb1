#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# cmake_consumer.sh CMAKE shared|static SOURCE: configures, builds and tests a project that finds rmmsim.

set -euo pipefail

cmake=$1 form=$2 source=$3
static=OFF
[[ $form == static ]] && static=ON

rm -rf build
"$cmake" -S "$source" -B build -DCMAKE_BUILD_TYPE=Debug -DRMMSIM_USE_STATIC=$static
"$cmake" --build build
"${cmake%cmake}ctest" --test-dir build --output-on-failure --no-tests=error
