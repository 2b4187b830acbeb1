# SPDX-License-Identifier: BSD-3-Clause
#
# Writes OUT afresh:
#
#	include/    public headers
#	src/        sources and private headers, as they stand below ROOT; generated ones in src/abi
#	src/{model,host}/private_names.h    give internal names a prefix: an archive has no other way to hide them
#	Makefile, CMakeLists.txt, README.md, LICENSE

cmake_minimum_required(VERSION 3.25)

# ---- public headers ----------------------------------------------------------------------------------------------------

# From folder FROM to include/TO.
function(copy_headers from to)
	file(GLOB_RECURSE headers RELATIVE ${from} ${from}/*.h)
	list(FILTER headers EXCLUDE REGEX "(^|/)dispatch\\.h$")
	foreach(header IN LISTS headers)
		get_filename_component(dir ${header} DIRECTORY)
		file(COPY ${from}/${header} DESTINATION ${OUT}/include/${to}/${dir})
	endforeach()
endfunction()

file(REMOVE_RECURSE ${OUT})
copy_headers(${ROOT}/model/include/rmmsim rmmsim)
copy_headers(${ROOT}/host/include/rmmsim rmmsim)
copy_headers(${GENERATED}/rmmsim rmmsim)
copy_headers(${GENERATED}/linux rmmsim/linux)
file(COPY ${ROOT}/abi/include/rmmsim/smc.h DESTINATION ${OUT}/include/rmmsim)
file(COPY ${ROOT}/abi/include/rmmsim/abi/introspect.h DESTINATION ${OUT}/include/rmmsim/abi)

# ---- sources -------------------------------------------------------------------------------------------------------------

foreach(source IN LISTS SOURCES)
	cmake_path(IS_PREFIX GENERATED ${source} NORMALIZE is_generated)
	if(is_generated)
		set(dir abi)
	else()
		file(RELATIVE_PATH dir ${ROOT} ${source})
		get_filename_component(dir ${dir} DIRECTORY)
	endif()
	file(COPY ${source} DESTINATION ${OUT}/src/${dir})
	list(APPEND dirs ${dir})
endforeach()
file(COPY ${GENERATED}/tables.h DESTINATION ${OUT}/src/abi)
file(COPY ${GENERATED}/rmmsim/abi/dispatch.h DESTINATION ${OUT}/src/rmmsim/abi)

# Private headers of the rooms, wherever a source of the room may look for them.
foreach(room model host)
	file(GLOB_RECURSE headers RELATIVE ${ROOT} ${ROOT}/${room}/*.h)
	list(FILTER headers EXCLUDE REGEX "^(model/(include|timing|oracle)|host/(include|cli))/")
	foreach(header IN LISTS headers)
		get_filename_component(dir ${header} DIRECTORY)
		file(COPY ${ROOT}/${header} DESTINATION ${OUT}/src/${dir})
	endforeach()
endforeach()

# ---- names ---------------------------------------------------------------------------------------------------------------

set(public "")
foreach(file IN LISTS PUBLIC)
	file(STRINGS ${file} some)
	list(APPEND public ${some})
endforeach()

# What is global in the archives, but not public.
function(write_private_names header)
	execute_process(COMMAND ${NM} -g --defined-only -P ${ARGN}
		OUTPUT_VARIABLE symbols COMMAND_ERROR_IS_FATAL ANY)
	string(REGEX MATCHALL "[A-Za-z_][A-Za-z_0-9]* [A-TV-Z] " names "${symbols}")
	list(TRANSFORM names REPLACE " .*" "")
	list(REMOVE_ITEM names ${public})
	list(REMOVE_DUPLICATES names)
	list(SORT names)
	list(TRANSFORM names REPLACE "(.+)" "#define \\1 rmmsim_private_\\1")
	list(JOIN names "\n" names)
	file(WRITE ${header} "/* SPDX-License-Identifier: BSD-3-Clause */\n"
		"/* Names that no public header declares, kept apart from those of the program. */\n${names}\n")
endfunction()

write_private_names(${OUT}/src/model/private_names.h ${MODEL_ARCHIVES})
write_private_names(${OUT}/src/host/private_names.h ${HOST_ARCHIVES})

# ---- how to build it -------------------------------------------------------------------------------------------------------

file(COPY ${ROOT}/LICENSE DESTINATION ${OUT})
foreach(file Makefile CMakeLists.txt README.md)
	configure_file(${CMAKE_CURRENT_LIST_DIR}/vendor/${file}.in ${OUT}/${file} @ONLY)
endforeach()
