#!/usr/bin/env bash
# Installs what the tests need, builds everything and runs every test. Safe to run again; arguments go to ctest
# (tests/run.sh -R PathMatcher).
set -euo pipefail
cd "$(dirname "$0")/.."
. examples/setup.sh

install_packages "${build_packages[@]}" libgtest-dev libgmock-dev libbenchmark-dev libgrpc++-dev protobuf-compiler-grpc \
  curl iproute2 nginx-light nodejs openssl python3 python3-grpcio python3-protobuf python3-grpc-tools python3-yaml \
  python3-brotli python3-hpack python3-requests python3-zstandard chromium
say "Building"
cmake --preset release
cmake --build --preset release
say "Testing"
ctest --preset release -j "$(nproc)" "$@"
