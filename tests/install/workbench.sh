#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# workbench.sh FOLDER: a test under the workbench, built against the installed tree, does what its options say.

set -euo pipefail

source=$1
read -ra flags < <(pkg-config --cflags --libs rmmhost)
export LD_LIBRARY_PATH=$LIBDIR

# expect STATUS PATTERN COMMAND...
expect()
{
	local wanted=$1 pattern=$2 status=0
	shift 2

	"$@" >output.txt 2>&1 || status=$?
	if ((status != wanted)) || ! grep -q -- "$pattern" output.txt; then
		printf '%s: status %d, wanted %d and "%s":\n' "$*" "$status" "$wanted" "$pattern" >&2
		cat output.txt >&2
		exit 1
	fi
}

"$CC" -std=c11 -Wall -Wextra -Werror -o sound "$source/main.c" "${flags[@]}"
"$CC" -std=c11 -Wall -Wextra -Werror -DLEAK -o leaky "$source/main.c" "${flags[@]}"

expect 0 '0 findings; the test passed' ./sound
expect 0 'usage:' ./sound --help
expect 2 "'--inject' is no option, or its value" ./sound --inject
expect 2 "'--nonsense' is no option" ./sound --nonsense
expect 2 "no version '9.9'" ./sound --version 9.9
expect 2 'no such command' ./sound --inject RMI_NONE=RMI_BUSY
expect 0 'the test passed' ./sound --inject '*/2=RMI_BUSY; poison' --seed 3
expect 0 'the test passed' env RMMSIM_INJECT=RMI_GRANULE_RANGE_DELEGATE=progress:1 ./sound --profile tf-rmm
expect 0 '0 findings, 0 hang, 0 crash' ./sound --exhaustive --every-status
expect 0 '0 findings, 0 hang, 0 crash' ./sound --exhaustive --timeout 0
# Without level 1 GPTs there is nothing that it could delegate.
expect 1 'the test failed' ./sound --host-gpt

expect 0 'the test passed' ./leaky
expect 1 'remedy: RMI_GRANULE_RANGE_UNDELEGATE' ./leaky --inject RMI_REALM_CREATE=RMI_ERROR_INPUT
expect 1 'page-leaked' ./leaky --exhaustive
expect 1 'DELEGATED' ./leaky --inject RMI_REALM_CREATE=RMI_ERROR_INPUT --ledger --backtrace --quiet

# What was recorded is replayed without a difference.
expect 0 'the test passed' ./sound --record sound.log
expect 0 '"unexplained": 0' "$PREFIX/bin/rmmsim" replay --json sound.log
grep -q '^S ' sound.log
