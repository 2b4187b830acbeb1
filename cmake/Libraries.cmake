# SPDX-License-Identifier: BSD-3-Clause
#
# What is installed: librmmsim (ABI and model) and librmmhost (host library, workbench, and the adapter to the model),
# static and shared, made from the objects of the targets of the tree. Both forms export what the public headers
# declare and nothing else: the shared ones by a version script, the static ones since their objects are linked into
# one whose other names are local. A host stack may thus have an rmi_realm_create() of its own.

find_package(OpenSSL REQUIRED COMPONENTS Crypto)
find_package(PkgConfig REQUIRED)
pkg_check_modules(LIBCBOR REQUIRED IMPORTED_TARGET libcbor)
find_program(RMMSIM_AWK awk REQUIRED)

set(rmmsim_lib_dir ${PROJECT_BINARY_DIR}/lib)
set(rmmsim_include_dirs
	${PROJECT_SOURCE_DIR}/abi/include
	${PROJECT_SOURCE_DIR}/model/include
	${PROJECT_SOURCE_DIR}/host/include)
# What the model stands on; the configuration files of the package name the same.
set(rmmsim_needs OpenSSL::Crypto PkgConfig::LIBCBOR ${CMAKE_DL_LIBS})
set(rmmsim_abi_version ${PROJECT_VERSION_MAJOR}.${PROJECT_VERSION_MINOR})

