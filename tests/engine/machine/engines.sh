# The engines of the tests: how each is started, and what is loaded into them.
# shellcheck shell=bash

ENGINES=(docker-20.10 docker-28 docker-28-containerd podman)
FORKY=$STATE/forky
PODMAN_NEW=$STATE/data/podman-new
declare -A BRIDGES=([docker-20.10]=dockwright20 [docker-28]=dockwright28 [docker-28-containerd]=dockwright28c)
declare -A NETWORKS=([docker-20.10]=10.20 [docker-28]=10.28 [docker-28-containerd]=10.29)

# Folders of the engines' data with databases: a build is hundreds of transactions, and each waits for the disk.
declare -A DATABASES=(
    [docker-20.10]='buildkit image'
    [docker-28]='buildkit image'
    [docker-28-containerd]='buildkit containerd/daemon/io.containerd.metadata.v1.bolt containerd/daemon/io.containerd.content.v1.content'
)
QUICK=$STATE/quick

socket_of() { # engine; 20.10 is the default engine of the machine
    case $1 in
    docker-20.10) echo /var/run/docker.sock ;;
    *) echo "$STATE/run/$1.sock" ;;
    esac
}

# A file system that never waits for the disk. A power cut may break it, and with it the engines' data.
mount_quick() {
    local file=$QUICK.ext4
    ! mountpoint -q "$QUICK" || return 0
    mkdir -p "$QUICK"
    if [ -e "$file" ] && ! sound "$file"; then
        say "$file is broken: the engines begin anew"
        rm -rf "$file" "$STATE"/data/docker-* "$STATE"/loaded/docker-*
    fi
    if [ ! -e "$file" ]; then
        truncate -s 16G "$file.part"
        mkfs.ext4 -q -O ^has_journal "$file.part"
        mv "$file.part" "$file"
    fi
    mount -o loop,nobarrier,noatime "$file" "$QUICK" || say 'databases stay on the disk, which is slower'
}

sound() { # file system: mended where that loses nothing
    e2fsck -p "$1" >/dev/null || [ $? = 1 ]
}

move_databases() { # engine
    local folder place quick
    for folder in ${DATABASES[$1]}; do
        place=$STATE/data/$1/$folder quick=$QUICK/$1/$folder
        [ ! -L "$place" ] || continue
        mkdir -p "$place" "$(dirname "$quick")"
        rm -rf "$quick"
        cp -a "$place" "$quick"
        rm -rf "$place"
        ln -s "$quick" "$place"
    done
}

mtu() { # of the way out: larger packets of a container would be lost
    local device
    device=$(ip -4 route show default | awk '{ for (i = 1; i < NF; i++) if ($i == "dev") { print $(i + 1); exit } }')
    cat "/sys/class/net/${device:-lo}/mtu" 2>/dev/null || echo 1500
}

# Each has a bridge of its own: an engine 28 that uses another one removes docker0.
bridge() { # engine
    local name=${BRIDGES[$1]} network=${NETWORKS[$1]}
    ip link show "$name" >/dev/null 2>&1 || ip link add "$name" type bridge
    ip addr replace "$network.0.1/24" dev "$name"
    ip link set "$name" mtu "$(mtu)" up
    rule nat POSTROUTING -s "$network.0.0/16" ! -d "$network.0.0/16" -j MASQUERADE
    rule filter FORWARD -s "$network.0.0/16" -j ACCEPT
    rule filter FORWARD -d "$network.0.0/16" -j ACCEPT
    echo 1 >/proc/sys/net/ipv4/ip_forward
}

rule() { iptables -w -t "$1" -C "${@:2}" 2>/dev/null || iptables -w -t "$1" -I "${@:2}"; }
unrule() { while iptables -w -t "$1" -D "${@:2}" 2>/dev/null; do :; done; }

remove_bridge() { # engine
    local network=${NETWORKS[$1]}
    ip link del "${BRIDGES[$1]}" 2>/dev/null || true
    unrule nat POSTROUTING -s "$network.0.0/16" ! -d "$network.0.0/16" -j MASQUERADE
    unrule filter FORWARD -s "$network.0.0/16" -j ACCEPT
    unrule filter FORWARD -d "$network.0.0/16" -j ACCEPT
}

