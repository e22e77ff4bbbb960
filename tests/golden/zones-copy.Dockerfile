# syntax=docker/dockerfile:1

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS build
WORKDIR /src

# What a program expects of a system and scratch does not have.
RUN mkdir -p /rootfs/etc/ssl/certs /rootfs/tmp \
 && chmod 1777 /rootfs/tmp \
 && printf 'root:x:0:0:root:/:/sbin/nologin\napp:x:65532:65532:app:/:/sbin/nologin\n' > /rootfs/etc/passwd \
 && printf 'root:x:0:\napp:x:65532:\n' > /rootfs/etc/group \
 && cp /etc/ssl/certs/ca-certificates.crt /rootfs/etc/ssl/certs/ca-certificates.crt \
 && find /rootfs -exec touch -h -d @0 {} +

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,source=go.mod,target=/src/go.mod \
    --mount=type=bind,source=go.sum,target=/src/go.sum \
    go mod download

# Compiles without C; the caches let a rebuild compile only what changed.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,target=/src \
    case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/ping .

# The final stage: nothing above is in the image but what is copied.
FROM scratch
COPY --from=build /rootfs/ /
COPY --from=build /usr/share/zoneinfo /usr/share/zoneinfo
COPY --from=build /out/ping /usr/local/bin/ping
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
