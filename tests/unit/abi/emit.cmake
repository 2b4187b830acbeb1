# SPDX-License-Identifier: BSD-3-Clause
#
# Tests of what the generator makes: the tables and codecs at run time, the numbers in the headers, and that every
# header compiles alone and with all others.

rmm_add_test(abi_emit_test SOURCES description.cpp emit_test.cpp LIBS abigen)
rmm_add_test(abi_calls_test SOURCES calls_test.cpp LIBS rmmabi)
rmm_add_test(abi_known_numbers_test SOURCES known_numbers_test.cpp LIBS rmmabi)
rmm_add_test(abi_introspect_test SOURCES introspect_test.cpp LIBS rmmabi)
rmm_add_test(abi_arguments_test
	SOURCES abi_arguments_test.cpp ../../support/public_functions.cpp
	LIBS rmmabi GTest::gmock)
target_compile_definitions(abi_arguments_test PRIVATE
	ARGUMENTS_TEST="${CMAKE_CURRENT_SOURCE_DIR}/abi_arguments_test.cpp"
	ABI_HEADERS="${PROJECT_SOURCE_DIR}/abi/include")
rmm_add_test(abi_encoding_test SOURCES encoding_test.cpp LIBS rmmabi)

set(abi_header_warnings -Wall -Wextra -Wpedantic -Wconversion -Werror)
set(abi_header_sources ${CMAKE_CURRENT_BINARY_DIR}/headers)

# Writes a C and a C++ file that include the headers, and adds them to the lists of sources.
function(abi_compile_headers name)
	set(text "")
	foreach(header IN LISTS ARGN)
		string(APPEND text "#include \"${header}\"\n")
	endforeach()
	string(APPEND text "\nextern int abi_headers_${name};\nint abi_headers_${name};\n")
	foreach(language c cpp)
		set(source ${abi_header_sources}/${name}.${language})
		file(CONFIGURE OUTPUT ${source} CONTENT "${text}" @ONLY)
		set_property(DIRECTORY APPEND PROPERTY abi_${language}_headers ${source})
	endforeach()
endfunction()

# The test for one version of the headers in the kernel's style.
function(abi_linux_test ns number)
	string(TOUPPER ${ns} upper)
	rmm_add_test(abi_linux_${ns}_test SOURCES linux_names_test.cpp LIBS rmmabi)
	target_include_directories(abi_linux_${ns}_test PRIVATE ${CMAKE_CURRENT_SOURCE_DIR}/linux_shim)
	target_compile_definitions(abi_linux_${ns}_test PRIVATE
		RMM_LINUX_HEADER="linux/${ns}_rmi.h" RMM_PORTABLE_HEADER="rmmsim/abi/${ns}.h"
		RMM_UPPER_NS=${upper}_ RMM_LOWER_NS=${ns}_ RMM_TEST_VERSION=${number} RMM_SUITE=LinuxNames_${ns})
endfunction()

set(abi_portable "")
set(abi_calls "")
foreach(version rmm1_0:10 rmm2_0b0:20 rmm2_0b1:21 rmm2_0b2:22 rmm2_0b3:23)
	string(REPLACE ":" ";" version ${version})
	list(GET version 0 ns)
	list(GET version 1 number)
	foreach(kind "" _calls _plain _plain_calls)
		abi_compile_headers(${ns}${kind} rmmsim/abi/${ns}${kind}.h)
	endforeach()
	list(APPEND abi_portable rmmsim/abi/${ns}.h)
	list(APPEND abi_calls rmmsim/abi/${ns}_calls.h)
	abi_linux_test(${ns} ${number})
endforeach()
foreach(header ids encoding dispatch introspect)
	abi_compile_headers(${header} rmmsim/abi/${header}.h)
endforeach()
abi_compile_headers(smc rmmsim/smc.h)
abi_compile_headers(all_portable ${abi_portable})
abi_compile_headers(all ${abi_calls} rmmsim/abi/encoding.h rmmsim/abi/dispatch.h rmmsim/abi/introspect.h)

foreach(language c cpp)
	get_directory_property(sources abi_${language}_headers)
	add_library(abi_headers_${language} OBJECT ${sources})
	add_dependencies(abi_headers_${language} abi-generated)
	target_compile_options(abi_headers_${language} PRIVATE ${abi_header_warnings})
	target_include_directories(abi_headers_${language} PRIVATE
		$<TARGET_PROPERTY:rmmabi,INTERFACE_INCLUDE_DIRECTORIES>)
endforeach()
set_target_properties(abi_headers_c PROPERTIES C_STANDARD 11 C_STANDARD_REQUIRED ON C_EXTENSIONS OFF)
set_target_properties(abi_headers_cpp PROPERTIES CXX_STANDARD 17 CXX_STANDARD_REQUIRED ON CXX_EXTENSIONS OFF)
