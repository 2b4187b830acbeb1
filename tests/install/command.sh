#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# The installed command plays the installed scenarios, from any folder.

set -euo pipefail

count=0
for scenario in "$PREFIX"/share/rmmsim/scenarios/*.yaml; do
	"$PREFIX/bin/rmmsim" run --quiet "$scenario"
	count=$((count + 1))
done
printf '%d scenarios\n' "$count"
((count > 0))
"$PREFIX/bin/rmmsim" explain RMI_RTT_CREATE_RTT_WALK
