#!/usr/bin/env bash
# Runs one client of the route guide (cpp, python or go) against route_guide_server, and compares what it prints.
# client_test.sh CLIENT BIN_FOLDER EXAMPLE_FOLDER EXPECTED_FILE
# Exit code 77: something that the client needs is not installed (a failure where CI=true).
set -euo pipefail
client=$1 bin=$2 example=$3 expected=$4
work=$(mktemp -d)
server=
trap '[[ -z $server ]] || kill "$server"; wait; rm -rf "$work"' EXIT

missing() {
  echo "route_guide, $client client: missing: $1"
  [[ ${CI:-} == true ]] && exit 1
  exit 77
}

prepare_cpp() { command=("$bin/route_guide_client"); }

prepare_python() {
  local plugin python
  plugin=$(command -v grpc_python_plugin) || missing "grpc_python_plugin (Debian: protobuf-compiler-grpc)"
  for python in python3 /usr/bin/python3; do
    if "$python" -c "import grpc, google.protobuf" 2>/dev/null; then
      protoc -I "$example" --plugin=protoc-gen-grpc_python="$plugin" --python_out="$work" --grpc_python_out="$work" \
        route_guide.proto
      export PYTHONPATH=$work
      command=("$python" "$example/python/client.py")
      return
    fi
  done
  missing "grpcio (Debian: python3-grpcio)"
}

prepare_go() {
  command -v go >/dev/null || missing "Go 1.24 or later"
  [[ $(printf '%s\n' 1.24 "$(go env GOVERSION | sed 's/^go//')" | sort -V | head -1) == 1.24 ]] ||
    missing "Go 1.24 or later, this is $(go env GOVERSION)"
  cp -r "$example/go" "$example/route_guide.proto" "$work"
  cd "$work/go"
  go mod download 2>"$work/download.log" || missing "the Go modules: $(tail -1 "$work/download.log")"
  go generate
  go build -o "$work/client" .
  command=("$work/client")
}

"prepare_$client"
mkfifo "$work/server_log"
exec 3<>"$work/server_log"
"$bin/route_guide_server" --port 0 2>&3 &
server=$!
read -r -t 20 line <&3 || { echo "the server says nothing"; exit 1; }
address=${line#route_guide_server listening on }
[[ $address != "$line" ]] || { echo "expected \"route_guide_server listening on …\", got \"$line\""; exit 1; }

"${command[@]}" "$address" >"$work/output"
diff -u "$expected" "$work/output"
kill -TERM "$server"
wait "$server"
server=
