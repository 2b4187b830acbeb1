# SPDX-License-Identifier: BSD-3-Clause
#
# A trace whose actors do not disturb each other gives every actor the same
# answers, whether the actors take turns or run on simulated PEs.

function(answers_of_actors out)
	execute_process(COMMAND ${PROGRAM} run ${ARGN} ${TRACE}
		RESULT_VARIABLE status OUTPUT_VARIABLE log ERROR_VARIABLE err TIMEOUT 120)
	if(NOT status EQUAL 0)
		message(FATAL_ERROR "exit status ${status}\n${log}${err}")
	endif()
	# A handle is opaque: who came first decides which one it is.
	string(REGEX REPLACE "handle=0x[0-9a-f]+" "handle" log "${log}")
	foreach(pe 0 1)
		string(REGEX MATCHALL "\n +[0-9]+ pe${pe} [^\n]*(\n          ->[^\n]*)?" lines "${log}")
		list(LENGTH lines count)
		if(count LESS 8)
			message(FATAL_ERROR "only ${count} lines of PE ${pe}\n${log}")
		endif()
		list(APPEND answers ${lines})
	endforeach()
	set(${out} "${answers}" PARENT_SCOPE)
endfunction()

answers_of_actors(untimed)
answers_of_actors(timed --timed)
if(NOT untimed STREQUAL timed)
	message(FATAL_ERROR "the answers differ\n${untimed}\n--- timed\n${timed}")
endif()
