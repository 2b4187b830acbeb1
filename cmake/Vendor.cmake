# SPDX-License-Identifier: BSD-3-Clause
#
# Target vendor: the libraries as one folder to copy into another project, with what is generated, built by a
# Makefile or a CMakeLists.txt of a few lines. It needs a C compiler, OpenSSL and libcbor, and runs no generator.

set(RMMSIM_VENDOR_DIR ${PROJECT_BINARY_DIR}/rmmsim-vendored CACHE PATH "Where the target vendor writes")

# The sources of a target, by their full names.
function(rmmsim_sources_of out)
	set(all "")
	foreach(target IN LISTS ARGN)
		get_target_property(sources ${target} SOURCES)
		get_target_property(dir ${target} SOURCE_DIR)
		foreach(source IN LISTS sources)
			if(source MATCHES "\\.c$")
				cmake_path(ABSOLUTE_PATH source BASE_DIRECTORY ${dir} NORMALIZE)
				list(APPEND all ${source})
			endif()
		endforeach()
	endforeach()
	set(${out} ${all} PARENT_SCOPE)
endfunction()

set(vendored_host ${rmmhost_parts} ${rmmhost_model_parts})
set(vendored rmmabi rmmsim ${vendored_host})
rmmsim_sources_of(vendored_sources ${vendored})
list(TRANSFORM vendored_host REPLACE "(.+)" "$<TARGET_FILE:\\1>" OUTPUT_VARIABLE vendored_host_archives)

add_custom_target(vendor
	COMMAND ${CMAKE_COMMAND}
		-DROOT=${PROJECT_SOURCE_DIR}
		-DGENERATED=${RMM_ABI_GENERATED_DIR}
		-DVERSION=${PROJECT_VERSION}
		"-DSOURCES=${vendored_sources}"
		"-DMODEL_ARCHIVES=$<TARGET_FILE:rmmabi>;$<TARGET_FILE:rmmsim>"
		"-DHOST_ARCHIVES=${vendored_host_archives}"
		"-DPUBLIC=${rmmsim_lib_dir}/rmmsim.names;${rmmsim_lib_dir}/rmmhost.names"
		-DNM=${CMAKE_NM}
		-DOUT=${RMMSIM_VENDOR_DIR}
		-P ${PROJECT_SOURCE_DIR}/cmake/vendor.cmake
	DEPENDS ${vendored} ${rmmsim_lib_dir}/rmmsim.names ${rmmsim_lib_dir}/rmmhost.names
	COMMENT "Writing ${RMMSIM_VENDOR_DIR}"
	VERBATIM)
