# syntax=docker/dockerfile:1

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles for the platform it runs on, because C code is compiled with it.
FROM golang:${GO_VERSION}-trixie AS build
WORKDIR /src

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,source=go.mod,target=/src/go.mod \
    --mount=type=bind,source=go.sum,target=/src/go.sum \
    go mod download

# The program uses the C library of the final image; the caches speed up a rebuild.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,id=go-build-golang-trixie,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,target=/src \
    case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=1 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w -extldflags '-Wl,-rpath,/usr/local/lib'" -o /out/ping . \
 && readelf -d /out/ping > /dev/shm/dynamic && mkdir -p /bundled \
 && sed -n '/PATH)/{s/.*\[\(.*\)\]/\1/;s/:/\n/g;p}' /dev/shm/dynamic > /dev/shm/folders \
 && sed -n '/NEEDED)/{s/.*\[\(.*\)\]/\1/;p}' /dev/shm/dynamic > /dev/shm/names \
 && while read -r folder; do case $folder in /go/pkg/mod/* | /src/*) while read -r name; do \
      [ ! -f "$folder/$name" ] || install -m 644 "$folder/$name" /bundled/ || exit 1; \
    done < /dev/shm/names ;; esac; done < /dev/shm/folders \
 && find /bundled -exec touch -h -d @0 {} +

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/cc-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
COPY --from=build /bundled/ /usr/local/lib/
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
