# syntax=docker/dockerfile:1

# The build is given what must not be in the image: docker build --ssh default --secret id=known-hosts,src=$HOME/.ssh/known_hosts .

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine3.24 AS build
WORKDIR /src

# What compiling needs beside Go; nothing of it is in the final image.
RUN apk add --no-cache git openssh-client

# These modules come from their own hosts, with credentials that stay outside the image.
ENV GOPRIVATE=git.example.com,code.example.org
RUN git config --global url."ssh://git@git.example.com/".insteadOf "https://git.example.com/" \
 && git config --global url."ssh://git@code.example.org/".insteadOf "https://code.example.org/"

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=ssh \
    --mount=type=secret,id=known-hosts,target=/root/.ssh/known_hosts \
    --mount=type=bind,source=go.mod,target=/src/go.mod \
    --mount=type=bind,source=go.sum,target=/src/go.sum \
    go mod download

# Compiles without C; the caches let a rebuild compile only what changed.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=ssh \
    --mount=type=secret,id=known-hosts,target=/root/.ssh/known_hosts \
    --mount=type=bind,target=/src \
    case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/ping .

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
