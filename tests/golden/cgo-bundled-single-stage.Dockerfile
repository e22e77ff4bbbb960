# syntax=docker/dockerfile:1

# One stage: the compiler stays in the image.
FROM cgr.dev/chainguard/go:latest
ENV GOTOOLCHAIN=local
ENV GOAMD64=v1
WORKDIR /src

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/root/go/pkg/mod \
    --mount=type=bind,source=go.mod,target=/src/go.mod \
    --mount=type=bind,source=go.sum,target=/src/go.sum \
    go mod download

# The program uses the C library of the final image; the caches speed up a rebuild.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,id=go-build-chainguard-go,target=/root/.cache/go-build \
    --mount=type=cache,target=/root/go/pkg/mod \
    --mount=type=bind,target=/src \
    case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=1 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w -extldflags '-Wl,-rpath,/usr/local/lib'" -o /usr/local/bin/ping . \
 && readelf -d /usr/local/bin/ping > /dev/shm/dynamic && mkdir -p /usr/local/lib \
 && sed -n '/PATH)/{s/.*\[\(.*\)\]/\1/;s/:/\n/g;p}' /dev/shm/dynamic > /dev/shm/folders \
 && sed -n '/NEEDED)/{s/.*\[\(.*\)\]/\1/;p}' /dev/shm/dynamic > /dev/shm/names \
 && while read -r folder; do case $folder in /root/go/pkg/mod/* | /src/*) while read -r name; do \
      [ ! -f "$folder/$name" ] || install -m 644 "$folder/$name" /usr/local/lib/ || exit 1; \
    done < /dev/shm/names ;; esac; done < /dev/shm/folders

EXPOSE 8080/tcp
USER 65532:65532
WORKDIR /
ENTRYPOINT ["/usr/local/bin/ping"]
