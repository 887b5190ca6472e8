#!/usr/bin/env bash
# Makes the Debian package, installs it into a root of its own by dpkg, looks at what came, and removes it again.
# package_test.sh BUILD_DIR
set -euo pipefail
build=$1
for tool in apt-get cpack dpkg dpkg-shlibdeps; do
  command -v $tool >/dev/null || { echo "missing: $tool" >&2; [ "${CI:-}" = true ] && exit 1; exit 77; }
done
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
fail() { echo "$1" >&2; exit 1; }

cpack --config "$build/CPackConfig.cmake" -B "$work/packages" >"$work/log" || { cat "$work/log"; exit 1; }
package=$(echo "$work"/packages/sluice_*.deb)

# What it needs is all on the machine where it was built.
dpkg-deb -f "$package" Depends | grep -q libssl3 || fail "expected it to depend on libssl3"
apt-get install --simulate "$package" >"$work/log" || { cat "$work/log"; exit 1; }
[ "$(grep '^Inst ' "$work/log" | cut -d ' ' -f 2)" = sluice ] || fail "expected nothing but sluice: $(cat "$work/log")"

root=$work/root
mkdir -p "$root"/var/lib/dpkg/{info,updates}
touch "$root"/var/lib/dpkg/{status,available}
dpkg_there() { dpkg --root="$root" --log=/dev/null --force-not-root,depends "$@" >"$work/log" 2>&1 || { cat "$work/log"; exit 1; }; }
dpkg_there --install "$package"
"$root/usr/bin/sluice" --version | grep -qx 'sluice [0-9.]*' || fail "expected its version, got: $("$root/usr/bin/sluice" --version)"
unit=$root/usr/lib/systemd/system/sluice.service
grep -qx 'ExecStart=/usr/bin/sluice --config /etc/sluice/sluice.yaml' "$unit" || fail "expected the unit to start it"
if command -v systemd-analyze >/dev/null; then
  sed "s|=/usr/bin/sluice|=$root/usr/bin/sluice|" "$unit" >"$work/sluice.service"
  systemd-analyze verify "$work/sluice.service"
fi
dpkg_there --purge sluice
left=$(find "$root/usr" -type f 2>/dev/null || :)
[ -z "$left" ] || fail "expected nothing to stay, got: $left"
