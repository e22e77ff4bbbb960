# syntax=docker/dockerfile:1

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS build
WORKDIR /src

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,source=go.mod,target=/src/go.mod \
    --mount=type=bind,source=go.sum,target=/src/go.sum \
    go mod download

# A probe of 1.5 MB that asks for the health endpoint, since the image has no program that can.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,target=/root/.cache/go-build \
    case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && printf '%s\n' \
      'package main' 'import ("net"; "os"; "time")' 'func main() {' \
      'c, err := net.DialTimeout("tcp", os.Args[1], 3*time.Second)' 'if err != nil { os.Exit(1) }' \
      'c.SetDeadline(time.Now().Add(3 * time.Second))' \
      'c.Write([]byte("GET " + os.Args[2] + " HTTP/1.0\r\nHost: " + os.Args[1] + "\r\n\r\n"))' \
      'b := make([]byte, 12)' 'n, _ := c.Read(b)' 'if n < 10 || b[9] > 51 { os.Exit(1) }' '}' > /tmp/probe.go \
 && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH go build -trimpath -ldflags="-s -w" -o /probe/healthprobe /tmp/probe.go

# Compiles without C; the caches let a rebuild compile only what changed.
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,target=/src \
    case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/ping .

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
COPY --from=build /probe/healthprobe /usr/local/bin/healthprobe
EXPOSE 8080/tcp
USER 65532:65532
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD ["/usr/local/bin/healthprobe", "127.0.0.1:8080", "/healthz"]
ENTRYPOINT ["/usr/local/bin/ping"]
