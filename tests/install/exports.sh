#!/usr/bin/env bash
# SPDX-License-Identifier: BSD-3-Clause
#
# exports.sh shared|static SCANNER: what the libraries define for others is what the installed headers declare,
# no less and no more.

set -euo pipefail

form=$1 scanner=$2
include=$PREFIX/include

# All public headers that can be included together.
headers()
{
	(cd "$include" && find rmmsim -name '*.h' -not -path '*/linux/*' -not -name '*_plain*' | sort)
}

declared()
{
	"$CC" -std=c11 -E -I"$include" all.c | awk -v under="$include" -f "$scanner" | sort -u
}

defined_shared()
{
	nm -D --defined-only "$LIBDIR/librmmsim.so" "$LIBDIR/librmmhost.so" |
		awk 'NF == 3 && $2 != "A" {sub(/@.*/, "", $3); print $3}' | sort -u
}

# Two members of an archive share how a command finds its handler, and how a host function fails.
defined_static()
{
	nm -g --defined-only "$LIBDIR/librmmsim.a" "$LIBDIR/librmmhost.a" |
		awk 'NF == 3 && $3 !~ /^(rmm_fid_|host_fail)/ {print $3}' | sort -u
}

headers | sed 's/.*/#include "&"/' >all.c
declared >declared.txt
"defined_$form" >defined.txt
printf '%d names\n' "$(wc -l <defined.txt)"
diff declared.txt defined.txt

# The compiler's opinion, independent of the scanner.
{
	cat all.c
	printf 'extern const void *const used[];\nconst void *const used[] = {\n'
	sed 's/.*/\t(const void *)\&&,/' defined.txt
	printf '};\n'
} >used.c
"$CC" -std=c11 -Wall -Werror -I"$include" -c -o used.o used.c
