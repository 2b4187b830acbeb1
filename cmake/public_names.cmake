# SPDX-License-Identifier: BSD-3-Clause
#
# What a library exports is what its public headers declare. Writes NAMES, one name a line, and, when NODE is given,
# MAP, a linker version script that exports just these.
#
# HEADERS are included, from INCLUDE; what files below UNDER declare counts. COMPILER and AWK are programs.

cmake_minimum_required(VERSION 3.25)

set(text "")
foreach(header IN LISTS HEADERS)
	string(APPEND text "#include \"${header}\"\n")
endforeach()
file(WRITE ${NAMES}.c "${text}")

list(TRANSFORM INCLUDE PREPEND -I)
list(JOIN UNDER ":" under)
execute_process(COMMAND ${COMPILER} -std=c11 -E ${INCLUDE} ${NAMES}.c
	COMMAND ${AWK} -v under=${under} -f ${CMAKE_CURRENT_LIST_DIR}/public_names.awk
	OUTPUT_VARIABLE names COMMAND_ERROR_IS_FATAL ANY)
string(STRIP "${names}" names)
string(REPLACE "\n" ";" names "${names}")
list(REMOVE_DUPLICATES names)
list(SORT names)
if(NOT names)
	message(FATAL_ERROR "no declaration in ${HEADERS}")
endif()

list(JOIN names "\n" lines)
file(WRITE ${NAMES} "${lines}\n")
if(NODE)
	list(JOIN names ";\n\t" lines)
	file(WRITE ${MAP} "${NODE} {\nglobal:\n\t${lines};\nlocal:\n\t*;\n};\n")
endif()
