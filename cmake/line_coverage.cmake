# SPDX-License-Identifier: BSD-3-Clause
#
# cmake -DSUMMARY=FILE -DSOURCE=DIR -DOUT=FILE -DMIN_LINES=PERCENT -DMIN_BRANCHES=PERCENT -P line_coverage.cmake: from
# gcovr's summary to docs/line-coverage.md; fails when too little is reached.

file(READ ${SUMMARY} json)
string(JSON num_files LENGTH ${json} files)
math(EXPR last "${num_files} - 1")

function(add to key)
	string(JSON value GET ${json} files ${i} ${key})
	math(EXPR sum "${${to}} + ${value}")
	set(${to} ${sum} PARENT_SCOPE)
endfunction()

# Per mille, rounded down.
function(share part whole out)
	set(share 1000)
	if(NOT whole EQUAL 0)
		math(EXPR share "(1000 * ${part}) / ${whole}")
	endif()
	set(${out} ${share} PARENT_SCOPE)
endfunction()

# "97.3 %"
function(percent part whole out)
	share(${part} ${whole} tenths)
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

# ---- what a marker leaves out ---------------------------------------------------------------------------------------

set(exclusions)
file(GLOB_RECURSE sources RELATIVE ${SOURCE} ${SOURCE}/model/*.c ${SOURCE}/model/*.h ${SOURCE}/model/*.cpp
	${SOURCE}/model/*.hpp)
list(SORT sources)
foreach(source IN LISTS sources)
	file(STRINGS ${SOURCE}/${source} marked REGEX "(GCOVR?|LCOV)_EXCL_(LINE|START|BR_LINE|BR_START)")
	foreach(line IN LISTS marked)
		string(REGEX REPLACE ".*_EXCL_[A-Z_]+:? *" "" reason "${line}")
		string(REGEX REPLACE " *\\*/.*" "" reason "${reason}")
		string(APPEND exclusions "- `${source}`: ${reason}\n")
	endforeach()
endforeach()
if(NOT exclusions)
	set(exclusions "Nothing.\n")
endif()

# ---- the page -------------------------------------------------------------------------------------------------------

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

Written by `cmake --workflow --preset coverage`: all tests, with the model not optimised, its handles checked and its lines
counted by gcov. It fails below ${MIN_LINES} % of the lines or ${MIN_BRANCHES} % of the branches
([cmake/Coverage.cmake](../cmake/Coverage.cmake)). Random walks are shorter than in other builds. Not counted are the files
that the generator writes, branches that only a C++ exception takes, and what a marker in the source leaves out, which is
listed below with its reason.

| Room | lines | | branches | |
| --- | --- | --- | --- | --- |
${rows}| **all** | ${all_line_covered} of ${all_line_total} | **${lines}** | ${all_branch_covered} of ${all_branch_total} | **${branches}** |

## Left out by a marker

${exclusions}")

# ---- the check ------------------------------------------------------------------------------------------------------

foreach(kind line branch)
	share(${all_${kind}_covered} ${all_${kind}_total} ${kind}_share)
endforeach()
math(EXPR min_lines "10 * ${MIN_LINES}")
math(EXPR min_branches "10 * ${MIN_BRANCHES}")
if(line_share LESS min_lines OR branch_share LESS min_branches)
	message(FATAL_ERROR "demanded are ${MIN_LINES} % of the lines and ${MIN_BRANCHES} % of the branches")
endif()
