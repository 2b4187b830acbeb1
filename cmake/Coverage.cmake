# SPDX-License-Identifier: BSD-3-Clause
#
# coverage-report: runs the tests of a build with RMMSIM_COVERAGE and says which lines and branches of model/ they reach,
# per room, in docs/line-coverage.md. Needs gcovr (Debian: gcovr).
#
#	cmake --preset coverage && cmake --build --preset coverage && cmake --build build/coverage --target coverage-report

find_program(RMM_GCOVR gcovr)
find_program(RMM_GCOV NAMES gcov-${CMAKE_C_COMPILER_VERSION_MAJOR} gcov)
if(NOT RMM_GCOVR OR NOT RMM_GCOV)
	message(STATUS "no gcovr or no gcov: there will be no target coverage-report")
	return()
endif()

set(coverage_summary ${CMAKE_BINARY_DIR}/line-coverage.json)
add_custom_target(coverage-report
	# Counters are those of this run alone.
	COMMAND find ${CMAKE_BINARY_DIR} -name *.gcda -delete
	COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${CMAKE_BINARY_DIR} --output-on-failure -j 2
		-E "^\\(install\\\\.|package\\)"
	COMMAND ${RMM_GCOVR} --root ${CMAKE_SOURCE_DIR} --filter ${CMAKE_SOURCE_DIR}/model/ --gcov-executable ${RMM_GCOV}
		--exclude-throw-branches --exclude-unreachable-branches --json-summary ${coverage_summary}
		--html-details ${CMAKE_BINARY_DIR}/line-coverage.html ${CMAKE_BINARY_DIR}
	COMMAND ${CMAKE_COMMAND} -DSUMMARY=${coverage_summary} -DOUT=${CMAKE_SOURCE_DIR}/docs/line-coverage.md
		-P ${CMAKE_SOURCE_DIR}/cmake/line_coverage.cmake
	COMMENT "Running the tests with gcov counters"
	VERBATIM)
