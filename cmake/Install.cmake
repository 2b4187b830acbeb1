# SPDX-License-Identifier: BSD-3-Clause
#
# Where the parts go below the prefix.

include(CMakePackageConfigHelpers)

# ---- libraries and headers -------------------------------------------------------------------------------------------

foreach(product IN LISTS rmmsim_products)
	install(TARGETS ${product} EXPORT rmmsim-targets
		ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR}
		LIBRARY DESTINATION ${CMAKE_INSTALL_LIBDIR})
endforeach()

foreach(dir IN ITEMS ${PROJECT_SOURCE_DIR}/model/include ${PROJECT_SOURCE_DIR}/host/include)
	install(DIRECTORY ${dir}/rmmsim DESTINATION ${CMAKE_INSTALL_INCLUDEDIR} FILES_MATCHING PATTERN "*.h")
endforeach()
install(FILES ${PROJECT_SOURCE_DIR}/abi/include/rmmsim/smc.h DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rmmsim)
install(FILES ${PROJECT_SOURCE_DIR}/abi/include/rmmsim/abi/introspect.h
	DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rmmsim/abi)
install(DIRECTORY ${RMM_ABI_GENERATED_DIR}/rmmsim/abi DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rmmsim
	FILES_MATCHING PATTERN "*.h" PATTERN dispatch.h EXCLUDE)
install(DIRECTORY ${RMM_ABI_GENERATED_DIR}/linux DESTINATION ${CMAKE_INSTALL_INCLUDEDIR}/rmmsim
	FILES_MATCHING PATTERN "*.h")

# ---- how others find them --------------------------------------------------------------------------------------------

set(rmmsim_cmake_dir ${CMAKE_INSTALL_LIBDIR}/cmake/rmmsim)
install(EXPORT rmmsim-targets NAMESPACE rmmsim:: DESTINATION ${rmmsim_cmake_dir})
configure_package_config_file(
	${PROJECT_SOURCE_DIR}/cmake/rmmsim-config.cmake.in ${PROJECT_BINARY_DIR}/rmmsim-config.cmake
	INSTALL_DESTINATION ${rmmsim_cmake_dir})
write_basic_package_version_file(${PROJECT_BINARY_DIR}/rmmsim-config-version.cmake
	COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/rmmsim-config.cmake ${PROJECT_BINARY_DIR}/rmmsim-config-version.cmake
	DESTINATION ${rmmsim_cmake_dir})

# The files find their prefix from where they are, so that a tree can be moved.
file(RELATIVE_PATH rmmsim_prefix_from_pc
	/prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" rmmsim_prefix_from_pc "${rmmsim_prefix_from_pc}")
foreach(name rmmsim rmmhost)
	configure_file(${PROJECT_SOURCE_DIR}/cmake/${name}.pc.in ${PROJECT_BINARY_DIR}/${name}.pc @ONLY)
	install(FILES ${PROJECT_BINARY_DIR}/${name}.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
endforeach()

# ---- the command, scenarios, what there is to read -------------------------------------------------------------------

install(TARGETS rmmsim-cli RUNTIME DESTINATION ${CMAKE_INSTALL_BINDIR})
install(DIRECTORY ${PROJECT_SOURCE_DIR}/traces/scenarios DESTINATION ${CMAKE_INSTALL_DATADIR}/rmmsim
	FILES_MATCHING PATTERN "*.yaml")
install(FILES ${RMM_ABI_GENERATED_DIR}/rmm-abi.json DESTINATION ${CMAKE_INSTALL_DATADIR}/rmmsim)
file(GLOB rmmsim_docs CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/docs/*.md)
install(FILES ${PROJECT_SOURCE_DIR}/README.md ${rmmsim_docs} ${RMM_ABI_GENERATED_DIR}/abi-reference.md
	DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(FILES ${PROJECT_SOURCE_DIR}/LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR} RENAME copyright)
