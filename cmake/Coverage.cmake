# SPDX-License-Identifier: BSD-3-Clause
#
# coverage-report: runs the tests of a build with RMMSIM_COVERAGE and says which lines and branches of model/ they reach,
# per room, in docs/line-coverage.md; fails below the shares demanded here. Needs gcovr (Debian: gcovr). All of it, from
# nothing:
#
#	cmake --workflow --preset coverage

set(coverage_min_lines 95)    # percent
set(coverage_min_branches 90)

find_program(RMM_GCOVR gcovr)
string(REGEX MATCH "^[0-9]+" gcc_major "${CMAKE_C_COMPILER_VERSION}")
find_program(RMM_GCOV NAMES gcov-${gcc_major} gcov)
if(NOT RMM_GCOVR OR NOT RMM_GCOV)
	add_custom_target(coverage-report
		COMMAND ${CMAKE_COMMAND} -E echo "coverage-report needs gcov and gcovr (Debian: gcovr), then configure again"
		COMMAND ${CMAKE_COMMAND} -E false)
	return()
endif()

include(ProcessorCount)
ProcessorCount(coverage_jobs)
if(coverage_jobs EQUAL 0)
	set(coverage_jobs 1)
endif()

set(coverage_summary ${CMAKE_BINARY_DIR}/line-coverage.json)
set(coverage_pages ${CMAKE_BINARY_DIR}/line-coverage)
add_custom_target(coverage-report
	# Counters are those of this run alone.
	COMMAND find ${CMAKE_BINARY_DIR} -name *.gcda -delete
	COMMAND ${CMAKE_CTEST_COMMAND} --test-dir ${CMAKE_BINARY_DIR} --output-on-failure --progress -j ${coverage_jobs}
	COMMAND ${CMAKE_COMMAND} -E make_directory ${coverage_pages}
	# What is generated lies in the build folder, which the filter leaves out.
	COMMAND ${RMM_GCOVR} --root ${CMAKE_SOURCE_DIR} --filter ${CMAKE_SOURCE_DIR}/model/ --gcov-executable ${RMM_GCOV}
		--exclude-throw-branches --json-summary ${coverage_summary} --html-details ${coverage_pages}/index.html
		${CMAKE_BINARY_DIR}
	COMMAND ${CMAKE_COMMAND} -DSUMMARY=${coverage_summary} -DSOURCE=${CMAKE_SOURCE_DIR}
		-DOUT=${CMAKE_SOURCE_DIR}/docs/line-coverage.md -DMIN_LINES=${coverage_min_lines}
		-DMIN_BRANCHES=${coverage_min_branches} -P ${CMAKE_SOURCE_DIR}/cmake/line_coverage.cmake
	COMMENT "Running the tests with gcov counters"
	USES_TERMINAL
	VERBATIM)
