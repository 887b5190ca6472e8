#!/usr/bin/env bash
# Builds the image, runs it in front of the bookstore, asks it with curl, stops it, and looks for a clean end.
# Uses a Docker engine where one runs, else Podman with a base image made by debootstrap from the machine's own sources.
#   tests/image/run.sh [BIN]      BIN: where the bookstore is (build/release/bin)
set -euo pipefail
cd "$(dirname "$0")/../.."
. examples/setup.sh
bin=${1:-build/release/bin}
work=$(mktemp -d)
bookstore= sluice=
trap 'kill $bookstore $sluice 2>/dev/null || :; wait; rm -rf "$work"' EXIT

build_with_podman() {
  install_packages podman runc debootstrap
  local base=localhost/debian:bookworm-slim apt=$work/apt.conf mounts=()
  if ! podman image exists "$base"; then
    say "Making the base image"
    local mirror
    mirror=$(apt-get indextargets --format '$(REPO_URI)' 'Codename: bookworm' 'Created-By: Packages' | head -n 1)
    debootstrap --variant=minbase bookworm "$work/root" ${mirror:+"$mirror"} >"$work/log" || { tail "$work/log"; return 1; }
    tar -C "$work/root" -c . | podman import --quiet - "$base" >/dev/null
    rm -rf "$work/root"
  fi
  # Packages come from where this machine gets its own; none of that stays in the image.
  { apt-config dump | grep '^Acquire::' || :; echo 'Acquire::https::CaInfo "/run/host-ca.crt";'; } >"$apt"
  mounts+=(-v "$apt:/etc/apt/apt.conf.d/95host:ro" -v /etc/ssl/certs/ca-certificates.crt:/run/host-ca.crt:ro)
  for sources in /etc/apt/sources.list /etc/apt/sources.list.d; do
    [ ! -e "$sources" ] || mounts+=(-v "$sources:$sources:ro")
  done
  podman build --isolation chroot --pull=never "${mounts[@]}" -t sluice-test . >"$work/log" 2>&1 ||
    { tail -n 30 "$work/log"; return 1; }
}

run_with_podman() {
  local files
  files=$(ulimit -Hn)
  exec podman --runtime runc run --rm --network host --read-only --ulimit nofile="${files/unlimited/-1}" \
    --ulimit nproc=8192 -v "$PWD/$bin/bookstore.pb:/schema/bookstore.pb:ro" sluice-test "$@"
}

run_with_docker() {
  exec docker run --rm --network host --read-only -v "$PWD/$bin/bookstore.pb:/schema/bookstore.pb:ro" sluice-test "$@"
}

engine=podman
docker info >/dev/null 2>&1 && engine=docker
say "Building the image with $engine"
if [ $engine = docker ]; then docker build -q -t sluice-test . >/dev/null; else build_with_podman; fi
$engine image inspect --format 'image of {{.Size}} bytes, user {{.Config.User}}' sluice-test

# wait_for FILE PATTERN: the part of a line of the file behind the pattern.
wait_for() {
  local found=
  for _ in $(seq 300); do
    found=$(sed -n "s/.*$2//p" "$1" | head -n 1)
    [ -z "$found" ] || break
    sleep 0.1
  done
  [ -n "$found" ] || { echo "no line with \"$2\":" >&2; cat "$1" >&2; return 1; }
  echo "$found"
}

say "Running it in front of the bookstore"
"$bin/bookstore" --port 0 2>"$work/bookstore.log" &
bookstore=$!
backend=$(wait_for "$work/bookstore.log" 'listening on ')
run_with_$engine --listen 127.0.0.1:0 --backend "$backend" --descriptor-set /schema/bookstore.pb 2>"$work/sluice.log" &
sluice=$!
host=$(wait_for "$work/sluice.log" 'listening on ')
curl -sS "$host/v1/shelves/fiction" | tee "$work/answer"
echo
grep -q '"name":"shelves/fiction"' "$work/answer"

say "Stopping it"
kill -TERM $sluice
code=0
wait $sluice || code=$?
cat "$work/sluice.log"
[ $code = 0 ] || { echo "expected exit code 0, got $code" >&2; exit 1; }
grep -q 'stopped' "$work/sluice.log"
say "The image works"
