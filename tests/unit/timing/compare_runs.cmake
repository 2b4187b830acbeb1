# SPDX-License-Identifier: BSD-3-Clause
#
# cmake -DDRIVER=... -P compare_runs.cmake: two processes must print the same
# bytes, as tables and as JSON, and the JSON must be JSON.

foreach(form text json)
	foreach(run first second)
		execute_process(
			COMMAND ${DRIVER} ${form}
			OUTPUT_VARIABLE ${run}
			RESULT_VARIABLE result)
		if(NOT result EQUAL 0)
			message(FATAL_ERROR "${DRIVER} ${form} failed: ${result}")
		endif()
	endforeach()
	if(NOT first STREQUAL second)
		message(FATAL_ERROR "two runs differ (${form}):\n${first}\n${second}")
	endif()
	if(first STREQUAL "")
		message(FATAL_ERROR "${DRIVER} ${form} printed nothing")
	endif()
endforeach()

string(JSON pes LENGTH "${first}" pes)
if(NOT pes EQUAL 6)
	message(FATAL_ERROR "the JSON report has ${pes} PEs instead of 6")
endif()
