# SPDX-License-Identifier: Apache-2.0
# Everything ctest runs. A file dropped into one of these directories is a test; no list to edit.
#
#   tests/unit/NAME.c         cmocka program on all rooms; NAME_slow.c stays out of `make check`
#   tests/support/*.c         helpers linked into every test program
#   tests/emu/*.c             x86 emulator (Zydis) for code this machine cannot execute;
#   tests/emu/test_*.c        its own tests, and those that run generated code on it
#   tests/pjrt/test_*.c       cmocka programs on all rooms and the plugin, its table called directly;
#                             other files there are linked into each
#   tests/gen/hlo_*.c         generator of random programs; gen_programs runs them on every executor
#   tests/link/rt_NAME.c      program on libskarn_rt.a and public headers alone
#   tests/link/so_NAME.c      program on libskarn.so and public headers alone
#   tests/fuzz/NAME.c         LLVMFuzzerTestOneInput; replays tests/fuzz/corpus/NAME here, and is
#                             a libFuzzer program where SKARN_FUZZ is on
#   tests/sweep/NAME.c        exhaustive programs, built and run by `make sweep` only
#   tests/lit                 text in, text out (lit and filecheck from build/venv)
#   tests/python tests/jax    pytest; tests/jax/libraries has a runner of its own
#   bench/NAME.c              measuring programs, built by target `bench_programs`
#
# A program gets cmocka, MPFR, Zydis or the emulator when it includes their header. Where such a
# library is not installed the test is left out with a message: scripts/install_deps.sh brings it.
# Labels: house unit slow emu gen link fuzz lit python install.

set(test_dir "${CMAKE_SOURCE_DIR}/tests")
set(test_bin "${CMAKE_BINARY_DIR}/tests")
# Not SKARN_*: those configure the product, and the command line warns of any it does not know.
set(test_env
  "SK_TEST_SOURCE_DIR=${CMAKE_SOURCE_DIR}"
  "SK_TEST_BUILD_DIR=${SKARN_OUTPUT_DIR}"
  "SK_TEST_BIN=${SKARN_OUTPUT_DIR}/skarn"
  "SK_TEST_SANITIZE=${SKARN_SANITIZE}"
  "ASAN_OPTIONS=detect_stack_use_after_return=1:strict_string_checks=1:allocator_may_return_null=1"
  "UBSAN_OPTIONS=print_stacktrace=1"
  "TSAN_OPTIONS=second_deadlock_stack=1")

function(skarn_find_library name header library)
  find_path(SKARN_${name}_INCLUDE "${header}")
  find_library(SKARN_${name}_LIBRARY "${library}")
  mark_as_advanced(SKARN_${name}_INCLUDE SKARN_${name}_LIBRARY)
  if(SKARN_${name}_INCLUDE AND SKARN_${name}_LIBRARY)
    add_library(ext_${name} INTERFACE)
    target_include_directories(ext_${name} SYSTEM INTERFACE "${SKARN_${name}_INCLUDE}")
    target_link_libraries(ext_${name} INTERFACE "${SKARN_${name}_LIBRARY}")
  endif()
endfunction()
skarn_find_library(cmocka cmocka.h cmocka)
skarn_find_library(mpfr mpfr.h mpfr)
skarn_find_library(zydis Zydis/Zydis.h Zydis)

file(GLOB support_sources CONFIGURE_DEPENDS "${test_dir}/support/*.c")
if(support_sources)
  add_library(sk_test_support STATIC ${support_sources})
  target_include_directories(sk_test_support PUBLIC "${test_dir}")
  target_link_libraries(sk_test_support PUBLIC sk_internal)
endif()

# Which outside libraries a source asks for by its includes; `missing` names those not installed.
function(skarn_outside_libraries out_libraries out_missing)
  set(libraries)
  set(missing)
  foreach(source IN LISTS ARGN)
    file(STRINGS "${source}" lines REGEX "^#include [<\"](cmocka\\.h|mpfr\\.h|Zydis/|emu/)")
    foreach(name IN ITEMS cmocka mpfr zydis emu)
      if(lines MATCHES "[<\"](cmocka\\.h)" AND name STREQUAL "cmocka"
         OR lines MATCHES "[<\"](mpfr\\.h)" AND name STREQUAL "mpfr"
         OR lines MATCHES "[<\"](Zydis/)" AND name STREQUAL "zydis"
         OR lines MATCHES "[<\"](emu/)" AND name STREQUAL "emu")
        if(TARGET ext_${name})
          list(APPEND libraries ext_${name})
        else()
          list(APPEND missing ${name})
        endif()
      endif()
    endforeach()
  endforeach()
  list(REMOVE_DUPLICATES libraries)
  list(REMOVE_DUPLICATES missing)
  set(${out_libraries} "${libraries}" PARENT_SCOPE)
  set(${out_missing} "${missing}" PARENT_SCOPE)
