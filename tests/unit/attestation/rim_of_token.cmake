# SPDX-License-Identifier: BSD-3-Clause
#
# What `rmmsim rim` predicts is what the token of the realm says.
execute_process(COMMAND ${PROGRAM} rim ${ARGS} RESULT_VARIABLE status OUTPUT_VARIABLE rim
	OUTPUT_STRIP_TRAILING_WHITESPACE)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "rmmsim rim: exit status ${status}")
endif()
execute_process(COMMAND ${PROGRAM} token ${TOKEN} --rim ${rim} RESULT_VARIABLE status OUTPUT_VARIABLE out)
if(NOT status EQUAL 0)
	message(FATAL_ERROR "predicted ${rim}\n${out}")
endif()
