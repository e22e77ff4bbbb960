# syntax=docker/dockerfile:1

# The build is given what must not be in the image: docker build --secret id=company-ca,src=ca.crt --secret id=netrc,src=$HOME/.netrc .

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-alpine3.24 AS build
WORKDIR /src

# What compiling needs beside Go; nothing of it is in the final image.
RUN --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && SSL_CERT_FILE=/dev/shm/ca.crt apk add --no-cache git

# These modules come from their own hosts, with credentials that stay outside the image.
ENV GOPRIVATE=git.example.com

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=secret,id=netrc,target=/root/.netrc \
    --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    --mount=type=bind,source=go.mod,target=/src/go.mod \
    --mount=type=bind,source=go.sum,target=/src/go.sum \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && export SSL_CERT_FILE=/dev/shm/ca.crt GIT_SSL_CAINFO=/dev/shm/ca.crt \
 && go mod download

# Compiles without C; the caches let a rebuild compile only what changed.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=secret,id=netrc,target=/root/.netrc \
    --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    --mount=type=bind,target=/src \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && export SSL_CERT_FILE=/dev/shm/ca.crt GIT_SSL_CAINFO=/dev/shm/ca.crt \
 && case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/ping .

# The final stage: nothing above is in the image but what is copied.
FROM alpine:3.24
# What the program loads or opens when it runs.
RUN --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && SSL_CERT_FILE=/dev/shm/ca.crt apk add --no-cache git
COPY --from=build /out/ping /usr/local/bin/ping
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
