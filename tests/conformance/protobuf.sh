#!/usr/bin/env bash
# Runs protobuf's own conformance suite against our JSON codec: every test of binary and JSON has to pass, without a list
# of known failures, and exactly those of text format are skipped (protobuf_skips.txt). Exit status 0: so it is.
#   tests/conformance/protobuf.sh [BUILD_FOLDER]      # default build/release
# Installs what it needs (Debian 12). Debian's source package of protobuf, its tests and their runner, is kept in
# ${SLUICE_PEERS:-~/.cache/sluice-peers}.
set -euo pipefail
cd "$(dirname "$0")/../.."
. examples/setup.sh

build=${1:-build/release}
peers=${SLUICE_PEERS:-$HOME/.cache/sluice-peers}
mkdir -p "$peers"
source=$(cd "$peers" && pwd)/src/protobuf
expected_passes=2017

# A list of sources of its own: the system's stays as it is.
fetch_source() {
  [ -d "$source/conformance" ] && return
  say "Fetching protobuf's source package"
  local apt
  apt=$(mktemp -d)
  mkdir -p "$apt"/{parts,lists/partial,cache/archives/partial} "$peers/src"
  sed -n 's/^deb /deb-src /p' /etc/apt/sources.list >"$apt/sources.list" 2>/dev/null || true
  local file
  for file in /etc/apt/sources.list.d/debian*.sources; do
    [ -f "$file" ] && sed 's/^Types:.*/Types: deb-src/' "$file" >"$apt/parts/${file##*/}"
  done
  local options=(-q -o "Dir::Etc::SourceList=$apt/sources.list" -o "Dir::Etc::SourceParts=$apt/parts"
    -o "Dir::State::Lists=$apt/lists" -o "Dir::Cache=$apt/cache" -o APT::Sandbox::User=root)
  apt-get "${options[@]}" update
  (cd "$apt" && apt-get "${options[@]}" source --download-only protobuf)
  rm -rf "$source.part" && mkdir "$source.part"
  tar -xf "$apt"/protobuf_*.orig.tar.gz -C "$source.part" --strip-components=1
  mv "$source.part" "$source"
  rm -rf "$apt"
}

build_programs() {
  say "Building the runner and json_conformance"
  [ -f "$build/CMakeCache.txt" ] || cmake --preset release -B "$build"
  cmake -B "$build" -DSLUICE_PROTOBUF_SRC="$source" >/dev/null
  cmake --build "$build" --target conformance_test_runner json_conformance
}

# The runner lists what is skipped, one indented name a line, when it is verbose.
skipped() { awk '/^These tests were skipped/ {on = 1; next} on && /^  [A-Z]/ {print $1}' "$1" | LC_ALL=C sort; }

run() {
  say "Running"
  local out
  out=$(mktemp -d)
  : >"$out/no_failures"
  "$build/bin/conformance_test_runner" --verbose --enforce_recommended --failure_list "$out/no_failures" \
    --output_dir "$out/" "$build/bin/json_conformance" >"$out/log" 2>&1 || true
  grep 'CONFORMANCE SUITE' "$out/log" || tail -n 20 "$out/log"
  if ! grep -q "PASSED: $expected_passes successes, 0 skipped, 0 expected failures, 0 unexpected" "$out/log"; then
    cat "$out/failing_tests.txt" || true
    say "FAIL: expected $expected_passes of $expected_passes"
    exit 1
  fi
  diff <(skipped "$out/log") tests/conformance/protobuf_skips.txt || { say "FAIL: other tests are skipped"; exit 1; }
  rm -rf "$out"
  say "$expected_passes of $expected_passes; skipped are the $(wc -l <tests/conformance/protobuf_skips.txt) of text format"
}

install_packages "${build_packages[@]}" libgtest-dev libgmock-dev libbenchmark-dev python3
fetch_source
build_programs
run
