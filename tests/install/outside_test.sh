#!/usr/bin/env bash
# Installs rpc_core into a temporary folder, builds a project that knows nothing else of it, and runs its program.
#   outside_test.sh BUILD_FOLDER COMPILER [FLAG...]
set -euo pipefail
build=$1 compiler=$2
shift 2
source=$(cd "$(dirname "$0")/outside" && pwd)

if ! echo '#include <grpcpp/grpcpp.h>' | "$compiler" -std=c++17 -E -x c++ - >/dev/null 2>&1; then
  echo "SKIPPED: the outside project links gRPC C++ as well: expected libgrpc++-dev"
  [[ ${CI:-} == true ]] && exit 1
  exit 77
fi

folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
cmake --install "$build" --component rpc --prefix "$folder/prefix" >"$folder/install.log" || {
  cat "$folder/install.log"
  exit 1
}
cmake -S "$source" -B "$folder/build" -G Ninja -DCMAKE_PREFIX_PATH="$folder/prefix" -DCMAKE_CXX_COMPILER="$compiler" \
  -DCMAKE_CXX_FLAGS="$*"
cmake --build "$folder/build"
"$folder/build/outside"
