# SPDX-License-Identifier: BSD-3-Clause
#
# A Debian package of everything that is installed: `cpack -G DEB` in the build directory.

find_program(RMMSIM_SHLIBDEPS dpkg-shlibdeps)
mark_as_advanced(RMMSIM_SHLIBDEPS)

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME rmmsim)
set(CPACK_PACKAGE_VENDOR rmmsim)
set(CPACK_PACKAGE_CONTACT "the rmmsim developers")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
# A64 guests; the module that uses it is loaded when it is there.
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "libunicorn2")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "pkg-config, libgtest-dev, libssl-dev, libcbor-dev")
set(CPACK_DEBIAN_PACKAGE_GENERATE_SHLIBS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR}/lib)
# Without it the package would depend on nothing, and CPack says so.
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
include(CPack)
