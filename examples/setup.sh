# Sourced by the scripts: how they speak, and how they install Debian packages and build.

say() { printf '\n==> %s\n' "$*"; }

as_root() {
  if [ "$(id -u)" = 0 ]; then "$@"; else sudo "$@"; fi
}

# Installs those of the named packages that are missing.
install_packages() {
  local missing=() package
  for package in "$@"; do
    dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null | grep -qx installed || missing+=("$package")
  done
  [ ${#missing[@]} -gt 0 ] || return 0
  say "Installing ${missing[*]}"
  as_root env DEBIAN_FRONTEND=noninteractive apt-get update -q
  as_root env DEBIAN_FRONTEND=noninteractive apt-get install -y -q --no-install-recommends "${missing[@]}"
}

# What building Sluice and its examples takes.
build_packages=(
  g++ cmake ninja-build ccache pkg-config protobuf-compiler libprotobuf-dev libprotoc-dev libboost1.81-dev libnghttp2-dev
  nlohmann-json3-dev libcli11-dev libspdlog-dev libyaml-cpp-dev libssl-dev libc-ares-dev zlib1g-dev libbrotli-dev
  libzstd-dev prometheus-cpp-dev
)
