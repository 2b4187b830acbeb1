#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# tutorial.sh DOCUMENT: does what a tutorial says. The comment before a block says what the block is:
#
#	<!-- file: NAME -->     the content of a file
#	<!-- edit: NAME -->     a change of a file: lines with '-', '+' and ' ' in front
#	<!-- run -->            commands, which succeed
#	<!-- run: fails -->     commands, the last of which does not
#	<!-- output -->         lines that the commands before it have printed, in this order
#
# Other blocks are for the reader alone.

set -euo pipefail

document=$1
output=
counted=0

fail()
{
	printf '%s: line %d: %s\n' "$document" "$line_number" "$1" >&2
	printf '%s\n' "---- the block:" "$block" "---- the output before it:" "$output" >&2
	exit 1
}

# Lines of a change that begin with one of two marks, without them.
side()
{
	printf '%s' "$block" | sed -n "s/^[ $1]//p"
}

edit()
{
	local content old new

	content=$(<"$1")
	old=$(side -)
	new=$(side +)
	[[ $content == *"$old"* ]] || fail "$1 has no such lines"
	printf '%s\n' "${content/"$old"/"$new"}" >"$1"
}

# In this shell, since commands may set variables.
run()
{
	local status=0

	set +e
	eval "$block" >output.txt 2>&1
	status=$?
	set -e
	output=$(<output.txt)
	if [[ $1 == fails ]]; then
		((status != 0)) || fail "this should have failed"
	else
		((status == 0)) || fail "this has failed with status $status"
	fi
}

expect()
{
	local rest=$output
	local line

	while IFS= read -r line; do
		[[ $rest == *"$line"* ]] || fail "not printed: $line"
		rest=${rest#*"$line"}
	done <<<"${block%$'\n'}"
}

use_block()
{
	case $kind in
	'file: '*) printf '%s' "$block" >"${kind#file: }" ;;
	'edit: '*) edit "${kind#edit: }" ;;
	run) run succeeds ;;
	'run: fails') run fails ;;
	output) expect ;;
	'') return ;;
	*) fail "no such kind of block: $kind" ;;
	esac
	counted=$((counted + 1))
}

rm -rf work
mkdir work
cd work
kind=
block=
inside=false
line_number=0
while IFS= read -r line; do
	line_number=$((line_number + 1))
	if [[ $line == '```'* ]]; then
		if $inside; then
			use_block
			kind=
			block=
			inside=false
		else
			inside=true
		fi
	elif $inside; then
		block+=$line$'\n'
	elif [[ $line =~ ^'<!-- '(.*)' -->'$ ]]; then
		kind=${BASH_REMATCH[1]}
	fi
done <"$document"
printf '%d blocks\n' "$counted"
((counted > 0))