# Headers written by hand, as `#include` names them.
function(rmmsim_written_headers out)
	set(headers "")
	foreach(dir IN LISTS ARGN)
		file(GLOB_RECURSE found RELATIVE ${dir} CONFIGURE_DEPENDS ${dir}/rmmsim/*.h)
		list(APPEND headers ${found})
	endforeach()
	set(${out} ${headers} PARENT_SCOPE)
endfunction()

# Generated headers that can be included together; dispatch.h stands between ABI and model.
function(rmmsim_generated_headers out)
	get_directory_property(headers DIRECTORY ${PROJECT_SOURCE_DIR}/abi DEFINITION abi_headers)
	list(FILTER headers EXCLUDE REGEX "(_plain|_plain_calls|/dispatch)\\.h$")
	list(TRANSFORM headers REPLACE "^${RMM_ABI_GENERATED_DIR}/" "")
	set(${out} ${headers} PARENT_SCOPE)
endfunction()

# rmmsim_public_names(NAME [NODE node] HEADERS header... UNDER folder...): lib/NAME.names, and lib/NAME.map.
function(rmmsim_public_names name)
	cmake_parse_arguments(arg "" "NODE" "HEADERS;UNDER" ${ARGN})
	set(names ${rmmsim_lib_dir}/${name}.names)
	set(map "")
	if(arg_NODE)
		set(map ${rmmsim_lib_dir}/${name}.map)
	endif()
	set(written "")
	foreach(dir IN LISTS rmmsim_include_dirs)
		file(GLOB_RECURSE found CONFIGURE_DEPENDS ${dir}/rmmsim/*.h)
		list(APPEND written ${found})
	endforeach()
	add_custom_command(
		OUTPUT ${names} ${map}
		COMMAND ${CMAKE_COMMAND}
			-DCOMPILER=${CMAKE_C_COMPILER}
			-DAWK=${RMMSIM_AWK}
			"-DHEADERS=${arg_HEADERS}"
			"-DINCLUDE=${RMM_ABI_GENERATED_DIR};${rmmsim_include_dirs}"
			"-DUNDER=${arg_UNDER}"
			-DNAMES=${names}
			-DMAP=${map}
			-DNODE=${arg_NODE}
			-P ${PROJECT_SOURCE_DIR}/cmake/public_names.cmake
		DEPENDS abi-generated ${PROJECT_BINARY_DIR}/abi/generated.stamp ${written}
			${PROJECT_SOURCE_DIR}/host/fail.h ${PROJECT_SOURCE_DIR}/cmake/public_names.cmake ${PROJECT_SOURCE_DIR}/cmake/public_names.awk
		COMMENT "Collecting the names that ${name} exports"
		VERBATIM)
endfunction()

# rmmsim_one_object(OUT NAMES target...): the objects of the targets as one, with only the given names global.
function(rmmsim_one_object out names)
	set(objects "")
	foreach(target IN LISTS ARGN)
		list(APPEND objects $<TARGET_OBJECTS:${target}>)
	endforeach()
	add_custom_command(
		OUTPUT ${out}
		COMMAND ${CMAKE_C_COMPILER} -r -nostdlib -o ${out} ${objects}
		COMMAND ${CMAKE_OBJCOPY} --keep-global-symbols=${names} ${out}
		DEPENDS ${ARGN} ${objects} ${names}
		COMMENT "Hiding internal names of ${ARGN}"
		COMMAND_EXPAND_LISTS
		VERBATIM)
	set_source_files_properties(${out} PROPERTIES EXTERNAL_OBJECT TRUE GENERATED TRUE)
endfunction()

# rmmsim_product_library(target OUTPUT name): what both forms of a library have in common.
function(rmmsim_product_library target name)
	set_target_properties(${target} PROPERTIES
		OUTPUT_NAME ${name}
		LINKER_LANGUAGE C
		ARCHIVE_OUTPUT_DIRECTORY ${rmmsim_lib_dir}
		LIBRARY_OUTPUT_DIRECTORY ${rmmsim_lib_dir})
	target_include_directories(${target} INTERFACE $<INSTALL_INTERFACE:${CMAKE_INSTALL_INCLUDEDIR}>)
	target_compile_features(${target} INTERFACE c_std_11)
endfunction()

# rmmsim_shared_library(target name source-target...)
function(rmmsim_shared_library target name)
	set(map ${rmmsim_lib_dir}/${name}.map)
	set(objects "")
	foreach(source IN LISTS ARGN)
		list(APPEND objects $<TARGET_OBJECTS:${source}>)
	endforeach()
	add_library(${target} SHARED ${objects} ${map})
	rmmsim_product_library(${target} ${name})
	set_target_properties(${target} PROPERTIES
		VERSION ${PROJECT_VERSION}
		SOVERSION ${rmmsim_abi_version}
		LINK_DEPENDS ${map}
		INSTALL_RPATH "$ORIGIN")
	target_link_options(${target} PRIVATE
		-Wl,--version-script=${map} -Wl,-Bsymbolic-functions -Wl,--no-undefined)
endfunction()

# Targets of the tree that make up librmmhost: those that need no model, and those that bring it in.
set(rmmhost_parts rmmhost rmmconduit)
set(rmmhost_model_parts rmmhost_model rmmconduit_model)

# ---- the names -------------------------------------------------------------------------------------------------------

rmmsim_generated_headers(generated_headers)
rmmsim_written_headers(model_headers ${PROJECT_SOURCE_DIR}/model/include)
rmmsim_written_headers(host_headers ${PROJECT_SOURCE_DIR}/host/include)
list(APPEND generated_headers rmmsim/abi/introspect.h rmmsim/smc.h)
set(abi_folders ${RMM_ABI_GENERATED_DIR} ${PROJECT_SOURCE_DIR}/abi/include)

# Beside what is public, what the model needs of the ABI.
rmmsim_public_names(rmmabi
	HEADERS ${generated_headers} rmmsim/abi/dispatch.h
	UNDER ${abi_folders})
rmmsim_public_names(rmmsim NODE RMMSIM_${rmmsim_abi_version}
	HEADERS ${generated_headers} ${model_headers}
	UNDER ${abi_folders} ${PROJECT_SOURCE_DIR}/model/include)
# How a host function fails is shared by the two members of the static library.
rmmsim_public_names(rmmhost_core
	HEADERS ${host_headers} ${PROJECT_SOURCE_DIR}/host/fail.h
	UNDER ${PROJECT_SOURCE_DIR}/host)
rmmsim_public_names(rmmhost NODE RMMHOST_${rmmsim_abi_version}
	HEADERS ${host_headers}
	UNDER ${PROJECT_SOURCE_DIR}/host/include)

# ---- the libraries ---------------------------------------------------------------------------------------------------

if(RMMSIM_STATIC)
	# Two members each: a host that brings no model takes only the first.
	rmmsim_one_object(${rmmsim_lib_dir}/abi.o ${rmmsim_lib_dir}/rmmabi.names rmmabi)
	rmmsim_one_object(${rmmsim_lib_dir}/model.o ${rmmsim_lib_dir}/rmmsim.names rmmsim)
	rmmsim_one_object(${rmmsim_lib_dir}/host.o ${rmmsim_lib_dir}/rmmhost_core.names ${rmmhost_parts})
	rmmsim_one_object(${rmmsim_lib_dir}/host_model.o ${rmmsim_lib_dir}/rmmhost.names
		${rmmhost_model_parts})
	add_library(rmmsim_static STATIC ${rmmsim_lib_dir}/abi.o ${rmmsim_lib_dir}/model.o)
	rmmsim_product_library(rmmsim_static rmmsim)
	target_link_libraries(rmmsim_static PRIVATE ${rmmsim_needs})
	add_library(rmmhost_static STATIC ${rmmsim_lib_dir}/host.o ${rmmsim_lib_dir}/host_model.o)
	rmmsim_product_library(rmmhost_static rmmhost)
	target_link_libraries(rmmhost_static PUBLIC rmmsim_static)
	list(APPEND rmmsim_products rmmsim_static rmmhost_static)
endif()

if(RMMSIM_SHARED)
	rmmsim_shared_library(rmmsim_shared rmmsim rmmabi rmmsim)
	target_link_libraries(rmmsim_shared PRIVATE ${rmmsim_needs})
	rmmsim_shared_library(rmmhost_shared rmmhost ${rmmhost_parts} ${rmmhost_model_parts})
	target_link_libraries(rmmhost_shared PUBLIC rmmsim_shared)
	list(APPEND rmmsim_products rmmsim_shared rmmhost_shared)
endif()
