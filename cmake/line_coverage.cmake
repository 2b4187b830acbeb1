# SPDX-License-Identifier: BSD-3-Clause
#
# cmake -DSUMMARY=FILE -DOUT=FILE -P line_coverage.cmake: from gcovr's summary to docs/line-coverage.md.

file(READ ${SUMMARY} json)
string(JSON num_files LENGTH ${json} files)
math(EXPR last "${num_files} - 1")

function(add to key)
	string(JSON value GET ${json} files ${i} ${key})
	math(EXPR sum "${${to}} + ${value}")
	set(${to} ${sum} PARENT_SCOPE)
endfunction()

# "97.3 %"
function(percent part whole out)
	if(whole EQUAL 0)
		set(${out} "-" PARENT_SCOPE)
		return()
	endif()
	math(EXPR tenths "(1000 * ${part}) / ${whole}")
	math(EXPR integer "${tenths} / 10")
	math(EXPR fraction "${tenths} % 10")
	set(${out} "${integer}.${fraction} %" PARENT_SCOPE)
endfunction()

set(keys line_total line_covered branch_total branch_covered)
foreach(i RANGE ${last})
	string(JSON name GET ${json} files ${i} filename)
	get_filename_component(room ${name} DIRECTORY)
	list(APPEND rooms ${room})
	foreach(key IN LISTS keys)
		if(NOT DEFINED ${room}_${key})
			set(${room}_${key} 0)
		endif()
		if(NOT DEFINED all_${key})
			set(all_${key} 0)
		endif()
		add(${room}_${key} ${key})
		add(all_${key} ${key})
	endforeach()
endforeach()
list(REMOVE_DUPLICATES rooms)
list(SORT rooms)

set(rows)
foreach(room IN LISTS rooms)
	percent(${${room}_line_covered} ${${room}_line_total} lines)
	percent(${${room}_branch_covered} ${${room}_branch_total} branches)
	string(APPEND rows "| ${room} | ${${room}_line_covered} of ${${room}_line_total} | ${lines} | "
		"${${room}_branch_covered} of ${${room}_branch_total} | ${branches} |\n")
endforeach()
percent(${all_line_covered} ${all_line_total} lines)
percent(${all_branch_covered} ${all_branch_total} branches)
message("line coverage of model/: ${all_line_covered} of ${all_line_total} (${lines})")
message("branch coverage of model/: ${all_branch_covered} of ${all_branch_total} (${branches})")

file(WRITE ${OUT} "# Lines and branches of the model that tests reach

Written by the target `coverage-report` of a build with the preset `coverage` (gcov, not optimised): it runs all tests but those
of installed packages. Branches that only an exception takes are left out, nothing else is.

| Room | lines | | branches | |
| --- | --- | --- | --- | --- |
${rows}| **all** | ${all_line_covered} of ${all_line_total} | **${lines}** | ${all_branch_covered} of ${all_branch_total} | **${branches}** |
")