up_docker_20_10() {
    local socket run=$STATE/run/docker-20.10
    socket=$(socket_of docker-20.10)
    if answers "$socket"; then
        docker -H "unix://$socket" version --format '{{.Server.Version}}' | grep -q '^20\.10\.' ||
            die "another engine answers at $socket: stop it first"
        return 0
    fi
    bridge docker-20.10
    mkdir -p "$run"
    move_databases docker-20.10
    start docker-20.10 "$socket" dockerd --host "unix://$socket" --data-root "$STATE/data/docker-20.10" \
        --pidfile "$run/docker.pid" --exec-root "$run/docker" --storage-driver overlay2 \
        --bridge "${BRIDGES[docker-20.10]}" --mtu "$(mtu)"
}

make_forky() {
    [ ! -e "$FORKY/usr/sbin/dockerd" ] || return 0
    rm -rf "$FORKY" "$FORKY.part"
    sources_of forky | mmdebstrap --quiet --mode=root --variant=minbase \
        --include=docker.io,iptables,ca-certificates,iproute2 \
        --dpkgopt='path-exclude=/usr/share/doc/*' --dpkgopt='path-exclude=/usr/share/man/*' \
        --dpkgopt='path-exclude=/usr/share/locale/*' forky "$FORKY.part" -
    mv "$FORKY.part" "$FORKY"
}

up_docker_28() { # name option...
    local name=$1
    shift
    if answers "$(socket_of "$name")"; then return 0; fi
    bridge "$name"
    mkdir -p "$STATE/data/$name" "$STATE/run/$name/host" "$FORKY/run" "$FORKY/var/lib/docker" "$FORKY$QUICK"
    move_databases "$name"
    cat /etc/resolv.conf >"$FORKY/etc/resolv.conf"
    # BuildKit keeps the log and the trace of every build for two days, and looks through all of them again and again.
    # What it keeps of builds must not depend on how full the disk is, as it does by itself.
    echo '{"builder": {
        "history": {"maxAge": "1m", "maxEntries": 50},
        "gc": {"defaultReservedSpace": "10GB", "defaultMaxUsedSpace": "12GB", "defaultMinFreeSpace": "1GB"}
    }}' >"$STATE/run/$name/daemon.json"
    # The bind of the folder on itself makes it a mount, which the engine remounts when it loads layers.
    # pivot_root, since after a chroot `docker exec` and health checks find the files of the machine, not the container's.
    # No iptables: an engine that starts empties the chains of the others.
    # /run outlives the engine: one started after a crash finds, and ends, the containers of the one before.
    # shellcheck disable=SC2016
    start "$name" "$(socket_of "$name")" unshare --mount --propagation private bash -euc '
        root=$1 data=$2 run=$3 sockets=$4 quick=$5
        shift 5
        mount --bind "$root" "$root"
        mount -t proc proc "$root/proc"
        mount --rbind /sys "$root/sys"
        mount --rbind /dev "$root/dev"
        mount --bind "$run" "$root/run"
        mount --bind "$sockets" "$root/run/host"
        mount --bind "$data" "$root/var/lib/docker"
        mount --bind "$quick" "$root$quick"
        cd "$root"
        pivot_root . mnt
        cd /
        umount -l /mnt
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root dockerd "$@"
    ' - "$FORKY" "$STATE/data/$name" "$STATE/run/$name" "$STATE/run" "$QUICK" \
        --config-file /run/daemon.json --host "unix:///run/host/$name.sock" --exec-root /run/docker --pidfile /run/docker.pid \
        --containerd-namespace "$name" --containerd-plugins-namespace "$name-plugins" \
        --bridge "${BRIDGES[$name]}" --iptables=false --ip6tables=false --mtu "$(mtu)" \
        --default-address-pool "base=${NETWORKS[$name]}.128.0/17,size=24" "$@"
}

podman_images() { find "$STATE/data/podman/overlay-images" -mindepth 1 -maxdepth 1 -type d 2>/dev/null | wc -l; }

# Podman looks at every image whenever one is built, listed or removed, and keeps each step of a build as one.
renew_podman() {
    [ "$(podman_images)" -gt 100 ] || return 0
    stop podman
    findmnt -rno TARGET | grep "^$STATE/\(data\|run\)/podman/" | sort -r | xargs -r -n 1 umount -l || true
    rm -rf "$STATE/data/podman" "$STATE/run/podman" "$STATE/loaded/podman"
    if [ -d "$PODMAN_NEW/data" ]; then
        cp -al "$PODMAN_NEW/data" "$STATE/data/podman"
        cp -a "$PODMAN_NEW/loaded" "$STATE/loaded/podman"
    fi
}

