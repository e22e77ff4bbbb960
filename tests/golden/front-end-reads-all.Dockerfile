# syntax=docker/dockerfile:1

# The build is given what must not be in the image: docker build --secret id=company-ca,src=ca.crt .

# The Go release that compiles; --build-arg GO_VERSION=… tries another.
ARG GO_VERSION=1.27

# Makes the bundle the program serves; nothing of Node is in the final image.
FROM --platform=$BUILDPLATFORM node:24-trixie-slim AS front-end
WORKDIR /src/web
COPY . /src/
RUN --mount=type=cache,target=/root/.npm \
    --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    NODE_EXTRA_CA_CERTS=/run/company-ca/ca.crt npm install
RUN npm run build

# Compiles on the machine's own platform for any other: Go needs no emulation.
FROM --platform=$BUILDPLATFORM golang:${GO_VERSION}-trixie AS build
WORKDIR /src

# Modules come in a step of their own, repeated only when go.mod or go.sum changes.
COPY go.mod go.sum /src/
RUN --mount=type=cache,target=/go/pkg/mod \
    --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && export SSL_CERT_FILE=/dev/shm/ca.crt GIT_SSL_CAINFO=/dev/shm/ca.crt \
 && go mod download

# The sources; the bundle lies where Go looks for it.
COPY . /src/
COPY --from=front-end /src/web/dist/ /src/web/dist/

# Compiles without C; the caches let a rebuild compile only what changed.
ARG TARGETOS
ARG TARGETARCH
ARG TARGETVARIANT
RUN --mount=type=cache,target=/root/.cache/go-build \
    --mount=type=cache,target=/go/pkg/mod \
    --mount=type=secret,id=company-ca,target=/run/company-ca/ca.crt \
    cat /etc/ssl/certs/ca-certificates.crt /run/company-ca/ca.crt > /dev/shm/ca.crt \
 && export SSL_CERT_FILE=/dev/shm/ca.crt GIT_SSL_CAINFO=/dev/shm/ca.crt \
 && case $TARGETARCH in arm) export GOARM=${TARGETVARIANT#v} ;; \
      amd64) export GOAMD64=${TARGETVARIANT:-v1} ;; esac \
 && CGO_ENABLED=0 GOOS=$TARGETOS GOARCH=$TARGETARCH \
    go build -trimpath -ldflags="-s -w" -o /out/ping .

# The final stage: nothing above is in the image but what is copied.
FROM gcr.io/distroless/static-debian13:nonroot
COPY --from=build /out/ping /usr/local/bin/ping
EXPOSE 8080/tcp
USER 65532:65532
ENTRYPOINT ["/usr/local/bin/ping"]