endfunction()

# A program on all rooms. Sets ${target}_built in the caller.
function(skarn_add_program target source)
  set(${target}_built FALSE PARENT_SCOPE)
  skarn_outside_libraries(libraries missing ${source})
  if(missing)
    message(STATUS "Left out: ${target} (not installed: ${missing})")
    return()
  endif()
  add_executable(${target} ${source} ${ARGN})
  target_include_directories(${target} PRIVATE "${test_dir}")
  target_link_libraries(${target} PRIVATE
    ${libraries} $<TARGET_NAME_IF_EXISTS:sk_test_support> sk_internal)
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${test_bin}")
  set(${target}_built TRUE PARENT_SCOPE)
endfunction()

function(skarn_add_test name labels timeout)
  add_test(NAME ${name} COMMAND ${ARGN} WORKING_DIRECTORY "${CMAKE_SOURCE_DIR}")
  set_tests_properties(${name} PROPERTIES
    LABELS "${labels}" TIMEOUT ${timeout} ENVIRONMENT "${test_env}" SKIP_RETURN_CODE 77)
endfunction()

# --- Unit tests, and the emulator they may use ---
file(GLOB emu_sources CONFIGURE_DEPENDS "${test_dir}/emu/*.c")
set(emu_tests ${emu_sources})
list(FILTER emu_tests INCLUDE REGEX "/test_[^/]*\\.c$")
list(FILTER emu_sources EXCLUDE REGEX "/test_[^/]*\\.c$")
if(emu_sources)
  skarn_outside_libraries(libraries missing ${emu_sources})
  list(REMOVE_ITEM libraries ext_emu)
  list(REMOVE_ITEM missing emu)
  if(missing)
    message(STATUS "Left out: tests/emu (not installed: ${missing})")
  else()
    add_library(ext_emu STATIC ${emu_sources})
    target_include_directories(ext_emu PUBLIC "${test_dir}")
    target_link_libraries(ext_emu PUBLIC ${libraries} sk_internal)
    if(NOT SKARN_SANITIZE)
      # To LD_PRELOAD: runs the code any program generates on the emulator.
      add_library(sk_emu_preload MODULE "${test_dir}/emu/preload/emu_preload.c" ${emu_sources})
      target_include_directories(sk_emu_preload PRIVATE "${test_dir}")
      target_link_libraries(sk_emu_preload PRIVATE
        ${libraries} skarn_flags skarn_link_flags ${CMAKE_DL_LIBS})
      set_target_properties(sk_emu_preload PROPERTIES LIBRARY_OUTPUT_DIRECTORY "${test_bin}")
    endif()
  endif()
endif()

file(GLOB sources CONFIGURE_DEPENDS "${test_dir}/unit/*.c")
foreach(source IN LISTS sources emu_tests)
  get_filename_component(name "${source}" NAME_WE)
  skarn_add_program(${name} "${source}")
  if(${name}_built)
    set(labels unit)
    if(source IN_LIST emu_tests)
      set(labels emu)
    endif()
    if(name MATCHES "_slow$")
      list(APPEND labels slow)
    endif()
    skarn_add_test(${name} "${labels}" 600 $<TARGET_FILE:${name}>)
  endif()
endforeach()
if(TARGET test_emu_preload AND TARGET sk_emu_preload)
  add_dependencies(test_emu_preload sk_emu_preload)
endif()

# --- Random programs through every executor (tests/gen, tools/oracle.h) ---
file(GLOB sources CONFIGURE_DEPENDS "${test_dir}/gen/hlo_*.c" "${CMAKE_SOURCE_DIR}/tools/oracle*.c"
  "${CMAKE_SOURCE_DIR}/tools/reduce_*.c")
