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
    go build -trimpath -tags pro -ldflags="-s -w" -o /out/ . ./cmd/tool \
 && mv /out/ping /out/server

# Runs only when it is asked for: docker build --target test.
FROM build AS test
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,target=/src \
    CGO_ENABLED=0 go vet -tags pro ./... \
 && CGO_ENABLED=0 go test -tags pro ./...

# Only the program: docker build --target binary --output . writes it to this folder.
FROM scratch AS binary
COPY --from=build /out/server /out/tool /

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ /usr/local/bin/
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/server"]
