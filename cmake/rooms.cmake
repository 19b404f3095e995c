# SPDX-License-Identifier: Apache-2.0
# Rooms are object libraries; products are groups of rooms.
#
#   libskarn_rt.a      base lib rt api/runtime_*.c      loads and runs saved executables
#   libskarn.a, .so    all rooms                        the above and the compiler
#   libskarn_pjrt.so   all rooms + pjrt                 present once src/pjrt is
#   skarn              tools/*.c on all rooms
#   sk_internal        all rooms, for tests: symbols as the rooms see them
#
# The static libraries that leave this tree are linked into one relocatable object whose hidden
# symbols are made local, so that a host program sees skarn_* and nothing else.

set(SKARN_ROOMS base ir read interp pass loop gen gen_x64 kern lib rt compile)
set(sk_all_objects)
set(sk_rt_objects)

function(skarn_add_room name)
  add_library(sk_${name} OBJECT ${ARGN})
  target_link_libraries(sk_${name} PRIVATE skarn_flags)
endfunction()

foreach(room IN LISTS SKARN_ROOMS)
  string(REPLACE "_" "/" directory "${room}")
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/${directory}/*.c")
  if(sources)
    skarn_add_room(${room} ${sources})
    list(APPEND sk_all_objects $<TARGET_OBJECTS:sk_${room}>)
    if(room MATCHES "^(base|lib|rt)$")
      list(APPEND sk_rt_objects $<TARGET_OBJECTS:sk_${room}>)
    endif()
  endif()
endforeach()

# Loops over rows of matrices: gcc 12 makes vectors of them from here on.
set_source_files_properties(src/lib/lu.c PROPERTIES COMPILE_OPTIONS -O3)

file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/api/*.c")
set(runtime_sources ${sources})
list(FILTER runtime_sources INCLUDE REGEX "/runtime_[^/]*\\.c$")
list(FILTER sources EXCLUDE REGEX "/runtime_[^/]*\\.c$")
if(runtime_sources)
  skarn_add_room(api_runtime ${runtime_sources})
  list(APPEND sk_all_objects $<TARGET_OBJECTS:sk_api_runtime>)
  list(APPEND sk_rt_objects $<TARGET_OBJECTS:sk_api_runtime>)
endif()
if(sources)
  skarn_add_room(api_compile ${sources})
  list(APPEND sk_all_objects $<TARGET_OBJECTS:sk_api_compile>)
endif()

if(NOT sk_all_objects)
  message(FATAL_ERROR "src/ has no sources")
endif()

add_library(sk_internal STATIC ${sk_all_objects})
target_link_libraries(sk_internal INTERFACE skarn_flags skarn_link_flags)
set_target_properties(sk_internal PROPERTIES ARCHIVE_OUTPUT_DIRECTORY "${CMAKE_BINARY_DIR}")

# One relocatable object with local internals, in an archive of its own.
function(skarn_add_archive target archive)
  set(object "${CMAKE_BINARY_DIR}/${archive}.o")
  set(output "${SKARN_OUTPUT_DIR}/lib${archive}.a")
  add_custom_command(
    OUTPUT "${output}"
    COMMAND ${CMAKE_LINKER} -r -o "${object}" ${ARGN}
    COMMAND ${CMAKE_OBJCOPY} --localize-hidden "${object}"
    COMMAND ${CMAKE_COMMAND} -E rm -f "${output}"
    COMMAND ${CMAKE_AR} rcsD "${output}" "${object}"
    DEPENDS ${ARGN}
    COMMENT "Archiving lib${archive}.a"
    COMMAND_EXPAND_LISTS VERBATIM)
  add_custom_target(${target} ALL DEPENDS "${output}")
  add_dependencies(${target} sk_internal)  # make, unlike Ninja, knows no rule for the objects here
endfunction()

skarn_add_archive(skarn_static skarn ${sk_all_objects})
if(sk_rt_objects)
  skarn_add_archive(skarn_rt_static skarn_rt ${sk_rt_objects})
endif()

function(skarn_add_shared target exports)
  add_library(${target} SHARED ${ARGN})
  target_link_libraries(${target} PRIVATE skarn_link_flags)
  set(map "${CMAKE_SOURCE_DIR}/cmake/${exports}.map")
  target_link_options(${target} PRIVATE "-Wl,--version-script=${map}")
  if(NOT SKARN_SANITIZE)
    target_link_options(${target} PRIVATE -Wl,-z,defs)
  endif()
  set_target_properties(${target} PROPERTIES
    LIBRARY_OUTPUT_DIRECTORY "${SKARN_OUTPUT_DIR}" LINKER_LANGUAGE C LINK_DEPENDS "${map}")
endfunction()

skarn_add_shared(skarn skarn ${sk_all_objects})
set_target_properties(skarn PROPERTIES VERSION ${PROJECT_VERSION} SOVERSION ${PROJECT_VERSION_MAJOR})

file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/src/pjrt/*.c")
if(sources)
  skarn_add_room(pjrt ${sources})
  skarn_add_shared(skarn_pjrt pjrt $<TARGET_OBJECTS:sk_pjrt> ${sk_all_objects})
endif()

file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/tools/*.c")
if(sources)
  add_executable(skarn_tool ${sources})
  target_link_libraries(skarn_tool PRIVATE sk_internal)
  set_target_properties(skarn_tool PROPERTIES
    OUTPUT_NAME skarn RUNTIME_OUTPUT_DIRECTORY "${SKARN_OUTPUT_DIR}")
endif()

# What `make` builds: the above and no tests.
add_custom_target(products)
foreach(product IN ITEMS skarn skarn_static skarn_rt_static skarn_pjrt skarn_tool)
  if(TARGET ${product})
    add_dependencies(products ${product})
  endif()
endforeach()