add_library(sk_hlo STATIC ${sources})
target_include_directories(sk_hlo PUBLIC "${test_dir}" "${CMAKE_SOURCE_DIR}")
target_link_libraries(sk_hlo PUBLIC sk_test_support sk_internal)
skarn_add_program(gen_programs "${test_dir}/gen/gen_programs.c")
target_link_libraries(gen_programs PRIVATE sk_hlo sk_test_support sk_internal)
set(gen_programs $<TARGET_FILE:gen_programs>)
skarn_add_test(gen_programs gen 900 ${gen_programs} --first 1 --count 300)
skarn_add_test(gen_corpus gen 600 ${gen_programs} --corpus "${test_dir}/gen/corpus")
if(TARGET sk_emu_preload)
  skarn_add_test(gen_programs_v4 "gen;emu" 900 ${CMAKE_COMMAND} -E env
    "LD_PRELOAD=$<TARGET_FILE:sk_emu_preload>" SK_EMU_CALLERS=gen_programs
    ${gen_programs} --first 1001 --count 40 --isa v4)
endif()
foreach(name IN ITEMS test_gen_hlo test_gen_rules)
  skarn_add_program(${name} "${test_dir}/gen/${name}.c")
  if(${name}_built)
    target_link_libraries(${name} PRIVATE sk_hlo sk_test_support sk_internal)
    skarn_add_test(${name} "unit" 600 $<TARGET_FILE:${name}>)
  endif()
endforeach()

# --- The plugin, as its clients call it ---
# OpenXLA's headers are not part of this tree: where they are, declarations are compared with them.
set(SKARN_ABI "$ENV{SKARN_ABI}" CACHE PATH "Directory with pjrt/ and ffi/ of OpenXLA")
if(TARGET sk_pjrt)
  set(abi_include "${CMAKE_BINARY_DIR}/abi")  # the headers under the paths they know each other by
  if(EXISTS "${SKARN_ABI}/pjrt/pjrt_c_api.h")
    file(MAKE_DIRECTORY "${abi_include}/xla/pjrt" "${abi_include}/xla/ffi")
    file(CREATE_LINK "${SKARN_ABI}/pjrt" "${abi_include}/xla/pjrt/c" SYMBOLIC)
    file(CREATE_LINK "${SKARN_ABI}/ffi" "${abi_include}/xla/ffi/api" SYMBOLIC)
  endif()
  file(GLOB pjrt_support CONFIGURE_DEPENDS "${test_dir}/pjrt/*.c")
  set(pjrt_tests ${pjrt_support})
  list(FILTER pjrt_tests INCLUDE REGEX "/test_[^/]*\\.c$")
  list(FILTER pjrt_support EXCLUDE REGEX "/test_[^/]*\\.c$")
  foreach(source IN LISTS pjrt_tests)
    get_filename_component(name "${source}" NAME_WE)
    skarn_add_program(${name} "${source}" ${pjrt_support} $<TARGET_OBJECTS:sk_pjrt>)
    if(${name}_built)
      if(EXISTS "${SKARN_ABI}/pjrt/pjrt_c_api.h")
        target_compile_definitions(${name} PRIVATE SK_TEST_PJRT_HEADERS)
        target_include_directories(${name} SYSTEM PRIVATE "${abi_include}")
      endif()
      skarn_add_test(${name} unit 600 $<TARGET_FILE:${name}>)
    endif()
  endforeach()
endif()

