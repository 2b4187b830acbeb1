#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# install.sh CMAKE BUILD PREFIX: installs afresh.

set -euo pipefail

cmake=$1 build=$2 prefix=$3

rm -rf "$prefix"
"$cmake" --install "$build" --prefix "$prefix"