# A store in which nothing was built yet is kept for the next time. Its files can be linked: Podman replaces
# what it changes, but for the locks. It mounts the folder of the layers on itself, and no link crosses a mount.
keep_new_podman() {
    [ "$(podman_images)" -le "$(find "$STATE/loaded/podman" -type f | wc -l)" ] || return 0
    ! diff -rq "$STATE/loaded/podman" "$PODMAN_NEW/loaded" >/dev/null 2>&1 || return 0
    rm -rf "$PODMAN_NEW"
    mkdir -p "$PODMAN_NEW/data"
    # shellcheck disable=SC2016
    unshare --mount sh -euc 'umount -l "$1/overlay"; cp -al "$1"/overlay* "$1"/defaultNetworkBackend "$2"' - "$STATE/data/podman" "$PODMAN_NEW/data"
    find "$PODMAN_NEW/data" -maxdepth 2 -name '*.lock' -delete
    cp -a "$STATE/loaded/podman" "$PODMAN_NEW/loaded"
}

up_podman() {
    renew_podman
    # The registry of tests/engine/test_registry.py speaks plain HTTP, which Podman allows only where it is told.
    printf 'unqualified-search-registries = ["docker.io"]\n[[registry]]\nlocation = "127.0.0.1:5077"\ninsecure = true\n' \
        >"$STATE/podman.registries.conf"
    # Its default limits are above what a machine without CAP_SYS_RESOURCE may ask for.
    printf '[containers]\ndefault_ulimits = ["nofile=4096:4096", "nproc=4096:4096"]\n' >"$STATE/podman.containers.conf"
    # runc, since crun refuses a machine that has cgroups of both versions.
    CONTAINERS_REGISTRIES_CONF=$STATE/podman.registries.conf CONTAINERS_CONF=$STATE/podman.containers.conf \
        start podman "$(socket_of podman)" \
        podman --root "$STATE/data/podman" --runroot "$STATE/run/podman" --tmpdir "$STATE/run/podman/tmp" \
        --storage-driver overlay --runtime runc --cgroup-manager cgroupfs --events-backend file \
        system service --time=0 "unix://$(socket_of podman)"
}

up_engine() { # engine
    case $1 in
    docker-20.10) up_docker_20_10 ;;
    docker-28) up_docker_28 "$1" --storage-driver overlay2 ;;
    docker-28-containerd) up_docker_28 "$1" --feature containerd-snapshotter=true ;;
    podman) up_podman ;;
    esac
}

# Each line: name of the reference, then its ID in that engine.
images_in() { # engine
    docker -H "unix://$(socket_of "$1")" images --no-trunc --format '{{.Repository}}:{{.Tag}} {{.ID}}' |
        sed -e 's,^docker\.io/library/,,' -e 's,^docker\.io/,,'
}

# A stamp holds the archive's ID and the one the engine gave it: they differ between image stores.
load_images() { # engine archive...
    local engine=$1 archive name stamp present id
    shift
    present=$(images_in "$engine")
    mkdir -p "$STATE/loaded/$engine"
    for archive in "$@"; do
        name=$(basename "$archive" .tar)
        stamp=$STATE/loaded/$engine/$name
        if state_of_image "$archive" "$present" | cmp -s - "$stamp"; then continue; fi
        docker -H "unix://$(socket_of "$engine")" load --quiet --input "$archive" >/dev/null
        present=$(images_in "$engine")
        # What it replaced has no name any more and would only fill the disk.
        for id in $(awk '$2 ~ /^sha256:/ { print $2 }' "$stamp" 2>/dev/null | sort -u); do
            grep -v '^<none>' <<<"$present" | grep -q " $id\$" ||
                docker -H "unix://$(socket_of "$engine")" image rm "$id" >/dev/null 2>&1 || true
        done
        state_of_image "$archive" "$present" >"$stamp"
        ! grep 'is missing' "$stamp" >&2 || die "$engine did not take $archive"
        say "$engine has $name"
    done
}

state_of_image() { # archive list
    local reference
    cat "$1.id"
    while read -r reference; do
        awk -v reference="$reference" '$1 == reference' <<<"$2" | grep . || echo "$reference is missing"
    done <"$1.refs"
}
