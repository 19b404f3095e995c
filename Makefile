# SPDX-License-Identifier: Apache-2.0
# A thin front for CMake (see CMakePresets.json) and the scripts directory.
#
#   make                 build/skarn and build/libskarn{.so,.a,_rt.a}
#   make demo            build, then compile and run a real program natively
#   make test            everything a change must pass; installs what the tests need
#                        (WERROR=1: warnings are errors, as in continuous integration)
#   make check           the fast part of it, under a minute once built
#   make bench           the measurements behind docs/performance.md
#   make fuzz T=60       every fuzz target for T seconds
#   make programs T=60   random programs through every executor for T seconds, new ones each time
#   make sweep           exhaustive comparison of the math functions
#   make wheel           dist/skarn-*.whl
#   make install PREFIX=/usr/local [DESTDIR=]
#   make asan | tsan     build and run the unit tests under a sanitizer
#   make clean           all products; build/venv stays

PREFIX ?= /usr/local
T ?= 60
J ?= $(shell nproc 2>/dev/null || echo 2)
RELEASE := build/release
MAKEFLAGS += --no-print-directory
export CMAKE_GENERATOR ?= $(if $(shell command -v ninja),Ninja,Unix Makefiles)

.PHONY: all demo test check bench fuzz programs sweep wheel install asan tsan clean
all: $(RELEASE)/configured
	@cmake --build $(RELEASE) -j $(J) --target products

%/configured: CMakePresets.json
	@cmake --preset $(notdir $*)
	@touch $@

demo:
	@scripts/install_deps.sh build
	@$(MAKE) all
	@scripts/demo.sh

test:
	@scripts/install_deps.sh all
	@python3 scripts/run_tests.py -j $(J) $(if $(WERROR),--werror)

check:
	@scripts/install_deps.sh test
	@$(MAKE) $(RELEASE)/configured
	@cmake --build $(RELEASE) -j $(J)
	@ctest --test-dir $(RELEASE) --output-on-failure -j $(J) -LE 'slow|python|install'

bench: all
	@scripts/install_deps.sh all
	@cmake --build $(RELEASE) -j $(J) --target bench_programs
	@build/venv/bin/python bench/run.py $(BENCH_ARGS)

fuzz:
	@scripts/install_deps.sh fuzz
	@$(MAKE) build/fuzz/configured
	@cmake --build build/fuzz -j $(J) --target fuzz_programs
	@scripts/fuzz.sh $(T)

programs: $(RELEASE)/configured
	@cmake --build $(RELEASE) -j $(J) --target gen_programs
	@mkdir -p build/fuzz/findings
	@$(RELEASE)/tests/gen_programs --first $$(date +%s)000 --count 1000000000 --seconds $(T) --save build/fuzz/findings

sweep: all
	@cmake --build $(RELEASE) -j $(J) --target sweep_programs
	@scripts/sweep.sh

wheel: all
	@scripts/build_wheel.sh

install: all
	@cmake --install $(RELEASE) --prefix "$(PREFIX)"

asan tsan: %: build/%/configured
	@cmake --build build/$@ -j $(J)
	@ctest --test-dir build/$@ --output-on-failure -j $(J) -L 'unit|fuzz|emu' -LE slow

clean:
	@find build -mindepth 1 -maxdepth 1 ! -name venv -exec rm -rf {} + 2>/dev/null || true
	@rm -rf dist
