#!/usr/bin/env bash
# Runs gRPC's interop tests between our programs and those of gRPC Go and gRPC C++, in every direction, and through Envoy,
# then the HTTP/2 suites: misbehaving servers, bad frames, h2spec, grpcurl and ghz. Prints a line a suite; exit status 0:
# all passed.
#   tests/interop/run.sh [BUILD_FOLDER]
set -uo pipefail
cd "$(dirname "$0")/../.."
. tests/interop/peers.sh
need_go "gRPC interop tests"
install_suite_packages

core="empty_unary large_unary client_streaming server_streaming ping_pong empty_stream cancel_after_begin
  cancel_after_first_response timeout_on_sleeping_server status_code_and_message special_status_message
  custom_metadata unimplemented_method unimplemented_service pick_first_unary"
compressed="client_compressed_unary client_compressed_streaming server_compressed_unary server_compressed_streaming"
soak="rpc_soak channel_soak"
# In the order of the ports on which http2_test serves them.
negative="data_frame_padding goaway max_streams no_df_padding_sanity_test ping rst_after_data rst_after_header
  rst_during_data"
soak_flags="--soak_iterations=1000 --soak_overall_timeout_seconds=120 --soak_max_failures=0
  --soak_per_iteration_max_acceptable_latency_ms=2000"

prepare() {
  install_go_interop
  install_native_interop
  install_framing_suite
  install_misbehaving_servers
  install_envoy
  build_programs "$build" interop_server interop_client
}

build=${1:-build/release}
(set -e; prepare) >"$PEERS/install.log" 2>&1
[[ $? == 0 ]] || { tail -n 20 "$PEERS/install.log"; echo "FAIL: installing the peers"; exit 1; }
ours=$build/bin
creds=$PEERS/src/grpc/src/core/tsi/test_creds
log=$(mktemp)
envoy_config=$(mktemp --suffix=.yaml)
failures=0
children=()
trap 'kill "${children[@]}" 2>/dev/null; rm -f "$log" "$envoy_config"' EXIT

# serve PORT COMMAND...: starts a server, and waits until it accepts.
serve() {
  local port=$1
  shift
  "$@" >/dev/null 2>&1 &
  children+=($!)
  until (exec 3<>"/dev/tcp/127.0.0.1/$port") 2>/dev/null; do
    kill -0 $! || { echo "FAIL: $1 has ended"; exit 1; }
  done
}

# The first of twenty ports on which nobody listens.
free_ports() {
  local base listening
  listening=$(ss -Hltn | awk '{ sub(/.*:/, "", $4); print $4 }')
  for ((base = 10100; base < 60000; base += 20)); do
    awk -v base="$base" '$1 >= base && $1 < base + 20 { taken = 1 } END { exit taken }' <<<"$listening" && break
  done
  echo "$base"
}

report() {  # NAME PASSED COUNT
  printf '%-46s %4d of %4d\n' "$1" "$2" "$3"
  [[ $2 == "$3" ]] || failures=$((failures + 1))
}

# cases NAME PORT "CASE..." CLIENT [FLAG...]
cases() {
  local name=$1 port=$2 list=$3 case passed=0 count=0
  shift 3
  for case in $list; do
    count=$((count + 1))
    if timeout 180 "$@" --server_host=127.0.0.1 --server_port="$port" --test_case="$case" >"$log" 2>&1; then
      passed=$((passed + 1))
    else
      echo "FAIL: $name: $case"
      tail -n 3 "$log" | cut -c1-200
    fi
  done
  report "$name" $passed $count
}

# As cases, over TLS.
secure_cases() {
  cases "$@" --use_tls --server_host_override=foo.test.google.fr
}

misbehaving() {
  local port=$misbehaving_at case passed=0 count=0
  for case in $negative; do
    count=$((count + 1))
    if timeout 60 "$ours/interop_client" --server_host=127.0.0.1 --server_port=$port --test_case="$case" >"$log" 2>&1; then
      passed=$((passed + 1))
    else
      echo "FAIL: $case"
      tail -n 3 "$log"
    fi
    port=$((port + 1))
  done
  report "misbehaving servers, our client" $passed $count
}

framing() {
  "$PEERS/bin/http2_interop.test" -test.v -server_host 127.0.0.1 -server_port "$ours_at" -use_tls=false -test_case framing \
    >"$log" 2>&1
  grep -A 3 '^--- FAIL' "$log"
  report "http2_interop framing, our server" "$(grep -c '^--- PASS' "$log")" 6
}

# h2spec_suite NAME PORT [FLAG...]
h2spec_suite() {
  local name=$1 port=$2
  shift 2
  "$PEERS/bin/h2spec" -h 127.0.0.1 -p "$port" -P /h2spec -S -o 1 "$@" >"$log" 2>&1
  grep -A 6 '×' "$log"
  report "$name" "$(sed -n 's/^146 tests, \([0-9]*\) passed.*/\1/p' "$log")" 146
}

grpcurl_calls() {
  local passed=0 call=("$PEERS/bin/grpcurl" -plaintext -import-path tests/interop/proto
    -proto src/proto/grpc/testing/test.proto)
  "${call[@]}" -d '{"response_size":3}' "127.0.0.1:$ours_at" grpc.testing.TestService/UnaryCall 2>&1 |
    grep -q '"body": "AAAA"' && passed=$((passed + 1))
  printf '{"response_parameters":[{"size":1}]}{"response_parameters":[{"size":2},{"size":3}]}' |
    "${call[@]}" -d @ "127.0.0.1:$ours_at" grpc.testing.TestService/FullDuplexCall >"$log" 2>&1
  [[ $(grep -c '"body"' "$log") == 3 ]] && passed=$((passed + 1))
  "${call[@]}" -format-error -d '{"response_status":{"code":9,"message":"no"}}' "127.0.0.1:$ours_at" \
    grpc.testing.TestService/UnaryCall >"$log" 2>&1
  [[ $? == 73 ]] && passed=$((passed + 1))
  report "grpcurl, our server" $passed 3
}

