#!/usr/bin/env bash
# Shows Sluice at work: builds it, starts the bookstore (a gRPC server) and Sluice in front of it, and asks a few things
# with curl; then serves until Ctrl-C.
#   examples/run.sh [--once] [--port N] [--backend-port N]
#   --once   end after the demonstration, with exit code 0 only if every answer was the right one
set -euo pipefail
cd "$(dirname "$0")/.."
. examples/setup.sh

once=false port=0 backend_port=0
while [ $# -gt 0 ]; do
  case $1 in
    --once) once=true ;;
    --port) port=${2:?"--port needs a number"} && shift ;;
    --backend-port) backend_port=${2:?"--backend-port needs a number"} && shift ;;
    *) sed -n '2,5s/^# \{0,1\}//p' "$0" >&2 && exit 2 ;;
  esac
  shift
done

install_packages "${build_packages[@]}" curl
say "Building (some minutes the first time)"
cmake --preset release -DSLUICE_TESTS=OFF -B build/demo
cmake --build build/demo --target sluice bookstore

work=$(mktemp -d)
pids=()
finish() {
  for pid in "${pids[@]}"; do kill "$pid" 2>/dev/null || :; done
  wait
  rm -rf "$work"
}
trap finish EXIT
trap 'exit 130' INT TERM

# start NAME PATTERN COMMAND...: runs it in the background and waits for the line with its address, which it prints.
start() {
  local name=$1 pattern=$2 address=
  shift 2
  "$@" 2>"$work/$name.log" &
  pids+=($!)
  for _ in $(seq 100); do
    address=$(sed -n "s/.*$pattern//p" "$work/$name.log" | head -n 1)
    [ -z "$address" ] || break
    kill -0 "${pids[-1]}" 2>/dev/null || break
    sleep 0.1
  done
  if [ -z "$address" ]; then
    echo "$name did not start:" >&2
    cat "$work/$name.log" >&2
    exit 1
  fi
  started=$address
}

say "Starting the bookstore, a gRPC server, and Sluice in front of it"
start bookstore 'bookstore listening on ' build/demo/bin/bookstore --port "$backend_port"
backend=$started
start sluice 'listening on ' build/demo/bin/sluice --listen "127.0.0.1:$port" --backend "$backend" \
  --descriptor-set build/demo/bin/bookstore.pb
host=$started
echo "gRPC at $backend, JSON at $host"

failed=0
# ask STATUS TEXT CURL-ARGUMENT...: shows a request and its answer; the status and a part of the body must be these.
ask() {
  local status=$1 text=$2 got
  shift 2
  printf '\n$ curl'
  printf ' %q' "$@"
  echo
  got=$(curl -sS -w '\n%{http_code}' "$@") || got="$got"$'\n000'
  printf '%s\n' "${got%$'\n'*}"
  if [ "${got##*$'\n'}" != "$status" ] || [[ ${got%$'\n'*} != *"$text"* ]]; then
    echo "^^^ expected HTTP $status with $text, got HTTP ${got##*$'\n'}" >&2
    failed=1
  fi
}

say "A few requests"
ask 200 '"nextPageToken"' "$host/v1/shelves?page_size=2"
ask 200 '"title":"Dune"' "$host/v1/shelves/science-fiction/books/dune"
ask 200 '"title":"SPQR"' -X POST "$host/v1/shelves/history/books?book_id=spqr" \
  --json '{"title": "SPQR", "authors": ["Mary Beard"], "year": 2015, "format": "HARDCOVER"}'
ask 200 '"year":2016' -X PATCH "$host/v1/shelves/history/books/spqr?update_mask=year" --json '{"year": 2016}'
ask 200 'shelves/fiction/books/spqr' -X POST "$host/v1/shelves/history/books/spqr:move" \
  --json '{"destination": "shelves/fiction"}'
ask 200 '"books":' "$host/v1/books:search?query=the&formats=HARDCOVER"
ask 200 '{}' -X DELETE "$host/v1/shelves/fiction/books/spqr"
ask 404 '"code":5' "$host/v1/shelves/fiction/books/spqr"
ask 400 'page_size' "$host/v1/shelves?page_size=many"
ask 405 '"code":12' -X DELETE "$host/v1/shelves"

if [ $failed != 0 ]; then
  say "Some answers were wrong"
  exit 1
fi
say "Every answer was the right one"
$once && exit 0
say "Serving at $host until Ctrl-C; examples/bookstore/README.md has more requests"
wait "${pids[-1]}"
