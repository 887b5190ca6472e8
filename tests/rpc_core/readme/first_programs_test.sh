#!/usr/bin/env bash
# Runs the README's first server and first client against each other.
#   first_programs_test.sh SERVER CLIENT
set -euo pipefail
coproc SERVER { exec "$1" 127.0.0.1:0; }
server=$SERVER_PID
trap 'kill "$server"' EXIT
read -r -t 10 endpoint <&"${SERVER[0]}"
greeting=$("$2" "$endpoint")
[[ $greeting == "Hello world" ]] || { echo "expected \"Hello world\", got \"$greeting\""; exit 1; }
