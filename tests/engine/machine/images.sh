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
        gcr.io/*) ;;
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

distroless() { # name "layer..."
    image "distroless-$1" "$2" "gcr.io/distroless/$1-debian13:nonroot" --user 65532 --workdir /home/nonroot \
        --env "PATH=$debian_path" --env SSL_CERT_FILE=/etc/ssl/certs/ca-certificates.crt
}

first_layers=(go trixie_dev trixie_slim distroless_static distroless_base busybox alpine host_ca)
first_images() {
    golang golang-trixie 'trixie_dev go host_ca' "golang:$GO_MINOR-trixie" bash
    distroless static distroless_static
    distroless base 'distroless_static distroless_base'
    image alpine 'busybox alpine' alpine:3.24 --cmd /bin/sh --env "PATH=$debian_path"
    image debian-trixie trixie_slim debian:trixie-slim --cmd bash --env "PATH=$debian_path"
}

more_layers=(bookworm_dev bookworm_slim frontend)
more_images() {
    golang golang-alpine 'busybox alpine go host_ca' "golang:$GO_MINOR-alpine3.24 golang:$GO_MINOR-alpine" /bin/sh
    golang golang-bookworm 'bookworm_dev go host_ca' "golang:$GO_MINOR-bookworm" bash
    image debian-bookworm bookworm_slim debian:bookworm-slim --cmd bash --env "PATH=$debian_path"
}

# Not tagged docker/dockerfile:1, so that "no frontend to be had" can still be tested.
FRONTEND=dockwright-test/dockerfile-frontend:1
frontend_image() {
    image frontend frontend "$FRONTEND" --entrypoint /bin/dockerfile-frontend --env "PATH=$debian_path" \
        --label moby.buildkit.frontend.network.none=true \
        --label moby.buildkit.frontend.caps=moby.buildkit.frontend.inputs,moby.buildkit.frontend.subrequests,moby.buildkit.frontend.contexts
}
