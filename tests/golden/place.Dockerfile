# syntax=docker/dockerfile:1

# The build starts above this folder, beside which it reads files: docker build -f services/ping/Dockerfile .

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS build
WORKDIR /src/services/ping

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,source=services/ping/go.mod,target=/src/services/ping/go.mod \
    --mount=type=bind,source=services/ping/go.sum,target=/src/services/ping/go.sum \
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

# Files the program opens, with the same modes and dates whatever the checkout gave them.
RUN --mount=type=bind,target=/src \
    mkdir -p /files && cp -RH --parents templates /files/ \
 && chmod -R u=rwX,go=rX /files && find /files -exec touch -h -d @0 {} +

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
COPY --from=build /files/ /app
EXPOSE 8080/tcp
USER 65532:65532
WORKDIR /app
ENTRYPOINT ["/usr/local/bin/ping"]
