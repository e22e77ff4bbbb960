# Shared by up, down and layer: where things are, and small helpers.
# shellcheck shell=bash

STATE=${DOCKWRIGHT_CI_STATE:-/var/cache/dockwright-ci}
HERE=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
GO_MINOR=1.27
NODE_MAJOR=24
GOROOT_DIR=$STATE/goroot
HOST_CA=/etc/ssl/certs/ca-certificates.crt
export DEBIAN_FRONTEND=noninteractive

say() { printf '[%4ds] %s\n' "$SECONDS" "$*" >&2; }
die() {
    say "$*"
    exit 1
}

# The archive this machine already uses, so that no mirror is named here.
mirror_of() { # label
    apt-get indextargets --format '$(LABEL)|$(REPO_URI)' 'Created-By: Packages' |
        awk -F'|' -v label="$1" '$1 == label { print $2; exit }'
}

sources_of() { # suite: the lines a published Debian image has
    local main security
    main=$(mirror_of Debian)
    security=$(mirror_of Debian-Security)
    [ -n "$main" ] || die 'no Debian archive in this machine'\''s apt configuration'
    if [ "$1" = forky ]; then
        # The Release file of a release in the making may be past its date.
        echo "deb [check-valid-until=no] $main $1 main"
        return 0
    fi
    echo "deb $main $1 main"
    echo "deb $main $1-updates main"
    [ -z "$security" ] || echo "deb $security $1-security main"
}

# apt-get for any Debian release, with a state of its own: the machine's packages are not touched.
apt_get_of() ( # suite argument...
    apt=$STATE/apt/$1
    mkdir -p "$apt/lists/partial" "$apt/cache/archives/partial"
    # Two layers may ask at once, and apt does not wait for another's lock.
    exec 8>"$apt/lock"
    flock 8
    : >"$apt/status"
    sources_of "$1" | sed 'p; s/^deb /deb-src /' >"$apt/sources.list"
    apt-get -qq -o "Dir::Etc::sourcelist=$apt/sources.list" -o Dir::Etc::sourceparts=- \
        -o "Dir::State::lists=$apt/lists" -o "Dir::State::status=$apt/status" -o "Dir::Cache=$apt/cache" \
        -o APT::Sandbox::User=root "${@:2}"
)

download_debs() { # suite folder package...
    mkdir -p "$2"
    apt_get_of "$1" update
    (cd "$2" && apt_get_of "$1" download "${@:3}")
}

# After a restart of the machine, what the engines remember as running and mounted is wrong.
forget_last_boot() {
    local boot
    boot=$(cat /proc/sys/kernel/random/boot_id)
    [ "$(cat "$STATE/run/boot_id" 2>/dev/null)" != "$boot" ] || return 0
    rm -rf "$STATE/run"
    mkdir -p "$STATE/run"
    echo "$boot" >"$STATE/run/boot_id"
}

answers() { curl -sf --max-time 5 --unix-socket "$1" http://engine/_ping >/dev/null 2>&1; } # socket

pid_in() { # file program...: the process a file names, if it is still one of these programs
    local pid program
    pid=$(cat "$1" 2>/dev/null) || return 1
    for program in "${@:2}"; do
        [ "$(cat "/proc/$pid/comm" 2>/dev/null)" != "$program" ] || echo "$pid"
    done | grep .
}

stop() { # name
    local pid
    pid=$(pid_in "$STATE/run/$1.pid" dockerd podman) || return 0
    kill "$pid" 2>/dev/null || return 0
    for _ in $(seq 100); do
        kill -0 "$pid" 2>/dev/null || return 0
        sleep 0.2
    done
    kill -9 "$pid" 2>/dev/null || true
}

# Twice: dockerd gives its containerd 15 seconds, and its database may come slowly from a disk for the first time.
start() { # name socket command...
    start_once "$@" || start_once "$@" || {
        tail -n 20 "$STATE/log/$1.log" >&2
        die "$1 did not start; its log is $STATE/log/$1.log"
    }
}

start_once() { # name socket command...
    local name=$1 socket=$2 containerd
    shift 2
    ! answers "$socket" || return 0
    stop "$name"
    # Left by one that was killed; its number may belong to another process by now.
    rm -f "$socket" "$STATE/run/$name/docker.pid"
    containerd=$STATE/run/$name/docker/containerd/containerd.pid
    pid_in "$containerd" containerd >/dev/null || rm -f "$containerd"
    # A session of its own, so that the engine outlives the script; 9 is the script's lock.
    # In /, since conmon leaves its files in the folder its engine was started from.
    setsid nohup env --chdir=/ "$@" </dev/null >>"$STATE/log/$name.log" 2>&1 9>&- &
    echo $! >"$STATE/run/$name.pid"
    for _ in $(seq 300); do
        if answers "$socket"; then
            say "$name answers"
            return 0
        fi
        kill -0 "$(cat "$STATE/run/$name.pid")" 2>/dev/null || break
        sleep 0.2
    done
    return 1
}
