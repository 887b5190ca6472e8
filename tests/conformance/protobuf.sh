#!/usr/bin/env bash
# Runs protobuf's own conformance suite against our JSON codec: every test of binary and JSON has to pass, text format is
# skipped, and nothing else.
#
#   tests/conformance/protobuf.sh [BUILD_DIR]      # default build/conformance; sources and runner stay there
#
# Fetches Debian's protobuf source package (apt-get source; a deb-src list of its own, so that the system's stays as it is),
# builds the runner, then json_conformance, then runs it.
set -euo pipefail

root=$(cd "$(dirname "$0")/../.." && pwd)
build=$(mkdir -p "${1:-$root/build/conformance}" && cd "${1:-$root/build/conformance}" && pwd)
expected_passes=2017
expected_skips=120

say() { echo "== $*"; }

fetch_source() {
  [ -d "$build/protobuf/conformance" ] && return
  say "fetching protobuf's source package"
  local state="$build/apt"
  mkdir -p "$state/lists/partial" "$state/cache/archives/partial"
  sed -n 's/^deb \(.*\)/deb-src \1/p' /etc/apt/sources.list > "$state/sources.list" 2> /dev/null || true
  local parts
  for parts in /etc/apt/sources.list.d/*.sources; do
    [ -f "$parts" ] && sed 's/^Types:.*/Types: deb-src/' "$parts" > "$state/$(basename "$parts")"
  done
  mkdir -p "$state/parts" && mv "$state"/*.sources "$state/parts/" 2> /dev/null || true
  local options=(-o "Dir::Etc::sourcelist=$state/sources.list" -o "Dir::Etc::sourceparts=$state/parts"
    -o "Dir::State::lists=$state/lists" -o "Dir::Cache=$state/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$build" && apt-get "${options[@]}" source --download-only protobuf)
  mkdir -p "$build/protobuf"
  tar -xf "$build"/protobuf_*.orig.tar.gz -C "$build/protobuf" --strip-components=1
}

build_runner() {
  [ -x "$build/conformance_test_runner" ] && return
  say "building the runner"
  local source="$build/protobuf" generated="$build/generated"
  mkdir -p "$generated"
  protoc -I "$source/conformance" --cpp_out="$generated" conformance.proto
  protoc -I "$source/src" --cpp_out="$generated" \
    google/protobuf/test_messages_proto2.proto google/protobuf/test_messages_proto3.proto
  local file
  for file in "$source"/conformance/{binary_json_conformance_suite,conformance_test,conformance_test_main}.cc \
    "$source"/conformance/{conformance_test_runner,text_format_conformance_suite}.cc \
    "$source"/conformance/third_party/jsoncpp/jsoncpp.cpp \
    "$generated"/conformance.pb.cc "$generated"/google/protobuf/test_messages_proto{2,3}.pb.cc; do
    echo "$build/$(basename "$file").o $file"
  done > "$build/compile.list"
  xargs -P "$(nproc)" -L 1 sh -c 'c++ -std=c++17 -O1 -w -I "$0/generated" -I "$0/protobuf/conformance" -I "$0/protobuf/src" -c "$2" -o "$1"' \
    "$build" < "$build/compile.list"
  # shellcheck disable=SC2046 # one word a file
  c++ -o "$build/conformance_test_runner" $(cut -d' ' -f1 "$build/compile.list") -lprotobuf -lpthread
}

build_testee() {
  say "building json_conformance"
  cmake --preset release -S "$root" -B "$build/sluice" -DSLUICE_PROTOBUF_SRC="$build/protobuf" > /dev/null
  cmake --build "$build/sluice" --target json_conformance
}

run() {
  say "running"
  : > "$build/no_failures.txt"
  "$build/conformance_test_runner" --enforce_recommended --failure_list "$build/no_failures.txt" \
    --output_dir "$build" "$build/sluice/bin/json_conformance" 2>&1 | tee "$build/log.txt" | grep 'CONFORMANCE SUITE'
  grep -q "PASSED: $expected_passes successes, 0 skipped, 0 expected failures, 0 unexpected failures" "$build/log.txt"
  grep -q "PASSED: 0 successes, $expected_skips skipped, 0 expected failures, 0 unexpected failures" "$build/log.txt"
  say "all $expected_passes passed; skipped: the $expected_skips of text format"
}

fetch_source
build_runner
build_testee
run
