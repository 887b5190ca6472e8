#!/usr/bin/env bash
# Runs connectrpc's conformance suites against our server and our client, without a list of known failures. Prints a line
# a suite; exit status 0: all passed.
#   tests/conformance/run.sh [BUILD_FOLDER]
set -uo pipefail
cd "$(dirname "$0")/../.."
. tests/interop/peers.sh
need_go "connectrpc conformance tests"
install_suite_packages

prepare() {
  install_conformance
  build_programs "$build" conformance_server conformance_client
}

build=${1:-build/release}
(set -e; prepare) >"$PEERS/install.log" 2>&1
[[ $? == 0 ]] || { tail -n 20 "$PEERS/install.log"; echo "FAIL: installing the peers"; exit 1; }
log=$(mktemp)
trap 'rm -f "$log"' EXIT
failures=0

# suite MODE CONFIG CASES
suite() {
  local passed
  "$PEERS/bin/connectconformance" --mode "$1" --conf "tests/conformance/$2.yaml" -- "$build/bin/conformance_$1" \
    >"$log" 2>&1 || failures=$((failures + 1))
  grep -A 4 '^FAILED' "$log" | head -n 40
  passed=$(sed -n 's/^\([0-9]*\) passed, 0 failed$/\1/p' "$log")
  printf '%-46s %4d of %4d\n' "conformance $2, our $1" "${passed:-0}" "$3"
  [[ $passed == "$3" ]] || failures=$((failures + 1))
}

suite server grpc-h2c 372
suite client grpc-h2c 403
suite server grpc-tls 566
suite client grpc-tls 634
[[ $failures == 0 ]]