ghz_calls() {
  "$PEERS/bin/ghz" --insecure --proto src/proto/grpc/testing/test.proto -i tests/interop/proto \
    --call grpc.testing.TestService.UnaryCall -d '{"response_size":100}' -c 16 --connections 2 -n 20000 "127.0.0.1:$ours_at" \
    >"$log" 2>&1
  report "ghz, our server" "$(sed -n 's/.*\[OK\] *\([0-9]*\) responses.*/\1/p' "$log")" 20000
}

# Envoy in front of our two servers.
serve_envoy() {
  sed "s|@PLAIN@|$envoy_at|; s|@SECURE@|$secure_envoy_at|; s|@SERVER@|$ours_at|; s|@SECURE_SERVER@|$secure_at|
    s|@CREDS@|$creds|g" tests/interop/envoy.yaml.in >"$envoy_config"
  serve $secure_envoy_at "$PEERS/bin/envoy" -c "$envoy_config" --concurrency 1 --use-dynamic-base-id
}

base=$(free_ports)
ours_at=$((base + 1)) go_at=$((base + 2)) native_at=$((base + 3)) misbehaving_at=$((base + 10))
secure_at=$((base + 4)) secure_go_at=$((base + 5)) secure_native_at=$((base + 6))
envoy_at=$((base + 7)) secure_envoy_at=$((base + 8))
serve $ours_at "$ours/interop_server" --port=$ours_at
serve $go_at "$PEERS/go/server" -port $go_at
serve $native_at "$PEERS/bin/interop_server" --port=$native_at
serve $secure_at "$ours/interop_server" --port=$secure_at --use_tls --tls_cert_file="$creds/server1.pem" \
  --tls_key_file="$creds/server1.key"
serve $secure_go_at "$PEERS/go/server" -port $secure_go_at -use_tls -tls_cert_file "$creds/server1.pem" \
  -tls_key_file "$creds/server1.key"
serve $secure_native_at "$PEERS/bin/interop_server" --port=$secure_native_at --use_tls
# The last of its ports.
serve $((misbehaving_at + 7)) "$PEERS/http2_test/run" $misbehaving_at

cases "core, ours to ours" $ours_at "$core" "$ours/interop_client"
cases "core, ours to Go" $go_at "$core" "$ours/interop_client"
cases "core, ours to C++" $native_at "$core" "$ours/interop_client"
cases "core, Go to ours" $ours_at "$core" "$PEERS/go/client"
cases "core, C++ to ours" $ours_at "$core" "$PEERS/bin/interop_client"
cases "compressed, ours to ours" $ours_at "$compressed" "$ours/interop_client"
cases "compressed, ours to C++" $native_at "$compressed" "$ours/interop_client"
cases "compressed, C++ to ours" $ours_at "$compressed" "$PEERS/bin/interop_client"
cases "soak, ours to ours" $ours_at "$soak" "$ours/interop_client" $soak_flags --soak_num_threads=8
cases "soak, ours to Go" $go_at "$soak" "$ours/interop_client" $soak_flags
cases "soak, ours to C++" $native_at "$soak" "$ours/interop_client" $soak_flags
cases "soak, Go to ours" $ours_at "$soak" "$PEERS/go/client" $soak_flags --soak_num_threads=8
cases "soak, C++ to ours" $ours_at "$soak" "$PEERS/bin/interop_client" $soak_flags
secure_cases "core over TLS, ours to ours" $secure_at "$core" "$ours/interop_client" --ca_file="$creds/ca.pem"
secure_cases "core over TLS, ours to Go" $secure_go_at "$core" "$ours/interop_client" --ca_file="$creds/ca.pem"
secure_cases "core over TLS, ours to C++" $secure_native_at "$core" "$ours/interop_client" --ca_file="$creds/ca.pem"
secure_cases "core over TLS, Go to ours" $secure_at "$core" "$PEERS/go/client" --use_test_ca --ca_file="$creds/ca.pem"
# That client speaks plain text in pick_first_unary, whatever it is told.
secure_cases "core over TLS, C++ to ours" $secure_at "${core/pick_first_unary/}" "$PEERS/bin/interop_client" --use_test_ca
secure_cases "soak over TLS, ours to ours" $secure_at "$soak" "$ours/interop_client" --ca_file="$creds/ca.pem" $soak_flags
secure_cases "soak over TLS, Go to ours" $secure_at "$soak" "$PEERS/go/client" --use_test_ca --ca_file="$creds/ca.pem" \
  $soak_flags
serve_envoy
cases "core, ours to ours behind Envoy" $envoy_at "$core" "$ours/interop_client"
cases "compressed, ours to ours behind Envoy" $envoy_at "$compressed" "$ours/interop_client"
secure_cases "core over TLS, ours to ours behind Envoy" $secure_envoy_at "$core" "$ours/interop_client" \
  --ca_file="$creds/ca.pem"
misbehaving
framing
h2spec_suite "h2spec, our server" "$ours_at"
h2spec_suite "h2spec over TLS, our server" "$secure_at" -t -k
grpcurl_calls
ghz_calls
[[ $failures == 0 ]]
