# SPDX-License-Identifier: Apache-2.0
# Compiler flags. `skarn_flags` is used by everything; `skarn_link_flags` by what is linked.
#
# No -march: objects run on baseline x86-64; what needs more says so per function and is reached
# through CPUID. -ffp-contract=off is part of the numerics contract, not a preference.

set(CMAKE_C_STANDARD 11)
set(CMAKE_C_STANDARD_REQUIRED ON)
set(CMAKE_C_EXTENSIONS OFF)
set(CMAKE_C_VISIBILITY_PRESET hidden)
set(CMAKE_POSITION_INDEPENDENT_CODE ON)
set(CMAKE_EXPORT_COMPILE_COMMANDS ON)
set(CMAKE_C_FLAGS_RELEASE "-O2 -g1 -DNDEBUG")
set(CMAKE_C_FLAGS_DEBUG "-O1 -g -fno-omit-frame-pointer")

find_package(Threads REQUIRED)

add_library(skarn_flags INTERFACE)
target_include_directories(skarn_flags INTERFACE "${CMAKE_SOURCE_DIR}/src" "${CMAKE_SOURCE_DIR}/include")
target_compile_definitions(skarn_flags INTERFACE _GNU_SOURCE)
target_compile_options(skarn_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wstrict-prototypes -Wmissing-prototypes -Wcast-qual -Wundef
  -Wvla -Wwrite-strings -Wimplicit-fallthrough -Wdouble-promotion -Wformat=2
  -ffp-contract=off -fno-math-errno -ffunction-sections -fdata-sections
  # What stands in the stripped binary must not depend on where it was built.
  "-fmacro-prefix-map=${CMAKE_SOURCE_DIR}/=")
if(SKARN_WERROR)
  target_compile_options(skarn_flags INTERFACE -Werror)
endif()

add_library(skarn_link_flags INTERFACE)
target_link_libraries(skarn_link_flags INTERFACE m Threads::Threads)
target_link_options(skarn_link_flags INTERFACE
  -Wl,--gc-sections -Wl,--as-needed -Wl,-z,relro -Wl,-z,now -Wl,-z,noexecstack)

if(SKARN_SANITIZE)
  # One finding is one failure: nothing recovers.
  set(sanitize "-fsanitize=${SKARN_SANITIZE}" -fno-sanitize-recover=all)
  target_compile_options(skarn_flags INTERFACE ${sanitize})
  target_link_options(skarn_link_flags INTERFACE ${sanitize})
endif()
if(SKARN_FUZZ)
  if(NOT CMAKE_C_COMPILER_ID MATCHES "Clang")
    message(FATAL_ERROR "SKARN_FUZZ needs clang (libFuzzer); use `cmake --preset fuzz`")
  endif()
  target_compile_options(skarn_flags INTERFACE -fsanitize=fuzzer-no-link)
endif()
