# syntax=docker/dockerfile:1

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# One stage: the compiler stays in the image.
FROM golang:${GO_VERSION}-trixie AS build
WORKDIR /src

# What compiling and the program need beside Go.
RUN apt-get update \
 && DEBIAN_FRONTEND=noninteractive apt-get install -y --no-install-recommends git \
 && rm -rf /var/lib/apt/lists/*

# A name for the user, so that the program finds it.
RUN echo 'app:x:65532:65532:app:/app:/sbin/nologin' >> /etc/passwd && echo 'app:x:65532:' >> /etc/group

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
    go build -trimpath -ldflags="-s -w" -o /usr/local/bin/ . ./cmd/tool

# Files the program opens, with the same modes and dates whatever the checkout gave them.
RUN --mount=type=bind,target=/src \
    mkdir -p /app && cp -RH --parents templates /app/ \
 && chmod -R u=rwX,go=rX /app && find /app -exec touch -h -d @0 {} +

# Runs only when it is asked for: docker build --target test.
FROM build AS test
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=bind,target=/src \
    CGO_ENABLED=0 go vet ./... \
 && CGO_ENABLED=0 go test ./...

# Only the program: docker build --target binary --output . writes it to this folder.
FROM scratch AS binary
COPY --from=build /usr/local/bin/ping /usr/local/bin/tool /

# The compiler stays in the image.
FROM build
EXPOSE 8080/tcp
USER 65532:65532
# Created by the user who runs the program, so it may write there.
WORKDIR /data
WORKDIR /app
HEALTHCHECK --interval=30s --timeout=5s --retries=3 CMD ["wget", "-q", "-O", "/dev/null", "http://127.0.0.1:8080/healthz"]
ENTRYPOINT ["/usr/local/bin/ping"]
