#!/usr/bin/env bash
# Measures the gateway beside the floor, a program that only moves the same bytes, and prints markdown tables. Needs two
# cores; installs what it needs (Debian 12).
#   tests/bench/run.sh [--quick] [--peers] [--rounds N] [--only requests|memory|scale] [--build BUILD_FOLDER]
set -euo pipefail
cd "$(dirname "$0")/../.."
. examples/setup.sh

{
  install_packages "${build_packages[@]}" libgrpc++-dev libgtest-dev libgmock-dev libbenchmark-dev wrk nginx-light \
    openssl python3
  build=build/release
  for ((i = 1; i < $#; ++i)); do
    next=$((i + 1))
    [[ ${!i} != --build ]] || build=${!next}
  done
  [[ -f $build/build.ninja ]] || cmake --preset release
  ninja -C "$build" sluice bookstore floor_gateway floor_http2 floor_backend bench_backend bench_grpcpp_backend
} >&2
exec /usr/bin/python3 tests/bench/gateway/bench.py "$@"
