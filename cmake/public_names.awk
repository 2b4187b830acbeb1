# SPDX-License-Identifier: BSD-3-Clause
#
# Names of the functions and objects with external linkage that headers declare: reads what the C preprocessor
# makes of them, with its line markers, and prints one name a line. Only what stands in files below the folders in
# `under` (separated by colons) counts.

BEGIN {
	num_folders = split(under, folders, ":")
	depth = 0
	statement = ""
}

function is_wanted(file,    i)
{
	for (i = 1; i <= num_folders; i++)
		if (index(file, folders[i] "/") == 1)
			return 1
	return 0
}

# At file scope, without what stood in braces.
function print_declared(text,    end)
{
	gsub(/__attribute__ *\(\([^()]*(\([^()]*\))*[^()]*\)\)/, "", text)
	gsub(/^[ \t]+/, "", text)
	if (text ~ /^(typedef|static|_Static_assert|struct [A-Za-z_0-9]+ *$|union [A-Za-z_0-9]+ *$|enum [A-Za-z_0-9]* *$|$)/)
		return
	end = index(text, "(")
	if (end > 0)
		text = substr(text, 1, end - 1)
	else if (text !~ /^extern /)
		return
	sub(/\[.*/, "", text)
	gsub(/[ \t]+$/, "", text)
	if (match(text, /[A-Za-z_][A-Za-z_0-9]*$/))
		print substr(text, RSTART)
}

# A brace that closes the body of a function ends the statement, too.
function take(mark)
{
	if (mark == "{") {
		if (depth == 0)
			is_body = statement ~ /\)[ \t]*$/
		depth++
	} else if (mark == "}") {
		depth--
		if (depth == 0 && is_body)
			statement = ""
	} else if (depth == 0) {
		print_declared(statement)
		statement = ""
	}
}

/^# [0-9]+ "/ {
	split($0, parts, "\"")
	wanted = is_wanted(parts[2])
	next
}

/^#/ || !wanted { next }

{
	line = $0
	gsub(/"[^"]*"/, "", line)
	while (match(line, /[{};]/)) {
		at = RSTART
		if (depth == 0)
			statement = statement " " substr(line, 1, at - 1)
		take(substr(line, at, 1))
		line = substr(line, at + 1)
	}
	if (depth == 0)
		statement = statement " " line
}
