# The base images under their published references, put together from layers.
# shellcheck shell=bash

debian_path=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin

image() { # name "layer..." "reference..." setting...
    local name=$1 layers=$2 references=$3 layer reference out options=() key
    shift 3
    out=$STATE/images/$name.tar
    for layer in $layers; do options+=(--layer "$STATE/layers/$layer.tar.gz"); done
    # In full, since Podman takes a short name for one of its own (localhost/).
    for reference in $references; do
        case $reference in
        *.*/*) ;;
        */*) reference=docker.io/$reference ;;
        *) reference=docker.io/library/$reference ;;
        esac
        options+=(--ref "$reference")
    done
    key=$({
        printf '%s\n' "${options[@]}" "$@"
        cat "$HERE/image.py"
        for layer in $layers; do cat "$STATE/layers/$layer.tar.gz.diffid"; done
    } | sha256sum)
    if [ ! -e "$out" ] || [ "$key" != "$(cat "$out.key" 2>/dev/null)" ]; then
        python3 "$HERE/image.py" pack "$out" "${options[@]}" "$@"
        printf '%s\n' $references >"$out.refs"
        echo "$key" >"$out.key"
    fi
    IMAGES+=("$out")
}

golang() { # name "layer..." "reference..." shell
    image "$1" "$2" "$3" --cmd "$4" --workdir /go --env "PATH=/go/bin:/usr/local/go/bin:$debian_path" \
        --env "GOLANG_VERSION=$(go_version)" --env GOTOOLCHAIN=local --env GOPATH=/go
}

go_version() { sed -n '1s/^go//p' "$GOROOT_DIR/VERSION"; }

ca_bundle=SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt

distroless() { # name "layer..." [debian release]
    local release=${3:-13}
    image "distroless-$1${3:+-debian$3}" "$2" "gcr.io/distroless/$1-debian$release:nonroot" --user 65532 \
        --workdir /home/nonroot --env "PATH=$debian_path" --env "$ca_bundle"
}

chainguard() { # name "layer..." setting...
    image "chainguard-$1" "$2" "cgr.dev/chainguard/$1:latest" --env "PATH=$debian_path" --env "$ca_bundle" "${@:3}"
}

first_layers=(go trixie_dev trixie_slim distroless_static distroless_base busybox alpine host_ca)
first_images() {
    golang golang-trixie 'trixie_dev go host_ca' "golang:$GO_MINOR-trixie" bash
    distroless static distroless_static
    distroless base 'distroless_static distroless_base'
    image alpine 'busybox alpine' alpine:3.24 --cmd /bin/sh --env "PATH=$debian_path"
    image debian-trixie trixie_slim debian:trixie-slim --cmd bash --env "PATH=$debian_path"
}

more_layers=(
    bookworm_dev forky_dev node frontend bookworm_slim distroless_base_nossl distroless_cc distroless12_static
    distroless12_base_nossl distroless12_ssl distroless12_cc busybox_debug busybox_root busybox_glibc alpine323
    dhi_static wolfi wolfi_tzdata wolfi_glibc wolfi_cxx chainguard_go
)
more_images() {
    local static12='distroless12_static' glibc12='distroless12_static distroless12_base_nossl'
    golang golang-alpine 'busybox alpine go host_ca' "golang:$GO_MINOR-alpine3.24 golang:$GO_MINOR-alpine" /bin/sh
    golang golang-bookworm 'bookworm_dev go host_ca' "golang:$GO_MINOR-bookworm" bash
    golang golang-alpine323 'busybox alpine alpine323 go host_ca' "golang:$GO_MINOR-alpine3.23" /bin/sh
    image debian-bookworm bookworm_slim debian:bookworm-slim --cmd bash --env "PATH=$debian_path"
    image alpine323 'busybox alpine alpine323' alpine:3.23 --cmd /bin/sh --env "PATH=$debian_path"
    distroless base-nossl 'distroless_static distroless_base_nossl'
    distroless cc 'distroless_static distroless_base distroless_cc'
    distroless static "$static12" 12
    distroless base-nossl "$glibc12" 12
    distroless base "$glibc12 distroless12_ssl" 12
    distroless cc "$glibc12 distroless12_ssl distroless12_cc" 12
    image distroless-static-debug 'distroless_static busybox_debug' gcr.io/distroless/static-debian13:debug-nonroot \
        --user 65532 --workdir /home/nonroot --entrypoint /busybox/sh --env "PATH=$debian_path:/busybox" --env "$ca_bundle"
    image dhi-static dhi_static dhi.io/static:20250419-debian13 --user 65532 --env "PATH=$debian_path" --env "$ca_bundle"
    image busybox-glibc 'busybox_root busybox_glibc' busybox:1.38-glibc --cmd sh --env "PATH=$debian_path"
    image busybox-musl busybox_root busybox:1.38-musl --cmd sh --env "PATH=$debian_path"
    chainguard static 'wolfi wolfi_tzdata' --user 65532
    chainguard glibc-dynamic 'wolfi wolfi_glibc wolfi_cxx' --user 65532
    chainguard wolfi-base 'busybox wolfi wolfi_glibc' --cmd /bin/sh --cmd=-l
    chainguard go 'forky_dev go chainguard_go host_ca' --entrypoint /usr/bin/go --cmd help \
        --env GODEBUG=tarinsecurepath=0,zipinsecurepath=0 --env GOTOOLCHAIN=local+auto
    image node 'trixie_slim node host_ca' "node:$NODE_MAJOR-trixie-slim" --cmd node --env "PATH=$debian_path" \
        --env "NODE_VERSION=$NODE_MAJOR" --env NODE_EXTRA_CA_CERTS=$HOST_CA
}

# Not tagged docker/dockerfile:1, so that "no frontend to be had" can still be tested.
FRONTEND=dockwright-test/dockerfile-frontend:1
frontend_image() {
    image frontend frontend "$FRONTEND" --entrypoint /bin/dockerfile-frontend --env "PATH=$debian_path" \
        --label moby.buildkit.frontend.network.none=true \
        --label moby.buildkit.frontend.caps=moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts
}
