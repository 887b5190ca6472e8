#!/usr/bin/env bash
# Builds the images of sluice and of the bookstore, runs the one in front of the other, asks it with curl, stops it, and looks
# for a clean end. Uses a Docker engine where one runs, else Podman with a base image made by debootstrap from the machine's
# own sources.
set -euo pipefail
cd "$(dirname "$0")/../.."
. examples/setup.sh
work=$(mktemp -d)
bookstore= sluice=
trap 'kill $bookstore $sluice 2>/dev/null || :; wait; rm -rf "$work"' EXIT

build_with_podman() {
  install_packages podman runc debootstrap
  local apt=$work/apt.conf mounts=() target
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
  for target in sluice bookstore; do
    build_target $target "${mounts[@]}" || { tail -n 30 "$work/log"; return 1; }
  done
}

# build_target TARGET MOUNT...: again where Podman could not seal the copy of itself that it starts a step with, which is no
# fault of the image; the steps before it are kept.
build_target() {
  for _ in 1 2 3 4 5; do
    podman build --isolation chroot --pull=never "${@:2}" --target "$1" -t "$1-test" . >"$work/log" 2>&1 && return
    grep -q 'sealing memfd copy' "$work/log" || return 1
    echo "once more: $(tail -n 1 "$work/log")"
  done
  return 1
}

build_with_docker() {
  docker build -q --target sluice -t sluice-test . >/dev/null
  docker build -q --target bookstore -t bookstore-test . >/dev/null
}

# run_with_ENGINE IMAGE ARGUMENT...
run_with_podman() {
  local files
  files=$(ulimit -Hn)
  exec podman --runtime runc run --rm --network host --read-only --ulimit nofile="${files/unlimited/-1}" \
    --ulimit nproc=8192 "$@"
}

run_with_docker() {
  exec docker run --rm --network host --read-only "$@"
}

size_of() { $engine image inspect --format '{{.Size}}' "$1"; }

engine=podman base=localhost/debian:bookworm-slim
docker info >/dev/null 2>&1 && engine=docker base=debian:bookworm-slim
say "Building the images with $engine"
build_with_$engine
beyond=$(($(size_of sluice-test) - $(size_of $base)))
echo "sluice: $((beyond / 1000000)) MB beyond its base, user $($engine image inspect --format '{{.Config.User}}' sluice-test)"
[ $beyond -le 60000000 ] || { echo "expected at most 60 MB" >&2; exit 1; }

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
run_with_$engine bookstore-test --listen 127.0.0.1:0 2>"$work/bookstore.log" &
bookstore=$!
backend=$(wait_for "$work/bookstore.log" 'listening on ')
run_with_$engine sluice-test --listen 127.0.0.1:0 --admin 127.0.0.1:0 --backend "$backend" 2>"$work/sluice.log" &
sluice=$!
host=$(wait_for "$work/sluice.log" ' listening on ')
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
say "The images work"