# --- Programs that see what a user sees ---
file(GLOB sources CONFIGURE_DEPENDS "${test_dir}/link/*.c")
foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  set(target link_${name})
  add_executable(${target} "${source}")
  target_include_directories(${target} PRIVATE "${CMAKE_SOURCE_DIR}/include")
  set_target_properties(${target} PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${test_bin}")
  if(SKARN_SANITIZE)
    target_compile_options(${target} PRIVATE ${sanitize})
  endif()
  if(name MATCHES "^rt_")
    add_dependencies(${target} skarn_rt_static)
    target_link_libraries(${target} PRIVATE "${SKARN_OUTPUT_DIR}/libskarn_rt.a" skarn_link_flags)
    set_property(TARGET ${target} PROPERTY LINK_DEPENDS "${SKARN_OUTPUT_DIR}/libskarn_rt.a")
  else()
    target_link_libraries(${target} PRIVATE skarn skarn_link_flags)
  endif()
  skarn_add_test(${target} link 120 $<TARGET_FILE:${target}>)
endforeach()

# --- Fuzz targets: here they replay their corpus ---
add_custom_target(fuzz_programs)
file(GLOB sources CONFIGURE_DEPENDS "${test_dir}/fuzz/*.c")
foreach(source IN LISTS sources)
  get_filename_component(name "${source}" NAME_WE)
  string(REGEX REPLACE "^fuzz_" "" name "${name}")
  skarn_add_program(replay_${name} "${source}" "${test_dir}/fuzz/replay/replay_main.c")
  if(replay_${name}_built)
    skarn_add_test(fuzz_${name} fuzz 600
      $<TARGET_FILE:replay_${name}> --mutations 24 "${test_dir}/fuzz/corpus/${name}")
    if(SKARN_FUZZ)
      skarn_add_program(fuzz_${name} "${source}")
      target_link_options(fuzz_${name} PRIVATE -fsanitize=fuzzer)
      add_dependencies(fuzz_programs fuzz_${name})
    endif()
  endif()
endforeach()

# --- Built on request ---
add_custom_target(sweep_programs)
add_custom_target(bench_programs)
foreach(kind IN ITEMS sweep bench)
  set(directory "${test_dir}/sweep")
  if(kind STREQUAL "bench")
    set(directory "${CMAKE_SOURCE_DIR}/bench")
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${directory}/*.c")
  foreach(source IN LISTS sources)
    get_filename_component(name "${source}" NAME_WE)
    set(target ${kind}_${name})
    skarn_add_program(${target} "${source}")
    if(${target}_built)
      set_target_properties(${target} PROPERTIES EXCLUDE_FROM_ALL ON
        OUTPUT_NAME ${name} RUNTIME_OUTPUT_DIRECTORY "${SKARN_OUTPUT_DIR}/${kind}")
      add_dependencies(${kind}_programs ${target})
    endif()
  endforeach()
endforeach()

# --- Suites that live in Python, and the rules of the house ---
set(in_venv "${CMAKE_SOURCE_DIR}/scripts/in_venv.sh" "${SKARN_VENV}")

skarn_add_test(includes house 60 scripts/check_includes.py)
skarn_add_test(style house 60 scripts/check_style.py)
if(NOT SKARN_SANITIZE)
  skarn_add_test(headers house 120 scripts/check_headers.sh)
  if(TARGET sk_api_runtime)
    skarn_add_test(binaries house 60 scripts/check_binaries.py "${SKARN_OUTPUT_DIR}")
  endif()
  file(GLOB sources CONFIGURE_DEPENDS "${CMAKE_SOURCE_DIR}/examples/c/*.c")
  if(sources AND TARGET skarn_tool)
    skarn_add_test(install install 300 scripts/check_install.sh "${CMAKE_BINARY_DIR}")
  endif()
endif()

if(TARGET skarn_tool AND NOT SKARN_SANITIZE)
  skarn_add_test(growth unit 300 bench/shapes.py --check --skarn $<TARGET_FILE:skarn_tool>)
endif()
if(TARGET skarn_tool)
  skarn_add_test(suites unit 900 scripts/check_suites.py $<TARGET_FILE:skarn_tool>
    $<$<TARGET_EXISTS:sk_emu_preload>:$<TARGET_FILE:sk_emu_preload>>)
endif()

file(GLOB sources CONFIGURE_DEPENDS "${test_dir}/lit/*/*")
if(sources AND TARGET skarn_tool)
  skarn_add_test(lit lit 900 ${in_venv} lit --no-progress-bar -v -j2
    --xunit-xml-output "${CMAKE_BINARY_DIR}/lit.xml" "${test_dir}/lit")
endif()
foreach(suite IN ITEMS python jax)
  file(GLOB sources CONFIGURE_DEPENDS "${test_dir}/${suite}/test_*.py")
  if(sources AND TARGET skarn_tool AND NOT SKARN_SANITIZE)
    skarn_add_test(pytest_${suite} python 1200 ${in_venv} pytest -q -rs -p no:cacheprovider
      --junitxml "${CMAKE_BINARY_DIR}/pytest_${suite}.xml" "${test_dir}/${suite}")
  endif()
endforeach()
# Every 24th test of some modules of JAX's suite, those that stock.txt has.
if(TARGET sk_pjrt AND TARGET skarn_tool AND NOT SKARN_SANITIZE)
  skarn_add_test(jax_suite python 900 ${in_venv} python tests/jax/suite/run_suite.py --mode cpu
    --shard 5/24 --out "${CMAKE_BINARY_DIR}/suite" array_test python_callback_test
    debugging_primitives_test aot_test checkify_test custom_root_test fft_test lax_numpy_test
    api_test nn_test)
endif()
if(TARGET sk_pjrt AND NOT SKARN_SANITIZE)
  skarn_add_test(libraries python 3600 ${in_venv} python "${test_dir}/jax/libraries/run_libraries.py"
    --quick --install -j 2 --library "${SKARN_OUTPUT_DIR}/libskarn_pjrt.so"
    --junit "${CMAKE_BINARY_DIR}/libraries.xml")
endif()
