# SPDX-License-Identifier: Apache-2.0
# What `make install PREFIX=...` puts where. The files found by pkg-config and find_package work
# out their prefix from their own place, so an installed tree may be moved.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)

install(DIRECTORY "${CMAKE_SOURCE_DIR}/include/skarn" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}"
        FILES_MATCHING PATTERN "*.h")
install(TARGETS skarn LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
install(FILES "${SKARN_OUTPUT_DIR}/libskarn.a" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
if(TARGET skarn_rt_static)
  install(FILES "${SKARN_OUTPUT_DIR}/libskarn_rt.a" DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
if(TARGET skarn_tool)
  install(TARGETS skarn_tool RUNTIME DESTINATION "${CMAKE_INSTALL_BINDIR}")
endif()
if(TARGET skarn_pjrt)
  install(TARGETS skarn_pjrt LIBRARY DESTINATION "${CMAKE_INSTALL_LIBDIR}")
endif()
install(FILES "${CMAKE_SOURCE_DIR}/LICENSE" DESTINATION "${CMAKE_INSTALL_DOCDIR}")

file(RELATIVE_PATH SKARN_PC_PREFIX "/${CMAKE_INSTALL_LIBDIR}/pkgconfig" "/")
string(REGEX REPLACE "/$" "" SKARN_PC_PREFIX "${SKARN_PC_PREFIX}")
configure_file("${CMAKE_SOURCE_DIR}/skarn.pc.in" "${CMAKE_BINARY_DIR}/skarn.pc" @ONLY)
install(FILES "${CMAKE_BINARY_DIR}/skarn.pc" DESTINATION "${CMAKE_INSTALL_LIBDIR}/pkgconfig")

set(package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/skarn")
configure_package_config_file(cmake/skarn-config.cmake.in "${CMAKE_BINARY_DIR}/skarn-config.cmake"
  INSTALL_DESTINATION "${package_dir}"
  PATH_VARS CMAKE_INSTALL_INCLUDEDIR CMAKE_INSTALL_LIBDIR)
write_basic_package_version_file("${CMAKE_BINARY_DIR}/skarn-config-version.cmake"
  COMPATIBILITY SameMinorVersion)
install(FILES "${CMAKE_BINARY_DIR}/skarn-config.cmake" "${CMAKE_BINARY_DIR}/skarn-config-version.cmake"
        DESTINATION "${package_dir}")
