# SPDX-License-Identifier: BSD-3-Clause
execute_process(COMMAND ${PROGRAM} ${ARGS}
	RESULT_VARIABLE status OUTPUT_VARIABLE out ERROR_VARIABLE err TIMEOUT 120)
if(NOT status STREQUAL STATUS)
	message(FATAL_ERROR "exit status ${status}, expected ${STATUS}\n${out}${err}")
endif()
if(NOT "${out}${err}" MATCHES "${PATTERN}")
	message(FATAL_ERROR "no '${PATTERN}' in\n${out}${err}")
endif()
