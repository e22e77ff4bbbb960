# syntax=docker/dockerfile:1

# The build is given what must not be in the image: docker build --secret id=company-ca,src=ca.crt .

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Compiles for the platform it runs on, because C code is compiled with it.
FROM golang:${GO_VERSION}-trixie AS build
WORKDIR /src

# What compiling needs beside Go; nothing of it is in the final image.
RUN --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && apt-get -o Acquire::https::CAInfo=/dev/shm/ca.crt update \
 && DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::https::CAInfo=/dev/shm/ca.crt install -y --no-install-recommends libvips-dev \
 && rm -rf /var/lib/apt/lists/*

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    --mount=type=bind,source=go.mod,target=/src/go.mod \
    --mount=type=bind,source=go.sum,target=/src/go.sum \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && export SSL_CERT_FILE=/dev/shm/ca.crt GIT_SSL_CAINFO=/dev/shm/ca.crt \
 && go mod download

# The program uses the C library of the final image; the caches speed up a rebuild.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,id=go-build-golang-trixie-libvips-dev,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    --mount=type=bind,target=/src \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && export SSL_CERT_FILE=/dev/shm/ca.crt GIT_SSL_CAINFO=/dev/shm/ca.crt \
 && case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=1 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/ping .

# The final stage: nothing above is in the image but what is copied.
FROM debian:trixie-slim
# What the program loads or opens when it runs.
RUN --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    cat /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && apt-get -o Acquire::https::CAInfo=/dev/shm/ca.crt update \
 && DEBIAN_FRONTEND=noninteractive apt-get -o Acquire::https::CAInfo=/dev/shm/ca.crt install -y --no-install-recommends libstdc++6 libvips42t64 \
 && rm -rf /var/lib/apt/lists/*
COPY --from=build /etc/ssl/certs/ca-certificates.crt /etc/ssl/certs/ca-certificates.crt
COPY --from=build /out/ping /usr/local/bin/ping
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
